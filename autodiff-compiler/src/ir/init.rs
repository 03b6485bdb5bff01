//! The first content of memory, and what is appended to it.

use super::{Length, Operand, Place};

/// What a local memory holds at first.
#[derive(Clone, Debug)]
pub enum Init {
    /// An array or `Vec` written out.
    Tree(InitTree),
    /// A copy of a place, which becomes independent of it.
    CopyOf(Place),
    /// Zeros in the shape of a place (`false`, `0` and the like for what is not a float), lanes or not by the memory.
    ZerosLike(Place),
    /// The default of the type: zeros in arrays, an empty `Vec`. Written before it is read.
    Default,
}

/// The content of an array or `Vec`, nested.
#[derive(Clone, PartialEq, Debug)]
pub enum InitTree {
    /// A scalar.
    Scalar(Operand),
    /// A copy of a place that is not scalar.
    CopyOf(Place),
    /// Zeros in the shape of a place that is not scalar.
    ZerosLike(Place),
    /// `[a, b, c]`, or `vec![a, b, c]` where the memory's type says `Vec`.
    List(Vec<InitTree>),
    /// `[a; N]`, or `vec![a; n]`.
    Repeat(Box<InitTree>, RepeatCount),
    /// `(a, b)`.
    Tuple(Vec<InitTree>),
}

/// How often an element is repeated.
#[derive(Clone, PartialEq, Debug)]
pub enum RepeatCount {
    /// The length of an array type.
    Fixed(Length),
    /// The length of a `Vec`, a `usize`.
    Dynamic(Operand),
}
