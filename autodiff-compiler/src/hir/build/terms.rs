//! Expressions and statements that desugaring is made of.

use crate::diagnostics::Extent;
use crate::hir::types::Ty;
use crate::hir::{Block, Expr, ExprKind, LoopId, Place, Stmt};
use crate::ir::{BinaryOp, Comparison};

/// A literal.
pub(super) fn number(text: &str, ty: Ty, span: Extent) -> Expr {
    Expr {
        kind: ExprKind::Literal(text.into()),
        ty,
        span,
    }
}

/// An operator between two values of one type.
pub(super) fn binary(op: BinaryOp, a: Expr, b: Expr) -> Expr {
    let (ty, span) = (a.ty.clone(), a.span);
    Expr {
        kind: ExprKind::Binary(op, Box::new(a), Box::new(b)),
        ty,
        span,
    }
}

/// A comparison.
pub(super) fn compare(comparison: Comparison, a: Expr, b: Expr) -> Expr {
    let span = a.span;
    Expr {
        kind: ExprKind::Compare(comparison, Box::new(a), Box::new(b)),
        ty: Ty::BOOL,
        span,
    }
}

/// A method of a scalar.
pub(super) fn method(name: &str, operands: Vec<Expr>, ty: Ty) -> Expr {
    let span = operands[0].span;
    Expr {
        kind: ExprKind::Method(name.into(), operands),
        ty,
        span,
    }
}

/// `!condition`
pub(super) fn not(condition: Expr) -> Expr {
    let span = condition.span;
    Expr {
        kind: ExprKind::Not(Box::new(condition)),
        ty: Ty::BOOL,
        span,
    }
}

/// `place = value;`
pub(super) fn put(place: Place, value: Expr) -> Stmt {
    let span = place.span;
    effect(ExprKind::Assign(place, Box::new(value)), span)
}

/// `break` out of a loop or labelled block.
pub(super) fn leave(id: LoopId, span: Extent) -> Stmt {
    effect(ExprKind::Break(id, None), span)
}

/// `if condition { then } else { otherwise }`, for its effect.
pub(super) fn branch(condition: Expr, then: Block, otherwise: Block) -> Stmt {
    let span = condition.span;
    effect(ExprKind::If(Box::new(condition), then, otherwise), span)
}

/// A block of statements.
pub(super) fn statements(stmts: Vec<Stmt>) -> Block {
    Block { stmts, tail: None }
}

/// A block that is nothing but a value.
pub(super) fn only(tail: Expr) -> Block {
    Block {
        stmts: Vec::new(),
        tail: Some(Box::new(tail)),
    }
}

/// An expression of type `()` as a statement.
pub(super) fn effect(kind: ExprKind, span: Extent) -> Stmt {
    Stmt::Expr(Expr {
        kind,
        ty: Ty::unit(),
        span,
    })
}
