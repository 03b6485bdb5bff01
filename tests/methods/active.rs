//! Methods of structs that are differentiated with respect to `self`.

use autodiff::{Differentiable, Workspace, differentiable};
use num_traits::Float;

#[derive(Clone, Debug, Differentiable, PartialEq)]
struct Model {
    weights: Vec<f64>,
    bias: f64,
    steps: usize,
}

fn model() -> Model {
    Model {
        weights: vec![0.5, -1.0, 2.0],
        bias: 0.25,
        steps: 3,
    }
}

impl Model {
    #[differentiable]
    fn loss(&self, x: &[f64]) -> f64 {
        let mut total = self.bias;
        for i in 0..self.weights.len() {
            total += self.weights[i] * x[i].sin() * self.steps as f64;
        }
        total * total
    }

    #[differentiable(wrt(self))]
    fn of_self(self, x: f64) -> f64 {
        let mut y = x;
        for _ in 0..self.steps {
            y = (y * self.bias).sin() + self.weights[1];
        }
        y
    }

    #[differentiable]
    fn norm(&self) -> f64 {
        let mut total = self.bias * self.bias;
        for w in &self.weights {
            total += w * w;
        }
        total.sqrt()
    }

    #[differentiable]
    fn predict(&self, x: [f64; 2]) -> [f64; 2] {
        [self.bias * x[0], self.weights[0] * x[1]]
    }
}

#[differentiable]
fn loss(this: &Model, x: &[f64]) -> f64 {
    let mut total = this.bias;
    for i in 0..this.weights.len() {
        total += this.weights[i] * x[i].sin() * this.steps as f64;
    }
    total * total
}

#[differentiable(wrt(this))]
fn of_self(this: Model, x: f64) -> f64 {
    let mut y = x;
    for _ in 0..this.steps {
        y = (y * this.bias).sin() + this.weights[1];
    }
    y
}

#[test]
fn self_behind_a_reference() {
    let (model, x) = (model(), [1.0, 2.0, -0.5]);
    let (of_model, of_x) = model.loss_gradient(&x);
    assert_eq!((of_model.clone(), of_x), loss::gradient(&model, &x));
    assert_eq!(model.loss_hessian(&x), loss::hessian(&model, &x));
    let (value, back) = model.loss_pullback(&x);
    assert_eq!((value, back(0.5)), loss::vjp(&model, &x, 0.5));
    assert_eq!(
        model.loss_jvp(&x, &of_model, &[1.0, 0.0, 2.0]),
        loss::jvp(&model, &x, &of_model, &[1.0, 0.0, 2.0])
    );
    let (mut into, mut x_into) = (of_model.clone(), [0.0; 3]);
    let mut workspace = Workspace::new();
    model.loss_gradient_into_with(&mut workspace, &x, &mut into, &mut x_into);
    assert_eq!(into, of_model);
    assert_eq!(model.norm_gradient().bias, 0.25 / model.norm());
}

#[test]
fn self_by_value() {
    assert_eq!(
        model().of_self_value_gradient_hessian(0.5),
        of_self::value_gradient_hessian(model(), 0.5)
    );
}

#[test]
fn an_array_that_depends_on_self() {
    let jacobian = model().predict_jacobian([2.0, 3.0]);
    assert_eq!(jacobian.row(0), [0.0, 0.0, 0.0, 2.0, 0.25, 0.0]);
    assert_eq!(jacobian.row(1), [3.0, 0.0, 0.0, 0.0, 0.0, 0.5]);
}

#[derive(Clone, Copy, Debug, Differentiable)]
struct Cubic<T> {
    c: [T; 4],
}

#[differentiable]
impl<T: Float> Cubic<T> {
    fn at(&self, x: T) -> T {
        let mut value = T::zero();
        for i in (0..4).rev() {
            value = value * x + self.c[i];
        }
        value
    }

    /// Neither gives a number nor changes one.
    fn degree(&self) -> usize {
        self.c.len() - 1
    }
}

#[test]
fn a_generic_struct() {
    let cubic = Cubic {
        c: [1.0, -2.0, 0.5, 3.0],
    };
    let (of_cubic, of_x) = cubic.at_gradient(2.0);
    assert_eq!((of_cubic.c, of_x), ([1.0, 2.0, 4.0, 8.0], 36.0));
    // Of the mixed derivatives, which are 0, 1, 4 and 12.
    assert_eq!(cubic.at_hvp(2.0, &of_cubic, 0.0).1.1, 2.0 + 16.0 + 96.0);
    assert_eq!(cubic.degree(), 3);
}

/// What changes `self` in place.
#[derive(Clone, Copy, Debug, Differentiable, PartialEq)]
struct Particle {
    position: f64,
    speed: f64,
}

#[differentiable]
impl Particle {
    fn step(&mut self, dt: f64) {
        self.speed -= self.position * dt;
        self.position += self.speed * dt;
    }
}

#[test]
fn self_in_place() {
    let start = Particle {
        position: 1.0,
        speed: 0.5,
    };
    let (mut particle, mut tangent) = (start, Particle { ..start }.step_tangent());
    particle.step_jvp(0.1, &mut tangent, 0.0);
    let mut plain = start;
    plain.step(0.1);
    assert_eq!(particle, plain);
    assert_eq!((tangent.position, tangent.speed), (1.0 - 0.01, -0.1));
    let mut adjoint = tangent.clone();
    let mut again = start;
    let dt_bar = again.step_vjp(0.1, &mut adjoint);
    assert_eq!(again, plain);
    assert!(dt_bar.is_finite());
}

impl Particle {
    /// The direction of the position.
    fn step_tangent(self) -> <Self as Differentiable>::Tangent {
        let mut tangent = self.zero_tangent();
        tangent.position = 1.0;
        tangent
    }
}
