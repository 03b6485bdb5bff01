use autodiff::differentiable;

#[differentiable]
fn scaled(x: f64, name: &str) -> Result<f64, &str> {
    if x < 0.0 {
        return Err(name);
    }
    Ok(x.sqrt())
}

fn main() {}
