//! Names of the emitted variables: readable, valid, and unlike every other name in sight.

use rustc_hash::{FxHashMap as HashMap, FxHashSet as HashSet};
use std::cell::RefCell;
use std::collections::BTreeSet;
use std::rc::Rc;

use proc_macro2::{Ident, Span, TokenStream, TokenTree};

use crate::signature::UNNAMED;

/// The names in use, scope by scope.
#[derive(Clone, Debug, Default)]
pub(super) struct Names {
    /// Names that something else in the function has: no variable of ours may.
    reserved: HashSet<String>,
    scopes: Vec<Scope>,
    /// The variables of ours in all functions of the companion.
    variables: Rc<RefCell<BTreeSet<String>>>,
}

/// The names of one scope.
#[derive(Clone, Debug, Default)]
struct Scope {
    names: HashSet<String>,
    /// For each stem, a number up to which its names are taken here and further out.
    counts: HashMap<String, usize>,
}

impl Names {
    /// Keeps `name` for something else.
    pub(super) fn reserve(&mut self, name: &str) {
        self.reserved.insert(bare(name).to_owned());
    }

    /// Keeps the name of a parameter of the function for that.
    pub(super) fn parameter(&mut self, name: &str) {
        self.reserve(name);
        if name.starts_with(UNNAMED) {
            self.variables.borrow_mut().insert(name.to_owned());
        }
    }

    /// Keeps every identifier in `tokens` for what the user means by it.
    pub(super) fn reserve_all(&mut self, tokens: &TokenStream) {
        for tree in tokens.clone() {
            match tree {
                TokenTree::Ident(ident) => self.reserve(&ident.to_string()),
                TokenTree::Group(group) => self.reserve_all(&group.stream()),
                TokenTree::Punct(_) | TokenTree::Literal(_) => {}
            }
        }
    }

    /// Opens a scope.
    pub(super) fn enter(&mut self) {
        self.scopes.push(Scope::default());
    }

    /// Closes the innermost scope, whose names are free again.
    pub(super) fn leave(&mut self) {
        self.scopes.pop();
    }

    /// A variable with a name like `hint` that nothing in sight has.
    pub(super) fn fresh(&mut self, hint: &str) -> Ident {
        let name = self.unlike_others(hint);
        self.variables.borrow_mut().insert(name.clone());
        identifier(&name)
    }

    /// A module or a generic parameter with a name like `hint` that nothing in sight has.
    pub(super) fn fresh_item(&mut self, hint: &str) -> Ident {
        identifier(&self.unlike_others(hint))
    }

    /// All variables of ours, in this and in every other function of the companion, in the order of the alphabet, but
    /// for names that `bindings` has.
    pub(super) fn variables(&self, bindings: &[Ident]) -> Vec<Ident> {
        let taken: Vec<String> = bindings.iter().map(Ident::to_string).collect();
        let own = self.variables.borrow();
        let own = own
            .iter()
            .filter(|name| !taken.iter().any(|taken| bare(taken) == *name));
        own.map(|name| identifier(name)).collect()
    }

    fn unlike_others(&mut self, hint: &str) -> String {
        let stem = valid(hint);
        let counts = self
            .scopes
            .iter()
            .filter_map(|scope| scope.counts.get(&stem));
        let mut count = counts.max().copied().unwrap_or(0);
        let name = loop {
            count += 1;
            let name = match count {
                1 => stem.clone(),
                _ => format!("{stem}_{}", count - 1),
            };
            let mut scopes = self.scopes.iter();
            if !self.reserved.contains(&name) && !scopes.any(|scope| scope.names.contains(&name)) {
                break name;
            }
        };
        if let Some(scope) = self.scopes.last_mut() {
            scope.names.insert(name.clone());
            scope.counts.insert(stem, count);
        } else {
            self.reserved.insert(name.clone());
        }
        name
    }
}

/// The keywords of all editions, those kept for later included, in the order of the alphabet. A user's identifier that is
/// none in their edition (`async` in 2015, `gen` before 2024) is one here: our tokens are of our own edition.
const KEYWORDS: [&str; 52] = [
    "Self", "abstract", "as", "async", "await", "become", "box", "break", "const", "continue",
    "crate", "do", "dyn", "else", "enum", "extern", "false", "final", "fn", "for", "gen", "if",
    "impl", "in", "let", "loop", "macro", "match", "mod", "move", "mut", "override", "priv", "pub",
    "ref", "return", "self", "static", "struct", "super", "trait", "true", "try", "type", "typeof",
    "unsafe", "unsized", "use", "virtual", "where", "while", "yield",
];

/// The identifier of that name, raw where the name is a keyword.
pub(super) fn identifier(name: &str) -> Ident {
    if KEYWORDS.binary_search(&name).is_err() {
        Ident::new(name, Span::mixed_site())
    } else {
        Ident::new_raw(name, Span::mixed_site())
    }
}

/// The name without the mark of a raw identifier.
pub(super) fn bare(name: &str) -> &str {
    name.strip_prefix("r#").unwrap_or(name)
}

/// The closest name to `hint` that can be an identifier, raw or not.
fn valid(hint: &str) -> String {
    let mut name: String = bare(hint)
        .chars()
        .map(|c| {
            if c == '_' || c.is_alphanumeric() {
                c
            } else {
                '_'
            }
        })
        .collect();
    if name.is_empty()
        || name.starts_with(|c: char| c.is_ascii_digit())
        || name.chars().all(|c| c == '_')
    {
        name.insert(0, 't');
    }
    // These keywords have no raw form.
    if matches!(name.as_str(), "self" | "Self" | "super" | "crate") {
        name.push('_');
    }
    name
}
