//! The loops of adaptors that combine two iterators, or leave items out.

use super::super::Builder;
use super::super::terms::{binary, branch, compare, effect, leave, not, number, statements};
use super::drive::{Body, Course};
use super::{Item, Iter};
use crate::diagnostics::{self, Extent};
use crate::hir::types::Ty;
use crate::hir::{Block, Expr, ExprKind, Place, Stmt};
use crate::ir::{BinaryOp, Comparison};

impl<'a> Builder<'a> {
    /// A counter, to be set to zero ahead of the loop.
    pub(super) fn counter(&mut self, span: Extent) -> Place {
        let local = self.declare("count", Ty::USIZE);
        self.mutable.insert(local);
        self.whole(local, span)
    }

    /// What a counter holds, which then goes up by one.
    pub(super) fn counted_up(&mut self, counter: &Place, span: Extent) -> Expr {
        let before = self.read(counter.clone());
        let before = self.named("position", before);
        let one = Box::new(number("1", Ty::USIZE, span));
        let step = ExprKind::AssignOp(BinaryOp::Add, counter.clone(), one);
        self.stmts.push(effect(step, span));
        before
    }

    pub(super) fn chained(
        &mut self,
        first: &Iter,
        second: &Iter,
        course: Course,
        body: &mut Body<'_, 'a>,
    ) {
        let ahead = self
            .item_count(first)
            .map(|count| self.named("ahead", count));
        if !course.backwards {
            self.drive(first, course, body);
        }
        self.drive(second, course, &mut |builder, item| {
            let position = ahead
                .clone()
                .zip(item.position)
                .map(|(ahead, position)| binary(BinaryOp::Add, ahead, position));
            body(builder, Item { position, ..item });
        });
        if course.backwards {
            self.drive(first, course, body);
        }
    }

    /// Both sides by position, or one of them by position as far as the other one goes. The first one is asked first.
    pub(super) fn zipped(
        &mut self,
        iter: &Iter,
        first: &Iter,
        second: &Iter,
        course: Course,
        body: &mut Body<'_, 'a>,
    ) {
        let span = iter.span;
        if first.is_indexed() && second.is_indexed() {
            return self.positions(iter, course, body);
        }
        let (indexed, other) = if first.is_indexed() {
            (first, second)
        } else {
            (second, first)
        };
        self.expect_quiet_gaps(indexed);
        if first.is_indexed() {
            // It is asked ahead of the other one, and once more where that has come to its end.
            self.expect_quiet(first);
        } else if first.is_counted() && first.runs_closures() {
            // A consumer may go by the lengths, and ask for no item more than there are pairs.
            self.errors
                .span(first.span, &diagnostics::CLOSURE_EFFECT, &[]);
        }
        let indexed = &self.with_lengths(indexed);
        let count = self
            .item_count(indexed)
            .map(|count| self.named("length", count));
        let counter = self.variable("count", number("0", Ty::USIZE, span));
        let more = |at: Expr| {
            count
                .clone()
                .map(|count| compare(Comparison::Less, at, count))
        };
        if first.is_indexed() {
            let loops = self.nested(|builder| {
                builder.labelled(span, |builder, end| {
                    builder.drive(other, course, &mut |builder, item| {
                        let second = builder.steady_item(item.value);
                        let position = builder.counted_up(&counter, span);
                        let first = builder.item_at(indexed, position.clone());
                        let value = builder.pair(first, second);
                        builder.labelled(span, |builder, _| {
                            body(
                                builder,
                                Item {
                                    value,
                                    position: Some(position),
                                },
                            );
                        });
                        let next = builder.read(counter.clone());
                        if let Some(more) = more(next) {
                            let exit = statements(vec![leave(end, span)]);
                            builder
                                .stmts
                                .push(branch(not(more), exit, Block::default()));
                        }
                    });
                });
            });
            match more(number("0", Ty::USIZE, span)) {
                Some(more) => self.stmts.push(branch(more, loops, Block::default())),
                None => self.stmts.push(effect(ExprKind::Block(loops), span)),
            }
            return;
        }
        self.labelled(span, |builder, end| {
            builder.drive(other, course, &mut |builder, item| {
                let first = builder.steady_item(item.value);
                let position = builder.counted_up(&counter, span);
                if let Some(more) = more(position.clone()) {
                    let exit = statements(vec![leave(end, span)]);
                    builder
                        .stmts
                        .push(branch(not(more), exit, Block::default()));
                }
                let second = builder.item_at(indexed, position.clone());
                let value = builder.pair(first, second);
                body(
                    builder,
                    Item {
                        value,
                        position: Some(position),
                    },
                );
            });
        });
    }

    pub(super) fn skipped(
        &mut self,
        iter: &Iter,
        inner: &Iter,
        count: &Expr,
        course: Course,
        body: &mut Body<'_, 'a>,
    ) {
        let span = iter.span;
        if inner.is_indexed() && (course.backwards || self.is_quiet(inner)) {
            self.expect_quiet_gaps(inner);
            let inner = &self.with_lengths(inner);
            let Some(length) = self.item_count(inner) else {
                return self.positions(iter, course, body);
            };
            return self.counted(count.clone(), length, course, &mut |builder, index| {
                let value = builder.item_at(inner, index.clone());
                let position = Some(binary(BinaryOp::Sub, index, count.clone()));
                body(builder, Item { value, position });
            });
        }
        // Closures run for what is left out too.
        let mut counter = None;
        let at = self.stmts.len();
        self.drive(inner, course, &mut |builder, item| {
            let value = builder.steady_item(item.value);
            let position = match item.position.filter(|_| inner.has_positions()) {
                Some(position) => position,
                None => {
                    let counter = counter.get_or_insert_with(|| builder.counter(span));
                    builder.counted_up(counter, span)
                }
            };
            let hit = compare(Comparison::GreaterEqual, position.clone(), count.clone());
            let position = Some(binary(BinaryOp::Sub, position, count.clone()));
            let then = builder.nested(|builder| body(builder, Item { value, position }));
            builder.stmts.push(branch(hit, then, Block::default()));
        });
        if let Some(counter) = counter {
            let zero = number("0", Ty::USIZE, span);
            self.stmts.insert(at, Stmt::Let(counter.root, Some(zero)));
        }
    }

    pub(super) fn taken(
        &mut self,
        iter: &Iter,
        inner: &Iter,
        count: &Expr,
        course: Course,
        body: &mut Body<'_, 'a>,
    ) {
        let span = iter.span;
        if inner.is_indexed() {
            return self.positions(iter, course, body);
        }
        let left = self.variable("left", count.clone());
        let more = |builder: &Self| {
            let left = builder.read(left.clone());
            compare(Comparison::Greater, left, number("0", Ty::USIZE, span))
        };
        let loops = self.nested(|builder| {
            builder.labelled(span, |builder, end| {
                builder.drive(inner, course, &mut |builder, item| {
                    let one = Box::new(number("1", Ty::USIZE, span));
                    let step = ExprKind::AssignOp(BinaryOp::Sub, left.clone(), one);
                    builder.stmts.push(effect(step, span));
                    body(builder, item);
                    let exit = statements(vec![leave(end, span)]);
                    builder
                        .stmts
                        .push(branch(not(more(builder)), exit, Block::default()));
                });
            });
        });
        self.stmts.push(branch(more(self), loops, Block::default()));
    }
}
