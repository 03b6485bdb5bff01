#![allow(
    clippy::needless_range_loop,
    clippy::needless_arbitrary_self_type,
    clippy::boxed_local,
    reason = "index loops and all forms of `self` are what is tested"
)]
//! Methods and associated functions: their derivatives are those of a free function with the same body.

mod active;
mod active_calls;
mod blocks;
mod calls;
mod traits;

use autodiff::{Workspace, differentiable};

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
