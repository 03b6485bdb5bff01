//! Calls of differentiable functions, and what stays on the tape that such calls share.
//!
//! The body of a callee is not known, only its conventions. Beside the function itself, its companion has a function
//! that goes forward with tangents, one that goes forward and leaves on a tape what the way back needs, and one that
//! goes back and takes it off again. All that is left there is taken off last in, first out.

use proc_macro2::{Ident, Span};

use std::fmt::{self, Display, Formatter};

use super::{Access, Argument, Code, MemoryId, Operand, Place, TapeId, ValueId};

/// A call of a differentiable function.
#[derive(Clone, Debug)]
pub struct Call {
    /// What is called.
    pub callee: Callee,
    /// Which of the functions that belong together.
    pub sweep: Sweep,
    /// Whether tangents go along.
    pub directions: bool,
    /// The arguments of the primal, with what belongs to each.
    pub arguments: Vec<CallArgument>,
    /// What the call gives; of a reverse sweep nothing.
    pub result: CallResult,
    /// The tangent of what the call gives, where tangents go along.
    pub result_tangent: CallResult,
    /// Of a reverse sweep: the cotangent of the result.
    pub cotangent: CallOperand,
    /// The tangent of the cotangent, where tangents go along.
    pub cotangent_tangent: CallOperand,
}

/// What is called.
#[derive(Clone, PartialEq, Debug)]
pub struct Callee {
    /// Its path as the user wrote it, for messages.
    pub name: String,
    /// The function.
    pub primal: Code,
    /// A path with the hole `__hole_0` for the name of an associated item of its companion.
    pub companion: Code,
    /// Of a method, beside which its derivatives stand: what that name starts with.
    pub method: Option<Ident>,
    /// Whether it is called as `receiver.method()`; then [`Self::primal`] is its name alone.
    pub has_receiver: bool,
}

impl Callee {
    /// The name of an associated item of its companion; what rustc says of it stands where the callee does.
    pub fn item(&self, name: &str) -> Ident {
        match &self.method {
            Some(method) => {
                let text = method.to_string();
                let own = text.trim_start_matches("r#");
                Ident::new(&format!("{own}{name}"), method.span())
            }
            None => {
                let last = self.companion.tokens().clone().into_iter().last();
                Ident::new(
                    name,
                    last.map_or_else(Span::call_site, |token| token.span()),
                )
            }
        }
    }
}

/// Which of the functions that belong together is called.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Sweep {
    /// The function itself; where tangents go along, its forward mode.
    Primal,
    /// The forward sweep, which leaves on the tape what the reverse sweep needs.
    Forward,
    /// The reverse sweep.
    Reverse,
}

/// One argument.
#[derive(Clone, Debug)]
pub struct CallArgument {
    /// How the user passes it.
    pub passing: Passed,
    /// The argument itself.
    pub content: Argument,
    /// Its tangent; nothing where it does not vary.
    pub tangent: Option<Argument>,
    /// Of a reverse sweep: where its adjoint goes; nothing where nobody asks for it.
    pub adjoint: Option<CallAdjoint>,
    /// The tangent of the adjoint, where tangents go along.
    pub adjoint_tangent: Option<CallAdjoint>,
}

/// How an argument is passed.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Passed {
    /// By value.
    Value,
    /// Behind `&`.
    Shared,
    /// Behind `&mut`.
    Mutable,
}

/// Where an adjoint goes.
#[derive(Clone, PartialEq, Debug)]
pub enum CallAdjoint {
    /// A value of its own.
    Value(ValueId),
    /// A place that it is added to; of an argument behind `&mut`, a place that it replaces.
    Place(Place),
}

/// What a call gives, by its type: tuples are taken apart.
#[derive(Clone, PartialEq, Debug, Default)]
pub enum CallResult {
    /// `()`.
    #[default]
    Unit,
    /// A scalar.
    Value(ValueId),
    /// Anything else, in a local memory that the call declares.
    Memory(MemoryId),
    /// A tuple.
    Tuple(Vec<CallResult>),
}

/// What is handed to a call that has the shape of a result.
#[derive(Clone, PartialEq, Debug, Default)]
pub enum CallOperand {
    /// `()`.
    #[default]
    Unit,
    /// A scalar.
    Scalar(Operand),
    /// What a place holds.
    Place(Place),
    /// A tuple.
    Tuple(Vec<CallOperand>),
}

/// What is left on the shared tape.
#[derive(Clone, PartialEq, Debug)]
pub enum Kept {
    /// A scalar.
    Scalar(Operand),
    /// A copy of what a place holds.
    Place(Place),
    /// A whole tape of the function's own.
    Tape(TapeId),
}

/// What is taken off the shared tape.
#[derive(Clone, PartialEq, Debug)]
pub enum Recalled {
    /// A scalar.
    Value(ValueId),
    /// A memory, which is only read.
    Memory(MemoryId),
    /// A whole tape of the function's own.
    Tape(TapeId),
}

impl CallArgument {
    /// An argument of the function itself.
    pub fn new(passing: Passed, content: Argument) -> Self {
        Self {
            passing,
            content,
            tangent: None,
            adjoint: None,
            adjoint_tangent: None,
        }
    }

    /// The place that the call may write to.
    pub fn written(&self) -> Option<&Place> {
        match (&self.content, self.passing) {
            (Argument::Place(place), Passed::Mutable) => Some(place),
            _ => None,
        }
    }
}

impl Call {
    /// The indices of the places that go in, which may be spelled more than once.
    pub fn places_operands(&self) -> Vec<&Operand> {
        let mut operands = Vec::new();
        self.visit_places(&mut |place, _| {
            place.visit_operands(&mut |operand| operands.push(operand))
        });
        operands
    }
}

/// Writes each visit once, for shared and for mutable references.
macro_rules! call_visits {
    ([$($a:lifetime)?] [$($mutable:tt)?] $operands:ident $places:ident $memories:ident $defined:ident) => {
        impl Argument {
            /// Calls `f` with the scalar, or with the indices of the place.
            pub fn $operands$(<$a>)?(&$($a)? $($mutable)? self, f: &mut dyn FnMut(&$($a)? $($mutable)? Operand)) {
                match self {
                    Argument::Scalar(operand) => f(operand),
                    Argument::Place(place) => place.$operands(f),
                }
            }
        }

        impl Kept {
            /// Calls `f` with the scalar, or with the indices of the place.
            pub fn $operands$(<$a>)?(&$($a)? $($mutable)? self, f: &mut dyn FnMut(&$($a)? $($mutable)? Operand)) {
                match self {
                    Kept::Scalar(operand) => f(operand),
                    Kept::Place(place) => place.$operands(f),
                    Kept::Tape(_) => {}
                }
            }
        }

        impl CallOperand {
            /// Calls `f` with the scalars and the indices of places.
            pub fn $operands$(<$a>)?(&$($a)? $($mutable)? self, f: &mut dyn FnMut(&$($a)? $($mutable)? Operand)) {
                match self {
                    CallOperand::Unit => {}
                    CallOperand::Scalar(operand) => f(operand),
                    CallOperand::Place(place) => place.$operands(f),
                    CallOperand::Tuple(parts) => {
                        for part in parts {
                            part.$operands(f);
                        }
                    }
                }
            }

            /// Calls `f` with the places.
            pub fn $places$(<$a>)?(&$($a)? $($mutable)? self, f: &mut dyn FnMut(&$($a)? $($mutable)? Place, Access)) {
                match self {
                    CallOperand::Unit | CallOperand::Scalar(_) => {}
                    CallOperand::Place(place) => f(place, Access::Read),
                    CallOperand::Tuple(parts) => {
                        for part in parts {
                            part.$places(f);
                        }
                    }
                }
            }
        }

        impl CallResult {
            /// Calls `f` with the scalars.
            pub fn $defined$(<$a>)?(&$($a)? $($mutable)? self, f: &mut dyn FnMut(&$($a)? $($mutable)? ValueId)) {
                match self {
                    CallResult::Unit | CallResult::Memory(_) => {}
                    CallResult::Value(value) => f(value),
                    CallResult::Tuple(parts) => {
                        for part in parts {
                            part.$defined(f);
                        }
                    }
                }
            }

            /// Calls `f` with the memories.
            pub fn $memories$(<$a>)?(&$($a)? $($mutable)? self, f: &mut dyn FnMut(&$($a)? $($mutable)? MemoryId)) {
                match self {
                    CallResult::Unit | CallResult::Value(_) => {}
                    CallResult::Memory(memory) => f(memory),
                    CallResult::Tuple(parts) => {
                        for part in parts {
                            part.$memories(f);
                        }
                    }
                }
            }
        }

        impl Call {
            /// Calls `f` with the scalars that go in and the indices of places.
            pub fn $operands$(<$a>)?(&$($a)? $($mutable)? self, f: &mut dyn FnMut(&$($a)? $($mutable)? Operand)) {
                for argument in &$($mutable)? self.arguments {
                    argument.content.$operands(f);
                    if let Some(tangent) = &$($mutable)? argument.tangent {
                        tangent.$operands(f);
                    }
                    for adjoint in [&$($mutable)? argument.adjoint, &$($mutable)? argument.adjoint_tangent] {
                        if let Some(CallAdjoint::Place(place)) = adjoint {
                            place.$operands(f);
                        }
                    }
                }
                self.cotangent.$operands(f);
                self.cotangent_tangent.$operands(f);
            }

            /// Calls `f` with the places that go in and what the call does to them.
            pub fn $places$(<$a>)?(&$($a)? $($mutable)? self, f: &mut dyn FnMut(&$($a)? $($mutable)? Place, Access)) {
                for argument in &$($mutable)? self.arguments {
                    let access = match (argument.passing, self.sweep) {
                        // On the way back nothing is known of what the place held.
                        (Passed::Mutable, Sweep::Reverse) => Access::Shape,
                        (Passed::Mutable, _) => Access::Update,
                        _ => Access::Read,
                    };
                    if let Argument::Place(place) = &$($mutable)? argument.content {
                        f(place, access);
                    }
                    if let Some(Argument::Place(place)) = &$($mutable)? argument.tangent {
                        f(place, access);
                    }
                    for adjoint in [&$($mutable)? argument.adjoint, &$($mutable)? argument.adjoint_tangent] {
                        if let Some(CallAdjoint::Place(place)) = adjoint {
                            f(place, Access::Update);
                        }
                    }
                }
                self.cotangent.$places(f);
                self.cotangent_tangent.$places(f);
            }

            /// Calls `f` with the values that are defined after the call.
            pub fn $defined$(<$a>)?(&$($a)? $($mutable)? self, f: &mut dyn FnMut(&$($a)? $($mutable)? ValueId)) {
                self.result.$defined(f);
                self.result_tangent.$defined(f);
                for argument in &$($mutable)? self.arguments {
                    for adjoint in [&$($mutable)? argument.adjoint, &$($mutable)? argument.adjoint_tangent] {
                        if let Some(CallAdjoint::Value(value)) = adjoint {
                            f(value);
                        }
                    }
                }
            }

            /// Calls `f` with the memories that the call declares.
            pub fn $memories$(<$a>)?(&$($a)? $($mutable)? self, f: &mut dyn FnMut(&$($a)? $($mutable)? MemoryId)) {
                self.result.$memories(f);
                self.result_tangent.$memories(f);
            }
        }
    };
}

call_visits!(['a] [] visit_operands visit_places visit_memories visit_defined);
call_visits!([] [mut] visit_operands_mut visit_places_mut visit_memories_mut visit_defined_mut);

impl Display for Call {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let sweep = match self.sweep {
            Sweep::Primal => "call",
            Sweep::Forward => "call forward",
            Sweep::Reverse => "call reverse",
        };
        write!(f, "{sweep} {}(", self.callee.name)?;
        for (k, argument) in self.arguments.iter().enumerate() {
            let separator = if k == 0 { "" } else { ", " };
            let sigil = match argument.passing {
                Passed::Value => "",
                Passed::Shared => "&",
                Passed::Mutable => "&mut ",
            };
            write!(f, "{separator}{sigil}{}", argument.content)?;
            if let Some(tangent) = &argument.tangent {
                write!(f, " along {tangent}")?;
            }
            for adjoint in [&argument.adjoint, &argument.adjoint_tangent] {
                match adjoint {
                    Some(CallAdjoint::Value(value)) => write!(f, " back to {value:?}")?,
                    Some(CallAdjoint::Place(place)) => write!(f, " back to {place}")?,
                    None => {}
                }
            }
        }
        write!(f, ")")?;
        if self.cotangent != CallOperand::Unit {
            write!(f, " from {}", self.cotangent)?;
        }
        if self.cotangent_tangent != CallOperand::Unit {
            write!(f, " along {}", self.cotangent_tangent)?;
        }
        Ok(())
    }
}

impl Display for CallOperand {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self {
            CallOperand::Unit => f.write_str("()"),
            CallOperand::Scalar(operand) => operand.fmt(f),
            CallOperand::Place(place) => place.fmt(f),
            CallOperand::Tuple(parts) => {
                f.write_str("(")?;
                for part in parts {
                    write!(f, "{part},")?;
                }
                f.write_str(")")
            }
        }
    }
}

impl Display for Kept {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self {
            Kept::Scalar(operand) => operand.fmt(f),
            Kept::Place(place) => place.fmt(f),
            Kept::Tape(tape) => write!(f, "{tape:?}"),
        }
    }
}
