//! Operations as keys: two pure operations with equal keys give equal values.

use crate::ir::{BinaryOp, Comparison, MemoryId, Op, Operand, Place, Prim, ScalarType};

/// A pure operation, comparable.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub enum OpKey {
    /// As [`Op::Prim`].
    Prim(Prim, Vec<Operand>),
    /// As [`Op::Binary`].
    Binary(BinaryOp, Operand, Operand),
    /// As [`Op::Not`].
    Not(Operand),
    /// As [`Op::Negate`].
    Negate(Operand),
    /// As [`Op::Compare`].
    Compare(Comparison, Operand, Operand),
    /// As [`Op::Select`].
    Select(Operand, Operand, Operand),
    /// As [`Op::Cast`].
    Cast(Operand, ScalarType),
    /// As [`Op::Method`].
    Method(String, Vec<Operand>),
    /// As [`Op::Len`].
    Len(Place),
}

impl OpKey {
    /// The memory that the value depends on.
    pub fn memory(&self) -> Option<MemoryId> {
        match self {
            Self::Len(place) => Some(place.memory),
            _ => None,
        }
    }
}

/// The key of an operation; `None` where two evaluations need not agree.
pub fn key(op: &Op) -> Option<OpKey> {
    Some(match op.clone() {
        Op::Prim(prim, operands) => OpKey::Prim(prim, operands),
        Op::Binary(op, a, b) => OpKey::Binary(op, a, b),
        Op::Not(a) => OpKey::Not(a),
        Op::Negate(a) => OpKey::Negate(a),
        Op::Compare(comparison, a, b) => OpKey::Compare(comparison, a, b),
        Op::Select(condition, a, b) => OpKey::Select(condition, a, b),
        Op::Cast(a, ty) => OpKey::Cast(a, ty),
        Op::Method(name, operands) => OpKey::Method(name, operands),
        Op::Len(place) => OpKey::Len(place),
        Op::Pure(_) | Op::Opaque(_) | Op::Copy(_) => return None,
    })
}
