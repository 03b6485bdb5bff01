//! Dense matrices: the Hessians and Jacobians whose size is known at run time only.

use alloc::{vec, vec::Vec};
use core::{
    fmt,
    ops::{Index, IndexMut},
};

/// A dense matrix, stored row by row.
///
/// ```
/// use autodiff_runtime::Matrix;
///
/// let mut m = Matrix::from_vec(2, 3, vec![1.0, 2.0, 3.0, 4.0, 5.0, 6.0]);
/// m[(0, 1)] *= 10.0;
/// assert_eq!(m.row(0), [1.0, 20.0, 3.0]);
/// assert_eq!((m.rows(), m.cols()), (2, 3));
/// assert_eq!(format!("{m:?}"), "[[1.0, 20.0, 3.0], [4.0, 5.0, 6.0]]");
/// ```
#[derive(Clone, PartialEq)]
pub struct Matrix<T> {
    rows: usize,
    cols: usize,
    /// The elements, row-major: `rows * cols` of them.
    elements: Vec<T>,
}

impl<T> Matrix<T> {
    /// The matrix with the given elements, row by row.
    ///
    /// ```
    /// use autodiff_runtime::Matrix;
    ///
    /// assert_eq!(Matrix::from_vec(2, 1, vec![1.0, 2.0])[(1, 0)], 2.0);
    /// ```
    ///
    /// # Panics
    ///
    /// When there are not `rows * cols` elements.
    #[track_caller]
    pub fn from_vec(rows: usize, cols: usize, elements: Vec<T>) -> Self {
        assert!(
            rows.checked_mul(cols) == Some(elements.len()),
            "{} elements do not make a matrix of {rows} rows and {cols} columns",
            elements.len(),
        );
        Matrix {
            rows,
            cols,
            elements,
        }
    }

    /// The matrix of zeros.
    ///
    /// ```
    /// use autodiff_runtime::Matrix;
    ///
    /// assert_eq!(Matrix::<f64>::zeros(2, 2), Matrix::from_vec(2, 2, vec![0.0; 4]));
    /// ```
    ///
    /// # Panics
    ///
    /// When `rows * cols` elements do not fit into memory.
    pub fn zeros(rows: usize, cols: usize) -> Self
    where
        T: num_traits::Zero + Clone,
    {
        let len = rows
            .checked_mul(cols)
            .expect("the number of elements exceeds the address space");
        Matrix {
            rows,
            cols,
            elements: vec![T::zero(); len],
        }
    }

    /// The number of rows.
    ///
    /// ```
    /// use autodiff_runtime::Matrix;
    ///
    /// assert_eq!(Matrix::<f64>::zeros(2, 3).rows(), 2);
    /// ```
    #[inline]
    pub fn rows(&self) -> usize {
        self.rows
    }

    /// The number of columns.
    ///
    /// ```
    /// use autodiff_runtime::Matrix;
    ///
    /// assert_eq!(Matrix::<f64>::zeros(2, 3).cols(), 3);
    /// ```
    #[inline]
    pub fn cols(&self) -> usize {
        self.cols
    }

    /// The elements of row `i`.
    ///
    /// ```
    /// use autodiff_runtime::Matrix;
    ///
    /// assert_eq!(Matrix::from_vec(2, 2, vec![1.0, 2.0, 3.0, 4.0]).row(1), [3.0, 4.0]);
    /// ```
    ///
    /// # Panics
    ///
    /// When there is no row `i`.
    #[inline]
    #[track_caller]
    pub fn row(&self, i: usize) -> &[T] {
        self.check_row(i);
        &self.elements[i * self.cols..][..self.cols]
    }

    /// The elements of row `i`, to be changed.
    ///
    /// ```
    /// use autodiff_runtime::Matrix;
    ///
    /// let mut m = Matrix::zeros(2, 2);
    /// m.row_mut(1).copy_from_slice(&[3.0, 4.0]);
    /// assert_eq!(m.as_slice(), [0.0, 0.0, 3.0, 4.0]);
    /// ```
    ///
    /// # Panics
    ///
    /// When there is no row `i`.
    #[inline]
    #[track_caller]
    pub fn row_mut(&mut self, i: usize) -> &mut [T] {
        self.check_row(i);
        &mut self.elements[i * self.cols..][..self.cols]
    }

    /// All elements, row by row.
    ///
    /// ```
    /// use autodiff_runtime::Matrix;
    ///
    /// assert_eq!(Matrix::from_vec(2, 1, vec![1.0, 2.0]).as_slice(), [1.0, 2.0]);
    /// ```
    #[inline]
    pub fn as_slice(&self) -> &[T] {
        &self.elements
    }

    /// All elements, row by row, to be changed.
    ///
    /// ```
    /// use autodiff_runtime::Matrix;
    ///
    /// let mut m = Matrix::zeros(1, 2);
    /// m.as_mut_slice()[1] = 5.0;
    /// assert_eq!(m[(0, 1)], 5.0);
    /// ```
    #[inline]
    pub fn as_mut_slice(&mut self) -> &mut [T] {
        &mut self.elements
    }

    /// All elements, row by row, without a copy.
    ///
    /// ```
    /// use autodiff_runtime::Matrix;
    ///
    /// assert_eq!(Matrix::<f64>::zeros(1, 2).into_vec(), vec![0.0, 0.0]);
    /// ```
    #[inline]
    pub fn into_vec(self) -> Vec<T> {
        self.elements
    }

    /// The place of an element in the row-major order.
    #[inline]
    #[track_caller]
    fn position(&self, (i, j): (usize, usize)) -> usize {
        assert!(
            i < self.rows && j < self.cols,
            "the element ({i}, {j}) lies outside of {} rows and {} columns",
            self.rows,
            self.cols,
        );
        i * self.cols + j
    }

    #[inline]
    #[track_caller]
    fn check_row(&self, i: usize) {
        assert!(i < self.rows, "row {i} lies outside of {} rows", self.rows);
    }
}

impl<T> Index<(usize, usize)> for Matrix<T> {
    type Output = T;

    #[inline]
    #[track_caller]
    fn index(&self, place: (usize, usize)) -> &T {
        &self.elements[self.position(place)]
    }
}

impl<T> IndexMut<(usize, usize)> for Matrix<T> {
    #[inline]
    #[track_caller]
    fn index_mut(&mut self, place: (usize, usize)) -> &mut T {
        let position = self.position(place);
        &mut self.elements[position]
    }
}

impl<T, const ROWS: usize, const COLS: usize> From<[[T; COLS]; ROWS]> for Matrix<T> {
    fn from(rows: [[T; COLS]; ROWS]) -> Self {
        Matrix {
            rows: ROWS,
            cols: COLS,
            elements: rows.into_iter().flatten().collect(),
        }
    }
}

impl<T: fmt::Debug> fmt::Debug for Matrix<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list()
            .entries((0..self.rows).map(|i| self.row(i)))
            .finish()
    }
}
