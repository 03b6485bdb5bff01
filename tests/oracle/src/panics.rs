//! Where the function panics, so does every derivative function, with the same message.

use std::any::Any;
use std::panic::{AssertUnwindSafe, catch_unwind};

use crate::function::{Derivatives, Function};
use crate::scalar::Dual;

/// Checks a function at a point where it panics.
pub(crate) fn check(function: &Function<'_>) {
    let Function { name, at, x, .. } = function;
    let expected = message(|| (function.primal)(x));
    assert!(
        expected.is_some(),
        "{name} {at}: the function does not panic"
    );
    let same = |what: &str, got: Option<String>| {
        assert_eq!(
            got, expected,
            "{name} {at}: {what}: not the panic of the plain call"
        );
    };
    let constant: Vec<Dual> = x.iter().map(|&x| Dual::from_re(x)).collect();
    same("the twin", message(|| (function.twin)(&constant)));
    let Some(Derivatives {
        first,
        scalar,
        pullback,
        second,
        jacobian,
    }) = &function.derivatives
    else {
        return;
    };
    let ones = vec![1.0; x.len()];
    // The result is a scalar; in-out parameters take as many cotangents more as they have components.
    let w = vec![1.0; 1 + x.len()];
    same("jvp", message(|| (first.jvp)(x, &ones)));
    same("vjp", message(|| (first.vjp)(x, &w)));
    same("vjp_into", message(|| (first.vjp_into)(x, &w, &ones)));
    same(
        "vjp_into_with",
        message(|| (first.vjp_into_with)(x, &w, &ones)),
    );
    if let Some(scalar) = scalar {
        same("gradient", message(|| (scalar.gradient)(x)));
        same(
            "gradient_into",
            message(|| (scalar.gradient_into)(x, &ones)),
        );
        same(
            "gradient_into_with",
            message(|| (scalar.gradient_into_with)(x, &ones)),
        );
        same(
            "value_and_gradient",
            message(|| (scalar.value_and_gradient)(x)),
        );
    }
    if let Some(pullback) = pullback {
        same(
            "pullback",
            message(|| pullback(x, std::slice::from_ref(&w))),
        );
    }
    if let Some(second) = second {
        same("hvp", message(|| (second.hvp)(x, &ones)));
        same("hessian", message(|| (second.hessian)(x)));
        same(
            "value_gradient_hessian",
            message(|| (second.value_gradient_hessian)(x)),
        );
    }
    if let Some(jacobian) = jacobian {
        same("jacobian", message(|| jacobian(x)));
    }
}

/// The message with which `run` panics, if it does.
fn message<R>(run: impl FnOnce() -> R) -> Option<String> {
    catch_unwind(AssertUnwindSafe(run)).err().map(text)
}

/// A panic's message.
fn text(payload: Box<dyn Any + Send>) -> String {
    let literal = |payload: Box<dyn Any + Send>| payload.downcast::<&str>().map(|text| *text);
    match payload.downcast::<String>() {
        Ok(text) => *text,
        Err(payload) => literal(payload)
            .unwrap_or("a panic without a message")
            .to_owned(),
    }
}
