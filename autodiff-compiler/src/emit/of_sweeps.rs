//! The functions of the contract that are made of the two sweeps.

use proc_macro2::{Ident, TokenStream};
use quote::quote;

use super::body::Context;
use super::companion::{Companion, Item};
use super::hidden::Beside;
use super::interface::{owned_tangent, parameter_place, tuple};
use super::kind::Kind;
use super::shape;
use super::shape::Like;
use crate::ir::Role;

impl Companion<'_> {
    /// `vjp_into`: both sweeps, one behind the other.
    pub(super) fn vjp_into_of_hidden(&self) -> [Item; 2] {
        let mut context = self.context(Kind::VjpInto);
        let checks = self.length_checks(Kind::VjpInto, &context);
        let parameters = context.parameters.clone();
        let beside = Beside {
            lanes: self.along_nothing(),
            direction: &|_| None,
            adjoint: &|i| {
                parameters
                    .get(&Role::Adjoint(i))
                    .map(|ident| quote!(#ident))
            },
            adjoint_direction: &|_| None,
        };
        let tape = context.names.fresh("tape");
        let forward = self.go_forward(&mut context, &beside, &quote!(&mut #tape));
        let private = &self.private;
        let cotangent = match context.parameters.get(&Role::Cotangent) {
            Some(ident) => quote!(#ident),
            None => quote!(()),
        };
        let along = self.no_cotangent(&beside.lanes, &cotangent);
        let kept = context.names.fresh("along");
        let reverse = self.go_back(
            &beside,
            (cotangent.clone(), quote!(#kept)),
            &quote!(&mut #tape.reader()),
        );
        // What the cotangent's shape tells is asked before it is handed on.
        let reverse = quote!(let #kept = #along; #reverse);
        let value = context.names.fresh("value");
        let check = self.check_cotangent(&mut context, &quote!(#value), &cotangent);
        let forward = self.value_of(forward);
        let tape = quote!(let mut #tape = #private::SharedTape::new(););
        let body = match self.signature.result {
            Some(_) => self.returning(
                quote!(#checks #tape let (#value, _) = #forward; #check #reverse;),
                quote!(#value),
            ),
            None => self.returning(
                quote!(#checks #tape let _ = #forward; #reverse;),
                TokenStream::new(),
            ),
        };
        [
            self.wrapper(Kind::VjpInto, context, body),
            self.forward_to(Kind::VjpIntoWith, Kind::VjpInto, None),
        ]
    }

    /// Panics unless the cotangent has the lengths of the result.
    fn check_cotangent(
        &self,
        context: &mut Context,
        value: &TokenStream,
        cotangent: &TokenStream,
    ) -> TokenStream {
        match self.result_tangent() {
            Some(ty) => shape::check(
                &self.private,
                &mut context.names,
                "result",
                &ty,
                value,
                cotangent,
            ),
            None => TokenStream::new(),
        }
    }

    /// `pullback`: the forward sweep, and the reverse sweep as often as it is wanted.
    pub(super) fn pullback(&self) -> Item {
        let mut context = self.context(Kind::Pullback);
        let private = self.private.clone();
        let tape = context.names.fresh("tape");
        let value = context.names.fresh("value");
        let cotangent = self.role_name(Role::Cotangent, &mut context.names);
        let has_result = self.signature.result.is_some();
        let adjoint =
            |i: usize, context: &mut Context| self.role_name(Role::Adjoint(i), &mut context.names);
        let adjoints: Vec<(usize, Ident)> = self
            .active
            .iter()
            .map(|(i, _)| (*i, adjoint(*i, &mut context)))
            .collect();
        let of = |i: usize| {
            adjoints
                .iter()
                .find(|(k, _)| *k == i)
                .map(|(_, ident)| ident)
        };
        let beside = Beside {
            lanes: self.along_nothing(),
            direction: &|_| None,
            adjoint: &|i| of(i).map(|ident| quote!(&mut #ident)),
            adjoint_direction: &|_| None,
        };
        let forward = self.go_forward(&mut context, &beside, &quote!(&mut #tape));
        let zeros = self
            .active
            .iter()
            .zip(&adjoints)
            .map(|((_, parameter), (_, ident))| {
                let ty = owned_tangent(parameter);
                let zero = shape::zeros_like(
                    &private,
                    &mut self.names.clone(),
                    (&ty, Like::Primal),
                    None,
                    &parameter_place(parameter),
                );
                quote!(let mut #ident = #zero;)
            });
        let zeros: TokenStream = zeros.collect();
        let handed_back = tuple(adjoints.iter().map(|(_, ident)| quote!(#ident)).collect());
        let (argument, shape_of_result, check, dr) = match self.result_tangent() {
            Some(ty) if has_result => {
                let argument = self.role_type(Role::Cotangent, None);
                let dr = quote!(#cotangent);
                // Of the value, which is the caller's by then, the lengths are kept.
                let kept = context.names.fresh("lengths");
                let check = self.check_cotangent(&mut context, &quote!(#kept), &dr);
                let lengths = (!check.is_empty()).then(|| {
                    let lengths = self.zeros(&ty, &self.along_nothing(), &quote!(#value));
                    quote!(let #kept = #lengths;)
                });
                (quote!(#cotangent: #argument), lengths, check, dr)
            }
            _ => (quote!(), None, quote!(), quote!(())),
        };
        let along = self.no_cotangent(&beside.lanes, &dr);
        let kept = context.names.fresh("along");
        let reverse = self.go_back(&beside, (dr, quote!(#kept)), &quote!(&mut #tape.reader()));
        let reverse = quote!(let #kept = #along; #reverse);
        let closure = quote! {
            move |#argument| {
                #check
                #zeros
                #reverse;
                #handed_back
            }
        };
        let forward = self.value_of(forward);
        let tape = quote!(let mut #tape = #private::SharedTape::new(););
        let body = match has_result {
            true => self.returning(
                quote!(#tape let (#value, _) = #forward; #shape_of_result),
                quote!((#value, #closure)),
            ),
            false => self.returning(quote!(#tape let _ = #forward;), closure),
        };
        self.wrapper(Kind::Pullback, context, body)
    }

    /// `gradient` as a part of `value_and_gradient`.
    pub(super) fn gradient_of_both(&self) -> Item {
        let mut context = self.context(Kind::Gradient);
        let (path, arguments) = (
            self.path(Kind::ValueAndGradient, None),
            self.arguments(false),
        );
        let gradient = context.names.fresh("gradient");
        let both = self.value_of(quote!(#path(#(#arguments),*)));
        let body = self.returning(quote!(let (_, #gradient) = #both;), quote!(#gradient));
        self.wrapper(Kind::Gradient, context, body)
    }

    /// The gradient and its derivatives along directions: both sweeps, with directions.
    pub(super) fn second_order_of_hidden(&self) -> Item {
        let mut context = self.context(Kind::SecondOrder);
        let checks = self.length_checks(Kind::SecondOrder, &context);
        let lanes = context.lanes.clone().unwrap_or_default();
        let private = self.private.clone();
        let parameters = context.parameters.clone();
        let mut declared = TokenStream::new();
        let mut names = |prefix: &str, lanes: Option<&TokenStream>| {
            let mut idents = Vec::new();
            for (i, parameter) in &self.active {
                let name = parameter.name.to_string();
                let name = name.strip_prefix("r#").unwrap_or(&name);
                let ident = context.names.fresh(&match prefix {
                    "" => format!("{name}_bar"),
                    prefix => format!("{prefix}{name}"),
                });
                let (ty, name) = (owned_tangent(parameter), &parameter.name);
                let zeros = shape::zeros_like(
                    &private,
                    &mut self.names.clone(),
                    (&ty, Like::of(&ty)),
                    lanes,
                    &quote!(#name),
                );
                declared.extend(quote!(let mut #ident = #zeros;));
                idents.push((*i, ident));
            }
            idents
        };
        let adjoints = names("", None);
        let tangents = names("h", Some(&lanes));
        let find = |idents: &[(usize, Ident)], i: usize| {
            let ident = idents.iter().find(|(k, _)| *k == i);
            ident.map(|(_, ident)| quote!(&mut #ident))
        };
        let beside = Beside {
            lanes: lanes.clone(),
            direction: &|i| {
                let ident = parameters.get(&Role::Direction(i));
                ident.map(|ident| quote!(#ident))
            },
            adjoint: &|i| find(&adjoints, i),
            adjoint_direction: &|i| find(&tangents, i),
        };
        let tape = context.names.fresh("tape");
        let forward = self.go_forward(&mut context, &beside, &quote!(&mut #tape));
        let cotangent = (self.one(), quote!(#lanes::zero()));
        let reverse = self.go_back(&beside, cotangent, &quote!(&mut #tape.reader()));
        let idents = |idents: &[(usize, Ident)]| {
            tuple(idents.iter().map(|(_, ident)| quote!(#ident)).collect())
        };
        let (adjoints, tangents) = (idents(&adjoints), idents(&tangents));
        let forward = self.value_of(forward);
        let statements = quote! {
            #checks
            let mut #tape = #private::SharedTape::new();
            let _ = #forward;
            #declared
            #reverse;
        };
        let body = self.returning(statements, quote!((#adjoints, #tangents)));
        self.wrapper(Kind::SecondOrder, context, body)
    }
}
