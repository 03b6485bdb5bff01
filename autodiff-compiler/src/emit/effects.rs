//! What evaluating something reads, writes and risks: the reasons why it may not change places with something else.

use std::collections::BTreeSet;

use super::variables::Variables;
use crate::ir::{
    BinaryOp, Block, Function, Init, Kept, Length, MemoryId, Op, Operand, Origin, Place, Prim,
    Projection, ScalarType, Stmt, TapeId, Template, Type, ValueId,
};

/// What an expression or a statement does besides having a value.
#[derive(Clone, Debug, Default)]
pub(super) struct Effects {
    /// It may panic.
    pub(super) panics: bool,
    /// It is code of the user's, which may do anything that doesn't reach our variables.
    pub(super) opaque: bool,
    /// Memories it reads; those that nothing writes to are left out.
    pub(super) reads: BTreeSet<MemoryId>,
    /// Memories it writes.
    pub(super) writes: BTreeSet<MemoryId>,
    /// Tapes it reads.
    pub(super) reads_tapes: BTreeSet<TapeId>,
    /// Tapes it writes.
    pub(super) writes_tapes: BTreeSet<TapeId>,
    /// Mutable variables it reads.
    pub(super) reads_variables: BTreeSet<ValueId>,
    /// Mutable variables it assigns.
    pub(super) writes_variables: BTreeSet<ValueId>,
}

impl Effects {
    /// Whether this and `other` must keep their order.
    pub(super) fn conflicts(&self, other: &Self) -> bool {
        fn touch<T: Ord>(a: &BTreeSet<T>, b: &BTreeSet<T>) -> bool {
            !a.is_disjoint(b)
        }
        ((self.panics || self.opaque) && (other.panics || other.opaque))
            || touch(&self.reads, &other.writes)
            || touch(&self.writes, &other.reads)
            || touch(&self.writes, &other.writes)
            || touch(&self.reads_tapes, &other.writes_tapes)
            || touch(&self.writes_tapes, &other.reads_tapes)
            || touch(&self.reads_variables, &other.writes_variables)
            || touch(&self.writes_variables, &other.reads_variables)
    }

    /// Adds what `other` does.
    pub(super) fn absorb(&mut self, other: &Self) {
        // Most sets are empty, and finding that out is cheaper than merging them.
        fn join<T: Ord + Copy>(into: &mut BTreeSet<T>, from: &BTreeSet<T>) {
            if !from.is_empty() {
                into.extend(from);
            }
        }
        self.panics |= other.panics;
        self.opaque |= other.opaque;
        join(&mut self.reads, &other.reads);
        join(&mut self.writes, &other.writes);
        join(&mut self.reads_tapes, &other.reads_tapes);
        join(&mut self.writes_tapes, &other.writes_tapes);
        join(&mut self.reads_variables, &other.reads_variables);
        join(&mut self.writes_variables, &other.writes_variables);
    }

    /// Whether the moment of evaluation is of no consequence.
    pub(super) fn is_inert(&self) -> bool {
        self.is_pure()
            && self.reads.is_empty()
            && self.reads_tapes.is_empty()
            && self.reads_variables.is_empty()
    }

    /// Whether the value alone matters, so that an unused one need not be computed.
    pub(super) fn is_pure(&self) -> bool {
        !self.panics && !self.opaque && self.writes.is_empty()
    }
}

/// What the function under emission says of effects.
pub(super) struct Judge<'a> {
    pub(super) function: &'a Function,
    pub(super) variables: &'a Variables,
    /// Whether the reverse sweep has begun, in which nothing panics that did not panic in the forward sweep.
    pub(super) turned: bool,
}

impl Judge<'_> {
    /// What reading an operand does.
    pub(super) fn operand(&self, operand: &Operand) -> Effects {
        let mut effects = Effects::default();
        if let Operand::Value(value) = operand
            && self.variables.is_mutable(*value)
        {
            effects
                .reads_variables
                .insert(self.variables.variable(*value));
        }
        effects
    }

    /// What evaluating an operation does, its operands left out.
    pub(super) fn op(&self, op: &Op) -> Effects {
        let mut effects = Effects::default();
        match op {
            Op::Prim(prim, _) => effects.panics = *prim == Prim::Clamp,
            Op::Binary(operator, _, divisor) => {
                effects.panics = match operator {
                    BinaryOp::Add
                    | BinaryOp::Sub
                    | BinaryOp::Mul
                    | BinaryOp::Shl
                    | BinaryOp::Shr => true,
                    BinaryOp::Div | BinaryOp::Rem => !is_plain_divisor(divisor),
                    BinaryOp::BitAnd
                    | BinaryOp::BitOr
                    | BinaryOp::BitXor
                    | BinaryOp::And
                    | BinaryOp::Or => false,
                };
            }
            Op::Negate(_) | Op::Method(..) => effects.panics = true,
            Op::Pure(template) => {
                self.template(template, &mut effects);
                effects.panics = true;
            }
            Op::Opaque(template) => {
                self.template(template, &mut effects);
                effects.opaque = true;
            }
            Op::Len(place) => self.read(place, &mut effects),
            Op::Not(_) | Op::Compare(..) | Op::Select(..) | Op::Cast(..) | Op::Copy(_) => {}
        }
        effects.panics &= !self.turned;
        effects
    }

    /// What loading from a place does, its indices left out.
    pub(super) fn load(&self, place: &Place) -> Effects {
        let mut effects = Effects::default();
        self.read(place, &mut effects);
        effects.panics &= !self.turned;
        effects
    }

    /// What a whole statement does, with the blocks inside it.
    pub(super) fn stmt(&self, stmt: &Stmt) -> Effects {
        let mut effects = Effects::default();
        match stmt {
            Stmt::Let { op, .. } => effects.absorb(&self.op(op)),
            Stmt::Load { place, .. } | Stmt::Check { place } => effects.absorb(&self.load(place)),
            Stmt::Store { place, .. } | Stmt::Accumulate { place, .. } | Stmt::Clear { place } => {
                self.write(place, &mut effects);
            }
            Stmt::Alloc { memory, init } => {
                effects.writes.insert(*memory);
                init.visit_places(&mut |place, _| self.read(place, &mut effects));
                // A length that is too large panics.
                effects.panics |= matches!(init, Init::Tree(_));
            }
            Stmt::CheckShape { primal, other, .. } => {
                self.read(primal, &mut effects);
                self.read(other, &mut effects);
                effects.panics = true;
            }
            Stmt::Copy { to, from } | Stmt::AccumulateAll { to, from } => {
                self.read(from, &mut effects);
                self.write(to, &mut effects);
            }
            Stmt::Push { to, value } => {
                value.visit_places(&mut |place, _| self.read(place, &mut effects));
                self.write(to, &mut effects);
            }
            Stmt::Resize { place, .. } => self.write(place, &mut effects),
            Stmt::Move { to, from } => effects.writes.extend([*to, *from]),
            Stmt::Effect(template) => {
                self.template(template, &mut effects);
                effects.opaque = true;
            }
            Stmt::Call(call) => {
                call.visit_places(&mut |place, access| {
                    if access.writes() {
                        self.write(place, &mut effects);
                    }
                    if access.reads() {
                        self.read(place, &mut effects);
                    }
                });
                call.visit_memories(&mut |memory| _ = effects.writes.insert(*memory));
                effects.opaque = true;
            }
            // What is left last is taken off first.
            Stmt::Keep { content, .. } => {
                if let Kept::Place(place) = content {
                    self.read(place, &mut effects);
                }
                effects.opaque = true;
            }
            Stmt::Recall { .. } => effects.opaque = true,
            Stmt::If(branch) => {
                effects
                    .writes_variables
                    .extend(branch.results.iter().map(|&r| self.variables.variable(r)));
            }
            Stmt::For(each) => {
                effects.writes_variables.extend(
                    each.carried
                        .iter()
                        .map(|c| self.variables.variable(c.result)),
                );
            }
            Stmt::While(each) => {
                effects.writes_variables.extend(
                    each.carried
                        .iter()
                        .map(|c| self.variables.variable(c.result)),
                );
            }
            Stmt::Turn => {}
            Stmt::TapeAlloc(tape) | Stmt::TapePut { tape, .. } => {
                effects.writes_tapes.insert(*tape);
            }
            Stmt::TapeGet { tape, .. } => {
                effects.reads_tapes.insert(*tape);
            }
        }
        for block in stmt.blocks() {
            self.block(block, &mut effects);
        }
        effects.panics &= !self.turned;
        effects
    }

    fn block(&self, block: &Block, effects: &mut Effects) {
        for stmt in &block.stmts {
            effects.absorb(&self.stmt(stmt));
        }
    }

    fn template(&self, template: &Template, effects: &mut Effects) {
        template.visit_places(&mut |place, _| self.read(place, effects));
    }

    fn read(&self, place: &Place, effects: &mut Effects) {
        if self.function.memories[place.memory].origin != Origin::Shared {
            effects.reads.insert(place.memory);
        }
        effects.panics |= self.can_be_out_of_bounds(place);
    }

    fn write(&self, place: &Place, effects: &mut Effects) {
        effects.writes.insert(place.memory);
        effects.panics |= self.can_be_out_of_bounds(place);
    }

    /// Whether an index of the place is not known to lie in an array.
    fn can_be_out_of_bounds(&self, place: &Place) -> bool {
        if self.function.derived.contains(&place.memory) {
            return false;
        }
        let mut ty = &self.function.memories[place.memory].ty;
        for step in &place.path {
            match (step, ty) {
                (Projection::Index(index), Type::Array(element, length)) => {
                    if !is_within(index, length) {
                        return true;
                    }
                    ty = element;
                }
                (Projection::Field(position), _) => match ty.parts() {
                    Some(parts) if *position < parts.len() => ty = &parts[*position],
                    _ => return true,
                },
                _ => return true,
            }
        }
        false
    }
}

fn is_within(index: &Operand, length: &Length) -> bool {
    match (index, length) {
        (Operand::Literal(literal), Length::Literal(length)) => literal
            .text
            .parse::<usize>()
            .is_ok_and(|index| index < *length),
        _ => false,
    }
}

/// Whether dividing an integer by it can neither divide by zero nor overflow.
fn is_plain_divisor(divisor: &Operand) -> bool {
    match divisor {
        Operand::Literal(literal) => {
            matches!(literal.ty, ScalarType::Integer(_))
                && literal.text.parse::<u128>().is_ok_and(|n| n > 0)
        }
        _ => false,
    }
}
