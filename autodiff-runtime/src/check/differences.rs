//! Derivatives by central differences, extrapolated to the step zero.

use alloc::vec::Vec;

/// How much smaller each step is than the one before.
const RATIO: f64 = 1.7;
/// How many steps there are: the last one is ten million times smaller than the first.
const STEPS: usize = 31;
/// How many steps an extrapolation takes in at most.
const DEPTH: usize = 5;
/// How many steps there are at least, so that an accident does not pass for agreement.
const LEAST: usize = 4;

/// A derivative, and about how uncertain it is.
#[derive(Clone, Debug)]
pub(super) struct Estimate {
    pub(super) value: f64,
    pub(super) error: f64,
    /// How large the function is near the point.
    pub(super) magnitude: f64,
    /// The extrapolations that end at the last step, the difference itself first.
    row: Vec<f64>,
}

/// The derivative of each part of what `function` gives, at the step zero.
pub(super) fn along(function: impl Fn(f64) -> Vec<f64>, first: f64) -> Vec<Estimate> {
    let mut estimates: Vec<Estimate> = Vec::new();
    let mut step = first;
    for k in 0..STEPS {
        let (above, below) = (function(step), function(-step));
        if estimates.is_empty() {
            let none = Estimate {
                value: f64::NAN,
                error: f64::INFINITY,
                magnitude: 0.0,
                row: Vec::new(),
            };
            estimates.resize(above.len(), none);
        }
        for (estimate, (a, b)) in estimates.iter_mut().zip(above.iter().zip(&below)) {
            estimate.magnitude = a.abs().max(b.abs());
            estimate.take_in((a - b) / (2.0 * step), rounding(*a, *b) / step);
        }
        if k + 1 >= LEAST && estimates.iter().all(Estimate::is_sharp) {
            break;
        }
        step /= RATIO;
    }
    estimates
}

/// What the difference of two numbers is uncertain by at least. Numbers that single precision holds are taken to come
/// from there.
fn rounding(a: f64, b: f64) -> f64 {
    let is_single = |number: f64| f64::from(number as f32) == number;
    let epsilon = match is_single(a) && is_single(b) {
        true => f64::from(f32::EPSILON),
        false => f64::EPSILON,
    };
    a.abs().max(b.abs()) * epsilon
}

impl Estimate {
    fn is_sharp(&self) -> bool {
        self.error <= 1e-11 * self.value.abs().max(1e-3)
    }

    /// Takes in the difference of the next smaller step, which has an error of rounding of its own.
    fn take_in(&mut self, difference: f64, rounding: f64) {
        if !difference.is_finite() {
            // The step leaves the domain of the function.
            self.row.clear();
            return;
        }
        let before = core::mem::take(&mut self.row);
        self.row.push(difference);
        let mut factor = 1.0;
        for (j, earlier) in before.iter().take(DEPTH - 1).enumerate() {
            factor *= RATIO * RATIO;
            let refined = (factor * self.row[j] - earlier) / (factor - 1.0);
            let spread = (refined - self.row[j]).abs().max((refined - earlier).abs());
            let error = spread + rounding;
            if error < self.error {
                self.value = refined;
                self.error = error;
            }
            self.row.push(refined);
        }
    }
}

#[cfg(test)]
mod tests {
    use alloc::vec;

    use super::along;

    #[test]
    fn differences_know_their_error() {
        let point = 0.7_f64;
        type Known = (fn(f64) -> f64, f64);
        let known: [Known; 5] = [
            (|x| x.sin(), point.cos()),
            (|x| x.ln(), point.recip()),
            (|x| (16.0 * core::f64::consts::PI * x).sin(), {
                16.0 * core::f64::consts::PI * (16.0 * core::f64::consts::PI * point).cos()
            }),
            (|x| 3.0 * x, 3.0),
            (|x| 1e9 + x * x, 1.4),
        ];
        for (function, derivative) in known {
            let found = &along(|step| vec![function(point + step)], 0.1173)[0];
            assert!(
                (found.value - derivative).abs() <= 2.0 * found.error,
                "{found:?} for {derivative}"
            );
            assert!(found.error < 1e-5 * derivative.abs(), "{found:?}");
        }
    }

    #[test]
    fn differences_at_the_edge_of_a_domain_are_smaller() {
        let found = &along(|step| vec![(1e-3 + step).ln()], 0.1173)[0];
        assert!((found.value - 1e3).abs() < 1e-6, "{found:?}");
    }

    #[test]
    fn jumps_do_not_settle() {
        let found = &along(|step| vec![(1e-12 + step).signum()], 0.1173)[0];
        assert!(found.error > 0.1 * found.value.abs(), "{found:?}");
    }
}
