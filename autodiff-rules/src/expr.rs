//! The symbolic instance of the rules.

use alloc::{vec, vec::Vec};
use core::ops::{Add, Div, Mul, Neg, Sub};

use crate::{Prim, Real};

/// A formula as a tree, in terms of a primitive's operands and result.
///
/// ```
/// use autodiff_rules::{Expr, Prim};
///
/// // The derivative of a product with respect to its first factor is the second one.
/// assert_eq!(Prim::Mul.partial_expr(0, &[true, true]), Some(Expr::Arg(1)));
/// ```
#[derive(Clone, PartialEq, Debug)]
pub enum Expr {
    /// Operand `i` of the primitive.
    Arg(usize),
    /// The value of the primitive.
    Result,
    /// A constant.
    Lit(f64),
    /// A primitive applied to formulas.
    Call(Prim, Vec<Expr>),
}

impl Expr {
    /// The value of the formula where the operands are `args` and the primitive's value is `result`.
    ///
    /// ```
    /// use autodiff_rules::Prim;
    ///
    /// let slope = Prim::Tanh.partial_expr(0, &[true]).unwrap();
    /// assert_eq!(slope.evaluate(&[0.0], &0.0), 1.0);
    /// ```
    ///
    /// # Panics
    ///
    /// When the formula has an operand beyond the end of `args`.
    pub fn evaluate<R: Real>(&self, args: &[R], result: &R) -> R {
        match self {
            Expr::Arg(i) => args[*i].clone(),
            Expr::Result => result.clone(),
            Expr::Lit(c) => R::lit(*c),
            Expr::Call(prim, operands) => {
                let operands: Vec<R> = operands
                    .iter()
                    .map(|operand| operand.evaluate(args, result))
                    .collect();
                R::call(*prim, &operands)
            }
        }
    }
}

impl Real for Expr {
    fn lit(c: f64) -> Expr {
        Expr::Lit(c)
    }

    fn call(prim: Prim, args: &[Expr]) -> Expr {
        Expr::Call(prim, args.to_vec())
    }
}

macro_rules! operators {
    ($( $operator:ident $method:ident; )*) => { $(
        impl $operator for Expr {
            type Output = Expr;
            fn $method(self, rhs: Expr) -> Expr {
                Expr::Call(Prim::$operator, vec![self, rhs])
            }
        }
    )* };
}

operators! {
    Add add;
    Sub sub;
    Mul mul;
    Div div;
}

impl Neg for Expr {
    type Output = Expr;
    fn neg(self) -> Expr {
        Expr::Call(Prim::Neg, vec![self])
    }
}

impl Prim {
    /// The partial derivative as a formula: [`Prim::partial`] at symbolic operands and result.
    ///
    /// # Panics
    ///
    /// When `active` is not as long as [`Prim::parameters`].
    pub fn partial_expr(self, wrt: usize, active: &[bool]) -> Option<Expr> {
        let args: Vec<Expr> = (0..self.parameters().len()).map(Expr::Arg).collect();
        self.partial(wrt, active, &args, &Expr::Result)
    }
}
