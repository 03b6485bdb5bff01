use autodiff::differentiable;

fn cos(x: f64) -> f64 {
    x.cos()
}

fn sine_jvp(x: f64, dx: f64) -> (f64, f64) {
    (x.sin(), x.cos() * dx)
}

#[differentiable(partials(cos), jvp = sine_jvp)]
fn sine(x: f64) -> f64 {
    x.sin()
}

fn main() {
    sine_jvp(1.0, cos(1.0));
}
