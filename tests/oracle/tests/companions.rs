//! The checks on companion types written by hand, in the shapes that the contract gives to the generated ones.

// A companion type has the name of its function.
#![allow(non_camel_case_types)]
// The loops and the types of results are those that users and the contract write.
#![allow(clippy::needless_range_loop, clippy::type_complexity)]

// The emitted tests name the facade; this test stands in for it.
extern crate self as autodiff;

/// A workspace that reuses nothing.
pub struct Workspace;

impl Workspace {
    /// An empty one.
    pub fn new() -> Self {
        Workspace
    }
}

impl Default for Workspace {
    fn default() -> Self {
        Self::new()
    }
}

/// A dense matrix by rows.
pub struct Matrix<T> {
    cols: usize,
    entries: Vec<T>,
}

impl<T> Matrix<T> {
    fn rows(&self) -> usize {
        self.entries.len() / self.cols.max(1)
    }
    fn cols(&self) -> usize {
        self.cols
    }
    fn as_slice(&self) -> &[T] {
        &self.entries
    }
}

mod scalar {
    use super::Workspace;
    use oracle::checked;

    #[checked(by_hand, at(1.2, -0.7), at(0.0, 2.5))]
    fn product(x: f64, y: f64) -> f64 {
        x * x * y
    }

    enum product {}
    impl product {
        fn jvp(x: f64, y: f64, dx: f64, dy: f64) -> (f64, f64) {
            (product(x, y), 2.0 * x * y * dx + x * x * dy)
        }
        fn vjp(x: f64, y: f64, dr: f64) -> (f64, (f64, f64)) {
            (product(x, y), (2.0 * x * y * dr, x * x * dr))
        }
        fn vjp_into(x: f64, y: f64, dr: f64, xb: &mut f64, yb: &mut f64) -> f64 {
            *xb += 2.0 * x * y * dr;
            *yb += x * x * dr;
            product(x, y)
        }
        fn vjp_into_with(
            _: &mut Workspace,
            x: f64,
            y: f64,
            dr: f64,
            xb: &mut f64,
            yb: &mut f64,
        ) -> f64 {
            Self::vjp_into(x, y, dr, xb, yb)
        }
        fn pullback(x: f64, y: f64) -> (f64, impl Fn(f64) -> (f64, f64)) {
            (product(x, y), move |dr| Self::vjp(x, y, dr).1)
        }
        fn gradient(x: f64, y: f64) -> (f64, f64) {
            (2.0 * x * y, x * x)
        }
        fn gradient_into(x: f64, y: f64, xb: &mut f64, yb: &mut f64) -> f64 {
            (*xb, *yb) = Self::gradient(x, y);
            product(x, y)
        }
        fn gradient_into_with(
            _: &mut Workspace,
            x: f64,
            y: f64,
            xb: &mut f64,
            yb: &mut f64,
        ) -> f64 {
            Self::gradient_into(x, y, xb, yb)
        }
        fn value_and_gradient(x: f64, y: f64) -> (f64, (f64, f64)) {
            (product(x, y), Self::gradient(x, y))
        }
        fn hvp(x: f64, y: f64, dx: f64, dy: f64) -> ((f64, f64), (f64, f64)) {
            (
                Self::gradient(x, y),
                (2.0 * y * dx + 2.0 * x * dy, 2.0 * x * dx),
            )
        }
        fn hessian(x: f64, y: f64) -> [[f64; 2]; 2] {
            [[2.0 * y, 2.0 * x], [2.0 * x, 0.0]]
        }
        fn value_gradient_hessian(x: f64, y: f64) -> (f64, (f64, f64), [[f64; 2]; 2]) {
            (product(x, y), Self::gradient(x, y), Self::hessian(x, y))
        }
    }
}

mod in_out {
    use super::Workspace;
    use oracle::checked;

    #[checked(by_hand, at([1.0, -2.0], 0.5, 1), at([], 3.0, 0))]
    fn scale(x: &mut [f64], factor: f64, from: usize) {
        for i in from..x.len() {
            x[i] *= factor;
        }
    }

    enum scale {}
    impl scale {
        fn jvp(x: &mut [f64], factor: f64, from: usize, dx: &mut [f64], dfactor: f64) {
            for i in from..x.len() {
                dx[i] = dx[i] * factor + x[i] * dfactor;
            }
            scale(x, factor, from);
        }
        fn vjp(x: &mut [f64], factor: f64, from: usize, xb: &mut [f64]) -> f64 {
            let mut bar = 0.0;
            Self::vjp_into(x, factor, from, xb, &mut bar);
            bar
        }
        fn vjp_into(x: &mut [f64], factor: f64, from: usize, xb: &mut [f64], bar: &mut f64) {
            for i in from..x.len() {
                *bar += x[i] * xb[i];
                xb[i] *= factor;
            }
            scale(x, factor, from);
        }
        fn vjp_into_with(
            _: &mut Workspace,
            x: &mut [f64],
            factor: f64,
            from: usize,
            xb: &mut [f64],
            bar: &mut f64,
        ) {
            Self::vjp_into(x, factor, from, xb, bar);
        }
    }
}

mod vectors {
    use super::{Matrix, Workspace};
    use oracle::checked;

    #[checked(by_hand, at([1.0, -2.0, 0.5], 2), at([4.0], 0), at([], 1))]
    fn squares(x: &[f64], index: usize) -> (Vec<f64>, usize) {
        (x.iter().map(|x| x * x).collect(), index)
    }

    enum squares {}
    impl squares {
        fn jvp(x: &[f64], index: usize, dx: &[f64]) -> ((Vec<f64>, usize), (Vec<f64>, ())) {
            let tangent = x.iter().zip(dx).map(|(x, dx)| 2.0 * x * dx).collect();
            (squares(x, index), (tangent, ()))
        }
        fn vjp(x: &[f64], index: usize, dr: (Vec<f64>, ())) -> ((Vec<f64>, usize), Vec<f64>) {
            let adjoint = x.iter().zip(&dr.0).map(|(x, dr)| 2.0 * x * dr).collect();
            (squares(x, index), adjoint)
        }
        fn vjp_into(
            x: &[f64],
            index: usize,
            dr: (Vec<f64>, ()),
            xb: &mut [f64],
        ) -> (Vec<f64>, usize) {
            for ((xb, x), dr) in xb.iter_mut().zip(x).zip(dr.0) {
                *xb += 2.0 * x * dr;
            }
            squares(x, index)
        }
        fn vjp_into_with(
            _: &mut Workspace,
            x: &[f64],
            index: usize,
            dr: (Vec<f64>, ()),
            xb: &mut [f64],
        ) -> (Vec<f64>, usize) {
            Self::vjp_into(x, index, dr, xb)
        }
        fn pullback(
            x: &[f64],
            index: usize,
        ) -> ((Vec<f64>, usize), impl Fn((Vec<f64>, ())) -> Vec<f64>) {
            (squares(x, index), move |dr| Self::vjp(x, index, dr).1)
        }
        fn jacobian(x: &[f64], _: usize) -> Matrix<f64> {
            let n = x.len();
            let mut entries = vec![0.0; n * n];
            for i in 0..n {
                entries[i * n + i] = 2.0 * x[i];
            }
            Matrix { cols: n, entries }
        }
    }
}
