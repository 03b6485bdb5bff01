//! Iterators: never values, but descriptions of loops, which are written where something consumes them.
//!
//! [`source`] reads a chain of adaptors, and evaluates what the chain evaluates when it is made: the sequence, the
//! bounds, the arguments of the adaptors. [`drive`] writes the loop, with the code that runs for each item inside of
//! it; [`indexed`] says how many items there are and what stands at each position, where that is known without
//! running the loop, so that a chain over slices becomes one counted loop over the places of their elements.
//! [`consume`] and [`collect`] are the methods that run the loop.
//!
//! Closures run for the same items, in the same order, as those of std do. Where std runs one for an item that nobody
//! gets (in a reversed `zip` of different lengths, for one), a closure that could be noticed is refused: [`quiet`].

mod collect;
mod combine;
mod consume;
mod drive;
mod for_loop;
mod indexed;
mod items;
pub(super) mod lengths;
mod options;
mod quiet;
mod sections;
mod source;

pub(in crate::hir::build) use options::{Maybe, takes_apart};

use std::rc::Rc;

use super::closures::Callable;
use super::ranges::Steps;
use crate::diagnostics::Extent;
use crate::hir::types::Ty;
use crate::hir::{Expr, Place};

/// An iterator that has been made, and not yet run.
#[derive(Clone, Debug)]
pub(in crate::hir::build) struct Iter {
    kind: Kind,
    /// The adaptor, for messages.
    span: Extent,
}

/// What an iterator gives.
#[derive(Clone, Debug)]
enum Kind {
    /// The elements of a sequence, or references to them.
    Elements {
        place: Place,
        element: Ty,
        by_value: bool,
        /// Whether it is known that nothing is written through the references.
        shared: bool,
    },
    /// Parts of a sequence.
    Sections {
        place: Place,
        element: Ty,
        size: Expr,
        form: Form,
    },
    /// The numbers of a range whose bounds have names.
    Range(Steps),
    /// `low..`
    From(Expr),
    /// One value.
    Once(Expr),
    /// One value for ever.
    Repeat(Expr),
    /// `copied` and `cloned`
    Values(Rc<Iter>),
    Enumerate(Rc<Iter>),
    Zip(Rc<Iter>, Rc<Iter>),
    Chain(Rc<Iter>, Rc<Iter>),
    Map(Rc<Iter>, Callable),
    Filter(Rc<Iter>, Callable),
    FilterMap(Rc<Iter>, Callable),
    MapWhile(Rc<Iter>, Callable),
    /// With the variable that the function changes.
    Scan(Rc<Iter>, Place, Callable),
    Inspect(Rc<Iter>, Callable),
    TakeWhile(Rc<Iter>, Callable),
    SkipWhile(Rc<Iter>, Callable),
    FlatMap(Rc<Iter>, Callable),
    Flatten(Rc<Iter>),
    /// The length of what is reversed, once something asks for positions.
    Rev(Rc<Iter>, Option<Expr>),
    Skip(Rc<Iter>, Expr),
    Take(Rc<Iter>, Expr),
    StepBy(Rc<Iter>, Expr),
}

/// How a sequence is cut into parts.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Form {
    /// `windows`: each part starts one element behind the one before it.
    Windows,
    /// `chunks`: one part behind the other, the last one perhaps shorter.
    Chunks,
    /// `chunks_exact`: without the shorter one.
    ChunksExact,
}

/// What the code of a loop gets for each item.
struct Item {
    value: Expr,
    /// How many items of the iterator stand before this one, where that is a function of the loop's index.
    position: Option<Expr>,
}

impl Iter {
    /// The iterator below an adaptor, the first one of two.
    fn inner(&self) -> Option<&Rc<Iter>> {
        match &self.kind {
            Kind::Elements { .. }
            | Kind::Sections { .. }
            | Kind::Range(_)
            | Kind::From(_)
            | Kind::Once(_)
            | Kind::Repeat(_) => None,
            Kind::Values(inner)
            | Kind::Enumerate(inner)
            | Kind::Zip(inner, _)
            | Kind::Chain(inner, _)
            | Kind::Map(inner, _)
            | Kind::Filter(inner, _)
            | Kind::FilterMap(inner, _)
            | Kind::MapWhile(inner, _)
            | Kind::Scan(inner, _, _)
            | Kind::Inspect(inner, _)
            | Kind::TakeWhile(inner, _)
            | Kind::SkipWhile(inner, _)
            | Kind::FlatMap(inner, _)
            | Kind::Flatten(inner)
            | Kind::Rev(inner, _)
            | Kind::Skip(inner, _)
            | Kind::Take(inner, _)
            | Kind::StepBy(inner, _) => Some(inner),
        }
    }

    /// Whether it is known that nothing is written through the references among its items.
    fn is_shared(&self) -> bool {
        match &self.kind {
            Kind::Elements {
                by_value, shared, ..
            } => *by_value || *shared,
            Kind::Sections { .. } | Kind::Once(_) | Kind::Repeat(_) => false,
            Kind::Range(_) | Kind::From(_) => true,
            Kind::Zip(a, b) | Kind::Chain(a, b) => a.is_shared() && b.is_shared(),
            _ => self.inner().is_none_or(|inner| inner.is_shared()),
        }
    }

    /// Whether each item has a position that can be asked for.
    fn is_indexed(&self) -> bool {
        match &self.kind {
            Kind::Elements { .. }
            | Kind::Sections { .. }
            | Kind::Range(_)
            | Kind::From(_)
            | Kind::Repeat(_) => true,
            Kind::Zip(a, b) => a.is_indexed() && b.is_indexed(),
            Kind::Once(_)
            | Kind::Chain(..)
            | Kind::Filter(..)
            | Kind::FilterMap(..)
            | Kind::MapWhile(..)
            | Kind::Scan(..)
            | Kind::TakeWhile(..)
            | Kind::SkipWhile(..)
            | Kind::FlatMap(..)
            | Kind::Flatten(_) => false,
            _ => self.inner().is_some_and(|inner| inner.is_indexed()),
        }
    }

    /// Whether the code for each item gets its position, without counting.
    fn has_positions(&self) -> bool {
        match &self.kind {
            Kind::Elements { .. } | Kind::Sections { .. } | Kind::Range(_) | Kind::Once(_) => true,
            Kind::Enumerate(_) | Kind::Zip(..) | Kind::Skip(..) | Kind::StepBy(..) => true,
            Kind::From(_)
            | Kind::Repeat(_)
            | Kind::Filter(..)
            | Kind::FilterMap(..)
            | Kind::MapWhile(..)
            | Kind::Scan(..)
            | Kind::SkipWhile(..)
            | Kind::FlatMap(..)
            | Kind::Flatten(_) => false,
            Kind::Take(inner, _) => inner.is_indexed() || inner.has_positions(),
            Kind::Chain(a, b) => a.is_counted() && a.has_positions() && b.has_positions(),
            Kind::Rev(inner, _) => inner.is_counted() && inner.has_positions(),
            Kind::Values(inner)
            | Kind::Map(inner, _)
            | Kind::Inspect(inner, _)
            | Kind::TakeWhile(inner, _) => inner.has_positions(),
        }
    }

    /// Whether the number of items is known ahead of the loop.
    fn is_counted(&self) -> bool {
        match &self.kind {
            Kind::Elements { .. } | Kind::Sections { .. } | Kind::Range(_) | Kind::Once(_) => true,
            Kind::From(_)
            | Kind::Repeat(_)
            | Kind::Filter(..)
            | Kind::FilterMap(..)
            | Kind::MapWhile(..)
            | Kind::Scan(..)
            | Kind::TakeWhile(..)
            | Kind::SkipWhile(..)
            | Kind::FlatMap(..)
            | Kind::Flatten(_) => false,
            Kind::Zip(a, b) => {
                (a.is_counted() || a.is_endless())
                    && (b.is_counted() || b.is_endless())
                    && !(a.is_endless() && b.is_endless())
            }
            Kind::Chain(a, b) => a.is_counted() && b.is_counted(),
            Kind::Take(inner, _) => inner.is_counted() || inner.is_endless(),
            Kind::Values(inner)
            | Kind::Enumerate(inner)
            | Kind::Map(inner, _)
            | Kind::Inspect(inner, _)
            | Kind::Rev(inner, _)
            | Kind::Skip(inner, _)
            | Kind::StepBy(inner, _) => inner.is_counted(),
        }
    }

    /// Whether there is no end to it.
    fn is_endless(&self) -> bool {
        match &self.kind {
            Kind::From(_) | Kind::Repeat(_) => true,
            Kind::Elements { .. } | Kind::Sections { .. } | Kind::Range(_) | Kind::Once(_) => false,
            Kind::Take(..) | Kind::TakeWhile(..) | Kind::MapWhile(..) | Kind::Scan(..) => false,
            Kind::Zip(a, b) => a.is_endless() && b.is_endless(),
            Kind::Chain(a, b) => a.is_endless() || b.is_endless(),
            _ => self.inner().is_some_and(|inner| inner.is_endless()),
        }
    }

    /// Whether its loop is one loop whose body runs once for each item, with nothing behind it.
    fn is_one_loop(&self) -> bool {
        match &self.kind {
            Kind::Once(_) | Kind::Chain(..) | Kind::FlatMap(..) | Kind::Flatten(_) => false,
            Kind::Zip(a, b) => {
                (a.is_indexed() && b.is_indexed()) || (!a.is_indexed() && a.is_one_loop())
            }
            Kind::Take(inner, _) => inner.is_indexed(),
            _ => self.inner().is_none_or(|inner| inner.is_one_loop()),
        }
    }
}
