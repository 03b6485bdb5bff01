//! Code of the user's that stays as it is.

use super::{Code, Operand, Place};

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
