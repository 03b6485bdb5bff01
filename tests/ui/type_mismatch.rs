use autodiff::differentiable;

#[differentiable]
fn same(x: [f64; 2], y: [f64; 2]) -> f64 {
    if x == y { 0.0 } else { x[0] - y[0] }
}

fn main() {}
