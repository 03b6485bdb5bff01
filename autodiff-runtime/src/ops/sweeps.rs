//! What generated functions call of an operation: its tangent along several directions at once, its forward sweep, which
//! leaves on a tape what the way back needs, and its reverse sweep, which takes it off again.

use alloc::vec::Vec;

use super::operation::{At, Core, Left, Results};
use crate::__private::{Directional, Reader, SharedTape, filled};
use crate::{Scalar, Workspace};

/// The derivatives of a result along several directions.
type Along<C, T, D, const P: usize> = <<C as Core<T, P>>::Output as Results<T>>::Along<D>;

/// How many directions there are.
#[inline]
fn count<T, D: Directional<Scalar = T>>() -> usize {
    D::zero().lanes().len()
}

/// One direction of several, by buffers of the workspace.
fn lane<T: Scalar, D: Directional<Scalar = T>>(
    along: &[D],
    k: usize,
    workspace: &mut Workspace,
) -> Vec<T> {
    let mut lane = workspace.take();
    lane.extend(along.iter().map(|along| along.lanes()[k]));
    lane
}

/// The tangents at a point, direction by direction.
fn tangents<C, T, D, const P: usize>(
    at: &At<C, T, P>,
    dx: [&[D]; P],
    workspace: &mut Workspace,
) -> Along<C, T, D, P>
where
    C: Core<T, P>,
    T: Scalar,
    D: Directional<Scalar = T>,
{
    let mut along = at.y.along();
    for k in 0..count::<T, D>() {
        let direction = dx.map(|dx| lane(dx, k, workspace));
        let tangent = C::tangent(at, direction.each_ref().map(Vec::as_slice), workspace);
        C::Output::set_lane(&mut along, k, &tangent);
        direction
            .into_iter()
            .for_each(|buffer| workspace.give(buffer));
    }
    along
}

/// The value and its derivatives.
pub(super) fn jvp<C, T, D, const P: usize>(
    shape: C::Shape,
    x: [&[T]; P],
    dx: [&[D]; P],
) -> (C::Output, Along<C, T, D, P>)
where
    C: Core<T, P>,
    T: Scalar,
    D: Directional<Scalar = T>,
{
    let workspace = &mut Workspace::new();
    let (y, kept) = C::forward(shape, x, workspace);
    let along = tangents(
        &At::<C, T, P> {
            shape,
            x,
            y: &y,
            kept: &kept,
        },
        dx,
        workspace,
    );
    (y, along)
}

/// The value and its derivatives; leaves what the reverse sweep needs.
pub(super) fn forward<C, T, D, const P: usize>(
    shape: C::Shape,
    x: [&[T]; P],
    dx: [&[D]; P],
    tape: &mut SharedTape,
) -> (C::Output, Along<C, T, D, P>)
where
    C: Core<T, P>,
    T: Scalar,
    D: Directional<Scalar = T>,
{
    let workspace = &mut Workspace::new();
    let (y, kept) = C::forward(shape, x, workspace);
    let along = tangents(
        &At::<C, T, P> {
            shape,
            x,
            y: &y,
            kept: &kept,
        },
        dx,
        workspace,
    );
    if C::READS_RESULT {
        y.leave(tape);
    }
    kept.leave(tape);
    (y, along)
}

/// What the reverse sweep gets and gives: a cotangent with its derivatives, adjoints with theirs.
pub(super) struct Adjoints<'a, T, D, const P: usize> {
    pub(super) cotangent: &'a [T],
    pub(super) change: &'a [D],
    pub(super) into: [&'a mut [T]; P],
    pub(super) along: [&'a mut [D]; P],
}

/// Adds the adjoints `Jᵀ r`, and to their derivatives `Jᵀ dr` and the curvature.
pub(super) fn reverse<C, T, D, const P: usize>(
    shape: C::Shape,
    x: [&[T]; P],
    dx: [&[D]; P],
    adjoints: Adjoints<'_, T, D, P>,
    reader: &mut Reader<'_>,
) where
    C: Core<T, P>,
    T: Scalar,
    D: Directional<Scalar = T>,
{
    let Adjoints {
        cotangent: r,
        change: dr,
        into,
        mut along,
    } = adjoints;
    let workspace = &mut Workspace::new();
    let kept = C::Kept::read(reader);
    let y = match C::READS_RESULT {
        true => C::Output::read(reader),
        false => C::Output::default(),
    };
    let at = At::<C, T, P> {
        shape,
        x,
        y: &y,
        kept: &kept,
    };
    C::reverse(&at, r, into, workspace);
    for k in 0..count::<T, D>() {
        let direction = dx.map(|dx| lane(dx, k, workspace));
        let cotangent = lane(dr, k, workspace);
        let mut changes = x.map(|x| filled(workspace, T::zero(), x.len()));
        let parts = changes.each_mut().map(Vec::as_mut_slice);
        C::reverse(&at, &cotangent, parts, workspace);
        let parts = changes.each_mut().map(Vec::as_mut_slice);
        let slices = direction.each_ref().map(Vec::as_slice);
        C::curvature(&at, slices, r, parts, workspace);
        for (along, changes) in along.iter_mut().zip(&changes) {
            for (along, change) in along.iter_mut().zip(changes) {
                along.lanes_mut()[k] += *change;
            }
        }
        workspace.give(cotangent);
        direction
            .into_iter()
            .for_each(|buffer| workspace.give(buffer));
        changes
            .into_iter()
            .for_each(|buffer| workspace.give(buffer));
    }
}
