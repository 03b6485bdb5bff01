//! The table of derivative rules read as operations on tracked tensors.
//!
//! Partial derivatives are written over [`Real`]; at this instance every step of a partial is recorded, so a backward
//! pass made this way can be differentiated again, to any order.

use std::ops::{Add, Div, Mul, Neg, Sub};

use autodiff_rules::{Prim, Real};

use super::element::Float;
use super::elementwise::powi;
use super::{Tensor, kernel};

/// A number or a tensor in a formula. Numbers stay numbers until they meet a tensor.
#[derive(Clone)]
pub(crate) enum Traced<T: Float> {
    Number(f64),
    Tensor(Tensor<T>),
}

impl<T: Float> Traced<T> {
    pub(crate) fn into_tensor(self) -> Tensor<T> {
        match self {
            Self::Number(number) => Tensor::full(&[], T::from_f64(number)),
            Self::Tensor(tensor) => tensor,
        }
    }
}

/// The truth of a comparison, element by element; nothing is recorded.
fn compare<T: Float>(a: Tensor<T>, b: Tensor<T>, holds: impl Fn(T, T) -> bool) -> Tensor<bool> {
    let shape = super::layout::broadcast_shapes(a.shape(), b.shape())
        .expect("the operands of one rule broadcast");
    kernel::zip(&a, &b, &shape, holds)
}

impl<T: Float> Real for Traced<T> {
    fn lit(c: f64) -> Self {
        Self::Number(c)
    }

    fn call(prim: Prim, args: &[Self]) -> Self {
        let numbers: Option<Vec<f64>> = args
            .iter()
            .map(|arg| {
                if let Self::Number(number) = arg {
                    Some(*number)
                } else {
                    None
                }
            })
            .collect();
        if let Some(numbers) = numbers {
            return Self::Number(f64::call(prim, &numbers));
        }
        // A choice between numbers is made now, so that the branch not taken stays out of the graph.
        match (prim, args) {
            (Prim::IfGreater, [Self::Number(a), Self::Number(b), yes, no]) => {
                return if a > b { yes.clone() } else { no.clone() };
            }
            (Prim::IfEqual, [Self::Number(a), Self::Number(b), yes, no]) => {
                return if a == b { yes.clone() } else { no.clone() };
            }
            _ => {}
        }
        let arg = |i: usize| args[i].clone().into_tensor();
        let choose = |mask: Tensor<bool>, yes: usize| {
            let (yes, no) = (arg(yes), arg(yes + 1));
            mask.where_else(&yes, &no)
        };
        Self::Tensor(match prim {
            Prim::IfGreater => choose(compare(arg(0), arg(1), |a, b| a > b), 2),
            Prim::IfEqual => choose(compare(arg(0), arg(1), |a, b| a == b), 2),
            Prim::IfNan => choose(kernel::map(&arg(0), |x| x.is_nan()), 1),
            Prim::Powi => match &args[1] {
                Self::Number(n) => powi(&arg(0), *n as i32),
                Self::Tensor(_) => {
                    unreachable!("the exponent of `powi` is a number wherever it is recorded")
                }
            },
            _ => T::primitive(prim, &arg),
        })
    }
}

macro_rules! operators {
    ($($Trait:ident $method:ident;)*) => {$(
        impl<T: Float> $Trait for Traced<T> {
            type Output = Self;
            fn $method(self, other: Self) -> Self {
                Self::call(Prim::$Trait, &[self, other])
            }
        }
    )*};
}
operators! { Add add; Sub sub; Mul mul; Div div; }

impl<T: Float> Neg for Traced<T> {
    type Output = Self;
    fn neg(self) -> Self {
        Self::call(Prim::Neg, &[self])
    }
}
