//! Whether it could be noticed that the closures of an iterator run more often, or less.

use super::super::Builder;
use super::{Iter, Kind};
use crate::diagnostics;
use crate::hir::types::Ty;
use crate::hir::{Block, Count, Expr, ExprKind, LocalId, Place, Step, Stmt};
use crate::ir::{BinaryOp, TypedId};

impl Builder<'_> {
    /// Reports an iterator whose closures could be noticed to run for items that are left out.
    pub(super) fn expect_quiet(&mut self, iter: &Iter) {
        if !self.is_quiet(iter) {
            self.errors
                .span(iter.span, &diagnostics::CLOSURE_EFFECT, &[]);
        }
    }

    /// As [`Self::expect_quiet`], below each adaptor that leaves out items between others.
    pub(super) fn expect_quiet_gaps(&mut self, iter: &Iter) {
        if let Kind::Skip(inner, _) | Kind::StepBy(inner, _) = &iter.kind {
            self.expect_quiet(inner);
        }
        if let Kind::Zip(first, second) = &iter.kind {
            // Where the second one ends first, std may have asked the first one for an item more.
            let exact = first.is_trusted() && second.is_trusted();
            if !exact && !second.is_endless() {
                self.expect_quiet(first);
            }
            self.expect_quiet_gaps(second);
        }
        if let Kind::Rev(inner, _) = &iter.kind
            && !inner.keeps_order()
        {
            self.expect_quiet(inner);
        }
        if let Some(inner) = iter.inner() {
            self.expect_quiet_gaps(inner);
        }
    }

    /// Whether no closure of the iterator can panic, or change anything.
    pub(super) fn is_quiet(&mut self, iter: &Iter) -> bool {
        if !iter.runs_closures() {
            return true;
        }
        let first = self.locals.len();
        let index = self.declare("i", Ty::USIZE);
        self.fixed.insert(index);
        self.within.insert(index);
        let position = self.read(self.whole(index, iter.span));
        // The code of an item is written here only to be looked at.
        let probe = self.scoped(|builder| {
            let iter = builder.with_lengths(iter);
            builder.stmts.clear();
            Some(builder.item_at(&iter, position))
        });
        self.is_quiet_block(&probe, first)
    }

    fn is_quiet_block(&self, block: &Block, first: usize) -> bool {
        let quiet = |expr: &Expr| self.is_quiet_expr(expr, first);
        block.stmts.iter().all(|stmt| match stmt {
            Stmt::Let(_, value) => value.as_ref().is_none_or(quiet),
            Stmt::Expr(value) => quiet(value),
            Stmt::Check(place) => self.is_within(place),
        }) && block.tail.as_deref().is_none_or(quiet)
    }

    /// Variables from `first` on belong to the code that is looked at.
    fn is_quiet_expr(&self, expr: &Expr, first: usize) -> bool {
        let quiet = |expr: &Expr| self.is_quiet_expr(expr, first);
        let is_own = |local: LocalId| local.index() >= first;
        match &expr.kind {
            ExprKind::Literal(_) | ExprKind::Constant(_) | ExprKind::Error => true,
            ExprKind::Read(place) | ExprKind::Reference(place) | ExprKind::Len(place) => {
                self.is_within(place)
            }
            ExprKind::Negate(a) => self.types.is_float(&a.ty) && quiet(a),
            ExprKind::Not(a) | ExprKind::Cast(a) | ExprKind::ToVec(a) => quiet(a),
            ExprKind::Binary(op, a, b) => self.is_total(*op, &expr.ty) && quiet(a) && quiet(b),
            ExprKind::Compare(_, a, b) => quiet(a) && quiet(b),
            ExprKind::Method(name, operands) => {
                let total = match self.types.is_float(&operands[0].ty) {
                    true => name != "clamp",
                    false => ["wrapping_", "saturating_", "min", "max", "abs_diff", "is_"]
                        .iter()
                        .any(|prefix| name.starts_with(prefix)),
                };
                total && operands.iter().all(quiet)
            }
            ExprKind::Tuple(parts) | ExprKind::Struct(_, parts) | ExprKind::List(parts) => {
                parts.iter().all(quiet)
            }
            ExprKind::Repeat(element, Count::Fixed(_)) => quiet(element),
            ExprKind::If(condition, then, otherwise) => {
                quiet(condition)
                    && self.is_quiet_block(then, first)
                    && self.is_quiet_block(otherwise, first)
            }
            ExprKind::Block(block) | ExprKind::Labelled(_, block) => {
                self.is_quiet_block(block, first)
            }
            ExprKind::For(_, _, range, body) => {
                quiet(&range.low) && quiet(&range.high) && self.is_quiet_block(body, first)
            }
            ExprKind::Break(_, value) => value.as_deref().is_none_or(quiet),
            ExprKind::Continue(_) => true,
            ExprKind::Assign(place, value) => {
                is_own(place.root) && self.is_within(place) && quiet(value)
            }
            ExprKind::AssignOp(op, place, value) => {
                is_own(place.root)
                    && self.is_within(place)
                    && self.is_total(*op, &place.ty)
                    && quiet(value)
            }
            _ => false,
        }
    }

    /// Whether an operator never panics.
    fn is_total(&self, op: BinaryOp, ty: &Ty) -> bool {
        self.types.is_float(ty)
            || matches!(
                op,
                BinaryOp::And
                    | BinaryOp::Or
                    | BinaryOp::BitAnd
                    | BinaryOp::BitOr
                    | BinaryOp::BitXor
            )
    }

    /// Whether a place is known to be in bounds.
    pub(in crate::hir::build) fn is_within(&self, place: &Place) -> bool {
        place.path.iter().flat_map(Step::indices).all(|index| {
            matches!(&index.kind, ExprKind::Read(at)
                if at.path.is_empty() && self.within.contains(&at.root))
        })
    }
}

impl Iter {
    /// Whether its last item is that of the sequence that it runs over.
    fn keeps_order(&self) -> bool {
        match &self.kind {
            Kind::Zip(..) | Kind::Take(..) | Kind::Skip(..) | Kind::StepBy(..) => false,
            _ => self.inner().is_none_or(|inner| inner.keeps_order()),
        }
    }

    /// Whether std asks a `zip` of this and another of its kind for no more items than both have: the iterators with
    /// trusted random access.
    pub(super) fn is_trusted(&self) -> bool {
        match &self.kind {
            Kind::Elements { .. } | Kind::Sections { .. } => true,
            Kind::Range(steps) => steps.step.is_none() && !steps.range.reversed,
            Kind::Values(inner) | Kind::Enumerate(inner) | Kind::Map(inner, _) => {
                inner.is_trusted()
            }
            Kind::Zip(a, b) => a.is_trusted() && b.is_trusted(),
            _ => false,
        }
    }
}
