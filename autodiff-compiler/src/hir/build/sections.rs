//! Parts of arrays, slices and `Vec`s: `x[a..b]`, `split_at`, the rest of a slice pattern.

use quote::quote;

use super::Builder;
use super::macros::hole;
use super::place::{constant_code, is_constant_code};
use crate::diagnostics::{self, Extent, Located};
use crate::hir::types::Ty;
use crate::hir::{Block, Expr, ExprKind, Place, Section, Step, Stmt};
use crate::ir::{BinaryOp, Comparison};

impl Builder<'_> {
    /// `base[low..high]`
    pub(super) fn section(&mut self, base: Expr, range: &syn::ExprRange, span: Extent) -> Expr {
        let mut bound = |bound: &Option<Box<syn::Expr>>| {
            bound.as_ref().map(|bound| {
                let bound = self.expr(bound);
                let bound = self.value_of(bound);
                self.expect(&bound, &Ty::USIZE);
                bound
            })
        };
        let section = Section {
            low: bound(&range.start),
            high: bound(&range.end),
            inclusive: matches!(range.limits, syn::RangeLimits::Closed(_)),
        };
        if let ExprKind::Error = base.kind {
            return base;
        }
        let element = self.types.element(&base.ty);
        if is_constant_code(&base) {
            let part = self.constant_section(base, section, span);
            let ty =
                element.map_or_else(|| part.ty.clone(), |element| Ty::Slice(Box::new(element)));
            return Expr { ty, ..part };
        }
        match element {
            Some(element) => self.project(base, span, |place| narrow(place, section, element)),
            None => self.failed(range, &diagnostics::SUBSLICE, &[]),
        }
    }

    /// A section of a constant, which is not memory of the function's.
    fn constant_section(&mut self, base: Expr, section: Section, span: Extent) -> Expr {
        let (code, mut arguments) = constant_code(base);
        let dots = match section.inclusive {
            true => quote!(..=),
            false => quote!(..),
        };
        let mut bound = |bound: Option<Expr>| {
            bound.map(|bound| {
                arguments.push(bound);
                hole(arguments.len() - 1)
            })
        };
        let (low, high) = (bound(section.low), bound(section.high));
        let name = code.to_string();
        self.template(
            quote!((&#code[#low #dots #high])),
            arguments,
            &name,
            true,
            span,
        )
    }

    /// `x.split_at(middle)`, `x.split_at_mut(middle)`
    pub(super) fn split_at(&mut self, receiver: Expr, call: &syn::ExprMethodCall) -> Expr {
        let span = call.span();
        let Some(middle) = call.args.first() else {
            return self.broken(span);
        };
        let mut ty = Ty::unit();
        let block = self.scoped(|builder| {
            let (mut place, element) = builder.sequence_place(receiver);
            place.mutable = call.method == "split_at_mut";
            let middle = builder.index_value(middle);
            let length = Expr {
                kind: ExprKind::Len(place.clone()),
                ty: Ty::USIZE,
                span,
            };
            let kind = ExprKind::Compare(
                Comparison::Greater,
                Box::new(middle.clone()),
                Box::new(length),
            );
            let is_beyond = Expr {
                kind,
                ty: Ty::BOOL,
                span,
            };
            builder.panic_if(is_beyond, "mid > len", span);
            let [first, second] =
                [(None, Some(middle.clone())), (Some(middle), None)].map(|(low, high)| {
                    let mut part = place.clone();
                    let section = Section {
                        low,
                        high,
                        inclusive: false,
                    };
                    narrow(&mut part, section, element.clone());
                    builder.reference(part)
                });
            ty = Ty::Tuple(vec![first.ty.clone(), second.ty.clone()]);
            Some(Expr {
                kind: ExprKind::Tuple(vec![first, second]),
                ty: ty.clone(),
                span,
            })
        });
        Expr {
            kind: ExprKind::Block(block),
            ty,
            span,
        }
    }

    /// The elements that the `..` of a slice pattern stands for: all but `front` at the start and `back` at the end.
    pub(super) fn rest(
        &mut self,
        place: &Place,
        element: &Ty,
        (front, back): (usize, usize),
        span: Extent,
    ) -> Expr {
        let length = Expr {
            kind: ExprKind::Len(place.clone()),
            ty: Ty::USIZE,
            span,
        };
        let count = self.count(back, span);
        let high = Expr {
            kind: ExprKind::Binary(BinaryOp::Sub, Box::new(length), Box::new(count)),
            ty: Ty::USIZE,
            span,
        };
        let section = Section {
            low: Some(self.count(front, span)),
            high: (back > 0).then_some(high),
            inclusive: false,
        };
        let mut place = place.clone();
        narrow(&mut place, section, element.clone());
        self.reference(place)
    }

    fn panic_if(&mut self, condition: Expr, message: &str, span: Extent) {
        let panic = self.template(
            quote!(::core::panic!(#message)),
            Vec::new(),
            "panic",
            false,
            span,
        );
        let then = Block {
            stmts: vec![Stmt::Expr(panic)],
            tail: None,
        };
        let kind = ExprKind::If(Box::new(condition), then, Block::default());
        self.stmts.push(Stmt::Expr(Expr {
            kind,
            ty: Ty::unit(),
            span,
        }));
    }
}

/// Goes from a sequence to a section of it.
fn narrow(place: &mut Place, section: Section, element: Ty) {
    place.path.push(Step::Section(Box::new(section)));
    place.ty = Ty::Slice(Box::new(element));
}
