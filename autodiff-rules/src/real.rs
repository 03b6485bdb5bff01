//! What the rules are generic over.

use core::ops::{Add, Div, Mul, Neg, Sub};

use crate::Prim;

/// Something that a rule can be read as: a number, a tree, a text, a tracked tensor.
///
/// The operators mean the primitives [`Prim::Neg`], [`Prim::Add`], [`Prim::Sub`], [`Prim::Mul`] and
/// [`Prim::Div`]; every other primitive arrives through [`Real::call`].
///
/// An integer operand (the exponent of [`Prim::Powi`]) is a value of the same type. The instances `f32` and `f64`
/// hold it as a float, so `f32` has exact exponents up to 2²⁴.
pub trait Real:
    Clone
    + Neg<Output = Self>
    + Add<Output = Self>
    + Sub<Output = Self>
    + Mul<Output = Self>
    + Div<Output = Self>
{
    /// The constant `c`, rounded to the type's own precision.
    fn lit(c: f64) -> Self;

    /// The value of `prim` at `args`.
    ///
    /// # Panics
    ///
    /// May panic when the number of `args` is not the arity of `prim`.
    fn call(prim: Prim, args: &[Self]) -> Self;
}
