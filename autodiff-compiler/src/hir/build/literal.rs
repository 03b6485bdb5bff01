//! Literals.

use quote::ToTokens;
use syn::Lit;

use super::Builder;
use crate::hir::types::Ty;
use crate::hir::{Expr, ExprKind};
use crate::ir::{Code, ScalarType};
use crate::parse::primitive;

impl Builder<'_> {
    pub(super) fn literal(&self, literal: &Lit) -> Expr {
        let (text, ty) = match literal {
            Lit::Int(number) => {
                let text = strip(&number.to_string(), number.suffix());
                match primitive(number.suffix()) {
                    Some(ScalarType::Float(float)) => {
                        (format!("{text}.0"), Ty::Scalar(ScalarType::Float(float)))
                    }
                    Some(ty) => (text, Ty::Scalar(ty)),
                    None => (text, self.types.integer()),
                }
            }
            Lit::Float(number) => {
                let mut text = strip(&number.to_string(), number.suffix());
                if text.ends_with('.') {
                    text.push('0');
                } else if !text.contains(['.', 'e', 'E']) {
                    text.push_str(".0");
                }
                (
                    text,
                    primitive(number.suffix()).map_or_else(|| self.types.float(), Ty::Scalar),
                )
            }
            Lit::Bool(value) => (value.value.to_string(), Ty::BOOL),
            Lit::Char(value) => (value.token().to_string(), Ty::Scalar(ScalarType::Char)),
            Lit::Byte(value) => (value.token().to_string(), Ty::integer("u8")),
            // Text is nothing but an argument of inactive code.
            other => {
                let kind = ExprKind::Constant(Code::new(other.to_token_stream()));
                return Expr {
                    kind,
                    ty: self.inferred(),
                    span: literal.span().into(),
                };
            }
        };
        Expr {
            kind: ExprKind::Literal(text),
            ty,
            span: literal.span().into(),
        }
    }
}

/// The literal without its suffix.
fn strip(text: &str, suffix: &str) -> String {
    text.strip_suffix(suffix)
        .unwrap_or(text)
        .trim_end_matches('_')
        .to_owned()
}
