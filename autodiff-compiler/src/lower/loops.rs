//! Loops: the variables that the body assigns are carried from one iteration to the next.

use std::collections::BTreeSet;

use super::Lowering;
use super::slot::{Slot, Var};
use crate::diagnostics::{self, Extent};
use crate::hir::visit;
use crate::hir::{self, Expr, LocalId};
use crate::ir::{Block, Carried, For, Op, Operand, Range, ScalarType, Stmt, TypedId, While};

impl Lowering<'_> {
    /// `for index in range { body }`
    pub(super) fn for_loop(&mut self, index: LocalId, range: &hir::Range, body: &hir::Block) {
        let stop = range.stop;
        let segments = range.segments;
        let low = self.scalar(&range.low);
        let high = self.scalar(&range.high);
        let range = Range {
            low,
            high,
            inclusive: range.inclusive,
            reversed: range.reversed,
        };
        let vars = self.assigned(&visit::assigned_in_block(body));
        let (carried, vars, lost) = self.enter(vars);
        let name = self.locals[index].name.clone();
        let ty = self
            .scalar_type(&self.locals[index].ty)
            .unwrap_or(ScalarType::USIZE);
        let index_value = self.new_value(&name, ty.clone());
        let (mut stmts, ()) = self.collect(|lowering| {
            let slot = Slot::Scalar(lowering.new_var(&name, ty));
            if let Slot::Scalar(var) = slot {
                lowering.environment[var.0] = Some(Operand::Value(index_value));
            }
            lowering.slots[index.index()] = Some(slot);
            lowering.loops += 1;
            lowering.block(body);
            lowering.loops -= 1;
        });
        let yields = self.yields(&vars);
        let stop = stop.and_then(|flag| match self.slots[flag.index()] {
            Some(Slot::Scalar(var)) => vars.iter().position(|other| *other == var),
            _ => None,
        });
        self.leave(&carried, &vars, &lost);
        let body = Block {
            stmts: std::mem::take(&mut stmts),
            yields,
        };
        if let Some(attribute) = segments {
            self.function.segments.insert(index_value);
            self.check_segments(&body, attribute);
        }
        self.stmts.push(Stmt::For(For {
            index: index_value,
            range,
            carried,
            body,
            stop,
        }));
    }

    /// Refuses a loop over segments that cannot be run again one by one.
    fn check_segments(&self, body: &Block, attribute: Extent) {
        let refuse = |reason: &str| {
            self.errors
                .span(attribute, &diagnostics::CHECKPOINT, &[reason]);
        };
        if self.depth > 0 {
            refuse("it stands inside of a loop or a branch, or behind an early `return`");
        }
        let mut reasons = Vec::new();
        let mut own = BTreeSet::new();
        body.for_each_stmt(&mut |stmt| {
            if let Stmt::Alloc { memory, .. } = stmt {
                own.insert(*memory);
            }
            stmt.visit_memories(&mut |memory, access| {
                let ty = &self.function.memories[*memory].ty;
                if access.writes() && !own.contains(memory) && !ty.is_list_of_fixed() {
                    reasons.push("they change structs, or lists inside of lists");
                }
            });
            let reason = match stmt {
                Stmt::Let {
                    op: Op::Opaque(_), ..
                } => "they call functions that may give something else the second time",
                Stmt::While(_) | Stmt::For(For { stop: Some(_), .. }) => {
                    "a loop inside of them ends on a condition"
                }
                Stmt::Call(_) => "they call other differentiable functions",
                Stmt::Push { .. } | Stmt::Resize { .. } => "they change the length of a `Vec`",
                Stmt::Move { .. } => "they replace whole `Vec`s; write their elements",
                _ => return,
            };
            reasons.push(reason);
        });
        // The same reason makes the same error, which is shown once.
        reasons.into_iter().for_each(refuse);
    }

    /// `while condition { body }`
    pub(super) fn while_loop(&mut self, condition: &Expr, body: &hir::Block) {
        let vars = self.assigned(&visit::assigned_in_block(body));
        let (carried, vars, lost) = self.enter(vars);
        let (condition_stmts, condition) = self.collect(|lowering| lowering.scalar(condition));
        let (stmts, ()) = self.collect(|lowering| {
            lowering.loops += 1;
            lowering.block(body);
            lowering.loops -= 1;
        });
        let yields = self.yields(&vars);
        self.leave(&carried, &vars, &lost);
        self.stmts.push(Stmt::While(While {
            carried,
            condition: Block {
                stmts: condition_stmts,
                yields: vec![condition],
            },
            body: Block { stmts, yields },
        }));
    }

    /// The scalar variables of these locals that exist ahead of the loop.
    fn assigned(&self, locals: &std::collections::BTreeSet<LocalId>) -> Vec<Var> {
        let mut vars = Vec::new();
        for local in locals {
            if let Some(slot) = &self.slots[local.index()] {
                leaves(slot, &mut vars);
            }
        }
        vars
    }

    /// Starts an iteration: each variable holds its carried value. A variable that holds nothing ahead of the loop and
    /// has no zero is not carried, and holds nothing after the loop either.
    fn enter(&mut self, vars: Vec<Var>) -> (Vec<Carried>, Vec<Var>, Vec<Var>) {
        let (mut carried, mut kept, mut lost) = (Vec::new(), Vec::new(), Vec::new());
        for var in vars {
            let (name, ty) = self.vars[var.0].clone();
            // A variable that holds nothing ahead of the loop is assigned in it before it is read.
            let Some(initial) = self.environment[var.0].clone().or_else(|| self.zero(&ty)) else {
                lost.push(var);
                continue;
            };
            let parameter = self.new_value(&name, ty.clone());
            let result = self.new_value(&name, ty);
            self.environment[var.0] = Some(Operand::Value(parameter));
            carried.push(Carried {
                parameter,
                initial,
                result,
            });
            kept.push(var);
        }
        (carried, kept, lost)
    }

    fn yields(&self, vars: &[Var]) -> Vec<Operand> {
        vars.iter()
            .map(|var| {
                self.environment[var.0]
                    .clone()
                    .expect("a carried variable holds something")
            })
            .collect()
    }

    /// After the loop, each variable holds its result.
    fn leave(&mut self, carried: &[Carried], vars: &[Var], lost: &[Var]) {
        for var in lost {
            self.environment[var.0] = None;
        }
        for (carried, var) in carried.iter().zip(vars) {
            self.environment[var.0] = Some(Operand::Value(carried.result));
        }
    }
}

fn leaves(slot: &Slot, vars: &mut Vec<Var>) {
    match slot {
        Slot::Scalar(var) => vars.push(*var),
        Slot::Tuple(slots) => slots.iter().for_each(|slot| leaves(slot, vars)),
        Slot::Memory(_) => {}
    }
}
