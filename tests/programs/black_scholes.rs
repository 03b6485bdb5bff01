//! European and American options: the formula of Black and Scholes, and a binomial tree.

use super::checked;

/// The distribution function of the normal distribution (Abramowitz and Stegun, 26.2.17).
#[checked(calls(normal_cdf), at(0.4), at(-1.3))]
fn normal_cdf(x: f64) -> f64 {
    const COEFFICIENTS: [f64; 5] = [
        0.319381530,
        -0.356563782,
        1.781477937,
        -1.821255978,
        1.330274429,
    ];
    if x < 0.0 {
        return 1.0 - normal_cdf(-x);
    }
    let t = 1.0 / (1.0 + 0.2316419 * x);
    let polynomial = COEFFICIENTS.iter().rev().fold(0.0, |sum, c| (sum + c) * t);
    1.0 - (-0.5 * x * x).exp() / (2.0 * std::f64::consts::PI).sqrt() * polynomial
}

#[checked(
    calls(normal_cdf),
    at(100.0, 95.0, 0.03, 0.2, 0.5),
    at(80.0, 95.0, 0.01, 0.4, 1.5)
)]
fn call_price(spot: f64, strike: f64, rate: f64, volatility: f64, expiry: f64) -> f64 {
    let deviation = volatility * expiry.sqrt();
    let d1 = ((spot / strike).ln() + (rate + 0.5 * volatility.powi(2)) * expiry) / deviation;
    let d2 = d1 - deviation;
    spot * normal_cdf(d1) - strike * (-rate * expiry).exp() * normal_cdf(d2)
}

/// The put, by parity.
#[checked(calls(call_price), at(100.0, 95.0, 0.03, 0.2, 0.5))]
fn put_price(spot: f64, strike: f64, rate: f64, volatility: f64, expiry: f64) -> f64 {
    let call = call_price(spot, strike, rate, volatility, expiry);
    call - spot + strike * (-rate * expiry).exp()
}

/// An American put on the tree of Cox, Ross and Rubinstein.
#[checked(
    at(100.0, 103.0, 0.03, 0.2, 0.5, 0),
    at(100.0, 103.0, 0.03, 0.2, 0.5, 1),
    at(100.0, 103.0, 0.03, 0.2, 0.5, 4)
)]
fn american_put(
    spot: f64,
    strike: f64,
    rate: f64,
    volatility: f64,
    expiry: f64,
    steps: usize,
) -> f64 {
    let dt = expiry / steps.max(1) as f64;
    let up = (volatility * dt.sqrt()).exp();
    let down = 1.0 / up;
    let probability = ((rate * dt).exp() - down) / (up - down);
    let discount = (-rate * dt).exp();
    let payoff = |ups: usize, downs: usize| {
        let price = spot * up.powi(ups as i32) * down.powi(downs as i32);
        (strike - price).max(0.0)
    };
    let mut values: Vec<f64> = (0..=steps).map(|ups| payoff(ups, steps - ups)).collect();
    for step in (0..steps).rev() {
        for ups in 0..=step {
            let held =
                discount * (probability * values[ups + 1] + (1.0 - probability) * values[ups]);
            values[ups] = held.max(payoff(ups, step - ups));
        }
    }
    values[0]
}

/// The squared error of a surface's quotes under a volatility that is linear in the log-moneyness.
#[checked(
    calls(call_price),
    at(100.0, 0.02, [0.2, -0.1], [(95.0, 0.5, 9.1), (105.0, 1.0, 6.2)])
)]
fn calibration_error(spot: f64, rate: f64, smile: [f64; 2], quotes: &[(f64, f64, f64)]) -> f64 {
    let mut error = 0.0;
    for &(strike, expiry, quoted) in quotes {
        let volatility = smile[0] + smile[1] * (strike / spot).ln();
        let model = call_price(spot, strike, rate, volatility, expiry);
        error += ((model - quoted) / quoted).powi(2);
    }
    error
}
