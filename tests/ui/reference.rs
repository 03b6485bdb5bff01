use autodiff::differentiable;

#[differentiable]
fn larger(x: f64, y: f64) -> f64 {
    let larger = if x > y { &x } else { &y };
    *larger * 2.0
}

fn main() {}
