//! Real items: those of the samples, of the cases of errors, and of whatever folder is named.

use std::fs;
use std::path::Path;

use proc_macro2::{TokenStream, TokenTree};
use quote::ToTokens;
use syn::visit::{self, Visit};
use syn::{ImplItemFn, Item, TraitItemFn};

use crate::Random;

/// Items as text, each with the attribute that it had, if it was ours.
#[derive(Default)]
pub struct Corpus {
    items: Vec<String>,
}

impl Corpus {
    /// The samples and the cases of errors of this workspace.
    #[must_use]
    pub fn of_workspace() -> Self {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
        let mut corpus = Self::default();
        for folder in [
            "tests/samples",
            "tests/ui",
            "autodiff-compiler/tests/bodies",
        ] {
            corpus.read(&root.join(folder));
        }
        corpus
    }

    /// Adds the items of a file, or of all Rust files below a folder; what can't be read or parsed is left out.
    pub fn read(&mut self, path: &Path) {
        if path.is_dir() {
            let Ok(entries) = fs::read_dir(path) else {
                return;
            };
            let mut paths: Vec<_> = entries.flatten().map(|entry| entry.path()).collect();
            paths.sort();
            paths.iter().for_each(|path| self.read(path));
        } else if path.extension().is_some_and(|extension| extension == "rs")
            && let Ok(text) = fs::read_to_string(path)
            && let Ok(file) = syn::parse_file(&text)
        {
            self.visit_file(&file);
            proc_macro2::extra::invalidate_current_thread_spans();
        }
    }

    /// How many items there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.items.len()
    }

    /// Whether there is no item.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.items.is_empty()
    }

    /// The item of a number.
    #[must_use]
    pub fn get(&self, number: usize) -> Option<&str> {
        self.items.get(number).map(String::as_str)
    }

    /// Some item.
    pub fn any(&self, random: &mut Random) -> &str {
        self.get(random.below(self.items.len()))
            .unwrap_or("fn f(x: f64) -> f64 { x }")
    }

    fn add(&mut self, item: &impl ToTokens) {
        let text = without_markers(item.to_token_stream()).to_string();
        if text.len() < 20_000 {
            self.items.push(text);
        }
    }
}

impl<'ast> Visit<'ast> for Corpus {
    fn visit_item(&mut self, item: &'ast Item) {
        if !matches!(item, Item::Use(_) | Item::ExternCrate(_)) {
            self.add(item);
        }
        visit::visit_item(self, item);
    }

    fn visit_impl_item_fn(&mut self, function: &'ast ImplItemFn) {
        self.add(function);
        visit::visit_impl_item_fn(self, function);
    }

    fn visit_trait_item_fn(&mut self, function: &'ast TraitItemFn) {
        self.add(function);
        visit::visit_trait_item_fn(self, function);
    }
}

/// An item without the attribute that marks a sample.
fn without_markers(item: TokenStream) -> TokenStream {
    let mut tokens: Vec<TokenTree> = item.into_iter().collect();
    if let [TokenTree::Punct(hash), TokenTree::Group(group), ..] = &tokens[..]
        && hash.as_char() == '#'
        && group.stream().to_string().starts_with("checked")
    {
        tokens.drain(..2);
    }
    tokens.into_iter().collect()
}
