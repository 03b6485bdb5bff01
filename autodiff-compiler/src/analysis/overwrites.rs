//! Whether memory still holds at the end of the forward sweep what a load found there.

use crate::ir::{Function, MemoryId, Operand, Origin, Place, Projection, Type};

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
        let overwrites = |write: &&Write| !write.grows;
        let mut writes = self.writes(place.memory).iter().filter(overwrites);
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
        let is_replaced = |write: &Write| write.place.path.is_empty() || write.resizes;
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
        self.any_level(a, b, |a, b| {
            a.indices_are(b, |a, b| a.terms == b.terms && a.constant != b.constant)
                || a.ends_before(b)
                || b.ends_before(a)
        })
    }

    /// Whether a write in a later iteration of the loop with this body can't reach what was read in an earlier one.
    fn disjoint_later(&self, write: &Place, read: &Place, body: BlockId) -> bool {
        let is_fixed = |sum: &Linear| self.is_fixed(sum, body);
        let stays_apart = self.any_level(write, read, |write, read| {
            let fixed = write.sums().chain(read.sums()).all(is_fixed);
            fixed
                && (write.indices_are(read, |write, read| {
                    write.terms == read.terms && write.constant != read.constant
                }) || write.ends_before(read)
                    || read.ends_before(write))
        });
        let BlockKind::For { index, range, .. } = &self.info(body).kind else {
            return stays_apart;
        };
        let never_meet = |write: &Linear, read: &Linear| {
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
        };
        stays_apart
            || self.any_level(write, read, |write, read| {
                write.indices_are(read, never_meet)
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

    /// Whether two paths differ at some level: in the field, or by what `apart` says of their elements.
    fn any_level(
        &self,
        a: &Place,
        b: &Place,
        apart: impl Fn(&Elements, &Elements) -> bool,
    ) -> bool {
        let (a, b) = (self.levels(a), self.levels(b));
        a.iter().zip(&b).any(|(a, b)| match (a, b) {
            (Level::Field(a), Level::Field(b)) => a != b,
            (Level::Elements(a), Level::Elements(b)) => apart(a, b),
            _ => false,
        })
    }

    /// A path level by level: sections of sections and what is indexed in them are elements of the one array below.
    fn levels(&self, place: &Place) -> Vec<Level> {
        let mut levels = Vec::new();
        let mut open: Option<Elements> = None;
        for step in &place.path {
            match step {
                Projection::Field(field) => levels.push(Level::Field(*field)),
                Projection::Index(index) => {
                    let index = self.linear(index);
                    let base = open.take().map(|section| section.low);
                    let low = match base {
                        Some(base) => base.zip(index).and_then(|(base, index)| base.plus(index)),
                        None => index,
                    };
                    levels.push(Level::Elements(Elements {
                        low,
                        end: End::OneElement,
                    }));
                }
                Projection::Section(section) => {
                    let outer = open.take();
                    let base = outer.map_or(Some(Linear::default()), |outer| outer.low);
                    let shifted = |bound: &Option<Operand>| {
                        let bound = self.linear(bound.as_ref()?)?;
                        base.clone()?.plus(bound)
                    };
                    let low = match &section.low {
                        Some(_) => shifted(&section.low),
                        None => base.clone(),
                    };
                    let end = shifted(&section.high).and_then(|end| {
                        end.plus(Linear {
                            constant: i64::from(section.inclusive),
                            ..Linear::default()
                        })
                    });
                    open = Some(Elements {
                        low,
                        end: End::Before(end),
                    });
                }
            }
        }
        levels.extend(open.map(Level::Elements));
        levels
    }
}

/// One level of a path.
enum Level {
    Field(usize),
    Elements(Elements),
}

/// The elements of an array that a path leads to; what is not known is `None`.
struct Elements {
    low: Option<Linear>,
    end: End,
}

enum End {
    OneElement,
    Before(Option<Linear>),
}

impl Elements {
    /// Whether both are single elements whose indices are as `apart` says.
    fn indices_are(&self, other: &Self, apart: impl Fn(&Linear, &Linear) -> bool) -> bool {
        match (self, other) {
            (
                Self {
                    low: Some(a),
                    end: End::OneElement,
                },
                Self {
                    low: Some(b),
                    end: End::OneElement,
                },
            ) => apart(a, b),
            _ => false,
        }
    }

    /// Whether all of these stand before the first of `other`.
    fn ends_before(&self, other: &Self) -> bool {
        let (Some(low), End::Before(Some(end))) = (&other.low, &self.end) else {
            return false;
        };
        end.terms == low.terms && end.constant <= low.constant
    }

    /// All sums that the bounds are made of.
    fn sums(&self) -> impl Iterator<Item = &Linear> {
        let end = match &self.end {
            End::Before(end) => end.as_ref(),
            End::OneElement => None,
        };
        self.low.iter().chain(end)
    }
}
