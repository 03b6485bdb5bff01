//! The macros whose arguments are known to be expressions.

use proc_macro2::{Span, TokenStream};
use quote::{ToTokens, format_ident, quote};
use syn::parse::{Parse, ParseStream, Parser};
use syn::punctuated::Punctuated;
use syn::spanned::Spanned;
use syn::{Ident, LitStr, Macro, Pat, Token};

use super::Builder;
use super::call::passed;
use crate::diagnostics;
use crate::hir::types::Ty;
use crate::hir::{Count, Expr, ExprKind};

/// The hole for the argument at `position`.
pub(super) fn hole(position: usize) -> Ident {
    format_ident!("__hole_{position}")
}

/// One argument of a formatting macro: `x` or `name = x`.
struct Argument {
    name: Option<Ident>,
    value: syn::Expr,
}

impl Parse for Argument {
    fn parse(input: ParseStream<'_>) -> syn::Result<Self> {
        let name = if input.peek(Ident) && input.peek2(Token![=]) && !input.peek2(Token![==]) {
            let name = input.parse()?;
            input.parse::<Token![=]>()?;
            Some(name)
        } else {
            None
        };
        Ok(Self {
            name,
            value: input.parse()?,
        })
    }
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
            "assert" | "debug_assert" => self.formatted(mac, 1),
            "assert_eq" | "assert_ne" | "debug_assert_eq" | "debug_assert_ne" => {
                self.formatted(mac, 2)
            }
            "println" | "print" | "eprintln" | "eprint" => self.formatted(mac, 0),
            "panic" | "unreachable" | "todo" | "unimplemented" => {
                let mut value = self.formatted(mac, 0);
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

    /// A macro of `conditions` expressions, then a format string and its arguments. Its own code stays as it is, with
    /// holes for the expressions, so that its message stays as it is too.
    fn formatted(&mut self, mac: &Macro, conditions: usize) -> Expr {
        let Ok(arguments) =
            Punctuated::<Argument, Token![,]>::parse_terminated.parse2(mac.tokens.clone())
        else {
            return self.failed(mac, &diagnostics::MACRO_ARGUMENTS, &[]);
        };
        let mut values: Vec<Expr> = Vec::new();
        let mut tokens: Vec<TokenStream> = Vec::new();
        for (position, argument) in arguments.iter().enumerate() {
            if position == conditions
                && let syn::Expr::Lit(literal) = &argument.value
                && let syn::Lit::Str(format) = &literal.lit
            {
                tokens.push(format.to_token_stream());
                continue;
            }
            let value = self.expr(&argument.value);
            let value = if conditions == 1 && position == 0 {
                self.checked(value)
            } else {
                value
            };
            let place = passed(&value, values.len());
            tokens.push(match &argument.name {
                Some(name) => quote!(#name = #place),
                None => place,
            });
            values.push(value);
        }
        if conditions == 2 && values.len() >= 2 {
            self.expect(&values[1], &values[0].ty.clone());
        }
        let format = arguments
            .iter()
            .nth(conditions)
            .and_then(|argument| format_string(&argument.value));
        if let Some(format) = format {
            for name in captures(&format) {
                if arguments
                    .iter()
                    .any(|argument| argument.name.as_ref() == Some(&name))
                {
                    continue;
                }
                if self.scopes.find(&name).is_some() {
                    let path = syn::Expr::Path(syn::ExprPath {
                        attrs: Vec::new(),
                        qself: None,
                        path: name.clone().into(),
                    });
                    let value = self.expr(&path);
                    let value = self.value_of(value);
                    let place = hole(values.len());
                    tokens.push(quote!(#name = #place));
                    values.push(value);
                }
            }
        }
        let path = &mac.path;
        let name = path.to_token_stream().to_string();
        let mut value = self.template(
            quote!(#path!(#(#tokens),*)),
            values,
            &name,
            false,
            mac.span(),
        );
        value.ty = Ty::unit();
        value
    }

    fn checked(&self, value: Expr) -> Expr {
        let value = self.scalar(value);
        self.expect(&value, &Ty::BOOL);
        value
    }
}

fn format_string(expr: &syn::Expr) -> Option<LitStr> {
    match expr {
        syn::Expr::Lit(literal) => match &literal.lit {
            syn::Lit::Str(text) => Some(text.clone()),
            _ => None,
        },
        _ => None,
    }
}

/// The names that a format string captures: `{x}`, `{x:.3}`, `{0:width$}`.
fn captures(format: &LitStr) -> Vec<Ident> {
    let text = format.value();
    let mut names = Vec::new();
    let mut rest = text.as_str();
    while let Some(start) = rest.find('{') {
        rest = &rest[start + 1..];
        if let Some(escaped) = rest.strip_prefix('{') {
            rest = escaped;
            continue;
        }
        let Some(end) = rest.find('}') else { break };
        let (argument, options) = rest[..end].split_once(':').unwrap_or((&rest[..end], ""));
        rest = &rest[end + 1..];
        let widths = options
            .split(|letter: char| !(letter.is_alphanumeric() || letter == '_' || letter == '$'));
        let widths = widths.filter_map(|word| word.strip_suffix('$'));
        for name in std::iter::once(argument.trim()).chain(widths) {
            if let Ok(mut name) = syn::parse_str::<Ident>(name) {
                name.set_span(
                    Span::call_site()
                        .located_at(format.span())
                        .resolved_at(format.span()),
                );
                if !names.contains(&name) {
                    names.push(name);
                }
            }
        }
    }
    names
}
