//! Rules that are functions: every function of the companion is that of a twin whose body is differentiated.

use autodiff::{Matrix, Workspace, differentiable};

#[differentiable(jvp = dot_jvp, vjp = dot_vjp, hvp = dot_hvp)]
fn dot(x: &[f64], n: usize, y: Vec<f64>) -> f64 {
    x[..n].iter().zip(&y).map(|(a, b)| a * b).sum()
}

fn dot_jvp(x: &[f64], n: usize, y: Vec<f64>, dx: &[f64], dy: &[f64]) -> (f64, f64) {
    let tangent = (0..n).map(|i| dx[i] * y[i] + x[i] * dy[i]).sum();
    (dot(x, n, y), tangent)
}

fn dot_vjp(x: &[f64], n: usize, y: Vec<f64>, dr: f64) -> (f64, (Vec<f64>, Vec<f64>)) {
    let (mut x_bar, mut y_bar) = (vec![0.0; x.len()], vec![0.0; y.len()]);
    for i in 0..n {
        x_bar[i] = y[i] * dr;
        y_bar[i] = x[i] * dr;
    }
    (dot(x, n, y), (x_bar, y_bar))
}

type Both = (Vec<f64>, Vec<f64>);

fn dot_hvp(x: &[f64], n: usize, y: Vec<f64>, dx: &[f64], dy: &[f64]) -> (Both, Both) {
    let (_, gradient) = dot_vjp(x, n, y.clone(), 1.0);
    let (_, product) = dot_vjp(dx, n, dy.to_vec(), 1.0);
    (gradient, product)
}

#[differentiable]
fn dot_twin(x: &[f64], n: usize, y: Vec<f64>) -> f64 {
    let mut total = 0.0;
    for i in 0..n {
        total += x[i] * y[i];
    }
    total
}

#[test]
fn slices_at_second_order() {
    let (x, y) = (&[1.0, 2.0, 3.0][..], vec![4.0, -5.0, 6.0, 7.0]);
    let (dx, dy) = (&[0.5, 0.25, 1.0][..], &[1.0, 2.0, 0.5, 8.0][..]);
    let y = || y.clone();
    assert_eq!(
        dot::jvp(x, 2, y(), dx, dy),
        dot_twin::jvp(x, 2, y(), dx, dy)
    );
    assert_eq!(dot::vjp(x, 2, y(), 3.0), dot_twin::vjp(x, 2, y(), 3.0));
    assert_eq!(dot::gradient(x, 3, y()), dot_twin::gradient(x, 3, y()));
    let both = dot_twin::value_and_gradient(x, 3, y());
    assert_eq!(dot::value_and_gradient(x, 3, y()), both);
    assert_eq!(
        dot::hvp(x, 2, y(), dx, dy),
        dot_twin::hvp(x, 2, y(), dx, dy)
    );
    let hessian: Matrix<f64> = dot::hessian(x, 2, y());
    assert_eq!(hessian, dot_twin::hessian(x, 2, y()));
    let all = dot::value_gradient_hessian(x, 2, y());
    assert_eq!(all, dot_twin::value_gradient_hessian(x, 2, y()));
    let (value, pullback) = dot::pullback(x, 2, y());
    assert_eq!(value, -6.0);
    assert_eq!(pullback(3.0), dot::vjp(x, 2, y(), 3.0).1);
    assert_eq!(pullback(1.0), dot::gradient(x, 2, y()));

    let workspace = &mut Workspace::new();
    let (mut x_bar, mut y_bar) = ([1.0; 3], [2.0; 4]);
    assert_eq!(dot::vjp_into(x, 2, y(), 3.0, &mut x_bar, &mut y_bar), -6.0);
    assert_eq!((x_bar, y_bar), ([13.0, -14.0, 1.0], [5.0, 8.0, 2.0, 2.0]));
    dot::vjp_into_with(workspace, x, 2, y(), -3.0, &mut x_bar, &mut y_bar);
    assert_eq!((x_bar, y_bar), ([1.0; 3], [2.0; 4]));
    assert_eq!(dot::gradient_into(x, 2, y(), &mut x_bar, &mut y_bar), -6.0);
    assert_eq!((x_bar, y_bar), ([4.0, -5.0, 0.0], [1.0, 2.0, 0.0, 0.0]));
    dot::gradient_into_with(workspace, x, 1, y(), &mut x_bar, &mut y_bar);
    assert_eq!((x_bar, y_bar), ([4.0, 0.0, 0.0], [1.0, 0.0, 0.0, 0.0]));
}

#[test]
#[should_panic(expected = "the direction or adjoint of `x` has length 2, but `x` has length 3")]
fn lengths_are_checked_ahead_of_the_rule() {
    dot::jvp(&[1.0; 3], 3, vec![1.0; 3], &[1.0; 2], &[1.0; 3]);
}

#[differentiable(jvp = short::jvp, vjp = short::vjp)]
fn shortened(x: &[f64]) -> f64 {
    x.iter().sum()
}

mod short {
    pub fn jvp(x: &[f64], dx: &[f64]) -> (f64, f64) {
        (super::shortened(x), super::shortened(dx))
    }

    /// Forgets the last adjoint.
    pub fn vjp(x: &[f64], dr: f64) -> (f64, Vec<f64>) {
        (super::shortened(x), vec![dr; x.len() - 1])
    }
}

#[test]
#[should_panic(expected = "the direction or adjoint of `x` has length 2, but `x` has length 3")]
fn adjoints_that_a_rule_hands_back_have_to_fit() {
    shortened::vjp_into(&[1.0; 3], 1.0, &mut [0.0; 3]);
}

#[differentiable(jvp = split_jvp, vjp = split_vjp)]
fn split(x: &[f64; 2], times: f64) -> (f64, [f64; 2], usize) {
    (x[0] * x[1], x.map(|x| x * times), x.len())
}

type Split = (f64, [f64; 2], usize);
type SplitTangent = (f64, [f64; 2], ());

fn split_jvp(x: &[f64; 2], times: f64, dx: &[f64; 2], dtimes: f64) -> (Split, SplitTangent) {
    let first = dx[0] * x[1] + x[0] * dx[1];
    let second = [0, 1].map(|i| dx[i] * times + x[i] * dtimes);
    (split(x, times), (first, second, ()))
}

fn split_vjp(
    x: &[f64; 2],
    times: f64,
    (first, second, ()): SplitTangent,
) -> (Split, ([f64; 2], f64)) {
    let x_bar = [0, 1].map(|i| first * x[1 - i] + second[i] * times);
    let times_bar = second[0] * x[0] + second[1] * x[1];
    (split(x, times), (x_bar, times_bar))
}

#[differentiable]
fn split_twin(x: &[f64; 2], times: f64) -> (f64, [f64; 2], usize) {
    (x[0] * x[1], [x[0] * times, x[1] * times], 2)
}

#[test]
fn tuples_with_parts_that_have_no_derivative() {
    let (x, dx, dr) = (&[2.0, 3.0], &[0.5, -1.0], (1.0, [2.0, 4.0], ()));
    assert_eq!(
        split::jvp(x, 5.0, dx, 0.25),
        split_twin::jvp(x, 5.0, dx, 0.25)
    );
    assert_eq!(split::vjp(x, 5.0, dr), split_twin::vjp(x, 5.0, dr));
    assert_eq!(split::pullback(x, 5.0).1(dr), split_twin::vjp(x, 5.0, dr).1);
    assert_eq!(split::jacobian(x, 5.0), split_twin::jacobian(x, 5.0));
    let (mut x_bar, mut times_bar) = ([1.0; 2], 1.0);
    split::vjp_into(x, 5.0, dr, &mut x_bar, &mut times_bar);
    let (mut x_twin, mut times_twin) = ([1.0; 2], 1.0);
    split_twin::vjp_into(x, 5.0, dr, &mut x_twin, &mut times_twin);
    assert_eq!((x_bar, times_bar), (x_twin, times_twin));
}

#[differentiable(jvp = step_jvp, vjp = step_vjp)]
fn step(x: &mut [f64], rate: f64) {
    for x in x {
        *x *= rate;
    }
}

fn step_jvp(x: &mut [f64], rate: f64, dx: &mut [f64], drate: f64) {
    for (x, dx) in x.iter_mut().zip(dx) {
        *dx = *dx * rate + *x * drate;
        *x *= rate;
    }
}

fn step_vjp(x: &mut [f64], rate: f64, x_bar: &mut [f64]) -> f64 {
    let mut rate_bar = 0.0;
    for (x, x_bar) in x.iter_mut().zip(x_bar) {
        rate_bar += *x * *x_bar;
        *x_bar *= rate;
        *x *= rate;
    }
    rate_bar
}

#[test]
fn parameters_that_are_input_and_output() {
    let (mut x, mut dx) = ([2.0, 3.0], [0.5, 0.0]);
    step::jvp(&mut x, 4.0, &mut dx, 1.0);
    assert_eq!((x, dx), ([8.0, 12.0], [4.0, 3.0]));
    let (mut x, mut x_bar) = ([2.0, 3.0], [1.0, 0.5]);
    assert_eq!(step::vjp(&mut x, 4.0, &mut x_bar), 3.5);
    assert_eq!((x, x_bar), ([8.0, 12.0], [4.0, 2.0]));
    let (mut x, mut x_bar, mut rate_bar) = ([2.0, 3.0], [1.0, 0.5], 10.0);
    step::vjp_into(&mut x, 4.0, &mut x_bar, &mut rate_bar);
    assert_eq!((x, x_bar, rate_bar), ([8.0, 12.0], [4.0, 2.0], 13.5));
}

#[differentiable(jvp = lookup_jvp, vjp = lookup_vjp)]
fn lookup<F: Fn(f64) -> f64 + Copy>(x: f64, table: &[[f64; 2]], f: F) -> Vec<f64> {
    table.iter().map(|[a, b]| f(*a) * x + b).collect()
}

fn lookup_jvp<F: Fn(f64) -> f64 + Copy>(
    x: f64,
    table: &[[f64; 2]],
    f: F,
    dx: f64,
    dtable: &[[f64; 2]],
) -> (Vec<f64>, Vec<f64>) {
    // The derivative of `f` is taken to be 1.
    let entry = |([a, _], [da, db]): (&[f64; 2], &[f64; 2])| da * x + f(*a) * dx + db;
    let tangent = table.iter().zip(dtable).map(entry).collect();
    (lookup(x, table, f), tangent)
}

fn lookup_vjp<F: Fn(f64) -> f64 + Copy>(
    x: f64,
    table: &[[f64; 2]],
    f: F,
    dr: &[f64],
) -> (Vec<f64>, (f64, Vec<[f64; 2]>)) {
    let x_bar = table.iter().zip(dr).map(|([a, _], dr)| f(*a) * dr).sum();
    let table_bar = dr.iter().map(|dr| [dr * x, *dr]).collect();
    (lookup(x, table, f), (x_bar, table_bar))
}

#[test]
fn lists_of_arrays_and_functions_as_parameters() {
    let (table, f) = (&[[1.0, 2.0], [3.0, 4.0]][..], |a: f64| a + 0.5);
    let (value, tangent) = lookup::jvp(2.0, table, f, 1.0, &[[1.0, 0.0], [0.0, 2.0]]);
    assert_eq!((value, tangent), (vec![5.0, 11.0], vec![3.5, 5.5]));
    let jacobian = lookup::jacobian(2.0, table, f);
    assert_eq!(jacobian.row(0), [1.5, 2.0, 1.0, 0.0, 0.0]);
    assert_eq!(jacobian.row(1), [3.5, 0.0, 0.0, 2.0, 1.0]);
    let (_, pullback) = lookup::pullback(2.0, table, f);
    assert_eq!(pullback(&[1.0, 0.0]), (1.5, vec![[2.0, 1.0], [0.0, 0.0]]));
    let (mut x_bar, mut table_bar) = (1.0, [[1.0; 2]; 2]);
    lookup::vjp_into(2.0, table, f, &[1.0, 2.0], &mut x_bar, &mut table_bar);
    assert_eq!((x_bar, table_bar), (9.5, [[3.0, 2.0], [5.0, 3.0]]));
}

/// Functions that may fail, and rules that do so where they do.
mod fallible {
    use autodiff::differentiable;

    #[differentiable(partials(reciprocal))]
    fn logarithm(x: f64) -> Option<f64> {
        (x > 0.0).then(|| x.ln())
    }

    /// Called where the function did not fail.
    #[differentiable]
    fn reciprocal(x: f64) -> f64 {
        assert!(x > 0.0);
        1.0 / x
    }

    #[differentiable(jvp = root_jvp, vjp = root_vjp, hvp = root_hvp)]
    fn root(x: &[f64]) -> Result<f64, String> {
        match x {
            [x] if *x >= 0.0 => Ok(x.sqrt()),
            _ => Err("no root".to_owned()),
        }
    }

    fn root_jvp(x: &[f64], dx: &[f64]) -> Result<(f64, f64), String> {
        let root = root(x)?;
        Ok((root, 0.5 * dx[0] / root))
    }

    fn root_vjp(x: &[f64], dr: f64) -> Result<(f64, Vec<f64>), String> {
        let root = root(x)?;
        Ok((root, vec![0.5 * dr / root]))
    }

    fn root_hvp(x: &[f64], dx: &[f64]) -> Result<(Vec<f64>, Vec<f64>), String> {
        let root = root(x)?;
        Ok((vec![0.5 / root], vec![-0.25 * dx[0] / root.powi(3)]))
    }

    #[test]
    fn results_come_in_the_wrapper() {
        assert_eq!(logarithm::jvp(1.0, 3.0), Some((0.0, 3.0)));
        assert_eq!(logarithm::vjp(2.0, 3.0), Some((2.0_f64.ln(), 1.5)));
        assert_eq!(logarithm::gradient(2.0), Some(0.5));
        assert_eq!(logarithm::hvp(2.0, 1.0), Some((0.5, -0.25)));
        assert_eq!(logarithm::hessian(2.0), Some([[-0.25]]));
        assert_eq!(logarithm::pullback(2.0).unwrap().1(3.0), 1.5);
        assert_eq!(logarithm::gradient_into(1.0, &mut 0.0), Some(0.0));
        assert!(logarithm::value_gradient_hessian(-1.0).is_none());
        assert!(logarithm::pullback(-1.0).is_none());

        assert_eq!(root::gradient(&[4.0]), Ok(vec![0.25]));
        assert_eq!(root::value_and_gradient(&[4.0]), Ok((2.0, vec![0.25])));
        assert_eq!(root::pullback(&[4.0]).unwrap().1(2.0), [0.5]);
        assert_eq!(root::hessian(&[4.0]).unwrap().as_slice(), [-0.03125]);
        let mut adjoint = [1.0];
        assert_eq!(root::vjp_into(&[4.0], 2.0, &mut adjoint), Ok(2.0));
        assert_eq!(adjoint, [1.5]);
        assert_eq!(
            root::vjp_into(&[-4.0], 2.0, &mut adjoint),
            Err("no root".to_owned())
        );
        assert!(root::pullback(&[]).is_err());
    }
}
