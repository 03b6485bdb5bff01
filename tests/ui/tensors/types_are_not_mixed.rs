use autodiff::tensor;

fn main() {
    let _ = tensor([1.0_f32, 2.0]) * tensor(2.0_f64);
}
