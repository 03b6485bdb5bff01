//! The operations on slices: every function of every companion, against dual numbers, differences and each other.

#[path = "ops/harness.rs"]
mod harness;
#[path = "ops/reference.rs"]
mod reference;

use autodiff_runtime::{Workspace, ops};
use harness::{More, Numbers, Operation, Scalar, Uniform, narrow, operation};

fn vector(seed: u64, len: usize) -> Vec<f64> {
    Numbers(seed).vector(len)
}

/// A matrix that is far from singular.
fn regular(n: usize) -> Vec<f64> {
    let mut a = vector(1, n * n);
    (0..n).for_each(|i| a[i * n + i] += 3.0);
    a
}

const LENGTHS: [usize; 6] = [1, 2, 3, 8, 9, 23];

#[test]
fn functions_of_one_vector() {
    let operations = [
        operation!(scalar sum(x dx;)),
        operation!(scalar mean(x dx;)),
        operation!(scalar norm(x dx;)),
        operation!(scalar norm_squared(x dx;)),
        operation!(scalar logsumexp(x dx;)),
        operation!(scalar max(x dx;)),
        operation!(scalar min(x dx;)),
        operation!(vector cumsum(x dx;)),
        operation!(vector softmax(x dx;)),
        operation!(vector log_softmax(x dx;)),
    ];
    for operation in operations {
        for len in LENGTHS {
            operation.check(vec![vector(1, len)], &[]);
            let far: Vec<f64> = vector(2, len).iter().map(|x| 20.0 * x).collect();
            operation.check(vec![far], &[]);
        }
    }
}

#[test]
fn functions_of_nothing() {
    let none = vec![vec![]];
    operation!(scalar sum(x dx;)).check(none.clone(), &[]);
    operation!(scalar norm_squared(x dx;)).check(none.clone(), &[]);
    operation!(vector cumsum(x dx;)).check(none.clone(), &[]);
    operation!(vector softmax(x dx;)).check(none.clone(), &[]);
    operation!(vector log_softmax(x dx;)).check(none, &[]);
    operation!(scalar dot(a da, b db;)).check(vec![vec![]; 2], &[]);
    operation!(vector outer(x dx, y dy;)).check(vec![vec![], vec![1.0]], &[]);
    operation!(vector outer(x dx, y dy;)).check(vec![vec![1.0], vec![]], &[]);
    operation!(vector matvec(a da, x dx; rows)).check(vec![vec![], vec![]], &[3]);
    operation!(vector matvec(a da, x dx; rows)).check(vec![vec![], vec![1.0]], &[0]);
    operation!(vector solve(a da, b db;)).check(vec![vec![]; 2], &[]);
    operation!(vector cholesky(a da; n)).check(vec![vec![]], &[0]);
    operation!(scalar det(a da; n)).check(vec![vec![]], &[0]);
    operation!(scalar logdet(a da; n)).check(vec![vec![]], &[0]);
    assert!(ops::mean::<f64>(&[]).is_nan());
    assert_eq!(ops::mean::gradient::<f64>(&[]), []);
    assert_eq!(ops::norm::<f64>(&[]), 0.0);
    assert_eq!(ops::logsumexp::<f64>(&[]), f64::NEG_INFINITY);
    assert_eq!(ops::logsumexp::gradient::<f64>(&[]), []);
}

#[test]
fn functions_of_two_vectors() {
    for len in LENGTHS {
        operation!(scalar dot(a da, b db;)).check(vec![vector(1, len), vector(2, len)], &[]);
        for other in LENGTHS {
            let operands = || vec![vector(1, len), vector(2, other)];
            operation!(vector outer(x dx, y dy;)).check(operands(), &[]);
            if other <= len {
                operation!(vector conv1d(x dx, kernel dkernel;)).check(operands(), &[]);
            }
        }
    }
}

#[test]
fn products_of_matrices() {
    for m in [1, 2, 5] {
        for k in [0, 1, 3, 9] {
            let a = vector(1, m * k);
            operation!(vector matvec(a da, x dx; rows)).check(vec![a.clone(), vector(2, k)], &[m]);
            for n in [0, 1, 4] {
                operation!(vector matmul(a da, b db; m, k, n))
                    .check(vec![a.clone(), vector(2, k * n)], &[m, k, n]);
            }
        }
    }
}

/// Beyond the size from which the tuned kernel is used.
#[test]
fn large_products_of_matrices() {
    let (m, k, n) = (18, 17, 19);
    let (a, b) = (vector(1, m * k), vector(2, k * n));
    let r = vector(3, m * n);
    let (product, (a_bar, b_bar)) = ops::matmul::vjp(&a, &b, m, k, n, &r);
    let sum = |terms: &mut dyn Iterator<Item = f64>| terms.sum::<f64>();
    let assert_entry = |found: f64, expected: f64| {
        assert!(
            (found - expected).abs() < 1e-12,
            "{found} is not {expected}"
        );
    };
    for i in 0..m {
        for j in 0..n {
            let expected = sum(&mut (0..k).map(|l| a[i * k + l] * b[l * n + j]));
            assert_entry(product[i * n + j], expected);
        }
        for l in 0..k {
            let expected = sum(&mut (0..n).map(|j| r[i * n + j] * b[l * n + j]));
            assert_entry(a_bar[i * k + l], expected);
        }
    }
    for l in 0..k {
        for j in 0..n {
            let expected = sum(&mut (0..m).map(|i| a[i * k + l] * r[i * n + j]));
            assert_entry(b_bar[l * n + j], expected);
        }
    }
}

#[test]
fn linear_algebra() {
    for n in [1, 2, 3, 5] {
        operation!(vector solve(a da, b db;)).check(vec![regular(n), vector(2, n)], &[]);
        operation!(scalar logdet(a da; n)).check(vec![regular(n)], &[n]);
        operation!(scalar det(a da; n)).check(vec![regular(n)], &[n]);
        operation!(scalar det(a da; n)).check(vec![vector(5, n * n)], &[n]);
        let b = regular(n);
        let mut a = ops::matmul(&b, &b, n, n, n);
        for i in 0..n {
            for j in 0..n {
                a[i * n + j] = ops::dot(&b[i * n..][..n], &b[j * n..][..n]);
            }
        }
        a[0] += 0.5;
        operation!(vector cholesky(a da; n)).check(vec![a], &[n]);
    }
}

/// Elimination has to exchange rows, and determinants change their sign with it.
#[test]
fn permuted_rows() {
    let a = vec![0.0, 2.0, 0.0, 0.0, 0.0, 3.0, 4.0, 0.0, 0.0];
    assert_eq!(ops::det(&a, 3), 24.0);
    assert_eq!(ops::solve(&a, &[2.0, 6.0, 12.0]), [3.0, 1.0, 2.0]);
    operation!(vector solve(a da, b db;)).check(vec![a.clone(), vector(1, 3)], &[]);
    operation!(scalar logdet(a da; n)).check(vec![a.clone()], &[3]);
    operation!(scalar det(a da; n)).check(vec![a], &[3]);
}

/// The derivatives of the determinant are polynomials, which singular matrices do not interrupt.
#[test]
fn determinants_of_singular_matrices() {
    let zero = [0.0; 4];
    assert_eq!(ops::det::gradient(&zero, 2), zero);
    assert_eq!(
        ops::det::hessian(&zero, 2).as_slice(),
        [
            0.0, 0.0, 0.0, 1.0, //
            0.0, 0.0, -1.0, 0.0, //
            0.0, -1.0, 0.0, 0.0, //
            1.0, 0.0, 0.0, 0.0,
        ]
    );
    // diag(1, 0, 0): only the product of the two zeros moves the determinant, at second order.
    let mut a = [0.0; 9];
    a[0] = 1.0;
    assert_eq!(ops::det::gradient(&a, 3), [0.0; 9]);
    let hessian = ops::det::hessian(&a, 3);
    assert_eq!((hessian[(4, 8)], hessian[(5, 7)]), (1.0, -1.0));
    assert_eq!(hessian.as_slice().iter().filter(|x| **x != 0.0).count(), 4);
    assert_eq!(ops::logdet(&a, 3), f64::NEG_INFINITY);
    assert!(ops::logdet::gradient(&a, 3).iter().all(|x| x.is_nan()));
}

#[test]
fn edges_of_norms() {
    for scale in [2.0_f64.powi(600), 2.0_f64.powi(-600), f64::from_bits(16)] {
        let x = [3.0 * scale, -4.0 * scale];
        assert_eq!(ops::norm(&x), 5.0 * scale);
        assert_eq!(ops::norm::gradient(&x), [0.6, -0.8]);
    }
    assert_eq!(ops::norm(&[f64::INFINITY, 1.0]), f64::INFINITY);
    assert!(ops::norm(&[f64::NAN, 1.0]).is_nan());
    assert_eq!(ops::norm::jvp(&[0.0; 2], &[1.0; 2]), (0.0, 0.0));
    assert_eq!(ops::norm::hessian(&[0.0; 2]).as_slice(), [0.0; 4]);
    let huge = 2.0_f32.powi(100);
    assert_eq!(ops::norm(&[3.0 * huge, 4.0 * huge]), 5.0 * huge);
}

#[test]
fn edges_of_exponentials() {
    let infinity = f64::INFINITY;
    assert_eq!(ops::logsumexp(&[-infinity, 1.0]), 1.0);
    assert_eq!(ops::logsumexp::gradient(&[-infinity, 1.0]), [0.0, 1.0]);
    assert_eq!(ops::logsumexp(&[infinity, 1.0]), infinity);
    assert_eq!(ops::logsumexp::gradient(&[infinity, 1.0]), [1.0, 0.0]);
    assert_eq!(ops::logsumexp::gradient(&[infinity; 2]), [0.5; 2]);
    assert_eq!(ops::logsumexp(&[-infinity; 2]), -infinity);
    assert_eq!(ops::logsumexp::gradient(&[-infinity; 2]), [0.0; 2]);
    assert!(ops::logsumexp(&[f64::NAN, 1.0]).is_nan());
    assert!(ops::logsumexp(&[f64::NAN, infinity]).is_nan());
    assert_eq!(ops::softmax(&[800.0, -800.0]), [1.0, 0.0]);
    assert_eq!(ops::log_softmax(&[800.0, -800.0]), [0.0, -1600.0]);
    assert_eq!(
        ops::softmax::vjp(&[800.0, -800.0], &[1.0, 2.0]).1,
        [0.0, 0.0]
    );
}

#[test]
fn ties_and_numbers_that_are_none() {
    assert_eq!(
        ops::max::gradient(&[2.0, 2.0, 1.0, 2.0]),
        [1.0 / 3.0, 1.0 / 3.0, 0.0, 1.0 / 3.0]
    );
    assert_eq!(ops::max::jvp(&[2.0, 2.0], &[1.0, 3.0]), (2.0, 2.0));
    assert_eq!(ops::min::gradient(&[0.0, -0.0]), [0.5, 0.5]);
    assert_eq!(ops::max(&[f64::NAN, 1.0]), 1.0);
    assert_eq!(ops::max::gradient(&[f64::NAN, 1.0]), [0.0, 1.0]);
    assert!(ops::max(&[f64::NAN]).is_nan());
}

#[test]
fn updates_in_place() {
    let (alpha, x, y) = (1.5, vector(1, 9), vector(2, 9));
    let (dalpha, dx, dy) = (0.5, vector(3, 9), vector(4, 9));
    let r = vector(5, 9);
    let inner = |a: &[f64], b: &[f64]| ops::dot(a, b);

    let (mut value, mut tangent) = (y.clone(), dy.clone());
    ops::axpy::jvp(alpha, &x, &mut value, dalpha, &dx, &mut tangent);
    let mut expected = y.clone();
    ops::axpy(alpha, &x, &mut expected);
    assert_eq!(value, expected);

    let (mut value, mut y_bar) = (y.clone(), r.clone());
    let (alpha_bar, x_bar) = ops::axpy::vjp(alpha, &x, &mut value, &mut y_bar);
    assert_eq!(value, expected);
    let backward = alpha_bar * dalpha + inner(&x_bar, &dx) + inner(&y_bar, &dy);
    assert!((backward - inner(&r, &tangent)).abs() < 1e-12);

    let (mut value, mut y_bar) = (y, r);
    let (mut alpha_added, mut x_added) = (1.0, vec![1.0; 9]);
    let workspace = &mut Workspace::new();
    ops::axpy::vjp_into_with(
        workspace,
        alpha,
        &x,
        &mut value,
        &mut alpha_added,
        &mut x_added,
        &mut y_bar,
    );
    assert_eq!(alpha_added, 1.0 + alpha_bar);
    let sums: Vec<f64> = x_bar.iter().map(|x| 1.0 + x).collect();
    assert_eq!(x_added, sums);
    ops::axpy::vjp(2.0, &[], &mut [], &mut []);
}

/// Calls with a workspace that has seen such a call allocate no more than the result.
#[test]
fn workspaces_keep_buffers() {
    let (a, b, n) = (regular(8), vector(1, 8), 8);
    let mut workspace = Workspace::new();
    let (mut a_bar, mut b_bar) = (vec![0.0; 64], vec![0.0; 8]);
    let mut call = |workspace: &mut Workspace| {
        ops::logdet::gradient_into_with(workspace, &a, n, &mut a_bar);
        ops::det::gradient_into_with(workspace, &a, n, &mut a_bar);
        ops::norm::gradient_into_with(workspace, &b, &mut b_bar);
        ops::logsumexp::gradient_into_with(workspace, &b, &mut b_bar);
    };
    // Buffers go from hand to hand until each has grown to the largest size.
    (0..8).for_each(|_| call(&mut workspace));
    let info = allocation_counter::measure(|| call(&mut workspace));
    assert_eq!(info.count_total, 0);
    let mut solve = |workspace: &mut Workspace| {
        ops::solve::vjp_into_with(workspace, &a, &b, &b, &mut a_bar, &mut b_bar);
    };
    (0..8).for_each(|_| solve(&mut workspace));
    let info = allocation_counter::measure(|| solve(&mut workspace));
    assert_eq!(info.count_total, 1, "the result alone");
}

macro_rules! panics {
    ($($name:ident: $message:literal, $call:expr;)*) => { $(
        #[test]
        #[should_panic(expected = $message)]
        fn $name() {
            let _ = $call;
        }
    )* };
}

panics! {
    dot_of_different_lengths: "`a` has length 2 and `b` has length 3", ops::dot(&[0.0; 2], &[0.0; 3]);
    axpy_of_different_lengths: "`x` has length 2 and `y` has length 3", ops::axpy(1.0, &[0.0; 2], &mut [0.0; 3]);
    matvec_that_does_not_fit: "`matvec` takes 2 rows of 3 elements as `a`, but `a` has length 5",
        ops::matvec(&[0.0; 5], &[0.0; 3], 2);
    matmul_that_does_not_fit: "`matmul` takes 3 rows of 4 elements as `b`, but `b` has length 5",
        ops::matmul(&[0.0; 6], &[0.0; 5], 2, 3, 4);
    matmul_too_large: "as `a`, but `a` has length 6",
        ops::matmul(&[0.0; 6], &[0.0; 5], usize::MAX, 3, 4);
    kernel_that_is_too_long: "`kernel` has length 4 and `x` has length 3", ops::conv1d(&[0.0; 3], &[0.0; 4]);
    kernel_of_nothing: "`kernel` has length 0 and `x` has length 3", ops::conv1d::<f64>(&[0.0; 3], &[]);
    solve_that_does_not_fit: "`solve` takes 3 rows of 3 elements as `a`, but `a` has length 6",
        ops::solve(&[0.0; 6], &[0.0; 3]);
    solve_of_a_singular_matrix: "`a` is singular", ops::solve(&[1.0, 2.0, 2.0, 4.0], &[1.0; 2]);
    det_that_does_not_fit: "`det` takes 2 rows of 2 elements as `a`, but `a` has length 3", ops::det(&[0.0; 3], 2);
    cholesky_that_is_not_positive: "pivot 1 of `a` is -3", ops::cholesky(&[1.0, 2.0, 2.0, 1.0], 2);
    cholesky_of_nan: "pivot 0 of `a` is NaN", ops::cholesky(&[f64::NAN], 1);
    max_of_nothing: "`max` takes at least one element, but `x` has length 0", ops::max::<f64>(&[]);
    direction_that_does_not_fit: "the direction or adjoint of `b` has length 1, but `b` has length 2",
        ops::dot::jvp(&[0.0; 2], &[0.0; 2], &[0.0; 2], &[0.0; 1]);
    adjoint_that_does_not_fit: "the direction or adjoint of `a` has length 3, but `a` has length 2",
        ops::dot::vjp_into(&[0.0; 2], &[0.0; 2], 1.0, &mut [0.0; 3], &mut [0.0; 2]);
    cotangent_that_does_not_fit: "the cotangent of `cumsum` has length 1, but its result has length 2",
        ops::cumsum::vjp(&[0.0; 2], &[0.0; 1]);
    cotangent_of_a_pullback: "the cotangent of `outer` has length 1, but its result has length 4",
        (ops::outer::pullback(&[0.0; 2], &[0.0; 2]).1)(&[0.0]);
    adjoint_of_axpy: "the direction or adjoint of `y` has length 1, but `y` has length 2",
        ops::axpy::vjp(1.0, &[0.0; 2], &mut [0.0; 2], &mut [0.0; 1]);
}
