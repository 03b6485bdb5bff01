//! What holds for any tokens at all.

use std::cell::RefCell;
use std::panic::{AssertUnwindSafe, catch_unwind};

use proc_macro2::{Delimiter, Group, Span, TokenStream, TokenTree};
use syn::{File, ImplItem, Item};

/// What the compiler made of a case.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// The text is no sequence of tokens.
    NoTokens,
    /// Derivatives.
    Derived,
    /// Errors; the first line of the first one.
    Refused(String),
}

/// What is wrong with what the compiler made of a case.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Fault {
    /// The compiler panics: where, and with what message.
    Panic(String),
    /// The item is not emitted first and unchanged.
    ItemChanged,
    /// What follows the item does not parse.
    NotItems(String),
    /// There are neither derivatives nor errors.
    Nothing,
    /// An error points to no token of the input.
    ErrorOutside(String),
    /// Two expansions of one input differ.
    Unsteady,
}

impl Fault {
    /// Whether another fault has the same cause, as far as one can tell.
    #[must_use]
    pub fn is_like(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Panic(one), Self::Panic(other)) => place(one) == place(other),
            (Self::NotItems(_), Self::NotItems(_)) => true,
            _ => self == other,
        }
    }
}

fn place(message: &str) -> &str {
    message.split(": ").next().unwrap_or_default()
}

thread_local! {
    /// Where the last panic of this thread was, and what it said.
    static LAST_PANIC: RefCell<String> = const { RefCell::new(String::new()) };
}

/// From here on a panic is noted, not printed.
pub fn note_panics() {
    std::panic::set_hook(Box::new(|info| {
        let location = info.location().map(ToString::to_string).unwrap_or_default();
        let payload = info.payload();
        let message = payload
            .downcast_ref::<String>()
            .map(String::as_str)
            .or_else(|| payload.downcast_ref::<&str>().copied())
            .unwrap_or("no text");
        LAST_PANIC.with(|last| *last.borrow_mut() = format!("{location}: {message}"));
    }));
}

/// Expands a case, which starts with `#[differentiable(..)]`, and looks at what comes back.
///
/// # Errors
///
/// What is wrong with it.
pub fn check(case: &str) -> Result<Outcome, Fault> {
    proc_macro2::extra::invalidate_current_thread_spans();
    let Ok(tokens) = case.parse::<TokenStream>() else {
        return Ok(Outcome::NoTokens);
    };
    let Some((attribute, item)) = split(tokens).filter(|(_, item)| !item.is_empty()) else {
        return Ok(Outcome::NoTokens);
    };
    let item = if case.contains(BY_EXAMPLE) {
        as_by_example(item)
    } else {
        item
    };
    let run = || {
        catch_unwind(AssertUnwindSafe(|| {
            autodiff_compiler::expand(attribute.clone(), item.clone())
        }))
        .map_err(|_| Fault::Panic(LAST_PANIC.with(|last| last.borrow().clone())))
    };
    let output = run()?;
    let outcome = match examine(&item, output.clone(), case.len()) {
        // A method that is left out of its block.
        Err(Fault::Nothing) if attribute.to_string().contains("skip") => Outcome::Derived,
        other => other?,
    };
    if case.len().is_multiple_of(8) && run()?.to_string() != output.to_string() {
        return Err(Fault::Unsteady);
    }
    Ok(outcome)
}

/// What makes a case one whose parentheses are the invisible ones that a macro by example puts around what it hands on.
const BY_EXAMPLE: &str = "by_example";

/// The attribute's arguments, and what follows the attribute.
fn split(tokens: TokenStream) -> Option<(TokenStream, TokenStream)> {
    let mut tokens = tokens.into_iter();
    let (Some(TokenTree::Punct(_)), Some(TokenTree::Group(attribute))) =
        (tokens.next(), tokens.next())
    else {
        return None;
    };
    let arguments = match attribute.stream().into_iter().nth(1) {
        Some(TokenTree::Group(arguments)) => arguments.stream(),
        _ => TokenStream::new(),
    };
    Some((arguments, tokens.collect()))
}

/// The parentheses behind an operator become invisible.
fn as_by_example(tokens: TokenStream) -> TokenStream {
    let mut after_operator = false;
    tokens
        .into_iter()
        .map(|token| {
            let token = match token {
                TokenTree::Group(group) => {
                    let delimiter = match group.delimiter() {
                        Delimiter::Parenthesis if after_operator && !group.stream().is_empty() => {
                            Delimiter::None
                        }
                        other => other,
                    };
                    let mut inner = Group::new(delimiter, as_by_example(group.stream()));
                    inner.set_span(group.span());
                    TokenTree::Group(inner)
                }
                other => other,
            };
            after_operator =
                matches!(&token, TokenTree::Punct(punct) if "=+-*/".contains(punct.as_char()));
            token
        })
        .collect()
}

fn examine(item: &TokenStream, output: TokenStream, length: usize) -> Result<Outcome, Fault> {
    let (before, mut after) = (without_own(item.clone()), without_own(output.clone()));
    let (shown, whole) = (flat(before.clone()), flat(after.clone()));
    if !whole.starts_with(&shown) {
        return Err(Fault::ItemChanged);
    }
    let beside: Vec<TokenTree> = after.drain(before.len()..).collect();
    let beside: TokenStream = beside.into_iter().collect();
    parses(item, &beside)?;
    let text = beside.to_string();
    let refused = text.contains("compile_error");
    if refused {
        errors_inside(&beside, length)?;
    }
    match (refused, text.contains("jvp")) {
        (true, _) => Ok(Outcome::Refused(first_error(&text))),
        (false, true) => Ok(Outcome::Derived),
        (false, false) => Err(Fault::Nothing),
    }
}

fn first_error(text: &str) -> String {
    let message = text.split("compile_error").nth(1).unwrap_or_default();
    let message = message.trim_start_matches([' ', '!', '{', '"']);
    message.split("\\n").next().unwrap_or_default().to_owned()
}

/// What follows the item has to be items of the kind that may stand there.
fn parses(item: &TokenStream, beside: &TokenStream) -> Result<(), Fault> {
    let as_items = syn::parse2::<File>(beside.clone());
    let Err(error) = as_items else {
        return Ok(());
    };
    let only_in_an_impl =
        syn::parse2::<Item>(item.clone()).is_err() || syn::parse2::<ImplItem>(item.clone()).is_ok();
    let wrapped = quote::quote!(impl Example { #beside });
    if only_in_an_impl && syn::parse2::<Item>(wrapped).is_ok() {
        return Ok(());
    }
    Err(Fault::NotItems(error.to_string()))
}

/// The tokens without the attributes that are ours.
fn without_own(tokens: TokenStream) -> Vec<TokenTree> {
    let mut kept: Vec<TokenTree> = Vec::new();
    for token in tokens {
        let TokenTree::Group(group) = token else {
            kept.push(token);
            continue;
        };
        let of_path = |token: &TokenTree| match token {
            TokenTree::Ident(_) => true,
            TokenTree::Punct(sign) => sign.as_char() == ':',
            _ => false,
        };
        let last = group.stream().into_iter().take_while(of_path).last();
        let is_own = matches!(last, Some(TokenTree::Ident(name)) if name == "checkpoint" || name == "differentiable");
        let is_attribute = group.delimiter() == Delimiter::Bracket
            && matches!(kept.last(), Some(TokenTree::Punct(hash)) if hash.as_char() == '#');
        if is_own && is_attribute {
            kept.pop();
            continue;
        }
        let inner = without_own(group.stream()).into_iter().collect();
        let mut inner = Group::new(group.delimiter(), inner);
        inner.set_span(group.span());
        kept.push(TokenTree::Group(inner));
    }
    kept
}

/// The tokens as text, one by one; `>>` counts as `> >`.
fn flat(tokens: impl IntoIterator<Item = TokenTree>) -> Vec<String> {
    let mut texts = Vec::new();
    for token in tokens {
        match token {
            TokenTree::Group(group) => {
                texts.push(format!("{:?}", group.delimiter()));
                texts.extend(flat(group.stream()));
                texts.push("end".to_owned());
            }
            TokenTree::Punct(sign) => texts.push(sign.as_char().to_string()),
            other => texts.push(other.to_string()),
        }
    }
    texts
}

/// Each error stands on tokens of the input.
fn errors_inside(tokens: &TokenStream, length: usize) -> Result<(), Fault> {
    let mut first: Option<Span> = None;
    for token in tokens.clone() {
        if let TokenTree::Group(group) = &token {
            if let Some(start) = first.take()
                && [start, group.span()]
                    .iter()
                    .any(|span| is_outside(*span, length))
            {
                return Err(Fault::ErrorOutside(group.stream().to_string()));
            }
            errors_inside(&group.stream(), length)?;
        }
        if matches!(&token, TokenTree::Ident(name) if name == "compile_error") {
            first = Some(token.span());
        }
    }
    Ok(())
}

fn is_outside(span: Span, length: usize) -> bool {
    let range = span.byte_range();
    range.is_empty() || range.end > length
}
