//! Calls of methods and of associated functions.

use autodiff::differentiable;
use num_traits::Float;

struct Circle {
    scale: f64,
}

#[differentiable(wrt(r, x, y))]
impl Circle {
    pub fn area(r: f64) -> f64 {
        3.0 * r * r
    }

    pub fn ring(r: f64, x: &[f64]) -> f64 {
        let mut total = Self::area(r);
        for i in 0..x.len() {
            total -= Circle::area(x[i]) * x[i].sin();
        }
        total
    }

    fn scaled(&self, x: f64, n: usize) -> f64 {
        if n == 0 {
            return x * self.scale;
        }
        Self::scaled(self, x * x, n - 1) + x
    }

    #[differentiable(order = 1)]
    fn fill(y: &mut [f64], r: f64) {
        for i in 0..y.len() {
            y[i] *= Self::area(r) * i as f64;
        }
    }

    #[differentiable(order = 1)]
    fn filled(y: &[f64], r: f64) -> f64 {
        let mut copy = y.to_vec();
        Self::fill(&mut copy, r);
        copy.iter().sum::<f64>()
    }
}

impl Circle {
    #[differentiable(associated)]
    fn twice(r: f64) -> f64 {
        self::Circle::area(r) + Circle::third(r)
    }

    #[differentiable(associated)]
    fn third(r: f64) -> f64 {
        r / 3.0
    }
}

#[differentiable]
fn from_outside(r: f64, x: &[f64]) -> f64 {
    Circle::ring(r, x) * Circle::twice(r)
}

/// The same, written out.
mod plain {
    use autodiff::differentiable;

    #[differentiable]
    pub(super) fn ring(r: f64, x: &[f64]) -> f64 {
        let mut total = 3.0 * r * r;
        for i in 0..x.len() {
            total -= 3.0 * x[i] * x[i] * x[i].sin();
        }
        total
    }

    #[differentiable]
    pub(super) fn from_outside(r: f64, x: &[f64]) -> f64 {
        let mut total = 3.0 * r * r;
        for i in 0..x.len() {
            total -= 3.0 * x[i] * x[i] * x[i].sin();
        }
        total * (3.0 * r * r + r / 3.0)
    }
}

fn near(a: &[f64], b: &[f64]) {
    assert_eq!(a.len(), b.len());
    for (a, b) in a.iter().zip(b) {
        assert!((a - b).abs() <= 1e-12 * (1.0 + b.abs()), "{a} is not {b}");
    }
}

#[test]
fn associated_functions() {
    let (r, x) = (2.0, [0.5, 1.0, -0.25]);
    let (of_r, of_x) = Circle::ring_gradient(r, &x);
    let (plain_r, plain_x) = plain::ring::gradient(r, &x);
    near(&[of_r], &[plain_r]);
    near(&of_x, &plain_x);
    near(
        Circle::ring_hessian(r, &x).as_slice(),
        plain::ring::hessian(r, &x).as_slice(),
    );
    let (of_r, of_x) = from_outside::gradient(r, &x);
    let (plain_r, plain_x) = plain::from_outside::gradient(r, &x);
    near(&[of_r], &[plain_r]);
    near(&of_x, &plain_x);
    near(
        from_outside::hessian(r, &x).as_slice(),
        plain::from_outside::hessian(r, &x).as_slice(),
    );
    let (value, tangent) = from_outside::jvp(r, &x, 1.0, &[0.0; 3]);
    near(&[value, tangent], &[plain::from_outside(r, &x), plain_r]);
}

#[test]
fn a_method_that_calls_itself() {
    let circle = Circle { scale: 2.0 };
    // 2 x⁴ + x² + x
    near(&[circle.scaled_gradient(0.5, 2)], &[8.0 * 0.125 + 2.0]);
    near(&circle.scaled_hessian(0.5, 2)[0], &[24.0 * 0.25 + 2.0]);
}

#[test]
fn arguments_in_place() {
    let (of_y, of_r) = Circle::filled_gradient(&[1.0, 2.0, 3.0], 0.5);
    near(&of_y, &[0.0, 0.75, 1.5]);
    near(&[of_r], &[8.0 * 6.0 * 0.5]);
}

/// Called as methods, on a receiver that is constant.
#[derive(Clone, Copy)]
struct Scale {
    by: f64,
}

impl Scale {
    #[differentiable(wrt(x))]
    fn apply(&self, x: f64) -> f64 {
        self.by * x * x
    }

    #[differentiable(wrt(x))]
    fn total(&self, x: &[f64]) -> f64 {
        let mut total = 0.0;
        for i in 0..x.len() {
            total += self.apply(x[i]) * self.powers(x[i], [0_u8; 2]);
        }
        total
    }

    #[differentiable(wrt(x))]
    fn powers<const N: usize>(&self, x: f64, _: [u8; N]) -> f64 {
        x.powi(N as i32)
    }

    #[differentiable(wrt(x))]
    fn change(&self, x: &mut [f64], by: f64) {
        for i in 0..x.len() {
            x[i] = self.apply(x[i]) + by;
        }
    }

    #[differentiable(wrt(x))]
    fn changed(&self, x: &[f64]) -> f64 {
        let mut y = x.to_vec();
        self.change(&mut y, 1.0);
        self.total(&y)
    }
}

#[differentiable(wrt(x))]
fn of_scale(scale: &Scale, copy: Scale, x: f64) -> f64 {
    scale.apply(x) + copy.apply(x * x)
}

#[test]
fn receivers_that_are_constant() {
    let scale = Scale { by: 2.0 };
    // 2 x² + 2 x⁴
    near(
        &[of_scale::gradient(&scale, scale, 0.5)],
        &[4.0 * 0.5 + 8.0 * 0.125],
    );
    near(
        &of_scale::hessian(&scale, scale, 0.5)[0],
        &[4.0 + 24.0 * 0.25],
    );
    // 2 x⁴
    near(&scale.total_gradient(&[0.5, 1.0]), &[1.0, 8.0]);
    near(scale.total_hessian(&[0.5, 1.0]).row(1), &[0.0, 24.0]);
    // 2 (2 x² + 1)⁴, with the derivative 32 x (2 x² + 1)³
    near(&scale.changed_gradient(&[0.5]), &[16.0 * 3.375]);
    near(
        scale.changed_hessian(&[0.5]).row(0),
        &[32.0 * 3.375 + 16.0 * 3.0 * 2.25 * 2.0],
    );
}

struct Powers<T, const N: usize>([T; N]);

#[differentiable]
impl<T: Float, const N: usize> Powers<T, N> {
    fn square(x: T) -> T {
        x * x
    }

    fn sum(x: &[T; N]) -> T {
        let mut total = T::zero();
        for i in 0..N {
            total = total + Self::square(x[i]) * Powers::<T, 2>::square(x[i]);
        }
        total
    }
}

#[differentiable]
fn of_powers<T: Float>(x: &[T; 3]) -> T {
    Powers::<T, 3>::sum(x)
}

#[test]
fn generic_blocks() {
    let powers = Powers([1.0, 2.0, 3.0]);
    near(&Powers::sum_gradient(&powers.0), &[4.0, 32.0, 108.0]);
    near(&of_powers::gradient(&powers.0), &[4.0, 32.0, 108.0]);
    near(&of_powers::hessian(&powers.0)[2], &[0.0, 0.0, 108.0]);
}
