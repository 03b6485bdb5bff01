//! Patterns: what they bind, and when they match.
//!
//! A pattern is read twice: [`Builder::test`] makes the condition under which it matches, [`Builder::bind_let`] the
//! variables that it binds once it does.

use syn::{Ident, Pat, PatIdent};

use super::Builder;
use super::closures::refers;
use super::optional::Wanted;
use super::scope::Binding;
use super::structs::inner_patterns;
use crate::diagnostics::{self, Extent, Located};
use crate::hir::types::Ty;
use crate::hir::{Expr, ExprKind, LocalId, Place, Step, Stmt};
use crate::ir::{BinaryOp, Length, ScalarType};

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
                self.mutable.insert(local);
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
                if name.mutability.is_some() {
                    self.mutable.insert(local);
                }
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
        match Wanted::of(pattern) {
            Some(Wanted::Some(inner)) => return self.bind_some(inner, value),
            Some(Wanted::None) => return,
            None => {}
        }
        match pattern {
            Pat::Type(typed) => {
                let mut ty = self.written_type(&typed.ty);
                let opaque = matches!(value.kind, ExprKind::Opaque(_))
                    || self.types.shallow(&value.ty) == self.inferred();
                if opaque && self.types.has_option(&ty) {
                    // What only rustc knows stays what it is.
                    ty = self.inferred();
                }
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
                let Around { front, back, .. } = around_rest(&patterns);
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
            Pat::TupleStruct(_) | Pat::Struct(_)
                if let Some((path, members, patterns)) = inner_patterns(pattern) =>
            {
                let parts = self.struct_parts(path, &members, value, pattern);
                self.bind_each(&patterns, &parts);
            }
            Pat::Or(or) => self.error(or, &diagnostics::OR_PATTERN_BINDS),
            other => self.error(other, &diagnostics::PATTERN),
        }
    }

    /// Binds a name that no pattern holds.
    pub(super) fn bind_ident(&mut self, name: &Ident, value: Expr) {
        let pattern = syn::PatIdent {
            attrs: Vec::new(),
            by_ref: None,
            mutability: None,
            ident: name.clone(),
            subpat: None,
        };
        self.bind_name(&pattern, value);
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
        let value = self.unblocked(value);
        match value.kind {
            ExprKind::Reference(place) => {
                let place = self.checked_place(place);
                if let Some((_, inner)) = &name.subpat {
                    self.bind_let(inner, self.reference(place.clone()));
                }
                self.bind(&name.ident, Binding::Alias(place));
            }
            ExprKind::Tuple(_) if name.subpat.is_none() && refers(&value) => {
                let parts = self.steady(value);
                self.bind(&name.ident, Binding::Parts(parts));
            }
            _ => {
                let local = self.declare(&name.ident.to_string(), value.ty.clone());
                let span = value.span;
                if self.is_result(&value) {
                    self.results.insert(local);
                }
                if let ExprKind::Error = value.kind {
                    self.broken.insert(local);
                }
                if name.mutability.is_some() {
                    self.mutable.insert(local);
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
    pub(super) fn tuple_parts(
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
        let value = self.unblocked(value);
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

    /// The value of a block that gives a reference or a tuple, which may have references in it, once its statements have
    /// run.
    fn unblocked(&mut self, value: Expr) -> Expr {
        let mut last = &value;
        while let ExprKind::Block(block) = &last.kind
            && let Some(tail) = &block.tail
        {
            last = tail;
        }
        match last.kind {
            ExprKind::Tuple(_) | ExprKind::Reference(_) => self.settle(value),
            _ => value,
        }
    }

    pub(super) fn part(&self, place: &Place, reference: bool, step: Step, ty: Ty) -> Expr {
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
                if self.is_result(&value) {
                    self.results.insert(local);
                }
                self.stmts.push(Stmt::Let(local, Some(value)));
                (self.whole(local, span), false)
            }
        }
    }

    fn bind_slice(&mut self, slice: &syn::PatSlice, value: Expr) {
        let patterns: Vec<&Pat> = slice.elems.iter().collect();
        let Around { front, back, rest } = around_rest(&patterns);
        if let ExprKind::List(parts) = &value.kind
            && parts.len() == patterns.len()
            && back.is_empty()
        {
            let parts = parts.clone();
            return self.bind_each(&patterns, &parts);
        }
        // What a call gives that is taken apart like an array is one.
        if let Ty::Var(_) = self.types.shallow(&value.ty)
            && front.len() == patterns.len()
        {
            let length = Length::Literal(patterns.len());
            let array = Ty::Array(Box::new(self.types.fresh()), length);
            self.types.unify(&value.ty, &array);
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
        match rest {
            // A rest by value would be an array of its own.
            Some(name) if !reference => self.error(name, &diagnostics::SUBSLICE),
            Some(name) => {
                let around = (front.len(), back.len());
                let rest = self.rest(&place, &element, around, name.span());
                self.bind_name(name, rest);
            }
            None => {}
        }
    }

    pub(super) fn count(&self, value: usize, span: Extent) -> Expr {
        Expr {
            kind: ExprKind::Literal(value.to_string()),
            ty: Ty::USIZE,
            span,
        }
    }

    /// The index of the element that is `distance` before the end.
    pub(super) fn index_from_end(
        &self,
        place: &Place,
        ty: &Ty,
        distance: usize,
        span: Extent,
    ) -> Expr {
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
}

/// An identifier together with where it stands.
pub(super) fn position(name: &Ident) -> String {
    format!("{name} {:?}", name.span())
}

/// Whether a name in a refutable pattern is a constant rather than a new variable: the naming lints of rustc tell them apart.
pub(super) fn is_constant(name: &Ident) -> bool {
    name.to_string()
        .starts_with(|first: char| first.is_uppercase())
}

/// Whether a pattern binds a name.
pub(super) fn binds(pattern: &Pat) -> bool {
    match pattern {
        Pat::Ident(name) => {
            name.subpat.is_some() || !(is_constant(&name.ident) || name.ident == "None")
        }
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

/// The patterns ahead of `..` and behind it, and the name that the rest is bound to.
pub(super) fn around_rest<'a, 'p>(patterns: &'a [&'p Pat]) -> Around<'a, 'p> {
    let rest = patterns
        .iter()
        .enumerate()
        .find_map(|(i, pattern)| match pattern {
            Pat::Rest(_) => Some((i, None)),
            Pat::Ident(name) => match name.subpat.as_ref().map(|(_, inner)| &**inner) {
                Some(Pat::Rest(_)) => Some((i, Some(name))),
                _ => None,
            },
            _ => None,
        });
    match rest {
        Some((i, rest)) => Around {
            front: &patterns[..i],
            back: &patterns[i + 1..],
            rest,
        },
        None => Around {
            front: patterns,
            back: &[],
            rest: None,
        },
    }
}

/// What stands around the `..` of a pattern.
pub(super) struct Around<'a, 'p> {
    pub(super) front: &'a [&'p Pat],
    pub(super) back: &'a [&'p Pat],
    /// `name @ ..`
    pub(super) rest: Option<&'p PatIdent>,
}
