//! `windows` and `chunks`: parts of a sequence as items.

use super::super::Builder;
use super::super::terms::{binary, method, number};
use super::{Form, Iter, Kind};
use crate::diagnostics::Located;
use crate::hir::types::Ty;
use crate::hir::{Expr, ExprKind, Place, Section, Step};
use crate::ir::BinaryOp;

impl Builder<'_> {
    /// `x.windows(size)`, `x.chunks(size)`, `x.chunks_exact(size)`
    pub(super) fn sections(&mut self, call: &syn::ExprMethodCall, form: Form) -> Option<Iter> {
        let receiver = self.expr(&call.receiver);
        let elements = self.sequence(receiver, Some(false), call.receiver.span())?;
        let size = self.count_argument(call.args.first()?);
        let message = match form {
            Form::Windows => "window size must be non-zero",
            Form::Chunks | Form::ChunksExact => "chunk size must be non-zero",
        };
        let size = self.nonzero("size", size, message);
        let Kind::Elements {
            mut place, element, ..
        } = elements.kind
        else {
            unreachable!("a sequence has elements")
        };
        place.mutable = call.method.to_string().ends_with("_mut");
        let kind = Kind::Sections {
            place,
            element,
            size,
            form,
        };
        Some(Iter {
            kind,
            span: call.method.span().into(),
        })
    }

    /// How many parts there are.
    pub(super) fn section_count(&self, place: &Place, size: &Expr, form: Form) -> Expr {
        let (length, size) = (self.sequence_length(place), size.clone());
        match form {
            Form::Windows => {
                let one = number("1", Ty::USIZE, size.span);
                let starts = binary(BinaryOp::Add, length, one);
                method("saturating_sub", vec![starts, size], Ty::USIZE)
            }
            Form::Chunks => method("div_ceil", vec![length, size], Ty::USIZE),
            Form::ChunksExact => binary(BinaryOp::Div, length, size),
        }
    }

    /// The part at a position.
    pub(super) fn section_at(
        &mut self,
        (place, element): (&Place, &Ty),
        size: &Expr,
        form: Form,
        position: Expr,
    ) -> Expr {
        let start = match form {
            Form::Windows => position,
            Form::Chunks | Form::ChunksExact => binary(BinaryOp::Mul, position, size.clone()),
        };
        // A name of its own, since it tells how long the section is.
        let start = self.variable("start", start);
        // Nothing overflows below the length of the sequence; and what never panics goes where nobody reads it.
        let from = self.read(start.clone());
        let end = method("wrapping_add", vec![from, size.clone()], Ty::USIZE);
        let end = match form {
            Form::Chunks => method("min", vec![end, self.sequence_length(place)], Ty::USIZE),
            Form::Windows | Form::ChunksExact => {
                self.sizes.insert(start.root, size.clone());
                end
            }
        };
        let end = self.variable("end", end);
        self.fixed.extend([start.root, end.root]);
        self.within.extend([start.root, end.root]);
        let section = Section {
            low: Some(self.read(start)),
            high: Some(self.read(end)),
            inclusive: false,
        };
        let mut place = place.clone();
        place.path.push(Step::Section(Box::new(section)));
        place.ty = Ty::Slice(Box::new(element.clone()));
        self.reference(place)
    }

    /// How long the section is that a place ends with, where that is known.
    pub(super) fn known_size(&self, place: &Place) -> Option<&Expr> {
        let Some(Step::Section(section)) = place.path.last() else {
            return None;
        };
        match &section.low.as_ref()?.kind {
            ExprKind::Read(start) if start.path.is_empty() => self.sizes.get(&start.root),
            _ => None,
        }
    }

    /// `x[a..b][i]` as `x[a + i]`, where `i` is known to be below the length of the section.
    pub(in crate::hir::build) fn flattened(&self, mut place: Place) -> Place {
        let Some(Step::Index(index)) = place.path.pop() else {
            unreachable!("the place ends with an index")
        };
        let number_of = |expr: &Expr| match &expr.kind {
            ExprKind::Literal(text) => text.parse::<usize>().ok(),
            _ => None,
        };
        let is_below = self
            .known_size(&place)
            .is_some_and(|size| match &index.kind {
                ExprKind::Read(at) => at.path.is_empty() && self.within.contains(&at.root),
                _ => number_of(&index)
                    .zip(number_of(size))
                    .is_some_and(|(index, size)| index < size),
            });
        if !is_below {
            place.path.push(Step::Index(index));
            return place;
        }
        let Some(Step::Section(section)) = place.path.pop() else {
            unreachable!("only a section has a known size")
        };
        let start = section.low.expect("a section of known size has a start");
        let index = match number_of(&index) {
            Some(0) => start,
            _ => binary(BinaryOp::Add, start, *index),
        };
        place.path.push(Step::Index(Box::new(index)));
        place
    }
}
