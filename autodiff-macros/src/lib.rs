//! The macros of `autodiff`, as entry points over the compiler library.

use proc_macro::TokenStream;

/// Differentiates the function, the method or the functions of the `impl` block that it stands above; see the crate
/// `autodiff`.
///
/// The derivatives of a free function are associated functions of a type of its name: `loss::gradient(x)`. Those of a
/// method stand beside it, under names that start with its own: `model.loss_gradient(x)`; a `Workspace` comes right
/// behind `self`. An associated function without `self` says `#[differentiable(associated)]`, since a macro does not see
/// where it stands.
///
/// On an `impl` block, `#[differentiable]` takes each function inside that can have derivatives. Options on the block hold
/// for all of them (`wrt(x)` for those that have an `x`), options on a function for that one, and
/// `#[differentiable(skip)]` leaves one out. Of the `impl` of a trait, the derivatives stand in an inherent block beside
/// it; where that would bring a name twice (`impl Mul<f64>` and `impl Mul<Vec3>` for one type), `companion = mul_vec` on
/// the function gives another one: `mul_vec_gradient`.
#[proc_macro_attribute]
pub fn differentiable(attr: TokenStream, item: TokenStream) -> TokenStream {
    autodiff_compiler::expand(attr.into(), item.into()).into()
}

/// Makes a struct differentiable, and its tangent beside it; see the trait `Differentiable` of the crate `autodiff`.
#[proc_macro_derive(Differentiable, attributes(no_derivative, differentiable))]
pub fn derive_differentiable(item: TokenStream) -> TokenStream {
    autodiff_compiler::derive_differentiable::derive(item.into()).into()
}
