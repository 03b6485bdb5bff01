use autodiff::differentiable;

#[differentiable]
fn everything(x: &[f64], n: usize) -> f64 {
    let square = |y: f64| y * y;
    let mut sum = 0.0;
    for value in x {
        sum += square(*value);
    }
    sum + unsafe { *x.get_unchecked(n) }
}

fn main() {}
