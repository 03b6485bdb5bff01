use autodiff::differentiable;

#[differentiable]
fn stopped(x: f64) -> f64 {
    loop {
        break 'outer;
    }
    x
}

fn main() {}
