//! How deep an item nests. Whatever reads, changes or writes code descends into it by calling itself, and the thread in
//! which rustc runs macros has eight megabytes of stack: what could need more is refused, by tokens, ahead of all else.

use proc_macro2::{Delimiter, Group, Span, TokenStream, TokenTree};

use crate::diagnostics::{Errors, NESTED_TOO_DEEPLY};

/// How much one token may stand under: a hundred groups, or six hundred operators one behind the other. A build without
/// optimisation gets by with half of its stack then.
const LIMIT: usize = 600;
/// What a group costs.
const GROUP: usize = 6;
/// What an operator costs whose operand is not a plain term: `return return x`, `x.sin().cos()`.
const STEP: usize = 2;
/// How often a function may leave a loop or return: what follows nests one level deeper each time.
const EXITS: usize = 300;

/// Whether no token stands too deep.
///
/// # Errors
///
/// At the first token that does.
pub(crate) fn check(item: &TokenStream) -> syn::Result<()> {
    let errors = Errors::default();
    if let Some(span) = (Depth { exits: 0 }).excess(item.clone(), 0) {
        errors.span(span, &NESTED_TOO_DEEPLY, &[]);
    }
    errors.finish()
}

struct Depth {
    exits: usize,
}

impl Depth {
    /// The first token below which there is too much, under `outer` of it.
    fn excess(&mut self, tokens: TokenStream, outer: usize) -> Option<Span> {
        // What the operators since the last statement or part of a list cost, and how much of that stays beyond a comma:
        // the comma of `|a, b|` or `A<B, C>` is no end.
        let (mut chain, mut floor) = (0, 0);
        let mut after_block = false;
        let mut before = ' ';
        for token in tokens {
            if std::mem::take(&mut after_block) && starts_anew(&token) {
                (chain, floor) = (0, 0);
            }
            let mut sign = ' ';
            match &token {
                TokenTree::Group(group) => {
                    if let Some(span) = self.group(group, outer + chain) {
                        return Some(span);
                    }
                    after_block = group.delimiter() == Delimiter::Brace;
                }
                TokenTree::Punct(punct) => {
                    sign = punct.as_char();
                    match sign {
                        ';' => (chain, floor) = (0, 0),
                        ',' => chain = floor,
                        ':' | '\'' | '#' | '$' => {}
                        '|' | '<' => {
                            floor += STEP;
                            chain += STEP;
                        }
                        '>' if before != '-' && before != '=' => floor = floor.saturating_sub(STEP),
                        '.' => chain += STEP,
                        _ => chain += 1,
                    }
                    self.exits += usize::from(sign == '?');
                }
                TokenTree::Ident(name) => {
                    if ["return", "break", "continue"]
                        .iter()
                        .any(|exit| name == exit)
                    {
                        self.exits += 1;
                        chain += STEP;
                    } else if ["else", "as", "dyn", "mut", "move"]
                        .iter()
                        .any(|word| name == word)
                    {
                        chain += STEP;
                    }
                }
                TokenTree::Literal(_) => {}
            }
            before = sign;
            if outer + chain > LIMIT || self.exits > EXITS {
                return Some(token.span());
            }
        }
        None
    }

    fn group(&mut self, group: &Group, outer: usize) -> Option<Span> {
        if outer + GROUP > LIMIT {
            return Some(group.span_open());
        }
        self.excess(group.stream(), outer + GROUP)
    }
}

/// Whether a token behind a block starts another statement.
fn starts_anew(token: &TokenTree) -> bool {
    match token {
        TokenTree::Ident(name) => name != "else" && name != "as",
        TokenTree::Literal(_) => true,
        TokenTree::Group(_) => false,
        TokenTree::Punct(sign) => matches!(sign.as_char(), '#' | '\''),
    }
}
