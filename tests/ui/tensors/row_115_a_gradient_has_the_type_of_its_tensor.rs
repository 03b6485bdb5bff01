use autodiff::{Tensor, tensor};

fn main() {
    let x = tensor([2.0_f32, 3.0]).require_grad();
    let _ = x.set_grad(&Tensor::<f64>::ones(&[2]));
}
