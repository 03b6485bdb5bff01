//! Memory as nested data.

use super::operations::prim;
use super::{Datum, Panic, Scalar};
use crate::ir::Prim;

/// One step of a path whose index is known.
pub(super) enum Step {
    Index(i128),
    Field(usize),
}

/// The part of `datum` that a step leads to.
pub(super) fn step(datum: &Datum, step: Step) -> Result<&Datum, Panic> {
    match (datum, step) {
        (Datum::List(parts), Step::Index(index)) => {
            within(parts.len(), index).map(|index| &parts[index])
        }
        (Datum::Tuple(parts), Step::Field(field)) => parts.get(field).ok_or_else(misfit),
        _ => Err(misfit()),
    }
}

/// As [`step`], to write.
pub(super) fn step_mut(datum: &mut Datum, step: Step) -> Result<&mut Datum, Panic> {
    match (datum, step) {
        (Datum::List(parts), Step::Index(index)) => {
            within(parts.len(), index).map(|index| &mut parts[index])
        }
        (Datum::Tuple(parts), Step::Field(field)) => parts.get_mut(field).ok_or_else(misfit),
        _ => Err(misfit()),
    }
}

fn within(len: usize, index: i128) -> Result<usize, Panic> {
    usize::try_from(index)
        .ok()
        .filter(|&index| index < len)
        .ok_or_else(|| {
            Panic::Panicked(format!(
                "index out of bounds: the len is {len} but the index is {index}"
            ))
        })
}

fn misfit() -> Panic {
    Panic::Defect("a path does not fit its memory, or the memory is not there".into())
}

/// `to += from` of two scalars, lane by lane where `to` has lanes.
pub(super) fn add(to: &mut Datum, from: &Datum) -> Result<(), Panic> {
    match (to, from) {
        (Datum::Scalar(to), Datum::Scalar(from)) => *to = sum(*to, *from)?,
        (Datum::Lanes(to), Datum::Scalar(from)) => {
            for to in to {
                *to = sum(*to, *from)?;
            }
        }
        (Datum::Lanes(to), Datum::Lanes(from)) if to.len() == from.len() => {
            for (to, from) in to.iter_mut().zip(from) {
                *to = sum(*to, *from)?;
            }
        }
        _ => {
            return Err(Panic::Defect(
                "an addition to a place of another shape".into(),
            ));
        }
    }
    Ok(())
}

fn sum(a: Scalar, b: Scalar) -> Result<Scalar, Panic> {
    prim(Prim::Add, &[a, b], matches!(a, Scalar::F32(_)))
}

/// Adds each float of `from` to its twin in `to`.
pub(super) fn add_all(to: &mut Datum, from: &Datum) -> Result<(), Panic> {
    match (to, from) {
        (Datum::List(to), Datum::List(from)) | (Datum::Tuple(to), Datum::Tuple(from))
            if to.len() == from.len() =>
        {
            to.iter_mut()
                .zip(from)
                .try_for_each(|(to, from)| add_all(to, from))
        }
        (Datum::Scalar(to), Datum::Scalar(from)) if !to.is_float() && !from.is_float() => Ok(()),
        (to @ (Datum::Scalar(_) | Datum::Lanes(_)), from) => add(to, from),
        _ => Err(Panic::Defect(
            "an addition to a place of another shape".into(),
        )),
    }
}

/// Sets each float to zero.
pub(super) fn clear(datum: &mut Datum) {
    match datum {
        Datum::Unit => {}
        Datum::Scalar(scalar) => {
            if scalar.is_float() {
                *scalar = scalar.zero();
            }
        }
        Datum::Lanes(lanes) => lanes.iter_mut().for_each(|lane| *lane = lane.zero()),
        Datum::List(parts) | Datum::Tuple(parts) => parts.iter_mut().for_each(clear),
    }
}

/// Overwrites a place with `from`, which must have its shape.
pub(super) fn overwrite(to: &mut Datum, from: Datum) -> Result<(), Panic> {
    if let (Datum::List(to), Datum::List(from)) = (&*to, &from)
        && to.len() != from.len()
    {
        let (from, to) = (from.len(), to.len());
        return Err(Panic::Panicked(format!(
            "copy_from_slice: source slice length ({from}) does not match destination slice length ({to})"
        )));
    }
    if !same_shape(to, &from) {
        return Err(Panic::Defect("a copy to a place of another shape".into()));
    }
    *to = from;
    Ok(())
}

fn same_shape(a: &Datum, b: &Datum) -> bool {
    match (a, b) {
        (Datum::List(a), Datum::List(b)) | (Datum::Tuple(a), Datum::Tuple(b)) => {
            a.len() == b.len() && a.iter().zip(b).all(|(a, b)| same_shape(a, b))
        }
        (Datum::Lanes(a), Datum::Lanes(b)) => a.len() == b.len(),
        (Datum::Scalar(a), Datum::Scalar(b)) => {
            std::mem::discriminant(a) == std::mem::discriminant(b)
        }
        _ => false,
    }
}

/// Panics unless `other` has the lengths of `primal`, whatever stands in the innermost places.
pub(super) fn check_shape(name: &str, primal: &Datum, other: &Datum) -> Result<(), Panic> {
    match (primal, other) {
        (Datum::List(a), Datum::List(b)) if a.len() != b.len() => {
            let (wanted, given) = (a.len(), b.len());
            Err(Panic::Panicked(format!(
                "the length for `{name}` is {given}, but that of `{name}` is {wanted}"
            )))
        }
        (Datum::List(a), Datum::List(b)) | (Datum::Tuple(a), Datum::Tuple(b)) => a
            .iter()
            .zip(b)
            .try_for_each(|(a, b)| check_shape(name, a, b)),
        _ => Ok(()),
    }
}
