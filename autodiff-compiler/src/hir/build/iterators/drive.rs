//! The loop of an iterator, with the code that runs for each item inside of it.

use super::super::Builder;
use super::super::terms::{binary, branch, compare, effect, leave, not, number, put, statements};
use super::{Item, Iter, Kind};
use crate::diagnostics::Extent;
use crate::hir::types::Ty;
use crate::hir::{Block, Expr, ExprKind, LocalId, LoopId, Place, Range, Stmt};
use crate::ir::{BinaryOp, Comparison};

/// What runs for each item. A chain of two iterators has two loops, so it may be written more than once.
pub(super) type Body<'b, 'a> = dyn FnMut(&mut Builder<'a>, Item) + 'b;

/// How a loop runs.
#[derive(Clone, Copy)]
pub(super) struct Course {
    /// From the last item to the first.
    pub(super) backwards: bool,
    /// What `break` and `continue` of the user's name, where the loop is his own.
    pub(super) id: Option<LoopId>,
}

impl Course {
    /// From the first item to the last, in a loop of our own.
    pub(super) const FORWARDS: Self = Self {
        backwards: false,
        id: None,
    };
}

impl<'a> Builder<'a> {
    /// Writes the loop of one item of an iterator of iterators; the positions of its own items say nothing outside.
    fn drive_inner(&mut self, items: &Iter, course: Course, body: &mut Body<'_, 'a>) {
        let course = Course { id: None, ..course };
        self.drive(items, course, &mut |builder, item| {
            body(
                builder,
                Item {
                    position: None,
                    ..item
                },
            );
        });
    }

    /// Writes the loop of `iter`.
    pub(super) fn drive(&mut self, iter: &Iter, course: Course, body: &mut Body<'_, 'a>) {
        let span = iter.span;
        match &iter.kind {
            Kind::Elements {
                place,
                element,
                by_value,
                ..
            } => {
                let high = self.sequence_length(place);
                self.counted(
                    number("0", Ty::USIZE, span),
                    high,
                    course,
                    &mut |builder, index| {
                        let value = builder.element_at(place, element, *by_value, index.clone());
                        body(
                            builder,
                            Item {
                                value,
                                position: Some(index),
                            },
                        );
                    },
                );
            }
            Kind::Sections { .. } => self.positions(iter, course, body),
            Kind::Range(steps) if steps.step.is_none() => {
                let mut range = steps.range.clone();
                range.reversed ^= course.backwards;
                let index = self.declare("i", steps.ty.clone());
                self.run(index, range, course, |builder| {
                    let value = builder.read(builder.whole(index, span));
                    let position = builder.distance_from_start(steps, value.clone());
                    body(
                        builder,
                        Item {
                            value,
                            position: Some(position),
                        },
                    );
                });
            }
            Kind::Range(steps) => {
                let count = self.trip_count(steps);
                let last = binary(BinaryOp::Sub, count.clone(), number("1", Ty::USIZE, span));
                let reversed = steps.step.as_ref().is_some_and(|(_, reversed)| *reversed);
                let turn = self.declare("turn", Ty::USIZE);
                let turns = steps.turns(count, course.backwards);
                self.run(turn, turns, course, |builder| {
                    let turn = builder.read(builder.whole(turn, span));
                    let value = builder.value_at(steps, turn.clone());
                    let position = if reversed {
                        binary(BinaryOp::Sub, last.clone(), turn)
                    } else {
                        turn
                    };
                    body(
                        builder,
                        Item {
                            value,
                            position: Some(position),
                        },
                    );
                });
            }
            Kind::From(low) => self.endless(span, course, Some(low), body),
            Kind::Repeat(value) => {
                let value = value.clone();
                self.endless(span, course, None, &mut |builder, _| {
                    body(
                        builder,
                        Item {
                            value: value.clone(),
                            position: None,
                        },
                    );
                });
            }
            Kind::Once(value) => {
                let position = Some(number("0", Ty::USIZE, span));
                body(
                    self,
                    Item {
                        value: value.clone(),
                        position,
                    },
                );
            }
            Kind::Values(inner) => self.drive(inner, course, &mut |builder, item| {
                let value = builder.value_of(item.value);
                body(builder, Item { value, ..item });
            }),
            Kind::Enumerate(inner) => self.enumerated(inner, course, body),
            Kind::Map(inner, function) => self.drive(inner, course, &mut |builder, item| {
                let value = builder.call_callable(function, vec![item.value], span);
                let value = builder.settle(value);
                body(builder, Item { value, ..item });
            }),
            Kind::Inspect(inner, function) => self.drive(inner, course, &mut |builder, item| {
                let value = builder.inspected(item.value, function, span);
                body(builder, Item { value, ..item });
            }),
            Kind::Filter(inner, function) => self.drive(inner, course, &mut |builder, item| {
                let value = builder.steady_item(item.value);
                let passes = builder.asks(function, &value, span);
                let then = builder.nested(|builder| {
                    body(
                        builder,
                        Item {
                            value,
                            position: None,
                        },
                    )
                });
                builder.stmts.push(branch(passes, then, Block::default()));
            }),
            Kind::FilterMap(inner, function) => self.drive(inner, course, &mut |builder, item| {
                let option = builder.call_callable(function, vec![item.value], span);
                builder.if_some(option, Block::default(), body);
            }),
            Kind::MapWhile(inner, function) => self.labelled(span, |builder, end| {
                builder.drive(inner, course, &mut |builder, item| {
                    let option = builder.call_callable(function, vec![item.value], span);
                    builder.if_some(option, statements(vec![leave(end, span)]), body);
                });
            }),
            Kind::Scan(inner, state, function) => self.labelled(span, |builder, end| {
                builder.drive(inner, course, &mut |builder, item| {
                    let arguments = vec![builder.reference(state.clone()), item.value];
                    let option = builder.call_callable(function, arguments, span);
                    builder.if_some(option, statements(vec![leave(end, span)]), body);
                });
            }),
            Kind::TakeWhile(inner, function) => self.labelled(span, |builder, end| {
                builder.drive(inner, course, &mut |builder, item| {
                    let value = builder.steady_item(item.value);
                    let passes = builder.asks(function, &value, span);
                    let position = item.position;
                    let then = builder.nested(|builder| body(builder, Item { value, position }));
                    builder
                        .stmts
                        .push(branch(passes, then, statements(vec![leave(end, span)])));
                });
            }),
            Kind::SkipWhile(inner, function) => {
                let skipping = self.variable("skipping", number("true", Ty::BOOL, span));
                self.drive(inner, course, &mut |builder, item| {
                    let value = builder.steady_item(item.value);
                    let asked = builder.asks(function, &value, span);
                    let flag = builder.read(skipping.clone());
                    let skips = binary(BinaryOp::And, flag, asked);
                    let then = builder.nested(|builder| {
                        let done = number("false", Ty::BOOL, span);
                        builder.stmts.push(put(skipping.clone(), done));
                        body(
                            builder,
                            Item {
                                value,
                                position: None,
                            },
                        );
                    });
                    builder
                        .stmts
                        .push(branch(not(skips), then, Block::default()));
                });
            }
            Kind::FlatMap(inner, function) => self.drive(inner, course, &mut |builder, item| {
                if let Some(items) = builder.items_of(function, item.value, span) {
                    builder.drive_inner(&items, course, body);
                }
            }),
            Kind::Flatten(inner) => self.drive(inner, course, &mut |builder, item| {
                if let Some(items) = builder.sequence(item.value, None, span) {
                    builder.drive_inner(&items, course, body);
                }
            }),
            Kind::Chain(first, second) => self.chained(first, second, course, body),
            Kind::Rev(inner, _) => {
                let count = self.item_count(inner);
                let backwards = Course {
                    backwards: !course.backwards,
                    ..course
                };
                self.drive(inner, backwards, &mut |builder, item| {
                    let position = count.clone().zip(item.position).map(|(count, position)| {
                        let last = binary(BinaryOp::Sub, count, number("1", Ty::USIZE, span));
                        binary(BinaryOp::Sub, last, position)
                    });
                    body(builder, Item { position, ..item });
                });
            }
            Kind::Zip(first, second) => self.zipped(iter, first, second, course, body),
            Kind::Skip(inner, count) => self.skipped(iter, inner, count, course, body),
            Kind::Take(inner, count) => self.taken(iter, inner, count, course, body),
            Kind::StepBy(inner, step) => {
                let quiet = self.is_quiet(inner);
                if course.backwards || quiet {
                    return self.positions(iter, course, body);
                }
                // Closures run for what is stepped over too.
                self.drive(inner, course, &mut |builder, item| {
                    let position = item.position.expect("what is strided has positions");
                    let rest = binary(BinaryOp::Rem, position.clone(), step.clone());
                    let hit = compare(Comparison::Equal, rest, number("0", Ty::USIZE, span));
                    let value = builder.steady_item(item.value);
                    let position = Some(binary(BinaryOp::Div, position, step.clone()));
                    let then = builder.nested(|builder| body(builder, Item { value, position }));
                    builder.stmts.push(branch(hit, then, Block::default()));
                });
            }
        }
    }

    /// The code of an item that is there or not.
    fn if_some(&mut self, option: Expr, otherwise: Block, body: &mut Body<'_, 'a>) {
        let option = self.settle(option);
        let Some((present, value)) = self.taken_option(option) else {
            return;
        };
        let then = self.nested(|builder| {
            let value = builder.read(value);
            body(
                builder,
                Item {
                    value,
                    position: None,
                },
            );
        });
        self.stmts.push(branch(present, then, otherwise));
    }

    /// A loop over the positions of an iterator, each of which can be asked for.
    pub(super) fn positions(&mut self, iter: &Iter, course: Course, body: &mut Body<'_, 'a>) {
        if course.backwards {
            self.expect_quiet(iter);
        }
        self.expect_quiet_gaps(iter);
        let iter = &self.with_lengths(iter);
        let low = number("0", Ty::USIZE, iter.span);
        let Some(count) = self.item_count(iter) else {
            return self.endless(iter.span, course, Some(&low), &mut |builder, item| {
                let position = item.value;
                let value = builder.item_at(iter, position.clone());
                body(
                    builder,
                    Item {
                        value,
                        position: Some(position),
                    },
                );
            });
        };
        self.counted(low, count, course, &mut |builder, index| {
            let value = builder.item_at(iter, index.clone());
            body(
                builder,
                Item {
                    value,
                    position: Some(index),
                },
            );
        });
    }

    fn enumerated(&mut self, inner: &Iter, course: Course, body: &mut Body<'_, 'a>) {
        let span = inner.span;
        let mut counter: Option<Place> = None;
        let at = self.stmts.len();
        self.drive(inner, course, &mut |builder, item| {
            let (value, position) = match item.position.filter(|_| inner.has_positions()) {
                Some(position) => (item.value, position),
                None => {
                    let value = builder.steady_item(item.value);
                    let counter = counter.get_or_insert_with(|| builder.counter(span));
                    (value, builder.counted_up(counter, span))
                }
            };
            let value = builder.pair(position.clone(), value);
            body(
                builder,
                Item {
                    value,
                    position: Some(position),
                },
            );
        });
        if let Some(counter) = counter {
            let zero = number("0", Ty::USIZE, span);
            self.stmts.insert(at, Stmt::Let(counter.root, Some(zero)));
        }
    }

    /// A loop over indices.
    pub(super) fn counted(
        &mut self,
        low: Expr,
        high: Expr,
        course: Course,
        body: &mut dyn FnMut(&mut Self, Expr),
    ) {
        let span = high.span;
        let index = self.declare("i", Ty::USIZE);
        self.fixed.insert(index);
        self.within.insert(index);
        let range = Range::new(low, high, false, course.backwards);
        self.run(index, range, course, |builder| {
            body(builder, builder.read(builder.whole(index, span)));
        });
    }

    fn run(&mut self, index: LocalId, range: Range, course: Course, body: impl FnOnce(&mut Self)) {
        let span = range.low.span;
        let id = course.id.unwrap_or_else(|| self.loops.push(()));
        let body = self.nested(body);
        self.stmts
            .push(effect(ExprKind::For(id, index, range, body), span));
    }

    /// A loop that counts up for ever; as in std, the next number is made before this one is handed out.
    pub(super) fn endless(
        &mut self,
        span: Extent,
        course: Course,
        low: Option<&Expr>,
        body: &mut Body<'_, 'a>,
    ) {
        let id = course.id.unwrap_or_else(|| self.loops.push(()));
        let next = low.map(|low| self.variable("next", low.clone()));
        let block = self.nested(|builder| {
            let value = match &next {
                Some(next) => {
                    let value = builder.read(next.clone());
                    let value = builder.named("i", value);
                    let one = Box::new(number("1", value.ty.clone(), span));
                    let step = ExprKind::AssignOp(BinaryOp::Add, next.clone(), one);
                    builder.stmts.push(effect(step, span));
                    value
                }
                None => Expr::unit(span),
            };
            body(
                builder,
                Item {
                    value,
                    position: None,
                },
            );
        });
        self.stmts.push(effect(ExprKind::Loop(id, block), span));
    }
}
