use autodiff::differentiable;

#[differentiable]
fn power(x: f64) -> f64 {
    let mut y = 1.0;
    for _letter in 'a'..'f' {
        y *= x;
    }
    y
}

fn main() {}
