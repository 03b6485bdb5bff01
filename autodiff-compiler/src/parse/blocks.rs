//! Functions of `impl` blocks: the generics that they see, and whether they can have derivatives.

use std::borrow::Cow;

use syn::{FnArg, Ident, ItemFn, Pat, ReturnType};

use super::{is_type_parameter, known_inactive, model, passing, strip};
use crate::attr::Options;
use crate::ir::Type;
use crate::signature::{Home, Passing};

/// Whether a function can have derivatives: some parameter may be active, and so may a result or what is behind a `&mut`.
pub fn has_derivatives(item: &ItemFn, home: &Home, options: &Options) -> bool {
    let item = in_scope(item, home);
    let may_be_active = |ty: &syn::Type| {
        let known = model(ty, &options.scalars);
        let is_generic = known.is_none() && is_type_parameter(ty, &item);
        !is_generic && known.map_or_else(|| !known_inactive(ty), |known: Type| known.has_float())
    };
    let is_left_out = |pattern: &Pat| {
        let is_named = |names: &Vec<Ident>| matches!(pattern, Pat::Ident(pattern) if names.contains(&pattern.ident));
        options.wrt.as_ref().is_some_and(|names| !is_named(names))
    };
    let inputs = item.sig.inputs.iter().filter_map(|input| match input {
        FnArg::Typed(typed) if !is_left_out(&typed.pat) => Some(passing(&typed.ty)),
        _ => None,
    });
    let active: Vec<Passing> = inputs
        .filter(|(_, behind)| may_be_active(behind))
        .map(|(passing, _)| passing)
        .collect();
    let has_result = match &item.sig.output {
        ReturnType::Default => false,
        ReturnType::Type(_, ty) => may_be_active(strip(ty)),
    };
    !active.is_empty() && (has_result || active.contains(&Passing::Mutable))
}

/// The function with the generic parameters of the block that it stands in as if they were its own.
pub(super) fn in_scope<'a>(item: &'a ItemFn, home: &Home) -> Cow<'a, ItemFn> {
    let Home::Block(header) = home else {
        return Cow::Borrowed(item);
    };
    let mut item = item.clone();
    let generics = &mut item.sig.generics;
    generics.params.extend(header.generics.params.clone());
    if let Some(clause) = &header.generics.where_clause {
        let predicates = clause.predicates.clone();
        generics.make_where_clause().predicates.extend(predicates);
    }
    Cow::Owned(item)
}
