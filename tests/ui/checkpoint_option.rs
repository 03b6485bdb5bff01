use autodiff::differentiable;

#[differentiable]
fn power(x: f64, n: usize) -> f64 {
    let mut y = x;
    #[checkpoint(64)]
    for _ in 0..n {
        y *= x;
    }
    #[checkpoint(every = 0)]
    for _ in 0..n {
        y *= x;
    }
    #[checkpoint(each = 2)]
    for _ in 0..n {
        y *= x;
    }
    y
}

fn main() {}
