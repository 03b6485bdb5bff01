/// The price of an American option in a local-volatility model, by an implicit scheme and the Thomas algorithm.
fn option(spot: f64, strike: f64, rate: f64, skew: f64, smile: f64, volatility: &[f64], nodes: usize, steps: usize) -> f64 {
    let maturity = 1.0;
    let dt = maturity / steps as f64;
    let low = (spot * 0.2).ln();
    let high = (spot * 5.0).ln();
    let dx = (high - low) / (nodes - 1) as f64;
    let mut price = vec![0.0; nodes];
    let mut payoff = vec![0.0; nodes];
    for i in 0..nodes {
        let s = (low + i as f64 * dx).exp();
        payoff[i] = (strike - s).max(0.0);
        price[i] = payoff[i];
    }
    let mut lower = vec![0.0; nodes];
    let mut diagonal = vec![0.0; nodes];
    let mut upper = vec![0.0; nodes];
    let mut right = vec![0.0; nodes];
    for step in 0..steps {
        let time = maturity - (step + 1) as f64 * dt;
        let bucket = (step * volatility.len()) / steps;
        let level = volatility[bucket];
        for i in 1..nodes - 1 {
            let s = (low + i as f64 * dx).exp();
            let moneyness = (s / strike).ln() / (1.0 + time).sqrt();
            let sigma = level + skew * moneyness + smile * moneyness * moneyness;
            let floored = if sigma < 0.01 { 0.01 } else { sigma };
            let variance = floored * floored;
            let diffusion = 0.5 * variance * dt / (dx * dx);
            let drift = (rate - 0.5 * variance) * dt / (2.0 * dx);
            lower[i] = drift - diffusion;
            diagonal[i] = 1.0 + 2.0 * diffusion + rate * dt;
            upper[i] = -drift - diffusion;
            right[i] = price[i];
        }
        diagonal[0] = 1.0;
        upper[0] = 0.0;
        right[0] = strike * (-rate * (maturity - time)).exp() - low.exp();
        lower[nodes - 1] = 0.0;
        diagonal[nodes - 1] = 1.0;
        right[nodes - 1] = 0.0;
        for i in 1..nodes {
            let factor = lower[i] / diagonal[i - 1];
            diagonal[i] -= factor * upper[i - 1];
            right[i] -= factor * right[i - 1];
        }
        price[nodes - 1] = right[nodes - 1] / diagonal[nodes - 1];
        for back in 1..nodes {
            let i = nodes - 1 - back;
            let continuation = (right[i] - upper[i] * price[i + 1]) / diagonal[i];
            price[i] = continuation.max(payoff[i]);
        }
    }
    let position = (spot.ln() - low) / dx;
    let at = position as usize;
    let weight = position - at as f64;
    let value = (1.0 - weight) * price[at] + weight * price[at + 1];
    let convexity = price[at + 1] - 2.0 * price[at] + price[at - 1];
    let mut penalty = 0.0;
    for k in 1..volatility.len() {
        let jump = volatility[k] - volatility[k - 1];
        penalty += jump * jump;
    }
    value + 0.01 * convexity + 0.001 * penalty
}
