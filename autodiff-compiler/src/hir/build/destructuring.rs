//! Assignments to several places at once.

use super::Builder;
use crate::diagnostics::{self, Extent, Located};
use crate::hir::types::Ty;
use crate::hir::{Expr, ExprKind, Step, Stmt};

impl Builder<'_> {
    /// `(a, b[i]) = value`: the value first, all of it, then the places from left to right.
    pub(super) fn destructuring_assignment(
        &mut self,
        left: &syn::Expr,
        value: Expr,
        span: Extent,
    ) -> Expr {
        let block = self.scoped(|builder| {
            let local = builder.declare("value", value.ty.clone());
            builder.stmts.push(Stmt::Let(local, Some(value)));
            let whole = builder.read(builder.whole(local, span));
            builder.assign_parts(left, whole);
            None
        });
        Expr {
            kind: ExprKind::Block(block),
            ty: Ty::unit(),
            span,
        }
    }

    fn assign_parts(&mut self, left: &syn::Expr, value: Expr) {
        match left {
            syn::Expr::Infer(_) => {}
            syn::Expr::Paren(inner) => self.assign_parts(&inner.expr, value),
            syn::Expr::Tuple(tuple) => {
                if let Ty::Var(_) = self.types.shallow(&value.ty) {
                    let parts = tuple.elems.iter().map(|_| self.types.fresh()).collect();
                    self.types.unify(&value.ty, &Ty::Tuple(parts));
                }
                let (Ty::Tuple(types), ExprKind::Read(place)) =
                    (self.types.shallow(&value.ty), &value.kind)
                else {
                    return self.error(left, &diagnostics::ASSIGNMENT);
                };
                for (i, (part, ty)) in tuple.elems.iter().zip(types).enumerate() {
                    let value = self.part(place, false, Step::Field(i), ty);
                    self.assign_parts(part, value);
                }
            }
            syn::Expr::Array(array) => {
                let ty = self.types.shallow(&value.ty);
                let (Some(element), ExprKind::Read(place)) = (ty.element(), &value.kind) else {
                    return self.error(left, &diagnostics::ASSIGNMENT);
                };
                for (i, part) in array.elems.iter().enumerate() {
                    let index = self.count(i, part.span());
                    let value =
                        self.part(place, false, Step::Index(Box::new(index)), element.clone());
                    self.assign_parts(part, value);
                }
            }
            other => {
                let Some(place) = self.assignee(other) else {
                    return;
                };
                self.expect(&value, &place.ty);
                self.assigned_whole(&place);
                let span = other.span();
                let kind = ExprKind::Assign(place, Box::new(value));
                self.stmts.push(Stmt::Expr(Expr {
                    kind,
                    ty: Ty::unit(),
                    span,
                }));
            }
        }
    }
}
