use autodiff::differentiable;

#[differentiable]
fn square(x: f64) -> f64 {
    type Real = f64;
    let y: Real = x * x;
    y
}

fn main() {}
