//! The laws of a vector space, and those by which tangents move points, as one check for any differentiable value.

use std::fmt::Debug;

use autodiff::{Differentiable, Tangent};

/// Small integers: their sums and products are exact, in `f32` too, so that the laws hold to the last bit.
fn numbers() -> impl FnMut() -> f64 {
    let mut state = 1_u32;
    move || {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        f64::from(state >> 25) - 64.0
    }
}

fn sum<V: Tangent + Clone>(a: &V, b: &V) -> V {
    let mut sum = a.clone();
    sum.accumulate(b);
    sum
}

fn scaled<V: Tangent + Clone>(factor: f64, a: &V) -> V {
    let mut scaled = a.clone();
    scaled.scale(factor);
    scaled
}

/// Holds a value, whose tangents have `dimension` scalars, to all laws.
#[track_caller]
pub fn check<P: Differentiable + Clone + PartialEq + Debug>(point: P, dimension: usize) {
    let zero = point.zero_tangent();
    assert_eq!(zero.dimension(), dimension);
    assert_eq!(zero.flatten(), vec![0.0; dimension]);

    let mut next = numbers();
    let mut tangent = || {
        let mut tangent = zero.clone();
        tangent.assign_scalars(&mut next);
        tangent
    };
    let (u, v, w) = (tangent(), tangent(), tangent());
    let (a, b) = (3.0, -5.0);

    assert_eq!(sum(&u, &v), sum(&v, &u));
    assert_eq!(sum(&sum(&u, &v), &w), sum(&u, &sum(&v, &w)));
    assert_eq!(sum(&u, &zero), u);
    assert_eq!(sum(&u, &scaled(-1.0, &u)), zero);
    assert_eq!(scaled(a, &sum(&u, &v)), sum(&scaled(a, &u), &scaled(a, &v)));
    assert_eq!(scaled(a + b, &u), sum(&scaled(a, &u), &scaled(b, &u)));
    assert_eq!(scaled(a, &scaled(b, &u)), scaled(a * b, &u));
    assert_eq!(scaled(1.0, &u), u);

    let mut fused = u.clone();
    fused.add_scaled(a, &v);
    assert_eq!(fused, sum(&u, &scaled(a, &v)));

    assert_eq!(u.dot(&v), v.dot(&u));
    assert_eq!(sum(&u, &scaled(a, &v)).dot(&w), u.dot(&w) + a * v.dot(&w));
    assert_eq!(u.dot(&u) == 0.0, dimension == 0);

    let flat = u.flatten();
    assert_eq!(flat.len(), dimension);
    let mut rebuilt = zero.clone();
    rebuilt.assign_flat(&flat);
    assert_eq!(rebuilt, u);
    let products: f64 = flat.iter().zip(v.flatten()).map(|(a, b)| a * b).sum();
    assert_eq!(products, u.dot(&v));
    assert_eq!(u == v, dimension == 0, "only different tangents differ");

    let mut cleared = u.clone();
    cleared.set_zero();
    assert_eq!(cleared, zero);

    let mut unmoved = point.clone();
    unmoved.move_by(&zero);
    assert_eq!(unmoved, point);
    let mut in_two_steps = point.clone();
    in_two_steps.move_by(&u);
    in_two_steps.move_by(&v);
    let mut at_once = point.clone();
    at_once.move_by(&sum(&u, &v));
    assert_eq!(in_two_steps, at_once);
    assert_eq!(at_once == point, dimension == 0, "it moves");
}
