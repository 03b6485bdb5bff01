//! The tasks with burn, on its own backend for processors.

use burn_tensor::activation::{log_softmax, relu};
use burn_tensor::{Device, Int, Tensor, TensorData};

use crate::Round;
use crate::inputs::*;

fn device() -> Device {
    Device::flex().autodiff()
}

fn matrix(data: Vec<f32>, rows: usize, columns: usize) -> Tensor<2> {
    Tensor::from_data(TensorData::new(data, [rows, columns]), &device())
}

pub fn chain() -> Round {
    let x = Tensor::<1>::from_floats([0.5], &device()).require_grad();
    let (c, d) = (
        Tensor::<1>::from_floats([0.9], &device()),
        Tensor::<1>::from_floats([0.1], &device()),
    );
    Box::new(move || {
        let mut y = x.clone();
        for _ in 0..CHAIN {
            y = y.sin() * c.clone() + d.clone();
        }
        let gradients = y.backward();
        let gradient = x.grad(&gradients).expect("the leaf was reached");
        y.into_scalar::<f32>() + gradient.into_scalar::<f32>()
    })
}

pub fn perceptron() -> Round {
    let mut layers: Vec<(Tensor<2>, Tensor<2>)> = (0..3)
        .map(|i| {
            let weight = matrix(weights(i), WIDTHS[i], WIDTHS[i + 1]).require_grad();
            let bias = matrix(vec![0.0; WIDTHS[i + 1]], 1, WIDTHS[i + 1]).require_grad();
            (weight, bias)
        })
        .collect();
    let x = matrix(numbers(BATCH * WIDTHS[0], 1.0), BATCH, WIDTHS[0]);
    let classes = TensorData::new(classes(), [BATCH, 1]);
    let classes = Tensor::<2, Int>::from_data(classes, &device());
    Box::new(move || {
        let mut y = x.clone();
        for (i, (weight, bias)) in layers.iter().enumerate() {
            y = y.matmul(weight.clone()) + bias.clone();
            if i < 2 {
                y = relu(y);
            }
        }
        let loss = -log_softmax(y, 1).gather(1, classes.clone()).mean();
        let mut gradients = loss.backward();
        let mut stepped = |x: &mut Tensor<2>| {
            let gradient = x.grad_remove(&mut gradients).expect("the leaf was reached");
            let moved = x.clone().inner() - gradient.mul_scalar(RATE);
            *x = Tensor::from_inner(moved).require_grad();
        };
        for (weight, bias) in &mut layers {
            stepped(weight);
            stepped(bias);
        }
        loss.into_scalar()
    })
}

pub fn product<const N: usize>() -> Round {
    let a = matrix(entries(N, 1.0), N, N).require_grad();
    let b = matrix(entries(N, 0.9), N, N).require_grad();
    Box::new(move || {
        let gradients = a.clone().matmul(b.clone()).sum().backward();
        let first = |x: &Tensor<2>| {
            let gradient = x.grad(&gradients).expect("the leaf was reached");
            gradient.slice([0..1, 0..1]).into_scalar::<f32>()
        };
        first(&a) + first(&b)
    })
}

pub fn elementwise() -> Round {
    let data = TensorData::new(numbers(ELEMENTS, 1.0), [ELEMENTS]);
    let x = Tensor::<1>::from_data(data, &device()).require_grad();
    Box::new(move || {
        let y = ((x.clone() * 2.0 + 1.0).sin().exp() * x.clone()).sum();
        let gradients = y.backward();
        let gradient = x.grad(&gradients).expect("the leaf was reached");
        gradient.slice([ELEMENTS - 1..ELEMENTS]).into_scalar()
    })
}
