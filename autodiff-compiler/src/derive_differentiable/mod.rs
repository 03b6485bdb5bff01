//! `#[derive(Differentiable)]`: the tangent of a struct, and what makes it the tangent.
//!
//! A pipeline of its own beside that of functions: `parse` may fail and collects all errors, `tangent` and `generics`
//! decide which types and parameters the tangent has, `emit` writes it all down.

mod emit;
mod generics;
mod parse;
mod tangent;

use proc_macro2::TokenStream;
use quote::quote;
use syn::DeriveInput;

use crate::diagnostics::Errors;

/// Expands `#[derive(Differentiable)] item`: what stands beside the item.
pub fn derive(item: TokenStream) -> TokenStream {
    let item = match syn::parse2::<DeriveInput>(item) {
        Ok(item) => item,
        Err(error) => return error.to_compile_error(),
    };
    let errors = Errors::default();
    let parsed = parse::structure(&item, &errors);
    let errors = errors.finish().err().map(|error| error.to_compile_error());
    let implementations = match &parsed {
        Some(structure) => emit::implementations(structure),
        None => emit::stub(&item),
    };
    quote!(#errors #implementations)
}
