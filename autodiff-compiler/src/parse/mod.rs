//! The signature: types, how parameters are passed, and which of them are active.

mod blocks;
mod types;

use proc_macro2::TokenStream;
use quote::{ToTokens, format_ident};
use syn::visit_mut::{self, VisitMut};
use syn::{
    FnArg, GenericArgument, Generics, Ident, ItemFn, Pat, PathArguments, ReturnType, TypeParam,
    TypeParamBound, WherePredicate,
};

use crate::attr::Options;
use crate::diagnostics::{self, Errors};
use crate::ir::Type;
use crate::signature::{
    Callable, Home, Passing, ResultType, Signature, SignatureParameter, UNNAMED, Wrapper,
};
pub use blocks::has_derivatives;
use blocks::in_scope;
use types::{Reading, known_inactive};
pub(crate) use types::{is_inactive, length, model, primitive, strip};

/// Reads the signature of `item`.
pub fn signature(item: &ItemFn, home: Home, options: &Options, errors: &Errors) -> Signature {
    modifiers(item, errors);
    let own_generics = item.sig.generics.clone();
    let item = &*in_scope(item, &home);
    let parameters = parameters(item, options, errors);
    if parameters.iter().all(|parameter| !parameter.active) && errors.is_empty() {
        errors.at(&item.sig.ident, &diagnostics::NOTHING_ACTIVE);
    }
    Signature {
        ident: item.sig.ident.clone(),
        home,
        conditions: item
            .attrs
            .iter()
            .filter(|attribute| attribute.path().is_ident("cfg"))
            .cloned()
            .collect(),
        companion: options
            .companion
            .clone()
            .unwrap_or_else(|| item.sig.ident.clone()),
        visibility: item.vis.clone(),
        deprecated: item
            .attrs
            .iter()
            .any(|attribute| attribute.path().is_ident("deprecated")),
        hidden: is_hidden(item),
        generics: own_generics,
        generic_scalars: options.generic_scalars.clone(),
        parameters,
        wrapper: wrapped_result(item)
            .and_then(|(wrapper, _)| wrapper)
            .map(|wrapper| named_lifetimes(wrapper, errors)),
        result: result(item, options, errors),
        order: options.order,
        facade: options.facade.clone(),
    }
}

/// Whether the function is hidden from the documentation.
fn is_hidden(item: &ItemFn) -> bool {
    let mut documentation = item
        .attrs
        .iter()
        .filter(|attribute| attribute.path().is_ident("doc"));
    documentation.any(|attribute| {
        attribute
            .parse_args::<Ident>()
            .is_ok_and(|option| option == "hidden")
    })
}

fn modifiers(item: &ItemFn, errors: &Errors) {
    let sig = &item.sig;
    if let Some(token) = &sig.asyncness {
        errors.with(token, &diagnostics::FUNCTION_MODIFIER, &["async"]);
    }
    if !sig.safety.to_token_stream().is_empty() {
        errors.with(
            &sig.safety,
            &diagnostics::FUNCTION_MODIFIER,
            &[&sig.safety.to_token_stream().to_string()],
        );
    }
    if let Some(abi) = &sig.abi {
        errors.with(abi, &diagnostics::FUNCTION_MODIFIER, &["extern"]);
    }
    if let Some(variadic) = &sig.variadic {
        errors.with(variadic, &diagnostics::FUNCTION_MODIFIER, &["variadic"]);
    }
    for parameter in sig.generics.type_params() {
        if !is_bound(&sig.generics, parameter, &FLOATS)
            && !is_bound(&sig.generics, parameter, &["Fn"])
        {
            errors.at(parameter, &diagnostics::GENERIC_TYPE);
        }
    }
}

/// A name for the parameter at a position that the function does not mention.
fn unnamed(position: usize, item: &ItemFn) -> Ident {
    let text = item.to_token_stream().to_string();
    let mut name = format!("{UNNAMED}{position}");
    while text.contains(&name) {
        name.push('_');
    }
    format_ident!("{name}")
}

/// The traits that make a type parameter a scalar.
const FLOATS: [&str; 3] = ["Float", "Real", "Scalar"];

/// The type parameters that stand for `f32` or `f64`.
pub fn generic_scalars(generics: &Generics) -> Vec<Ident> {
    generics
        .type_params()
        .filter(|parameter| is_bound(generics, parameter, &FLOATS))
        .map(|parameter| parameter.ident.clone())
        .collect()
}

/// Whether a type parameter is bound by one of these traits, where it is declared or in the `where` clause.
fn is_bound(generics: &Generics, parameter: &TypeParam, traits: &[&str]) -> bool {
    let clauses = generics
        .where_clause
        .iter()
        .flat_map(|clause| &clause.predicates);
    let later = clauses.filter_map(|predicate| match predicate {
        WherePredicate::Type(predicate) => {
            let bounded = strip(&predicate.bounded_ty);
            let is_it =
                matches!(bounded, syn::Type::Path(path) if path.path.is_ident(&parameter.ident));
            is_it.then_some(&predicate.bounds)
        }
        _ => None,
    });
    std::iter::once(&parameter.bounds)
        .chain(later)
        .flatten()
        .any(|bound| match bound {
            TypeParamBound::Trait(bound) => {
                let last = bound.path.segments.last();
                last.is_some_and(|last| traits.iter().any(|name| last.ident == name))
            }
            _ => false,
        })
}

fn parameters(item: &ItemFn, options: &Options, errors: &Errors) -> Vec<SignatureParameter> {
    let mut parameters = Vec::new();
    let mut unknown: Vec<Ident> = options.wrt.iter().flatten().cloned().collect();
    for (position, input) in item.sig.inputs.iter().enumerate() {
        let typed = match input {
            FnArg::Receiver(_) => unreachable!("a receiver has been given a type"),
            FnArg::Typed(typed) => typed,
        };
        let name = match &*typed.pat {
            Pat::Ident(pattern) => pattern.ident.clone(),
            _ => unnamed(position, item),
        };
        let (passing, behind) = passing(&typed.ty);
        let callable = callable(behind).filter(|_| passing == Passing::Value);
        if passing == Passing::Value && callable.is_none() && cannot_be_cloned(behind) {
            errors.with(&typed.ty, &diagnostics::USED_ONCE, &[&pretty(&typed.ty)]);
        }
        let ty = model(behind, &options.scalars);
        let is_generic = ty.is_none() && is_type_parameter(behind, item);
        let named = options.wrt.as_ref().map(|names| names.contains(&name));
        unknown.retain(|other| *other != name);
        let holds_float = ty.as_ref().is_some_and(Type::has_float);
        let active = match named {
            Some(true) if ty.is_some() && !holds_float => {
                errors.with(&typed.ty, &diagnostics::WRT_INACTIVE, &[&name.to_string()]);
                false
            }
            Some(true) => true,
            Some(false) => false,
            None => holds_float || ty.is_none() && !known_inactive(behind),
        };
        let active = active && !is_generic;
        let ty = match ty {
            None if active => Reading::with_structs(&options.scalars).model(behind),
            ty => ty,
        };
        if active && ty.is_none() {
            errors.with(
                &typed.ty,
                &diagnostics::PARAMETER_TYPE,
                &[&pretty(&typed.ty)],
            );
        }
        parameters.push(SignatureParameter {
            name,
            declared: (*typed.ty).clone(),
            passing,
            ty,
            active,
            callable,
        });
    }
    for name in unknown {
        errors.with(&name, &diagnostics::WRT_UNKNOWN, &[&name.to_string()]);
    }
    parameters
}

/// The declared result, taken out of its wrapper.
pub(crate) fn wrapped_result(item: &ItemFn) -> Option<(Option<Wrapper>, &syn::Type)> {
    let ReturnType::Type(_, declared) = &item.sig.output else {
        return None;
    };
    let declared = strip(declared);
    Some(match Wrapper::of(declared) {
        Some((wrapper, inside)) => (Some(wrapper), strip(inside)),
        None => (None, declared),
    })
}

fn result(item: &ItemFn, options: &Options, errors: &Errors) -> Option<ResultType> {
    let (_, declared) = wrapped_result(item)?;
    if matches!(declared, syn::Type::Tuple(tuple) if tuple.elems.is_empty()) {
        return None;
    }
    if let syn::Type::Reference(_) = declared {
        errors.at(declared, &diagnostics::RESULT_REFERENCE);
        return None;
    }
    if model(declared, &options.scalars).is_none() && is_type_parameter(declared, item) {
        return None;
    }
    let Some(ty) = Reading::with_structs(&options.scalars).model(declared) else {
        errors.with(declared, &diagnostics::RESULT_TYPE, &[&pretty(declared)]);
        return None;
    };
    Some(ResultType {
        declared: declared.clone(),
        ty,
    })
}

/// The references without a lifetime in what a function fails with: which parameter they belong to is known as long as
/// there is only one, but derivative functions have directions beside it.
fn named_lifetimes(mut wrapper: Wrapper, errors: &Errors) -> Wrapper {
    struct Elided<'e>(&'e Errors);
    impl VisitMut for Elided<'_> {
        fn visit_type_reference_mut(&mut self, reference: &mut syn::TypeReference) {
            visit_mut::visit_type_reference_mut(self, reference);
            if reference.lifetime.is_none() {
                self.0.at(&*reference, &diagnostics::ELIDED_LIFETIME);
                // The signatures that stand beside the error have to be such that rustc takes them.
                reference.lifetime = Some(syn::parse_quote!('static));
            }
        }
    }
    Elided(errors).visit_type_path_mut(&mut wrapper.declared);
    wrapper
}

/// Whether a type is one of the function's own parameters that stands for no scalar: it is inactive or has been
/// reported.
fn is_type_parameter(ty: &syn::Type, item: &ItemFn) -> bool {
    let syn::Type::Path(path) = ty else {
        return false;
    };
    item.sig
        .generics
        .type_params()
        .any(|parameter| path.path.is_ident(&parameter.ident))
}

/// How a parameter of this type is passed, and the type behind the reference.
fn passing(ty: &syn::Type) -> (Passing, &syn::Type) {
    match strip(ty) {
        syn::Type::Reference(reference) if reference.mutability.is_some() => {
            (Passing::Mutable, strip(&reference.elem))
        }
        syn::Type::Reference(reference) => (Passing::Shared, strip(&reference.elem)),
        other => (Passing::Value, other),
    }
}

/// How a parameter of this type is called, if it is a function.
fn callable(ty: &syn::Type) -> Option<Callable> {
    if has_bound(ty, "Fn") {
        Some(Callable::Shared)
    } else {
        has_bound(ty, "FnMut").then_some(Callable::Mutable)
    }
}

/// Whether a value of this type is known to have no copies: derivatives that run the function several times need them.
fn cannot_be_cloned(ty: &syn::Type) -> bool {
    match ty {
        syn::Type::ImplTrait(_) => !has_bound(ty, "Clone") && !has_bound(ty, "Copy"),
        syn::Type::Path(path) => path.path.segments.last().is_some_and(|last| match &last.arguments {
            PathArguments::AngleBracketed(arguments) => last.ident == "Box"
                && arguments.args.iter().any(|argument| {
                    matches!(argument, GenericArgument::Type(ty) if matches!(strip(ty), syn::Type::TraitObject(_)))
                }),
            _ => false,
        }),
        _ => false,
    }
}

/// Whether a type is `impl Trait` with this trait among its bounds.
fn has_bound(ty: &syn::Type, name: &str) -> bool {
    let syn::Type::ImplTrait(anonymous) = ty else {
        return false;
    };
    anonymous.bounds.iter().any(|bound| match bound {
        syn::TypeParamBound::Trait(bound) => bound
            .path
            .segments
            .last()
            .is_some_and(|last| last.ident == name),
        _ => false,
    })
}

/// The type of the user's, perhaps behind a reference, that a parameter of this type is; `None` of what belongs to std.
pub(crate) fn own_type(ty: &syn::Type) -> Option<&syn::Type> {
    let (_, behind) = passing(ty);
    let syn::Type::Path(path) = behind else {
        return None;
    };
    let last = path.path.segments.last()?;
    let is_of_std = OF_STD.iter().any(|name| last.ident == name) || known_inactive(behind);
    (!is_of_std && path.qself.is_none()).then_some(behind)
}

/// Types of std that have no differentiable methods.
const OF_STD: [&str; 16] = [
    "Vec",
    "Option",
    "Result",
    "Box",
    "Rc",
    "Arc",
    "Cow",
    "Cell",
    "RefCell",
    "HashMap",
    "HashSet",
    "BTreeMap",
    "BTreeSet",
    "VecDeque",
    "BinaryHeap",
    "Mutex",
];

/// A type as a user would write it, for messages.
pub(crate) fn pretty(tokens: impl ToTokens) -> String {
    let tokens: TokenStream = tokens.to_token_stream();
    let mut text = tokens.to_string();
    for (long, short) in [
        (" :: ", "::"),
        ("& ", "&"),
        (" < ", "<"),
        (" >", ">"),
        (" ,", ","),
        ("[ ", "["),
        (" ]", "]"),
        (" ;", ";"),
    ] {
        text = text.replace(long, short);
    }
    text
}
