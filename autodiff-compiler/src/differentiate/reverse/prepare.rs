//! What the forward sweep has to note for the sake of the reverse sweep, whatever is differentiated: how often a loop
//! ran whose trip count its range does not tell, and how long a `Vec` was that another replaces.

use crate::ir::{
    BinaryOp, Block, Carried, Function, MemoryId, Op, Operand, ScalarType, Stmt, Type, ValueId,
    ValueInfo,
};

use super::super::builder::usize_literal;
use super::super::forward::whole;

/// Adds to each `while` loop, and to each loop that can stop early, a last carried variable that counts iterations, and
/// ahead of each [`Stmt::Move`] the length of what it replaces.
pub fn prepare(primal: &Function) -> Function {
    let mut function = primal.clone();
    let mut body = std::mem::take(&mut function.body);
    block(&mut body, &mut function);
    function.body = body;
    function
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
            Stmt::Move { to, .. } => block.stmts.push(length_of(*to, function)),
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

fn length_of(memory: MemoryId, function: &mut Function) -> Stmt {
    debug_assert!(
        matches!(function.memories[memory].ty, Type::Vec(_)),
        "only a Vec can be moved to"
    );
    Stmt::Let {
        value: fresh(function, "length"),
        op: Op::Len(whole(memory)),
    }
}

fn fresh(function: &mut Function, name: &str) -> ValueId {
    function.values.push(ValueInfo {
        name: name.to_owned(),
        ty: ScalarType::USIZE,
        lanes: false,
    })
}
