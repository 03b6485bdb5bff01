//! The attribute macro of `autodiff`, as entry points over the compiler library.

use proc_macro::TokenStream;

/// Differentiates the function that it stands above; see the crate `autodiff`.
#[proc_macro_attribute]
pub fn differentiable(attr: TokenStream, item: TokenStream) -> TokenStream {
    autodiff_compiler::expand(attr.into(), item.into()).into()
}
