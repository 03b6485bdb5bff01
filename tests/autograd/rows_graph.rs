//! Rows 78 to 130: options of `grad` and `backward`, higher derivatives, in-place changes and versions, modes, hooks,
//! errors of shape, types, printing, depth.

use std::sync::{Arc, Mutex};

use autodiff::{
    AutogradError, Backward, Grad, Tensor, detect_anomaly, enable_grad, grad, grad_with,
    is_grad_enabled, no_grad, set_grad_enabled, tensor,
};

use crate::support::{grad_prints, prints, says};

#[test]
fn row_078_an_unused_input_is_an_error() {
    let x = tensor(1.0).require_grad();
    let w = tensor(1.0).require_grad();
    let error = grad(&[&(&x * 2.0)], &[&x, &w]).unwrap_err();
    assert_eq!(error, AutogradError::Unreachable { index: 1 });
    says(&error, &["input 1", "allow_unused(true)"]);
}

#[test]
fn row_079_allow_unused_gives_none() {
    let x = tensor(1.0).require_grad();
    let w = tensor(1.0).require_grad();
    let gradients = grad_with(&[&(&x * 2.0)], &[&x, &w], Grad::new().allow_unused(true)).unwrap();
    assert_eq!(gradients, [Some(tensor(2.0)), None]);
}

#[test]
fn row_080_materialize_grads_gives_zeros() {
    let x = tensor(1.0).require_grad();
    let w = tensor([1.0, 2.0]).require_grad();
    let gradients = grad_with(
        &[&(&x * 2.0)],
        &[&x, &w],
        Grad::new().materialize_grads(true),
    )
    .unwrap();
    assert_eq!(gradients, [Some(tensor(2.0)), Some(tensor([0.0, 0.0]))]);
}

#[test]
fn row_081_materialize_grads_without_allow_unused_is_an_error() {
    let x = tensor(1.0).require_grad();
    let options = Grad::new().materialize_grads(true).allow_unused(false);
    let error = grad_with(&[&(&x * 2.0)], &[&x], options).unwrap_err();
    assert!(matches!(error, AutogradError::Argument { .. }));
    says(&error, &["materialize_grads(true)", "allow_unused(false)"]);
}

#[test]
fn row_082_an_untracked_input_is_an_error() {
    let x = tensor(1.0).require_grad();
    let w = tensor(1.0);
    let error = grad(&[&(&x * &w)], &[&w]).unwrap_err();
    assert!(matches!(error, AutogradError::NoGradient { .. }));
    says(&error, &["input 0"]);
}

#[test]
fn row_083_gradient_with_respect_to_a_computed_tensor() {
    let x = tensor(3.0).require_grad();
    let y = &x * &x;
    let z = &y * &y;
    assert_eq!(grad(&[&z], &[&y]).unwrap(), [tensor(18.0)]);
}

#[test]
fn row_085_several_outputs_add() {
    let x = tensor(3.0).require_grad();
    assert_eq!(
        grad(&[&(&x * &x), &(2.0 * &x)], &[&x]).unwrap(),
        [tensor(8.0)]
    );
}

#[test]
fn row_086_a_single_number_may_go_without_grad_output() {
    let x = tensor(3.0).require_grad();
    let options = Grad::new().optional_grad_outputs(&[None, Some(&tensor(10.0))]);
    let gradients = grad_with(&[&(&x * &x), &(2.0 * &x)], &[&x], options).unwrap();
    assert_eq!(gradients, [Some(tensor(26.0))]);
}

#[test]
fn row_087_a_wrong_number_of_grad_outputs_is_an_error() {
    let x = tensor(3.0).require_grad();
    let options = Grad::new().grad_outputs(&[&tensor(10.0)]);
    let error = grad_with(&[&(&x * &x), &(2.0 * &x)], &[&x], options).unwrap_err();
    says(&error, &["2 outputs and 1 gradients"]);
}

#[test]
fn row_088_backward_with_inputs_fills_only_those() {
    let x = tensor(3.0).require_grad();
    let w = tensor(2.0).require_grad();
    let y = &x * &w;
    (&y * &y)
        .backward_with(Backward::new().inputs(&[&x, &y]))
        .unwrap();
    grad_prints(&x, "tensor(24.)");
    assert!(w.grad().is_none());
    grad_prints(&y, "tensor(12.)");
}

#[test]
fn row_089_backward_with_no_inputs_is_an_error() {
    let x = tensor(3.0).require_grad();
    let error = (&x * &x)
        .backward_with(Backward::new().inputs::<f64>(&[]))
        .unwrap_err();
    says(&error, &["`inputs`", "empty"]);
}

#[test]
fn row_090_backward_on_the_leaf_itself() {
    let x = tensor(3.0).require_grad();
    x.backward().unwrap();
    grad_prints(&x, "tensor(1.)");
}

#[test]
fn row_091_grad_of_the_leaf_itself() {
    let x = tensor(3.0).require_grad();
    assert_eq!(grad(&[&x], &[&x]).unwrap(), [tensor(1.0)]);
}

#[test]
fn row_092_create_graph_in_backward_tracks_the_gradient() {
    let x = tensor(3.0).require_grad();
    x.powi(3)
        .backward_with(Backward::new().create_graph(true))
        .unwrap();
    let g = x.grad().unwrap();
    prints(&g.detach(), "tensor(27.)");
    assert!(g.grad_fn().is_some());
    x.zero_grad();
    g.backward().unwrap();
    grad_prints(&x, "tensor(18.)");
    x.zero_grad();
}

/// The derivatives of `x⁴` at 2, as far as asked for.
fn derivatives(count: usize) -> Vec<Tensor> {
    let x = tensor(2.0).require_grad();
    let mut g = x.powi(4);
    (0..count)
        .map(|_| {
            g = grad_with(&[&g], &[&x], Grad::new().create_graph(true))
                .unwrap()
                .remove(0)
                .unwrap();
            g.clone()
        })
        .collect()
}

#[test]
fn row_093_four_derivatives_by_nested_grad() {
    let prints: Vec<String> = derivatives(4).iter().map(ToString::to_string).collect();
    let expected = [32, 48, 48, 24].map(|v| format!("tensor({v}., grad_fn=<MulBackward>)"));
    assert_eq!(prints, expected);
}

#[test]
fn row_094_the_fifth_derivative_is_zero() {
    prints(&derivatives(5)[4], "tensor(0.)");
}

#[test]
fn row_095_the_gradient_of_a_linear_function_is_a_constant() {
    let x = tensor(2.0).require_grad();
    let g = grad_with(&[&(2.0 * &x)], &[&x], Grad::new().create_graph(true))
        .unwrap()
        .remove(0)
        .unwrap();
    prints(&g, "tensor(2.)");
    assert!(matches!(
        grad(&[&g], &[&x]),
        Err(AutogradError::NoGradient { .. })
    ));
}

#[test]
fn row_096_a_saved_value_changed_in_place_is_an_error() {
    let x = tensor([1.0, 2.0]).require_grad();
    let y = &x * 1.0;
    let z = y.powi(2);
    y.add_(&tensor(1.0)).unwrap();
    let error = z.sum().backward().unwrap_err();
    assert_eq!(
        error,
        AutogradError::ModifiedInPlace {
            node: "PowBackward".into(),
            shape: vec![2],
            expected: 0,
            found: 1
        }
    );
    says(&error, &["[2]", "PowBackward", "copy()"]);
}

#[test]
fn row_097_a_saved_result_changed_in_place_is_an_error() {
    let x = tensor([1.0, 2.0]).require_grad();
    let y = x.exp();
    y.mul_(&tensor(2.0)).unwrap();
    let error = y.sum().backward().unwrap_err();
    assert_eq!(
        error,
        AutogradError::ModifiedInPlace {
            node: "ExpBackward".into(),
            shape: vec![2],
            expected: 0,
            found: 1
        }
    );
}

#[test]
fn row_098_in_place_on_a_value_nobody_saved() {
    let x = tensor([1.0, 2.0]).require_grad();
    let y = &x + 1.0;
    y.mul_(&tensor(3.0)).unwrap();
    prints(&y, "tensor([6., 9.], grad_fn=<MulBackward>)");
    y.sum().backward().unwrap();
    grad_prints(&x, "tensor([3., 3.])");
}

#[test]
fn row_099_in_place_through_a_view() {
    let x = tensor([1.0, 2.0, 3.0]).require_grad();
    let y = &x * 1.0;
    y.at(1).fill_(7.0).unwrap();
    prints(&y, "tensor([1., 7., 3.], grad_fn=<CopySlices>)");
    y.powi(2).sum().backward().unwrap();
    grad_prints(&x, "tensor([2., 0., 6.])");
}

#[test]
fn row_100_version_counts_in_place_writes() {
    let t = Tensor::<f64>::zeros(&[3]);
    assert_eq!(t.version(), 0);
    t.add_(&tensor(1.0)).unwrap();
    t.at(0).fill_(5.0).unwrap();
    assert_eq!(t.version(), 2);
}

#[test]
fn row_101_a_leaf_may_be_written_under_no_grad() {
    let mut x = tensor([1.0, 2.0]).require_grad();
    no_grad(|| x -= 0.5);
    prints(&x, "tensor([0.5000, 1.5000], requires_grad=True)");
    assert_eq!(x.version(), 1);
}

#[test]
fn row_102_modes_nest() {
    let x = tensor(1.0).require_grad();
    no_grad(|| {
        assert!(!is_grad_enabled());
        assert!(enable_grad(|| &x * 2.0).requires_grad());
    });
    assert!(!set_grad_enabled(false, || &x * 2.0).requires_grad());
    assert!(is_grad_enabled());
    let unwound = std::panic::catch_unwind(|| no_grad(|| panic!("out of the scope")));
    assert!(unwound.is_err() && is_grad_enabled());
}

#[test]
fn row_103_a_leaf_made_under_no_grad_is_tracked() {
    assert!(no_grad(|| tensor(1.0).require_grad()).requires_grad());
}

#[test]
fn row_106_a_copy_is_tracked() {
    let x = tensor(2.0).require_grad();
    let y = x.copy();
    prints(&y, "tensor(2., grad_fn=<CloneBackward>)");
    assert!(!y.shares_memory(&x));
    // `clone` makes another handle to the same tensor, as a second name does in Python.
    assert!(x.clone().is_same(&x));
}

#[test]
fn row_107_item_of_a_tracked_tensor() {
    let x = tensor([2.0]).require_grad();
    assert_eq!(x.item(), 2.0);
    // PyTorch refuses `numpy()`, since an array would share the memory behind the graph's back. A `Vec` is a copy.
    let mut copy = x.to_vec();
    copy[0] = 5.0;
    assert_eq!((x.item(), x.version()), (2.0, 0));
}

#[test]
fn row_108_a_hook_scales_the_gradient_and_can_be_removed() {
    let x = tensor(2.0).require_grad();
    let hook = x.register_hook(|g| Some(g * 10.0)).unwrap();
    (&x * 3.0).backward().unwrap();
    grad_prints(&x, "tensor(30.)");
    hook.remove();
    x.zero_grad();
    (&x * 3.0).backward().unwrap();
    grad_prints(&x, "tensor(3.)");
}

#[test]
fn row_109_hooks_on_an_intermediate_run_in_order() {
    let x = tensor(2.0).require_grad();
    let y = &x * &x;
    let log = Arc::new(Mutex::new(Vec::new()));
    let (first, second) = (Arc::clone(&log), Arc::clone(&log));
    y.register_hook(move |g| {
        first.lock().unwrap().push(format!("a {g}"));
        Some(g * 2.0)
    })
    .unwrap();
    y.register_hook(move |g| {
        second.lock().unwrap().push(format!("b {g}"));
        None
    })
    .unwrap();
    (&y * 3.0).backward().unwrap();
    assert_eq!(*log.lock().unwrap(), ["a tensor(3.)", "b tensor(6.)"]);
    grad_prints(&x, "tensor(24.)");
}

#[test]
fn row_110_a_hook_on_an_untracked_tensor_is_an_error() {
    let error = tensor(1.0).register_hook(|_| None).unwrap_err();
    says(&error, &["register_hook", "does not require gradients"]);
}

#[test]
fn row_111_retain_grad_on_an_untracked_tensor_is_an_error() {
    let error = tensor(1.0).retain_grad().unwrap_err();
    says(&error, &["retain_grad", "does not require gradients"]);
}

#[test]
fn row_112_a_post_accumulate_hook_sees_the_gradient() {
    let x = tensor(2.0).require_grad();
    let seen = Arc::new(Mutex::new(Vec::new()));
    let log = Arc::clone(&seen);
    x.register_post_accumulate_grad_hook(move |p| {
        log.lock().unwrap().push(p.grad().unwrap().to_string())
    })
    .unwrap();
    (&x * 3.0).backward().unwrap();
    assert_eq!(*seen.lock().unwrap(), ["tensor(3.)"]);
}

#[test]
fn row_113_a_post_accumulate_hook_on_a_computed_tensor_is_an_error() {
    let x = tensor(2.0).require_grad();
    let error = (&x * 2.0)
        .register_post_accumulate_grad_hook(|_| ())
        .unwrap_err();
    says(&error, &["no leaf"]);
}

#[test]
fn row_114_a_gradient_of_another_shape_is_an_error() {
    let x = tensor([2.0, 3.0]).require_grad();
    let error = x.set_grad(&Tensor::ones(&[3])).unwrap_err();
    says(&error, &["[3]", "[2]"]);
    assert!(x.grad().is_none());
}

#[test]
fn row_120_anomaly_detection_names_the_function() {
    let error = detect_anomaly(|| {
        let x = tensor(0.0).require_grad();
        (x.sqrt() * 0.0).backward()
    });
    assert_eq!(
        error,
        Err(AutogradError::Anomaly {
            node: "SqrtBackward".into(),
            input: 0
        })
    );
}

#[test]
fn row_122_shapes_that_do_not_broadcast_are_named() {
    let (a, b) = (Tensor::<f64>::ones(&[2, 3]), Tensor::ones(&[2, 4]));
    says(
        &a.try_add(&b).unwrap_err(),
        &["+:", "[2, 3]", "[2, 4]", "dimension 1", "3 and 4"],
    );
    let panic = std::panic::catch_unwind(|| &a + &b).unwrap_err();
    assert_eq!(
        *panic.downcast::<String>().unwrap(),
        a.try_add(&b).unwrap_err().to_string()
    );
}

#[test]
fn row_123_a_converted_operand_gives_a_gradient_of_the_leafs_type() {
    let x = tensor([1_f32, 2.0]).require_grad();
    let y = x.cast::<f64>() * tensor([1.0, 2.0]);
    prints(&y, "tensor([1., 4.], grad_fn=<MulBackward>)");
    y.sum().backward().unwrap();
    let gradient: Tensor<f32> = x.grad().unwrap();
    assert_eq!(gradient, tensor([1_f32, 2.0]));
}

#[test]
fn row_125_a_broadcast_gradient_is_summed_to_the_leafs_shape() {
    let x = tensor([1.0, 2.0]).require_grad();
    let b = tensor(1.0).require_grad();
    (Tensor::ones(&[3, 2]) * &x + &b).sum().backward().unwrap();
    grad_prints(&x, "tensor([3., 3.])");
    grad_prints(&b, "tensor(6.)");
}

#[test]
fn row_128_printing() {
    prints(
        &tensor([1e-8, 1.0, 1000.0]),
        "tensor([1.0000e-08, 1.0000e+00, 1.0000e+03])",
    );
    prints(
        &tensor([1.5, f64::NAN, f64::INFINITY]),
        "tensor([1.5000,    nan,    inf])",
    );
    prints(&tensor([1e10, 1.0]), "tensor([1.0000e+10, 1.0000e+00])");
    prints(&tensor([0.1, 123456.7]), "tensor([1.0000e-01, 1.2346e+05])");
    prints(&tensor([1_f32, 2.0]), "tensor([1., 2.], dtype=f32)");
    prints(&Tensor::<f64>::zeros(&[0]), "tensor([])");
    prints(&tensor([true, false]), "tensor([ True, False])");
    prints(
        &tensor([[1, 2], [3, 40]]),
        "tensor([[ 1,  2],\n        [ 3, 40]])",
    );
    assert_eq!(format!("{:?}", tensor([1.0])), "tensor([1.])");
}

#[test]
fn row_129_a_deep_chain_is_walked_and_dropped() {
    let x = tensor(1.0).require_grad();
    let mut y = x.clone();
    for _ in 0..100_000 {
        y = &y + 0.0;
    }
    y.backward().unwrap();
    grad_prints(&x, "tensor(1.)");
    drop(y);
}

#[test]
fn row_130_max_along_a_dimension() {
    let x = tensor([[1.0, 5.0], [7.0, 2.0]]).require_grad();
    let (v, i) = x.max_dim(1, false);
    prints(&v, "tensor([5., 7.], grad_fn=<MaxBackward>)");
    prints(&i, "tensor([1, 0])");
    (v * tensor([10.0, 20.0])).sum().backward().unwrap();
    grad_prints(&x, "tensor([[ 0., 10.],\n        [20.,  0.]])");
}
