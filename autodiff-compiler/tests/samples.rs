//! Every sample function, lowered, derived with each optional pass switched off, and interpreted at each point.
//!
//! `AUTODIFF_SAMPLE=name` restricts the run to the samples whose name contains `name`.

mod support;

use std::panic::{AssertUnwindSafe, catch_unwind};

use autodiff_compiler::derivatives::Derivatives;
use autodiff_compiler::differentiate::derive;
use autodiff_compiler::interpret::{Datum, Panic, Settings};
use autodiff_compiler::ir::{Function, verify};
use autodiff_compiler::lower;
use autodiff_compiler::simplify::PassSet;
use support::arguments::Random;
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
    run_all(check);
}

/// Points full of zeros and ties, where differences are useless but forward and reverse mode must still agree.
#[test]
fn every_sample_at_odd_points() {
    run_all(check_odd_points);
}

fn run_all(check: fn(&Sample) -> Result<(), Finding>) {
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

fn fault(stage: &str) -> impl Fn(String) -> Finding {
    move |fault| Finding::Fault(format!("{stage}{fault}"))
}

fn check(sample: &Sample) -> Result<(), Finding> {
    let (signature, lowered) = lower::function(sample.options.clone(), &sample.item);
    let primal = lowered
        .map_err(|error| Finding::Fault(format!("it is refused: {error}")))?
        .function;
    verified("lowered", &primal)?;
    let tolerances = Tolerances::of(&primal, sample.tolerance);
    let full = derive(&primal, signature.order, PassSet::ALL);
    verified_derivatives("with all passes", &full)?;
    let cases = cases(sample, &primal)?;
    let mut wanted: Vec<Vec<Labelled>> = Vec::new();
    for case in &cases {
        wanted.push(checks::properties(case, &full, tolerances).map_err(fault(&case.name))?);
    }
    check_edges(sample, &primal, &full)?;
    let sets = PassSet::each_one_off()
        .into_iter()
        .chain([("every pass", PassSet::NONE)]);
    for (off, set) in sets {
        let derivatives = derive(&primal, signature.order, set);
        verified_derivatives(&format!("{off} off"), &derivatives)?;
        for (case, wanted) in cases.iter().zip(&wanted) {
            let same = match case.all(&derivatives) {
                Err(fault) if fault == SAME_PANIC => Ok(()),
                Err(fault) => Err(fault),
                Ok(values) => checks::same_values(&values, wanted, tolerances),
            };
            same.map_err(fault(&format!("{off} off, {}", case.name)))?;
        }
        check_edges(sample, &primal, &derivatives)?;
    }
    Ok(())
}

fn verified_derivatives(stage: &str, derivatives: &Derivatives) -> Result<(), Finding> {
    functions(derivatives)
        .iter()
        .try_for_each(|(name, function)| verified(&format!("{stage}, {name}"), function))
}

fn verified(stage: &str, function: &Function) -> Result<(), Finding> {
    verify(function).map_err(|faults| Finding::Fault(format!("{stage}: {faults:?}\n{function}")))
}

/// The points of a sample, where it does what its attribute says: end, or panic.
fn cases<'a>(sample: &'a Sample, primal: &'a Function) -> Result<Vec<Case<'a>>, Finding> {
    let ends = sample.points.iter().map(|point| (point, false));
    let panics = sample.panics.iter().map(|point| (point, true));
    let mut cases = Vec::new();
    for (i, (point, panics)) in ends.chain(panics).enumerate() {
        let arguments =
            sample::arguments(primal, point, &sample.settings).map_err(Finding::Unsupported)?;
        let seed = format!("{} {i}", sample.name);
        let case = Case::new(
            primal,
            &sample.settings,
            arguments,
            &format!("at point {i}, "),
            &seed,
        );
        match (&case.outcome, panics) {
            (Ok(_), false) | (Err(Panic::Panicked(_)), true) => cases.push(case),
            (Err(Panic::Unsupported(what)), _) => return Err(Finding::Unsupported(what.clone())),
            (Err(panic), _) => {
                return Err(fault(&case.name)(format!("the primal: {panic}\n{primal}")));
            }
            (Ok(_), true) => {
                return Err(fault(&case.name)("the primal comes to its end".to_owned()));
            }
        }
    }
    Ok(cases)
}

fn check_edges(
    sample: &Sample,
    primal: &Function,
    derivatives: &Derivatives,
) -> Result<(), Finding> {
    for (i, (point, gradient)) in sample.edges.iter().enumerate() {
        let arguments =
            sample::arguments(primal, point, &sample.settings).map_err(Finding::Unsupported)?;
        let wanted = sample::numbers(gradient, &sample.settings)
            .ok_or_else(|| Finding::Unsupported(format!("the gradient of edge {i}")))?;
        let case = Case::new(
            primal,
            &sample.settings,
            arguments,
            &format!("at edge {i}, "),
            &sample.name,
        );
        checks::gradient_is(&case, derivatives, &wanted).map_err(fault(&case.name))?;
    }
    Ok(())
}

fn check_odd_points(sample: &Sample) -> Result<(), Finding> {
    const VALUES: [f64; 8] = [0.0, 1.0, -1.0, 0.5, 2.0, -0.0, 1.0, 0.5];
    const POINTS: usize = 2;
    // Some iterations never converge at such points.
    let quick = Settings {
        fuel: 20_000,
        ..sample.settings.clone()
    };
    let (signature, lowered) = lower::function(sample.options.clone(), &sample.item);
    let primal = lowered
        .map_err(|error| Finding::Fault(format!("it is refused: {error}")))?
        .function;
    let tolerances = Tolerances::of(&primal, sample.tolerance);
    let full = derive(&primal, signature.order, PassSet::ALL);
    let plain = derive(&primal, signature.order, PassSet::NONE);
    let mut random = Random::of(&sample.name);
    for (i, point) in sample.points.iter().enumerate() {
        let arguments =
            sample::arguments(&primal, point, &sample.settings).map_err(Finding::Unsupported)?;
        for odd in 0..POINTS {
            let mut choose = |_| VALUES[((random.number() + 1.0) * 4.0) as usize];
            let arguments = arguments
                .iter()
                .map(|argument| argument.map_floats(&mut choose))
                .collect::<Vec<Datum>>();
            if quick.run(&primal, arguments.clone()) == Err(Panic::OutOfFuel) {
                continue;
            }
            let name = format!("at odd point {odd} of point {i}, ");
            let case = Case::new(&primal, &sample.settings, arguments, &name, &name);
            if let Err(Panic::Unsupported(what)) = &case.outcome {
                return Err(Finding::Unsupported(what.clone()));
            }
            let agreement = checks::agreement(&case, &full, &plain, tolerances);
            agreement.map_err(|fault| {
                Finding::Fault(format!("{name}{fault}, at {:?}", case.arguments))
            })?;
        }
    }
    Ok(())
}
