//! How far the fits agree with the certified values.

use crate::data::{DataSet, Parameter};
use crate::fit::Fit;
use crate::sets::Outcome;
use std::fmt::Write;

/// A fit has reached the certified minimum if each parameter agrees to this many digits.
pub(crate) const REACHED: f64 = 6.0;

/// NIST certifies 11 digits.
const CERTIFIED_DIGITS: f64 = 11.0;

/// How many digits a fit has in common with the certified values.
pub(crate) struct Agreement {
    /// Of the worst parameter.
    pub(crate) parameters: f64,
    /// Of the worst standard deviation.
    pub(crate) deviations: f64,
    /// Of the residual sum of squares.
    pub(crate) residual_sum_of_squares: f64,
}

impl Agreement {
    /// Compares a fit with what NIST certifies for its data set.
    pub(crate) fn of(set: &DataSet, fit: &Fit) -> Self {
        let worst = |found: &[f64], certified: fn(&Parameter) -> f64| {
            let digits = found
                .iter()
                .zip(&set.parameters)
                .map(|(&value, p)| agreeing_digits(value, certified(p)));
            digits.fold(CERTIFIED_DIGITS, f64::min)
        };
        Self {
            parameters: worst(&fit.parameters, |parameter| parameter.certified),
            deviations: worst(&fit.deviations, |parameter| parameter.deviation),
            residual_sum_of_squares: agreeing_digits(
                fit.residual_sum_of_squares,
                set.residual_sum_of_squares,
            ),
        }
    }
}

/// The log relative error `-log10(|value - certified| / |certified|)`, between 0 and the number of certified digits.
fn agreeing_digits(value: f64, certified: f64) -> f64 {
    let digits = -((value - certified).abs() / certified.abs()).log10();
    if digits.is_nan() {
        0.0
    } else {
        digits.clamp(0.0, CERTIFIED_DIGITS)
    }
}

/// The table, a line for each data set.
pub(crate) fn table(outcomes: &[Outcome]) -> String {
    let mut text = String::from(
        "                                  from start 1                from start 2\n\
         data set  level      n   p    b     sd    rss  evals      b     sd    rss  evals\n",
    );
    for Outcome { set, fits } in outcomes {
        let (n, p) = (set.observations.len(), set.parameters.len());
        write!(text, "{:9} {:8} {n:3}  {p:2}", set.name, set.difficulty)
            .expect("a string takes any text");
        for fit in fits {
            let digits = Agreement::of(set, fit);
            write!(
                text,
                "  {:4.1}   {:4.1}   {:4.1}  {:5}",
                digits.parameters,
                digits.deviations,
                digits.residual_sum_of_squares,
                fit.evaluations
            )
            .expect("a string takes any text");
        }
        text.push('\n');
    }
    text
}

/// How many fits reached the certified minimum, and why each of the others did not.
pub(crate) fn summary(outcomes: &[Outcome]) -> String {
    let all = 2 * outcomes.len();
    let missed = missed(outcomes);
    let mut text = format!(
        "{} of {all} fits agree in {REACHED} digits or more of every parameter.\n",
        all - missed.len()
    );
    for (set, start, fit) in missed {
        writeln!(
            text,
            "  {} from start {}: {}",
            set.name,
            start + 1,
            reason(set, fit)
        )
        .expect("a string takes any text");
    }
    text
}

/// The fits that did not reach the certified minimum, with the index of their starting point.
pub(crate) fn missed(outcomes: &[Outcome]) -> Vec<(&DataSet, usize, &Fit)> {
    let fits = outcomes.iter().flat_map(|Outcome { set, fits }| {
        fits.iter().enumerate().map(move |(i, fit)| (set, i, fit))
    });
    fits.filter(|(set, _, fit)| Agreement::of(set, fit).parameters < REACHED)
        .collect()
}

/// Says from what was measured why a fit ended elsewhere than at the certified minimum.
pub(crate) fn reason(set: &DataSet, fit: &Fit) -> String {
    let ratio = fit.residual_sum_of_squares / set.residual_sum_of_squares;
    // A parameter whose standard deviation dwarfs it is one that the residuals do not depend on any more.
    let undetermined = |&(b, sd): &(&f64, &f64)| *sd > 1e6 * b.abs();
    let parameters = fit.parameters.iter().zip(&fit.deviations).enumerate();
    let lost = parameters.filter(|(_, parameter)| undetermined(parameter));
    let lost: Vec<_> = lost
        .map(|(i, (b, _))| format!("b{} = {b:.4}", i + 1))
        .collect();
    if !fit.termination.was_successful() {
        format!(
            "the solver gave up ({:?}) at {ratio:.3} times the certified sum of squares",
            fit.termination
        )
    } else if !lost.is_empty() {
        format!(
            "a plateau at {ratio:.3} times the certified sum of squares: the residuals no longer depend on {}",
            lost.join(", ")
        )
    } else if (ratio - 1.0).abs() > 1e-6 {
        format!("another minimum, with {ratio:.3} times the certified sum of squares")
    } else {
        String::from("the certified sum of squares, in a valley too flat for more digits")
    }
}
