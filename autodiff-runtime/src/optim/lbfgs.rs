//! The limited-memory method of Broyden, Fletcher, Goldfarb and Shanno.

use std::collections::VecDeque;

use super::{leaves, write};
use crate::autograd::{AutogradError, no_grad};
use crate::tensor::{Float, Tensor};

/// Quasi-Newton steps from the last few changes of the gradient (Nocedal and Wright, Numerical Optimization, algorithms
/// 7.4 and 7.5), with a line search by halving until the value falls enough (Armijo's condition).
///
/// ```
/// use autodiff_runtime::optim::Lbfgs;
/// use autodiff_runtime::tensor;
///
/// let x = tensor([1.0, -2.0]).require_grad();
/// let mut optimizer = Lbfgs::new(&[&x]);
/// for _ in 0..20 {
///     optimizer.step(|| (&x - 3.0).powi(4).sum())?;
/// }
/// assert!((&x - 3.0).abs().max().item() < 0.1);
/// # Ok::<(), autodiff_runtime::AutogradError>(())
/// ```
#[derive(Debug)]
pub struct Lbfgs<T: Float = f64> {
    parameters: Vec<Tensor<T>>,
    history: usize,
    pairs: VecDeque<Pair<T>>,
}

/// A step and the change of the gradient along it.
#[derive(Debug)]
struct Pair<T: Float> {
    step: Tensor<T>,
    change: Tensor<T>,
    curvature: T,
}

impl<T: Float> Lbfgs<T> {
    /// An optimiser that remembers ten steps.
    ///
    /// ```
    /// use autodiff_runtime::optim::Lbfgs;
    /// use autodiff_runtime::tensor;
    ///
    /// let x = tensor(1.0).require_grad();
    /// let loss = Lbfgs::new(&[&x]).step(|| x.square())?;
    /// assert_eq!(loss, 1.0);
    /// # Ok::<(), autodiff_runtime::AutogradError>(())
    /// ```
    ///
    /// # Panics
    ///
    /// When a parameter is no leaf that requires gradients.
    #[track_caller]
    pub fn new(parameters: &[&Tensor<T>]) -> Self {
        Self {
            parameters: leaves(parameters),
            history: 10,
            pairs: VecDeque::new(),
        }
    }

    /// How many steps to remember.
    ///
    /// ```
    /// use autodiff_runtime::optim::Lbfgs;
    /// use autodiff_runtime::tensor;
    ///
    /// let _ = Lbfgs::new(&[&tensor(1.0).require_grad()]).history(20);
    /// ```
    #[must_use]
    pub fn history(mut self, steps: usize) -> Self {
        self.history = steps;
        self
    }

    /// Moves the parameters by one step that lowers `loss`, which is computed anew at each point tried, and returns its
    /// value before the step. Parameters stay where they are when no lower point is found.
    ///
    /// ```
    /// use autodiff_runtime::optim::Lbfgs;
    /// use autodiff_runtime::tensor;
    ///
    /// let x = tensor(4.0).require_grad();
    /// let mut optimizer = Lbfgs::new(&[&x]);
    /// let before = optimizer.step(|| x.square())?;
    /// let after = optimizer.step(|| x.square())?;
    /// assert!(after < before);
    /// # Ok::<(), autodiff_runtime::AutogradError>(())
    /// ```
    ///
    /// # Errors
    ///
    /// Those of the backward pass of `loss`.
    pub fn step(&mut self, loss: impl Fn() -> Tensor<T>) -> Result<T, AutogradError> {
        let (value, gradient) = self.evaluate(&loss)?;
        let start = self.flat(Tensor::detach);
        let mut direction = no_grad(|| self.direction(&gradient));
        let mut slope = direction.dot(&gradient).item();
        if slope >= T::ZERO {
            // The memory does not fit the function here any more.
            self.pairs.clear();
            direction = -&gradient;
            slope = direction.dot(&gradient).item();
        }
        // Without memory the scale of the function is unknown, and a first step of length one is a guess.
        let length = gradient.norm(&[], false).item();
        let mut size = if self.pairs.is_empty() && length > T::ONE {
            T::ONE / length
        } else {
            T::ONE
        };
        let enough = T::from_f64(1e-4);
        for _ in 0..40 {
            let step = &direction * &Tensor::full(&[], size);
            self.place(&(&start + &step));
            let reached = no_grad(&loss).try_item()?;
            if reached <= value + enough * size * slope && reached < value {
                let (_, after) = self.evaluate(&loss)?;
                let change = after - gradient;
                let curvature = step.dot(&change).item();
                // A pair without positive curvature would spoil the estimate of the inverse Hessian.
                if curvature > T::ZERO {
                    self.pairs.push_back(Pair {
                        step,
                        change,
                        curvature,
                    });
                    while self.pairs.len() > self.history {
                        self.pairs.pop_front();
                    }
                }
                return Ok(value);
            }
            size = size * T::from_f64(0.5);
        }
        self.place(&start);
        self.pairs.clear();
        Ok(value)
    }

    /// The value and the gradient at the present point.
    fn evaluate(&self, loss: &impl Fn() -> Tensor<T>) -> Result<(T, Tensor<T>), AutogradError> {
        self.parameters.iter().for_each(Tensor::zero_grad);
        let loss = loss();
        loss.backward()?;
        let gradient = self.flat(|parameter| {
            parameter
                .grad()
                .map_or_else(|| parameter.zeros_like(), |gradient| gradient.detach())
        });
        Ok((loss.try_item()?, gradient))
    }

    /// The two-loop recursion: the negative gradient times the estimate of the inverse Hessian.
    fn direction(&self, gradient: &Tensor<T>) -> Tensor<T> {
        let times = |tensor: &Tensor<T>, number: T| tensor * &Tensor::full(&[], number);
        let mut direction = -gradient;
        let mut shares = Vec::with_capacity(self.pairs.len());
        for pair in self.pairs.iter().rev() {
            let share = pair.step.dot(&direction).item() / pair.curvature;
            direction = times(&pair.change, -share) + direction;
            shares.push(share);
        }
        if let Some(last) = self.pairs.back() {
            direction = times(
                &direction,
                last.curvature / last.change.dot(&last.change).item(),
            );
        }
        for (pair, share) in self.pairs.iter().zip(shares.into_iter().rev()) {
            let correction = pair.change.dot(&direction).item() / pair.curvature;
            direction = times(&pair.step, share - correction) + direction;
        }
        direction
    }

    /// One vector of all parameters' elements.
    fn flat(&self, part: impl Fn(&Tensor<T>) -> Tensor<T>) -> Tensor<T> {
        Tensor::from(
            self.parameters
                .iter()
                .flat_map(|parameter| part(parameter).to_vec())
                .collect::<Vec<T>>(),
        )
    }

    /// Puts the elements of one vector into the parameters.
    fn place(&self, point: &Tensor<T>) {
        let mut start = 0;
        for parameter in &self.parameters {
            let part = point.narrow(0, start, parameter.len());
            let shape: Vec<isize> = parameter
                .shape()
                .iter()
                .map(|&size| size as isize)
                .collect();
            write(parameter, &part.reshape(&shape));
            start += parameter.len();
        }
    }
}
