fn main() {
    let _ = autodiff::tensor([1, 2, 3]).require_grad();
}
