//! Functions of numbers whose results are none: every derivative is there, and zero.

use autodiff::differentiable;

#[differentiable]
fn length(v: &[f64]) -> usize {
    v.len()
}

#[differentiable]
fn side(x: f64) -> bool {
    x > 0.0
}

#[test]
fn the_tangent_of_no_number_is_unit() {
    assert_eq!(length::jvp(&[1.0], &[1.0]), (1, ()));
    assert_eq!(length::vjp(&[1.0], ()), (1, vec![0.0]));
    assert_eq!(side::vjp(1.0, ()), (true, 0.0));
    assert_eq!(side::pullback(1.0).0, side(1.0));
}
