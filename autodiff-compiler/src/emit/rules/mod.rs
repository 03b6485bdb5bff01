//! Companions of functions whose derivatives the user gives: short functions around the user's own.

mod hidden;
mod several;

use proc_macro2::{Ident, TokenStream};
use quote::{ToTokens, quote, quote_spanned};
use syn::Path;
use syn::spanned::Spanned;

use super::body::Context;
use super::companion::{Companion, Item};
use super::interface::{owned_tangent, tuple};
use super::kind::Kind;
use super::names::bare;
use super::shape;
use crate::ir::Role;
use crate::signature::{Partial, Rule};

impl Companion<'_> {
    /// All functions that the companion has.
    pub(super) fn items_of_rule(&self, rule: &Rule) -> Vec<Item> {
        let mut items = match rule {
            Rule::Partials(partials) => self.items_of_partials(partials),
            Rule::Written { jvp, vjp, hvp } => self.items_of_functions(jvp, vjp, hvp.as_ref()),
        };
        // Structs go along with no call so far.
        if !self.has_structs() {
            items.extend(match rule {
                Rule::Partials(partials) => self.hidden_of_partials(partials).into(),
                Rule::Written { .. } => self.hidden_of_functions(),
            });
        }
        items
    }

    /// Whether callers get second derivatives.
    pub(super) fn rule_has_directions(&self, rule: &Rule) -> bool {
        match rule {
            Rule::Partials(_) => self.signature.order >= 2,
            Rule::Written { .. } => self.has_product(),
        }
    }

    /// What is asked of the rule when it is compiled: that its partial derivatives vary with the same parameters.
    pub(super) fn questions_of_rule(&self, rule: &Rule) -> TokenStream {
        let Rule::Partials(partials) = rule else {
            return TokenStream::new();
        };
        if !self.rule_has_directions(rule) {
            return TokenStream::new();
        }
        let (facade, varying) = (&self.signature.facade, self.varying());
        let questions = partials.iter().map(|partial| {
            let own = member(&partial.companion, super::hidden::VARYING, "");
            quote!(#facade::__private::check_partial(&#own, &[#(#varying),*]);)
        });
        questions.collect()
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
            self.jvp_of_partials(Kind::Jvp, partials),
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
        (self.primal(), calls.collect())
    }

    /// A call of the function itself ahead of others, or out with its failure.
    fn primal(&self) -> TokenStream {
        self.value_of(self.call(self.primal_path(), &[], false))
    }

    /// What a call gives of a rule that fails where the function does, and here it did not.
    fn surely(&self, pattern: &TokenStream, call: TokenStream) -> TokenStream {
        let Some(wrapper) = &self.signature.wrapper else {
            return quote!(let #pattern = #call;);
        };
        let (private, name) = (&self.private, self.signature.ident.to_string());
        let success = wrapper.success(private, pattern.clone());
        let message = format!("the rule of `{name}` fails where `{name}` did not");
        quote!(let #success = #call else { #private::panic!(#message) };)
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

    fn jvp_of_partials(&self, kind: Kind, partials: &[Partial]) -> Item {
        let mut context = self.context(kind);
        let value = context.names.fresh("value");
        let (primal, calls) = self.partials(partials);
        let directions = self.directions(&context);
        let body = self.returning(
            quote!(let #value = #primal;),
            quote!((#value, #(#directions * #calls)+*)),
        );
        self.wrapper(kind, context, body)
    }

    fn vjp_into_of_partials(&self, partials: &[Partial]) -> Item {
        let mut context = self.context(Kind::VjpInto);
        let value = context.names.fresh("value");
        let (primal, calls) = self.partials(partials);
        let cotangent = context.parameters[&Role::Cotangent].clone();
        let adjoints = self.active.iter();
        let adjoints = adjoints.map(|(i, _)| &context.parameters[&Role::Adjoint(*i)]);
        let body = self.returning(
            quote!(let #value = #primal; #(*#adjoints += #calls * #cotangent;)*),
            quote!(#value),
        );
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
        let body = self.returning(
            quote!(let #value = #primal; #(let #gradient = #calls;)*),
            quote!((#value, move |#cotangent: #ty| #adjoints)),
        );
        self.wrapper(Kind::Pullback, context, body)
    }

    fn gradient_of_partials(&self, partials: &[Partial]) -> Item {
        let context = self.context(Kind::Gradient);
        let (primal, calls) = self.partials(partials);
        let gradient = tuple(calls);
        let body = self.returning(quote!(let _ = #primal;), gradient);
        self.wrapper(Kind::Gradient, context, body)
    }

    /// The derivatives of the partial derivatives along the direction.
    fn hvp_of_partials(&self, partials: &[Partial]) -> Item {
        let mut context = self.context(Kind::Hvp);
        let gradient = self.variables(&mut context, "g");
        let product = self.variables(&mut context, "h");
        let primal = self.primal();
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
        let body = self.returning(
            quote!(let _ = #primal; #(let (#gradient, #product) = #calls;)*),
            quote!((#(#handed_back),*)),
        );
        self.wrapper(Kind::Hvp, context, body)
    }

    /// `value_gradient_hessian`: the gradients of the partial derivatives are its rows.
    fn all_of_partials(&self, partials: &[Partial]) -> Item {
        let mut context = self.context(Kind::ValueGradientHessian);
        let value = context.names.fresh("value");
        let gradient = self.variables(&mut context, "g");
        let primal = self.primal();
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
        let body = self.returning(
            quote!(let #value = #primal; #statements),
            quote!((#value, #gradient, [#(#rows),*])),
        );
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
        Item {
            is_wrapper: false,
            ..self.wrapper(kind, context, quote!(#checks #call))
        }
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
        let body = if !has_result && fresh.is_empty() {
            call
        } else {
            let (fresh, call) = (tuple(fresh), self.value_of(call));
            let value = has_result.then(|| context.names.fresh("value"));
            let pattern = value
                .as_ref()
                .map_or(fresh.clone(), |value| quote!((#value, #fresh)));
            self.returning(quote!(let #pattern = #call; #sums), quote!(#value))
        };
        self.wrapper(Kind::VjpInto, context, quote!(#checks #body))
    }

    /// `pullback`: the value, and a function that calls `vjp`.
    fn pullback_of_vjp(&self) -> Item {
        let mut context = self.context(Kind::Pullback);
        let path = self.path(Kind::Vjp, None);
        let has_result = self.signature.result.is_some();
        let cotangent = has_result.then(|| self.role_name(Role::Cotangent, &mut context.names));
        let argument = cotangent.as_ref().map(|ident| {
            let ty = self.role_type(Role::Cotangent, None);
            quote!(#ident: #ty)
        });
        let handed_in: Vec<TokenStream> = cotangent.iter().map(|ident| quote!(#ident)).collect();
        let call = self.call(path, &handed_in, false);
        let adjoints = context.names.fresh("adjoints");
        let pattern = if has_result {
            quote!((_, #adjoints))
        } else {
            quote!(#adjoints)
        };
        let back = self.surely(&pattern, call);
        let closure = quote!(move |#argument| { #back #adjoints });
        let primal = self.primal();
        let body = if has_result {
            let value = context.names.fresh("value");
            self.returning(quote!(let #value = #primal;), quote!((#value, #closure)))
        } else {
            self.returning(quote!(#primal;), closure)
        };
        self.wrapper(Kind::Pullback, context, body)
    }

    /// `gradient` as `vjp` with the cotangent 1.
    fn gradient_of_vjp(&self) -> Item {
        let mut context = self.context(Kind::Gradient);
        let call = self.call(self.path(Kind::Vjp, None), &[self.one()], true);
        let (gradient, call) = (context.names.fresh("gradient"), self.value_of(call));
        let body = self.returning(quote!(let (_, #gradient) = #call;), quote!(#gradient));
        self.wrapper(Kind::Gradient, context, body)
    }
}

/// The path of a function of a companion.
fn of_companion(companion: &Path, kind: Kind) -> TokenStream {
    let between = if kind.is_hidden() { "" } else { "_" };
    member(companion, kind.name(), between)
}

/// The path of what a companion has under that name. Beside a method its derivatives stand, and the name of a type tells
/// a method from a function: their names start with that of the method, and `between` follows.
fn member(companion: &Path, name: &str, between: &str) -> TokenStream {
    let span = companion.span();
    let mut segments = companion.segments.iter().rev();
    let (last, owner) = (segments.next(), segments.next());
    let is_method =
        owner.is_some_and(|owner| owner.ident.to_string().starts_with(char::is_uppercase));
    if let (Some(last), true) = (last, is_method) {
        let mut path = companion.clone();
        path.segments.pop();
        let method = bare(&last.ident.to_string()).to_owned();
        let name = Ident::new(&format!("{method}{between}{name}"), span);
        return quote_spanned!(span=> #path #name);
    }
    let name = Ident::new(name, span);
    quote_spanned!(span=> #companion::#name)
}
