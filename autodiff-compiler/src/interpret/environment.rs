//! Values, and what operands come to.

use std::borrow::Cow;

use super::memory::Step;
use super::{Datum, Panic, Scalar, Settings, constants};
use crate::ir::{
    Function, Length, MemoryId, Operand, Projection, ScalarType, Type, TypedId, ValueId,
};

/// What the value of an operand depends on; apart from the memories, so that an index can be read while one is written.
pub(super) struct Environment<'a> {
    pub(super) settings: Cow<'a, Settings>,
    pub(super) function: &'a Function,
    /// A value not defined yet is [`Datum::Unit`].
    pub(super) values: Vec<Datum>,
}

impl Environment<'_> {
    pub(super) fn operand(&self, operand: &Operand) -> Result<Datum, Panic> {
        match operand {
            Operand::Value(value) => match &self.values[value.index()] {
                Datum::Unit => defect(format!("{value:?} is read before it is defined")),
                datum => Ok(datum.clone()),
            },
            Operand::Literal(literal) => {
                constants::literal(&self.settings, literal).map(Datum::Scalar)
            }
            Operand::Constant(path, ty) => constants::constant(&self.settings, path.text(), ty),
        }
    }

    pub(super) fn scalar(&self, operand: &Operand) -> Result<Scalar, Panic> {
        match self.operand(operand)? {
            Datum::Scalar(scalar) => Ok(scalar),
            other => defect(format!("{operand} is {other:?}, not one scalar")),
        }
    }

    pub(super) fn integer(&self, operand: &Operand) -> Result<i128, Panic> {
        match self.scalar(operand)? {
            Scalar::Integer(number) => Ok(number),
            other => defect(format!("{operand} is {other:?}, no integer")),
        }
    }

    pub(super) fn truth(&self, operand: &Operand) -> Result<bool, Panic> {
        match self.scalar(operand)? {
            Scalar::Bool(truth) => Ok(truth),
            other => defect(format!("{operand} is {other:?}, no `bool`")),
        }
    }

    pub(super) fn count(&self, operand: &Operand) -> Result<usize, Panic> {
        let number = self.integer(operand)?;
        usize::try_from(number).or_else(|_| defect(format!("{operand} counts {number}")))
    }

    /// A step whose indices are known.
    pub(super) fn step(&self, projection: &Projection) -> Result<Step, Panic> {
        let bound =
            |bound: &Option<Operand>| bound.as_ref().map(|bound| self.count(bound)).transpose();
        Ok(match projection {
            Projection::Index(index) => Step::Index(self.integer(index)?),
            Projection::Field(field) => Step::Field(*field),
            Projection::Section(section) => Step::Section {
                low: bound(&section.low)?,
                high: bound(&section.high)?,
                inclusive: section.inclusive,
            },
        })
    }

    /// The number of lanes of each float in a memory; `None` where it has none.
    pub(super) fn lanes(&self, memory: MemoryId) -> Option<usize> {
        self.function.memories[memory]
            .lanes
            .then_some(self.settings.lanes)
    }

    pub(super) fn define(&mut self, value: ValueId, datum: Datum) -> Result<(), Panic> {
        let info = &self.function.values[value];
        let datum = datum.spread(info.lanes.then_some(self.settings.lanes));
        if !self.fits(&datum, &Type::Scalar(info.ty.clone()), info.lanes) {
            return defect(format!(
                "{value:?} of type {} is defined as {datum:?}",
                info.ty
            ));
        }
        self.values[value.index()] = datum;
        Ok(())
    }

    /// Whether a datum is of a type, lengths that are not literals aside.
    pub(super) fn fits(&self, datum: &Datum, ty: &Type, lanes: bool) -> bool {
        match (datum, ty) {
            (Datum::Scalar(scalar), Type::Scalar(ty)) => {
                self.is(*scalar, ty) && !(lanes && scalar.is_float())
            }
            (Datum::Lanes(all), Type::Scalar(ty)) => {
                lanes
                    && all.len() == self.settings.lanes
                    && all.iter().all(|lane| self.is(*lane, ty))
            }
            (Datum::List(parts), Type::Array(element, length)) => {
                length.agrees(&Length::Literal(parts.len()))
                    && parts.iter().all(|part| self.fits(part, element, lanes))
            }
            (Datum::List(parts), Type::Slice(element) | Type::Vec(element)) => {
                parts.iter().all(|part| self.fits(part, element, lanes))
            }
            (Datum::Tuple(parts), Type::Tuple(_) | Type::Struct(_)) => {
                let types = ty.parts().unwrap_or_default();
                parts.len() == types.len()
                    && parts
                        .iter()
                        .zip(types)
                        .all(|(part, ty)| self.fits(part, ty, lanes))
            }
            _ => false,
        }
    }

    pub(super) fn is(&self, scalar: Scalar, ty: &ScalarType) -> bool {
        match (scalar, ty) {
            (Scalar::F32(_), ScalarType::Float(float)) => self.settings.is_f32(float),
            (Scalar::F64(_), ScalarType::Float(float)) => !self.settings.is_f32(float),
            (Scalar::Integer(number), ScalarType::Integer(keyword)) => {
                super::integers::fit(Some(number), keyword).is_some()
            }
            (Scalar::Bool(_), ScalarType::Bool) | (Scalar::Char(_), ScalarType::Char) => true,
            (_, ScalarType::Inferred) => true,
            _ => false,
        }
    }

    /// Notes the constants that are the lengths of arrays.
    pub(super) fn learn(&mut self, datum: &Datum, ty: &Type) {
        if let (Type::Array(_, Length::Constant(path)), Datum::List(parts)) = (ty, datum) {
            let path = path.text().replace(' ', "");
            if !self.settings.constants.contains_key(&path) {
                self.settings
                    .to_mut()
                    .constants
                    .insert(path, parts.len().into());
            }
        }
        match (ty, datum) {
            (Type::Tuple(_) | Type::Struct(_), Datum::Tuple(parts)) => {
                let types = ty.parts().into_iter().flatten();
                types.zip(parts).for_each(|(ty, part)| self.learn(part, ty));
            }
            (_, Datum::List(parts)) => {
                if let (Some(element), Some(first)) = (ty.element(), parts.first()) {
                    self.learn(first, element);
                }
            }
            _ => {}
        }
    }
}

/// An error that says that the representation is at fault.
pub(super) fn defect<T>(message: impl Into<String>) -> Result<T, Panic> {
    Err(Panic::Defect(message.into()))
}
