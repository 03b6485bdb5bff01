//! The tasks with dfdx.

use dfdx::optim::{Sgd, SgdConfig};
use dfdx::prelude::*;

use crate::Round;
use crate::inputs::*;

pub fn chain() -> Round {
    let device = Cpu::default();
    let x: Tensor<Rank0, f32, _> = device.tensor(0.5);
    let (c, d): (Tensor<Rank0, f32, _>, Tensor<Rank0, f32, _>) =
        (device.tensor(0.9), device.tensor(0.1));
    Box::new(move || {
        let mut y = x.leaky_trace();
        for _ in 0..CHAIN {
            y = y.sin() * c.clone() + d.clone();
        }
        let value = y.array();
        value + y.backward().get(&x).array()
    })
}

pub fn perceptron() -> Round {
    type Model = (
        (Linear<784, 256>, ReLU),
        (Linear<256, 128>, ReLU),
        Linear<128, 10>,
    );
    let device = Cpu::default();
    let mut model = device.build_module::<Model, f32>();
    macro_rules! start {
        ($layer:expr, $i:literal) => {
            $layer.weight.copy_from(&weights_by_output($i));
            $layer.bias.copy_from(&[0.0; WIDTHS[$i + 1]]);
        };
    }
    start!(model.0.0, 0);
    start!(model.1.0, 1);
    start!(model.2, 2);
    let x: Tensor<Rank2<BATCH, 784>, f32, _> = device.tensor(numbers(BATCH * WIDTHS[0], 1.0));
    let mut truths = vec![0.0; BATCH * WIDTHS[3]];
    for (row, class) in classes().into_iter().enumerate() {
        truths[row * WIDTHS[3] + class as usize] = 1.0;
    }
    let truths: Tensor<Rank2<BATCH, 10>, f32, _> = device.tensor(truths);
    let mut gradients = Some(model.alloc_grads());
    let config = SgdConfig {
        lr: RATE,
        ..Default::default()
    };
    let mut optimizer = Sgd::new(&model, config);
    Box::new(move || {
        let kept = gradients.take().expect("put back at the end of each round");
        let scores = model.forward_mut(x.trace(kept));
        let loss = cross_entropy_with_logits_loss(scores, truths.clone());
        let value = loss.array();
        let mut arrived = loss.backward();
        optimizer
            .update(&mut model, &arrived)
            .expect("all parameters were reached");
        model.zero_grads(&mut arrived);
        gradients = Some(arrived);
        value
    })
}

pub fn product<const N: usize>() -> Round {
    let device = Cpu::default();
    let a: Tensor<Rank2<N, N>, f32, _> = device.tensor(entries(N, 1.0));
    let b: Tensor<Rank2<N, N>, f32, _> = device.tensor(entries(N, 0.9));
    Box::new(move || {
        let product = a.leaky_trace().matmul(b.clone());
        let gradients = product.sum::<Rank0, _>().backward();
        gradients.get(&a).as_vec()[0] + gradients.get(&b).as_vec()[0]
    })
}

pub fn elementwise() -> Round {
    let device = Cpu::default();
    let x: Tensor<Rank1<ELEMENTS>, f32, _> = device.tensor(numbers(ELEMENTS, 1.0));
    Box::new(move || {
        let y = (x.leaky_trace() * 2.0 + 1.0).sin().exp() * x.clone();
        let gradients = y.sum::<Rank0, _>().backward();
        gradients.get(&x).as_vec()[ELEMENTS - 1]
    })
}
