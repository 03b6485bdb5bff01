use autodiff::differentiable;

struct Model {
    weight: f64,
}

impl Model {
    #[differentiable]
    fn predict(&self, x: f64) -> f64 {
        self.weight * x
    }

    #[differentiable(wrt(x))]
    fn constant(&self, x: f64) -> f64 {
        self.weight * x
    }
}

fn main() {}
