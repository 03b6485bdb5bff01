use autodiff::Differentiable;

#[derive(Differentiable)]
#[differentiable(default, eq, tangent = "Name", default = 1)]
struct Model {
    weight: f64,
    #[differentiable(skip)]
    bias: f64,
}

#[derive(Differentiable)]
#[differentiable(default default)]
struct Other;

fn main() {
    // The tangent is there all the same.
    let _ = ModelTangent { weight: 1.0, bias: 2.0 };
}
