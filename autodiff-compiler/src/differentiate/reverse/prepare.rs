//! What the forward sweep has to note for the sake of the reverse sweep, whatever is differentiated: how often a loop
//! ran whose trip count its range does not tell, and how long each `Vec` is that may be gone by then.

use rustc_hash::{FxHashMap as HashMap, FxHashSet as HashSet};

use crate::ir::{
    BinaryOp, Block, Carried, Function, MemoryId, Op, Operand, ScalarType, Stmt, Type, ValueId,
    ValueInfo,
};

use super::super::forward::whole;
use crate::ir::usize_literal;

/// Lengths by the memory that has them.
pub type Lengths = HashMap<MemoryId, ValueId>;

/// Adds to each `while` loop, and to each loop that can stop early, a last carried variable that counts iterations;
/// ahead of each [`Stmt::Move`] and [`Stmt::Resize`] the length of what it replaces; and the length that each local `Vec` has at the end of
/// its scope, or, where it may have been moved from by then, at its beginning.
pub fn prepare(primal: &Function) -> (Function, Lengths) {
    let mut function = primal.clone();
    let mut body = std::mem::take(&mut function.body);
    let mut moved = HashSet::default();
    body.for_each_stmt(&mut |stmt| {
        if let Stmt::Move { from, .. } = stmt {
            moved.insert(*from);
        }
    });
    let mut lengths = Lengths::default();
    note_lengths(&mut body, &mut function, &moved, &mut lengths);
    block(&mut body, &mut function);
    function.body = body;
    (function, lengths)
}

fn note_lengths(
    block: &mut Block,
    function: &mut Function,
    moved: &HashSet<MemoryId>,
    lengths: &mut Lengths,
) {
    let mut at_end = Vec::new();
    for stmt in std::mem::take(&mut block.stmts) {
        let mut stmt = stmt;
        stmt.for_each_block_mut(&mut |inner| note_lengths(inner, function, moved, lengths));
        let mut declared = Vec::new();
        match &stmt {
            Stmt::Alloc { memory, .. } => declared.push(*memory),
            Stmt::Call(call) => call.visit_memories(&mut |memory| declared.push(*memory)),
            _ => {}
        }
        declared.retain(|memory| matches!(function.memories[*memory].ty, Type::Vec(_)));
        block.stmts.push(stmt);
        for memory in declared {
            let (value, length) = length_of(memory, function);
            lengths.insert(memory, value);
            if moved.contains(&memory) {
                block.stmts.push(length);
            } else {
                at_end.push(length);
            }
        }
    }
    block.stmts.append(&mut at_end);
}

fn block(block: &mut Block, function: &mut Function) {
    for stmt in std::mem::take(&mut block.stmts) {
        let mut stmt = stmt;
        stmt.for_each_block_mut(&mut |inner| self::block(inner, function));
        match &mut stmt {
            Stmt::While(body) => count(&mut body.carried, &mut body.body, function),
            Stmt::For(body) if body.stop.is_some() => {
                count(&mut body.carried, &mut body.body, function)
            }
            Stmt::Move { to, .. } => block.stmts.push(length_of(*to, function).1),
            Stmt::Resize { place, .. } => {
                let value = fresh(function, "length");
                let op = Op::Len(place.clone());
                block.stmts.push(Stmt::Let { value, op });
            }
            _ => {}
        }
        block.stmts.push(stmt);
    }
}

fn count(carried: &mut Vec<Carried>, body: &mut Block, function: &mut Function) {
    let [parameter, next, result] = [(); 3].map(|()| fresh(function, "trips"));
    let op = Op::Binary(BinaryOp::Add, Operand::Value(parameter), usize_literal(1));
    body.stmts.push(Stmt::Let { value: next, op });
    body.yields.push(Operand::Value(next));
    carried.push(Carried {
        parameter,
        initial: usize_literal(0),
        result,
    });
}

fn length_of(memory: MemoryId, function: &mut Function) -> (ValueId, Stmt) {
    let value = fresh(function, "length");
    (
        value,
        Stmt::Let {
            value,
            op: Op::Len(whole(memory)),
        },
    )
}

fn fresh(function: &mut Function, name: &str) -> ValueId {
    function.values.push(ValueInfo {
        name: name.to_owned(),
        ty: ScalarType::USIZE,
        lanes: false,
    })
}
