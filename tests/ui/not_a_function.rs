use autodiff::differentiable;

#[differentiable]
mod model {}

fn main() {}
