use autodiff::differentiable;

#[differentiable]
fn first(x: [f64; 2]) -> f64 {
    unsafe { *x.get_unchecked(0) }
}

fn main() {}
