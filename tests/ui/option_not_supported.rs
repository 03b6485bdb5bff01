use autodiff::differentiable;

#[differentiable(partials(cos))]
fn sine(x: f64) -> f64 {
    x.sin()
}

fn main() {}
