//! Branches: the variables that either side assigns become results.

use super::Lowering;
use super::slot::{Destination, Value};
use crate::diagnostics::Extent;
use crate::hir::Expr;
use crate::hir::types::Ty;
use crate::ir::{BinaryOp, Block, If, Literal, Op, Operand, Projection, ScalarType, Stmt};

impl Lowering<'_> {
    /// `if condition { then } else { otherwise }`, of type `ty`.
    pub(super) fn branch(
        &mut self,
        condition: Operand,
        ty: &Ty,
        span: Extent,
        then: impl FnOnce(&mut Self) -> Value,
        otherwise: impl FnOnce(&mut Self) -> Value,
    ) -> Value {
        let model = self.types.model(ty);
        // What the branch gives is a variable that both sides assign.
        let result = match self.types.resolve(ty) {
            Ty::Var(_) => None,
            ty if ty.is_unit() => None,
            _ => Some(self.new_slot("", &model)),
        };
        let before = self.environment.clone();
        let known = before.len();
        let (then, ()) = self.collect(|lowering| {
            let value = then(lowering);
            if let Some(slot) = &result {
                lowering.store(Destination::Slot(slot.clone()), value, span);
            }
        });
        let after_then = self.restore(before.clone());
        let (otherwise, ()) = self.collect(|lowering| {
            let value = otherwise(lowering);
            if let Some(slot) = &result {
                lowering.store(Destination::Slot(slot.clone()), value, span);
            }
        });
        let after_otherwise = self.restore(before);
        self.join(
            known,
            condition,
            (then, after_then),
            (otherwise, after_otherwise),
        );
        match result {
            Some(slot) => self.take(slot, span),
            None => Value::UNIT,
        }
    }

    /// Goes back to an earlier environment, in which the variables declared since hold nothing.
    fn restore(&mut self, mut environment: Vec<Option<Operand>>) -> Vec<Option<Operand>> {
        environment.resize(self.vars.len(), None);
        std::mem::replace(&mut self.environment, environment)
    }

    /// Ends a branch: a variable that differs between the sides becomes a result.
    ///
    /// Only the `known` variables that were declared ahead of the branch can be read after it.
    fn join(
        &mut self,
        known: usize,
        condition: Operand,
        (then, after_then): (Vec<Stmt>, Vec<Option<Operand>>),
        (otherwise, after_otherwise): (Vec<Stmt>, Vec<Option<Operand>>),
    ) {
        let mut branch = If {
            condition,
            then: Block {
                stmts: then,
                yields: Vec::new(),
            },
            otherwise: Block {
                stmts: otherwise,
                yields: Vec::new(),
            },
            results: Vec::new(),
        };
        for var in 0..known {
            let (a, b) = (&after_then[var], &after_otherwise[var]);
            if a == b {
                self.environment[var] = a.clone();
                continue;
            }
            let (name, ty) = self.vars[var].clone();
            // A side that leaves the variable undefined is not one that its readers come from.
            let zero = self.zero(&ty);
            let (Some(a), Some(b)) = (a.clone().or_else(|| zero.clone()), b.clone().or(zero))
            else {
                self.environment[var] = None;
                continue;
            };
            branch.then.yields.push(a);
            branch.otherwise.yields.push(b);
            let result = self.new_value(&name, ty);
            branch.results.push(result);
            self.environment[var] = Some(Operand::Value(result));
        }
        self.stmts.push(Stmt::If(branch));
    }

    /// `a && b`, `a || b`: a branch, unless evaluating `b` needlessly cannot be noticed.
    pub(super) fn lazy(&mut self, op: BinaryOp, a: &Expr, b: &Expr) -> Operand {
        let a = self.scalar(a);
        let result = self.new_var("", ScalarType::Bool);
        let before = self.environment.clone();
        let known = before.len();
        let (stmts, right) = self.collect(|lowering| lowering.scalar(b));
        if self.environment[..before.len()] == before && stmts.iter().all(harmless) {
            self.stmts.extend(stmts);
            return self.define("", ScalarType::Bool, Op::Binary(op, a, right));
        }
        let mut evaluated = self.restore(before);
        evaluated[result.0] = Some(right);
        let mut skipped = self.environment.clone();
        let text = if op == BinaryOp::And { "false" } else { "true" };
        skipped[result.0] = Some(Operand::Literal(Literal {
            text: text.into(),
            ty: ScalarType::Bool,
        }));
        let (evaluated, skipped) = ((stmts, evaluated), (Vec::new(), skipped));
        if op == BinaryOp::And {
            self.join(known, a, evaluated, skipped);
        } else {
            self.join(known, a, skipped, evaluated);
        }
        self.environment[result.0]
            .clone()
            .expect("both sides assign it")
    }
}

/// Whether a statement neither panics nor has an effect.
fn harmless(stmt: &Stmt) -> bool {
    match stmt {
        Stmt::Let { op, .. } => match op {
            Op::Prim(..)
            | Op::Not(_)
            | Op::Compare(..)
            | Op::Select(..)
            | Op::Cast(..)
            | Op::Copy(_) => true,
            Op::Binary(op, ..) => {
                matches!(
                    op,
                    BinaryOp::And
                        | BinaryOp::Or
                        | BinaryOp::BitAnd
                        | BinaryOp::BitOr
                        | BinaryOp::BitXor
                )
            }
            Op::Len(place) => no_index(place),
            Op::Method(name, _) => name.starts_with("is_"),
            Op::Negate(_) | Op::Pure(_) | Op::Opaque(_) => false,
        },
        Stmt::Load { place, .. } => no_index(place),
        _ => false,
    }
}

fn no_index(place: &crate::ir::Place) -> bool {
    !place.path.iter().any(Projection::is_checked)
}
