//! `for` over an iterator.

use super::super::Builder;
use super::super::terms::effect;
use super::drive::Course;
use crate::diagnostics::Located;
use crate::hir::types::Ty;
use crate::hir::{Expr, ExprKind, Stmt};

impl Builder<'_> {
    /// `for pattern in iterator { … }`
    pub(in crate::hir::build) fn for_each_item(&mut self, expr: &syn::ExprForLoop) -> Expr {
        let span = expr.span();
        let block = self.scoped(|builder| {
            let Some(iter) = builder.iterator_over(&expr.expr) else {
                return Some(builder.broken(span));
            };
            let id = builder.enter_loop(expr.label.as_ref(), true, Ty::unit());
            if iter.is_one_loop() {
                let course = Course {
                    id: Some(id),
                    ..Course::FORWARDS
                };
                builder.drive(&iter, course, &mut |builder, item| {
                    builder.item_body(expr, item.value);
                });
            } else {
                // Several loops: `break` leaves a block around them all, `continue` one around the body.
                let block = builder.nested(|builder| {
                    builder.drive(&iter, Course::FORWARDS, &mut |builder, item| {
                        let again = builder.loops.push(());
                        if let Some(frame) = builder.frames.last_mut() {
                            frame.again = Some(again);
                        }
                        let body = builder.nested(|builder| builder.item_body(expr, item.value));
                        builder.push_labelled(again, body, span);
                    });
                });
                builder.push_labelled(id, block, span);
            }
            builder.frames.pop();
            None
        });
        Expr {
            kind: ExprKind::Block(block),
            ty: Ty::unit(),
            span,
        }
    }

    fn item_body(&mut self, expr: &syn::ExprForLoop, item: Expr) {
        self.scopes.enter();
        self.bind_let(&expr.pat, item);
        let body = self.block(&expr.body);
        self.scopes.leave();
        let stmt: Stmt = effect(ExprKind::Block(body), expr.body.span());
        self.stmts.push(stmt);
    }
}
