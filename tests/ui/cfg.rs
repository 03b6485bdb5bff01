use autodiff::differentiable;

#[differentiable]
fn checked(x: f64) -> f64 {
    #[cfg(debug_assertions)]
    let x = x.max(0.0);
    x * x
}

fn main() {}
