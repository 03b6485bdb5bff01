//! The companion: the type that carries the derivatives of a function as associated functions.

use std::cell::OnceCell;

use rustc_hash::{FxHashMap as HashMap, FxHashSet as HashSet};

use proc_macro2::{Ident, TokenStream};
use quote::{ToTokens, quote};
use syn::Generics;

use super::body::Context;
use super::documentation;
use super::functions::{self, Emitted};
use super::kind::Kind;
use super::names::Names;
use crate::derivatives::Derivatives;
use crate::ir::{Binding, Function, Op, Operand, Role, Stmt};
use crate::signature::{Callable, Home, Passing, Signature, SignatureParameter};

/// What all functions of a companion have in common.
pub(super) struct Companion<'a> {
    pub(super) signature: &'a Signature,
    /// The module with what generated code calls, by the name that it has in the companion.
    pub(super) private: TokenStream,
    /// The generics of the function, bound to scalars.
    pub(super) generics: Generics,
    /// Names that nothing of ours may have.
    pub(super) names: Names,
    /// The parameters by value, of types that the compiler does not model, that the reverse sweep has a use for.
    pub(super) asked_again: HashSet<usize>,
    /// What is asked of callees.
    pub(super) questions: TokenStream,
    /// The partial derivatives as formulas, where they can be read.
    pub(super) formulas: Option<Vec<String>>,
    /// Functions of the companion that use functions of the user's, which then count as used like the function itself.
    pub(super) users: Vec<Kind>,
    /// The active parameters, with their positions.
    pub(super) active: Vec<(usize, &'a SignatureParameter)>,
}

/// One associated function on its way.
pub(super) struct Item {
    pub(super) kind: Kind,
    /// What its parameters, the workspace and the type of its derivatives are called.
    pub(super) context: Context,
    /// The parameters passed by value that the body changes.
    pub(super) changed: HashSet<Role>,
    pub(super) body: TokenStream,
    /// What a sweep hands on to the other, as a parameter or as the type of a result.
    pub(super) kept: Option<TokenStream>,
    /// Whether the body does no more than call other functions of the companion.
    pub(super) is_wrapper: bool,
}

/// An associated function in tokens.
pub(super) struct Written {
    /// What stands ahead of the braces.
    pub(super) head: TokenStream,
    /// What stands between them.
    pub(super) body: TokenStream,
}

impl<'a> Companion<'a> {
    pub(super) fn new(signature: &'a Signature, derivatives: Option<&Derivatives>) -> Self {
        let mut names = Names::default();
        names.reserve_all(&signature.generics.to_token_stream());
        names.reserve_all(&signature.generics.where_clause.to_token_stream());
        names.reserve(&signature.ident.to_string());
        if let Home::Block(header) = &signature.home {
            names.reserve_all(&header.generics.to_token_stream());
            names.reserve_all(&header.generics.where_clause.to_token_stream());
            names.reserve_all(&header.ty.to_token_stream());
            names.reserve_all(&header.of_trait.to_token_stream());
        }
        for parameter in &signature.parameters {
            names.parameter(&parameter.name.to_string());
            names.reserve_all(&parameter.declared.to_token_stream());
        }
        if let Some(result) = &signature.result {
            names.reserve_all(&result.declared.to_token_stream());
        }
        // Our names keep off the identifiers in the user's code inside the bodies.
        let functions = derivatives.map(Derivatives::named).unwrap_or_default();
        for (_, function) in functions {
            reserve_constants(&mut names, function);
        }
        if let Some(wrapper) = &signature.wrapper {
            names.reserve_all(&wrapper.declared.to_token_stream());
        }
        let private = names.fresh_item("ad").to_token_stream();
        let active = signature
            .parameters
            .iter()
            .enumerate()
            .filter(|(_, parameter)| parameter.active)
            .collect();
        let asked_again = derivatives.map(asked_again).unwrap_or_default();
        let generics = super::generics::of_function(signature, &private);
        Self {
            signature,
            private,
            generics,
            names,
            active,
            asked_again,
            questions: TokenStream::new(),
            formulas: None,
            users: Vec::new(),
        }
    }

    /// The context of a function that is not the body of an intermediate representation.
    pub(super) fn context(&self, kind: Kind) -> Context {
        let mut names = self.names.clone();
        let mut parameters = HashMap::default();
        for (i, parameter) in self.signature.parameters.iter().enumerate() {
            parameters.insert(Role::Primal(i), parameter.name.clone());
        }
        for role in self.roles(kind) {
            parameters.insert(role, self.role_name(role, &mut names));
        }
        let lanes = match kind {
            // Tangents of structs go along one direction or none.
            Kind::JvpLanes if self.has_structs() => Some(self.along_itself()),
            Kind::HiddenForward | Kind::HiddenReverse if self.has_structs() => Some(self.nothing()),
            _ => kind
                .has_lanes()
                .then(|| names.fresh_item("D").to_token_stream()),
        };
        let workspace = kind.takes_workspace().then(|| names.fresh("workspace"));
        let tape = matches!(kind, Kind::HiddenForward | Kind::HiddenReverse).then(|| {
            // Beside methods, a constant of this name would be in the way.
            match self.signature.home {
                Home::Module => names.fresh("tape"),
                _ => names.fresh("__tape"),
            }
        });
        Context {
            private: self.private.clone(),
            generic_scalars: self
                .signature
                .generic_scalars
                .iter()
                .map(ToString::to_string)
                .collect(),
            parameters,
            names,
            lanes,
            along_one: kind == Kind::JvpLanes && self.has_structs(),
            workspace,
            tape,
        }
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
            Role::CotangentDirection => "dr_dot".to_owned(),
            Role::AdjointDirection(i) => format!("{}_bar_dot", of(i)),
        };
        names.fresh(&hint)
    }

    /// A function that is the body of `function`, behind a check of the lengths of what is handed in.
    pub(super) fn item(&self, kind: Kind, function: &Function) -> Item {
        let context = self.context(kind);
        let emitted = functions::emit(function, &context);
        self.item_of(kind, context, emitted)
    }

    pub(super) fn item_of(&self, kind: Kind, context: Context, emitted: Emitted) -> Item {
        let checks = self.length_checks(kind, &context);
        let mut item = self.unchecked_item(kind, context, emitted);
        let body = item.body;
        item.body = quote!(#checks #body);
        item
    }

    /// As [`Self::item_of`], for a function that is called after such a check alone.
    pub(super) fn unchecked_item(&self, kind: Kind, context: Context, emitted: Emitted) -> Item {
        let Emitted {
            statements,
            output,
            changed,
            ..
        } = emitted;
        Item {
            kind,
            context,
            changed,
            body: if kind.goes_back() {
                quote!(#statements #output)
            } else {
                self.returning(quote!(#statements), output)
            },
            kept: None,
            is_wrapper: false,
        }
    }

    /// A body of these statements and this value, which goes into the wrapper that the function has.
    pub(super) fn returning(&self, statements: TokenStream, value: TokenStream) -> TokenStream {
        let value = match &self.signature.wrapper {
            Some(wrapper) => wrapper.success(&self.private, value),
            None => value,
        };
        quote!(#statements #value)
    }

    /// What a call of a function of the companion, or of the function itself, gives, or out with its failure.
    pub(super) fn value_of(&self, call: TokenStream) -> TokenStream {
        match &self.signature.wrapper {
            Some(_) => quote!(#call?),
            None => call,
        }
    }

    /// A short function around others.
    pub(super) fn wrapper(&self, kind: Kind, context: Context, body: TokenStream) -> Item {
        Item {
            kind,
            context,
            changed: HashSet::default(),
            body,
            kept: None,
            is_wrapper: true,
        }
    }

    /// The tokens of an associated function.
    pub(super) fn function(&self, item: &Item) -> Written {
        let Item {
            kind,
            context,
            changed,
            body,
            kept,
            ..
        } = item;
        let workspace = kind.takes_workspace().then(|| {
            let private = &self.private;
            let used = context
                .workspace
                .as_ref()
                .filter(|workspace| super::mentions(body, workspace));
            let pattern = used.map_or_else(|| quote!(_), |workspace| quote!(#workspace));
            quote!(#pattern: &mut #private::Workspace)
        });
        let tape = context.tape.as_ref().map(|tape| {
            let private = &self.private;
            let used = super::mentions(body, tape);
            let pattern = if used { quote!(#tape) } else { quote!(_) };
            match kind {
                Kind::HiddenForward => quote!(#pattern: &mut #private::SharedTape),
                _ => quote!(#pattern: &mut #private::Reader<'_>),
            }
        });
        let mentioned = OnceCell::new();
        let primal = (0..self.signature.parameters.len()).map(Role::Primal);
        let parameter = |role: Role| {
            let mutable =
                (changed.contains(&role) || self.is_called_mutably(role)).then(|| quote!(mut));
            let name = &context.parameters[&role];
            let is_receiver = name == "self";
            if is_receiver && *kind != Kind::HiddenReverse {
                return self.receiver(mutable.as_ref());
            }
            if is_receiver && !self.is_overwritten(role) {
                return self.receiver_again();
            }
            if kind.is_hidden() {
                let mentioned = mentioned.get_or_init(|| super::names_in(body));
                let is_used = mentioned.contains(&name.to_string()) && !self.is_gone(*kind, role);
                let lanes = context.lanes.as_ref();
                let ty = self.hidden_type(*kind, role, lanes, is_used);
                let is_lent = role == Role::Direction(0) && self.is_lent_receiver(0);
                let mutable = mutable.filter(|_| !is_lent);
                return match is_used {
                    true => quote!(#mutable #name: #ty),
                    false => quote!(_: #ty),
                };
            }
            let ty = self.role_type(role, context.lanes.as_ref());
            quote!(#mutable #name: #ty)
        };
        let direction = Role::Direction(0);
        let of_receiver = (*kind == Kind::JvpLanes && self.is_lent_receiver(0)).then(|| {
            let (private, name) = (&self.private, &context.parameters[&direction]);
            let mutable = changed.contains(&direction).then(|| quote!(mut));
            quote!(let #mutable #name = #private::Clone::clone(#name);)
        });
        let taken = kept.clone().filter(|_| *kind == Kind::Reverse);
        let parameters = self
            .behind_receiver(workspace, primal.map(parameter).collect())
            .into_iter()
            .chain(taken)
            .chain(self.roles(*kind).into_iter().map(parameter))
            .chain(tape);
        let private = &self.private;
        let mut generics = self.generics.clone();
        // A type of its own stands for derivatives along no direction.
        let generic = context
            .lanes
            .as_ref()
            .filter(|lanes| syn::parse2::<Ident>((*lanes).clone()).is_ok());
        if let Some(derivative) = generic {
            let float = self
                .uniform_float()
                .map(|float| super::types::float(&float));
            // Type parameters come ahead of const parameters in the order of the user's, and rustc takes either.
            generics.params.push(syn::parse_quote!(
                #derivative: #private::Directional<Scalar = #float>
            ));
        }
        let (parameters_of_type, _, bounds) = generics.split_for_impl();
        let visibility = (!kind.is_private()).then_some(&self.signature.visibility);
        let handed_on = kept.clone().filter(|_| *kind == Kind::Forward);
        let result = self.result(*kind, context.lanes.as_ref()).or(handed_on);
        let result = match &self.signature.wrapper {
            Some(wrapper) if !kind.goes_back() => {
                Some(wrapper.around(result.unwrap_or_else(|| quote!(()))))
            }
            _ => result,
        };
        let result = result.map(|ty| quote!(-> #ty));
        let attributes = documentation::attributes(&documentation::function(self, *kind));
        let name = self.name(*kind);
        let hidden = kind.is_hidden().then(|| quote!(#[doc(hidden)]));
        let use_of_primal = self.use_of_primal(*kind, item.is_wrapper);
        let questions = self.questions_inside(*kind);
        Written {
            head: quote! {
                #attributes
                #hidden
                #visibility fn #name #parameters_of_type (#(#parameters),*) #result #bounds
            },
            body: quote!(#questions #use_of_primal #of_receiver #body),
        }
    }

    /// The arguments that pass the parameters of the primal on; `again` says that they are needed once more.
    pub(super) fn arguments(&self, again: bool) -> Vec<TokenStream> {
        let argument = |parameter: &SignatureParameter| {
            let (private, name) = (&self.private, &parameter.name);
            let copied = parameter.ty.as_ref().is_some_and(super::shape::is_copy);
            match parameter.passing {
                Passing::Mutable if again => quote!(&mut *#name),
                Passing::Value if again && !copied => match parameter.callable {
                    Some(Callable::Shared) => quote!(&#name),
                    Some(Callable::Mutable) => quote!(&mut #name),
                    None => quote!(#private::Clone::clone(&#name)),
                },
                _ => quote!(#name),
            }
        };
        self.signature.parameters.iter().map(argument).collect()
    }

    /// Whether a role is that of a parameter behind `&mut`, of which the reverse sweep gets nothing.
    fn is_overwritten(&self, role: Role) -> bool {
        matches!(role, Role::Primal(i) if self.signature.parameters[i].passing == Passing::Mutable)
    }

    /// Whether a role is that of a parameter that is gone by the time of the reverse sweep, which has no use for it.
    fn is_gone(&self, kind: Kind, role: Role) -> bool {
        matches!(role, Role::Primal(i) if kind == Kind::HiddenReverse
            && self.signature.parameters[i].passing == Passing::Value
            && self.signature.parameters[i].ty.is_none()
            && !self.asked_again.contains(&i))
    }

    /// Whether a role is that of a parameter which changes when it is called.
    fn is_called_mutably(&self, role: Role) -> bool {
        matches!(role, Role::Primal(i) if self.signature.parameters[i].callable == Some(Callable::Mutable))
    }

    /// Whether the parameter at a position is both input and output.
    pub(super) fn is_in_out(&self, i: usize) -> bool {
        let parameter = &self.signature.parameters[i];
        parameter.active && parameter.passing == Passing::Mutable
    }
}

/// The parameters that the reverse sweep has a use for.
fn asked_again(derivatives: &Derivatives) -> HashSet<usize> {
    let reverse = &derivatives.pair.reverse;
    let mut used = HashSet::default();
    reverse.visit_operands(&mut |operand| used.extend(operand.value()));
    let parameters = reverse.parameters.iter();
    parameters
        .filter_map(|parameter| match (parameter.role, parameter.binding) {
            (Role::Primal(i), Binding::Value(value)) if used.contains(&value) => Some(i),
            _ => None,
        })
        .collect()
}

fn reserve_constants(names: &mut Names, function: &Function) {
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
        Stmt::Call(call) => {
            names.reserve_all(call.callee.primal.tokens());
            names.reserve_all(call.callee.companion.tokens());
        }
        _ => {}
    });
}
