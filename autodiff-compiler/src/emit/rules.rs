//! Companions of functions whose derivatives the user gives: short functions around the user's own.

use proc_macro2::{Ident, TokenStream};
use quote::{ToTokens, quote, quote_spanned};
use syn::Path;
use syn::spanned::Spanned;

use super::body::Context;
use super::companion::{Companion, Item};
use super::interface::{owned_tangent, tuple};
use super::kind::Kind;
use super::shape;
use crate::ir::Role;
use crate::signature::{Partial, Rule};

impl Companion<'_> {
    /// All functions that the companion has.
    pub(super) fn items_of_rule(&self, rule: &Rule) -> Vec<Item> {
        match rule {
            Rule::Partials(partials) => self.items_of_partials(partials),
            Rule::Written { jvp, vjp, hvp } => self.items_of_functions(jvp, vjp, hvp.as_ref()),
        }
    }

    /// The partial derivatives as text, where the rule names them.
    pub(super) fn formulas_of(&self, rule: &Rule) -> Option<Vec<String>> {
        let Rule::Partials(partials) = rule else {
            return None;
        };
        let parameters = self.signature.parameters.iter();
        let names: Vec<String> = parameters
            .map(|parameter| parameter.name.to_string())
            .collect();
        let names = names.join(", ");
        let formula = |partial: &Partial| {
            let path = partial.function.to_token_stream().to_string();
            format!("{}({names})", path.replace(' ', ""))
        };
        Some(partials.iter().map(formula).collect())
    }

    /// A call with the parameters of the primal, and `more` behind them; the `last` one may consume them. What rustc says
    /// of it points at the path.
    fn call(&self, path: impl ToTokens, more: &[TokenStream], last: bool) -> TokenStream {
        let (arguments, span) = (self.arguments(!last), path.span());
        quote_spanned!(span=> #path(#(#arguments,)* #(#more),*))
    }

    /// What is handed in beside the parameters of the primal, in order.
    fn handed_in(&self, kind: Kind, context: &Context) -> Vec<TokenStream> {
        let roles = self.roles(kind).into_iter();
        roles
            .map(|role| context.parameters[&role].to_token_stream())
            .collect()
    }

    /// A variable for each active parameter.
    fn variables(&self, context: &mut Context, prefix: &str) -> Vec<Ident> {
        let active = self.active.iter();
        active
            .map(|(_, parameter)| {
                let name = parameter.name.to_string();
                let name = name.strip_prefix("r#").unwrap_or(&name);
                context.names.fresh(&format!("{prefix}{name}"))
            })
            .collect()
    }

    fn items_of_partials(&self, partials: &[Partial]) -> Vec<Item> {
        let mut items = vec![
            self.jvp_of_partials(partials),
            self.vjp(),
            self.vjp_into_of_partials(partials),
            self.forward_to(Kind::VjpIntoWith, Kind::VjpInto, None),
            self.pullback_of_partials(partials),
            self.gradient_of_partials(partials),
            self.gradient_into(Kind::GradientInto),
            self.gradient_into(Kind::GradientIntoWith),
            self.value_and_gradient(),
        ];
        if self.has(Kind::Hvp) {
            items.extend([
                self.hvp_of_partials(partials),
                self.hessian_of_all(),
                self.all_of_partials(partials),
            ]);
        }
        items
    }

    /// Calls of the partial derivatives, behind one of the function itself, whose panics and effects come first.
    fn partials(&self, partials: &[Partial]) -> (TokenStream, Vec<TokenStream>) {
        let calls = partials.iter().enumerate();
        let calls =
            calls.map(|(k, partial)| self.call(&partial.function, &[], k + 1 == partials.len()));
        (self.call(self.primal_path(), &[], false), calls.collect())
    }

    /// The direction of each active parameter, as a number.
    fn directions(&self, context: &Context) -> Vec<TokenStream> {
        let active = self.active.iter();
        active
            .map(|(i, parameter)| {
                let ident = &context.parameters[&Role::Direction(*i)];
                let is_behind = self.direction_is_reference(parameter).then(|| quote!(*));
                quote!(#is_behind #ident)
            })
            .collect()
    }

    fn jvp_of_partials(&self, partials: &[Partial]) -> Item {
        let mut context = self.context(Kind::Jvp);
        let value = context.names.fresh("value");
        let (primal, calls) = self.partials(partials);
        let directions = self.directions(&context);
        let body = quote!(let #value = #primal; (#value, #(#directions * #calls)+*));
        self.wrapper(Kind::Jvp, context, body)
    }

    fn vjp_into_of_partials(&self, partials: &[Partial]) -> Item {
        let mut context = self.context(Kind::VjpInto);
        let value = context.names.fresh("value");
        let (primal, calls) = self.partials(partials);
        let cotangent = context.parameters[&Role::Cotangent].clone();
        let adjoints = self.active.iter();
        let adjoints = adjoints.map(|(i, _)| &context.parameters[&Role::Adjoint(*i)]);
        let body = quote! {
            let #value = #primal;
            #(*#adjoints += #calls * #cotangent;)*
            #value
        };
        self.wrapper(Kind::VjpInto, context, body)
    }

    fn pullback_of_partials(&self, partials: &[Partial]) -> Item {
        let mut context = self.context(Kind::Pullback);
        let value = context.names.fresh("value");
        let cotangent = self.role_name(Role::Cotangent, &mut context.names);
        let ty = self.role_type(Role::Cotangent, None);
        let gradient = self.variables(&mut context, "g");
        let (primal, calls) = self.partials(partials);
        let adjoints = gradient.iter().map(|partial| quote!(#partial * #cotangent));
        let adjoints = tuple(adjoints.collect());
        let body = quote! {
            let #value = #primal;
            #(let #gradient = #calls;)*
            (#value, move |#cotangent: #ty| #adjoints)
        };
        self.wrapper(Kind::Pullback, context, body)
    }

    fn gradient_of_partials(&self, partials: &[Partial]) -> Item {
        let context = self.context(Kind::Gradient);
        let (primal, calls) = self.partials(partials);
        let gradient = tuple(calls);
        self.wrapper(Kind::Gradient, context, quote!(let _ = #primal; #gradient))
    }

    /// The derivatives of the partial derivatives along the direction.
    fn hvp_of_partials(&self, partials: &[Partial]) -> Item {
        let mut context = self.context(Kind::Hvp);
        let gradient = self.variables(&mut context, "g");
        let product = self.variables(&mut context, "h");
        let primal = self.call(self.primal_path(), &[], false);
        let directions = self.handed_in(Kind::Hvp, &context);
        let calls = partials.iter().enumerate().map(|(k, partial)| {
            self.call(
                of_companion(&partial.companion, Kind::Jvp),
                &directions,
                k + 1 == partials.len(),
            )
        });
        let handed_back = [&gradient, &product]
            .map(|variables| tuple(variables.iter().map(ToTokens::to_token_stream).collect()));
        let body = quote! {
            let _ = #primal;
            #(let (#gradient, #product) = #calls;)*
            (#(#handed_back),*)
        };
        self.wrapper(Kind::Hvp, context, body)
    }

    /// `value_gradient_hessian`: the gradients of the partial derivatives are its rows.
    fn all_of_partials(&self, partials: &[Partial]) -> Item {
        let mut context = self.context(Kind::ValueGradientHessian);
        let value = context.names.fresh("value");
        let gradient = self.variables(&mut context, "g");
        let primal = self.call(self.primal_path(), &[], false);
        let (mut rows, mut statements) = (Vec::new(), TokenStream::new());
        for (k, (partial, own)) in partials.iter().zip(&gradient).enumerate() {
            let entries = self.variables(&mut context, "h");
            let path = of_companion(&partial.companion, Kind::ValueAndGradient);
            let call = self.call(path, &[], k + 1 == partials.len());
            let pattern = tuple(entries.iter().map(ToTokens::to_token_stream).collect());
            statements.extend(quote!(let (#own, #pattern) = #call;));
            rows.push(quote!([#(#entries),*]));
        }
        let gradient = tuple(gradient.iter().map(ToTokens::to_token_stream).collect());
        let body = quote! {
            let #value = #primal;
            #statements
            (#value, #gradient, [#(#rows),*])
        };
        self.wrapper(Kind::ValueGradientHessian, context, body)
    }

    fn items_of_functions(&self, jvp: &Path, vjp: &Path, hvp: Option<&Path>) -> Vec<Item> {
        let mut items = vec![
            self.written(Kind::Jvp, jvp),
            self.written(Kind::Vjp, vjp),
            self.vjp_into_of_vjp(),
            self.forward_to(Kind::VjpIntoWith, Kind::VjpInto, None),
        ];
        if self.has(Kind::Pullback) {
            items.push(self.pullback_of_vjp());
        }
        if self.has(Kind::Gradient) {
            items.extend([
                self.gradient_of_vjp(),
                self.gradient_into(Kind::GradientInto),
                self.gradient_into(Kind::GradientIntoWith),
                self.value_and_gradient(),
            ]);
        }
        if let Some(hvp) = hvp {
            items.push(self.written(Kind::Hvp, hvp));
            if self.has(Kind::Hessian) {
                items.extend([self.hessian(Kind::Hvp), self.all_of_parts()]);
            }
        }
        if self.has(Kind::Jacobian) {
            items.push(self.jacobian(Kind::Jvp).0);
        }
        items
    }

    /// A function that the user wrote as it is in the companion, behind a check of lengths.
    fn written(&self, kind: Kind, path: &Path) -> Item {
        let context = self.context(kind);
        let checks = self.length_checks(kind, &context);
        let call = self.call(path, &self.handed_in(kind, &context), true);
        self.wrapper(kind, context, quote!(#checks #call))
    }

    /// `vjp_into`: what `vjp` hands back is added up.
    fn vjp_into_of_vjp(&self) -> Item {
        let mut context = self.context(Kind::VjpInto);
        let checks = self.length_checks(Kind::VjpInto, &context);
        let (mut fresh, mut sums) = (Vec::new(), TokenStream::new());
        for (i, parameter) in self.active.iter().filter(|(i, _)| !self.is_in_out(*i)) {
            let place = context.parameters[&Role::Adjoint(*i)].clone();
            let own = self.role_name(Role::Adjoint(*i), &mut context.names);
            let ty = owned_tangent(parameter);
            let name = parameter.name.to_string();
            let (to, from) = (quote!(*#place), quote!(#own));
            let names = &mut context.names;
            // Sums go to the common length, and nothing may be lost.
            let lengths = shape::check(&self.private, names, &name, &ty, &quote!(#place), &from);
            let sum = shape::add_up(&self.private, names, &ty, &to, &from);
            sums.extend(quote!(#lengths #sum));
            fresh.push(quote!(#own));
        }
        let path = self.path(Kind::Vjp, None);
        let call = self.call(path, &self.handed_in(Kind::Vjp, &context), true);
        let has_result = self.signature.result.is_some();
        let body = if has_result {
            let (value, fresh) = (context.names.fresh("value"), tuple(fresh));
            quote!(let (#value, #fresh) = #call; #sums #value)
        } else if fresh.is_empty() {
            quote!(#call)
        } else {
            let fresh = tuple(fresh);
            quote!(let #fresh = #call; #sums)
        };
        self.wrapper(Kind::VjpInto, context, quote!(#checks #body))
    }

    /// `pullback`: the value, and a function that calls `vjp`.
    fn pullback_of_vjp(&self) -> Item {
        let mut context = self.context(Kind::Pullback);
        let primal = self.call(self.primal_path(), &[], false);
        let path = self.path(Kind::Vjp, None);
        let Some(value) = self.value_type() else {
            let back = self.call(path, &[], false);
            return self.wrapper(Kind::Pullback, context, quote!(#primal; move || #back));
        };
        let cotangent = self.role_name(Role::Cotangent, &mut context.names);
        let ty = self.role_type(Role::Cotangent, None);
        let back = self.call(path, &[quote!(#cotangent)], false);
        let (result, adjoints) = (
            context.names.fresh("value"),
            context.names.fresh("adjoints"),
        );
        let body = quote! {
            let #result: #value = #primal;
            (#result, move |#cotangent: #ty| {
                let (_, #adjoints) = #back;
                #adjoints
            })
        };
        self.wrapper(Kind::Pullback, context, body)
    }

    /// `gradient` as `vjp` with the cotangent 1.
    fn gradient_of_vjp(&self) -> Item {
        let mut context = self.context(Kind::Gradient);
        let call = self.call(self.path(Kind::Vjp, None), &[self.one()], true);
        let gradient = context.names.fresh("gradient");
        let body = quote!(let (_, #gradient) = #call; #gradient);
        self.wrapper(Kind::Gradient, context, body)
    }
}

/// The path of a function of a companion.
fn of_companion(companion: &Path, kind: Kind) -> TokenStream {
    let name = Ident::new(kind.name(), companion.span());
    quote_spanned!(companion.span()=> #companion::#name)
}
