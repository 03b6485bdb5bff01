//! When patterns match.

use quote::ToTokens;
use syn::{Lit, Pat, RangeLimits};

use super::Builder;
use super::optional::Wanted;
use super::pattern::{Around, around_rest, binds, is_constant, position};
use super::structs::inner_patterns;
use crate::diagnostics::{self, Extent, Located};
use crate::hir::types::Ty;
use crate::hir::{Block, Expr, ExprKind, Place, Step, Stmt};
use crate::ir::{BinaryOp, Code, Comparison, ScalarType};

impl Builder<'_> {
    /// The condition under which a pattern matches what is at a place; `None` where it always does.
    pub(super) fn test(&mut self, pattern: &Pat, place: &Place) -> Option<Expr> {
        let span = pattern.span();
        if let Some(wanted) = Wanted::of(pattern) {
            return self.option_test(&wanted, pattern, place);
        }
        match pattern {
            Pat::Wild(_) | Pat::Rest(_) => None,
            Pat::Paren(inner) => self.test(&inner.pat, place),
            Pat::Reference(inner) => self.test(&inner.pat, place),
            Pat::Type(inner) => self.test(&inner.pat, place),
            Pat::Ident(name) => match &name.subpat {
                Some((_, inner)) => self.test(inner, place),
                None if is_constant(&name.ident) && self.scopes.find(&name.ident).is_none() => {
                    self.constants.insert(position(&name.ident));
                    Some(self.constant_test(&name.ident, place, span))
                }
                None => {
                    if !self.bindings.contains(&name.ident) {
                        self.bindings.push(name.ident.clone());
                    }
                    None
                }
            },
            Pat::Lit(literal) if matches!(literal.lit, Lit::Str(_) | Lit::ByteStr(_)) => {
                Some(self.constant_test(literal, place, span))
            }
            Pat::Lit(literal) => {
                let literal = self.literal(&literal.lit);
                Some(self.compare(Comparison::Equal, place, literal))
            }
            Pat::Path(path) => Some(self.constant_test(path, place, span)),
            Pat::Range(range) => Some(self.range_test(range, place)),
            Pat::Or(or) => {
                let mut tests = Vec::new();
                for case in &or.cases {
                    tests.push(self.test(case, place)?);
                }
                self.join(BinaryOp::Or, tests)
            }
            Pat::Tuple(tuple) => {
                let patterns: Vec<&Pat> = tuple.elems.iter().collect();
                let Around { front, back, .. } = around_rest(&patterns);
                let value = self.read(place.clone());
                let exact = (front.len() + back.len() == patterns.len()).then_some(patterns.len());
                let parts = self.tuple_parts(value, exact, pattern)?;
                let (first, last) = parts.split_at(parts.len().saturating_sub(back.len()));
                self.test_parts(front.iter().zip(first).chain(back.iter().zip(last)))
            }
            Pat::Slice(slice) => self.slice_test(slice, place),
            Pat::TupleStruct(_) | Pat::Struct(_) if !binds(pattern) => {
                Some(self.constant_test(pattern, place, span))
            }
            Pat::TupleStruct(_) | Pat::Struct(_)
                if let Some((path, members, patterns)) = inner_patterns(pattern) =>
            {
                let value = self.read(place.clone());
                let parts = self.struct_parts(path, &members, value, pattern);
                self.test_parts(patterns.iter().zip(&parts))
            }
            other => {
                self.error(other, &diagnostics::PATTERN);
                None
            }
        }
    }

    fn test_parts<'p>(
        &mut self,
        parts: impl Iterator<Item = (&'p &'p Pat, &'p Expr)>,
    ) -> Option<Expr> {
        let mut tests = Vec::new();
        for (pattern, part) in parts {
            if let ExprKind::Read(place) | ExprKind::Reference(place) = &part.kind {
                tests.extend(self.test(pattern, place));
            }
        }
        self.join(BinaryOp::And, tests)
    }

    fn slice_test(&mut self, slice: &syn::PatSlice, place: &Place) -> Option<Expr> {
        let patterns: Vec<&Pat> = slice.elems.iter().collect();
        let Around { front, back, .. } = around_rest(&patterns);
        let ty = self.types.shallow(&place.ty);
        let Some(element) = ty.element().cloned() else {
            self.error(slice, &diagnostics::PATTERN);
            return None;
        };
        let mut tests = Vec::new();
        let least = front.len() + back.len();
        if !matches!(ty, Ty::Array(..)) {
            let comparison = if least == patterns.len() {
                Comparison::Equal
            } else {
                Comparison::GreaterEqual
            };
            let length = Expr {
                kind: ExprKind::Len(place.clone()),
                ty: Ty::USIZE,
                span: slice.span(),
            };
            let count = self.count(least, slice.span());
            tests.push(Expr {
                kind: ExprKind::Compare(comparison, Box::new(length), Box::new(count)),
                ty: Ty::BOOL,
                span: slice.span(),
            });
        }
        let mut parts = Vec::new();
        for i in 0..front.len() {
            parts.push(Step::Index(Box::new(self.count(i, slice.span()))));
        }
        for i in 0..back.len() {
            parts.push(Step::Index(Box::new(self.index_from_end(
                place,
                &ty,
                back.len() - i,
                slice.span(),
            ))));
        }
        for (pattern, step) in front.iter().chain(back).zip(parts) {
            let part = self.part(place, false, step, element.clone());
            if let ExprKind::Read(place) = &part.kind {
                tests.extend(self.test(pattern, place));
            }
        }
        self.join(BinaryOp::And, tests)
    }

    fn join(&self, op: BinaryOp, tests: Vec<Expr>) -> Option<Expr> {
        tests.into_iter().reduce(|a, b| {
            let span = a.span;
            Expr {
                kind: ExprKind::Binary(op, Box::new(a), Box::new(b)),
                ty: Ty::BOOL,
                span,
            }
        })
    }

    fn compare(&self, comparison: Comparison, place: &Place, with: Expr) -> Expr {
        let value = self.read(place.clone());
        self.expect(&with, &value.ty);
        let span = with.span;
        Expr {
            kind: ExprKind::Compare(comparison, Box::new(value), Box::new(with)),
            ty: Ty::BOOL,
            span,
        }
    }

    fn range_test(&mut self, range: &syn::PatRange, place: &Place) -> Expr {
        let mut tests = Vec::new();
        if let Some(start) = &range.start {
            let start = self.expr(start);
            tests.push(self.compare(Comparison::GreaterEqual, place, start));
        }
        if let Some(end) = &range.end {
            let end = self.expr(end);
            let comparison = match range.limits {
                RangeLimits::HalfOpen(_) => Comparison::Less,
                RangeLimits::Closed(_) => Comparison::LessEqual,
            };
            tests.push(self.compare(comparison, place, end));
        }
        self.join(BinaryOp::And, tests)
            .unwrap_or_else(|| self.failed(range, &diagnostics::PATTERN, &[]))
    }

    /// A constant, or a variant of an enum of the user's, which rustc alone can compare.
    pub(super) fn constant_test(
        &mut self,
        constant: impl ToTokens,
        place: &Place,
        span: Extent,
    ) -> Expr {
        let tokens = constant.to_token_stream();
        if let Ty::Scalar(scalar) = self.types.resolve(&place.ty)
            && scalar != ScalarType::Inferred
        {
            let constant = Expr {
                kind: ExprKind::Constant(Code::new(tokens)),
                ty: self.types.fresh(),
                span,
            };
            return self.compare(Comparison::Equal, place, constant);
        }
        let hole = super::macros::hole(0);
        let text = tokens.to_string();
        let code = quote::quote!(::core::matches!(#hole, #tokens));
        let mut test = self.template(code, vec![self.read(place.clone())], &text, true, span);
        test.ty = Ty::BOOL;
        test
    }

    /// `let pattern = value else { otherwise };`
    pub(super) fn let_else(&mut self, pattern: &Pat, value: Expr, otherwise: &syn::Expr) {
        let span = pattern.span();
        let (place, reference) = self.scrutinee_place(value);
        if let Some(test) = self.test(pattern, &place) {
            let exit = self.scoped(|builder| Some(builder.expr(otherwise)));
            let test = Expr {
                kind: ExprKind::Not(Box::new(test)),
                ty: Ty::BOOL,
                span,
            };
            let branch = ExprKind::If(Box::new(test), exit, Block::default());
            self.stmts.push(Stmt::Expr(Expr {
                kind: branch,
                ty: Ty::unit(),
                span,
            }));
        }
        let value = if reference {
            self.reference(place)
        } else {
            self.read(place)
        };
        self.bind_let(pattern, value);
    }
}
