use autodiff::Differentiable;

#[derive(Differentiable)]
#[no_derivative]
struct Model {
    weight: f64,
    #[no_derivative(bias)]
    bias: f64,
}

fn main() {}
