//! Exact algebra: rewrites that give the same bits for every input, NaN and infinities included.

use rustc_hash::FxHashMap as HashMap;

use crate::ir::is_literal;
use crate::ir::{Block, Function, Op, Operand, Prim, Stmt, ValueId};

/// Rewrites the operations of `function`.
pub fn rewrite(function: &mut Function) {
    let mut negations = HashMap::default();
    let mut body = std::mem::take(&mut function.body);
    block(&mut body, function, &mut negations);
    function.body = body;
}

fn block(block: &mut Block, function: &Function, negations: &mut HashMap<ValueId, Operand>) {
    for stmt in &mut block.stmts {
        stmt.for_each_block_mut(&mut |inner| self::block(inner, function, negations));
        if let Stmt::Let { value, op } = stmt {
            rewrite_op(op, negations);
            if let Op::Prim(Prim::Neg, operands) = op
                && operands
                    .iter()
                    .all(|a| function.operand_has_lanes(a) == function.values[*value].lanes)
            {
                negations.insert(*value, operands[0].clone());
            }
        }
    }
}

/// `a * 1` is `a`, `a * -1` is `-a`, `a + (-b)` is `a - b`, `(-a) + b` is `b - a`, `a - (-b)` is `a + b`, `(-a) * (-b)` is `a * b`, `-(-a)` is `a`.
fn rewrite_op(op: &mut Op, negations: &HashMap<ValueId, Operand>) {
    let negated = |operand: &Operand| {
        operand
            .value()
            .and_then(|value| negations.get(&value).cloned())
    };
    let Op::Prim(prim, operands) = op else {
        return;
    };
    let rewritten = match (&*prim, operands.as_slice()) {
        (Prim::Add, [a, b]) => match (negated(a), negated(b)) {
            (_, Some(b)) => Some(Op::Prim(Prim::Sub, vec![a.clone(), b])),
            (Some(a), None) => Some(Op::Prim(Prim::Sub, vec![b.clone(), a])),
            (None, None) => None,
        },
        (Prim::Sub, [a, b]) => negated(b).map(|b| Op::Prim(Prim::Add, vec![a.clone(), b])),
        (Prim::Mul, [one, a]) | (Prim::Mul, [a, one]) if is_literal(one, 1.0) => {
            Some(Op::Copy(a.clone()))
        }
        (Prim::Mul, [one, a]) | (Prim::Mul, [a, one]) if is_literal(one, -1.0) => {
            Some(Op::Prim(Prim::Neg, vec![a.clone()]))
        }
        (Prim::Mul | Prim::Div, [a, b]) => match (negated(a), negated(b)) {
            (Some(a), Some(b)) => Some(Op::Prim(*prim, vec![a, b])),
            _ => None,
        },
        (Prim::Neg, [a]) => negated(a).map(Op::Copy),
        _ => None,
    };
    if let Some(rewritten) = rewritten {
        *op = rewritten;
    }
}
