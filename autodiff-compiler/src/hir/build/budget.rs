//! How many expressions may be built. Bodies of closures and of loops over chains are written again wherever they run,
//! which can double the code with each line.

use proc_macro2::{TokenStream, TokenTree};
use quote::ToTokens;

use super::Builder;
use crate::diagnostics::{EXPANDS_TOO_FAR, Extent};
use crate::hir::Expr;

/// How many expressions may be built beyond those that the user wrote.
const WRITTEN_AGAIN: usize = 20_000;

/// How many expressions a function may have: more than there are in its text.
pub(super) fn of(item: &syn::ItemFn) -> usize {
    token_count(item.to_token_stream()) + WRITTEN_AGAIN
}

fn token_count(tokens: TokenStream) -> usize {
    tokens
        .into_iter()
        .map(|token| match token {
            TokenTree::Group(group) => 1 + token_count(group.stream()),
            _ => 1,
        })
        .sum()
}

impl Builder<'_> {
    /// Takes one expression off what may be built; what stands in its place where there is none left.
    pub(super) fn overspent(&mut self) -> Option<Expr> {
        self.budget = self.budget.saturating_sub(1);
        if self.budget > 0 {
            return None;
        }
        let span = Extent::from(self.name.span());
        self.errors.span(span, &EXPANDS_TOO_FAR, &[]);
        Some(self.broken(span))
    }
}
