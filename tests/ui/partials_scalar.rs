use autodiff::differentiable;

fn one(_: f64) -> f64 {
    1.0
}

#[differentiable(partials(one))]
fn total(x: &[f64]) -> f64 {
    x.iter().sum()
}

#[differentiable(partials(one))]
fn pair(x: f64) -> (f64, f64) {
    (x, x)
}

#[differentiable(partials(one))]
fn changed(x: &mut f64) -> f64 {
    *x
}

#[differentiable(partials(one))]
fn written(x: f64) {
    println!("{x}");
}

#[differentiable(partials(one, one))]
fn mixed(x: f64, y: f32) -> f64 {
    x + f64::from(y)
}

fn main() {}
