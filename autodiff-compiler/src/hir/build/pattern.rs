//! Patterns: what they bind, and when they match.
//!
//! A pattern is read twice: [`Builder::test`] makes the condition under which it matches, [`Builder::bind_let`] the
//! variables that it binds once it does.

use proc_macro2::Span;
use quote::ToTokens;
use syn::spanned::Spanned;
use syn::{Ident, Lit, Pat, RangeLimits};

use super::Builder;
use super::scope::Binding;
use crate::diagnostics;
use crate::hir::types::Ty;
use crate::hir::{Block, Expr, ExprKind, LocalId, Place, Step, Stmt};
use crate::ir::{BinaryOp, Code, Comparison, Length, ScalarType};

impl Builder<'_> {
    /// `let pattern;`
    pub(super) fn declare_pattern(&mut self, pattern: &Pat) {
        let ty = self.types.fresh();
        self.declare_typed(pattern, ty);
    }

    fn declare_typed(&mut self, pattern: &Pat, ty: Ty) {
        match pattern {
            Pat::Type(typed) => {
                let ty = self.written_type(&typed.ty);
                self.declare_typed(&typed.pat, ty);
            }
            Pat::Paren(inner) => self.declare_typed(&inner.pat, ty),
            Pat::Ident(name) if name.subpat.is_none() && name.by_ref.is_none() => {
                let local = self.declare(&name.ident.to_string(), ty);
                self.stmts.push(Stmt::Let(local, None));
                self.bind(&name.ident, Binding::Local(local));
            }
            Pat::Tuple(tuple) => {
                let parts: Vec<Ty> = tuple.elems.iter().map(|_| self.types.fresh()).collect();
                self.types.unify(&ty, &Ty::Tuple(parts.clone()));
                for (part, ty) in tuple.elems.iter().zip(parts) {
                    self.declare_typed(part, ty);
                }
            }
            Pat::Wild(_) => {}
            other => self.error(other, &diagnostics::PATTERN),
        }
    }

    /// A parameter: a name stands for the parameter itself, other patterns take it apart.
    pub(super) fn bind_parameter(&mut self, pattern: &Pat, local: LocalId, value: Expr) {
        match (pattern, value.kind) {
            (Pat::Ident(name), ExprKind::Read(_))
                if name.subpat.is_none() && name.by_ref.is_none() =>
            {
                self.bind(&name.ident, Binding::Local(local));
            }
            (pattern, kind) => self.bind_let(
                pattern,
                Expr {
                    kind,
                    ty: value.ty,
                    span: value.span,
                },
            ),
        }
    }

    /// `let pattern = value;`, where the pattern is known to match.
    pub(super) fn bind_let(&mut self, pattern: &Pat, value: Expr) {
        match pattern {
            Pat::Type(typed) => {
                let ty = self.written_type(&typed.ty);
                self.expect(&value, &ty);
                let value = self.annotated(value, ty);
                self.bind_let(&typed.pat, value);
            }
            Pat::Paren(inner) => self.bind_let(&inner.pat, value),
            Pat::Ident(name) => self.bind_name(name, value),
            Pat::Wild(_) => match value.kind {
                // A place that nothing binds is evaluated, but not read.
                ExprKind::Read(place) | ExprKind::Reference(place) => {
                    self.stmts.push(Stmt::Check(place))
                }
                _ => {
                    let local = self.declare("unused", value.ty.clone());
                    self.stmts.push(Stmt::Let(local, Some(value)));
                }
            },
            Pat::Reference(reference) => {
                let value = self.value_of(value);
                self.bind_let(&reference.pat, value);
            }
            Pat::Tuple(tuple) => {
                let patterns: Vec<&Pat> = tuple.elems.iter().collect();
                let Some((front, back)) = around_rest(&patterns) else {
                    return self.error(pattern, &diagnostics::PATTERN);
                };
                let exact = (front.len() + back.len() == patterns.len()).then_some(patterns.len());
                let Some(parts) = self.tuple_parts(value, exact, pattern) else {
                    return;
                };
                let skipped = parts.len().saturating_sub(back.len());
                let (first, last) = parts.split_at(skipped);
                self.bind_each(front, first);
                self.bind_each(back, last);
            }
            Pat::Slice(slice) => self.bind_slice(slice, value),
            // The test has looked at these, and they bind nothing.
            Pat::Lit(_) | Pat::Range(_) | Pat::Path(_) | Pat::Const(_) | Pat::Rest(_) => {}
            Pat::Or(or) if or.cases.iter().all(|case| !binds(case)) => {}
            Pat::TupleStruct(_) | Pat::Struct(_) if !binds(pattern) => {}
            Pat::Or(or) => self.error(or, &diagnostics::OR_PATTERN_BINDS),
            other => self.error(other, &diagnostics::PATTERN),
        }
    }

    fn bind_each(&mut self, patterns: &[&Pat], values: &[Expr]) {
        for (pattern, value) in patterns.iter().zip(values) {
            self.bind_let(pattern, value.clone());
        }
    }

    /// A literal or an opaque value takes the type that the user wrote, length included.
    fn annotated(&self, mut value: Expr, ty: Ty) -> Expr {
        if matches!(value.kind, ExprKind::Opaque(_)) {
            value.ty = ty;
        }
        value
    }

    fn bind_name(&mut self, name: &syn::PatIdent, value: Expr) {
        if self.constants.contains(&position(&name.ident)) {
            return;
        }
        if name.by_ref.is_some() {
            return self.error(name, &diagnostics::PATTERN);
        }
        match value.kind {
            ExprKind::Reference(place) => {
                let place = self.freeze(place);
                if place.path.iter().any(|step| matches!(step, Step::Index(_))) {
                    self.stmts.push(Stmt::Check(place.clone()));
                }
                if let Some((_, inner)) = &name.subpat {
                    self.bind_let(inner, self.reference(place.clone()));
                }
                self.bind(&name.ident, Binding::Alias(place));
            }
            _ => {
                let local = self.declare(&name.ident.to_string(), value.ty.clone());
                let span = value.span;
                if let ExprKind::Error = value.kind {
                    self.broken.insert(local);
                }
                self.stmts.push(Stmt::Let(local, Some(value)));
                self.bind(&name.ident, Binding::Local(local));
                if let Some((_, inner)) = &name.subpat {
                    let read = self.read(self.whole(local, span));
                    self.bind_let(inner, read);
                }
            }
        }
    }

    /// The parts of a tuple, each an expression that may be evaluated on its own.
    fn tuple_parts(
        &mut self,
        value: Expr,
        count: Option<usize>,
        pattern: &Pat,
    ) -> Option<Vec<Expr>> {
        if let ExprKind::Error = value.kind {
            // Names that the pattern binds must exist, or every use of them would raise an error of its own.
            return Some(
                (0..count.unwrap_or(0))
                    .map(|_| self.broken(value.span))
                    .collect(),
            );
        }
        if let (Ty::Var(_), Some(count)) = (self.types.shallow(&value.ty), count) {
            let parts = (0..count).map(|_| self.types.fresh()).collect();
            self.types.unify(&value.ty, &Ty::Tuple(parts));
        }
        let found = self.types.shallow(&value.ty);
        let types = match (found, count) {
            (Ty::Tuple(types), _) => Some(types),
            (Ty::Scalar(ScalarType::Inferred), Some(count)) => {
                Some((0..count).map(|_| self.types.fresh()).collect())
            }
            _ => None,
        };
        let Some(types) = types else {
            self.error(pattern, &diagnostics::PATTERN);
            return None;
        };
        if count.is_some_and(|count| count != types.len()) {
            self.error(pattern, &diagnostics::PATTERN);
            return None;
        }
        if let ExprKind::Tuple(parts) = value.kind {
            return Some(parts);
        }
        let (place, reference) = self.scrutinee_place(value);
        let parts = types
            .into_iter()
            .enumerate()
            .map(|(i, ty)| self.part(&place, reference, Step::Field(i), ty));
        Some(parts.collect())
    }

    fn part(&self, place: &Place, reference: bool, step: Step, ty: Ty) -> Expr {
        let mut place = place.clone();
        place.path.push(step);
        place.ty = ty;
        if reference {
            self.reference(place)
        } else {
            self.read(place)
        }
    }

    /// A place that holds the value, with its indices evaluated, and whether it is behind a reference.
    pub(super) fn scrutinee_place(&mut self, value: Expr) -> (Place, bool) {
        match value.kind {
            ExprKind::Reference(place) => (self.freeze(place), true),
            ExprKind::Read(place) => (self.freeze(place), false),
            _ => {
                let (ty, span) = (value.ty.clone(), value.span);
                let local = self.declare("value", ty);
                self.stmts.push(Stmt::Let(local, Some(value)));
                (self.whole(local, span), false)
            }
        }
    }

    fn bind_slice(&mut self, slice: &syn::PatSlice, value: Expr) {
        let patterns: Vec<&Pat> = slice.elems.iter().collect();
        let Some((front, back)) = around_rest(&patterns) else {
            return self.error(slice, &diagnostics::SUBSLICE);
        };
        if let ExprKind::List(parts) = &value.kind
            && parts.len() == patterns.len()
            && back.is_empty()
        {
            let parts = parts.clone();
            return self.bind_each(&patterns, &parts);
        }
        let ty = self.types.shallow(&value.ty);
        let Some(element) = ty.element().cloned() else {
            if !matches!(value.kind, ExprKind::Error) {
                self.error(slice, &diagnostics::PATTERN);
            }
            return;
        };
        let (place, reference) = self.scrutinee_place(value);
        for (i, pattern) in front.iter().enumerate() {
            let index = self.count(i, pattern.span());
            let part = self.part(
                &place,
                reference,
                Step::Index(Box::new(index)),
                element.clone(),
            );
            self.bind_let(pattern, part);
        }
        for (i, pattern) in back.iter().enumerate() {
            let index = self.index_from_end(&place, &ty, back.len() - i, pattern.span());
            let part = self.part(
                &place,
                reference,
                Step::Index(Box::new(index)),
                element.clone(),
            );
            self.bind_let(pattern, part);
        }
    }

    fn count(&self, value: usize, span: Span) -> Expr {
        Expr {
            kind: ExprKind::Literal(value.to_string()),
            ty: Ty::USIZE,
            span,
        }
    }

    /// The index of the element that is `distance` before the end.
    fn index_from_end(&self, place: &Place, ty: &Ty, distance: usize, span: Span) -> Expr {
        let distance_ = self.count(distance, span);
        let length = match ty {
            Ty::Array(_, Length::Literal(length)) => {
                return self.count(length.saturating_sub(distance), span);
            }
            Ty::Array(_, Length::Constant(code)) => Expr {
                kind: ExprKind::Constant(code.clone()),
                ty: Ty::USIZE,
                span,
            },
            _ => Expr {
                kind: ExprKind::Len(place.clone()),
                ty: Ty::USIZE,
                span,
            },
        };
        Expr {
            kind: ExprKind::Binary(BinaryOp::Sub, Box::new(length), Box::new(distance_)),
            ty: Ty::USIZE,
            span,
        }
    }

    /// The condition under which a pattern matches what is at a place; `None` where it always does.
    pub(super) fn test(&mut self, pattern: &Pat, place: &Place) -> Option<Expr> {
        let span = pattern.span();
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
                None => None,
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
                let (front, back) = around_rest(&patterns)?;
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
        let Some((front, back)) = around_rest(&patterns) else {
            self.error(slice, &diagnostics::SUBSLICE);
            return None;
        };
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
    fn constant_test(&mut self, constant: impl ToTokens, place: &Place, span: Span) -> Expr {
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

    /// `(a, b[i]) = value`: the value first, all of it, then the places from left to right.
    pub(super) fn destructuring_assignment(
        &mut self,
        left: &syn::Expr,
        value: Expr,
        span: Span,
    ) -> Expr {
        let block = self.scoped(|builder| {
            let local = builder.declare("value", value.ty.clone());
            builder.stmts.push(Stmt::Let(local, Some(value)));
            let whole = builder.read(builder.whole(local, span));
            builder.assign_parts(left, whole);
            None
        });
        Expr {
            kind: ExprKind::Block(block),
            ty: Ty::unit(),
            span,
        }
    }

    fn assign_parts(&mut self, left: &syn::Expr, value: Expr) {
        match left {
            syn::Expr::Infer(_) => {}
            syn::Expr::Paren(inner) => self.assign_parts(&inner.expr, value),
            syn::Expr::Tuple(tuple) => {
                if let Ty::Var(_) = self.types.shallow(&value.ty) {
                    let parts = tuple.elems.iter().map(|_| self.types.fresh()).collect();
                    self.types.unify(&value.ty, &Ty::Tuple(parts));
                }
                let (Ty::Tuple(types), ExprKind::Read(place)) =
                    (self.types.shallow(&value.ty), &value.kind)
                else {
                    return self.error(left, &diagnostics::ASSIGNMENT);
                };
                for (i, (part, ty)) in tuple.elems.iter().zip(types).enumerate() {
                    let value = self.part(place, false, Step::Field(i), ty);
                    self.assign_parts(part, value);
                }
            }
            syn::Expr::Array(array) => {
                let ty = self.types.shallow(&value.ty);
                let (Some(element), ExprKind::Read(place)) = (ty.element(), &value.kind) else {
                    return self.error(left, &diagnostics::ASSIGNMENT);
                };
                for (i, part) in array.elems.iter().enumerate() {
                    let index = self.count(i, part.span());
                    let value =
                        self.part(place, false, Step::Index(Box::new(index)), element.clone());
                    self.assign_parts(part, value);
                }
            }
            other => {
                let Some(place) = self.assignee(other) else {
                    return;
                };
                self.expect(&value, &place.ty);
                let span = other.span();
                let kind = ExprKind::Assign(place, Box::new(value));
                self.stmts.push(Stmt::Expr(Expr {
                    kind,
                    ty: Ty::unit(),
                    span,
                }));
            }
        }
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

/// An identifier together with where it stands.
fn position(name: &Ident) -> String {
    format!("{name} {:?}", name.span())
}

/// Whether a name in a refutable pattern is a constant rather than a new variable: the naming lints of rustc tell them apart.
fn is_constant(name: &Ident) -> bool {
    name.to_string()
        .starts_with(|first: char| first.is_uppercase())
}

/// Whether a pattern binds a name.
pub(super) fn binds(pattern: &Pat) -> bool {
    match pattern {
        Pat::Ident(name) => name.subpat.is_some() || !is_constant(&name.ident),
        Pat::Paren(inner) => binds(&inner.pat),
        Pat::Reference(inner) => binds(&inner.pat),
        Pat::Type(inner) => binds(&inner.pat),
        Pat::Or(or) => or.cases.iter().any(binds),
        Pat::Tuple(tuple) => tuple.elems.iter().any(binds),
        Pat::Slice(slice) => slice.elems.iter().any(binds),
        Pat::TupleStruct(tuple) => tuple.elems.iter().any(binds),
        Pat::Struct(fields) => fields.fields.iter().any(|field| binds(&field.pat)),
        _ => false,
    }
}

/// The patterns ahead of `..` and behind it; `None` where the rest is bound to a name.
fn around_rest<'a, 'p>(patterns: &'a [&'p Pat]) -> Option<(&'a [&'p Pat], &'a [&'p Pat])> {
    let named = |pattern: &&Pat| matches!(pattern, Pat::Ident(name) if name.subpat.as_ref().is_some_and(|(_, inner)| matches!(**inner, Pat::Rest(_))));
    if patterns.iter().any(named) {
        return None;
    }
    match patterns
        .iter()
        .position(|pattern| matches!(pattern, Pat::Rest(_)))
    {
        Some(rest) => Some((&patterns[..rest], &patterns[rest + 1..])),
        None => Some((patterns, &[])),
    }
}
