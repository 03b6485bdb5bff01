use autodiff::differentiable;

#[differentiable]
fn product(x: f64) -> f64 {
    let mut rows = vec![vec![x; 2]; 2];
    rows[0] = vec![x * x; 2];
    rows[0][1]
}

fn main() {}
