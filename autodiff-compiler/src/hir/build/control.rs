//! Branches, loops and exits.

use super::{Builder, Frame};
use crate::diagnostics::{self, Extent, Located};
use crate::hir::types::Ty;
use crate::hir::{Block, Expr, ExprKind, LoopId, Stmt, visit};

impl Builder<'_> {
    pub(super) fn block_expr(&mut self, expr: &syn::ExprBlock) -> Expr {
        self.attributes(&expr.attrs);
        let span = expr.span();
        let Some(label) = &expr.label else {
            let block = self.block(&expr.block);
            let ty = self.block_type(&block);
            return Expr {
                kind: ExprKind::Block(block),
                ty,
                span,
            };
        };
        let ty = self.types.fresh();
        let id = self.enter_loop(Some(label), false, ty.clone());
        let block = self.block(&expr.block);
        self.frames.pop();
        self.unify_block(&block, &ty, span);
        Expr {
            kind: ExprKind::Labelled(id, block),
            ty,
            span,
        }
    }

    pub(super) fn branch(&mut self, expr: &syn::ExprIf) -> Expr {
        let span = expr.span();
        if let Some(tests) = self.let_chain(&expr.cond) {
            return self.if_let(tests, expr);
        }
        let condition = self.condition(&expr.cond);
        let then = self.block(&expr.then_branch);
        let otherwise = self.otherwise(expr.else_branch.as_ref());
        self.choose(condition, then, otherwise, span)
    }

    /// The `else` of an `if`.
    pub(super) fn otherwise(
        &mut self,
        branch: Option<&(syn::token::Else, Box<syn::Expr>)>,
    ) -> Block {
        match branch {
            None => Block::default(),
            Some((_, otherwise)) => match &**otherwise {
                syn::Expr::Block(block) if block.label.is_none() => self.block(&block.block),
                other => self.scoped(|builder| Some(builder.expr(other))),
            },
        }
    }

    pub(super) fn condition(&mut self, expr: &syn::Expr) -> Expr {
        let condition = self.expr(expr);
        let condition = self.scalar(condition);
        self.expect(&condition, &Ty::BOOL);
        condition
    }

    /// `if condition { then } else { otherwise }`, with one type.
    pub(super) fn choose(
        &mut self,
        condition: Expr,
        then: Block,
        otherwise: Block,
        span: Extent,
    ) -> Expr {
        let ty = self.types.fresh();
        self.unify_block(&then, &ty, span);
        self.unify_block(&otherwise, &ty, span);
        Expr {
            kind: ExprKind::If(Box::new(condition), then, otherwise),
            ty,
            span,
        }
    }

    /// Makes the value of a block one of type `ty`, unless it never gets to its end.
    fn unify_block(&self, block: &Block, ty: &Ty, span: Extent) {
        match &block.tail {
            Some(tail) if matches!(tail.kind, ExprKind::Reference(_)) => {
                self.errors.span(tail.span, &diagnostics::REFERENCE, &[]);
            }
            Some(tail) if visit::diverges(tail) => {}
            Some(tail) => self.expect(tail, ty),
            None if visit::block_diverges(block) => {}
            None => self.expect(&Expr::unit(span), ty),
        }
    }

    pub(super) fn enter_loop(
        &mut self,
        label: Option<&syn::Label>,
        is_loop: bool,
        ty: Ty,
    ) -> LoopId {
        let id = self.loops.push(());
        let label = label.map(|label| label.name.ident.to_string());
        self.frames.push(Frame {
            id,
            label,
            is_loop,
            again: None,
            ty,
        });
        id
    }

    pub(super) fn looping(&mut self, expr: &syn::ExprLoop) -> Expr {
        self.attributes(&expr.attrs);
        self.uncounted(&expr.attrs);
        let ty = self.types.fresh();
        let id = self.enter_loop(expr.label.as_ref(), true, ty.clone());
        let body = self.block(&expr.body);
        self.frames.pop();
        Expr {
            kind: ExprKind::Loop(id, body),
            ty,
            span: expr.span(),
        }
    }

    pub(super) fn while_loop(&mut self, expr: &syn::ExprWhile) -> Expr {
        self.attributes(&expr.attrs);
        self.uncounted(&expr.attrs);
        let span = expr.span();
        let id = self.enter_loop(expr.label.as_ref(), true, Ty::unit());
        if let Some(tests) = self.let_chain(&expr.cond) {
            let built = self.while_let(id, tests, expr);
            self.frames.pop();
            return built;
        }
        let condition = self.condition(&expr.cond);
        let body = self.block(&expr.body);
        self.frames.pop();
        if visit::changes(&condition) {
            return self.tested_loop(id, condition, body, span);
        }
        Expr {
            kind: ExprKind::While(id, Box::new(condition), body),
            ty: Ty::unit(),
            span,
        }
    }

    /// `while condition { body }` where the condition exits or assigns: `loop { if condition { body } else { break } }`.
    fn tested_loop(&mut self, id: LoopId, condition: Expr, body: Block, span: Extent) -> Expr {
        let exit = Expr {
            kind: ExprKind::Break(id, None),
            ty: self.types.fresh(),
            span,
        };
        let otherwise = Block {
            stmts: vec![Stmt::Expr(exit)],
            tail: None,
        };
        let branch = ExprKind::If(Box::new(condition), body, otherwise);
        let branch = Expr {
            kind: branch,
            ty: Ty::unit(),
            span,
        };
        let body = Block {
            stmts: vec![Stmt::Expr(branch)],
            tail: None,
        };
        Expr {
            kind: ExprKind::Loop(id, body),
            ty: Ty::unit(),
            span,
        }
    }

    pub(super) fn break_expr(&mut self, expr: &syn::ExprBreak) -> Expr {
        let span = expr.span();
        let value = expr.expr.as_ref().map(|value| Box::new(self.expr(value)));
        let Some((id, ty)) = self
            .target(expr.label.as_ref(), span)
            .map(|frame| (frame.id, frame.ty.clone()))
        else {
            return self.broken(span);
        };
        match &value {
            Some(value) => self.expect(value, &ty),
            None => self.expect(&Expr::unit(span), &ty),
        }
        Expr {
            kind: ExprKind::Break(id, value),
            ty: self.types.fresh(),
            span,
        }
    }

    pub(super) fn continue_expr(&mut self, expr: &syn::ExprContinue) -> Expr {
        let span = expr.span();
        let Some(frame) = self.target(expr.label.as_ref(), span) else {
            return self.broken(span);
        };
        let kind = match frame.again {
            Some(again) => ExprKind::Break(again, None),
            None => ExprKind::Continue(frame.id),
        };
        Expr {
            kind,
            ty: self.types.fresh(),
            span,
        }
    }

    fn target(&self, label: Option<&syn::Lifetime>, span: Extent) -> Option<&Frame> {
        let name = label.map(|label| label.ident.to_string());
        let frame = self.frames.iter().rev().find(|frame| match &name {
            Some(_) => frame.label == name,
            None => frame.is_loop,
        });
        if frame.is_none() {
            self.errors
                .span(span, &diagnostics::LABEL, &[&name.unwrap_or_default()]);
        }
        frame
    }

    pub(super) fn return_expr(&mut self, expr: &syn::ExprReturn) -> Expr {
        if let Some(exit) = self.return_from_closure(expr) {
            return exit;
        }
        if let (Some(kind), Some(value)) = (self.wrapper, &expr.expr) {
            return self.wrapped_return(kind, value, expr.span());
        }
        let value = expr.expr.as_ref().map(|value| Box::new(self.expr(value)));
        if let Some(value) = &value {
            self.expect(value, &self.result);
        }
        Expr {
            kind: ExprKind::Return(value),
            ty: self.types.fresh(),
            span: expr.span(),
        }
    }

    /// Gives a value a variable, and reads that.
    pub(super) fn named(&mut self, name: &str, value: Expr) -> Expr {
        if matches!(value.kind, ExprKind::Literal(_)) {
            return value;
        }
        let local = self.declare(name, value.ty.clone());
        let read = self.read(self.whole(local, value.span));
        self.stmts.push(Stmt::Let(local, Some(value)));
        read
    }
}
