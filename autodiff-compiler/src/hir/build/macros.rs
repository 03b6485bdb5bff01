//! The macros whose arguments are known to be expressions.

use quote::{ToTokens, format_ident};
use syn::parse::{Parse, ParseStream};
use syn::punctuated::Punctuated;
use syn::{Ident, Macro, Pat, Token};

use super::Builder;
use crate::diagnostics::{self, Located};
use crate::hir::types::Ty;
use crate::hir::{Count, Expr, ExprKind};

/// The hole for the argument at `position`.
pub(super) fn hole(position: usize) -> Ident {
    format_ident!("__hole_{position}")
}

/// `vec![a; n]`
struct Repeated {
    element: syn::Expr,
    count: syn::Expr,
}

impl Parse for Repeated {
    fn parse(input: ParseStream<'_>) -> syn::Result<Self> {
        let element = input.parse()?;
        input.parse::<Token![;]>()?;
        Ok(Self {
            element,
            count: input.parse()?,
        })
    }
}

/// `matches!(value, pattern if guard)`
struct Matches {
    value: syn::Expr,
    pattern: Pat,
    guard: Option<syn::Expr>,
}

impl Parse for Matches {
    fn parse(input: ParseStream<'_>) -> syn::Result<Self> {
        let value = input.parse()?;
        input.parse::<Token![,]>()?;
        let pattern = Pat::parse_multi_with_leading_vert(input)?;
        let guard = if input.parse::<Option<Token![if]>>()?.is_some() {
            Some(input.parse()?)
        } else {
            None
        };
        input.parse::<Option<Token![,]>>()?;
        Ok(Self {
            value,
            pattern,
            guard,
        })
    }
}

impl Builder<'_> {
    pub(super) fn macro_call(&mut self, mac: &Macro) -> Expr {
        let name = mac
            .path
            .segments
            .last()
            .map(|segment| segment.ident.to_string())
            .unwrap_or_default();
        match name.as_str() {
            "vec" => self.vec(mac),
            "assert" | "assert_eq" | "assert_ne" => self.assertion(mac, &name),
            "debug_assert" | "debug_assert_eq" | "debug_assert_ne" => {
                self.debug_assertion(mac, &name)
            }
            "format" | "anyhow" | "eyre" => {
                let mut value = self.printing(mac);
                value.ty = self.inferred();
                if let ExprKind::Opaque(template) = &mut value.kind {
                    // Text has no derivative, whatever goes into it.
                    template.discrete = true;
                }
                value
            }
            "println" | "print" | "eprintln" | "eprint" => self.printing(mac),
            "panic" | "unreachable" | "todo" | "unimplemented" => {
                let mut value = self.printing(mac);
                value.ty = self.types.fresh();
                value
            }
            "matches" => match mac.parse_body::<Matches>() {
                Ok(body) => {
                    self.matches(&body.value, &body.pattern, body.guard.as_ref(), mac.span())
                }
                Err(_) => self.failed(mac, &diagnostics::MACRO_ARGUMENTS, &[]),
            },
            "cfg" | "env" | "line" | "column" | "file" | "module_path" | "concat" | "stringify"
            | "include_str" => {
                let mut value =
                    self.template(mac.to_token_stream(), Vec::new(), &name, true, mac.span());
                if name == "cfg" {
                    value.ty = Ty::BOOL;
                }
                value
            }
            _ => self.failed(&mac.path, &diagnostics::MACRO, &[&name]),
        }
    }

    fn vec(&mut self, mac: &Macro) -> Expr {
        if let Ok(Repeated { element, count }) = mac.parse_body() {
            let element = self.expr(&element);
            let element = self.value_of(element);
            let count = self.expr(&count);
            let count = self.scalar(count);
            self.expect(&count, &Ty::USIZE);
            let ty = Ty::Vec(Box::new(element.ty.clone()));
            let kind = ExprKind::Repeat(Box::new(element), Count::Dynamic(Box::new(count)));
            return Expr {
                kind,
                ty,
                span: mac.span(),
            };
        }
        match mac.parse_body_with(Punctuated::<syn::Expr, Token![,]>::parse_terminated) {
            Ok(elements) => self.list(elements.iter(), mac, |element, _| {
                Ty::Vec(Box::new(element))
            }),
            Err(_) => self.failed(mac, &diagnostics::MACRO_ARGUMENTS, &[]),
        }
    }
}
