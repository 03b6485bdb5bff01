//! What generated code calls. It is public because that code stands in users' crates, and no part of the interface.
//!
//! Generated code names nothing of the standard library but through here, so that names declared by the user cannot
//! come between.

pub extern crate alloc;
pub use core;

pub use alloc::{boxed::Box, vec, vec::Vec};
pub use core::{
    array::from_fn,
    assert, assert_eq, assert_ne,
    clone::Clone,
    debug_assert, debug_assert_eq, debug_assert_ne,
    default::Default,
    iter::zip,
    marker::PhantomData,
    ops::Fn,
    option::Option::{self, None, Some},
    panic,
    result::Result::{self, Err, Ok},
    unreachable,
};
pub use num_traits::Float;
use num_traits::One;

pub use crate::lanes::{Directional, Lanes};
pub use crate::shared_tape::{Reader, SharedTape};
pub use crate::tape::{Back, Rows, Tape};
pub use crate::{__bindings as bindings, __names as names};
pub use crate::{Differentiable, Matrix, Scalar, Tangent, Workspace};

/// Lets names mean in the block around what generated code takes them for, whatever they mean further out: each of
/// those listed can be that of a variable, and these two are types. In a pattern, a name is that of a constant where one
/// is in scope, whatever the hygiene of macros; a function of that name is nearer, and a variable may shadow it.
#[doc(hidden)]
#[macro_export]
macro_rules! __names {
    ($($name:ident),*) => {
        use $crate::__private::core::primitive::{bool, usize};
        $(fn $name() {})*
    };
}

/// Does not compile where one of the names, which were read as new variables in patterns, is that of a constant.
#[doc(hidden)]
#[macro_export]
macro_rules! __bindings {
    ($($name:ident),*) => {
        $(const _: fn($crate::__private::Variable) = |$name| ();)*
    };
}

/// What a name is expected to stand for that is not that of a constant.
pub struct Variable;

/// Stands for another value of a type, in code that never runs.
pub fn like<T>(_: &T) -> T {
    unreachable!("this is written down for its type alone")
}

/// Panics unless a direction or an adjoint is as long as the parameter that it belongs to.
#[inline]
#[track_caller]
pub fn check_len(parameter: &str, primal_len: usize, other_len: usize) {
    if primal_len != other_len {
        wrong_len(parameter, primal_len, other_len);
    }
}

/// As [`check_len`], for a field; one without a derivative has no directions and no adjoints.
#[inline]
#[track_caller]
pub fn check_field_len<A: MaybeLong + ?Sized>(field: &str, primal_len: usize, other: &A) {
    if let Some(other_len) = other.len_if_any() {
        check_len(field, primal_len, other_len);
    }
}

/// The tangents of what is used as a sequence.
pub trait MaybeLong {
    /// The length; `None` for `()`.
    fn len_if_any(&self) -> Option<usize>;
}

impl MaybeLong for () {
    fn len_if_any(&self) -> Option<usize> {
        None
    }
}

impl<A> MaybeLong for [A] {
    fn len_if_any(&self) -> Option<usize> {
        Some(self.len())
    }
}

impl<A, const N: usize> MaybeLong for [A; N] {
    fn len_if_any(&self) -> Option<usize> {
        Some(N)
    }
}

impl<A> MaybeLong for Vec<A> {
    fn len_if_any(&self) -> Option<usize> {
        Some(self.len())
    }
}

impl<A: MaybeLong + ?Sized> MaybeLong for &A {
    fn len_if_any(&self) -> Option<usize> {
        (**self).len_if_any()
    }
}

impl<A: MaybeLong + ?Sized> MaybeLong for Box<A> {
    fn len_if_any(&self) -> Option<usize> {
        (**self).len_if_any()
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

/// A number of another type, rounded: what `as` does, for a scalar that is a type parameter.
#[inline]
pub fn cast<T: Scalar, N: num_traits::ToPrimitive>(number: N) -> T {
    T::from(number).expect("every number can be rounded to a scalar")
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

/// The zero of the shape of a tangent.
#[inline]
pub fn zeroed<A: Tangent + Clone>(tangent: &A) -> A {
    let mut zero = tangent.clone();
    zero.set_zero();
    zero
}

/// The number of scalars in a tangent.
#[inline]
pub fn dimension<A: Tangent + ?Sized>(tangent: &A) -> usize {
    tangent.dimension()
}

/// The number of scalars in the tangents at `value`.
#[inline]
pub fn dimension_at<A: Differentiable + ?Sized>(value: &A) -> usize {
    value.zero_tangent().dimension()
}

/// Calls `visit` with each scalar of a tangent, in order.
#[inline]
pub fn for_each_scalar<A: Tangent + ?Sized, T: Scalar>(tangent: &A, mut visit: impl FnMut(&T)) {
    tangent.for_each_scalar(&mut |scalar| visit(&T::from_literal(scalar)));
}

/// Replaces each scalar of a tangent, in order, by what `visit` makes of zero.
#[inline]
pub fn set_scalars<A: Tangent + ?Sized, T: Scalar>(tangent: &mut A, mut visit: impl FnMut(&mut T)) {
    tangent.assign_scalars(&mut || {
        let mut scalar = <T as num_traits::Zero>::zero();
        visit(&mut scalar);
        scalar.widen()
    });
}

/// Does not compile unless what `part` gives of a tangent is `()`: such a part of the value was read as what has no
/// derivative.
#[inline(always)]
pub fn inactive<A: Differentiable + ?Sized, B: Inactive + ?Sized>(
    _value: &A,
    _part: impl FnOnce(&A::Tangent) -> &B,
) {
}

/// The tangents of what has no derivative.
#[diagnostic::on_unimplemented(
    message = "this part of a struct has a derivative, but its value goes where none can follow it",
    label = "read as what has no derivative",
    note = "give it a name and its type first, so that it is read as a number: `let x: f64 = p.x;`",
    note = "to have it constant, mark the field `#[no_derivative]`"
)]
pub trait Inactive {}

impl Inactive for () {}
impl<A: Inactive> Inactive for [A] {}
impl<A: Inactive, const N: usize> Inactive for [A; N] {}
impl<A: Inactive> Inactive for Vec<A> {}
impl<A: Inactive> Inactive for Option<A> {}

/// The range, from its end.
#[inline(always)]
pub fn rev<I: DoubleEndedIterator>(range: I) -> core::iter::Rev<I> {
    range.rev()
}

/// The first positions of sweeps that take `lanes` of `columns` positions each. There is a first sweep even where
/// there are no positions: the function may panic.
#[inline(always)]
pub fn sweeps(columns: usize, lanes: usize) -> impl Iterator<Item = usize> {
    (0..columns.max(1)).step_by(lanes)
}

/// How many scalars all parts hold together.
#[inline]
pub fn count<A>(parts: &[A], of_part: impl FnMut(&A) -> usize) -> usize {
    parts.iter().map(of_part).sum()
}

/// A copy of a slice.
#[inline]
pub fn to_vec<T: Clone>(slice: &[T]) -> Vec<T> {
    slice.to_vec()
}

/// A `Vec` with one element for each element of `parts`.
#[inline]
pub fn map<A, B>(parts: &[A], of_part: impl FnMut(&A) -> B) -> Vec<B> {
    parts.iter().map(of_part).collect()
}

/// A buffer of the workspace with `len` elements that are `value`.
#[inline]
pub fn filled<T: Clone + Send + Sync + 'static>(
    workspace: &mut Workspace,
    value: T,
    len: usize,
) -> Vec<T> {
    let mut buffer = workspace.take();
    buffer.resize(len, value);
    buffer
}

/// A buffer of the workspace with the elements of `content`.
#[inline]
pub fn copied<T: Copy + Send + Sync + 'static>(workspace: &mut Workspace, content: &[T]) -> Vec<T> {
    let mut buffer = workspace.take();
    buffer.extend_from_slice(content);
    buffer
}

/// The share of `x` in the derivative of `x.max(y)`: at a tie each has half of it, and NaN has none.
#[inline]
pub fn share_of_max<T: Scalar>(x: T, y: T) -> T {
    if x > y || (x != y && y.is_nan()) {
        T::one()
    } else if x == y {
        T::from_literal(0.5)
    } else {
        <T as num_traits::Zero>::zero()
    }
}

/// The share of `x` in the derivative of `x.min(y)`, likewise.
#[inline]
pub fn share_of_min<T: Scalar>(x: T, y: T) -> T {
    share_of_max(-x, -y)
}

/// The derivative of a constant.
#[inline]
pub fn zero<D: Directional>() -> D {
    D::zero()
}

/// Takes an adjoint or a tangent away: zero stays behind.
#[inline(always)]
pub fn take<D: Directional>(from: &mut D) -> D {
    core::mem::replace(from, D::zero())
}

/// Sets the lane to 1 that stands for the scalar at the position `at` in a sweep over the positions from `base` on,
/// and counts that position.
#[inline]
pub fn seed<D: Directional<Scalar: Scalar>>(direction: &mut D, at: &mut usize, base: usize) {
    if let Some(lane) = at
        .checked_sub(base)
        .and_then(|lane| direction.lanes_mut().get_mut(lane))
    {
        *lane = D::Scalar::one();
    }
    *at += 1;
}

/// Writes derivatives into a row from the column `base` on, as far as the row goes.
#[inline]
pub fn place<D: Directional<Scalar: Copy>>(row: &mut [D::Scalar], base: usize, derivatives: &D) {
    for (entry, derivative) in row[base..].iter_mut().zip(derivatives.lanes()) {
        *entry = *derivative;
    }
}

/// Sets the scalar at the position `at` to 1 if that is the position `one`, and counts it.
#[inline]
pub fn unit<T: Scalar>(scalar: &mut T, at: &mut usize, one: usize) {
    if *at == one {
        *scalar = T::one();
    }
    *at += 1;
}

/// A type, under a name that no parameter has.
pub type Itself<T> = T;

/// Derivatives along no direction, of a function that computes in several floating-point types.
#[derive(Clone, Copy, Debug)]
pub struct Nothing;

impl Nothing {
    /// The derivative of a constant.
    pub const fn zero() -> Self {
        Self
    }
}

/// What a reverse sweep gets in the place of an argument behind `&mut`: whatever that was, the forward sweep went over
/// it. Where rustc expects a reference and finds this, a `&mut` was handed to a function that only reads: `&*x` it is.
#[derive(Clone, Copy, Debug)]
pub struct Overwritten;

/// Fails to compile where an argument that varies goes into a parameter that the callee holds constant.
pub const fn check_varying(parameters: &[bool], varied: &[bool]) {
    let mut k = 0;
    while k < parameters.len() && k < varied.len() {
        assert!(
            parameters[k] || !varied[k],
            "an argument that depends on an active input goes into a parameter that the called function leaves out \
             of its `wrt(..)`: name it there, or hand over `autodiff::stop_gradient(..)` of it"
        );
        k += 1;
    }
}

/// The value, of which no derivative is taken. `stop` is the function that says so, by the name that it has in the user's
/// code: of all types, it can only be one that hands back what it gets.
#[inline(always)]
pub fn stopped<T>(stop: fn(Variable) -> Variable, value: T) -> T {
    let _ = stop;
    value
}

/// Fails to compile where a function of second order calls one of first order.
pub const fn check_second(second: bool) {
    assert!(
        second,
        "this function calls one that is differentiated once, since that says `order = 1` or is a rule without `hvp`: \
         say `#[differentiable(order = 1)]` here, too"
    );
}

/// Fails to compile where a partial derivative is differentiated with respect to other parameters than its function.
pub const fn check_partial(partial: &[bool], function: &[bool]) {
    let mut k = 0;
    while k < partial.len() && k < function.len() {
        assert!(
            partial[k] == function[k],
            "this partial derivative is differentiated with respect to other parameters than the function: give both \
             the same `wrt(..)`"
        );
        k += 1;
    }
}

/// Along how many directions derivatives go.
#[inline(always)]
pub fn count_lanes<D: Directional>() -> usize {
    D::zero().lanes().len()
}

/// Fails to compile where second derivatives are asked of a function that has first derivatives alone.
pub const fn first_order_only<D>() {
    assert!(
        size_of::<D>() == 0,
        "this function is differentiated once: it says `order = 1`, or is a rule without `hvp`"
    );
}

/// Fails to compile where a function is called whose sweeps leave values for each other whose types are not known.
pub const fn unknown_types<D>() {
    assert!(
        size_of::<D>() == usize::MAX,
        "a value in this function is needed in its reverse sweep, and nothing tells its type: write it down where the \
         value is made, as in `let count: usize = count_of(n);`"
    );
}

/// What goes with an argument that is constant and whose type generated code does not know: what its callee takes.
#[diagnostic::on_unimplemented(
    message = "the type of a constant argument is not known to `#[differentiable]`",
    note = "bind it to a variable of a written type first: `let table: [f64; 3] = TABLE;`"
)]
pub trait Absent {
    /// What goes with it.
    fn absent() -> Self;
}

impl<D: Directional> Absent for D {
    #[inline]
    fn absent() -> Self {
        D::zero()
    }
}

impl Absent for () {
    #[inline]
    fn absent() -> Self {}
}

impl Absent for Nothing {
    #[inline]
    fn absent() -> Self {
        Self
    }
}

impl<T: Absent, const N: usize> Absent for [T; N] {
    #[inline]
    fn absent() -> Self {
        from_fn(|_| T::absent())
    }
}

/// What goes with a constant argument.
#[inline]
pub fn absent<T: Absent>() -> T {
    T::absent()
}

/// Implemented by companions for the sake of rustc's dead-code analysis: the method mentions the function, so that one
/// which is used only through its companion counts as used. `Generics` names the generic parameters of the function.
pub trait Companion<Generics: ?Sized> {
    /// Mentions the function.
    fn primal();
}

/// Stands for a value of any type in a call that is mentioned and never made.
#[must_use]
pub fn any<T>() -> T {
    unreachable!("the call is never made")
}

/// Types that each name a constant of the type that they are called after.
#[allow(
    non_camel_case_types,
    reason = "generated code spells them as it found the types of the constants"
)]
pub mod constants {
    macro_rules! markers {
        ($($name:ident)*) => {
            $(
                /// Names a constant of that type.
                #[derive(Debug)]
                pub struct $name<const VALUE: core::primitive::$name>;
            )*
        };
    }

    markers!(bool char i8 i16 i32 i64 i128 isize u8 u16 u32 u64 u128);
}
