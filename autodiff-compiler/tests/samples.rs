//! Every sample function, lowered, derived with each optional pass switched off, and interpreted at each point.
//!
//! `AUTODIFF_SAMPLE=name` restricts the run to the samples whose name contains `name`.

mod support;

use std::panic::{AssertUnwindSafe, catch_unwind};

use autodiff_compiler::differentiate::derive;
use autodiff_compiler::interpret::Panic;
use autodiff_compiler::ir::verify;
use autodiff_compiler::lower;
use autodiff_compiler::simplify::PassSet;
use support::checks::{self, Tolerances};
use support::derivative_values::{Case, Labelled, SAME_PANIC, functions};
use support::sample::{self, Sample};

/// What is wrong with a sample, or why it can't be run here.
enum Finding {
    Fault(String),
    Unsupported(String),
}

#[test]
fn every_sample_with_each_pass_off() {
    let only = std::env::var("AUTODIFF_SAMPLE").unwrap_or_default();
    let samples = sample::all();
    let chosen: Vec<&Sample> = samples
        .iter()
        .filter(|sample| sample.name.contains(&only))
        .collect();
    let (mut faults, mut unsupported) = (Vec::new(), Vec::new());
    for sample in &chosen {
        let found = catch_unwind(AssertUnwindSafe(|| check(sample)));
        match found.unwrap_or_else(|payload| Err(Finding::Fault(panic_message(&*payload)))) {
            Ok(()) => {}
            Err(Finding::Fault(fault)) => faults.push(format!("{}: {fault}", sample.name)),
            Err(Finding::Unsupported(what)) => unsupported.push(format!("{}: {what}", sample.name)),
        }
    }
    println!(
        "{} samples, {} can't be interpreted:\n{}",
        chosen.len(),
        unsupported.len(),
        unsupported.join("\n")
    );
    assert!(!chosen.is_empty(), "no sample is called `{only}`");
    assert!(
        faults.is_empty(),
        "{} of {} samples fail:\n{}",
        faults.len(),
        chosen.len(),
        faults.join("\n")
    );
}

fn panic_message(payload: &(dyn std::any::Any + Send)) -> String {
    let text = payload.downcast_ref::<String>().map(String::as_str);
    let text = text.or_else(|| payload.downcast_ref::<&str>().copied());
    format!("the compiler panics: {}", text.unwrap_or_default())
}

fn check(sample: &Sample) -> Result<(), Finding> {
    let (signature, lowered) = lower::function(sample.options.clone(), &sample.item);
    let primal = lowered
        .map_err(|error| Finding::Fault(format!("it is refused: {error}")))?
        .function;
    verify(&primal).map_err(|faults| Finding::Fault(format!("lowered: {faults:?}\n{primal}")))?;
    let tolerances = Tolerances::of(&primal, sample.tolerance);
    let full = derive(&primal, signature.order, PassSet::ALL);
    let mut cases = Vec::new();
    for (i, point) in sample.points.iter().enumerate() {
        let arguments =
            sample::arguments(&primal, point, &sample.settings).map_err(Finding::Unsupported)?;
        let case = Case::new(
            &primal,
            &sample.settings,
            arguments,
            &format!("{} {i}", sample.name),
        );
        match &case.outcome {
            Err(Panic::Unsupported(what)) => return Err(Finding::Unsupported(what.clone())),
            Err(panic @ (Panic::Defect(_) | Panic::OutOfFuel)) => {
                return Err(Finding::Fault(format!(
                    "at point {i}, the primal: {panic}\n{primal}"
                )));
            }
            Err(Panic::Panicked(_)) | Ok(_) => cases.push(case),
        }
    }
    let mut wanted: Vec<Vec<Labelled>> = Vec::new();
    for (i, case) in cases.iter().enumerate() {
        let values = checks::properties(case, &full, tolerances);
        wanted.push(values.map_err(|fault| Finding::Fault(format!("at point {i}, {fault}")))?);
    }
    let sets = PassSet::each_one_off()
        .into_iter()
        .chain([("every pass", PassSet::NONE)]);
    for (off, set) in sets {
        let derivatives = derive(&primal, signature.order, set);
        for (name, function) in functions(&derivatives) {
            verify(&function).map_err(|faults| {
                Finding::Fault(format!("{off} off, {name}: {faults:?}\n{function}"))
            })?;
        }
        for (i, (case, wanted)) in cases.iter().zip(&wanted).enumerate() {
            let same = match case.all(&derivatives) {
                Err(fault) if fault == SAME_PANIC => Ok(()),
                Err(fault) => Err(fault),
                Ok(values) => checks::same_values(&values, wanted, tolerances),
            };
            same.map_err(|fault| Finding::Fault(format!("{off} off, at point {i}, {fault}")))?;
        }
    }
    Ok(())
}
