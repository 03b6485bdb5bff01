fn main() {
    let _ = autodiff::tensor(5).retain_grad();
}
