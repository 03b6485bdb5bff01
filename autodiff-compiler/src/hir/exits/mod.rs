//! Exits as branches and flags.
//!
//! After this pass no `break`, `continue` or `return` is left, nor `loop`, nor labelled block, and every loop ends in
//! one place. What follows a branch with an exit on one side moves into the other side, so that no flag is needed;
//! where both sides can go on, a flag says whether they do, and guards what follows. A loop that can be left early has
//! a flag of its own: [`super::Range::stop`], or a part of the condition.

mod flags;

use std::collections::VecDeque;

use super::types::Ty;
use super::visit::{self, Target};
use super::{Block, Body, Expr, ExprKind, Local, LocalId, LoopId, Place, Range, Stmt};
use crate::diagnostics::Extent;
use crate::ir::{BinaryOp, IdVec};

/// Rewrites a body such that no exits are left.
pub(crate) fn normalise(mut body: Body) -> Body {
    if !visit::block_needs(&body.block) {
        return body;
    }
    let mut pass = Exits {
        locals: &mut body.locals,
        stack: Vec::new(),
        result: None,
    };
    let block = std::mem::take(&mut body.block);
    let returns = visit::block_exits(&block).contains(&Target::Return);
    let tail_needs = block.tail.as_ref().is_some_and(|tail| visit::needs(tail));
    body.block = if (!returns && !tail_needs) || body.result.is_unit() {
        let tail = if returns || tail_needs {
            None
        } else {
            block.tail.clone()
        };
        let items = match tail {
            Some(_) => block.stmts.into_iter().map(Item::Stmt).collect(),
            None => items(block, None),
        };
        Block {
            stmts: pass.sequence(items),
            tail,
        }
    } else {
        let result = pass.declare("result", body.result.clone());
        pass.result = Some(result);
        let mut stmts = vec![Stmt::Let(result, None)];
        stmts.extend(pass.sequence(items(block, Some(result))));
        Block {
            stmts,
            tail: Some(Box::new(pass.read(result))),
        }
    };
    body
}

struct Exits<'a> {
    locals: &'a mut IdVec<LocalId, Local>,
    /// What is around the code being rewritten, innermost last.
    stack: Vec<Around>,
    /// Where `return` puts its value.
    result: Option<LocalId>,
}

/// Something that an exit passes on its way.
enum Around {
    /// A flag that says that what follows is left out.
    Guard(LocalId),
    /// A loop, the flag that ends it, and where `break` puts its value.
    Loop {
        id: LoopId,
        stop: Option<LocalId>,
        value: Option<LocalId>,
    },
    /// A labelled block, and where `break` puts its value.
    Labelled { id: LoopId, value: Option<LocalId> },
}

/// A piece of work.
enum Item {
    Stmt(Stmt),
    /// Evaluate, and put the value there, or drop it.
    Into(Expr, Option<LocalId>),
}

/// The work of a block whose value goes to `destination`.
fn items(block: Block, destination: Option<LocalId>) -> VecDeque<Item> {
    let mut items: VecDeque<Item> = block.stmts.into_iter().map(Item::Stmt).collect();
    items.extend(block.tail.map(|tail| Item::Into(*tail, destination)));
    items
}

impl Exits<'_> {
    /// Rewrites statements that run one after the other.
    fn sequence(&mut self, mut items: VecDeque<Item>) -> Vec<Stmt> {
        let mut done = Vec::new();
        while let Some(item) = items.pop_front() {
            let (expr, destination) = match item {
                Item::Stmt(Stmt::Let(local, Some(value))) if visit::needs(&value) => {
                    done.push(Stmt::Let(local, None));
                    (value, Some(local))
                }
                Item::Stmt(Stmt::Expr(expr)) => (expr, None),
                Item::Stmt(stmt) => {
                    done.push(stmt);
                    continue;
                }
                Item::Into(expr, destination) => (expr, destination),
            };
            if !visit::needs(&expr) {
                let diverges = visit::diverges(&expr);
                done.push(self.put(expr, destination));
                if diverges {
                    break;
                }
                continue;
            }
            if visit::diverges(&expr) {
                items.clear();
            }
            let outward = visit::exits(&expr);
            let Expr { kind, ty, span } = expr;
            match kind {
                ExprKind::Block(block) => prepend(&mut items, self::items(block, destination)),
                ExprKind::If(condition, then, otherwise) if visit::needs(&condition) => {
                    let flag = self.declare("condition", Ty::BOOL);
                    let kind = ExprKind::If(Box::new(self.read(flag)), then, otherwise);
                    items.push_front(Item::Into(Expr { kind, ty, span }, destination));
                    items.push_front(Item::Stmt(Stmt::Let(flag, Some(*condition))));
                }
                ExprKind::If(condition, then, otherwise) => {
                    let branch = (condition, then, otherwise);
                    if outward.is_empty() {
                        done.push(self.branch(
                            branch,
                            destination,
                            VecDeque::new(),
                            VecDeque::new(),
                            span,
                        ));
                        continue;
                    }
                    self.exiting_branch(&mut done, branch, destination, items, span);
                    return done;
                }
                ExprKind::Labelled(id, block) => {
                    let around = Around::Labelled {
                        id,
                        value: destination,
                    };
                    let inner = |pass: &mut Self| {
                        pass.stack.push(around);
                        let stmts = pass.sequence(self::items(block, destination));
                        pass.stack.pop();
                        stmts
                    };
                    if outward.is_empty() {
                        done.extend(inner(self));
                    } else {
                        self.guarded(&mut done, inner, items);
                        return done;
                    }
                }
                ExprKind::Loop(id, body) => {
                    let never = Expr {
                        kind: ExprKind::Literal("true".into()),
                        ty: Ty::BOOL,
                        span,
                    };
                    let looping = ExprKind::While(id, Box::new(never), body);
                    if self.looping(&mut done, looping, destination, &mut items, span) {
                        return done;
                    }
                }
                ExprKind::For(id, index, mut range, body)
                    if visit::needs(&range.low) || visit::needs(&range.high) =>
                {
                    let bounds = self.spill_bounds(&mut range);
                    let kind = ExprKind::For(id, index, range, body);
                    items.push_front(Item::Into(Expr { kind, ty, span }, destination));
                    prepend(&mut items, bounds);
                }
                ExprKind::While(..) | ExprKind::For(..) => {
                    if self.looping(&mut done, kind, destination, &mut items, span) {
                        return done;
                    }
                }
                ExprKind::Break(id, Some(value)) => {
                    let to = self.value_of(id);
                    let exit = Expr {
                        kind: ExprKind::Break(id, None),
                        ty,
                        span,
                    };
                    prepend(
                        &mut items,
                        [Item::Into(*value, to), Item::Stmt(Stmt::Expr(exit))].into(),
                    );
                }
                ExprKind::Return(Some(value)) => {
                    let exit = Expr {
                        kind: ExprKind::Return(None),
                        ty,
                        span,
                    };
                    prepend(
                        &mut items,
                        [
                            Item::Into(*value, self.result),
                            Item::Stmt(Stmt::Expr(exit)),
                        ]
                        .into(),
                    );
                }
                ExprKind::Break(id, None) => return self.exit(done, Target::Break(id)),
                ExprKind::Continue(id) => return self.exit(done, Target::Continue(id)),
                ExprKind::Return(None) => return self.exit(done, Target::Return),
                ExprKind::Binary(op @ (BinaryOp::And | BinaryOp::Or), a, b) => {
                    let branch = lazy(op, *a, *b, span);
                    items.push_front(Item::Into(branch, destination));
                }
                kind => {
                    let mut expr = Expr { kind, ty, span };
                    let operands = self.spill(&mut expr);
                    items.push_front(Item::Into(expr, destination));
                    prepend(&mut items, operands);
                }
            }
        }
        done
    }

    /// A branch with an exit on one side or both, and all that follows it.
    fn exiting_branch(
        &mut self,
        done: &mut Vec<Stmt>,
        (condition, then, otherwise): (Box<Expr>, Block, Block),
        destination: Option<LocalId>,
        rest: VecDeque<Item>,
        span: Extent,
    ) {
        let nothing = VecDeque::new;
        let (then_ends, otherwise_ends) = (
            visit::block_diverges(&then),
            visit::block_diverges(&otherwise),
        );
        let branch = (condition, then, otherwise);
        match (then_ends, otherwise_ends) {
            (true, true) => done.push(self.branch(branch, destination, nothing(), nothing(), span)),
            (true, false) => done.push(self.branch(branch, destination, nothing(), rest, span)),
            (false, true) => done.push(self.branch(branch, destination, rest, nothing(), span)),
            (false, false) if rest.is_empty() => {
                done.push(self.branch(branch, destination, nothing(), nothing(), span));
            }
            (false, false) => {
                let inner = |pass: &mut Self| {
                    vec![pass.branch(branch, destination, nothing(), nothing(), span)]
                };
                self.guarded(done, inner, rest);
            }
        }
    }

    fn branch(
        &mut self,
        (condition, then, otherwise): (Box<Expr>, Block, Block),
        destination: Option<LocalId>,
        after_then: VecDeque<Item>,
        after_otherwise: VecDeque<Item>,
        span: Extent,
    ) -> Stmt {
        let mut side = |block: Block, after: VecDeque<Item>| {
            let mut work = items(block, destination);
            work.extend(after);
            Block {
                stmts: self.sequence(work),
                tail: None,
            }
        };
        let then = side(then, after_then);
        let otherwise = side(otherwise, after_otherwise);
        Stmt::Expr(Expr {
            kind: ExprKind::If(condition, then, otherwise),
            ty: Ty::unit(),
            span,
        })
    }

    fn put(&self, value: Expr, destination: Option<LocalId>) -> Stmt {
        let Some(local) = destination else {
            return Stmt::Expr(value);
        };
        let span = value.span;
        let place = Place {
            root: local,
            path: Vec::new(),
            ty: self.locals[local].ty.clone(),
            span,
            mutable: false,
        };
        Stmt::Expr(Expr {
            kind: ExprKind::Assign(place, Box::new(value)),
            ty: Ty::unit(),
            span,
        })
    }

    /// A new flag, not set.
    fn flag(&mut self, name: &str, done: &mut Vec<Stmt>) -> LocalId {
        let flag = self.declare(name, Ty::BOOL);
        let no = Expr {
            kind: ExprKind::Literal("false".into()),
            ty: Ty::BOOL,
            span: Extent::call_site(),
        };
        done.push(Stmt::Let(flag, Some(no)));
        flag
    }

    fn declare(&mut self, name: &str, ty: Ty) -> LocalId {
        self.locals.push(Local {
            name: name.to_owned(),
            ty,
        })
    }

    fn read(&self, local: LocalId) -> Expr {
        let (ty, span) = (self.locals[local].ty.clone(), Extent::call_site());
        let place = Place {
            root: local,
            path: Vec::new(),
            ty: ty.clone(),
            span,
            mutable: false,
        };
        Expr {
            kind: ExprKind::Read(place),
            ty,
            span,
        }
    }
}

fn prepend(items: &mut VecDeque<Item>, first: VecDeque<Item>) {
    for item in first.into_iter().rev() {
        items.push_front(item);
    }
}

/// `a && b` and `a || b` as branches.
fn lazy(op: BinaryOp, a: Expr, b: Expr, span: Extent) -> Expr {
    let block = |tail: Expr| Block {
        stmts: Vec::new(),
        tail: Some(Box::new(tail)),
    };
    let known = |text: &str| Expr {
        kind: ExprKind::Literal(text.into()),
        ty: Ty::BOOL,
        span,
    };
    let kind = match op {
        BinaryOp::And => ExprKind::If(Box::new(a), block(b), block(known("false"))),
        _ => ExprKind::If(Box::new(a), block(known("true")), block(b)),
    };
    Expr {
        kind,
        ty: Ty::BOOL,
        span,
    }
}

impl Range {
    /// A range that nothing ends early.
    pub(crate) fn new(low: Expr, high: Expr, inclusive: bool, reversed: bool) -> Self {
        Self {
            low: Box::new(low),
            high: Box::new(high),
            inclusive,
            reversed,
            stop: None,
            segments: None,
        }
    }
}
