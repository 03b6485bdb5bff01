//! Rows 41 to 77: several heads, accumulation, in-place changes of leaves, vectors, and walking twice.

use autodiff::{AutogradError, Backward, Grad, Tensor, grad, grad_with, tensor};

use crate::support::{grad_prints, made_by, prints, says};

fn retain() -> Backward {
    Backward::new().retain_graph(true)
}

#[test]
fn row_041_three_paths_to_one_leaf() {
    let x = tensor(2.0).require_grad();
    let y = 3.0 * &x;
    let z = x.powi(2);
    (y + z + &x).backward().unwrap();
    grad_prints(&x, "tensor(8.)");
    prints(&(3.0 + 2.0 * &x + 1.0), "tensor(8., grad_fn=<AddBackward>)");
}

/// A leaf of 3 and two heads on its square.
fn two_heads() -> [Tensor; 3] {
    let x = tensor(3.0).require_grad();
    let y = x.powi(2);
    let heads = [3.0 * &y, 4.0 * &y];
    let [z1, z2] = heads;
    [x, z1, z2]
}

#[test]
fn row_042_first_of_two_heads() {
    let [x, z1, _] = two_heads();
    z1.backward().unwrap();
    grad_prints(&x, "tensor(18.)");
}

#[test]
fn row_043_second_head_after_the_shared_part_was_freed() {
    let [_, z1, z2] = two_heads();
    z1.backward().unwrap();
    assert_eq!(
        z2.backward(),
        Err(AutogradError::GraphFreed {
            node: "PowBackward".into()
        })
    );
}

#[test]
fn row_044_retain_graph_lets_both_heads_add() {
    let [x, z1, z2] = two_heads();
    z1.backward_with(retain()).unwrap();
    z2.backward().unwrap();
    grad_prints(&x, "tensor(42.)");
}

#[test]
fn row_045_accumulation_over_two_graphs() {
    let x = tensor(3.0).require_grad();
    let z = 3.0 * x.powi(2);
    assert!(x.grad().is_none());
    z.backward().unwrap();
    grad_prints(&x, "tensor(18.)");
    let z = 3.0 * x.powi(2);
    z.backward().unwrap();
    grad_prints(&x, "tensor(36.)");
}

#[test]
fn row_046_zeroing_the_gradient_between() {
    let x = tensor(3.0).require_grad();
    (3.0 * x.powi(2)).backward().unwrap();
    x.grad().unwrap().zero_().unwrap();
    (3.0 * x.powi(2)).backward().unwrap();
    grad_prints(&x, "tensor(18.)");
}

#[test]
fn row_047_sum_of_squares() {
    let x = tensor([1.0, 2.0, 3.0]).require_grad();
    x.powi(2).sum().backward().unwrap();
    grad_prints(&x, "tensor([2., 4., 6.])");
}

#[test]
fn row_048_element_assignment_into_a_leaf_is_an_error() {
    let x = tensor([1.0, 2.0, 3.0]).require_grad();
    let error = x.at(1).copy_(&(x.at(2) + 1.0)).unwrap_err();
    assert_eq!(
        error,
        AutogradError::LeafModified {
            operation: "copy_".into()
        }
    );
    says(&error, &["view", "no_grad"]);
    prints(&x, "tensor([1., 2., 3.], requires_grad=True)");
    assert_eq!(x.version(), 0);
    x.powi(2).sum().backward().unwrap();
    grad_prints(&x, "tensor([2., 4., 6.])");
}

#[test]
fn row_049_in_place_on_a_leaf_is_an_error() {
    let x = tensor([1.0, 2.0, 3.0]).require_grad();
    assert_eq!(
        x.add_(&tensor(1.0)),
        Err(AutogradError::LeafModified {
            operation: "add_".into()
        })
    );
}

#[test]
fn row_050_a_new_tensor_under_the_old_name() {
    let x = tensor([1.0, 2.0, 3.0]).require_grad();
    let x0 = x.clone();
    let x = 4.0 * &x;
    prints(&x, "tensor([ 4.,  8., 12.], grad_fn=<MulBackward>)");
    assert!(!x.is_leaf());
    x.sum().backward().unwrap();
    grad_prints(&x0, "tensor([4., 4., 4.])");
}

#[test]
fn row_051_full_max() {
    let x = tensor([1.0, 2.0, 4.0, 3.0, 0.5]).require_grad();
    let m = x.max();
    prints(&m, "tensor(4., grad_fn=<MaxBackward>)");
    m.backward().unwrap();
    grad_prints(&x, "tensor([0., 0., 1., 0., 0.])");
}

#[test]
fn row_052_full_max_splits_ties_evenly() {
    let x = tensor([1.0, 4.0, 4.0, 3.0]).require_grad();
    x.max().backward().unwrap();
    grad_prints(&x, "tensor([0.0000, 0.5000, 0.5000, 0.0000])");
}

#[test]
fn row_053_cos_plus_sin() {
    let x1 = tensor(2.0).require_grad();
    let y = x1.cos() + x1.sin();
    assert!(y.requires_grad());
    prints(&grad(&[&y], &[&x1]).unwrap()[0], "tensor(-1.3254)");
    assert!(x1.grad().is_none());
}

#[test]
fn row_054_the_formula_by_hand_is_tracked() {
    let x1 = tensor(2.0).require_grad();
    prints(
        &(-x1.sin() + x1.cos()),
        "tensor(-1.3254, grad_fn=<AddBackward>)",
    );
}

#[test]
fn row_055_names_of_pow_sin_mean() {
    let x1 = tensor(3.0).require_grad();
    prints(&x1.powi(2), "tensor(9., grad_fn=<PowBackward>)");
    let y2 = x1.sin();
    prints(&y2, "tensor(0.1411, grad_fn=<SinBackward>)");
    prints(&y2.mean(), "tensor(0.1411, grad_fn=<MeanBackward>)");
}

#[test]
fn row_056_sin_of_an_untracked_number() {
    let y = tensor(3.0).sin();
    prints(&y, "tensor(0.1411)");
    assert!(!y.requires_grad());
}

#[test]
fn row_057_gradient_of_sin_at_3() {
    let x1 = tensor(3.0).require_grad();
    prints(&grad(&[&x1.sin()], &[&x1]).unwrap()[0], "tensor(-0.9900)");
}

#[test]
fn row_059_eleven_backwards_accumulate() {
    let x1 = tensor(2_f32).require_grad();
    let y = x1.cos() + x1.sin();
    let mut seen = Vec::new();
    for _ in 0..11 {
        y.backward_with(Backward::new().retain_graph(true)).unwrap();
        seen.push(format!("{:.4}", x1.grad().unwrap().item()));
    }
    assert_eq!(
        seen[1..],
        [
            "-2.6509", "-3.9763", "-5.3018", "-6.6272", "-7.9527", "-9.2781", "-10.6036",
            "-11.9290", "-13.2544", "-14.5799"
        ]
    );
    assert_eq!(seen[0], "-1.3254");
}

#[test]
fn row_060_the_last_walk_need_not_retain() {
    let x1 = tensor(2.0).require_grad();
    let y = x1.cos() + x1.sin();
    y.backward_with(retain()).unwrap();
    grad_prints(&x1, "tensor(-1.3254)");
    y.backward_with(retain()).unwrap();
    grad_prints(&x1, "tensor(-2.6509)");
    y.backward().unwrap();
    grad_prints(&x1, "tensor(-3.9763)");
}

#[test]
fn row_061_one_walk_more_is_an_error() {
    let x1 = tensor(2.0).require_grad();
    let y = x1.cos() + x1.sin();
    y.backward().unwrap();
    assert!(matches!(
        y.backward(),
        Err(AutogradError::GraphFreed { .. })
    ));
}

#[test]
fn row_062_a_product_with_a_number_counts_as_having_saved_it() {
    let x = tensor(2.0).require_grad();
    let y = 2.0 * &x;
    y.backward().unwrap();
    assert_eq!(
        y.backward(),
        Err(AutogradError::GraphFreed {
            node: "MulBackward".into()
        })
    );
}

#[test]
fn row_063_twice_x() {
    let x = tensor(2.0).require_grad();
    let y = 2.0 * &x;
    prints(&y, "tensor(4., grad_fn=<MulBackward>)");
    y.backward().unwrap();
    grad_prints(&x, "tensor(2.)");
}

#[test]
fn row_064_cumsum_then_the_last_element() {
    let x = tensor([2.0, 2.0, 2.0]).require_grad();
    let y = (2.0 * &x).cumsum(0).at(-1);
    prints(&y, "tensor(12., grad_fn=<SelectBackward>)");
    y.backward().unwrap();
    grad_prints(&x, "tensor([2., 2., 2.])");
}

#[test]
fn row_065_elements_in_an_expression() {
    let x = tensor([1.0, 2.0, 3.0]).require_grad();
    let y = 2.0 * x.at(0) + 3.0 * x.at(1) - 3.0 * x.at(2);
    prints(&y, "tensor(-1., grad_fn=<SubBackward>)");
    y.backward().unwrap();
    grad_prints(&x, "tensor([ 2.,  3., -3.])");
}

/// A leaf and its square.
fn squares() -> (Tensor, Tensor) {
    let x = tensor([1.0, 2.0, -2.0]).require_grad();
    let y = x.powi(2);
    (x, y)
}

#[test]
fn row_066_backward_of_a_vector_with_ones() {
    let (x, y1) = squares();
    prints(&y1, "tensor([1., 4., 4.], grad_fn=<PowBackward>)");
    assert!(x.grad().is_none());
    y1.backward_with(Backward::new().gradient(&tensor([1.0, 1.0, 1.0])))
        .unwrap();
    grad_prints(&x, "tensor([ 2.,  4., -4.])");
}

#[test]
fn row_067_backward_of_a_vector_with_weights() {
    let (x, y1) = squares();
    y1.backward_with(Backward::new().gradient(&tensor([1.0, 0.8, 0.6])))
        .unwrap();
    grad_prints(&x, "tensor([ 2.0000,  3.2000, -2.4000])");
}

#[test]
fn row_069_a_gradient_of_integers_is_converted() {
    let (x, y1) = squares();
    y1.backward_with(Backward::new().gradient(&tensor([1, 1, 1])))
        .unwrap();
    grad_prints(&x, "tensor([ 2.,  4., -4.])");
}

#[test]
fn row_070_jacobian_by_rows() {
    let (x, y1) = squares();
    let rows: Vec<String> = Tensor::<f64>::eye(3)
        .unbind(0)
        .iter()
        .map(|k| {
            x.zero_grad();
            y1.backward_with(retain().gradient(k)).unwrap();
            x.grad().unwrap().to_string()
        })
        .collect();
    assert_eq!(
        rows,
        [
            "tensor([2., 0., -0.])",
            "tensor([0., 4., -0.])",
            "tensor([ 0.,  0., -4.])"
        ]
    );
}

#[test]
fn row_071_a_kept_gradient_sees_later_ones() {
    let (x, y1) = squares();
    y1.backward_with(retain().gradient(&tensor([1.0, 0.0, 0.0])))
        .unwrap();
    let old = x.grad().unwrap();
    y1.backward_with(Backward::new().gradient(&tensor([0.0, 1.0, 0.0])))
        .unwrap();
    prints(&old, "tensor([2., 4., -0.])");
    assert!(old.is_same(&x.grad().unwrap()));
}

#[test]
fn row_072_prints_of_untracked_numbers() {
    let (x, y) = (tensor(3.0), tensor(4.0));
    prints(&x, "tensor(3.)");
    prints(&y, "tensor(4.)");
    prints(&(&x * &y), "tensor(12.)");
}

#[test]
fn row_073_mean_of_a_single_number() {
    let x = tensor(3.0).require_grad();
    let y = tensor(4.0).require_grad();
    let z = &x * &y;
    assert!(x.grad().is_none() && y.grad().is_none());
    prints(&z, "tensor(12., grad_fn=<MulBackward>)");
    prints(&z.mean(), "tensor(12., grad_fn=<MeanBackward>)");
    z.backward().unwrap();
    grad_prints(&x, "tensor(4.)");
    grad_prints(&y, "tensor(3.)");
}

#[test]
fn row_074_a_vector_formula() {
    let x1 = tensor([1.2, 2.4, 3.3]).require_grad();
    let x2 = tensor([4.4, 5.2, 5.5]).require_grad();
    let f = &x1 * &x2 + x2.sin() + x1.ln();
    assert_eq!(made_by(&f), "AddBackward");
    prints(&f.detach(), "tensor([ 4.5107, 12.4720, 18.6384])");
    prints(&f.mean().detach(), "tensor(11.8737)");
    f.backward_with(Backward::new().gradient(&tensor([1.0, 1.0, 1.0])))
        .unwrap();
    grad_prints(&x1, "tensor([5.2333, 5.6167, 5.8030])");
    grad_prints(&x2, "tensor([0.8927, 2.8685, 4.0087])");
}

/// Two leaves, 3 and 4, and their product.
fn three_times_four() -> [Tensor; 3] {
    let x = tensor(3.0).require_grad();
    let y = tensor(4.0).require_grad();
    let z = &x * &y;
    [x, y, z]
}

#[test]
fn row_075_grad_twice_with_retain_graph() {
    let [x, y, z] = three_times_four();
    prints(&x, "tensor(3., requires_grad=True)");
    prints(&z, "tensor(12., grad_fn=<MulBackward>)");
    let dx = grad_with(&[&z], &[&x], Grad::new().retain_graph(true)).unwrap();
    prints(dx[0].as_ref().unwrap(), "tensor(4.)");
    prints(&grad(&[&z], &[&y]).unwrap()[0], "tensor(3.)");
}

#[test]
fn row_076_grad_twice_without_retain_graph_is_an_error() {
    let [x, y, z] = three_times_four();
    grad(&[&z], &[&x]).unwrap();
    assert!(matches!(
        grad(&[&z], &[&y]),
        Err(AutogradError::GraphFreed { .. })
    ));
}

#[test]
fn row_077_a_sum_saves_nothing_and_can_be_walked_again() {
    let x = tensor(2.0).require_grad();
    let y = &x + 1.0;
    y.backward().unwrap();
    y.backward().unwrap();
    grad_prints(&x, "tensor(2.)");
}
