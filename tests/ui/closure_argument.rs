use autodiff::differentiable;

fn apply(f: impl Fn(f64) -> f64, x: f64) -> f64 {
    f(x)
}

#[differentiable]
fn twice(x: f64) -> f64 {
    x * apply(|y| 2.0 * y, 1.5)
}

fn main() {}
