//! Generic parameters, bound by what derivatives need of them.

use proc_macro2::TokenStream;
use syn::punctuated::Punctuated;
use syn::{Generics, Token, TypeParamBound, WherePredicate, parse_quote};

use crate::ir::{FloatType, ScalarType, Type};
use crate::signature::{Header, Signature};

/// The generics of the function; type parameters that are active scalars are bound by `Scalar`.
pub(super) fn of_function(signature: &Signature, private: &TokenStream) -> Generics {
    fn floats(ty: &Type, found: &mut Vec<String>) {
        match ty {
            Type::Scalar(ScalarType::Float(FloatType::Named(code))) => {
                found.push(code.text().to_owned())
            }
            Type::Scalar(_) => {}
            Type::Tuple(parts) => parts.iter().for_each(|part| floats(part, found)),
            Type::Array(element, _) | Type::Slice(element) | Type::Vec(element) => {
                floats(element, found)
            }
        }
    }
    let mut found = Vec::new();
    for ty in signature
        .parameters
        .iter()
        .filter_map(|parameter| parameter.ty.as_ref())
    {
        floats(ty, &mut found);
    }
    if let Some(result) = &signature.result {
        floats(&result.ty, &mut found);
    }
    bound(&signature.generics, &found, private)
}

/// The generics of the block that the derivatives stand in; type parameters that are scalars are bound by `Scalar`.
pub(super) fn of_block(signature: &Signature, header: &Header, private: &TokenStream) -> Generics {
    let scalars = signature.generic_scalars.iter().map(ToString::to_string);
    let scalars: Vec<String> = scalars.collect();
    bound(&header.generics, &scalars, private)
}

/// Generics with the bound `Scalar` for the type parameters named.
fn bound(generics: &Generics, scalars: &[String], private: &TokenStream) -> Generics {
    let mut generics = generics.clone();
    let bounds: Vec<TypeParamBound> = vec![parse_quote!(#private::Scalar)];
    for parameter in generics.type_params_mut() {
        if scalars.contains(&parameter.ident.to_string()) {
            parameter.bounds = without_real(&parameter.bounds);
            parameter.bounds.extend(bounds.iter().cloned());
        }
    }
    for predicate in generics
        .where_clause
        .iter_mut()
        .flat_map(|clause| &mut clause.predicates)
    {
        if let WherePredicate::Type(predicate) = predicate {
            predicate.bounds = without_real(&predicate.bounds);
        }
    }
    generics
}

/// Bounds without `Real`, which every `Scalar` is: its methods have the names of those of `Float`.
fn without_real(bounds: &Bounds) -> Bounds {
    let is_real = |bound: &TypeParamBound| match bound {
        TypeParamBound::Trait(bound) => bound
            .path
            .segments
            .last()
            .is_some_and(|last| last.ident == "Real"),
        _ => false,
    };
    bounds
        .iter()
        .filter(|bound| !is_real(bound))
        .cloned()
        .collect()
}

type Bounds = Punctuated<TypeParamBound, Token![+]>;
