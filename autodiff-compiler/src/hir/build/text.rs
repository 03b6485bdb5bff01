//! Expressions as rustc prints them in the message of `assert!`.

use quote::ToTokens;
use syn::{Expr, Member};

use crate::parse::pretty;

/// The text of an expression; the forms that conditions are seldom made of are printed token by token.
pub(super) fn source(expr: &Expr) -> String {
    match expr {
        Expr::Group(inner) => source(&inner.expr),
        Expr::Paren(inner) => format!("({})", source(&inner.expr)),
        Expr::Binary(binary) => {
            format!(
                "{} {} {}",
                source(&binary.left),
                binary.op.to_token_stream(),
                source(&binary.right)
            )
        }
        Expr::Unary(unary) => format!("{}{}", unary.op.to_token_stream(), source(&unary.expr)),
        Expr::Cast(cast) => format!("{} as {}", source(&cast.expr), pretty(&cast.ty)),
        Expr::Index(index) => format!("{}[{}]", source(&index.expr), source(&index.index)),
        Expr::Call(call) => format!("{}({})", source(&call.func), list(call.args.iter())),
        Expr::MethodCall(call) if call.turbofish.is_none() => {
            format!(
                "{}.{}({})",
                source(&call.receiver),
                call.method,
                list(call.args.iter())
            )
        }
        Expr::Field(field) => match &field.member {
            Member::Named(name) => format!("{}.{name}", source(&field.base)),
            Member::Unnamed(index) => format!("{}.{}", source(&field.base), index.index),
        },
        Expr::Reference(reference) => {
            format!(
                "&{}{}",
                if reference.mutability.is_some() {
                    "mut "
                } else {
                    ""
                },
                source(&reference.expr)
            )
        }
        Expr::Tuple(tuple) if tuple.elems.len() != 1 => format!("({})", list(tuple.elems.iter())),
        Expr::Array(array) => format!("[{}]", list(array.elems.iter())),
        other => pretty(other),
    }
}

fn list<'e>(parts: impl Iterator<Item = &'e Expr>) -> String {
    parts.map(source).collect::<Vec<_>>().join(", ")
}
