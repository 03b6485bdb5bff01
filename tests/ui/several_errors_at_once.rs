use autodiff::differentiable;

#[differentiable]
fn everything(x: &[f64], n: usize) -> f64 {
    let largest = x.iter().copied().reduce(f64::max);
    let mut sum = 0.0;
    for _letter in 'a'..'f' {
        sum += x[n];
    }
    sum * largest.unwrap() + unsafe { *x.get_unchecked(n) }
}

fn main() {}
