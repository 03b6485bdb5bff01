//! Newton's method with Hessians that the compiler wrote, on three classic problems.
//!
//! ```text
//! cargo run --release --example newton
//! ```
//!
//! Each line shows a step: the value, the length of the gradient `g`, the Newton decrement `λ = (gᵀ H⁻¹ g)^½`, and
//! `λ / λ²` of the step before. `λ` measures the distance to the minimum in the function's own terms, whatever the
//! coordinates, and the last column staying bounded while `λ` goes to zero is what quadratic convergence means: the
//! number of right digits doubles with each step.

use autodiff::differentiable;
use nalgebra::{DMatrix, DVector};

/// Rosenbrock's curved valley; minimum 0 at (1, 1). H. H. Rosenbrock, The Computer Journal 3 (1960), 175-184.
#[differentiable]
fn rosenbrock(x: f64, y: f64) -> f64 {
    (1.0 - x).powi(2) + 100.0 * (y - x * x).powi(2)
}

/// Wood's function; minimum 0 at (1, 1, 1, 1). A. R. Colville, IBM Technical Report 320-2949 (1968).
#[differentiable]
fn wood(x: &[f64; 4]) -> f64 {
    let [a, b, c, d] = *x;
    let first_valley = 100.0 * (b - a * a).powi(2) + (1.0 - a).powi(2);
    let second_valley = 90.0 * (d - c * c).powi(2) + (1.0 - c).powi(2);
    let coupling = 10.1 * ((b - 1.0).powi(2) + (d - 1.0).powi(2)) + 19.8 * (b - 1.0) * (d - 1.0);
    first_valley + second_valley + coupling
}

/// Negative log-likelihood of a logistic regression: the probability of damage is `1 / (1 + exp(-(w0 + w1 t)))`.
#[differentiable(wrt(w))]
fn logistic_loss(w: &[f64], temperature: &[f64], damaged: &[bool]) -> f64 {
    let mut loss = 0.0;
    for i in 0..temperature.len() {
        let logit = w[0] + w[1] * temperature[i];
        // The logarithm of 1 + exp(logit), in the form that cannot overflow.
        loss += if logit > 0.0 {
            logit + (-logit).exp().ln_1p()
        } else {
            logit.exp().ln_1p()
        };
        if damaged[i] {
            loss -= logit;
        }
    }
    loss
}

/// Temperatures (degrees Fahrenheit) of the 7 space shuttle flights before Challenger's last that damaged an O-ring.
/// S. R. Dalal, E. B. Fowlkes, B. Hoadley, Journal of the American Statistical Association 84 (1989), 945-957.
const DAMAGED: [f64; 7] = [53.0, 57.0, 58.0, 63.0, 70.0, 70.0, 75.0];

/// Temperatures of the 16 flights that did not.
const INTACT: [f64; 16] = [
    66.0, 67.0, 67.0, 67.0, 68.0, 69.0, 70.0, 70.0, 72.0, 73.0, 75.0, 76.0, 76.0, 78.0, 79.0, 81.0,
];

fn main() {
    minimise(
        "Rosenbrock's function (Hessian [[f64; 2]; 2])",
        &[-1.2, 1.0],
        |x| {
            let (value, (dx, dy), hessian) = rosenbrock::value_gradient_hessian(x[0], x[1]);
            Local::new(value, &[dx, dy], hessian.as_flattened())
        },
    );
    minimise(
        "Wood's function (Hessian [[f64; 4]; 4])",
        &[-3.0, -1.0, -3.0, -1.0],
        |x| {
            let x = x.try_into().expect("the start has four numbers");
            let (value, gradient, hessian) = wood::value_gradient_hessian(x);
            Local::new(value, &gradient, hessian.as_flattened())
        },
    );
    let temperature = [DAMAGED.as_slice(), &INTACT].concat();
    let damaged = [[true; DAMAGED.len()].as_slice(), &[false; INTACT.len()]].concat();
    let w = minimise(
        "O-ring damage by temperature (Hessian autodiff::Matrix<f64>)",
        &[0.0, 0.0],
        |w| {
            let (value, gradient, hessian) =
                logistic_loss::value_gradient_hessian(w, &temperature, &damaged);
            Local::new(value, &gradient, hessian.as_slice())
        },
    );
    let probability = 1.0 / (1.0 + (-(w[0] + w[1] * 31.0)).exp());
    println!(
        "Probability of damage at 31 degrees, Challenger's last launch: {:.2} %",
        100.0 * probability
    );
}

/// A point's value and derivatives, and the Newton step from there.
struct Local {
    value: f64,
    gradient: DVector<f64>,
    direction: DVector<f64>,
    /// The Newton decrement: `λ²` is the slope along the direction and, close to a minimum, twice the distance in
    /// value. S. Boyd, L. Vandenberghe, Convex Optimization (2004), section 9.5.1.
    decrement: f64,
    /// How many eigenvalues of the Hessian are negative.
    negative: usize,
}

impl Local {
    /// Takes the Hessian row by row.
    ///
    /// Its eigenvalues enter the direction by their absolute value, so that the direction descends where the function
    /// curves downwards too, and saddle points are left. P. E. Gill, W. Murray, M. H. Wright, Practical Optimization
    /// (1981), section 4.4.2.
    fn new(value: f64, gradient: &[f64], hessian: &[f64]) -> Self {
        let gradient = DVector::from_column_slice(gradient);
        let eigen =
            DMatrix::from_row_slice(gradient.len(), gradient.len(), hessian).symmetric_eigen();
        let floor = f64::EPSILON * eigen.eigenvalues.amax();
        let curvatures = eigen.eigenvalues.map(|value| value.abs().max(floor));
        let along = eigen
            .eigenvectors
            .tr_mul(&gradient)
            .component_div(&curvatures);
        let direction = -(eigen.eigenvectors * along);
        let decrement = (-gradient.dot(&direction)).sqrt();
        let negative = eigen
            .eigenvalues
            .iter()
            .filter(|&&value| value < 0.0)
            .count();
        Self {
            value,
            gradient,
            direction,
            decrement,
            negative,
        }
    }

    /// Whether the decrease still to be had is below the rounding of the value.
    fn is_minimum(&self) -> bool {
        self.decrement.powi(2) <= f64::EPSILON * (1.0 + self.value.abs())
    }
}

/// Minimises by Newton's method with backtracking and prints each step; returns the minimiser.
fn minimise(name: &str, start: &[f64], local: impl Fn(&[f64]) -> Local) -> Vec<f64> {
    println!("{name}");
    println!(
        "step          value       |g|         λ   λ / λ before²   step length   negative eigenvalues"
    );
    let mut x = DVector::from_column_slice(start);
    let mut here = local(x.as_slice());
    println!(
        "   0  {:13.6e}  {:8.1e}  {:8.1e}",
        here.value,
        here.gradient.norm(),
        here.decrement
    );
    for step in 1..=100 {
        if here.is_minimum() {
            // The last step changes the value by less than its rounding, and still doubles the digits of the place.
            x += &here.direction;
            println!("minimum at {:.10?}\n", x.as_slice());
            return x.as_slice().to_vec();
        }
        // Armijo's condition: at least a small part of the decrease that the slope promises.
        let promised = here.decrement.powi(2);
        let mut trials = (0..50).map(|halvings| {
            let length = 0.5_f64.powi(halvings);
            let trial = &x + length * &here.direction;
            (length, local(trial.as_slice()), trial)
        });
        let (length, there, trial) = trials
            .find(|(length, there, _)| there.value <= here.value - 1e-4 * length * promised)
            .expect("a short step in a direction of descent decreases the function");
        println!(
            "{step:4}  {:13.6e}  {:8.1e}  {:8.1e}   {:12.3}   {length:11.4}   {:20}",
            there.value,
            there.gradient.norm(),
            there.decrement,
            there.decrement / promised,
            here.negative,
        );
        (x, here) = (trial, there);
    }
    panic!("no minimum after 100 steps");
}
