//! The conductor: the passes in order.

use proc_macro2::TokenStream;
use quote::{ToTokens, quote};
use syn::visit_mut::{VisitMut, visit_expr_mut};
use syn::{DeriveInput, Expr, ExprForLoop, ExprLoop, ExprWhile, ItemFn};

use crate::diagnostics::{Errors, NOT_A_FUNCTION, ON_A_TYPE};
use crate::differentiate::derive;
use crate::lower::Front;
use crate::simplify::PassSet;
use crate::{dump, emit, lower};

/// Expands `#[differentiable(attr)] item`: the item as it stands, and beside it its companion.
pub fn expand(attr: TokenStream, item: TokenStream) -> TokenStream {
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
    let item = without_own_attributes(function, item);
    quote!(#item #companion)
}

/// The item as it stands, less the attributes on its loops that are ours.
fn without_own_attributes(mut function: ItemFn, item: TokenStream) -> TokenStream {
    let mut strip = Strip { found: false };
    strip.visit_item_fn_mut(&mut function);
    if strip.found {
        function.into_token_stream()
    } else {
        item
    }
}

/// Takes `#[checkpoint]` off loops.
struct Strip {
    found: bool,
}

impl VisitMut for Strip {
    fn visit_expr_mut(&mut self, expr: &mut Expr) {
        if let Expr::ForLoop(ExprForLoop { attrs, .. })
        | Expr::While(ExprWhile { attrs, .. })
        | Expr::Loop(ExprLoop { attrs, .. }) = expr
        {
            let before = attrs.len();
            attrs.retain(|attribute| !attribute.path().is_ident("checkpoint"));
            self.found |= attrs.len() < before;
        }
        visit_expr_mut(self, expr);
    }
}
