//! How many items an iterator has, and what stands at each position, without running its loop.

use std::rc::Rc;

use super::super::Builder;
use super::super::terms::{binary, method, number};
use super::{Iter, Kind};
use crate::hir::types::Ty;
use crate::hir::{Expr, ExprKind, Place, Step};
use crate::ir::{BinaryOp, Length};

impl Builder<'_> {
    /// The number of items, where it is known ahead of the loop; an endless iterator has none.
    pub(super) fn item_count(&mut self, iter: &Iter) -> Option<Expr> {
        let span = iter.span;
        match &iter.kind {
            Kind::Elements { place, .. } => Some(self.sequence_length(place)),
            Kind::Sections {
                place, size, form, ..
            } => Some(self.section_count(place, size, *form)),
            Kind::Range(steps) => Some(self.trip_count(steps)),
            Kind::Once(_) => Some(number("1", Ty::USIZE, span)),
            Kind::Zip(a, b) if a.is_endless() => self.item_count(b),
            Kind::Zip(a, b) if b.is_endless() => self.item_count(a),
            Kind::Zip(a, b) => {
                let (a, b) = (self.item_count(a)?, self.item_count(b)?);
                Some(self.least(a, b))
            }
            Kind::Chain(a, b) => {
                let (a, b) = (self.item_count(a)?, self.item_count(b)?);
                Some(binary(BinaryOp::Add, a, b))
            }
            Kind::Skip(inner, count) => {
                let length = self.item_count(inner)?;
                Some(method(
                    "saturating_sub",
                    vec![length, count.clone()],
                    Ty::USIZE,
                ))
            }
            Kind::Take(inner, count) => match self.item_count(inner) {
                Some(length) => Some(self.least(length, count.clone())),
                None if inner.is_endless() => Some(count.clone()),
                None => None,
            },
            Kind::StepBy(inner, step) => {
                let length = self.item_count(inner)?;
                Some(method("div_ceil", vec![length, step.clone()], Ty::USIZE))
            }
            Kind::From(_)
            | Kind::Repeat(_)
            | Kind::Filter(..)
            | Kind::FilterMap(..)
            | Kind::MapWhile(..)
            | Kind::Scan(..)
            | Kind::TakeWhile(..)
            | Kind::SkipWhile(..)
            | Kind::FlatMap(..)
            | Kind::Flatten(_) => None,
            Kind::Values(_)
            | Kind::Enumerate(_)
            | Kind::Map(..)
            | Kind::Inspect(..)
            | Kind::Rev(..) => self.item_count(iter.inner()?),
        }
    }

    /// The length of a sequence, as a number where it is one.
    pub(super) fn sequence_length(&self, place: &Place) -> Expr {
        let span = place.span;
        if let Some(size) = self.known_size(place) {
            return size.clone();
        }
        match self.types.shallow(&place.ty) {
            Ty::Array(_, Length::Literal(length)) => number(&length.to_string(), Ty::USIZE, span),
            Ty::Array(_, Length::Constant(code)) => Expr {
                kind: ExprKind::Constant(code),
                ty: Ty::USIZE,
                span,
            },
            _ => Expr {
                kind: ExprKind::Len(place.clone()),
                ty: Ty::USIZE,
                span,
            },
        }
    }

    fn least(&self, a: Expr, b: Expr) -> Expr {
        let literal = |expr: &Expr| match &expr.kind {
            ExprKind::Literal(text) => text.parse::<usize>().ok(),
            _ => None,
        };
        match (literal(&a), literal(&b)) {
            (Some(x), Some(y)) => number(&x.min(y).to_string(), Ty::USIZE, a.span),
            _ => method("min", vec![a, b], Ty::USIZE),
        }
    }

    /// What has to be known ahead of the loop for positions to be asked for inside of it.
    pub(super) fn with_lengths(&mut self, iter: &Iter) -> Iter {
        let mut iter = iter.clone();
        match &mut iter.kind {
            Kind::Zip(a, b) => {
                *a = Rc::new(self.with_lengths(a));
                *b = Rc::new(self.with_lengths(b));
            }
            Kind::Rev(inner, length) => {
                *inner = Rc::new(self.with_lengths(inner));
                if let Some(count) = self.item_count(inner) {
                    *length = Some(self.named("length", count));
                }
            }
            Kind::Range(steps) if steps.step.as_ref().is_some_and(|(_, reversed)| *reversed) => {
                let count = self.trip_count(steps);
                let inner = Iter {
                    kind: Kind::Range(steps.forwards()),
                    span: iter.span,
                };
                iter.kind = Kind::Rev(Rc::new(inner), Some(count));
            }
            Kind::Values(inner)
            | Kind::Enumerate(inner)
            | Kind::Map(inner, _)
            | Kind::Inspect(inner, _)
            | Kind::Skip(inner, _)
            | Kind::Take(inner, _)
            | Kind::StepBy(inner, _) => *inner = Rc::new(self.with_lengths(inner)),
            _ => {}
        }
        iter
    }

    /// The item at a position, of an iterator that has been through [`Self::with_lengths`].
    pub(super) fn item_at(&mut self, iter: &Iter, position: Expr) -> Expr {
        let span = iter.span;
        match &iter.kind {
            Kind::Elements {
                place,
                element,
                by_value,
                ..
            } => {
                let index = self.read_twice(position);
                self.element_at(place, element, *by_value, index)
            }
            Kind::Sections {
                place,
                element,
                size,
                form,
            } => self.section_at((place, element), size, *form, position),
            Kind::Range(steps) => self.value_at(steps, position),
            Kind::From(low) => {
                let ty = low.ty.clone();
                let offset = self.converted(position, ty);
                match &low.kind {
                    ExprKind::Literal(zero) if zero == "0" => offset,
                    _ => binary(BinaryOp::Add, low.clone(), offset),
                }
            }
            Kind::Repeat(value) => value.clone(),
            Kind::Values(inner) => {
                let item = self.item_at(inner, position);
                self.value_of(item)
            }
            Kind::Enumerate(inner) => {
                let position = self.read_twice(position);
                let item = self.item_at(inner, position.clone());
                self.pair(position, item)
            }
            Kind::Zip(a, b) => {
                let position = self.read_twice(position);
                let first = self.item_at(a, position.clone());
                // What the second one runs comes after the first one's item.
                let first = if b.runs_closures() {
                    self.steady(first)
                } else {
                    first
                };
                let second = self.item_at(b, position);
                self.pair(first, second)
            }
            Kind::Map(inner, function) => {
                let item = self.item_at(inner, position);
                let value = self.call_callable(function, vec![item], span);
                self.settle(value)
            }
            Kind::Inspect(inner, function) => {
                let item = self.item_at(inner, position);
                self.inspected(item, function, span)
            }
            Kind::Rev(inner, length) => {
                let length = length.clone().expect("the lengths are known by now");
                let last = binary(BinaryOp::Sub, length, number("1", Ty::USIZE, span));
                self.item_at(inner, binary(BinaryOp::Sub, last, position))
            }
            Kind::Skip(inner, count) => {
                self.item_at(inner, binary(BinaryOp::Add, position, count.clone()))
            }
            Kind::Take(inner, _) => self.item_at(inner, position),
            Kind::StepBy(inner, step) => {
                self.item_at(inner, binary(BinaryOp::Mul, position, step.clone()))
            }
            Kind::Once(_)
            | Kind::Chain(..)
            | Kind::Filter(..)
            | Kind::FilterMap(..)
            | Kind::MapWhile(..)
            | Kind::Scan(..)
            | Kind::TakeWhile(..)
            | Kind::SkipWhile(..)
            | Kind::FlatMap(..)
            | Kind::Flatten(_) => unreachable!("these have no positions"),
        }
    }

    /// A tuple of two items.
    pub(super) fn pair(&self, first: Expr, second: Expr) -> Expr {
        let ty = Ty::Tuple(vec![first.ty.clone(), second.ty.clone()]);
        let span = first.span;
        Expr {
            kind: ExprKind::Tuple(vec![first, second]),
            ty,
            span,
        }
    }

    /// An index that is read more than once, and is in bounds wherever it indexes.
    fn read_twice(&mut self, position: Expr) -> Expr {
        let index = match &position.kind {
            ExprKind::Literal(_) => return position,
            ExprKind::Read(at) if self.fixed.contains(&at.root) => position,
            _ => self.named("index", position),
        };
        if let ExprKind::Read(at) = &index.kind {
            self.fixed.insert(at.root);
            self.within.insert(at.root);
        }
        index
    }

    /// The element of a sequence at an index.
    pub(super) fn element_at(
        &mut self,
        place: &Place,
        element: &Ty,
        by_value: bool,
        index: Expr,
    ) -> Expr {
        let mut place = place.clone();
        place.path.push(Step::Index(Box::new(index)));
        place.ty = element.clone();
        let mut place = self.flattened(place);
        if let Some(Step::Index(index)) = place.path.pop() {
            let index = self.read_twice(*index);
            place.path.push(Step::Index(Box::new(index)));
        }
        if by_value {
            self.read(place)
        } else {
            self.reference(place)
        }
    }
}

impl Iter {
    /// Whether making an item runs code of the user's.
    pub(super) fn runs_closures(&self) -> bool {
        match &self.kind {
            Kind::Map(..)
            | Kind::Inspect(..)
            | Kind::Filter(..)
            | Kind::FilterMap(..)
            | Kind::MapWhile(..)
            | Kind::Scan(..)
            | Kind::TakeWhile(..)
            | Kind::SkipWhile(..)
            | Kind::FlatMap(..) => true,
            Kind::Zip(a, b) | Kind::Chain(a, b) => a.runs_closures() || b.runs_closures(),
            _ => self.inner().is_some_and(|inner| inner.runs_closures()),
        }
    }
}
