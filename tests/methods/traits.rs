//! The `impl` of a trait: the derivatives are methods of the type.

use autodiff::differentiable;
use num_traits::Float;

/// What a trait's `impl` gets.
trait Objective {
    type Scale;
    const FACTOR: f64;
    fn helper(n: usize) -> f64;
    fn loss(&self, x: &[f64], scale: Self::Scale) -> f64;
}

struct Squares {
    target: f64,
}

#[differentiable(wrt(x))]
impl Objective for Squares {
    type Scale = f64;
    const FACTOR: f64 = 0.5;

    #[differentiable(skip)]
    fn helper(n: usize) -> f64 {
        1.0 / n as f64
    }

    fn loss(&self, x: &[f64], scale: Self::Scale) -> f64 {
        let mut total = 0.0;
        for i in 0..x.len() {
            total += (x[i] - self.target).powi(2) * scale;
        }
        total * Self::FACTOR * Self::helper(x.len())
    }
}

#[test]
fn the_impl_of_a_trait() {
    let squares = Squares { target: 1.0 };
    let x = [2.0, 4.0];
    assert_eq!(squares.loss(&x, 2.0), 5.0);
    assert_eq!(squares.loss_gradient(&x, 2.0), [1.0, 3.0]);
    assert_eq!(squares.loss_hessian(&x, 2.0)[(1, 1)], 1.0);
}

/// Operators are functions of traits too; the names tell several of one kind apart.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Ratio;

#[differentiable]
impl std::ops::Mul<f64> for Ratio {
    type Output = f64;

    #[differentiable(wrt(by), companion = mul_number)]
    fn mul(self, by: f64) -> Self::Output {
        by * by
    }
}

#[differentiable]
impl<T: Float> std::ops::Mul<[T; 2]> for Ratio {
    type Output = T;

    #[differentiable(wrt(by), companion = mul_pair)]
    fn mul(self, by: [T; 2]) -> Self::Output {
        by[0] * by[1]
    }
}

#[differentiable(wrt(by))]
impl<'a> std::ops::Div<&'a [f64]> for &'a Ratio {
    type Output = f64;

    fn div(self, by: &'a [f64]) -> f64 {
        let mut total = 1.0;
        for i in 0..by.len() {
            total /= by[i];
        }
        total
    }
}

#[differentiable]
impl std::ops::Rem<f64> for &Ratio {
    type Output = f64;

    #[differentiable(wrt(by))]
    fn rem(self: Self, by: f64) -> Self::Output {
        3.5 % by
    }
}

#[test]
fn operators_of_references() {
    assert_eq!(Ratio.div_gradient(&[2.0, 4.0]), [-0.0625, -0.03125]);
    assert_eq!(Ratio.rem_gradient(1.5), -2.0);
    assert_eq!(&Ratio % 1.5 + &Ratio / &[2.0][..], 1.0);
}

#[test]
fn operators() {
    assert_eq!(Ratio * 3.0, 9.0);
    assert_eq!(Ratio.mul_number_gradient(3.0), 6.0);
    assert_eq!(Ratio.mul_pair_gradient([3.0, 4.0]), [4.0, 3.0]);
    assert_eq!(Ratio * [3.0, 4.0], 12.0);
}
