//! The methods of iterators that give an `Option`, together with what takes it apart at once.

use std::rc::Rc;

use quote::quote;
use syn::Pat;

use super::super::Builder;
use super::super::call::strip;
use super::super::closures::{Callable, refers};
use super::super::macros::hole;
use super::super::terms::{binary, branch, compare, leave, not, number, only, put, statements};
use super::consume::advances;
use super::drive::Course;
use super::{Iter, Kind};
use crate::diagnostics::{self, Extent, Located};
use crate::hir::types::Ty;
use crate::hir::{Block, Expr, ExprKind, Place, Stmt};
use crate::ir::{BinaryOp, Comparison};

/// An `Option`: whether there is a value, and where it stands if there is one.
pub(in crate::hir::build) struct Maybe {
    pub(in crate::hir::build) present: Place,
    pub(in crate::hir::build) value: Place,
    /// Whether a value may be a copy of what a reference points to.
    pub(in crate::hir::build) shared: bool,
    /// Whether it is a `&mut` to what stands there.
    pub(in crate::hir::build) mutable: bool,
}

/// What decides between two items.
enum Choice<'f> {
    /// What a function makes of both.
    Reduced(&'f Callable),
    /// The larger one, the later of two equal ones.
    Max,
    /// The smaller one, the earlier of two equal ones.
    Min,
    /// As [`Choice::Max`], by the order that a function says.
    MaxBy(&'f Callable),
    /// As [`Choice::Min`], by the order that a function says.
    MinBy(&'f Callable),
}

impl Builder<'_> {
    /// Whether this is an `Option` of something that an iterator gives.
    pub(in crate::hir::build) fn is_maybe(&self, expr: &syn::Expr) -> bool {
        match strip(expr) {
            syn::Expr::MethodCall(call) => self.gives_maybe(call),
            _ => false,
        }
    }

    /// As [`Self::is_maybe`], of a method.
    pub(in crate::hir::build) fn gives_maybe(&self, call: &syn::ExprMethodCall) -> bool {
        match call.method.to_string().as_str() {
            "copied" | "cloned" => self.is_maybe(&call.receiver),
            _ if self.gives_element(call) => true,
            method => gives_option(method) && self.consumes(call),
        }
    }

    /// `option.unwrap()` and its kin; `None` where it is something else.
    pub(in crate::hir::build) fn unwrapped(&mut self, call: &syn::ExprMethodCall) -> Option<Expr> {
        let method = call.method.to_string();
        if !takes_apart(&method) || !self.is_maybe(&call.receiver) {
            return None;
        }
        let span = call.span();
        let mut failed = false;
        let block = self.scoped(|builder| {
            let value = builder
                .maybe(&call.receiver)
                .and_then(|maybe| builder.taken_apart(&maybe, call, span));
            failed = value.is_none();
            value
        });
        if failed {
            return Some(self.broken(span));
        }
        let ty = self.block_type(&block);
        Some(Expr {
            kind: ExprKind::Block(block),
            ty,
            span,
        })
    }

    pub(in crate::hir::build) fn taken_apart(
        &mut self,
        maybe: &Maybe,
        call: &syn::ExprMethodCall,
        span: Extent,
    ) -> Option<Expr> {
        let mut arguments = call.args.iter();
        let present = self.read(maybe.present.clone());
        let value = if maybe.mutable {
            self.reference(maybe.value.clone())
        } else {
            self.read(maybe.value.clone())
        };
        let method = call.method.to_string();
        let (then, otherwise) = match (method.as_str(), arguments.next()) {
            ("is_some", None) => return Some(present),
            ("is_none", None) => return Some(not(present)),
            ("unwrap", None) => {
                let message = "called `Option::unwrap()` on a `None` value";
                self.panic_without(present, message, span);
                return Some(value);
            }
            ("expect", Some(message)) => {
                let syn::Expr::Lit(literal) = message else {
                    return self.unsupported(call);
                };
                let syn::Lit::Str(text) = &literal.lit else {
                    return self.unsupported(call);
                };
                let text = text.value().replace('{', "{{").replace('}', "}}");
                self.panic_without(present, &text, span);
                return Some(value);
            }
            ("unwrap_or", Some(default)) => {
                let default = self.expr(default);
                let default = self.value_of(default);
                let default = self.named("default", default);
                (only(value), only(default))
            }
            ("unwrap_or_else", Some(function)) => {
                let function = self.callable(function)?;
                let otherwise = self.scoped(|builder| {
                    let value = builder.call_callable(&function, Vec::new(), span);
                    Some(builder.value_of(value))
                });
                (only(value), otherwise)
            }
            ("is_some_and", Some(function)) => {
                let function = self.callable(function)?;
                let then = self.scoped(|builder| {
                    let holds = builder.call_callable(&function, vec![value], span);
                    Some(builder.scalar(holds))
                });
                (then, only(number("false", Ty::BOOL, span)))
            }
            ("map_or_else", Some(default)) => {
                let default = self.callable(default)?;
                let function = self.callable(arguments.next()?)?;
                let otherwise = self.scoped(|builder| {
                    let value = builder.call_callable(&default, Vec::new(), span);
                    Some(builder.value_of(value))
                });
                let then = self.scoped(|builder| {
                    let value = builder.call_callable(&function, vec![value], span);
                    Some(builder.value_of(value))
                });
                (then, otherwise)
            }
            ("map_or", Some(default)) => {
                let default = self.expr(default);
                let default = self.value_of(default);
                let default = self.named("default", default);
                let function = self.callable(arguments.next()?)?;
                let then = self.scoped(|builder| {
                    let value = builder.call_callable(&function, vec![value], span);
                    Some(builder.value_of(value))
                });
                (then, only(default))
            }
            _ => return self.unsupported(call),
        };
        Some(self.choose(present, then, otherwise, span))
    }

    fn panic_without(&mut self, present: Expr, message: &str, span: Extent) {
        let code = quote!(::core::panic!(#message));
        let panic = self.template(code, Vec::new(), "panic", false, span);
        let then = statements(vec![Stmt::Expr(panic)]);
        self.stmts
            .push(branch(not(present), then, Block::default()));
    }

    /// The pattern inside of `Some(…)`, where an `Option` that an iterator gives is matched with it.
    pub(in crate::hir::build) fn some_pattern<'p>(
        &self,
        pattern: &'p Pat,
        value: &syn::Expr,
    ) -> Option<&'p Pat> {
        let Pat::TupleStruct(tuple) = pattern else {
            return None;
        };
        (tuple.path.is_ident("Some") && tuple.elems.len() == 1 && self.is_maybe(value))
            .then(|| &tuple.elems[0])
    }

    /// The `Option` as a condition, and the value, which is a reference where that may be written through.
    pub(in crate::hir::build) fn some_test(
        &mut self,
        value: &syn::Expr,
    ) -> Option<(Expr, Place, bool)> {
        let maybe = self.maybe(value)?;
        Some((self.read(maybe.present), maybe.value, maybe.mutable))
    }

    fn maybe(&mut self, expr: &syn::Expr) -> Option<Maybe> {
        match strip(expr) {
            syn::Expr::MethodCall(call) => self.maybe_of(call),
            _ => None,
        }
    }

    /// As [`Self::maybe`], of a method.
    pub(in crate::hir::build) fn maybe_of(&mut self, call: &syn::ExprMethodCall) -> Option<Maybe> {
        let method = call.method.to_string();
        if matches!(method.as_str(), "copied" | "cloned") {
            return self.maybe(&call.receiver);
        }
        let span = call.span();
        if self.gives_element(call) {
            let (present, value) = self.element_if_any(call)?;
            return Some(Maybe {
                present,
                value,
                shared: true,
                mutable: method.ends_with("_mut"),
            });
        }
        if advances(&method) && matches!(strip(&call.receiver), syn::Expr::Path(_)) {
            return self.advanced(call);
        }
        let iter = self.iterator(&call.receiver)?;
        let argument = call.args.first();
        match (method.as_str(), argument) {
            ("next", None) => Some(self.first_of(&iter, None, span)),
            ("nth", Some(count)) => {
                let count = self.count_argument(count);
                let count = self.named("skipped", count);
                let kind = Kind::Skip(Rc::new(iter), count);
                Some(self.first_of(&Iter { kind, span }, None, span))
            }
            ("find", Some(function)) => {
                let function = self.callable(function)?;
                Some(self.first_of(&iter, Some(&function), span))
            }
            ("find_map", Some(function)) => {
                let function = self.callable(function)?;
                let kind = Kind::FilterMap(Rc::new(iter), function);
                Some(self.first_of(&Iter { kind, span }, None, span))
            }
            ("position", Some(function)) => {
                let function = self.callable(function)?;
                Some(self.position_of(iter, &function, span))
            }
            ("last", None) => Some(self.last_of(&iter, span)),
            ("reduce", Some(function)) => {
                let function = self.callable(function)?;
                Some(self.chosen(&iter, &Choice::Reduced(&function), span))
            }
            ("max", None) => Some(self.chosen(&iter, &Choice::Max, span)),
            ("min", None) => Some(self.chosen(&iter, &Choice::Min, span)),
            ("max_by", Some(function)) => {
                let function = self.callable(function)?;
                Some(self.chosen(&iter, &Choice::MaxBy(&function), span))
            }
            ("min_by", Some(function)) => {
                let function = self.callable(function)?;
                Some(self.chosen(&iter, &Choice::MinBy(&function), span))
            }
            _ => self.unsupported(call),
        }
    }

    fn nothing(&mut self, iter: &Iter, span: Extent) -> Maybe {
        let present = self.variable("found", number("false", Ty::BOOL, span));
        let ty = self.types.fresh();
        let value = self.declare("value", ty);
        self.mutable.insert(value);
        self.stmts.push(Stmt::Let(value, None));
        Maybe {
            shared: iter.is_shared(),
            mutable: false,
            present,
            value: self.whole(value, span),
        }
    }

    fn set(&mut self, maybe: &Maybe, value: Expr, span: Extent) {
        let value = self.settle(value);
        if refers(&value) && !maybe.shared {
            self.errors.span(span, &diagnostics::REFERENCE, &[]);
        }
        let value = self.values_of(value);
        self.expect(&value, &maybe.value.ty);
        self.stmts.push(put(maybe.value.clone(), value));
        let yes = number("true", Ty::BOOL, span);
        self.stmts.push(put(maybe.present.clone(), yes));
    }

    /// What stands behind the references in a value.
    fn values_of(&self, value: Expr) -> Expr {
        match value.kind {
            ExprKind::Tuple(parts) => Expr {
                kind: ExprKind::Tuple(parts.into_iter().map(|part| self.values_of(part)).collect()),
                ..value
            },
            _ => self.value_of(value),
        }
    }

    /// The first item, or the first one for which a function holds.
    fn first_of(&mut self, iter: &Iter, function: Option<&Callable>, span: Extent) -> Maybe {
        let maybe = self.nothing(iter, span);
        self.labelled(span, |builder, end| {
            builder.drive(iter, Course::FORWARDS, &mut |builder, item| {
                let value = builder.steady_item(item.value);
                let found = function.map(|function| builder.asks(function, &value, span));
                let then = builder.nested(|builder| {
                    builder.set(&maybe, value, span);
                    builder.stmts.push(leave(end, span));
                });
                match found {
                    Some(found) => builder.stmts.push(branch(found, then, Block::default())),
                    None => builder.stmts.extend(then.stmts),
                }
            });
        });
        maybe
    }

    fn position_of(&mut self, iter: Iter, function: &Callable, span: Extent) -> Maybe {
        let maybe = self.nothing(&iter, span);
        let kind = Kind::Enumerate(Rc::new(iter));
        let iter = Iter { kind, span };
        self.labelled(span, |builder, end| {
            builder.drive(&iter, Course::FORWARDS, &mut |builder, item| {
                let ExprKind::Tuple(mut parts) = item.value.kind else {
                    unreachable!("an enumerated item is a pair")
                };
                let value = parts.pop().expect("a pair has two parts");
                let position = parts.pop().expect("a pair has two parts");
                let found = builder.asks(function, &value, span);
                let then = builder.nested(|builder| {
                    builder.set(&maybe, position, span);
                    builder.stmts.push(leave(end, span));
                });
                builder.stmts.push(branch(found, then, Block::default()));
            });
        });
        maybe
    }

    fn last_of(&mut self, iter: &Iter, span: Extent) -> Maybe {
        let maybe = self.nothing(iter, span);
        if iter.is_indexed() && self.is_quiet(iter) {
            let iter = &self.with_lengths(iter);
            if let Some(count) = self.item_count(iter) {
                let count = self.named("length", count);
                let zero = number("0", Ty::USIZE, span);
                let some = compare(Comparison::Greater, count.clone(), zero);
                let then = self.nested(|builder| {
                    let one = number("1", Ty::USIZE, span);
                    let last = binary(BinaryOp::Sub, count, one);
                    let value = builder.item_at(iter, last);
                    builder.set(&maybe, value, span);
                });
                self.stmts.push(branch(some, then, Block::default()));
                return maybe;
            }
        }
        self.drive(iter, Course::FORWARDS, &mut |builder, item| {
            builder.set(&maybe, item.value, span);
        });
        maybe
    }

    /// `reduce`, `max` and their kin.
    fn chosen(&mut self, iter: &Iter, choice: &Choice<'_>, span: Extent) -> Maybe {
        let maybe = self.nothing(iter, span);
        self.drive(iter, Course::FORWARDS, &mut |builder, item| {
            let value = builder.steady_item(item.value);
            builder.expect(&value, &maybe.value.ty);
            let before = builder.read(maybe.value.clone());
            let present = builder.read(maybe.present.clone());
            let later = builder.nested(|builder| {
                let values = vec![before.clone(), value.clone()];
                let takes = match choice {
                    Choice::Reduced(function) => {
                        let reduced = builder.call_callable(function, values, span);
                        builder.set(&maybe, reduced, span);
                        return;
                    }
                    Choice::Max => compare(
                        Comparison::GreaterEqual,
                        builder.value_of(value.clone()),
                        before.clone(),
                    ),
                    Choice::Min => compare(
                        Comparison::Less,
                        builder.value_of(value.clone()),
                        before.clone(),
                    ),
                    Choice::MaxBy(function) => not(builder.is_greater(function, values, span)),
                    Choice::MinBy(function) => builder.is_greater(function, values, span),
                };
                let then = builder.nested(|builder| builder.set(&maybe, value.clone(), span));
                builder.stmts.push(branch(takes, then, Block::default()));
            });
            let first = builder.nested(|builder| builder.set(&maybe, value, span));
            builder.stmts.push(branch(present, later, first));
        });
        maybe
    }

    /// Whether a function of two values says `Ordering::Greater`.
    fn is_greater(&mut self, function: &Callable, values: Vec<Expr>, span: Extent) -> Expr {
        let order = self.call_callable(function, values, span);
        let order = self.value_of(order);
        let hole = hole(0);
        let code = quote!(::core::matches!(#hole, ::core::cmp::Ordering::Greater));
        let mut greater = self.template(code, vec![order], "Ordering", true, span);
        if let ExprKind::Opaque(template) = &mut greater.kind {
            template.discrete = true;
        }
        greater.ty = Ty::BOOL;
        greater
    }

    /// `let Some(pattern) = option else { otherwise };`
    pub(in crate::hir::build) fn some_or_else(
        &mut self,
        pattern: &Pat,
        value: &syn::Expr,
        otherwise: &syn::Expr,
    ) {
        let Some((present, place, reference)) = self.some_test(value) else {
            return self.bind_let(pattern, self.broken(value.span()));
        };
        let exit = self.scoped(|builder| Some(builder.expr(otherwise)));
        self.stmts
            .push(branch(not(present), exit, Block::default()));
        let value = if reference {
            self.reference(place)
        } else {
            self.read(place)
        };
        self.bind_let(pattern, value);
    }

    /// Reports an `Option` of an iterator that is used as a value.
    pub(super) fn option_as_value<T>(&self, call: &syn::ExprMethodCall) -> Option<T> {
        let what = format!("the `Option` of `{}` as a value is", call.method);
        let instead =
            "take it apart where it stands: `.unwrap()`, `.unwrap_or(…)`, `if let Some(…) = …`";
        self.errors
            .with(&call.method, &diagnostics::ITERATOR, &[&what, instead]);
        None
    }
}

/// Whether a method of iterators gives an `Option` that is known here.
pub(super) fn gives_option(method: &str) -> bool {
    matches!(
        method,
        "next"
            | "nth"
            | "find"
            | "find_map"
            | "position"
            | "last"
            | "reduce"
            | "max"
            | "min"
            | "max_by"
            | "min_by"
    )
}

/// Whether a method of an `Option` takes it apart.
pub(in crate::hir::build) fn takes_apart(method: &str) -> bool {
    matches!(
        method,
        "unwrap"
            | "expect"
            | "unwrap_or"
            | "unwrap_or_else"
            | "is_some"
            | "is_none"
            | "is_some_and"
            | "map_or"
            | "map_or_else"
    )
}
