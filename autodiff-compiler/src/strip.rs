//! The attributes that are ours, and that nobody else may see.

use proc_macro2::{Delimiter, Group, TokenStream, TokenTree};

/// The item as it stands, less the attributes on its loops that are ours. The tokens are the user's own: syn would
/// write some of them in another way.
pub(crate) fn without_own_attributes(item: TokenStream) -> TokenStream {
    stripped(item.clone()).unwrap_or(item)
}

/// The tokens less our attributes; `None` where there are none. A group without any is left as it is: one that is made
/// anew is not the fragment of a macro any more, and what was handed over as a whole would fall apart.
fn stripped(item: TokenStream) -> Option<TokenStream> {
    let mut tokens: Vec<TokenTree> = item.into_iter().collect();
    let mut changed = false;
    let mut at = tokens.len();
    // Whether what follows is a loop, perhaps behind a label and other attributes.
    let mut before_loop = false;
    while at > 0 {
        at -= 1;
        if is_attribute(&tokens, at) {
            if before_loop && is_path_to(&tokens[at], "checkpoint") {
                tokens.drain(at - 1..=at);
                changed = true;
            }
            at -= 1;
            continue;
        }
        let is_named_label = before_loop && at > 0 && is_sign(&tokens[at - 1], '\'');
        match &mut tokens[at] {
            TokenTree::Group(group) => {
                if let Some(content) = stripped(group.stream()) {
                    let mut inner = Group::new(group.delimiter(), content);
                    inner.set_span(group.span());
                    *group = inner;
                    changed = true;
                }
                before_loop = false;
            }
            TokenTree::Ident(word) => {
                before_loop = is_named_label
                    || ["for", "while", "loop"]
                        .iter()
                        .any(|keyword| word == keyword);
            }
            TokenTree::Punct(sign) => before_loop &= [':', '\''].contains(&sign.as_char()),
            TokenTree::Literal(_) => before_loop = false,
        }
    }
    changed.then(|| tokens.into_iter().collect())
}

/// An `impl` block as it stands, less the attributes on its functions and on their loops that are ours.
pub(crate) fn without_own_attributes_of_block(item: TokenStream) -> TokenStream {
    let mut tokens: Vec<TokenTree> = without_own_attributes(item).into_iter().collect();
    if let Some(TokenTree::Group(body)) = tokens.last_mut() {
        let mut inner: Vec<TokenTree> = body.stream().into_iter().collect();
        for at in (0..inner.len()).rev() {
            if is_attribute(&inner, at) && is_path_to(&inner[at], "differentiable") {
                inner.drain(at - 1..=at);
            }
        }
        let mut stripped = Group::new(body.delimiter(), inner.into_iter().collect());
        stripped.set_span(body.span());
        *body = stripped;
    }
    tokens.into_iter().collect()
}

/// Whether the token at a position is the bracket of an attribute.
fn is_attribute(tokens: &[TokenTree], at: usize) -> bool {
    let is_bracket =
        matches!(&tokens[at], TokenTree::Group(group) if group.delimiter() == Delimiter::Bracket);
    is_bracket && at > 0 && is_sign(&tokens[at - 1], '#')
}

fn is_sign(token: &TokenTree, sign: char) -> bool {
    matches!(token, TokenTree::Punct(punct) if punct.as_char() == sign)
}

/// Whether the path of an attribute ends in this name.
fn is_path_to(attribute: &TokenTree, name: &str) -> bool {
    let TokenTree::Group(attribute) = attribute else {
        return false;
    };
    let of_path = |token: &TokenTree| matches!(token, TokenTree::Ident(_)) || is_sign(token, ':');
    let last = visible(attribute.stream())
        .into_iter()
        .take_while(of_path)
        .last();
    matches!(last, Some(TokenTree::Ident(word)) if word == name)
}

/// The tokens without the invisible groups in front, which `macro_rules!` puts around what it was handed.
fn visible(tokens: TokenStream) -> TokenStream {
    let mut rest = tokens.clone().into_iter();
    match rest.next() {
        Some(TokenTree::Group(group)) if group.delimiter() == Delimiter::None => {
            visible(group.stream()).into_iter().chain(rest).collect()
        }
        _ => tokens,
    }
}
