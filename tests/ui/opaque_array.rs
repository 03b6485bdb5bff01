use autodiff::differentiable;

fn weights() -> [f64; 3] {
    [1.0, 2.0, 1.0]
}

#[differentiable]
fn shifted(x: f64) -> f64 {
    let mut w = weights();
    w[0] = x;
    w[0] * w[1]
}

fn main() {}
