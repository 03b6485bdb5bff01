//! Makes a case that fails small.

use proc_macro2::{Group, TokenStream, TokenTree};

use crate::property::{Fault, check};

/// How many smaller cases are tried.
const ATTEMPTS: usize = 20_000;

/// The smallest case found that has the same fault.
#[must_use]
pub fn smallest(case: &str, fault: &Fault) -> String {
    let mut best = case.to_owned();
    let mut attempts = 0;
    loop {
        let before = best.len();
        for kind in [Change::Delete, Change::Unwrap, Change::Empty] {
            let mut position = 0;
            while attempts < ATTEMPTS {
                let Ok(tokens) = best.parse::<TokenStream>() else {
                    return best;
                };
                let mut left = position;
                let changed = change(tokens, &mut left, kind, 0);
                if left != usize::MAX {
                    break;
                }
                attempts += 1;
                let candidate = changed.to_string();
                let is_smaller = candidate.len() < best.len();
                if is_smaller && check(&candidate).is_err_and(|found| found.is_like(fault)) {
                    best = candidate;
                } else {
                    position += 1;
                }
            }
        }
        if best.len() == before || attempts >= ATTEMPTS {
            return best;
        }
    }
}

#[derive(Clone, Copy, PartialEq)]
enum Change {
    /// A token tree goes.
    Delete,
    /// The delimiters around tokens go.
    Unwrap,
    /// What is between delimiters goes.
    Empty,
}

/// Changes the token tree of a number, and sets the number to its maximum when it was there.
fn change(tokens: TokenStream, left: &mut usize, kind: Change, depth: usize) -> TokenStream {
    let mut output = Vec::new();
    for (i, token) in tokens.into_iter().enumerate() {
        // The attribute stays.
        let may_change = depth > 1 || i > 1;
        let is_candidate =
            may_change && (kind == Change::Delete || matches!(token, TokenTree::Group(_)));
        if is_candidate {
            if *left == 0 {
                *left = usize::MAX;
                match (kind, token) {
                    (Change::Unwrap, TokenTree::Group(group)) => output.extend(group.stream()),
                    (Change::Empty, TokenTree::Group(group)) => output.push(TokenTree::Group(
                        Group::new(group.delimiter(), TokenStream::new()),
                    )),
                    _ => {}
                }
                continue;
            }
            if *left != usize::MAX {
                *left -= 1;
            }
        }
        output.push(match token {
            TokenTree::Group(group) => TokenTree::Group(Group::new(
                group.delimiter(),
                change(group.stream(), left, kind, depth + 1),
            )),
            other => other,
        });
    }
    output.into_iter().collect()
}
