use autodiff::{Backward, tensor};

fn main() {
    let x = tensor([1.0, 2.0, -2.0]).require_grad();
    let _ = x.powi(2).backward_with(Backward::new().gradient(&[1.0, 0.0, 0.0]));
}
