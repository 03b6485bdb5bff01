//! What a statement reads, in the order in which emitted Rust evaluates it.

use crate::ir::{Function, Operand, Stmt, TapeId, TapeLayout};

/// The trip counts of a tape.
pub(super) fn dimensions(function: &Function, tape: TapeId) -> &[Operand] {
    match &function.tapes[tape].layout {
        TapeLayout::Buffer(dimensions) => dimensions,
        TapeLayout::Rows(_) | TapeLayout::Stack => &[],
    }
}

/// What a statement reads itself, the blocks inside it left out. Accesses of a tape read its trip counts too.
pub(super) fn of_stmt<'a>(function: &'a Function, stmt: &'a Stmt) -> Vec<&'a Operand> {
    match stmt {
        // The variables that a loop updates are declared ahead of it.
        Stmt::For(each) => {
            let initial = each.carried.iter().map(|carried| &carried.initial);
            initial.chain([&each.range.low, &each.range.high]).collect()
        }
        Stmt::TapeAlloc(tape) => dimensions(function, *tape).iter().collect(),
        Stmt::TapePut { tape, .. } | Stmt::TapeGet { tape, .. } => {
            let rows = dimensions(function, *tape).iter().skip(1);
            stmt.operands().into_iter().chain(rows).collect()
        }
        _ => stmt.operands(),
    }
}
