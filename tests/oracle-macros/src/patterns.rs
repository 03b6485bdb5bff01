//! Float literals in the patterns of `match`: dual numbers cannot stand in a pattern, so each becomes a name and a guard.

use proc_macro2::TokenStream;
use quote::quote;
use syn::visit::{self, Visit};
use syn::visit_mut::{self, VisitMut};
use syn::{Expr, ExprMatch, Lit, Pat};

use crate::twin::Twin;

/// Rewrites the arms whose patterns hold float literals.
pub(crate) fn guard_floats(twin: &mut Twin, matched: &mut ExprMatch) {
    for arm in &mut matched.arms {
        let mut floats = Floats {
            twin,
            guards: Vec::new(),
        };
        floats.visit_pat_mut(&mut arm.pat);
        let guards = floats.guards;
        if guards.is_empty() {
            continue;
        }
        let condition: Expr = syn::parse_quote!(#(#guards)&&*);
        match &mut arm.pat {
            Pat::Guard(guarded) => {
                let own = &guarded.guard;
                guarded.guard = syn::parse_quote!(#condition && (#own));
            }
            pattern => {
                let own = pattern.clone();
                *pattern = Pat::Guard(syn::PatGuard {
                    attrs: Vec::new(),
                    pat: Box::new(own),
                    if_token: Default::default(),
                    guard: Box::new(condition),
                });
            }
        }
    }
}

/// Replaces float patterns, collecting their conditions.
struct Floats<'a> {
    twin: &'a mut Twin,
    guards: Vec<TokenStream>,
}

impl VisitMut for Floats<'_> {
    fn visit_pat_mut(&mut self, pattern: &mut Pat) {
        match pattern {
            Pat::Ident(bound) if bound.subpat.as_ref().is_some_and(|(_, p)| only_floats(p)) => {
                let name = &bound.ident;
                let (_, inner) = bound.subpat.take().expect("the arm's condition saw it");
                self.guards.push(quote!(::oracle::plain!(#name, #inner)));
            }
            pattern if only_floats(pattern) => {
                let name = self.twin.fresh();
                self.guards.push(quote!(::oracle::plain!(#name, #pattern)));
                *pattern = syn::parse_quote!(#name);
            }
            _ => visit_mut::visit_pat_mut(self, pattern),
        }
    }
}

/// Whether a pattern is nothing but float literals, ranges of them and alternatives.
fn only_floats(pattern: &Pat) -> bool {
    match pattern {
        Pat::Lit(_) | Pat::Range(_) => holds_float(pattern),
        Pat::Or(or) => or.cases.iter().all(only_floats),
        Pat::Paren(inner) => only_floats(&inner.pat),
        _ => false,
    }
}

fn holds_float(pattern: &Pat) -> bool {
    struct Find(bool);
    impl<'ast> Visit<'ast> for Find {
        fn visit_lit(&mut self, literal: &'ast Lit) {
            self.0 |= matches!(literal, Lit::Float(_));
        }
        fn visit_path(&mut self, path: &'ast syn::Path) {
            self.0 |= path
                .segments
                .iter()
                .any(|s| s.ident == "f64" || s.ident == "f32");
            visit::visit_path(self, path);
        }
    }
    let mut find = Find(false);
    find.visit_pat(pattern);
    find.0
}
