//! What gives the same in every iteration stands ahead of its loop, where it is computed and kept once: loads, and
//! operations on floats.
//!
//! Only what can't panic wherever it stands moves: where the loop does not run, it is still harmless.

use rustc_hash::FxHashSet as HashSet;

use crate::ir::{Block, Function, MemoryId, Op, Stmt, ValueId};

use super::facts::Facts;

/// Moves such statements out of the loops of `function`.
pub fn hoist(function: &mut Function) {
    let facts = Facts::of(function);
    let mut body = std::mem::take(&mut function.body);
    block(&mut body, function, &facts);
    function.body = body;
}

fn block(block: &mut Block, function: &Function, facts: &Facts) {
    let mut stmts = Vec::new();
    for mut stmt in std::mem::take(&mut block.stmts) {
        stmt.for_each_block_mut(&mut |inner| self::block(inner, function, facts));
        if matches!(stmt, Stmt::For(_) | Stmt::While(_)) {
            stmts.append(&mut invariants(&mut stmt, function, facts));
        }
        stmts.push(stmt);
    }
    block.stmts = stmts;
}

fn invariants(stmt: &mut Stmt, function: &Function, facts: &Facts) -> Vec<Stmt> {
    let mut defined: HashSet<ValueId> = HashSet::default();
    let mut changed: HashSet<MemoryId> = HashSet::default();
    stmt.visit_inner(&mut |value| _ = defined.insert(*value));
    stmt.for_each_block(&mut |inner| {
        inner.visit_defined(&mut |value| _ = defined.insert(*value));
        inner.visit_memories(&mut |memory, access| {
            if access.writes() {
                changed.insert(*memory);
            }
        });
    });
    let body = match stmt {
        Stmt::For(body) => &mut body.body,
        Stmt::While(body) => &mut body.body,
        _ => unreachable!("the caller has seen a loop"),
    };
    let mut ahead = Vec::new();
    for stmt in std::mem::take(&mut body.stmts) {
        let invariant = stmt.operands().iter().all(|operand| {
            operand
                .value()
                .is_none_or(|value| !defined.contains(&value))
        });
        let moves = match &stmt {
            Stmt::Load { place, .. } => {
                !changed.contains(&place.memory) && facts.is_always_in_bounds(function, place)
            }
            Stmt::Let {
                op: op @ Op::Prim(..),
                ..
            } => !facts.can_panic(function, op),
            _ => false,
        };
        if invariant && moves {
            for value in stmt.defined_values() {
                defined.remove(&value);
            }
            ahead.push(stmt);
        } else {
            body.stmts.push(stmt);
        }
    }
    ahead
}
