use autodiff::differentiable;

#[differentiable(wrt(y))]
fn square(x: f64) -> f64 {
    x * x
}

fn main() {}
