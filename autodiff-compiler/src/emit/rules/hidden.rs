//! What other generated functions call of a function whose derivatives are partial ones that the user names.
//!
//! The partial derivatives are computed in the forward sweep, where the parameters are at hand, and kept for the reverse
//! sweep. Along directions their own derivatives are, which the companions of the partial derivatives give.

use proc_macro2::TokenStream;
use quote::quote;

use super::super::companion::{Companion, Item};
use super::super::kind::Kind;
use super::super::types;
use super::of_companion;
use crate::ir::Role;
use crate::signature::Partial;

impl Companion<'_> {
    /// Forward mode along any number of directions, and the two sweeps.
    pub(super) fn hidden_of_partials(&self, partials: &[Partial]) -> [Item; 3] {
        [
            self.jvp_of_partials(Kind::JvpLanes, partials),
            self.forward_of_partials(partials),
            self.reverse_of_partials(partials),
        ]
    }

    /// Whether the sweeps take tangents along.
    fn partials_have_companions(&self) -> bool {
        self.signature.order >= 2
    }

    fn forward_of_partials(&self, partials: &[Partial]) -> Item {
        let mut context = self.context(Kind::HiddenForward);
        let (primal, tape) = (self.primal(), context.tape.clone());
        let value = context.names.fresh("value");
        let gradient = self.variables(&mut context, "g");
        let product = self.variables(&mut context, "h");
        let directions = self.directions(&context);
        let mut statements = quote!(let #value = #primal;);
        for (k, (own, along)) in gradient.iter().zip(&product).enumerate() {
            let (partial, last) = (&partials[k], k + 1 == partials.len());
            if self.partials_have_companions() {
                let path = of_companion(&partial.companion, Kind::JvpLanes);
                let directions = self.handed_in(Kind::HiddenForward, &context);
                let call = self.call(path, &directions, last);
                statements.extend(quote! {
                    let (#own, #along) = #call;
                    #tape.push(#own);
                    #tape.push(#along);
                });
            } else {
                let call = self.call(&partial.function, &[], last);
                statements.extend(quote!(let #own = #call; #tape.push(#own);));
            }
        }
        let only = self.only_first_order(&context);
        let tangent = quote!(#(#directions * #gradient)+*);
        let body = self.returning(quote!(#only #statements), quote!((#value, #tangent)));
        self.wrapper(Kind::HiddenForward, context, body)
    }

    fn reverse_of_partials(&self, partials: &[Partial]) -> Item {
        let mut context = self.context(Kind::HiddenReverse);
        let tape = context.tape.clone();
        let float = self.uniform_float().map(|float| types::float(&float));
        let gradient = self.variables(&mut context, "g");
        let product = self.variables(&mut context, "h");
        let (parameters, lanes) = (&context.parameters, &context.lanes);
        let dr = &parameters[&Role::Cotangent];
        let dr_dot = &parameters[&Role::CotangentDirection];
        let mut statements = TokenStream::new();
        // What was left last is taken off first.
        for k in (0..partials.len()).rev() {
            let (i, own, along) = (self.active[k].0, &gradient[k], &product[k]);
            let adjoint = &parameters[&Role::Adjoint(i)];
            let adjoint_dot = &parameters[&Role::AdjointDirection(i)];
            let second = self.partials_have_companions();
            let taken = second.then(|| quote!(let #along = *#tape.pop::<#lanes>();));
            let added = second.then(|| quote!(*#adjoint_dot += #dr_dot * #own + #along * #dr;));
            statements.extend(quote! {
                #taken
                let #own = *#tape.pop::<#float>();
                *#adjoint += #own * #dr;
                #added
            });
        }
        let only = self.only_first_order(&context);
        self.wrapper(Kind::HiddenReverse, context, quote!(#only #statements))
    }

    /// A function of first order takes no tangents along.
    pub(super) fn only_first_order(
        &self,
        context: &super::super::body::Context,
    ) -> Option<TokenStream> {
        (self.signature.order < 2).then(|| self.first_order_only(context))
    }
}
