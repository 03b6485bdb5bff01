use autodiff::differentiable;

#[differentiable]
fn by_x(_x: f64, n: i32, y: f64) -> f64 {
    y.powi(n)
}

#[differentiable(partials(by_x))]
fn scaled_power(x: f64, n: i32, y: f64) -> f64 {
    x * y.powi(n)
}

#[differentiable(partials(by_x, by_x, by_x))]
fn too_many(x: f64, n: i32, y: f64) -> f64 {
    x * y.powi(n)
}

fn main() {}
