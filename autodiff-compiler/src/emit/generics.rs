//! Generic parameters, bound by what derivatives need of them.

use proc_macro2::TokenStream;
use syn::punctuated::Punctuated;
use syn::{Generics, Token, TypeParamBound, WherePredicate, parse_quote};

use crate::ir::{FloatType, Type};
use crate::signature::{Header, Signature};

/// The generics of the function; type parameters that are active scalars are bound by `Scalar`.
pub(super) fn of_function(signature: &Signature, private: &TokenStream) -> Generics {
    let mut floats = Vec::new();
    let types = signature
        .parameters
        .iter()
        .filter_map(|parameter| parameter.ty.as_ref());
    let types: Vec<&Type> = types
        .chain(signature.result.iter().map(|result| &result.ty))
        .collect();
    types.iter().for_each(|ty| ty.add_floats(&mut floats));
    let mut found: Vec<String> = floats
        .iter()
        .filter_map(|float| match float {
            FloatType::Named(code) => Some(code.text().to_owned()),
            FloatType::F32 | FloatType::F64 => None,
        })
        .collect();
    // A struct may be generic over any of the scalars.
    if types.iter().any(|ty| ty.has_struct()) {
        found.extend(signature.generic_scalars.iter().map(ToString::to_string));
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
