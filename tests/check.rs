//! Checks of generated derivatives by the user's own means.

use autodiff::check::{self, Check, Mismatch};
use autodiff::{Differentiable, differentiable};

#[differentiable]
fn rosenbrock(x: f64, y: f64) -> f64 {
    (1.0 - x).powi(2) + 100.0 * (y - x * x).powi(2)
}

#[differentiable]
fn loss(x: &[f64], scale: f64) -> f64 {
    x.iter().map(|x| (scale * x).sin()).sum()
}

#[differentiable]
fn polar(p: [f64; 2]) -> (f64, f64) {
    (p[0].hypot(p[1]), p[1].atan2(p[0]))
}

#[differentiable]
fn single(x: [f32; 2]) -> f32 {
    x[0] * x[1].exp()
}

#[differentiable]
fn kink(x: f64) -> f64 {
    (x - 0.5).abs()
}

#[test]
fn gradients_agree() -> Result<(), Mismatch> {
    let report = check::gradient(
        |&(x, y)| rosenbrock(x, y),
        |&(x, y)| rosenbrock::gradient(x, y),
        &(1.2, 1.0),
    )?;
    assert_eq!(report.components(), 2);
    assert!(report.to_string().contains("agrees with differences in 2"));
    check::gradient(
        |(x, scale): &(Vec<f64>, f64)| loss(x, *scale),
        |(x, scale)| loss::gradient(x, *scale),
        &(vec![0.5, -1.5, 2.0], 0.7),
    )?;
    check::gradient(|x| single(*x), |x| single::gradient(*x), &[0.5, 1.5])?;
    Ok(())
}

#[test]
fn hessians_agree() -> Result<(), Mismatch> {
    check::hessian(
        |&(x, y)| rosenbrock::gradient(x, y),
        |&(x, y)| rosenbrock::hessian(x, y),
        &(1.2, 1.0),
    )?;
    check::hessian(
        |(x, scale): &(Vec<f64>, f64)| loss::gradient(x, *scale),
        |(x, scale)| loss::hessian(x, *scale),
        &(vec![0.5, -1.5, 2.0], 0.7),
    )?;
    Ok(())
}

#[test]
fn both_modes_agree() -> Result<(), Mismatch> {
    let report = check::vjp(
        |p| polar(*p),
        |p, d| polar::jvp(*p, *d).1,
        |p, w| polar::vjp(*p, *w).1,
        &[0.6, -0.8],
    )?;
    assert_eq!(report.components(), 4);
    Ok(())
}

#[derive(Differentiable, Clone)]
struct Model {
    weights: Vec<f64>,
    bias: f64,
}

fn value(model: &Model) -> f64 {
    model.weights.iter().product::<f64>() + model.bias.powi(3)
}

#[test]
fn the_worst_component_is_named() {
    let model = Model {
        weights: vec![0.5, 2.0],
        bias: 0.7,
    };
    let gradient = |model: &Model| ModelTangent {
        weights: vec![model.weights[1], model.weights[0]],
        bias: 3.0 * model.bias,
    };
    let mismatch = check::gradient(value, gradient, &model).unwrap_err();
    assert_eq!(
        (mismatch.worst().input(), mismatch.is_unsettled()),
        (2, false)
    );
    let text = mismatch.to_string();
    assert!(
        text.contains("bias: 1.0") && text.contains("1.47"),
        "{text}"
    );
}

#[test]
fn each_side_of_a_wrong_rule_is_found() {
    let value = |x: &[f64; 2]| [x[0] * x[1], x[0]];
    let jvp = |x: &[f64; 2], d: &[f64; 2]| [x[1] * d[0] + x[0] * d[1], d[0]];
    let vjp = |x: &[f64; 2], w: &[f64; 2]| [x[1] * w[0] + w[1], x[0] * w[0]];
    let at = [0.5, 2.0];
    check::vjp(value, jvp, vjp, &at).unwrap();
    let wrong = |x: &[f64; 2], d: &[f64; 2]| [x[1] * d[0] - x[0] * d[1], d[0]];
    let found = check::vjp(value, wrong, vjp, &at).unwrap_err();
    assert!(found.to_string().contains("forward"), "{found}");
    assert_eq!((found.worst().input(), found.worst().output()), (1, 0));
    let wrong = |x: &[f64; 2], w: &[f64; 2]| [x[1] * w[0] + 1.001 * w[1], x[0] * w[0]];
    let found = check::vjp(value, jvp, wrong, &at).unwrap_err();
    assert!(found.to_string().contains("reverse"), "{found}");
    assert_eq!((found.worst().input(), found.worst().output()), (0, 1));
    Check::new()
        .relative(1e-2)
        .vjp(value, jvp, wrong, &at)
        .unwrap();
}

#[test]
fn a_kink_is_no_agreement() {
    let at = |x: f64| check::gradient(|&x| kink(x), |&x| kink::gradient(x), &x);
    at(0.4).unwrap();
    // So close to the kink that no step stays on one side of it.
    at(0.5 + 1e-12).unwrap_err();
    let mismatch = check::gradient(|x: &f64| x.ln(), |x| x.recip(), &-1.0).unwrap_err();
    assert!(mismatch.is_unsettled());
    assert!(mismatch.to_string().contains("kink"), "{mismatch}");
}
