//! What the interpreter computes with.

use super::{Panic, Settings};
use crate::ir::{FloatType, ScalarType};

/// One number, `bool` or `char`.
#[derive(Clone, Copy, PartialEq, Debug)]
pub enum Scalar {
    /// An `f64`.
    F64(f64),
    /// An `f32`.
    F32(f32),
    /// An integer of any type up to `i128`; its type is known where it is used.
    Integer(i128),
    /// A `bool`.
    Bool(bool),
    /// A `char`.
    Char(char),
}

/// Data of any shape.
#[derive(Clone, PartialEq, Debug)]
pub enum Datum {
    /// `()`.
    Unit,
    /// One scalar.
    Scalar(Scalar),
    /// One float for each lane.
    Lanes(Vec<Scalar>),
    /// An array, a slice or a `Vec`.
    List(Vec<Datum>),
    /// A tuple.
    Tuple(Vec<Datum>),
}

impl From<f64> for Datum {
    fn from(number: f64) -> Self {
        Self::Scalar(Scalar::F64(number))
    }
}

impl From<f32> for Datum {
    fn from(number: f32) -> Self {
        Self::Scalar(Scalar::F32(number))
    }
}

impl From<usize> for Datum {
    fn from(number: usize) -> Self {
        Self::Scalar(Scalar::Integer(number as i128))
    }
}

impl From<bool> for Datum {
    fn from(truth: bool) -> Self {
        Self::Scalar(Scalar::Bool(truth))
    }
}

impl<T: Into<Datum>> From<Vec<T>> for Datum {
    fn from(items: Vec<T>) -> Self {
        Self::List(items.into_iter().map(Into::into).collect())
    }
}

impl Scalar {
    /// The float as an `f64`; `None` for other scalars.
    pub fn to_f64(self) -> Option<f64> {
        match self {
            Self::F64(number) => Some(number),
            Self::F32(number) => Some(f64::from(number)),
            Self::Integer(_) | Self::Bool(_) | Self::Char(_) => None,
        }
    }

    /// Whether two scalars are the same to the last bit; any two NaNs are.
    pub fn same(self, other: Self) -> bool {
        match (self, other) {
            (Self::F64(a), Self::F64(b)) => {
                a.to_bits() == b.to_bits() || (a.is_nan() && b.is_nan())
            }
            (Self::F32(a), Self::F32(b)) => {
                a.to_bits() == b.to_bits() || (a.is_nan() && b.is_nan())
            }
            _ => self == other,
        }
    }

    /// The zero of the same type.
    pub(super) fn zero(self) -> Self {
        match self {
            Self::F64(_) => Self::F64(0.0),
            Self::F32(_) => Self::F32(0.0),
            Self::Integer(_) => Self::Integer(0),
            Self::Bool(_) => Self::Bool(false),
            Self::Char(_) => Self::Char('\0'),
        }
    }

    pub(super) fn is_float(self) -> bool {
        matches!(self, Self::F64(_) | Self::F32(_))
    }
}

impl Datum {
    /// Whether two data have the same shape and the same bits; any two NaNs are the same.
    pub fn same(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Unit, Self::Unit) => true,
            (Self::Scalar(a), Self::Scalar(b)) => a.same(*b),
            (Self::Lanes(a), Self::Lanes(b)) => {
                a.len() == b.len() && a.iter().zip(b).all(|(a, b)| a.same(*b))
            }
            (Self::List(a), Self::List(b)) | (Self::Tuple(a), Self::Tuple(b)) => {
                a.len() == b.len() && a.iter().zip(b).all(|(a, b)| a.same(b))
            }
            _ => false,
        }
    }

    /// Calls `f` with each float, in order; lanes one after the other.
    pub fn for_each_float(&self, f: &mut dyn FnMut(f64)) {
        match self {
            Self::Unit => {}
            Self::Scalar(scalar) => scalar.to_f64().into_iter().for_each(f),
            Self::Lanes(lanes) => lanes.iter().filter_map(|lane| lane.to_f64()).for_each(f),
            Self::List(parts) | Self::Tuple(parts) => {
                parts.iter().for_each(|part| part.for_each_float(f))
            }
        }
    }

    /// All floats, in order; lanes one after the other.
    pub fn floats(&self) -> Vec<f64> {
        let mut floats = Vec::new();
        self.for_each_float(&mut |float| floats.push(float));
        floats
    }

    /// The same shape with each float replaced by what `f` gives for it.
    #[must_use]
    pub fn map_floats(&self, f: &mut dyn FnMut(f64) -> f64) -> Self {
        self.map_scalars(&mut |scalar| {
            Self::Scalar(match scalar {
                Scalar::F64(number) => Scalar::F64(f(number)),
                Scalar::F32(number) => Scalar::F32(f(f64::from(number)) as f32),
                other => other,
            })
        })
    }

    /// The same shape with each scalar replaced by what `f` gives for it; lanes become what `f` gives for the first.
    #[must_use]
    pub fn map_scalars(&self, f: &mut dyn FnMut(Scalar) -> Datum) -> Self {
        match self {
            Self::Unit => Self::Unit,
            Self::Scalar(scalar) => f(*scalar),
            Self::Lanes(lanes) => lanes.first().map_or(Self::Unit, |lane| f(*lane)),
            Self::List(parts) => Self::List(parts.iter().map(|part| part.map_scalars(f)).collect()),
            Self::Tuple(parts) => {
                Self::Tuple(parts.iter().map(|part| part.map_scalars(f)).collect())
            }
        }
    }

    /// A float as that number in each of `lanes`; anything else, and everything where there are no lanes, as it is.
    pub(super) fn spread(self, lanes: Option<usize>) -> Self {
        match (self, lanes) {
            (Self::Scalar(scalar), Some(lanes)) if scalar.is_float() => {
                Self::Lanes(vec![scalar; lanes])
            }
            (datum, _) => datum,
        }
    }
}

impl Settings {
    /// Whether a float type is `f32` in this run.
    pub(super) fn is_f32(&self, ty: &FloatType) -> bool {
        match ty {
            FloatType::F32 => true,
            FloatType::F64 => false,
            FloatType::Named(_) => self.named_float == FloatType::F32,
        }
    }

    /// The zero of a type.
    pub(super) fn zero(&self, ty: &ScalarType) -> Result<Scalar, Panic> {
        match ty {
            ScalarType::Float(float) if self.is_f32(float) => Ok(Scalar::F32(0.0)),
            ScalarType::Float(_) => Ok(Scalar::F64(0.0)),
            ScalarType::Integer(_) => Ok(Scalar::Integer(0)),
            ScalarType::Bool => Ok(Scalar::Bool(false)),
            ScalarType::Char => Ok(Scalar::Char('\0')),
            ScalarType::Inferred => Err(Panic::Unsupported(
                "the default of a type that only rustc knows".into(),
            )),
        }
    }
}
