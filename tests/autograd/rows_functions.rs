//! Rows 58 to 121 that need functions of the user's own, functional forms or matrices.

use std::sync::{Arc, Mutex};

use autodiff::{
    AutogradError, DType, Function, Grad, Saved, Saving, Tensor, functional, grad, grad_with, lift,
    no_grad, tensor,
};

use crate::support::{prints, says};

type Gradients = Result<Vec<Option<Tensor>>, AutogradError>;

#[test]
fn row_084_a_batch_of_grad_outputs_is_a_jacobian() {
    let x = tensor([1.0, 2.0, 3.0]);
    let jacobian = functional::jacobian(|x| x[0].powi(2), &[&x]).unwrap();
    prints(
        &jacobian[0],
        "tensor([[2., 0., 0.],\n        [0., 4., 0.],\n        [0., 0., 6.]])",
    );
}

#[test]
fn row_104_what_was_made_without_recording_can_be_used_in_a_graph() {
    // PyTorch's inference tensors cannot; `no_grad` is as fast here, so there is no mode besides it.
    let x = tensor(1.0).require_grad();
    let y = no_grad(|| &x * 2.0);
    assert!(!y.requires_grad());
    let z = &x * &y;
    assert_eq!(grad(&[&z], &[&x]).unwrap(), [tensor(2.0)]);
}

#[test]
fn row_105_detaching_a_handle() {
    let x = tensor(2.0).require_grad();
    let y = &x * &x;
    let y = y.detach();
    prints(&y, "tensor(4.)");
    assert!(y.is_leaf());
}

/// `x² w`, with a record of which gradients were asked for.
struct Sq {
    asked: Arc<Mutex<Vec<Vec<bool>>>>,
}

impl Function<f64> for Sq {
    fn name(&self) -> &str {
        "Sq"
    }

    fn forward(&self, saving: &mut Saving<'_, f64>, inputs: &[&Tensor]) -> Tensor {
        saving.save_for_backward(inputs);
        inputs[0] * inputs[0] * inputs[1]
    }

    fn backward(&self, saved: &Saved<f64>, g: &Tensor) -> Gradients {
        self.asked
            .lock()
            .unwrap()
            .push(saved.needs_input_grad().to_vec());
        let [x, w] = saved.tensors() else {
            unreachable!("two were saved")
        };
        Ok(vec![Some(g * 2.0 * x * w), None])
    }
}

#[test]
fn row_116_a_custom_function() {
    let asked = Arc::default();
    let x = tensor(3.0).require_grad();
    let w = tensor(2.0);
    let y = Sq {
        asked: Arc::clone(&asked),
    }
    .apply(&[&x, &w]);
    prints(&y, "tensor(18., grad_fn=<SqBackward>)");
    let g = grad_with(&[&y], &[&x], Grad::new().create_graph(true))
        .unwrap()
        .remove(0)
        .unwrap();
    prints(&g, "tensor(12., grad_fn=<MulBackward>)");
    assert_eq!(*asked.lock().unwrap(), [[true, false]]);
    prints(&grad(&[&g], &[&x]).unwrap()[0], "tensor(4.)");
}

/// A function whose backward pass returns what it is told to.
struct Returning {
    gradients: Vec<Option<Tensor>>,
    once: bool,
}

impl Function<f64> for Returning {
    fn name(&self) -> &str {
        "F"
    }

    fn forward(&self, saving: &mut Saving<'_, f64>, inputs: &[&Tensor]) -> Tensor {
        saving.save_for_backward(inputs);
        (inputs[0] * inputs[0]).sum()
    }

    fn backward(&self, saved: &Saved<f64>, g: &Tensor) -> Gradients {
        if self.once {
            return Ok(vec![Some(2.0 * &saved.tensors()[0] * g)]);
        }
        Ok(self.gradients.clone())
    }

    fn once_differentiable(&self) -> bool {
        self.once
    }
}

#[test]
fn row_117_a_wrong_number_of_gradients_is_an_error() {
    let x = tensor(3.0).require_grad();
    let f = Returning {
        gradients: vec![Some(tensor(1.0))],
        once: false,
    };
    let error = f.apply(&[&x, &x]).backward().unwrap_err();
    says(&error, &["FBackward", "2 inputs", "1 gradients"]);
}

#[test]
fn row_118_a_gradient_of_the_wrong_shape_is_an_error() {
    let x = tensor([3.0, 4.0]).require_grad();
    let f = Returning {
        gradients: vec![Some(Tensor::ones(&[3]))],
        once: false,
    };
    let error = f.apply(&[&x]).backward().unwrap_err();
    says(&error, &["FBackward", "input 0", "[3]", "[2]"]);
}

#[test]
fn row_119_once_differentiable_twice_is_an_error() {
    let x = tensor(3.0).require_grad();
    let y = Returning {
        gradients: Vec::new(),
        once: true,
    }
    .apply(&[&x]);
    let g = grad_with(&[&(&y * &y)], &[&x], Grad::new().create_graph(true))
        .unwrap()
        .remove(0)
        .unwrap();
    prints(&g, "tensor(108., grad_fn=<Error>)");
    let error = g.backward().unwrap_err();
    assert_eq!(
        error,
        AutogradError::OnceDifferentiable {
            name: "FBackward".into()
        }
    );
}

/// The exponential, which saves its result, or a value computed on the way.
struct Exponential {
    result: bool,
}

impl Function<f64> for Exponential {
    fn name(&self) -> &str {
        "Exponential"
    }

    fn forward(&self, saving: &mut Saving<'_, f64>, inputs: &[&Tensor]) -> Tensor {
        let y = inputs[0].exp();
        saving.save_for_backward(&[&if self.result { y.clone() } else { y.copy() }]);
        y
    }

    fn backward(&self, saved: &Saved<f64>, g: &Tensor) -> Gradients {
        Ok(vec![Some(g * &saved.tensors()[0])])
    }
}

#[test]
fn a_saved_result_has_second_derivatives_and_a_value_computed_on_the_way_is_an_error() {
    let x = tensor([0.5, -1.0]);
    autodiff::gradgradcheck(
        |x| Exponential { result: true }.apply(&[&x[0]]),
        std::slice::from_ref(&x),
    )
    .unwrap();
    let f = |x: &[Tensor]| Exponential { result: false }.apply(&[&x[0]]);
    autodiff::gradcheck(f, std::slice::from_ref(&x)).unwrap();
    let error = autodiff::gradgradcheck(f, &[x]).unwrap_err();
    assert_eq!(
        error,
        AutogradError::OnceDifferentiable {
            name: "ExponentialBackward".into()
        }
    );
}

#[test]
fn row_121_shapes_that_cannot_be_multiplied_are_named() {
    let a = Tensor::<f64>::ones(&[2, 3]);
    let error = a.try_matmul(&a).unwrap_err();
    says(
        &error,
        &[
            "matmul",
            "[2, 3]",
            "rows of the first have 3",
            "columns of the second 2",
        ],
    );
}

#[test]
fn products_with_jacobians_and_hessians() {
    let (x, y) = (tensor([0.5, 1.5]), tensor(2.0));
    let f = |x: &[Tensor]| x[0].sin() * &x[1] * x[0].at(0);
    let [jx, jy] = &functional::jacobian(f, &[&x, &y]).unwrap()[..] else {
        panic!("two inputs")
    };
    assert_eq!((jx.shape(), jy.shape()), (&[2, 2][..], &[2][..]));
    let (vx, vy) = (tensor([0.3, -0.7]), tensor(1.1));
    let (value, derivative) = functional::jvp(f, &[&x, &y], &[&vx, &vy]).unwrap();
    assert_eq!(value, f(&[x.clone(), y.clone()]));
    close(&derivative, &(jx.matmul(&vx) + jy * &vy));
    let w = tensor([1.3, -0.4]);
    let (_, pulled) = functional::vjp(f, &[&x, &y], &w).unwrap();
    close(&pulled[0], &w.matmul(jx));
    close(&pulled[1], &w.dot(jy));

    let s = |x: &[Tensor]| (x[0].sin() * &x[1]).sum().powi(2);
    let h = functional::hessian(s, &[&x, &y]).unwrap();
    assert_eq!(h[0][1].shape(), [2]);
    let (gradient, product) = functional::hvp(s, &[&x, &y], &[&vx, &vy]).unwrap();
    close(
        &gradient[1],
        &functional::jacobian(s, &[&x, &y]).unwrap()[1],
    );
    close(&product[0], &(h[0][0].matmul(&vx) + &h[0][1] * &vy));
    close(&product[1], &(h[1][0].dot(&vx) + &h[1][1] * &vy));
    assert_eq!(
        functional::vhp(s, &[&x, &y], &[&vx, &vy]).unwrap().1,
        product
    );
    assert!(functional::hessian(f, &[&x, &y]).is_err());
    assert!(functional::jvp(f, &[&x, &y], &[&vx, &vx]).is_err());
}

#[track_caller]
fn close(a: &Tensor, b: &Tensor) {
    assert_eq!(a.shape(), b.shape());
    assert!((a - b).abs().le(1e-12).all().item(), "{a} is not {b}");
}

#[test]
fn row_124_a_number_of_double_precision_does_not_promote_a_tensor_of_single_precision() {
    let x = tensor([1.0_f32, 2.0]).require_grad();
    let y: Tensor<f32> = &x * 2.0_f64;
    assert_eq!((y.dtype(), y), (DType::F32, tensor([2.0_f32, 4.0])));
}

#[test]
fn row_127_a_computed_tensor_is_copied_as_part_of_the_graph() {
    // PyTorch refuses a deep copy of it, having none that is recorded; cut off from the graph it can be copied there too.
    let x = tensor(2.0).require_grad();
    let copy = (&x * &x).copy();
    prints(&copy, "tensor(4., grad_fn=<CloneBackward>)");
    assert_eq!(grad(&[&copy], &[&x]).unwrap(), [tensor(4.0)]);
    assert!((&x * &x).detach().copy().is_leaf());
}

#[test]
fn a_generated_derivative_is_one_node_and_its_third_derivative_an_error() {
    let x = tensor([0.5, 2.0]).require_grad();
    let cube = lift::scalars("Cube", |v: f64| v * v * v, |v: f64| 3.0 * v * v)
        .with_hvp(|v: f64, d: f64| (3.0 * v * v, 6.0 * v * d));
    let y = cube.apply([&x]);
    assert_eq!(
        y.grad_fn().unwrap().next_functions()[0]
            .as_ref()
            .unwrap()
            .name(),
        "AccumulateGrad"
    );
    let derive = |y: &Tensor| {
        grad_with(&[&y.sum()], &[&x], Grad::new().create_graph(true))
            .map(|mut g| g.remove(0).unwrap())
    };
    let first = derive(&y).unwrap();
    assert_eq!(first, tensor([0.75, 12.0]));
    let second = derive(&first).unwrap();
    assert_eq!(second, tensor([3.0, 12.0]));
    assert!(matches!(
        derive(&second),
        Err(AutogradError::OnceDifferentiable { .. })
    ));
}
