use autodiff::differentiable;

#[differentiable]
fn second(x: [f64; 3]) -> f64 {
    let [first, rest @ ..] = x;
    first * rest[0]
}

fn main() {}
