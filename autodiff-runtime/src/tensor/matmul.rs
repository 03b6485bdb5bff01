//! Products of matrices, on a tuned kernel.

use std::borrow::Cow;

use ndarray::{ArrayView2, ArrayViewMut2, ShapeBuilder};

use super::Tensor;
use super::dims::Dims;
use super::element::Float;
use super::elementwise::Arithmetic;
use super::layout::{Layout, broadcast_shapes};
use super::operators::arithmetic;
use super::shape::expect;
use super::storage::read_two;
use crate::autograd::{AutogradError, Keep, is_grad_enabled, record};

impl<T: Float> Tensor<T> {
    /// The product of matrices, with the conventions of NumPy and PyTorch: two vectors give their inner product, a
    /// vector counts as a row on the left and as a column on the right, and dimensions before the last two are a batch,
    /// stretched to a common shape.
    ///
    /// ```
    /// use autodiff_runtime::tensor;
    ///
    /// let a = tensor([[1.0, 2.0], [3.0, 4.0]]);
    /// assert_eq!(a.matmul(&tensor([1.0, 1.0])), tensor([3.0, 7.0]));
    /// assert_eq!(a.matmul(&a.t()), tensor([[5.0, 11.0], [11.0, 25.0]]));
    /// ```
    ///
    /// # Panics
    ///
    /// When the inner dimensions differ, the batches do not broadcast, or an operand is a single number.
    #[track_caller]
    pub fn matmul(&self, other: &Self) -> Self {
        expect(self.try_matmul(other))
    }

    /// [`matmul`](Self::matmul) with an error instead of a panic.
    ///
    /// # Errors
    ///
    /// When the inner dimensions differ, the batches do not broadcast, or an operand is a single number.
    pub fn try_matmul(&self, other: &Self) -> Result<Self, AutogradError> {
        let wrong = |why: &str| {
            AutogradError::shape(
                "matmul",
                format!(
                    "shapes {:?} and {:?} cannot be multiplied: {why}",
                    self.shape(),
                    other.shape()
                ),
            )
        };
        let (left, right) = (self.ndim(), other.ndim());
        if left == 0 || right == 0 {
            return Err(wrong("a single number multiplies by `*`"));
        }
        let rows = if left == 1 {
            self.unsqueeze(0)
        } else {
            self.clone()
        };
        let columns = if right == 1 {
            other.unsqueeze(1)
        } else {
            other.clone()
        };
        let (inner, expected) = (
            rows.shape()[rows.ndim() - 1],
            columns.shape()[columns.ndim() - 2],
        );
        if inner != expected {
            return Err(wrong(&format!(
                "the rows of the first have {inner} elements, the columns of the second {expected}"
            )));
        }
        if broadcast_shapes(
            &rows.shape()[..rows.ndim() - 2],
            &columns.shape()[..columns.ndim() - 2],
        )
        .is_err()
        {
            return Err(wrong("the dimensions before the last two do not broadcast"));
        }
        let product = product(&rows, &columns);
        let product = if right == 1 {
            product.squeeze(-1)
        } else {
            product
        };
        Ok(if left == 1 {
            product.squeeze(if right == 1 { -1 } else { -2 })
        } else {
            product
        })
    }

    /// The inner product of two vectors.
    ///
    /// ```
    /// use autodiff_runtime::tensor;
    ///
    /// assert_eq!(tensor([1.0, 2.0]).dot(&tensor([3.0, 4.0])), tensor(11.0));
    /// ```
    ///
    /// # Panics
    ///
    /// Unless both are vectors of one length.
    #[track_caller]
    pub fn dot(&self, other: &Self) -> Self {
        expect(self.try_dot(other))
    }

    /// [`dot`](Self::dot) with an error instead of a panic.
    ///
    /// # Errors
    ///
    /// Unless both are vectors of one length.
    pub fn try_dot(&self, other: &Self) -> Result<Self, AutogradError> {
        self.vectors("dot", other)?;
        self.try_matmul(other)
    }

    /// The matrix of all products of an element of this vector with one of `other`.
    ///
    /// ```
    /// use autodiff_runtime::tensor;
    ///
    /// assert_eq!(tensor([1.0, 2.0]).outer(&tensor([3.0, 4.0])), tensor([[3.0, 4.0], [6.0, 8.0]]));
    /// ```
    ///
    /// # Panics
    ///
    /// Unless both are vectors.
    #[track_caller]
    pub fn outer(&self, other: &Self) -> Self {
        expect(self.try_outer(other))
    }

    /// [`outer`](Self::outer) with an error instead of a panic.
    ///
    /// # Errors
    ///
    /// Unless both are vectors.
    pub fn try_outer(&self, other: &Self) -> Result<Self, AutogradError> {
        self.vectors("outer", other)?;
        self.try_unsqueeze(1)?.try_mul(&other.try_unsqueeze(0)?)
    }

    fn vectors(&self, operation: &str, other: &Self) -> Result<(), AutogradError> {
        if self.ndim() == 1 && other.ndim() == 1 {
            return Ok(());
        }
        let message = format!(
            "shapes {:?} and {:?} are not those of two vectors",
            self.shape(),
            other.shape()
        );
        Err(AutogradError::shape(operation, message))
    }

    /// `self weightᵀ + bias`: `weight` has one row for each feature of the result.
    ///
    /// ```
    /// use autodiff_runtime::tensor;
    ///
    /// let weight = tensor([[1.0, 2.0], [3.0, 4.0]]);
    /// assert_eq!(tensor([1.0, 1.0]).linear(&weight, Some(&tensor([0.5, 0.5]))), tensor([3.5, 7.5]));
    /// ```
    ///
    /// # Panics
    ///
    /// When the last dimension of this tensor is not as long as the rows of `weight`, or `bias` does not broadcast.
    #[track_caller]
    pub fn linear(&self, weight: &Self, bias: Option<&Self>) -> Self {
        expect(self.try_linear(weight, bias))
    }

    /// [`linear`](Self::linear) with an error instead of a panic.
    ///
    /// # Errors
    ///
    /// When the last dimension of this tensor is not as long as the rows of `weight`, or `bias` does not broadcast.
    pub fn try_linear(&self, weight: &Self, bias: Option<&Self>) -> Result<Self, AutogradError> {
        let product = self.try_matmul(&weight.t())?;
        match bias {
            Some(bias) => arithmetic("+", Arithmetic::Add, Cow::Owned(product), bias),
            None => Ok(product),
        }
    }
}

/// The product of operands of at least two dimensions that fit.
fn product<T: Float>(a: &Tensor<T>, b: &Tensor<T>) -> Tensor<T> {
    let batch = broadcast_shapes(&a.shape()[..a.ndim() - 2], &b.shape()[..b.ndim() - 2])
        .expect("the caller has compared the shapes");
    let (m, k, n) = (
        a.shape()[a.ndim() - 2],
        a.shape()[a.ndim() - 1],
        b.shape()[b.ndim() - 1],
    );
    let whole = |rows: usize, columns: usize| {
        batch
            .iter()
            .copied()
            .chain([rows, columns])
            .collect::<Dims>()
    };
    let stretched = |layout: &Layout, shape: &[usize]| {
        layout.broadcast_to(shape).expect("the batch broadcasts")
    };
    let (la, lb) = (
        stretched(a.layout(), &whole(m, k)),
        stretched(b.layout(), &whole(k, n)),
    );
    let shape = whole(m, n);
    let len = shape.iter().product();
    let mut out = if k > 0 {
        super::pool::take_filled(len)
    } else {
        vec![T::ZERO; len]
    };
    if !out.is_empty() && k > 0 {
        read_two(a.storage(), b.storage(), |x, y| {
            let mut matrices = out.chunks_mut(m * n);
            let (pa, pb) = (without_matrix(&la), without_matrix(&lb));
            super::layout::for_each_run(&batch, [&pa, &pb], |count, [i, j], [di, dj]| {
                for (c, out) in matrices.by_ref().take(count).enumerate() {
                    let first = matrix(x, i + c * di, m, k, &la);
                    let second = matrix(y, j + c * dj, k, n, &lb);
                    let mut out =
                        ArrayViewMut2::from_shape((m, n), out).expect("a chunk is one matrix");
                    T::gemm(first, second, &mut out);
                }
            });
        });
    }
    let shapes = [Dims::from(a.shape()), Dims::from(b.shape())];
    let keep = [
        if b.requires_grad() {
            Keep::Input(0)
        } else {
            Keep::Nothing
        },
        if a.requires_grad() {
            Keep::Input(1)
        } else {
            Keep::Nothing
        },
    ];
    // The gradient of an operand that was transposed is made as a transposed one, so that the transpose of that, which
    // goes on, lies in order again.
    let transposed = [&la, &lb].map(|layout| {
        let rows = layout.ndim() - 2;
        layout.strides[rows] == 1 && layout.strides[rows + 1] > 1
    });
    let name = if batch.is_empty() {
        "MmBackward"
    } else {
        "BmmBackward"
    };
    record(
        name,
        [a, b],
        keep,
        Tensor::fresh(out, &shape),
        move |cx, g| {
            // A gradient that repeats elements, as that of a sum does, is written out once for both products.
            let g = if !is_grad_enabled() && g.layout().overlaps_itself() {
                g.into_own_memory()
            } else {
                g
            };
            cx.give(0, || {
                oriented(&g, &cx.saved(1).t(), transposed[0]).sum_to(&shapes[0])
            });
            cx.give(1, || {
                oriented(&cx.saved(0).t(), &g, transposed[1]).sum_to(&shapes[1])
            });
        },
    )
}

/// The product, made as the transpose of a matrix in row-major order where `transposed`.
fn oriented<T: Float>(a: &Tensor<T>, b: &Tensor<T>, transposed: bool) -> Tensor<T> {
    if transposed {
        product(&b.t(), &a.t()).t()
    } else {
        product(a, b)
    }
}

/// The layout of the batch alone.
fn without_matrix(layout: &Layout) -> Layout {
    let batch = layout.ndim() - 2;
    Layout {
        shape: Dims::from(&layout.shape[..batch]),
        strides: Dims::from(&layout.strides[..batch]),
        offset: layout.offset,
    }
}

/// One matrix of a batch as the kernel takes it.
fn matrix<'a, T: Float>(
    data: &'a [T],
    start: usize,
    rows: usize,
    columns: usize,
    layout: &Layout,
) -> ArrayView2<'a, T> {
    let strides = (
        layout.strides[layout.ndim() - 2],
        layout.strides[layout.ndim() - 1],
    );
    ArrayView2::from_shape((rows, columns).strides(strides), &data[start..])
        .expect("a tensor's layout stays inside its storage")
}
