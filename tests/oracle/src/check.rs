//! The checks: every derivative function against the twin, finite differences and the others.

use crate::compare::Comparison;
use crate::function::{Dense, Derivatives, Expect, First, Flat, Function, Output, Scalar, Second};
use crate::scalar::Dual;
use crate::{edge, panics};

/// Checks a function at a point; panics at the first disagreement, naming it.
pub fn check(function: &Function<'_>) {
    match &function.expect {
        Expect::Agreement => agreement(function),
        Expect::Panic => panics::check(function),
        Expect::Gradient(gradient) => edge::check(function, gradient),
    }
}

/// Checks that all derivatives agree.
fn agreement(function: &Function<'_>) {
    let truth = Truth::new(function);
    let compare = Comparison { function };
    let output = truth.value(&compare);
    truth.finite_differences();
    if function.derivatives.is_none() && output.components.len() == 1 {
        truth.finite_differences_of_the_gradient();
    }
    if let Some(derivatives) = &function.derivatives {
        truth.first(&compare, &output, &derivatives.first);
        truth.scalar(&compare, &output, derivatives);
        truth.pullback(&compare, &output, derivatives);
        truth.jacobian(&compare, derivatives);
        if let (Some(second), Some(scalar)) = (&derivatives.second, &derivatives.scalar) {
            truth.second(&compare, &output, second, scalar);
        }
    }
}

/// A fixed vector of numbers of both signs and of size about one, which no symmetry of a function fits.
fn weights(count: usize, seed: u64) -> Flat {
    let mut state = seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1;
    let mut next = || {
        // SplitMix64.
        state = state.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let z = (state ^ (state >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        let z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    };
    // Multiples of 2^-10, so that single precision holds them too.
    let number = |bits: u64| {
        let size = 0.25 + (bits >> 54) as f64 / 1024.0;
        if bits & 1 == 0 { size } else { -size }
    };
    (0..count).map(|_| number(next())).collect()
}

fn dot(a: &[f64], b: &[f64]) -> f64 {
    a.iter().zip(b).map(|(a, b)| a * b).sum()
}

/// What the twin says of the function at the point.
struct Truth<'a> {
    function: &'a Function<'a>,
    /// The values of the outputs.
    value: Flat,
    /// The Jacobian by rows: `jacobian[output][input]`.
    jacobian: Vec<Flat>,
}

impl<'a> Truth<'a> {
    fn new(function: &'a Function<'a>) -> Self {
        let inputs = function.x.len();
        let constant: Vec<Dual> = function.x.iter().map(|&x| Dual::from_re(x)).collect();
        let value: Flat = (function.twin)(&constant).iter().map(|y| y.re).collect();
        let mut jacobian = vec![vec![0.0; inputs]; value.len()];
        for input in 0..inputs {
            let mut seeded = constant.clone();
            seeded[input].eps1 = 1.0;
            for (row, y) in jacobian.iter_mut().zip((function.twin)(&seeded)) {
                row[input] = y.eps1;
            }
        }
        Truth {
            function,
            value,
            jacobian,
        }
    }

    /// The plain call's output, which the twin's values must equal bit by bit.
    fn value(&self, compare: &Comparison<'_>) -> Output {
        let output = (self.function.primal)(&self.function.x);
        let bits = |values: &[f64]| values.iter().map(|y| y.to_bits()).collect::<Vec<_>>();
        let Function { name, at, .. } = self.function;
        assert_eq!(
            bits(&output.components),
            bits(&self.value),
            "{name} {at}: the twin's values {:?} differ from the function's {:?}",
            self.value,
            output.components
        );
        compare.outputs(
            "a second plain call",
            &(self.function.primal)(&self.function.x),
            &output,
        );
        output
    }

    /// `J v` and, for each component, the size of what was added up.
    fn forward(&self, v: &[f64]) -> (Flat, Flat) {
        let row = |row: &Flat| dot(row, v);
        let scale = |row: &Flat| row.iter().zip(v).map(|(a, b)| (a * b).abs()).sum();
        (
            self.jacobian.iter().map(row).collect(),
            self.jacobian.iter().map(scale).collect(),
        )
    }

    /// `J^T w` and, for each component, the size of what was added up.
    fn reverse(&self, w: &[f64]) -> (Flat, Flat) {
        let term = |input: usize| move |(row, w): (&Flat, &f64)| row[input] * w;
        let terms = |input| self.jacobian.iter().zip(w).map(term(input));
        let inputs = 0..self.function.x.len();
        (
            inputs.clone().map(|input| terms(input).sum()).collect(),
            inputs
                .map(|input| terms(input).map(f64::abs).sum())
                .collect(),
        )
    }

    /// The twin's derivatives against central differences of the plain function.
    fn finite_differences(&self) {
        for input in 0..self.function.x.len() {
            for (output, row) in self.jacobian.iter().enumerate() {
                let value = |x: &[f64]| (self.function.primal)(x).components[output];
                let what = format!("d y{output} / d x{input}");
                self.difference(&what, input, row[input], self.value[output], &value);
            }
        }
    }

    /// The twin's second derivatives against central differences of its first.
    fn finite_differences_of_the_gradient(&self) {
        for (i, row) in self.hessian().iter().enumerate() {
            for (j, &second) in row.iter().enumerate() {
                let slope = |x: &[f64]| {
                    let mut seeded: Vec<Dual> = x.iter().map(|&x| Dual::from_re(x)).collect();
                    seeded[i].eps1 = 1.0;
                    (self.function.twin)(&seeded)[0].eps1
                };
                let what = format!("d2 y / d x{i} d x{j}");
                self.difference(&what, j, second, self.jacobian[0][i], &slope);
            }
        }
    }

    /// A derivative with respect to one input against central differences.
    ///
    /// Several steps are tried, since the best one depends on the function's curvature.
    fn difference(
        &self,
        what: &str,
        input: usize,
        derivative: f64,
        size: f64,
        value: &dyn Fn(&[f64]) -> f64,
    ) {
        if !derivative.is_finite() {
            return;
        }
        let Function { name, at, x, .. } = self.function;
        let mut nearest = f64::INFINITY;
        // Half the digits of the values are left in a difference, two thirds of them at the best step.
        let (exponents, tolerance) = if self.function.single {
            (1..=4, 1e-3)
        } else {
            (3..=7, 1e-6)
        };
        for exponent in exponents {
            let step = 10_f64.powi(-exponent) * x[input].abs().max(0.1);
            let shifted = |sign: f64| {
                let mut x = x.clone();
                x[input] += sign * step;
                (value(&x), x[input])
            };
            let ((high, x_high), (low, x_low)) = (shifted(1.0), shifted(-1.0));
            let difference = (high - low) / (x_high - x_low);
            if (difference - derivative).abs() < (nearest - derivative).abs() {
                nearest = difference;
            }
        }
        let scale = derivative.abs().max(size.abs()).max(1.0);
        assert!(
            (nearest - derivative).abs() <= tolerance * scale,
            "{name} {at}: {what}: the twin says {derivative:e}, central differences {nearest:e}"
        );
    }

    /// `jvp`, `vjp` and `vjp_into`.
    fn first(&self, compare: &Comparison<'_>, output: &Output, first: &First<'_>) {
        let (x, replaced) = (&self.function.x, &self.function.replaced);
        for seed in 0..2 {
            let v = weights(x.len(), 2 * seed + 1);
            let w = weights(self.value.len(), 2 * seed + 2);
            let (expected, scales) = self.forward(&v);
            let (value, tangent) = (first.jvp)(x, &v);
            compare.outputs("jvp", &value, output);
            compare.vectors("jvp against the twin", &tangent, &expected, &scales);

            let (expected, scales) = self.reverse(&w);
            let (value, adjoint) = (first.vjp)(x, &w);
            compare.outputs("vjp", &value, output);
            compare.vectors("vjp against the twin", &adjoint, &expected, &scales);
            let size: f64 = scales.iter().zip(&v).map(|(a, b)| (a * b).abs()).sum();
            let (jv_w, v_jtw) = (dot(&tangent, &w), dot(&v, &adjoint));
            compare.vectors("<J v, w> against <v, J^T w>", &[jv_w], &[v_jtw], &[size]);

            let before = weights(x.len(), 2 * seed + 3);
            let after: Flat = (0..x.len())
                .map(|i| {
                    if replaced[i] {
                        expected[i]
                    } else {
                        before[i] + expected[i]
                    }
                })
                .collect();
            let scales: Flat = scales
                .iter()
                .zip(&before)
                .map(|(a, b)| a + b.abs())
                .collect();
            let forms = [
                ("vjp_into", first.vjp_into),
                ("vjp_into_with", first.vjp_into_with),
                ("vjp_into_with, workspace in use", first.vjp_into_with),
            ];
            for (what, form) in forms {
                let (value, adjoint) = form(x, &w, &before);
                compare.outputs(what, &value, output);
                compare.vectors(what, &adjoint, &after, &scales);
            }
        }
    }

    /// The gradients of a scalar function.
    fn scalar(&self, compare: &Comparison<'_>, output: &Output, derivatives: &Derivatives<'_>) {
        let Some(scalar) = &derivatives.scalar else {
            return;
        };
        let x = &self.function.x;
        let expected = &self.jacobian[0];
        let scales: Flat = expected.iter().map(|g| g.abs()).collect();
        compare.vectors("gradient", &(scalar.gradient)(x), expected, &scales);
        let (value, gradient) = (scalar.value_and_gradient)(x);
        compare.outputs("value_and_gradient", &value, output);
        compare.vectors("value_and_gradient", &gradient, expected, &scales);
        let before = weights(x.len(), 7);
        let forms = [
            ("gradient_into", scalar.gradient_into),
            ("gradient_into_with", scalar.gradient_into_with),
            (
                "gradient_into_with, workspace in use",
                scalar.gradient_into_with,
            ),
        ];
        for (what, form) in forms {
            let (value, gradient) = form(x, &before);
            compare.outputs(what, &value, output);
            compare.vectors(what, &gradient, expected, &scales);
        }
    }

    /// `pullback`, called with one cotangent after the other.
    fn pullback(&self, compare: &Comparison<'_>, output: &Output, derivatives: &Derivatives<'_>) {
        let Some(pullback) = derivatives.pullback else {
            return;
        };
        let cotangents: Vec<Flat> = (0..3)
            .map(|seed| weights(self.value.len(), 11 + seed % 2))
            .collect();
        let (value, adjoints) = pullback(&self.function.x, &cotangents);
        compare.outputs("pullback", &value, output);
        for (w, adjoint) in cotangents.iter().zip(&adjoints) {
            let (expected, scales) = self.reverse(w);
            compare.vectors("pullback", adjoint, &expected, &scales);
        }
    }

    /// `jacobian`.
    fn jacobian(&self, compare: &Comparison<'_>, derivatives: &Derivatives<'_>) {
        let Some(jacobian) = derivatives.jacobian else {
            return;
        };
        let matrix = jacobian(&self.function.x);
        let Function { name, at, .. } = self.function;
        let shape = (self.value.len(), self.function.x.len());
        assert_eq!(
            (matrix.rows, matrix.cols),
            shape,
            "{name} {at}: jacobian: wrong shape"
        );
        for (output, expected) in self.jacobian.iter().enumerate() {
            let size = expected
                .iter()
                .fold(0.0, |size: f64, entry| size.max(entry.abs()));
            let scales = vec![size; expected.len()];
            let what = format!("jacobian, row {output}");
            compare.vectors(&what, matrix.row(output), expected, &scales);
        }
    }

    /// The twin's Hessian, exactly symmetric.
    fn hessian(&self) -> Vec<Flat> {
        let constant: Vec<Dual> = self.function.x.iter().map(|&x| Dual::from_re(x)).collect();
        let inputs = constant.len();
        let mut hessian = vec![vec![0.0; inputs]; inputs];
        for i in 0..inputs {
            for j in 0..=i {
                let mut seeded = constant.clone();
                seeded[i].eps1 = 1.0;
                seeded[j].eps2 = 1.0;
                let second = (self.function.twin)(&seeded)[0].eps1eps2;
                hessian[i][j] = second;
                hessian[j][i] = second;
            }
        }
        hessian
    }

    /// `hvp`, `hessian` and `value_gradient_hessian`.
    fn second(
        &self,
        compare: &Comparison<'_>,
        output: &Output,
        second: &Second<'_>,
        scalar: &Scalar<'_>,
    ) {
        let x = &self.function.x;
        let gradient = (scalar.gradient)(x);
        let gradient_scales: Flat = self.jacobian[0].iter().map(|g| g.abs()).collect();
        let expected = self.hessian();
        let largest = |row: &Flat| {
            row.iter()
                .fold(0.0, |size: f64, entry| size.max(entry.abs()))
        };
        let slope = largest(&self.jacobian[0]);
        let scales: Flat = expected.iter().map(|row| largest(row) + slope).collect();

        for seed in 0..2 {
            let v = weights(x.len(), 21 + seed);
            let (hvp_gradient, product) = (second.hvp)(x, &v);
            compare.vectors("hvp's gradient", &hvp_gradient, &gradient, &gradient_scales);
            let product_expected: Flat = expected.iter().map(|row| dot(row, &v)).collect();
            let size: f64 = v.iter().map(|v| v.abs()).sum();
            let scales: Flat = scales.iter().map(|scale| scale * size).collect();
            compare.vectors("hvp against the twin", &product, &product_expected, &scales);
        }

        let (value, vgh_gradient, vgh_hessian) = (second.value_gradient_hessian)(x);
        compare.outputs("value_gradient_hessian", &value, output);
        let what = "value_gradient_hessian's gradient";
        compare.vectors(what, &vgh_gradient, &gradient, &gradient_scales);
        let hessian = (second.hessian)(x);
        for (what, matrix) in [
            ("hessian", hessian),
            ("value_gradient_hessian", vgh_hessian),
        ] {
            self.check_hessian(compare, what, &matrix, &expected, &scales);
        }
    }

    /// A Hessian: its shape, its symmetry, its rows against the twin's.
    fn check_hessian(
        &self,
        compare: &Comparison<'_>,
        what: &str,
        matrix: &Dense,
        expected: &[Flat],
        scales: &[f64],
    ) {
        let Function { name, at, x, .. } = self.function;
        assert_eq!(
            (matrix.rows, matrix.cols),
            (x.len(), x.len()),
            "{name} {at}: {what}: wrong shape"
        );
        for (i, row) in expected.iter().enumerate() {
            let label = format!("{what}, row {i}");
            compare.vectors(&label, matrix.row(i), row, &vec![scales[i]; x.len()]);
            let column: Flat = (0..x.len()).map(|j| matrix.row(j)[i]).collect();
            let label = format!("{what}, column {i} against row {i}");
            compare.vectors(&label, &column, matrix.row(i), scales);
        }
    }
}
