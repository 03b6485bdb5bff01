//! Sums of exponentials, and their kin; extreme elements, which are their limits.

use alloc::vec::Vec;

use super::declare::{adjoints, cotangent, higher_order, operations, output};
use super::operation::{At, Core, Kept, Left, Named};
use super::{companion, kernel, sweeps};
use crate::__private::{Directional, Reader, SharedTape};
use crate::{Matrix, Scalar, Workspace};

operations! {
    /// `ln Σ exp(xᵢ)`, without overflow; of nothing -∞.
    ///
    /// Its gradient is the softmax `p`, its Hessian `diag(p) - p pᵀ` (Boyd and Vandenberghe, "Convex Optimization", 2004,
    /// section 3.1.5). Where the result is infinite, the gradient is the limit: the elements that are +∞ have equal shares.
    ///
    /// ```
    /// use autodiff_runtime::ops;
    ///
    /// assert_eq!(ops::logsumexp(&[1000.0, 1000.0]), 1000.0 + 2.0_f64.ln());
    /// assert_eq!(ops::logsumexp::gradient(&[1000.0, 1000.0]), [0.5, 0.5]);
    /// ```
    fn logsumexp(x dx x_bar dx_bar;) -> scalar;

    /// The softmax: `exp(xᵢ) / Σ exp(xⱼ)`, without overflow.
    ///
    /// The adjoint is `y ∘ (r - y · r)`, with the result `y`.
    ///
    /// ```
    /// use autodiff_runtime::ops;
    ///
    /// assert_eq!(ops::softmax(&[1000.0, 1000.0]), [0.5, 0.5]);
    /// assert_eq!(ops::softmax::vjp(&[1000.0, 1000.0], &[1.0, 0.0]).1, [0.25, -0.25]);
    /// ```
    fn softmax(x dx x_bar dx_bar;) -> vector;

    /// The logarithm of the softmax: `xᵢ - ln Σ exp(xⱼ)`.
    ///
    /// ```
    /// use autodiff_runtime::ops;
    ///
    /// assert_eq!(ops::log_softmax(&[1000.0, 1000.0]), [-(2.0_f64.ln()); 2]);
    /// assert_eq!(ops::log_softmax::vjp(&[1000.0, 1000.0], &[1.0, 0.0]).1, [0.5, -0.5]);
    /// ```
    fn log_softmax(x dx x_bar dx_bar;) -> vector;

    /// The largest element; NaNs are passed over as `f64::max` does. Elements that tie have equal shares of the
    /// derivative, the subgradient of least norm.
    ///
    /// ```
    /// use autodiff_runtime::ops;
    ///
    /// assert_eq!(ops::max(&[1.0, 5.0, 2.0]), 5.0);
    /// assert_eq!(ops::max::gradient(&[1.0, 5.0, 2.0]), [0.0, 1.0, 0.0]);
    /// assert_eq!(ops::max::gradient(&[5.0, 5.0, 2.0]), [0.5, 0.5, 0.0]);
    /// ```
    ///
    /// # Panics
    ///
    /// When there are no elements.
    fn max(x dx x_bar dx_bar;) -> scalar;

    /// The least element, as [`max`](fn@max) otherwise.
    ///
    /// ```
    /// use autodiff_runtime::ops;
    ///
    /// assert_eq!(ops::min(&[1.0, 5.0, 2.0]), 1.0);
    /// assert_eq!(ops::min::gradient(&[1.0, 5.0, 2.0]), [1.0, 0.0, 0.0]);
    /// ```
    ///
    /// # Panics
    ///
    /// When there are no elements.
    fn min(x dx x_bar dx_bar;) -> scalar;
}

/// A sum of exponentials as `exp(top) * sum`, which neither overflows nor rounds `exp(xᵢ - top)`.
#[derive(Clone, Copy)]
pub struct Scaled<T> {
    /// The largest element.
    top: T,
    /// The sum of `exp(xᵢ - top)`; where `top` is infinite, how many elements equal it.
    sum: T,
}

impl<T: Scalar> Scaled<T> {
    fn new(x: &[T]) -> Self {
        let top = x.iter().fold(T::neg_infinity(), |top, &x| top.max(x));
        let part = |x: T| match top.is_infinite() {
            false => (x - top).exp(),
            true if x.is_nan() => x,
            true if x == top => T::one(),
            true => T::zero(),
        };
        let sum = x.iter().fold(T::zero(), |sum, &x| sum + part(x));
        Scaled { top, sum }
    }

    /// The logarithm of the whole sum.
    fn ln(self) -> T {
        if self.top.is_infinite() && !self.sum.is_nan() {
            self.top
        } else {
            self.top + self.sum.ln()
        }
    }

    /// The part that an element has in the sum, which is the softmax.
    fn share(self, x: T) -> T {
        if self.top.is_finite() {
            (x - self.top).exp() / self.sum
        } else if x == T::infinity() {
            // The limit: what is +∞ has it all.
            T::one() / self.sum
        } else {
            T::zero()
        }
    }
}

/// The sum of the products of the shares and `r`.
fn weighted<T: Scalar>(shares: impl Iterator<Item = T>, r: &[T]) -> T {
    shares
        .zip(r)
        .fold(T::zero(), |sum, (share, &r)| sum + share * r)
}

impl<T: Scalar> Left for Scaled<T> {
    fn leave(&self, tape: &mut SharedTape) {
        tape.push(self.top);
        tape.push(self.sum);
    }

    fn read(reader: &mut Reader<'_>) -> Self {
        let sum = *reader.pop();
        let top = *reader.pop();
        Scaled { top, sum }
    }
}

impl<T: Scalar> Kept for Scaled<T> {
    fn give_back(self, _: &mut Workspace) {}
}

impl<T: Scalar> Core<T, 1> for logsumexp {
    type Shape = ();
    type Output = T;
    type Kept = Scaled<T>;
    const READS_RESULT: bool = false;

    fn forward((): (), [x]: [&[T]; 1], _: &mut Workspace) -> (T, Scaled<T>) {
        let scaled = Scaled::new(x);
        (scaled.ln(), scaled)
    }

    fn tangent(at: &At<Self, T, 1>, [dx]: [&[T]; 1], _: &mut Workspace) -> T {
        weighted(at.x[0].iter().map(|&x| at.kept.share(x)), dx)
    }

    fn reverse(at: &At<Self, T, 1>, r: &[T], [into]: [&mut [T]; 1], _: &mut Workspace) {
        for (into, &x) in into.iter_mut().zip(at.x[0]) {
            *into += r[0] * at.kept.share(x);
        }
    }

    fn curvature(
        at: &At<Self, T, 1>,
        [dx]: [&[T]; 1],
        r: &[T],
        [into]: [&mut [T]; 1],
        _: &mut Workspace,
    ) {
        let shares = || at.x[0].iter().map(|&x| at.kept.share(x));
        let mean = weighted(shares(), dx);
        for ((into, share), &dx) in into.iter_mut().zip(shares()).zip(dx) {
            *into += r[0] * share * (dx - mean);
        }
    }
}

impl<T: Scalar> Core<T, 1> for softmax {
    type Shape = ();
    type Output = Vec<T>;
    type Kept = ();
    const READS_RESULT: bool = true;

    fn forward((): (), [x]: [&[T]; 1], _: &mut Workspace) -> (Vec<T>, ()) {
        let top = x.iter().fold(T::neg_infinity(), |top, &x| top.max(x));
        let mut y: Vec<T> = x.iter().map(|&x| (x - top).exp()).collect();
        let sum = kernel::sum(&y);
        y.iter_mut().for_each(|y| *y /= sum);
        (y, ())
    }

    fn tangent(at: &At<Self, T, 1>, [dx]: [&[T]; 1], _: &mut Workspace) -> Vec<T> {
        let mean = kernel::dot(at.y, dx);
        let parts = at.y.iter().zip(dx);
        parts.map(|(&y, &dx)| y * (dx - mean)).collect()
    }

    /// The Jacobian `diag(y) - y yᵀ` is symmetric.
    fn reverse(at: &At<Self, T, 1>, r: &[T], [into]: [&mut [T]; 1], _: &mut Workspace) {
        let mean = kernel::dot(at.y, r);
        for ((into, &y), &r) in into.iter_mut().zip(at.y).zip(r) {
            *into += y * (r - mean);
        }
    }

    fn curvature(
        at: &At<Self, T, 1>,
        [dx]: [&[T]; 1],
        r: &[T],
        [into]: [&mut [T]; 1],
        _: &mut Workspace,
    ) {
        let (mean_dx, mean_r) = (kernel::dot(at.y, dx), kernel::dot(at.y, r));
        let tangents = || at.y.iter().zip(dx).map(|(&y, &dx)| y * (dx - mean_dx));
        let mean_tangent = weighted(tangents(), r);
        for (((into, dy), &y), &r) in into.iter_mut().zip(tangents()).zip(at.y).zip(r) {
            *into += dy * (r - mean_r) - y * mean_tangent;
        }
    }
}

impl<T: Scalar> Core<T, 1> for log_softmax {
    type Shape = ();
    type Output = Vec<T>;
    type Kept = ();
    const READS_RESULT: bool = true;

    fn forward((): (), [x]: [&[T]; 1], _: &mut Workspace) -> (Vec<T>, ()) {
        let top = x.iter().fold(T::neg_infinity(), |top, &x| top.max(x));
        let sum = x.iter().fold(T::zero(), |sum, &x| sum + (x - top).exp());
        // In two steps, so that no digits of a small difference are lost to a large `top`.
        let sum = sum.ln();
        (x.iter().map(|&x| (x - top) - sum).collect(), ())
    }

    fn tangent(at: &At<Self, T, 1>, [dx]: [&[T]; 1], _: &mut Workspace) -> Vec<T> {
        let mean = weighted(at.y.iter().map(|y| y.exp()), dx);
        dx.iter().map(|&dx| dx - mean).collect()
    }

    fn reverse(at: &At<Self, T, 1>, r: &[T], [into]: [&mut [T]; 1], _: &mut Workspace) {
        let sum = kernel::sum(r);
        for ((into, y), &r) in into.iter_mut().zip(at.y).zip(r) {
            *into += r - y.exp() * sum;
        }
    }

    fn curvature(
        at: &At<Self, T, 1>,
        [dx]: [&[T]; 1],
        r: &[T],
        [into]: [&mut [T]; 1],
        _: &mut Workspace,
    ) {
        let sum = kernel::sum(r);
        let mean = weighted(at.y.iter().map(|y| y.exp()), dx);
        for ((into, y), &dx) in into.iter_mut().zip(at.y).zip(dx) {
            *into -= y.exp() * (dx - mean) * sum;
        }
    }
}

/// The operations that pick elements: their derivatives depend on which elements equal the result.
macro_rules! extremes {
    ($($name:ident $pick:ident;)*) => { $(
        impl<T: Scalar> Core<T, 1> for $name {
            type Shape = ();
            type Output = T;
            type Kept = ();
            const READS_RESULT: bool = true;

            #[track_caller]
            fn forward((): (), [x]: [&[T]; 1], _: &mut Workspace) -> (T, ()) {
                let Some((&first, rest)) = x.split_first() else {
                    panic!(concat!("`", stringify!($name), "` takes at least one element, but `x` has length 0"));
                };
                (rest.iter().fold(first, |picked, &x| picked.$pick(x)), ())
            }

            fn tangent(at: &At<Self, T, 1>, [dx]: [&[T]; 1], _: &mut Workspace) -> T {
                let share = share(at.x[0], *at.y);
                let picked = at.x[0].iter().zip(dx).filter(|(x, _)| *x == at.y);
                picked.fold(T::zero(), |sum, (_, &dx)| sum + share * dx)
            }

            fn reverse(at: &At<Self, T, 1>, r: &[T], [into]: [&mut [T]; 1], _: &mut Workspace) {
                let share = share(at.x[0], *at.y);
                for (into, x) in into.iter_mut().zip(at.x[0]) {
                    if x == at.y {
                        *into += share * r[0];
                    }
                }
            }

            /// Piecewise linear.
            fn curvature(_: &At<Self, T, 1>, _: [&[T]; 1], _: &[T], _: [&mut [T]; 1], _: &mut Workspace) {}
        }
    )* };
}

/// The derivative with respect to each of the elements that equal `y`.
fn share<T: Scalar>(x: &[T], y: T) -> T {
    let ties = x.iter().filter(|x| **x == y).count();
    T::one() / T::from_literal(ties as f64)
}

extremes! {
    max max;
    min min;
}
