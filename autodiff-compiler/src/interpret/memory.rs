//! Memory as nested data.

use std::borrow::Cow;

use super::environment::defect;
use super::operations::prim;
use super::{Datum, Panic, Scalar};
use crate::ir::Prim;

/// One step of a path whose index is known.
#[derive(Clone, Copy)]
pub(super) enum Step {
    Index(i128),
    Section {
        low: Option<usize>,
        high: Option<usize>,
        inclusive: bool,
    },
    Field(usize),
}

/// The part of `datum` that a path leads to; a section is copied out.
pub(super) fn part<'d>(datum: &'d Datum, path: &[Step]) -> Result<Cow<'d, Datum>, Panic> {
    let Some((step, rest)) = path.split_first() else {
        return Ok(Cow::Borrowed(datum));
    };
    match (datum, step) {
        (Datum::List(parts), Step::Index(index)) => {
            part(&parts[within(parts.len(), *index)?], rest)
        }
        (Datum::List(parts), Step::Section { .. }) => {
            let section = Datum::List(parts[bounds(parts.len(), *step)?].to_vec());
            Ok(Cow::Owned(part(&section, rest)?.into_owned()))
        }
        (Datum::Tuple(parts), Step::Field(field)) => {
            part(parts.get(*field).ok_or_else(misfit)?, rest)
        }
        _ => Err(misfit()),
    }
}

/// Changes the part of `datum` that a path leads to.
pub(super) fn change(
    datum: &mut Datum,
    path: &[Step],
    f: impl FnOnce(&mut Datum) -> Result<(), Panic>,
) -> Result<(), Panic> {
    let Some((step, rest)) = path.split_first() else {
        return f(datum);
    };
    match (datum, step) {
        (Datum::List(parts), Step::Index(index)) => {
            let index = within(parts.len(), *index)?;
            change(&mut parts[index], rest, f)
        }
        (Datum::List(parts), Step::Section { .. }) => {
            let bounds = bounds(parts.len(), *step)?;
            let mut section = Datum::List(parts[bounds.clone()].to_vec());
            change(&mut section, rest, f)?;
            let Datum::List(section) = section else {
                return Err(misfit());
            };
            parts[bounds].clone_from_slice(&section);
            Ok(())
        }
        (Datum::Tuple(parts), Step::Field(field)) => {
            change(parts.get_mut(*field).ok_or_else(misfit)?, rest, f)
        }
        _ => Err(misfit()),
    }
}

/// The indices of a section, or what std says of bounds that don't fit.
fn bounds(len: usize, step: Step) -> Result<std::ops::Range<usize>, Panic> {
    let Step::Section {
        low,
        high,
        inclusive,
    } = step
    else {
        return Err(misfit());
    };
    let start = low.unwrap_or(0);
    let end = high.map_or(len, |high| high + usize::from(inclusive));
    let message = if start > len {
        format!("range start index {start} out of range for slice of length {len}")
    } else if end > len {
        format!("range end index {end} out of range for slice of length {len}")
    } else if start > end {
        format!("slice index starts at {start} but ends at {end}")
    } else {
        return Ok(start..end);
    };
    Err(Panic::Panicked(message))
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

/// Appends to a `Vec`.
pub(super) fn push(to: &mut Datum, datum: Datum) -> Result<(), Panic> {
    match to {
        Datum::List(parts) => {
            parts.push(datum);
            Ok(())
        }
        other => defect(format!("an element is appended to {other:?}")),
    }
}

/// Gives a `Vec` this length.
pub(super) fn resize(to: &mut Datum, length: usize, zero: Datum) -> Result<(), Panic> {
    match to {
        Datum::List(parts) => {
            parts.resize(length, zero);
            Ok(())
        }
        other => defect(format!("the length of {other:?} is changed")),
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
