//! Tapes, which watch that they hand back exactly what was put on them.

use super::environment::{Environment, defect};
use super::machine::Machine;
use super::{Datum, Panic};
use crate::ir::{Operand, TapeId, TapeLayout, Type, TypedId};

/// The state of a tape.
pub(super) enum Tape {
    /// Not made yet.
    Absent,
    /// Row-major. A cell not written yet is [`Datum::Unit`].
    Buffer {
        trips: Vec<usize>,
        cells: Vec<Datum>,
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
                let cells = vec![Datum::Unit; trips.iter().product()];
                Tape::Buffer { trips, cells }
            }
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
                // An iteration that is run again overwrites what was kept for the one before.
                cells[position(&self.environment, tape, trips, index)?] = datum;
                Ok(())
            }
        }
    }

    pub(super) fn take(&mut self, tape: TapeId, index: &[Operand]) -> Result<Datum, Panic> {
        let datum = match &mut self.tapes[tape.index()] {
            Tape::Absent => return defect(format!("{tape:?} is read before it is made")),
            Tape::Stack(cells) => cells.pop(),
            Tape::Buffer { trips, cells } => {
                Some(cells[position(&self.environment, tape, trips, index)?].clone())
            }
        };
        match datum {
            None | Some(Datum::Unit) => defect(format!("{tape:?} is read where nothing was put")),
            Some(datum) => Ok(datum),
        }
    }
}

/// Where in a buffer an element stands, row-major.
fn position(
    environment: &Environment,
    tape: TapeId,
    trips: &[usize],
    index: &[Operand],
) -> Result<usize, Panic> {
    if trips.len() != index.len() {
        return defect(format!(
            "{} indices of {tape:?}, which has {}",
            index.len(),
            trips.len()
        ));
    }
    trips
        .iter()
        .zip(index)
        .try_fold(0, |position, (&trips, index)| {
            let index = environment.count(index)?;
            if index < trips {
                Ok(position * trips + index)
            } else {
                defect(format!("iteration {index} of {trips} on {tape:?}"))
            }
        })
}
