//! Functions of one or two elements, straight from the table of derivative rules.
//!
//! The value and the partial derivatives of every function here come from `autodiff-rules`. A backward pass that is not
//! recorded evaluates the partial as numbers in the same loop that multiplies it by the gradient; a recorded one reads
//! the same rule as operations on tracked tensors ([`Traced`]).

use std::borrow::Cow;
use std::sync::OnceLock;

use autodiff_rules::{Expr, Prim};

use super::dims::{Dims, same};
use super::element::Float;
use super::primitives::{Add, Div, Mul, Neg, Signum, Sub};
use super::traced::Traced;
use super::{Tensor, kernel};
use crate::autograd::{Cx, Keep, SavedValue, is_grad_enabled, record, record_at};

/// A primitive of the table as a type, so that loops over elements are compiled for each.
pub(crate) trait Primitive: 'static {
    const PRIM: Prim;
    const NAME: &'static str;
}

/// The four operators.
#[derive(Clone, Copy)]
pub(crate) enum Arithmetic {
    Add,
    Sub,
    Mul,
    Div,
}

impl Arithmetic {
    pub(crate) fn float<T: Float>(
        self,
        a: Cow<'_, Tensor<T>>,
        b: &Tensor<T>,
        shape: &[usize],
    ) -> Tensor<T> {
        match self {
            Self::Add => binary::<T, Add>(a, b, shape),
            Self::Sub => binary::<T, Sub>(a, b, shape),
            Self::Mul => binary::<T, Mul>(a, b, shape),
            Self::Div => binary::<T, Div>(a, b, shape),
        }
    }

    pub(crate) fn integer(self, a: &Tensor<i64>, b: &Tensor<i64>, shape: &[usize]) -> Tensor<i64> {
        match self {
            Self::Add => kernel::zip(a, b, shape, i64::wrapping_add),
            Self::Sub => kernel::zip(a, b, shape, i64::wrapping_sub),
            Self::Mul => kernel::zip(a, b, shape, i64::wrapping_mul),
            Self::Div => kernel::zip(a, b, shape, i64::wrapping_div),
        }
    }
}

/// What a partial derivative is made of.
#[derive(Clone, Copy, Default)]
struct Usage {
    /// Whether it reads the first and the second operand.
    args: [bool; 2],
    /// Whether it reads the value.
    result: bool,
    /// Its value, where it is the same everywhere. 0 also stands for a function that is flat wherever it is smooth.
    constant: Option<f64>,
}

impl Usage {
    fn of(partial: Option<&Expr>) -> Self {
        let mut usage = Self::default();
        match partial {
            None => usage.constant = Some(0.0),
            Some(Expr::Lit(c)) => usage.constant = Some(*c),
            Some(expr) => usage.read(expr),
        }
        usage
    }

    fn read(&mut self, expr: &Expr) {
        match expr {
            Expr::Arg(i) => {
                if let Some(arg) = self.args.get_mut(*i) {
                    *arg = true;
                }
            }
            Expr::Result => self.result = true,
            Expr::Lit(_) => {}
            Expr::Call(_, args) => args.iter().for_each(|arg| self.read(arg)),
        }
    }
}

/// For each primitive of one or two operands, activity and operand: what the partial derivative reads. The table itself
/// is asked, by reading its rules as trees, so what is saved for a backward pass follows from the rule.
fn usage(prim: Prim, active: [bool; 2], wrt: usize) -> Usage {
    static TABLE: OnceLock<Vec<[Usage; 8]>> = OnceLock::new();
    let table = TABLE.get_or_init(|| {
        let mut table = vec![[Usage::default(); 8]; Prim::ALL.len()];
        for &prim in Prim::ALL.iter().filter(|prim| prim.parameters().len() <= 2) {
            let arity = prim.parameters().len();
            for (key, entry) in table[prim as usize].iter_mut().enumerate() {
                let (active, wrt) = ([key & 1 != 0, key & 2 != 0], key >> 2);
                if wrt < arity && active[wrt] {
                    *entry = Usage::of(prim.partial_expr(wrt, &active[..arity]).as_ref());
                }
            }
        }
        table
    });
    table[prim as usize][usize::from(active[0]) | usize::from(active[1]) << 1 | wrt << 2]
}

/// The value of a function of two numbers. The greater and the lesser one are NaN as soon as one of the numbers is, as in
/// PyTorch; the table's, like those of the numbers of Rust, are the other one then.
#[inline(always)]
fn number<T: Float, P: Primitive>(a: T, b: T) -> T {
    if matches!(P::PRIM, Prim::Max | Prim::Min) && (a.is_nan() || b.is_nan()) {
        return <T as num_traits::Float>::nan();
    }
    T::call(P::PRIM, &[a, b])
}

/// The partial derivative as a number.
#[inline(always)]
fn partial<T: Float, P: Primitive, const N: usize>(
    wrt: usize,
    active: [bool; N],
    args: [T; N],
    result: T,
) -> T {
    P::PRIM
        .partial(wrt, &active, &args, &result)
        .unwrap_or(T::ZERO)
}

/// A function of each element.
pub(crate) fn unary<T: Float, P: Primitive>(x: &Tensor<T>) -> Tensor<T> {
    let out = kernel::map(x, |v| T::call(P::PRIM, &[v]));
    if !is_grad_enabled() {
        return out;
    }
    let Some(edge) = x.edge() else { return out };
    let reads = usage(P::PRIM, [true, false], 0);
    let saved = [
        reads.args[0].then(|| SavedValue::input(x, 0)),
        reads.result.then(|| SavedValue::output(&out)),
    ];
    record_at(P::NAME, [Some(edge)], saved, out, |cx, g| {
        cx.give(0, || {
            let usage = usage(P::PRIM, [true, false], 0);
            if let Some(constant) = usage.constant {
                return scaled(g, constant);
            }
            if is_grad_enabled() {
                let (x, y) = (traced(cx, 0, usage.args[0]), traced(cx, 1, usage.result));
                let slope = P::PRIM.partial(0, &[true], &[x], &y);
                return times(g, slope);
            }
            let one = |value: T, x, y| T::times(value, partial::<T, P, 1>(0, [true], [x], y));
            match (usage.args[0], usage.result) {
                (true, false) => kernel::zip_owned(g, cx.value(0), |g, x| one(g, x, T::ZERO)),
                (false, true) => kernel::zip_owned(g, cx.value(1), |g, y| one(g, T::ZERO, y)),
                _ => kernel::zip_three(g, cx.value(0), cx.value(1), one),
            }
        });
    })
}

/// A function of each two elements of operands stretched to `shape`. The memory of an operand that is handed over is
/// used again where nobody else sees it.
pub(crate) fn binary<T: Float, P: Primitive>(
    mut a: Cow<'_, Tensor<T>>,
    b: &Tensor<T>,
    shape: &[usize],
) -> Tensor<T> {
    let recording = is_grad_enabled();
    let active = [
        recording && a.requires_grad(),
        recording && b.requires_grad(),
    ];
    if active == [false, false] {
        return value::<T, P>(a, b, shape);
    }
    let usages = [0, 1].map(|wrt| usage(P::PRIM, active, wrt));
    let reads = |of: fn(&Usage) -> bool| usages.iter().any(of);
    let first = reads(|u| u.args[0]).then(|| SavedValue::input(&*a, 0));
    let second = reads(|u| u.args[1]).then(|| SavedValue::input(b, 1));
    let edge = match &mut a {
        Cow::Owned(a) => a.take_edge(),
        Cow::Borrowed(a) => a.edge(),
    };
    let edges = [edge, b.edge()];
    // Where both have the shape of the result, so do their gradients.
    let stretched = (!same(a.shape(), shape) || !same(b.shape(), shape))
        .then(|| Box::new([Dims::from(a.shape()), Dims::from(b.shape())]));
    let out = value::<T, P>(a, b, shape);
    let result = reads(|u| u.result).then(|| SavedValue::output(&out));
    let frees = first.is_some() || second.is_some() || result.is_some();
    let backward = move |cx: &Cx<'_, '_, T>, g: Tensor<T>| {
        let gradient = |wrt: usize, g| {
            let gradient = slope_times::<T, P>(cx, wrt, active, g);
            match &stretched {
                None => gradient,
                Some(shapes) => gradient.sum_to(&shapes[wrt]),
            }
        };
        // The last to use `g` may write into it.
        if cx.needs(0) && cx.needs(1) {
            cx.give(0, || gradient(0, g.share()));
            cx.give(1, || gradient(1, g));
        } else if cx.needs(0) {
            cx.give(0, || gradient(0, g));
        } else {
            cx.give(1, || gradient(1, g));
        }
    };
    if frees {
        record_at(P::NAME, edges, [first, second, result], out, backward)
    } else {
        record_at(P::NAME, edges, [], out, backward)
    }
}

/// The value of a binary function.
fn value<T: Float, P: Primitive>(
    a: Cow<'_, Tensor<T>>,
    b: &Tensor<T>,
    shape: &[usize],
) -> Tensor<T> {
    let each = number::<T, P>;
    match a {
        Cow::Owned(a) if a.is_as_made() && same(a.shape(), shape) => kernel::zip_owned(a, b, each),
        a => kernel::zip(&a, b, shape, each),
    }
}

/// The gradient `g` of a binary function's result times the partial derivative with respect to operand `wrt`.
fn slope_times<T: Float, P: Primitive>(
    cx: &Cx<'_, '_, T>,
    wrt: usize,
    active: [bool; 2],
    g: Tensor<T>,
) -> Tensor<T> {
    let usage = usage(P::PRIM, active, wrt);
    if let Some(constant) = usage.constant {
        return scaled(g, constant);
    }
    if is_grad_enabled() {
        let args = [traced(cx, 0, usage.args[0]), traced(cx, 1, usage.args[1])];
        let slope = P::PRIM.partial(wrt, &active, &args, &traced(cx, 2, usage.result));
        return times(g, slope);
    }
    let at = |g: T, args, result| T::times(g, partial::<T, P, 2>(wrt, active, args, result));
    match (usage.args, usage.result) {
        ([true, false], false) => {
            kernel::zip_owned(g, cx.value(0), |g, p| at(g, [p, T::ZERO], T::ZERO))
        }
        ([false, true], false) => {
            kernel::zip_owned(g, cx.value(1), |g, q| at(g, [T::ZERO, q], T::ZERO))
        }
        ([true, true], false) => kernel::zip_three(g, cx.value(0), cx.value(1), |g, p, q| {
            at(g, [p, q], T::ZERO)
        }),
        ([true, false], true) => kernel::zip_three(g, cx.value(0), cx.value(2), |g, p, y| {
            at(g, [p, T::ZERO], y)
        }),
        ([false, true], true) => kernel::zip_three(g, cx.value(1), cx.value(2), |g, q, y| {
            at(g, [T::ZERO, q], y)
        }),
        _ => {
            let args = [traced(cx, 0, usage.args[0]), traced(cx, 1, usage.args[1])];
            times(
                g,
                P::PRIM.partial(wrt, &active, &args, &traced(cx, 2, usage.result)),
            )
        }
    }
}

/// A saved value for a formula, or a number in its place where the formula does not read it.
fn traced<T: Float>(cx: &Cx<'_, '_, T>, saved: usize, read: bool) -> Traced<T> {
    if read {
        Traced::Tensor(cx.saved(saved))
    } else {
        Traced::Number(f64::NAN)
    }
}

/// A gradient times a partial derivative; zeros where the latter is zero everywhere.
fn times<T: Float>(g: Tensor<T>, slope: Option<Traced<T>>) -> Tensor<T> {
    match slope {
        None => scaled(g, 0.0),
        Some(Traced::Number(number)) => scaled(g, number),
        Some(Traced::Tensor(slope)) => g * slope,
    }
}

/// A gradient times a number. A function that does not vary has the gradient zero, whatever flows into it.
fn scaled<T: Float>(g: Tensor<T>, factor: f64) -> Tensor<T> {
    if factor == 1.0 {
        g
    } else if factor == 0.0 {
        g.zeros_like()
    } else if is_grad_enabled() {
        g * factor
    } else {
        let factor = T::from_f64(factor);
        kernel::map_owned(g, |v| T::times(v, factor))
    }
}

/// Each element to the power `n`.
pub(crate) fn powi<T: Float>(x: &Tensor<T>, n: i32) -> Tensor<T> {
    let out = kernel::map(x, |v| num_traits::Float::powi(v, n));
    record("PowBackward", [x], [Keep::Input(0)], out, move |cx, g| {
        cx.give(0, || {
            let x = cx.saved(0);
            if is_grad_enabled() {
                let args = [Traced::Tensor(x), Traced::Number(f64::from(n))];
                return times(
                    g,
                    Prim::Powi.partial(0, &[true, false], &args, &Traced::Number(f64::NAN)),
                );
            }
            let exponent = T::from_f64(f64::from(n));
            kernel::zip_owned(g, &x, |g, x| {
                T::times(
                    g,
                    Prim::Powi
                        .partial(0, &[true, false], &[x, exponent], &T::ZERO)
                        .unwrap_or(T::ZERO),
                )
            })
        });
    })
}

impl<T: Float> Tensor<T> {
    pub(crate) fn negative(&self) -> Self {
        unary::<T, Neg>(self)
    }

    /// 1 with the sign of each element, that of zeros included; the gradient is 0.
    ///
    /// ```
    /// use autodiff_runtime::tensor;
    ///
    /// assert_eq!(tensor([-3.0, 0.0]).signum(), tensor([-1.0, 1.0]));
    /// ```
    #[must_use]
    pub fn signum(&self) -> Self {
        unary::<T, Signum>(self)
    }

    /// Each element to the power `n`.
    ///
    /// ```
    /// use autodiff_runtime::tensor;
    ///
    /// assert_eq!(tensor([2.0, -3.0]).powi(3), tensor([8.0, -27.0]));
    /// ```
    #[must_use]
    pub fn powi(&self, n: i32) -> Self {
        powi(self, n)
    }

    /// Each element to the power `p`.
    ///
    /// ```
    /// use autodiff_runtime::tensor;
    ///
    /// assert_eq!(tensor([4.0, 9.0]).powf(0.5), tensor([2.0, 3.0]));
    /// ```
    #[must_use]
    pub fn powf(&self, p: f64) -> Self {
        self.pow(&Tensor::full(&[], T::from_f64(p)))
    }

    /// The square of each element.
    ///
    /// ```
    /// use autodiff_runtime::tensor;
    ///
    /// assert_eq!(tensor([2.0, -3.0]).square(), tensor([4.0, 9.0]));
    /// ```
    #[must_use]
    pub fn square(&self) -> Self {
        powi(self, 2)
    }
}
