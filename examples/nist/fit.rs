//! Nonlinear least squares: the Levenberg-Marquardt solver of the crate `levenberg-marquardt`, fed with generated
//! gradients.

use crate::data::{DataSet, Observation};
use levenberg_marquardt::{LeastSquaresProblem, LevenbergMarquardt, TerminationReason};
use nalgebra::storage::Owned;
use nalgebra::{DMatrix, DVector, Dyn};

/// Where a fit ended.
pub(crate) struct Fit {
    /// The parameters found.
    pub(crate) parameters: Vec<f64>,
    /// Their standard deviations, from the Jacobian at the end.
    pub(crate) deviations: Vec<f64>,
    /// Sum of the squared residuals.
    pub(crate) residual_sum_of_squares: f64,
    /// How often all residuals were computed, polishing included.
    pub(crate) evaluations: usize,
    /// Why the solver stopped.
    pub(crate) termination: TerminationReason,
}

/// The predictors of a model: one number or several.
pub(crate) trait Predictors {
    /// Reads them from a row of the data set.
    ///
    /// # Panics
    ///
    /// Panics if the row has another number of predictors.
    fn from_row(row: &[f64]) -> Self;
}

impl Predictors for f64 {
    fn from_row(row: &[f64]) -> Self {
        let [x] = <[f64; 1]>::from_row(row);
        x
    }
}

impl<const K: usize> Predictors for [f64; K] {
    fn from_row(row: &[f64]) -> Self {
        row.try_into()
            .expect("the data set has the model's number of predictors")
    }
}

/// Fits the model to the data set from one of its starting points.
///
/// One setting serves all sets. Every tolerance is the machine epsilon. `step_bound` limits the first step, in units
/// of the starting point's own (scaled) length. The solver judges a step by the sum of squares, which near the minimum
/// is flat to rounding while the parameters still have half of their digits to gain; so Gauss-Newton steps, judged by
/// their length, finish the work.
///
/// # Panics
///
/// Panics if the data set and the model differ in their number of parameters or predictors.
pub(crate) fn fit<X: Predictors, const N: usize>(
    set: &DataSet,
    start: usize,
    step_bound: f64,
    model: fn(&[f64; N], X) -> f64,
    gradient: fn(&[f64; N], X) -> [f64; N],
) -> Fit {
    let b = set
        .start(start)
        .try_into()
        .expect("the data set has the model's number of parameters");
    let regression = Regression {
        observations: &set.observations,
        model,
        gradient,
        b,
    };
    let (mut regression, report) = LevenbergMarquardt::new()
        .with_ftol(f64::EPSILON)
        .with_xtol(f64::EPSILON)
        .with_gtol(f64::EPSILON)
        .with_patience(1000)
        .with_stepbound(step_bound)
        .minimize(regression);
    let evaluations = report.number_of_evaluations + regression.polish();
    let residual_sum_of_squares = regression.residual_vector().norm_squared();
    Fit {
        parameters: regression.b.to_vec(),
        deviations: regression.deviations(residual_sum_of_squares),
        residual_sum_of_squares,
        evaluations,
        termination: report.termination,
    }
}

/// The least squares problem `min Σ (model(b, x) - y)²`.
struct Regression<'a, X, const N: usize> {
    observations: &'a [Observation],
    model: fn(&[f64; N], X) -> f64,
    gradient: fn(&[f64; N], X) -> [f64; N],
    b: [f64; N],
}

impl<X: Predictors, const N: usize> Regression<'_, X, N> {
    fn residual_vector(&self) -> DVector<f64> {
        let residual =
            |row: &Observation| (self.model)(&self.b, X::from_row(&row.predictors)) - row.response;
        DVector::from_iterator(
            self.observations.len(),
            self.observations.iter().map(residual),
        )
    }

    fn jacobian_matrix(&self) -> DMatrix<f64> {
        let gradient = |row: &Observation| (self.gradient)(&self.b, X::from_row(&row.predictors));
        DMatrix::from_row_iterator(
            self.observations.len(),
            N,
            self.observations.iter().flat_map(gradient),
        )
    }

    /// Takes undamped Gauss-Newton steps for as long as each is shorter than the one before, which holds until rounding
    /// sets in, and none raises the sum of squares by more than its rounding. Returns the number of evaluations.
    fn polish(&mut self) -> usize {
        const MOST: usize = 100;
        const ROUNDING: f64 = 1e-9;
        let mut residuals = self.residual_vector();
        let bound = residuals.norm_squared() * (1.0 + ROUNDING);
        let mut length = f64::INFINITY;
        for evaluations in 1..MOST {
            let jacobian = self.jacobian_matrix();
            let scale: DVector<f64> =
                DVector::from_iterator(N, jacobian.column_iter().map(|column| column.norm()));
            let (q, r) = jacobian.qr().unpack();
            let step = r.solve_upper_triangular(&q.tr_mul(&residuals));
            let Some(step) = step.filter(|step| step.component_mul(&scale).norm() < length) else {
                return evaluations;
            };
            let before = self.b;
            for (b, s) in self.b.iter_mut().zip(&step) {
                *b -= s;
            }
            residuals = self.residual_vector();
            if residuals.norm_squared() > bound || residuals.norm_squared().is_nan() {
                self.b = before;
                return evaluations + 1;
            }
            length = step.component_mul(&scale).norm();
        }
        MOST
    }

    /// Standard deviations of the parameters: the roots of the diagonal of `s² (JᵀJ)⁻¹`, where `s²` is the sum of
    /// squares over the degrees of freedom. With `J = QR` these are `s` times the norms of the rows of `R⁻¹`.
    fn deviations(&self, residual_sum_of_squares: f64) -> Vec<f64> {
        let degrees_of_freedom = (self.observations.len() - N) as f64;
        let s = (residual_sum_of_squares / degrees_of_freedom).sqrt();
        let r = self.jacobian_matrix().qr().unpack_r();
        match r.solve_upper_triangular(&DMatrix::identity(N, N)) {
            Some(inverse) => inverse.row_iter().map(|row| s * row.norm()).collect(),
            None => vec![f64::INFINITY; N],
        }
    }
}

impl<X: Predictors, const N: usize> LeastSquaresProblem<f64, Dyn, Dyn> for Regression<'_, X, N> {
    type ParameterStorage = Owned<f64, Dyn>;
    type ResidualStorage = Owned<f64, Dyn>;
    type JacobianStorage = Owned<f64, Dyn, Dyn>;

    fn set_params(&mut self, b: &DVector<f64>) {
        self.b.copy_from_slice(b.as_slice());
    }

    fn params(&self) -> DVector<f64> {
        DVector::from_column_slice(&self.b)
    }

    fn residuals(&self) -> Option<DVector<f64>> {
        Some(self.residual_vector())
    }

    fn jacobian(&self) -> Option<DMatrix<f64>> {
        Some(self.jacobian_matrix())
    }
}
