//! The functions of first order.

use proc_macro2::TokenStream;
use quote::{format_ident, quote};

use super::body;
use super::companion::{Companion, Item, owned_tangent, primal_positions, tuple};
use super::expression::Level;
use super::{documentation, literal, shape};
use crate::ir::{Literal, Role, ScalarType};
use crate::signature::{Passing, SignatureParameter};

impl Companion<'_> {
    pub(super) fn jvp(&self) -> Item {
        let result = match (self.value_type(), self.value_tangent_type()) {
            (Some(value), Some(tangent)) => Some(quote!((#value, #tangent))),
            _ => None,
        };
        let mut item = self.item(
            "jvp",
            documentation::jvp(self),
            &self.derivatives.jvp,
            result,
        );
        self.check_lengths(&mut item, Role::Direction);
        item
    }

    /// `vjp_into` and `vjp_into_with`, of which one holds the body: the one with a workspace, if the body uses one.
    pub(super) fn vjp_into(&self) -> [Item; 2] {
        let function = &self.derivatives.vjp_into;
        let mut context = self.context(function);
        let workspace = context.names.fresh("workspace");
        context.workspace = Some(workspace.clone());
        let emitted = body::emit(function, &context);
        let (statements, output) = (&emitted.statements, &emitted.output);
        let body = quote!(#statements #output);
        let uses_workspace = super::mentions(&body, &workspace);
        let last = self.extra_parameters(function, &context, &emitted);
        let facade = &self.facade;
        let mut with_body = Item {
            name: format_ident!(
                "{}",
                if uses_workspace {
                    "vjp_into_with"
                } else {
                    "vjp_into"
                }
            ),
            documentation: String::new(),
            first: if uses_workspace {
                vec![quote!(#workspace: &mut #facade::Workspace)]
            } else {
                Vec::new()
            },
            last,
            lanes: None,
            changed: primal_positions(&emitted),
            result: self.value_type(),
            body,
            hidden: false,
        };
        let extra = function
            .parameters
            .iter()
            .filter(|parameter| !matches!(parameter.role, Role::Primal(_)));
        let extra = extra.map(|parameter| {
            let ident = &context.parameters[&parameter.role];
            quote!(#ident)
        });
        let arguments: Vec<TokenStream> = self.arguments(false).into_iter().chain(extra).collect();
        let call = if uses_workspace {
            let path = self.path("vjp_into_with", None);
            quote!(#path(&mut #facade::Workspace::new(), #(#arguments),*))
        } else {
            let path = self.path("vjp_into", None);
            quote!(#path(#(#arguments),*))
        };
        let mut around = Item {
            name: format_ident!(
                "{}",
                if uses_workspace {
                    "vjp_into"
                } else {
                    "vjp_into_with"
                }
            ),
            documentation: String::new(),
            first: if uses_workspace {
                Vec::new()
            } else {
                vec![quote!(_: &mut #facade::Workspace)]
            },
            last: self.extra_parameters(function, &context, &body::Emitted::signature_only()),
            lanes: None,
            changed: Vec::new(),
            result: self.value_type(),
            body: call,
            hidden: false,
        };
        self.check_lengths(&mut with_body, Role::Adjoint);
        let (plain, with) = if uses_workspace {
            (&mut around, &mut with_body)
        } else {
            (&mut with_body, &mut around)
        };
        plain.documentation = documentation::vjp_into(self);
        with.documentation = documentation::with_workspace("vjp_into");
        if uses_workspace {
            [around, with_body]
        } else {
            [with_body, around]
        }
    }

    pub(super) fn vjp(&self) -> Item {
        let function = &self.derivatives.vjp_into;
        let mut context = self.context(function);
        let emitted = body::Emitted::signature_only();
        let mut last = Vec::new();
        let mut arguments = self.arguments(false);
        let mut zeros = TokenStream::new();
        let mut adjoints = Vec::new();
        let mut kinds = Vec::new();
        let parameters = self.extra_parameters(function, &context, &emitted);
        let extra = function
            .parameters
            .iter()
            .filter(|parameter| !matches!(parameter.role, Role::Primal(_)));
        for (parameter, tokens) in extra.zip(parameters) {
            let ident = context.parameters[&parameter.role].clone();
            match parameter.role {
                Role::Adjoint(i) if self.signature.parameters[i].passing != Passing::Mutable => {
                    let primal = &self.signature.parameters[i];
                    zeros.extend(self.zero_adjoint(primal, &ident));
                    arguments.push(quote!(&mut #ident));
                    adjoints.push(quote!(#ident));
                    kinds.push(self.adjoint_type(primal));
                }
                _ => {
                    last.push(tokens);
                    arguments.push(quote!(#ident));
                }
            }
        }
        let path = self.path("vjp_into", None);
        let adjoint_types = tuple(kinds);
        let adjoints_value = tuple(adjoints.clone());
        let (result, body) = match self.value_type() {
            Some(value) => {
                let result = context.names.fresh("value");
                (
                    Some(quote!((#value, #adjoint_types))),
                    quote!(#zeros let #result = #path(#(#arguments),*); (#result, #adjoints_value)),
                )
            }
            None if adjoints.is_empty() => (None, quote!(#path(#(#arguments),*);)),
            None => (
                Some(adjoint_types),
                quote!(#zeros #path(#(#arguments),*); #adjoints_value),
            ),
        };
        let mut item = self.wrapper("vjp", documentation::vjp(self), result, body);
        item.last = last;
        item
    }

    /// Declares a variable with the zero adjoint of a parameter.
    fn zero_adjoint(
        &self,
        parameter: &SignatureParameter,
        ident: &proc_macro2::Ident,
    ) -> TokenStream {
        let name = &parameter.name;
        let zero = shape::zeros_like(
            &self.facade,
            &owned_tangent(parameter),
            None,
            &quote!(#name),
        );
        quote!(let mut #ident = #zero;)
    }

    pub(super) fn pullback(&self) -> Option<Item> {
        let pullback = self.derivatives.pullback.as_ref()?;
        let context = self.context(&pullback.function);
        let emitted = body::emit_split(&pullback.function, &pullback.value, &context);
        let cotangent = pullback
            .function
            .parameters
            .iter()
            .find(|parameter| parameter.role == Role::Cotangent);
        let adjoints = self.adjoints_type();
        let (statements, value, second) = (&emitted.statements, &emitted.output, &emitted.second);
        let (argument, kind) = match cotangent {
            Some(parameter) => {
                let ident = &context.parameters[&parameter.role];
                let ty = self.parameter_type(&pullback.function, parameter, None);
                let mutable = emitted
                    .changed
                    .contains(&Role::Cotangent)
                    .then(|| quote!(mut));
                (quote!(#mutable #ident: #ty), ty)
            }
            None => (quote!(), quote!()),
        };
        let closure = quote!(move |#argument| #second);
        let ty = quote!(impl Fn(#kind) -> #adjoints);
        let (result, body) = match self.value_type() {
            Some(of_value) => (
                quote!((#of_value, #ty)),
                quote!(#statements (#value, #closure)),
            ),
            None => (ty, quote!(#statements #closure)),
        };
        let mut item = self.wrapper(
            "pullback",
            documentation::pullback(self),
            Some(result),
            body,
        );
        item.changed = primal_positions(&emitted);
        Some(item)
    }

    pub(super) fn gradient(&self) -> Option<Item> {
        let function = self.derivatives.gradient.as_ref()?;
        Some(self.item(
            "gradient",
            documentation::gradient(self),
            function,
            Some(self.adjoints_type()),
        ))
    }

    pub(super) fn value_and_gradient(&self) -> Option<Item> {
        let function = self.derivatives.value_and_gradient.as_ref()?;
        let (value, adjoints) = (self.value_type(), self.adjoints_type());
        let documentation = documentation::value_and_gradient(self);
        Some(self.item(
            "value_and_gradient",
            documentation,
            function,
            Some(quote!((#value, #adjoints))),
        ))
    }

    /// `gradient_into` and `gradient_into_with`: the adjoints cleared, then the reverse sweep with the cotangent 1.
    pub(super) fn gradient_into(&self) -> Vec<Item> {
        let (Some(_), Some(float)) = (&self.derivatives.gradient, self.scalar_result()) else {
            return Vec::new();
        };
        let function = &self.derivatives.vjp_into;
        let one = Literal {
            text: "1.0".to_owned(),
            ty: ScalarType::Float(float.clone()),
        };
        let one = literal::plain(&self.facade, &one).at(Level::Block);
        let item = |with: bool| {
            let mut context = self.context(function);
            let workspace = context.names.fresh("workspace");
            let mut clear = TokenStream::new();
            let mut last = Vec::new();
            let mut arguments = self.arguments(false);
            let emitted = body::Emitted::signature_only();
            let parameters = self.extra_parameters(function, &context, &emitted);
            let extra = function
                .parameters
                .iter()
                .filter(|parameter| !matches!(parameter.role, Role::Primal(_)));
            for (parameter, tokens) in extra.zip(parameters) {
                if let Role::Adjoint(i) = parameter.role {
                    let ident = context.parameters[&parameter.role].clone();
                    let tangent = super::types::tangent(
                        self.signature.parameters[i]
                            .ty
                            .as_ref()
                            .expect("active types are known"),
                    );
                    let place = if let crate::ir::Type::Scalar(_) = tangent {
                        quote!(*#ident)
                    } else {
                        quote!(#ident)
                    };
                    clear.extend(shape::clear(
                        &self.facade,
                        &mut context.names,
                        &tangent,
                        None,
                        &place,
                    ));
                    last.push(tokens);
                    arguments.push(quote!(#ident));
                } else {
                    arguments.push(one.clone());
                }
            }
            let facade = &self.facade;
            let (name, path) = if with {
                ("gradient_into_with", "vjp_into_with")
            } else {
                ("gradient_into", "vjp_into")
            };
            let path = self.path(path, None);
            let first = with.then(|| quote!(#workspace));
            let arguments = first.iter().chain(&arguments);
            let body = quote!(#clear #path(#(#arguments),*));
            let documentation = if with {
                documentation::with_workspace("gradient_into")
            } else {
                documentation::gradient_into(self)
            };
            let mut item = self.wrapper(name, documentation, self.value_type(), body);
            if with {
                item.first.push(quote!(#workspace: &mut #facade::Workspace));
            }
            item.last = last;
            item
        };
        vec![item(false), item(true)]
    }

    /// Has a function check, ahead of anything else, that its directions or adjoints have the lengths of what they
    /// belong to.
    fn check_lengths(&self, item: &mut Item, role: fn(usize) -> Role) {
        let function = match role(0) {
            Role::Direction(_) => &self.derivatives.jvp,
            _ => &self.derivatives.vjp_into,
        };
        let body = self.length_checks(function, role);
        let rest = &item.body;
        item.body = quote!(#body #rest);
    }

    /// Statements that check the lengths of the directions or adjoints of `function`.
    pub(super) fn length_checks(
        &self,
        function: &crate::ir::Function,
        role: fn(usize) -> Role,
    ) -> TokenStream {
        let mut context = self.context(function);
        let mut checks = TokenStream::new();
        for (i, parameter) in &self.active {
            let (Some(other), Some(ty)) =
                (context.parameters.get(&role(*i)).cloned(), &parameter.ty)
            else {
                continue;
            };
            let name = &parameter.name;
            let text = name.to_string();
            checks.extend(shape::check(
                &self.facade,
                &mut context.names,
                &text,
                ty,
                &quote!(#name),
                &quote!(#other),
            ));
        }
        checks
    }
}
