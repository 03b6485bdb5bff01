//! Memory that is used again: nobody who still sees it may notice.

use autodiff::optim::{Optimizer, Sgd};
use autodiff::{Tensor, no_grad, tensor};

fn doubled() -> (Tensor, Tensor) {
    let x = tensor([[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]]).require_grad();
    let y = &x * 2.0;
    (x, y)
}

/// Hands a tensor over to operators while `other` still shares its memory.
#[track_caller]
fn stays(other: impl Fn(&Tensor) -> Tensor) {
    let (x, y) = doubled();
    let seen = other(&y);
    let before = seen.to_vec();
    let result = (y + 1.0) * &tensor([10.0, 20.0, 30.0]);
    assert_eq!(seen.to_vec(), before);
    assert_eq!(result, tensor([[30.0, 100.0, 210.0], [90.0, 220.0, 390.0]]));
    result.sum().backward().unwrap();
    assert_eq!(x.grad().unwrap(), tensor([[20.0, 40.0, 60.0]; 2]));
}

#[test]
fn operators_on_a_tensor_that_is_handed_over_leave_other_handles_and_views_alone() {
    stays(Tensor::clone);
    stays(Tensor::detach);
    stays(|y| y.reshape(&[-1]));
    stays(|y| y.t());
    stays(|y| y.select(0, 1));
    stays(|y| y.detach().require_grad());
}

#[test]
fn operators_on_a_tensor_that_is_handed_over_leave_saved_values_alone() {
    let x = tensor([0.5, 1.0]).require_grad();
    // The exponential keeps its result, the sine its operand, and the product both factors.
    ((x.exp() + 1.0).sin() * 3.0).sum().backward().unwrap();
    let expected = |x: f64| 3.0 * (x.exp() + 1.0).cos() * x.exp();
    assert_eq!(x.grad().unwrap(), tensor([expected(0.5), expected(1.0)]));
    x.zero_grad();
    let y = x.exp();
    let product = (&y * &y) + 1.0;
    (y + 5.0 + product).sum().backward().unwrap();
    let expected = |x: f64| x.exp() + 2.0 * x.exp() * x.exp();
    assert_eq!(x.grad().unwrap(), tensor([expected(0.5), expected(1.0)]));
}

#[test]
fn a_result_in_the_memory_of_its_operand_has_seen_no_change() {
    let (_, y) = doubled();
    y.add_(&tensor(1.0)).unwrap();
    assert_eq!((y.version(), (y * 2.0).version()), (1, 0));
}

#[test]
fn operators_on_what_is_handed_over_need_no_more_memory() {
    let x = Tensor::<f64>::ones(&[1000]);
    let made = allocation_counter::measure(|| {
        no_grad(|| drop((x.sin() + 1.0) * &x - &x));
    });
    assert!(made.bytes_max < 2 * 1000 * 8, "{made:?}");
}

#[test]
fn a_product_does_not_read_what_it_is_written_over() {
    let n = 200;
    let a = Tensor::<f64>::ones(&[n, n]);
    drop(&a * f64::NAN);
    assert_eq!(a.matmul(&a), Tensor::full(&[n, n], n as f64));
}

#[test]
fn the_gradient_of_a_transposed_factor_lies_in_order() {
    let x = tensor([[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]]);
    let w = tensor([[1.0, 0.0, 2.0], [3.0, 1.0, 0.0]]).require_grad();
    let v = tensor([[1.0, 2.0], [0.0, 1.0], [5.0, 3.0]]).require_grad();
    let weights = tensor([[1.0, 10.0], [100.0, 1000.0]]);
    (x.matmul(&w.t()) * &weights).sum().backward().unwrap();
    (v.t().matmul(&x.t()) * &weights).sum().backward().unwrap();
    let (w, v) = (w.grad().unwrap(), v.grad().unwrap());
    assert_eq!(w, tensor([[401.0, 502.0, 603.0], [4010.0, 5020.0, 6030.0]]));
    assert_eq!(v, tensor([[41.0, 4100.0], [52.0, 5200.0], [63.0, 6300.0]]));
    assert!(w.is_contiguous() && v.is_contiguous());
}

#[test]
#[should_panic(expected = "share memory")]
fn a_parameter_whose_elements_share_memory_is_not_moved() {
    let x = tensor([1.0]).broadcast_to(&[3]).require_grad();
    let mut optimizer = Sgd::new(&[&x], 0.1);
    x.sum().backward().unwrap();
    optimizer.step();
}
