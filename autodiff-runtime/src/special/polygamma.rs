//! The derivatives of the digamma function.

use core::f64::consts::PI;

/// The Bernoulli numbers of even index, from B₂ on.
const BERNOULLI: [f64; 8] = [
    1.0 / 6.0,
    -1.0 / 30.0,
    1.0 / 42.0,
    -1.0 / 30.0,
    5.0 / 66.0,
    -691.0 / 2730.0,
    7.0 / 6.0,
    -3617.0 / 510.0,
];

/// Factorials beyond leave the range of the numbers.
const HIGHEST: u32 = 150;

fn factorial(n: u32) -> f64 {
    (1..=n).map(f64::from).product()
}

/// `x` to a small power.
fn power(x: f64, n: u32) -> f64 {
    (0..n).fold(1.0, |power, _| power * x)
}

/// The derivative of order `order` of the digamma function ψ: by the recurrence of `x` and `x + 1` up to where the
/// asymptotic series holds (NIST Digital Library of Mathematical Functions, 5.5.2, 5.11.2, 5.15.5 and 5.15.8), and by
/// reflection (5.5.4, 5.15.6) far below zero.
pub(crate) fn polygamma(order: u32, x: f64) -> f64 {
    if order > HIGHEST {
        return f64::NAN;
    }
    if x <= 0.0 && x == libm::floor(x) {
        return match order {
            0 if x == 0.0 => libm::copysign(f64::INFINITY, -x),
            order if order % 2 == 1 && x.is_finite() => f64::INFINITY,
            _ => f64::NAN,
        };
    }
    if x < -20.0 && order <= 2 {
        let angle = PI * (x - libm::rint(x));
        let (sin, cotangent) = (libm::sin(angle), 1.0 / libm::tan(angle));
        return match order {
            0 => polygamma(0, 1.0 - x) - PI * cotangent,
            1 => power(PI / sin, 2) - polygamma(1, 1.0 - x),
            _ => polygamma(2, 1.0 - x) - 2.0 * PI * cotangent * power(PI / sin, 2),
        };
    }
    if x < -10_000.0 || x.is_nan() {
        return f64::NAN;
    }
    let sign = if order.is_multiple_of(2) { -1.0 } else { 1.0 };
    let (mut x, mut sum) = (x, 0.0);
    while x < 12.0 + f64::from(order) {
        sum += sign * factorial(order) / power(x, order + 1);
        x += 1.0;
    }
    if x.is_infinite() {
        return if order == 0 { x } else { 0.0 };
    }
    let leading = if order == 0 {
        libm::log(x)
    } else {
        sign * factorial(order - 1) / power(x, order)
    };
    let series: f64 = BERNOULLI
        .iter()
        .zip(1_u32..)
        .map(|(&bernoulli, k)| {
            // (2k + order - 1)! / (2k)!, without large factorials.
            let ratio = (1..order).map(|i| f64::from(2 * k + i)).product::<f64>();
            let ratio = if order == 0 {
                1.0 / f64::from(2 * k)
            } else {
                ratio
            };
            bernoulli * ratio / power(x, 2 * k + order)
        })
        .sum();
    sum + leading + sign * (factorial(order) / (2.0 * power(x, order + 1)) + series)
}

/// `ψ(x) - ψ(x + y)`, or of order 1 the same of the derivatives, without cancellation for positive arguments: the recurrence
/// and the series of [`polygamma`] with differences of powers taken apart.
pub(super) fn difference(order: u32, x: f64, y: f64) -> f64 {
    debug_assert!(order < 2, "the series are written out for two orders");
    if x <= 0.0 || x + y <= 0.0 || !(x + y).is_finite() {
        return polygamma(order, x) - polygamma(order, x + y);
    }
    let (mut x, mut sum) = (x, 0.0);
    let sign = if order == 0 { -1.0 } else { 1.0 };
    while x < 12.0 {
        sum += sign * reciprocal_powers(x, y, order + 1);
        x += 1.0;
    }
    let leading = match order {
        0 => -libm::log1p(y / x) - 0.5 * reciprocal_powers(x, y, 1),
        _ => reciprocal_powers(x, y, 1) + 0.5 * reciprocal_powers(x, y, 2),
    };
    let series: f64 = BERNOULLI
        .iter()
        .zip(1_u32..)
        .map(|(&bernoulli, k)| match order {
            0 => -bernoulli / f64::from(2 * k) * reciprocal_powers(x, y, 2 * k),
            _ => bernoulli * reciprocal_powers(x, y, 2 * k + 1),
        })
        .sum();
    sum + leading + series
}

/// `1 / xⁿ - 1 / (x + y)ⁿ`, as the difference of the bases times a sum.
fn reciprocal_powers(x: f64, y: f64, n: u32) -> f64 {
    let (a, b) = (1.0 / x, 1.0 / (x + y));
    let sum: f64 = (0..n).map(|i| power(a, i) * power(b, n - 1 - i)).sum();
    a * b * y * sum
}

#[cfg(test)]
mod tests {
    use super::{difference, polygamma};

    #[test]
    fn differences() {
        for (order, x) in [
            (0, 0.5),
            (1, 0.5),
            (0, 30.0),
            (1, 30.0),
            (0, 11.9),
            (1, -1.5),
        ] {
            for y in [0.25, 3.0, 100.0] {
                let expected = polygamma(order, x) - polygamma(order, x + y);
                let found = difference(order, x, y);
                assert!(
                    (found - expected).abs() < 1e-13 * expected.abs().max(1.0),
                    "order {order} from {x} by {y}: {found}, not {expected}"
                );
            }
            // A small step is as good as the derivative.
            if x > 0.0 {
                let slope = difference(order, x, 1e-14) / -1e-14;
                let expected = polygamma(order + 1, x);
                assert!(
                    (slope / expected - 1.0).abs() < 1e-12,
                    "order {order} at {x}"
                );
            }
        }
    }

    #[test]
    fn tabulated_values() {
        let euler = 0.577_215_664_901_532_9;
        let apery = 1.202_056_903_159_594_2;
        let pi2 = core::f64::consts::PI * core::f64::consts::PI;
        for (order, x, expected) in [
            (0, 1.0, -euler),
            (0, 0.5, -euler - 2.0 * core::f64::consts::LN_2),
            (0, 2.0, 1.0 - euler),
            (0, -0.5, 2.0 - euler - 2.0 * core::f64::consts::LN_2),
            (1, 1.0, pi2 / 6.0),
            (1, 0.5, pi2 / 2.0),
            (1, -0.5, pi2 / 2.0 + 4.0),
            (2, 1.0, -2.0 * apery),
            (2, 0.5, -14.0 * apery),
            (3, 1.0, pi2 * pi2 / 15.0),
        ] {
            let found = polygamma(order, x);
            assert!(
                (found - expected).abs() < 1e-13 * expected.abs().max(1.0),
                "ψ{order}({x}) = {expected}, not {found}"
            );
        }
    }

    #[test]
    fn reflection_and_recurrence_agree_and_poles_are_infinite() {
        for x in [-20.3, -19.7, -25.25] {
            for order in 0..3 {
                let step = match order {
                    0 => 1.0 / x,
                    1 => -1.0 / (x * x),
                    _ => 2.0 / (x * x * x),
                };
                let (here, next) = (polygamma(order, x), polygamma(order, x + 1.0));
                assert!(
                    (next - here - step).abs() < 1e-11 * here.abs(),
                    "order {order} at {x}"
                );
            }
        }
        assert_eq!(polygamma(1, -3.0), f64::INFINITY);
        assert!(polygamma(0, -3.0).is_nan() && polygamma(2, f64::NAN).is_nan());
        assert!(polygamma(0, f64::NEG_INFINITY).is_nan());
        assert_eq!(polygamma(0, f64::INFINITY), f64::INFINITY);
        assert_eq!(polygamma(1, f64::INFINITY), 0.0);
        assert_eq!(polygamma(0, 0.0), f64::NEG_INFINITY);
        assert_eq!(polygamma(0, -0.0), f64::INFINITY);
    }
}
