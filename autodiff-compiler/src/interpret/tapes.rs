//! Tapes, which watch that they hand back exactly what was put on them.

use std::collections::BTreeMap;

use super::environment::{Environment, defect};
use super::machine::Machine;
use super::{Datum, Panic};
use crate::ir::{Operand, TapeId, TapeLayout, Type, TypedId};

/// The state of a tape.
pub(super) enum Tape {
    /// Not made yet.
    Absent,
    /// By the numbers of the iterations.
    Buffer {
        /// How often each loop may run; empty where that isn't told.
        trips: Vec<usize>,
        cells: BTreeMap<Vec<usize>, Datum>,
    },
    /// Grows and shrinks at its end.
    Stack(Vec<Datum>),
}

impl Machine<'_> {
    pub(super) fn make(&mut self, tape: TapeId) -> Result<(), Panic> {
        self.read_to_the_end(tape)?;
        self.tapes[tape.index()] = match &self.environment.function.tapes[tape].layout {
            TapeLayout::Buffer(trips) => {
                let trips = trips
                    .iter()
                    .map(|trip| self.environment.count(trip))
                    .collect::<Result<Vec<usize>, _>>()?;
                let cells = BTreeMap::new();
                Tape::Buffer { trips, cells }
            }
            TapeLayout::Rows(_) => Tape::Buffer {
                trips: Vec::new(),
                cells: BTreeMap::new(),
            },
            TapeLayout::Stack => Tape::Stack(Vec::new()),
        };
        Ok(())
    }

    /// What is put on a stack is read exactly once.
    pub(super) fn read_to_the_end(&self, tape: TapeId) -> Result<(), Panic> {
        match &self.tapes[tape.index()] {
            Tape::Stack(rest) if !rest.is_empty() => {
                defect(format!("{} values are left on {tape:?}", rest.len()))
            }
            _ => Ok(()),
        }
    }

    pub(super) fn put(
        &mut self,
        tape: TapeId,
        index: &[Operand],
        value: &Operand,
    ) -> Result<(), Panic> {
        let info = &self.environment.function.tapes[tape];
        let lanes = info.lanes.then_some(self.environment.settings.lanes);
        let datum = self.environment.operand(value)?.spread(lanes);
        if !self
            .environment
            .fits(&datum, &Type::Scalar(info.ty.clone()), info.lanes)
        {
            return defect(format!("{datum:?} on {tape:?} of {}", info.ty));
        }
        match &mut self.tapes[tape.index()] {
            Tape::Absent => defect(format!("{tape:?} is written before it is made")),
            Tape::Stack(cells) => {
                cells.push(datum);
                Ok(())
            }
            Tape::Buffer { trips, cells } => {
                let steps = self.environment.settings.fuel - self.fuel;
                let index = position(&self.environment, tape, trips, index)?;
                if info.layout.array_length().is_none() && place(trips, &index) > steps {
                    return defect(format!(
                        "{tape:?} grows to iteration {index:?} in {steps} steps"
                    ));
                }
                // An iteration that is run again overwrites what was kept for the one before.
                cells.insert(index, datum);
                Ok(())
            }
        }
    }

    pub(super) fn take(&mut self, tape: TapeId, index: &[Operand]) -> Result<Datum, Panic> {
        let datum = match &mut self.tapes[tape.index()] {
            Tape::Absent => return defect(format!("{tape:?} is read before it is made")),
            Tape::Stack(cells) => cells.pop(),
            Tape::Buffer { trips, cells } => cells
                .get(&position(&self.environment, tape, trips, index)?)
                .cloned(),
        };
        match datum {
            None => defect(format!("{tape:?} is read where nothing was put")),
            Some(datum) => Ok(datum),
        }
    }
}

/// Where in a buffer an element stands.
fn position(
    environment: &Environment,
    tape: TapeId,
    trips: &[usize],
    index: &[Operand],
) -> Result<Vec<usize>, Panic> {
    let wanted = environment.function.tapes[tape].layout.index_count();
    if wanted != index.len() {
        return defect(format!(
            "{} indices of {tape:?}, which has {wanted}",
            index.len()
        ));
    }
    let mut position = Vec::new();
    for (k, index) in index.iter().enumerate() {
        let index = environment.count(index)?;
        if let Some(trips) = trips.get(k)
            && index >= *trips
        {
            return defect(format!("iteration {index} of {trips} on {tape:?}"));
        }
        position.push(index);
    }
    Ok(position)
}

/// How many elements stand ahead of an element, at most as many as steps have been made.
fn place(trips: &[usize], index: &[usize]) -> u64 {
    let mut place = 0_usize;
    for (k, number) in index.iter().enumerate() {
        let row = trips.get(k).copied().unwrap_or(1);
        place = place.saturating_mul(row).saturating_add(*number);
    }
    place as u64
}
