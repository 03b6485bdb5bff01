//! The methods of std on scalars that have no derivative.

use super::integers::{bits, bounds, fit, wrap};
use super::operations::{cast, integer_keyword, prim};
use super::{Panic, Scalar, Settings};
use crate::ir::{Prim, ScalarType};

/// `operands[0].name(operands[1..])`, where `receiver` is the type of the first operand and `result` that of the value.
pub(super) fn method(
    settings: &Settings,
    name: &str,
    operands: &[Scalar],
    receiver: &ScalarType,
    result: &ScalarType,
) -> Result<Scalar, Panic> {
    let value = match operands {
        [only] if matches!(name, "clone" | "to_owned") => Some(*only),
        [only] if name == "into" => return cast(settings, *only, result),
        [Scalar::Integer(a), rest @ ..] => integer(name, *a, rest, integer_keyword(receiver))?,
        [Scalar::F64(a)] => float64(name, *a),
        [Scalar::F32(a)] => float32(name, *a),
        _ => None,
    };
    match (value, Prim::from_method(name)) {
        (Some(value), _) => Ok(value),
        (None, Some(known)) if operands.first().is_some_and(|first| first.is_float()) => {
            prim(known, operands, matches!(operands[0], Scalar::F32(_)))
        }
        _ => Err(Panic::Unsupported(format!(
            "the method `{name}` of {operands:?}"
        ))),
    }
}

macro_rules! float_methods {
    ($function:ident $float:ident) => {
        fn $function(name: &str, a: $float) -> Option<Scalar> {
            Some(match name {
                "is_nan" => Scalar::Bool(a.is_nan()),
                "is_finite" => Scalar::Bool(a.is_finite()),
                "is_infinite" => Scalar::Bool(a.is_infinite()),
                "is_normal" => Scalar::Bool(a.is_normal()),
                "is_subnormal" => Scalar::Bool(a.is_subnormal()),
                "is_sign_positive" => Scalar::Bool(a.is_sign_positive()),
                "is_sign_negative" => Scalar::Bool(a.is_sign_negative()),
                "to_bits" => Scalar::Integer(a.to_bits().into()),
                _ => return None,
            })
        }
    };
}

float_methods! { float64 f64 }
float_methods! { float32 f32 }

fn integer(name: &str, a: i128, rest: &[Scalar], keyword: &str) -> Result<Option<Scalar>, Panic> {
    let (least, greatest) = bounds(keyword);
    let overflow = |verb: &str| Panic::Panicked(format!("attempt to {verb} with overflow"));
    let number = match (name, rest) {
        ("pow", &[Scalar::Integer(exponent)]) => {
            let power = u32::try_from(exponent)
                .ok()
                .and_then(|exponent| a.checked_pow(exponent));
            fit(power, keyword).ok_or_else(|| overflow("multiply"))?
        }
        ("abs", []) => fit(a.checked_abs(), keyword).ok_or_else(|| overflow("negate"))?,
        ("unsigned_abs", []) => a.abs(),
        ("abs_diff", &[Scalar::Integer(b)]) => (a - b).abs(),
        ("signum", []) => a.signum(),
        ("min", &[Scalar::Integer(b)]) => a.min(b),
        ("max", &[Scalar::Integer(b)]) => a.max(b),
        ("clamp", &[Scalar::Integer(low), Scalar::Integer(high)]) => {
            if low > high {
                return Err(Panic::Panicked("assertion failed: min <= max".into()));
            }
            a.clamp(low, high)
        }
        ("rem_euclid", &[Scalar::Integer(0)]) => {
            return Err(Panic::Panicked(
                "attempt to calculate the remainder with a divisor of zero".into(),
            ));
        }
        ("div_euclid" | "div_ceil", &[Scalar::Integer(0)]) => {
            return Err(Panic::Panicked("attempt to divide by zero".into()));
        }
        ("rem_euclid", &[Scalar::Integer(b)]) => {
            fit(a.checked_div(b), keyword).ok_or_else(|| overflow("calculate the remainder"))?;
            a.rem_euclid(b)
        }
        ("div_euclid", &[Scalar::Integer(b)]) => {
            fit(a.checked_div_euclid(b), keyword).ok_or_else(|| overflow("divide"))?
        }
        ("div_ceil", &[Scalar::Integer(b)]) => a / b + i128::from(a % b != 0),
        ("isqrt", []) if a >= 0 => a.isqrt(),
        ("ilog2", []) if a > 0 => a.ilog2().into(),
        ("ilog10", []) if a > 0 => a.ilog10().into(),
        ("wrapping_add", &[Scalar::Integer(b)]) => wrap(a.wrapping_add(b), keyword),
        ("wrapping_sub", &[Scalar::Integer(b)]) => wrap(a.wrapping_sub(b), keyword),
        ("wrapping_mul", &[Scalar::Integer(b)]) => wrap(a.wrapping_mul(b), keyword),
        ("wrapping_neg", []) => wrap(a.wrapping_neg(), keyword),
        ("saturating_add", &[Scalar::Integer(b)]) => a.saturating_add(b).clamp(least, greatest),
        ("saturating_sub", &[Scalar::Integer(b)]) => a.saturating_sub(b).clamp(least, greatest),
        ("saturating_mul", &[Scalar::Integer(b)]) => a.saturating_mul(b).clamp(least, greatest),
        ("count_ones", []) => pattern(a, keyword).count_ones().into(),
        ("count_zeros", []) => (bits(keyword) - pattern(a, keyword).count_ones()).into(),
        ("leading_zeros", []) => (pattern(a, keyword).leading_zeros() + bits(keyword))
            .saturating_sub(128)
            .into(),
        ("trailing_zeros", []) => pattern(a, keyword)
            .trailing_zeros()
            .min(bits(keyword))
            .into(),
        ("next_power_of_two", []) if a >= 0 => (a as u128).next_power_of_two() as i128,
        ("is_power_of_two", []) => return Ok(Some(Scalar::Bool(a > 0 && a.count_ones() == 1))),
        ("is_multiple_of", &[Scalar::Integer(b)]) => {
            return Ok(Some(Scalar::Bool(if b == 0 { a == 0 } else { a % b == 0 })));
        }
        ("is_positive", []) => return Ok(Some(Scalar::Bool(a > 0))),
        ("is_negative", []) => return Ok(Some(Scalar::Bool(a < 0))),
        _ => return Ok(None),
    };
    Ok(Some(Scalar::Integer(number)))
}

/// The bits of a number, those that its type doesn't have being zero.
fn pattern(a: i128, keyword: &str) -> u128 {
    (a as u128) & (u128::MAX >> (128 - bits(keyword)))
}
