//! The macros of `autodiff`, as entry points over the compiler library.

use proc_macro::TokenStream;

/// Differentiates the function that it stands above; see the crate `autodiff`.
#[proc_macro_attribute]
pub fn differentiable(attr: TokenStream, item: TokenStream) -> TokenStream {
    autodiff_compiler::expand(attr.into(), item.into()).into()
}

/// Makes a struct differentiable, and its tangent beside it; see the trait `Differentiable` of the crate `autodiff`.
#[proc_macro_derive(Differentiable, attributes(no_derivative, differentiable))]
pub fn derive_differentiable(item: TokenStream) -> TokenStream {
    autodiff_compiler::derive_differentiable::derive(item.into()).into()
}
