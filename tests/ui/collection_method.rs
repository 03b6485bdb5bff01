use autodiff::differentiable;

#[differentiable]
fn swapped(x: &mut [f64]) {
    x.swap(0, 1);
}

fn main() {}
