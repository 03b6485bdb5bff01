//! The types that the user wrote.

use super::{Builder, optional};
use crate::hir::types::Ty;
use crate::ir::{Code, Length};

impl Builder<'_> {
    /// The length of an array type, with the local constants that it needs.
    pub(super) fn array_length(&self, length: &syn::Expr) -> Length {
        match crate::parse::length(length) {
            Length::Constant(code) => {
                Length::Constant(Code::new(self.with_items(code.tokens().clone())))
            }
            literal => literal,
        }
    }

    /// The type that the user wrote, behind its reference if there is one; errors give a fresh type.
    pub(super) fn written_type(&mut self, ty: &syn::Type) -> Ty {
        let ty = crate::parse::strip(ty);
        match ty {
            syn::Type::Reference(reference) => self.written_type(&reference.elem),
            syn::Type::Infer(_) => self.types.fresh(),
            syn::Type::Array(array) => Ty::Array(
                Box::new(self.written_type(&array.elem)),
                crate::parse::length(&array.len),
            ),
            syn::Type::Slice(slice) => Ty::Slice(Box::new(self.written_type(&slice.elem))),
            syn::Type::Tuple(tuple) => Ty::Tuple(
                tuple
                    .elems
                    .iter()
                    .map(|part| self.written_type(part))
                    .collect(),
            ),
            _ => match (crate::parse::model(ty, self.scalars), vec_element(ty)) {
                (Some(ty), _) => self.types.adopt(&ty),
                (None, Some(element)) => Ty::Vec(Box::new(self.written_type(element))),
                (None, None) => match optional::inside(ty) {
                    Some(value) => Ty::Option(Box::new(self.written_type(value))),
                    // An alias, or a type of the user's; rustc alone knows it.
                    None => self.types.fresh(),
                },
            },
        }
    }
}

/// The element type of `Vec<T>`, whatever it is.
pub(super) fn vec_element(ty: &syn::Type) -> Option<&syn::Type> {
    let syn::Type::Path(path) = ty else {
        return None;
    };
    let last = path.path.segments.last()?;
    let syn::PathArguments::AngleBracketed(arguments) = &last.arguments else {
        return None;
    };
    match arguments.args.first()? {
        syn::GenericArgument::Type(element) if last.ident == "Vec" => Some(element),
        _ => None,
    }
}
