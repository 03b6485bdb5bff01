//! Expressions.

use autodiff_rules::Prim;

use super::Lowering;
use super::slot::{Destination, Slot, Value};
use crate::diagnostics;
use crate::diagnostics::Extent;
use crate::hir::types::Ty;
use crate::hir::{self, Count, Expr, ExprKind, visit};
use crate::ir::{
    Argument, BinaryOp, Code, Init, InitTree, Literal, Op, Operand, RepeatCount, ScalarType, Stmt,
    Template, Type,
};

impl Lowering<'_> {
    /// A scalar.
    pub(super) fn scalar(&mut self, expr: &Expr) -> Operand {
        match self.value(expr) {
            Value::Scalar(operand) => operand,
            _ => match self.dummy(&expr.ty) {
                // The expression never comes to its end: it panics.
                Value::Scalar(zero) => zero,
                _ => {
                    self.errors
                        .span(expr.span, &diagnostics::UNKNOWN_TYPE, &["this value", "x"]);
                    placeholder()
                }
            },
        }
    }

    /// Any expression.
    pub(super) fn value(&mut self, expr: &Expr) -> Value {
        let value = self.value_as_it_is(expr);
        match (&value, self.types.shallow(&expr.ty)) {
            (Value::Scalar(whole), Ty::Struct(_)) => self.fields_of(whole, expr),
            _ => value,
        }
    }

    fn value_as_it_is(&mut self, expr: &Expr) -> Value {
        let scalar_type = || self.scalar_type(&expr.ty).unwrap_or(ScalarType::Inferred);
        match &expr.kind {
            ExprKind::Literal(text) => Value::Scalar(Operand::Literal(Literal {
                text: text.clone(),
                ty: scalar_type(),
            })),
            ExprKind::Constant(code) => {
                Value::Scalar(Operand::Constant(code.clone(), scalar_type()))
            }
            ExprKind::Read(place) => match self.read(place) {
                Value::Place(from) if self.moves(place, &from) => Value::Fresh(from.memory),
                Value::Place(place) if self.copies => Value::Fresh(self.copy_of(place, "copy")),
                value => value,
            },
            ExprKind::ToVec(array) => {
                let value = self.value(array);
                let from = self.in_memory(value, &array.ty);
                Value::Fresh(self.vector_of(from, expr.span))
            }
            ExprKind::Reference(place) => {
                self.errors.span(place.span, &diagnostics::REFERENCE, &[]);
                Value::UNIT
            }
            ExprKind::Negate(operand) => {
                let operand = self.scalar(operand);
                let ty = scalar_type_of(self, expr);
                let op = if ty.is_float() {
                    Op::Prim(Prim::Neg, vec![operand])
                } else {
                    Op::Negate(operand)
                };
                Value::Scalar(self.define("", ty, op))
            }
            ExprKind::Not(operand) => {
                let operand = self.scalar(operand);
                let ty = scalar_type_of(self, expr);
                self.fits(
                    "an integer or a truth value",
                    !ty.is_float(),
                    &ty,
                    expr.span,
                );
                Value::Scalar(self.define("", ty, Op::Not(operand)))
            }
            ExprKind::Binary(op @ (BinaryOp::And | BinaryOp::Or), a, b) => {
                Value::Scalar(self.lazy(*op, a, b))
            }
            ExprKind::Binary(op, a, b) => {
                let a = self.scalar(a);
                let b = self.scalar(b);
                let ty = scalar_type_of(self, expr);
                self.operator_fits(*op, &ty, expr.span);
                Value::Scalar(self.binary(*op, a, b, ty))
            }
            ExprKind::Compare(comparison, a, b) => {
                let a = self.scalar(a);
                let b = self.scalar(b);
                Value::Scalar(self.define("", ScalarType::Bool, Op::Compare(*comparison, a, b)))
            }
            ExprKind::Cast(operand) => {
                let operand = self.scalar(operand);
                let ty = scalar_type_of(self, expr);
                Value::Scalar(self.define("", ty.clone(), Op::Cast(operand, ty)))
            }
            ExprKind::Method(name, operands) => self.method(name, operands, expr),
            ExprKind::Len(place) => Value::Scalar(self.length(place)),
            ExprKind::Tuple(parts) => Value::Tuple(self.in_order(parts, Self::value)),
            ExprKind::Struct(names, parts) => self.structure(names, parts, expr),
            ExprKind::List(_) | ExprKind::Repeat(..) => {
                let tree = self.tree(expr);
                let ty = self.types.model(&expr.ty);
                let memory = self.new_memory("", ty);
                self.stmts.push(Stmt::Alloc {
                    memory,
                    init: Init::Tree(tree),
                });
                Value::Fresh(memory)
            }
            ExprKind::Opaque(template) => self.opaque(template, expr),
            ExprKind::If(condition, then, otherwise) => {
                let condition = self.scalar(condition);
                self.branch(
                    condition,
                    &expr.ty,
                    expr.span,
                    |l| l.block(then),
                    |l| l.block(otherwise),
                )
            }
            ExprKind::Block(block) => self.block(block),
            ExprKind::While(_, condition, body) => {
                self.while_loop(condition, body);
                Value::UNIT
            }
            ExprKind::For(_, index, range, body) => {
                self.for_loop(*index, range, body);
                Value::UNIT
            }
            ExprKind::Assign(place, value)
                if let ExprKind::Struct(names, parts) = &value.kind
                    && let Some((base, parts)) = parts.split_last()
                    && parts.len() == names.len()
                    && let ExprKind::Read(base) = &base.kind
                    && super::structs::is_steady(base)
                    && super::structs::is_steady(place) =>
            {
                self.update(place, (names, parts, base), value);
                Value::UNIT
            }
            ExprKind::Assign(place, value) => {
                let value = self.value(value);
                let to = self.destination(place);
                self.store(to, value, expr.span);
                Value::UNIT
            }
            ExprKind::Absent => self.absent(expr),
            ExprKind::Push(place, value) => {
                self.push(place, value, expr.span);
                Value::UNIT
            }
            ExprKind::Cut(place, length) => {
                self.cut(place, length, expr.span);
                Value::UNIT
            }
            ExprKind::AssignOp(op, place, value) => {
                self.assign_op(*op, place, value);
                Value::UNIT
            }
            ExprKind::Labelled(..)
            | ExprKind::Loop(..)
            | ExprKind::Break(..)
            | ExprKind::Continue(_)
            | ExprKind::Return(_) => unreachable!("exits are normalised by now"),
            ExprKind::Error => {
                // What could not be read was left out without a word, as calls are that rustc refuses too.
                let texts = [
                    "this is",
                    "write it in terms of arithmetic, indexing and loops",
                ];
                self.errors
                    .span(expr.span, &diagnostics::EXPRESSION, &texts);
                Value::UNIT
            }
        }
    }

    fn length(&mut self, place: &hir::Place) -> Operand {
        if let Some(place) = self.memory_place(place) {
            return self.define("", ScalarType::USIZE, Op::Len(place));
        }
        let Value::Scalar(whole) = self.read(place) else {
            unreachable!("only a value or memory has a length")
        };
        let code = Code::new(quote::quote!(__hole_0.len()));
        let template = Template {
            code,
            arguments: vec![Argument::Scalar(whole)],
        };
        self.define("", ScalarType::USIZE, Op::Pure(template))
    }

    /// A block. Scopes need no care here: each variable has an identity of its own.
    pub(super) fn block(&mut self, block: &hir::Block) -> Value {
        for stmt in &block.stmts {
            self.stmt(stmt);
        }
        match &block.tail {
            Some(tail) => self.value(tail),
            None => Value::UNIT,
        }
    }

    pub(super) fn stmt(&mut self, stmt: &hir::Stmt) {
        match stmt {
            hir::Stmt::Let(local, None) => {
                let info = &self.locals[*local];
                let ty = self.types.model(&info.ty);
                self.declared_in.insert(*local, self.loops);
                let slot = self.new_slot(&info.name, &ty);
                self.slots[crate::ir::TypedId::index(*local)] = Some(slot);
            }
            hir::Stmt::Let(local, Some(value)) => {
                let span = value.span;
                let value = self.value(value);
                self.declare(*local, value);
                if let Some(Slot::Memory(memory)) =
                    self.slots[crate::ir::TypedId::index(*local)].clone()
                {
                    self.spans.insert(memory, span);
                }
            }
            hir::Stmt::Expr(expr) => {
                if let ExprKind::Opaque(template) = &expr.kind
                    && !template.pure
                    && !matches!(&template.call, Some(call) if self.is_differentiated(call, expr))
                    && let Ty::Var(_) = self.types.resolve(&expr.ty)
                {
                    // Whatever it gives, nobody reads it.
                    self.effect(template, expr.span);
                    return;
                }
                self.value(expr);
            }
            hir::Stmt::Check(place) => {
                if let Some(place) = self.memory_place(place)
                    && place.path.iter().any(crate::ir::Projection::is_checked)
                {
                    self.stmts.push(Stmt::Check { place });
                }
            }
        }
    }

    /// Reports an operator that the type does not have.
    fn operator_fits(&self, op: BinaryOp, ty: &ScalarType, span: Extent) {
        let (wanted, fits) = match op {
            BinaryOp::BitAnd | BinaryOp::BitOr | BinaryOp::BitXor => {
                ("an integer or a truth value", !ty.is_float())
            }
            BinaryOp::Shl | BinaryOp::Shr => (
                "an integer",
                matches!(ty, ScalarType::Integer(_) | ScalarType::Inferred),
            ),
            _ => (
                "a number",
                !matches!(ty, ScalarType::Bool | ScalarType::Char),
            ),
        };
        self.fits(wanted, fits, ty, span);
    }

    fn fits(&self, wanted: &str, fits: bool, found: &ScalarType, span: Extent) {
        if !fits {
            let found = found.to_string();
            self.errors
                .span(span, &diagnostics::TYPE_MISMATCH, &[wanted, &found]);
        }
    }

    pub(super) fn binary(
        &mut self,
        op: BinaryOp,
        a: Operand,
        b: Operand,
        ty: ScalarType,
    ) -> Operand {
        let prim = match op {
            BinaryOp::Add => Some(Prim::Add),
            BinaryOp::Sub => Some(Prim::Sub),
            BinaryOp::Mul => Some(Prim::Mul),
            BinaryOp::Div => Some(Prim::Div),
            BinaryOp::Rem => Some(Prim::Rem),
            _ => None,
        };
        match prim {
            Some(prim) if ty.is_float() => crate::ir::folded(prim, &a, &b, &ty)
                .unwrap_or_else(|| self.define("", ty, Op::Prim(prim, vec![a, b]))),
            _ => self.define("", ty, Op::Binary(op, a, b)),
        }
    }

    /// `place op= value`: of primitive types, so the value is evaluated first (The Rust Reference, "Compound
    /// assignment expressions"), and the place once.
    fn assign_op(&mut self, op: BinaryOp, place: &hir::Place, value: &Expr) {
        let value = self.scalar(value);
        let to = self.destination(place);
        let old = match &to {
            Destination::Slot(slot) => self.read_slot(slot, place.span),
            Destination::Place(place, _) => self.read_memory(place.clone()),
            Destination::Opaque(_) => Value::Scalar(value.clone()),
        };
        let Value::Scalar(old) = old else { return };
        let ty = self.scalar_type(&place.ty).unwrap_or(ScalarType::Inferred);
        self.operator_fits(op, &ty, place.span);
        let new = match op {
            BinaryOp::BitAnd | BinaryOp::BitOr | BinaryOp::BitXor => {
                self.define("", ty, Op::Binary(op, old, value))
            }
            _ => self.binary(op, old, value, ty),
        };
        self.store(to, Value::Scalar(new), place.span);
    }

    fn method(&mut self, name: &str, operands: &[Expr], expr: &Expr) -> Value {
        let float = self.types.is_float(&operands[0].ty);
        let operands: Vec<Operand> = operands
            .iter()
            .map(|operand| self.scalar(operand))
            .collect();
        if float && name == "sin_cos" {
            let ty = operand_type(self, &operands[0]);
            let sin = self.define("", ty.clone(), Op::Prim(Prim::Sin, operands.clone()));
            let cos = self.define("", ty, Op::Prim(Prim::Cos, operands));
            return Value::Tuple(vec![Value::Scalar(sin), Value::Scalar(cos)]);
        }
        let ty = scalar_type_of(self, expr);
        match Prim::from_method(name) {
            Some(prim) if float => Value::Scalar(self.define("", ty, Op::Prim(prim, operands))),
            _ => Value::Scalar(self.define("", ty, Op::Method(name.to_owned(), operands))),
        }
    }

    /// An array or `Vec` written out, its elements evaluated in order.
    fn tree(&mut self, expr: &Expr) -> InitTree {
        match &expr.kind {
            ExprKind::List(parts) => InitTree::List(self.in_order(parts, Self::tree)),
            ExprKind::Repeat(element, count) => {
                let element = self.tree(element);
                let count = match count {
                    Count::Fixed(length) => RepeatCount::Fixed(length.clone()),
                    Count::Dynamic(count) => RepeatCount::Dynamic(self.scalar(count)),
                };
                InitTree::Repeat(Box::new(element), count)
            }
            ExprKind::Tuple(parts) => InitTree::Tuple(self.in_order(parts, Self::tree)),
            _ => {
                let value = self.value(expr);
                if matches!(value, Value::Scalar(_)) && self.scalar_type(&expr.ty).is_none() {
                    self.errors.span(expr.span, &diagnostics::OPAQUE_ARRAY, &[]);
                }
                let value = self.whole_structs(value, &expr.ty, expr.span);
                self.leaf(value)
            }
        }
    }

    /// Evaluates one expression after the other. What a place holds is copied at once where a later expression could
    /// change it.
    pub(super) fn in_order<T>(
        &mut self,
        parts: &[Expr],
        evaluate: impl Fn(&mut Self, &Expr) -> T,
    ) -> Vec<T> {
        let mut values = Vec::new();
        for (i, part) in parts.iter().enumerate() {
            let outer = self.copies;
            self.copies |= parts[i + 1..].iter().any(visit::changes);
            values.push(evaluate(self, part));
            self.copies = outer;
        }
        values
    }

    pub(super) fn leaf(&mut self, value: Value) -> InitTree {
        match value {
            Value::Scalar(operand) => InitTree::Scalar(operand),
            Value::Tuple(parts) => {
                InitTree::Tuple(parts.into_iter().map(|part| self.leaf(part)).collect())
            }
            Value::Place(place) => {
                if !place.path.is_empty() {
                    self.stmts.push(Stmt::Check {
                        place: place.clone(),
                    });
                }
                InitTree::CopyOf(place)
            }
            Value::Fresh(memory) => InitTree::CopyOf(crate::ir::Place {
                memory,
                path: Vec::new(),
            }),
        }
    }

    /// A value as a memory of its own.
    pub(super) fn in_memory(&mut self, value: Value, ty: &Ty) -> crate::ir::Place {
        let memory = match value {
            Value::Place(place) => return place,
            Value::Fresh(memory) => memory,
            other => {
                let other = self.whole_structs(other, ty, crate::diagnostics::Extent::call_site());
                if let Value::Fresh(memory) = other {
                    return crate::ir::Place {
                        memory,
                        path: Vec::new(),
                    };
                }
                let tree = self.leaf(other);
                let ty: Type = self.types.model(ty);
                let memory = self.new_memory("", ty);
                self.stmts.push(Stmt::Alloc {
                    memory,
                    init: Init::Tree(tree),
                });
                memory
            }
        };
        crate::ir::Place {
            memory,
            path: Vec::new(),
        }
    }

    /// Reads a slot that was made here.
    pub(super) fn take(&mut self, slot: Slot, span: crate::diagnostics::Extent) -> Value {
        match slot {
            Slot::Memory(memory) => Value::Fresh(memory),
            Slot::Tuple(slots) => Value::Tuple(
                slots
                    .into_iter()
                    .map(|slot| self.take(slot, span))
                    .collect(),
            ),
            Slot::Scalar(_) => self.read_slot(&slot, span),
        }
    }
}

/// What stands in the place of an operand where an error was raised.
pub(super) fn placeholder() -> Operand {
    Operand::Literal(Literal {
        text: "0".into(),
        ty: ScalarType::USIZE,
    })
}

fn scalar_type_of(lowering: &Lowering<'_>, expr: &Expr) -> ScalarType {
    lowering
        .scalar_type(&expr.ty)
        .unwrap_or(ScalarType::Inferred)
}

fn operand_type(lowering: &Lowering<'_>, operand: &Operand) -> ScalarType {
    match operand {
        Operand::Value(value) => lowering.function.values[*value].ty.clone(),
        Operand::Literal(literal) => literal.ty.clone(),
        Operand::Constant(_, ty) => ty.clone(),
    }
}
