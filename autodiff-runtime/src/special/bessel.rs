//! Bessel functions of integer order.
//!
//! Derivatives are sums of neighbouring orders (NIST Digital Library of Mathematical Functions, 10.6.1), which do not
//! cancel near the origin, as quotients by `x` would.

use super::Smooth;
use super::declare::{count, functions, parts, sum};
use crate::__private::{Directional, Reader, SharedTape};
use crate::{Scalar, Workspace};

functions! {
    /// The Bessel function of the first kind of order 0.
    ///
    /// ```
    /// use autodiff_runtime::special::bessel_j0;
    ///
    /// assert_eq!(bessel_j0::value_gradient_hessian(0.0), (1.0, 0.0, [[-0.5]]));
    /// ```
    fn bessel_j0(x dx x_bar dx_bar);

    /// The Bessel function of the first kind of order 1.
    ///
    /// ```
    /// use autodiff_runtime::special::bessel_j1;
    ///
    /// assert_eq!(bessel_j1::value_gradient_hessian(0.0), (0.0, 0.5, [[0.0]]));
    /// ```
    fn bessel_j1(x dx x_bar dx_bar);

    /// The Bessel function of the second kind of order 0: -∞ at 0, NaN below.
    ///
    /// ```
    /// use autodiff_runtime::special::bessel_y0;
    ///
    /// assert_eq!(bessel_y0::value_and_gradient(0.0), (f64::NEG_INFINITY, f64::INFINITY));
    /// ```
    fn bessel_y0(x dx x_bar dx_bar);

    /// The Bessel function of the second kind of order 1: -∞ at 0, NaN below.
    ///
    /// ```
    /// use autodiff_runtime::special::{bessel_y0, bessel_y1};
    ///
    /// assert_eq!(bessel_y0::gradient(2.0), -bessel_y1(2.0));
    /// ```
    fn bessel_y1(x dx x_bar dx_bar);
}

impl Smooth<1> for bessel_j0 {
    fn value([x]: [f64; 1]) -> f64 {
        libm::j0(x)
    }

    fn first([x]: [f64; 1]) -> [f64; 1] {
        // 0 - j1, so that the derivative at 0 is not -0.
        [0.0 - libm::j1(x)]
    }

    fn second([x]: [f64; 1]) -> [[f64; 1]; 1] {
        [[0.5 * (libm::jn(2, x) - libm::j0(x))]]
    }
}

impl Smooth<1> for bessel_j1 {
    fn value([x]: [f64; 1]) -> f64 {
        libm::j1(x)
    }

    fn first([x]: [f64; 1]) -> [f64; 1] {
        [0.5 * (libm::j0(x) - libm::jn(2, x))]
    }

    fn second([x]: [f64; 1]) -> [[f64; 1]; 1] {
        [[0.25 * (libm::jn(3, x) - 3.0 * libm::j1(x))]]
    }
}

impl Smooth<1> for bessel_y0 {
    fn value([x]: [f64; 1]) -> f64 {
        libm::y0(x)
    }

    fn first([x]: [f64; 1]) -> [f64; 1] {
        [-libm::y1(x)]
    }

    fn second([x]: [f64; 1]) -> [[f64; 1]; 1] {
        [[0.5 * difference(libm::yn(2, x), libm::y0(x))]]
    }
}

impl Smooth<1> for bessel_y1 {
    fn value([x]: [f64; 1]) -> f64 {
        libm::y1(x)
    }

    fn first([x]: [f64; 1]) -> [f64; 1] {
        [-0.5 * difference(libm::yn(2, x), libm::y0(x))]
    }

    fn second([x]: [f64; 1]) -> [[f64; 1]; 1] {
        [[0.25 * difference(libm::yn(3, x), 3.0 * libm::y1(x))]]
    }
}

/// `higher - lower`, of functions of the second kind: towards 0 the higher order is infinite first.
fn difference(higher: f64, lower: f64) -> f64 {
    if higher == f64::NEG_INFINITY {
        higher
    } else {
        higher - lower
    }
}
