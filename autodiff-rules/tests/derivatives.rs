//! Every row against differences: first partials, second partials, edges, and `f32` against `f64`.

mod common;

use autodiff_rules::{ParameterKind, Prim, Real};
use common::derivative;

/// A central difference of order eight: at this step both its errors are below 1e-11 for the samples of the table.
fn difference(f: impl Fn(f64) -> f64, x: f64) -> f64 {
    let h = 0.00390625 * x.abs().clamp(0.25, 1.0);
    let pair = |k: f64| f(x + k * h) - f(x - k * h);
    (pair(1.0) * 4.0 / 5.0 - pair(2.0) / 5.0 + pair(3.0) * 4.0 / 105.0 - pair(4.0) / 280.0) / h
}

fn moved(args: &[f64], operand: usize, to: f64) -> Vec<f64> {
    let mut args = args.to_vec();
    args[operand] = to;
    args
}

fn first_partial<R: Real>(prim: Prim, wrt: usize, active: &[bool], args: &[R]) -> Option<R> {
    prim.partial(wrt, active, args, &R::call(prim, args))
}

fn second_partial(prim: Prim, wrt: [usize; 2], active: &[bool], args: &[f64]) -> Option<f64> {
    let first = prim.partial_expr(wrt[0], active)?;
    let second = derivative(&first, prim, wrt[1], active)?;
    Some(second.evaluate(args, &f64::call(prim, args)))
}

/// Every real operand of `prim`.
fn real_operands(prim: Prim) -> impl Iterator<Item = usize> + Clone {
    (0..prim.parameters().len()).filter(move |&i| prim.parameter_kind(i) == ParameterKind::Real)
}

/// The activities under which operand `wrt` is asked for: alone, and together with all others.
fn activities(prim: Prim, wrt: usize) -> [Vec<bool>; 2] {
    let arity = prim.parameters().len();
    [(0..arity).map(|i| i == wrt).collect(), vec![true; arity]]
}

#[track_caller]
fn assert_near(actual: f64, expected: f64, tolerance: f64, what: &str) {
    let error = (actual - expected).abs();
    assert!(
        error <= tolerance * expected.abs().max(1.0),
        "{what}: {actual:e} instead of {expected:e}"
    );
}

#[test]
fn first_partials_agree_with_differences() {
    for &prim in Prim::ALL {
        for &sample in prim.samples() {
            for wrt in real_operands(prim) {
                let expected =
                    difference(|to| f64::call(prim, &moved(sample, wrt, to)), sample[wrt]);
                for active in activities(prim, wrt) {
                    let actual = first_partial(prim, wrt, &active, sample).unwrap_or(0.0);
                    assert_near(
                        actual,
                        expected,
                        1e-11,
                        &format!("partial {wrt} of {prim:?} at {sample:?}"),
                    );
                }
            }
        }
    }
}

#[test]
fn second_partials_agree_with_differences_of_first_ones() {
    for &prim in Prim::ALL {
        for &sample in prim.samples() {
            let active = vec![true; sample.len()];
            for i in real_operands(prim) {
                for j in real_operands(prim) {
                    let first =
                        |to| first_partial(prim, i, &active, &moved(sample, j, to)).unwrap_or(0.0);
                    let expected = difference(first, sample[j]);
                    let actual = second_partial(prim, [i, j], &active, sample).unwrap_or(0.0);
                    assert_near(
                        actual,
                        expected,
                        1e-11,
                        &format!("partial {i}, {j} of {prim:?} at {sample:?}"),
                    );
                }
            }
        }
    }
}

#[test]
fn third_derivatives_agree_with_differences_of_second_ones() {
    for &prim in Prim::ALL {
        for &sample in prim.samples() {
            for wrt in real_operands(prim) {
                for active in activities(prim, wrt) {
                    let second = |to| {
                        second_partial(prim, [wrt, wrt], &active, &moved(sample, wrt, to))
                            .unwrap_or(0.0)
                    };
                    let expected = difference(second, sample[wrt]);
                    let formula = prim
                        .partial_expr(wrt, &active)
                        .and_then(|first| derivative(&first, prim, wrt, &active))
                        .and_then(|second| derivative(&second, prim, wrt, &active));
                    let actual = formula.map_or(0.0, |third| {
                        third.evaluate(sample, &f64::call(prim, sample))
                    });
                    assert_near(
                        actual,
                        expected,
                        1e-10,
                        &format!("third {wrt} of {prim:?} at {sample:?}"),
                    );
                }
            }
        }
    }
}

#[track_caller]
fn assert_promise(actual: f64, promised: f64, tolerance: f64, what: &str) {
    let agree = actual == promised || (actual.is_nan() && promised.is_nan());
    let near = (actual / promised - 1.0).abs() < tolerance;
    assert!(agree || near, "{what}: {actual} instead of {promised}");
}

#[test]
fn edges_hold_what_they_promise() {
    for &prim in Prim::ALL {
        for edge in prim.edges() {
            let single: Vec<f32> = edge.args.iter().map(|&x| x as f32).collect();
            let is_exact = |(&x, &single): (&f64, &f32)| x.is_nan() || f64::from(single) == x;
            let in_single_precision = edge.args.iter().zip(&single).all(is_exact);
            for &(wrt, promised) in edge.partials {
                let what = format!(
                    "partial {wrt} of {prim:?} at {:?}, {}",
                    edge.args, edge.note
                );
                let actual = first_partial(prim, wrt, &edge.active(), edge.args);
                assert_promise(
                    actual.expect("edges are of partials"),
                    promised,
                    1e-14,
                    &what,
                );
                if in_single_precision {
                    let actual = first_partial(prim, wrt, &edge.active(), &single);
                    assert_promise(
                        actual.expect("edges are of partials").into(),
                        promised,
                        1e-6,
                        &what,
                    );
                }
            }
        }
    }
}

#[test]
fn second_partials_are_numbers_where_first_ones_are_finite() {
    for &prim in Prim::ALL {
        for edge in prim.edges() {
            // A first partial of 1e150 or more has a second one beyond the largest number.
            let finite = |&&(wrt, promised): &&(usize, f64)| {
                promised.abs() < 1e150 && edge.args[wrt].is_finite()
            };
            for &(i, _) in edge.partials.iter().filter(finite) {
                for &(j, _) in edge.partials.iter().filter(finite) {
                    let second =
                        second_partial(prim, [i, j], &edge.active(), edge.args).unwrap_or(0.0);
                    assert!(
                        !second.is_nan(),
                        "partial {i}, {j} of {prim:?} at {:?}, {}",
                        edge.args,
                        edge.note
                    );
                }
            }
        }
    }
}

/// The symbolic tree computes what the formula computes, to the last bit.
#[test]
fn trees_agree_with_numbers() {
    for &prim in Prim::ALL {
        let edges = prim.edges().iter().map(|edge| edge.args);
        for args in prim.samples().iter().copied().chain(edges) {
            let value = f64::call(prim, args);
            for wrt in real_operands(prim) {
                for active in activities(prim, wrt) {
                    let number = prim.partial(wrt, &active, args, &value);
                    let tree = prim
                        .partial_expr(wrt, &active)
                        .map(|tree| tree.evaluate(args, &value));
                    assert_eq!(
                        number.map(f64::to_bits),
                        tree.map(f64::to_bits),
                        "{prim:?} at {args:?}"
                    );
                }
            }
        }
    }
}

#[test]
fn f32_agrees_with_f64() {
    for &prim in Prim::ALL {
        for &sample in prim.samples() {
            let single: Vec<f32> = sample.iter().map(|&x| x as f32).collect();
            // Rounding the operands first leaves the rounding of the formulas as the only difference.
            let double: Vec<f64> = single.iter().map(|&x| f64::from(x)).collect();
            let what = format!("{prim:?} at {sample:?}");
            assert_near(
                f32::call(prim, &single).into(),
                f64::call(prim, &double),
                1e-6,
                &what,
            );
            for wrt in real_operands(prim) {
                for active in activities(prim, wrt) {
                    let single = first_partial(prim, wrt, &active, &single).map_or(0.0, f64::from);
                    let double = first_partial(prim, wrt, &active, &double).unwrap_or(0.0);
                    assert_near(single, double, 1e-6, &what);
                }
            }
        }
    }
}

/// `%` and `rem_euclid` round where `trunc(a / b)` would not give the quotient that the remainder belongs to.
#[test]
fn remainders_have_the_slope_of_their_own_quotient() {
    for k in 1..2000 {
        for b in [0.1, 0.3, 0.7, 1.1] {
            for a in [
                f64::from(k) * b,
                (f64::from(k) * b).next_down(),
                -f64::from(k) * b,
            ] {
                for prim in [Prim::Rem, Prim::RemEuclid] {
                    let value = f64::call(prim, &[a, b]);
                    let quotient = -first_partial(prim, 1, &[true, true], &[a, b]).unwrap();
                    // The remainder that belongs to the quotient; its own rounding is that of one multiplication.
                    let remainder = (-quotient).mul_add(b, a);
                    assert_near(remainder, value, 1e-15, &format!("{prim:?} at {a:e}, {b}"));
                }
            }
        }
    }
}
