//! Emission: from intermediate representation to plain, readable Rust.

mod body;
mod companion;
mod control;
mod documentation;
mod effects;
mod expression;
mod first_order;
mod flat;
mod formula;
mod interface;
mod kind;
mod literal;
mod memory;
mod names;
mod operands;
mod operation;
mod pending;
mod second_order;
mod shape;
mod statement;
mod tape;
mod types;
mod variables;

use proc_macro2::{Group, Ident, Span, TokenStream, TokenTree};
use quote::quote;

use crate::derivatives::Derivatives;
use crate::signature::Signature;
use companion::{Companion, Item};
use kind::Kind;

/// The companion type of a function and its associated functions. `bindings` are names in the function's patterns
/// that were taken for variables.
pub fn companion(
    signature: &Signature,
    bindings: &[Ident],
    derivatives: &Derivatives,
) -> TokenStream {
    let mut companion = Companion::new(signature, Some(derivatives));
    companion.formulas = derivatives.gradient.as_ref().and_then(|gradient| {
        formula::partials(gradient, |i| {
            companion.signature.parameters[i].name.to_string()
        })
    });
    let items = items(&companion, derivatives);
    type_with(
        &companion,
        bindings,
        items.iter().map(|item| companion.function(item)).collect(),
    )
}

/// The companion type of a function that can't be differentiated: what its signature promises, for code that uses it.
pub fn stub_companion(signature: &Signature) -> TokenStream {
    let companion = Companion::new(signature, None);
    let kinds = Kind::PUBLIC.into_iter().filter(|kind| companion.has(*kind));
    let functions = kinds.map(|kind| companion.function(&companion.stub(kind)));
    type_with(&companion, &[], functions.collect())
}

/// All functions that the companion has.
fn items(companion: &Companion, derivatives: &Derivatives) -> Vec<Item> {
    let mut items = vec![companion.item(Kind::Jvp, &derivatives.jvp), companion.vjp()];
    items.extend(companion.vjp_into(&derivatives.vjp_into));
    items.extend(
        derivatives
            .pullback
            .as_ref()
            .map(|pullback| companion.pullback(pullback)),
    );
    if let Some(gradient) = &derivatives.gradient {
        items.push(companion.item(Kind::Gradient, gradient));
        items.push(companion.gradient_into(Kind::GradientInto));
        items.push(companion.gradient_into(Kind::GradientIntoWith));
    }
    if let Some(both) = &derivatives.value_and_gradient {
        // Where there are loops, a cotangent that is known to be 1 is not worth a body of its own.
        let is_short = both.body.stmts.iter().all(|stmt| stmt.blocks().is_empty());
        items.push(match is_short {
            true => companion.item(Kind::ValueAndGradient, both),
            false => companion.value_and_gradient(),
        });
    }
    if let Some(second_order) = &derivatives.second_order {
        items.push(companion.item(Kind::SecondOrder, second_order));
        items.push(companion.hvp());
    }
    if companion.has(Kind::Hessian) {
        match &derivatives.symbolic_hessian {
            Some(hessian) => items.extend([
                companion.hessian_of_all(),
                companion.symbolic_hessian(hessian),
            ]),
            None => items.extend([companion.hessian(), companion.all_of_parts()]),
        }
    }
    if companion.has(Kind::Jacobian) {
        let (jacobian, sweep) = companion.jacobian();
        items.extend(
            derivatives
                .jvp_lanes
                .as_ref()
                .filter(|_| sweep)
                .map(|f| companion.item(Kind::JvpLanes, f)),
        );
        items.push(jacobian);
    }
    items
}

/// The companion type with these functions.
fn type_with(
    companion: &Companion,
    bindings: &[Ident],
    functions: Vec<TokenStream>,
) -> TokenStream {
    let documentation = documentation::attributes(&documentation::companion(companion));
    let mention = companion.mention();
    let (visibility, name, facade) = (
        &companion.signature.visibility,
        &companion.signature.companion,
        &companion.signature.facade,
    );
    let private = &companion.private;
    let hidden = companion.signature.hidden.then(|| quote!(#[doc(hidden)]));
    let variables = companion.names.variables(bindings);
    let bindings = (!bindings.is_empty()).then(|| quote!(#private::bindings!(#(#bindings),*);));
    // Clippy's advice is for code that people write: a derivative has as many parameters as there are directions, and
    // keeps whatever clippy would have had the user change.
    hygienic(quote! {
        #documentation
        #hidden
        #visibility enum #name {}
        const _: () = {
            use #facade::__private as #private;
            #private::names!(#(#variables),*);
            #bindings
            #[allow(clippy::all, clippy::pedantic, clippy::nursery)]
            impl #name { #(#functions)* }
            #mention
        };
    })
}

/// Gives all tokens the hygiene of the macro: variables are ours alone, lints take the code for what it is, and
/// errors still point where the tokens came from.
pub(crate) fn hygienic(tokens: TokenStream) -> TokenStream {
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
            // A name until edition 2021, but a keyword in ours.
            TokenTree::Ident(ident) if ident == "gen" => TokenTree::Ident(Ident::new_raw(
                "gen",
                Span::mixed_site().located_at(ident.span()),
            )),
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
