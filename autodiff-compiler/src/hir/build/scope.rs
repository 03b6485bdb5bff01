//! Which name stands for which variable.

use std::rc::Rc;

use syn::Ident;

use super::closures::Callable;
use super::iterators::Iter;
use crate::hir::{Expr, LocalId, Place};

/// What a name stands for.
#[derive(Clone, Debug)]
pub(super) enum Binding {
    /// A variable.
    Local(LocalId),
    /// A reference to this place.
    Alias(Place),
    /// A tuple with references inside.
    Parts(Expr),
    /// A closure or another function.
    Callable(Callable),
    /// An iterator that has been made, and not yet run.
    Iterator(Rc<Iter>),
}

/// The scopes around the code being read, innermost last.
#[derive(Clone, Debug)]
pub(super) struct Scopes(Vec<Vec<(Ident, Binding)>>);

impl Default for Scopes {
    fn default() -> Self {
        Self(vec![Vec::new()])
    }
}

impl Scopes {
    pub(super) fn enter(&mut self) {
        self.0.push(Vec::new());
    }

    pub(super) fn leave(&mut self) {
        self.0.pop();
    }

    /// How many scopes there are around the code being read.
    pub(super) fn depth(&self) -> usize {
        self.0.len()
    }

    pub(super) fn bind(&mut self, name: &Ident, binding: Binding) {
        let scope = self
            .0
            .last_mut()
            .expect("there is a scope as long as anything is read");
        scope.push((name.clone(), binding));
    }

    /// What the name stands for here; later bindings shadow earlier ones.
    pub(super) fn find(&self, name: &Ident) -> Option<&Binding> {
        let here = context(name);
        let mut bindings = self.0.iter().rev().flat_map(|scope| scope.iter().rev());
        bindings
            .find(|(bound, _)| bound == name && context(bound) == here)
            .map(|(_, binding)| binding)
    }
}

/// The macro that an identifier comes from: two names of one spelling are the same variable only if they come from the
/// same one. The compiler shows this as the part ahead of the position; where there is no compiler, nothing is shown.
fn context(name: &Ident) -> String {
    let shown = format!("{:?}", name.span());
    match shown.split_once(' ') {
        Some((context, _)) if context.starts_with('#') => context.to_owned(),
        _ => String::new(),
    }
}
