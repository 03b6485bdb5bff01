//! Integers as a debug build treats them.

use super::Panic;
use crate::ir::BinaryOp;

/// The least and the greatest number of an integer type; `u128` ends where `i128` does.
pub(super) fn bounds(keyword: &str) -> (i128, i128) {
    match keyword {
        "u8" => (0, u8::MAX.into()),
        "u16" => (0, u16::MAX.into()),
        "u32" => (0, u32::MAX.into()),
        "u64" | "usize" => (0, u64::MAX.into()),
        "u128" => (0, i128::MAX),
        "i8" => (i8::MIN.into(), i8::MAX.into()),
        "i16" => (i16::MIN.into(), i16::MAX.into()),
        "i32" => (i32::MIN.into(), i32::MAX.into()),
        "i64" | "isize" => (i64::MIN.into(), i64::MAX.into()),
        _ => (i128::MIN, i128::MAX),
    }
}

/// The number of bits of an integer type.
pub(super) fn bits(keyword: &str) -> u32 {
    match keyword {
        "u8" | "i8" => 8,
        "u16" | "i16" => 16,
        "u32" | "i32" => 32,
        "u64" | "usize" | "i64" | "isize" => 64,
        _ => 128,
    }
}

/// `number` as the type holds it.
pub(super) fn wrap(number: i128, keyword: &str) -> i128 {
    match keyword {
        "u8" => i128::from(number as u8),
        "u16" => i128::from(number as u16),
        "u32" => i128::from(number as u32),
        "u64" | "usize" => i128::from(number as u64),
        "i8" => i128::from(number as i8),
        "i16" => i128::from(number as i16),
        "i32" => i128::from(number as i32),
        "i64" | "isize" => i128::from(number as i64),
        _ => number,
    }
}

/// `number` if the type can hold it.
pub(super) fn fit(number: Option<i128>, keyword: &str) -> Option<i128> {
    let (least, greatest) = bounds(keyword);
    number.filter(|number| (least..=greatest).contains(number))
}

fn panicked(message: &str) -> Panic {
    Panic::Panicked(message.to_owned())
}

fn checked(number: Option<i128>, keyword: &str, verb: &str) -> Result<i128, Panic> {
    fit(number, keyword).ok_or_else(|| Panic::Panicked(format!("attempt to {verb} with overflow")))
}

/// `-a`
pub(super) fn negate(a: i128, keyword: &str) -> Result<i128, Panic> {
    checked(a.checked_neg(), keyword, "negate")
}

/// `a op b`, where `keyword` is the type of `a`.
pub(super) fn binary(op: BinaryOp, a: i128, b: i128, keyword: &str) -> Result<i128, Panic> {
    match op {
        BinaryOp::Add => checked(a.checked_add(b), keyword, "add"),
        BinaryOp::Sub => checked(a.checked_sub(b), keyword, "subtract"),
        BinaryOp::Mul => checked(a.checked_mul(b), keyword, "multiply"),
        BinaryOp::Div if b == 0 => Err(panicked("attempt to divide by zero")),
        BinaryOp::Div => checked(a.checked_div(b), keyword, "divide"),
        BinaryOp::Rem if b == 0 => Err(panicked(
            "attempt to calculate the remainder with a divisor of zero",
        )),
        // The remainder overflows exactly where the quotient does.
        BinaryOp::Rem => {
            checked(a.checked_div(b), keyword, "calculate the remainder")?;
            Ok(a % b)
        }
        BinaryOp::BitAnd => Ok(a & b),
        BinaryOp::BitOr => Ok(a | b),
        BinaryOp::BitXor => Ok(a ^ b),
        BinaryOp::Shl => Ok(wrap(a << shift(b, keyword, "left")?, keyword)),
        BinaryOp::Shr => Ok(a >> shift(b, keyword, "right")?),
        BinaryOp::And | BinaryOp::Or => Err(Panic::Defect(format!("`{op}` of integers"))),
    }
}

fn shift(by: i128, keyword: &str, direction: &str) -> Result<u32, Panic> {
    u32::try_from(by)
        .ok()
        .filter(|&by| by < bits(keyword))
        .ok_or_else(|| Panic::Panicked(format!("attempt to shift {direction} with overflow")))
}
