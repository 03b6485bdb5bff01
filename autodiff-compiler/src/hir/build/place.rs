//! Places: what can be read, referenced and assigned to.

use proc_macro2::TokenStream;
use quote::ToTokens;
use syn::Member;

use super::Builder;
use super::closures::refers;
use crate::diagnostics::{self, Extent, Located};
use crate::hir::types::Ty;
use crate::hir::{Block, Expr, ExprKind, LocalId, Place, Step, Stmt};
use crate::ir::{Code, ScalarType};

impl Builder<'_> {
    /// `base[index]`
    pub(super) fn index(&mut self, expr: &syn::ExprIndex) -> Expr {
        let base = self.expr(&expr.expr);
        if let syn::Expr::Range(range) = super::call::strip(&expr.index) {
            return self.section(base, range, expr.span());
        }
        let index = self.expr(&expr.index);
        let index = self.value_of(index);
        self.expect(&index, &Ty::USIZE);
        if let ExprKind::Error = base.kind {
            return base;
        }
        let element = self.types.element(&base.ty);
        let base_ty = self.types.shallow(&base.ty);
        if is_constant_code(&base) {
            let mut part = self.constant_element(base, index, expr.span());
            part.ty = element.unwrap_or(part.ty);
            return part;
        }
        let element = match (element, base_ty) {
            (Some(element), _) => element,
            // Only rustc knows what this is; it is inactive, or the call that gave it is an error.
            (None, ty @ (Ty::Var(_) | Ty::Scalar(ScalarType::Inferred))) => {
                self.taken_apart.push(ty);
                self.types.fresh()
            }
            (None, found) => {
                let found = self.types.resolve(&found).to_string();
                return self.failed(
                    &expr.expr,
                    &diagnostics::TYPE_MISMATCH,
                    &["an array", &found],
                );
            }
        };
        match base.kind {
            ExprKind::Read(mut place) | ExprKind::Reference(mut place) => {
                place.path.push(Step::Index(Box::new(index)));
                place.ty = element;
                place.span = expr.span();
                self.read(self.flattened(place))
            }
            _ => self.project(base, expr.span(), |place| {
                place.path.push(Step::Index(Box::new(index)));
                place.ty = element;
            }),
        }
    }

    /// `base.0`
    pub(super) fn field(&mut self, expr: &syn::ExprField) -> Expr {
        let base = self.expr(&expr.base);
        if matches!(base.kind, ExprKind::Error) {
            return base;
        }
        if let (ExprKind::Tuple(parts), Member::Unnamed(field)) = (&base.kind, &expr.member)
            && let Some(part) = parts.get(field.index as usize)
            && refers(&base)
        {
            return part.clone();
        }
        if let (Member::Unnamed(field), ExprKind::Block(mut block)) =
            (&expr.member, base.kind.clone())
            && let Some(tail) = block.tail.take()
            && let ExprKind::Tuple(mut parts) = tail.kind
            && (field.index as usize) < parts.len()
            && parts
                .iter()
                .all(|part| matches!(part.kind, ExprKind::Reference(_)))
        {
            let part = parts.swap_remove(field.index as usize);
            let ty = part.ty.clone();
            block.tail = Some(Box::new(part));
            return Expr {
                kind: ExprKind::Block(block),
                ty,
                span: expr.span(),
            };
        }
        let name = match &expr.member {
            Member::Named(name) => Code::new(name.to_token_stream()),
            Member::Unnamed(index) => Code::new(index.to_token_stream()),
        };
        if let Some(ty) = self.types.field(&base.ty, &name) {
            return self.project(base, expr.span(), |place| {
                place.path.push(Step::Member(name.text().to_owned()));
                place.ty = ty;
            });
        }
        let opaque = matches!(
            self.types.shallow(&base.ty),
            Ty::Var(_) | Ty::Scalar(ScalarType::Inferred)
        );
        if opaque {
            self.taken_apart.push(base.ty.clone());
        }
        let (step, ty) = match (&expr.member, self.types.shallow(&base.ty)) {
            (Member::Named(name), _) if opaque => {
                (Step::Member(name.to_string()), self.types.fresh())
            }
            (Member::Unnamed(field), _) if opaque => {
                (Step::Field(field.index as usize), self.types.fresh())
            }
            (Member::Unnamed(field), Ty::Tuple(parts)) if (field.index as usize) < parts.len() => {
                let position = field.index as usize;
                (Step::Field(position), parts[position].clone())
            }
            (_, found) => {
                let found = self.types.resolve(&found).to_string();
                return self.failed(
                    expr,
                    &diagnostics::TYPE_MISMATCH,
                    &["a struct or tuple with this field", &found],
                );
            }
        };
        self.project(base, expr.span(), |place| {
            place.path.push(step);
            place.ty = ty;
        })
    }

    /// Goes one step into what an expression stands for; a value that is no place is given a variable first.
    pub(super) fn project(
        &mut self,
        base: Expr,
        span: Extent,
        step: impl FnOnce(&mut Place),
    ) -> Expr {
        match base.kind {
            ExprKind::Read(mut place) | ExprKind::Reference(mut place) => {
                step(&mut place);
                place.span = span;
                self.read(place)
            }
            _ => {
                let local = self.declare("value", base.ty.clone());
                let mut place = self.whole(local, span);
                step(&mut place);
                let tail = self.read(place);
                let ty = tail.ty.clone();
                let block = Block {
                    stmts: vec![Stmt::Let(local, Some(base))],
                    tail: Some(Box::new(tail)),
                };
                Expr {
                    kind: ExprKind::Block(block),
                    ty,
                    span,
                }
            }
        }
    }

    /// `&expr`, `&mut expr`
    pub(super) fn borrow(&mut self, expr: &syn::ExprReference) -> Expr {
        let inner = self.expr(&expr.expr);
        match inner.kind {
            ExprKind::Read(mut place) => {
                place.span = expr.span();
                place.mutable = expr.mutability.is_some();
                self.reference(place)
            }
            // A reference to a fresh value is a reference to a variable that holds it.
            _ => inner,
        }
    }

    /// What an operator or method sees: the value behind a reference.
    pub(super) fn value_of(&self, expr: Expr) -> Expr {
        match expr.kind {
            ExprKind::Reference(place) => self.read(place),
            _ => expr,
        }
    }

    /// The place that an assignment writes to.
    pub(super) fn assignee(&mut self, expr: &syn::Expr) -> Option<Place> {
        if let Some(place) = self.last_assigned(expr) {
            return Some(place);
        }
        let built = self.expr(expr);
        match built.kind {
            ExprKind::Read(place) => Some(place),
            ExprKind::Error => None,
            ExprKind::Reference(_) => {
                self.error(expr, &diagnostics::REFERENCE);
                None
            }
            _ => {
                self.error(expr, &diagnostics::ASSIGNMENT);
                None
            }
        }
    }

    /// The place with its indices evaluated here, once and for all.
    pub(super) fn freeze(&mut self, mut place: Place) -> Place {
        for index in place.path.iter_mut().flat_map(Step::indices_mut) {
            match &index.kind {
                ExprKind::Literal(_) | ExprKind::Constant(_) => continue,
                ExprKind::Read(at) if at.path.is_empty() && self.fixed.contains(&at.root) => {
                    continue;
                }
                _ => {}
            }
            let local = self.declare("index", index.ty.clone());
            self.fixed.insert(local);
            let read = self.read(self.whole(local, index.span));
            let value = std::mem::replace(index, read);
            self.stmts.push(Stmt::Let(local, Some(value)));
        }
        place
    }

    /// As [`Self::freeze`], and checked to be in bounds.
    pub(super) fn checked_place(&mut self, place: Place) -> Place {
        let place = self.freeze(place);
        if !self.is_within(&place) {
            let indices = place.path.iter().flat_map(Step::indices);
            let indices: Vec<LocalId> = indices
                .filter_map(|index| match &index.kind {
                    ExprKind::Read(at) => Some(at.root),
                    _ => None,
                })
                .collect();
            self.stmts.push(Stmt::Check(place.clone()));
            self.within.extend(indices);
        }
        place
    }

    /// An element of a constant, which is not memory of the function's.
    fn constant_element(&mut self, base: Expr, index: Expr, span: Extent) -> Expr {
        let (code, mut arguments) = constant_code(base);
        let hole = super::macros::hole(arguments.len());
        let name = code.to_string();
        arguments.push(index);
        self.template(quote::quote!(#code[#hole]), arguments, &name, true, span)
    }
}

/// The code of a constant or an element of one, and what goes into its holes.
pub(super) fn constant_code(constant: Expr) -> (TokenStream, Vec<Expr>) {
    match constant.kind {
        ExprKind::Constant(code) => (code.tokens().clone(), Vec::new()),
        ExprKind::Opaque(template) => (template.code.tokens().clone(), template.arguments),
        _ => unreachable!("the caller has looked"),
    }
}

/// Whether an expression is a constant, or an element of one.
pub(super) fn is_constant_code(expr: &Expr) -> bool {
    match &expr.kind {
        ExprKind::Constant(_) => true,
        ExprKind::Opaque(template) => template.pure,
        _ => false,
    }
}
