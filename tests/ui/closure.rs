use autodiff::differentiable;

#[differentiable]
fn twice(x: f64) -> f64 {
    let (double, half) = (|y: f64| 2.0 * y, |y: f64| 0.5 * y);
    double(x) + half(x)
}

fn main() {}
