//! The laws of a vector space, for tangents of every kind of type, and the laws by which tangents move points.

use autodiff_runtime::{Differentiable, Tangent};
use proptest::prelude::*;

/// A value of every way of composing differentiable types.
type Point = (
    f64,
    [f32; 2],
    Vec<[f64; 2]>,
    Option<Box<(f64, bool)>>,
    (usize, &'static str),
    Box<[f64]>,
);

/// Small integers: their sums and products are exact, in `f32` too, so that the laws hold to the last bit.
fn number() -> impl Strategy<Value = f64> {
    (-64..=64).prop_map(f64::from)
}

fn shape() -> impl Strategy<Value = Point> {
    (0..4_usize, any::<bool>(), 0..3_usize).prop_map(|(pairs, boxed, slice)| {
        (
            0.0,
            [0.0; 2],
            vec![[0.0; 2]; pairs],
            boxed.then(|| Box::new((0.0, true))),
            (7, "label"),
            vec![0.0; slice].into_boxed_slice(),
        )
    })
}

/// A point and three tangents of its shape.
fn point_and_tangents() -> impl Strategy<Value = (Point, [<Point as Differentiable>::Tangent; 3])> {
    (shape(), prop::collection::vec(number(), 100)).prop_map(|(shape, numbers)| {
        let mut numbers = numbers.into_iter().cycle();
        let mut next = || numbers.next().expect("a cycle does not end");
        let mut tangent = || {
            let mut tangent = shape.zero_tangent();
            tangent.assign_scalars(&mut next);
            tangent
        };
        let (start, tangents) = (tangent(), [tangent(), tangent(), tangent()]);
        let mut point = shape;
        point.move_by(&start);
        (point, tangents)
    })
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

proptest! {
    #[test]
    fn addition_is_commutative_and_associative((_, [u, v, w]) in point_and_tangents()) {
        prop_assert_eq!(sum(&u, &v), sum(&v, &u));
        prop_assert_eq!(sum(&sum(&u, &v), &w), sum(&u, &sum(&v, &w)));
    }

    #[test]
    fn zero_is_neutral((point, [u, ..]) in point_and_tangents()) {
        let zero = point.zero_tangent();
        prop_assert_eq!(sum(&u, &zero), u.clone());
        prop_assert_eq!(sum(&u, &scaled(-1.0, &u)), zero.clone());
        let mut cleared = u;
        cleared.set_zero();
        prop_assert_eq!(cleared, zero);
    }

    #[test]
    fn multiplication_distributes((_, [u, v, _]) in point_and_tangents(), a in number(), b in number()) {
        prop_assert_eq!(scaled(a, &sum(&u, &v)), sum(&scaled(a, &u), &scaled(a, &v)));
        prop_assert_eq!(scaled(a + b, &u), sum(&scaled(a, &u), &scaled(b, &u)));
        prop_assert_eq!(scaled(a, &scaled(b, &u)), scaled(a * b, &u));
        prop_assert_eq!(scaled(1.0, &u), u);
    }

    #[test]
    fn adding_a_multiple_is_scaling_and_adding((_, [u, v, _]) in point_and_tangents(), a in number()) {
        let mut fused = u.clone();
        fused.add_scaled(a, &v);
        prop_assert_eq!(fused, sum(&u, &scaled(a, &v)));
    }

    #[test]
    fn the_inner_product_is_symmetric_bilinear_and_definite(
        (point, [u, v, w]) in point_and_tangents(),
        a in number(),
    ) {
        prop_assert_eq!(u.dot(&v), v.dot(&u));
        prop_assert_eq!(sum(&u, &scaled(a, &v)).dot(&w), u.dot(&w) + a * v.dot(&w));
        prop_assert_eq!(u.dot(&u) == 0.0, u == point.zero_tangent());
    }

    #[test]
    fn flattening_keeps_everything((point, [u, v, _]) in point_and_tangents()) {
        let flat = u.flatten();
        prop_assert_eq!(flat.len(), u.dimension());
        prop_assert_eq!(flat.len(), point.zero_tangent().dimension());
        let mut rebuilt = point.zero_tangent();
        rebuilt.assign_flat(&flat);
        prop_assert_eq!(&rebuilt, &u);
        let products: f64 = flat.iter().zip(v.flatten()).map(|(a, b)| a * b).sum();
        prop_assert_eq!(products, u.dot(&v));
    }

    #[test]
    fn moving_is_an_action_of_the_tangents((point, [u, v, _]) in point_and_tangents()) {
        let mut unmoved = point.clone();
        unmoved.move_by(&point.zero_tangent());
        prop_assert_eq!(&unmoved, &point);

        let mut in_two_steps = point.clone();
        in_two_steps.move_by(&u);
        in_two_steps.move_by(&v);
        let mut at_once = point;
        at_once.move_by(&sum(&u, &v));
        prop_assert_eq!(in_two_steps, at_once);
    }
}

/// A shape holds 1 + 2 + 2·2 + 1 + 0 + 2 scalars: booleans, integers and strings are none.
#[test]
fn only_floats_are_scalars() {
    let point: Point = (
        0.0,
        [0.0; 2],
        vec![[0.0; 2]; 2],
        Some(Box::new((0.0, true))),
        (1, ""),
        Box::new([0.0; 2]),
    );
    assert_eq!(point.zero_tangent().dimension(), 10);
}

#[test]
fn tuples_have_up_to_twelve_members() {
    let mut point = (1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0);
    let mut direction = point.zero_tangent();
    let mut count = 0.0;
    direction.assign_scalars(&mut || {
        count += 1.0;
        count
    });
    point.move_by(&direction);
    assert_eq!(
        point,
        (
            2.0, 3.0, 4.0, 5.0, 6.0, 7.0, 8.0, 9.0, 10.0, 11.0, 12.0, 13.0
        )
    );
}

#[test]
fn references_are_differentiated_as_what_they_point_to() {
    let mut numbers = [1.0, 2.0];
    let view = &numbers[..];
    assert_eq!(Differentiable::zero_tangent(&view), [0.0, 0.0]);
    let mut reference = &mut numbers;
    Differentiable::move_by(&mut reference, &[1.0, 1.0]);
    assert_eq!(numbers, [2.0, 3.0]);
    Differentiable::move_by(&mut "a label", &());
}

#[test]
#[should_panic(expected = "a value behind a shared reference cannot be moved")]
fn shared_numbers_do_not_move() {
    Differentiable::move_by(&mut &1.0, &1.0);
}

#[test]
#[should_panic(expected = "a tangent of length 3 does not fit length 2")]
fn vectors_of_different_length_do_not_add_up() {
    vec![1.0, 2.0].accumulate(&vec![1.0, 2.0, 3.0]);
}

#[test]
#[should_panic(expected = "a tangent of length 1 does not fit length 2")]
fn a_vector_is_not_scaled_and_added_to_a_longer_one() {
    vec![1.0, 2.0].add_scaled(2.0, &vec![1.0]);
}

#[test]
#[should_panic(expected = "a tangent of length 1 does not fit length 2")]
fn vectors_of_different_length_have_no_inner_product() {
    vec![1.0, 2.0].dot(&vec![1.0]);
}

#[test]
#[should_panic(expected = "a tangent of length 1 does not fit length 0")]
fn none_does_not_move_by_some() {
    None::<f64>.move_by(&Some(1.0));
}

#[test]
#[should_panic(expected = "a tangent of length 1 does not fit length 2")]
fn flat_scalars_must_be_as_many_as_the_dimension() {
    [0.0; 2].assign_flat(&[1.0]);
}
