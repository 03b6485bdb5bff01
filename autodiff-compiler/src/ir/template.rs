//! Code of the user's that stays as it is, and how often something of it is repeated.

use super::{Code, Length, Operand, Place};

/// Code of the user's with holes: identifiers `__hole_0`, `__hole_1`, … stand for the arguments.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub struct Template {
    /// The code.
    pub code: Code,
    /// What goes into the holes.
    pub arguments: Vec<Argument>,
}

/// What goes into a hole.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub enum Argument {
    /// A scalar.
    Scalar(Operand),
    /// A place as it stands (the code around the hole borrows or copies it).
    Place(Place),
}

/// How often an element is repeated.
#[derive(Clone, PartialEq, Debug)]
pub enum RepeatCount {
    /// The length of an array type.
    Fixed(Length),
    /// The length of a `Vec`, a `usize`.
    Dynamic(Operand),
}
