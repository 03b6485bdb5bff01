//! Assertions, panics and printing: macros whose code stays as it is, with holes for the expressions, so that their
//! messages stay as they are too.

use proc_macro2::TokenStream;
use quote::{ToTokens, quote};
use syn::parse::{Parse, ParseStream, Parser};
use syn::punctuated::Punctuated;
use syn::{Ident, LitStr, Macro, Token};

use super::Builder;
use super::call::passed;
use super::macros::hole;
use super::text::source;
use crate::diagnostics::{self, Extent, Located};
use crate::hir::types::Ty;
use crate::hir::{Block, Expr, ExprKind, Stmt};
use crate::ir::{Code, Comparison};

/// One argument of a formatting macro: `x` or `name = x`.
struct Argument {
    name: Option<Ident>,
    value: syn::Expr,
}

impl Parse for Argument {
    fn parse(input: ParseStream<'_>) -> syn::Result<Self> {
        let named = input.peek(Ident) && input.peek2(Token![=]) && !input.peek2(Token![==]);
        let name = if named { Some(input.parse()?) } else { None };
        if named {
            input.parse::<Token![=]>()?;
        }
        Ok(Self {
            name,
            value: input.parse()?,
        })
    }
}

/// The tokens of a macro's arguments, and what goes into their holes.
#[derive(Default)]
struct Arguments {
    tokens: Vec<TokenStream>,
    values: Vec<Expr>,
}

impl Builder<'_> {
    /// `println!` and `panic!`
    pub(super) fn printing(&mut self, mac: &Macro) -> Expr {
        let Some(arguments) = self.macro_arguments(mac) else {
            return self.broken(mac.span());
        };
        let mut printed = Arguments::default();
        self.message(&arguments, &mut printed);
        self.effect(&mac.path, printed, mac.span())
    }

    /// `assert!` and its kin; what the message prints is evaluated only when the assertion fails.
    pub(super) fn assertion(&mut self, mac: &Macro, name: &str) -> Expr {
        let Some(arguments) = self.macro_arguments(mac) else {
            return self.broken(mac.span());
        };
        let count = if name == "assert" { 1 } else { 2 };
        if arguments.len() < count {
            return self.failed(mac, &diagnostics::MACRO_ARGUMENTS, &[]);
        }
        let (conditions, message) = arguments.split_at(count);
        let span = mac.span();
        let block = self.scoped(|builder| {
            let mut checked = Vec::new();
            for condition in conditions {
                let value = builder.expr(&condition.value);
                let value = builder.value_of(value);
                checked.push(builder.named("checked", value));
            }
            Some(builder.checked(mac, name, &checked, conditions, message, span))
        });
        Expr {
            kind: ExprKind::Block(block),
            ty: Ty::unit(),
            span,
        }
    }

    fn checked(
        &mut self,
        mac: &Macro,
        name: &str,
        checked: &[Expr],
        conditions: &[Argument],
        message: &[Argument],
        span: Extent,
    ) -> Expr {
        let failure = match checked {
            [condition] => {
                self.expect(condition, &Ty::BOOL);
                Expr {
                    kind: ExprKind::Not(Box::new(condition.clone())),
                    ty: Ty::BOOL,
                    span,
                }
            }
            [left, right, ..] => {
                self.expect(right, &left.ty);
                let kind = ExprKind::Compare(
                    Comparison::Equal,
                    Box::new(left.clone()),
                    Box::new(right.clone()),
                );
                let equal = Expr {
                    kind,
                    ty: Ty::BOOL,
                    span,
                };
                match name {
                    "assert_ne" => equal,
                    _ => Expr {
                        kind: ExprKind::Not(Box::new(equal)),
                        ty: Ty::BOOL,
                        span,
                    },
                }
            }
            [] => unreachable!("an assertion has a condition"),
        };
        let mut whole = Arguments::default();
        for value in checked {
            whole.add(value.clone());
        }
        if message.is_empty() && name == "assert" {
            // The standard message quotes the condition, of which only a hole is left.
            let text = format!("assertion failed: {}", source(&conditions[0].value));
            let text = LitStr::new(&text.replace('{', "{{").replace('}', "}}"), span.start());
            whole.tokens.push(text.to_token_stream());
        }
        let before = whole.values.len();
        let scalars = checked
            .iter()
            .all(|value| matches!(self.types.shallow(&value.ty), Ty::Scalar(_) | Ty::Var(_)));
        let effect = self.scoped(|builder| {
            builder.message(message, &mut whole);
            let lazy = scalars && !whole.values[before..].iter().all(at_hand);
            let effect = builder.effect(&mac.path, whole, span);
            Some(if lazy {
                effect
            } else {
                Expr {
                    kind: ExprKind::Block(only(effect)),
                    ty: Ty::unit(),
                    span,
                }
            })
        });
        match effect.tail.as_deref() {
            Some(Expr {
                kind: ExprKind::Opaque(_),
                ..
            }) => {
                let branch = ExprKind::If(Box::new(failure), effect, Block::default());
                Expr {
                    kind: branch,
                    ty: Ty::unit(),
                    span,
                }
            }
            _ => Expr {
                kind: ExprKind::Block(effect),
                ty: Ty::unit(),
                span,
            },
        }
    }

    /// `debug_assert!` evaluates nothing in a release build.
    pub(super) fn debug_assertion(&mut self, mac: &Macro, name: &str) -> Expr {
        let span = mac.span();
        let name = name.trim_start_matches("debug_");
        let path = Ident::new(name, span.start());
        let plain = Macro {
            path: path.into(),
            ..mac.clone()
        };
        let then = self.scoped(|builder| Some(builder.assertion(&plain, name)));
        let enabled = Code::new(quote!(::core::cfg!(debug_assertions)));
        let condition = Expr {
            kind: ExprKind::Constant(enabled),
            ty: Ty::BOOL,
            span,
        };
        let branch = ExprKind::If(Box::new(condition), then, Block::default());
        Expr {
            kind: branch,
            ty: Ty::unit(),
            span,
        }
    }

    fn macro_arguments(&mut self, mac: &Macro) -> Option<Vec<Argument>> {
        match Punctuated::<Argument, Token![,]>::parse_terminated.parse2(mac.tokens.clone()) {
            Ok(arguments) => Some(arguments.into_iter().collect()),
            Err(_) => {
                self.error(mac, &diagnostics::MACRO_ARGUMENTS);
                None
            }
        }
    }

    /// A format string and its arguments; the variables that the string captures become named arguments.
    fn message(&mut self, arguments: &[Argument], into: &mut Arguments) {
        let Some((format, rest)) = arguments.split_first() else {
            return;
        };
        let Some(text) = format_string(&format.value) else {
            self.error(&format.value, &diagnostics::MACRO_ARGUMENTS);
            return;
        };
        into.tokens.push(text.to_token_stream());
        for argument in rest {
            let value = self.expr(&argument.value);
            let place = into.add(value);
            if let Some(name) = &argument.name {
                into.tokens.pop();
                into.tokens.push(quote!(#name = #place));
            }
        }
        for name in captures(&text) {
            let given = rest
                .iter()
                .any(|argument| argument.name.as_ref() == Some(&name));
            if given || self.scopes.find(&name).is_none() {
                continue;
            }
            let path = syn::ExprPath {
                attrs: Vec::new(),
                qself: None,
                path: name.clone().into(),
            };
            let value = self.expr(&syn::Expr::Path(path));
            let value = self.value_of(value);
            let place = hole(into.values.len());
            into.values.push(value);
            into.tokens.push(quote!(#name = #place));
        }
    }

    fn effect(&self, path: &syn::Path, arguments: Arguments, span: Extent) -> Expr {
        let Arguments { tokens, values } = arguments;
        let name = path.to_token_stream().to_string();
        let mut value = self.template(quote!(#path!(#(#tokens),*)), values, &name, false, span);
        value.ty = Ty::unit();
        value
    }
}

impl Arguments {
    /// Adds an argument without name, and hands back what stands for it.
    fn add(&mut self, value: Expr) -> TokenStream {
        let place = passed(&value, self.values.len());
        self.values.push(value);
        self.tokens.push(place.clone());
        place
    }
}

/// Whether evaluating this does nothing.
fn at_hand(value: &Expr) -> bool {
    match &value.kind {
        ExprKind::Literal(_) | ExprKind::Constant(_) => true,
        ExprKind::Read(place) | ExprKind::Reference(place) => place.path.is_empty(),
        _ => false,
    }
}

fn only(effect: Expr) -> Block {
    Block {
        stmts: vec![Stmt::Expr(effect)],
        tail: None,
    }
}

fn format_string(expr: &syn::Expr) -> Option<LitStr> {
    match expr {
        syn::Expr::Lit(literal) => match &literal.lit {
            syn::Lit::Str(text) => Some(text.clone()),
            _ => None,
        },
        _ => None,
    }
}

/// The names that a format string captures: `{x}`, `{x:.3}`, `{0:width$}`.
pub(super) fn captures(format: &LitStr) -> Vec<Ident> {
    let text = format.value();
    let mut names = Vec::new();
    let mut rest = text.as_str();
    while let Some(start) = rest.find('{') {
        rest = &rest[start + 1..];
        if let Some(escaped) = rest.strip_prefix('{') {
            rest = escaped;
            continue;
        }
        let Some(end) = rest.find('}') else { break };
        let (argument, options) = rest[..end].split_once(':').unwrap_or((&rest[..end], ""));
        rest = &rest[end + 1..];
        let words = options
            .split(|letter: char| !(letter.is_alphanumeric() || letter == '_' || letter == '$'));
        let widths = words.filter_map(|word| word.strip_suffix('$'));
        for name in std::iter::once(argument.trim()).chain(widths) {
            if let Ok(mut name) = syn::parse_str::<Ident>(name) {
                name.set_span(format.span());
                if !names.contains(&name) {
                    names.push(name);
                }
            }
        }
    }
    names
}
