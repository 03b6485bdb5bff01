//! Assertions, panics and printing.

use syn::punctuated::Punctuated;
use syn::{Expr, Lit, Token};

use super::{Evaluated, Evaluator, supported, unit};
use crate::interpret::{Panic, Scalar};

impl Evaluator<'_> {
    pub(super) fn call_macro(&self, call: &syn::Macro) -> Evaluated {
        let name = call
            .path
            .segments
            .last()
            .map(|segment| segment.ident.to_string())
            .unwrap_or_default();
        if matches!(name.as_str(), "print" | "println" | "eprint" | "eprintln") {
            return Ok(Some(unit()));
        }
        let text = call.tokens.to_string();
        let arguments = call.parse_body_with(Punctuated::<Expr, Token![,]>::parse_terminated);
        let Ok(arguments) = arguments else {
            return Ok(None);
        };
        let arguments: Vec<Expr> = arguments.into_iter().collect();
        match (name.trim_start_matches("debug_"), &arguments[..]) {
            ("assert", [condition, message @ ..]) => match self.scalar(condition)? {
                Some((Scalar::Bool(true), _)) => Ok(Some(unit())),
                Some((Scalar::Bool(false), _)) if message.is_empty() => {
                    Err(Panic::Panicked(format!("assertion failed: {text}")))
                }
                Some((Scalar::Bool(false), _)) => Err(Panic::Panicked(self.message(message)?)),
                _ => Ok(None),
            },
            ("assert_eq" | "assert_ne", [left, right, message @ ..]) => {
                let left = supported!(self.expression(left)?);
                let right = supported!(self.expression(right)?);
                let equal = left.datum == right.datum;
                if equal == (name.ends_with("eq")) {
                    return Ok(Some(unit()));
                }
                let operator = if equal { "!=" } else { "==" };
                let message = if message.is_empty() {
                    String::new()
                } else {
                    format!(": {}", self.message(message)?)
                };
                Err(Panic::Panicked(format!(
                    "assertion `left {operator} right` failed{message}\n  left: {:?}\n right: {:?}",
                    left.datum, right.datum
                )))
            }
            ("panic" | "unreachable" | "todo" | "unimplemented", message) => Err(Panic::Panicked(
                format!("{name}: {}", self.message(message)?),
            )),
            _ => Ok(None),
        }
    }

    /// A message with its arguments, not as `format!` writes it but as different for different arguments.
    fn message(&self, message: &[Expr]) -> Result<String, Panic> {
        let mut text = String::new();
        for part in message {
            match part {
                Expr::Lit(syn::ExprLit {
                    lit: Lit::Str(literal),
                    ..
                }) => text.push_str(&literal.value()),
                _ => {
                    if let Some(value) = self.expression(part)? {
                        text.push_str(&format!(" {:?}", value.datum));
                    }
                }
            }
        }
        Ok(text)
    }
}
