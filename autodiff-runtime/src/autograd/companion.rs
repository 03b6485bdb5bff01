//! Functions whose derivatives exist as code, applied to tracked tensors as one node of the graph.
//!
//! What `#[differentiable]` writes beside a function has the shapes asked for here, so one derivative serves both
//! worlds: the generated gradient is the backward pass, the generated Hessian-vector product the double backward.

use super::custom::{Function, Saved, Saving};
use super::error::AutogradError;
use crate::tensor::{Float, Tensor};

impl<T: Float> Tensor<T> {
    /// A function of one number, of each element, as one operation. `gradient` is its derivative, and `hvp` gives the
    /// derivative and the second derivative times a direction: for a `#[differentiable]` function `f` these are
    /// `f::gradient` and `f::hvp`. A third derivative is an error.
    ///
    /// ```
    /// use autodiff_runtime::tensor;
    ///
    /// let x = tensor([1.0, 2.0]).require_grad();
    /// let y = x.map_differentiable("Cube", |v| v * v * v, |v| 3.0 * v * v, |v, d| (3.0 * v * v, 6.0 * v * d));
    /// y.sum().backward()?;
    /// assert_eq!(x.grad().unwrap(), tensor([3.0, 12.0]));
    /// assert_eq!(y.grad_fn().unwrap().name(), "CubeBackward");
    /// # Ok::<(), autodiff_runtime::AutogradError>(())
    /// ```
    pub fn map_differentiable(
        &self,
        name: &'static str,
        f: impl Fn(T) -> T + Send + Sync + Clone + 'static,
        gradient: impl Fn(T) -> T + Send + Sync + Clone + 'static,
        hvp: impl Fn(T, T) -> (T, T) + Send + Sync + Clone + 'static,
    ) -> Self {
        let each = move |x: &[T]| x.iter().map(|&v| f(v)).collect();
        let pulled =
            move |x: &[T], g: &[T]| x.iter().zip(g).map(|(&v, &g)| g * gradient(v)).collect();
        let pulled_again = move |x: &[T], g: &[T], w: &[T]| {
            let terms = || x.iter().zip(g).zip(w);
            let to_x = terms().map(|((&v, &g), &w)| g * hvp(v, w).1).collect();
            let to_g = terms().map(|((&v, _), &w)| w * hvp(v, T::ZERO).0).collect();
            (to_x, to_g)
        };
        Companion {
            name,
            shape: self.shape().to_vec(),
            value: each,
            pulled,
            pulled_again,
        }
        .apply(&[self])
    }

    /// A function of all elements in row-major order, whose value is one number, as one operation. For a
    /// `#[differentiable]` function `f(x: &[f64]) -> f64` the other arguments are `f::gradient` and `f::hvp`. A third
    /// derivative is an error.
    ///
    /// ```
    /// use autodiff_runtime::tensor;
    ///
    /// let squares = |x: &[f64]| x.iter().map(|v| v * v).sum::<f64>();
    /// let gradient = |x: &[f64]| x.iter().map(|v| 2.0 * v).collect::<Vec<_>>();
    /// let x = tensor([[1.0, 2.0]]).require_grad();
    /// let y = x.apply_differentiable("Squares", squares, gradient, move |x, d| (gradient(x), gradient(d)));
    /// y.backward()?;
    /// assert_eq!(x.grad().unwrap(), tensor([[2.0, 4.0]]));
    /// # Ok::<(), autodiff_runtime::AutogradError>(())
    /// ```
    ///
    /// # Panics
    ///
    /// When `gradient` or `hvp` return other than a number for each element.
    #[track_caller]
    pub fn apply_differentiable(
        &self,
        name: &'static str,
        f: impl Fn(&[T]) -> T + Send + Sync + Clone + 'static,
        gradient: impl Fn(&[T]) -> Vec<T> + Send + Sync + Clone + 'static,
        hvp: impl Fn(&[T], &[T]) -> (Vec<T>, Vec<T>) + Send + Sync + Clone + 'static,
    ) -> Self {
        let value = move |x: &[T]| vec![f(x)];
        let pulled = move |x: &[T], g: &[T]| gradient(x).into_iter().map(|v| v * g[0]).collect();
        let pulled_again = move |x: &[T], g: &[T], w: &[T]| {
            let (slopes, curved) = hvp(x, w);
            let to_g = slopes
                .iter()
                .zip(w)
                .fold(T::ZERO, |sum, (&a, &b)| sum + a * b);
            (curved.into_iter().map(|v| v * g[0]).collect(), vec![to_g])
        };
        Companion {
            name,
            shape: Vec::new(),
            value,
            pulled,
            pulled_again,
        }
        .apply(&[self])
    }
}

/// A function of a buffer. `pulled(x, g)` is the gradient of `<value(x), g>`; `pulled_again(x, g, w)` are the gradients
/// of `<pulled(x, g), w>` with respect to `x` and to `g`.
struct Companion<F, P, Q> {
    name: &'static str,
    /// The shape of the value.
    shape: Vec<usize>,
    value: F,
    pulled: P,
    pulled_again: Q,
}

impl<T, F, P, Q> Function<T> for Companion<F, P, Q>
where
    T: Float,
    F: Fn(&[T]) -> Vec<T> + Send + Sync + Clone + 'static,
    P: Fn(&[T], &[T]) -> Vec<T> + Send + Sync + Clone + 'static,
    Q: Fn(&[T], &[T], &[T]) -> (Vec<T>, Vec<T>) + Send + Sync + Clone + 'static,
{
    fn name(&self) -> &str {
        self.name
    }

    fn forward(&self, saving: &mut Saving<'_, T>, inputs: &[&Tensor<T>]) -> Tensor<T> {
        saving.save_for_backward(inputs);
        filled((self.value)(&inputs[0].to_vec()), &self.shape)
    }

    fn backward(
        &self,
        saved: &Saved<T>,
        gradient: &Tensor<T>,
    ) -> Result<Vec<Option<Tensor<T>>>, AutogradError> {
        let pullback = Pullback {
            name: self.name,
            pulled: self.pulled.clone(),
            pulled_again: self.pulled_again.clone(),
        };
        Ok(vec![Some(pullback.apply(&[&saved.tensors()[0], gradient]))])
    }
}

/// The gradient of a [`Companion`] as a function of its own: of where it is taken, and of the gradient of the value.
struct Pullback<P, Q> {
    name: &'static str,
    pulled: P,
    pulled_again: Q,
}

impl<T, P, Q> Function<T> for Pullback<P, Q>
where
    T: Float,
    P: Fn(&[T], &[T]) -> Vec<T> + Send + Sync + 'static,
    Q: Fn(&[T], &[T], &[T]) -> (Vec<T>, Vec<T>) + Send + Sync + 'static,
{
    fn name(&self) -> &str {
        self.name
    }

    fn forward(&self, saving: &mut Saving<'_, T>, inputs: &[&Tensor<T>]) -> Tensor<T> {
        saving.save_for_backward(inputs);
        filled(
            (self.pulled)(&inputs[0].to_vec(), &inputs[1].to_vec()),
            inputs[0].shape(),
        )
    }

    fn backward(
        &self,
        saved: &Saved<T>,
        gradient: &Tensor<T>,
    ) -> Result<Vec<Option<Tensor<T>>>, AutogradError> {
        let [x, g] = saved.tensors() else {
            unreachable!("the forward pass saves its two inputs")
        };
        let (to_x, to_g) = (self.pulled_again)(&x.to_vec(), &g.to_vec(), &gradient.to_vec());
        Ok(vec![
            Some(filled(to_x, x.shape())),
            Some(filled(to_g, g.shape())),
        ])
    }

    fn once_differentiable(&self) -> bool {
        true
    }
}

/// What a function returned, as a tensor.
#[track_caller]
fn filled<T: Float>(data: Vec<T>, shape: &[usize]) -> Tensor<T> {
    Tensor::from_vec(data, shape).unwrap_or_else(|error| panic!("{error}"))
}
