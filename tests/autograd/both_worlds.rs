//! Functions differentiated at compile time as operations on tensors tracked at run time.

use autodiff::{Tensor, differentiable, gradcheck, gradgradcheck, tensor};

#[differentiable]
fn bump(x: f64) -> f64 {
    if x < 0.0 {
        (-x * x).exp()
    } else {
        1.0 / (1.0 + x * x)
    }
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

fn bumps(x: &Tensor) -> Tensor {
    x.map_differentiable("Bump", bump, bump::gradient, bump::hvp)
}

fn total(x: &Tensor) -> Tensor {
    x.apply_differentiable("Energy", energy, energy::gradient, energy::hvp)
}

#[test]
fn a_scalar_function_is_one_node_for_all_elements() {
    let x = tensor([[-0.5, 0.25], [1.5, -2.0]]).require_grad();
    let y = bumps(&x);
    assert_eq!(y.grad_fn().unwrap().name(), "BumpBackward");
    y.sum().backward().unwrap();
    let expected: Vec<f64> = x.to_vec().into_iter().map(bump::gradient).collect();
    assert_eq!(x.grad().unwrap().to_vec(), expected);
    gradcheck(|x| bumps(&x[0]) * &x[0], &[x.detach()]).unwrap();
    gradgradcheck(|x| bumps(&x[0]) * &x[0], &[x.detach()]).unwrap();
}

#[test]
fn a_function_of_slices_is_one_node_for_the_whole_tensor() {
    let x = tensor([[0.5, -0.25], [1.5, 2.0]]);
    assert_eq!(total(&x).item(), energy(&x.to_vec()));
    gradcheck(|x| total(&x[0].t()).exp(), std::slice::from_ref(&x)).unwrap();
    gradgradcheck(|x| total(&x[0].t()).exp(), &[x]).unwrap();
}
