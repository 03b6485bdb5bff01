//! Functions differentiated at compile time as operations on tensors tracked at run time.

use autodiff::{
    AutogradError, Grad, Tensor, differentiable, grad, grad_with, gradcheck, gradgradcheck, lift,
    tensor,
};

use crate::registry::{Case, case, pairs, spread, turned};

#[differentiable]
fn bump(x: f64) -> f64 {
    if x < 0.0 {
        (-x * x).exp()
    } else {
        1.0 / (1.0 + x * x)
    }
}

#[differentiable]
fn angle(x: f64, y: f64) -> f64 {
    y.atan2(x) * (x * y).sin()
}

#[differentiable]
fn blend(x: f64, y: f64, z: f64) -> f64 {
    x * z.sin() + y * z.cos() * x
}

#[differentiable]
fn volume(x: f64, y: f64, z: f64, w: f64) -> f64 {
    x * y * z * (1.0 + w * w)
}

#[differentiable]
fn energy(x: &[f64]) -> f64 {
    let mut sum = 0.0;
    for i in 1..x.len() {
        let stretch = x[i] - x[i - 1];
        sum += 0.5 * stretch.powi(2) + (x[i] * x[i - 1]).sin();
    }
    sum
}

#[differentiable]
fn springs(x: &[f64], stiffness: &[f64]) -> f64 {
    let mut sum = 0.0;
    for i in 0..stiffness.len() {
        let stretch = x[i + 1] - x[i];
        sum += 0.5 * stiffness[i].exp() * stretch * stretch;
    }
    sum
}

#[differentiable]
fn waves(x: &[f64], frequencies: &[f64], n: usize) -> Vec<f64> {
    let mut y = vec![0.0; n];
    for i in 0..n {
        for j in 0..x.len() {
            y[i] += (frequencies[i] * x[j]).sin();
        }
    }
    y
}

#[differentiable]
fn weighted_waves(x: &[f64], frequencies: &[f64], weights: &[f64]) -> f64 {
    let mut sum = 0.0;
    for i in 0..weights.len() {
        for j in 0..x.len() {
            sum += weights[i] * (frequencies[i] * x[j]).sin();
        }
    }
    sum
}

#[differentiable]
fn moments(x: &[f64], y: &[f64], z: &[f64]) -> [f64; 2] {
    let mut out = [0.0; 2];
    for i in 0..x.len() {
        out[0] += x[i] * y[i];
        out[1] += x[i] * y[i] * z[i];
    }
    out
}

#[differentiable]
fn weighted_moments(x: &[f64], y: &[f64], z: &[f64], weights: &[f64]) -> f64 {
    let mut sum = 0.0;
    for i in 0..x.len() {
        sum += x[i] * y[i] * (weights[0] + weights[1] * z[i]);
    }
    sum
}

fn bumps(x: &Tensor) -> Tensor {
    lift::scalars("Bump", bump, bump::gradient)
        .with_hvp(bump::hvp)
        .apply([x])
}

fn total(x: &Tensor) -> Tensor {
    lift::slices("Energy", energy, energy::vjp)
        .with_hvp(energy::hvp)
        .apply([x])
}

fn pulled(x: &Tensor, stiffness: &Tensor) -> Tensor {
    lift::slices("Springs", springs, springs::vjp)
        .with_hvp(springs::hvp)
        .apply([x, stiffness])
}

fn surface(x: &Tensor, frequencies: &Tensor) -> Tensor {
    let n = frequencies.len();
    lift::slices(
        "Waves",
        move |x: &[f64], f: &[f64]| waves(x, f, n),
        move |x: &[f64], f: &[f64], dr: &[f64]| waves::vjp(x, f, n, dr),
    )
    .with_weighted_hvp(weighted_waves::hvp)
    .apply([x, frequencies])
}

fn momenta(x: &[Tensor]) -> Tensor {
    lift::slices("Moments", moments, moments::vjp)
        .with_weighted_hvp(weighted_moments::hvp)
        .apply([&x[0], &x[1], &x[2]])
}

/// The cases of lifted functions for the registry of operations.
pub fn cases() -> Vec<Case> {
    let vectors = || {
        vec![
            vec![spread(&[4], -1.0, 1.0), spread(&[3], -1.0, 1.0)],
            vec![turned([2, 2], -1.0, 1.0), spread(&[1, 3], -1.0, 1.0)],
        ]
    };
    vec![
        case(
            "lift::scalars of one",
            vec![
                vec![turned([2, 3], -2.0, 2.0)],
                vec![spread(&[0], 0.0, 1.0)],
            ],
            true,
            |x| bumps(&x[0]) * &x[0],
        ),
        case(
            "lift::scalars of two",
            pairs([0.3, 2.0], [0.3, 2.0]),
            true,
            |x| {
                lift::scalars("Angle", angle, angle::gradient)
                    .with_hvp(angle::hvp)
                    .apply([&x[0], &x[1]])
                    .sin()
            },
        ),
        case(
            "lift::scalars of three",
            pairs([-1.0, 2.0], [-1.0, 2.0]),
            true,
            |x| {
                lift::scalars("Blend", blend, blend::gradient)
                    .with_hvp(blend::hvp)
                    .apply([&x[0], &x[1], &x[0]])
            },
        ),
        case(
            "lift::scalars of four",
            pairs([-1.0, 2.0], [-1.0, 2.0]),
            true,
            |x| {
                lift::scalars("Volume", volume, volume::gradient)
                    .with_hvp(volume::hvp)
                    .apply([&x[0], &x[1], &x[1], &x[0]])
            },
        ),
        case(
            "lift::slices to a number",
            vec![
                vec![turned([2, 2], -1.0, 1.0)],
                vec![spread(&[0], 0.0, 1.0)],
            ],
            true,
            |x| total(&x[0]).exp(),
        ),
        case("lift::slices of two to a number", vectors(), true, |x| {
            pulled(&x[0], &x[1]).sin()
        }),
        case("lift::slices of two to a vector", vectors(), true, |x| {
            surface(&x[0], &x[1]).exp()
        }),
        case(
            "lift::slices of three to an array",
            vec![vec![
                spread(&[3], -1.0, 1.0),
                spread(&[3], 0.0, 2.0),
                turned([3, 1], -2.0, 1.0),
            ]],
            true,
            |x| momenta(x).square(),
        ),
    ]
}

#[test]
fn a_scalar_function_is_one_node_for_all_elements() {
    let x = tensor([[-0.5, 0.25], [1.5, -2.0]]).require_grad();
    let y = bumps(&x);
    assert_eq!(y.grad_fn().unwrap().name(), "BumpBackward");
    y.sum().backward().unwrap();
    let expected: Vec<f64> = x.to_vec().into_iter().map(bump::gradient).collect();
    assert_eq!(x.grad().unwrap().to_vec(), expected);
}

#[test]
fn a_function_of_several_slices_is_one_node_for_all_of_them() {
    let (x, k) = (
        tensor([[0.5, -0.25], [1.5, 2.0]]).require_grad(),
        tensor([0.1, -0.3, 0.7]).require_grad(),
    );
    let y = pulled(&x.t(), &k);
    assert_eq!(y.item(), springs(&x.t().to_vec(), &k.to_vec()));
    let made_by = y.grad_fn().unwrap();
    assert_eq!(made_by.name(), "SpringsBackward");
    assert_eq!(made_by.next_functions().len(), 2);
    y.backward().unwrap();
    let (_, (to_x, to_k)) = springs::vjp(&x.t().to_vec(), &k.to_vec(), 1.0);
    assert_eq!(x.grad().unwrap().t().to_vec(), to_x);
    assert_eq!(k.grad().unwrap().to_vec(), to_k);
}

#[test]
fn a_vector_result_has_the_gradient_of_each_of_its_elements() {
    let (x, f) = (tensor([0.5, -0.25]).require_grad(), tensor([1.0, 2.0, 3.0]));
    let y = surface(&x, &f);
    assert_eq!(y.to_vec(), waves(&x.to_vec(), &f.to_vec(), 3));
    let jacobian = waves::jacobian(&x.to_vec(), &f.to_vec(), 3);
    for i in 0..3 {
        let row = grad_with(&[&y.at(i)], &[&x], Grad::new().retain_graph(true)).unwrap();
        let found = row[0].as_ref().unwrap().to_vec();
        assert_eq!(found, jacobian.row(i as usize)[..2]);
    }
}

#[test]
fn a_lifted_function_without_a_second_derivative_says_so() {
    let once = |x: &Tensor| lift::slices("Energy", energy, energy::vjp).apply([x]);
    let x = tensor([0.5, -0.25, 1.0]).require_grad();
    gradcheck(|x| once(&x[0]).exp(), &[x.detach()]).unwrap();
    let g = grad_with(&[&once(&x).exp()], &[&x], Grad::new().create_graph(true)).unwrap();
    let g = g[0].as_ref().unwrap();
    assert!(matches!(
        grad(&[&g.sum()], &[&x]),
        Err(AutogradError::OnceDifferentiable { .. })
    ));
    // Second derivatives exist, third ones do not.
    let x = tensor([0.5, -0.25, 1.0]).require_grad();
    let again = Grad::new().create_graph(true);
    let first = grad_with(&[&total(&x)], &[&x], again).unwrap();
    let again = Grad::new().create_graph(true);
    let second = grad_with(&[&first[0].as_ref().unwrap().square().sum()], &[&x], again).unwrap();
    assert!(matches!(
        grad(&[&second[0].as_ref().unwrap().sum()], &[&x]),
        Err(AutogradError::OnceDifferentiable { .. })
    ));
}

#[test]
fn derivatives_of_a_wrong_length_are_an_error() {
    let x = tensor([1.0, 2.0]).require_grad();
    let wrong = |x: &[f64], dr: f64| (x[0], vec![dr; 3]);
    let y = lift::slices("First", |x: &[f64]| x[0], wrong).apply([&x]);
    let error = y.backward().unwrap_err().to_string();
    assert!(
        error.contains("First") && error.contains("3 numbers") && error.contains("[2]"),
        "{error}"
    );
}

#[test]
fn single_precision_is_lifted_too() {
    let x = tensor([1.0_f32, 2.0]).require_grad();
    let y = lift::scalars("Cube", |v: f32| v * v * v, |v: f32| 3.0 * v * v).apply([&x]);
    y.sum().backward().unwrap();
    assert_eq!(x.grad().unwrap(), tensor([3.0_f32, 12.0]));
    gradgradcheck(|x| bumps(&x[0]), &[tensor([0.3, -0.4])]).unwrap();
}
