//! Stores into adjoints that say nothing new: a zero ahead of an accumulation to the same place, and what was just
//! loaded from there.

use crate::ir::{Block, Function, Op, Operand, Place, ScalarType, Stmt};

/// Merges such pairs in `function`.
pub fn merge(function: &mut Function) {
    let mut body = std::mem::take(&mut function.body);
    block(&mut body, function);
    function.body = body;
}

fn block(block: &mut Block, function: &Function) {
    for stmt in &mut block.stmts {
        stmt.for_each_block_mut(&mut |inner| self::block(inner, function));
    }
    merge_zeros(block, function);
    drop_unchanged(block, function);
}

/// `p = 0; p += v` is `p = v`.
fn merge_zeros(block: &mut Block, function: &Function) {
    let mut first = 0;
    while first < block.stmts.len() {
        if let Stmt::Store { place, value } = &block.stmts[first]
            && is_zero(value)
            && function.derived.contains(&place.memory)
            && let Some(second) = next_use(&block.stmts[first + 1..], place)
        {
            let second = first + 1 + second;
            if let Stmt::Accumulate {
                place: other,
                value,
            } = block.stmts[second].clone()
                && other == *place
            {
                block.stmts[second] = Stmt::Store {
                    place: other,
                    value,
                };
                block.stmts.remove(first);
                continue;
            }
        }
        first += 1;
    }
}

/// `v = p; p = v` leaves `p` as it is.
fn drop_unchanged(block: &mut Block, function: &Function) {
    let mut k = 0;
    while k < block.stmts.len() {
        if let Stmt::Load { value, place } = &block.stmts[k]
            && function.derived.contains(&place.memory)
            && let Some(next) = next_use(&block.stmts[k + 1..], place)
            && matches!(&block.stmts[k + 1 + next], Stmt::Store { place: to, value: stored }
                if to == place && *stored == Operand::Value(*value))
        {
            block.stmts.remove(k + 1 + next);
            continue;
        }
        k += 1;
    }
}

/// The first statement that touches the memory of `place`; `None` where control intervenes.
fn next_use(stmts: &[Stmt], place: &Place) -> Option<usize> {
    stmts.iter().position(|stmt| {
        let mut touches = matches!(
            stmt,
            Stmt::If(_) | Stmt::For(_) | Stmt::While(_) | Stmt::Turn
        ) || matches!(
            stmt,
            Stmt::Let {
                op: Op::Opaque(_),
                ..
            } | Stmt::Effect(_)
                | Stmt::Call(_)
        );
        stmt.visit_memories(&mut |memory, _| touches |= *memory == place.memory);
        touches
    })
}

/// Whether the operand is the literal that differentiation spells for a known zero.
fn is_zero(operand: &Operand) -> bool {
    matches!(operand, Operand::Literal(literal) if literal.text == "0.0" && matches!(literal.ty, ScalarType::Float(_)))
}
