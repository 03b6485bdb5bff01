use autodiff::differentiable;

fn jvp(x: f64, dx: f64) -> ([f64; 2], [f64; 2]) {
    ([x, x], [dx, dx])
}

fn vjp(x: f64, dr: [f64; 2]) -> ([f64; 2], f64) {
    ([x, x], dr[0] + dr[1])
}

fn hvp(_: f64, _: f64) -> (f64, f64) {
    (2.0, 0.0)
}

#[differentiable(jvp = jvp, vjp = vjp, hvp = hvp)]
fn twice(x: f64) -> [f64; 2] {
    [x, x]
}

fn main() {
    (jvp(1.0, 1.0), vjp(1.0, [1.0; 2]), hvp(1.0, 1.0));
}
