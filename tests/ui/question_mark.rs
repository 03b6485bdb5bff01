use autodiff::differentiable;

#[differentiable]
fn scaled(x: f64, text: &str) -> Option<f64> {
    let read = |text: &str| -> Option<f64> {
        let scale = text.parse::<f64>().ok()?;
        Some(scale + 1.0)
    };
    let scale = read(text)?;
    Some(x * scale)
}

fn main() {}
