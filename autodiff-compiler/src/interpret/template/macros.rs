//! Assertions, panics and printing.

use syn::punctuated::Punctuated;
use syn::{Expr, Lit, Token};

use super::{Evaluated, Evaluator, supported, unit};
use crate::interpret::{Datum, Panic, Scalar};
use crate::ir::ScalarType;

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
        if name == "format" {
            // Nothing looks into a text, so that any value may stand for it.
            return Ok(Some(super::scalar(
                Scalar::Bool(false),
                ScalarType::Inferred,
            )));
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
                    "assertion `left {operator} right` failed{message}\n  left: {}\n right: {}",
                    show(&left.datum, true),
                    show(&right.datum, true)
                )))
            }
            (kind @ ("panic" | "unreachable" | "todo" | "unimplemented"), message) => {
                let message = self.message(message)?;
                Err(Panic::Panicked(match (kind, message.is_empty()) {
                    ("panic", true) => "explicit panic".to_owned(),
                    ("panic", false) => message,
                    (_, true) => prefix(kind).to_owned(),
                    (_, false) => format!("{}: {message}", prefix(kind)),
                }))
            }
            _ => Ok(None),
        }
    }

    /// What `format!` makes of a literal and its arguments; a hole of another form than `{}` and `{:?}` is shown like
    /// the latter, after the text.
    fn message(&self, message: &[Expr]) -> Result<String, Panic> {
        let Some((
            Expr::Lit(syn::ExprLit {
                lit: Lit::Str(literal),
                ..
            }),
            arguments,
        )) = message.split_first()
        else {
            return Ok(String::new());
        };
        let (mut positional, mut named) = (Vec::new(), Vec::new());
        for argument in arguments {
            let (name, value) = match argument {
                Expr::Assign(assign) => (Some(&*assign.left), &*assign.right),
                value => (None, value),
            };
            let datum = self
                .expression(value)?
                .map_or(Datum::Unit, |hole| hole.datum);
            match name {
                Some(name) => named.push((quote::quote!(#name).to_string(), datum)),
                None => positional.push(datum),
            }
        }
        Ok(format(&literal.value(), &positional, &named))
    }
}

/// What the message of a macro starts with.
fn prefix(kind: &str) -> &'static str {
    match kind {
        "unreachable" => "internal error: entered unreachable code",
        "todo" => "not yet implemented",
        _ => "not implemented",
    }
}

fn format(literal: &str, positional: &[Datum], named: &[(String, Datum)]) -> String {
    let mut text = String::new();
    let mut next = positional.iter();
    let mut rest = literal;
    while let Some(at) = rest.find(['{', '}']) {
        text.push_str(&rest[..at]);
        rest = &rest[at..];
        let end = rest.find('}').unwrap_or(0);
        if rest.starts_with("{{") || rest.starts_with("}}") || end == 0 {
            text.push_str(&rest[..1]);
            rest = rest.get(2..).unwrap_or_default();
            continue;
        }
        let (name, style) = rest[1..end].split_once(':').unwrap_or((&rest[1..end], ""));
        let datum = match name.parse::<usize>() {
            Ok(position) => positional.get(position),
            Err(_) if name.is_empty() => next.next(),
            Err(_) => named
                .iter()
                .find(|(other, _)| other == name)
                .map(|(_, datum)| datum),
        };
        text.push_str(&datum.map_or(String::new(), |datum| show(datum, !style.is_empty())));
        rest = &rest[end + 1..];
    }
    text.push_str(rest);
    text
}

/// A datum as `{}` or, with `debug`, as `{:?}` shows it.
fn show(datum: &Datum, debug: bool) -> String {
    let all = |parts: &[Datum]| {
        parts
            .iter()
            .map(|part| show(part, debug))
            .collect::<Vec<_>>()
            .join(", ")
    };
    match datum {
        Datum::Unit => "()".to_owned(),
        Datum::Scalar(Scalar::F64(number)) if debug => format!("{number:?}"),
        Datum::Scalar(Scalar::F64(number)) => number.to_string(),
        Datum::Scalar(Scalar::F32(number)) if debug => format!("{number:?}"),
        Datum::Scalar(Scalar::F32(number)) => number.to_string(),
        Datum::Scalar(Scalar::Integer(number)) => number.to_string(),
        Datum::Scalar(Scalar::Bool(truth)) => truth.to_string(),
        Datum::Scalar(Scalar::Char(char)) if debug => format!("{char:?}"),
        Datum::Scalar(Scalar::Char(char)) => char.to_string(),
        Datum::Lanes(lanes) => format!("{lanes:?}"),
        Datum::List(parts) => format!("[{}]", all(parts)),
        Datum::Tuple(parts) => format!("({})", all(parts)),
    }
}
