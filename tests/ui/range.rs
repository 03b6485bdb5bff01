use autodiff::differentiable;

#[differentiable]
fn power(x: f64, n: usize) -> f64 {
    let mut y = 1.0;
    for i in 0.. {
        if i == n {
            break;
        }
        y *= x;
    }
    y
}

fn main() {}
