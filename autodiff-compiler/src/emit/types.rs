//! Types as tokens.

use proc_macro2::{Ident, TokenStream};
use quote::quote;

use super::names::identifier;
use crate::ir::{Code, FloatType, Length, ScalarType, Type};

/// A floating-point type.
pub(super) fn float(ty: &FloatType) -> TokenStream {
    match ty {
        FloatType::F32 => quote!(f32),
        FloatType::F64 => quote!(f64),
        FloatType::Named(code) => code.tokens().clone(),
    }
}

/// A scalar type; what only rustc knows is left to rustc.
pub(super) fn scalar(ty: &ScalarType) -> TokenStream {
    match ty {
        ScalarType::Float(ty) => float(ty),
        ScalarType::Integer(name) => {
            let name = identifier(name);
            quote!(#name)
        }
        ScalarType::Bool => quote!(bool),
        ScalarType::Char => quote!(char),
        ScalarType::Inferred => quote!(_),
    }
}

/// The length of an array.
pub(super) fn length(length: &Length) -> TokenStream {
    match length {
        Length::Literal(n) => {
            let n = proc_macro2::Literal::usize_unsuffixed(*n);
            quote!(#n)
        }
        Length::Constant(code) => {
            let tokens = code.tokens();
            // A path or a literal needs no braces, any other constant expression does.
            let simple = syn::parse2::<Ident>(tokens.clone()).is_ok();
            if simple {
                tokens.clone()
            } else {
                quote!({ #tokens })
            }
        }
    }
}

/// A type; with `lanes`, each float in it is a derivative of that type.
pub(super) fn place(private: &TokenStream, ty: &Type, lanes: Option<&TokenStream>) -> TokenStream {
    match ty {
        Type::Scalar(ty) => match lanes {
            Some(lanes) if ty.is_float() => lanes.clone(),
            _ => scalar(ty),
        },
        Type::Array(element, len) => {
            let (element, len) = (place(private, element, lanes), length(len));
            quote!([#element; #len])
        }
        Type::Slice(element) => {
            let element = place(private, element, lanes);
            quote!([#element])
        }
        Type::Vec(element) => {
            let element = place(private, element, lanes);
            quote!(#private::Vec<#element>)
        }
        Type::Tuple(parts) => {
            let parts = parts.iter().map(|part| place(private, part, lanes));
            quote!((#(#parts,)*))
        }
        Type::Struct(found) => {
            let path = found.path.as_ref().map(Code::tokens);
            match path {
                Some(path) if found.tangent => quote!(<#path as #private::Differentiable>::Tangent),
                Some(path) => path.clone(),
                None => quote!(_),
            }
        }
    }
}

/// The type of tangents of a type: the same where it holds floats, `()` where it holds none.
pub(super) fn tangent(ty: &Type) -> Type {
    if !ty.has_float() {
        return Type::Tuple(Vec::new());
    }
    match ty {
        Type::Struct(_) => ty.tangent(),
        Type::Scalar(_) => ty.clone(),
        Type::Array(element, len) => Type::Array(Box::new(tangent(element)), len.clone()),
        Type::Slice(element) => Type::Slice(Box::new(tangent(element))),
        Type::Vec(element) => Type::Vec(Box::new(tangent(element))),
        Type::Tuple(parts) => Type::Tuple(parts.iter().map(tangent).collect()),
    }
}
