//! Functions of another crate, which no macro can look into, with derivatives of their own.
//!
//! ```text
//! cargo run --release --example custom_rules
//! ```
//!
//! `libm` has the error function, the gamma function and Bessel functions, but not their derivatives. Here each of them
//! gets a wrapper whose partial derivative is named. It is a `#[differentiable]` function again, so that all
//! orders follow, and whatever calls the wrappers is differentiated through them.

use std::f64::consts::PI;

use autodiff::differentiable;

/// The error function; DLMF 7.2.1.
#[differentiable(partials(erf_slope))]
fn erf(x: f64) -> f64 {
    libm::erf(x)
}

#[differentiable]
fn erf_slope(x: f64) -> f64 {
    2.0 / PI.sqrt() * (-x * x).exp()
}

/// The Bessel function of the first kind, of order 0; its derivative is `-J1`, DLMF 10.6.3.
#[differentiable(partials(j0_slope))]
fn j0(x: f64) -> f64 {
    libm::j0(x)
}

/// The Bessel function of the first kind, of order 1; `J1' = J0 - J1 / x`, DLMF 10.6.2.
#[differentiable(partials(j1_slope))]
fn j1(x: f64) -> f64 {
    libm::j1(x)
}

#[differentiable]
fn j0_slope(x: f64) -> f64 {
    -j1(x)
}

#[differentiable]
fn j1_slope(x: f64) -> f64 {
    j0(x) - j1(x) / x
}

/// The logarithm of the gamma function of a positive number; its derivative is the digamma function, DLMF 5.2.2.
#[differentiable(partials(digamma))]
fn ln_gamma(x: f64) -> f64 {
    libm::lgamma(x)
}

/// The digamma function of a positive number, which `libm` lacks: by the recurrence up to 10 (DLMF 5.5.2), from there by
/// the asymptotic series (DLMF 5.11.2). What follows from its body is the trigamma function.
#[differentiable]
fn digamma(x: f64) -> f64 {
    let mut shifted = x;
    let mut sum = 0.0;
    while shifted < 10.0 {
        sum -= 1.0 / shifted;
        shifted += 1.0;
    }
    let s = 1.0 / (shifted * shifted);
    let series =
        s * (1.0 / 12.0 - s * (1.0 / 120.0 - s * (1.0 / 252.0 - s * (1.0 / 240.0 - s / 132.0))));
    sum + shifted.ln() - 0.5 / shifted - series
}

/// The share of a normal distribution below `x`.
#[differentiable]
fn below(x: f64, mean: f64, deviation: f64) -> f64 {
    0.5 * (1.0 + erf((x - mean) / (deviation * 2.0_f64.sqrt())))
}

/// The negative log-likelihood of a gamma distribution.
#[differentiable(wrt(shape, scale))]
fn gamma_loss(shape: f64, scale: f64, sample: &[f64]) -> f64 {
    let mut loss = 0.0;
    for x in sample {
        loss += x / scale - (shape - 1.0) * x.ln();
    }
    loss + sample.len() as f64 * (ln_gamma(shape) + shape * scale.ln())
}

/// How large a vibrating drum's fundamental is at the radius `r`, whose rim is at the first zero of J0.
#[differentiable]
fn drum(r: f64, radius: f64) -> f64 {
    let first_zero = 2.404_825_557_695_773;
    j0(first_zero * r / radius)
}

/// A difference quotient beside a derivative.
fn row(name: &str, derivative: f64, f: impl Fn(f64) -> f64, x: f64) {
    let h = 1e-5;
    let quotient = (f(x + h) - f(x - h)) / (2.0 * h);
    println!("{name:<28} {derivative:>20.15} {quotient:>20.15}");
}

fn main() {
    println!(
        "{:<28} {:>20} {:>20}",
        "derivative", "by rule", "by difference"
    );
    row("erf'(0.7)", erf::gradient(0.7), erf, 0.7);
    row("erf''(0.7)", erf::hessian(0.7)[0][0], erf::gradient, 0.7);
    row("J0'(2)", j0::gradient(2.0), j0, 2.0);
    row("J0''(2)", j0::hessian(2.0)[0][0], j0::gradient, 2.0);
    row("J1''(2)", j1::hessian(2.0)[0][0], j1::gradient, 2.0);
    row(
        "ln gamma'(3.5), digamma",
        ln_gamma::gradient(3.5),
        ln_gamma,
        3.5,
    );
    row(
        "ln gamma''(3.5), trigamma",
        ln_gamma::hessian(3.5)[0][0],
        ln_gamma::gradient,
        3.5,
    );
    let (_, by_mean, by_deviation) = below::gradient(1.0, 0.2, 1.5);
    row(
        "share below 1, by the mean",
        by_mean,
        |mean| below(1.0, mean, 1.5),
        0.2,
    );
    row(
        "and by the deviation",
        by_deviation,
        |deviation| below(1.0, 0.2, deviation),
        1.5,
    );
    let (slope, _) = drum::gradient(0.5, 1.0);
    row("slope of a drum half-way", slope, |r| drum(r, 1.0), 0.5);

    println!("\nNewton's method on the likelihood of a gamma distribution:");
    println!(
        "{:>4} {:>18} {:>18} {:>22} {:>12}",
        "step", "shape", "scale", "loss", "|gradient|"
    );
    let sample = [1.8, 3.1, 0.9, 4.6, 2.2, 2.9, 1.2, 3.8, 2.5, 1.6];
    let (mut shape, mut scale) = (3.0, 0.8);
    for step in 0..8 {
        let (loss, (gs, gc), [[a, b], [_, c]]) =
            gamma_loss::value_gradient_hessian(shape, scale, &sample);
        println!(
            "{step:>4} {shape:>18.14} {scale:>18.14} {loss:>22.16} {:>12.2e}",
            gs.hypot(gc)
        );
        let determinant = a * c - b * b;
        shape -= (c * gs - b * gc) / determinant;
        scale -= (a * gc - b * gs) / determinant;
    }
    let mean = sample.iter().sum::<f64>() / sample.len() as f64;
    println!(
        "The mean of the distribution is {:.12}, that of the sample {mean:.12}.",
        shape * scale
    );
}
