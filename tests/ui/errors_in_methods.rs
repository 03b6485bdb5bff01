use autodiff::differentiable;

struct Model {
    weights: Vec<f64>,
}

#[differentiable(wrt(x))]
impl Model {
    fn recursive(&self, x: f64) -> f64 {
        let _later = async { x };
        x
    }

    async fn later(&self, x: f64) -> f64 {
        x
    }

    #[differentiable(oder = 1)]
    fn misspelt(&self, x: f64) -> f64 {
        x * self.weights[0]
    }

    #[differentiable(skip)]
    fn left_out(&self, x: f64) -> f64 {
        let y = async { x };
        let _ = y;
        x
    }
}

impl Model {
    #[differentiable(wrt(y))]
    fn unknown(&self, x: f64) -> f64 {
        x
    }
}

fn main() {
    let model = Model { weights: vec![1.0] };
    let _ = model.left_out(1.0) + model.recursive_gradient(1.0);
}
