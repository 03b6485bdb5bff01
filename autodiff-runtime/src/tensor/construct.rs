//! Making tensors.

use rand_core::Rng;

use super::Tensor;
use super::element::{Element, Float, Number};
use super::shape::expect;
use super::storage::Buffer;
use crate::autograd::AutogradError;

/// What [`tensor`] takes: a number or truth value, and arrays and `Vec`s of what it takes.
///
/// ```
/// use autodiff_runtime::tensor;
///
/// assert_eq!(tensor(vec![[1, 2], [3, 4]]), tensor([vec![1, 2], vec![3, 4]]));
/// ```
pub trait Nested<T: Element> {
    /// Appends the shape, outermost dimension first, as the first elements have it.
    #[doc(hidden)]
    fn push_shape(&self, shape: &mut Vec<usize>);
    /// Appends the elements. `shape` is what remains of the whole shape, for comparison.
    #[doc(hidden)]
    fn push_elements(&self, shape: &[usize], elements: &mut Vec<T>) -> Result<(), AutogradError>;
}

impl<T: Element> Nested<T> for T {
    fn push_shape(&self, _shape: &mut Vec<usize>) {}

    fn push_elements(&self, _shape: &[usize], elements: &mut Vec<T>) -> Result<(), AutogradError> {
        elements.push(*self);
        Ok(())
    }
}

impl<T: Element, A: Nested<T>> Nested<T> for [A] {
    fn push_shape(&self, shape: &mut Vec<usize>) {
        shape.push(self.len());
        if let Some(first) = self.first() {
            first.push_shape(shape);
        }
    }

    fn push_elements(&self, shape: &[usize], elements: &mut Vec<T>) -> Result<(), AutogradError> {
        if self.len() != shape[0] {
            let message = format!(
                "rows of different lengths, {} and {}: a tensor is rectangular",
                shape[0],
                self.len()
            );
            return Err(AutogradError::shape("tensor", message));
        }
        self.iter()
            .try_for_each(|row| row.push_elements(&shape[1..], elements))
    }
}

impl<T: Element, A: Nested<T>, const N: usize> Nested<T> for [A; N] {
    fn push_shape(&self, shape: &mut Vec<usize>) {
        self.as_slice().push_shape(shape);
    }

    fn push_elements(&self, shape: &[usize], elements: &mut Vec<T>) -> Result<(), AutogradError> {
        self.as_slice().push_elements(shape, elements)
    }
}

impl<T: Element, A: Nested<T>> Nested<T> for Vec<A> {
    fn push_shape(&self, shape: &mut Vec<usize>) {
        self.as_slice().push_shape(shape);
    }

    fn push_elements(&self, shape: &[usize], elements: &mut Vec<T>) -> Result<(), AutogradError> {
        self.as_slice().push_elements(shape, elements)
    }
}

/// A tensor of a number, or of nested arrays or `Vec`s of numbers. Literals are `f64` or `i64`.
///
/// ```
/// use autodiff_runtime::tensor;
///
/// assert_eq!(tensor([[1.0, 2.0], [3.0, 4.0]]).shape(), [2, 2]);
/// assert_eq!(tensor(5.0).ndim(), 0);
/// assert_eq!(tensor(vec![1, 2, 3]).to_vec(), [1_i64, 2, 3]);
/// ```
///
/// # Panics
///
/// When rows have different lengths.
#[track_caller]
pub fn tensor<T: Element>(data: impl Nested<T>) -> Tensor<T> {
    expect(Tensor::try_new(data))
}

/// The number of elements of `shape`, unless that overflows.
pub(crate) fn elements(operation: &str, shape: &[usize]) -> Result<usize, AutogradError> {
    // Zeros count as ones here, so that strides do not overflow either.
    let bound = shape
        .iter()
        .try_fold(1_usize, |product, &size| product.checked_mul(size.max(1)));
    bound
        .filter(|&bound| isize::try_from(bound).is_ok())
        .ok_or_else(|| {
            AutogradError::shape(
                operation,
                format!("a tensor of shape {shape:?} has more elements than fit into memory"),
            )
        })?;
    Ok(shape.iter().product())
}

impl<T: Element> Tensor<T> {
    /// [`tensor`] with an error instead of a panic.
    ///
    /// ```
    /// use autodiff_runtime::Tensor;
    ///
    /// assert!(Tensor::try_new(vec![vec![1.0], vec![2.0, 3.0]]).is_err());
    /// ```
    ///
    /// # Errors
    ///
    /// When rows have different lengths.
    pub fn try_new(data: impl Nested<T>) -> Result<Self, AutogradError> {
        let mut shape = Vec::new();
        data.push_shape(&mut shape);
        let mut elements = Vec::new();
        data.push_elements(&shape, &mut elements)?;
        Ok(Self::fresh(elements, &shape))
    }

    /// A tensor of `shape` whose elements in row-major order are `data`.
    ///
    /// ```
    /// use autodiff_runtime::{Tensor, tensor};
    ///
    /// assert_eq!(Tensor::from_vec(vec![1, 2, 3, 4], &[2, 2])?, tensor([[1, 2], [3, 4]]));
    /// assert!(Tensor::from_vec(vec![1, 2, 3], &[2, 2]).is_err());
    /// # Ok::<(), autodiff_runtime::AutogradError>(())
    /// ```
    ///
    /// # Errors
    ///
    /// [`Shape`](AutogradError::Shape) unless there are as many elements as the shape has.
    pub fn from_vec(data: Vec<T>, shape: &[usize]) -> Result<Self, AutogradError> {
        let len = elements("from_vec", shape)?;
        if data.len() == len {
            return Ok(Self::fresh(data, shape));
        }
        Err(AutogradError::shape(
            "from_vec",
            format!(
                "{} elements do not fill a tensor of shape {shape:?}, which has {len}",
                data.len()
            ),
        ))
    }

    /// A tensor of `shape` with `value` everywhere.
    ///
    /// ```
    /// use autodiff_runtime::{Tensor, tensor};
    ///
    /// assert_eq!(Tensor::full(&[1, 2], 7.0), tensor([[7.0, 7.0]]));
    /// ```
    ///
    /// # Panics
    ///
    /// When so many elements do not fit into memory.
    #[track_caller]
    pub fn full(shape: &[usize], value: T) -> Self {
        expect(Self::try_full(shape, value))
    }

    /// [`full`](Self::full) with an error instead of a panic.
    ///
    /// # Errors
    ///
    /// When a tensor of the shape has more elements than memory could address. That memory is full is no error: the
    /// allocator then ends the program, as with a `Vec`.
    pub fn try_full(shape: &[usize], value: T) -> Result<Self, AutogradError> {
        let len = elements("full", shape)?;
        Ok(Self::fresh(Buffer::filled(len, value), shape))
    }

    /// A tensor of the shape of this one with `value` everywhere.
    ///
    /// ```
    /// use autodiff_runtime::tensor;
    ///
    /// assert_eq!(tensor([1, 2]).full_like(7), tensor([7, 7]));
    /// ```
    pub fn full_like(&self, value: T) -> Self {
        Self::full(self.shape(), value)
    }
}

impl<T: Number> Tensor<T> {
    /// A tensor of zeros.
    ///
    /// ```
    /// use autodiff_runtime::{Tensor, tensor};
    ///
    /// assert_eq!(Tensor::zeros(&[1, 2]), tensor([[0.0, 0.0]]));
    /// ```
    ///
    /// # Panics
    ///
    /// As [`full`](Self::full).
    #[track_caller]
    pub fn zeros(shape: &[usize]) -> Self {
        Self::full(shape, T::ZERO)
    }

    /// A tensor of ones.
    ///
    /// ```
    /// use autodiff_runtime::{Tensor, tensor};
    ///
    /// assert_eq!(Tensor::ones(&[1, 2]), tensor([[1.0, 1.0]]));
    /// ```
    ///
    /// # Panics
    ///
    /// As [`full`](Self::full).
    #[track_caller]
    pub fn ones(shape: &[usize]) -> Self {
        Self::full(shape, T::ONE)
    }

    /// Zeros of the shape of this tensor.
    ///
    /// ```
    /// use autodiff_runtime::tensor;
    ///
    /// assert_eq!(tensor([1, 2]).zeros_like(), tensor([0, 0]));
    /// ```
    pub fn zeros_like(&self) -> Self {
        Self::zeros(self.shape())
    }

    /// Ones of the shape of this tensor.
    ///
    /// ```
    /// use autodiff_runtime::tensor;
    ///
    /// assert_eq!(tensor([1, 2]).ones_like(), tensor([1, 1]));
    /// ```
    pub fn ones_like(&self) -> Self {
        Self::ones(self.shape())
    }

    /// The `n` by `n` identity matrix.
    ///
    /// ```
    /// use autodiff_runtime::{Tensor, tensor};
    ///
    /// assert_eq!(Tensor::eye(2), tensor([[1.0, 0.0], [0.0, 1.0]]));
    /// ```
    ///
    /// # Panics
    ///
    /// As [`full`](Self::full).
    #[track_caller]
    pub fn eye(n: usize) -> Self {
        let out = Self::zeros(&[n, n]);
        let mut data = out.to_vec();
        data.iter_mut().step_by(n + 1).for_each(|v| *v = T::ONE);
        Self::fresh(data, &[n, n])
    }

    /// The numbers from `start` up to but without `end`, `step` apart (or down, for a negative step).
    ///
    /// ```
    /// use autodiff_runtime::{Tensor, tensor};
    ///
    /// assert_eq!(Tensor::arange(0, 7, 3), tensor([0, 3, 6]));
    /// ```
    ///
    /// # Panics
    ///
    /// When `step` is zero or not a number, or there would be more elements than memory could address.
    #[track_caller]
    pub fn arange(start: T, end: T, step: T) -> Self {
        expect(Self::try_arange(start, end, step))
    }

    /// [`arange`](Self::arange) with an error instead of a panic.
    ///
    /// # Errors
    ///
    /// When `step` is zero or not a number, or there would be more elements than memory could address.
    pub fn try_arange(start: T, end: T, step: T) -> Result<Self, AutogradError> {
        let [from, to, by] = [start, end, step].map(Number::to_f64);
        let count = ((to - from) / by).ceil().max(0.0);
        if by == 0.0 || count.is_nan() || by.is_nan() {
            return Err(AutogradError::argument(format!(
                "arange: no numbers lead from {start} to {end} in steps of {step}"
            )));
        }
        let count = count as usize;
        elements("arange", &[count])?;
        let at = |i| T::plus(start, T::times(T::from_f64(i as f64), step));
        Ok(Self::fresh(
            (0..count).map(at).collect::<Vec<T>>(),
            &[count],
        ))
    }
}

impl<T: Float> Tensor<T> {
    /// `count` numbers evenly from `start` to `end`, both included.
    ///
    /// ```
    /// use autodiff_runtime::{Tensor, tensor};
    ///
    /// assert_eq!(Tensor::linspace(0.0, 1.0, 5), tensor([0.0, 0.25, 0.5, 0.75, 1.0]));
    /// ```
    ///
    /// # Panics
    ///
    /// As [`full`](Self::full).
    #[track_caller]
    pub fn linspace(start: T, end: T, count: usize) -> Self {
        expect(elements("linspace", &[count]));
        let last = count.saturating_sub(1);
        let step = (end - start) / T::from_f64(last.max(1) as f64);
        // The second half is reckoned from the end, so that the last number is exactly `end`.
        let at = |i: usize| {
            if 2 * i < count.max(2) {
                start + step * T::from_f64(i as f64)
            } else {
                end - step * T::from_f64((last - i) as f64)
            }
        };
        Self::fresh((0..count).map(at).collect::<Vec<T>>(), &[count])
    }

    /// Independent numbers, uniform between 0 (included) and 1 (excluded).
    ///
    /// ```
    /// use autodiff_runtime::Tensor;
    /// use rand::{SeedableRng, rngs::StdRng};
    ///
    /// let x = Tensor::<f64>::rand(&[2, 3], &mut StdRng::seed_from_u64(1));
    /// assert!(x.to_vec().iter().all(|v| (0.0..1.0).contains(v)));
    /// ```
    ///
    /// # Panics
    ///
    /// As [`full`](Self::full).
    #[track_caller]
    pub fn rand(shape: &[usize], rng: &mut impl Rng) -> Self {
        Self::generate(shape, || uniform(rng))
    }

    /// Independent numbers from the normal distribution of mean 0 and variance 1, by the method of Box and Muller
    /// (Annals of Mathematical Statistics 29, 1958).
    ///
    /// ```
    /// use autodiff_runtime::Tensor;
    /// use rand::{SeedableRng, rngs::StdRng};
    ///
    /// let x = Tensor::<f32>::randn(&[2, 3], &mut StdRng::seed_from_u64(1));
    /// let again = Tensor::<f32>::randn(&[2, 3], &mut StdRng::seed_from_u64(1));
    /// assert_eq!(x, again);
    /// ```
    ///
    /// # Panics
    ///
    /// As [`full`](Self::full).
    #[track_caller]
    pub fn randn(shape: &[usize], rng: &mut impl Rng) -> Self {
        let mut spare = None;
        Self::generate(shape, || {
            spare.take().unwrap_or_else(|| {
                let radius = (-2.0 * (1.0 - uniform(rng)).ln()).sqrt();
                let (sine, cosine) = (std::f64::consts::TAU * uniform(rng)).sin_cos();
                spare = Some(radius * sine);
                radius * cosine
            })
        })
    }

    fn generate(shape: &[usize], mut next: impl FnMut() -> f64) -> Self {
        let out = Self::zeros(shape);
        let data: Vec<T> = (0..out.len()).map(|_| T::from_f64(next())).collect();
        Self::fresh(data, shape)
    }
}

/// A number in `[0, 1)` from 53 random bits, or rounded down where `f32` would round it up to 1.
fn uniform(rng: &mut impl Rng) -> f64 {
    let exact = (rng.next_u64() >> 11) as f64 * (0.5_f64).powi(53);
    exact.min(1.0 - f64::from(f32::EPSILON) / 2.0)
}

impl<T: Element> From<Vec<T>> for Tensor<T> {
    fn from(data: Vec<T>) -> Self {
        let len = data.len();
        Self::fresh(data, &[len])
    }
}

impl<T: Element> From<&[T]> for Tensor<T> {
    fn from(data: &[T]) -> Self {
        data.to_vec().into()
    }
}

impl<T: Element, D: ndarray::Dimension> From<ndarray::Array<T, D>> for Tensor<T> {
    fn from(array: ndarray::Array<T, D>) -> Self {
        let shape = array.shape().to_vec();
        let data = if array.is_standard_layout() {
            // What was sliced off may still stand before and behind.
            let len = array.len();
            let (mut data, start) = array.into_raw_vec_and_offset();
            let start = start.unwrap_or_default();
            data.truncate(start + len);
            data.drain(..start);
            data
        } else {
            array.iter().copied().collect()
        };
        Self::fresh(data, &shape)
    }
}

impl<T: Element, D: ndarray::Dimension> From<ndarray::ArrayView<'_, T, D>> for Tensor<T> {
    /// A copy of the elements.
    fn from(array: ndarray::ArrayView<'_, T, D>) -> Self {
        Self::fresh(array.iter().copied().collect::<Vec<T>>(), array.shape())
    }
}

impl<T: Element> From<&Tensor<T>> for ndarray::ArrayD<T> {
    /// A copy of the elements, without the gradients.
    fn from(tensor: &Tensor<T>) -> Self {
        ndarray::ArrayD::from_shape_vec(tensor.shape(), tensor.to_vec())
            .expect("a tensor has as many elements as its shape")
    }
}

impl<T: Element> From<Tensor<T>> for ndarray::ArrayD<T> {
    /// A copy of the elements, without the gradients.
    fn from(tensor: Tensor<T>) -> Self {
        (&tensor).into()
    }
}

#[cfg(test)]
mod tests {
    use ndarray::{Array, ArrayD, Axis, Slice, array};

    use crate::{Tensor, tensor};

    #[test]
    fn arrays_become_tensors_and_tensors_arrays() {
        let x = array![[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]];
        let expected = tensor([[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]]);
        assert_eq!(Tensor::from(x.clone()), expected);
        assert_eq!(Tensor::from(x.view().reversed_axes()), expected.t());
        assert_eq!(Tensor::from(x.clone().reversed_axes()), expected.t());
        // Owned, in order, and a part of its memory.
        let rows = |start: isize, end: Option<isize>| {
            let mut part = x.clone();
            part.slice_axis_inplace(Axis(0), Slice::new(start, end, 1));
            part
        };
        let part = rows(1, None);
        assert_eq!(Tensor::from(part), tensor([[4.0, 5.0, 6.0]]));
        let first = rows(0, Some(1));
        assert_eq!(Tensor::from(first), tensor([[1.0, 2.0, 3.0]]));
        assert_eq!(ArrayD::from(&expected), x.clone().into_dyn());
        assert_eq!(ArrayD::from(expected.t()), x.reversed_axes().into_dyn());
        let empty = Array::<i64, _>::zeros((2, 0));
        assert_eq!(Tensor::from(empty).shape(), [2, 0]);
        assert_eq!(ArrayD::from(tensor(7)).ndim(), 0);
    }
}
