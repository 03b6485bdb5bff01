//! Sums, products with vectors and norms.

use alloc::vec::Vec;

use super::declare::{adjoints, cotangent, higher_order, operations, output};
use super::operation::{At, Bilinear, Core, Linear, Named, bilinear, linear};
use super::{companion, kernel, sweeps};
use crate::__private::{Directional, Reader, SharedTape};
use crate::{Matrix, Scalar, Workspace};

operations! {
    /// The inner product `Σ aᵢ bᵢ`.
    ///
    /// ```
    /// use autodiff_runtime::ops;
    ///
    /// assert_eq!(ops::dot(&[1.0, 2.0], &[3.0, 4.0]), 11.0);
    /// assert_eq!(ops::dot::gradient(&[1.0, 2.0], &[3.0, 4.0]), (vec![3.0, 4.0], vec![1.0, 2.0]));
    /// ```
    ///
    /// # Panics
    ///
    /// When the lengths differ.
    fn dot(a da a_bar da_bar, b db b_bar db_bar;) -> scalar;

    /// The sum `Σ xᵢ`; of nothing 0.
    ///
    /// ```
    /// use autodiff_runtime::ops;
    ///
    /// assert_eq!(ops::sum(&[1.0, 2.0, 4.0]), 7.0);
    /// assert_eq!(ops::sum::gradient(&[1.0, 2.0, 4.0]), [1.0, 1.0, 1.0]);
    /// ```
    fn sum(x dx x_bar dx_bar;) -> scalar;

    /// The arithmetic mean; of nothing NaN.
    ///
    /// ```
    /// use autodiff_runtime::ops;
    ///
    /// assert_eq!(ops::mean(&[1.0, 2.0, 3.0, 6.0]), 3.0);
    /// assert_eq!(ops::mean::gradient(&[1.0, 2.0, 3.0, 6.0]), [0.25; 4]);
    /// ```
    fn mean(x dx x_bar dx_bar;) -> scalar;

    /// The running sums: entry `i` is the sum of `x[..=i]`.
    ///
    /// ```
    /// use autodiff_runtime::ops;
    ///
    /// assert_eq!(ops::cumsum(&[1.0, 2.0, 4.0]), [1.0, 3.0, 7.0]);
    /// assert_eq!(ops::cumsum::vjp(&[1.0, 2.0, 4.0], &[1.0, 10.0, 100.0]).1, [111.0, 110.0, 100.0]);
    /// ```
    fn cumsum(x dx x_bar dx_bar;) -> vector;

    /// The Euclidean norm `√(Σ xᵢ²)`, without overflow or underflow on the way. At the origin all derivatives are 0, the
    /// subgradient of least norm.
    ///
    /// ```
    /// use autodiff_runtime::ops;
    ///
    /// assert_eq!(ops::norm(&[3.0, 4.0]), 5.0);
    /// assert_eq!(ops::norm::gradient(&[3.0, 4.0]), [0.6, 0.8]);
    /// assert_eq!(ops::norm::gradient(&[0.0, 0.0]), [0.0, 0.0]);
    /// ```
    fn norm(x dx x_bar dx_bar;) -> scalar;

    /// The square of the Euclidean norm, `Σ xᵢ²`.
    ///
    /// ```
    /// use autodiff_runtime::ops;
    ///
    /// assert_eq!(ops::norm_squared(&[3.0, 4.0]), 25.0);
    /// assert_eq!(ops::norm_squared::gradient(&[3.0, 4.0]), [6.0, 8.0]);
    /// ```
    fn norm_squared(x dx x_bar dx_bar;) -> scalar;
}

bilinear! { dot }

linear! { sum mean cumsum }

impl<T: Scalar> Bilinear<T> for dot {
    type Shape = ();
    type Output = T;

    #[inline]
    #[track_caller]
    fn map((): (), [a, b]: [&[T]; 2]) -> T {
        assert!(
            a.len() == b.len(),
            "`dot` takes slices of one length, but `a` has length {} and `b` has length {}",
            a.len(),
            b.len()
        );
        kernel::dot(a, b)
    }

    #[inline]
    fn transpose((): (), [a, b]: [&[T]; 2], r: &[T], [a_bar, b_bar]: [&mut [T]; 2]) {
        kernel::axpy(r[0], b, a_bar);
        kernel::axpy(r[0], a, b_bar);
    }
}

impl<T: Scalar> Linear<T> for sum {
    type Shape = ();
    type Output = T;

    #[inline]
    fn map((): (), x: &[T]) -> T {
        kernel::sum(x)
    }

    #[inline]
    fn transpose((): (), r: &[T], into: &mut [T]) {
        for into in into {
            *into += r[0];
        }
    }
}

/// The length as a scalar.
fn count<T: Scalar>(x: &[T]) -> T {
    T::from_literal(x.len() as f64)
}

impl<T: Scalar> Linear<T> for mean {
    type Shape = ();
    type Output = T;

    #[inline]
    fn map((): (), x: &[T]) -> T {
        kernel::sum(x) / count(x)
    }

    #[inline]
    fn transpose((): (), r: &[T], into: &mut [T]) {
        let share = r[0] / count(into);
        for into in into {
            *into += share;
        }
    }
}

impl<T: Scalar> Linear<T> for cumsum {
    type Shape = ();
    type Output = Vec<T>;

    fn map((): (), x: &[T]) -> Vec<T> {
        let mut sum = T::zero();
        x.iter()
            .map(|&x| {
                sum += x;
                sum
            })
            .collect()
    }

    /// The transposed matrix has its ones above the diagonal: the sums run from the end.
    fn transpose((): (), r: &[T], into: &mut [T]) {
        let mut sum = T::zero();
        for (into, &r) in into.iter_mut().zip(r).rev() {
            sum += r;
            *into += sum;
        }
    }
}

impl<T: Scalar> Core<T, 1> for norm {
    type Shape = ();
    type Output = T;
    type Kept = ();
    const READS_RESULT: bool = true;

    /// By the sum of squares where that neither overflows nor loses digits to underflow, else by that of the elements
    /// times a power of two, as Blue ("A portable Fortran program to find the Euclidean norm of a vector", 1978) does.
    #[inline]
    fn forward((): (), [x]: [&[T]; 1], _: &mut Workspace) -> (T, ()) {
        let squares = kernel::dot(x, x);
        if squares.is_finite() && squares > T::min_positive_value() / T::epsilon() {
            return (squares.sqrt(), ());
        }
        // A power of two, since the least normal number is one of even exponent.
        let small = T::min_positive_value().sqrt() * T::epsilon();
        let large = small.recip();
        let (factor, back) = match squares.is_finite() {
            true => (large, small),
            false => (small, large),
        };
        let sum = x.iter().fold(T::zero(), |sum, &x| {
            let part = x * factor;
            sum + part * part
        });
        (sum.sqrt() * back, ())
    }

    /// `(x · dx) / ‖x‖`, on the unit sphere, where nothing overflows.
    #[inline]
    fn tangent(at: &At<Self, T, 1>, [dx]: [&[T]; 1], _: &mut Workspace) -> T {
        along_unit(at.x[0], *at.y, dx)
    }

    #[inline]
    fn reverse(at: &At<Self, T, 1>, r: &[T], [into]: [&mut [T]; 1], _: &mut Workspace) {
        if *at.y != T::zero() {
            for (into, &x) in into.iter_mut().zip(at.x[0]) {
                *into += r[0] * (x / *at.y);
            }
        }
    }

    /// The Hessian is `(I - u uᵀ) / ‖x‖` with `u = x / ‖x‖`.
    fn curvature(
        at: &At<Self, T, 1>,
        [dx]: [&[T]; 1],
        r: &[T],
        [into]: [&mut [T]; 1],
        _: &mut Workspace,
    ) {
        let y = *at.y;
        if y != T::zero() {
            let radial = along_unit(at.x[0], y, dx);
            for ((into, &x), &dx) in into.iter_mut().zip(at.x[0]).zip(dx) {
                *into += r[0] * ((dx - radial * (x / y)) / y);
            }
        }
    }
}

/// The part of `dx` along `x`, which has the norm `y`; 0 at the origin.
#[inline]
fn along_unit<T: Scalar>(x: &[T], y: T, dx: &[T]) -> T {
    if y == T::zero() {
        return T::zero();
    }
    let parts = x.iter().zip(dx);
    parts.fold(T::zero(), |sum, (&x, &dx)| sum + (x / y) * dx)
}

impl<T: Scalar> Core<T, 1> for norm_squared {
    type Shape = ();
    type Output = T;
    type Kept = ();
    const READS_RESULT: bool = false;

    #[inline]
    fn forward((): (), [x]: [&[T]; 1], _: &mut Workspace) -> (T, ()) {
        (kernel::dot(x, x), ())
    }

    #[inline]
    fn tangent(at: &At<Self, T, 1>, [dx]: [&[T]; 1], _: &mut Workspace) -> T {
        let half = kernel::dot(at.x[0], dx);
        half + half
    }

    #[inline]
    fn reverse(at: &At<Self, T, 1>, r: &[T], [into]: [&mut [T]; 1], _: &mut Workspace) {
        kernel::axpy(r[0] + r[0], at.x[0], into);
    }

    #[inline]
    fn curvature(
        _: &At<Self, T, 1>,
        [dx]: [&[T]; 1],
        r: &[T],
        [into]: [&mut [T]; 1],
        _: &mut Workspace,
    ) {
        kernel::axpy(r[0] + r[0], dx, into);
    }
}
