//! Carried variables that a loop hands on unchanged are what they were ahead of the loop, and what both sides of a
//! branch yield is no result of the branch.

use rustc_hash::FxHashMap as HashMap;

use crate::ir::{Block, Carried, Function, If, Operand, Stmt, ValueId};

/// Removes such variables from the loops of `function`.
pub fn remove(function: &mut Function) {
    let mut renamed = HashMap::default();
    let mut body = std::mem::take(&mut function.body);
    block(&mut body, &mut renamed);
    function.body = body;
    function
        .output
        .map_operands(|operand| resolved(operand, &renamed));
    for tape in function.tapes.ids() {
        function.tapes[tape]
            .layout
            .map_operands(|operand| resolved(operand, &renamed));
    }
}

fn block(block: &mut Block, renamed: &mut HashMap<ValueId, Operand>) {
    for stmt in &mut block.stmts {
        stmt.map_operands(|operand| resolved(operand, renamed));
        match stmt {
            Stmt::For(body) => {
                drop_unchanged(&mut body.carried, &mut body.body, &mut body.stop, renamed);
            }
            Stmt::While(body) => {
                drop_unchanged(&mut body.carried, &mut body.body, &mut None, renamed)
            }
            _ => {}
        }
        stmt.for_each_block_mut(&mut |inner| self::block(inner, renamed));
        if let Stmt::If(branch) = stmt {
            drop_agreed(branch, renamed);
        }
    }
    for operand in &mut block.yields {
        *operand = resolved(operand, renamed);
    }
}

fn drop_unchanged(
    carried: &mut Vec<Carried>,
    body: &mut Block,
    stop: &mut Option<usize>,
    renamed: &mut HashMap<ValueId, Operand>,
) {
    let mut k = 0;
    while k < carried.len() {
        let next = resolved(&body.yields[k], renamed);
        let unchanged = next == Operand::Value(carried[k].parameter)
            || is_same_literal(&next, &carried[k].initial);
        if *stop == Some(k) || !unchanged {
            k += 1;
            continue;
        }
        let variable = carried.remove(k);
        body.yields.remove(k);
        renamed.insert(variable.parameter, variable.initial.clone());
        renamed.insert(variable.result, variable.initial);
        if let Some(stop) = stop {
            *stop -= usize::from(*stop > k);
        }
    }
}

fn drop_agreed(branch: &mut If, renamed: &mut HashMap<ValueId, Operand>) {
    let mut k = 0;
    while k < branch.results.len() {
        // A value of one branch is not in scope in the other, so what both yield stands ahead of them.
        if branch.then.yields[k] == branch.otherwise.yields[k] {
            let agreed = branch.then.yields.remove(k);
            branch.otherwise.yields.remove(k);
            renamed.insert(branch.results.remove(k), agreed);
        } else {
            k += 1;
        }
    }
}

/// Values differ from iteration to iteration; literals do not.
fn is_same_literal(next: &Operand, initial: &Operand) -> bool {
    matches!(next, Operand::Literal(_)) && next == initial
}

fn resolved(operand: &Operand, renamed: &HashMap<ValueId, Operand>) -> Operand {
    let mut operand = operand;
    while let Some(next) = operand.value().and_then(|value| renamed.get(&value)) {
        operand = next;
    }
    operand.clone()
}
