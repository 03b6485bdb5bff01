//! All forms of receivers, of generics, and of blocks.

use autodiff::differentiable;
use num_traits::Float;

/// All forms of receivers and of generics that a single method can have.
struct Grid<'g, T, const N: usize> {
    cells: &'g [T; N],
    origin: f64,
}

impl<'g, T: Copy + Into<f64>, const N: usize> Grid<'g, T, N> {
    const HALF: usize = 2;

    #[differentiable(wrt(x))]
    fn borrowed<'a>(&'a self, x: &'a [f64]) -> f64 {
        let mut total = self.origin;
        for i in 0..N {
            let w: f64 = self.cells[i].into();
            total += w * x[i] * x[i];
        }
        total
    }

    #[differentiable(wrt(x))]
    fn moved(self, x: f64) -> f64
    where
        T: Clone,
    {
        4.0 * self.origin * x * x
    }

    #[differentiable(wrt(x))]
    fn boxed(self: Box<Self>, x: f64) -> f64 {
        let origin: f64 = self.origin;
        origin * x * x
    }

    #[differentiable(associated)]
    fn own_generics<U: Float, const M: usize>(x: [U; M], pair: [U; 2]) -> [U; M] {
        let mut y = x;
        for i in 0..M {
            y[i] = x[i] * pair[i % Self::HALF];
        }
        y
    }
}

#[test]
fn forms_of_receivers() {
    let grid = || Grid {
        cells: &[1.0_f32, 2.0],
        origin: 0.5,
    };
    assert_eq!(grid().borrowed(&[1.0, 2.0]), 9.5);
    assert_eq!(grid().borrowed_gradient(&[1.0, 2.0]), [2.0, 8.0]);
    assert_eq!(grid().moved_gradient(3.0), 12.0);
    assert_eq!(Box::new(grid()).boxed_gradient(3.0), 3.0);
    let jacobian = Grid::<f32, 1>::own_generics_jacobian([2.0_f64, 3.0], [4.0, 5.0]);
    assert_eq!(jacobian.row(0), [4.0, 0.0, 2.0, 0.0]);
    assert_eq!(jacobian.row(1), [0.0, 5.0, 0.0, 3.0]);
}

macro_rules! scaled {
    ($name:ident, $method:ident, $factor:expr, $number:ty) => {
        struct $name;

        #[differentiable]
        impl $name {
            fn $method(x: $number) -> $number {
                let y = $factor * x;
                y * x
            }
        }

        impl $name {
            #[differentiable(wrt(x))]
            fn alone(&self, x: $number) -> $number {
                $factor * x
            }
        }
    };
}

scaled!(Doubled, doubled, 2.0, f64);
scaled!(Tripled, tripled, 3.0, f32);

#[test]
fn blocks_of_macros() {
    assert_eq!(Doubled::doubled_gradient(3.0), 12.0);
    assert_eq!(Tripled::tripled_gradient(3.0), 18.0_f32);
    assert_eq!(
        Tripled.alone_gradient(1.0) + Doubled.alone_gradient(1.0) as f32,
        5.0
    );
}

/// A block whose generics the functions need.
struct Polynomial<T, const N: usize> {
    coefficients: [T; N],
}

#[differentiable]
impl<T: Float, const N: usize> Polynomial<T, N> {
    /// Nothing to differentiate with respect to.
    fn degree(&self) -> usize {
        self.coefficients.len() - 1
    }

    #[differentiable(skip)]
    fn new(coefficients: [T; N]) -> Self {
        Self { coefficients }
    }

    #[differentiable(wrt(x))]
    fn at(&self, x: T) -> T {
        let mut value = T::zero();
        for i in (0..N).rev() {
            let c: T = self.coefficients[i];
            value = value * x + c;
        }
        value
    }

    fn of(coefficients: &[T; N], x: T) -> T {
        let mut value = T::zero();
        for i in (0..N).rev() {
            value = value * x + coefficients[i];
        }
        value
    }

    #[differentiable(order = 1)]
    fn scaled<const M: usize>(x: [T; M], by: T) -> [T; M] {
        let mut scaled = x;
        for i in 0..M {
            scaled[i] = x[i] * by;
        }
        scaled
    }
}

#[test]
fn a_generic_block() {
    let cubic = Polynomial::new([1.0, -2.0, 0.5, 3.0]);
    assert_eq!(cubic.degree(), 3);
    assert_eq!(cubic.at(2.0), 23.0);
    assert_eq!(cubic.at_gradient(2.0), 36.0);
    assert_eq!(cubic.at_hessian(2.0), [[37.0]]);
    let (of_coefficients, of_x) = Polynomial::of_gradient(&cubic.coefficients, 2.0);
    assert_eq!((of_coefficients, of_x), ([1.0, 2.0, 4.0, 8.0], 36.0));
    assert_eq!(Polynomial::<f32, 2>::of_gradient(&[1.0, 3.0], 2.0).1, 3.0);
    assert_eq!(
        Polynomial::<f64, 4>::scaled_vjp([1.0, 2.0], 3.0, [1.0, -1.0]),
        ([3.0, 6.0], ([3.0, -3.0], -1.0))
    );
}

/// Functions that are there under a condition have derivatives under the same; what is left out may be wrong.
struct Conditional;

#[differentiable]
impl Conditional {
    #[cfg(not(any()))]
    fn there(x: f64) -> f64 {
        x * x
    }

    #[cfg(any())]
    fn not_there(x: f64) -> f64 {
        async { x }
    }
}

#[differentiable]
#[cfg(any())]
impl Conditional {
    fn not_there_either(x: f64) -> f64 {
        async { x }
    }
}

#[test]
fn conditions_hold_for_derivatives() {
    assert_eq!(Conditional::there_gradient(3.0), 6.0);
}

/// Rules of the user's own for methods: the partial derivatives are methods too.
struct Kernel {
    width: f64,
}

#[differentiable(wrt(x))]
impl Kernel {
    #[differentiable(partials(Self::slope))]
    fn at(&self, x: f64) -> f64 {
        (-(x * x) / self.width).exp()
    }

    fn slope(&self, x: f64) -> f64 {
        -2.0 * x / self.width * (-(x * x) / self.width).exp()
    }

    fn both(&self, x: f64) -> f64 {
        self.at(x) * Self::at(self, x * x)
    }

    #[differentiable(order = 1)]
    fn four_times(&self, x: f64) -> f64 {
        self.twice(self.twice(x))
    }

    #[differentiable(jvp = Self::twice_forward, vjp = Self::twice_backward)]
    fn twice(&self, x: f64) -> f64 {
        2.0 * x
    }

    #[differentiable(skip)]
    fn twice_forward(&self, x: f64, dx: f64) -> (f64, f64) {
        (2.0 * x, 2.0 * dx)
    }

    #[differentiable(skip)]
    fn twice_backward(&self, x: f64, dr: f64) -> (f64, f64) {
        (2.0 * x, 2.0 * dr)
    }
}

#[test]
fn rules_for_methods() {
    let kernel = Kernel { width: 2.0 };
    let second = kernel.slope_gradient(0.5);
    assert_eq!(kernel.at_gradient(0.5), kernel.slope(0.5));
    assert_eq!(kernel.at_hessian(0.5), [[second]]);
    assert_eq!(kernel.at_hvp(0.5, 2.0).1, second * 2.0);
    assert_eq!(kernel.twice_pullback(0.5).1(3.0), 6.0);
}

mod geometry {
    use autodiff::differentiable;

    pub struct Cone<'a> {
        pub(super) heights: &'a [f64],
    }

    #[differentiable]
    impl<'a> Cone<'a> {
        #[differentiable(wrt(r))]
        pub fn volume(&'a self, r: f64) -> f64 {
            let mut total = 0.0;
            for i in 0..self.heights.len() {
                let h: f64 = self.heights[i];
                total += r * r * h;
            }
            total
        }

        #[differentiable(wrt(r))]
        pub(super) fn by_function(&self, r: f64, weight: impl Fn(usize) -> f64) -> f64 {
            let w: f64 = weight(2);
            r * r * w
        }
    }
}

#[test]
fn lifetimes_and_modules() {
    let cone = geometry::Cone {
        heights: &[1.0, 2.0],
    };
    assert_eq!(cone.volume_gradient(2.0), 12.0);
    assert_eq!(cone.by_function_gradient(2.0, |i| i as f64), 8.0);
}

#[test]
fn methods_with_rules_are_called() {
    let kernel = Kernel { width: 2.0 };
    let x: f64 = 0.7;
    let value = (-(x * x + x.powi(4)) / 2.0).exp();
    let slope = -(x + 2.0 * x.powi(3));
    assert!((kernel.both_gradient(x) - slope * value).abs() < 1e-14);
    let (_, second) = kernel.both_hvp(x, 1.0);
    assert!((second - (slope * slope - 1.0 - 6.0 * x * x) * value).abs() < 1e-14);
    assert_eq!(kernel.four_times_gradient(x), 4.0);
    assert_eq!(kernel.four_times_jvp(x, 0.5).1, 2.0);
}
