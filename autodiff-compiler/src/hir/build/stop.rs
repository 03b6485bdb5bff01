//! `stop_gradient(x)`: a value without its derivative.

use quote::{ToTokens, quote};

use super::Builder;
use super::call::passed;
use crate::diagnostics::{Extent, Located};
use crate::hir::types::Ty;
use crate::hir::{Expr, ExprKind, Step, Stmt};

impl Builder<'_> {
    /// A call of the function of that name. One that is not ours does not compile.
    pub(super) fn stop_gradient(&mut self, path: &syn::ExprPath, call: &syn::ExprCall) -> Expr {
        let value = self.lent(&call.args[0]);
        self.stopped(path, value, call.span())
    }

    fn stopped(&mut self, path: &syn::ExprPath, value: Expr, span: Extent) -> Expr {
        let value = match self.types.shallow(&value.ty) {
            Ty::Tuple(types) => return self.stopped_parts(path, value, types, span),
            Ty::Array(..) | Ty::Slice(_) | Ty::Vec(_) => self.at_a_place(value, span),
            _ => {
                let value = self.scalar(value);
                self.types.compute_with(&value.ty);
                value
            }
        };
        let ty = value.ty.clone();
        let name = path.to_token_stream();
        let (callee, facade) = (self.with_items(name.clone()), &self.options.facade);
        let hole = passed(&value, 0);
        let code = quote!(#facade::__private::stopped(#callee, #hole));
        let mut stopped = self.template(code, vec![value], &name.to_string(), true, span);
        if let ExprKind::Opaque(template) = &mut stopped.kind {
            template.discrete = true;
        }
        Expr { ty, ..stopped }
    }

    /// A tuple, part by part.
    fn stopped_parts(
        &mut self,
        path: &syn::ExprPath,
        value: Expr,
        types: Vec<Ty>,
        span: Extent,
    ) -> Expr {
        let value = self.at_a_place(value, span);
        let (ExprKind::Read(place) | ExprKind::Reference(place)) = &value.kind else {
            return value;
        };
        let parts = types.into_iter().enumerate().map(|(k, ty)| {
            let mut part = place.clone();
            part.path.push(Step::Field(k));
            part.ty = ty;
            self.stopped(path, self.read(part), span)
        });
        let kind = ExprKind::Tuple(parts.collect());
        let ty = value.ty.clone();
        Expr { kind, ty, span }
    }

    /// A value that is read from a place, if need be from a variable of its own.
    fn at_a_place(&mut self, value: Expr, span: Extent) -> Expr {
        if let ExprKind::Read(_) | ExprKind::Reference(_) | ExprKind::Error = value.kind {
            return value;
        }
        let local = self.declare("argument", value.ty.clone());
        self.stmts.push(Stmt::Let(local, Some(value)));
        self.read(self.whole(local, span))
    }
}
