//! Real items, taken apart and put together wrongly.

use proc_macro2::{Delimiter, Group, TokenStream, TokenTree};

use crate::corpus::Corpus;
use crate::{Random, grammar};

/// An item of the corpus with a few changes.
pub fn item(random: &mut Random, corpus: &Corpus) -> String {
    let text = corpus.any(random);
    let Ok(mut tokens) = text.parse::<TokenStream>() else {
        return text.to_owned();
    };
    let changes = [0, 1, 1, 1, 2, 2, 3, 6][random.below(8)];
    for _ in 0..changes {
        let count = count(&tokens);
        let mut left = random.below(count);
        tokens = change(tokens, &mut left, random, corpus);
    }
    tokens.to_string()
}

/// How many token trees there are at all depths.
fn count(tokens: &TokenStream) -> usize {
    tokens
        .clone()
        .into_iter()
        .map(|token| match token {
            TokenTree::Group(group) => 1 + count(&group.stream()),
            _ => 1,
        })
        .sum()
}

/// Changes the token tree of a number.
fn change(
    tokens: TokenStream,
    left: &mut usize,
    random: &mut Random,
    corpus: &Corpus,
) -> TokenStream {
    let mut output: Vec<TokenTree> = Vec::new();
    let mut tokens = tokens.into_iter().peekable();
    while let Some(token) = tokens.next() {
        if *left == 0 {
            *left = usize::MAX;
            let next = tokens.peek().cloned();
            let swapped = mutate(token, next, &mut output, random, corpus);
            if swapped {
                tokens.next();
            }
            continue;
        }
        if *left != usize::MAX {
            *left -= 1;
        }
        output.push(match token {
            TokenTree::Group(group) => {
                regrouped(&group, change(group.stream(), left, random, corpus))
            }
            other => other,
        });
    }
    output.into_iter().collect()
}

fn regrouped(group: &Group, stream: TokenStream) -> TokenTree {
    TokenTree::Group(Group::new(group.delimiter(), stream))
}

/// Writes something in the place of `token`; tells whether the token behind it was written too.
fn mutate(
    token: TokenTree,
    next: Option<TokenTree>,
    output: &mut Vec<TokenTree>,
    random: &mut Random,
    corpus: &Corpus,
) -> bool {
    match random.below(12) {
        0 | 1 => {}
        2 => output.extend([token.clone(), token]),
        3 => {
            let swapped = next.is_some();
            output.extend(next);
            output.push(token);
            return swapped;
        }
        4 | 5 => output.extend(replacement(&token, random, corpus)),
        6 => {
            // Something stands in front of it.
            output.extend(subtree(random, corpus));
            output.push(token);
        }
        7 => {
            let delimiter =
                [Delimiter::Parenthesis, Delimiter::Brace, Delimiter::Bracket][random.below(3)];
            output.push(TokenTree::Group(Group::new(delimiter, token.into())));
        }
        8 => match token {
            TokenTree::Group(group) => output.extend(group.stream()),
            other => output.extend(replacement(&other, random, corpus)),
        },
        9 => output.extend(text(grammar::snippet(random))),
        _ => {
            output.push(token);
            output.extend(text(grammar::snippet(random)));
        }
    }
    false
}

fn text(text: String) -> TokenStream {
    text.parse().unwrap_or_default()
}

/// Something of the same kind.
fn replacement(token: &TokenTree, random: &mut Random, corpus: &Corpus) -> TokenStream {
    match token {
        TokenTree::Ident(_) => text(grammar::name(random)),
        TokenTree::Literal(_) => text(grammar::literal(random)),
        TokenTree::Punct(_) => text(grammar::operator(random)),
        TokenTree::Group(group) => {
            for _ in 0..8 {
                if let Some(TokenTree::Group(other)) = subtree(random, corpus)
                    && other.delimiter() == group.delimiter()
                {
                    return TokenTree::Group(other).into();
                }
            }
            TokenStream::new()
        }
    }
}

/// A token tree from somewhere in the corpus.
fn subtree(random: &mut Random, corpus: &Corpus) -> Option<TokenTree> {
    let tokens = corpus.any(random).parse::<TokenStream>().ok()?;
    let mut left = random.below(count(&tokens));
    find(tokens, &mut left)
}

fn find(tokens: TokenStream, left: &mut usize) -> Option<TokenTree> {
    for token in tokens {
        if *left == 0 {
            return Some(token);
        }
        *left -= 1;
        if let TokenTree::Group(group) = &token
            && let Some(found) = find(group.stream(), left)
        {
            return Some(found);
        }
    }
    None
}
