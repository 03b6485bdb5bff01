//! Operations on scalars, one lane at a time.

use autodiff_rules::Real;

use super::{Panic, Scalar, Settings, integers};
use crate::ir::{BinaryOp, Comparison, Prim, ScalarType};

fn mismatch(what: &str, operands: &[Scalar]) -> Panic {
    Panic::Defect(format!("{what} of {operands:?}"))
}

/// A primitive; `f32` tells which float an integer becomes.
pub(super) fn prim(prim: Prim, operands: &[Scalar], f32: bool) -> Result<Scalar, Panic> {
    match (prim, operands) {
        (Prim::RealFromInteger, &[Scalar::Integer(n)]) => Ok(if f32 {
            Scalar::F32(n as f32)
        } else {
            Scalar::F64(n as f64)
        }),
        // The instances of `Real` hold integers as floats, which `f32` can't do for all of them.
        (Prim::Powi, &[Scalar::F64(x), Scalar::Integer(n)]) => Ok(Scalar::F64(x.powi(n as i32))),
        (Prim::Powi, &[Scalar::F32(x), Scalar::Integer(n)]) => Ok(Scalar::F32(x.powi(n as i32))),
        (Prim::IntegerPredecessor, &[Scalar::Integer(n)]) => {
            Ok(Scalar::Integer((n as i32).saturating_sub(1).into()))
        }
        (Prim::Clamp, &[Scalar::F64(_), Scalar::F64(low), Scalar::F64(high)])
            if low > high || low.is_nan() || high.is_nan() =>
        {
            Err(Panic::Panicked(format!(
                "min > max, or either was NaN. min = {low:?}, max = {high:?}"
            )))
        }
        (Prim::Clamp, &[Scalar::F32(_), Scalar::F32(low), Scalar::F32(high)])
            if low > high || low.is_nan() || high.is_nan() =>
        {
            Err(Panic::Panicked(format!(
                "min > max, or either was NaN. min = {low:?}, max = {high:?}"
            )))
        }
        (_, [Scalar::F64(_), ..]) => {
            let mut floats = [0.0; 4];
            let floats = floats
                .get_mut(..operands.len())
                .ok_or_else(|| mismatch(prim.name(), operands))?;
            for (float, operand) in floats.iter_mut().zip(operands) {
                let &Scalar::F64(number) = operand else {
                    return Err(mismatch(prim.name(), operands));
                };
                *float = number;
            }
            arity(prim, operands)?;
            Ok(Scalar::F64(f64::call(prim, floats)))
        }
        (_, [Scalar::F32(_), ..]) => {
            let mut floats = [0.0; 4];
            let floats = floats
                .get_mut(..operands.len())
                .ok_or_else(|| mismatch(prim.name(), operands))?;
            for (float, operand) in floats.iter_mut().zip(operands) {
                let &Scalar::F32(number) = operand else {
                    return Err(mismatch(prim.name(), operands));
                };
                *float = number;
            }
            arity(prim, operands)?;
            Ok(Scalar::F32(f32::call(prim, floats)))
        }
        _ => Err(mismatch(prim.name(), operands)),
    }
}

fn arity(prim: Prim, operands: &[Scalar]) -> Result<(), Panic> {
    if prim.parameters().len() == operands.len() {
        Ok(())
    } else {
        Err(mismatch(prim.name(), operands))
    }
}

/// An operator on integers and `bool`s; `ty` is the type of the left operand.
pub(super) fn binary(op: BinaryOp, a: Scalar, b: Scalar, ty: &ScalarType) -> Result<Scalar, Panic> {
    match (a, b) {
        (Scalar::Integer(a), Scalar::Integer(b)) => {
            integers::binary(op, a, b, integer_keyword(ty)).map(Scalar::Integer)
        }
        (Scalar::Bool(a), Scalar::Bool(b)) => match op {
            BinaryOp::And | BinaryOp::BitAnd => Ok(Scalar::Bool(a & b)),
            BinaryOp::Or | BinaryOp::BitOr => Ok(Scalar::Bool(a | b)),
            BinaryOp::BitXor => Ok(Scalar::Bool(a ^ b)),
            _ => Err(mismatch(
                &op.to_string(),
                &[Scalar::Bool(a), Scalar::Bool(b)],
            )),
        },
        _ => Err(mismatch(&op.to_string(), &[a, b])),
    }
}

/// The keyword of an integer type; where only rustc knows it, that of a literal without context.
pub(super) fn integer_keyword(ty: &ScalarType) -> &'static str {
    match ty {
        ScalarType::Integer(keyword) => keyword,
        _ => "i32",
    }
}

/// `!a`
pub(super) fn not(a: Scalar, ty: &ScalarType) -> Result<Scalar, Panic> {
    match a {
        Scalar::Bool(a) => Ok(Scalar::Bool(!a)),
        Scalar::Integer(a) => Ok(Scalar::Integer(integers::wrap(!a, integer_keyword(ty)))),
        _ => Err(mismatch("`!`", &[a])),
    }
}

/// `-a` of an integer.
pub(super) fn negate(a: Scalar, ty: &ScalarType) -> Result<Scalar, Panic> {
    match a {
        Scalar::Integer(a) => integers::negate(a, integer_keyword(ty)).map(Scalar::Integer),
        _ => Err(mismatch("integer negation", &[a])),
    }
}

/// A comparison.
pub(super) fn compare(comparison: Comparison, a: Scalar, b: Scalar) -> Result<Scalar, Panic> {
    fn by<T: PartialOrd>(comparison: Comparison, a: T, b: T) -> bool {
        match comparison {
            Comparison::Equal => a == b,
            Comparison::NotEqual => a != b,
            Comparison::Less => a < b,
            Comparison::LessEqual => a <= b,
            Comparison::Greater => a > b,
            Comparison::GreaterEqual => a >= b,
        }
    }
    Ok(Scalar::Bool(match (a, b) {
        (Scalar::F64(a), Scalar::F64(b)) => by(comparison, a, b),
        (Scalar::F32(a), Scalar::F32(b)) => by(comparison, a, b),
        (Scalar::Integer(a), Scalar::Integer(b)) => by(comparison, a, b),
        (Scalar::Bool(a), Scalar::Bool(b)) => by(comparison, a, b),
        (Scalar::Char(a), Scalar::Char(b)) => by(comparison, a, b),
        _ => return Err(mismatch(&comparison.to_string(), &[a, b])),
    }))
}

/// `a as ty`
pub(super) fn cast(settings: &Settings, a: Scalar, ty: &ScalarType) -> Result<Scalar, Panic> {
    let cast = match (a, ty) {
        (Scalar::F64(a), ScalarType::Float(float)) if settings.is_f32(float) => {
            Some(Scalar::F32(a as f32))
        }
        (Scalar::F32(a), ScalarType::Float(float)) if !settings.is_f32(float) => {
            Some(Scalar::F64(a.into()))
        }
        (Scalar::F64(_) | Scalar::F32(_), ScalarType::Float(_)) => Some(a),
        (Scalar::Integer(a), ScalarType::Float(float)) if settings.is_f32(float) => {
            Some(Scalar::F32(a as f32))
        }
        (Scalar::Integer(a), ScalarType::Float(_)) => Some(Scalar::F64(a as f64)),
        (Scalar::F64(a), ScalarType::Integer(keyword)) => Some(saturate(a as i128, keyword)),
        (Scalar::F32(a), ScalarType::Integer(keyword)) => Some(saturate(a as i128, keyword)),
        (Scalar::Integer(a), ScalarType::Integer(keyword)) => {
            Some(Scalar::Integer(integers::wrap(a, keyword)))
        }
        (Scalar::Bool(a), ScalarType::Integer(_)) => Some(Scalar::Integer(a.into())),
        (Scalar::Char(a), ScalarType::Integer(keyword)) => Some(Scalar::Integer(integers::wrap(
            u32::from(a).into(),
            keyword,
        ))),
        (Scalar::Integer(a), ScalarType::Char) => {
            u8::try_from(a).ok().map(|a| Scalar::Char(a.into()))
        }
        (Scalar::Bool(_), ScalarType::Bool) | (Scalar::Char(_), ScalarType::Char) => Some(a),
        _ => None,
    };
    cast.ok_or_else(|| mismatch(&format!("the cast to {ty}"), &[a]))
}

fn saturate(number: i128, keyword: &str) -> Scalar {
    let (least, greatest) = integers::bounds(keyword);
    Scalar::Integer(number.clamp(least, greatest))
}
