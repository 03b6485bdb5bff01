use autodiff::{grad, tensor};

fn main() {
    let x = tensor(3.0).require_grad();
    let _ = grad(&[&x.sin()]);
}
