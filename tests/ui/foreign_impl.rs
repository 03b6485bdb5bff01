use autodiff::differentiable;
use std::ops::{Mul, Neg};

struct Meters(f64);

#[differentiable]
impl Mul<Meters> for f64 {
    type Output = Meters;

    fn mul(self, by: Meters) -> Meters {
        Meters(self * by.0)
    }
}

#[differentiable]
impl Neg for &mut Meters {
    type Output = Meters;

    #[differentiable(order = 1)]
    fn neg(self) -> Meters {
        Meters(-self.0)
    }
}

fn main() {
    let _ = 2.0 * Meters(1.0);
    let _ = -&mut Meters(1.0);
}
