//! Literals, typed where nothing else would decide their type.

use std::str::FromStr;

use proc_macro2::{Literal as Token, TokenStream};
use quote::quote;

use super::expression::{Expression, Level};
use super::types;
use crate::ir::{FloatType, Literal, ScalarType};

/// A literal where its neighbours decide its type.
pub(super) fn plain(private: &TokenStream, literal: &Literal) -> Expression {
    write(private, literal, false)
}

/// A literal that carries its type.
pub(super) fn typed(private: &TokenStream, literal: &Literal) -> Expression {
    let mut expression = write(private, literal, true);
    expression.only_literals = false;
    expression
}

/// Zero, carrying its type, or whatever the type's neutral content is.
pub(super) fn zero(private: &TokenStream, ty: &ScalarType) -> TokenStream {
    let text = match ty {
        ScalarType::Float(_) => "0.0",
        ScalarType::Integer(_) => "0",
        ScalarType::Bool => return quote!(false),
        ScalarType::Char => return quote!('\0'),
        ScalarType::Inferred => return quote!(#private::Default::default()),
    };
    typed(
        private,
        &Literal {
            text: text.to_owned(),
            ty: ty.clone(),
        },
    )
    .tokens()
    .clone()
}

fn write(private: &TokenStream, literal: &Literal, suffix: bool) -> Expression {
    let (negative, digits) = match literal.text.strip_prefix('-') {
        Some(digits) => (true, digits.trim_start()),
        None => (false, literal.text.as_str()),
    };
    let number = match &literal.ty {
        ScalarType::Float(FloatType::Named(code)) => {
            let (ty, digits) = (code.tokens(), token(&float_digits(digits), ""));
            let tokens = quote!(<#ty as #private::Scalar>::from_literal(#digits));
            let expression = Expression::literal(tokens, Level::Postfix);
            let mut expression = if negative {
                Expression::unary(quote!(-), &expression)
            } else {
                expression
            };
            expression.only_literals = false;
            return expression;
        }
        ScalarType::Float(ty) => {
            let name = types::float(ty).to_string();
            token(&float_digits(digits), if suffix { &name } else { "" })
        }
        ScalarType::Integer(name) => token(digits, if suffix { name } else { "" }),
        ScalarType::Bool | ScalarType::Char | ScalarType::Inferred => {
            let tokens = TokenStream::from_str(&literal.text).unwrap_or_default();
            let mut expression = Expression::literal(tokens, Level::Atom);
            expression.only_literals = false;
            return expression;
        }
    };
    if negative {
        Expression::literal(quote!(-#number), Level::Unary)
    } else {
        Expression::literal(quote!(#number), Level::Atom)
    }
}

/// The digits of a floating-point literal, such that a suffix may follow and no integer is meant.
fn float_digits(digits: &str) -> String {
    if digits.ends_with('.') {
        format!("{digits}0")
    } else if digits.contains(['.', 'e', 'E']) {
        digits.to_owned()
    } else {
        format!("{digits}.0")
    }
}

fn token(digits: &str, suffix: &str) -> Token {
    let text = if suffix.is_empty() {
        digits.to_owned()
    } else {
        format!("{digits}_{suffix}")
    };
    Token::from_str(&text).unwrap_or_else(|_| panic!("`{text}` is no literal"))
}
