//! The functions of a companion, for any operation.

use alloc::{vec, vec::Vec};

use super::operation::{At, Core, Kept, Results};
use crate::{__private::check_len, Matrix, Scalar, Workspace};

/// Panics unless directions or adjoints are as long as what they belong to.
#[inline]
#[track_caller]
fn check<C: Core<T, P>, T: Scalar, const P: usize>(x: [&[T]; P], others: [usize; P]) {
    for i in 0..P {
        check_len(C::OPERANDS[i], x[i].len(), others[i]);
    }
}

#[inline]
#[track_caller]
fn check_cotangent<C: Core<T, P>, T: Scalar, const P: usize>(y: &C::Output, r: &[T]) {
    let len = y.scalars().len();
    assert!(
        r.len() == len,
        "the cotangent of `{}` has length {}, but its result has length {len}",
        C::NAME,
        r.len()
    );
}

#[inline]
fn lens<T, const P: usize>(parts: &[&mut [T]; P]) -> [usize; P] {
    parts.each_ref().map(|part| part.len())
}

/// Zeros in the shape of the operands.
#[inline]
fn zeros<T: Scalar, const P: usize>(x: [&[T]; P]) -> [Vec<T>; P] {
    x.map(|x| vec![T::zero(); x.len()])
}

/// The parts, to be changed.
#[inline]
fn each_mut<T, const P: usize>(parts: &mut [Vec<T>; P]) -> [&mut [T]; P] {
    parts.each_mut().map(Vec::as_mut_slice)
}

#[inline]
#[track_caller]
pub(super) fn value<C: Core<T, P>, T: Scalar, const P: usize>(
    shape: C::Shape,
    x: [&[T]; P],
) -> C::Output {
    C::forward(shape, x, &mut Workspace::new()).0
}

#[inline]
#[track_caller]
pub(super) fn jvp<C: Core<T, P>, T: Scalar, const P: usize>(
    shape: C::Shape,
    x: [&[T]; P],
    dx: [&[T]; P],
) -> (C::Output, C::Output) {
    check::<C, T, P>(x, dx.map(<[T]>::len));
    let workspace = &mut Workspace::new();
    let (y, kept) = C::forward(shape, x, workspace);
    let at = At {
        shape,
        x,
        y: &y,
        kept: &kept,
    };
    let dy = C::tangent(&at, dx, workspace);
    (y, dy)
}

#[inline]
#[track_caller]
pub(super) fn vjp_into_with<C: Core<T, P>, T: Scalar, const P: usize>(
    workspace: &mut Workspace,
    shape: C::Shape,
    x: [&[T]; P],
    r: &[T],
    into: [&mut [T]; P],
) -> C::Output {
    check::<C, T, P>(x, lens(&into));
    let (y, kept) = C::forward(shape, x, workspace);
    check_cotangent::<C, T, P>(&y, r);
    let at = At {
        shape,
        x,
        y: &y,
        kept: &kept,
    };
    C::reverse(&at, r, into, workspace);
    kept.give_back(workspace);
    y
}

#[inline]
#[track_caller]
pub(super) fn vjp<C: Core<T, P>, T: Scalar, const P: usize>(
    shape: C::Shape,
    x: [&[T]; P],
    r: &[T],
) -> (C::Output, [Vec<T>; P]) {
    let mut adjoints = zeros(x);
    let workspace = &mut Workspace::new();
    let y = vjp_into_with::<C, T, P>(workspace, shape, x, r, each_mut(&mut adjoints));
    (y, adjoints)
}

/// The value and what gives adjoints from cotangents. The result is kept twice, because it is handed out once.
#[inline]
#[track_caller]
pub(super) fn pullback<C: Core<T, P>, T: Scalar, const P: usize>(
    shape: C::Shape,
    x: [&[T]; P],
) -> (C::Output, impl Fn(&[T]) -> [Vec<T>; P])
where
    C::Output: Clone,
{
    let (y, kept) = C::forward(shape, x, &mut Workspace::new());
    let kept_y = y.clone();
    let pull = move |r: &[T]| {
        check_cotangent::<C, T, P>(&kept_y, r);
        let at = At {
            shape,
            x,
            y: &kept_y,
            kept: &kept,
        };
        let mut adjoints = zeros(x);
        C::reverse(&at, r, each_mut(&mut adjoints), &mut Workspace::new());
        adjoints
    };
    (y, pull)
}

#[inline]
#[track_caller]
pub(super) fn gradient_into_with<C: Core<T, P, Output = T>, T: Scalar, const P: usize>(
    workspace: &mut Workspace,
    shape: C::Shape,
    x: [&[T]; P],
    mut into: [&mut [T]; P],
) -> T {
    check::<C, T, P>(x, lens(&into));
    for part in &mut into {
        part.fill(T::zero());
    }
    vjp_into_with::<C, T, P>(workspace, shape, x, &[T::one()], into)
}

#[inline]
#[track_caller]
pub(super) fn hvp<C: Core<T, P, Output = T>, T: Scalar, const P: usize>(
    shape: C::Shape,
    x: [&[T]; P],
    dx: [&[T]; P],
) -> ([Vec<T>; P], [Vec<T>; P]) {
    check::<C, T, P>(x, dx.map(<[T]>::len));
    let workspace = &mut Workspace::new();
    let (y, kept) = C::forward(shape, x, workspace);
    let at = At {
        shape,
        x,
        y: &y,
        kept: &kept,
    };
    let (mut gradient, mut product) = (zeros(x), zeros(x));
    C::reverse(&at, &[T::one()], each_mut(&mut gradient), workspace);
    C::curvature(&at, dx, &[T::one()], each_mut(&mut product), workspace);
    (gradient, product)
}

/// Calls `visit` with the number of each scalar of the operands and the direction along it.
fn for_each_unit<T: Scalar, const P: usize>(x: [&[T]; P], mut visit: impl FnMut(usize, [&[T]; P])) {
    let mut direction = zeros(x);
    let mut number = 0;
    for part in 0..P {
        for i in 0..x[part].len() {
            direction[part][i] = T::one();
            visit(number, direction.each_ref().map(Vec::as_slice));
            direction[part][i] = T::zero();
            number += 1;
        }
    }
}

#[inline]
#[track_caller]
pub(super) fn value_gradient_hessian<C: Core<T, P, Output = T>, T: Scalar, const P: usize>(
    shape: C::Shape,
    x: [&[T]; P],
) -> (T, [Vec<T>; P], Matrix<T>) {
    let workspace = &mut Workspace::new();
    let (y, kept) = C::forward(shape, x, workspace);
    let at = At {
        shape,
        x,
        y: &y,
        kept: &kept,
    };
    let mut gradient = zeros(x);
    C::reverse(&at, &[T::one()], each_mut(&mut gradient), workspace);
    let n = x.iter().map(|x| x.len()).sum();
    let mut hessian = Matrix::zeros(n, n);
    for_each_unit(x, |row, direction| {
        let into = split(x, hessian.row_mut(row));
        C::curvature(&at, direction, &[T::one()], into, workspace);
    });
    (y, gradient, hessian)
}

/// A row as the parts that belong to the operands.
fn split<'a, T, const P: usize>(x: [&[T]; P], mut row: &'a mut [T]) -> [&'a mut [T]; P] {
    x.map(|x| {
        let (part, rest) = core::mem::take(&mut row).split_at_mut(x.len());
        row = rest;
        part
    })
}

/// A row for each result: by reverse sweeps, or by tangents where the operands are fewer than the results.
#[inline]
#[track_caller]
pub(super) fn jacobian<C: Core<T, P>, T: Scalar, const P: usize>(
    shape: C::Shape,
    x: [&[T]; P],
) -> Matrix<T> {
    let workspace = &mut Workspace::new();
    let (y, kept) = C::forward(shape, x, workspace);
    let at = At {
        shape,
        x,
        y: &y,
        kept: &kept,
    };
    let rows = y.scalars().len();
    let columns = x.iter().map(|x| x.len()).sum();
    let mut jacobian = Matrix::zeros(rows, columns);
    if columns < rows {
        for_each_unit(x, |column, direction| {
            let dy = C::tangent(&at, direction, workspace);
            for (row, entry) in dy.scalars().iter().enumerate() {
                jacobian[(row, column)] = *entry;
            }
        });
        return jacobian;
    }
    let mut unit = vec![T::zero(); rows];
    for row in 0..rows {
        unit[row] = T::one();
        let into = split(x, jacobian.row_mut(row));
        C::reverse(&at, &unit, into, workspace);
        unit[row] = T::zero();
    }
    jacobian
}
