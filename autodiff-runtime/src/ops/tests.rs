//! What holds for the parts of every operation: tangent and reverse are transposes of each other, the curvature is the
//! change of the reverse, and second derivatives are symmetric.

use alloc::{format, vec, vec::Vec};
use core::array::from_fn;
use core::fmt::Debug;

use super::operation::{At, Core, Kept, Results};
use super::*;
use crate::__private::{Directional, Lanes, SharedTape};
use crate::Workspace;

/// Numbers between -1 and 1, always the same.
struct Numbers(u64);

impl Numbers {
    fn next(&mut self) -> f64 {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 11) as f64 / (1_u64 << 52) as f64 - 1.0
    }

    fn vector(&mut self, len: usize) -> Vec<f64> {
        (0..len).map(|_| self.next()).collect()
    }

    fn like<const P: usize>(&mut self, x: &[Vec<f64>; P]) -> [Vec<f64>; P] {
        x.each_ref().map(|x| self.vector(x.len()))
    }
}

fn slices<const P: usize>(x: &[Vec<f64>; P]) -> [&[f64]; P] {
    x.each_ref().map(Vec::as_slice)
}

fn inner(a: &[f64], b: &[f64]) -> f64 {
    a.iter().zip(b).map(|(a, b)| a * b).sum()
}

fn inner_all<const P: usize>(a: &[Vec<f64>; P], b: &[Vec<f64>; P]) -> f64 {
    a.iter().zip(b).map(|(a, b)| inner(a, b)).sum()
}

/// Calls `f` with an operation at a point.
fn at<C: Core<f64, P>, const P: usize, R>(
    shape: C::Shape,
    x: &[Vec<f64>; P],
    f: impl FnOnce(&At<C, f64, P>, &mut Workspace) -> R,
) -> R {
    let workspace = &mut Workspace::new();
    let (y, kept) = C::forward(shape, slices(x), workspace);
    let result = f(
        &At {
            shape,
            x: slices(x),
            y: &y,
            kept: &kept,
        },
        workspace,
    );
    kept.give_back(workspace);
    result
}

fn reverse<C: Core<f64, P>, const P: usize>(
    shape: C::Shape,
    x: &[Vec<f64>; P],
    r: &[f64],
) -> [Vec<f64>; P] {
    at::<C, P, _>(shape, x, |at, workspace| {
        let mut into = x.each_ref().map(|x| vec![0.0; x.len()]);
        C::reverse(at, r, into.each_mut().map(Vec::as_mut_slice), workspace);
        into
    })
}

fn curvature<C: Core<f64, P>, const P: usize>(
    shape: C::Shape,
    x: &[Vec<f64>; P],
    dx: &[Vec<f64>; P],
    r: &[f64],
) -> [Vec<f64>; P] {
    at::<C, P, _>(shape, x, |at, workspace| {
        let mut into = x.each_ref().map(|x| vec![0.0; x.len()]);
        let parts = into.each_mut().map(Vec::as_mut_slice);
        C::curvature(at, slices(dx), r, parts, workspace);
        into
    })
}

/// `x + step * dx`.
fn moved<const P: usize>(x: &[Vec<f64>; P], step: f64, dx: &[Vec<f64>; P]) -> [Vec<f64>; P] {
    let mut moved = x.clone();
    for (moved, dx) in moved.iter_mut().zip(dx) {
        kernel::axpy(step, dx, moved);
    }
    moved
}

#[track_caller]
fn assert_close(what: &str, found: f64, expected: f64, scale: f64, tolerance: f64) {
    assert!(
        (found - expected).abs() <= tolerance * scale.max(1.0),
        "{what}: {found}, but {expected} is expected"
    );
}

/// Holds an operation to its laws around a point.
#[track_caller]
fn check<C: Core<f64, P>, const P: usize>(shape: C::Shape, x: [Vec<f64>; P])
where
    C::Output: PartialEq + Debug,
    <C::Output as Results<f64>>::Along<Lanes<f64, 2>>: Clone + PartialEq + Debug,
{
    let name = C::NAME;
    let mut numbers = Numbers(7);
    for _ in 0..3 {
        let (dx, dz) = (numbers.like(&x), numbers.like(&x));
        let len = at::<C, P, _>(shape, &x, |at, _| at.y.scalars().len());
        let r = numbers.vector(len);

        let tangent = at::<C, P, _>(shape, &x, |at, workspace| {
            C::tangent(at, slices(&dx), workspace).scalars().to_vec()
        });
        let adjoint = reverse::<C, P>(shape, &x, &r);
        let (forward, backward) = (inner(&r, &tangent), inner_all(&adjoint, &dx));
        let size = |v: &[Vec<f64>; P]| inner_all(v, v).sqrt();
        assert_close(name, backward, forward, size(&adjoint), 1e-12);

        let change = curvature::<C, P>(shape, &x, &dx, &r);
        let other = curvature::<C, P>(shape, &x, &dz, &r);
        let scale = size(&change).max(size(&other));
        let text = format!("{name}: symmetry of the second derivatives");
        assert_close(
            &text,
            inner_all(&change, &dz),
            inner_all(&other, &dx),
            scale,
            1e-11,
        );

        check_sweeps::<C, P>(shape, &x, [&dx, &dz], &r);

        let step = 1e-5;
        let ahead = reverse::<C, P>(shape, &moved(&x, step, &dx), &r);
        let behind = reverse::<C, P>(shape, &moved(&x, -step, &dx), &r);
        for (part, (ahead, behind)) in ahead.iter().zip(&behind).enumerate() {
            for i in 0..ahead.len() {
                let difference = (ahead[i] - behind[i]) / (2.0 * step);
                let text = format!("{name}: curvature of element {i} of operand {part}");
                assert_close(&text, change[part][i], difference, scale, 1e-7);
            }
        }
    }
}

/// Two directions as lanes.
fn lanes([first, second]: [&[f64]; 2]) -> Vec<Lanes<f64, 2>> {
    let pairs = first.iter().zip(second);
    pairs.map(|(a, b)| Lanes::from_array([*a, *b])).collect()
}

/// Holds the sweeps that generated functions call to the parts, for two directions at once and for none.
#[track_caller]
fn check_sweeps<C: Core<f64, P>, const P: usize>(
    shape: C::Shape,
    x: &[Vec<f64>; P],
    directions: [&[Vec<f64>; P]; 2],
    r: &[f64],
) where
    C::Output: PartialEq + Debug,
    <C::Output as Results<f64>>::Along<Lanes<f64, 2>>: Clone + PartialEq + Debug,
{
    let dx: [_; P] = from_fn(|part| lanes(directions.map(|dx| dx[part].as_slice())));
    let dx = dx.each_ref().map(Vec::as_slice);
    // The derivatives of the cotangent along both directions.
    let twice: Vec<f64> = r.iter().map(|r| 2.0 * r).collect();
    let dr = lanes([r, &twice]);

    let mut tape = SharedTape::new();
    let (y, along) = sweeps::forward::<C, f64, _, P>(shape, slices(x), dx, &mut tape);
    let (value, again) = sweeps::jvp::<C, f64, _, P>(shape, slices(x), dx);
    at::<C, P, _>(shape, x, |at, workspace| {
        assert!(y == *at.y && value == *at.y);
        for (k, direction) in directions.into_iter().enumerate() {
            let expected = C::tangent(at, slices(direction), workspace);
            for found in [&along, &again] {
                let mut unchanged = found.clone();
                C::Output::set_lane(&mut unchanged, k, &expected);
                assert_eq!(*found, unchanged);
            }
        }
    });

    // The reverse sweep may run several times.
    for _ in 0..2 {
        let mut into = x.each_ref().map(|x| vec![1.0; x.len()]);
        let mut along = x
            .each_ref()
            .map(|x| vec![Lanes::from_array([1.0; 2]); x.len()]);
        let adjoints = sweeps::Adjoints {
            cotangent: r,
            change: &dr,
            into: into.each_mut().map(Vec::as_mut_slice),
            along: along.each_mut().map(Vec::as_mut_slice),
        };
        sweeps::reverse::<C, f64, _, P>(shape, slices(x), dx, adjoints, &mut tape.reader());
        let adjoint = reverse::<C, P>(shape, x, r);
        for part in 0..P {
            for i in 0..x[part].len() {
                assert_close(C::NAME, into[part][i], 1.0 + adjoint[part][i], 1.0, 1e-12);
            }
        }
        for (k, factor) in [1.0, 2.0].into_iter().enumerate() {
            let change = curvature::<C, P>(shape, x, directions[k], r);
            for part in 0..P {
                for i in 0..x[part].len() {
                    let expected = 1.0 + factor * adjoint[part][i] + change[part][i];
                    let found = along[part][i].lanes()[k];
                    assert_close(C::NAME, found, expected, expected.abs(), 1e-12);
                }
            }
        }
    }

    // Along no direction the same adjoints follow.
    let none = x.each_ref().map(|x| vec![Lanes::<f64, 0>::zero(); x.len()]);
    let no_cotangent = vec![Lanes::<f64, 0>::zero(); r.len()];
    let mut tape = SharedTape::new();
    let none_slices = none.each_ref().map(Vec::as_slice);
    sweeps::forward::<C, f64, _, P>(shape, slices(x), none_slices, &mut tape);
    let (mut into, mut along) = (x.each_ref().map(|x| vec![0.0; x.len()]), none.clone());
    let adjoints = sweeps::Adjoints {
        cotangent: r,
        change: &no_cotangent,
        into: into.each_mut().map(Vec::as_mut_slice),
        along: along.each_mut().map(Vec::as_mut_slice),
    };
    sweeps::reverse::<C, f64, _, P>(shape, slices(x), none_slices, adjoints, &mut tape.reader());
    assert_eq!(into, reverse::<C, P>(shape, x, r));
}

fn vector(seed: u64, len: usize) -> Vec<f64> {
    Numbers(seed).vector(len)
}

/// A matrix that is far from singular.
fn regular(seed: u64, n: usize) -> Vec<f64> {
    let mut a = vector(seed, n * n);
    (0..n).for_each(|i| a[i * n + i] += 3.0);
    a
}

/// A symmetric positive definite matrix, plus something antisymmetric.
fn positive_definite(seed: u64, n: usize) -> Vec<f64> {
    let b = vector(seed, n * n);
    let mut a = vec![0.0; n * n];
    let view = kernel::View::new(&b, n, n);
    kernel::gemm(view, view.t(), &mut a);
    for i in 0..n {
        a[i * n + i] += 1.0;
        for j in 0..i {
            a[i * n + j] += 0.25;
            a[j * n + i] -= 0.25;
        }
    }
    a
}

/// A matrix of the given rank, as a product of thin ones.
fn of_rank(seed: u64, n: usize, rank: usize) -> Vec<f64> {
    // Halves of integers: the products are exact, and so are the zeros that elimination finds.
    let rounded = |seed| -> Vec<f64> {
        let numbers = vector(seed, n * rank);
        numbers.iter().map(|x| (x * 4.0).round()).collect()
    };
    let (left, right) = (rounded(seed), rounded(seed + 100));
    let mut a = vec![0.0; n * n];
    kernel::gemm(
        kernel::View::new(&left, n, rank),
        kernel::View::new(&right, rank, n),
        &mut a,
    );
    a
}

const LENGTHS: [usize; 6] = [0, 1, 2, 3, 8, 19];

#[test]
fn vectors() {
    for n in LENGTHS {
        check::<sum, 1>((), [vector(1, n)]);
        check::<cumsum, 1>((), [vector(1, n)]);
        check::<norm, 1>((), [vector(1, n)]);
        check::<norm_squared, 1>((), [vector(1, n)]);
        check::<logsumexp, 1>((), [vector(1, n)]);
        check::<softmax, 1>((), [vector(1, n)]);
        check::<log_softmax, 1>((), [vector(1, n)]);
        check::<dot, 2>((), [vector(1, n), vector(2, n)]);
        if n > 0 {
            // The mean of nothing is not a number.
            check::<mean, 1>((), [vector(1, n)]);
            check::<max, 1>((), [vector(1, n)]);
            check::<min, 1>((), [vector(1, n)]);
        }
        for m in LENGTHS {
            check::<outer, 2>((), [vector(1, n), vector(2, m)]);
            if (1..=n).contains(&m) {
                check::<conv1d, 2>((), [vector(1, n), vector(2, m)]);
            }
        }
    }
}

#[test]
fn products() {
    for m in [0, 1, 2, 5, 17] {
        for k in [0, 1, 3, 18] {
            check::<matvec, 2>((m,), [vector(1, m * k), vector(2, k)]);
            for n in [0, 1, 4, 19] {
                check::<matmul, 2>((m, k, n), [vector(1, m * k), vector(2, k * n)]);
            }
        }
    }
}

#[test]
fn systems() {
    for n in [0, 1, 2, 3, 6] {
        check::<solve, 2>((), [regular(1, n), vector(2, n)]);
        check::<logdet, 1>((n,), [regular(1, n)]);
        check::<cholesky, 1>((n,), [positive_definite(1, n)]);
        check::<det, 1>((n,), [vector(1, n * n)]);
        check::<det, 1>((n,), [regular(3, n)]);
    }
}

#[test]
fn determinants_of_singular_matrices() {
    for n in 1..6 {
        for missing in 1..=3.min(n) {
            check::<det, 1>((n,), [of_rank(3, n, n - missing)]);
        }
    }
}
