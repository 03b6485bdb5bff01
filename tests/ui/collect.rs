use autodiff::differentiable;

#[differentiable]
fn logarithms(x: &[f64]) -> f64 {
    let logs = x.iter().map(|v| v.ln()).collect::<std::collections::VecDeque<f64>>();
    logs[0]
}

fn main() {}
