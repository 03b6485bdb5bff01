//! Derivatives of functions of few scalars, with one piece of code for all unit directions.

use crate::ir::{Binding, Function, Output, Stmt};
use crate::simplify::{PassSet, simplify};

use super::forward::forward_units;

/// A Hessian of a function of more scalars is computed along run-time directions instead, so that code does not grow
/// with the number of inputs.
const MOST_INPUTS: usize = 8;

/// Up to this many scalars, the gradient of a function with loops is computed forward: nothing has to be kept.
const FEW_INPUTS: usize = 4;

/// The value, the gradient and the rows of the Hessian of a straight-line function of few scalars, from the function
/// that gives the first two. By symmetry only the part from the diagonal down is computed.
pub fn symbolic_hessian(value_and_gradient: &Function, passes: PassSet) -> Option<Function> {
    let straight = |stmt: &Stmt| matches!(stmt, Stmt::Let { .. } | Stmt::Turn | Stmt::Effect(_));
    let inputs = active_scalars(value_and_gradient)?;
    if inputs > MOST_INPUTS || !value_and_gradient.body.stmts.iter().all(straight) {
        return None;
    }
    let Output::Tuple(parts) = &value_and_gradient.output else {
        return None;
    };
    let mut gradient = value_and_gradient.clone();
    gradient.output = match &parts[1] {
        Output::Tuple(adjoints) => Output::Tuple(adjoints.clone()),
        single => Output::Tuple(vec![single.clone()]),
    };
    let (mut hessian, columns) = forward_units(&gradient);
    let columns: Vec<Vec<Output>> = columns
        .into_iter()
        .map(|column| match column {
            Output::Tuple(entries) => entries,
            single => vec![single],
        })
        .collect();
    let entry = |row: usize, column: usize| columns[row.min(column)][row.max(column)].clone();
    let row = |row: usize| Output::Tuple((0..inputs).map(|column| entry(row, column)).collect());
    let rows = Output::Tuple((0..inputs).map(row).collect());
    hessian.output = Output::Tuple(vec![parts[0].clone(), parts[1].clone(), rows]);
    simplify(&mut hessian, passes);
    debug_assert_eq!(crate::ir::verify(&hessian), Ok(()), "{hessian}");
    Some(hessian)
}

/// The gradient of a function of few scalars that has loops, in forward mode; with the value or alone.
pub fn forward_gradient(primal: &Function, value: bool) -> Option<Function> {
    let mut has_loops = false;
    primal
        .body
        .for_each_stmt(&mut |stmt| has_loops |= matches!(stmt, Stmt::For(_) | Stmt::While(_)));
    if !has_loops || active_scalars(primal)? > FEW_INPUTS {
        return None;
    }
    let (mut function, mut partials) = forward_units(primal);
    let gradient = if partials.len() == 1 {
        partials.remove(0)
    } else {
        Output::Tuple(partials)
    };
    function.output = if value {
        Output::Tuple(vec![primal.output.clone(), gradient])
    } else {
        gradient
    };
    Some(function)
}

/// How many active parameters there are, if they are all scalars passed by value.
fn active_scalars(function: &Function) -> Option<usize> {
    let bindings: Vec<Binding> = function
        .parameters
        .iter()
        .filter(|parameter| parameter.active)
        .map(|parameter| parameter.binding)
        .collect();
    let all_scalars = bindings
        .iter()
        .all(|binding| matches!(binding, Binding::Value(_)));
    all_scalars.then_some(bindings.len())
}
