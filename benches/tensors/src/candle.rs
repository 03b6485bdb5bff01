//! The tasks with candle.

use candle_core::{D, Device, Result, Tensor, Var};

use crate::Round;
use crate::inputs::*;

fn rounds(mut round: impl FnMut() -> Result<f32> + 'static) -> Round {
    Box::new(move || round().expect("candle computes what it is asked for"))
}

fn var(data: Vec<f32>, rows: usize, columns: usize) -> Var {
    let tensor = Tensor::from_vec(data, (rows, columns), &Device::Cpu);
    Var::from_tensor(&tensor.expect("as many numbers as elements")).expect("memory for a variable")
}

pub fn chain() -> Round {
    let scalar = |v: f32| Tensor::new(v, &Device::Cpu).expect("memory for a number");
    let x = Var::from_tensor(&scalar(0.5)).expect("memory for a variable");
    let (c, d) = (scalar(0.9), scalar(0.1));
    rounds(move || {
        let mut y = x.as_tensor().clone();
        for _ in 0..CHAIN {
            y = ((y.sin()? * &c)? + &d)?;
        }
        let gradients = y.backward()?;
        let gradient = gradients.get(&x).expect("the variable was reached");
        Ok(y.to_scalar::<f32>()? + gradient.to_scalar::<f32>()?)
    })
}

pub fn perceptron() -> Round {
    let layers: Vec<(Var, Var)> = (0..3)
        .map(|i| {
            let weight = var(weights_by_output(i), WIDTHS[i + 1], WIDTHS[i]);
            (weight, var(vec![0.0; WIDTHS[i + 1]], 1, WIDTHS[i + 1]))
        })
        .collect();
    let x = var(numbers(BATCH * WIDTHS[0], 1.0), BATCH, WIDTHS[0])
        .as_tensor()
        .detach();
    let classes =
        Tensor::from_vec(classes(), (BATCH, 1), &Device::Cpu).expect("memory for classes");
    rounds(move || {
        let mut y = x.clone();
        for (i, (weight, bias)) in layers.iter().enumerate() {
            y = y.matmul(&weight.t()?)?.broadcast_add(bias)?;
            if i < 2 {
                y = y.relu()?;
            }
        }
        let shifted = y.broadcast_sub(&y.max_keepdim(D::Minus1)?)?;
        let normal = shifted.exp()?.sum_keepdim(D::Minus1)?.log()?;
        let scores = shifted.broadcast_sub(&normal)?;
        let loss = scores.gather(&classes, 1)?.mean_all()?.neg()?;
        let gradients = loss.backward()?;
        for variable in layers.iter().flat_map(|(w, b)| [w, b]) {
            let gradient = gradients.get(variable).expect("the variable was reached");
            variable.set(&(variable.as_tensor() - (gradient * RATE)?)?)?;
        }
        loss.to_scalar()
    })
}

pub fn product<const N: usize>() -> Round {
    let a = var(entries(N, 1.0), N, N);
    let b = var(entries(N, 0.9), N, N);
    rounds(move || {
        let gradients = a.matmul(&b)?.sum_all()?.backward()?;
        let first = |x: &Var| {
            let gradient = gradients.get(x).expect("the variable was reached");
            gradient.get(0)?.get(0)?.to_scalar::<f32>()
        };
        Ok(first(&a)? + first(&b)?)
    })
}

pub fn elementwise() -> Round {
    let x = Tensor::new(numbers(ELEMENTS, 1.0), &Device::Cpu).expect("memory for the elements");
    let x = Var::from_tensor(&x).expect("memory for a variable");
    rounds(move || {
        let y = (((x.as_tensor() * 2.0)? + 1.0)?.sin()?.exp()? * x.as_tensor())?.sum_all()?;
        let gradients = y.backward()?;
        let gradient = gradients.get(&x).expect("the variable was reached");
        gradient.get(ELEMENTS - 1)?.to_scalar()
    })
}
