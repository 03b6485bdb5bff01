//! Optimisers, against their formulas worked out by hand and on functions with known minima; and the drawn graph.

use autodiff::optim::{Adam, Lbfgs, Optimizer, Sgd};
use autodiff::{Tensor, tensor};

/// The values of a single parameter, from 1 on, under the gradients given one after the other.
fn trajectory(gradients: &[f64], make: impl Fn(&Tensor) -> Box<dyn Optimizer<f64>>) -> Vec<f64> {
    let x = tensor([1.0]).require_grad();
    let mut optimizer = make(&x);
    gradients
        .iter()
        .map(|&g| {
            optimizer.zero_grad();
            (&x * g).sum().backward().unwrap();
            optimizer.step();
            x.get(&[0]).unwrap()
        })
        .collect()
}

#[track_caller]
fn follows(found: &[f64], expected: &[f64]) {
    assert_eq!(found.len(), expected.len());
    assert!(
        found
            .iter()
            .zip(expected)
            .all(|(a, b)| (a - b).abs() < 1e-12),
        "{found:?} is not {expected:?}"
    );
}

#[test]
fn sgd_steps_by_its_formulas() {
    let gradients = [2.0, -1.0];
    follows(
        &trajectory(&gradients, |x| Box::new(Sgd::new(&[x], 0.1))),
        &[0.8, 0.9],
    );
    // Velocities 2 and 0.9 * 2 - 1 = 0.8.
    follows(
        &trajectory(&gradients, |x| Box::new(Sgd::new(&[x], 0.1).momentum(0.9))),
        &[0.8, 0.72],
    );
    // Steps 2 + 0.9 * 2 = 3.8 and -1 + 0.9 * 0.8 = -0.28.
    follows(
        &trajectory(&gradients, |x| {
            Box::new(Sgd::new(&[x], 0.1).momentum(0.9).nesterov(true))
        }),
        &[0.62, 0.648],
    );
    // Gradients 2 + 0.5 * 1 and -1 + 0.5 * 0.75.
    follows(
        &trajectory(&gradients, |x| {
            Box::new(Sgd::new(&[x], 0.1).weight_decay(0.5))
        }),
        &[0.75, 0.8125],
    );
}

#[test]
fn adam_steps_by_its_formulas() {
    let adam = |decay: f64, decoupled: bool| {
        let (mut x, mut m, mut v) = (1.0_f64, 0.0, 0.0);
        [2.0, -1.0]
            .into_iter()
            .enumerate()
            .map(move |(t, g)| {
                let g = if decoupled { g } else { g + decay * x };
                m = 0.9 * m + 0.1 * g;
                v = 0.999 * v + 0.001 * g * g;
                let (mh, vh) = (
                    m / (1.0 - 0.9_f64.powi(t as i32 + 1)),
                    v / (1.0 - 0.999_f64.powi(t as i32 + 1)),
                );
                x = (if decoupled {
                    x * (1.0 - 0.1 * decay)
                } else {
                    x
                }) - 0.1 * mh / (vh.sqrt() + 1e-8);
                x
            })
            .collect::<Vec<f64>>()
    };
    let gradients = [2.0, -1.0];
    follows(
        &trajectory(&gradients, |x| Box::new(Adam::new(&[x], 0.1))),
        &adam(0.0, false),
    );
    follows(
        &trajectory(&gradients, |x| {
            Box::new(Adam::new(&[x], 0.1).weight_decay(0.3))
        }),
        &adam(0.3, false),
    );
    follows(
        &trajectory(&gradients, |x| Box::new(Adam::decoupled(&[x], 0.1, 0.3))),
        &adam(0.3, true),
    );
}

#[test]
fn lbfgs_reaches_the_minimum_of_the_banana_function() {
    let x = tensor(-1.2).require_grad();
    let y = tensor([1.0]).require_grad();
    let loss = || ((1.0 - &x).square() + (&y - x.square()).square() * 100.0).sum();
    let mut optimizer = Lbfgs::new(&[&x, &y]).history(5);
    let mut values = Vec::new();
    for _ in 0..60 {
        values.push(optimizer.step(loss).unwrap());
    }
    assert!(
        values.windows(2).all(|pair| pair[1] <= pair[0]),
        "{values:?}"
    );
    assert!(
        (x.item() - 1.0_f64).abs() < 1e-8 && (y.item() - 1.0_f64).abs() < 1e-8,
        "{x}, {y}"
    );
}

#[test]
#[should_panic(expected = "parameter 0 is no leaf")]
fn an_optimiser_refuses_what_it_cannot_move() {
    let _ = Sgd::new(&[&tensor(1.0)], 0.1);
}
