fn main() {
    let x = autodiff::tensor(2.0).require_grad();
    let _ = (&x * &x).require_grad(false);
}
