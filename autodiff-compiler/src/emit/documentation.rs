//! The documentation of the derivative functions.

use proc_macro2::TokenStream;
use quote::quote;

use super::companion::Companion;

/// A documentation text as attributes, one a line.
pub(super) fn attributes(text: &str) -> TokenStream {
    let lines = text.lines().map(|line| {
        let line = if line.is_empty() {
            String::new()
        } else {
            format!(" {line}")
        };
        quote!(#[doc = #line])
    });
    quote!(#(#lines)*)
}

/// The documentation of the companion type.
pub(super) fn companion(companion: &Companion) -> String {
    format!(
        "The derivatives of the function [`{0}`](fn@{0}).",
        companion.signature.ident
    )
}

pub(super) fn jvp(companion: &Companion) -> String {
    format!(
        "The value of `{}` and its derivative along a direction (forward mode).\n\n\
         Takes the parameters, then a direction for each of {}.",
        companion.signature.ident,
        active(companion)
    )
}

pub(super) fn vjp(companion: &Companion) -> String {
    format!(
        "The value of `{}` and the adjoints of {} (reverse mode).\n\n\
         Takes the parameters, then the cotangent of the result.",
        companion.signature.ident,
        active(companion)
    )
}

pub(super) fn vjp_into(companion: &Companion) -> String {
    format!(
        "The value of `{}`; adds to the adjoints of {} (reverse mode, in place).",
        companion.signature.ident,
        active(companion)
    )
}

pub(super) fn with_workspace(name: &str) -> String {
    format!("As [`Self::{name}`], with buffers that are kept from one call to the next.")
}

pub(super) fn pullback(companion: &Companion) -> String {
    format!(
        "The value of `{}` and a function from a cotangent of the result to the adjoints of {}.",
        companion.signature.ident,
        active(companion)
    )
}

pub(super) fn gradient(companion: &Companion) -> String {
    format!(
        "The gradient of `{}` with respect to {}.",
        companion.signature.ident,
        active(companion)
    )
}

pub(super) fn gradient_into(companion: &Companion) -> String {
    format!(
        "The value of `{}`; overwrites the adjoints of {} with the gradient.",
        companion.signature.ident,
        active(companion)
    )
}

pub(super) fn value_and_gradient(companion: &Companion) -> String {
    format!(
        "The value and the gradient of `{}` with respect to {}.",
        companion.signature.ident,
        active(companion)
    )
}

fn active(companion: &Companion) -> String {
    let names: Vec<String> = companion
        .active
        .iter()
        .map(|(_, parameter)| format!("`{}`", parameter.name))
        .collect();
    match &names[..] {
        [] => "nothing".to_owned(),
        [one] => one.clone(),
        [rest @ .., last] => format!("{} and {last}", rest.join(", ")),
    }
}
