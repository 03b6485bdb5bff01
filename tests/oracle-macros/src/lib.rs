//! The attribute macro `#[checked]`: an ordinary function, its twin over dual numbers, and the test that
//! compares every derivative function of the one with the other.
//!
//! Nothing here is shared with the compiler under test: the twin is the function's own text with the scalar
//! types replaced, so that rustc itself gives it its meaning.

mod calls;
mod harness;
mod options;
mod patterns;
mod signature;
mod structs;
mod twin;

use proc_macro::TokenStream;
use quote::quote;
use syn::{ItemFn, ItemStruct, parse_macro_input};

use options::Options;
use signature::Signature;

/// Differentiates the function and checks all its derivative functions at the given points.
///
/// `#[checked(at(1.2, [0.5, 0.1]), at(0.3, []), options(wrt(x), order = 1), tolerance = 1e-10)]`: each `at`
/// gives the arguments of one point, an array literal standing for a slice or a `Vec` too; `panics` gives those of a
/// point at which the function, of scalar result, panics, and with it every derivative function; `edge(at(..),
/// gradient(..))` gives a point with a gradient by convention, compared exactly; `calls` names the
/// functions that are called and checked themselves; `options` goes to `#[differentiable]`; `tolerance` is the relative one where the conditioning of the function asks for more than 1e-12.
#[proc_macro_attribute]
pub fn checked(attributes: TokenStream, item: TokenStream) -> TokenStream {
    let options = parse_macro_input!(attributes as Options);
    let function = parse_macro_input!(item as ItemFn);
    let companion = &options.companion;
    let attribute = quote!(#[::autodiff::differentiable(#companion)]);
    let attribute = (!options.by_hand).then_some(attribute);
    expand(&options, &function, harness::full)
        .map(|module| quote!(#attribute #function #module))
        .unwrap_or_else(|error| error.to_compile_error())
        .into()
}

/// Checks the function against its twin alone: their values bitwise, and the twin's derivatives against finite differences.
///
/// This takes the arguments of [`macro@checked`], so that the same samples test the oracle itself.
#[proc_macro_attribute]
pub fn twin_checked(attributes: TokenStream, item: TokenStream) -> TokenStream {
    let options = parse_macro_input!(attributes as Options);
    let function = parse_macro_input!(item as ItemFn);
    expand(&options, &function, harness::twin_only)
        .map(|module| {
            let function = twin::without_own_attributes(&function);
            quote!(#function #module)
        })
        .unwrap_or_else(|error| error.to_compile_error())
        .into()
}

/// Makes a struct one that samples take and give: derives `Differentiable`, and puts its twin beside it.
///
/// Types that are spelled like those of the user are such structs, in the file of the sample.
#[proc_macro_attribute]
pub fn twinned(_: TokenStream, item: TokenStream) -> TokenStream {
    structs::twinned(&parse_macro_input!(item as ItemStruct), true).into()
}

/// As [`macro@twinned`], where the compiler has no part.
#[proc_macro_attribute]
pub fn twin_twinned(_: TokenStream, item: TokenStream) -> TokenStream {
    structs::twinned(&parse_macro_input!(item as ItemStruct), false).into()
}

/// The hidden module with the twin and the test.
fn expand(
    options: &Options,
    function: &ItemFn,
    harness: fn(&Options, &Signature) -> proc_macro2::TokenStream,
) -> syn::Result<proc_macro2::TokenStream> {
    let signature = Signature::parse(options, function)?;
    let calls = signature.points(options)?;
    let twin = twin::twin(function, &options.calls);
    let harness = harness(options, &signature);
    let name = &signature.name;
    let module = quote::format_ident!("{name}_checked");
    Ok(quote! {
        // Generated text is as plain as its generator: no lint about style or about what a sample leaves unused
        // says anything of use here.
        #[cfg(test)]
        #[allow(warnings, clippy::all, clippy::pedantic)]
        pub mod #module {
            use super::*;
            #twin
            #harness
            #[test]
            fn #name() {
                #(#calls)*
            }
        }
    })
}
