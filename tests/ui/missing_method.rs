use autodiff::differentiable;

struct Circle;

impl Circle {
    fn area(r: f64) -> f64 {
        r * r
    }

    fn scaled(&self, r: f64) -> f64 {
        2.0 * r
    }

    #[differentiable(associated, wrt(r))]
    fn constant_in(r: f64, by: f64) -> f64 {
        r * by
    }

    #[differentiable(associated)]
    fn left_out(x: f64) -> f64 {
        Circle::constant_in(x, x)
    }
}

#[differentiable(wrt(x))]
fn sum(circle: &Circle, x: f64) -> f64 {
    Circle::area(x) + circle.scaled(x)
}

fn main() {}
