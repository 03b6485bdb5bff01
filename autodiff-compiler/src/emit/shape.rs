//! Code that follows the shape of a type: zeros, sums, lengths.
//!
//! All of it is written out for the type at hand, so that it needs no trait that a user's type might lack, and works
//! on vectors of tangents as on numbers.

use proc_macro2::{Ident, TokenStream, TokenTree};
use quote::{ToTokens, quote};

use super::names::Names;
use super::{literal, types};
use crate::ir::{FloatType, ScalarType, Type};

/// What zeros have the shape of.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Like {
    Primal,
    Tangent,
}

impl Like {
    /// That of a place of this type.
    pub(super) fn of(ty: &Type) -> Self {
        match ty {
            Type::Struct(found) if found.tangent => Self::Tangent,
            Type::Scalar(_) | Type::Struct(_) => Self::Primal,
            Type::Array(element, _) | Type::Slice(element) | Type::Vec(element) => {
                Self::of(element)
            }
            Type::Tuple(parts) => match parts.iter().any(|part| Self::of(part) == Self::Tangent) {
                true => Self::Tangent,
                false => Self::Primal,
            },
        }
    }
}

/// A shared reference to a place, which may be what a reference refers to.
pub(super) fn borrowed(place: &TokenStream) -> TokenStream {
    dereferenced(place).unwrap_or_else(|| quote!(&#place))
}

/// A mutable reference to a place, likewise.
pub(super) fn changed(place: &TokenStream) -> TokenStream {
    dereferenced(place).unwrap_or_else(|| quote!(&mut #place))
}

/// The name of the reference in `*name` or `(*name)`.
fn dereferenced(place: &TokenStream) -> Option<TokenStream> {
    let mut tokens = place.clone().into_iter();
    match (tokens.next(), tokens.next(), tokens.next()) {
        (Some(TokenTree::Group(group)), None, _) => dereferenced(&group.stream()),
        (Some(TokenTree::Punct(star)), Some(TokenTree::Ident(name)), None)
            if star.as_char() == '*' =>
        {
            Some(name.into_token_stream())
        }
        _ => None,
    }
}

/// What a reference to an element refers to, as far as that has to be said.
pub(super) fn whole(element: &Type, reference: &Ident) -> TokenStream {
    match element {
        Type::Struct(_) => quote!((*#reference)),
        _ => quote!(#reference),
    }
}

/// Whether values of the type are copied by a mere assignment.
pub(super) fn is_copy(ty: &Type) -> bool {
    match ty {
        Type::Scalar(scalar) => *scalar != ScalarType::Inferred,
        Type::Array(element, _) => is_copy(element),
        Type::Tuple(parts) => parts.iter().all(is_copy),
        Type::Slice(_) | Type::Vec(_) | Type::Struct(_) => false,
    }
}

/// The neutral content of a type: zeros, `false`, an empty `Vec`. With `lanes`, floats are derivatives of that type.
pub(super) fn zero(private: &TokenStream, ty: &Type, lanes: Option<&TokenStream>) -> TokenStream {
    match ty {
        Type::Scalar(scalar) => match lanes {
            Some(lanes) if scalar.is_float() => quote!(#lanes::zero()),
            _ => literal::zero(private, scalar),
        },
        Type::Array(element, length) if is_copy(element) => {
            let (zero, length) = (zero(private, element, lanes), types::length(length));
            quote!([#zero; #length])
        }
        Type::Array(element, _) => {
            let zero = zero(private, element, lanes);
            quote!(#private::from_fn(|_| #zero))
        }
        Type::Slice(_) | Type::Vec(_) => quote!(#private::Vec::new()),
        Type::Tuple(parts) => {
            let parts = parts.iter().map(|part| zero(private, part, lanes));
            quote!((#(#parts,)*))
        }
        Type::Struct(_) => unreachable!("only rustc knows what is in a struct"),
    }
}

/// Zero where its type is known from what it is assigned to.
pub(super) fn untyped_zero(
    private: &TokenStream,
    ty: &Type,
    lanes: Option<&TokenStream>,
) -> TokenStream {
    match ty {
        Type::Scalar(ScalarType::Float(FloatType::F32 | FloatType::F64)) => match lanes {
            Some(lanes) => quote!(#lanes::zero()),
            None => quote!(0.0),
        },
        _ => zero(private, ty, lanes),
    }
}

/// The neutral content of a type in the shape of `like`, an expression that may be followed by a dot; a struct itself,
/// no reference to it. `of` says whether `like` is a primal or a tangent.
pub(super) fn zeros_like(
    private: &TokenStream,
    names: &mut Names,
    (ty, of): (&Type, Like),
    lanes: Option<&TokenStream>,
    like: &TokenStream,
) -> TokenStream {
    match ty {
        Type::Struct(_) => match of {
            Like::Primal => {
                let like = borrowed(like);
                quote!(#private::zero_tangent(#like))
            }
            Like::Tangent => {
                let like = borrowed(like);
                quote!(#private::zeroed(#like))
            }
        },
        _ if is_copy(ty) => zero(private, ty, lanes),
        Type::Slice(element) | Type::Vec(element) if is_copy(element) => {
            let zero = zero(private, element, lanes);
            quote!(#private::vec![#zero; #like.len()])
        }
        Type::Slice(element) | Type::Vec(element) => {
            names.enter();
            let part = names.fresh("part");
            let place = whole(element, &part);
            let inner = zeros_like(private, names, (element, of), lanes, &place);
            names.leave();
            quote!(#private::map(&#like, |#part| #inner))
        }
        Type::Array(element, _) => {
            names.enter();
            let i = names.fresh("i");
            let inner = zeros_like(private, names, (element, of), lanes, &quote!(#like[#i]));
            names.leave();
            quote!(#private::from_fn(|#i| #inner))
        }
        Type::Tuple(parts) => {
            let parts = parts.iter().enumerate().map(|(i, part)| {
                let field = syn::Index::from(i);
                zeros_like(private, names, (part, of), lanes, &quote!(#like.#field))
            });
            quote!((#(#parts,)*))
        }
        Type::Scalar(_) => zero(private, ty, lanes),
    }
}

/// Statements that add every float of the place `from` to its twin in the place `to`.
pub(super) fn add_up(
    private: &TokenStream,
    names: &mut Names,
    ty: &Type,
    to: &TokenStream,
    from: &TokenStream,
) -> TokenStream {
    each_pair(private, names, ty, to, from, &|ty, to, from| match ty {
        Type::Struct(_) => {
            let (to, from) = (changed(to), borrowed(from));
            quote!(#private::accumulate(#to, #from);)
        }
        _ => quote!(#to += #from;),
    })
}

/// What is done with a float of one place, or with a struct, and its twin in another.
pub(super) type Leaf<'a> = &'a dyn Fn(&Type, &TokenStream, &TokenStream) -> TokenStream;

/// Statements that run `leaf` for every float and every struct of the place `to` and its twin in the place `from`.
pub(super) fn each_pair(
    private: &TokenStream,
    names: &mut Names,
    ty: &Type,
    to: &TokenStream,
    from: &TokenStream,
    leaf: Leaf<'_>,
) -> TokenStream {
    if !ty.has_float() {
        return quote!();
    }
    match ty {
        Type::Scalar(_) | Type::Struct(_) => leaf(ty, to, from),
        Type::Array(element, _) | Type::Slice(element) | Type::Vec(element) => {
            pairwise(private, names, to, from, |names, a, b| {
                each_pair(private, names, element, &quote!(*#a), &quote!(*#b), leaf)
            })
        }
        Type::Tuple(parts) => fields(parts, |field, part| {
            each_pair(
                private,
                names,
                part,
                &quote!((#to).#field),
                &quote!((#from).#field),
                leaf,
            )
        }),
    }
}

/// Statements that set every float of a place to zero; a place that is neither scalar nor a struct may be a reference,
/// and may be followed by a dot.
pub(super) fn clear(
    private: &TokenStream,
    names: &mut Names,
    ty: &Type,
    lanes: Option<&TokenStream>,
    place: &TokenStream,
) -> TokenStream {
    if !ty.has_float() {
        return quote!();
    }
    match ty {
        Type::Scalar(_) => {
            let zero = untyped_zero(private, ty, lanes);
            quote!(#place = #zero;)
        }
        Type::Array(element, _) | Type::Slice(element) | Type::Vec(element) => {
            if let Type::Scalar(_) = **element {
                let zero = untyped_zero(private, element, lanes);
                return quote!(#place[..].fill(#zero););
            }
            names.enter();
            let part = names.fresh("part");
            let inner = whole(element, &part);
            let body = clear(private, names, element, lanes, &inner);
            names.leave();
            quote!(for #part in &mut #place[..] { #body })
        }
        Type::Struct(_) => {
            let place = changed(place);
            quote!(#private::clear(#place);)
        }
        Type::Tuple(parts) => fields(parts, |field, part| {
            clear(private, names, part, lanes, &quote!(#place.#field))
        }),
    }
}

/// Statements that panic unless the place `other` has the lengths of the place `primal`; both may be followed by a
/// dot. `name` is what the message calls the primal.
pub(super) fn check(
    private: &TokenStream,
    names: &mut Names,
    name: &str,
    ty: &Type,
    primal: &TokenStream,
    other: &TokenStream,
) -> TokenStream {
    if !ty.has_float() || is_copy(ty) {
        return quote!();
    }
    match ty {
        Type::Scalar(_) => quote!(),
        Type::Array(element, _) | Type::Slice(element) | Type::Vec(element) => {
            let own = match ty {
                Type::Array(..) => quote!(),
                // The name of a field ends in the field's.
                _ if name.contains('.') => {
                    quote!(#private::check_field_len(#name, #primal.len(), &#other);)
                }
                _ => quote!(#private::check_len(#name, #primal.len(), #other.len());),
            };
            if is_copy(element) {
                return own;
            }
            names.enter();
            let (a, b) = (names.fresh("part"), names.fresh("other"));
            let inner = check(private, names, name, element, &quote!(#a), &quote!(#b));
            names.leave();
            if inner.is_empty() {
                return own;
            }
            quote!(#own for (#a, #b) in #private::zip(&#primal[..], &#other[..]) { #inner })
        }
        Type::Struct(found) => {
            let fields = found.names.iter().zip(&found.types);
            fields
                .map(|(field, part)| {
                    let name = format!("{name}.{}", field.text());
                    let field = field.tokens();
                    let (primal, other) = (quote!(#primal.#field), quote!(#other.#field));
                    check(private, names, &name, part, &primal, &other)
                })
                .collect()
        }
        Type::Tuple(parts) => fields(parts, |field, part| {
            check(
                private,
                names,
                name,
                part,
                &quote!(#primal.#field),
                &quote!(#other.#field),
            )
        }),
    }
}

fn pairwise(
    private: &TokenStream,
    names: &mut Names,
    to: &TokenStream,
    from: &TokenStream,
    body: impl FnOnce(&mut Names, &Ident, &Ident) -> TokenStream,
) -> TokenStream {
    names.enter();
    let (a, b) = (names.fresh("to"), names.fresh("from"));
    let body = body(names, &a, &b);
    names.leave();
    quote!(for (#a, #b) in #private::zip(&mut #to, &#from) { #body })
}

fn fields(parts: &[Type], mut f: impl FnMut(syn::Index, &Type) -> TokenStream) -> TokenStream {
    parts
        .iter()
        .enumerate()
        .map(|(i, part)| f(syn::Index::from(i), part))
        .collect()
}
