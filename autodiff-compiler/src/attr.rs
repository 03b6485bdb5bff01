//! The options of `#[differentiable(…)]`.

use proc_macro2::{Delimiter, Group, Span, TokenStream, TokenTree};
use quote::{ToTokens, quote};
use syn::ext::IdentExt;
use syn::parse::{ParseStream, Parser};
use syn::punctuated::Punctuated;
use syn::spanned::Spanned;
use syn::{Expr, Ident, Lit, Meta, MetaList, Path, Token, parenthesized, parse_quote};

use crate::diagnostics::{self, Errors};

/// The options, as far as they were written.
#[derive(Clone)]
pub struct Options {
    /// The parameters named by `wrt(..)`.
    pub wrt: Option<Vec<Ident>>,
    /// `order = `, 2 where it is not written.
    pub order: u8,
    /// `order = ` as it was written.
    pub written_order: Option<Expr>,
    /// `crate = `.
    pub facade: Path,
    /// `companion = `.
    pub companion: Option<Ident>,
    /// `with(function = Companion, …)`: functions whose companions have other names.
    pub with: Vec<Renamed>,
    /// `partials(..)`.
    pub partials: Option<Partials>,
    /// `jvp = `.
    pub jvp: Option<Path>,
    /// `vjp = `.
    pub vjp: Option<Path>,
    /// `hvp = `.
    pub hvp: Option<Path>,
    /// The names of scalar types beside `f32` and `f64`: aliases, `scalar(..)`, and type parameters.
    pub scalars: Vec<Ident>,
    /// Those of them that are type parameters of the function.
    pub generic_scalars: Vec<Ident>,
}

/// A function whose companion has another name.
#[derive(Clone)]
pub struct Renamed {
    /// The function, as it is called.
    pub function: Path,
    /// Its companion.
    pub companion: Path,
}

/// The functions that are the partial derivatives.
#[derive(Clone)]
pub struct Partials {
    /// The option as it was written.
    pub written: MetaList,
    /// The functions, in order.
    pub functions: Vec<Path>,
}

impl Options {
    /// The companion of a function: of the same path, unless `with(..)` says otherwise.
    pub fn companion_of(&self, function: &Path) -> Path {
        self.renamed(function).unwrap_or(function).clone()
    }

    /// The companion that `with(..)` gives to a function.
    pub fn renamed(&self, function: &Path) -> Option<&Path> {
        let mut with = self.with.iter();
        let found = with.find(|renamed| renamed.function == *function)?;
        Some(&found.companion)
    }
}

impl Default for Options {
    fn default() -> Self {
        Self {
            wrt: None,
            order: 2,
            written_order: None,
            with: Vec::new(),
            partials: None,
            jvp: None,
            vjp: None,
            hvp: None,
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
    // Inside of a group whatever is missing at the end is missing at its last token, and not at the whole attribute.
    let mut group = Group::new(Delimiter::Parenthesis, attr.clone());
    group.set_span(
        attr.into_iter()
            .last()
            .map_or_else(Span::call_site, |last| last.span()),
    );
    let parse = |input: ParseStream<'_>| {
        let content;
        parenthesized!(content in input);
        Punctuated::<Meta, Token![,]>::parse_terminated(&content)
    };
    let metas = match parse.parse2(TokenTree::Group(group).into()) {
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
    let malformed = || errors.at(meta, &diagnostics::BAD_OPTION);
    match (name.as_str(), meta) {
        ("wrt", Meta::List(list)) => match names(list) {
            Some(names) => options.wrt = Some(names),
            None => malformed(),
        },
        ("scalar", Meta::List(list)) => match names(list) {
            Some(names) => options.scalars.extend(names),
            None => malformed(),
        },
        ("with", Meta::List(list)) => match renamed(list) {
            Some(renamed) => options.with.extend(renamed),
            None => malformed(),
        },
        ("partials", Meta::List(list)) => match paths(list) {
            Some(functions) => {
                options.partials = Some(Partials {
                    written: list.clone(),
                    functions,
                });
            }
            None => malformed(),
        },
        ("order", Meta::NameValue(pair)) => match integer(&pair.value) {
            Some(order @ (1 | 2)) => {
                options.order = order;
                options.written_order = Some(pair.value.clone());
            }
            _ => errors.at(&pair.value, &diagnostics::BAD_ORDER),
        },
        ("companion", Meta::NameValue(pair)) => match &pair.value {
            Expr::Path(path) if path.path.get_ident().is_some() => {
                options.companion = path.path.get_ident().cloned()
            }
            other => errors.at(other, &diagnostics::BAD_OPTION),
        },
        // Where the function stands was asked before.
        ("associated", Meta::Path(_)) => {}
        ("crate" | "jvp" | "vjp" | "hvp", Meta::NameValue(pair)) => match &pair.value {
            Expr::Path(path) if path.qself.is_none() => {
                let path = path.path.clone();
                match name.as_str() {
                    "crate" => options.facade = path,
                    "jvp" => options.jvp = Some(path),
                    "vjp" => options.vjp = Some(path),
                    _ => options.hvp = Some(path),
                }
            }
            other => errors.at(other, &diagnostics::BAD_OPTION),
        },
        ("default", _) => {
            errors.with(meta, &diagnostics::OPTION_NOT_SUPPORTED, &[&name]);
        }
        (name, _) if KNOWN.contains(&name) => {
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

/// The options that there are.
const KNOWN: [&str; 12] = [
    "wrt",
    "scalar",
    "with",
    "partials",
    "order",
    "companion",
    "crate",
    "jvp",
    "vjp",
    "hvp",
    "associated",
    "skip",
];

fn names(list: &MetaList) -> Option<Vec<Ident>> {
    // `self` is a keyword, and a name here.
    let all = |input: ParseStream<'_>| {
        Punctuated::<Ident, Token![,]>::parse_terminated_with(input, Ident::parse_any)
    };
    Some(list.parse_args_with(all).ok()?.into_iter().collect())
}

fn paths(list: &MetaList) -> Option<Vec<Path>> {
    let paths = list
        .parse_args_with(Punctuated::<Path, Token![,]>::parse_terminated)
        .ok()?;
    Some(paths.into_iter().collect())
}

fn renamed(list: &MetaList) -> Option<Vec<Renamed>> {
    let one = |input: ParseStream| {
        let function = input.parse()?;
        input.parse::<Token![=]>()?;
        let companion = input.parse()?;
        Ok(Renamed {
            function,
            companion,
        })
    };
    let all =
        |input: ParseStream| Punctuated::<Renamed, Token![,]>::parse_terminated_with(input, one);
    Some(list.parse_args_with(all).ok()?.into_iter().collect())
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
