//! Where derivatives stand and what they are called there: in a companion type, beside a method, or in an `impl` block
//! of their own.

use std::collections::BTreeSet;

use proc_macro2::{Group, Ident, TokenStream, TokenTree};
use quote::{ToTokens, format_ident, quote};
use syn::GenericParam;

use super::companion::{Companion, Written};
use super::kind::Kind;
use super::{documentation, generics, hygienic};
use crate::signature::{Header, Home};

// Clippy's advice is for code that people write: a derivative has as many parameters as there are directions, and keeps
// whatever clippy would have had the user change.
fn allowed(companion: &Companion) -> TokenStream {
    // Whoever wrote a deprecated function knows it.
    let deprecated = companion
        .signature
        .deprecated
        .then(|| quote!(#[allow(deprecated)]));
    quote! {
        #[allow(clippy::all, clippy::pedantic, clippy::nursery)]
        #deprecated
    }
}

impl Companion<'_> {
    /// The name of a derivative. Beside methods it starts with that of the method.
    pub(super) fn name(&self, kind: Kind) -> Ident {
        let name = kind.name();
        let Some(method) = self.method_name() else {
            return format_ident!("{name}");
        };
        if kind.is_hidden() {
            return format_ident!("{method}{name}");
        }
        match kind.is_private() {
            // Users have no use for it, and it must not take a name from them.
            true => format_ident!("__{method}_{name}"),
            false => format_ident!("{method}_{name}"),
        }
    }

    /// How the names of derivatives start, if they stand beside a method.
    pub(super) fn method_name(&self) -> Option<String> {
        let method = self.signature.companion.to_string();
        let is_method = !matches!(self.signature.home, Home::Module);
        is_method.then(|| method.trim_start_matches("r#").to_owned())
    }

    /// Whether code mentions what only the `impl` block of a method knows, or a generic parameter.
    pub(super) fn is_generic(&self, code: &TokenStream) -> bool {
        let mentioned = identifiers(code);
        let mut parameters = identifiers(&self.generics.params.to_token_stream());
        parameters.insert("Self".to_owned());
        if let Home::Block(header) = &self.signature.home {
            parameters.extend(identifiers(&header.generics.params.to_token_stream()));
        }
        !mentioned.is_disjoint(&parameters)
    }

    /// What is asked of callees, beside the companion.
    pub(super) fn questions_outside(&self) -> Option<TokenStream> {
        let questions = &self.questions;
        (!questions.is_empty() && !self.asks_inside())
            .then(|| quote!(const _: () = { #questions };))
    }

    /// What is asked of callees, inside of a function that calls them, where there is no other place.
    pub(super) fn questions_inside(&self, kind: Kind) -> Option<TokenStream> {
        let calls = matches!(kind, Kind::JvpLanes | Kind::HiddenForward);
        let questions = &self.questions;
        let asks = calls && !questions.is_empty() && self.asks_inside();
        match self.is_generic(questions) {
            // It is answered where the function is compiled for its types.
            true => asks.then(|| quote!(const { #questions };)),
            // One answer is enough.
            false => {
                (asks && kind == Kind::JvpLanes).then(|| quote!(const _: () = { #questions };))
            }
        }
    }

    /// Beside a method nothing can stand but what belongs to its type, and what is generic only a function may say.
    fn asks_inside(&self) -> bool {
        self.method_name().is_some() || self.is_generic(&self.questions)
    }

    /// The path of a derivative, with its generic arguments.
    pub(super) fn path(&self, kind: Kind, lanes: Option<TokenStream>) -> TokenStream {
        let name = self.name(kind);
        let arguments: Vec<TokenStream> = self.generic_arguments().chain(lanes).collect();
        if arguments.is_empty() {
            quote!(Self::#name)
        } else {
            quote!(Self::#name::<#(#arguments),*>)
        }
    }

    /// The path of the function itself, with its generic arguments.
    pub(super) fn primal_path(&self) -> TokenStream {
        let function = &self.signature.ident;
        let path = match &self.signature.home {
            Home::Module => function.to_token_stream(),
            Home::Method => quote!(Self::#function),
            Home::Block(header) => match &header.of_trait {
                Some(of_trait) => {
                    let implementor = &header.implementor;
                    quote!(<#implementor as #of_trait>::#function)
                }
                None => quote!(Self::#function),
            },
        };
        let arguments: Vec<TokenStream> = self.generic_arguments().collect();
        // What only the trait of a block is generic in belongs to the trait, not to the function.
        let are_the_functions =
            !matches!(&self.signature.home, Home::Block(header) if header.of_trait.is_some());
        if arguments.is_empty() || !are_the_functions {
            path
        } else {
            quote!(#path::<#(#arguments),*>)
        }
    }

    fn generic_arguments(&self) -> impl Iterator<Item = TokenStream> {
        let arguments = self.generics.params.iter();
        arguments.filter_map(|parameter| match parameter {
            GenericParam::Type(parameter) => Some(parameter.ident.to_token_stream()),
            GenericParam::Const(parameter) => Some(parameter.ident.to_token_stream()),
            GenericParam::Lifetime(_) => None,
        })
    }

    /// The parameter `self`, in the short form where there is one.
    pub(super) fn receiver(&self, mutable: Option<&TokenStream>) -> TokenStream {
        let declared = &self.signature.parameters[0].declared;
        let is_self =
            |ty: &syn::Type| matches!(ty, syn::Type::Path(path) if path.path.is_ident("Self"));
        match declared {
            syn::Type::Reference(reference) if is_self(&reference.elem) => {
                let (lifetime, mutability) = (&reference.lifetime, &reference.mutability);
                quote!(& #lifetime #mutability self)
            }
            ty if is_self(ty) => quote!(#mutable self),
            ty => quote!(#mutable self: #ty),
        }
    }

    /// The parameter `self` as the reverse sweep gets it: what was handed over by value is lent.
    pub(super) fn receiver_again(&self) -> TokenStream {
        match self.consumes_receiver() {
            true => quote!(&self),
            false => self.receiver(None),
        }
    }

    /// Puts `first` ahead of parameters or arguments, but behind `self`, which has to be the first.
    pub(super) fn behind_receiver(
        &self,
        first: Option<TokenStream>,
        mut others: Vec<TokenStream>,
    ) -> Vec<TokenStream> {
        let position = usize::from(self.signature.has_receiver());
        others.splice(position..position, first);
        others
    }

    /// Statements that let the function, and those that the user gives for derivatives of it, count as used wherever this
    /// derivative is.
    pub(super) fn use_of_primal(&self, kind: Kind, is_wrapper: bool) -> TokenStream {
        let of_trait = match &self.signature.home {
            Home::Module => return TokenStream::new(),
            Home::Method => false,
            Home::Block(header) => header.of_trait.is_some(),
        };
        if self.signature.deprecated || kind.goes_back() {
            return TokenStream::new();
        }
        let (private, path) = (&self.private, self.primal_path());
        let is_anonymous = |ty: &syn::Type| {
            let mut anonymous = Anonymous { is_there: false };
            syn::visit::Visit::visit_type(&mut anonymous, ty);
            anonymous.is_there
        };
        let parameters = &self.signature.parameters;
        let is_nameable = !parameters
            .iter()
            .any(|parameter| is_anonymous(&parameter.declared));
        let is_named = is_nameable && !is_wrapper;
        let users = self.users.iter().filter(|_| is_named);
        let users = users.map(|kind| self.path(*kind, None));
        let used: Vec<TokenStream> = users
            .chain((is_named && !of_trait).then(|| path.clone()))
            .collect();
        // The types behind `impl` can't be named in the path: they follow from the arguments of a call.
        let is_public = Kind::PUBLIC.contains(&kind);
        let call = (!is_nameable && !of_trait && is_public).then(|| {
            let values = parameters.iter().map(|parameter| {
                let name = &parameter.name;
                quote!(#private::like(&#name))
            });
            quote!(let _ = || #path(#(#values),*);)
        });
        quote!(#(let _ = #used;)* #call)
    }

    /// The derivatives where they stand. `bindings` are names in the function's patterns that were taken for variables;
    /// `second` is whether callers get second derivatives, if there are callers.
    pub(super) fn assembled(
        &self,
        bindings: &[Ident],
        functions: Vec<Written>,
        second: Option<bool>,
    ) -> TokenStream {
        let answers = second.map(|second| self.answers(second));
        let tokens = match &self.signature.home {
            Home::Module => self.companion_type(bindings, &functions, answers.as_ref()),
            Home::Method => {
                let functions = functions.iter();
                let functions = functions.map(|function| self.beside(bindings, function));
                let conditions = &self.signature.conditions;
                let answers = answers.iter().flatten();
                let answers = answers.map(|answer| quote!(#(#conditions)* #answer));
                quote!(#(#functions)* #(#answers)*)
            }
            Home::Block(header) => {
                let functions = functions.iter().map(Written::tokens);
                let items = functions.chain(answers.into_iter().flatten());
                let block = inherent(self, header, items.collect());
                let conditions = &self.signature.conditions;
                let block = self.in_scope_of_ours(bindings, &block);
                quote!(#(#conditions)* #block)
            }
        };
        hygienic(tokens)
    }

    /// The companion type with these functions.
    fn companion_type(
        &self,
        bindings: &[Ident],
        functions: &[Written],
        answers: Option<&Vec<TokenStream>>,
    ) -> TokenStream {
        let documentation = documentation::attributes(&documentation::companion(self));
        let mention = self.mention();
        let (visibility, name) = (&self.signature.visibility, &self.signature.companion);
        let hidden = self.signature.hidden.then(|| quote!(#[doc(hidden)]));
        let functions = functions.iter().map(Written::tokens);
        let allowed = allowed(self);
        let answers = answers.into_iter().flatten();
        let questions = self.questions_outside();
        let items = self.in_scope_of_ours(
            bindings,
            &quote! {
                #allowed
                impl #name { #(#functions)* #(#answers)* }
                #mention
            },
        );
        quote! {
            #documentation
            #hidden
            #visibility enum #name {}
            #items
            #questions
        }
    }

    /// Items in a block where names mean what generated code takes them for.
    fn in_scope_of_ours(&self, bindings: &[Ident], items: &TokenStream) -> TokenStream {
        let variables = self.names.variables(bindings);
        let names = self.names_in_scope(&variables, bindings);
        quote!(const _: () = { #names #items };)
    }

    fn names_in_scope(&self, variables: &[Ident], bindings: &[Ident]) -> TokenStream {
        let (private, facade) = (&self.private, &self.signature.facade);
        let bindings = (!bindings.is_empty()).then(|| quote!(#private::bindings!(#(#bindings),*);));
        quote! {
            use #facade::__private as #private;
            #private::names!(#(#variables),*);
            #bindings
        }
    }

    /// A function beside a method. Around it there is no place for names of ours, so that they stand inside of it.
    fn beside(&self, bindings: &[Ident], function: &Written) -> TokenStream {
        let Written { head, body } = function;
        let (inside, outside) = (identifiers(body), identifiers(head));
        // A name declared here would come ahead of the parameter.
        let mut variables = self.names.variables(bindings);
        variables.retain(|name| {
            inside.contains(&name.to_string()) && !outside.contains(&name.to_string())
        });
        let names = self.names_in_scope(&variables, bindings);
        let facade = &self.signature.facade;
        let in_full = quote!(#facade::__private);
        let head = replaced(head, &self.private.to_string(), &in_full);
        let (conditions, allowed) = (&self.signature.conditions, allowed(self));
        let hidden = self.signature.hidden.then(|| quote!(#[doc(hidden)]));
        quote! {
            #(#conditions)*
            #allowed
            #hidden
            #head { #names #body }
        }
    }
}

impl Written {
    fn tokens(&self) -> TokenStream {
        let Self { head, body } = self;
        quote!(#head { #body })
    }
}

/// An inherent `impl` block with these functions.
fn inherent(companion: &Companion, header: &Header, functions: Vec<TokenStream>) -> TokenStream {
    let generics = generics::of_block(companion.signature, header, &companion.private);
    let (parameters, _, bounds) = generics.split_for_impl();
    let (ty, allowed) = (&header.ty, allowed(companion));
    let hidden = companion.signature.hidden.then(|| quote!(#[doc(hidden)]));
    quote! {
        #allowed
        #hidden
        impl #parameters #ty #bounds { #(#functions)* }
    }
}

/// Looks for `impl Trait`.
struct Anonymous {
    is_there: bool,
}

impl syn::visit::Visit<'_> for Anonymous {
    fn visit_type_impl_trait(&mut self, _: &syn::TypeImplTrait) {
        self.is_there = true;
    }
}

fn identifiers(tokens: &TokenStream) -> BTreeSet<String> {
    let mut names = BTreeSet::new();
    for tree in tokens.clone() {
        match tree {
            TokenTree::Ident(ident) => {
                names.insert(ident.to_string());
            }
            TokenTree::Group(group) => names.extend(identifiers(&group.stream())),
            TokenTree::Punct(_) | TokenTree::Literal(_) => {}
        }
    }
    names
}

/// The tokens with a path in the place of an identifier.
fn replaced(tokens: &TokenStream, name: &str, path: &TokenStream) -> TokenStream {
    let mut all = TokenStream::new();
    for tree in tokens.clone() {
        match tree {
            TokenTree::Ident(ident) if ident == name => all.extend(path.clone()),
            TokenTree::Group(group) => {
                let inner = replaced(&group.stream(), name, path);
                let mut group_of_it = Group::new(group.delimiter(), inner);
                group_of_it.set_span(group.span());
                all.extend([TokenTree::Group(group_of_it)]);
            }
            other => all.extend([other]),
        }
    }
    all
}
