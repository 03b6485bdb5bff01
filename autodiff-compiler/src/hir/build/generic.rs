//! Functions of type parameters that stand for scalars: `T::zero()`, `T::from(2.0).unwrap()`, `T::max(a, b)`.

use quote::ToTokens;

use super::Builder;
use super::call::strip;
use crate::diagnostics::{self, Extent, Located};
use crate::hir::types::Ty;
use crate::hir::{Expr, ExprKind};
use crate::ir::{Code, FloatType, ScalarType};
use crate::parse::primitive;

impl Builder<'_> {
    /// The type parameter that a path leads through: `T` in `T::zero` and `<T as Float>::zero`.
    pub(super) fn generic_owner(&self, path: &syn::ExprPath) -> Option<Ty> {
        let owner = match &path.qself {
            Some(qself) => match crate::parse::strip(&qself.ty) {
                syn::Type::Path(path) => path.path.get_ident()?,
                _ => return None,
            },
            None if path.path.segments.len() == 2 => &path.path.segments[0].ident,
            None => return None,
        };
        self.options.generic_scalars.contains(owner).then(|| {
            let float = FloatType::Named(Code::new(owner.to_token_stream()));
            Ty::Scalar(ScalarType::Float(float))
        })
    }

    /// `T::zero()`, `T::PI()`, `T::max(a, b)`
    pub(super) fn generic_call(&mut self, call: &syn::ExprCall, path: &syn::ExprPath) -> Expr {
        let span = call.span();
        let ty = self.generic_owner(path).expect("the caller has looked");
        let name = &path
            .path
            .segments
            .last()
            .expect("a path has segments")
            .ident;
        let literal = |text: &str| Expr {
            kind: ExprKind::Literal(text.to_owned()),
            ty: ty.clone(),
            span,
        };
        match (name.to_string().as_str(), call.args.first()) {
            ("zero", None) => literal("0.0"),
            ("one", None) => literal("1.0"),
            (_, None) => Expr {
                kind: ExprKind::Constant(Code::new(call.to_token_stream())),
                ty,
                span,
            },
            ("from_literal" | "from_integer", Some(operand)) => {
                let operand = self.expr(operand);
                self.rounded(operand, ty, span)
            }
            (conversion, Some(_)) if conversion.starts_with("from") => self.failed(
                call,
                &diagnostics::EXPRESSION,
                &[
                    "an `Option` of a number is",
                    "unwrap it where it is made: `T::from(2.0).unwrap()`",
                ],
            ),
            (method, Some(_)) => {
                let mut arguments = self.arguments(call.args.iter());
                let receiver = arguments.remove(0);
                let receiver = self.scalar(receiver);
                self.expect(&receiver, &ty);
                self.scalar_method(receiver, method, arguments, name.to_token_stream(), span)
            }
        }
    }

    /// `T::from(x).unwrap()` and `x.to_f64().unwrap()`, which never panic for scalars.
    pub(super) fn unwrapped_conversion(&mut self, call: &syn::ExprMethodCall) -> Option<Expr> {
        if !(call.method == "unwrap" || call.method == "expect") {
            return None;
        }
        let (operand, ty) = match strip(&call.receiver) {
            syn::Expr::Call(conversion) => {
                let syn::Expr::Path(path) = strip(&conversion.func) else {
                    return None;
                };
                let ty = self.generic_owner(path)?;
                let name = &path.path.segments.last()?.ident;
                let converts = name.to_string().strip_prefix("from").is_some_and(|from| {
                    from.is_empty()
                        || from
                            .strip_prefix('_')
                            .is_some_and(|of| primitive(of).is_some())
                });
                (conversion.args.first().filter(|_| converts)?, ty)
            }
            syn::Expr::MethodCall(conversion) if conversion.args.is_empty() => {
                let method = conversion.method.to_string();
                let ty = match method.as_str() {
                    "to_f64" => Ty::F64,
                    "to_f32" => Ty::Scalar(ScalarType::Float(FloatType::F32)),
                    _ => return None,
                };
                (&*conversion.receiver, ty)
            }
            _ => return None,
        };
        let operand = self.expr(operand);
        Some(self.rounded(operand, ty, call.span()))
    }

    /// A number as one of type `ty`, rounded.
    fn rounded(&mut self, operand: Expr, ty: Ty, span: Extent) -> Expr {
        let operand = self.scalar(operand);
        let kind = match operand.kind {
            ExprKind::Literal(text) if !text.contains(['x', 'o', 'b']) => ExprKind::Literal(text),
            ExprKind::Error => return operand,
            _ if self.types.resolve(&operand.ty) == ty => return operand,
            _ => ExprKind::Cast(Box::new(operand)),
        };
        Expr { kind, ty, span }
    }
}
