use autodiff::differentiable;

#[differentiable]
fn next(x: f64) -> f64 {
    x.next_up()
}

fn main() {}
