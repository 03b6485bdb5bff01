use autodiff::differentiable;

fn sine_vjp(x: f64, dr: f64) -> (f64, f64) {
    (x.sin(), x.cos() * dr)
}

#[differentiable(vjp = sine_vjp)]
fn sine(x: f64) -> f64 {
    x.sin()
}

fn main() {
    sine_vjp(1.0, sine::gradient(1.0));
}
