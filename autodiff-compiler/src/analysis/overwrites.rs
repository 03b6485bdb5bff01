//! Whether memory still holds at the end of the forward sweep what a load found there.

use crate::ir::{Function, MemoryId, Origin, Place, Projection, Type};

use super::linear::Linear;
use super::structure::{BlockId, BlockKind, Structure, Write};

impl Structure {
    /// Whether reading `place` again after the forward sweep gives what the load at `position` in `block` gave: no
    /// statement that can still run after the load writes there.
    pub fn survives(
        &self,
        function: &Function,
        place: &Place,
        block: BlockId,
        position: usize,
    ) -> bool {
        // What one branch has taken away is no variable any more behind the branches, whichever was taken.
        if self.writes(place.memory).iter().any(|write| write.moved) {
            return false;
        }
        let frame = self.frame(block);
        let mut writes = self.writes(place.memory).iter();
        if frame == Self::TOP {
            return self.memory_survives(function, place.memory)
                && writes.all(|write| !self.can_follow(write, place, block, position));
        }
        // Inside of a frame, memory is as the iteration that is run again leaves it, or as the whole forward sweep does
        // where the iteration does not write it.
        let home = self.memory_home(place.memory);
        let in_frame = |write: &Write| self.is_inside(write.block, frame);
        if home == Some(frame) || (home == Some(Self::TOP) && writes.clone().any(in_frame)) {
            writes
                .filter(|write| in_frame(write))
                .all(|write| !self.can_follow(write, place, block, position))
        } else {
            let end = self.info(frame).span.1;
            self.memory_survives(function, place.memory)
                && writes.all(|write| write.position <= end)
        }
    }

    /// Whether the length of a memory can be asked for again after the forward sweep.
    pub fn keeps_length(&self, function: &Function, memory: MemoryId) -> bool {
        let is_replaced = |write: &Write| write.place.path.is_empty();
        let can_change = matches!(function.memories[memory].ty, Type::Vec(_));
        self.memory_survives(function, memory)
            && !(can_change && self.writes(memory).iter().any(is_replaced))
    }

    /// Whether the memory itself is still there at the end of the forward sweep.
    fn memory_survives(&self, function: &Function, memory: MemoryId) -> bool {
        function.memories[memory].origin == Origin::Shared
            || self.memory_home(memory) == Some(Self::TOP)
    }

    /// Whether `write` can change `place` after the load has run.
    fn can_follow(&self, write: &Write, place: &Place, block: BlockId, position: usize) -> bool {
        if write.position > position && !self.disjoint_now(&write.place, place) {
            return true;
        }
        let frame = self.frame(block);
        let common = self
            .loops(block)
            .into_iter()
            .filter(|body| *body != frame && self.is_inside(*body, frame))
            .filter(|body| self.is_inside(write.block, *body));
        common
            .into_iter()
            .any(|body| !self.disjoint_later(&write.place, place, body))
    }

    /// Whether two places are apart in one and the same iteration of all loops.
    fn disjoint_now(&self, a: &Place, b: &Place) -> bool {
        self.any_step(a, b, |a, b| a.terms == b.terms && a.constant != b.constant)
    }

    /// Whether a write in a later iteration of the loop with this body can't reach what was read in an earlier one.
    fn disjoint_later(&self, write: &Place, read: &Place, body: BlockId) -> bool {
        let stays_apart = self.any_step(write, read, |write, read| {
            self.is_fixed(write, body)
                && self.is_fixed(read, body)
                && write.terms == read.terms
                && write.constant != read.constant
        });
        let BlockKind::For { index, range, .. } = &self.info(body).kind else {
            return stays_apart;
        };
        stays_apart
            || self.any_step(write, read, |write, read| {
                match (write.without(*index), read.without(*index)) {
                    (Some((write, None)), Some((read, None))) => {
                        self.moves_away(&write, &read, body, range.reversed)
                    }
                    // Rows of a matrix in one array: `i * s + j` with `j` below `s`, which is not zero then.
                    (Some((write, Some(stride))), Some((read, Some(other)))) => {
                        stride == other
                            && self.is_below(&write, &stride)
                            && self.is_below(&read, &stride)
                            && !(write.terms.is_empty() && read.terms.is_empty())
                    }
                    _ => false,
                }
            })
    }

    /// With both places at `index + rest`, the write of an iteration `d > 0` steps later stands at `read + (write's
    /// rest - read's rest) ± d`; going upwards it never comes back to the read when it starts at or above it, and
    /// likewise downwards.
    fn moves_away(&self, write: &Linear, read: &Linear, body: BlockId, reversed: bool) -> bool {
        let same = write.terms == read.terms && self.is_fixed(write, body);
        same && if reversed {
            write.constant <= read.constant
        } else {
            write.constant >= read.constant
        }
    }

    /// Whether two paths differ at some step: in the field, or by what `apart` says of two indices.
    fn any_step(&self, a: &Place, b: &Place, apart: impl Fn(&Linear, &Linear) -> bool) -> bool {
        a.path.iter().zip(&b.path).any(|(a, b)| match (a, b) {
            (Projection::Field(a), Projection::Field(b)) => a != b,
            (Projection::Index(a), Projection::Index(b)) => {
                matches!((self.linear(a), self.linear(b)), (Some(a), Some(b)) if apart(&a, &b))
            }
            _ => false,
        })
    }
}
