//! The scalars of a place in their flattened order: counted and visited.

use proc_macro2::{Ident, TokenStream};
use quote::quote;

use super::names::Names;
use super::{shape, types};
use crate::ir::{Length, Type};

/// How many floats a place of the type holds, if that is a literal.
pub(super) fn literal_count(ty: &Type) -> Option<usize> {
    if !ty.has_float() {
        return Some(0);
    }
    match ty {
        Type::Scalar(_) => Some(1),
        Type::Array(element, Length::Literal(length)) => {
            literal_count(element)?.checked_mul(*length)
        }
        Type::Array(_, Length::Constant(_)) | Type::Slice(_) | Type::Vec(_) | Type::Struct(_) => {
            None
        }
        Type::Tuple(parts) => parts.iter().map(literal_count).sum(),
    }
}

/// An integer literal.
pub(super) fn literal(n: usize) -> TokenStream {
    let n = proc_macro2::Literal::usize_unsuffixed(n);
    quote!(#n)
}

/// How many floats a place of the type holds, as the length of an array, if that is fixed and can be written as one.
pub(super) fn fixed_count(ty: &Type) -> Option<TokenStream> {
    match ty {
        Type::Array(element, length) if matches!(**element, Type::Scalar(_)) && ty.has_float() => {
            Some(types::length(length))
        }
        _ => literal_count(ty).map(literal),
    }
}

/// How many floats the place `place` holds, as an expression; the place may be followed by a dot. A struct is the place
/// itself, no reference to it.
pub(super) fn count(
    private: &TokenStream,
    names: &mut Names,
    ty: &Type,
    place: &TokenStream,
) -> TokenStream {
    if let Some(count) = literal_count(ty) {
        return literal(count);
    }
    match ty {
        Type::Scalar(_) => quote!(1),
        Type::Array(element, _) | Type::Slice(element) | Type::Vec(element) => {
            let length = match ty {
                Type::Array(_, length) => types::length(length),
                _ => quote!(#place.len()),
            };
            match (literal_count(element), shape::is_copy(element)) {
                (Some(1), _) => length,
                (_, true) => {
                    let inner = count(private, names, element, place);
                    quote!(#length * (#inner))
                }
                (_, false) => {
                    names.enter();
                    let part = names.fresh("part");
                    let whole = super::shape::whole(element, &part);
                    let inner = count(private, names, element, &whole);
                    names.leave();
                    quote!(#private::count(&#place[..], |#part| #inner))
                }
            }
        }
        Type::Struct(found) => {
            let place = shape::borrowed(place);
            match found.tangent {
                true => quote!(#private::dimension(#place)),
                false => quote!(#private::dimension_at(#place)),
            }
        }
        Type::Tuple(parts) => {
            let parts = parts
                .iter()
                .enumerate()
                .filter(|(_, part)| part.has_float())
                .map(|(i, part)| {
                    let field = syn::Index::from(i);
                    count(private, names, part, &quote!(#place.#field))
                });
            quote!(#(#parts)+*)
        }
    }
}

/// Statements that visit each float of the place in the flattened order; `place` is the place itself, and `visit`
/// gets a reference to the float, of the type `float`, or to its derivative. The floats of a struct that are visited to be changed are zeros.
pub(super) fn for_each(
    (private, float): (&TokenStream, &TokenStream),
    names: &mut Names,
    ty: &Type,
    mutable: bool,
    place: &TokenStream,
    visit: &dyn Fn(&TokenStream) -> TokenStream,
) -> TokenStream {
    if !ty.has_float() {
        return quote!();
    }
    let borrow = if mutable { quote!(&mut) } else { quote!(&) };
    match ty {
        Type::Scalar(_) => visit(&quote!(#borrow #place)),
        Type::Array(element, _) | Type::Slice(element) | Type::Vec(element) => {
            names.enter();
            let part = names.fresh("part");
            let body = if let Type::Scalar(_) = **element {
                visit(&quote!(#part))
            } else {
                for_each(
                    (private, float),
                    names,
                    element,
                    mutable,
                    &quote!((*#part)),
                    visit,
                )
            };
            names.leave();
            quote!(for #part in #borrow #place { #body })
        }
        Type::Struct(_) => {
            names.enter();
            let scalar = names.fresh("scalar");
            let body = visit(&quote!(#scalar));
            names.leave();
            let (walk, place) = match mutable {
                true => (quote!(set_scalars), shape::changed(place)),
                false => (quote!(for_each_scalar), shape::borrowed(place)),
            };
            quote!(#private::#walk(#place, |#scalar: #borrow #float| { #body });)
        }
        Type::Tuple(parts) => parts
            .iter()
            .enumerate()
            .map(|(i, part)| {
                let field = syn::Index::from(i);
                for_each(
                    (private, float),
                    names,
                    part,
                    mutable,
                    &quote!(#place.#field),
                    visit,
                )
            })
            .collect(),
    }
}

/// A variable that counts, and the statement that declares it.
pub(super) fn counter(names: &mut Names) -> (Ident, TokenStream) {
    let at = names.fresh("at");
    let declaration = quote!(let mut #at = 0;);
    (at, declaration)
}
