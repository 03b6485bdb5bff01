//! The functions of a companion: which there are, what they take and what they return.

use proc_macro2::TokenStream;
use quote::quote;

use super::companion::Companion;
use super::types;
use crate::ir::{Role, Type};

/// A function of the companion.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub(super) enum Kind {
    Jvp,
    Vjp,
    VjpInto,
    VjpIntoWith,
    Pullback,
    Gradient,
    GradientInto,
    GradientIntoWith,
    ValueAndGradient,
    Hvp,
    Hessian,
    ValueGradientHessian,
    Jacobian,
    /// The gradient and its derivative along several directions at once.
    SecondOrder,
    /// The value and its derivative along several directions at once; called by generated functions.
    JvpLanes,
    /// The forward sweep, which leaves on a tape what the reverse sweep needs; called by generated functions.
    HiddenForward,
    /// The reverse sweep; called by generated functions.
    HiddenReverse,
    /// The forward sweep of a large function, which hands on what the reverse sweep needs.
    Forward,
    /// The reverse sweep of a large function.
    Reverse,
}

impl Kind {
    /// The functions that users call, in the order of the contract.
    pub(super) const PUBLIC: [Self; 13] = [
        Self::Jvp,
        Self::Vjp,
        Self::VjpInto,
        Self::VjpIntoWith,
        Self::Pullback,
        Self::Gradient,
        Self::GradientInto,
        Self::GradientIntoWith,
        Self::ValueAndGradient,
        Self::Hvp,
        Self::Hessian,
        Self::ValueGradientHessian,
        Self::Jacobian,
    ];

    /// The name of the function.
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Jvp => "jvp",
            Self::Vjp => "vjp",
            Self::VjpInto => "vjp_into",
            Self::VjpIntoWith => "vjp_into_with",
            Self::Pullback => "pullback",
            Self::Gradient => "gradient",
            Self::GradientInto => "gradient_into",
            Self::GradientIntoWith => "gradient_into_with",
            Self::ValueAndGradient => "value_and_gradient",
            Self::Hvp => "hvp",
            Self::Hessian => "hessian",
            Self::ValueGradientHessian => "value_gradient_hessian",
            Self::Jacobian => "jacobian",
            Self::SecondOrder => "second_order",
            Self::JvpLanes => "__jvp",
            Self::HiddenForward => "__forward",
            Self::HiddenReverse => "__reverse",
            Self::Forward => "forward",
            Self::Reverse => "reverse",
        }
    }

    /// Whether the function is called by the companion alone.
    pub(super) fn is_private(self) -> bool {
        matches!(self, Self::SecondOrder | Self::Forward | Self::Reverse)
    }

    /// Whether the function is called by other generated functions, and is no part of the interface.
    pub(super) fn is_hidden(self) -> bool {
        matches!(
            self,
            Self::JvpLanes | Self::HiddenForward | Self::HiddenReverse
        )
    }

    /// Whether the function is a reverse sweep, which cannot fail any more.
    pub(super) fn goes_back(self) -> bool {
        matches!(self, Self::Reverse | Self::HiddenReverse)
    }

    /// Whether the function may run along several directions at once.
    pub(super) fn has_lanes(self) -> bool {
        self == Self::SecondOrder || self.is_hidden()
    }

    /// Whether the function takes a workspace, ahead of all else.
    pub(super) fn takes_workspace(self) -> bool {
        matches!(
            self,
            Self::VjpIntoWith | Self::GradientIntoWith | Self::Forward | Self::Reverse
        )
    }
}

impl Companion<'_> {
    /// Whether the signature calls for a function.
    pub(super) fn has(&self, kind: Kind) -> bool {
        let has_gradient = self.scalar_result().is_some() && !self.has_in_out();
        let second = self.signature.order >= 2;
        match kind {
            Kind::Jvp | Kind::Vjp | Kind::VjpInto | Kind::VjpIntoWith => true,
            Kind::JvpLanes | Kind::HiddenForward | Kind::HiddenReverse => true,
            Kind::Pullback | Kind::Forward | Kind::Reverse => !self.has_in_out(),
            Kind::Gradient
            | Kind::GradientInto
            | Kind::GradientIntoWith
            | Kind::ValueAndGradient => has_gradient,
            Kind::Hvp | Kind::SecondOrder => has_gradient && second,
            Kind::Hessian | Kind::ValueGradientHessian => {
                has_gradient && second && self.uniform_float().is_some()
            }
            Kind::Jacobian => {
                let result_has_floats = self.result_tangent().is_some_and(|ty| ty.has_float());
                let has_jacobian =
                    result_has_floats && self.scalar_result().is_none() && !self.has_in_out();
                has_jacobian && self.uniform_float().is_some()
            }
        }
    }

    /// What a function takes behind the parameters of the primal, in order.
    pub(super) fn roles(&self, kind: Kind) -> Vec<Role> {
        let active = || self.active.iter().map(|(i, _)| *i);
        let all = || 0..self.signature.parameters.len();
        let cotangent = self.signature.result.iter().map(|_| Role::Cotangent);
        match kind {
            Kind::Jvp | Kind::Hvp | Kind::SecondOrder => active().map(Role::Direction).collect(),
            Kind::JvpLanes | Kind::HiddenForward => all().map(Role::Direction).collect(),
            Kind::HiddenReverse => all()
                .map(Role::Direction)
                .chain([Role::Cotangent, Role::CotangentDirection])
                .chain(all().map(Role::Adjoint))
                .chain(all().map(Role::AdjointDirection))
                .collect(),
            Kind::Vjp => cotangent
                .chain(active().filter(|i| self.is_in_out(*i)).map(Role::Adjoint))
                .collect(),
            Kind::VjpInto | Kind::VjpIntoWith | Kind::Reverse => {
                cotangent.chain(active().map(Role::Adjoint)).collect()
            }
            Kind::GradientInto | Kind::GradientIntoWith => active().map(Role::Adjoint).collect(),
            Kind::Pullback
            | Kind::Forward
            | Kind::Gradient
            | Kind::ValueAndGradient
            | Kind::Hessian
            | Kind::ValueGradientHessian
            | Kind::Jacobian => Vec::new(),
        }
    }

    /// What a function returns; `None` is `()`.
    pub(super) fn result(&self, kind: Kind, lanes: Option<&TokenStream>) -> Option<TokenStream> {
        let value = self.value_type();
        let adjoints = || self.adjoints_type(None);
        Some(match kind {
            Kind::JvpLanes | Kind::HiddenForward => {
                let value = value.unwrap_or_else(|| quote!(()));
                let tangent = match self.result_tangent() {
                    Some(tangent) => types::place(&self.private, &tangent, lanes),
                    None => quote!(()),
                };
                quote!((#value, #tangent))
            }
            Kind::HiddenReverse => return None,
            Kind::Jvp => {
                let tangent = types::place(&self.private, &self.result_tangent()?, lanes);
                self.with_value(&tangent)
            }
            Kind::Vjp => {
                let handed_back = self.active.iter().filter(|(i, _)| !self.is_in_out(*i));
                let types: Vec<TokenStream> = handed_back
                    .map(|(_, parameter)| self.adjoint_type(parameter))
                    .collect();
                if types.is_empty() && value.is_none() {
                    return None;
                }
                self.with_value(&super::interface::tuple(types))
            }
            Kind::VjpInto | Kind::VjpIntoWith | Kind::GradientInto | Kind::GradientIntoWith => {
                return value;
            }
            // What is handed on between the sweeps is known to the sweeps alone.
            Kind::Forward | Kind::Reverse => return None,
            Kind::Pullback => {
                let cotangent = self
                    .signature
                    .result
                    .as_ref()
                    .map(|_| self.role_type(Role::Cotangent, None));
                let (private, adjoints) = (&self.private, adjoints());
                self.with_value(&quote!(impl #private::Fn(#cotangent) -> #adjoints))
            }
            Kind::Gradient => adjoints(),
            Kind::ValueAndGradient => self.with_value(&adjoints()),
            Kind::Hvp | Kind::SecondOrder => {
                let (adjoints, tangents) = (adjoints(), self.adjoints_type(lanes));
                quote!((#adjoints, #tangents))
            }
            Kind::Hessian => self.hessian_type(),
            Kind::ValueGradientHessian => {
                let (adjoints, hessian) = (adjoints(), self.hessian_type());
                quote!((#value, #adjoints, #hessian))
            }
            Kind::Jacobian => self.jacobian_type(),
        })
    }

    fn hessian_type(&self) -> TokenStream {
        let shape = self.inputs();
        self.matrix_type(shape.length.as_ref(), shape.length.as_ref())
    }

    fn jacobian_type(&self) -> TokenStream {
        let rows = self
            .result_tangent()
            .and_then(|ty| super::flat::fixed_count(&ty));
        self.matrix_type(rows.as_ref(), self.inputs().length.as_ref())
    }

    /// The type of a matrix: an array of arrays where both lengths are fixed.
    fn matrix_type(&self, rows: Option<&TokenStream>, cols: Option<&TokenStream>) -> TokenStream {
        let private = &self.private;
        let float = self.uniform_float().map(|float| types::float(&float));
        match (rows, cols) {
            (Some(rows), Some(cols)) => quote!([[#float; #cols]; #rows]),
            _ => quote!(#private::Matrix<#float>),
        }
    }

    /// The active parameters, flattened.
    pub(super) fn inputs(&self) -> Inputs {
        let tangent = |ty: &Type| types::tangent(ty);
        let tys: Vec<Type> = self
            .active
            .iter()
            .filter_map(|(_, parameter)| parameter.ty.as_ref().map(tangent))
            .collect();
        let all_scalar = tys.iter().all(|ty| matches!(ty, Type::Scalar(_)));
        let count = super::flat::literal_count(&Type::Tuple(tys.clone()));
        let length = match &tys[..] {
            _ if all_scalar => Some(super::flat::literal(tys.len())),
            [array @ Type::Array(element, _)] if matches!(**element, Type::Scalar(_)) => {
                super::flat::fixed_count(array)
            }
            _ => None,
        };
        Inputs { count, length }
    }
}

/// The active parameters, flattened.
pub(super) struct Inputs {
    /// How many floats they are, if that is a literal.
    pub(super) count: Option<usize>,
    /// Their number as the length of an array, where the contract has arrays: for scalars and for one flat array.
    pub(super) length: Option<TokenStream>,
}
