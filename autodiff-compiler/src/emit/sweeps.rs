//! The functions that go backwards, of a large function: all of them made of two sweeps that they share.

use proc_macro2::{Ident, TokenStream};
use quote::quote;

use super::body::Context;
use super::companion::{Companion, Item};
use super::functions;
use super::interface::{owned_tangent, parameter_place, tuple};
use super::kind::Kind;
use super::shape;
use super::tape::TapeKind;
use crate::derivatives::Pullback;
use crate::ir::{Output, Role};

/// What the wrappers around two sweeps know of them.
pub(super) struct Shared {
    /// Of each part that is handed on, what kind of buffer of the workspace it is, if it is one.
    borrowed: Vec<Option<TapeKind>>,
    /// Whether the forward sweep returns the value of the function.
    has_value: bool,
}

/// What a call of the forward sweep leaves behind.
struct Swept {
    statements: TokenStream,
    value: Ident,
    kept: Ident,
}

impl Companion<'_> {
    /// All functions that go backwards.
    pub(super) fn sweep_items(&self, sweeps: &Pullback) -> (Vec<Item>, Shared) {
        let contexts = [Kind::Forward, Kind::Reverse].map(|kind| self.context(kind));
        let emitted = functions::emit_sweeps(&sweeps.function, &sweeps.value, &contexts);
        let one = |parts: Vec<TokenStream>| match &parts[..] {
            [one] => quote!((#one,)),
            _ => quote!((#(#parts),*)),
        };
        let parts = &emitted.kept;
        let types = one(parts.iter().map(|part| part.ty.clone()).collect());
        let shared = Shared {
            borrowed: parts.iter().map(|part| part.borrowed).collect(),
            has_value: sweeps.value != Output::Unit,
        };
        let patterns = one(parts.iter().map(|part| part.pattern.clone()).collect());
        let idents = one(parts
            .iter()
            .map(|part| {
                let ident = &part.ident;
                quote!(#ident)
            })
            .collect());

        let [forward_context, reverse_context] = contexts;
        let mut first = emitted.forward;
        let mut handed_on = types.clone();
        if shared.has_value {
            let (value, result) = (&first.output, self.value_type());
            first.output = quote!((#value, #idents));
            handed_on = quote!((#result, #types));
        } else {
            first.output = idents;
        }
        let mut forward = self.item_of(Kind::Forward, forward_context, first);
        forward.kept = Some(handed_on);
        let mut reverse = self.unchecked_item(Kind::Reverse, reverse_context, emitted.reverse);
        reverse.kept = Some(quote!(&#patterns: &#types));

        let mut items = vec![
            self.vjp(),
            self.forward_to_with(Kind::VjpInto, Kind::VjpIntoWith),
            self.vjp_into_of_sweeps(&shared),
            forward,
            reverse,
            self.pullback_of_sweeps(&shared),
        ];
        if self.has(Kind::Gradient) {
            items.push(self.gradient_of_sweeps(&shared));
        }
        (items, shared)
    }

    /// The sweeps as other functions call them.
    pub(super) fn lent_sweeps(&self, shared: &Shared) -> [Item; 2] {
        let private = &self.private;
        let new = quote!(&mut #private::Workspace::new());
        let mut context = self.hidden_context(Kind::HiddenForward);
        let swept = self.sweep_forward(shared, &mut context, &new, true);
        let (statements, kept, tape) = (&swept.statements, &swept.kept, &context.tape);
        let value = &swept.value;
        let (tangent, both) = self.with_zero_tangent(&mut context.clone(), &quote!(#value));
        let only = self.first_order_only(&context);
        let statements = quote!(#only #statements #tape.push(#kept); #tangent);
        let body = self.returning(statements, both);
        let forward = self.wrapper(Kind::HiddenForward, context, body);

        let mut context = self.hidden_context(Kind::HiddenReverse);
        let kept = context.names.fresh("kept");
        let tape = &context.tape;
        let path = self.path(Kind::Reverse, None);
        let arguments = self.behind_receiver(Some(new), self.arguments(false));
        let behind = self.roles(Kind::Reverse).into_iter().map(|role| {
            let ident = &context.parameters[&role];
            quote!(#ident)
        });
        let only = self.first_order_only(&context);
        let body = quote! {
            #only
            let #kept = #tape.pop();
            #path(#(#arguments,)* #kept, #(#behind),*);
        };
        [forward, self.wrapper(Kind::HiddenReverse, context, body)]
    }

    /// `vjp_into_with`: forward, back, and the buffers given back.
    fn vjp_into_of_sweeps(&self, shared: &Shared) -> Item {
        let mut context = self.context(Kind::VjpIntoWith);
        let checks = self.length_checks(Kind::VjpIntoWith, &context);
        let workspace = context.workspace.clone();
        let adjoints = self.roles(Kind::Reverse).into_iter().map(|role| {
            let ident = &context.parameters[&role];
            quote!(#ident)
        });
        let adjoints: Vec<TokenStream> = adjoints.collect();
        let swept = self.sweep_forward(shared, &mut context, &quote!(#workspace), true);
        let kept = &swept.kept;
        let back = self.sweep_back(&quote!(#workspace), kept, &adjoints);
        // The last one first: each then serves the same purpose in the next call, and has the size for it.
        let parts = shared.borrowed.iter().enumerate().rev();
        let give = parts.filter_map(|(k, kind)| {
            let field = syn::Index::from(k);
            Some((*kind)?.given(workspace.as_ref()?, &quote!(#kept.#field)))
        });
        let (statements, value) = (&swept.statements, &swept.value);
        let value = quote!(#value);
        let body = self.returning(quote!(#checks #statements #back; #(#give)*), value);
        self.wrapper(Kind::VjpIntoWith, context, body)
    }

    /// `pullback`: forward, and a function that goes back.
    fn pullback_of_sweeps(&self, shared: &Shared) -> Item {
        let mut context = self.context(Kind::Pullback);
        let private = &self.private;
        let new = quote!(&mut #private::Workspace::new());
        let swept = self.sweep_forward(shared, &mut context, &new, true);
        let cotangent = self.role_name(Role::Cotangent, &mut context.names);
        let (zeros, arguments, adjoints) = self.zero_adjoints(&mut context, &quote!(#cotangent));
        let back = self.sweep_back(&new, &swept.kept, &arguments);
        let ty = self.role_type(Role::Cotangent, None);
        let (statements, value) = (&swept.statements, &swept.value);
        let body = self.returning(
            statements.clone(),
            quote!((#value, move |#cotangent: #ty| { #zeros #back; #adjoints })),
        );
        self.wrapper(Kind::Pullback, context, body)
    }

    /// `gradient`: with the value, where the forward sweep computes it anyway, otherwise without.
    fn gradient_of_sweeps(&self, shared: &Shared) -> Item {
        let mut context = self.context(Kind::Gradient);
        if shared.has_value {
            let (path, arguments) = (self.path(Kind::Vjp, None), self.arguments(false));
            let (gradient, one) = (context.names.fresh("gradient"), self.one());
            let both = self.value_of(quote!(#path(#(#arguments,)* #one)));
            let body = self.returning(quote!(let (_, #gradient) = #both;), quote!(#gradient));
            return self.wrapper(Kind::Gradient, context, body);
        }
        let private = &self.private;
        let workspace = context.names.fresh("workspace");
        let new = quote!(#workspace);
        let swept = self.sweep_forward(shared, &mut context, &new, false);
        let (zeros, arguments, adjoints) = self.zero_adjoints(&mut context, &self.one());
        let back = self.sweep_back(&new, &swept.kept, &arguments);
        let statements = &swept.statements;
        let body = self.returning(
            quote! {
                let #workspace = &mut #private::Workspace::new();
                #statements #zeros #back;
            },
            adjoints,
        );
        self.wrapper(Kind::Gradient, context, body)
    }

    /// A call of the forward sweep; of the function itself, too, where that alone gives the value and it is `wanted`.
    fn sweep_forward(
        &self,
        shared: &Shared,
        context: &mut Context,
        workspace: &TokenStream,
        wanted: bool,
    ) -> Swept {
        let (value, kept) = (context.names.fresh("value"), context.names.fresh("kept"));
        let (path, arguments) = (self.path(Kind::Forward, None), self.arguments(false));
        let with_workspace = self.behind_receiver(Some(workspace.clone()), arguments.clone());
        let call = self.value_of(quote!(#path(#(#with_workspace),*)));
        let statements = if shared.has_value {
            quote!(let (#value, #kept) = #call;)
        } else {
            let primal = self.primal_path();
            let primal = self.value_of(quote!(#primal(#(#arguments),*)));
            let value = wanted.then(|| quote!(let #value = #primal;));
            quote!(#value let #kept = #call;)
        };
        Swept {
            statements,
            value,
            kept,
        }
    }

    /// A call of the reverse sweep.
    fn sweep_back(
        &self,
        workspace: &TokenStream,
        kept: &Ident,
        cotangent_and_adjoints: &[TokenStream],
    ) -> TokenStream {
        let path = self.path(Kind::Reverse, None);
        let arguments = self.behind_receiver(Some(workspace.clone()), self.arguments(false));
        quote!(#path(#(#arguments,)* &#kept, #(#cotangent_and_adjoints),*))
    }

    /// Declarations of zero adjoints, the arguments that pass `cotangent` and them, and what hands them back.
    fn zero_adjoints(
        &self,
        context: &mut Context,
        cotangent: &TokenStream,
    ) -> (TokenStream, Vec<TokenStream>, TokenStream) {
        let mut zeros = TokenStream::new();
        let mut arguments = Vec::new();
        let mut adjoints = Vec::new();
        for role in self.roles(Kind::Reverse) {
            let Role::Adjoint(i) = role else {
                arguments.push(cotangent.clone());
                continue;
            };
            let ident = self.role_name(role, &mut context.names);
            let parameter = &self.signature.parameters[i];
            let zero = shape::zeros_like(
                &self.private,
                &mut context.names,
                (&owned_tangent(parameter), shape::Like::Primal),
                None,
                &parameter_place(parameter),
            );
            zeros.extend(quote!(let mut #ident = #zero;));
            arguments.push(quote!(&mut #ident));
            adjoints.push(quote!(#ident));
        }
        (zeros, arguments, tuple(adjoints))
    }
}
