//! The two sweeps that other functions call, run as one function, against the functions of the contract.

use autodiff_compiler::derivatives::Derivatives;
use autodiff_compiler::ir::Output;

use super::checks::{Tolerances, close};
use super::derivative_values::{Case, Fault};

/// What both sweeps add to the adjoints, and its derivatives where tangents go along.
pub fn sweeps_agree(
    case: &Case<'_>,
    derivatives: &Derivatives,
    plain: &[Vec<f64>],
    tolerances: Tolerances,
) -> Result<(), Fault> {
    let [adjoints, tangent, _] = case.sweeps(derivatives, &case.cotangent)?;
    close(
        "both sweeps",
        &adjoints,
        "vjp_into",
        &plain.concat(),
        tolerances.exact,
    )?;
    if derivatives.pair_has_directions && case.primal.output != Output::Unit {
        let jvp = case.jvp(&derivatives.jvp, &case.directions[0])?;
        let jvp = &jvp[..tangent.len()];
        close(
            "the tangent of both sweeps",
            &tangent,
            "jvp",
            jvp,
            tolerances.exact,
        )?;
    }
    if let Some(function) = &derivatives.second_order
        && derivatives.pair_has_directions
    {
        let [_, _, tangents] = case.sweeps(derivatives, &[1.0])?;
        let (gradient, products) = case.second_order(function, &case.directions[..1])?;
        // The cotangent varies along itself.
        let sums: Vec<f64> = products
            .concat()
            .iter()
            .zip(&gradient)
            .map(|(a, b)| a + b)
            .collect();
        close(
            "the tangents of both sweeps",
            &tangents,
            "second_order",
            &sums,
            tolerances.exact,
        )?;
    }
    Ok(())
}
