//! Differentiable values, their tangents, and the implementations for the types of the standard library.

mod inactive;
mod pointers;
mod sequences;
mod tuples;

use alloc::vec::Vec;
use core::fmt::Debug;

/// A value that can be differentiated with respect to: a point that tangents move.
///
/// Scalars, arrays, slices, `Vec`, `Box`, references, tuples and `Option` of such values have it, and structs by
/// `#[derive(Differentiable)]`. Integers, `bool`, `char`, strings and `()` have it too, with the tangent `()`: they
/// are part of many points, and never move.
///
/// ```
/// use autodiff_runtime::{Differentiable, Tangent};
///
/// // One step of gradient descent on any differentiable parameters.
/// fn descend<P: Differentiable>(parameters: &mut P, mut gradient: P::Tangent, rate: f64) {
///     gradient.scale(-rate);
///     parameters.move_by(&gradient);
/// }
///
/// let mut parameters = (vec![1.0, 2.0], 0.5_f32, "a label");
/// descend(&mut parameters, (vec![10.0, 0.0], 1.0, ()), 0.25);
/// assert_eq!(parameters, (vec![-1.5, 2.0], 0.25, "a label"));
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` has no tangent, so it is not differentiable",
    label = "not differentiable",
    note = "a struct of your own: put `#[derive(autodiff::Differentiable)]` on it",
    note = "a field that does not move: mark it `#[no_derivative]`; such a parameter: leave it out with `wrt(..)`"
)]
pub trait Differentiable {
    /// The directions in which a value can move, which is also the type of gradients.
    type Tangent: Tangent + Clone + Debug + PartialEq;

    /// The direction that moves nothing, of the shape that belongs to this value.
    ///
    /// ```
    /// use autodiff_runtime::Differentiable;
    ///
    /// assert_eq!([1.0, 2.0].zero_tangent(), [0.0, 0.0]);
    /// assert_eq!(vec![(1.0, 7)].zero_tangent(), vec![(0.0, ())]);
    /// ```
    fn zero_tangent(&self) -> Self::Tangent;

    /// Moves the value: `self += direction`.
    ///
    /// ```
    /// use autodiff_runtime::Differentiable;
    ///
    /// let mut point = [1.0, 2.0];
    /// point.move_by(&[0.5, -0.5]);
    /// assert_eq!(point, [1.5, 1.5]);
    /// ```
    ///
    /// # Panics
    ///
    /// When the shapes differ, and when something differentiable lies behind a shared reference.
    fn move_by(&mut self, direction: &Self::Tangent);
}

/// A vector space of finite dimension, over scalars that may be of several precisions.
///
/// Factors, products and flattened scalars are `f64`, which holds every `f32` exactly, so that a tangent of mixed
/// precision is like any other. Two tangents that are combined must be of one shape; otherwise the operation panics.
///
/// ```
/// use autodiff_runtime::Tangent;
///
/// let mut v = (vec![1.0, 2.0], [3.0_f32]);
/// v.accumulate(&(vec![10.0, 20.0], [30.0]));
/// assert_eq!(v, (vec![11.0, 22.0], [33.0]));
/// assert_eq!(v.dot(&(vec![1.0, 0.0], [1.0])), 44.0);
/// assert_eq!(v.dimension(), 3);
/// assert_eq!(v.flatten(), [11.0, 22.0, 33.0]);
/// ```
pub trait Tangent {
    /// Becomes the zero of its shape.
    ///
    /// ```
    /// use autodiff_runtime::Tangent;
    ///
    /// let mut v = [f64::NAN, 2.0];
    /// v.set_zero();
    /// assert_eq!(v, [0.0, 0.0]);
    /// ```
    fn set_zero(&mut self);

    /// Adds `other`: `self += other`.
    ///
    /// ```
    /// use autodiff_runtime::Tangent;
    ///
    /// let mut v = [1.0, 2.0];
    /// v.accumulate(&[10.0, 20.0]);
    /// assert_eq!(v, [11.0, 22.0]);
    /// ```
    ///
    /// # Panics
    ///
    /// When the shapes differ.
    fn accumulate(&mut self, other: &Self);

    /// Adds a multiple of `other`: `self += factor * other`.
    ///
    /// ```
    /// use autodiff_runtime::Tangent;
    ///
    /// let mut v = [1.0, 2.0];
    /// v.add_scaled(0.5, &[10.0, 20.0]);
    /// assert_eq!(v, [6.0, 12.0]);
    /// ```
    ///
    /// # Panics
    ///
    /// When the shapes differ.
    fn add_scaled(&mut self, factor: f64, other: &Self);

    /// Multiplies by a number: `self *= factor`.
    ///
    /// ```
    /// use autodiff_runtime::Tangent;
    ///
    /// let mut v = [1.0, 2.0];
    /// v.scale(-3.0);
    /// assert_eq!(v, [-3.0, -6.0]);
    /// ```
    fn scale(&mut self, factor: f64);

    /// The inner product: the sum of the products of corresponding scalars.
    ///
    /// ```
    /// use autodiff_runtime::Tangent;
    ///
    /// assert_eq!([1.0, 2.0].dot(&[3.0, 4.0]), 11.0);
    /// ```
    ///
    /// # Panics
    ///
    /// When the shapes differ.
    fn dot(&self, other: &Self) -> f64;

    /// The number of scalars.
    ///
    /// ```
    /// use autodiff_runtime::Tangent;
    ///
    /// assert_eq!(([[1.0; 3]; 2], ()).dimension(), 6);
    /// ```
    fn dimension(&self) -> usize;

    /// Calls `visit` with each scalar, in order.
    ///
    /// ```
    /// use autodiff_runtime::Tangent;
    ///
    /// let mut largest = 0.0_f64;
    /// [1.0, -5.0, 2.0].for_each_scalar(&mut |x| largest = largest.max(x.abs()));
    /// assert_eq!(largest, 5.0);
    /// ```
    fn for_each_scalar(&self, visit: &mut impl FnMut(f64));

    /// Replaces each scalar, in order, by what `scalars` gives next, rounded to the scalar's type.
    ///
    /// ```
    /// use autodiff_runtime::Tangent;
    ///
    /// let mut v = (0.0, [0.0; 2]);
    /// let mut next = 0.0;
    /// v.assign_scalars(&mut || { next += 1.0; next });
    /// assert_eq!(v, (1.0, [2.0, 3.0]));
    /// ```
    fn assign_scalars(&mut self, scalars: &mut impl FnMut() -> f64);

    /// All scalars, in order.
    ///
    /// ```
    /// use autodiff_runtime::Tangent;
    ///
    /// assert_eq!((1.0, vec![2.0, 3.0]).flatten(), [1.0, 2.0, 3.0]);
    /// ```
    fn flatten(&self) -> Vec<f64> {
        let mut scalars = Vec::with_capacity(self.dimension());
        self.for_each_scalar(&mut |scalar| scalars.push(scalar));
        scalars
    }

    /// Replaces all scalars, in order; the inverse of [`Tangent::flatten`].
    ///
    /// ```
    /// use autodiff_runtime::Tangent;
    ///
    /// let mut v = (0.0, vec![0.0; 2]);
    /// v.assign_flat(&[1.0, 2.0, 3.0]);
    /// assert_eq!(v, (1.0, vec![2.0, 3.0]));
    /// ```
    ///
    /// # Panics
    ///
    /// When the length of `scalars` is not the dimension.
    #[track_caller]
    fn assign_flat(&mut self, scalars: &[f64]) {
        assert_same_len(self.dimension(), scalars.len());
        let mut next = scalars.iter();
        self.assign_scalars(&mut || *next.next().expect("the dimension counts the scalars"));
    }
}

/// Returns `x`, through which no derivative flows: inside a differentiable function the result is a constant.
///
/// ```
/// use autodiff_runtime::stop_gradient;
///
/// assert_eq!(stop_gradient(2.5), 2.5);
/// ```
#[inline]
pub fn stop_gradient<T>(x: T) -> T {
    x
}

/// Panics unless two shapes that are combined have one length.
#[inline]
#[track_caller]
fn assert_same_len(ours: usize, theirs: usize) {
    assert!(
        ours == theirs,
        "a tangent of length {theirs} does not fit length {ours}"
    );
}
