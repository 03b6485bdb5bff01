//! The conductor: the passes in order.

use proc_macro2::TokenStream;
use quote::quote;
use syn::ItemFn;

use crate::diagnostics::{Errors, NOT_A_FUNCTION};
use crate::differentiate::derive;
use crate::simplify::PassSet;
use crate::{dump, emit, lower};

/// Expands `#[differentiable(attr)] item`: the item as it stands, and beside it its companion.
pub fn expand(attr: TokenStream, item: TokenStream) -> TokenStream {
    let Ok(function) = syn::parse2::<ItemFn>(item.clone()) else {
        let errors = Errors::default();
        errors.at(&item, &NOT_A_FUNCTION);
        let error = errors.finish().err().map(|error| error.to_compile_error());
        return quote!(#item #error);
    };
    let (signature, lowered) = lower::function(attr, &function);
    let companion = match lowered {
        Ok(lowered) => {
            dump::stage("lower", &lowered.function);
            let derivatives = derive(&lowered.function, signature.order, PassSet::ALL);
            dump::derivatives(&derivatives);
            emit::companion(&signature, &derivatives)
        }
        Err(error) => {
            let error = error.to_compile_error();
            let stub = emit::stub_companion(&signature);
            quote!(#error #stub)
        }
    };
    quote!(#item #companion)
}
