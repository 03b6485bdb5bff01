//! What loops over items are made of: blocks, variables around the loop, and items that are looked at more than once.

use super::super::Builder;
use super::super::closures::Callable;
use super::super::terms::effect;
use super::Iter;
use crate::diagnostics::Extent;
use crate::hir::types::Ty;
use crate::hir::visit::{self, Target};
use crate::hir::{Block, Expr, ExprKind, LoopId, Place, Step, Stmt};

impl Builder<'_> {
    /// Statements in a block of their own.
    pub(in crate::hir::build) fn nested(&mut self, build: impl FnOnce(&mut Self)) -> Block {
        self.scoped(|builder| {
            build(builder);
            None
        })
    }

    /// Statements that can be left by `break`.
    pub(super) fn labelled(&mut self, span: Extent, build: impl FnOnce(&mut Self, LoopId)) {
        let id = self.loops.push(());
        let block = self.nested(|builder| build(builder, id));
        self.push_labelled(id, block, span);
    }

    /// A block that `break` may leave, where there is such a `break`.
    pub(super) fn push_labelled(&mut self, id: LoopId, block: Block, span: Extent) {
        let kind = if visit::block_exits(&block).contains(&Target::Break(id)) {
            ExprKind::Labelled(id, block)
        } else {
            ExprKind::Block(block)
        };
        self.stmts.push(effect(kind, span));
    }

    /// A variable that code around the items assigns.
    pub(in crate::hir::build) fn variable(&mut self, name: &str, value: Expr) -> Place {
        let local = self.declare(name, value.ty.clone());
        let span = value.span;
        self.mutable.insert(local);
        self.stmts.push(Stmt::Let(local, Some(value)));
        self.whole(local, span)
    }

    /// An item that is looked at more than once. What cannot change before the next one is not copied.
    pub(super) fn steady_item(&mut self, item: Expr) -> Expr {
        let item = self.settle(item);
        match &item.kind {
            // An element of what is iterated over stays what it is until the next one.
            ExprKind::Read(place)
                if self.is_aggregate(&item.ty)
                    && self.is_within(place)
                    && place.path.iter().any(|step| matches!(step, Step::Index(_))) =>
            {
                item
            }
            ExprKind::Tuple(_) => {
                let ExprKind::Tuple(parts) = item.kind else {
                    unreachable!("the pattern has looked")
                };
                let parts = parts
                    .into_iter()
                    .map(|part| self.steady_item(part))
                    .collect();
                Expr {
                    kind: ExprKind::Tuple(parts),
                    ..item
                }
            }
            _ => self.steady(item),
        }
    }

    fn is_aggregate(&self, ty: &Ty) -> bool {
        matches!(
            self.types.shallow(ty),
            Ty::Array(..) | Ty::Vec(_) | Ty::Tuple(_)
        )
    }

    /// Whether a predicate holds for an item.
    pub(super) fn asks(&mut self, function: &Callable, value: &Expr, span: Extent) -> Expr {
        let asked = self.call_callable(function, vec![value.clone()], span);
        let asked = self.scalar(asked);
        self.expect(&asked, &Ty::BOOL);
        asked
    }

    /// The item, after `inspect` has seen it.
    pub(super) fn inspected(&mut self, value: Expr, function: &Callable, span: Extent) -> Expr {
        let value = self.steady_item(value);
        let seen = self.call_callable(function, vec![value.clone()], span);
        self.stmts.push(Stmt::Expr(seen));
        value
    }

    /// The iterator that the function of `flat_map` gives for an item.
    pub(super) fn items_of(
        &mut self,
        function: &Callable,
        item: Expr,
        span: Extent,
    ) -> Option<Iter> {
        let Callable::Closure(closure) = function else {
            let items = self.call_callable(function, vec![item], span);
            return self.sequence(items, None, span);
        };
        self.closure_tail(closure, item, Self::iterator_over)
    }
}
