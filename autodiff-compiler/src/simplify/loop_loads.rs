//! Loads that give the same in every iteration stand ahead of their loop, where what is loaded is kept once.
//!
//! Only loads that are in bounds wherever they stand move: where the loop does not run, they are still harmless.

use std::collections::HashSet;

use crate::ir::{Block, Function, MemoryId, Stmt, ValueId};

use super::facts::Facts;

/// Moves such loads out of the loops of `function`.
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
            stmts.append(&mut invariant_loads(&mut stmt, function, facts));
        }
        stmts.push(stmt);
    }
    block.stmts = stmts;
}

fn invariant_loads(stmt: &mut Stmt, function: &Function, facts: &Facts) -> Vec<Stmt> {
    let mut defined: HashSet<ValueId> = HashSet::new();
    let mut changed: HashSet<MemoryId> = HashSet::new();
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
    let moves = |stmt: &Stmt| match stmt {
        Stmt::Load { place, .. } => {
            let operands = place.operands();
            let invariant = operands.iter().all(|operand| {
                operand
                    .value()
                    .is_none_or(|value| !defined.contains(&value))
            });
            invariant
                && !changed.contains(&place.memory)
                && facts.is_always_in_bounds(function, place)
        }
        _ => false,
    };
    let (ahead, stay) = std::mem::take(&mut body.stmts).into_iter().partition(moves);
    body.stmts = stay;
    ahead
}
