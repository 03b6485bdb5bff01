//! Windows that slide over positions: convolutions and pooling.
//!
//! All windows of a tensor are one view of it, with strides that overlap, so a convolution is a matrix product and a
//! pooling a reduction, whose derivatives follow.

use super::Tensor;
use super::dims::Dims;
use super::element::Float;
use super::layout::Layout;
use super::shape::expect;
use crate::autograd::AutogradError;

/// Puts a dimension of `size` behind all others for the windows along `dim`, `step` apart.
fn slide(layout: &Layout, dim: usize, size: usize, step: usize) -> Layout {
    let mut view = layout.clone();
    let stride = layout.strides[dim];
    view.shape[dim] = (layout.shape[dim] - size) / step + 1;
    view.strides[dim] = stride * step;
    let last = layout.ndim();
    Layout {
        shape: view.shape.with(last, size),
        strides: view.strides.with(last, stride),
        offset: view.offset,
    }
}

impl<T: Float> Tensor<T> {
    /// All windows of `size` positions along dimension `dim`, `step` apart, as a view: the dimension counts the windows,
    /// and a last dimension is put behind all others for the positions in a window.
    ///
    /// ```
    /// use autodiff_runtime::tensor;
    ///
    /// assert_eq!(tensor([1.0, 2.0, 3.0]).unfold(0, 2, 1), tensor([[1.0, 2.0], [2.0, 3.0]]));
    /// ```
    ///
    /// # Panics
    ///
    /// When there is no such dimension, it is shorter than a window, or `size` or `step` is zero.
    #[track_caller]
    pub fn unfold(&self, dim: isize, size: usize, step: usize) -> Self {
        expect(self.try_unfold(dim, size, step))
    }

    /// [`unfold`](Self::unfold) with an error instead of a panic.
    ///
    /// # Errors
    ///
    /// When there is no such dimension, it is shorter than a window, or `size` or `step` is zero.
    pub fn try_unfold(&self, dim: isize, size: usize, step: usize) -> Result<Self, AutogradError> {
        let dim = super::shape::dimension("unfold", dim, self.ndim())?;
        if size == 0 || step == 0 || self.shape()[dim] < size {
            let message = format!(
                "windows of size {size} and step {step} along dimension {dim} of shape {:?}",
                self.shape()
            );
            return Err(AutogradError::shape("unfold", message));
        }
        // A longer step leads out of the tensor as well, and cannot overflow.
        let step = step.min(self.shape()[dim]);
        Ok(self.part(
            "UnfoldBackward",
            slide(self.layout(), dim, size, step),
            move |whole| slide(whole, dim, size, step),
        ))
    }

    /// The cross-correlation of signals `[batch, channels, length]` with kernels `[features, channels, size]`, one number
    /// of `bias` added for each feature: `[batch, features, positions]`. `padding` zeros are put at both ends, and
    /// positions are `stride` apart.
    ///
    /// ```
    /// use autodiff_runtime::tensor;
    ///
    /// let signal = tensor([[[1.0, 2.0, 3.0, 4.0]]]);
    /// let kernel = tensor([[[1.0, -1.0]]]);
    /// assert_eq!(signal.conv1d(&kernel, None, 1, 0)?, tensor([[[-1.0, -1.0, -1.0]]]));
    /// # Ok::<(), autodiff_runtime::AutogradError>(())
    /// ```
    ///
    /// # Errors
    ///
    /// When the shapes do not fit, or the padded signal is shorter than a kernel.
    pub fn conv1d(
        &self,
        weight: &Self,
        bias: Option<&Self>,
        stride: usize,
        padding: usize,
    ) -> Result<Self, AutogradError> {
        self.correlated::<1>("conv1d", weight, bias, [stride], [padding])
    }

    /// The cross-correlation of images `[batch, channels, height, width]` with kernels
    /// `[features, channels, height, width]`: `[batch, features, rows, columns]`. As [`conv1d`](Self::conv1d) otherwise.
    ///
    /// ```
    /// use autodiff_runtime::tensor;
    ///
    /// let image = tensor([[[[1.0, 2.0], [3.0, 4.0]]]]);
    /// let kernel = tensor([[[[1.0, 0.0], [0.0, -1.0]]]]);
    /// assert_eq!(image.conv2d(&kernel, None, [1, 1], [0, 0])?, tensor([[[[-3.0]]]]));
    /// # Ok::<(), autodiff_runtime::AutogradError>(())
    /// ```
    ///
    /// # Errors
    ///
    /// When the shapes do not fit, or a padded image is smaller than a kernel.
    pub fn conv2d(
        &self,
        weight: &Self,
        bias: Option<&Self>,
        stride: [usize; 2],
        padding: [usize; 2],
    ) -> Result<Self, AutogradError> {
        self.correlated::<2>("conv2d", weight, bias, stride, padding)
    }

    fn correlated<const D: usize>(
        &self,
        operation: &str,
        weight: &Self,
        bias: Option<&Self>,
        stride: [usize; D],
        padding: [usize; D],
    ) -> Result<Self, AutogradError> {
        let (shape, kernels) = (self.shape(), weight.shape());
        let fits = shape.len() == D + 2 && kernels.len() == D + 2 && shape[1] == kernels[1];
        let fits = fits && bias.is_none_or(|bias| bias.shape() == &kernels[..1]);
        if !fits {
            let message = format!(
                "inputs of shape {shape:?}, kernels of shape {kernels:?}, bias of shape {:?}: expected [batch, channels, ..], \
                 [features, channels, ..] and [features], {} dimensions in the first two",
                bias.map(Self::shape),
                D + 2
            );
            return Err(AutogradError::shape(operation, message));
        }
        let mut widths = vec![(0, 0); 2];
        widths.extend(padding.iter().map(|&p| (p, p)));
        let mut windows = if padding == [0; D] {
            self.share()
        } else {
            self.try_pad(&widths)?
        };
        for d in 0..D {
            windows = windows.try_unfold(d as isize + 2, kernels[d + 2], stride[d])?;
        }
        // Windows [batch, channels, positions.., sizes..] become a matrix with a row for each batch and position.
        let positions = Dims::from(&windows.shape()[2..2 + D]);
        let order: Vec<isize> = [0]
            .into_iter()
            .chain(2..2 + D as isize)
            .chain([1])
            .chain(2 + D as isize..2 + 2 * D as isize)
            .collect();
        let depth: usize = kernels[1..].iter().product();
        let rows = windows.permute(&order).reshaped(
            "ReshapeBackward",
            &[shape[0] * positions.iter().product::<usize>(), depth],
        );
        let columns = weight.reshaped("ReshapeBackward", &[kernels[0], depth]);
        let product = rows.linear(&columns, bias);
        let whole: Dims = [shape[0]]
            .into_iter()
            .chain(positions.iter().copied())
            .chain([kernels[0]])
            .collect();
        let back: Vec<isize> = [0, D as isize + 1]
            .into_iter()
            .chain(1..=D as isize)
            .collect();
        Ok(product.reshaped("ReshapeBackward", &whole).permute(&back))
    }

    /// The greatest element of each window of `size` in the last two dimensions, `stride` apart; the first one among
    /// equals gets the gradient.
    ///
    /// ```
    /// use autodiff_runtime::tensor;
    ///
    /// assert_eq!(tensor([[1.0, 2.0], [3.0, 4.0]]).max_pool2d([2, 1], [1, 1])?, tensor([[3.0, 4.0]]));
    /// # Ok::<(), autodiff_runtime::AutogradError>(())
    /// ```
    ///
    /// # Errors
    ///
    /// When there are fewer than two dimensions, or they are smaller than a window.
    pub fn max_pool2d(&self, size: [usize; 2], stride: [usize; 2]) -> Result<Self, AutogradError> {
        Ok(self
            .pooled("max_pool2d", size, stride)?
            .max_dim(-1, false)
            .0)
    }

    /// The mean of each window of `size` in the last two dimensions, `stride` apart.
    ///
    /// ```
    /// use autodiff_runtime::tensor;
    ///
    /// assert_eq!(tensor([[1.0, 2.0], [3.0, 4.0]]).avg_pool2d([1, 2], [1, 1])?, tensor([[1.5], [3.5]]));
    /// # Ok::<(), autodiff_runtime::AutogradError>(())
    /// ```
    ///
    /// # Errors
    ///
    /// When there are fewer than two dimensions, or they are smaller than a window.
    pub fn avg_pool2d(&self, size: [usize; 2], stride: [usize; 2]) -> Result<Self, AutogradError> {
        self.pooled("avg_pool2d", size, stride)?
            .try_mean_dims(&[-1], false)
    }

    /// The windows of the last two dimensions, with their positions in one last dimension.
    fn pooled(
        &self,
        operation: &str,
        size: [usize; 2],
        stride: [usize; 2],
    ) -> Result<Self, AutogradError> {
        let n = self.ndim();
        if n < 2 {
            return Err(AutogradError::shape(
                operation,
                format!(
                    "a tensor of shape {:?} has no rows and columns",
                    self.shape()
                ),
            ));
        }
        let windows = self
            .try_unfold(n as isize - 2, size[0], stride[0])?
            .try_unfold(n as isize - 1, size[1], stride[1])?;
        let shape: Dims = windows.shape()[..n]
            .iter()
            .copied()
            .chain([size[0] * size[1]])
            .collect();
        Ok(windows.reshaped("ReshapeBackward", &shape))
    }
}
