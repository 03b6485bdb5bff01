//! Whether memory still holds at the end of the forward sweep what a load found there.

use crate::ir::{BinaryOp, Function, MemoryId, Op, Operand, Origin, Place, Projection, ValueId};

use super::structure::{BlockId, BlockKind, Definition, Structure, Write};

impl Structure {
    /// Whether reading `place` again after the forward sweep gives what the load at `position` in `block` gave: no
    /// statement that can still run after the load writes there.
    pub fn survives(&self, function: &Function, place: &Place, block: BlockId, position: usize) -> bool {
        self.memory_survives(function, place.memory)
            && self.writes(place.memory).iter().all(|write| !self.can_follow(write, place, block, position))
    }

    /// Whether the memory itself is still there at the end of the forward sweep.
    fn memory_survives(&self, function: &Function, memory: MemoryId) -> bool {
        function.memories[memory].origin == Origin::Shared || self.memory_home(memory) == Some(Self::TOP)
    }

    /// Whether `write` can change `place` after the load has run.
    fn can_follow(&self, write: &Write, place: &Place, block: BlockId, position: usize) -> bool {
        if write.position > position && !self.disjoint_now(&write.place, place) {
            return true;
        }
        let common = self.loops(block).into_iter().filter(|body| self.is_inside(write.block, *body));
        common.into_iter().any(|body| !self.disjoint_later(&write.place, place, body))
    }

    /// Whether two places are apart in one and the same iteration of all loops.
    fn disjoint_now(&self, a: &Place, b: &Place) -> bool {
        a.path.iter().zip(&b.path).any(|(a, b)| match (a, b) {
            (Projection::Field(a), Projection::Field(b)) => a != b,
            (Projection::Index(a), Projection::Index(b)) => match (self.affine(a), self.affine(b)) {
                (Some((base_a, offset_a)), Some((base_b, offset_b))) => base_a == base_b && offset_a != offset_b,
                _ => false,
            },
            _ => false,
        })
    }

    /// Whether a write in a later iteration of the loop with this body can't reach what was read in an earlier one.
    fn disjoint_later(&self, write: &Place, read: &Place, body: BlockId) -> bool {
        let BlockKind::For { index, range, .. } = &self.info(body).kind else {
            return self.disjoint_always(write, read, body);
        };
        let moves_away = write.path.iter().zip(&read.path).any(|(write, read)| {
            let (Projection::Index(write), Projection::Index(read)) = (write, read) else {
                return false;
            };
            let (Some((Some(base_write), at_write)), Some((Some(base_read), at_read))) =
                (self.affine(write), self.affine(read))
            else {
                return false;
            };
            // With both at `index + constant`, the write of an iteration `d > 0` steps later stands at
            // `read + (at_write - at_read) ± d`; going upwards it never comes back to the read when it starts at or
            // above it, and likewise downwards.
            base_write == *index
                && base_read == *index
                && if range.reversed { at_write <= at_read } else { at_write >= at_read }
        });
        moves_away || self.disjoint_always(write, read, body)
    }

    /// Whether two places are apart whatever the iterations of the loop with this body.
    fn disjoint_always(&self, a: &Place, b: &Place, body: BlockId) -> bool {
        a.path.iter().zip(&b.path).any(|(a, b)| match (a, b) {
            (Projection::Field(a), Projection::Field(b)) => a != b,
            (Projection::Index(x), Projection::Index(y)) => {
                self.is_fixed(x, body)
                    && self.is_fixed(y, body)
                    && match (self.affine(x), self.affine(y)) {
                        (Some((base_x, at_x)), Some((base_y, at_y))) => base_x == base_y && at_x != at_y,
                        _ => false,
                    }
            }
            _ => false,
        })
    }

    /// Whether an index does not change over the iterations of the loop with this body.
    fn is_fixed(&self, operand: &Operand, body: BlockId) -> bool {
        match self.affine(operand) {
            Some((Some(base), _)) => self.is_invariant(&Operand::Value(base), body),
            Some((None, _)) => true,
            None => self.is_invariant(operand, body),
        }
    }

    /// An index as a value plus a constant. Integer arithmetic that overflows panics or, wrapping, indexes out of
    /// bounds, so the offsets may be compared as they stand.
    pub fn affine(&self, operand: &Operand) -> Option<(Option<ValueId>, i64)> {
        match operand {
            Operand::Literal(literal) => Some((None, literal.text.parse().ok()?)),
            Operand::Constant(..) => None,
            Operand::Value(value) => match self.definition(*value) {
                Some(Definition::Op(Op::Binary(op @ (BinaryOp::Add | BinaryOp::Sub), a, b))) => {
                    let (base_a, at_a) = self.affine(a)?;
                    let (base_b, at_b) = self.affine(b)?;
                    match (op, base_a, base_b) {
                        (BinaryOp::Add, base, None) | (BinaryOp::Add, None, base) => Some((base, at_a + at_b)),
                        (BinaryOp::Sub, base, None) => Some((base, at_a - at_b)),
                        _ => Some((Some(*value), 0)),
                    }
                }
                Some(Definition::Op(Op::Copy(a))) => self.affine(a),
                _ => Some((Some(*value), 0)),
            },
        }
    }
}
