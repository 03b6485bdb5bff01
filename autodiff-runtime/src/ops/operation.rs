//! What an operation consists of: its value and three maps, from which all functions of a companion follow.
//!
//! With `y = f(x)` and the derivative `J` at `x`, these are the tangent `J dx`, the reverse `Jᵀ r`, and the curvature: the
//! derivative of `Jᵀ r` along `dx`, with `r` held fixed. The reverse of a function that calls the operation differentiates
//! to `Jᵀ dr` and the curvature, so that nothing else is needed at second order.
//!
//! Most operations are maps that are linear, or linear in each of two operands. Those state the map and its transpose
//! alone; all four parts follow from the pair.

use alloc::{vec, vec::Vec};

use crate::__private::{Directional, Reader, SharedTape};
use crate::{Scalar, Workspace};

/// The result of an operation: one scalar or a `Vec`.
pub trait Results<T>: Left + Default {
    /// The derivatives of the result along the directions of `D`.
    type Along<D: Directional<Scalar = T>>;

    /// Derivatives that are zero, in the shape of the result.
    fn along<D: Directional<Scalar = T>>(&self) -> Self::Along<D>;

    /// Sets the derivative along one direction.
    fn set_lane<D: Directional<Scalar = T>>(along: &mut Self::Along<D>, k: usize, tangent: &Self);

    /// The scalars.
    fn scalars(&self) -> &[T];

    /// Adds `other`, scalar by scalar.
    fn add(&mut self, other: Self);
}

impl<T: Scalar> Results<T> for T {
    type Along<D: Directional<Scalar = T>> = D;

    #[inline]
    fn along<D: Directional<Scalar = T>>(&self) -> D {
        D::zero()
    }

    #[inline]
    fn set_lane<D: Directional<Scalar = T>>(along: &mut D, k: usize, tangent: &Self) {
        along.lanes_mut()[k] = *tangent;
    }

    #[inline]
    fn scalars(&self) -> &[T] {
        core::slice::from_ref(self)
    }

    #[inline]
    fn add(&mut self, other: Self) {
        *self += other;
    }
}

impl<T: Scalar> Results<T> for Vec<T> {
    type Along<D: Directional<Scalar = T>> = Vec<D>;

    #[inline]
    fn along<D: Directional<Scalar = T>>(&self) -> Vec<D> {
        vec![D::zero(); self.len()]
    }

    #[inline]
    fn set_lane<D: Directional<Scalar = T>>(along: &mut Vec<D>, k: usize, tangent: &Self) {
        for (along, tangent) in along.iter_mut().zip(tangent) {
            along.lanes_mut()[k] = *tangent;
        }
    }

    #[inline]
    fn scalars(&self) -> &[T] {
        self
    }

    #[inline]
    fn add(&mut self, other: Self) {
        for (ours, theirs) in self.iter_mut().zip(other) {
            *ours += theirs;
        }
    }
}

/// What a forward sweep leaves for the reverse sweep.
pub trait Left {
    /// Leaves it on a tape.
    fn leave(&self, tape: &mut SharedTape);

    /// Takes it off again.
    fn read(reader: &mut Reader<'_>) -> Self;
}

impl Left for () {
    #[inline]
    fn leave(&self, _: &mut SharedTape) {}

    #[inline]
    fn read(_: &mut Reader<'_>) {}
}

impl<T: Scalar> Left for T {
    #[inline]
    fn leave(&self, tape: &mut SharedTape) {
        tape.push(*self);
    }

    #[inline]
    fn read(reader: &mut Reader<'_>) -> Self {
        *reader.pop()
    }
}

impl<T: Scalar> Left for Vec<T> {
    #[inline]
    fn leave(&self, tape: &mut SharedTape) {
        tape.push_slice(self);
    }

    #[inline]
    fn read(reader: &mut Reader<'_>) -> Self {
        reader.pop_slice().to_vec()
    }
}

/// What the computation of a value leaves behind for the derivatives.
pub trait Kept: Left {
    /// Returns its buffers to the workspace.
    fn give_back(self, workspace: &mut Workspace);
}

impl Kept for () {
    #[inline]
    fn give_back(self, _: &mut Workspace) {}
}

/// The names of an operation and of its `P` differentiated operands, for messages.
pub trait Named<const P: usize> {
    /// The name of the operation.
    const NAME: &'static str;
    /// The names of the operands.
    const OPERANDS: [&'static str; P];
}

/// An operation at a point.
pub struct At<'a, C: Core<T, P> + ?Sized, T: Scalar, const P: usize> {
    /// The parameters that are not differentiated.
    pub shape: C::Shape,
    /// The operands.
    pub x: [&'a [T]; P],
    /// The result.
    pub y: &'a C::Output,
    /// What the value's computation left behind.
    pub kept: &'a C::Kept,
}

/// An operation on `P` slices.
pub trait Core<T: Scalar, const P: usize>: Named<P> {
    /// The parameters that are not differentiated.
    type Shape: Copy;
    /// The result.
    type Output: Results<T>;
    /// What the derivatives need besides operands and result: a factorisation, or nothing.
    type Kept: Kept;
    /// Whether the reverse and the curvature read the result.
    const READS_RESULT: bool;

    /// The value; panics where the operands do not fit each other.
    fn forward(
        shape: Self::Shape,
        x: [&[T]; P],
        workspace: &mut Workspace,
    ) -> (Self::Output, Self::Kept);

    /// The tangent `J dx`.
    fn tangent(at: &At<Self, T, P>, dx: [&[T]; P], workspace: &mut Workspace) -> Self::Output;

    /// Adds the adjoint `Jᵀ r`.
    fn reverse(at: &At<Self, T, P>, r: &[T], into: [&mut [T]; P], workspace: &mut Workspace);

    /// Adds the derivative of `Jᵀ r` along `dx`.
    fn curvature(
        at: &At<Self, T, P>,
        dx: [&[T]; P],
        r: &[T],
        into: [&mut [T]; P],
        workspace: &mut Workspace,
    );
}

/// A linear map with its transpose.
pub trait Linear<T: Scalar>: Named<1> {
    /// The parameters that are not differentiated.
    type Shape: Copy;
    /// The result.
    type Output: Results<T>;

    /// The map.
    fn map(shape: Self::Shape, x: &[T]) -> Self::Output;

    /// Adds the transpose of the map, applied to `r`.
    fn transpose(shape: Self::Shape, r: &[T], into: &mut [T]);
}

/// Lets the parts of an operation follow from a map and its transpose.
macro_rules! linear {
    ($($name:ident)*) => { $(
        impl<T: Scalar> Core<T, 1> for $name {
            type Shape = <Self as Linear<T>>::Shape;
            type Output = <Self as Linear<T>>::Output;
            type Kept = ();
            const READS_RESULT: bool = false;

            #[inline]
            fn forward(shape: <Self as Linear<T>>::Shape, [x]: [&[T]; 1], _: &mut Workspace) -> (<Self as Linear<T>>::Output, ()) {
                (<Self as Linear<T>>::map(shape, x), ())
            }

            #[inline]
            fn tangent(at: &At<Self, T, 1>, [dx]: [&[T]; 1], _: &mut Workspace) -> <Self as Linear<T>>::Output {
                <Self as Linear<T>>::map(at.shape, dx)
            }

            #[inline]
            fn reverse(at: &At<Self, T, 1>, r: &[T], [into]: [&mut [T]; 1], _: &mut Workspace) {
                <Self as Linear<T>>::transpose(at.shape, r, into);
            }

            /// The derivative of a linear map is the same everywhere.
            #[inline]
            fn curvature(_: &At<Self, T, 1>, _: [&[T]; 1], _: &[T], _: [&mut [T]; 1], _: &mut Workspace) {}
        }
    )* };
}

/// A map that is linear in each of two operands, with its transposes.
pub trait Bilinear<T: Scalar>: Named<2> {
    /// The parameters that are not differentiated.
    type Shape: Copy;
    /// The result.
    type Output: Results<T>;

    /// The map; panics where the operands do not fit each other.
    fn map(shape: Self::Shape, x: [&[T]; 2]) -> Self::Output;

    /// Adds both transposes, each with the other operand held fixed, applied to `r`.
    fn transpose(shape: Self::Shape, x: [&[T]; 2], r: &[T], into: [&mut [T]; 2]);
}

/// As `linear`, for two operands.
macro_rules! bilinear {
    ($($name:ident)*) => { $(
        impl<T: Scalar> Core<T, 2> for $name {
            type Shape = <Self as Bilinear<T>>::Shape;
            type Output = <Self as Bilinear<T>>::Output;
            type Kept = ();
            const READS_RESULT: bool = false;

            #[inline]
            fn forward(shape: <Self as Bilinear<T>>::Shape, x: [&[T]; 2], _: &mut Workspace) -> (<Self as Bilinear<T>>::Output, ()) {
                (<Self as Bilinear<T>>::map(shape, x), ())
            }

            #[inline]
            fn tangent(at: &At<Self, T, 2>, [da, db]: [&[T]; 2], _: &mut Workspace) -> <Self as Bilinear<T>>::Output {
                let [a, b] = at.x;
                let mut tangent = <Self as Bilinear<T>>::map(at.shape, [da, b]);
                $crate::ops::operation::Results::add(&mut tangent, <Self as Bilinear<T>>::map(at.shape, [a, db]));
                tangent
            }

            #[inline]
            fn reverse(at: &At<Self, T, 2>, r: &[T], into: [&mut [T]; 2], _: &mut Workspace) {
                <Self as Bilinear<T>>::transpose(at.shape, at.x, r, into);
            }

            /// Each transpose is linear in the operand that it holds fixed: its derivative is itself, at the direction.
            #[inline]
            fn curvature(
                at: &At<Self, T, 2>,
                dx: [&[T]; 2],
                r: &[T],
                into: [&mut [T]; 2],
                _: &mut Workspace,
            ) {
                <Self as Bilinear<T>>::transpose(at.shape, dx, r, into);
            }
        }
    )* };
}

pub(super) use {bilinear, linear};
