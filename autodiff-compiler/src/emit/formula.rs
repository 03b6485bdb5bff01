//! Derivatives of straight-line code as formulas, the way that one writes them on paper.
//!
//! A formula is a sum of terms, a term a coefficient times powers of factors. Like terms are gathered and products of
//! constants carried out, so that `x * -t + x * -t` with `t = 200 (y - x²)` reads `-400 x (y - x²)`.

use rustc_hash::FxHashMap as HashMap;
use std::fmt::Write;

use crate::ir::{Function, Op, Operand, Output, Prim, Role, Stmt, ValueId};

/// The longest formula that is worth reading.
const LONGEST: usize = 160;

/// The partial derivatives that `gradient` computes, in order; `None` where its body is no formula, or a long one.
pub(super) fn partials(gradient: &Function, name: impl Fn(usize) -> String) -> Option<Vec<String>> {
    let mut known: HashMap<ValueId, Sum> = HashMap::default();
    for parameter in &gradient.parameters {
        if let (Role::Primal(i), crate::ir::Binding::Value(value)) =
            (parameter.role, parameter.binding)
        {
            known.insert(value, Sum::factor(name(i)));
        }
    }
    for stmt in &gradient.body.stmts {
        match stmt {
            Stmt::Let { value, op } => {
                let sum = of_op(op, &known)?;
                if sum.to_text().chars().count() > LONGEST {
                    return None;
                }
                known.insert(*value, sum);
            }
            Stmt::Turn => {}
            _ => return None,
        }
    }
    let outputs = match &gradient.output {
        Output::Tuple(parts) => parts.iter().collect(),
        single => vec![single],
    };
    let partial = |output: &Output| match output {
        Output::Scalar(operand) => Some(of_operand(operand, &known)?.to_text()),
        _ => None,
    };
    outputs.into_iter().map(partial).collect()
}

fn of_operand(operand: &Operand, known: &HashMap<ValueId, Sum>) -> Option<Sum> {
    match operand {
        Operand::Value(value) => known.get(value).cloned(),
        Operand::Literal(literal) => {
            Some(Sum::constant(literal.text.replace('_', "").parse().ok()?))
        }
        Operand::Constant(code, _) => Some(Sum::factor(code.text().replace(' ', ""))),
    }
}

fn of_op(op: &Op, known: &HashMap<ValueId, Sum>) -> Option<Sum> {
    let (prim, operands) = match op {
        Op::Copy(operand) => return of_operand(operand, known),
        Op::Prim(prim, operands) => (*prim, operands),
        _ => return None,
    };
    let args: Vec<Sum> = operands
        .iter()
        .map(|operand| of_operand(operand, known))
        .collect::<Option<_>>()?;
    Some(match (prim, &args[..]) {
        (Prim::Neg, [a]) => a.scaled(-1.0),
        (Prim::Add, [a, b]) => a.plus(b),
        (Prim::Sub, [a, b]) => a.plus(&b.scaled(-1.0)),
        (Prim::Mul, [a, b]) => a.times(b, 1)?,
        (Prim::Div, [a, b]) => a.times(b, -1)?,
        (Prim::Recip, [a]) => Sum::constant(1.0).times(a, -1)?,
        (Prim::Powi, [x, n]) => Sum::constant(1.0).times(x, n.as_integer()?)?,
        (Prim::RealFromInteger, [n]) => n.clone(),
        (Prim::IntegerPredecessor, [n]) => n.plus(&Sum::constant(-1.0)),
        _ if prim.is_helper() => return None,
        _ => {
            let args: Vec<String> = args.iter().map(Sum::to_text).collect();
            Sum::factor(format!("{}({})", prim.name(), args.join(", ")))
        }
    })
}

/// A sum of terms.
#[derive(Clone, Debug, PartialEq)]
struct Sum(Vec<Term>);

/// A coefficient times powers of factors.
#[derive(Clone, Debug, PartialEq)]
struct Term {
    coefficient: f64,
    factors: Vec<(String, i32)>,
}

impl Sum {
    fn constant(coefficient: f64) -> Self {
        Self(vec![Term {
            coefficient,
            factors: Vec::new(),
        }])
    }

    fn factor(text: String) -> Self {
        Self(vec![Term {
            coefficient: 1.0,
            factors: vec![(text, 1)],
        }])
    }

    fn scaled(&self, by: f64) -> Self {
        let mut sum = self.clone();
        sum.0.iter_mut().for_each(|term| term.coefficient *= by);
        sum
    }

    fn plus(&self, other: &Self) -> Self {
        let mut sum = self.clone();
        for term in &other.0 {
            match sum.0.iter_mut().find(|own| own.is_like(term)) {
                Some(own) => own.coefficient += term.coefficient,
                None => sum.0.push(term.clone()),
            }
        }
        sum.0.retain(|term| term.coefficient != 0.0);
        sum
    }

    /// The product with a power of `other`; `None` where a number is too large to be read.
    fn times(&self, other: &Self, power: i32) -> Option<Self> {
        let (mut term, other) = (self.as_term(), other.as_term());
        term.coefficient *= other.coefficient.powi(power);
        if !term.coefficient.is_finite() {
            return None;
        }
        for (factor, exponent) in other.factors {
            let exponent = exponent.checked_mul(power)?;
            match term.factors.iter_mut().find(|(own, _)| *own == factor) {
                Some((_, own)) => *own = own.checked_add(exponent)?,
                None => term.factors.push((factor, exponent)),
            }
        }
        term.factors.retain(|(_, exponent)| *exponent != 0);
        let terms = if term.coefficient == 0.0 {
            Vec::new()
        } else {
            vec![term]
        };
        Some(Self(terms))
    }

    /// The sum as one term: itself in parentheses, where it is not one already.
    fn as_term(&self) -> Term {
        match &self.0[..] {
            [] => Term {
                coefficient: 0.0,
                factors: Vec::new(),
            },
            [one] => one.clone(),
            _ => Term {
                coefficient: 1.0,
                factors: vec![(format!("({})", self.to_text()), 1)],
            },
        }
    }

    fn as_integer(&self) -> Option<i32> {
        match &self.0[..] {
            [] => Some(0),
            [
                Term {
                    coefficient,
                    factors,
                },
            ] if factors.is_empty() && coefficient.fract() == 0.0 => Some(*coefficient as i32),
            _ => None,
        }
    }

    fn to_text(&self) -> String {
        let mut text = String::new();
        for (i, term) in self.0.iter().enumerate() {
            let negative = term.coefficient < 0.0;
            text.push_str(match (i, negative) {
                (0, true) => "-",
                (0, false) => "",
                (_, true) => " - ",
                (_, false) => " + ",
            });
            text.push_str(&term.magnitude());
        }
        if text.is_empty() {
            "0".to_owned()
        } else {
            text
        }
    }
}

impl Term {
    /// Whether both have the same factors, in whatever order.
    fn is_like(&self, other: &Self) -> bool {
        self.factors.len() == other.factors.len()
            && self
                .factors
                .iter()
                .all(|factor| other.factors.contains(factor))
    }

    /// The term without its sign.
    fn magnitude(&self) -> String {
        let powers = |sign: i32| {
            let factors = self
                .factors
                .iter()
                .filter(move |(_, exponent)| exponent.signum() == sign);
            factors
                .map(|(factor, exponent)| power(factor, exponent.abs()))
                .collect::<Vec<String>>()
        };
        let (mut above, below) = (powers(1), powers(-1));
        let coefficient = self.coefficient.abs();
        if coefficient != 1.0 || above.is_empty() {
            above.insert(0, coefficient.to_string());
        }
        match &below[..] {
            [] => above.join(" "),
            [one] => format!("{} / {one}", above.join(" ")),
            several => format!("{} / ({})", above.join(" "), several.join(" ")),
        }
    }
}

/// `factor` with its exponent raised: `x³`.
fn power(factor: &str, exponent: i32) -> String {
    let mut text = factor.to_owned();
    if exponent != 1 {
        let raised = ['⁰', '¹', '²', '³', '⁴', '⁵', '⁶', '⁷', '⁸', '⁹'];
        for digit in exponent.to_string().chars() {
            let position = digit.to_digit(10).map_or(0, |digit| digit as usize);
            let _ = text.write_char(raised[position]);
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Checks that arithmetic on formulas of `x` and `y` reads as `expected`.
    fn check(formula: impl Fn(Sum, Sum) -> Option<Sum>, expected: &str) {
        let sum = formula(Sum::factor("x".to_owned()), Sum::factor("y".to_owned()));
        assert_eq!(sum.expect("no number is large").to_text(), expected);
    }

    #[test]
    fn formulas_read_as_on_paper() {
        let constant = Sum::constant;
        check(|x, _| x.times(&x, 1)?.times(&x, 1), "x³");
        check(
            |x, y| x.plus(&y.scaled(-1.0)).times(&constant(2.0), 1),
            "2 (x - y)",
        );
        check(|x, y| x.times(&y, -1), "x / y");
        check(
            |x, y| constant(1.0).times(&x.times(&y, 1)?, -1),
            "1 / (x y)",
        );
        check(|x, _| Some(x.plus(&x.scaled(-1.0))), "0");
        check(
            |x, y| Some(x.times(&y, 1)?.plus(&y.times(&x, 1)?.scaled(-3.0))),
            "-2 x y",
        );
        check(|x, _| Some(x.scaled(-1.0).plus(&constant(0.5))), "-x + 0.5");
        check(|x, _| Some(x.times(&constant(0.0), 1)?.plus(&x)), "x");
    }
}
