use autodiff::differentiable;

#[differentiable(default)]
fn sine(x: f64) -> f64 {
    x.sin()
}

fn main() {}
