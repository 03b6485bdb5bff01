use autodiff::differentiable;

fn jvp(x: f64, dx: f64) -> (f64, f64) {
    (x, dx)
}

fn vjp(x: f64, dr: f64) -> (f64, f64) {
    (x, dr)
}

fn hvp(_: f64, _: f64) -> (f64, f64) {
    (1.0, 0.0)
}

#[differentiable(jvp = jvp, vjp = vjp, order = 2)]
fn without(x: f64) -> f64 {
    x
}

#[differentiable(jvp = jvp, vjp = vjp, hvp = hvp, order = 1)]
fn with(x: f64) -> f64 {
    x
}

fn main() {
    (jvp(1.0, 1.0), vjp(1.0, 1.0), hvp(1.0, 1.0));
}
