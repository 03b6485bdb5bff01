//! The conductor: the passes in order.

use proc_macro2::{Delimiter, Group, TokenStream, TokenTree};
use quote::quote;
use syn::{DeriveInput, ItemFn};

use crate::diagnostics::{Errors, NOT_A_FUNCTION, ON_A_TYPE};
use crate::differentiate::derive;
use crate::lower::Front;
use crate::simplify::PassSet;
use crate::{dump, emit, lower, nesting};

/// Expands `#[differentiable(attr)] item`: the item as it stands, and beside it its companion.
pub fn expand(attr: TokenStream, item: TokenStream) -> TokenStream {
    if let Err(error) = nesting::check(&item) {
        let error = error.to_compile_error();
        return quote!(#item #error);
    }
    let Ok(function) = syn::parse2::<ItemFn>(item.clone()) else {
        let errors = Errors::default();
        match syn::parse2::<DeriveInput>(item.clone()) {
            Ok(of_type) => errors.at(&of_type.ident, &ON_A_TYPE),
            Err(_) => errors.at(&item, &NOT_A_FUNCTION),
        }
        let error = errors.finish().err().map(|error| error.to_compile_error());
        return quote!(#item #error);
    };
    let (signature, front) = lower::front(attr, &function);
    let companion = match front {
        Ok(Front::Rule(rule)) => emit::companion_of_rule(&signature, &rule),
        Ok(Front::Body(lowered)) => {
            dump::stage("lower", &lowered.function);
            let derivatives = derive(&lowered.function, signature.order, PassSet::ALL);
            dump::derivatives(&derivatives);
            emit::companion(&signature, &lowered.bindings, &derivatives)
        }
        Err(error) => {
            let error = error.to_compile_error();
            // Inside of an `impl` no companion can stand.
            let stub = function
                .sig
                .receiver()
                .is_none()
                .then(|| emit::stub_companion(&signature));
            quote!(#error #stub)
        }
    };
    let item = without_own_attributes(item);
    quote!(#item #companion)
}

/// The item as it stands, less the attributes on its loops that are ours. The tokens are the user's own: syn would
/// write some of them in another way.
fn without_own_attributes(item: TokenStream) -> TokenStream {
    let mut tokens: Vec<TokenTree> = item.into_iter().collect();
    let mut at = tokens.len();
    // Whether what follows is a loop, perhaps behind a label and other attributes.
    let mut before_loop = false;
    while at > 0 {
        at -= 1;
        if is_attribute(&tokens, at) {
            if before_loop && names(&tokens[at], "checkpoint") {
                tokens.drain(at - 1..=at);
            }
            at -= 1;
            continue;
        }
        let is_named_label = before_loop && at > 0 && is_sign(&tokens[at - 1], '\'');
        match &mut tokens[at] {
            TokenTree::Group(group) => {
                let mut inner =
                    Group::new(group.delimiter(), without_own_attributes(group.stream()));
                inner.set_span(group.span());
                *group = inner;
                before_loop = false;
            }
            TokenTree::Ident(word) => {
                before_loop = is_named_label
                    || ["for", "while", "loop"]
                        .iter()
                        .any(|keyword| word == keyword);
            }
            TokenTree::Punct(sign) => before_loop &= [':', '\''].contains(&sign.as_char()),
            TokenTree::Literal(_) => before_loop = false,
        }
    }
    tokens.into_iter().collect()
}

/// Whether the token at a position is the bracket of an attribute.
fn is_attribute(tokens: &[TokenTree], at: usize) -> bool {
    let is_bracket =
        matches!(&tokens[at], TokenTree::Group(group) if group.delimiter() == Delimiter::Bracket);
    is_bracket && at > 0 && is_sign(&tokens[at - 1], '#')
}

fn is_sign(token: &TokenTree, sign: char) -> bool {
    matches!(token, TokenTree::Punct(punct) if punct.as_char() == sign)
}

/// Whether an attribute has this name.
fn names(attribute: &TokenTree, name: &str) -> bool {
    let TokenTree::Group(attribute) = attribute else {
        return false;
    };
    matches!(attribute.stream().into_iter().next(), Some(TokenTree::Ident(word)) if word == name)
}
