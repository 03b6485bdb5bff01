//! A symbolic differentiator over `Expr`, written here so that the second derivatives of the table are checked by
//! code that no user of the table shares.

use autodiff_rules::{Expr, Prim};

/// The derivative of `formula`, which speaks of the operands and the result of `prim`, with respect to operand
/// `wrt` of `prim`; `None` where nothing in it varies.
pub(crate) fn derivative(formula: &Expr, prim: Prim, wrt: usize, active: &[bool]) -> Option<Expr> {
    let inner = |formula: &Expr| derivative(formula, prim, wrt, active);
    match formula {
        Expr::Lit(_) => None,
        Expr::Arg(i) => (*i == wrt).then_some(Expr::Lit(1.0)),
        Expr::Result => prim.partial_expr(wrt, active),
        Expr::Call(Prim::IfGreater | Prim::IfEqual | Prim::IfNan, operands) => {
            select(formula, operands, inner)
        }
        Expr::Call(callee, operands) => {
            let directions: Vec<Option<Expr>> = operands.iter().map(inner).collect();
            let varies: Vec<bool> = directions.iter().map(Option::is_some).collect();
            let chain_rule = directions
                .into_iter()
                .enumerate()
                .filter_map(|(k, direction)| {
                    let direction = direction?;
                    let partial = callee.partial_expr(k, &varies)?;
                    Some(substitute(&partial, operands, formula) * direction)
                });
            chain_rule.reduce(|sum, term| sum + term)
        }
    }
}

/// The derivative of a selection selects between the derivatives of its arms.
fn select(
    formula: &Expr,
    operands: &[Expr],
    inner: impl Fn(&Expr) -> Option<Expr>,
) -> Option<Expr> {
    let Expr::Call(prim, _) = formula else {
        unreachable!("a selection is a call")
    };
    let (condition, arms) = operands.split_at(operands.len() - 2);
    let arms: Vec<Option<Expr>> = arms.iter().map(inner).collect();
    if arms.iter().all(Option::is_none) {
        return None;
    }
    let arms = arms.into_iter().map(|arm| arm.unwrap_or(Expr::Lit(0.0)));
    Some(Expr::Call(
        *prim,
        condition.iter().cloned().chain(arms).collect(),
    ))
}

/// `formula` with `operands` and `result` in place of the symbolic ones.
fn substitute(formula: &Expr, operands: &[Expr], result: &Expr) -> Expr {
    match formula {
        Expr::Arg(i) => operands[*i].clone(),
        Expr::Result => result.clone(),
        Expr::Lit(c) => Expr::Lit(*c),
        Expr::Call(prim, inner) => Expr::Call(
            *prim,
            inner
                .iter()
                .map(|formula| substitute(formula, operands, result))
                .collect(),
        ),
    }
}
