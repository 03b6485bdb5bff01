//! Derivatives against finite differences.

use super::checks::{ROUNDING_SCALE, Tolerances, agrees};
use super::derivative_values::Fault;

/// Whether numbers are the derivatives of `values` at 0: those of central differences of fourth order, with a step
/// that may have to be short where the function is steep.
pub fn near(
    label: &str,
    found: &[f64],
    tolerances: Tolerances,
    mut values: impl FnMut(f64) -> Result<Vec<f64>, Fault>,
) -> Result<(), Fault> {
    let mut fault = Ok(());
    let mut gaps: Vec<Vec<f64>> = Vec::new();
    for shortening in [1.0, 0.1, 0.02] {
        let step = shortening * tolerances.step;
        let points = [
            values(-2.0 * step)?,
            values(-step)?,
            values(step)?,
            values(2.0 * step)?,
        ];
        fault = near_differences(label, found, &points, step, tolerances.differences);
        if fault.is_ok() {
            return fault;
        }
        let spread = |i: usize| {
            let all = points.iter().map(|point| point[i]);
            all.clone().fold(f64::NEG_INFINITY, f64::max) - all.fold(f64::INFINITY, f64::min)
        };
        gaps.push((0..found.len()).map(spread).collect());
    }
    // Across a jump, the values differ as much however short the step is.
    let jumps = gaps[0]
        .iter()
        .zip(&gaps[gaps.len() - 1])
        .any(|(long, short)| *short > 0.5 * long && *short > 0.0);
    if tolerances.jumps && jumps {
        Ok(())
    } else {
        fault
    }
}

fn near_differences(
    label: &str,
    found: &[f64],
    points: &[Vec<f64>; 4],
    step: f64,
    tolerance: f64,
) -> Result<(), Fault> {
    if points.iter().any(|point| point.len() != found.len()) {
        return Err(format!(
            "{label} gives {} numbers for {} results",
            found.len(),
            points[0].len()
        ));
    }
    let difference = |i: usize| {
        let [far_below, below, above, far_above] = [0, 1, 2, 3].map(|point| points[point][i]);
        (8.0 * (above - below) - (far_above - far_below)) / (12.0 * step)
    };
    let differences: Vec<f64> = (0..found.len()).map(difference).collect();
    let scale = found
        .iter()
        .map(|number| number.abs())
        .fold(ROUNDING_SCALE, f64::max);
    let agree = |i: usize| {
        let rounding = 1e-2
            * points
                .iter()
                .map(|point| point[i].abs())
                .fold(0.0, f64::max);
        agrees(found[i], differences[i], tolerance * (scale + rounding))
    };
    if (0..found.len()).all(agree) {
        Ok(())
    } else {
        Err(format!(
            "{label} gives {found:?}, differences {differences:?}"
        ))
    }
}
