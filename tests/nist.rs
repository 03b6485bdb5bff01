//! The example `nist` holds what its documentation says: Levenberg-Marquardt with generated gradients reaches NIST's
//! certified values.

#[path = "../examples/nist/data.rs"]
mod data;
#[path = "../examples/nist/fit.rs"]
mod fit;
#[path = "../examples/nist/models.rs"]
mod models;
#[path = "../examples/nist/report.rs"]
mod report;
#[path = "../examples/nist/sets.rs"]
mod sets;

use data::{DataSet, Parameter};
use fit::Fit;
use levenberg_marquardt::TerminationReason;
use report::Agreement;

/// Checks the digits of every fit with the given bound of the first step, but for those said to be missed.
fn check(step_bound: f64, expected_misses: &[(&str, usize)]) {
    let outcomes = sets::fit_all(step_bound);
    assert_eq!(outcomes.len(), 27);
    let missed: Vec<_> = report::missed(&outcomes)
        .iter()
        .map(|(set, start, _)| (set.name, start + 1))
        .collect();
    assert_eq!(
        missed,
        expected_misses,
        "\n{}\n{}",
        report::table(&outcomes),
        report::summary(&outcomes)
    );
}

#[test]
fn every_set_is_reached_from_both_starting_points() {
    check(1.0, &[]);
    check(0.1, &[]);
}

#[test]
fn a_long_first_step_misses_one_set() {
    check(100.0, &[("BoxBOD", 1)]);
}

/// Checks what is said of a fit of Misra1a that ended with these numbers, given in units of the certified ones.
fn check_reason(expected: &str, termination: TerminationReason, b: f64, sd: f64, rss: f64) {
    let set = DataSet::parse(include_str!("../examples/nist/data/misra1a.txt"));
    let scaled = |scale: f64, certified: fn(&Parameter) -> f64| {
        set.parameters
            .iter()
            .map(|parameter| scale * certified(parameter))
            .collect()
    };
    let fit = Fit {
        parameters: scaled(b, |parameter| parameter.certified),
        deviations: scaled(sd, |parameter| parameter.deviation),
        residual_sum_of_squares: rss * set.residual_sum_of_squares,
        evaluations: 1,
        termination,
    };
    assert_eq!(report::reason(&set, &fit), expected);
}

#[test]
fn a_miss_is_explained_by_what_was_measured() {
    let converged = || TerminationReason::Converged {
        ftol: true,
        xtol: false,
    };
    check_reason(
        "the solver gave up (LostPatience) at 3.000 times the certified sum of squares",
        TerminationReason::LostPatience,
        2.0,
        1.0,
        3.0,
    );
    check_reason(
        "a plateau at 8.000 times the certified sum of squares: the residuals no longer depend on b1 = 477.8843, b2 = 0.0011",
        converged(),
        2.0,
        1e12,
        8.0,
    );
    check_reason(
        "another minimum, with 8.000 times the certified sum of squares",
        converged(),
        2.0,
        1.0,
        8.0,
    );
    check_reason(
        "the certified sum of squares, in a valley too flat for more digits",
        converged(),
        1.001,
        1.0,
        1.0,
    );
}

/// NIST certifies 11 digits. The one thing that double precision cannot give is the scatter of Lanczos1: its residuals
/// are a thousand rounding errors of the data, so that three digits of their sum of squares, and of the standard
/// deviations, have a meaning.
#[test]
fn agreement_is_as_deep_as_double_precision_goes() {
    for sets::Outcome { set, fits } in sets::fit_all(1.0) {
        for (fit, start) in fits.iter().zip(1..) {
            let Agreement {
                parameters,
                deviations,
                residual_sum_of_squares,
            } = Agreement::of(&set, fit);
            assert!(
                parameters >= 9.0,
                "{} from start {start}: {parameters:.1} digits",
                set.name
            );
            let digits = if set.name == "Lanczos1" { 2.0 } else { 9.0 };
            assert!(
                deviations >= digits,
                "{} from start {start}: deviations to {deviations:.1} digits",
                set.name
            );
            assert!(
                residual_sum_of_squares >= digits,
                "{} from start {start}: residual sum of squares to {residual_sum_of_squares:.1} digits",
                set.name,
            );
        }
    }
}
