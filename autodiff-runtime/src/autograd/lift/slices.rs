//! Functions of whole buffers.

use std::array::from_fn;
use std::marker::PhantomData;
use std::sync::Arc;

use super::node::{Lifted, Value};
use super::signatures::{SliceFunction, SliceHvp, SlicePullback, SliceResult, WeightedHvp};
use super::{Hvp, Once, Weighted};
use crate::autograd::custom::Function;
use crate::autograd::error::AutogradError;
use crate::tensor::{Float, Tensor, kernel};

/// A function of one to four slices as an operation on as many tensors, whose elements it gets in row-major order. For a
/// `#[differentiable]` function `f`, `vjp` is `f::vjp`. A result `T` is a tensor without dimensions, a `Vec<T>` or
/// `[T; M]` a vector. The node is called `name` and `Backward`.
///
/// Closures need the types of their parameters, as in `|x: &[f64]| f(x, 3)` and `|x: &[f64], dr: f64| f::vjp(x, 3, dr)`,
/// which is also how a parameter that is not differentiated gets its value.
///
/// ```
/// use autodiff_runtime::{lift, tensor};
///
/// // What `#[differentiable] fn steps(x: &[f64]) -> Vec<f64>` has as `steps::vjp`.
/// let steps = |x: &[f64]| -> Vec<f64> { x.windows(2).map(|w| w[1] - w[0]).collect() };
/// let vjp = move |x: &[f64], dr: &[f64]| {
///     let mut adjoint = vec![0.0; x.len()];
///     for (i, d) in dr.iter().enumerate() {
///         adjoint[i] -= d;
///         adjoint[i + 1] += d;
///     }
///     (steps(x), adjoint)
/// };
///
/// let x = tensor([1.0, 4.0, 9.0]).require_grad();
/// let y = lift::slices("Steps", steps, vjp).apply([&x]);
/// assert_eq!(y, tensor([3.0, 5.0]));
/// (y * tensor([1.0, 10.0])).sum().backward()?;
/// assert_eq!(x.grad().unwrap(), tensor([-1.0, -9.0, 10.0]));
/// # Ok::<(), autodiff_runtime::AutogradError>(())
/// ```
pub fn slices<F, V>(name: impl Into<String>, f: F, vjp: V) -> Slices<F, V, Once> {
    Slices {
        name: name.into(),
        f,
        vjp,
        second: Once,
    }
}

/// A function of slices with its derivatives, see [`slices`].
#[derive(Clone, Debug)]
pub struct Slices<F, V, S> {
    name: String,
    f: F,
    vjp: V,
    second: S,
}

impl<F, V> Slices<F, V, Once> {
    /// Adds the second derivative of a function with one number as its value: `f::hvp`. A third derivative is an error.
    ///
    /// ```
    /// use autodiff_runtime::{gradgradcheck, lift, tensor};
    ///
    /// let squares = |x: &[f64]| x.iter().map(|v| v * v).sum::<f64>();
    /// let slopes = |x: &[f64], dr: f64| x.iter().map(|v| 2.0 * v * dr).collect::<Vec<_>>();
    /// let squares = lift::slices("Squares", squares, move |x: &[f64], dr: f64| (squares(x), slopes(x, dr)))
    ///     .with_hvp(move |x: &[f64], dx: &[f64]| (slopes(x, 1.0), slopes(dx, 1.0)));
    /// gradgradcheck(|x| squares.apply([&x[0]]).exp(), &[tensor([0.5, -1.0])])?;
    /// # Ok::<(), autodiff_runtime::AutogradError>(())
    /// ```
    pub fn with_hvp<H>(self, hvp: H) -> Slices<F, V, Hvp<H>> {
        self.with(Hvp(hvp))
    }

    /// Adds the second derivative of a function with several values, by way of a function with one: for
    /// `g(x, weights) = Σ weights[i] f(x)[i]` this is `g::hvp`. A third derivative is an error.
    ///
    /// ```
    /// use autodiff_runtime::{gradgradcheck, lift, tensor};
    ///
    /// let squares = |x: &[f64]| x.iter().map(|v| v * v).collect::<Vec<_>>();
    /// let product = |a: &[f64], b: &[f64]| a.iter().zip(b).map(|(a, b)| 2.0 * a * b).collect::<Vec<_>>();
    /// // `g(x, w) = Σ wᵢ xᵢ²`: its gradient is `(2 w x, x²)`, and this along `(dx, dw)` is `(2 w dx + 2 x dw, 2 x dx)`.
    /// let hvp = move |x: &[f64], w: &[f64], dx: &[f64], dw: &[f64]| {
    ///     let curved = product(w, dx).iter().zip(product(x, dw)).map(|(a, b)| a + b).collect();
    ///     ((product(w, x), squares(x)), (curved, product(x, dx)))
    /// };
    /// let squares = lift::slices("Squares", squares, move |x: &[f64], dr: &[f64]| (squares(x), product(x, dr)))
    ///     .with_weighted_hvp(hvp);
    /// gradgradcheck(|x| squares.apply([&x[0]]).exp(), &[tensor([0.5, -1.0])])?;
    /// # Ok::<(), autodiff_runtime::AutogradError>(())
    /// ```
    pub fn with_weighted_hvp<H>(self, hvp: H) -> Slices<F, V, Weighted<H>> {
        self.with(Weighted(hvp))
    }

    fn with<S>(self, second: S) -> Slices<F, V, S> {
        Slices {
            name: self.name,
            f: self.f,
            vjp: self.vjp,
            second,
        }
    }
}

impl<F, V, S> Slices<F, V, S> {
    /// The function of the elements of `inputs`, recorded as one operation. A backward pass is an error where the
    /// derivatives have other lengths than the inputs.
    ///
    /// # Panics
    ///
    /// When the function does.
    pub fn apply<T, R, const N: usize>(&self, inputs: [&Tensor<T>; N]) -> Tensor<T>
    where
        T: Float,
        R: SliceResult<T> + 'static,
        F: SliceFunction<T, N, R> + Clone + Send + Sync + 'static,
        V: SlicePullback<T, N, R> + Clone + Send + Sync + 'static,
        S: SecondOfSlices<T, N, R> + Clone + Send + Sync + 'static,
    {
        let lifted = Fixed::<_, R, N>(self.clone(), PhantomData);
        Value(Arc::new(lifted)).apply(&inputs)
    }
}

/// A function whose number of parameters and kind of result are known.
struct Fixed<L, R, const N: usize>(L, PhantomData<fn() -> R>);

impl<F, V, S, R, const N: usize> Fixed<Slices<F, V, S>, R, N> {
    /// What the derivatives returned, in the shapes of what they belong to.
    fn shaped<T: Float>(
        &self,
        data: impl IntoIterator<Item = Vec<T>>,
        like: &[Tensor<T>],
    ) -> Result<Vec<Tensor<T>>, AutogradError> {
        let shape = |(data, like): (Vec<T>, &Tensor<T>)| {
            if data.len() == like.len() {
                return Ok(Tensor::fresh(data, like.shape()));
            }
            Err(AutogradError::Function {
                name: self.0.name.clone(),
                message: format!(
                    "a derivative has {} numbers for an input of shape {:?}",
                    data.len(),
                    like.shape()
                ),
            })
        };
        data.into_iter().zip(like).map(shape).collect()
    }
}

impl<T, F, V, S, R, const N: usize> Lifted<T> for Fixed<Slices<F, V, S>, R, N>
where
    T: Float,
    R: SliceResult<T> + 'static,
    F: SliceFunction<T, N, R> + Send + Sync + 'static,
    V: SlicePullback<T, N, R> + Send + Sync + 'static,
    S: SecondOfSlices<T, N, R> + Send + Sync + 'static,
{
    fn name(&self) -> &str {
        &self.0.name
    }

    fn value(&self, x: &[&Tensor<T>]) -> Tensor<T> {
        let data: [Vec<T>; N] = from_fn(|i| kernel::to_vec(x[i]));
        let (out, shape) = self
            .0
            .f
            .call(data.each_ref().map(Vec::as_slice))
            .into_parts();
        Tensor::fresh(out, &shape)
    }

    fn pulled(&self, x: &[Tensor<T>], g: &Tensor<T>) -> Result<Vec<Tensor<T>>, AutogradError> {
        let data: [Vec<T>; N] = from_fn(|i| kernel::to_vec(&x[i]));
        let pulled = self
            .0
            .vjp
            .call(data.each_ref().map(Vec::as_slice), &kernel::to_vec(g));
        self.shaped(pulled, x)
    }

    fn pulled_again(
        &self,
        x: &[Tensor<T>],
        g: &Tensor<T>,
        w: &[Tensor<T>],
    ) -> Result<(Vec<Tensor<T>>, Tensor<T>), AutogradError> {
        let data: [Vec<T>; N] = from_fn(|i| kernel::to_vec(&x[i]));
        let directions: [Vec<T>; N] = from_fn(|i| kernel::to_vec(&w[i]));
        let (to_x, to_g) = self.0.second.call(
            data.each_ref().map(Vec::as_slice),
            &kernel::to_vec(g),
            directions.each_ref().map(Vec::as_slice),
        );
        let to_g = self.shaped([to_g], std::slice::from_ref(g))?.remove(0);
        Ok((self.shaped(to_x, x)?, to_g))
    }

    fn twice(&self) -> bool {
        S::TWICE
    }
}

/// The second derivative of a function of slices, or that there is none: [`Hvp`], [`Weighted`] and [`Once`].
pub trait SecondOfSlices<T, const N: usize, R> {
    /// Whether there is one.
    const TWICE: bool;
    /// With `p(x, g)` the gradient of `<f(x), g>`: the gradients of `<p(x, g), direction>` with respect to `x` and `g`.
    /// Only called where there is one.
    fn call(&self, x: [&[T]; N], g: &[T], direction: [&[T]; N]) -> ([Vec<T>; N], Vec<T>);
}

impl<T, R, const N: usize> SecondOfSlices<T, N, R> for Once {
    const TWICE: bool = false;
    fn call(&self, _x: [&[T]; N], _g: &[T], _direction: [&[T]; N]) -> ([Vec<T>; N], Vec<T>) {
        unreachable!("the node is marked as differentiable once")
    }
}

impl<T: Float, H: SliceHvp<T, N>, const N: usize> SecondOfSlices<T, N, T> for Hvp<H> {
    const TWICE: bool = true;
    fn call(&self, x: [&[T]; N], g: &[T], direction: [&[T]; N]) -> ([Vec<T>; N], Vec<T>) {
        let [slopes, mut curved] = self.0.call(x, direction);
        let along = slopes.iter().zip(direction).map(|(slopes, direction)| {
            let terms = slopes.iter().zip(direction).map(|(&a, &b)| a * b);
            terms.fold(T::ZERO, |sum, term| sum + term)
        });
        let to_g = along.fold(T::ZERO, |sum, term| sum + term);
        for curved in &mut curved {
            curved.iter_mut().for_each(|v| *v = *v * g[0]);
        }
        (curved, vec![to_g])
    }
}

macro_rules! weighted {
    ($([$($generics:tt)*] $Result:ty;)*) => {$(
        impl<T: Float, H: WeightedHvp<T, N>, const N: usize, $($generics)*> SecondOfSlices<T, N, $Result> for Weighted<H> {
            const TWICE: bool = true;
            fn call(&self, x: [&[T]; N], g: &[T], direction: [&[T]; N]) -> ([Vec<T>; N], Vec<T>) {
                let [_, (curved, to_g)] = self.0.call(x, g, direction, &vec![T::ZERO; g.len()]);
                (curved, to_g)
            }
        }
    )*};
}

weighted! {
    [] Vec<T>;
    [const M: usize] [T; M];
}
