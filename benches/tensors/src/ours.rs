//! The tasks with this project's tensors.

use autodiff::optim::{Optimizer, Sgd};
use autodiff::{Tensor, tensor};

use crate::Round;
use crate::inputs::*;

fn matrix(data: Vec<f32>, rows: usize, columns: usize) -> Tensor<f32> {
    Tensor::from_vec(data, &[rows, columns]).expect("as many numbers as elements")
}

pub fn chain() -> Round {
    let x = tensor(0.5_f32).require_grad();
    let (c, d) = (tensor(0.9_f32), tensor(0.1_f32));
    Box::new(move || {
        let mut y = x.clone();
        for _ in 0..CHAIN {
            y = y.sin() * &c + &d;
        }
        x.zero_grad();
        y.backward().expect("the graph is new");
        y.item() + x.grad().expect("the leaf was reached").item()
    })
}

pub fn perceptron() -> Round {
    let layers: Vec<_> = (0..3)
        .map(|i| {
            let weight = matrix(weights_by_output(i), WIDTHS[i + 1], WIDTHS[i]).require_grad();
            (weight, Tensor::zeros(&[WIDTHS[i + 1]]).require_grad())
        })
        .collect();
    let x = matrix(numbers(BATCH * WIDTHS[0], 1.0), BATCH, WIDTHS[0]);
    let classes = tensor(classes());
    let parameters: Vec<&Tensor<f32>> = layers.iter().flat_map(|(w, b)| [w, b]).collect();
    let mut optimizer = Sgd::new(&parameters, RATE);
    Box::new(move || {
        let [(w1, b1), (w2, b2), (w3, b3)] = &layers[..] else {
            unreachable!("there are three layers")
        };
        let hidden = x.linear(w1, Some(b1)).relu().linear(w2, Some(b2)).relu();
        let loss = hidden.linear(w3, Some(b3)).cross_entropy_loss(&classes);
        optimizer.zero_grad();
        loss.backward().expect("the graph is new");
        optimizer.step();
        loss.item()
    })
}

pub fn product<const N: usize>() -> Round {
    let a = matrix(entries(N, 1.0), N, N).require_grad();
    let b = matrix(entries(N, 0.9), N, N).require_grad();
    Box::new(move || {
        a.zero_grad();
        b.zero_grad();
        a.matmul(&b).sum().backward().expect("the graph is new");
        let first = |x: &Tensor<f32>| x.grad().and_then(|g| g.get(&[0, 0]));
        first(&a).expect("the leaf was reached") + first(&b).expect("the leaf was reached")
    })
}

pub fn elementwise() -> Round {
    let x = tensor(numbers(ELEMENTS, 1.0)).require_grad();
    Box::new(move || {
        x.zero_grad();
        let y = ((&x * 2.0 + 1.0).sin().exp() * &x).sum();
        y.backward().expect("the graph is new");
        let gradient = x.grad().and_then(|g| g.get(&[ELEMENTS - 1]));
        gradient.expect("the leaf was reached")
    })
}
