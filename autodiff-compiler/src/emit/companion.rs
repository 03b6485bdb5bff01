//! The companion: the type that carries the derivatives of a function as associated functions.

use std::collections::HashMap;

use proc_macro2::{Ident, TokenStream};
use quote::{ToTokens, format_ident, quote};
use syn::{GenericParam, Generics};

use super::body::{self, Context, Emitted};
use super::names::Names;
use super::{documentation, types};
use crate::derivatives::Derivatives;
use crate::ir::{Binding, FloatType, Function, Operand, Origin, Parameter, Role, ScalarType, Type};
use crate::signature::{Passing, Signature, SignatureParameter};

/// What all functions of a companion have in common.
pub(super) struct Companion<'a> {
    pub(super) signature: &'a Signature,
    pub(super) derivatives: &'a Derivatives,
    pub(super) facade: TokenStream,
    /// The generics of the function, bound to scalars.
    pub(super) generics: Generics,
    /// Names that nothing of ours may have.
    pub(super) names: Names,
    /// The active parameters, with their positions.
    pub(super) active: Vec<(usize, &'a SignatureParameter)>,
}

/// One associated function on its way.
pub(super) struct Item {
    pub(super) name: Ident,
    pub(super) documentation: String,
    /// Parameters beside those of the primal: ahead of them and behind them.
    pub(super) first: Vec<TokenStream>,
    pub(super) last: Vec<TokenStream>,
    /// A const parameter of its own.
    pub(super) lanes: Option<Ident>,
    /// The parameters of the primal that the body changes.
    pub(super) changed: Vec<usize>,
    pub(super) result: Option<TokenStream>,
    pub(super) body: TokenStream,
    pub(super) hidden: bool,
}

impl<'a> Companion<'a> {
    pub(super) fn new(signature: &'a Signature, derivatives: &'a Derivatives) -> Self {
        let facade = signature.facade.to_token_stream();
        let mut names = Names::default();
        names.reserve_all(&signature.generics.to_token_stream());
        names.reserve_all(&signature.generics.where_clause.to_token_stream());
        names.reserve(&signature.ident.to_string());
        for parameter in &signature.parameters {
            names.reserve(&parameter.name.to_string());
            names.reserve_all(&parameter.declared.to_token_stream());
        }
        if let Some(result) = &signature.result {
            names.reserve_all(&result.declared.to_token_stream());
        }
        for function in functions(derivatives) {
            reserve_constants(&mut names, function);
        }
        let active = signature
            .parameters
            .iter()
            .enumerate()
            .filter(|(_, parameter)| parameter.active)
            .collect();
        let generics = scalar_generics(signature, &facade);
        Self {
            signature,
            derivatives,
            facade,
            generics,
            names,
            active,
        }
    }

    /// The names of the parameters of `function`, made unlike each other.
    pub(super) fn roles(&self, function: &Function, names: &mut Names) -> HashMap<Role, Ident> {
        let mut roles = HashMap::new();
        for parameter in &function.parameters {
            let ident = match parameter.role {
                Role::Primal(i) => self.signature.parameters[i].name.clone(),
                role => self.role_name(role, names),
            };
            roles.insert(parameter.role, ident);
        }
        roles
    }

    /// A name for what goes with a parameter of the primal.
    pub(super) fn role_name(&self, role: Role, names: &mut Names) -> Ident {
        let of = |i: usize| {
            let name = self.signature.parameters[i].name.to_string();
            name.strip_prefix("r#").unwrap_or(&name).to_owned()
        };
        let hint = match role {
            Role::Primal(i) => of(i),
            Role::Direction(i) => format!("d{}", of(i)),
            Role::Adjoint(i) => format!("{}_bar", of(i)),
            Role::Cotangent => "dr".to_owned(),
        };
        names.fresh(&hint)
    }

    /// A context for the body of `function`.
    pub(super) fn context(&self, function: &Function) -> Context {
        let mut names = self.names.clone();
        let parameters = self.roles(function, &mut names);
        let has_lanes = function.values.iter().any(|(_, value)| value.lanes)
            || function.memories.iter().any(|(_, memory)| memory.lanes);
        let lanes = has_lanes.then(|| names.fresh("K"));
        Context {
            facade: self.facade.clone(),
            parameters,
            names,
            lanes,
            workspace: None,
        }
    }

    /// The type of a parameter that derivatives bring in, as the body sees it.
    pub(super) fn parameter_type(
        &self,
        function: &Function,
        parameter: &Parameter,
        lanes: Option<&Ident>,
    ) -> TokenStream {
        match parameter.binding {
            Binding::Value(value) => {
                let info = &function.values[value];
                let lanes = lanes.filter(|_| info.lanes);
                types::place(&self.facade, &Type::Scalar(info.ty.clone()), lanes)
            }
            Binding::Memory(memory) => {
                let info = &function.memories[memory];
                let lanes = lanes.filter(|_| info.lanes);
                match info.origin {
                    Origin::Shared | Origin::Mutable => {
                        // A `Vec` behind a reference is handed over as a slice.
                        let ty = match &info.ty {
                            Type::Vec(element) => Type::Slice(element.clone()),
                            ty => ty.clone(),
                        };
                        let ty = types::place(&self.facade, &ty, lanes);
                        if info.origin == Origin::Shared {
                            quote!(&#ty)
                        } else {
                            quote!(&mut #ty)
                        }
                    }
                    _ => types::place(&self.facade, &info.ty, lanes),
                }
            }
        }
    }

    /// `name: type` for the parameters of `function` that are not the primal's.
    pub(super) fn extra_parameters(
        &self,
        function: &Function,
        context: &Context,
        emitted: &Emitted,
    ) -> Vec<TokenStream> {
        let extra = function
            .parameters
            .iter()
            .filter(|parameter| !matches!(parameter.role, Role::Primal(_)));
        extra
            .map(|parameter| {
                let (ident, ty) = (
                    &context.parameters[&parameter.role],
                    self.parameter_type(function, parameter, context.lanes.as_ref()),
                );
                let mutable = emitted
                    .changed
                    .contains(&parameter.role)
                    .then(|| quote!(mut));
                quote!(#mutable #ident: #ty)
            })
            .collect()
    }

    /// An associated function that is the body of `function`.
    pub(super) fn item(
        &self,
        name: &str,
        documentation: String,
        function: &Function,
        result: Option<TokenStream>,
    ) -> Item {
        let context = self.context(function);
        let emitted = body::emit(function, &context);
        let last = self.extra_parameters(function, &context, &emitted);
        let (statements, output) = (&emitted.statements, &emitted.output);
        Item {
            name: format_ident!("{name}"),
            documentation,
            first: Vec::new(),
            last,
            lanes: context.lanes,
            changed: primal_positions(&emitted),
            result,
            body: quote!(#statements #output),
            hidden: false,
        }
    }

    /// A short function around others.
    pub(super) fn wrapper(
        &self,
        name: &str,
        documentation: String,
        result: Option<TokenStream>,
        body: TokenStream,
    ) -> Item {
        Item {
            name: format_ident!("{name}"),
            documentation,
            first: Vec::new(),
            last: Vec::new(),
            lanes: None,
            changed: Vec::new(),
            result,
            body,
            hidden: false,
        }
    }

    /// The tokens of an associated function.
    pub(super) fn function(&self, item: &Item) -> TokenStream {
        let Item {
            name,
            documentation,
            first,
            last,
            lanes,
            changed,
            result,
            body,
            hidden,
        } = item;
        let primal = self
            .signature
            .parameters
            .iter()
            .enumerate()
            .map(|(i, parameter)| {
                let mutable = changed.contains(&i).then(|| quote!(mut));
                let (name, ty) = (&parameter.name, &parameter.declared);
                quote!(#mutable #name: #ty)
            });
        let parameters = first
            .iter()
            .cloned()
            .chain(primal)
            .chain(last.iter().cloned());
        let mut generics = self.generics.clone();
        if let Some(lanes) = lanes {
            generics.params.push(syn::parse_quote!(const #lanes: usize));
        }
        let (parameters_of_type, _, bounds) = generics.split_for_impl();
        let visibility = &self.signature.visibility;
        let result = result.as_ref().map(|ty| quote!(-> #ty));
        let attributes = if *hidden {
            quote!(#[doc(hidden)])
        } else {
            documentation::attributes(documentation)
        };
        quote! {
            #attributes
            #visibility fn #name #parameters_of_type (#(#parameters),*) #result #bounds { #body }
        }
    }

    /// The arguments that pass the parameters of the primal on; `again` says that they are needed once more.
    pub(super) fn arguments(&self, again: bool) -> Vec<TokenStream> {
        let argument = |parameter: &SignatureParameter| {
            let name = &parameter.name;
            let copied = parameter.ty.as_ref().is_some_and(super::shape::is_copy);
            match parameter.passing {
                Passing::Mutable if again => quote!(&mut *#name),
                Passing::Value if again && !copied => quote!(::core::clone::Clone::clone(&#name)),
                _ => quote!(#name),
            }
        };
        self.signature.parameters.iter().map(argument).collect()
    }

    /// The path of a function of this companion, with the generic arguments that can't be inferred.
    pub(super) fn path(&self, name: &str, lanes: Option<TokenStream>) -> TokenStream {
        let name = format_ident!("{name}");
        let own = self
            .generics
            .params
            .iter()
            .filter_map(|parameter| match parameter {
                GenericParam::Type(parameter) => Some(parameter.ident.to_token_stream()),
                GenericParam::Const(parameter) => Some(parameter.ident.to_token_stream()),
                GenericParam::Lifetime(_) => None,
            });
        let arguments: Vec<TokenStream> = own.chain(lanes).collect();
        if arguments.is_empty() {
            quote!(Self::#name)
        } else {
            quote!(Self::#name::<#(#arguments),*>)
        }
    }

    /// The type of the result.
    pub(super) fn value_type(&self) -> Option<TokenStream> {
        self.signature
            .result
            .as_ref()
            .map(|result| result.declared.to_token_stream())
    }

    /// The type of the result's tangent, as it is handed back.
    pub(super) fn value_tangent_type(&self) -> Option<TokenStream> {
        let result = self.signature.result.as_ref()?;
        Some(types::place(
            &self.facade,
            &types::tangent(&result.ty),
            None,
        ))
    }

    /// The type of the adjoint of an active parameter, as it is handed back.
    pub(super) fn adjoint_type(&self, parameter: &SignatureParameter) -> TokenStream {
        types::place(&self.facade, &owned_tangent(parameter), None)
    }

    /// Whether a parameter is both input and output.
    pub(super) fn has_in_out(&self) -> bool {
        self.active
            .iter()
            .any(|(_, parameter)| parameter.passing == Passing::Mutable)
    }

    /// The tuple of the adjoints of all active parameters, or of one the bare type.
    pub(super) fn adjoints_type(&self) -> TokenStream {
        tuple(
            self.active
                .iter()
                .map(|(_, parameter)| self.adjoint_type(parameter))
                .collect(),
        )
    }

    /// The floating-point type of a scalar result.
    pub(super) fn scalar_result(&self) -> Option<&FloatType> {
        match self.signature.result.as_ref()?.ty {
            Type::Scalar(ScalarType::Float(ref ty)) => Some(ty),
            _ => None,
        }
    }
}

/// The type of the tangent of a parameter that owns its elements.
pub(super) fn owned_tangent(parameter: &SignatureParameter) -> Type {
    match parameter.ty.as_ref().map(types::tangent) {
        Some(Type::Slice(element)) => Type::Vec(element),
        Some(ty) => ty,
        None => Type::Tuple(Vec::new()),
    }
}

/// A tuple type or a tuple; of one part, the part.
pub(super) fn tuple(mut parts: Vec<TokenStream>) -> TokenStream {
    if parts.len() == 1 {
        parts.remove(0)
    } else {
        quote!((#(#parts),*))
    }
}

/// The positions of the primal parameters that a body changes.
pub(super) fn primal_positions(emitted: &Emitted) -> Vec<usize> {
    let position = |role: &Role| match role {
        Role::Primal(i) => Some(*i),
        _ => None,
    };
    emitted.changed.iter().filter_map(position).collect()
}

fn functions(derivatives: &Derivatives) -> Vec<&Function> {
    let Derivatives {
        jvp,
        vjp_into,
        gradient,
        value_and_gradient,
        pullback,
        second_order,
        symbolic_hessian,
        jvp_lanes,
    } = derivatives;
    let optional = [
        gradient,
        value_and_gradient,
        second_order,
        symbolic_hessian,
        jvp_lanes,
    ];
    let pullback = pullback.as_ref().map(|pullback| &pullback.function);
    [jvp, vjp_into]
        .into_iter()
        .chain(optional.into_iter().flatten())
        .chain(pullback)
        .collect()
}

/// Keeps our names off the identifiers in the user's code inside `function`.
fn reserve_constants(names: &mut Names, function: &Function) {
    use crate::ir::{Op, Stmt};
    function.visit_operands(&mut |operand| {
        if let Operand::Constant(code, _) = operand {
            names.reserve_all(code.tokens());
        }
    });
    function.body.for_each_stmt(&mut |stmt| match stmt {
        Stmt::Effect(template)
        | Stmt::Let {
            op: Op::Pure(template) | Op::Opaque(template),
            ..
        } => {
            names.reserve_all(template.code.tokens());
        }
        _ => {}
    });
}

/// The generics of the function; type parameters that are active scalars are bound by `Scalar`.
fn scalar_generics(signature: &Signature, facade: &TokenStream) -> Generics {
    fn floats(ty: &Type, found: &mut Vec<String>) {
        match ty {
            Type::Scalar(ScalarType::Float(FloatType::Named(code))) => {
                found.push(code.text().to_owned())
            }
            Type::Scalar(_) => {}
            Type::Tuple(parts) => parts.iter().for_each(|part| floats(part, found)),
            Type::Array(element, _) | Type::Slice(element) | Type::Vec(element) => {
                floats(element, found)
            }
        }
    }
    let mut found = Vec::new();
    for ty in signature
        .parameters
        .iter()
        .filter_map(|parameter| parameter.ty.as_ref())
    {
        floats(ty, &mut found);
    }
    if let Some(result) = &signature.result {
        floats(&result.ty, &mut found);
    }
    let mut generics = signature.generics.clone();
    for parameter in generics.type_params_mut() {
        if found.contains(&parameter.ident.to_string()) {
            parameter.bounds.push(syn::parse_quote!(#facade::Scalar));
        }
    }
    generics
}
