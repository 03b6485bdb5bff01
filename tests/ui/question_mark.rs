use autodiff::differentiable;

fn parse(text: &str) -> Option<f64> {
    text.parse().ok()
}

#[differentiable]
fn scaled(x: f64, text: &str) -> Option<f64> {
    let scale = parse(text)?;
    Some(x * scale)
}

fn main() {}
