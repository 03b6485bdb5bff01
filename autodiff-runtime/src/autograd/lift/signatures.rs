//! The signatures of functions and of their derivatives, as `#[differentiable]` writes them, for one to four parameters.

use crate::tensor::Float;

/// A function of `N` numbers: `Fn(T, ..) -> T`.
pub trait ScalarFunction<T, const N: usize> {
    /// The value.
    fn call(&self, x: [T; N]) -> T;
}

/// The partial derivatives of a [`ScalarFunction`], as `f::gradient`: `Fn(T, ..) -> (T, ..)`, and `Fn(T) -> T` for one
/// number.
pub trait ScalarGradient<T, const N: usize> {
    /// The partial derivatives.
    fn call(&self, x: [T; N]) -> [T; N];
}

/// The gradient of a [`ScalarFunction`] and the Hessian times a direction, as `f::hvp`.
pub trait ScalarHvp<T, const N: usize> {
    /// The gradient and the product.
    fn call(&self, x: [T; N], direction: [T; N]) -> [[T; N]; 2];
}

/// A function of `N` slices with the result `R`: `Fn(&[T], ..) -> R`.
pub trait SliceFunction<T, const N: usize, R> {
    /// The value.
    fn call(&self, x: [&[T]; N]) -> R;
}

/// The reverse derivative of a [`SliceFunction`], as `f::vjp`: the value, and the adjoint of each slice from the
/// cotangent of the value. For a result `T` that cotangent is a `T`, for `Vec<T>` a `&[T]`, for `[T; M]` a `[T; M]`.
pub trait SlicePullback<T, const N: usize, R> {
    /// The adjoints.
    fn call(&self, x: [&[T]; N], cotangent: &[T]) -> [Vec<T>; N];
}

/// The gradient of a [`SliceFunction`] with one number as its value and the Hessian times a direction, as `f::hvp`.
pub trait SliceHvp<T, const N: usize> {
    /// The gradient and the product.
    fn call(&self, x: [&[T]; N], direction: [&[T]; N]) -> [[Vec<T>; N]; 2];
}

/// As [`SliceHvp`], of a function of `N` slices and one more, the weights.
pub trait WeightedHvp<T, const N: usize> {
    /// The gradient and the product, the parts that belong to the weights apart.
    fn call(
        &self,
        x: [&[T]; N],
        weights: &[T],
        direction: [&[T]; N],
        weights_direction: &[T],
    ) -> [([Vec<T>; N], Vec<T>); 2];
}

/// What a function of slices may return: a number, a `Vec`, or an array.
pub trait SliceResult<T> {
    /// The numbers, and the shape of the tensor that they make.
    fn into_parts(self) -> (Vec<T>, Vec<usize>);
}

impl<T: Float> SliceResult<T> for T {
    fn into_parts(self) -> (Vec<T>, Vec<usize>) {
        (vec![self], Vec::new())
    }
}

impl<T> SliceResult<T> for Vec<T> {
    fn into_parts(self) -> (Vec<T>, Vec<usize>) {
        let len = self.len();
        (self, vec![len])
    }
}

impl<T, const M: usize> SliceResult<T> for [T; M] {
    fn into_parts(self) -> (Vec<T>, Vec<usize>) {
        (self.into(), vec![M])
    }
}

/// `T` or `&[T]` for each parameter of a list.
macro_rules! number {
    ($x:ident) => {
        T
    };
}
macro_rules! slice {
    ($x:ident) => {
        &[T]
    };
}

/// For each number of parameters: their names, the same as a pattern for what belongs to them (a bare value for one),
/// the names of directions, and the types of such patterns.
macro_rules! arities {
    ($($n:literal: [$($x:ident)*] $tuple:pat, [$($d:ident)*] $again:pat = [$($e:ident)*], $numbers:ty, $vectors:ty, $more:ty;)*) => {$(
        impl<T: Float, F: Fn($(number!($x)),*) -> T> ScalarFunction<T, $n> for F {
            fn call(&self, [$($x),*]: [T; $n]) -> T {
                self($($x),*)
            }
        }

        impl<T: Float, F: Fn($(number!($x)),*) -> $numbers> ScalarGradient<T, $n> for F {
            fn call(&self, [$($x),*]: [T; $n]) -> [T; $n] {
                let $tuple = self($($x),*);
                [$($x),*]
            }
        }

        impl<T: Float, F: Fn($(number!($x),)* $(number!($d)),*) -> ($numbers, $numbers)> ScalarHvp<T, $n> for F {
            fn call(&self, [$($x),*]: [T; $n], [$($d),*]: [T; $n]) -> [[T; $n]; 2] {
                let ($tuple, $again) = self($($x,)* $($d),*);
                [[$($x),*], [$($e),*]]
            }
        }

        impl<T: Float, R, F: Fn($(slice!($x)),*) -> R> SliceFunction<T, $n, R> for F {
            fn call(&self, [$($x),*]: [&[T]; $n]) -> R {
                self($($x),*)
            }
        }

        impl<T: Float, F: Fn($(slice!($x),)* T) -> (T, $vectors)> SlicePullback<T, $n, T> for F {
            fn call(&self, [$($x),*]: [&[T]; $n], cotangent: &[T]) -> [Vec<T>; $n] {
                let (_, $tuple) = self($($x,)* cotangent[0]);
                [$($x),*]
            }
        }

        impl<T: Float, F: Fn($(slice!($x),)* &[T]) -> (Vec<T>, $vectors)> SlicePullback<T, $n, Vec<T>> for F {
            fn call(&self, [$($x),*]: [&[T]; $n], cotangent: &[T]) -> [Vec<T>; $n] {
                let (_, $tuple) = self($($x,)* cotangent);
                [$($x),*]
            }
        }

        impl<T: Float, const M: usize, F: Fn($(slice!($x),)* [T; M]) -> ([T; M], $vectors)> SlicePullback<T, $n, [T; M]> for F {
            fn call(&self, [$($x),*]: [&[T]; $n], cotangent: &[T]) -> [Vec<T>; $n] {
                let cotangent = std::array::from_fn(|i| cotangent[i]);
                let (_, $tuple) = self($($x,)* cotangent);
                [$($x),*]
            }
        }

        impl<T: Float, F: Fn($(slice!($x),)* $(slice!($d)),*) -> ($vectors, $vectors)> SliceHvp<T, $n> for F {
            fn call(&self, [$($x),*]: [&[T]; $n], [$($d),*]: [&[T]; $n]) -> [[Vec<T>; $n]; 2] {
                let ($tuple, $again) = self($($x,)* $($d),*);
                [[$($x),*], [$($e),*]]
            }
        }

        impl<T: Float, F: Fn($(slice!($x),)* &[T], $(slice!($d),)* &[T]) -> ($more, $more)> WeightedHvp<T, $n> for F {
            fn call(
                &self,
                [$($x),*]: [&[T]; $n],
                weights: &[T],
                [$($d),*]: [&[T]; $n],
                weights_direction: &[T],
            ) -> [([Vec<T>; $n], Vec<T>); 2] {
                let (($($x,)* first), ($($e,)* second)) = self($($x,)* weights, $($d,)* weights_direction);
                [([$($x),*], first), ([$($e),*], second)]
            }
        }
    )*};
}

arities! {
    1: [a] a, [da] ea = [ea], T, Vec<T>, (Vec<T>, Vec<T>);
    2: [a b] (a, b), [da db] (ea, eb) = [ea eb], (T, T), (Vec<T>, Vec<T>), (Vec<T>, Vec<T>, Vec<T>);
    3: [a b c] (a, b, c), [da db dc] (ea, eb, ec) = [ea eb ec],
        (T, T, T), (Vec<T>, Vec<T>, Vec<T>), (Vec<T>, Vec<T>, Vec<T>, Vec<T>);
    4: [a b c d] (a, b, c, d), [da db dc dd] (ea, eb, ec, ed) = [ea eb ec ed],
        (T, T, T, T), (Vec<T>, Vec<T>, Vec<T>, Vec<T>), (Vec<T>, Vec<T>, Vec<T>, Vec<T>, Vec<T>);
}
