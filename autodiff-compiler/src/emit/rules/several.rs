//! What other generated functions call of a function whose derivatives the user wrote: the user's functions, called
//! once for each direction.

use proc_macro2::{Ident, TokenStream};
use quote::quote;
use rustc_hash::FxHashMap as HashMap;

use super::super::body::Context;
use super::super::companion::{Companion, Item};
use super::super::interface::{owned_tangent, tuple};
use super::super::kind::Kind;
use super::super::{shape, types};
use crate::ir::{Role, Type};
use crate::signature::{Passing, SignatureParameter};

/// The directions of one lane: the statements that take them out of all lanes, the arguments that pass them, and the
/// statements that put back those which a call has changed.
struct OfLane {
    taken: TokenStream,
    arguments: Vec<TokenStream>,
    put_back: TokenStream,
}

impl Companion<'_> {
    /// Forward mode along any number of directions, and the two sweeps.
    pub(super) fn hidden_of_functions(&self) -> Vec<Item> {
        let forward_mode = self.uniform_float().map(|_| self.jvp_along_several());
        let sweeps = [self.forward_of_functions(), self.reverse_of_functions()];
        forward_mode.into_iter().chain(sweeps).collect()
    }

    /// Whether the sweeps take tangents along.
    pub(super) fn has_product(&self) -> bool {
        self.has(Kind::Hvp) && self.uniform_float().is_some()
    }

    fn jvp_along_several(&self) -> Item {
        let mut context = self.context(Kind::JvpLanes);
        let body = self.along_each(&mut context);
        self.wrapper(Kind::JvpLanes, context, body)
    }

    /// The value, and the tangents that `jvp` gives along each direction.
    fn along_each(&self, context: &mut Context) -> TokenStream {
        let (private, lanes) = (self.private.clone(), context.lanes.clone());
        let names = ["lane", "result", "value", "tangent", "along"];
        let [lane, result, value, tangent, along] = names.map(|name| context.names.fresh(name));
        let [saved, restored] = self.saved(context);
        let of_lane = self.directions_of(context, &lane, false);
        let OfLane {
            taken,
            arguments,
            put_back,
        } = of_lane;
        let call = self.value_of(self.call(self.path(Kind::Jvp, None), &arguments, false));
        let primal = self.primal();
        let count = quote!(#private::count_lanes::<#lanes>());
        let Some(ty) = self.result_tangent() else {
            let statements = quote! {
                #saved
                for #lane in 0..#count {
                    #restored
                    #taken
                    #call;
                    #put_back
                }
                if #count == 0 { #primal; }
            };
            return self.returning(statements, quote!(((), ())));
        };
        let zeros =
            |like: &Ident| self.zeros(&ty, &lanes.clone().unwrap_or_default(), &quote!(#like));
        let (first, none) = (zeros(&along), zeros(&value));
        let put = |_: &Type, to: &TokenStream, from: &TokenStream| quote!(#private::Directional::lanes_mut(&mut #to)[#lane] = #from;);
        let (to, from) = (quote!(#tangent), quote!(#along));
        let put = shape::each_pair(&private, &mut context.names, &ty, &to, &from, &put);
        let statements = quote! {
            #saved
            let mut #result = #private::None;
            for #lane in 0..#count {
                #restored
                #taken
                let (#value, #along) = #call;
                let mut #tangent = match #result {
                    #private::Some((_, #tangent)) => #tangent,
                    #private::None => #first,
                };
                #put
                #put_back
                #result = #private::Some((#value, #tangent));
            }
            let #result = match #result {
                #private::Some(#result) => #result,
                #private::None => {
                    let #value = #primal;
                    let #tangent = #none;
                    (#value, #tangent)
                }
            };
        };
        self.returning(statements, quote!(#result))
    }

    /// Statements that keep what calls change, and such that set it to what it was ahead of another call.
    fn saved(&self, context: &mut Context) -> [TokenStream; 2] {
        let private = &self.private;
        let [mut saved, mut restored] = [TokenStream::new(), TokenStream::new()];
        for (_, parameter) in self.changed_parameters() {
            let name = &parameter.name;
            let copy = context.names.fresh("before");
            if let Some(Type::Slice(_)) = &parameter.ty {
                saved.extend(quote!(let #copy = #private::to_vec(&*#name);));
                restored.extend(quote!(#name.clone_from_slice(&#copy);));
            } else {
                saved.extend(quote!(let #copy = #private::Clone::clone(&*#name);));
                restored.extend(quote!(#private::Clone::clone_from(&mut *#name, &#copy);));
            }
        }
        [saved, restored]
    }

    /// The parameters behind `&mut`.
    fn changed_parameters(&self) -> impl DoubleEndedIterator<Item = (usize, &SignatureParameter)> {
        let parameters = self.signature.parameters.iter().enumerate();
        parameters.filter(|(_, parameter)| parameter.passing == Passing::Mutable)
    }

    /// The directions of one lane; `backward` says that they are handed over as the reverse sweep gets them.
    fn directions_of(&self, context: &mut Context, lane: &Ident, backward: bool) -> OfLane {
        let private = &self.private;
        let [mut taken, mut put_back] = [TokenStream::new(), TokenStream::new()];
        let mut arguments = Vec::new();
        for (i, parameter) in &self.active {
            let all = context.parameters[&Role::Direction(*i)].clone();
            let one = self.role_name(Role::Direction(*i), &mut context.names);
            let ty = owned_tangent(parameter);
            let is_reference = match backward {
                true => parameter.passing != Passing::Value || !shape::is_copy(&ty),
                false => self.direction_is_reference(parameter),
            };
            let all = if is_reference {
                quote!((*#all))
            } else {
                quote!(#all)
            };
            let zeros = shape::zeros_like(
                private,
                &mut context.names,
                (&ty, shape::Like::Tangent),
                None,
                &all,
            );
            let take = |_: &Type, to: &TokenStream, from: &TokenStream| quote!(#to = #private::Directional::lanes(&#from)[#lane];);
            let (to, names) = (quote!(#one), &mut context.names);
            let copied = shape::each_pair(private, names, &ty, &to, &all, &take);
            taken.extend(quote!(let mut #one = #zeros; #copied));
            if parameter.passing == Passing::Mutable {
                let put = |_: &Type, to: &TokenStream, from: &TokenStream| quote!(#private::Directional::lanes_mut(&mut #to)[#lane] = #from;);
                put_back.extend(shape::each_pair(private, names, &ty, &all, &to, &put));
                arguments.push(quote!(&mut #one));
            } else if self.direction_is_reference(parameter) {
                arguments.push(quote!(&#one));
            } else {
                arguments.push(quote!(#one));
            }
        }
        OfLane {
            taken,
            arguments,
            put_back,
        }
    }

    /// The forward sweep keeps what the function changes; all else is handed to the reverse sweep again.
    fn forward_of_functions(&self) -> Item {
        let mut context = self.hidden_context(Kind::HiddenForward);
        let tape = context.tape.clone();
        let kept: TokenStream = self
            .changed_parameters()
            .map(|(_, parameter)| {
                let name = &parameter.name;
                match parameter.ty {
                    Some(Type::Slice(_)) => quote!(#tape.push_slice(&*#name);),
                    _ => quote!(#tape.push(#name.clone());),
                }
            })
            .collect();
        let body = if self.has_product() {
            self.along_each(&mut context)
        } else {
            let only = self.first_order_only(&context);
            let primal = self.primal();
            match self.signature.result {
                Some(_) => {
                    let value = context.names.fresh("value");
                    let (statements, both) = self.with_zero_tangent(&mut context, &quote!(#value));
                    self.returning(quote!(#only #kept let #value = #primal; #statements), both)
                }
                None => self.returning(quote!(#only #kept #primal;), quote!(((), ()))),
            }
        };
        self.wrapper(Kind::HiddenForward, context, body)
    }

    fn reverse_of_functions(&self) -> Item {
        let mut context = self.hidden_context(Kind::HiddenReverse);
        let (private, tape) = (self.private.clone(), context.tape.clone());
        let mut recalled = TokenStream::new();
        let mut before = HashMap::default();
        // What was left last is taken off first.
        for (i, parameter) in self.changed_parameters().rev() {
            let copy = context.names.fresh("before");
            let kept = match &parameter.ty {
                Some(Type::Slice(element)) => {
                    let element = types::place(&private, element, None);
                    quote!(#private::to_vec(#tape.pop_slice::<#element>()))
                }
                ty => {
                    let ty = ty.as_ref().map(|ty| types::place(&private, ty, None));
                    quote!(#private::Clone::clone(#tape.pop::<#ty>()))
                }
            };
            recalled.extend(quote!(let mut #copy = #kept;));
            before.insert(i, copy);
        }
        let parameters = self.signature.parameters.iter().enumerate();
        let arguments: Vec<TokenStream> = parameters
            .map(|(i, parameter)| match before.get(&i) {
                Some(copy) => quote!(&mut #copy),
                None => self.owned_again(parameter),
            })
            .collect();
        let adjoints: Vec<TokenStream> = self
            .roles(Kind::VjpInto)
            .into_iter()
            .map(|role| {
                let ident = &context.parameters[&role];
                quote!(#ident)
            })
            .collect();
        let path = self.path(Kind::VjpInto, None);
        let call = quote!(#path(#(#arguments,)* #(#adjoints),*));
        let vjp = self.surely(&quote!(_), call);
        let statements = if self.has_product() {
            let product = self.product_along_each(&mut context, &arguments);
            let lanes = &context.lanes;
            quote! {
                if #private::count_lanes::<#lanes>() == 0 { #vjp }
                #product
            }
        } else {
            let only = self.first_order_only(&context);
            quote!(#only #recalled #vjp)
        };
        self.wrapper(Kind::HiddenReverse, context, statements)
    }

    /// An argument of the user's function, from what the reverse sweep gets.
    fn owned_again(&self, parameter: &SignatureParameter) -> TokenStream {
        let (private, name) = (&self.private, &parameter.name);
        match (&parameter.ty, parameter.passing) {
            (Some(Type::Vec(_)), Passing::Value) => quote!(#private::to_vec(#name)),
            (Some(ty), Passing::Value) if !shape::is_copy(ty) => {
                quote!(#private::Clone::clone(#name))
            }
            (None, Passing::Value) => quote!(#private::Clone::clone(&#name)),
            _ => quote!(#name),
        }
    }

    /// The adjoints and their derivatives along each direction, from the gradient and its own.
    fn product_along_each(&self, context: &mut Context, arguments: &[TokenStream]) -> TokenStream {
        let (private, lanes) = (self.private.clone(), context.lanes.clone());
        let lane = context.names.fresh("lane");
        let OfLane {
            taken,
            arguments: directions,
            ..
        } = self.directions_of(context, &lane, true);
        let gradient = self.variables(context, "g");
        let product = self.variables(context, "h");
        let dr = context.parameters[&Role::Cotangent].clone();
        let dr_dot = context.parameters[&Role::CotangentDirection].clone();
        let [mut once, mut each] = [TokenStream::new(), TokenStream::new()];
        for (k, (i, parameter)) in self.active.iter().enumerate() {
            let ty = owned_tangent(parameter);
            let (own, along) = (&gradient[k], &product[k]);
            let adjoint = context.parameters[&Role::Adjoint(*i)].clone();
            let adjoint_dot = context.parameters[&Role::AdjointDirection(*i)].clone();
            let names = &mut context.names;
            let add = |_: &Type, to: &TokenStream, from: &TokenStream| quote!(#to += #from * #dr;);
            let of_cotangent = |_: &Type, to: &TokenStream, from: &TokenStream| {
                quote! {
                    #private::Directional::lanes_mut(&mut #to)[#lane] +=
                        #from * #private::Directional::lanes(&#dr_dot)[#lane];
                }
            };
            let of_gradient = |_: &Type, to: &TokenStream, from: &TokenStream| quote!(#private::Directional::lanes_mut(&mut #to)[#lane] += #from * #dr;);
            let mut pairs = |to: &Ident, from: &Ident, leaf: shape::Leaf<'_>| {
                shape::each_pair(&private, names, &ty, &quote!((*#to)), &quote!(#from), leaf)
            };
            once.extend(pairs(&adjoint, own, &add));
            each.extend(pairs(&adjoint_dot, own, &of_cotangent));
            each.extend(pairs(&adjoint_dot, along, &of_gradient));
        }
        let handed_back = [&gradient, &product]
            .map(|parts| tuple(parts.iter().map(|part| quote!(#part)).collect()));
        let path = self.path(Kind::Hvp, None);
        let call = quote!(#path(#(#arguments,)* #(#directions),*));
        let call = self.surely(&quote!((#(#handed_back),*)), call);
        quote! {
            for #lane in 0..#private::count_lanes::<#lanes>() {
                #taken
                #call
                if #lane == 0 { #once }
                #each
            }
        }
    }
}
