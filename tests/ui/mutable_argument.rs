use autodiff::differentiable;

fn advance(seed: &mut u32) -> u32 {
    *seed = seed.wrapping_mul(69_069).wrapping_add(1);
    *seed
}

#[differentiable]
fn noisy(x: f64) -> f64 {
    let mut seed = 1;
    x + advance(&mut seed) as f64
}

fn main() {}
