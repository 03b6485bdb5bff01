use autodiff::differentiable;

#[differentiable]
fn append(x: &mut Vec<f64>, y: f64) {
    x.push(y * y);
}

fn main() {}
