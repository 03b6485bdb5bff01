//! Appends operations to a list of statements, folding what is known on the spot.

use autodiff_rules::Expr;

use super::{
    BinaryOp, Comparison, FloatType, Function, Literal, Op, Operand, Prim, ScalarType, Stmt,
    ValueId, ValueInfo,
};

/// Statements under construction, in a function that lends fresh ids.
#[derive(Debug)]
pub struct Builder<'f> {
    /// The function that the statements belong to.
    pub function: &'f mut Function,
    /// What has been appended.
    pub stmts: Vec<Stmt>,
}

impl<'f> Builder<'f> {
    /// Starts with no statement.
    pub fn new(function: &'f mut Function) -> Self {
        Self {
            function,
            stmts: Vec::new(),
        }
    }

    /// A fresh value.
    pub fn fresh(&mut self, name: &str, ty: ScalarType, lanes: bool) -> ValueId {
        self.function.values.push(ValueInfo {
            name: name.to_owned(),
            ty,
            lanes,
        })
    }

    /// The type of an operand.
    pub fn type_of(&self, operand: &Operand) -> ScalarType {
        self.function.operand_type(operand).clone()
    }

    /// Whether an operand is a vector of tangents.
    pub fn has_lanes(&self, operand: &Operand) -> bool {
        matches!(operand, Operand::Value(value) if self.function.values[*value].lanes)
    }

    /// Appends `let name = op`.
    pub fn define(&mut self, name: &str, ty: ScalarType, op: Op) -> Operand {
        let lanes = op_operands(&op)
            .iter()
            .any(|operand| self.has_lanes(operand));
        let value = self.fresh(name, ty, lanes);
        self.stmts.push(Stmt::Let { value, op });
        Operand::Value(value)
    }

    /// `a + b`
    pub fn add(&mut self, a: Operand, b: Operand, ty: &FloatType) -> Operand {
        self.prim("term", Prim::Add, vec![a, b], ty)
    }

    /// `-a`
    pub fn neg(&mut self, a: Operand, ty: &FloatType) -> Operand {
        self.prim("term", Prim::Neg, vec![a], ty)
    }

    /// `a * b`, where a factor of ±1 costs nothing.
    pub fn mul(&mut self, a: Operand, b: Operand, ty: &FloatType) -> Operand {
        self.prim("term", Prim::Mul, vec![a, b], ty)
    }

    /// A primitive, folded where its operands say what it is. Only rewrites that are exact for every input are made.
    pub fn prim(
        &mut self,
        name: &str,
        prim: Prim,
        operands: Vec<Operand>,
        ty: &FloatType,
    ) -> Operand {
        match (prim, operands.as_slice()) {
            (Prim::Mul, [one, other]) | (Prim::Mul, [other, one]) if is_literal(one, 1.0) => {
                return other.clone();
            }
            (Prim::Mul, [minus_one, other]) | (Prim::Mul, [other, minus_one])
                if is_literal(minus_one, -1.0) =>
            {
                let other = other.clone();
                return self.neg(other, ty);
            }
            (Prim::Div, [a, one]) if is_literal(one, 1.0) => return a.clone(),
            (Prim::Neg, [Operand::Literal(literal)]) => return Operand::Literal(negated(literal)),
            (Prim::Powi, [_, zero]) if is_integer(zero, 0) => return float_literal(1.0, ty),
            (Prim::Powi, [x, one]) if is_integer(one, 1) => return x.clone(),
            (Prim::RealFromInteger, [Operand::Literal(literal)]) => {
                if let Ok(n) = literal.text.parse::<i64>() {
                    return float_literal(n as f64, ty);
                }
            }
            (Prim::IfEqual | Prim::IfGreater, [a, b, then, otherwise]) => {
                if let (Some(a), Some(b)) = (rounded_value(a, ty), rounded_value(b, ty)) {
                    let holds = if prim == Prim::IfEqual { a == b } else { a > b };
                    return if holds {
                        then.clone()
                    } else {
                        otherwise.clone()
                    };
                }
            }
            // No literal is NaN.
            (Prim::IfNan, [Operand::Literal(_), _, otherwise]) => return otherwise.clone(),
            _ => {}
        }
        let ty = ScalarType::Float(ty.clone());
        if let [a, b] = &operands[..]
            && let Some(literal) = super::folded(prim, a, b, &ty)
        {
            return literal;
        }
        self.define(name, ty, Op::Prim(prim, operands))
    }

    /// Appends the value of a rule's expression.
    pub fn expr(
        &mut self,
        expr: &Expr,
        arguments: &[Operand],
        result: &Operand,
        ty: &FloatType,
    ) -> Operand {
        match expr {
            Expr::Arg(k) => arguments[*k].clone(),
            Expr::Result => result.clone(),
            Expr::Lit(value) => float_literal(*value, ty),
            Expr::Call(Prim::IntegerPredecessor, operands) => {
                let n = self.expr(&operands[0], arguments, result, ty);
                match &n {
                    Operand::Literal(literal) if literal.text.parse::<i32>().is_ok() => {
                        let n: i32 = literal.text.parse().unwrap_or_default();
                        Operand::Literal(Literal {
                            text: n.saturating_sub(1).to_string(),
                            ty: literal.ty.clone(),
                        })
                    }
                    _ => {
                        let integer = self.type_of(&n);
                        self.define(
                            "offset",
                            integer,
                            Op::Prim(Prim::IntegerPredecessor, vec![n]),
                        )
                    }
                }
            }
            Expr::Call(prim, operands) => {
                let operands: Vec<Operand> = operands
                    .iter()
                    .map(|operand| self.expr(operand, arguments, result, ty))
                    .collect();
                self.prim("term", *prim, operands, ty)
            }
        }
    }

    /// The partial derivative of a primitive with respect to each operand that is wanted, given which ones vary. An
    /// operand that stands in several positions has one, the sum: what multiplies it needs one product.
    pub fn partials(
        &mut self,
        prim: Prim,
        operands: &[Operand],
        (varied, wanted): (&[bool], &[bool]),
        result: &Operand,
        ty: &FloatType,
    ) -> Vec<(Operand, Operand)> {
        let mut partials: Vec<(Operand, Operand)> = Vec::new();
        for (k, operand) in operands.iter().enumerate().filter(|(k, _)| wanted[*k]) {
            let Some(partial) = prim.partial_expr(k, varied) else {
                continue;
            };
            let partial = self.expr(&partial, operands, result, ty);
            match partials.iter_mut().find(|(earlier, _)| earlier == operand) {
                Some((_, sum)) => *sum = self.add(sum.clone(), partial, ty),
                None => partials.push((operand.clone(), partial)),
            }
        }
        partials
    }

    /// `if condition { a } else { b }`
    pub fn select(
        &mut self,
        name: &str,
        condition: Operand,
        a: Operand,
        b: Operand,
        ty: &FloatType,
    ) -> Operand {
        if a == b {
            return a;
        }
        self.define(
            name,
            ScalarType::Float(ty.clone()),
            Op::Select(condition, a, b),
        )
    }

    /// Integer arithmetic on `usize`, folded where an operand is neutral.
    pub fn usize_op(&mut self, op: BinaryOp, a: Operand, b: Operand) -> Operand {
        match op {
            BinaryOp::Add | BinaryOp::Sub if is_integer(&b, 0) => a,
            BinaryOp::Mul if is_integer(&b, 1) => a,
            _ => self.define("offset", ScalarType::USIZE, Op::Binary(op, a, b)),
        }
    }

    /// `a` compared to `b`.
    pub fn compare(&mut self, comparison: Comparison, a: Operand, b: Operand) -> Operand {
        self.define("condition", ScalarType::Bool, Op::Compare(comparison, a, b))
    }
}

/// The floating-point type of an operand; the operand is a float by construction.
pub fn float_type(function: &Function, operand: &Operand) -> FloatType {
    match function.operand_type(operand).clone() {
        ScalarType::Float(ty) => ty,
        other => unreachable!("a float was expected where the type is {other:?}"),
    }
}

/// A literal of floating-point type.
pub fn float_literal(value: f64, ty: &FloatType) -> Operand {
    Operand::Literal(Literal {
        text: format!("{value:?}"),
        ty: ScalarType::Float(ty.clone()),
    })
}

/// A literal of type `usize`.
pub fn usize_literal(value: usize) -> Operand {
    Operand::Literal(Literal {
        text: value.to_string(),
        ty: ScalarType::USIZE,
    })
}

fn op_operands(op: &Op) -> Vec<Operand> {
    let mut operands = Vec::new();
    op.visit_operands(&mut |operand| operands.push(operand.clone()));
    operands
}

fn literal_value(operand: &Operand) -> Option<f64> {
    match operand {
        Operand::Literal(literal) => literal.text.replace('_', "").parse().ok(),
        Operand::Value(_) | Operand::Constant(..) => None,
    }
}

/// The value of a literal in its own type; that of a generic one only where it is the same in all types.
fn rounded_value(operand: &Operand, ty: &FloatType) -> Option<f64> {
    let value = literal_value(operand)?;
    let rounded = f64::from(value as f32);
    match ty {
        FloatType::F64 => Some(value),
        FloatType::F32 => Some(rounded),
        FloatType::Named(_) => (rounded == value).then_some(value),
    }
}

/// Whether the operand is a literal of this value.
pub fn is_literal(operand: &Operand, value: f64) -> bool {
    literal_value(operand) == Some(value)
}

fn is_integer(operand: &Operand, value: i64) -> bool {
    matches!(operand, Operand::Literal(literal) if literal.text.parse() == Ok(value))
}

fn negated(literal: &Literal) -> Literal {
    let text = literal
        .text
        .strip_prefix('-')
        .map_or_else(|| format!("-{}", literal.text), str::to_owned);
    Literal {
        text,
        ty: literal.ty.clone(),
    }
}
