//! A function under test, over flat vectors: what the macro hands to the checks.

use crate::point::Point;
use crate::scalar::Dual;

/// A flat vector of scalars.
pub type Flat = Vec<f64>;

/// What a call returned: the result and the final values of the in-out parameters.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Output {
    /// The scalars.
    pub components: Flat,
    /// Everything, bit by bit.
    pub bits: Vec<u64>,
}

impl Output {
    /// Appends a value.
    pub fn push<P: Point>(&mut self, value: &P) {
        value.components(&mut self.components);
        value.bits(&mut self.bits);
    }
}

/// A dense matrix, row by row.
#[derive(Clone, Debug)]
pub struct Dense {
    /// The number of rows.
    pub rows: usize,
    /// The number of columns.
    pub cols: usize,
    /// The entries.
    pub entries: Flat,
}

impl Dense {
    /// A row.
    pub fn row(&self, index: usize) -> &[f64] {
        &self.entries[index * self.cols..][..self.cols]
    }
}

impl<T: Copy + Into<f64>, const N: usize, const M: usize> From<&[[T; N]; M]> for Dense {
    fn from(matrix: &[[T; N]; M]) -> Self {
        let entries = matrix.iter().flatten().map(|&entry| entry.into()).collect();
        Dense {
            rows: M,
            cols: N,
            entries,
        }
    }
}

/// `x, v ->` the output and its tangent; or `x, w ->` the output and its adjoint.
pub type Push<'a> = &'a dyn Fn(&[f64], &[f64]) -> (Output, Flat);
/// `x, w, adjoints before ->` the output and the adjoints after.
pub type Accumulate<'a> = &'a dyn Fn(&[f64], &[f64], &[f64]) -> (Output, Flat);
/// `x, cotangents ->` the output and an adjoint for each cotangent.
pub type Pullback<'a> = &'a dyn Fn(&[f64], &[Flat]) -> (Output, Vec<Flat>);
/// `x ->` a matrix.
pub type Matrix<'a> = &'a dyn Fn(&[f64]) -> Dense;
/// `x, v ->` the gradient and its directional derivative.
pub type Product<'a> = &'a dyn Fn(&[f64], &[f64]) -> (Flat, Flat);
/// `x ->` the output, the gradient and the Hessian.
pub type All<'a> = &'a dyn Fn(&[f64]) -> (Output, Flat, Dense);

/// What is to hold at a point.
pub enum Expect {
    /// All derivatives agree with the twin's and with differences.
    Agreement,
    /// The function panics, and so does every derivative function.
    Panic,
    /// The gradient is this one, by convention; infinities and NaN count as numbers here.
    Gradient(Flat),
}

/// A function at a point.
pub struct Function<'a> {
    /// Its name.
    pub name: &'a str,
    /// The point, as written.
    pub at: &'a str,
    /// What is to hold there.
    pub expect: Expect,
    /// Whether single precision takes part.
    pub single: bool,
    /// The relative tolerance in double precision.
    pub tolerance: f64,
    /// The active inputs.
    pub x: Flat,
    /// Which of them belong to in-out parameters, whose adjoints are replaced rather than added to.
    pub replaced: Vec<bool>,
    /// The function itself.
    pub primal: &'a dyn Fn(&[f64]) -> Output,
    /// Its twin.
    pub twin: &'a dyn Fn(&[Dual]) -> Vec<Dual>,
    /// Its derivative functions, unless the twin alone is to be tested.
    pub derivatives: Option<Derivatives<'a>>,
}

/// The derivative functions of a companion type.
pub struct Derivatives<'a> {
    /// Those that every function has.
    pub first: First<'a>,
    /// Those of a scalar result.
    pub scalar: Option<Scalar<'a>>,
    /// `pullback`.
    pub pullback: Option<Pullback<'a>>,
    /// Those of second order.
    pub second: Option<Second<'a>>,
    /// `jacobian`.
    pub jacobian: Option<Matrix<'a>>,
}

/// The derivative functions that every function has.
pub struct First<'a> {
    /// `jvp`.
    pub jvp: Push<'a>,
    /// `vjp`.
    pub vjp: Push<'a>,
    /// `vjp_into`.
    pub vjp_into: Accumulate<'a>,
    /// `vjp_into_with`, on one workspace.
    pub vjp_into_with: Accumulate<'a>,
}

/// The gradients of a function with a scalar result.
pub struct Scalar<'a> {
    /// `gradient`.
    pub gradient: &'a dyn Fn(&[f64]) -> Flat,
    /// `gradient_into`: `x, adjoints before ->` the output and the adjoints after.
    pub gradient_into: Push<'a>,
    /// `gradient_into_with`, on one workspace.
    pub gradient_into_with: Push<'a>,
    /// `value_and_gradient`.
    pub value_and_gradient: &'a dyn Fn(&[f64]) -> (Output, Flat),
}

/// The second derivatives of a function with a scalar result.
pub struct Second<'a> {
    /// `hvp`.
    pub hvp: Product<'a>,
    /// `hessian`.
    pub hessian: Matrix<'a>,
    /// `value_gradient_hessian`.
    pub value_gradient_hessian: All<'a>,
}
