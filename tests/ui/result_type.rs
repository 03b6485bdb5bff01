use autodiff::differentiable;

#[differentiable]
fn root(x: f64) -> std::cell::Cell<f64> {
    std::cell::Cell::new(x.sqrt())
}

fn main() {}
