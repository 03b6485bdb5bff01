#![allow(clippy::needless_range_loop, reason = "index loops are what is tested")]
//! Functions that are generic over the scalar, over lengths and over what they are handed.

use approx::assert_relative_eq;
use autodiff::{Scalar, differentiable};
use num_traits::{Float, FloatConst, real::Real};

#[differentiable]
fn rosenbrock<T: Float>(x: T, y: T) -> T {
    let hundred = T::from(100.0).unwrap();
    (T::one() - x).powi(2) + hundred * (y - x * x).powi(2)
}

#[differentiable]
fn gaussian<T>(x: T, mean: T, deviation: T) -> T
where
    T: Float + FloatConst,
{
    let z = (x - mean) / deviation;
    let two = T::one() + T::one();
    (-z * z / two).exp() / (deviation * (two * T::PI()).sqrt())
}

#[differentiable]
fn real<T: Real>(x: T, y: T) -> T {
    let small = T::epsilon();
    (x * y).sin() + T::max(x, y) * (x + small).ln() - T::powi(y, 3)
}

#[differentiable]
fn scalar<T: Scalar>(x: T, n: i32) -> T {
    let mut total = T::zero();
    for i in 0..n {
        total += x.powi(i) / T::from_literal(2.0);
    }
    total
}

#[differentiable]
fn weighted<T: Float, const N: usize>(x: &[T; N], w: &[T], n: usize) -> T {
    let mut total = T::zero();
    for i in 0..N {
        let weight = w[i] * T::from(n + i).unwrap() + T::from(0.5_f32).expect("fits");
        total = total + weight * x[i] * x[i].tanh();
    }
    total / T::from(N).unwrap()
}

#[differentiable]
fn orbit<T: Float>(mut x: T, c: T, n: usize) -> (T, [T; 2]) {
    let mut path = [T::zero(); 2];
    for i in 0..n {
        x = x * x + c;
        if x > T::from(2).unwrap() {
            break;
        }
        path[i % 2] = path[i % 2] + x * x;
    }
    (x, path)
}

#[differentiable]
fn in_out<T: Float>(x: &mut [T], rate: T) {
    for i in 1..x.len() {
        x[i] = x[i] - rate * x[i - 1];
    }
}

#[differentiable]
fn widened<T: Float>(x: T, y: f64) -> f64 {
    let wide = x.to_f64().unwrap();
    let narrow = T::from(y * 2.0).unwrap();
    wide * wide * y + (narrow * x).to_f64().unwrap()
}

#[differentiable]
fn with_a_function<T: Float, F: Fn(usize) -> f64 + Copy>(x: &[T], weight: F) -> T {
    let mut total = T::zero();
    for i in 0..x.len() {
        let w: f64 = weight(i);
        total = total + x[i].exp() * T::from(w).unwrap();
    }
    total
}

fn close(a: f64, b: f64) {
    assert_relative_eq!(a, b, epsilon = 1e-6, max_relative = 1e-6);
}

fn difference(f: impl Fn(f64) -> f64) -> f64 {
    let h = 1e-5;
    (8.0 * (f(h) - f(-h)) - (f(2.0 * h) - f(-2.0 * h))) / (12.0 * h)
}

#[test]
fn scalars_of_both_widths() {
    let (dx, dy) = rosenbrock::gradient(1.2, 1.0);
    assert_relative_eq!(dx, 211.6, max_relative = 1e-12);
    assert_relative_eq!(dy, -88.0, max_relative = 1e-12);
    let (dx, dy) = rosenbrock::gradient(1.2_f32, 1.0_f32);
    assert_relative_eq!(dx, 211.6, max_relative = 1e-5);
    assert_relative_eq!(dy, -88.0, max_relative = 1e-5);
    let h: [[f64; 2]; 2] = rosenbrock::hessian(1.2, 1.0);
    assert_relative_eq!(h[0][0], 1330.0, max_relative = 1e-12);
    assert_relative_eq!(h[0][1], -480.0, max_relative = 1e-12);
    assert_eq!(h[0][1], h[1][0]);
}

#[test]
fn constants_of_the_type() {
    let (x, m, s) = (0.7, 0.2, 1.3);
    let (value, (dx, dm, ds)) = gaussian::value_and_gradient(x, m, s);
    assert_eq!(value, gaussian(x, m, s));
    close(dx, difference(|h| gaussian(x + h, m, s)));
    close(dm, difference(|h| gaussian(x, m + h, s)));
    close(ds, difference(|h| gaussian(x, m, s + h)));
    let hessian = gaussian::hessian(x, m, s);
    close(
        hessian[2][0],
        difference(|h| gaussian::gradient(x + h, m, s).2),
    );
}

#[test]
fn bounds_of_other_traits() {
    let (x, y) = (0.7, 1.1);
    let (dx, dy) = real::gradient(x, y);
    close(dx, difference(|h| real(x + h, y)));
    close(dy, difference(|h| real(x, y + h)));
    close(
        real::hessian(x, y)[0][1],
        difference(|h| real::gradient(x, y + h).0),
    );
    close(
        scalar::gradient(0.5, 4),
        (1.0 + 2.0 * 0.5 + 3.0 * 0.25) / 2.0,
    );
    close(scalar::hessian(0.5, 4)[0][0], (2.0 + 6.0 * 0.5) / 2.0);
}

#[test]
fn arrays_and_slices() {
    let (x, w) = ([0.5, -0.3, 1.2], [1.0, 2.0, 0.25]);
    let (value, (dx, dw)) = weighted::value_and_gradient(&x, &w, 3);
    assert_eq!(value, weighted(&x, &w, 3));
    for i in 0..3 {
        let moved = |h: f64| {
            let mut y = x;
            y[i] += h;
            weighted(&y, &w, 3)
        };
        close(dx[i], difference(moved));
        let moved = |h: f64| {
            let mut v = w;
            v[i] += h;
            weighted(&x, &v, 3)
        };
        close(dw[i], difference(moved));
    }
    let (u, v) = ([0.1, 0.2, 0.3], [0.5, 0.25, -1.0]);
    let (_, tangent) = weighted::jvp(&x, &w, 3, &u, &v);
    let dot: f64 = (0..3).map(|i| dx[i] * u[i] + dw[i] * v[i]).sum();
    assert_relative_eq!(tangent, dot, max_relative = 1e-12);
    let (narrow, wide) = (weighted::<f32, 3>, weighted::<f64, 3>);
    assert_relative_eq!(
        f64::from(narrow(&x.map(|x| x as f32), &w.map(|w| w as f32), 3)),
        wide(&x, &w, 3),
        max_relative = 1e-6
    );
}

#[test]
fn loops_and_results_of_several_parts() {
    let (x, c) = (0.3, 0.4);
    let ((end, path), (dx, dc)) = orbit::vjp(x, c, 5, (1.0, [0.5, 0.25]));
    assert_eq!((end, path), orbit(x, c, 5));
    let combined = |x: f64, c: f64| {
        let (end, path) = orbit(x, c, 5);
        end + 0.5 * path[0] + 0.25 * path[1]
    };
    close(dx, difference(|h| combined(x + h, c)));
    close(dc, difference(|h| combined(x, c + h)));
    let (_, pullback) = orbit::pullback(x, c, 5);
    assert_eq!(pullback((1.0, [0.5, 0.25])), (dx, dc));
    let jacobian = orbit::jacobian(x, c, 5);
    close(jacobian[0][0], difference(|h| orbit(x + h, c, 5).0));
    close(jacobian[2][1], difference(|h| orbit(x, c + h, 5).1[1]));
}

#[test]
fn places_that_are_written() {
    let mut x = [1.0_f32, 2.0, 3.0];
    let mut x_bar = [0.0, 0.0, 1.0];
    let rate_bar = in_out::vjp(&mut x, 0.5, &mut x_bar);
    assert_eq!(x, [1.0, 1.5, 2.25]);
    assert_eq!(x_bar, [0.25, -0.5, 1.0]);
    assert_eq!(rate_bar, -1.5 + 0.5);
}

#[test]
fn conversions_between_types() {
    let (x, y) = (0.5_f32, 1.5);
    let (value, (dx, dy)) = widened::vjp(x, y, 1.0);
    assert_eq!(value, widened(x, y));
    assert_eq!(dx, 4.5);
    assert_eq!(dy, 0.25 + 1.0);
    let (value, (dx, dy)) = widened::vjp(0.5_f64, y, 1.0);
    assert_eq!((value, dx, dy), (widened(0.5, y), 4.5, 1.25));
}

#[test]
fn functions_that_are_handed_in() {
    let gradient = with_a_function::gradient(&[0.0, 1.0], |i| i as f64 + 1.0);
    close(gradient[0], 1.0);
    close(gradient[1], 2.0 * 1.0_f64.exp());
}
