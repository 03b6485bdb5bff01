fn main() {
    let x = autodiff::tensor(2.0).require_grad();
    let y = &x * &x;
    y.requires_grad = false;
}
