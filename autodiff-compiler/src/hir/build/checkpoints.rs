//! `#[checkpoint]` on a `for` loop: the iterations in segments, each of which the reverse sweep runs again.

use super::Builder;
use super::ranges::Steps;
use super::terms::{binary, compare, effect, method, number};
use crate::diagnostics::{self, Extent, Located};
use crate::hir::types::Ty;
use crate::hir::{Block, Expr, ExprKind, Range, visit};
use crate::ir::{BinaryOp, Comparison};

/// The attribute on a loop.
pub(super) struct Checkpoint {
    /// How many iterations a segment has, where that is said.
    every: Option<u64>,
    /// The attribute.
    span: Extent,
}

impl Builder<'_> {
    /// The attribute among those of a `for` loop.
    pub(super) fn checkpoint_of(&mut self, expr: &syn::ExprForLoop) -> Option<Checkpoint> {
        let checkpoint = self.checkpoint(&expr.attrs)?;
        if !self.is_plain_range(&expr.expr) {
            let reason = "they are those of an iterator; loop over the range of its indices";
            self.errors
                .with(&expr.expr, &diagnostics::CHECKPOINT, &[reason]);
        }
        Some(checkpoint)
    }

    fn checkpoint(&mut self, attributes: &[syn::Attribute]) -> Option<Checkpoint> {
        let attribute = attributes
            .iter()
            .find(|attribute| attribute.path().is_ident("checkpoint"))?;
        let mut every = None;
        let read = match &attribute.meta {
            syn::Meta::Path(_) => Ok(()),
            _ => attribute.parse_nested_meta(|meta| {
                if !meta.path.is_ident("every") {
                    return Err(meta.error("unknown"));
                }
                every = Some(meta.value()?.parse::<syn::LitInt>()?.base10_parse()?);
                Ok(())
            }),
        };
        if read.is_err() || every == Some(0) {
            self.error(attribute, &diagnostics::CHECKPOINT_OPTION);
        }
        let span = attribute.span();
        Some(Checkpoint { every, span })
    }

    /// Refuses the attribute on a loop without a range.
    pub(super) fn uncounted(&mut self, attributes: &[syn::Attribute]) {
        if let Some(checkpoint) = self.checkpoint(attributes) {
            let reason = "how many there are is not known ahead; write a `for` loop over a range";
            self.errors
                .span(checkpoint.span, &diagnostics::CHECKPOINT, &[reason]);
        }
    }

    /// The loop, as a loop over segments and one over the iterations of a segment.
    pub(super) fn in_segments(
        &mut self,
        expr: &syn::ExprForLoop,
        mut steps: Steps,
        checkpoint: &Checkpoint,
    ) -> Expr {
        let span = expr.span();
        let zero = || number("0", Ty::USIZE, span);
        self.name_bounds(&mut steps);
        let count = self.trip_count(&steps);
        let every = match checkpoint.every {
            Some(every) => number(&every.to_string(), Ty::USIZE, span),
            None => {
                let root = method("isqrt", vec![count.clone()], Ty::USIZE);
                let root = method("max", vec![root, number("1", Ty::USIZE, span)], Ty::USIZE);
                self.named("every", root)
            }
        };
        let full = binary(BinaryOp::Div, count.clone(), every.clone());
        let rest = binary(BinaryOp::Rem, count.clone(), every.clone());
        let rest = Expr {
            kind: ExprKind::Cast(Box::new(compare(Comparison::NotEqual, rest, zero()))),
            ty: Ty::USIZE,
            span,
        };
        let segments = self.named("segments", binary(BinaryOp::Add, full, rest));
        let outer = self.loops.push(());
        let segment = self.declare("segment", Ty::USIZE);
        let number_of = self.read(self.whole(segment, span));
        let body = self.scoped(|builder| {
            let start = builder.named("start", binary(BinaryOp::Mul, number_of, every.clone()));
            let left = binary(BinaryOp::Sub, count.clone(), start.clone());
            let length = builder.named("length", method("min", vec![every, left], Ty::USIZE));
            let inner = builder.one_segment(expr, &steps, count, start, length, checkpoint);
            builder.stmts.push(inner);
            None
        });
        let mut range = Range::new(zero(), segments, false, false);
        range.segments = Some(checkpoint.span);
        Expr {
            kind: ExprKind::For(outer, segment, range, body),
            ty: Ty::unit(),
            span,
        }
    }

    fn one_segment(
        &mut self,
        expr: &syn::ExprForLoop,
        steps: &Steps,
        count: Expr,
        start: Expr,
        length: Expr,
        checkpoint: &Checkpoint,
    ) -> crate::hir::Stmt {
        let span = expr.span();
        let id = self.enter_loop(expr.label.as_ref(), true, Ty::unit());
        let turn = self.declare("turn", Ty::USIZE);
        let body = self.scoped(|builder| {
            let done = binary(
                BinaryOp::Add,
                start,
                builder.read(builder.whole(turn, span)),
            );
            // A stride is counted from the first number, whichever comes first.
            let position = match &steps.step {
                Some((_, true)) => {
                    let last = binary(BinaryOp::Sub, count, number("1", Ty::USIZE, span));
                    binary(BinaryOp::Sub, last, done)
                }
                _ => done,
            };
            let position = builder.named("position", position);
            let value = builder.value_at(steps, position);
            let value = builder.named("value", value);
            let Block { stmts, tail } = builder.loop_body(expr, value);
            builder.stmts.extend(stmts);
            tail.map(|tail| *tail)
        });
        self.frames.pop();
        let mut exits = visit::block_exits(&body);
        exits.remove(&visit::Target::Continue(id));
        if !exits.is_empty() {
            let reason = "`break`, `return` or `?` ends them early";
            self.errors
                .span(checkpoint.span, &diagnostics::CHECKPOINT, &[reason]);
        }
        let range = Range::new(number("0", Ty::USIZE, span), length, false, false);
        effect(ExprKind::For(id, turn, range, body), span)
    }
}
