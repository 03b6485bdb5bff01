//! `Vec`s that change their length, and `None`.

use super::Lowering;
use super::slot::Value;
use crate::diagnostics::{self, Extent};
use crate::hir::{Expr, Place};
use crate::ir::{self, Origin, Projection, Stmt, Type};

impl Lowering<'_> {
    pub(super) fn push(&mut self, place: &Place, value: &Expr, span: Extent) {
        let value = self.value(value);
        let Some(to) = self.resizable(place, span) else {
            return;
        };
        let value = self.leaf(value);
        self.stmts.push(Stmt::Push { to, value });
    }

    pub(super) fn cut(&mut self, place: &Place, length: &Expr, span: Extent) {
        let length = self.scalar(length);
        let Some(place) = self.resizable(place, span) else {
            return;
        };
        if self.place_type(&place).element().is_some_and(has_vec) {
            self.errors.span(span, &diagnostics::NESTED_GROWTH, &[]);
            return;
        }
        self.stmts.push(Stmt::Resize {
            place,
            length,
            grows: false,
        });
    }

    /// What stands in `None`. Of a struct of the user's there is nothing that could.
    pub(super) fn absent(&mut self, expr: &Expr) -> Value {
        if self.types.model(&expr.ty).has_struct() {
            let what = "an `Option` of a struct is";
            let details = &[what, "keep a `bool` and its fields in variables"];
            self.errors
                .span(expr.span, &diagnostics::EXPRESSION, details);
            return Value::UNIT;
        }
        self.dummy(&expr.ty)
    }

    /// The memory of a `Vec` whose length may change. That of `Vec`s inside of it has to be there when the reverse sweep
    /// begins, since nothing else tells their shapes.
    fn resizable(&mut self, place: &Place, span: Extent) -> Option<ir::Place> {
        let Some(at) = self.memory_place(place) else {
            self.errors.span(span, &diagnostics::OPAQUE_ARRAY, &[]);
            return None;
        };
        let info = &self.function.memories[at.memory];
        if !matches!(info.origin, Origin::Local | Origin::Owned) {
            self.errors.span(span, &diagnostics::BORROWED_GROWTH, &[]);
            return None;
        }
        let nested = info.ty.element().is_some_and(has_vec);
        let inside = self.declared_in.get(&place.root).copied().unwrap_or(0) > 0;
        let is_element = |step: &Projection| matches!(step, Projection::Index(_));
        let is_part = !at.path.iter().all(is_element) || !matches!(info.ty, Type::Vec(_));
        let of_structs = info.ty.has_struct();
        let is_vec = matches!(self.place_type(&at), Type::Vec(_));
        if is_part || !is_vec || of_structs || nested && inside {
            self.errors.span(span, &diagnostics::NESTED_GROWTH, &[]);
            return None;
        }
        self.grown.insert(at.memory);
        Some(at)
    }
}

fn has_vec(ty: &Type) -> bool {
    match ty {
        Type::Vec(_) | Type::Slice(_) => true,
        Type::Array(element, _) => has_vec(element),
        Type::Tuple(parts) => parts.iter().any(has_vec),
        Type::Scalar(_) | Type::Struct(_) => false,
    }
}
