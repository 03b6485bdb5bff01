//! The generic parameters of the implementations and of the tangent.

use std::collections::BTreeSet;

use proc_macro2::TokenStream;
use syn::visit::{Visit, visit_lifetime, visit_path, visit_type_path};
use syn::{
    GenericParam, Generics, Lifetime, Path, Type, TypePath, WhereClause, WherePredicate,
    parse_quote,
};

/// The generics of the struct, with a bound for each type parameter that the active fields need to be differentiable.
pub(super) fn bounded<'a>(
    private: &TokenStream,
    generics: &Generics,
    active: impl Iterator<Item = &'a Type>,
) -> Generics {
    let mut usage = Usage::new(generics);
    active.for_each(|ty| usage.visit_type(ty));
    let mut bounded = generics.clone();
    let predicates = &mut bounded.make_where_clause().predicates;
    for parameter in generics.type_params() {
        let ident = &parameter.ident;
        if usage.bare.contains(&ident.to_string()) {
            predicates.push(parse_quote!(#ident: #private::Differentiable));
        }
    }
    for ty in &usage.associated {
        predicates.push(parse_quote!(#ty: #private::Differentiable));
    }
    bounded
}

/// The part of `generics` that the types of a tangent mention: a parameter that a type does not use is an error.
pub(super) fn mentioned(generics: &Generics, tangents: &[Type]) -> Generics {
    let mut usage = Usage::new(generics);
    tangents.iter().for_each(|ty| usage.visit_type(ty));
    let kept = usage.all;
    let mut part = generics.clone();
    part.params = part
        .params
        .into_iter()
        .filter(|parameter| kept.contains(&name(parameter)))
        .map(|parameter| with_bounds_within(generics, &kept, parameter))
        .collect();
    let predicates = part.where_clause.take().map(|clause| clause.predicates);
    let predicates: Vec<WherePredicate> = predicates
        .into_iter()
        .flatten()
        .filter(|predicate| {
            within(generics, &kept, |usage| {
                usage.visit_where_predicate(predicate)
            })
        })
        .collect();
    part.where_clause = (!predicates.is_empty()).then(|| WhereClause {
        where_token: Default::default(),
        predicates: predicates.into_iter().collect(),
    });
    part
}

/// A parameter less the bounds, and the default, that mention parameters which are not kept.
fn with_bounds_within(
    generics: &Generics,
    kept: &BTreeSet<String>,
    mut parameter: GenericParam,
) -> GenericParam {
    match &mut parameter {
        GenericParam::Type(parameter) => {
            parameter.bounds = std::mem::take(&mut parameter.bounds)
                .into_iter()
                .filter(|bound| within(generics, kept, |usage| usage.visit_type_param_bound(bound)))
                .collect();
            let default = parameter.default.take();
            parameter.default =
                default.filter(|(_, ty)| within(generics, kept, |usage| usage.visit_type(ty)));
        }
        GenericParam::Lifetime(parameter) => {
            parameter.bounds = std::mem::take(&mut parameter.bounds)
                .into_iter()
                .filter(|bound| within(generics, kept, |usage| usage.visit_lifetime(bound)))
                .collect();
        }
        GenericParam::Const(_) => {}
    }
    parameter
}

/// Whether what `visit` looks at mentions no parameters but those that are kept.
fn within(generics: &Generics, kept: &BTreeSet<String>, visit: impl FnOnce(&mut Usage)) -> bool {
    let mut usage = Usage::new(generics);
    visit(&mut usage);
    usage.all.is_subset(kept)
}

fn name(parameter: &GenericParam) -> String {
    match parameter {
        GenericParam::Type(parameter) => parameter.ident.to_string(),
        GenericParam::Const(parameter) => parameter.ident.to_string(),
        GenericParam::Lifetime(parameter) => parameter.lifetime.to_string(),
    }
}

/// How a piece of syntax uses the parameters of a struct.
struct Usage {
    parameters: BTreeSet<String>,
    /// All parameters that occur.
    all: BTreeSet<String>,
    /// Those that occur as types of their own, as `T` does in `Vec<T>` and not in `T::Item`.
    bare: BTreeSet<String>,
    /// Types that belong to parameters, as `T::Item` does.
    associated: Vec<TypePath>,
}

impl Usage {
    fn new(generics: &Generics) -> Self {
        Self {
            parameters: generics.params.iter().map(name).collect(),
            all: BTreeSet::new(),
            bare: BTreeSet::new(),
            associated: Vec::new(),
        }
    }

    fn is_parameter(&self, ty: &Type) -> bool {
        matches!(ty, Type::Path(path) if path.qself.is_none()
            && path.path.get_ident().is_some_and(|ident| self.parameters.contains(&ident.to_string())))
    }
}

impl<'ast> Visit<'ast> for Usage {
    fn visit_type_path(&mut self, path: &'ast TypePath) {
        let first = path.path.segments.first();
        let belongs = match &path.qself {
            Some(itself) => self.is_parameter(&itself.ty),
            None => {
                path.path.segments.len() > 1
                    && first.is_some_and(|first| {
                        path.path.leading_colon.is_none()
                            && self.parameters.contains(&first.ident.to_string())
                    })
            }
        };
        if !belongs {
            return visit_type_path(self, path);
        }
        if !self.associated.contains(path) {
            self.associated.push(path.clone());
        }
        // What it belongs to occurs, but need not be differentiable itself.
        let bare = self.bare.clone();
        visit_type_path(self, path);
        self.bare = bare;
    }

    fn visit_path(&mut self, path: &'ast Path) {
        if path.leading_colon.is_none()
            && let Some(first) = path.segments.first()
        {
            let ident = first.ident.to_string();
            if self.parameters.contains(&ident) {
                if path.segments.len() == 1 {
                    self.bare.insert(ident.clone());
                }
                self.all.insert(ident);
            }
        }
        visit_path(self, path);
    }

    fn visit_lifetime(&mut self, lifetime: &'ast Lifetime) {
        let text = lifetime.to_string();
        if self.parameters.contains(&text) {
            self.all.insert(text);
        }
        visit_lifetime(self, lifetime);
    }
}
