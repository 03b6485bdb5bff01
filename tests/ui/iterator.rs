use autodiff::differentiable;

#[differentiable]
fn running_product(x: &[f64]) -> f64 {
    x.iter()
        .scan(1.0, |state, v| {
            *state *= v;
            Some(*state)
        })
        .sum()
}

fn main() {}
