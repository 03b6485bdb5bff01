use autodiff::differentiable;

fn jvp(x: f64, seed: &mut u64, dx: f64) -> (f64, f64) {
    *seed += 1;
    (x, dx)
}

fn vjp(x: f64, seed: &mut u64, dr: f64) -> (f64, f64) {
    *seed += 1;
    (x, dr)
}

#[differentiable(jvp = jvp, vjp = vjp)]
fn noisy(x: f64, seed: &mut u64) -> f64 {
    *seed += 1;
    x
}

fn main() {
    (jvp(1.0, &mut 1, 1.0), vjp(1.0, &mut 1, 1.0));
}
