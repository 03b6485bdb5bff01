//! The conductor: the passes in order.

use proc_macro2::TokenStream;
use quote::quote;
use syn::{DeriveInput, ItemFn, ItemImpl};

use crate::diagnostics::{Errors, FOREIGN_IMPL, NOT_A_FUNCTION, NOTHING_ACTIVE, ON_A_TYPE};
use crate::differentiate::derive_written;
use crate::lower::Front;
use crate::methods::{self, Method};
use crate::signature::Home;
use crate::simplify::PassSet;
use crate::strip::{without_own_attributes, without_own_attributes_of_block};
use crate::{attr, dump, emit, lower, nesting, parse};

/// Expands `#[differentiable(attr)] item`: the item as it stands, and beside it its derivatives.
pub fn expand(attr: TokenStream, item: TokenStream) -> TokenStream {
    if let Err(error) = nesting::check(&item) {
        let error = error.to_compile_error();
        return quote!(#item #error);
    }
    if let Ok(function) = syn::parse2::<ItemFn>(item.clone()) {
        return of_function(attr, &function, item);
    }
    let errors = Errors::default();
    if let Ok(block) = syn::parse2::<ItemImpl>(item.clone()) {
        if let Some(ty) = methods::without_inherent_block(&block) {
            errors.with(ty, &FOREIGN_IMPL, &[&parse::pretty(ty)]);
        }
        return match errors.finish() {
            Ok(()) => of_block(&attr, &block, item),
            Err(error) => {
                let error = error.to_compile_error();
                let item = without_own_attributes_of_block(item);
                quote!(#item #error)
            }
        };
    }
    match syn::parse2::<DeriveInput>(item.clone()) {
        Ok(of_type) => errors.at(&of_type.ident, &ON_A_TYPE),
        Err(_) => errors.at(&item, &NOT_A_FUNCTION),
    }
    let error = errors.finish().err().map(|error| error.to_compile_error());
    quote!(#item #error)
}

fn of_function(attr: TokenStream, function: &ItemFn, item: TokenStream) -> TokenStream {
    if attr::says(&attr, "skip") {
        return without_own_attributes(item);
    }
    let home = methods::home_of(&attr, function);
    let derivatives = derivatives(attr, &methods::with_typed_receiver(function.clone()), home);
    let item = without_own_attributes(item);
    quote!(#item #derivatives)
}

fn of_block(attr: &TokenStream, block: &ItemImpl, item: TokenStream) -> TokenStream {
    let derivatives: TokenStream = methods::of_block(attr, block)
        .into_iter()
        .filter(|method| {
            let Method {
                options,
                function,
                home,
                ..
            } = method;
            method.is_asked_for || lower::has_derivatives(options.clone(), function, home)
        })
        .map(|method| derivatives(method.options, &method.function, method.home))
        .collect();
    let errors = Errors::default();
    if derivatives.is_empty() {
        errors.at(&block.self_ty, &NOTHING_ACTIVE);
    }
    let error = errors.finish().err().map(|error| error.to_compile_error());
    let item = without_own_attributes_of_block(item);
    quote!(#item #derivatives #error)
}

/// The derivatives of a function, or the errors and what its signature promises.
fn derivatives(attr: TokenStream, function: &ItemFn, home: Home) -> TokenStream {
    let (signature, front) = lower::front(attr, function, home);
    match front {
        Ok(Front::Rule(rule)) => emit::companion_of_rule(&signature, &rule),
        Ok(Front::Body(lowered)) => {
            dump::stage("lower", &lowered.function);
            let derivatives = derive_written(&lowered.function, signature.order, PassSet::ALL);
            dump::derivatives(&derivatives);
            emit::companion(&signature, &lowered.bindings, &derivatives)
        }
        Err(error) => {
            let mut error = error.to_compile_error();
            let conditions = &signature.conditions;
            if !conditions.is_empty() && matches!(signature.home, Home::Block(_)) {
                // Code that is left out may be wrong.
                error = quote!(#(#conditions)* const _: () = { #error };);
            }
            let stub = emit::stub_companion(&signature);
            quote!(#error #stub)
        }
    }
}
