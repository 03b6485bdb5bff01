//! The likelihood of a series of returns under GARCH(1, 1) with leverage and heavy tails.

use super::checked;

/// The logarithm of the gamma function (Lanczos).
#[checked(at(2.5), at(0.3))]
fn ln_gamma(x: f64) -> f64 {
    const G: f64 = 7.0;
    const COEFFICIENTS: [f64; 9] = [
        0.999_999_999_999_809_9,
        676.520_368_121_885_1,
        -1_259.139_216_722_402_8,
        771.323_428_777_653_1,
        -176.615_029_162_140_6,
        12.507_343_278_686_905,
        -0.138_571_095_265_720_12,
        9.984_369_578_019_572e-6,
        1.505_632_735_149_311_6e-7,
    ];
    let x = x - 1.0;
    let t = x + G + 0.5;
    let series = COEFFICIENTS
        .iter()
        .enumerate()
        .skip(1)
        .fold(COEFFICIENTS[0], |sum, (i, c)| sum + c / (x + i as f64));
    0.5 * std::f64::consts::TAU.ln() + (x + 0.5) * t.ln() - t + series.ln()
}

/// The logarithm of the density of Student's distribution, scaled to unit variance.
#[checked(calls(ln_gamma), at(0.4, 5.5))]
fn ln_student(z: f64, freedom: f64) -> f64 {
    ln_gamma(0.5 * (freedom + 1.0))
        - ln_gamma(0.5 * freedom)
        - 0.5 * (std::f64::consts::PI * (freedom - 2.0)).ln()
        - 0.5 * (freedom + 1.0) * (z * z / (freedom - 2.0)).ln_1p()
}

/// Parameters without bounds, to those of the model: omega, alpha, beta, gamma.
#[checked(at([-2.0, 0.3, 1.1, -0.4]))]
fn constrained(theta: &[f64; 4]) -> [f64; 4] {
    let weights = [theta[1].exp(), theta[2].exp(), theta[3].exp()];
    let total = 1.0 + weights.iter().sum::<f64>();
    let [alpha, beta, gamma] = weights.map(|w| w / total);
    [theta[0].exp(), alpha, beta, gamma]
}

#[checked(
    calls(constrained, ln_student),
    at([-2.0, 0.3, 1.1, -0.4], 6.0, [0.1, -0.3, 0.25, -0.05, 0.4]),
    at([-2.0, 0.3, 1.1, -0.4], 6.0, [0.1])
)]
fn log_likelihood(theta: &[f64; 4], freedom: f64, returns: &[f64]) -> f64 {
    let [omega, alpha, beta, gamma] = constrained(theta);
    let mut variance = returns.iter().map(|r| r * r).sum::<f64>() / returns.len() as f64;
    let mut total = 0.0;
    for &r in returns {
        total += ln_student(r / variance.sqrt(), freedom) - 0.5 * variance.ln();
        let leverage = if r < 0.0 { gamma } else { 0.0 };
        variance = omega + (alpha + leverage) * r * r + beta * variance;
    }
    total
}
