//! Items inside of the function: constants, imports and helper functions.
//!
//! They do not exist where the derivatives stand, so code that names one carries it along: `{ const G: f64 = 9.81; G }`.

use std::collections::BTreeSet;

use proc_macro2::{TokenStream, TokenTree};
use quote::{ToTokens, quote};
use syn::{Item, UseTree};

use super::Builder;
use crate::diagnostics;
use crate::hir::types::Ty;

/// An item, as far as code that names it needs it.
pub(super) struct LocalItem {
    /// The names that it declares; none for an import of everything.
    names: Vec<String>,
    tokens: TokenStream,
    /// How many blocks it stands in.
    depth: usize,
    /// The type of a constant.
    ty: Option<Ty>,
}

impl Builder<'_> {
    /// Reads the items of a block, which are in scope in all of it, and tells how many there were before.
    pub(super) fn enter_items(&mut self, stmts: &[syn::Stmt]) -> usize {
        let before = self.items.len();
        for stmt in stmts {
            let syn::Stmt::Item(item) = stmt else {
                continue;
            };
            let (names, ty) = match item {
                Item::Const(constant) => {
                    self.attributes(&constant.attrs);
                    (
                        vec![constant.ident.to_string()],
                        Some(self.written_type(&constant.ty)),
                    )
                }
                Item::Fn(function) => {
                    self.attributes(&function.attrs);
                    (vec![function.sig.ident.to_string()], None)
                }
                Item::Use(import) => {
                    self.attributes(&import.attrs);
                    let mut names = Vec::new();
                    imported(&import.tree, &mut names);
                    (names, None)
                }
                Item::Static(local) => {
                    self.error(local.static_token, &diagnostics::LOCAL_STATIC);
                    continue;
                }
                other => {
                    self.error(other, &diagnostics::NESTED_ITEM);
                    continue;
                }
            };
            self.items.push(LocalItem {
                names,
                tokens: item.to_token_stream(),
                depth: self.scopes.depth(),
                ty,
            });
        }
        before
    }

    /// The code of a path, with the local items that it needs.
    pub(super) fn with_items(&self, path: TokenStream) -> TokenStream {
        if self.items.is_empty() {
            return path;
        }
        let mut needed = vec![false; self.items.len()];
        let mut names = BTreeSet::new();
        identifiers(path.clone(), &mut names);
        loop {
            let next = self.items.iter().zip(&needed).position(|(item, needed)| {
                !needed
                    && (item.names.is_empty() || item.names.iter().any(|name| names.contains(name)))
            });
            let Some(next) = next else { break };
            needed[next] = true;
            identifiers(self.items[next].tokens.clone(), &mut names);
        }
        // Items of an inner block shadow those of an outer one, so each block gets its own.
        let depths: BTreeSet<usize> = self.items.iter().map(|item| item.depth).collect();
        depths.into_iter().rev().fold(path, |code, depth| {
            let here = self
                .items
                .iter()
                .zip(&needed)
                .filter(|(item, needed)| **needed && item.depth == depth);
            let items: Vec<&TokenStream> = here.map(|(item, _)| &item.tokens).collect();
            if items.is_empty() {
                code
            } else {
                quote!({ #(#items)* #code })
            }
        })
    }

    /// The type of a constant that is declared inside of the function.
    pub(super) fn local_constant(&self, path: &syn::Path) -> Option<Ty> {
        let name = path.get_ident()?.to_string();
        self.items
            .iter()
            .rev()
            .find(|item| item.names.contains(&name))?
            .ty
            .clone()
    }
}

fn imported(tree: &UseTree, names: &mut Vec<String>) {
    match tree {
        UseTree::Path(path) => imported(&path.tree, names),
        UseTree::Name(name) => names.push(name.ident.to_string()),
        UseTree::Rename(rename) => names.push(rename.rename.to_string()),
        UseTree::Group(group) => group.items.iter().for_each(|item| imported(item, names)),
        UseTree::Glob(_) => {}
    }
}

fn identifiers(tokens: TokenStream, names: &mut BTreeSet<String>) {
    for token in tokens {
        match token {
            TokenTree::Ident(ident) => {
                names.insert(ident.to_string());
            }
            TokenTree::Group(group) => identifiers(group.stream(), names),
            TokenTree::Punct(_) | TokenTree::Literal(_) => {}
        }
    }
}
