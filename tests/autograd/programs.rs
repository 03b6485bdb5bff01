//! Random programs of views, changes in place and operands that are handed over, against hyper-dual numbers in plain
//! vectors: memory that is used again, or a version that is not noticed, shows as a wrong value or derivative.

use autodiff::{AutogradError, Grad, Tensor, grad_with};
use num_dual::{DualNum, HyperDual64};
use rand::rngs::StdRng;
use rand::seq::IndexedRandom;
use rand::{RngExt, SeedableRng};

/// A tensor, and where the model has its elements: the second and third parts of the numbers are derivatives along two
/// directions, the last one is the second derivative along both.
#[derive(Clone)]
struct Handle {
    tensor: Tensor,
    buffer: usize,
    places: Vec<usize>,
    /// Leaves and their views may not be changed in place.
    of_leaf: bool,
}

struct Program {
    buffers: Vec<Vec<HyperDual64>>,
    pool: Vec<Handle>,
    rng: StdRng,
}

type Model = fn(HyperDual64, HyperDual64) -> HyperDual64;
// Operations on tensors, each with what it does to the elements.
type Map = (fn(Tensor) -> Tensor, fn(HyperDual64) -> HyperDual64);
type Owned = (fn(Tensor, &Tensor) -> Tensor, Model);
type BothOwned = (fn(Tensor, Tensor) -> Tensor, Model);
type InPlace = (fn(&Tensor, &Tensor) -> Result<(), AutogradError>, Model);

const UNARY: [Map; 5] = [
    (|x| x.sin(), |x| x.sin()),
    (|x| x.tanh(), |x| x.tanh()),
    (|x| -x, |x| -x),
    (|x| (x * 0.3).exp(), |x| (x * 0.3).exp()),
    (|x| x.square() + 0.5, |x| x * x + 0.5),
];

const OWNED: [Owned; 3] = [
    (|a, b| a + b, |a, b| a + b),
    (|a, b| a - b, |a, b| a - b),
    (|a, b| a * b, |a, b| a * b),
];

const BOTH_OWNED: [BothOwned; 2] = [(|a, b| a + b, |a, b| a + b), (|a, b| a * b, |a, b| a * b)];

const IN_PLACE: [InPlace; 4] = [
    (|a, b| a.add_(b), |a, b| a + b),
    (|a, b| a.sub_(b), |a, b| a - b),
    (|a, b| a.mul_(b), |a, b| a * b),
    (|a, b| a.copy_(b), |_, b| b),
];

impl Program {
    fn values(&self, handle: &Handle) -> Vec<HyperDual64> {
        let buffer = &self.buffers[handle.buffer];
        handle.places.iter().map(|&place| buffer[place]).collect()
    }

    /// Puts a tensor with elements of its own into the pool.
    fn push(&mut self, tensor: Tensor, values: Vec<HyperDual64>) {
        assert_eq!(tensor.len(), values.len());
        self.pool.push(Handle {
            tensor,
            buffer: self.buffers.len(),
            places: (0..values.len()).collect(),
            of_leaf: false,
        });
        self.buffers.push(values);
    }

    /// A tensor of the pool; now and then the pool loses it, so that nobody else holds its memory.
    fn take(&mut self) -> Handle {
        let i = self.rng.random_range(0..self.pool.len());
        if self.pool.len() > 3 && self.rng.random_bool(0.5) {
            self.pool.swap_remove(i)
        } else {
            self.pool[i].clone()
        }
    }

    fn step(&mut self) {
        match self.rng.random_range(0..10) {
            0 | 1 => {
                let x = self.take();
                let (f, model) = *UNARY.choose(&mut self.rng).unwrap();
                let values = self.values(&x).into_iter().map(model).collect();
                self.push(f(x.tensor), values);
            }
            2..5 => self.binary(),
            5 | 6 => self.view(),
            7 => {
                let x = self.take();
                let sums = self.values(&x);
                let columns = *x.tensor.shape().last().unwrap();
                let rows = sums.chunks(columns).map(|row| row.iter().copied().sum());
                let values = rows.collect();
                self.push(x.tensor.sum_dims(&[-1], true), values);
            }
            _ => self.change(),
        }
    }

    fn binary(&mut self) {
        let (x, y) = (self.take(), self.take());
        let Some(y) = self.stretched(y, &x) else {
            return;
        };
        let (a, b) = (self.values(&x), self.values(&y));
        let combine = |model: Model| a.iter().zip(&b).map(|(&a, &b)| model(a, b)).collect();
        let (tensor, values) = if self.rng.random() {
            let (f, model) = *OWNED.choose(&mut self.rng).unwrap();
            (f(x.tensor, &y.tensor), combine(model))
        } else {
            let (f, model) = *BOTH_OWNED.choose(&mut self.rng).unwrap();
            (f(x.tensor, y.tensor), combine(model))
        };
        self.push(tensor, values);
    }

    /// `y` as a tensor of the shape of `x`, if it is one already or is a column, stretched.
    fn stretched(&self, mut y: Handle, x: &Handle) -> Option<Handle> {
        let (shape, wanted) = (y.tensor.shape().to_vec(), x.tensor.shape());
        if shape == wanted {
            return Some(y);
        }
        if shape.len() != 2 || wanted.len() != 2 || shape != [wanted[0], 1] {
            return None;
        }
        y.tensor = y.tensor.broadcast_to(wanted);
        y.places = y
            .places
            .iter()
            .flat_map(|&place| vec![place; wanted[1]])
            .collect();
        Some(y)
    }

    fn view(&mut self) {
        let mut x = self.take();
        let [rows, columns] = x.tensor.shape()[..] else {
            unreachable!("all tensors of the pool are matrices");
        };
        let place = |i: usize, j: usize| x.places[i * columns + j];
        (x.tensor, x.places) = match self.rng.random_range(0..4) {
            0 => (
                x.tensor.t(),
                (0..columns)
                    .flat_map(|j| (0..rows).map(move |i| (i, j)))
                    .map(|(i, j)| place(i, j))
                    .collect(),
            ),
            1 => {
                let i = self.rng.random_range(0..rows);
                (
                    x.tensor.narrow(0, i, 1),
                    (0..columns).map(|j| place(i, j)).collect(),
                )
            }
            2 => {
                let odd = (0..rows).flat_map(|i| (0..columns).step_by(2).map(move |j| (i, j)));
                (
                    x.tensor.slice(1, 0, isize::MAX, 2),
                    odd.map(|(i, j)| place(i, j)).collect(),
                )
            }
            _ => {
                let row = x.tensor.select(0, 0).unsqueeze(1);
                (row, (0..columns).map(|j| place(0, j)).collect())
            }
        };
        self.pool.push(x);
    }

    fn change(&mut self) {
        let (x, y) = (self.take(), self.take());
        let Some(y) = self.stretched(y, &x).filter(|_| !x.of_leaf) else {
            return;
        };
        let (f, model) = *IN_PLACE.choose(&mut self.rng).unwrap();
        f(&x.tensor, &y.tensor).unwrap();
        let (a, b) = (self.values(&x), self.values(&y));
        for ((&place, a), b) in x.places.iter().zip(a).zip(b) {
            self.buffers[x.buffer][place] = model(a, b);
        }
        self.pool.push(x);
    }
}

fn near(found: f64, expected: f64, scale: f64) -> bool {
    (found - expected).abs() <= 1e-10 * scale.max(expected.abs()).max(1.0)
}

/// Runs a program and compares it with the model; `false` where a backward pass refuses since a value that it needs was
/// changed.
fn agrees(seed: u64) -> bool {
    let rng = StdRng::seed_from_u64(seed);
    let mut program = Program {
        buffers: Vec::new(),
        pool: Vec::new(),
        rng,
    };
    let mut leaves = Vec::new();
    let mut directions: [Vec<Tensor>; 2] = [Vec::new(), Vec::new()];
    for shape in [[2, 3], [3, 2], [2, 1]] {
        let mut numbers = || {
            (0..shape[0] * shape[1])
                .map(|_| program.rng.random_range(-1.0..1.0))
                .collect()
        };
        let [x, v, w]: [Vec<f64>; 3] = [numbers(), numbers(), numbers()];
        let values = (0..x.len())
            .map(|i| HyperDual64::new(x[i], v[i], w[i], 0.0))
            .collect();
        let [x, v, w] = [x, v, w].map(|data| Tensor::from_vec(data, &shape).unwrap());
        let leaf = x.require_grad();
        program.push(leaf.clone(), values);
        program.pool.last_mut().expect("one was pushed").of_leaf = true;
        leaves.push(leaf);
        directions[0].push(v);
        directions[1].push(w);
    }
    for _ in 0..program.rng.random_range(4..20) {
        program.step();
    }
    let (mut total, mut expected) = (Tensor::zeros(&[]), HyperDual64::from(0.0));
    for (k, handle) in program.pool.iter().enumerate() {
        let weight = 1.0 / (k as f64 + 1.5);
        total += handle.tensor.sum() * weight;
        expected += program.values(handle).into_iter().sum::<HyperDual64>() * weight;
    }
    let context = format!("seed {seed}");
    assert!(
        near(total.item(), expected.re, 0.0),
        "{context}: {} is not {}",
        total.item(),
        expected.re
    );
    let leaves: Vec<&Tensor> = leaves.iter().collect();
    let options = Grad::new().create_graph(true).materialize_grads(true);
    let gradients = match grad_with(&[&total], &leaves, options) {
        Ok(gradients) => gradients,
        Err(AutogradError::ModifiedInPlace { .. }) => return false,
        Err(error) => panic!("{context}: {error}"),
    };
    let gradients: Vec<Tensor> = gradients.into_iter().flatten().collect();
    let along = |gradients: &[Tensor], direction: &[Tensor]| {
        let products = gradients.iter().zip(direction).map(|(g, d)| (g * d).sum());
        products.fold(Tensor::zeros(&[]), |sum, product| sum + product)
    };
    let [slope, other] = [0, 1].map(|k| along(&gradients, &directions[k]));
    let size = gradients.iter().map(|g| g.abs().sum().item()).sum();
    assert!(
        near(slope.item(), expected.eps1, size),
        "{context}: {} is not {}",
        slope.item(),
        expected.eps1
    );
    assert!(
        near(other.item(), expected.eps2, size),
        "{context}: {} is not {}",
        other.item(),
        expected.eps2
    );
    let curvature = match slope.requires_grad() {
        false => 0.0,
        true => {
            let options = Grad::new().materialize_grads(true).retain_graph(true);
            let second = grad_with(&[&slope], &leaves, options).unwrap();
            let second: Vec<Tensor> = second.into_iter().flatten().collect();
            along(&second, &directions[1]).item()
        }
    };
    assert!(
        near(curvature, expected.eps1eps2, 10.0 * size),
        "{context}: {curvature} is not {}",
        expected.eps1eps2
    );
    // Once more, without a graph of its own: there the walk uses most memory again.
    total.backward().unwrap();
    for (leaf, gradient) in leaves.iter().zip(&gradients) {
        let found = leaf
            .grad()
            .map_or(leaf.zeros_like().to_vec(), |g| g.to_vec());
        let same = found
            .iter()
            .zip(gradient.to_vec())
            .all(|(a, b)| near(*a, b, size));
        assert!(same, "{context}: {found:?} is not {gradient:?}");
    }
    true
}

#[test]
fn random_programs_agree_with_hyper_dual_numbers() {
    let count = 1000;
    let finished = (0..count).filter(|&seed| agrees(seed)).count();
    assert!(
        finished * 2 > count as usize,
        "only {finished} of {count} programs need no value that was changed"
    );
}
