//! Functions of numbers, applied to each element.

use std::array::from_fn;
use std::sync::Arc;

use super::node::{Lifted, Value};
use super::signatures::{ScalarFunction, ScalarGradient, ScalarHvp};
use super::{Hvp, Once};
use crate::autograd::custom::Function;
use crate::autograd::error::AutogradError;
use crate::tensor::{Float, Tensor, common, kernel};

/// A function of one to four numbers as an operation on the elements of as many tensors. For a `#[differentiable]`
/// function `f`, `gradient` is `f::gradient`. The node is called `name` and `Backward`.
///
/// Closures need the types of their parameters, as in `|x: f64| f(x, 3)`, which is also how a parameter that is not
/// differentiated gets its value.
///
/// ```
/// use autodiff_runtime::{lift, tensor};
///
/// // The second is what `#[differentiable] fn ratio(a: f64, b: f64) -> f64` has as `ratio::gradient`.
/// let ratio = |a: f64, b: f64| a / b;
/// let gradient = |a: f64, b: f64| (1.0 / b, -a / (b * b));
///
/// let a = tensor([[1.0, 2.0], [3.0, 4.0]]).require_grad();
/// let b = tensor([2.0, 4.0]).require_grad();
/// let y = lift::scalars("Ratio", ratio, gradient).apply([&a, &b]);
/// y.sum().backward()?;
/// assert_eq!(a.grad().unwrap(), tensor([[0.5, 0.25], [0.5, 0.25]]));
/// assert_eq!(b.grad().unwrap(), tensor([-1.0, -0.375]));
/// # Ok::<(), autodiff_runtime::AutogradError>(())
/// ```
pub fn scalars<F, G>(name: impl Into<String>, f: F, gradient: G) -> Scalars<F, G, Once> {
    Scalars {
        name: name.into(),
        f,
        gradient,
        second: Once,
    }
}

/// A function of numbers with its derivatives, see [`scalars`].
#[derive(Clone, Debug)]
pub struct Scalars<F, G, S> {
    name: String,
    f: F,
    gradient: G,
    second: S,
}

impl<F, G> Scalars<F, G, Once> {
    /// Adds the second derivative: `f::hvp`. A third derivative is an error.
    ///
    /// ```
    /// use autodiff_runtime::{Grad, grad, grad_with, lift, tensor};
    ///
    /// let cube = lift::scalars("Cube", |v: f64| v * v * v, |v: f64| 3.0 * v * v)
    ///     .with_hvp(|v: f64, d: f64| (3.0 * v * v, 6.0 * v * d));
    /// let x = tensor([1.0, 2.0]).require_grad();
    /// let y = cube.apply([&x]).sum();
    /// let first = grad_with(&[&y], &[&x], Grad::new().create_graph(true))?.remove(0).unwrap();
    /// assert_eq!(first, tensor([3.0, 12.0]));
    /// assert_eq!(grad(&[&first.sum()], &[&x])?, [tensor([6.0, 12.0])]);
    /// # Ok::<(), autodiff_runtime::AutogradError>(())
    /// ```
    pub fn with_hvp<H>(self, hvp: H) -> Scalars<F, G, Hvp<H>> {
        Scalars {
            name: self.name,
            f: self.f,
            gradient: self.gradient,
            second: Hvp(hvp),
        }
    }
}

impl<F, G, S> Scalars<F, G, S> {
    /// The function of the elements of `inputs`, stretched to a common shape, recorded as one operation.
    ///
    /// # Panics
    ///
    /// When the shapes do not broadcast.
    #[track_caller]
    pub fn apply<T, const N: usize>(&self, inputs: [&Tensor<T>; N]) -> Tensor<T>
    where
        T: Float,
        F: ScalarFunction<T, N> + Clone + Send + Sync + 'static,
        G: ScalarGradient<T, N> + Clone + Send + Sync + 'static,
        S: SecondOfScalars<T, N> + Clone + Send + Sync + 'static,
    {
        crate::tensor::expect(self.try_apply(inputs))
    }

    /// [`apply`](Self::apply) with an error instead of a panic.
    ///
    /// # Errors
    ///
    /// When the shapes do not broadcast.
    pub fn try_apply<T, const N: usize>(
        &self,
        inputs: [&Tensor<T>; N],
    ) -> Result<Tensor<T>, AutogradError>
    where
        T: Float,
        F: ScalarFunction<T, N> + Clone + Send + Sync + 'static,
        G: ScalarGradient<T, N> + Clone + Send + Sync + 'static,
        S: SecondOfScalars<T, N> + Clone + Send + Sync + 'static,
    {
        let mut shape = inputs[0].shape().to_vec();
        for input in &inputs[1..] {
            shape = common(&self.name, &shape, input.shape())?.to_vec();
        }
        let stretched = inputs.map(|input| input.broadcast_to(&shape));
        let lifted = Fixed::<_, N>(self.clone());
        Ok(Value(Arc::new(lifted)).apply(&stretched.each_ref()))
    }
}

/// A function whose number of parameters is known.
struct Fixed<L, const N: usize>(L);

impl<T, F, G, S, const N: usize> Lifted<T> for Fixed<Scalars<F, G, S>, N>
where
    T: Float,
    F: ScalarFunction<T, N> + Send + Sync + 'static,
    G: ScalarGradient<T, N> + Send + Sync + 'static,
    S: SecondOfScalars<T, N> + Send + Sync + 'static,
{
    fn name(&self) -> &str {
        &self.0.name
    }

    fn value(&self, x: &[&Tensor<T>]) -> Tensor<T> {
        if N == 1 {
            return kernel::map(x[0], |v| self.0.f.call([v; N]));
        }
        let data: [Vec<T>; N] = from_fn(|i| kernel::to_vec(x[i]));
        let out: Vec<T> = (0..x[0].len())
            .map(|k| self.0.f.call(from_fn(|i| data[i][k])))
            .collect();
        Tensor::fresh(out, x[0].shape())
    }

    fn pulled(&self, x: &[Tensor<T>], g: &Tensor<T>) -> Result<Vec<Tensor<T>>, AutogradError> {
        let shape = x[0].shape();
        if N == 1 {
            let slope = |v: T, g: T| T::times(g, self.0.gradient.call([v; N])[0]);
            return Ok(vec![kernel::zip(&x[0], g, shape, slope)]);
        }
        let mut data: [Vec<T>; N] = from_fn(|i| kernel::to_vec(&x[i]));
        for (k, g) in kernel::to_vec(g).into_iter().enumerate() {
            let slopes = self.0.gradient.call(from_fn(|i| data[i][k]));
            for (column, slope) in data.iter_mut().zip(slopes) {
                column[k] = g * slope;
            }
        }
        Ok(data.map(|column| Tensor::fresh(column, shape)).into())
    }

    fn pulled_again(
        &self,
        x: &[Tensor<T>],
        g: &Tensor<T>,
        w: &[Tensor<T>],
    ) -> Result<(Vec<Tensor<T>>, Tensor<T>), AutogradError> {
        let shape = x[0].shape();
        let mut data: [Vec<T>; N] = from_fn(|i| kernel::to_vec(&x[i]));
        let directions: [Vec<T>; N] = from_fn(|i| kernel::to_vec(&w[i]));
        let mut to_g = kernel::to_vec(g);
        for (k, g) in to_g.iter_mut().enumerate() {
            let direction = from_fn(|i| directions[i][k]);
            let [slopes, curved] = self.0.second.call(from_fn(|i| data[i][k]), direction);
            for (column, curved) in data.iter_mut().zip(curved) {
                column[k] = *g * curved;
            }
            *g = slopes
                .into_iter()
                .zip(direction)
                .fold(T::ZERO, |sum, (slope, d)| sum + slope * d);
        }
        let to_x = data.map(|column| Tensor::fresh(column, shape));
        Ok((to_x.into(), Tensor::fresh(to_g, shape)))
    }

    fn twice(&self) -> bool {
        S::TWICE
    }
}

/// The second derivative of a function of numbers, or that there is none: [`Hvp`] and [`Once`].
pub trait SecondOfScalars<T, const N: usize> {
    /// Whether there is one.
    const TWICE: bool;
    /// The gradient and the Hessian times a direction; only called where there is one.
    fn call(&self, x: [T; N], direction: [T; N]) -> [[T; N]; 2];
}

impl<T, const N: usize> SecondOfScalars<T, N> for Once {
    const TWICE: bool = false;
    fn call(&self, _x: [T; N], _direction: [T; N]) -> [[T; N]; 2] {
        unreachable!("the node is marked as differentiable once")
    }
}

impl<T, H: ScalarHvp<T, N>, const N: usize> SecondOfScalars<T, N> for Hvp<H> {
    const TWICE: bool = true;
    fn call(&self, x: [T; N], direction: [T; N]) -> [[T; N]; 2] {
        self.0.call(x, direction)
    }
}
