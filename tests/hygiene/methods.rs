//! Methods beside constants, types and macros of any name.

use autodiff::differentiable;

// Our variables are called so; a constant comes ahead of a variable in patterns.
const total: u8 = 0;
const total_bar: u8 = 1;
const i: u8 = 2;
const tape: u8 = 3;
const value: u8 = 4;
const kept: u8 = 5;
const base: u8 = 6;
const columns: u8 = 7;
static mul: u8 = 8;
struct add;
struct ad;
struct Vec;
struct Option;
struct usize;
struct Fn;
macro_rules! vec {
    () => {};
}

#[derive(Clone, Copy)]
struct Model {
    weight: f64,
}

impl Model {
    #[differentiable(wrt(input))]
    fn alone(&self, input: &[f64; 3]) -> f64 {
        let mut sum = 1.0;
        let mut k = 0;
        while k < 3 {
            sum *= input[k].sin() + self.weight;
            k += 1;
        }
        sum
    }
}

/// In a block of their own even the parameters may have the names of constants.
mod block {
    use autodiff::differentiable;

    const dr: u8 = 0;
    const dx: u8 = 1;
    const x_bar: u8 = 2;
    const workspace: u8 = 3;
    const ad: u8 = 4;

    pub(super) struct D;

    pub(super) struct Model<const N: usize> {
        pub(super) weight: f64,
    }

    #[differentiable(wrt(x))]
    impl<const N: usize> Model<N> {
        pub(super) fn in_a_block(&self, x: &[f64; N]) -> f64 {
            let mut sum = 1.0;
            for k in 0..N {
                sum *= x[k].sin() + self.weight;
            }
            sum
        }

        /// What the derivatives are called is not taken.
        pub(super) fn forward(&self) -> D {
            D
        }
    }
}

#[test]
fn methods_mean_what_they_say() {
    let x = [0.5, 1.0, 1.5];
    let (alone, in_a_block) = (Model { weight: 2.0 }, block::Model { weight: 2.0 });
    assert_eq!(alone.alone_gradient(&x), in_a_block.in_a_block_gradient(&x));
    assert_eq!(alone.alone_hessian(&x), in_a_block.in_a_block_hessian(&x));
    let _ = in_a_block.forward();
}
