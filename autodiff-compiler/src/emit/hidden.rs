//! What generated functions call of each other, and the functions of the contract that are made of it.
//!
//! Whatever parameters a function has, these functions take for each of them, in order, what goes with it: directions,
//! adjoints, directions of adjoints. A parameter without floats has `()` there, so that a caller need know no more of a
//! function than its arguments.

use proc_macro2::{Ident, Span, TokenStream};
use quote::quote;

use super::body::Context;
use super::calls::nothing;
use super::companion::{Companion, Item};
use super::functions;
use super::interface::{is_borrowed, owned_tangent, parameter_place};
use super::kind::Kind;
use super::shape::Like;
use super::{shape, types};
use crate::derivatives::Derivatives;
use crate::ir::{FloatType, Type};
use crate::signature::{Passing, SignatureParameter};

/// What goes with the parameters and the result in a pair of sweeps.
pub(super) struct Beside<'a> {
    /// The type of the directions.
    pub(super) lanes: TokenStream,
    /// The direction of each active parameter; nothing where it is zero.
    pub(super) direction: &'a dyn Fn(usize) -> Option<TokenStream>,
    /// The adjoint of each active parameter.
    pub(super) adjoint: &'a dyn Fn(usize) -> Option<TokenStream>,
    /// The direction of each of those adjoints; nothing where it is zero.
    pub(super) adjoint_direction: &'a dyn Fn(usize) -> Option<TokenStream>,
}

/// The constant that says which parameters may vary.
pub(super) const VARYING: &str = "__VARYING";

/// The constant that says whether callers get second derivatives.
const SECOND: &str = "__SECOND_DERIVATIVES";

fn marker(name: &str) -> Ident {
    Ident::new(name, Span::call_site())
}

impl Companion<'_> {
    /// The forward sweep and the reverse sweep.
    pub(super) fn hidden_items(&self, derivatives: &Derivatives) -> [Item; 2] {
        let directions = derivatives.pair_has_directions;
        let contexts =
            [Kind::HiddenForward, Kind::HiddenReverse].map(|kind| self.hidden_context(kind));
        let [mut emitted, mut back] = functions::emit_pair(&derivatives.pair, &contexts);
        let [mut context, context_of_reverse] = contexts;
        if self.signature.result.is_none() {
            let done = emitted.output;
            emitted.output = quote!(#done ((), ()));
        } else if !directions {
            let value = context.names.fresh("value");
            let (tangent, both) = self.with_zero_tangent(&mut context, &quote!(#value));
            let output = std::mem::replace(&mut emitted.output, both);
            emitted
                .statements
                .extend(quote!(let #value = #output; #tangent));
        }
        if !directions {
            for (emitted, context) in [(&mut emitted, &context), (&mut back, &context_of_reverse)] {
                let (only, statements) = (self.first_order_only(context), &emitted.statements);
                emitted.statements = quote!(#only #statements);
            }
        }
        [
            self.item_of(Kind::HiddenForward, context, emitted),
            self.item_of(Kind::HiddenReverse, context_of_reverse, back),
        ]
    }

    /// Sweeps that no other function can call, because one would leave values for the other whose types are not known.
    pub(super) fn unknown_sweeps(&self) -> [Item; 2] {
        [Kind::HiddenForward, Kind::HiddenReverse].map(|kind| {
            let context = self.hidden_context(kind);
            let (private, lanes) = (&self.private, &context.lanes);
            let body =
                quote!(const { #private::unknown_types::<#lanes>() } #private::unreachable!());
            self.wrapper(kind, context, body)
        })
    }

    /// Whether there are structs in the result.
    pub(super) fn gives_structs(&self) -> bool {
        let result = self.signature.result.as_ref();
        result.is_some_and(|result| result.ty.has_struct())
    }

    /// Whether there are structs in the signature, whose tangents go along one direction alone, and along none in sweeps
    /// that others call: there stands nothing for them.
    pub(super) fn has_structs(&self) -> bool {
        let parameters = self.signature.parameters.iter();
        let mut types = parameters
            .filter_map(|parameter| parameter.ty.as_ref())
            .chain(self.signature.result.as_ref().map(|result| &result.ty));
        types.any(Type::has_struct)
    }

    /// Whether the method takes its receiver by value, so that it is gone by the time of the reverse sweep.
    pub(super) fn consumes_receiver(&self) -> bool {
        self.signature.has_receiver() && self.signature.parameters[0].passing == Passing::Value
    }

    /// Whether a parameter is a receiver by value, whose tangent callers lend: they do not know how a method takes it.
    pub(super) fn is_lent_receiver(&self, i: usize) -> bool {
        i == 0
            && self.consumes_receiver()
            && owned_tangent(&self.signature.parameters[0]).has_struct()
    }

    /// The context of a sweep.
    pub(super) fn hidden_context(&self, kind: Kind) -> Context {
        let mut context = self.context(kind);
        if self.uniform_float().is_none() {
            context.lanes = Some(self.nothing());
        }
        context
    }

    /// The tangent of a value where no tangents go along, and both together.
    pub(super) fn with_zero_tangent(
        &self,
        context: &mut Context,
        value: &TokenStream,
    ) -> (TokenStream, TokenStream) {
        let tangent = self.result_tangent().unwrap_or(Type::Tuple(Vec::new()));
        let lanes = match self.uniform_float() {
            Some(_) => context.lanes.clone().unwrap_or_default(),
            None => self.along_nothing(),
        };
        let zeros = self.zeros(&tangent, &lanes, value);
        let kept = context.names.fresh("tangent");
        (quote!(let #kept = #zeros;), quote!((#value, #kept)))
    }

    /// Where no tangents go along, none may be asked for.
    pub(super) fn first_order_only(&self, context: &Context) -> TokenStream {
        match (self.uniform_float(), &context.lanes) {
            (Some(_), Some(lanes)) => {
                let private = &self.private;
                quote!(const { #private::first_order_only::<#lanes>() })
            }
            _ => TokenStream::new(),
        }
    }

    /// What callers ask of a companion when they are compiled: which parameters it is differentiated with respect to,
    /// and whether its sweeps take tangents along.
    pub(super) fn answers(&self, second: bool) -> Vec<TokenStream> {
        let (visibility, count) = (
            &self.signature.visibility,
            super::flat::literal(self.signature.parameters.len()),
        );
        let varying = self.marker(VARYING);
        let varies = self.varying();
        let varies = match varies
            .first()
            .filter(|first| varies.iter().all(|each| each == *first))
        {
            Some(all) => quote!([#all; #count]),
            None => quote!([#(#varies),*]),
        };
        let name = self.marker(SECOND);
        let second = quote!(#[doc(hidden)] #visibility const #name: bool = #second;);
        let varying = quote!(#[doc(hidden)] #visibility const #varying: [bool; #count] = #varies;);
        vec![varying, second]
    }

    /// Of each parameter, whether what is handed to it may vary.
    pub(super) fn varying(&self) -> Vec<bool> {
        let parameters = self.signature.parameters.iter();
        parameters
            .map(|parameter| parameter.active || !owned_tangent(parameter).has_float())
            .collect()
    }

    /// The name of a constant of the companion; beside a method it starts with that of the method.
    fn marker(&self, name: &str) -> Ident {
        match self.method_name() {
            Some(method) => marker(&format!("{method}{name}")),
            None => marker(name),
        }
    }

    /// Asks it of all that is called.
    pub(super) fn questions_of(&self, derivatives: &Derivatives) -> TokenStream {
        if derivatives.callees.is_empty() {
            return TokenStream::new();
        }
        let facade = &self.signature.facade;
        let questions = derivatives.callees.iter().map(|callee| {
            let item = |name| {
                let name = callee.callee.item(name);
                let path = callee.callee.companion.tokens().clone();
                super::operation::fill(path, &[quote!(#name)])
            };
            let (varying, varied) = (item(VARYING), &callee.varied);
            let second = derivatives.pair_has_directions.then(|| {
                let second = item(SECOND);
                quote!(#facade::__private::check_second(#second);)
            });
            quote!(#facade::__private::check_varying(&#varying, &[#(#varied),*]); #second)
        });
        quote!(#(#questions)*)
    }

    /// The type parameter of the sweeps, spelled out; where nothing else is, the directions tell it.
    fn generic_lanes(&self, lanes: &TokenStream) -> Option<TokenStream> {
        let is_told = |parameter: &SignatureParameter| owned_tangent(parameter).has_float();
        let is_spelled =
            !self.generics.params.is_empty() || !self.signature.parameters.iter().any(is_told);
        let is_generic = self.uniform_float().is_some() && !self.has_structs();
        (is_generic && is_spelled).then(|| lanes.clone())
    }

    /// The forward mode that other functions call.
    pub(super) fn tangent_item(&self, derivatives: &Derivatives) -> Option<Item> {
        let function = match self.has_structs() {
            true => &derivatives.jvp,
            false => derivatives.jvp_lanes.as_ref()?,
        };
        let context = self.context(Kind::JvpLanes);
        let mut emitted = functions::emit(function, &context);
        if self.signature.result.is_none() {
            let done = emitted.output;
            emitted.output = quote!(#done ((), ()));
        }
        Some(self.item_of(Kind::JvpLanes, context, emitted))
    }

    /// The type of derivatives along one direction, spelled so that it is no name of a parameter.
    pub(super) fn along_itself(&self) -> TokenStream {
        let private = &self.private;
        let float = self.uniform_float().unwrap_or(FloatType::F64);
        let float = types::float(&float);
        quote!(#private::Itself::<#float>)
    }

    /// The type of derivatives along no direction.
    pub(super) fn nothing(&self) -> TokenStream {
        nothing(&self.private, self.uniform_float().as_ref())
    }

    /// As [`Self::nothing`], as it is called inside of a body.
    pub(super) fn along_nothing(&self) -> TokenStream {
        nothing(&self.private, self.uniform_float().as_ref())
    }

    pub(super) fn zeros(&self, ty: &Type, lanes: &TokenStream, like: &TokenStream) -> TokenStream {
        shape::zeros_like(
            &self.private,
            &mut self.names.clone(),
            (ty, Like::Primal),
            Some(lanes),
            like,
        )
    }

    /// What goes with each parameter of the function as its direction; `again` says that the parameters have gone into
    /// the forward sweep already.
    pub(super) fn all_directions(
        &self,
        lanes: &TokenStream,
        direction: &dyn Fn(usize) -> Option<TokenStream>,
        again: bool,
    ) -> Vec<TokenStream> {
        let parameters = self.signature.parameters.iter().enumerate();
        parameters
            .map(|(i, parameter)| {
                let ty = owned_tangent(parameter);
                let borrows = parameter.passing != Passing::Value || is_borrowed(&ty);
                let lent = again && !shape::is_copy(&ty);
                let gone = again && parameter.passing == Passing::Mutable;
                if gone || !ty.has_float() {
                    return quote!(());
                }
                if let Some(direction) = direction(i) {
                    return match parameter.passing {
                        _ if self.is_lent_receiver(i) => quote!(&#direction),
                        Passing::Mutable => quote!(&mut *#direction),
                        Passing::Value if lent && !borrows => quote!(&#direction),
                        _ => direction,
                    };
                }
                if ty.has_struct() {
                    return quote!(());
                }
                let name = &parameter.name;
                let zeros = self.zeros(&ty, lanes, &quote!(#name));
                match parameter.passing {
                    Passing::Mutable => quote!(&mut #zeros),
                    _ if borrows || lent => quote!(&#zeros),
                    _ => zeros,
                }
            })
            .collect()
    }

    /// The parameters as the reverse sweep gets them.
    fn lent_arguments(&self) -> Vec<TokenStream> {
        let parameters = self.signature.parameters.iter().enumerate();
        parameters
            .map(|(i, parameter)| {
                let name = &parameter.name;
                match (parameter.passing, &parameter.ty) {
                    (Passing::Value, _) if name == "self" => quote!(&self),
                    (Passing::Value, Some(ty)) if !shape::is_copy(ty) => quote!(&#name),
                    // It is gone, and nobody asks for it.
                    (Passing::Value, None) if !self.asked_again.contains(&i) => quote!(()),
                    (Passing::Mutable, ty) if ty.is_some() || name == "self" => {
                        let private = &self.private;
                        quote!(#private::Overwritten)
                    }
                    _ => quote!(#name),
                }
            })
            .collect()
    }

    /// The parameters as the forward sweep gets them, where the reverse sweep comes behind it.
    fn first_arguments(&self) -> Vec<TokenStream> {
        let parameters = self.signature.parameters.iter();
        let again = self.arguments(true);
        parameters
            .zip(again)
            .map(
                |(parameter, again)| match (parameter.passing, &parameter.ty) {
                    (Passing::Value, None) if parameter.name != "self" => {
                        let name = &parameter.name;
                        quote!(#name)
                    }
                    _ => again,
                },
            )
            .collect()
    }

    /// A call of the forward sweep.
    pub(super) fn go_forward(
        &self,
        context: &mut Context,
        beside: &Beside<'_>,
        tape: &TokenStream,
    ) -> TokenStream {
        let path = self.path(Kind::HiddenForward, self.generic_lanes(&beside.lanes));
        let arguments = self.first_arguments();
        let mut ahead = TokenStream::new();
        // What is taken off a parameter behind `&mut` is so ahead of the call.
        let zeros: Vec<Option<TokenStream>> = self
            .signature
            .parameters
            .iter()
            .enumerate()
            .map(|(i, parameter)| {
                let ty = owned_tangent(parameter);
                let is_given = (beside.direction)(i).is_some();
                let is_there = ty.has_float() && !ty.has_struct();
                if parameter.passing != Passing::Mutable || is_given || !is_there {
                    return None;
                }
                let name = &parameter.name;
                let zeros = self.zeros(&ty, &beside.lanes, &quote!(#name));
                let ident = context.names.fresh("along");
                ahead.extend(quote!(let #ident = &mut #zeros;));
                Some(quote!(#ident))
            })
            .collect();
        // The reverse sweep wants it once more.
        let private = &self.private;
        let given = |i: usize| {
            let (parameter, direction) = (&self.signature.parameters[i], (beside.direction)(i)?);
            let ty = owned_tangent(parameter);
            let moves = parameter.passing == Passing::Value && !is_borrowed(&ty);
            Some(match moves && !shape::is_copy(&ty) {
                true => quote!(#private::Clone::clone(&#direction)),
                false => direction,
            })
        };
        let direction = |i: usize| given(i).or_else(|| zeros[i].clone());
        let directions = self.all_directions(&beside.lanes, &direction, false);
        let call = quote!(#path(#(#arguments,)* #(#directions,)* #tape));
        match ahead.is_empty() {
            true => call,
            false => quote!({ #ahead #call }),
        }
    }

    /// A call of the reverse sweep.
    pub(super) fn go_back(
        &self,
        beside: &Beside<'_>,
        (cotangent, along): (TokenStream, TokenStream),
        tape: &TokenStream,
    ) -> TokenStream {
        let path = self.path(Kind::HiddenReverse, self.generic_lanes(&beside.lanes));
        let arguments = self.lent_arguments();
        let directions = self.all_directions(&beside.lanes, beside.direction, true);
        let adjoints = self.all_adjoints(beside.adjoint, None);
        let adjoint_directions = self.all_adjoints(beside.adjoint_direction, Some(&beside.lanes));
        quote!(#path(
            #(#arguments,)* #(#directions,)* #cotangent, #along,
            #(#adjoints,)* #(#adjoint_directions,)* #tape
        ))
    }

    fn all_adjoints(
        &self,
        adjoint: &dyn Fn(usize) -> Option<TokenStream>,
        lanes: Option<&TokenStream>,
    ) -> Vec<TokenStream> {
        let parameters = self.signature.parameters.iter().enumerate();
        parameters
            .map(|(i, parameter)| {
                let ty = owned_tangent(parameter);
                if !ty.has_float() {
                    return quote!(&mut ());
                }
                adjoint(i).unwrap_or_else(|| {
                    if ty.has_struct() && lanes.is_some() {
                        return quote!(&mut ());
                    }
                    let zeros = shape::zeros_like(
                        &self.private,
                        &mut self.names.clone(),
                        (&ty, Like::Primal),
                        lanes,
                        &parameter_place(parameter),
                    );
                    quote!(&mut #zeros)
                })
            })
            .collect()
    }

    /// The derivative of the cotangent along no direction, in the shape of the cotangent.
    pub(super) fn no_cotangent(&self, lanes: &TokenStream, cotangent: &TokenStream) -> TokenStream {
        match self.result_tangent() {
            Some(ty) if ty.has_float() && !ty.has_struct() => {
                let zeros = self.zeros(&ty, lanes, cotangent);
                match ty {
                    Type::Vec(_) => quote!(&#zeros),
                    _ => zeros,
                }
            }
            _ => quote!(()),
        }
    }
}
