//! The types of directions, cotangents and adjoints, as the contract with users has them.

use proc_macro2::TokenStream;
use quote::{ToTokens, quote};

use super::companion::Companion;
use super::types;
use crate::ir::{FloatType, Role, ScalarType, Type};
use crate::signature::{Passing, SignatureParameter};

/// The type of the tangent of a parameter that owns its elements.
pub(super) fn owned_tangent(parameter: &SignatureParameter) -> Type {
    match parameter.ty.as_ref().map(types::tangent) {
        Some(ty) => owned(&ty),
        None => Type::Tuple(Vec::new()),
    }
}

/// The type of an owned copy.
pub(super) fn owned(ty: &Type) -> Type {
    match ty {
        Type::Slice(element) => Type::Vec(element.clone()),
        ty => ty.clone(),
    }
}

/// A parameter as an expression that may be followed by a dot; where that matters, not the reference that it is.
pub(super) fn parameter_place(parameter: &SignatureParameter) -> TokenStream {
    let name = &parameter.name;
    match (&parameter.ty, parameter.passing) {
        (Some(Type::Struct(_)), Passing::Shared | Passing::Mutable) => quote!((*#name)),
        _ => quote!(#name),
    }
}

/// The type of what a reference refers to: a slice of the elements where there may be any number.
pub(super) fn behind_reference(ty: Type) -> Type {
    match ty {
        Type::Vec(element) => Type::Slice(element),
        ty => ty,
    }
}

/// Whether a direction or cotangent of this type is handed in behind a reference though its primal is not.
pub(super) fn is_borrowed(ty: &Type) -> bool {
    matches!(ty, Type::Vec(_))
}

/// A tuple type or a tuple; of one part, the part.
pub(super) fn tuple(mut parts: Vec<TokenStream>) -> TokenStream {
    if parts.len() == 1 {
        parts.remove(0)
    } else {
        quote!((#(#parts),*))
    }
}

impl Companion<'_> {
    /// The type of what a role hands in.
    pub(super) fn role_type(&self, role: Role, lanes: Option<&TokenStream>) -> TokenStream {
        match role {
            Role::Primal(i) => self.signature.parameters[i].declared.to_token_stream(),
            Role::Direction(i) => {
                let parameter = &self.signature.parameters[i];
                let ty = owned_tangent(parameter);
                match parameter.passing {
                    Passing::Value if !is_borrowed(&ty) => types::place(&self.private, &ty, lanes),
                    Passing::Value | Passing::Shared => self.reference(quote!(&), ty, lanes),
                    Passing::Mutable => self.reference(quote!(&mut), ty, lanes),
                }
            }
            Role::Adjoint(i) => {
                let ty = owned_tangent(&self.signature.parameters[i]);
                self.reference(quote!(&mut), ty, lanes)
            }
            Role::Cotangent => match self.result_tangent() {
                Some(ty) if is_borrowed(&ty) => self.reference(quote!(&), ty, lanes),
                Some(ty) => types::place(&self.private, &ty, lanes),
                None => quote!(()),
            },
            Role::CotangentDirection | Role::AdjointDirection(_) => {
                unreachable!("only functions that generated code calls have these")
            }
        }
    }

    fn reference(&self, sigil: TokenStream, ty: Type, lanes: Option<&TokenStream>) -> TokenStream {
        let ty = types::place(&self.private, &behind_reference(ty), lanes);
        quote!(#sigil #ty)
    }

    /// Whether the direction of a parameter is handed in behind a reference.
    pub(super) fn direction_is_reference(&self, parameter: &SignatureParameter) -> bool {
        parameter.passing != Passing::Value || is_borrowed(&owned_tangent(parameter))
    }

    /// The type of the result.
    pub(super) fn value_type(&self) -> Option<TokenStream> {
        let result = self.signature.result.as_ref()?;
        Some(result.declared.to_token_stream())
    }

    /// The type of the result's tangent, as it is handed back.
    pub(super) fn result_tangent(&self) -> Option<Type> {
        let result = self.signature.result.as_ref()?;
        Some(types::tangent(&result.ty))
    }

    /// The type of a pair of the result and something else; of nothing where the result is `()`.
    pub(super) fn with_value(&self, other: &TokenStream) -> TokenStream {
        match self.value_type() {
            Some(value) => quote!((#value, #other)),
            None => other.clone(),
        }
    }

    /// The type of the adjoint of an active parameter, as it is handed back.
    pub(super) fn adjoint_type(&self, parameter: &SignatureParameter) -> TokenStream {
        types::place(&self.private, &owned_tangent(parameter), None)
    }

    /// Whether some active parameter is both input and output.
    pub(super) fn has_in_out(&self) -> bool {
        let mut passing = self.active.iter().map(|(_, parameter)| parameter.passing);
        passing.any(|passing| passing == Passing::Mutable)
    }

    /// The tuple of the adjoints of all active parameters, or of one the bare type; with `lanes`, of their tangents.
    pub(super) fn adjoints_type(&self, lanes: Option<&TokenStream>) -> TokenStream {
        let types = self
            .active
            .iter()
            .map(|(_, parameter)| owned_tangent(parameter));
        tuple(
            types
                .map(|ty| types::place(&self.private, &ty, lanes))
                .collect(),
        )
    }

    /// The floating-point type of a scalar result.
    pub(super) fn scalar_result(&self) -> Option<&FloatType> {
        match &self.signature.result.as_ref()?.ty {
            Type::Scalar(ScalarType::Float(ty)) => Some(ty),
            _ => None,
        }
    }

    /// The one floating-point type of all active parameters and of the result; `None` where there are several.
    pub(super) fn uniform_float(&self) -> Option<FloatType> {
        let mut found = Vec::new();
        for ty in self
            .active
            .iter()
            .filter_map(|(_, parameter)| parameter.ty.as_ref())
        {
            ty.add_floats(&mut found);
        }
        if let Some(result) = &self.signature.result {
            result.ty.add_floats(&mut found);
        }
        if found.len() == 1 { found.pop() } else { None }
    }
}
