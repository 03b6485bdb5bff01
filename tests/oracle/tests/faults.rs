//! Each check must be able to fail: one fault at a time is put into right derivative functions, and the check must name it.

use std::panic::{AssertUnwindSafe, catch_unwind};

use oracle::{Dense, Derivatives, Dual, Expect, First, Function, Output, S, Scalar, Second};

fn output(value: f64) -> Output {
    let mut output = Output::default();
    output.push(&value);
    output
}

/// Runs the checks of `f(x, y) = x^2 y` at (3, 5) with `fault` made; returns the message, if they fail.
fn run(fault: &str) -> Option<String> {
    run_in(false, fault)
}

/// As [`run`], with what is asked of single precision and a fault that is as much larger.
fn run_in(single: bool, fault: &str) -> Option<String> {
    let size = if single { 1e-4 } else { 1e-9 };
    let is = |name: &str| if fault == name { size } else { 0.0 };
    let value = |x: &[f64]| x[0] * x[0] * x[1];
    let gradient = |x: &[f64]| vec![2.0 * x[0] * x[1], x[0] * x[0]];
    let hessian = |x: &[f64]| {
        [
            [2.0 * x[1] + is("hessian"), 2.0 * x[0] + is("symmetry")],
            [2.0 * x[0], 0.0],
        ]
    };
    let into = |name: &'static str| {
        move |x: &[f64], w: &[f64], before: &[f64]| {
            let g = gradient(x);
            let adjoint = (0..2).map(|i| before[i] + w[0] * g[i] + is(name)).collect();
            (output(value(x)), adjoint)
        }
    };
    let overwrite = |name: &'static str| {
        move |x: &[f64], before: &[f64]| {
            let adjoint = gradient(x)
                .iter()
                .zip(before)
                .map(|(g, b)| g + b * is(name))
                .collect();
            (output(value(x)), adjoint)
        }
    };
    let product = |x: &[f64], v: &[f64]| {
        let h = [[2.0 * x[1], 2.0 * x[0]], [2.0 * x[0], 0.0]];
        h.iter()
            .map(|row| row[0] * v[0] + row[1] * v[1] + is("hvp against"))
            .collect()
    };
    let function = Function {
        name: "product",
        at: "at(3, 5)",
        expect: Expect::Agreement,
        single,
        tolerance: 1e-12,
        x: vec![3.0, 5.0],
        replaced: vec![false, false],
        primal: &|x| output(value(x) + is("the twin's values")),
        twin: &|x: &[Dual]| {
            let (x, y) = (S::<f64>::new(x[0]), S::<f64>::new(x[1]));
            let mut z = (x * x * y).dual();
            z.eps1 += 1e6 * is("central differences");
            vec![z]
        },
        derivatives: Some(Derivatives {
            first: First {
                jvp: &|x, v| {
                    let g = gradient(x);
                    let tangent = g[0] * v[0] + g[1] * v[1] + is("jvp against");
                    (output(value(x) + is("jvp: value")), vec![tangent])
                },
                vjp: &|x, w| {
                    let adjoint = gradient(x)
                        .into_iter()
                        .map(|g| g * w[0] + is("vjp against"));
                    (output(value(x) + is("vjp: value")), adjoint.collect())
                },
                vjp_into: &into("vjp_into:"),
                vjp_into_with: &into("vjp_into_with"),
            },
            scalar: Some(Scalar {
                gradient: &|x| gradient(x).iter().map(|g| g + is("gradient:")).collect(),
                gradient_into: &overwrite("gradient_into:"),
                gradient_into_with: &overwrite("gradient_into_with"),
                value_and_gradient: &|x| {
                    let g = gradient(x)
                        .iter()
                        .map(|g| g + is("value_and_gradient:"))
                        .collect();
                    (output(value(x)), g)
                },
            }),
            pullback: Some(&|x, cotangents| {
                let g = gradient(x);
                let adjoint = |w: &Vec<f64>| vec![g[0] * w[0], g[1] * w[0] + is("pullback")];
                (output(value(x)), cotangents.iter().map(adjoint).collect())
            }),
            second: Some(Second {
                hvp: &|x, v| {
                    let g = gradient(x)
                        .iter()
                        .map(|g| g + is("hvp's gradient"))
                        .collect();
                    (g, product(x, v))
                },
                hessian: &|x| Dense::from(&hessian(x)),
                value_gradient_hessian: &|x| {
                    let g = gradient(x);
                    let g = g
                        .iter()
                        .map(|g| g + is("value_gradient_hessian's"))
                        .collect();
                    (output(value(x)), g, Dense::from(&hessian(x)))
                },
            }),
            jacobian: Some(&|x| {
                let g = gradient(x);
                Dense::from(&[[g[0] + is("jacobian"), g[1]]])
            }),
        }),
    };
    let result = catch_unwind(AssertUnwindSafe(|| oracle::check(&function)));
    result.err().map(|panic| match panic.downcast::<String>() {
        Ok(message) => *message,
        Err(_) => String::from("a panic without a message"),
    })
}

#[test]
fn right_derivatives_pass() {
    assert_eq!(run("none"), None);
    assert_eq!(run_in(true, "none"), None);
}

#[test]
fn every_fault_is_found() {
    let faults = [
        "the twin's values",
        "central differences",
        "jvp against",
        "jvp: value",
        "vjp against",
        "vjp: value",
        "vjp_into:",
        "vjp_into_with",
        "gradient:",
        "gradient_into:",
        "gradient_into_with",
        "value_and_gradient:",
        "pullback",
        "hvp against",
        "hvp's gradient",
        "hessian",
        "value_gradient_hessian's",
        "jacobian",
    ];
    for (single, fault) in [false, true]
        .into_iter()
        .flat_map(|single| faults.map(|fault| (single, fault)))
    {
        let message = run_in(single, fault).unwrap_or_else(|| panic!("no check sees `{fault}`"));
        assert!(
            message.contains(fault),
            "`{fault}` is reported as: {message}"
        );
    }
    assert!(run("symmetry").is_some_and(|message| message.contains("hessian")));
}
