#![allow(
    clippy::needless_range_loop,
    clippy::needless_arbitrary_self_type,
    reason = "index loops and all forms of `self` are what is tested"
)]
//! Methods and associated functions: their derivatives are those of a free function with the same body.

use autodiff::{Workspace, differentiable};
use num_traits::Float;

/// What the free functions below get as parameters.
#[derive(Clone, Copy)]
struct Spring {
    stiffness: f64,
    rest: f64,
    turns: usize,
}

const SPRING: Spring = Spring {
    stiffness: 3.0,
    rest: 0.25,
    turns: 3,
};

impl Spring {
    const GRAVITY: f64 = 9.81;

    #[differentiable(wrt(x))]
    fn energy(&self, x: f64) -> f64 {
        0.5 * self.stiffness * (x - self.rest).powi(2) + Self::GRAVITY * x
    }

    #[differentiable(wrt(x, y))]
    fn coupled(self, x: f64, y: f64) -> f64 {
        let mut total = 0.0;
        for i in 0..self.turns {
            total += (x * y).sin() * self.stiffness + i as f64 * y;
        }
        total
    }

    #[differentiable(associated)]
    fn weighted(x: &[f64], weights: &[f64; 3]) -> f64 {
        let mut total = 0.0;
        for i in 0..x.len() {
            total += weights[i % 3] * x[i] * x[i].exp();
        }
        total * Self::GRAVITY
    }

    /// Large enough for sweeps that are shared.
    #[differentiable(wrt(x), order = 1)]
    pub(crate) fn relaxed(&self, x: &[f64], steps: usize) -> f64 {
        let mut state = x.to_vec();
        for _ in 0..steps {
            for i in 1..state.len() {
                let pull = self.stiffness * (state[i] - state[i - 1] - self.rest);
                state[i] = (state[i] - 0.01 * pull).sin() + 0.1 * state[i - 1] * state[i];
                if state[i] > 1.0 {
                    state[i] = state[i].sqrt() * self.rest;
                }
            }
        }
        let mut total = 0.0;
        for i in 0..state.len() {
            total += state[i] * state[i];
        }
        total
    }

    #[differentiable(wrt(x))]
    fn pushed(&self, x: &mut [f64], rate: f64) {
        for i in 1..x.len() {
            x[i] -= rate * self.stiffness * x[i - 1];
        }
    }

    #[differentiable(wrt(x))]
    fn checked(&self, x: f64) -> Result<f64, &'static str> {
        if x < self.rest {
            return Err("too short");
        }
        Ok(self.stiffness * x * x)
    }

    #[differentiable(wrt(x))]
    fn shape(self: &Self, x: [f64; 2]) -> [f64; 3] {
        [x[0] * x[1], self.stiffness * x[0], x[1].cos()]
    }
}

mod free {
    use super::Spring;
    use autodiff::differentiable;

    #[differentiable(wrt(x))]
    pub(super) fn energy(this: &Spring, x: f64) -> f64 {
        0.5 * this.stiffness * (x - this.rest).powi(2) + Spring::GRAVITY * x
    }

    #[differentiable(wrt(x, y))]
    pub(super) fn coupled(this: Spring, x: f64, y: f64) -> f64 {
        let mut total = 0.0;
        for i in 0..this.turns {
            total += (x * y).sin() * this.stiffness + i as f64 * y;
        }
        total
    }

    #[differentiable]
    pub(super) fn weighted(x: &[f64], weights: &[f64; 3]) -> f64 {
        let mut total = 0.0;
        for i in 0..x.len() {
            total += weights[i % 3] * x[i] * x[i].exp();
        }
        total * Spring::GRAVITY
    }

    #[differentiable(wrt(x), order = 1)]
    pub(super) fn relaxed(this: &Spring, x: &[f64], steps: usize) -> f64 {
        let mut state = x.to_vec();
        for _ in 0..steps {
            for i in 1..state.len() {
                let pull = this.stiffness * (state[i] - state[i - 1] - this.rest);
                state[i] = (state[i] - 0.01 * pull).sin() + 0.1 * state[i - 1] * state[i];
                if state[i] > 1.0 {
                    state[i] = state[i].sqrt() * this.rest;
                }
            }
        }
        let mut total = 0.0;
        for i in 0..state.len() {
            total += state[i] * state[i];
        }
        total
    }

    #[differentiable(wrt(x))]
    pub(super) fn pushed(this: &Spring, x: &mut [f64], rate: f64) {
        for i in 1..x.len() {
            x[i] -= rate * this.stiffness * x[i - 1];
        }
    }

    #[differentiable(wrt(x))]
    pub(super) fn shape(this: &Spring, x: [f64; 2]) -> [f64; 3] {
        [x[0] * x[1], this.stiffness * x[0], x[1].cos()]
    }
}

#[test]
fn a_method_of_one_scalar() {
    let (spring, x, dx) = (SPRING, 1.25, 0.5);
    assert_eq!(spring.energy_jvp(x, dx), free::energy::jvp(&spring, x, dx));
    assert_eq!(spring.energy_vjp(x, dx), free::energy::vjp(&spring, x, dx));
    assert_eq!(
        spring.energy_gradient(x),
        free::energy::gradient(&spring, x)
    );
    assert_eq!(
        spring.energy_value_and_gradient(x),
        free::energy::value_and_gradient(&spring, x)
    );
    assert_eq!(spring.energy_hvp(x, dx), free::energy::hvp(&spring, x, dx));
    assert_eq!(spring.energy_hessian(x), free::energy::hessian(&spring, x));
    assert_eq!(
        spring.energy_value_gradient_hessian(x),
        free::energy::value_gradient_hessian(&spring, x)
    );
    let (mut of_method, mut of_function) = (1.0, 1.0);
    let mut workspace = Workspace::new();
    let value = spring.energy_vjp_into_with(&mut workspace, x, dx, &mut of_method);
    assert_eq!(
        value,
        free::energy::vjp_into(&spring, x, dx, &mut of_function)
    );
    assert_eq!(of_method, of_function);
    let value = spring.energy_gradient_into_with(&mut workspace, x, &mut of_method);
    assert_eq!(
        value,
        free::energy::gradient_into(&spring, x, &mut of_function)
    );
    assert_eq!(of_method, of_function);
    let (value, back) = spring.energy_pullback(x);
    assert_eq!((value, back(2.0)), free::energy::vjp(&spring, x, 2.0));
}

#[test]
fn self_by_value() {
    let (x, y) = (0.3, 0.7);
    assert_eq!(
        SPRING.coupled_value_gradient_hessian(x, y),
        free::coupled::value_gradient_hessian(SPRING, x, y)
    );
    assert_eq!(
        Spring::coupled_hvp(SPRING, x, y, 1.0, -1.0),
        free::coupled::hvp(SPRING, x, y, 1.0, -1.0)
    );
}

#[test]
fn an_associated_function() {
    let (x, weights) = ([0.5, 1.0, -1.0, 0.25], [1.0, 2.0, 3.0]);
    assert_eq!(
        Spring::weighted_gradient(&x, &weights),
        free::weighted::gradient(&x, &weights)
    );
    assert_eq!(
        Spring::weighted_hessian(&x, &weights),
        free::weighted::hessian(&x, &weights)
    );
}

#[test]
fn sweeps_of_a_method() {
    let x = [0.5, 1.0, -1.0, 0.25];
    let (value, gradient) = SPRING.relaxed_value_and_gradient(&x, 3);
    assert_eq!(
        (value, gradient.clone()),
        free::relaxed::value_and_gradient(&SPRING, &x, 3)
    );
    assert_eq!(SPRING.relaxed_gradient(&x, 3), gradient);
    let mut into = [0.0; 4];
    let mut workspace = Workspace::new();
    for _ in 0..2 {
        let again = SPRING.relaxed_gradient_into_with(&mut workspace, &x, 3, &mut into);
        assert_eq!((again, into.to_vec()), (value, gradient.clone()));
    }
    let (again, back) = SPRING.relaxed_pullback(&x, 3);
    assert_eq!((again, back(1.0)), (value, gradient));
    let direction = [1.0, 0.0, -1.0, 2.0];
    assert_eq!(
        SPRING.relaxed_jvp(&x, 3, &direction),
        free::relaxed::jvp(&SPRING, &x, 3, &direction)
    );
}

#[test]
fn parameters_in_place() {
    let (mut x, mut dx) = ([1.0, 2.0, 3.0], [1.0, 0.0, -1.0]);
    SPRING.pushed_jvp(&mut x, 0.1, &mut dx);
    let (mut y, mut dy) = ([1.0, 2.0, 3.0], [1.0, 0.0, -1.0]);
    free::pushed::jvp(&SPRING, &mut y, 0.1, &mut dy);
    assert_eq!((x, dx), (y, dy));
    let (mut x, mut bar) = ([1.0, 2.0, 3.0], [1.0, 0.0, -1.0]);
    SPRING.pushed_vjp(&mut x, 0.1, &mut bar);
    let (mut y, mut bar_of_free) = ([1.0, 2.0, 3.0], [1.0, 0.0, -1.0]);
    free::pushed::vjp(&SPRING, &mut y, 0.1, &mut bar_of_free);
    assert_eq!((x, bar), (y, bar_of_free));
}

#[test]
fn a_result_that_may_be_an_error() {
    assert_eq!(SPRING.checked_gradient(2.0), Ok(12.0));
    assert_eq!(SPRING.checked_hessian(0.0), Err("too short"));
}

#[test]
fn a_result_that_is_an_array() {
    let x = [0.5, -0.25];
    assert_eq!(SPRING.shape_jacobian(x), free::shape::jacobian(&SPRING, x));
}

/// A block whose generics the functions need.
struct Polynomial<T, const N: usize> {
    coefficients: [T; N],
}

#[differentiable]
impl<T: Float, const N: usize> Polynomial<T, N> {
    /// Nothing to differentiate with respect to.
    fn degree(&self) -> usize {
        self.coefficients.len() - 1
    }

    #[differentiable(skip)]
    fn new(coefficients: [T; N]) -> Self {
        Self { coefficients }
    }

    #[differentiable(wrt(x))]
    fn at(&self, x: T) -> T {
        let mut value = T::zero();
        for i in (0..N).rev() {
            let c: T = self.coefficients[i];
            value = value * x + c;
        }
        value
    }

    fn of(coefficients: &[T; N], x: T) -> T {
        let mut value = T::zero();
        for i in (0..N).rev() {
            value = value * x + coefficients[i];
        }
        value
    }

    #[differentiable(order = 1)]
    fn scaled<const M: usize>(x: [T; M], by: T) -> [T; M] {
        let mut scaled = x;
        for i in 0..M {
            scaled[i] = x[i] * by;
        }
        scaled
    }
}

#[test]
fn a_generic_block() {
    let cubic = Polynomial::new([1.0, -2.0, 0.5, 3.0]);
    assert_eq!(cubic.degree(), 3);
    assert_eq!(cubic.at(2.0), 23.0);
    assert_eq!(cubic.at_gradient(2.0), 36.0);
    assert_eq!(cubic.at_hessian(2.0), [[37.0]]);
    let (of_coefficients, of_x) = Polynomial::of_gradient(&cubic.coefficients, 2.0);
    assert_eq!((of_coefficients, of_x), ([1.0, 2.0, 4.0, 8.0], 36.0));
    assert_eq!(Polynomial::<f32, 2>::of_gradient(&[1.0, 3.0], 2.0).1, 3.0);
    assert_eq!(
        Polynomial::<f64, 4>::scaled_vjp([1.0, 2.0], 3.0, [1.0, -1.0]),
        ([3.0, 6.0], ([3.0, -3.0], -1.0))
    );
}

/// What a trait's `impl` gets.
trait Objective {
    type Scale;
    const FACTOR: f64;
    fn helper(n: usize) -> f64;
    fn loss(&self, x: &[f64], scale: Self::Scale) -> f64;
}

struct Squares {
    target: f64,
}

#[differentiable(wrt(x))]
impl Objective for Squares {
    type Scale = f64;
    const FACTOR: f64 = 0.5;

    #[differentiable(skip)]
    fn helper(n: usize) -> f64 {
        1.0 / n as f64
    }

    fn loss(&self, x: &[f64], scale: Self::Scale) -> f64 {
        let mut total = 0.0;
        for i in 0..x.len() {
            total += (x[i] - self.target).powi(2) * scale;
        }
        total * Self::FACTOR * Self::helper(x.len())
    }
}

#[test]
fn the_impl_of_a_trait() {
    let squares = Squares { target: 1.0 };
    let x = [2.0, 4.0];
    assert_eq!(squares.loss(&x, 2.0), 5.0);
    assert_eq!(squares.loss_gradient(&x, 2.0), [1.0, 3.0]);
    assert_eq!(squares.loss_hessian(&x, 2.0)[(1, 1)], 1.0);
}

/// Operators are functions of traits too; the names tell several of one kind apart.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Ratio;

#[differentiable]
impl std::ops::Mul<f64> for Ratio {
    type Output = f64;

    #[differentiable(wrt(by), companion = mul_number)]
    fn mul(self, by: f64) -> Self::Output {
        by * by
    }
}

#[differentiable]
impl<T: Float> std::ops::Mul<[T; 2]> for Ratio {
    type Output = T;

    #[differentiable(wrt(by), companion = mul_pair)]
    fn mul(self, by: [T; 2]) -> Self::Output {
        by[0] * by[1]
    }
}

#[test]
fn operators() {
    assert_eq!(Ratio * 3.0, 9.0);
    assert_eq!(Ratio.mul_number_gradient(3.0), 6.0);
    assert_eq!(Ratio.mul_pair_gradient([3.0, 4.0]), [4.0, 3.0]);
    assert_eq!(Ratio * [3.0, 4.0], 12.0);
}

/// Rules of the user's own for methods: the partial derivatives are methods too.
struct Kernel {
    width: f64,
}

#[differentiable(wrt(x))]
impl Kernel {
    #[differentiable(partials(Self::slope))]
    fn at(&self, x: f64) -> f64 {
        (-(x * x) / self.width).exp()
    }

    fn slope(&self, x: f64) -> f64 {
        -2.0 * x / self.width * (-(x * x) / self.width).exp()
    }

    #[differentiable(jvp = Self::twice_forward, vjp = Self::twice_backward)]
    fn twice(&self, x: f64) -> f64 {
        2.0 * x
    }

    #[differentiable(skip)]
    fn twice_forward(&self, x: f64, dx: f64) -> (f64, f64) {
        (2.0 * x, 2.0 * dx)
    }

    #[differentiable(skip)]
    fn twice_backward(&self, x: f64, dr: f64) -> (f64, f64) {
        (2.0 * x, 2.0 * dr)
    }
}

#[test]
fn rules_for_methods() {
    let kernel = Kernel { width: 2.0 };
    let second = kernel.slope_gradient(0.5);
    assert_eq!(kernel.at_gradient(0.5), kernel.slope(0.5));
    assert_eq!(kernel.at_hessian(0.5), [[second]]);
    assert_eq!(kernel.at_hvp(0.5, 2.0).1, second * 2.0);
    assert_eq!(kernel.twice_pullback(0.5).1(3.0), 6.0);
}

mod geometry {
    use autodiff::differentiable;

    pub struct Cone<'a> {
        pub(super) heights: &'a [f64],
    }

    #[differentiable]
    impl<'a> Cone<'a> {
        #[differentiable(wrt(r))]
        pub fn volume(&'a self, r: f64) -> f64 {
            let mut total = 0.0;
            for i in 0..self.heights.len() {
                let h: f64 = self.heights[i];
                total += r * r * h;
            }
            total
        }

        #[differentiable(wrt(r))]
        pub(super) fn by_function(&self, r: f64, weight: impl Fn(usize) -> f64) -> f64 {
            let w: f64 = weight(2);
            r * r * w
        }
    }
}

#[test]
fn lifetimes_and_modules() {
    let cone = geometry::Cone {
        heights: &[1.0, 2.0],
    };
    assert_eq!(cone.volume_gradient(2.0), 12.0);
    assert_eq!(cone.by_function_gradient(2.0, |i| i as f64), 8.0);
}
