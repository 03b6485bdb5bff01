//! Checks of derivatives against differences of the function itself, for tests of one's own functions.
//!
//! ```
//! use autodiff_runtime::check;
//!
//! fn value((x, scale): &(Vec<f64>, f64)) -> f64 {
//!     x.iter().map(|x| (scale * x).sin()).sum()
//! }
//! fn gradient((x, scale): &(Vec<f64>, f64)) -> (Vec<f64>, f64) {
//!     let slopes = x.iter().map(|x| scale * (scale * x).cos()).collect();
//!     (slopes, x.iter().map(|x| x * (scale * x).cos()).sum())
//! }
//!
//! let point = (vec![0.5, -1.5], 2.0);
//! let report = check::gradient(value, gradient, &point)?;
//! assert_eq!(report.components(), 3);
//!
//! // A factor is missing.
//! let wrong = |(x, scale): &(Vec<f64>, f64)| {
//!     (x.iter().map(|x| (scale * x).cos()).collect::<Vec<f64>>(), gradient(&point).1)
//! };
//! let mismatch = check::gradient(value, wrong, &point).unwrap_err();
//! assert_eq!(mismatch.worst().input(), 1);
//! assert!(mismatch.to_string().contains("the 1 in ([0.0, 1.0], 0.0)"));
//! # Ok::<(), check::Mismatch>(())
//! ```
//!
//! A point is anything [`Differentiable`]: a scalar, an array, a `Vec`, a struct with the derivation, or a tuple of such
//! for a function of several parameters. With a companion, the closures say
//! `|(x, scale)| loss::gradient(x, *scale)`.
//!
//! Differences are central ones of falling steps, extrapolated to the step zero (L. F. Richardson, 1911; the choice of
//! the entry by C. J. F. Ridders, "Accurate computation of F'(x) and F'(x) F''(x)", 1982), which comes with an estimate
//! of its own error.

mod differences;
mod report;

use alloc::vec::Vec;

use crate::{Differentiable, Matrix, Scalar, Tangent};
pub use report::{Component, Mismatch, Report};

/// The first step, which is no simple fraction of anything, so that no periodic function is met in step.
const STEP: f64 = 0.117_3;

/// How a check is made: how much may differ, and how far from the point the function is evaluated.
///
/// ```
/// use autodiff_runtime::check::Check;
///
/// // A pole at 0 is not stepped over.
/// Check::new().step(1e-3).gradient(|x: &f64| x.ln(), |x| x.recip(), &0.01)?;
/// # Ok::<(), autodiff_runtime::check::Mismatch>(())
/// ```
#[derive(Clone, Copy, Debug)]
pub struct Check {
    relative: f64,
    absolute: f64,
    step: f64,
}

impl Default for Check {
    fn default() -> Self {
        Self::new()
    }
}

impl Check {
    /// A relative difference of 1e-6, an absolute one of 1e-9, and steps from about 0.1 on. What differences are
    /// uncertain by is allowed for beside that: in single precision it is the larger part.
    #[must_use]
    pub const fn new() -> Self {
        Self {
            relative: 1e-6,
            absolute: 1e-9,
            step: STEP,
        }
    }

    /// How much a component may differ, as a part of its size.
    #[must_use]
    pub const fn relative(self, relative: f64) -> Self {
        Self { relative, ..self }
    }

    /// How much a component may differ, whatever its size.
    #[must_use]
    pub const fn absolute(self, absolute: f64) -> Self {
        Self { absolute, ..self }
    }

    /// The largest step, in each component of the point. It has to be smaller than the distance to points where the
    /// function panics; for large numbers, make it larger.
    #[must_use]
    pub const fn step(self, step: f64) -> Self {
        Self { step, ..self }
    }

    /// As [`gradient`], with these tolerances.
    ///
    /// # Errors
    ///
    /// As [`gradient`].
    ///
    /// # Panics
    ///
    /// As [`gradient`].
    pub fn gradient<P, T, G>(
        &self,
        value: impl Fn(&P) -> T,
        gradient: impl Fn(&P) -> G,
        at: &P,
    ) -> Result<Report, Mismatch>
    where
        P: Differentiable + Clone,
        T: Scalar,
        G: Tangent,
    {
        let gradient = gradient(at).flatten();
        self.compare("gradient", at, value, |input, _| gradient[input], &gradient)
    }

    /// As [`hessian`], with these tolerances.
    ///
    /// # Errors
    ///
    /// As [`hessian`].
    ///
    /// # Panics
    ///
    /// As [`hessian`].
    pub fn hessian<P, G, H>(
        &self,
        gradient: impl Fn(&P) -> G,
        hessian: impl Fn(&P) -> H,
        at: &P,
    ) -> Result<Report, Mismatch>
    where
        P: Differentiable + Clone,
        G: Tangent,
        H: Entries,
    {
        let dimension = at.zero_tangent().dimension();
        let entries = hessian(at).entries();
        assert_eq!(
            entries.len(),
            dimension * dimension,
            "a Hessian has a row and a column for each scalar of the point"
        );
        let entry = |input: usize, output: usize| entries[output * dimension + input];
        self.compare("Hessian", at, gradient, entry, &entries)
    }

    /// As [`vjp`], with these tolerances.
    ///
    /// # Errors
    ///
    /// As [`vjp`].
    ///
    /// # Panics
    ///
    /// As [`vjp`].
    pub fn vjp<P, R, D, A>(
        &self,
        value: impl Fn(&P) -> R,
        jvp: impl Fn(&P, &P::Tangent) -> D,
        vjp: impl Fn(&P, &R) -> A,
        at: &P,
    ) -> Result<Report, Mismatch>
    where
        P: Differentiable + Clone,
        R: Tangent,
        D: Tangent,
        A: Tangent,
    {
        let mut cotangent = value(at);
        let outputs = cotangent.dimension();
        let mut rows = Vec::with_capacity(outputs);
        for output in 0..outputs {
            cotangent.assign_flat(&unit(outputs, output));
            rows.push(vjp(at, &cotangent).flatten());
        }
        let mut direction = at.zero_tangent();
        let inputs = direction.dimension();
        let mut columns = Vec::with_capacity(inputs);
        for input in 0..inputs {
            direction.assign_flat(&unit(inputs, input));
            columns.push(jvp(at, &direction).flatten());
        }
        let forward: Vec<f64> = columns.concat();
        let by_jvp = |input: usize, output: usize| columns[input][output];
        self.compare("forward derivative", at, &value, by_jvp, &forward)?;
        let reverse: Vec<f64> = rows.concat();
        let by_vjp = |input: usize, output: usize| rows[output][input];
        self.compare("reverse derivative", at, &value, by_vjp, &reverse)
    }

    /// Compares each entry of a Jacobian with differences of the function.
    fn compare<P, R>(
        &self,
        what: &'static str,
        at: &P,
        function: impl Fn(&P) -> R,
        entry: impl Fn(usize, usize) -> f64,
        entries: &[f64],
    ) -> Result<Report, Mismatch>
    where
        P: Differentiable + Clone,
        R: Tangent,
    {
        let mut direction = at.zero_tangent();
        let inputs = direction.dimension();
        let mut worst: Option<Component> = None;
        let mut compared = 0;
        for input in 0..inputs {
            direction.assign_flat(&unit(inputs, input));
            let along = |step: f64| {
                let (mut point, mut way) = (at.clone(), direction.clone());
                way.scale(step);
                point.move_by(&way);
                function(&point).flatten()
            };
            for (output, estimate) in differences::along(along, self.step).into_iter().enumerate() {
                compared += 1;
                let generated = entry(input, output);
                let size = generated.abs().max(estimate.value.abs());
                let allowed = self.absolute + self.relative * size + 10.0 * estimate.error;
                let component = Component {
                    input,
                    output,
                    generated,
                    by_differences: estimate.value,
                    uncertainty: estimate.error,
                    allowed,
                    // Of a derivative that is zero, an error has to be small beside the function.
                    settled: estimate.error
                        <= 1e-2 * size.max(1e-3 * estimate.magnitude) + self.absolute,
                };
                if worst
                    .as_ref()
                    .is_none_or(|worst| component.badness() > worst.badness())
                {
                    worst = Some(component);
                }
            }
        }
        assert_eq!(
            compared,
            entries.len(),
            "the {what} has not the shape of the point"
        );
        let report = |worst: Component| {
            direction.assign_flat(&unit(inputs, worst.input));
            let shown = (inputs <= 32).then(|| alloc::format!("{direction:?}"));
            (worst, shown)
        };
        match worst.map(report) {
            Some((worst, direction)) if !worst.is_close() => Err(Mismatch {
                what,
                worst,
                direction,
                compared,
            }),
            worst => Ok(Report {
                what,
                worst: worst.map(|(worst, _)| worst),
                compared,
            }),
        }
    }
}

/// Zeros with a one at a position.
fn unit(dimension: usize, position: usize) -> Vec<f64> {
    let mut scalars = alloc::vec![0.0; dimension];
    scalars[position] = 1.0;
    scalars
}

/// Compares a gradient with differences of the function.
///
/// ```
/// use autodiff_runtime::check;
///
/// check::gradient(|x: &[f64; 2]| x[0] * x[1], |x| [x[1], x[0]], &[0.5, 2.0])?;
/// # Ok::<(), check::Mismatch>(())
/// ```
///
/// # Errors
///
/// Where a component differs by more than a relative 1e-6, an absolute 1e-9 and what differences are uncertain by, or
/// where differences do not settle, as near kinks, poles and the end of the function's domain. The error names the
/// worst component. Other tolerances and smaller steps: [`Check`].
///
/// # Panics
///
/// When the gradient has not the dimension of the point, and when the function panics close to it.
pub fn gradient<P, T, G>(
    value: impl Fn(&P) -> T,
    gradient: impl Fn(&P) -> G,
    at: &P,
) -> Result<Report, Mismatch>
where
    P: Differentiable + Clone,
    T: Scalar,
    G: Tangent,
{
    Check::new().gradient(value, gradient, at)
}

/// Compares a Hessian with differences of the gradient, which [`gradient()`] is for.
///
/// ```
/// use autodiff_runtime::check;
///
/// let gradient = |x: &[f64; 2]| [2.0 * x[0] * x[1], x[0] * x[0]];
/// let hessian = |x: &[f64; 2]| [[2.0 * x[1], 2.0 * x[0]], [2.0 * x[0], 0.0]];
/// check::hessian(gradient, hessian, &[0.5, 2.0])?;
/// # Ok::<(), check::Mismatch>(())
/// ```
///
/// # Errors
///
/// As [`gradient()`].
///
/// # Panics
///
/// When the Hessian has not a row and a column for each scalar of the point, and when the gradient panics close to it.
pub fn hessian<P, G, H>(
    gradient: impl Fn(&P) -> G,
    hessian: impl Fn(&P) -> H,
    at: &P,
) -> Result<Report, Mismatch>
where
    P: Differentiable + Clone,
    G: Tangent,
    H: Entries,
{
    Check::new().hessian(gradient, hessian, at)
}

/// Compares the forward and the reverse derivative of a function of any result with its differences, entry of the
/// Jacobian by entry: one call of `jvp` for each scalar of the point, and one of `vjp` for each scalar of the result.
///
/// ```
/// use autodiff_runtime::check;
///
/// let value = |x: &[f64; 2]| vec![x[0] * x[1], x[1].exp(), x[0]];
/// let jvp = |x: &[f64; 2], d: &[f64; 2]| vec![x[0] * d[1] + x[1] * d[0], x[1].exp() * d[1], d[0]];
/// let vjp = |x: &[f64; 2], w: &Vec<f64>| [x[1] * w[0] + w[2], x[0] * w[0] + x[1].exp() * w[1]];
/// check::vjp(value, jvp, vjp, &[0.5, 2.0])?;
/// # Ok::<(), check::Mismatch>(())
/// ```
///
/// # Errors
///
/// As [`gradient()`], of the forward derivative first.
///
/// # Panics
///
/// When a derivative has not the dimension that belongs to it, and when the function panics close to the point.
pub fn vjp<P, R, D, A>(
    value: impl Fn(&P) -> R,
    jvp: impl Fn(&P, &P::Tangent) -> D,
    vjp: impl Fn(&P, &R) -> A,
    at: &P,
) -> Result<Report, Mismatch>
where
    P: Differentiable + Clone,
    R: Tangent,
    D: Tangent,
    A: Tangent,
{
    Check::new().vjp(value, jvp, vjp, at)
}

/// A matrix of numbers: [`Matrix`], or an array of arrays.
pub trait Entries {
    /// The entries, row by row.
    ///
    /// ```
    /// use autodiff_runtime::check::Entries;
    ///
    /// assert_eq!([[1.0, 2.0], [3.0, 4.0]].entries(), [1.0, 2.0, 3.0, 4.0]);
    /// ```
    fn entries(&self) -> Vec<f64>;
}

impl<T: Scalar, const ROWS: usize, const COLUMNS: usize> Entries for [[T; COLUMNS]; ROWS] {
    fn entries(&self) -> Vec<f64> {
        self.as_flattened()
            .iter()
            .map(|entry| entry.widen())
            .collect()
    }
}

impl<T: Scalar> Entries for Matrix<T> {
    fn entries(&self) -> Vec<f64> {
        self.as_slice().iter().map(|entry| entry.widen()).collect()
    }
}
