//! Methods, alone and in blocks.

use autodiff::differentiable;

/// A type that everybody sees.
#[derive(Clone, Copy, Debug)]
pub struct Gauge {
    /// Where it reads nothing.
    pub zero: f64,
    /// What it reads at most.
    pub most: f64,
}

impl Gauge {
    /// A method with many derivatives that nobody calls.
    #[must_use]
    #[differentiable(wrt(x))]
    pub fn reading(&self, x: f64, n: usize) -> f64 {
        let mut y = x;
        for i in 0..n {
            if i > 2 {
                return y.ln();
            }
            y *= x - self.zero;
        }
        y
    }

    /// As above, for a function without `self`.
    #[must_use]
    #[differentiable(associated)]
    pub fn scale(x: &[f64], by: f64) -> Vec<f64> {
        x.iter().map(|v| v * by).collect()
    }

    #[differentiable(wrt(x))]
    fn only_through_its_derivatives(&self, x: f64) -> f64 {
        x * x * self.zero
    }

    #[differentiable(wrt(x))]
    fn with_a_function(&self, x: f64, weight: impl Fn(usize) -> f64) -> f64 {
        let w: f64 = weight(1);
        x * x * self.zero * w
    }
}

struct Private;

#[differentiable]
impl Private {
    fn square(x: f64) -> f64 {
        x * x
    }

    fn cube<const N: usize>(x: &[f64; N]) -> f64 {
        x[0] * x[1] * x[2]
    }
}

/// A trait that this crate declares.
pub trait Reads {
    /// What it reads.
    fn read(&self, x: f64) -> f64;
}

#[differentiable(wrt(x))]
impl Reads for Gauge {
    fn read(&self, x: f64) -> f64 {
        x.sin().min(self.most) - self.zero
    }
}

#[test]
fn derivatives_of_methods_are_at_hand() {
    let gauge = Gauge {
        zero: 0.5,
        most: 9.0,
    };
    assert!((gauge.only_through_its_derivatives_gradient(2.0) - 2.0).abs() < 1e-12);
    assert!((gauge.with_a_function_hessian(2.0, |_| 1.0)[0][0] - 1.0).abs() < 1e-12);
    assert!((Private::square_gradient(2.0) - 4.0).abs() < 1e-12);
    assert!((Private::cube_gradient(&[1.0, 2.0, 3.0])[0] - 6.0).abs() < 1e-12);
    assert!((gauge.read_gradient(0.0) - 1.0).abs() < 1e-12);
}
