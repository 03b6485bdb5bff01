//! The types of what functions that others call take.

use proc_macro2::TokenStream;
use quote::quote;

use super::companion::Companion;
use super::interface::owned_tangent;
use super::kind::Kind;
use super::{shape, types};
use crate::ir::Role;
use crate::signature::{Passing, SignatureParameter};

impl Companion<'_> {
    /// What a function that others call takes, by role.
    pub(super) fn hidden_type(
        &self,
        kind: Kind,
        role: Role,
        lanes: Option<&TokenStream>,
        is_used: bool,
    ) -> TokenStream {
        let backward = kind == Kind::HiddenReverse;
        let parameter = |i: usize| &self.signature.parameters[i];
        let is_struct = |i: usize| owned_tangent(parameter(i)).has_struct();
        let has_result = self.result_tangent().is_some_and(|ty| ty.has_struct());
        match role {
            Role::Direction(i) if is_struct(i) && kind != Kind::JvpLanes => quote!(()),
            Role::Direction(i) if self.is_lent_receiver(i) => {
                let ty = self.role_type(role, lanes);
                quote!(&#ty)
            }
            Role::AdjointDirection(i) if is_struct(i) => quote!(&mut ()),
            Role::CotangentDirection if has_result => quote!(()),
            Role::Primal(i) if backward => self.lent_type(parameter(i), is_used),
            Role::Primal(_) => self.role_type(role, None),
            Role::Direction(i) | Role::Adjoint(i) | Role::AdjointDirection(i)
                if !owned_tangent(parameter(i)).has_float() =>
            {
                match role {
                    Role::Direction(_) => quote!(()),
                    _ => quote!(&mut ()),
                }
            }
            Role::Direction(i) if backward && parameter(i).passing == Passing::Mutable => {
                quote!(())
            }
            Role::Direction(i) if backward => {
                let ty = owned_tangent(parameter(i));
                let plain = parameter(i).passing == Passing::Value && shape::is_copy(&ty);
                let ty = types::place(
                    &self.private,
                    &super::interface::behind_reference(ty),
                    lanes,
                );
                if plain { ty } else { quote!(&#ty) }
            }
            Role::Direction(_) => self.role_type(role, lanes),
            Role::Adjoint(_) => self.role_type(role, None),
            Role::AdjointDirection(i) => self.role_type(Role::Adjoint(i), lanes),
            Role::Cotangent | Role::CotangentDirection => match self.result_tangent() {
                Some(ty) if ty.has_float() => {
                    let lanes = lanes.filter(|_| role == Role::CotangentDirection);
                    self.role_type(Role::Cotangent, lanes)
                }
                _ => quote!(()),
            },
        }
    }

    /// The type of a parameter as the reverse sweep gets it.
    fn lent_type(&self, parameter: &SignatureParameter, is_used: bool) -> TokenStream {
        let declared = &parameter.declared;
        let Some(ty) = &parameter.ty else {
            return match parameter.passing {
                // Whatever it was, it may be gone.
                Passing::Value if !is_used => quote!(impl ::core::marker::Sized),
                _ => quote!(#declared),
            };
        };
        if parameter.passing == Passing::Value && shape::is_copy(ty) {
            return quote!(#declared);
        }
        if parameter.passing == Passing::Mutable {
            let private = &self.private;
            return quote!(#private::Overwritten);
        }
        let ty = super::interface::behind_reference(ty.clone());
        let ty = types::place(&self.private, &ty, None);
        quote!(&#ty)
    }
}
