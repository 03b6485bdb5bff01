//! A multiple of a vector added to another, in place.

use alloc::{vec, vec::Vec};

use super::kernel;
use crate::__private::{Directional, Overwritten, Reader, SharedTape, check_len};
use crate::{Scalar, Workspace};

/// `y += alpha * x`, in place.
///
/// ```
/// use autodiff_runtime::ops;
///
/// let mut y = [1.0, 2.0];
/// ops::axpy(10.0, &[3.0, 4.0], &mut y);
/// assert_eq!(y, [31.0, 42.0]);
///
/// let (mut y, mut y_bar) = ([1.0, 2.0], [1.0, 100.0]);
/// let (alpha_bar, x_bar) = ops::axpy::vjp(10.0, &[3.0, 4.0], &mut y, &mut y_bar);
/// assert_eq!((alpha_bar, x_bar), (403.0, vec![10.0, 1000.0]));
/// assert_eq!((y, y_bar), ([31.0, 42.0], [1.0, 100.0]));
/// ```
///
/// # Panics
///
/// When the lengths differ.
#[inline]
#[track_caller]
pub fn axpy<T: Scalar>(alpha: T, x: &[T], y: &mut [T]) {
    assert!(
        x.len() == y.len(),
        "`axpy` takes slices of one length, but `x` has length {} and `y` has length {}",
        x.len(),
        y.len()
    );
    kernel::axpy(alpha, x, y);
}

/// The derivatives of the function [`axpy`](fn@axpy).
// The companion has the function's name: that is how derivatives are found.
#[allow(non_camel_case_types)]
pub enum axpy {}

// A derivative takes what the function takes, and directions or adjoints beside it.
#[allow(clippy::too_many_arguments)]
impl axpy {
    /// Updates `y`, and its tangent `dy` (forward mode).
    ///
    /// # Panics
    ///
    /// When the function does, and when a direction is not as long as its operand.
    #[inline]
    #[track_caller]
    pub fn jvp<T: Scalar>(alpha: T, x: &[T], y: &mut [T], dalpha: T, dx: &[T], dy: &mut [T]) {
        check_len("x", x.len(), dx.len());
        check_len("y", y.len(), dy.len());
        axpy(alpha, x, y);
        for ((dy, &x), &dx) in dy.iter_mut().zip(x).zip(dx) {
            *dy += dalpha * x + alpha * dx;
        }
    }

    /// Updates `y`, and hands back the adjoints of `alpha` and `x` (reverse mode). `y_bar` holds the cotangent of the
    /// final `y` on entry, that of the initial one on return; they are equal.
    ///
    /// # Panics
    ///
    /// When the function does, and when the adjoint is not as long as `y`.
    #[inline]
    #[track_caller]
    pub fn vjp<T: Scalar>(alpha: T, x: &[T], y: &mut [T], y_bar: &mut [T]) -> (T, Vec<T>) {
        let (mut alpha_bar, mut x_bar) = (T::zero(), vec![T::zero(); x.len()]);
        Self::vjp_into(alpha, x, y, &mut alpha_bar, &mut x_bar, y_bar);
        (alpha_bar, x_bar)
    }

    /// Updates `y`, and adds to the adjoints of `alpha` and `x` (reverse mode, in place). `y_bar` holds the cotangent of
    /// the final `y` on entry, that of the initial one on return; they are equal.
    ///
    /// # Panics
    ///
    /// When the function does, and when an adjoint is not as long as its operand.
    #[inline]
    #[track_caller]
    pub fn vjp_into<T: Scalar>(
        alpha: T,
        x: &[T],
        y: &mut [T],
        alpha_bar: &mut T,
        x_bar: &mut [T],
        y_bar: &mut [T],
    ) {
        check_len("x", x.len(), x_bar.len());
        check_len("y", y.len(), y_bar.len());
        axpy(alpha, x, y);
        *alpha_bar += kernel::dot(x, y_bar);
        kernel::axpy(alpha, y_bar, x_bar);
    }

    /// As [`Self::vjp_into`]; no buffers are needed.
    ///
    /// # Panics
    ///
    /// As [`Self::vjp_into`].
    #[inline]
    #[track_caller]
    pub fn vjp_into_with<T: Scalar>(
        _: &mut Workspace,
        alpha: T,
        x: &[T],
        y: &mut [T],
        alpha_bar: &mut T,
        x_bar: &mut [T],
        y_bar: &mut [T],
    ) {
        Self::vjp_into(alpha, x, y, alpha_bar, x_bar, y_bar);
    }

    /// That all parameters vary; asked by generated functions.
    #[doc(hidden)]
    pub const __VARYING: [bool; 3] = [true; 3];

    /// That directions go along; asked by generated functions.
    #[doc(hidden)]
    pub const __SECOND_DERIVATIVES: bool = true;

    /// Updates `y`, and its derivatives along several directions; called by generated functions.
    #[doc(hidden)]
    #[inline]
    #[track_caller]
    pub fn __jvp<T: Scalar, D: Directional<Scalar = T>>(
        alpha: T,
        x: &[T],
        y: &mut [T],
        dalpha: D,
        dx: &[D],
        dy: &mut [D],
    ) -> ((), ()) {
        axpy(alpha, x, y);
        for ((dy, &x), &dx) in dy.iter_mut().zip(x).zip(dx) {
            *dy += dalpha * x + dx * alpha;
        }
        ((), ())
    }

    /// As [`Self::__jvp`]; the reverse sweep needs nothing but the operands. Called by generated functions.
    #[doc(hidden)]
    #[inline]
    #[track_caller]
    pub fn __forward<T: Scalar, D: Directional<Scalar = T>>(
        alpha: T,
        x: &[T],
        y: &mut [T],
        dalpha: D,
        dx: &[D],
        dy: &mut [D],
        _: &mut SharedTape,
    ) -> ((), ()) {
        Self::__jvp(alpha, x, y, dalpha, dx, dy)
    }

    /// Adds to the adjoints of `alpha` and `x`, and to their derivatives; those of `y` stay what they are, and `y` itself,
    /// which is gone, is not asked for. Called by generated functions.
    #[doc(hidden)]
    #[inline]
    pub fn __reverse<T: Scalar, D: Directional<Scalar = T>>(
        alpha: T,
        x: &[T],
        _: Overwritten,
        dalpha: D,
        dx: &[D],
        (): (),
        (): (),
        (): (),
        alpha_bar: &mut T,
        x_bar: &mut [T],
        y_bar: &mut [T],
        dalpha_bar: &mut D,
        dx_bar: &mut [D],
        dy_bar: &mut [D],
        _: &mut Reader<'_>,
    ) {
        *alpha_bar += kernel::dot(x, y_bar);
        kernel::axpy(alpha, y_bar, x_bar);
        let adjoints = y_bar.iter().zip(&*dy_bar);
        for ((&y_bar, &dy_bar), (&x, (&dx, dx_bar))) in
            adjoints.zip(x.iter().zip(dx.iter().zip(dx_bar)))
        {
            *dalpha_bar += dx * y_bar + dy_bar * x;
            *dx_bar += dalpha * y_bar + dy_bar * alpha;
        }
    }
}
