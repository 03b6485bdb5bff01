//! Structs of the user's in differentiated functions: what the samples, whose every number moves, cannot show.

use autodiff::{Differentiable, differentiable, stop_gradient};

#[derive(Clone, Debug, PartialEq, Differentiable)]
struct Model {
    weight: f64,
    #[no_derivative]
    rate: f64,
    #[no_derivative]
    table: Vec<f64>,
    #[no_derivative]
    kind: Kind,
    label: String,
}

#[derive(Clone, Copy, Debug, PartialEq)]
enum Kind {
    Plain,
    Squared,
}

#[differentiable]
fn predict(model: &Model, x: f64) -> f64 {
    let mut sum = model.weight * stop_gradient(model.rate) * x;
    for i in 0..model.table.len() {
        sum += stop_gradient(model.table[i]) * x.powi(2);
    }
    if model.kind == Kind::Squared {
        sum = sum * sum;
    }
    sum * x.max(stop_gradient(model.rate))
}

fn model(kind: Kind) -> Model {
    Model {
        weight: 2.0,
        rate: 0.5,
        table: vec![1.0, 3.0],
        kind,
        label: String::from("a"),
    }
}

#[test]
fn fields_without_derivative_are_constants() {
    let (dm, dx) = predict::gradient(&model(Kind::Plain), 1.5);
    // (2 * 0.5 * x + 4 * x^2) * x, and with respect to the weight 0.5 * x * x.
    assert!((dx - (2.0 * 1.5 + 12.0 * 1.5 * 1.5)).abs() < 1e-12);
    assert!((dm.weight - 0.5 * 1.5 * 1.5).abs() < 1e-12);
    assert_eq!(((), (), ()), (dm.rate, dm.table, dm.kind));
    // At a tie with a constant, the constant wins.
    let (_, dx) = predict::gradient(&model(Kind::Plain), 0.5);
    assert!((dx - (1.0 + 4.0 * 2.0 * 0.5) * 0.5).abs() < 1e-12);
    let (squared, _) = predict::value_and_gradient(&model(Kind::Squared), 1.5);
    assert_eq!(squared, predict(&model(Kind::Squared), 1.5));
}

/// The columns of a Hessian go through the fields in order.
#[test]
fn hessians_are_flattened() {
    let hessian = predict::hessian(&model(Kind::Plain), 1.5);
    assert_eq!((hessian.rows(), hessian.cols()), (2, 2));
    assert!((hessian[(0, 1)] - 1.5).abs() < 1e-12);
    assert_eq!(hessian[(0, 1)], hessian[(1, 0)]);
}

#[derive(Clone, Debug, PartialEq, Differentiable)]
struct Curve {
    points: Vec<[f64; 2]>,
    weights: Vec<f64>,
}

#[differentiable]
fn length(curve: &Curve) -> f64 {
    let mut sum = 0.0;
    for (point, weight) in curve.points.iter().zip(&curve.weights) {
        sum += weight * point[0].hypot(point[1]);
    }
    sum
}

/// Directions of another shape are reported by the field, ahead of everything else.
#[test]
#[should_panic(expected = "`curve.weights` has length 1, but `curve.weights` has length 2")]
fn lengths_are_checked_by_field() {
    let curve = Curve {
        points: vec![[1.0, 2.0]; 2],
        weights: vec![1.0; 2],
    };
    let mut direction = curve.zero_tangent();
    direction.weights.pop();
    length::jvp(&curve, &direction);
}

/// A struct that several functions take, generic over its scalar.
#[derive(Clone, Debug, PartialEq, Differentiable)]
struct Pair<T> {
    a: T,
    b: [T; 2],
}

#[differentiable]
fn product<T: num_traits::Float>(pair: &Pair<T>, x: T) -> T {
    pair.a * pair.b[0] * x + pair.b[1]
}

#[test]
fn generic_structs() {
    let pair = Pair {
        a: 2.0_f32,
        b: [3.0, 5.0],
    };
    let (dp, dx) = product::gradient(&pair, 0.5);
    assert_eq!((dp.a, dp.b, dx), (1.5, [1.0, 1.0], 6.0));
}

impl Curve {
    #[differentiable]
    fn weighted(&self, scale: f64) -> f64 {
        let mut sum = 0.0;
        for i in 0..self.weights.len() {
            sum += self.weights[i] * self.points[i][0];
        }
        sum * scale
    }
}

#[test]
fn methods_of_structs() {
    let curve = Curve {
        points: vec![[1.0, 2.0], [3.0, 4.0]],
        weights: vec![0.5, 2.0],
    };
    let (dc, ds) = curve.weighted_gradient(2.0);
    assert_eq!((dc.weights, ds), (vec![2.0, 6.0], 6.5));
    assert_eq!(dc.points, [[1.0, 0.0], [4.0, 0.0]]);
}
