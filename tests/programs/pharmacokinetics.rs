//! A drug that is taken by mouth, in one and in two compartments, and a fit to measured concentrations.

use super::checked;

/// The concentration after one dose, by Bateman's function.
#[checked(at(100.0, 1.2, 0.2, 20.0, 1.5), at(100.0, 1.2, 0.2, 20.0, -1.0))]
fn single_dose(dose: f64, absorption: f64, elimination: f64, volume: f64, time: f64) -> f64 {
    if time <= 0.0 {
        return 0.0;
    }
    let scale = dose * absorption / (volume * (absorption - elimination));
    scale * ((-elimination * time).exp() - (-absorption * time).exp())
}

#[checked(
    calls(single_dose),
    at([(0.0, 100.0), (8.0, 50.0)], 1.2, 0.2, 20.0, 10.0),
    at([(0.0, 100.0), (8.0, 50.0)], 1.2, 0.2, 20.0, 3.0)
)]
fn concentration(
    doses: &[(f64, f64)],
    absorption: f64,
    elimination: f64,
    volume: f64,
    time: f64,
) -> f64 {
    doses
        .iter()
        .map(|&(given, dose)| single_dose(dose, absorption, elimination, volume, time - given))
        .sum()
}

/// The peak and its time after one dose.
#[checked(calls(single_dose), at(100.0, 1.2, 0.2, 20.0))]
fn peak(dose: f64, absorption: f64, elimination: f64, volume: f64) -> (f64, f64) {
    let time = (absorption / elimination).ln() / (absorption - elimination);
    (
        time,
        single_dose(dose, absorption, elimination, volume, time),
    )
}

/// Minus the logarithm of the posterior density of the logarithms of the parameters.
#[checked(
    calls(concentration),
    options(wrt(log_parameters, log_error)),
    at([0.2, -1.6, 3.0], -1.5, [(0.0, 100.0), (8.0, 50.0)], [(1.0, 2.7), (4.0, 2.4), (10.0, 2.2)]),
    at([0.2, -1.6, 3.0], -1.5, [(0.0, 100.0)], [])
)]
fn negative_log_posterior(
    log_parameters: [f64; 3],
    log_error: f64,
    doses: &[(f64, f64)],
    measurements: &[(f64, f64)],
) -> f64 {
    const TYPICAL: [f64; 3] = [0.0, -1.5, 3.0];
    const SPREAD: f64 = 0.5;
    let [absorption, elimination, volume] = log_parameters.map(f64::exp);
    let mut total = 0.0;
    for &(time, measured) in measurements {
        let predicted = concentration(doses, absorption, elimination, volume, time);
        let z = (measured / predicted).ln() / log_error.exp();
        total += 0.5 * z * z + log_error;
    }
    let prior: f64 = log_parameters
        .iter()
        .zip(TYPICAL)
        .map(|(p, typical)| 0.5 * ((p - typical) / SPREAD).powi(2))
        .sum();
    total + prior
}
