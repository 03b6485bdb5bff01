//! Emission: from intermediate representation to plain, readable Rust.

mod body;
mod companion;
mod control;
mod documentation;
mod effects;
mod expression;
mod literal;
mod memory;
mod names;
mod operands;
mod operation;
mod shape;
mod statement;
mod tape;
mod types;
mod variables;
mod wrappers;

use proc_macro2::{Group, Ident, Span, TokenStream, TokenTree};
use quote::quote;

use crate::derivatives::Derivatives;
use crate::signature::Signature;
use companion::Companion;

/// The companion type of a function and its associated functions.
pub fn companion(signature: &Signature, derivatives: &Derivatives) -> TokenStream {
    let companion = Companion::new(signature, derivatives);
    let mut items = vec![companion.jvp(), companion.vjp()];
    items.extend(companion.vjp_into());
    items.extend(companion.pullback());
    items.extend(companion.gradient());
    items.extend(companion.gradient_into());
    items.extend(companion.value_and_gradient());
    let functions = items.iter().map(|item| companion.function(item));
    let documentation = documentation::attributes(&documentation::companion(&companion));
    let (visibility, name) = (&signature.visibility, &signature.companion);
    hygienic(quote! {
        #documentation
        #visibility enum #name {}
        impl #name { #(#functions)* }
    })
}

/// Gives all tokens the hygiene of the macro: variables are ours alone, lints take the code for what it is, and
/// errors still point where the tokens came from.
fn hygienic(tokens: TokenStream) -> TokenStream {
    tokens
        .into_iter()
        .map(|tree| match tree {
            TokenTree::Group(group) => {
                let mut ours = Group::new(group.delimiter(), hygienic(group.stream()));
                ours.set_span(Span::mixed_site().located_at(group.span()));
                TokenTree::Group(ours)
            }
            // `$crate` means what it means where it was written.
            TokenTree::Ident(ident) if ident == "$crate" => TokenTree::Ident(ident),
            mut other => {
                other.set_span(Span::mixed_site().located_at(other.span()));
                other
            }
        })
        .collect()
}

/// Whether `ident` occurs in the tokens.
fn mentions(tokens: &TokenStream, ident: &Ident) -> bool {
    tokens.clone().into_iter().any(|tree| match tree {
        TokenTree::Ident(other) => other == *ident,
        TokenTree::Group(group) => mentions(&group.stream(), ident),
        TokenTree::Punct(_) | TokenTree::Literal(_) => false,
    })
}
