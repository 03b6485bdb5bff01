//! The functions of first order.

use proc_macro2::TokenStream;
use quote::quote;

use super::body;
use super::companion::{Companion, Item};
use super::functions;
use super::interface::{owned_tangent, parameter_place, tuple};
use super::kind::Kind;
use super::shape::Like;
use super::{literal, shape};
use crate::derivatives::Pullback;
use crate::ir::{Function, Literal, Role, ScalarType, Type};

impl Companion<'_> {
    /// `vjp_into` and `vjp_into_with`, of which one holds the body: the one with a workspace, if the body uses one.
    pub(super) fn vjp_into(&self, function: &Function) -> [Item; 2] {
        let with = self.item(Kind::VjpIntoWith, function);
        let workspace = with.context.workspace.as_ref();
        if workspace.is_some_and(|workspace| super::mentions(&with.body, workspace)) {
            return [self.forward_to_with(Kind::VjpInto, Kind::VjpIntoWith), with];
        }
        let plain = Item {
            kind: Kind::VjpInto,
            ..with
        };
        [
            plain,
            self.forward_to(Kind::VjpIntoWith, Kind::VjpInto, None),
        ]
    }

    /// A function that hands its parameters on to one that takes a workspace.
    pub(super) fn forward_to_with(&self, kind: Kind, to: Kind) -> Item {
        let private = &self.private;
        let new = quote!(&mut #private::Workspace::new());
        self.forward_to(kind, to, Some(new))
    }

    /// A function that hands its parameters on to another one, behind `first`.
    pub(super) fn forward_to(&self, kind: Kind, to: Kind, first: Option<TokenStream>) -> Item {
        let context = self.context(kind);
        let extra = self.roles(kind).into_iter().map(|role| {
            let ident = &context.parameters[&role];
            quote!(#ident)
        });
        let mut arguments = self.behind_receiver(first, self.arguments(false));
        arguments.extend(extra);
        let path = self.path(to, None);
        self.wrapper(kind, context, quote!(#path(#(#arguments),*)))
    }

    /// `vjp`: zero adjoints, then `vjp_into`.
    pub(super) fn vjp(&self) -> Item {
        let mut context = self.context(Kind::Vjp);
        let mut arguments = self.arguments(false);
        let mut zeros = TokenStream::new();
        let mut adjoints = Vec::new();
        for role in self.roles(Kind::VjpInto) {
            if let Some(ident) = context.parameters.get(&role) {
                arguments.push(quote!(#ident));
            } else if let Role::Adjoint(i) = role {
                let ident = self.role_name(role, &mut context.names);
                let parameter = &self.signature.parameters[i];
                let zero = shape::zeros_like(
                    &self.private,
                    &mut context.names,
                    (&owned_tangent(parameter), Like::Primal),
                    None,
                    &parameter_place(parameter),
                );
                zeros.extend(quote!(let mut #ident = #zero;));
                arguments.push(quote!(&mut #ident));
                adjoints.push(quote!(#ident));
            }
        }
        let path = self.path(Kind::VjpInto, None);
        let call = quote!(#path(#(#arguments),*));
        let body = if adjoints.is_empty() && self.signature.result.is_none() {
            call
        } else if self.signature.result.is_some() {
            let value = context.names.fresh("value");
            let (adjoints, call) = (tuple(adjoints), self.value_of(call));
            self.returning(
                quote!(#zeros let #value = #call;),
                quote!((#value, #adjoints)),
            )
        } else {
            let (adjoints, call) = (tuple(adjoints), self.value_of(call));
            self.returning(quote!(#zeros #call;), adjoints)
        };
        self.wrapper(Kind::Vjp, context, body)
    }

    /// `pullback`, as one function around both steps.
    pub(super) fn own_pullback(&self, pullback: &Pullback) -> Item {
        let mut context = self.context(Kind::Pullback);
        let cotangent = self
            .signature
            .result
            .as_ref()
            .map(|_| self.role_name(Role::Cotangent, &mut context.names));
        context.parameters.extend(
            cotangent
                .iter()
                .map(|ident| (Role::Cotangent, ident.clone())),
        );
        let (mut emitted, second) =
            functions::emit_split(&pullback.function, &pullback.value, &context);
        let mutable = emitted
            .changed
            .contains(&Role::Cotangent)
            .then(|| quote!(mut));
        let argument = cotangent.map(|ident| {
            let ty = self.role_type(Role::Cotangent, None);
            quote!(#mutable #ident: #ty)
        });
        let closure = quote!(move |#argument| #second);
        if self.signature.result.is_some() {
            let value = emitted.output;
            emitted.output = quote!((#value, #closure));
        } else {
            emitted.output = closure;
        }
        self.item_of(Kind::Pullback, context, emitted)
    }

    /// `gradient_into` and `gradient_into_with`: the adjoints cleared, then the reverse sweep with the cotangent 1.
    pub(super) fn gradient_into(&self, kind: Kind) -> Item {
        let to = if kind.takes_workspace() {
            Kind::VjpIntoWith
        } else {
            Kind::VjpInto
        };
        let mut context = self.context(kind);
        let mut clear = TokenStream::new();
        let workspace = context.workspace.as_ref();
        let workspace = workspace.map(|workspace| quote!(#workspace));
        let mut arguments = self.behind_receiver(workspace, self.arguments(false));
        for role in self.roles(to) {
            let Role::Adjoint(i) = role else {
                arguments.push(self.one());
                continue;
            };
            let ident = context.parameters[&role].clone();
            let tangent = owned_tangent(&self.signature.parameters[i]);
            let place = if let Type::Scalar(_) | Type::Struct(_) = tangent {
                quote!(*#ident)
            } else {
                quote!(#ident)
            };
            clear.extend(shape::clear(
                &self.private,
                &mut context.names,
                &tangent,
                None,
                &place,
            ));
            arguments.push(quote!(#ident));
        }
        let path = self.path(to, None);
        self.wrapper(kind, context, quote!(#clear #path(#(#arguments),*)))
    }

    /// `value_and_gradient` as `vjp` with the cotangent 1.
    pub(super) fn value_and_gradient(&self) -> Item {
        let context = self.context(Kind::ValueAndGradient);
        let (path, arguments, one) = (
            self.path(Kind::Vjp, None),
            self.arguments(false),
            self.one(),
        );
        self.wrapper(
            Kind::ValueAndGradient,
            context,
            quote!(#path(#(#arguments,)* #one)),
        )
    }

    /// The cotangent 1 of a scalar result.
    pub(super) fn one(&self) -> TokenStream {
        let ty = self
            .scalar_result()
            .cloned()
            .map_or(ScalarType::Inferred, ScalarType::Float);
        let one = Literal {
            text: "1.0".to_owned(),
            ty,
        };
        literal::plain(&self.private, &one).tokens().clone()
    }

    /// Statements that panic unless the directions or adjoints that a function takes have the lengths of the
    /// parameters that they belong to.
    pub(super) fn length_checks(&self, kind: Kind, context: &body::Context) -> TokenStream {
        let mut checks = TokenStream::new();
        // What generated functions hand to each other has the lengths that it must have.
        if kind.is_hidden() {
            return checks;
        }
        let mut names = context.names.clone();
        for role in self.roles(kind) {
            let (Role::Direction(i) | Role::Adjoint(i)) = role else {
                continue;
            };
            let parameter = &self.signature.parameters[i];
            let Some(ty) = &parameter.ty else { continue };
            let (name, other) = (&parameter.name, &context.parameters[&role]);
            let text = name.to_string();
            checks.extend(shape::check(
                &self.private,
                &mut names,
                &text,
                ty,
                &quote!(#name),
                &quote!(#other),
            ));
        }
        checks
    }

    /// A function of which only the signature matters, because an error has been raised already.
    pub(super) fn stub(&self, kind: Kind) -> Item {
        let (context, private) = (self.context(kind), &self.private);
        let unreachable = quote!(#private::unreachable!());
        let body = match kind {
            Kind::Pullback => {
                let cotangent = self.signature.result.as_ref().map(|_| {
                    let ty = self.role_type(Role::Cotangent, None);
                    quote!(_: #ty)
                });
                let adjoints = self.adjoints_type(None);
                let second = quote!(|#cotangent| -> #adjoints { #unreachable });
                let both = match &self.signature.result {
                    // A call that could come back, so that rustc finds no fault with what stands beside it.
                    Some(result) => {
                        let ty = &result.declared;
                        quote!(((|| -> #ty { #unreachable })(), #second))
                    }
                    None => second,
                };
                self.returning(quote!(), both)
            }
            _ => unreachable,
        };
        self.wrapper(kind, context, body)
    }
}
