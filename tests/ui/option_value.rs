use autodiff::differentiable;

#[differentiable]
fn largest(x: &[f64]) -> f64 {
    let mut best = None;
    for &v in x {
        if v > 1.0 {
            best = Some(v);
        }
    }
    println!("{best:?}");
    if best == Some(2.0) {
        return 1.0;
    }
    best.xor(Some(1.0)).unwrap_or(0.0)
}

fn main() {}
