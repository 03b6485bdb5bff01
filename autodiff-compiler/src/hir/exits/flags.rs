//! The flags: what they guard, and who sets them.

use std::collections::VecDeque;

use super::{Around, Exits, Item, items};
use crate::diagnostics::Extent;
use crate::hir::types::Ty;
use crate::hir::visit::{self, Target};
use crate::hir::{Block, Expr, ExprKind, LocalId, LoopId, Range, Stmt};
use crate::ir::BinaryOp;

impl Exits<'_> {
    /// Code that may exit, then the rest, which runs only if it did not.
    pub(super) fn guarded(
        &mut self,
        done: &mut Vec<Stmt>,
        inner: impl FnOnce(&mut Self) -> Vec<Stmt>,
        rest: VecDeque<Item>,
    ) {
        if rest.is_empty() {
            done.extend(inner(self));
            return;
        }
        let flag = self.flag("done", done);
        self.stack.push(Around::Guard(flag));
        let inner = inner(self);
        self.stack.pop();
        done.extend(inner);
        self.unless(flag, done, rest);
    }

    fn unless(&mut self, flag: LocalId, done: &mut Vec<Stmt>, rest: VecDeque<Item>) {
        if rest.is_empty() {
            return;
        }
        let span = Extent::call_site();
        let condition = Expr {
            kind: ExprKind::Not(Box::new(self.read(flag))),
            ty: Ty::BOOL,
            span,
        };
        let rest = Block {
            stmts: self.sequence(rest),
            tail: None,
        };
        let kind = ExprKind::If(Box::new(condition), rest, Block::default());
        done.push(Stmt::Expr(Expr {
            kind,
            ty: Ty::unit(),
            span,
        }));
    }

    /// A loop with exits inside; `true` when what follows it has been dealt with.
    pub(super) fn looping(
        &mut self,
        done: &mut Vec<Stmt>,
        mut looping: ExprKind,
        value: Option<LocalId>,
        items: &mut VecDeque<Item>,
        span: Extent,
    ) -> bool {
        let (id, body) = match &mut looping {
            ExprKind::While(id, _, body) | ExprKind::For(id, _, _, body) => (*id, body),
            _ => unreachable!("only loops come here"),
        };
        let mut leaving = visit::block_exits(body);
        leaving.remove(&Target::Continue(id));
        let breaks = leaving.contains(&Target::Break(id));
        let outward = leaving.iter().any(|target| *target != Target::Break(id));
        let stop = (!leaving.is_empty()).then(|| self.flag("stop", done));
        let rest = if outward {
            std::mem::take(items)
        } else {
            VecDeque::new()
        };
        let mut inner = |pass: &mut Self| {
            pass.stack.push(Around::Loop { id, stop, value });
            *body = Block {
                stmts: pass.sequence(self::items(std::mem::take(body), None)),
                tail: None,
            };
            pass.stack.pop();
        };
        // Where every exit of the loop is one of what is around it too, the loop's own flag guards what follows.
        let guard = (outward && breaks && !rest.is_empty()).then(|| self.flag("done", done));
        match guard {
            Some(flag) => {
                self.stack.push(Around::Guard(flag));
                inner(self);
                self.stack.pop();
            }
            None => inner(self),
        }
        match &mut looping {
            ExprKind::For(_, _, range, _) => range.stop = stop,
            ExprKind::While(_, condition, _) => {
                if let Some(stop) = stop {
                    let go_on = ExprKind::Not(Box::new(self.read(stop)));
                    let go_on = Expr {
                        kind: go_on,
                        ty: Ty::BOOL,
                        span,
                    };
                    if matches!(&condition.kind, ExprKind::Literal(_)) {
                        **condition = go_on;
                    } else {
                        let old = std::mem::replace(&mut **condition, Expr::unit(span));
                        let both = ExprKind::Binary(BinaryOp::And, Box::new(go_on), Box::new(old));
                        **condition = Expr {
                            kind: both,
                            ty: Ty::BOOL,
                            span,
                        };
                    }
                }
            }
            _ => {}
        }
        done.push(Stmt::Expr(Expr {
            kind: looping,
            ty: Ty::unit(),
            span,
        }));
        if let (true, Some(flag)) = (outward, guard.or(stop)) {
            self.unless(flag, done, rest);
        }
        outward
    }

    /// Leaves for `target`: sets every flag on the way.
    pub(super) fn exit(&mut self, mut done: Vec<Stmt>, target: Target) -> Vec<Stmt> {
        let mut flags = Vec::new();
        for around in self.stack.iter().rev() {
            match around {
                Around::Guard(flag) => flags.push(*flag),
                Around::Loop { id, .. } if target == Target::Continue(*id) => break,
                Around::Loop { id, stop, .. } => {
                    flags.extend(*stop);
                    if target == Target::Break(*id) {
                        break;
                    }
                }
                Around::Labelled { id, .. } if target == Target::Break(*id) => break,
                Around::Labelled { .. } => {}
            }
        }
        for flag in flags {
            let yes = Expr {
                kind: ExprKind::Literal("true".into()),
                ty: Ty::BOOL,
                span: Extent::call_site(),
            };
            done.push(self.put(yes, Some(flag)));
        }
        done
    }

    /// Where the value of a `break` goes.
    pub(super) fn value_of(&self, target: LoopId) -> Option<LocalId> {
        self.stack.iter().rev().find_map(|around| match around {
            Around::Loop { id, value, .. } | Around::Labelled { id, value } if *id == target => {
                Some(*value)
            }
            _ => None,
        })?
    }

    /// Gives the bounds of a range variables of their own.
    pub(super) fn spill_bounds(&mut self, range: &mut Range) -> VecDeque<Item> {
        [&mut range.low, &mut range.high]
            .into_iter()
            .map(|bound| self.spilled("bound", bound))
            .collect()
    }

    /// Gives an operand a variable of its own.
    fn spilled(&mut self, name: &str, operand: &mut Expr) -> Item {
        let local = self.declare(name, operand.ty.clone());
        let read = Expr {
            span: operand.span,
            ..self.read(local)
        };
        Item::Stmt(Stmt::Let(local, Some(std::mem::replace(operand, read))))
    }

    /// Gives the operands up to the last one with an exit variables of their own, so that what is evaluated ahead of
    /// the exit still is, and what comes after it is not.
    pub(super) fn spill(&mut self, expr: &mut Expr) -> VecDeque<Item> {
        let operands = visit::operands_mut(expr);
        let last = operands
            .iter()
            .rposition(|operand| visit::needs(operand))
            .expect("an operand has an exit");
        let mut lets = VecDeque::new();
        for operand in operands.into_iter().take(last + 1) {
            if matches!(
                operand.kind,
                ExprKind::Literal(_) | ExprKind::Constant(_) | ExprKind::Reference(_)
            ) {
                continue;
            }
            lets.push_back(self.spilled("operand", operand));
        }
        lets
    }
}
