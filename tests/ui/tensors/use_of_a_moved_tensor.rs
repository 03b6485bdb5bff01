use autodiff::tensor;

fn main() {
    let x = tensor([1.0, 2.0]);
    let leaf = x.require_grad();
    let _ = &leaf * &x;
}
