use autodiff::differentiable;

fn half() -> fn(f64) -> f64 {
    |x| x / 2.0
}

#[differentiable]
fn halved(x: f64) -> f64 {
    half()(x)
}

fn main() {}
