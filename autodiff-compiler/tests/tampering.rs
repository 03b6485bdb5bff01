//! The checks of the samples find a wrong derivative: each single change to the derivative functions of a few
//! functions is noticed.

mod support;

use autodiff_compiler::derivatives::Derivatives;
use autodiff_compiler::differentiate::derive;
use autodiff_compiler::interpret::{Datum, Settings};
use autodiff_compiler::ir::{Block, Function, Op, Output, Prim, Stmt};
use autodiff_compiler::simplify::PassSet;
use support::checks::{self, Tolerances};
use support::derivative_values::Case;
use support::reader;

const SCALARS: &str = "fn(active primal 0 v0 x: f64, active primal 1 v1 y: f64) -> v5 {
    v2: f64 = mul v0 v1
    v3: f64 = sin v2
    v4: f64 = div v3 v1
    v5: f64 = add v4 v0
}";

const LOOP: &str = "fn(active primal 0 &m0 x: [f64]) -> v4 {
    v0: usize = len m0
    alloc m1: Vec<f64> = copy of m0
    for v1: usize in 1..v0 {
        v2: usize = v1 - 1
        v5: f64 = load m1[v2]
        v6: f64 = load m1[v1]
        v7: f64 = mul v5 v6
        v8: f64 = exp v7
        store m1[v1] = v8
    }
    for v9: usize in 0..v0 carried (v3: f64 = 0.0 -> v4) {
        v10: f64 = load m1[v9]
        v11: f64 = mul v10 v10
        v12: f64 = add v3 v11
        yield v12
    }
}";

const IN_OUT: &str = "fn(active primal 0 &mut m0 x: [f64; 2], active primal 1 v0 a: f64) -> v3 {
    v1: f64 = load m0[0]
    v2: f64 = mul v1 v0
    store m0[1] = v2
    v3: f64 = cos v2
    store m0[0] = v3
}";

#[test]
fn every_change_is_noticed() {
    let functions = [
        (SCALARS, vec![Datum::from(0.7), Datum::from(-1.3)]),
        (LOOP, vec![Datum::from(vec![0.5, -0.8, 0.3])]),
        (IN_OUT, vec![Datum::from(vec![0.5, -0.8]), Datum::from(1.7)]),
    ];
    for (text, arguments) in functions {
        let primal = reader::function(text);
        let settings = Settings::default();
        let case = Case::new(&primal, &settings, arguments, "", "tampering");
        let honest = || derive(&primal, 2, PassSet::ALL);
        let tolerances = Tolerances::of(&primal, None);
        assert_eq!(
            checks::properties(&case, &honest(), tolerances).err(),
            None,
            "{primal}"
        );
        let mut changes = 0;
        for part in 0..PARTS {
            let places =
                part_of(&mut honest(), part).map_or(0, |function| tamper(function, usize::MAX));
            for place in 0..places {
                let mut derivatives = honest();
                let function = part_of(&mut derivatives, part).expect("it was there a moment ago");
                tamper(function, place);
                let shown = function.to_string();
                let found = checks::properties(&case, &derivatives, tolerances);
                assert!(found.is_err(), "change {place} is not noticed:\n{shown}");
                changes += 1;
            }
        }
        assert!(changes > 10, "only {changes} changes of\n{primal}");
    }
}

/// How many functions [`part_of`] knows.
const PARTS: usize = 8;

fn part_of(derivatives: &mut Derivatives, part: usize) -> Option<&mut Function> {
    match part {
        0 => Some(&mut derivatives.jvp),
        1 => Some(&mut derivatives.vjp_into),
        2 => derivatives.gradient.as_mut(),
        3 => derivatives.value_and_gradient.as_mut(),
        4 => derivatives
            .second_order
            .is_some()
            .then_some(&mut derivatives.both_sweeps),
        5 => derivatives.second_order.as_mut(),
        6 => derivatives.symbolic_hessian.as_mut(),
        _ => derivatives.jvp_lanes.as_mut(),
    }
}

/// Changes one operation, the one that is `chosen`; returns how many there are.
fn tamper(function: &mut Function, chosen: usize) -> usize {
    let mut seen = 0;
    tamper_block(&mut function.body, chosen, &mut seen);
    if let Output::Tuple(parts) = &mut function.output
        && parts.iter().all(|part| matches!(part, Output::Scalar(_)))
        && parts.first() != parts.last()
    {
        if seen == chosen {
            parts.reverse();
        }
        seen += 1;
    }
    seen
}

fn tamper_block(block: &mut Block, chosen: usize, seen: &mut usize) {
    let mut dropped = None;
    for (i, stmt) in block.stmts.iter_mut().enumerate() {
        if let Stmt::Let {
            op: Op::Prim(prim, _),
            ..
        } = stmt
            && let Some(other) = changed(*prim)
        {
            if *seen == chosen {
                *prim = other;
            }
            *seen += 1;
        }
        if matches!(stmt, Stmt::Accumulate { .. } | Stmt::AccumulateAll { .. }) {
            if *seen == chosen {
                dropped = Some(i);
            }
            *seen += 1;
        }
        stmt.for_each_block_mut(&mut |inner| tamper_block(inner, chosen, seen));
    }
    if let Some(dropped) = dropped {
        block.stmts.remove(dropped);
    }
}

/// Another primitive of the same operands.
fn changed(prim: Prim) -> Option<Prim> {
    Some(match prim {
        Prim::Mul => Prim::Add,
        Prim::Add => Prim::Sub,
        Prim::Sub => Prim::Add,
        Prim::Div => Prim::Mul,
        Prim::Neg => Prim::Recip,
        Prim::Recip => Prim::Neg,
        Prim::Sin => Prim::Cos,
        Prim::Cos => Prim::Sin,
        Prim::Exp => Prim::Sin,
        _ => return None,
    })
}
