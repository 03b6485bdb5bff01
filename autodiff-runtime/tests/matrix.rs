//! Matrices index and refuse as they should.

use autodiff_runtime::Matrix;

#[test]
fn elements_stand_row_by_row() {
    let m = Matrix::from([[1, 2, 3], [4, 5, 6]]);
    for i in 0..m.rows() {
        for j in 0..m.cols() {
            assert_eq!(m[(i, j)], m.row(i)[j]);
            assert_eq!(m[(i, j)], m.as_slice()[i * m.cols() + j]);
        }
    }
    assert_eq!(m, Matrix::from_vec(2, 3, (1..=6).collect()));
    assert_ne!(m, Matrix::from_vec(3, 2, (1..=6).collect()));
}

#[test]
fn matrices_may_be_empty() {
    let m = Matrix::<f64>::zeros(2, 0);
    assert_eq!((m.rows(), m.cols(), m.row(1).len()), (2, 0, 0));
    assert_eq!(format!("{m:?}"), "[[], []]");
}

#[test]
#[should_panic(expected = "3 elements do not make a matrix of 2 rows and 2 columns")]
fn too_few_elements_make_no_matrix() {
    Matrix::from_vec(2, 2, vec![1.0, 2.0, 3.0]);
}

#[test]
#[should_panic(expected = "0 elements do not make a matrix")]
fn sizes_that_overflow_make_no_matrix() {
    Matrix::<f64>::from_vec(usize::MAX, 2, vec![]);
}

#[test]
#[should_panic(expected = "the element (0, 2) lies outside of 2 rows and 2 columns")]
fn a_column_beyond_the_last_is_not_the_next_row() {
    let _ = Matrix::from([[1, 2], [3, 4]])[(0, 2)];
}

#[test]
#[should_panic(expected = "row 2 lies outside of 2 rows")]
fn rows_end() {
    Matrix::from([[1, 2], [3, 4]]).row(2);
}

#[test]
#[should_panic(expected = "row 2 lies outside of 2 rows")]
fn rows_end_for_writing_even_without_columns() {
    Matrix::<f64>::zeros(2, 0).row_mut(2);
}
