//! Traits in scope, or none: which methods there are is the user's business.

use crate::check;

/// No prelude, so that no trait of std is in scope.
#[no_implicit_prelude]
mod without_prelude {
    #[::autodiff::differentiable]
    pub(super) fn scalar(x: &[f64], c: f64, n: usize) -> f64 {
        let mut y = c;
        for i in 0..n {
            let mut j = 0;
            while j < i {
                y = y * y * 0.5 + x[j];
                j += 1;
            }
            y += x[i].sin();
        }
        y
    }

    #[::autodiff::differentiable]
    pub(super) fn in_out(x: &mut [f64], y: [f64; 2]) -> (f64, [f64; 2]) {
        let mut w = ::std::vec![0.0; x.len()];
        for i in 0..x.len() {
            w[i] = x[i] * y[0];
            x[i] = w[i].max(y[1]).abs();
        }
        (w[0], y)
    }

    #[::autodiff::differentiable]
    pub(super) fn nested(x: &[::std::vec::Vec<f64>], y: &[[f64; 2]]) -> ::std::vec::Vec<f64> {
        let mut w = ::std::vec![0.0; y.len()];
        for i in 0..w.len() {
            w[i] = x[i][0] * y[i][0] * y[i][1].mul_add(2.0, 1.0).hypot(0.5).powi(3);
        }
        w
    }
}

/// Traits with methods named like those that generated code calls.
mod with_traits {
    pub(super) trait ByValue: Sized {
        fn sin(self) {}
        fn cos(self) {}
        fn abs(self) {}
        fn mul_add(self) {}
        fn max(self) {}
        fn rev(self) {}
        fn step_by(self) {}
        fn sum(self) {}
        fn is_nan(self) {}
        fn saturating_sub(self) {}
        fn from(self) {}
        fn into(self) {}
        fn clone(&self) {}
    }
    impl ByValue for f64 {}
    impl ByValue for usize {}
    impl ByValue for std::ops::Range<usize> {}
    impl<T> ByValue for Vec<T> {}
    impl<T, const N: usize> ByValue for [T; N] {}

    pub(super) trait ByReference {
        fn len(&self) {}
        fn iter(&self) {}
        fn to_vec(&self) {}
        fn as_chunks(&self) {}
        fn iter_mut(&mut self) {}
        fn fill(&mut self) {}
        fn push(&mut self) {}
        fn pop(&mut self) {}
        fn resize(&mut self) {}
        fn clear(&mut self) {}
        fn swap(&mut self) {}
    }
    impl<T> ByReference for [T] {}
    impl<T> ByReference for Vec<T> {}
    impl<T, const N: usize> ByReference for [T; N] {}

    #[autodiff::differentiable]
    pub(super) fn scalar(x: &[f64], c: f64, n: usize) -> f64 {
        let mut y = c;
        for i in 0..n {
            let mut j = 0;
            while j < i {
                y = y * y * 0.5 + x[j];
                j += 1;
            }
            y += x[i].sin().max(0.01);
        }
        y
    }

    #[autodiff::differentiable]
    pub(super) fn nested(x: &[Vec<f64>], y: [[f64; 2]; 2], z: &[[f64; 2]]) -> f64 {
        let mut s = 0.0;
        for i in 0..x.len() {
            s += x[i][0] * y[0][1] * z[i][0] * z[i][1];
        }
        s
    }

    #[autodiff::differentiable]
    pub(super) fn in_out(x: &mut [f64], y: [f64; 2]) -> [f64; 2] {
        for i in 0..x.len() {
            x[i] *= y[0];
        }
        [y[0] * y[1], y[1]]
    }
}

#[test]
fn methods_are_those_of_std() {
    let x = [0.3, 0.2, 0.1];
    check(
        |c| without_prelude::scalar(&x, c, 3),
        0.4,
        without_prelude::scalar::gradient(&x, 0.4, 3).1,
    );
    check(
        |c| with_traits::scalar(&x, c, 3),
        0.4,
        with_traits::scalar::gradient(&x, 0.4, 3).1,
    );
    let hessian = without_prelude::scalar::hessian(&x, 0.4, 3);
    check(
        |c| without_prelude::scalar::gradient(&x, c, 3).1,
        0.4,
        hessian[(3, 3)],
    );
    let (mut x, mut x_bar) = ([2.0, 3.0], [1.0, 0.0]);
    let (_, y_bar) = without_prelude::in_out::vjp(&mut x, [5.0, 7.0], (0.0, [0.0; 2]), &mut x_bar);
    assert_eq!((x_bar, y_bar), ([5.0, 0.0], [2.0, 0.0]));
    let rows = [vec![2.0], vec![3.0]];
    let columns = [[1.0, 0.5], [2.0, 1.5]];
    let jacobian = without_prelude::nested::jacobian(&rows, &columns);
    check(
        |x| without_prelude::nested(&[vec![x], vec![3.0]], &columns)[0],
        2.0,
        jacobian[(0, 0)],
    );
    let (x_bar, _, _) = with_traits::nested::gradient(&rows, columns, &columns);
    assert_eq!(x_bar, [[0.25], [1.5]]);
    let (mut x, mut x_bar) = ([2.0, 3.0], [1.0, 1.0]);
    let (_, y_bar) = with_traits::in_out::vjp(&mut x, [5.0, 7.0], [1.0, 0.0], &mut x_bar);
    assert_eq!((x_bar, y_bar), ([5.0, 5.0], [12.0, 5.0]));
}
