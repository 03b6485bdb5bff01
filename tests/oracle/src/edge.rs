//! Points where a derivative is a convention: kinks, ties, infinite slopes.

use crate::compare::Comparison;
use crate::function::{Derivatives, Function};

/// Checks the gradient of a function of scalar result against the one that the conventions give, exactly.
pub(crate) fn check(function: &Function<'_>, expected: &[f64]) {
    let compare = Comparison { function };
    let x = &function.x;
    let output = (function.primal)(x);
    let Some(Derivatives {
        first,
        scalar,
        pullback,
        second,
        ..
    }) = &function.derivatives
    else {
        return;
    };
    let exact = vec![0.0; x.len()];
    let same = |what: &str, got: &[f64]| compare.vectors(what, got, expected, &exact);
    let zero = vec![0.0; x.len()];
    // Against an infinite slope the zeros of a unit direction would be NaN, as they are to be.
    if expected.iter().all(|slope| slope.is_finite()) {
        let unit = |input: usize| {
            (0..x.len())
                .map(|i| f64::from(u8::from(i == input)))
                .collect()
        };
        let slope = |direction: Vec<f64>| (first.jvp)(x, &direction).1[0];
        same(
            "jvp",
            &(0..x.len()).map(unit).map(slope).collect::<Vec<f64>>(),
        );
    }
    let (value, adjoint) = (first.vjp)(x, &[1.0]);
    compare.outputs("vjp", &value, &output);
    same("vjp", &adjoint);
    same("vjp_into", &(first.vjp_into)(x, &[1.0], &zero).1);
    same("vjp_into_with", &(first.vjp_into_with)(x, &[1.0], &zero).1);
    if let Some(scalar) = scalar {
        same("gradient", &(scalar.gradient)(x));
        same("gradient_into", &(scalar.gradient_into)(x, &zero).1);
        same(
            "gradient_into_with",
            &(scalar.gradient_into_with)(x, &zero).1,
        );
        same("value_and_gradient", &(scalar.value_and_gradient)(x).1);
    }
    if let Some(pullback) = pullback {
        same("pullback", &pullback(x, &[vec![1.0]]).1[0]);
    }
    if let Some(second) = second {
        same("hvp's gradient", &(second.hvp)(x, &zero).0);
        same(
            "value_gradient_hessian's gradient",
            &(second.value_gradient_hessian)(x).1,
        );
    }
}
