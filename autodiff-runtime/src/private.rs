//! What generated code calls. It is public because that code stands in users' crates, and no part of the interface.
//!
//! Generated code names nothing of the standard library but through here, so that names declared by the user cannot
//! come between.

pub extern crate alloc;
pub use core;

pub use alloc::{boxed::Box, vec, vec::Vec};
pub use core::{
    array::from_fn,
    assert, assert_eq, assert_ne, debug_assert, debug_assert_eq, debug_assert_ne,
    option::Option::{self, None, Some},
    panic,
    result::Result::{self, Err, Ok},
    unreachable,
};
pub use num_traits::Float;

pub use crate::{Differentiable, Matrix, Scalar, Tangent, Workspace};

/// Panics unless a direction or an adjoint is as long as the parameter that it belongs to.
#[inline]
#[track_caller]
pub fn check_len(parameter: &str, primal_len: usize, other_len: usize) {
    if primal_len != other_len {
        wrong_len(parameter, primal_len, other_len);
    }
}

#[cold]
#[inline(never)]
#[track_caller]
fn wrong_len(parameter: &str, primal_len: usize, other_len: usize) -> ! {
    panic!(
        "the direction or adjoint of `{parameter}` has length {other_len}, but `{parameter}` has length {primal_len}"
    )
}

/// The zero of the tangents at `value`.
#[inline]
pub fn zero_tangent<A: Differentiable + ?Sized>(value: &A) -> A::Tangent {
    value.zero_tangent()
}

/// Adds `from` to `into`, scalar by scalar.
#[inline]
pub fn accumulate<A: Tangent + ?Sized>(into: &mut A, from: &A) {
    into.accumulate(from);
}

/// Sets every scalar to zero, in place.
#[inline]
pub fn clear<A: Tangent + ?Sized>(tangent: &mut A) {
    tangent.set_zero();
}
