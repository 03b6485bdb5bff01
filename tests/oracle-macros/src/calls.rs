//! Calls and macros in the twin: what is called outside of the body knows plain scalars only.

use proc_macro2::TokenStream;
use quote::{ToTokens, quote};
use syn::parse::Parser;
use syn::punctuated::Punctuated;
use syn::visit_mut::{self, VisitMut};
use syn::{Expr, ExprCall, Macro, Pat, Path, Token};

use crate::twin::Twin;

/// A call in the twin; `None` when the visited call stands as it is.
///
/// A function of the user's, which is inactive here, gets plain arguments and its result is lifted.
pub(crate) fn call(twin: &mut Twin, call: &mut ExprCall) -> Option<Expr> {
    let path = match &*call.func {
        Expr::Path(function) => &function.path,
        _ => {
            visit_mut::visit_expr_call_mut(twin, call);
            return None;
        }
    };
    if is_stop_gradient(path) {
        visit_mut::visit_expr_call_mut(twin, call);
        let arguments = &call.args;
        return Some(syn::parse_quote!(::oracle::stop_gradient(#arguments)));
    }
    let name = |path: &Path| path.to_token_stream().to_string();
    if twin.calls.iter().any(|called| name(called) == name(path)) {
        let mut twin_path = path.clone();
        if let Some(last) = twin_path.segments.last_mut() {
            last.ident = quote::format_ident!("{}_checked", last.ident);
        }
        twin_path.segments.push(syn::parse_quote!(twin));
        call.func = syn::parse_quote!(#twin_path);
        visit_mut::visit_expr_call_mut(twin, call);
        return None;
    }
    if !is_users(twin, path) {
        visit_mut::visit_expr_call_mut(twin, call);
        return None;
    }
    for argument in &mut call.args {
        twin.visit_expr_mut(argument);
    }
    let function = &call.func;
    let arguments = call.args.iter().map(|argument| match argument {
        Expr::Lit(_) => quote!(#argument),
        _ => quote!(::oracle::lower(#argument)),
    });
    Some(syn::parse_quote!(::oracle::lift(#function(#(#arguments),*))))
}

fn is_stop_gradient(path: &Path) -> bool {
    path.segments
        .last()
        .is_some_and(|segment| segment.ident == "stop_gradient")
}

/// Whether a called path is a function of the user's own, outside of the body.
fn is_users(twin: &Twin, path: &Path) -> bool {
    let names: Vec<String> = path.segments.iter().map(|s| s.ident.to_string()).collect();
    let is_type = |name: &String| name.starts_with(|c: char| c.is_ascii_uppercase());
    let is_primitive = |name: &str| {
        matches!(
            name,
            "f64"
                | "f32"
                | "bool"
                | "char"
                | "str"
                | "usize"
                | "u8"
                | "u16"
                | "u32"
                | "u64"
                | "u128"
                | "isize"
                | "i8"
                | "i16"
                | "i32"
                | "i64"
                | "i128"
        )
    };
    match &names[..] {
        [name] => !is_type(name) && !twin.locals.contains(&path.segments[0].ident),
        [first, ..] if matches!(&**first, "std" | "core" | "alloc" | "oracle") => false,
        [.., owner, last] => !is_type(owner) && !is_type(last) && !is_primitive(owner),
        [] => false,
    }
}

/// A macro in expression position; `None` when the visited macro stands as it is.
pub(crate) fn expression_macro(twin: &mut Twin, mac: &mut Macro) -> Option<Expr> {
    if !mac.path.is_ident("matches") {
        statement_macro(twin, mac);
        return None;
    }
    let parse = |input: syn::parse::ParseStream| {
        let value: Expr = input.parse()?;
        input.parse::<Token![,]>()?;
        let pattern = Pat::parse_multi_with_leading_vert(input)?;
        let guard: TokenStream = input.parse()?;
        Ok((value, pattern, guard))
    };
    let (value, pattern, guard) = parse.parse2(mac.tokens.clone()).ok()?;
    let mut matched: Expr = syn::parse_quote!(match #value { #pattern #guard => true, _ => false });
    twin.visit_expr_mut(&mut matched);
    Some(matched)
}

/// Rewrites the expressions inside the macros whose arguments are expressions.
pub(crate) fn statement_macro(twin: &mut Twin, mac: &mut Macro) {
    if mac
        .path
        .segments
        .last()
        .is_some_and(|segment| segment.ident == "plain")
    {
        return;
    }
    if let Ok(repeat) = repetition.parse2(mac.tokens.clone()) {
        let (mut value, mut count) = repeat;
        twin.visit_expr_mut(&mut value);
        twin.visit_expr_mut(&mut count);
        mac.tokens = quote!(#value; #count);
    } else if let Ok(mut list) =
        Punctuated::<Expr, Token![,]>::parse_terminated.parse2(mac.tokens.clone())
    {
        let written = mac.tokens.clone();
        for expression in &mut list {
            twin.visit_expr_mut(expression);
        }
        mac.tokens = quote!(#list);
        // An assertion's own message quotes the condition as the user wrote it.
        let asserts = mac.path.is_ident("assert") || mac.path.is_ident("debug_assert");
        if asserts && list.len() == 1 && !list.trailing_punct() {
            mac.tokens = quote!(#list, "assertion failed: {}", stringify!(#written));
        }
    }
}

/// The arguments of `vec![value; count]`.
fn repetition(input: syn::parse::ParseStream) -> syn::Result<(Expr, Expr)> {
    let value = input.parse()?;
    input.parse::<Token![;]>()?;
    Ok((value, input.parse()?))
}
