use autodiff::differentiable;

#[differentiable]
fn shown(x: f64) -> f64 {
    println!(concat!("x", " = {}"), x);
    x * x
}

fn main() {}
