//! Branches, loops and exits.

use proc_macro2::Span;
use syn::RangeLimits;
use syn::spanned::Spanned;

use super::{Builder, Frame};
use crate::diagnostics;
use crate::hir::types::Ty;
use crate::hir::{Block, Expr, ExprKind, LoopId, Range, Stmt, visit};
use crate::ir::BinaryOp;

/// The parts of a range before it becomes a loop.
struct Steps {
    range: Range,
    /// The stride, where it is not 1, and whether the loop is reversed after it was strided.
    step: Option<(Box<Expr>, bool)>,
    ty: Ty,
}

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
        span: Span,
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
    fn unify_block(&self, block: &Block, ty: &Ty, span: Span) {
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

    fn enter_loop(&mut self, label: Option<&syn::Label>, is_loop: bool, ty: Ty) -> LoopId {
        let id = self.loops.push(());
        let label = label.map(|label| label.name.ident.to_string());
        self.frames.push(Frame {
            id,
            label,
            is_loop,
            ty,
        });
        id
    }

    pub(super) fn looping(&mut self, expr: &syn::ExprLoop) -> Expr {
        self.attributes(&expr.attrs);
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
    fn tested_loop(&mut self, id: LoopId, condition: Expr, body: Block, span: Span) -> Expr {
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
        let Some((id, ty)) = self.target(expr.label.as_ref(), span) else {
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
        let Some((id, _)) = self.target(expr.label.as_ref(), span) else {
            return self.broken(span);
        };
        Expr {
            kind: ExprKind::Continue(id),
            ty: self.types.fresh(),
            span,
        }
    }

    fn target(&self, label: Option<&syn::Lifetime>, span: Span) -> Option<(LoopId, Ty)> {
        let name = label.map(|label| label.ident.to_string());
        let frame = self.frames.iter().rev().find(|frame| match &name {
            Some(_) => frame.label == name,
            None => frame.is_loop,
        });
        if frame.is_none() {
            self.errors
                .span(span, &diagnostics::LABEL, &[&name.unwrap_or_default()]);
        }
        frame.map(|frame| (frame.id, frame.ty.clone()))
    }

    pub(super) fn return_expr(&mut self, expr: &syn::ExprReturn) -> Expr {
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

    pub(super) fn for_loop(&mut self, expr: &syn::ExprForLoop) -> Expr {
        self.attributes(&expr.attrs);
        let span = expr.span();
        let Some(steps) = self.steps(&expr.expr) else {
            return self.broken(span);
        };
        let id = self.enter_loop(expr.label.as_ref(), true, Ty::unit());
        let looping = match steps.step {
            None => {
                let index = self.declare("i", steps.ty);
                let body = self.loop_body(expr, self.read(self.whole(index, expr.pat.span())));
                ExprKind::For(id, index, steps.range, body)
            }
            Some(_) => self.strided(id, steps, expr),
        };
        self.frames.pop();
        Expr {
            kind: looping,
            ty: Ty::unit(),
            span,
        }
    }

    /// The body of a `for` loop; its pattern is bound to `index`.
    fn loop_body(&mut self, expr: &syn::ExprForLoop, index: Expr) -> Block {
        self.scoped(|builder| {
            builder.bind_let(&expr.pat, index);
            let body = builder.block(&expr.body);
            Some(Expr {
                kind: ExprKind::Block(body),
                ty: Ty::unit(),
                span: expr.body.span(),
            })
        })
    }

    /// What a `for` loop runs over.
    fn steps(&mut self, expr: &syn::Expr) -> Option<Steps> {
        match expr {
            syn::Expr::Paren(inner) => self.steps(&inner.expr),
            syn::Expr::Group(inner) => self.steps(&inner.expr),
            syn::Expr::Range(range) => {
                let (Some(start), Some(end)) = (&range.start, &range.end) else {
                    self.error(range, &diagnostics::RANGE);
                    return None;
                };
                let low = self.expr(start);
                let low = self.scalar(low);
                let high = self.expr(end);
                let high = self.scalar(high);
                self.expect(&high, &low.ty);
                let ty = low.ty.clone();
                if !self.types.is_integer(&ty) && !self.types.unify(&ty, &self.types.integer()) {
                    self.error(range, &diagnostics::RANGE);
                    return None;
                }
                let inclusive = matches!(range.limits, RangeLimits::Closed(_));
                let range = Range::new(low, high, inclusive, false);
                Some(Steps {
                    range,
                    step: None,
                    ty,
                })
            }
            syn::Expr::MethodCall(call) => {
                let method = call.method.to_string();
                if !matches!(method.as_str(), "rev" | "step_by" | "into_iter")
                    || !over_range(&call.receiver)
                {
                    self.error(expr, &diagnostics::ITERATOR);
                    return None;
                }
                let mut steps = self.steps(&call.receiver)?;
                match (method.as_str(), call.args.first()) {
                    ("rev", None) => match &mut steps.step {
                        None => steps.range.reversed = !steps.range.reversed,
                        Some((_, reversed)) => *reversed = !*reversed,
                    },
                    ("step_by", Some(step)) if steps.step.is_none() => {
                        let step = self.expr(step);
                        let step = self.scalar(step);
                        self.expect(&step, &Ty::USIZE);
                        steps.step = Some((Box::new(step), false));
                    }
                    ("into_iter", None) => {}
                    _ => {
                        self.error(expr, &diagnostics::RANGE);
                        return None;
                    }
                }
                Some(steps)
            }
            other => {
                self.error(other, &diagnostics::ITERATOR);
                None
            }
        }
    }

    /// A loop with a stride counts its iterations: `start ± t * step` cannot overflow where the range does not.
    fn strided(&mut self, id: LoopId, steps: Steps, expr: &syn::ExprForLoop) -> ExprKind {
        let span = expr.expr.span();
        let Steps { range, step, ty } = steps;
        let (step, reversed) = step.expect("only strided loops come here");
        let Range {
            low,
            high,
            inclusive,
            reversed: downwards,
            ..
        } = range;
        let low = self.named("low", *low);
        let high = self.named("high", *high);
        let step = self.named("step", *step);
        let dots = if inclusive {
            quote::quote!(..=)
        } else {
            quote::quote!(..)
        };
        let [a, b, c] = [0, 1, 2].map(super::macros::hole);
        let code = quote::quote!((#a #dots #b).step_by(#c).size_hint().0);
        let mut count = self.template(
            code,
            vec![low.clone(), high.clone(), step.clone()],
            "step_by",
            true,
            span,
        );
        count.ty = Ty::USIZE;
        let counter = self.declare("step_index", Ty::USIZE);
        let zero = Expr {
            kind: ExprKind::Literal("0".into()),
            ty: Ty::USIZE,
            span,
        };
        let turns = Range::new(zero, count, false, reversed);
        let wide = |builder: &Self, value: Expr| {
            if builder.types.resolve(&ty) == Ty::USIZE {
                return value;
            }
            Expr {
                kind: ExprKind::Cast(Box::new(value)),
                ty: ty.clone(),
                span,
            }
        };
        let method = |name: &str, a: Expr, b: Expr| Expr {
            kind: ExprKind::Method(name.into(), vec![a, b]),
            ty: ty.clone(),
            span,
        };
        let turn = wide(self, self.read(self.whole(counter, span)));
        let offset = method("wrapping_mul", turn, wide(self, step));
        let index = if !downwards {
            method("wrapping_add", low, offset)
        } else if inclusive {
            method("wrapping_sub", high, offset)
        } else {
            let one = Expr {
                kind: ExprKind::Literal("1".into()),
                ty: ty.clone(),
                span,
            };
            let last = Expr {
                kind: ExprKind::Binary(BinaryOp::Sub, Box::new(high), Box::new(one)),
                ty: ty.clone(),
                span,
            };
            method("wrapping_sub", last, offset)
        };
        let body = self.loop_body(expr, index);
        ExprKind::For(id, counter, turns, body)
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

/// Whether an iterator chain starts from a range.
fn over_range(expr: &syn::Expr) -> bool {
    match expr {
        syn::Expr::Paren(inner) => over_range(&inner.expr),
        syn::Expr::Group(inner) => over_range(&inner.expr),
        syn::Expr::Range(_) => true,
        syn::Expr::MethodCall(call) => over_range(&call.receiver),
        _ => false,
    }
}
