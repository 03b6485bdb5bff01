//! The arguments of `#[checked]`.

use proc_macro2::TokenStream;
use quote::quote;
use syn::parse::{Parse, ParseStream};
use syn::punctuated::Punctuated;
use syn::{Expr, Ident, LitFloat, Token, parenthesized};

/// What `#[checked(..)]` says.
pub(crate) struct Options {
    /// The points, in the order written.
    pub(crate) points: Vec<Point>,
    /// The options handed on to `#[differentiable]`.
    pub(crate) companion: TokenStream,
    /// The parameters named by `wrt`, when it is there.
    pub(crate) wrt: Option<Vec<Ident>>,
    /// The highest order of derivatives, 1 or 2.
    pub(crate) order: u32,
    /// The relative tolerance, where it is not the usual one.
    pub(crate) tolerance: Option<LitFloat>,
    /// The functions that are called and have twins themselves.
    pub(crate) calls: Vec<syn::Path>,
    /// The companion type is written by hand beside the function (tests of the checks themselves).
    pub(crate) by_hand: bool,
}

/// A point, and what is to hold there.
pub(crate) struct Point {
    /// The arguments.
    pub(crate) arguments: Vec<Expr>,
    /// An `oracle::Expect`.
    pub(crate) expect: TokenStream,
}

/// Expressions separated by commas.
fn list(input: ParseStream) -> syn::Result<Vec<Expr>> {
    let list = Punctuated::<Expr, Token![,]>::parse_terminated(input)?;
    Ok(list.into_iter().collect())
}

/// `name(expressions)`.
fn named_list(input: ParseStream, name: &str) -> syn::Result<Vec<Expr>> {
    let key: Ident = input.parse()?;
    if key != name {
        return Err(syn::Error::new(
            key.span(),
            format!("expected `{name}(..)`"),
        ));
    }
    let content;
    parenthesized!(content in input);
    list(&content)
}

impl Parse for Options {
    fn parse(input: ParseStream) -> syn::Result<Self> {
        let mut options = Options {
            points: Vec::new(),
            companion: TokenStream::new(),
            wrt: None,
            order: 2,
            tolerance: None,
            calls: Vec::new(),
            by_hand: false,
        };
        while !input.is_empty() {
            let key: Ident = input.parse()?;
            if key == "at" || key == "panics" {
                let content;
                parenthesized!(content in input);
                let expect = if key == "at" {
                    quote!(::oracle::Expect::Agreement)
                } else {
                    quote!(::oracle::Expect::Panic)
                };
                options.points.push(Point {
                    arguments: list(&content)?,
                    expect,
                });
            } else if key == "edge" {
                let content;
                parenthesized!(content in input);
                let arguments = named_list(&content, "at")?;
                content.parse::<Token![,]>()?;
                let gradient = named_list(&content, "gradient")?;
                let expect = quote!(::oracle::Expect::Gradient(vec![#(f64::from(#gradient)),*]));
                options.points.push(Point { arguments, expect });
            } else if key == "options" {
                let content;
                parenthesized!(content in input);
                options.companion = content.fork().parse()?;
                options.parse_companion(&content)?;
            } else if key == "tolerance" {
                input.parse::<Token![=]>()?;
                options.tolerance = Some(input.parse()?);
            } else if key == "calls" {
                let content;
                parenthesized!(content in input);
                let paths = Punctuated::<syn::Path, Token![,]>::parse_terminated(&content)?;
                options.calls = paths.into_iter().collect();
            } else if key == "by_hand" {
                options.by_hand = true;
            } else {
                return Err(syn::Error::new(
                    key.span(),
                    "expected `at(..)`, `edge(..)`, `panics(..)`, `calls(..)`, `options(..)`, `tolerance = ..` or `by_hand`",
                ));
            }
            if !input.is_empty() {
                input.parse::<Token![,]>()?;
            }
        }
        if options.points.is_empty() {
            return Err(input.error("a checked function needs at least one `at(..)`"));
        }
        Ok(options)
    }
}

impl Options {
    /// Reads the options of `#[differentiable]` that change what the companion type carries.
    fn parse_companion(&mut self, input: ParseStream) -> syn::Result<()> {
        while !input.is_empty() {
            let key: Ident = input.parse()?;
            if key == "wrt" {
                let content;
                parenthesized!(content in input);
                let names = Punctuated::<Ident, Token![,]>::parse_terminated(&content)?;
                self.wrt = Some(names.into_iter().collect());
            } else if key == "order" {
                input.parse::<Token![=]>()?;
                self.order = input.parse::<syn::LitInt>()?.base10_parse()?;
            } else {
                return Err(syn::Error::new(
                    key.span(),
                    "only `wrt(..)` and `order = ..` are known here",
                ));
            }
            if !input.is_empty() {
                input.parse::<Token![,]>()?;
            }
        }
        Ok(())
    }
}
