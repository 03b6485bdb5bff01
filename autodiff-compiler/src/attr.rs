//! The options of `#[differentiable(…)]`.

use proc_macro2::TokenStream;
use quote::{ToTokens, quote};
use syn::parse::Parser;
use syn::punctuated::Punctuated;
use syn::spanned::Spanned;
use syn::{Expr, Ident, Lit, Meta, Path, Token, parse_quote};

use crate::diagnostics::{self, Errors};

/// The options, as far as they were written.
#[derive(Clone)]
pub struct Options {
    /// The parameters named by `wrt(..)`.
    pub wrt: Option<Vec<Ident>>,
    /// `order = `.
    pub order: u8,
    /// `crate = `.
    pub facade: Path,
    /// `companion = `.
    pub companion: Option<Ident>,
    /// The names of scalar types beside `f32` and `f64`: aliases, `scalar(..)`, and type parameters.
    pub scalars: Vec<Ident>,
    /// Those of them that are type parameters of the function.
    pub generic_scalars: Vec<Ident>,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            wrt: None,
            order: 2,
            facade: parse_quote!(::autodiff),
            companion: None,
            scalars: Vec::new(),
            generic_scalars: Vec::new(),
        }
    }
}

/// Reads the options; an option that cannot be read is reported and left at its default.
pub fn parse(attr: TokenStream, errors: &Errors) -> Options {
    let mut options = Options::default();
    if attr.is_empty() {
        return options;
    }
    let metas = match Punctuated::<Meta, Token![,]>::parse_terminated.parse2(attr.clone()) {
        Ok(metas) => metas,
        Err(error) => {
            errors.span(error.span(), &diagnostics::BAD_OPTION, &[]);
            return options;
        }
    };
    for meta in &metas {
        option(&mut options, meta, errors);
    }
    options
}

fn option(options: &mut Options, meta: &Meta, errors: &Errors) {
    let name = meta
        .path()
        .segments
        .last()
        .map(|segment| segment.ident.to_string())
        .unwrap_or_default();
    match (name.as_str(), meta) {
        ("wrt", Meta::List(list)) => match names(list) {
            Some(names) => options.wrt = Some(names),
            None => errors.at(list, &diagnostics::BAD_OPTION),
        },
        ("scalar", Meta::List(list)) => match names(list) {
            Some(names) => options.scalars.extend(names),
            None => errors.at(list, &diagnostics::BAD_OPTION),
        },
        ("order", Meta::NameValue(pair)) => match integer(&pair.value) {
            Some(order @ (1 | 2)) => options.order = order,
            _ => errors.at(&pair.value, &diagnostics::BAD_ORDER),
        },
        ("crate", Meta::NameValue(pair)) => match &pair.value {
            Expr::Path(path) => options.facade = path.path.clone(),
            other => errors.at(other, &diagnostics::BAD_OPTION),
        },
        ("companion", Meta::NameValue(pair)) => match &pair.value {
            Expr::Path(path) if path.path.get_ident().is_some() => {
                options.companion = path.path.get_ident().cloned()
            }
            other => errors.at(other, &diagnostics::BAD_OPTION),
        },
        // Where the function stands was asked before.
        ("associated", Meta::Path(_)) => {}
        ("partials" | "jvp" | "vjp" | "hvp" | "with" | "default", _) => {
            errors.with(meta, &diagnostics::OPTION_NOT_SUPPORTED, &[&name]);
        }
        ("wrt" | "scalar" | "order" | "crate" | "companion" | "associated" | "skip", _) => {
            errors.span(meta.span(), &diagnostics::BAD_OPTION, &[]);
        }
        _ => errors.with(meta, &diagnostics::UNKNOWN_OPTION, &[&name]),
    }
}

/// Whether `name` is among the options, alone, without a value.
pub fn says(attr: &TokenStream, name: &str) -> bool {
    Punctuated::<Meta, Token![,]>::parse_terminated
        .parse2(attr.clone())
        .is_ok_and(|metas| {
            metas
                .iter()
                .any(|meta| matches!(meta, Meta::Path(path) if path.is_ident(name)))
        })
}

/// The options of an `impl` block for one of its functions, of which these are the parameters: there `wrt(..)` names
/// those that it has. What is no parameter of any function stays, and is refused.
pub fn restricted(attr: &TokenStream, own: &[String], of_any: &[String]) -> TokenStream {
    let Ok(mut metas) = Punctuated::<Meta, Token![,]>::parse_terminated.parse2(attr.clone()) else {
        return attr.clone();
    };
    for meta in &mut metas {
        if let Meta::List(list) = meta
            && list.path.is_ident("wrt")
            && let Some(names) = names(list)
        {
            let kept = names.iter().filter(|name| {
                let name = name.to_string();
                own.contains(&name) || !of_any.contains(&name)
            });
            list.tokens = quote!(#(#kept),*);
        }
    }
    metas.into_token_stream()
}

fn names(list: &syn::MetaList) -> Option<Vec<Ident>> {
    let names = list
        .parse_args_with(Punctuated::<Ident, Token![,]>::parse_terminated)
        .ok()?;
    Some(names.into_iter().collect())
}

fn integer(value: &Expr) -> Option<u8> {
    match value {
        Expr::Lit(literal) => match &literal.lit {
            Lit::Int(number) => number.base10_parse().ok(),
            _ => None,
        },
        _ => None,
    }
}
