//! Literals and the constants of the standard library.

use super::integers::bounds;
use super::template::constant_expression;
use super::{Datum, Panic, Scalar, Settings};
use crate::ir::{Length, Literal, ScalarType};

/// The value of a literal.
pub(super) fn literal(settings: &Settings, literal: &Literal) -> Result<Scalar, Panic> {
    let text = literal.text.as_str();
    let value = match &literal.ty {
        ScalarType::Float(float) if settings.is_f32(float) => {
            plain(text).parse().ok().map(Scalar::F32)
        }
        ScalarType::Float(_) => plain(text).parse().ok().map(Scalar::F64),
        ScalarType::Integer(_) => integer(text).map(Scalar::Integer),
        ScalarType::Bool => text.parse().ok().map(Scalar::Bool),
        ScalarType::Char => syn::parse_str::<syn::LitChar>(text)
            .ok()
            .map(|c| Scalar::Char(c.value())),
        ScalarType::Inferred => guess(text),
    };
    value.ok_or_else(|| Panic::Defect(format!("`{text}` is no literal of type {}", literal.ty)))
}

fn guess(text: &str) -> Option<Scalar> {
    text.parse()
        .ok()
        .map(Scalar::Bool)
        .or_else(|| integer(text).map(Scalar::Integer))
        .or_else(|| {
            let float = plain(text).parse().ok().map(Scalar::F64);
            float.or_else(|| {
                syn::parse_str::<syn::LitChar>(text)
                    .ok()
                    .map(|c| Scalar::Char(c.value()))
            })
        })
}

/// The text without the underscores between its digits; most have none.
fn plain(text: &str) -> std::borrow::Cow<'_, str> {
    if text.contains('_') {
        text.replace('_', "").into()
    } else {
        text.into()
    }
}

fn integer(text: &str) -> Option<i128> {
    if let Ok(number) = text.parse() {
        return Some(number);
    }
    if text.starts_with("b'") {
        return syn::parse_str::<syn::LitByte>(text)
            .ok()
            .map(|byte| byte.value().into());
    }
    let text = plain(text);
    let (negative, digits) = match text.strip_prefix('-') {
        Some(digits) => (true, digits),
        None => (false, &*text),
    };
    let number = match digits.get(..2) {
        Some("0x") => i128::from_str_radix(&digits[2..], 16),
        Some("0o") => i128::from_str_radix(&digits[2..], 8),
        Some("0b") => i128::from_str_radix(&digits[2..], 2),
        _ => digits.parse(),
    };
    number
        .ok()
        .map(|number| if negative { -number } else { number })
}

/// The value of a constant, by its path or its code.
pub(super) fn constant(settings: &Settings, code: &str, ty: &ScalarType) -> Result<Datum, Panic> {
    let path: String = code.chars().filter(|c| !c.is_whitespace()).collect();
    if let Some(datum) = settings.constants.get(&path) {
        return Ok(datum.clone());
    }
    of_std(settings, &path, ty)
        .map(Datum::Scalar)
        .or_else(|unknown| constant_expression(settings, code)?.ok_or(unknown))
}

/// The value of a constant of the standard library.
fn of_std(settings: &Settings, path: &str, ty: &ScalarType) -> Result<Scalar, Panic> {
    if path == "::core::cfg!(debug_assertions)" {
        return Ok(Scalar::Bool(true));
    }
    if let Some(length) = integer(path) {
        return Ok(Scalar::Integer(length));
    }
    let mut segments = path.rsplit("::");
    let name = segments.next().unwrap_or_default();
    // Both `f64::MAX` and `std::f64::consts::PI` name their type.
    let owner = segments
        .find(|segment| *segment != "consts")
        .unwrap_or_default();
    let value = match (owner, ty) {
        ("f64", _) => float64(name).map(Scalar::F64),
        ("f32", _) => float32(name).map(Scalar::F32),
        (_, ScalarType::Float(float)) if settings.is_f32(float) => float32(name).map(Scalar::F32),
        (_, ScalarType::Float(_)) => float64(name).map(Scalar::F64),
        (keyword, ScalarType::Integer(_)) if *keyword != *"" => {
            let (least, greatest) = bounds(keyword);
            match name {
                "MIN" => Some(Scalar::Integer(least)),
                "MAX" => Some(Scalar::Integer(greatest)),
                "BITS" => Some(Scalar::Integer(super::integers::bits(keyword).into())),
                _ => None,
            }
        }
        _ => None,
    };
    value.ok_or_else(|| Panic::Unsupported(format!("the constant `{path}`")))
}

/// The number of elements of an array type.
pub(super) fn length(settings: &Settings, length: &Length) -> Result<usize, Panic> {
    match length {
        Length::Literal(length) => Ok(*length),
        Length::Constant(code) => match constant(settings, code.text(), &ScalarType::USIZE)? {
            Datum::Scalar(Scalar::Integer(length)) => usize::try_from(length)
                .map_err(|_| Panic::Defect(format!("an array of length {length}"))),
            other => Err(Panic::Defect(format!("an array of length {other:?}"))),
        },
    }
}

macro_rules! float_constants {
    ($function:ident $float:ident) => {
        fn $function(name: &str) -> Option<$float> {
            use std::$float::consts;
            Some(match name {
                "MAX" => $float::MAX,
                "MIN" => $float::MIN,
                "MIN_POSITIVE" => $float::MIN_POSITIVE,
                "EPSILON" => $float::EPSILON,
                "INFINITY" => $float::INFINITY,
                "NEG_INFINITY" => $float::NEG_INFINITY,
                "NAN" => $float::NAN,
                "PI" => consts::PI,
                "TAU" => consts::TAU,
                "E" => consts::E,
                "SQRT_2" => consts::SQRT_2,
                "FRAC_1_SQRT_2" => consts::FRAC_1_SQRT_2,
                "FRAC_1_PI" => consts::FRAC_1_PI,
                "FRAC_2_PI" => consts::FRAC_2_PI,
                "FRAC_2_SQRT_PI" => consts::FRAC_2_SQRT_PI,
                "FRAC_PI_2" => consts::FRAC_PI_2,
                "FRAC_PI_3" => consts::FRAC_PI_3,
                "FRAC_PI_4" => consts::FRAC_PI_4,
                "FRAC_PI_6" => consts::FRAC_PI_6,
                "FRAC_PI_8" => consts::FRAC_PI_8,
                "LN_2" => consts::LN_2,
                "LN_10" => consts::LN_10,
                "LOG2_E" => consts::LOG2_E,
                "LOG10_E" => consts::LOG10_E,
                "LOG2_10" => consts::LOG2_10,
                "LOG10_2" => consts::LOG10_2,
                _ => return None,
            })
        }
    };
}

float_constants! { float64 f64 }
float_constants! { float32 f32 }
