//! Products of matrices by the kernels of the crate `gemm`, which are for AVX-512 too. They are reached through `faer`,
//! whose interface is safe.

use faer::linalg::matmul::matmul;
use faer::traits::ComplexField;
use faer::{Accum, MatMut, MatRef, Par};
use ndarray::{ArrayView2, ArrayViewMut2};

/// `c = a b`.
pub(crate) fn multiply<T: ComplexField + Copy>(
    a: ArrayView2<'_, T>,
    b: ArrayView2<'_, T>,
    c: &mut ArrayViewMut2<'_, T>,
) {
    let (rows, columns) = c.dim();
    let out = c.as_slice_mut().expect("the result is contiguous");
    with_matrix(a, |a| {
        with_matrix(b, |b| {
            let out = MatMut::from_row_major_slice_mut(out, rows, columns);
            matmul(out, Accum::Replace, a, b, T::one_impl(), Par::Seq);
        });
    });
}

/// The elements as `faer` takes them: in rows or in columns that follow each other. Others are copied.
fn with_matrix<T: Copy, R>(x: ArrayView2<'_, T>, body: impl FnOnce(MatRef<'_, T>) -> R) -> R {
    let (rows, columns) = x.dim();
    if let Some(slice) = x.to_slice() {
        return body(MatRef::from_row_major_slice(slice, rows, columns));
    }
    if let Some(slice) = x.t().to_slice() {
        return body(MatRef::from_column_major_slice(slice, rows, columns));
    }
    let copied: Vec<T> = x.iter().copied().collect();
    body(MatRef::from_row_major_slice(&copied, rows, columns))
}

#[cfg(test)]
mod tests {
    use crate::{Tensor, tensor};

    /// Sums of products in the order of their definition.
    fn plain(a: &Tensor, b: &Tensor) -> Tensor {
        let (rows, inner, columns) = (a.shape()[0], a.shape()[1], b.shape()[1]);
        let entry = |i: usize, j: usize| -> f64 {
            let terms = (0..inner).map(|k| a.get(&[i, k]).unwrap() * b.get(&[k, j]).unwrap());
            terms.sum()
        };
        let all = (0..rows * columns).map(|at| entry(at / columns, at % columns));
        Tensor::from_vec(all.collect(), &[rows, columns]).unwrap()
    }

    #[test]
    fn products_of_matrices_in_rows_in_columns_and_in_neither() {
        let numbers = |rows: isize, columns: isize| {
            Tensor::linspace(-1.0, 2.0, (rows * columns) as usize)
                .sin()
                .reshape(&[rows, columns])
        };
        let (a, b) = (numbers(17, 40), numbers(40, 23));
        for a in [
            a.clone(),
            a.t().contiguous().t(),
            numbers(34, 80).slice(0, 0, 34, 2).slice(1, 0, 80, 2),
        ] {
            for b in [
                b.clone(),
                b.t().contiguous().t(),
                numbers(1, 23).broadcast_to(&[40, 23]),
            ] {
                let difference = (a.matmul(&b) - plain(&a, &b)).abs().max().item();
                assert!(difference < 1e-12, "{difference}");
            }
        }
        assert_eq!(
            tensor([[2.0_f32]]).matmul(&tensor([[3.0_f32]])),
            tensor([[6.0_f32]])
        );
    }
}
