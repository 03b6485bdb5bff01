//! The type of the tangent of a field.

use proc_macro2::TokenStream;
use quote::quote;
use syn::spanned::Spanned;
use syn::{Type, parse_quote, parse_quote_spanned};

use super::parse::Field;
use crate::parse::strip;

/// The type of a field's tangent. Where the syntax alone tells it, it is written out, which reads better in
/// documentation and messages than an associated type; a name that could mean anything is left to rustc.
pub(super) fn field(private: &TokenStream, field: &Field) -> Type {
    if field.active {
        of(private, &field.ty)
    } else {
        parse_quote!(())
    }
}

fn of(private: &TokenStream, ty: &Type) -> Type {
    match strip(ty) {
        Type::Path(path) if is_scalar(path) => parse_quote!(#path),
        // A field that is borrowed has the tangent of what it refers to: so a lifetime does not reach the tangent.
        Type::Reference(reference) => of(private, &reference.elem),
        Type::Array(array) => {
            let (element, length) = (of(private, &array.elem), &array.len);
            parse_quote!([#element; #length])
        }
        Type::Tuple(tuple) => {
            let parts = tuple.elems.iter().map(|part| of(private, part));
            parse_quote!((#(#parts,)*))
        }
        ty => parse_quote_spanned!(ty.span()=> <#ty as #private::Differentiable>::Tangent),
    }
}

fn is_scalar(path: &syn::TypePath) -> bool {
    path.qself.is_none() && (path.path.is_ident("f64") || path.path.is_ident("f32"))
}

/// The default of a tangent: as its type says, but that arrays may have any length.
pub(super) fn default(private: &TokenStream, tangent: &Type) -> TokenStream {
    match tangent {
        Type::Array(array) => {
            let element = default(private, &array.elem);
            quote!(#private::from_fn(|_| #element))
        }
        Type::Tuple(tuple) => {
            let parts = tuple.elems.iter().map(|part| default(private, part));
            quote!((#(#parts,)*))
        }
        _ => quote!(#private::core::default::Default::default()),
    }
}

/// The types of which a tangent consists, arrays and tuples taken apart.
pub(super) fn leaves<'a>(tangent: &'a Type, found: &mut Vec<&'a Type>) {
    match tangent {
        Type::Array(array) => leaves(&array.elem, found),
        Type::Tuple(tuple) => tuple.elems.iter().for_each(|part| leaves(part, found)),
        leaf => found.push(leaf),
    }
}
