//! Calls of methods on what is differentiated.

use autodiff::{Differentiable, differentiable};

#[derive(Clone, Copy, Debug, Differentiable, PartialEq)]
struct Point {
    x: f64,
    y: f64,
}

#[differentiable(order = 1)]
impl Point {
    fn squared(&self) -> f64 {
        self.x * self.x + self.y * self.y
    }

    fn twice(&self) -> f64 {
        Self::squared(self) * 2.0
    }
}

#[differentiable(order = 1)]
fn of_path(p: &Point, a: f64) -> f64 {
    Point::squared(p) * a
}

#[test]
fn paths() {
    let p = Point { x: 1.0, y: 2.0 };
    assert_eq!(p.twice_gradient(), PointTangent { x: 4.0, y: 8.0 });
    assert_eq!(
        of_path::gradient(&p, 2.0),
        (PointTangent { x: 4.0, y: 8.0 }, 5.0)
    );
    let (value, tangent) = of_path::jvp(&p, 2.0, &PointTangent { x: 1.0, y: 0.0 }, 1.0);
    assert_eq!((value, tangent), (10.0, 9.0));
}

#[differentiable(order = 1)]
impl Point {
    fn scaled(self, by: f64) -> f64 {
        (self.x * by).sin() + self.y
    }

    fn distance(&self, other: &Point) -> f64 {
        let dx = self.x - other.x;
        let dy = self.y - other.y;
        (dx * dx + dy * dy).sqrt()
    }

    fn by_method(&self, other: &Self, by: f64) -> f64 {
        let mut total = self.squared() * other.distance(self);
        for i in 0..3 {
            total += self.scaled(by * i as f64) * other.scaled(total);
        }
        total
    }
}

#[differentiable(order = 1)]
fn path_length(points: &[f64], p: &Point, q: Point) -> f64 {
    let mut total = 0.0;
    for i in 0..points.len() {
        total += p.scaled(points[i]) * q.distance(p) + q.by_method(p, total);
    }
    total
}

/// The same without calls.
#[differentiable(order = 1)]
fn plain(points: &[f64], p: &Point, q: Point) -> f64 {
    let mut total = 0.0;
    for i in 0..points.len() {
        let dx = q.x - p.x;
        let dy = q.y - p.y;
        let distance = (dx * dx + dy * dy).sqrt();
        let scaled = (p.x * points[i]).sin() + p.y;
        let mut inner = (q.x * q.x + q.y * q.y) * distance;
        for j in 0..3 {
            let a = (q.x * (total * j as f64)).sin() + q.y;
            let b = (p.x * inner).sin() + p.y;
            inner += a * b;
        }
        total += scaled * distance + inner;
    }
    total
}

fn near(a: f64, b: f64) {
    assert!((a - b).abs() <= 1e-9 * (1.0 + b.abs()), "{a} is not {b}");
}

#[test]
fn methods_of_what_varies() {
    let (points, p, q) = (
        [0.5, 0.2],
        Point { x: 0.3, y: 0.1 },
        Point { x: 0.2, y: 0.4 },
    );
    near(path_length(&points, &p, q), plain(&points, &p, q));
    let (of_points, of_p, of_q) = path_length::gradient(&points, &p, q);
    let (plain_points, plain_p, plain_q) = plain::gradient(&points, &p, q);
    for (a, b) in of_points.iter().zip(&plain_points) {
        near(*a, *b);
    }
    near(of_p.x, plain_p.x);
    near(of_p.y, plain_p.y);
    near(of_q.x, plain_q.x);
    near(of_q.y, plain_q.y);
    let (_, tangent) = path_length::jvp(&points, &p, q, &[1.0, -1.0], &plain_q, plain_p.clone());
    let (_, plain_tangent) = plain::jvp(&points, &p, q, &[1.0, -1.0], &plain_q, plain_p);
    near(tangent, plain_tangent);
    let (value, back) = path_length::pullback(&points, &p, q);
    near(value, plain(&points, &p, q));
    near(back(2.0).1.x, 2.0 * plain_q.x.mul_add(0.0, of_p.x));
}
