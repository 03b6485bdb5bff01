//! Rows 1 to 40: tracking, names, first and second derivatives, several leaves, detaching.

use autodiff::{AutogradError, Grad, Tensor, enable_grad, grad, grad_with, no_grad, tensor};

use crate::support::{grad_prints, made_by, prints, says};

#[test]
fn row_001_sin_of_an_untracked_tensor_is_untracked() {
    let y = tensor([1.0, 2.0, 3.0]).sin();
    prints(&y, "tensor([0.8415, 0.9093, 0.1411])");
    assert!(!y.requires_grad());
}

#[test]
fn row_002_sin_of_a_tracked_tensor_prints_grad_fn() {
    let b = tensor([4.0, 5.0, 6.0]).require_grad();
    prints(
        &b.sin(),
        "tensor([-0.7568, -0.9589, -0.2794], grad_fn=<SinBackward>)",
    );
}

#[test]
fn row_003_nested_scalar_chain() {
    let b = tensor([4.0, 5.0, 6.0]).require_grad();
    let c = b.sin().sum().powi(2).sin();
    prints(&c, "tensor(-0.7440, grad_fn=<SinBackward>)");
}

#[test]
fn row_004_grad_fn_chain_names_via_next_functions() {
    let b = tensor([4.0, 5.0, 6.0]).require_grad();
    let c = b.sin().sum().powi(2).sin();
    let mut names = Vec::new();
    let mut node = c.grad_fn();
    while let Some(function) = node {
        assert_eq!(function.output(), 0);
        let next = function.next_functions();
        assert!(next.len() <= 1);
        names.push(function.name().to_owned());
        node = next.into_iter().next().flatten();
    }
    assert_eq!(
        names,
        [
            "SinBackward",
            "PowBackward",
            "SumBackward",
            "SinBackward",
            "AccumulateGrad"
        ]
    );
    assert!(b.grad_fn().is_none());
}

#[test]
fn row_005_accumulate_grad_variable_is_the_leaf() {
    let b = tensor([4.0, 5.0, 6.0]).require_grad();
    let leaf = b.sin().grad_fn().unwrap().next_functions()[0]
        .clone()
        .unwrap();
    assert!(leaf.variable::<f64>().unwrap().is_same(&b));
    assert!(leaf.variable::<f32>().is_none());
}

#[test]
fn row_006_grad_of_a_scalar_leaves_grad_untouched() {
    let b = tensor([4.0, 5.0, 6.0]).require_grad();
    let d = b.powi(2).sum();
    let gradients = grad(&[&d], &[&b]).unwrap();
    assert_eq!(gradients.len(), 1);
    prints(&gradients[0], "tensor([ 8., 10., 12.])");
    assert!(b.grad().is_none());
}

#[test]
fn row_007_grad_of_a_vector_with_grad_outputs() {
    let b = tensor([4.0, 5.0, 6.0]).require_grad();
    let e = b.powi(2);
    let gradients = grad_with(&[&e], &[&b], Grad::new().grad_outputs(&[&e.ones_like()])).unwrap();
    prints(gradients[0].as_ref().unwrap(), "tensor([ 8., 10., 12.])");
}

#[test]
fn row_008_grad_of_a_vector_without_grad_outputs_is_an_error() {
    let b = tensor([4.0, 5.0, 6.0]).require_grad();
    let error = grad(&[&b.powi(2)], &[&b]).unwrap_err();
    assert_eq!(error, AutogradError::NonScalar { shape: vec![3] });
    says(&error, &["single element", "[3]", "sum()"]);
}

/// `x = 2`, `y = 3` and `x * x * y`.
fn product() -> (Tensor, Tensor) {
    let x = tensor(2.0).require_grad();
    let y = tensor(3.0).require_grad();
    let z = &x * &x * &y;
    (x, z)
}

#[test]
fn row_009_require_grad_is_fluent() {
    let (x, z) = product();
    prints(&grad(&[&z], &[&x]).unwrap()[0], "tensor(12.)");
}

#[test]
fn row_010_second_derivative_without_create_graph_is_an_error() {
    let (x, z) = product();
    let g = grad(&[&z], &[&x]).unwrap();
    let error = grad(&[&g[0]], &[&x]).unwrap_err();
    assert!(matches!(error, AutogradError::NoGradient { .. }));
    says(&error, &["output 0", "create_graph(true)"]);
}

#[test]
fn row_011_create_graph_gives_the_gradient_a_grad_fn() {
    let (x, z) = product();
    let g = grad_with(&[&z], &[&x], Grad::new().create_graph(true)).unwrap();
    prints(g[0].as_ref().unwrap(), "tensor(12., grad_fn=<AddBackward>)");
}

#[test]
fn row_012_double_backward() {
    let (x, z) = product();
    let g = grad_with(&[&z], &[&x], Grad::new().create_graph(true)).unwrap();
    prints(
        &grad(&[g[0].as_ref().unwrap()], &[&x]).unwrap()[0],
        "tensor(6.)",
    );
}

#[test]
fn row_013_a_whole_number_as_a_float_leaf() {
    // The default type here is f64; PyTorch's is f32. The suffix names whichever is not the default.
    let x = tensor(5.0).require_grad();
    prints(&x, "tensor(5., requires_grad=True)");
    prints(
        &tensor(5_f32).require_grad(),
        "tensor(5., dtype=f32, requires_grad=True)",
    );
    assert!(x.grad().is_none());
}

#[test]
fn row_014_a_product_prints_mul_backward() {
    let x = tensor(5.0).require_grad();
    prints(&(&x * &x), "tensor(25., grad_fn=<MulBackward>)");
}

#[test]
fn row_015_grad_of_a_computed_tensor_is_none() {
    let x = tensor(5.0).require_grad();
    let y = &x * &x;
    y.backward().unwrap();
    assert!(y.grad().is_none());
}

#[test]
fn row_016_backward_fills_an_untracked_grad() {
    let x = tensor(5.0).require_grad();
    (&x * &x).backward().unwrap();
    grad_prints(&x, "tensor(10.)");
    assert!(!x.grad().unwrap().requires_grad());
}

#[test]
fn row_017_backward_on_an_untracked_result_is_an_error() {
    // An integer tensor has no `backward` at all; an untracked one of floats has an error.
    let x = tensor(5.0);
    let error = (&x * &x).backward().unwrap_err();
    assert!(matches!(error, AutogradError::NoGradient { .. }));
    says(
        &error,
        &[
            "`backward` starts from does not require gradients",
            "require_grad()",
        ],
    );
}

#[test]
fn row_020_two_leaves() {
    let x = tensor(5.0).require_grad();
    let z = tensor(3.0).require_grad();
    (&x * &x + &z + z.ln()).backward().unwrap();
    grad_prints(&x, "tensor(10.)");
    grad_prints(&z, "tensor(1.3333)");
}

/// The leaves and the intermediate results of rows 21 to 25.
fn shared() -> [Tensor<f32>; 6] {
    let x = tensor(5_f32).require_grad();
    let z = tensor(3_f32).require_grad();
    let r1 = &x * &x + &z + z.ln();
    let r2 = &r1 + x.sqrt();
    let r3 = 100 * &r1 + r2.ln();
    let y = &r1 + &r2 + &r3;
    [x, z, r1, r2, r3, y]
}

#[test]
fn row_021_shared_intermediates() {
    let [x, z, .., y] = shared();
    y.backward().unwrap();
    assert_eq!(f64::from(x.grad().unwrap().item()), 1020.5499267578125);
    assert_eq!(f64::from(z.grad().unwrap().item()), 136.0425567626953);
}

#[test]
fn row_022_intermediates_have_no_grad() {
    let [x, z, r1, r2, r3, y] = shared();
    y.backward().unwrap();
    grad_prints(&x, "tensor(1020.5499, dtype=f32)");
    grad_prints(&z, "tensor(136.0426, dtype=f32)");
    assert!([r1, r2, r3].iter().all(|r| r.grad().is_none()));
}

#[test]
fn row_023_backward_from_an_intermediate() {
    let [x, z, _, r2, ..] = shared();
    r2.backward().unwrap();
    grad_prints(&x, "tensor(10.2236, dtype=f32)");
    grad_prints(&z, "tensor(1.3333, dtype=f32)");
}

#[test]
fn row_024_the_shared_part_is_freed() {
    let [_, _, _, r2, _, y] = shared();
    r2.backward().unwrap();
    let error = y.backward().unwrap_err();
    assert!(matches!(error, AutogradError::GraphFreed { .. }));
    says(&error, &["retain_graph(true)"]);
}

#[test]
fn row_025_retain_grad_on_intermediates() {
    let [x, _, r1, r2, r3, y] = shared();
    for r in [&r1, &r2, &r3] {
        r.retain_grad().unwrap();
    }
    y.backward().unwrap();
    grad_prints(&r1, "tensor(102.0319, dtype=f32)");
    grad_prints(&r2, "tensor(1.0319, dtype=f32)");
    grad_prints(&r3, "tensor(1., dtype=f32)");
    assert!(r1.retains_grad());
    assert!(!x.retains_grad());
}

#[test]
fn row_026_require_grad_switches() {
    let a = tensor([[1.5, 2.0], [3.0, 4.0]]);
    let a = (&a * 3.0) / (&a - 1.0);
    assert!(!a.requires_grad());
    let a = a.require_grad();
    assert!(a.requires_grad() && a.is_leaf());
    prints(
        &a,
        "tensor([[9.0000, 6.0000],\n        [4.5000, 4.0000]], requires_grad=True)",
    );
    prints(&(&a * &a).sum(), "tensor(153.2500, grad_fn=<SumBackward>)");
}

#[test]
fn row_027_detach_is_untracked_and_equal() {
    let x = tensor([1.0, -2.0, 3.0]).require_grad();
    let y = x.detach();
    assert!(!y.requires_grad());
    prints(&x.eq_elements(&y).all(), "tensor(True)");
    assert!(y.grad_fn().is_none());
    assert!(y.is_leaf());
}

#[test]
fn row_028_detach_shares_memory() {
    let x = tensor([1.0, -2.0, 3.0]).require_grad();
    let y = x.detach();
    y.at(0).fill_(9.0).unwrap();
    prints(&x, "tensor([ 9., -2.,  3.], requires_grad=True)");
    assert_eq!(x.version(), 1);
}

#[test]
fn row_029_no_grad_results_are_untracked() {
    let x = tensor([1.0, -2.0, 3.0]).require_grad();
    assert!(!no_grad(|| x.powi(2)).requires_grad());
}

#[test]
fn row_030_prints_and_names_of_a_matrix() {
    let x = tensor([[1.0, 2.0], [3.0, 4.0]]).require_grad();
    let y = &x + 2.0;
    let z = y.powi(2) * 3.0;
    let out = z.mean();
    prints(
        &x,
        "tensor([[1., 2.],\n        [3., 4.]], requires_grad=True)",
    );
    prints(
        &y,
        "tensor([[3., 4.],\n        [5., 6.]], grad_fn=<AddBackward>)",
    );
    assert_eq!(made_by(&y), "AddBackward");
    prints(
        &z,
        "tensor([[ 27.,  48.],\n        [ 75., 108.]], grad_fn=<MulBackward>)",
    );
    prints(&out, "tensor(64.5000, grad_fn=<MeanBackward>)");
}

#[test]
fn row_031_gradient_of_a_mean() {
    let x = tensor([[1.0, 2.0], [3.0, 4.0]]).require_grad();
    ((&x + 2.0).powi(2) * 3.0).mean().backward().unwrap();
    grad_prints(&x, "tensor([[4.5000, 6.0000],\n        [7.5000, 9.0000]])");
}

#[test]
fn row_032_backward_of_a_vector_without_gradient_is_an_error() {
    let x = tensor([1.0, 2.0]).require_grad();
    assert_eq!(
        (&x * 2.0).backward(),
        Err(AutogradError::NonScalar { shape: vec![2] })
    );
}

#[test]
fn row_033_gradient_of_the_wrong_shape_is_an_error() {
    let x = tensor([1.0, 2.0]).require_grad();
    let options = autodiff::Backward::new().gradient(&Tensor::<f64>::ones(&[3]));
    let error = (&x * 2.0).backward_with(options).unwrap_err();
    assert!(matches!(error, AutogradError::Shape { .. }));
    says(&error, &["[3]", "[2]"]);
}

#[test]
fn row_034_only_one_factor_tracked() {
    let x = tensor(5.0);
    let w = tensor(3.0).require_grad();
    prints(&(&x * w.powi(2)), "tensor(45., grad_fn=<MulBackward>)");
}

#[test]
fn row_035_only_the_tracked_leaf_gets_a_gradient() {
    let x = tensor(5.0);
    let w = tensor(3.0).require_grad();
    (&x * w.powi(2)).backward().unwrap();
    assert!(x.grad().is_none());
    assert_eq!(w.grad().unwrap().item(), 30.0);
}

#[test]
fn row_036_a_number_times_tracked_is_tracked() {
    let x = tensor(5.0);
    let w = tensor(3.0).require_grad();
    prints(&(2.0 * &x * &w), "tensor(30., grad_fn=<MulBackward>)");
}

#[test]
fn row_037_x_times_its_square() {
    let x = tensor(2.0).require_grad();
    let y = &x * &x;
    assert!(y.requires_grad());
    (&x * &y).backward().unwrap();
    assert_eq!(x.grad().unwrap().item(), 12.0);
}

#[test]
fn row_038_detach_cuts_one_path() {
    let x = tensor(2.0).require_grad();
    let y = (&x * &x).detach();
    assert!(!y.requires_grad());
    (&x * &y).backward().unwrap();
    grad_prints(&x, "tensor(4.)");
}

#[test]
fn row_040_no_grad_cuts_one_path() {
    let x = tensor(2.0).require_grad();
    let y = no_grad(|| &x * &x);
    assert!(!y.requires_grad());
    (&x * &y).backward().unwrap();
    grad_prints(&x, "tensor(4.)");
    assert!(no_grad(|| enable_grad(|| &x * 2.0)).requires_grad());
}
