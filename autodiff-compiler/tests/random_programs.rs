//! Random functions, derived with and without the optional passes, and interpreted.
//!
//! `AUTODIFF_PROGRAMS=1000` sets how many there are, `AUTODIFF_SEED=7` where they start.

mod support;

use std::panic::{AssertUnwindSafe, catch_unwind};

use autodiff_compiler::differentiate::derive;
use autodiff_compiler::interpret::{Datum, Settings};
use autodiff_compiler::ir::{Function, verify};
use autodiff_compiler::simplify::PassSet;
use support::arguments::Random;
use support::checks::{self, Tolerances};
use support::derivative_values::{Case, functions};
use support::generate;

fn number(name: &str, default: usize) -> usize {
    std::env::var(name)
        .ok()
        .and_then(|text| text.parse().ok())
        .unwrap_or(default)
}

#[test]
fn random_programs() {
    let start = number("AUTODIFF_SEED", 0);
    let programs = number("AUTODIFF_PROGRAMS", 100);
    let mut faults = Vec::new();
    for seed in start..start + programs {
        let in_out = seed.is_multiple_of(3);
        let mut random = Random::of(&format!("program {seed}"));
        let primal = generate::function(&mut random, in_out);
        let found = catch_unwind(AssertUnwindSafe(|| {
            check(&primal, &mut random, in_out, seed)
        }));
        let fault = match found {
            Ok(Ok(())) => continue,
            Ok(Err(fault)) => fault,
            Err(payload) => format!(
                "the compiler panics: {:?}",
                payload.downcast_ref::<String>()
            ),
        };
        faults.push((
            primal.to_string().len(),
            format!("seed {seed}: {fault}\n{primal}"),
        ));
    }
    faults.sort();
    let smallest = faults
        .first()
        .map(|(_, fault)| fault.as_str())
        .unwrap_or_default();
    assert!(
        faults.is_empty(),
        "{} of {programs} programs fail, the smallest with {smallest}",
        faults.len()
    );
}

fn check(primal: &Function, random: &mut Random, in_out: bool, seed: usize) -> Result<(), String> {
    verify(primal).map_err(|faults| format!("the program itself: {faults:?}"))?;
    let full = derive(primal, 2, PassSet::ALL);
    let off = PassSet::each_one_off();
    let (name, other) = off[seed % off.len()];
    let other = if seed.is_multiple_of(2) {
        PassSet::NONE
    } else {
        other
    };
    let other = derive(primal, 2, other);
    for (set, derivatives) in [("all passes", &full), (name, &other)] {
        for (label, function) in functions(derivatives) {
            verify(&function)
                .map_err(|faults| format!("{set}, {label}: {faults:?}\n{function}"))?;
        }
    }
    let settings = Settings {
        fuel: 1_000_000,
        ..Settings::default()
    };
    for trips in 0..=generate::LENGTH {
        let mut list = || {
            Datum::from(
                (0..generate::LENGTH)
                    .map(|_| random.number())
                    .collect::<Vec<f64>>(),
            )
        };
        let (slice, place) = (list(), list());
        let (x, y) = (random.number(), random.number());
        let mut arguments = vec![x.into(), y.into(), slice, trips.into()];
        if in_out {
            arguments.push(place);
        }
        let case = Case::new(primal, &settings, arguments, "", &format!("{seed} {trips}"));
        let tolerances = Tolerances {
            exact: 1e-10,
            differences: 1e-5,
            jumps: true,
            ..Tolerances::of(primal, None)
        };
        let values = checks::properties(&case, &full, tolerances)
            .map_err(|fault| format!("with {trips} trips, {fault}"))?;
        checks::same_values(&case.all(&other)?, &values, tolerances)
            .map_err(|fault| format!("with {trips} trips, passes ({name}) matter: {fault}"))?;
    }
    Ok(())
}
