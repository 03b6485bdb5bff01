//! The conductor: the passes in order.

use proc_macro2::TokenStream;
use quote::{ToTokens, quote};
use syn::visit_mut::{VisitMut, visit_expr_mut};
use syn::{DeriveInput, Expr, ExprForLoop, ExprLoop, ExprWhile, ItemFn, ItemImpl};

use crate::diagnostics::{Errors, FOREIGN_IMPL, NOT_A_FUNCTION, ON_A_TYPE};
use crate::differentiate::derive_written;
use crate::lower::Front;
use crate::methods::{self, Method};
use crate::signature::Home;
use crate::simplify::PassSet;
use crate::{attr, dump, emit, lower, parse};

/// Expands `#[differentiable(attr)] item`: the item as it stands, and beside it its derivatives.
pub fn expand(attr: TokenStream, item: TokenStream) -> TokenStream {
    if let Ok(function) = syn::parse2::<ItemFn>(item.clone()) {
        return of_function(attr, function, item);
    }
    let errors = Errors::default();
    if let Ok(block) = syn::parse2::<ItemImpl>(item.clone()) {
        if let Some(ty) = methods::without_inherent_block(&block) {
            errors.with(ty, &FOREIGN_IMPL, &[&parse::pretty(ty)]);
        }
        return match errors.finish() {
            Ok(()) => of_block(&attr, block),
            Err(error) => {
                let error = error.to_compile_error();
                let block = without_attributes_inside(block);
                quote!(#block #error)
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

fn of_function(attr: TokenStream, function: ItemFn, item: TokenStream) -> TokenStream {
    if attr::says(&attr, "skip") {
        return without_own_attributes(function, item);
    }
    let home = methods::home_of(&attr, &function);
    let derivatives = derivatives(attr, &methods::with_typed_receiver(function.clone()), home);
    let item = without_own_attributes(function, item);
    quote!(#item #derivatives)
}

fn of_block(attr: &TokenStream, block: ItemImpl) -> TokenStream {
    let derivatives: TokenStream = methods::of_block(attr, &block)
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
    let block = without_attributes_inside(block);
    quote!(#block #derivatives)
}

/// The block as it stands, less the attributes in it that are ours.
fn without_attributes_inside(mut block: ItemImpl) -> ItemImpl {
    methods::strip(&mut block);
    Strip { found: false }.visit_item_impl_mut(&mut block);
    block
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
