//! The whole Hessian of a straight-line function of scalars, as one piece of code with shared subexpressions.
//!
//! The gradient is differentiated along each unit direction. Known zeros and ones fold away, so that a column contains
//! only what really depends on its variable, and by symmetry only its part from the diagonal down is kept.

use std::collections::HashMap;

use crate::ir::{Binding, Function, Operand, Output, Role, ScalarType, Stmt, TypedId, ValueId};
use crate::simplify::{PassSet, simplify};

use super::builder::float_literal;
use super::derive::is_straight_line;
use super::forward;

/// A Hessian of more entries than this is computed along run-time directions instead, so that code does not grow with
/// the number of inputs.
const MOST_INPUTS: usize = 8;

/// The value, the gradient and the rows of the Hessian, from the function that gives the first two. `None` where the
/// function is not straight-line code on few scalars.
pub fn symbolic_hessian(value_and_gradient: &Function, passes: PassSet) -> Option<Function> {
    if !is_straight_line(value_and_gradient) {
        return None;
    }
    let inputs: Vec<usize> = (0..value_and_gradient.parameters.len())
        .filter(|k| value_and_gradient.parameters[*k].active)
        .collect();
    if inputs.is_empty() || inputs.len() > MOST_INPUTS {
        return None;
    }
    let Output::Tuple(parts) = &value_and_gradient.output else {
        return None;
    };
    let gradient: Vec<Output> = match &parts[1] {
        Output::Tuple(parts) => parts.clone(),
        single => vec![single.clone()],
    };
    let shared = value_and_gradient.values.len();
    let mut hessian = value_and_gradient.clone();
    let mut rows = vec![vec![Output::Unit; inputs.len()]; inputs.len()];
    for (column, input) in inputs.iter().enumerate() {
        let lower = directional(value_and_gradient, *input, &gradient[column..]);
        for (offset, entry) in append(&mut hessian, lower, shared).into_iter().enumerate() {
            rows[column][column + offset] = entry.clone();
            rows[column + offset][column] = entry;
        }
    }
    let rows = rows.into_iter().map(Output::Tuple).collect();
    hessian.output = Output::Tuple(vec![
        parts[0].clone(),
        parts[1].clone(),
        Output::Tuple(rows),
    ]);
    simplify(&mut hessian, passes);
    debug_assert_eq!(crate::ir::verify(&hessian), Ok(()), "{hessian}");
    Some(hessian)
}

/// The derivative of some outputs with respect to one input.
fn directional(function: &Function, input: usize, outputs: &[Output]) -> Function {
    let mut function = function.clone();
    function.output = Output::Tuple(outputs.to_vec());
    for (k, parameter) in function.parameters.iter_mut().enumerate() {
        parameter.active = k == input;
    }
    let mut tangent = forward(&function, false);
    let direction = tangent.parameters.pop().expect("one direction");
    debug_assert_eq!(direction.role, Role::Direction(input));
    if let (Binding::Value(direction), Binding::Value(along)) =
        (direction.binding, function.parameters[input].binding)
    {
        let ty = super::builder::float_type(&function, &Operand::Value(along));
        let one = float_literal(1.0, &ty);
        substitute(&mut tangent, direction, &one);
    }
    if let Output::Tuple(mut parts) = std::mem::take(&mut tangent.output) {
        tangent.output = parts.pop().expect("the tangents");
    }
    tangent
}

/// Replaces a value, folding products with it as they would have been folded had it been known.
fn substitute(function: &mut Function, value: ValueId, by: &Operand) {
    let mut known: HashMap<ValueId, Operand> = HashMap::from([(value, by.clone())]);
    let mut body = std::mem::take(&mut function.body);
    let mut stmts = Vec::new();
    for mut stmt in std::mem::take(&mut body.stmts) {
        stmt.map_operands(|operand| resolved(operand, &known));
        if let Stmt::Let {
            value,
            op: crate::ir::Op::Prim(prim, operands),
        } = &stmt
            && let ScalarType::Float(ty) = function.values[*value].ty.clone()
        {
            let name = function.values[*value].name.clone();
            let mut builder = super::builder::Builder::new(function);
            let folded = builder.prim(&name, *prim, operands.clone(), &ty);
            if builder.stmts.is_empty() {
                known.insert(*value, folded);
                continue;
            }
        }
        stmts.push(stmt);
    }
    body.stmts = stmts;
    function.body = body;
    function
        .output
        .map_operands(|operand| resolved(operand, &known));
}

fn resolved(operand: &Operand, known: &HashMap<ValueId, Operand>) -> Operand {
    operand
        .value()
        .and_then(|value| known.get(&value).cloned())
        .unwrap_or_else(|| operand.clone())
}

/// Appends the statements of `other` that `function` does not have: those that define values beyond the first `shared`
/// ones. Returns the outputs of `other`.
fn append(function: &mut Function, other: Function, shared: usize) -> Vec<Output> {
    let mut renamed: HashMap<ValueId, Operand> = HashMap::new();
    for mut stmt in other.body.stmts {
        stmt.map_operands(|operand| resolved(operand, &renamed));
        if let Stmt::Let { value, .. } = &mut stmt
            && value.index() >= shared
        {
            let fresh = function.values.push(other.values[*value].clone());
            renamed.insert(*value, Operand::Value(fresh));
            *value = fresh;
            function.body.stmts.push(stmt);
        }
    }
    let mut output = other.output;
    output.map_operands(|operand| resolved(operand, &renamed));
    match output {
        Output::Tuple(parts) => parts,
        single => vec![single],
    }
}
