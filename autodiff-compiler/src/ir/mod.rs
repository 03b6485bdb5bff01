//! The intermediate representation: structured, in A-normal form, closed under differentiation.
//!
//! Every legal form is in this file and, for operations on scalars, in `op.rs`. What remains of Rust after lowering:
//!
//! - **Scalars are values.** A [`ValueId`] is defined exactly once and never changes; a variable that a loop
//!   updates is a [`Carried`] value, one that a branch updates is a result of the [`If`].
//! - **Everything else is memory**, read by [`Stmt::Load`] and written by [`Stmt::Store`] and its kin through a
//!   [`Place`]. References are resolved: two memories never alias, because Rust's borrow rules say so.
//! - **Control is structured**: [`If`], [`For`] over an integer range, [`While`]. `break`, `continue` and `return`
//!   are gone: a loop that can end early carries a flag, named by [`For::stop`], and code after an exit stands in
//!   the other branch of an `if`.
//! - **Statements run in order.** An operation that can panic or has an effect keeps its place; the others may move.
//! - **Tapes** carry values from a forward sweep to the reverse sweep of the same function, as statements of their
//!   own.
//! - **Calls** of other differentiable functions go through their companions; what their sweeps hand on is left on one
//!   tape that all functions share.
//!
//! Differentiation maps this language to itself: the reverse pass emits nothing that the forward pass can't read.

mod builder;
mod call;
mod ends;
mod fold;
mod ids;
mod init;
mod op;
mod print;
mod template;
mod types;
mod typing;
mod verify;
mod visit;
mod walk;

use std::collections::{BTreeMap, BTreeSet};

pub use autodiff_rules::Prim;
pub use builder::{Builder, float_literal, float_type, is_literal, usize_literal};
pub use call::{
    Call, CallAdjoint, CallArgument, CallOperand, CallResult, Callee, Kept, Passed, Recalled, Sweep,
};
pub use ends::never_ends;
pub use fold::folded;
pub use ids::{IdVec, MemoryId, TapeId, TypedId, ValueId};
pub use init::{Init, InitTree, RepeatCount};
pub use op::{BinaryOp, Comparison, Op};
pub use template::{Argument, Template};
pub use types::{Code, FloatType, Length, ScalarType, Struct, Type};
pub use typing::{path_type, place_type};
pub use verify::verify;
pub use visit::Access;

/// A function: its parameters, one block, and what it returns.
#[derive(Clone, Debug, Default)]
pub struct Function {
    /// The parameters, in the order of the signature.
    pub parameters: Vec<Parameter>,
    /// What every value is.
    pub values: IdVec<ValueId, ValueInfo>,
    /// What every memory is.
    pub memories: IdVec<MemoryId, MemoryInfo>,
    /// What every tape is.
    pub tapes: IdVec<TapeId, TapeInfo>,
    /// The memories that differentiation brought in: directions, adjoints, and the tangents and adjoints of locals. They
    /// have the shapes of their primals, so that no access to them is the first to panic.
    pub derived: BTreeSet<MemoryId>,
    /// Those of them that hold what their primals hold, integers included: an iteration that is run again writes there.
    pub replicas: BTreeSet<MemoryId>,
    /// The index of each counted loop of the forward sweep, by the index of its mirror in the reverse sweep.
    pub mirrors: BTreeMap<ValueId, ValueId>,
    /// The indices of counted loops over segments of another loop: an iteration is run again in the reverse sweep,
    /// and what it needs is kept for one of them at a time.
    pub segments: BTreeSet<ValueId>,
    /// The statements of the function; its block yields nothing.
    pub body: Block,
    /// What the function returns.
    pub output: Output,
}

/// One parameter.
#[derive(Clone, Debug)]
pub struct Parameter {
    /// What the parameter is for.
    pub role: Role,
    /// The value or memory that the body knows it by.
    pub binding: Binding,
    /// Whether derivatives are taken with respect to it (primal parameters only).
    pub active: bool,
}

/// What a parameter is for. The numbers are positions in the primal signature.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Role {
    /// A parameter of the user's function.
    Primal(usize),
    /// The direction (tangent) of a primal parameter, handed in.
    Direction(usize),
    /// The adjoint of a primal parameter, a place that the function adds to.
    Adjoint(usize),
    /// The cotangent of the result, handed in.
    Cotangent,
    /// The direction of the cotangent, handed in.
    CotangentDirection,
    /// The direction of the adjoint of a primal parameter: a place that the function adds to.
    AdjointDirection(usize),
}

/// How the body knows a parameter.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Binding {
    /// A scalar passed by value.
    Value(ValueId),
    /// Anything else.
    Memory(MemoryId),
}

/// What a function returns.
#[derive(Clone, PartialEq, Debug, Default)]
pub enum Output {
    /// `()`.
    #[default]
    Unit,
    /// One scalar.
    Scalar(Operand),
    /// A local array or `Vec`, moved out; or a copy of what a parameter holds.
    Memory(MemoryId),
    /// A tuple of outputs.
    Tuple(Vec<Output>),
}

/// What is known of a value.
#[derive(Clone, Debug)]
pub struct ValueInfo {
    /// The user's name for it, or a short word for what it is; made unique when code is emitted.
    pub name: String,
    /// Its type.
    pub ty: ScalarType,
    /// Whether it is a vector of tangents, `[T; K]`, one for each direction of a sweep. An operation with a lane
    /// operand works lane by lane; its other operands are the same in each lane.
    pub lanes: bool,
}

/// What is known of a memory.
#[derive(Clone, Debug)]
pub struct MemoryInfo {
    /// As [`ValueInfo::name`].
    pub name: String,
    /// The type of the whole. Where the parameter is a reference, the type behind it.
    pub ty: Type,
    /// Where it comes from.
    pub origin: Origin,
    /// Whether each float in it is a vector of tangents, `[T; K]`.
    pub lanes: bool,
}

/// Where a memory comes from.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Origin {
    /// A local variable, made by [`Stmt::Alloc`].
    Local,
    /// A local variable that differentiation brought in, also made by [`Stmt::Alloc`]; where it is a `Vec` of
    /// scalars, its buffer comes from the workspace and goes back there.
    Scratch,
    /// A parameter passed by value.
    Owned,
    /// A parameter behind `&`: nothing ever writes to it.
    Shared,
    /// A parameter behind `&mut`.
    Mutable,
}

/// What is known of a tape.
#[derive(Clone, Debug)]
pub struct TapeInfo {
    /// As [`ValueInfo::name`].
    pub name: String,
    /// The type of an element.
    pub ty: ScalarType,
    /// As [`ValueInfo::lanes`].
    pub lanes: bool,
    /// How it is laid out.
    pub layout: TapeLayout,
}

/// How a tape is laid out.
#[derive(Clone, PartialEq, Debug)]
pub enum TapeLayout {
    /// Row-major over loops with these trip counts, which are known where the tape is made. Of the outermost loop it is
    /// a bound that may be far too high; the others run exactly so often in each iteration of the loop around them, so
    /// that no iteration has a place before all places ahead of it belong to iterations that have run.
    Buffer(Vec<Operand>),
    /// Rows of different lengths, over so many nested loops.
    Rows(usize),
    /// Grows as it is written; the reverse sweep reads it from its end to its beginning.
    Stack,
}

impl TapeLayout {
    /// The largest number of elements that are kept in an array.
    const IN_AN_ARRAY: usize = 256;

    /// The length of the array that takes the place of a buffer whose trip counts are literals, and small ones.
    pub fn array_length(&self) -> Option<usize> {
        let Self::Buffer(trips) = self else {
            return None;
        };
        let length = trips.iter().try_fold(1_usize, |length, trips| match trips {
            Operand::Literal(literal) => length.checked_mul(literal.text.parse().ok()?),
            _ => None,
        });
        length.filter(|length| *length <= Self::IN_AN_ARRAY)
    }

    /// How many numbers of iterations an element is found by.
    pub fn index_count(&self) -> usize {
        match self {
            Self::Buffer(trips) => trips.len(),
            Self::Rows(loops) => *loops,
            Self::Stack => 0,
        }
    }
}

/// Statements, then the values that the block hands to what contains it.
#[derive(Clone, Debug, Default)]
pub struct Block {
    /// In order.
    pub stmts: Vec<Stmt>,
    /// Branches: the results; loop bodies: the next carried values; a loop condition: the `bool`.
    pub yields: Vec<Operand>,
}

/// What an operation reads.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub enum Operand {
    /// A value.
    Value(ValueId),
    /// A literal.
    Literal(Literal),
    /// A constant, static or const parameter, by its path, read where it stands.
    Constant(Code, ScalarType),
}

/// A literal, by its text without suffix, so that nothing is lost between the user's code and ours.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub struct Literal {
    /// Digits as Rust writes them (`1.5`, `1e-3`, `0xff`), `true`, `'c'`.
    pub text: String,
    /// Its type.
    pub ty: ScalarType,
}

/// A place: a memory and a path into it.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub struct Place {
    /// Where the path starts.
    pub memory: MemoryId,
    /// The steps, outermost first. An empty path is the whole memory (`*x` for a scalar behind a reference).
    pub path: Vec<Projection>,
}

/// One step of a path.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub enum Projection {
    /// `[i]`, which panics out of bounds.
    Index(Operand),
    /// `[a..b]`: a part of an array, slice or `Vec`, which panics out of bounds.
    Section(Section),
    /// `.0` of a tuple; of a struct, the field at this position of [`Struct::names`].
    Field(usize),
}

/// The bounds of `[a..b]`, as they were written: what std says where they don't fit depends on that.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub struct Section {
    /// The first index; `None` starts at the beginning.
    pub low: Option<Operand>,
    /// The bound above; `None` goes to the end.
    pub high: Option<Operand>,
    /// Whether `high` itself belongs to the section.
    pub inclusive: bool,
}

impl Projection {
    /// Whether the step can be out of bounds.
    pub fn is_checked(&self) -> bool {
        !matches!(self, Self::Field(_))
    }
}

/// A statement.
#[derive(Clone, Debug)]
pub enum Stmt {
    /// Defines a value by an operation.
    Let {
        /// What is defined.
        value: ValueId,
        /// How.
        op: Op,
    },
    /// Defines a value by what a scalar place holds.
    Load {
        /// What is defined.
        value: ValueId,
        /// The scalar place.
        place: Place,
    },
    /// Overwrites a scalar place.
    Store {
        /// The scalar place.
        place: Place,
        /// Its new content.
        value: Operand,
    },
    /// Adds to a scalar place of floating-point type: the work of a reverse sweep.
    Accumulate {
        /// The scalar place.
        place: Place,
        /// What is added.
        value: Operand,
    },
    /// Declares a local memory and fills it.
    Alloc {
        /// The memory.
        memory: MemoryId,
        /// Its first content.
        init: Init,
    },
    /// Overwrites a place that is not scalar with a copy of another of the same type and shape.
    Copy {
        /// The place written.
        to: Place,
        /// The place read; of another memory, or a part that does not overlap.
        from: Place,
    },
    /// Appends an element to a `Vec` of the function's own.
    Push {
        /// The `Vec`.
        to: Place,
        /// The element.
        value: InitTree,
    },
    /// Gives a `Vec` of the function's own another length: what stands behind it goes, and what is missing is zeros.
    Resize {
        /// The `Vec`.
        place: Place,
        /// Its new length.
        length: Operand,
        /// Whether it gets longer, if its length changes at all.
        grows: bool,
    },
    /// Replaces a whole local `Vec` by another, which is moved from and not read again.
    Move {
        /// The local written.
        to: MemoryId,
        /// The local moved from.
        from: MemoryId,
    },
    /// Adds each float of one place to its twin in another of the same shape.
    AccumulateAll {
        /// The place added to.
        to: Place,
        /// The place read.
        from: Place,
    },
    /// Sets every float of a place to zero.
    Clear {
        /// The place.
        place: Place,
    },
    /// Evaluates the indices of a place as the primal does, for the panic alone.
    Check {
        /// The place.
        place: Place,
    },
    /// Panics, naming `name` and both lengths, unless two places have the same shape.
    CheckShape {
        /// What the other place is the cotangent of.
        name: String,
        /// The place of the primal.
        primal: Place,
        /// The place that must match it.
        other: Place,
    },
    /// Runs code of the user's for its effect or its panic: an assertion, printing, an inactive call.
    Effect(Template),
    /// A call of a differentiable function; it may panic, and keeps its place.
    Call(Box<Call>),
    /// Leaves something on the tape that is shared with callees.
    Keep {
        /// Which [`Stmt::Recall`] takes it off again.
        pair: usize,
        /// What is kept.
        content: Kept,
    },
    /// Takes off what a [`Stmt::Keep`] left, last in, first out.
    Recall {
        /// Which [`Stmt::Keep`] left it.
        pair: usize,
        /// What is defined.
        content: Recalled,
    },
    /// A branch.
    If(If),
    /// A counted loop.
    For(For),
    /// A loop with a condition.
    While(While),
    /// Where the forward sweep ends and the reverse sweep begins: before it, nothing reads a cotangent; after it,
    /// nothing writes what stands before it. At the top level of the function only.
    Turn,
    /// Makes a tape, empty.
    TapeAlloc(TapeId),
    /// Writes to a tape.
    TapePut {
        /// The tape.
        tape: TapeId,
        /// The iteration of each of its loops, counted from 0 in the order in which they run; nothing for a stack.
        index: Vec<Operand>,
        /// What is kept.
        value: Operand,
    },
    /// Reads from a tape; a stack hands its elements back last first.
    TapeGet {
        /// What is defined.
        value: ValueId,
        /// The tape.
        tape: TapeId,
        /// As in [`Stmt::TapePut`].
        index: Vec<Operand>,
    },
}

/// A branch. The values after it are `results`, whichever block ran.
#[derive(Clone, Debug)]
pub struct If {
    /// A `bool`.
    pub condition: Operand,
    /// Runs when the condition holds.
    pub then: Block,
    /// Runs otherwise.
    pub otherwise: Block,
    /// One for each yield of the blocks.
    pub results: Vec<ValueId>,
}

/// A variable that a loop updates.
#[derive(Clone, Debug)]
pub struct Carried {
    /// Its value at the start of an iteration.
    pub parameter: ValueId,
    /// Its value ahead of the loop.
    pub initial: Operand,
    /// Its value after the loop.
    pub result: ValueId,
}

/// A counted loop. Its body yields the next value of each carried variable.
#[derive(Clone, Debug)]
pub struct For {
    /// The index, of an integer type.
    pub index: ValueId,
    /// The indices that it runs over.
    pub range: Range,
    /// The variables that the loop updates.
    pub carried: Vec<Carried>,
    /// One iteration.
    pub body: Block,
    /// The position in `carried` of a `bool` that ends the loop after the iteration that yields `true`.
    pub stop: Option<usize>,
}

/// `low..high` or `low..=high`, upwards or downwards. Both bounds are evaluated once, ahead of the loop.
#[derive(Clone, PartialEq, Debug)]
pub struct Range {
    /// The least index.
    pub low: Operand,
    /// The bound above.
    pub high: Operand,
    /// Whether `high` itself belongs to the range.
    pub inclusive: bool,
    /// Whether the loop starts at the upper end.
    pub reversed: bool,
}

/// A loop with a condition.
#[derive(Clone, Debug)]
pub struct While {
    /// The variables that the loop updates.
    pub carried: Vec<Carried>,
    /// Evaluated ahead of each iteration; yields one `bool`.
    pub condition: Block,
    /// One iteration.
    pub body: Block,
}
