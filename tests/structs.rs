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

/// Neither copied nor cloned.
#[derive(Debug, PartialEq, Differentiable)]
struct Unique {
    value: f64,
    label: &'static str,
}

#[differentiable]
fn unique(x: f64) -> Unique {
    let squared = Unique {
        value: x * x,
        label: "squared",
    };
    Unique {
        value: squared.value.sin(),
        ..squared
    }
}

#[differentiable]
fn pair<T: num_traits::Float>(a: T, b: &[T; 2]) -> Pair<T> {
    Pair {
        a: a * b[0],
        b: [b[1], a],
    }
}

mod shapes {
    #[derive(Clone, Copy, Debug, PartialEq, autodiff::Differentiable)]
    pub(super) struct Circle<T>(pub(super) T, pub(super) [T; 2]);
}

#[differentiable]
fn grown(circle: &shapes::Circle<f64>, by: f64) -> shapes::Circle<f64> {
    let shapes::Circle(radius, centre) = *circle;
    shapes::Circle(radius * by, centre)
}

#[test]
fn results_of_all_kinds() {
    let (value, back) = unique::pullback(2.0);
    assert_eq!(value, unique(2.0));
    let seed = UniqueTangent {
        value: 1.0,
        label: (),
    };
    assert!((back(seed) - 4.0 * 4.0_f64.cos()).abs() < 1e-12);
    let (value, tangent) = pair::jvp(2.0_f32, &[3.0, 5.0], 1.0, &[0.0, 0.5]);
    assert_eq!((value.a, value.b), (6.0, [5.0, 2.0]));
    assert_eq!((tangent.a, tangent.b), (3.0, [0.5, 1.0]));
    let jacobian = grown::jacobian(&shapes::Circle(2.0, [1.0, 0.0]), 3.0);
    assert_eq!((jacobian.rows(), jacobian.cols()), (3, 4));
    assert_eq!(jacobian.row(0), [3.0, 0.0, 0.0, 2.0]);
}

#[derive(Clone, Copy, Debug, PartialEq, Differentiable)]
struct Point {
    x: f64,
    y: f64,
}

const ORIGIN: Point = Point { x: 0.5, y: 2.0 };

fn centre() -> Point {
    Point { x: 1.0, y: 3.0 }
}

/// Constants and the results of inactive functions are values like others.
#[differentiable]
fn farthest(points: &[Point], k: f64) -> f64 {
    let mut best = ORIGIN;
    let middle: Point = centre();
    let mut length = 0.0;
    for p in points {
        let (dx, dy) = (p.x - middle.x, p.y - middle.y);
        if dx * dx + dy * dy > length {
            best = *p;
            length = dx * dx + dy * dy;
        }
    }
    best.x * best.y * k
}

#[test]
fn constants_and_inactive_results() {
    let (dp, dk) = farthest::gradient(&[], 3.0);
    assert_eq!((dp.len(), dk), (0, 1.0));
    let points = [Point { x: 1.0, y: 2.0 }, Point { x: 5.0, y: 7.0 }];
    let (dp, dk) = farthest::gradient(&points, 3.0);
    assert_eq!((dp[0].x, dp[0].y, dp[1].x, dp[1].y), (0.0, 0.0, 21.0, 15.0));
    assert_eq!(dk, 35.0);
}

#[differentiable]
fn exchanged(points: &mut [Point], other: &mut Point, k: f64) -> f64 {
    std::mem::swap(&mut points[0], other);
    let old = std::mem::replace(&mut points[1], Point { x: k, y: k * k });
    points.swap(0, 1);
    old.x * points[0].y + points[1].x
}

#[test]
fn structs_change_places() {
    let mut points = [Point { x: 1.0, y: 2.0 }, Point { x: 5.0, y: 7.0 }];
    let mut other = Point { x: -1.0, y: -2.0 };
    let mut points_bar = vec![PointTangent { x: 0.0, y: 0.0 }; 2];
    let mut other_bar = PointTangent { x: 0.0, y: 0.0 };
    let (value, dk) = exchanged::vjp(
        &mut points,
        &mut other,
        3.0,
        1.0,
        &mut points_bar,
        &mut other_bar,
    );
    assert_eq!((value, dk), (5.0 * 9.0 - 1.0, 5.0 * 6.0));
    assert_eq!(points[0], Point { x: 3.0, y: 9.0 });
    assert_eq!((points[1].x, other.x), (-1.0, 1.0));
    assert_eq!(
        (points_bar[0].x, points_bar[1].x, other_bar.x),
        (0.0, 9.0, 1.0)
    );
}
