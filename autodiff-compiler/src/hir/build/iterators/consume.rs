//! The methods that run an iterator.

use super::super::Builder;
use super::super::call::strip;
use super::super::closures::{Argument, Callable, refers};
use super::super::terms::{branch, effect, leave, not, number, put, statements};
use super::drive::Course;
use super::options::gives_option;
use super::{Item, Iter};
use crate::diagnostics::{self, Extent, Located};
use crate::hir::types::Ty;
use crate::hir::{Block, Expr, ExprKind, Place, Stmt};
use crate::ir::BinaryOp;

impl Builder<'_> {
    /// A method of an iterator that gives a value.
    pub(in crate::hir::build) fn consumed(&mut self, call: &syn::ExprMethodCall) -> Expr {
        let span = call.span();
        let mut failed = false;
        let expected = self.expected.take();
        let block = self.scoped(|builder| {
            let consumed = builder
                .iterator(&call.receiver)
                .and_then(|iter| builder.consumer(&iter, call, expected, span));
            failed = consumed.is_none();
            consumed
        });
        self.made(block, failed, span)
    }

    fn consumer(
        &mut self,
        iter: &Iter,
        call: &syn::ExprMethodCall,
        expected: Option<Ty>,
        span: Extent,
    ) -> Option<Expr> {
        let method = call.method.to_string();
        if advances(&method) && matches!(strip(&call.receiver), syn::Expr::Path(_)) {
            return self.advanced(call);
        }
        let mut arguments = call.args.iter();
        match (method.as_str(), arguments.next()) {
            ("sum", None) => self.accumulated(iter, call, BinaryOp::Add, expected),
            ("product", None) => self.accumulated(iter, call, BinaryOp::Mul, expected),
            ("fold", Some(first)) => {
                let first = self.expr(first);
                let first = self.settle(first);
                if refers(&first) {
                    self.errors.span(first.span, &diagnostics::REFERENCE, &[]);
                    return None;
                }
                let function = self.callable(arguments.next()?)?;
                Some(self.folded(iter, first, &function, span))
            }
            ("for_each", Some(function)) => {
                let function = self.callable(function)?;
                self.drive(iter, Course::FORWARDS, &mut |builder, item| {
                    let done = builder.call_callable(&function, vec![item.value], span);
                    builder.stmts.push(Stmt::Expr(done));
                });
                Some(Expr::unit(span))
            }
            ("count" | "len", None) => Some(self.counted_items(iter, span)),
            ("all", Some(function)) => {
                let function = self.callable(function)?;
                Some(self.quantified(iter, &function, true, span))
            }
            ("any", Some(function)) => {
                let function = self.callable(function)?;
                Some(self.quantified(iter, &function, false, span))
            }
            ("collect", None) => self.collected(iter, call, expected.as_ref(), span),
            (method, _) if gives_option(method) => self.option_as_value(call),
            _ => self.unsupported(call),
        }
    }

    /// Reports a method that leaves a part of an iterator for later.
    pub(super) fn advanced<T>(&self, call: &syn::ExprMethodCall) -> Option<T> {
        let what = format!("`{}` of an iterator that has a name is", call.method);
        let instead = "call it where the iterator is made, or loop over indices";
        self.errors
            .with(&call.method, &diagnostics::ITERATOR, &[&what, instead]);
        None
    }

    /// `sum` starts at -0.0 and `product` at 1.0, as in std.
    fn accumulated(
        &mut self,
        iter: &Iter,
        call: &syn::ExprMethodCall,
        op: BinaryOp,
        expected: Option<Ty>,
    ) -> Option<Expr> {
        let span = call.span();
        let ty = match turbofish(call) {
            Some(ty) => self.written_type(ty),
            None => expected.unwrap_or_else(|| self.types.fresh()),
        };
        let name = if op == BinaryOp::Add {
            "sum"
        } else {
            "product"
        };
        let total = self.declare(name, ty.clone());
        self.mutable.insert(total);
        let total = self.whole(total, span);
        let loops = self.nested(|builder| {
            builder.drive(iter, Course::FORWARDS, &mut |builder, item| {
                let value = builder.scalar(item.value);
                builder.expect(&value, &ty);
                let kind = ExprKind::AssignOp(op, total.clone(), Box::new(value));
                builder.stmts.push(effect(kind, span));
            });
        });
        let start = match (op, self.types.is_float(&ty)) {
            (BinaryOp::Add, true) => "-0.0",
            (_, true) => "1.0",
            (BinaryOp::Add, _) if self.types.is_integer(&ty) => "0",
            _ if self.types.is_integer(&ty) => "1",
            // What only rustc knows is taken for a float; sums of integers that it alone knows are annotated.
            _ if self.types.unify(&ty, &self.types.float()) => match op {
                BinaryOp::Add => "-0.0",
                _ => "1.0",
            },
            _ => {
                self.errors
                    .span(call.method.span(), &diagnostics::UNKNOWN_RECEIVER, &[]);
                return None;
            }
        };
        let start = number(start, ty, span);
        self.stmts.push(Stmt::Let(total.root, Some(start)));
        self.stmts.push(effect(ExprKind::Block(loops), span));
        Some(self.read(total))
    }

    fn folded(&mut self, iter: &Iter, first: Expr, function: &Callable, span: Extent) -> Expr {
        let first = self.value_of(first);
        let folded = self.variable("folded", first);
        let scalar = matches!(
            self.types.shallow(&folded.ty),
            Ty::Scalar(_) | Ty::Var(_) | Ty::Tuple(_)
        );
        self.drive(iter, Course::FORWARDS, &mut |builder, item| {
            let before = match scalar {
                true => Argument::Value(builder.read(folded.clone())),
                // What the closure is handed is its own, and is replaced by what it gives.
                false => Argument::Variable(folded.root),
            };
            let item = Argument::Value(item.value);
            let value = builder.call_with(function, vec![before, item], span);
            let value = builder.settle(value);
            builder.replace(&folded, value);
        });
        self.read(folded)
    }

    /// `place = value`, unless that is what it is already.
    fn replace(&mut self, place: &Place, value: Expr) {
        let value = self.value_of(value);
        self.expect(&value, &place.ty);
        match &value.kind {
            ExprKind::Read(same) if same.root == place.root && same.path.is_empty() => {}
            _ => self.stmts.push(put(place.clone(), value)),
        }
    }

    fn counted_items(&mut self, iter: &Iter, span: Extent) -> Expr {
        if iter.is_indexed()
            && self.is_quiet(iter)
            && let Some(count) = self.item_count(iter)
        {
            return count;
        }
        let count = self.variable("count", number("0", Ty::USIZE, span));
        self.drive(iter, Course::FORWARDS, &mut |builder, item| {
            builder.evaluate(item.value);
            let one = Box::new(number("1", Ty::USIZE, span));
            let kind = ExprKind::AssignOp(BinaryOp::Add, count.clone(), one);
            builder.stmts.push(effect(kind, span));
        });
        self.read(count)
    }

    /// Evaluates an item that nobody reads.
    pub(super) fn evaluate(&mut self, value: Expr) {
        match value.kind {
            ExprKind::Reference(_) | ExprKind::Literal(_) => {}
            ExprKind::Tuple(parts) => parts.into_iter().for_each(|part| self.evaluate(part)),
            _ => self.stmts.push(Stmt::Expr(value)),
        }
    }

    /// `all` and `any`: up to the first item that decides.
    fn quantified(&mut self, iter: &Iter, function: &Callable, all: bool, span: Extent) -> Expr {
        let truth = |value: bool| number(if value { "true" } else { "false" }, Ty::BOOL, span);
        let outcome = self.variable(if all { "all" } else { "any" }, truth(all));
        self.labelled(span, |builder, end| {
            builder.drive(
                iter,
                Course::FORWARDS,
                &mut |builder, Item { value, .. }| {
                    let asked = builder.call_callable(function, vec![value], span);
                    let asked = builder.scalar(asked);
                    builder.expect(&asked, &Ty::BOOL);
                    let decides = if all { not(asked) } else { asked };
                    let decided = put(outcome.clone(), truth(!all));
                    let then = statements(vec![decided, leave(end, span)]);
                    builder.stmts.push(branch(decides, then, Block::default()));
                },
            );
        });
        self.read(outcome)
    }
}

/// Whether a method may leave a part of the iterator behind, which is still there afterwards.
pub(super) fn advances(method: &str) -> bool {
    matches!(
        method,
        "next"
            | "nth"
            | "find"
            | "position"
            | "all"
            | "any"
            | "next_back"
            | "nth_back"
            | "rposition"
            | "try_fold"
            | "try_for_each"
    )
}

/// The first type of a method's turbofish.
pub(super) fn turbofish(call: &syn::ExprMethodCall) -> Option<&syn::Type> {
    match call.turbofish.as_ref()?.args.first()? {
        syn::GenericArgument::Type(ty) => Some(ty),
        _ => None,
    }
}
