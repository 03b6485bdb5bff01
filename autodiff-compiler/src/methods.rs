//! Methods: which of the functions in an `impl` block are differentiated, with which options, and what the block is
//! without our attributes.

use std::collections::BTreeSet;

use proc_macro2::{Ident, Span, TokenStream, TokenTree};
use quote::{ToTokens, quote, quote_spanned};
use syn::punctuated::Punctuated;
use syn::spanned::Spanned;
use syn::visit_mut::{VisitMut, visit_type_mut};
use syn::{
    Attribute, FnArg, GenericParam, Generics, ImplItem, ItemFn, ItemImpl, Lifetime, Meta, Pat,
    PatIdent, PatType, Path, QSelf, Receiver, ReceiverKind, Signature, Token, Type, parse_quote,
};

use crate::attr;
use crate::parse;
use crate::signature::{Header, Home};

/// A function of an `impl` block.
pub struct Method {
    /// The options that hold for it: those of the block, then its own.
    pub options: TokenStream,
    /// The function; `self` is a parameter with a type.
    pub function: ItemFn,
    /// Where it stands.
    pub home: Home,
    /// Whether it has the attribute itself.
    pub is_asked_for: bool,
}

/// Where a function stands that has the attribute itself. A macro does not see that: `self` and `Self` tell, and the
/// option `associated`.
pub fn home_of(options: &TokenStream, function: &ItemFn) -> Home {
    let is_associated = function.sig.receiver().is_some()
        || attr::says(options, "associated")
        || identifiers(function.sig.to_token_stream()).contains("Self");
    match is_associated {
        true => Home::Method,
        false => Home::Module,
    }
}

/// The function with `self` as a parameter like any other: `self: &Self`.
pub fn with_typed_receiver(mut function: ItemFn) -> ItemFn {
    if let Some(FnArg::Receiver(receiver)) = function.sig.inputs.first() {
        let typed = typed(receiver);
        function.sig.inputs[0] = FnArg::Typed(typed);
    }
    function
}

fn typed(receiver: &Receiver) -> PatType {
    let span = receiver.self_token.span;
    let ty = match &receiver.kind {
        ReceiverKind::Reference(and, lifetime, mutability) => {
            quote_spanned!(span=> #and #lifetime #mutability Self)
        }
        ReceiverKind::Typed(_, ty) => ty.to_token_stream(),
        _ => quote_spanned!(span=> Self),
    };
    let pattern = PatIdent {
        attrs: Vec::new(),
        by_ref: None,
        mutability: receiver.mutability,
        ident: Ident::new("self", span),
        subpat: None,
    };
    PatType {
        attrs: receiver.attrs.clone(),
        pat: Box::new(Pat::Ident(pattern)),
        colon_token: Token![:](span),
        ty: Box::new(parse_quote!(#ty)),
    }
}

/// The functions of a block but for those that say `skip`.
pub fn of_block(options: &TokenStream, block: &ItemImpl) -> Vec<Method> {
    let (ty, reference) = behind_reference(&block.self_ty);
    let (of_type, of_trait) = split(&block.generics, ty);
    let header = Header {
        generics: of_type,
        ty: ty.clone(),
        implementor: match reference {
            Some(lifetime) => parse_quote!(& #lifetime Self),
            None => parse_quote!(Self),
        },
        of_trait: block.trait_.as_ref().map(|(path, _)| path.clone()),
    };
    let functions = block.items.iter().filter_map(|item| match item {
        ImplItem::Fn(item) => Some(&item.sig),
        _ => None,
    });
    let all_names: Vec<String> = functions.flat_map(parameter_names).collect();
    let mut inline = OfTrait::new(block, &header);
    let mut methods = Vec::new();
    for item in &block.items {
        let ImplItem::Fn(item) = item else { continue };
        let own: Vec<&Attribute> = item.attrs.iter().filter(|own| is_ours(own)).collect();
        let of_block = attr::restricted(options, &parameter_names(&item.sig), &all_names);
        let own_options = own.iter().map(|own| arguments(own));
        let options = joined(std::iter::once(of_block).chain(own_options));
        if attr::says(&options, "skip") {
            continue;
        }
        let mut attributes = item.attrs.clone();
        attributes.retain(|attribute| !is_ours(attribute));
        // What holds for the block holds for the function.
        let conditions = block.attrs.iter().filter(|own| own.path().is_ident("cfg"));
        attributes.extend(conditions.cloned());
        let mut function = with_typed_receiver(ItemFn {
            attrs: attributes,
            vis: match header.of_trait {
                Some(_) => parse_quote!(pub),
                None => item.vis.clone(),
            },
            modifiers: item.modifiers.clone(),
            sig: item.sig.clone(),
            block: Box::new(item.block.clone()),
        });
        inline.visit_item_fn_mut(&mut function);
        add(&mut function.sig.generics, &of_trait);
        let home = Home::Block(Box::new(header.clone()));
        methods.push(Method {
            options,
            function,
            home,
            is_asked_for: !own.is_empty(),
        });
    }
    methods
}

/// The names of the parameters, `self` included.
fn parameter_names(signature: &Signature) -> Vec<String> {
    let names = signature.inputs.iter().filter_map(|input| match input {
        FnArg::Receiver(_) => Some("self".to_owned()),
        FnArg::Typed(typed) => match &*typed.pat {
            Pat::Ident(pattern) => Some(pattern.ident.to_string()),
            _ => None,
        },
    });
    names.collect()
}

/// The type that a trait is implemented for, where it takes no inherent block: a reference, a primitive type and the
/// like.
pub fn without_inherent_block(block: &ItemImpl) -> Option<&Type> {
    let takes_methods = match behind_reference(&block.self_ty).0 {
        Type::Path(path) => {
            let name = path.path.get_ident().map(ToString::to_string);
            path.qself.is_none() && name.is_none_or(|name| parse::primitive(&name).is_none())
        }
        _ => false,
    };
    (block.trait_.is_some() && !takes_methods).then_some(&*block.self_ty)
}

/// The type behind `&`, with the lifetime of the reference, if it is one.
fn behind_reference(ty: &Type) -> (&Type, Option<Option<&Lifetime>>) {
    match parse::strip(ty) {
        Type::Reference(reference) if reference.mutability.is_none() => {
            let behind = parse::strip(&reference.elem);
            (behind, Some(reference.lifetime.as_ref()))
        }
        other => (other, None),
    }
}

/// The generics of a block as those that its type mentions, and those that only its trait does: an inherent block cannot
/// have the latter, but its functions can.
fn split(generics: &Generics, ty: &Type) -> (Generics, Generics) {
    let mentioned = identifiers(ty.to_token_stream());
    let (mut of_type, mut of_trait) = (Generics::default(), Generics::default());
    for parameter in &generics.params {
        let part = match mentioned.contains(&name(parameter)) {
            true => &mut of_type,
            false => &mut of_trait,
        };
        part.params.push(parameter.clone());
    }
    let names: Vec<String> = of_trait.params.iter().map(name).collect();
    let clauses = generics.where_clause.iter();
    for predicate in clauses.flat_map(|clause| &clause.predicates) {
        let mentioned = identifiers(predicate.to_token_stream());
        let part = match names.iter().any(|name| mentioned.contains(name)) {
            true => &mut of_trait,
            false => &mut of_type,
        };
        part.make_where_clause().predicates.push(predicate.clone());
    }
    (of_type, of_trait)
}

fn name(parameter: &GenericParam) -> String {
    match parameter {
        GenericParam::Lifetime(parameter) => parameter.lifetime.ident.to_string(),
        GenericParam::Type(parameter) => parameter.ident.to_string(),
        GenericParam::Const(parameter) => parameter.ident.to_string(),
    }
}

fn add(generics: &mut Generics, more: &Generics) {
    // Lifetimes come first.
    let own = std::mem::replace(&mut generics.params, more.params.clone());
    generics.params.extend(own);
    let (lifetimes, others): (Vec<GenericParam>, Vec<GenericParam>) = generics
        .params
        .clone()
        .into_iter()
        .partition(|parameter| matches!(parameter, GenericParam::Lifetime(_)));
    generics.params = lifetimes.into_iter().chain(others).collect();
    if let Some(clause) = &more.where_clause {
        let predicates = clause.predicates.clone();
        generics.make_where_clause().predicates.extend(predicates);
    }
}

fn identifiers(tokens: TokenStream) -> BTreeSet<String> {
    let mut names = BTreeSet::new();
    for tree in tokens {
        match tree {
            TokenTree::Ident(ident) => {
                names.insert(ident.to_string());
            }
            TokenTree::Group(group) => names.extend(identifiers(group.stream())),
            TokenTree::Punct(_) | TokenTree::Literal(_) => {}
        }
    }
    names
}

fn is_ours(attribute: &Attribute) -> bool {
    let last = attribute.path().segments.last();
    last.is_some_and(|last| last.ident == "differentiable")
}

/// What stands in the parentheses of an attribute; anything else is handed on for the options' parser to refuse.
fn arguments(attribute: &Attribute) -> TokenStream {
    match &attribute.meta {
        Meta::Path(_) => TokenStream::new(),
        Meta::List(list) => list.tokens.clone(),
        Meta::NameValue(pair) => pair.to_token_stream(),
    }
}

/// Lists of options one behind the other.
fn joined(lists: impl Iterator<Item = TokenStream>) -> TokenStream {
    let mut all = TokenStream::new();
    for list in lists.filter(|list| !list.is_empty()) {
        let ends_in_comma = matches!(
            all.clone().into_iter().last(),
            Some(TokenTree::Punct(punct)) if punct.as_char() == ','
        );
        if !all.is_empty() && !ends_in_comma {
            all.extend(quote!(,));
        }
        all.extend(list);
    }
    all
}

/// Rewrites what `Self` and `Self::Name` mean in the `impl` of a trait, for code in an inherent one: the trait's types are
/// written out, and its constants and functions are called by its name.
struct OfTrait {
    /// What `Self` is in the trait's block.
    implementor: Type,
    types: Vec<(Ident, Type)>,
    /// The trait, with the names of its constants and functions.
    items: Option<(Path, Vec<Ident>)>,
}

impl OfTrait {
    fn new(block: &ItemImpl, header: &Header) -> Self {
        let mut this = Self {
            implementor: header.implementor.clone(),
            types: Vec::new(),
            items: None,
        };
        let Some((path, _)) = &block.trait_ else {
            return this;
        };
        let mut names = Vec::new();
        for item in &block.items {
            match item {
                ImplItem::Type(item) => this.types.push((item.ident.clone(), item.ty.clone())),
                ImplItem::Const(item) => names.push(item.ident.clone()),
                ImplItem::Fn(item) => names.push(item.sig.ident.clone()),
                _ => {}
            }
        }
        this.items = Some((path.clone(), names));
        this
    }
}

impl VisitMut for OfTrait {
    fn visit_type_mut(&mut self, ty: &mut Type) {
        if matches!(ty, Type::Path(path) if path.path.is_ident("Self")) {
            // Errors stand where the user wrote it.
            let span = ty.span();
            let tokens = self.implementor.to_token_stream().into_iter();
            let located: TokenStream = tokens
                .map(|mut token| {
                    token.set_span(span);
                    token
                })
                .collect();
            *ty = parse_quote!(#located);
            return;
        }
        if let Type::Path(path) = ty
            && path.qself.is_none()
            && let Some(name) = of_self(&path.path)
            && let Some((_, meant)) = self.types.iter().find(|(own, _)| own == name)
        {
            *ty = meant.clone();
        }
        visit_type_mut(self, ty);
    }

    fn visit_expr_path_mut(&mut self, path: &mut syn::ExprPath) {
        if path.qself.is_none()
            && let Some(name) = of_self(&path.path)
            && let Some((of_trait, names)) = &self.items
            && names.contains(name)
        {
            let last = path.path.segments.last().cloned();
            let mut segments: Punctuated<_, Token![::]> = of_trait.segments.clone();
            let position = segments.len();
            segments.extend(last);
            path.qself = Some(QSelf {
                lt_token: Token![<](Span::call_site()),
                ty: Box::new(self.implementor.clone()),
                position,
                as_token: Some(Token![as](Span::call_site())),
                gt_token: Token![>](Span::call_site()),
            });
            path.path = Path {
                leading_colon: of_trait.leading_colon,
                segments,
            };
        }
        syn::visit_mut::visit_expr_path_mut(self, path);
    }
}

/// The `Name` of `Self::Name`.
fn of_self(path: &Path) -> Option<&Ident> {
    let mut segments = path.segments.iter();
    let [first, second] = [segments.next()?, segments.next()?];
    (first.ident == "Self" && segments.next().is_none()).then_some(&second.ident)
}
