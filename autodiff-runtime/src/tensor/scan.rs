//! Running sums.

use super::element::Number;
use super::shape::{dimension, expect};
use super::{Tensor, kernel};
use crate::autograd::{AutogradError, record};

/// The sizes before, of and behind a dimension: elements along it lie `behind` apart.
pub(crate) fn around(shape: &[usize], dim: usize) -> [usize; 3] {
    [
        shape[..dim].iter().product(),
        shape[dim],
        shape[dim + 1..].iter().product(),
    ]
}

impl<T: Number> Tensor<T> {
    /// The running sums along `dim`.
    ///
    /// ```
    /// use autodiff_runtime::tensor;
    ///
    /// assert_eq!(tensor([[1, 2, 3]]).cumsum(1), tensor([[1, 3, 6]]));
    /// ```
    ///
    /// # Panics
    ///
    /// When there is no such dimension.
    #[track_caller]
    pub fn cumsum(&self, dim: isize) -> Self {
        expect(self.try_cumsum(dim))
    }

    /// [`cumsum`](Self::cumsum) with an error instead of a panic.
    ///
    /// # Errors
    ///
    /// When there is no such dimension.
    pub fn try_cumsum(&self, dim: isize) -> Result<Self, AutogradError> {
        let dim = dimension("cumsum", dim, self.ndim())?;
        Ok(self.running_sum(dim, false))
    }

    /// The running sums along a dimension, from its end with `backwards`: the transposes of each other.
    fn running_sum(&self, dim: usize, backwards: bool) -> Self {
        let [before, size, behind] = around(self.shape(), dim);
        let mut data = kernel::to_vec(self);
        for outer in 0..before {
            let block = &mut data[outer * size * behind..(outer + 1) * size * behind];
            for step in 1..size {
                let (to, from) = if backwards {
                    (size - 1 - step, size - step)
                } else {
                    (step, step - 1)
                };
                for k in 0..behind {
                    block[to * behind + k] =
                        T::plus(block[to * behind + k], block[from * behind + k]);
                }
            }
        }
        record(
            "CumsumBackward",
            [self],
            [],
            Self::fresh(data, self.shape()),
            move |cx, g| cx.give(0, || g.running_sum(dim, !backwards)),
        )
    }
}
