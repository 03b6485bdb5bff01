//! Arithmetic of literals, done here: the macro computes as the machine does, to the last bit.

use super::{FloatType, Literal, Operand, Prim, ScalarType};

/// What an operation of two literals gives, unless that is no literal.
pub fn folded(prim: Prim, a: &Operand, b: &Operand, ty: &ScalarType) -> Option<Operand> {
    let (Operand::Literal(a), Operand::Literal(b)) = (a, b) else {
        return None;
    };
    let text = match ty {
        ScalarType::Float(FloatType::F64) => {
            let value = arithmetic(prim, number::<f64>(a)?, number::<f64>(b)?)?;
            value.is_finite().then(|| format!("{value:?}"))
        }
        ScalarType::Float(FloatType::F32) => {
            let value = arithmetic(prim, number::<f32>(a)?, number::<f32>(b)?)?;
            value.is_finite().then(|| format!("{value:?}"))
        }
        _ => None,
    };
    Some(Operand::Literal(Literal {
        text: text?,
        ty: ty.clone(),
    }))
}

fn number<T: std::str::FromStr>(literal: &Literal) -> Option<T> {
    literal.text.replace('_', "").parse().ok()
}

fn arithmetic<T>(prim: Prim, a: T, b: T) -> Option<T>
where
    T: std::ops::Add<Output = T>
        + std::ops::Sub<Output = T>
        + std::ops::Mul<Output = T>
        + std::ops::Div<Output = T>,
{
    Some(match prim {
        Prim::Add => a + b,
        Prim::Sub => a - b,
        Prim::Mul => a * b,
        Prim::Div => a / b,
        _ => return None,
    })
}
