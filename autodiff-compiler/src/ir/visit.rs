//! What a part of the representation reads, defines and contains, for passes that don't care about its form.
//!
//! Every visit comes in two kinds, by reference and by mutable reference (`…_mut`), and goes in the order of
//! evaluation. Visits of a [`Stmt`] are shallow: they don't enter nested blocks, whose yields belong to the blocks;
//! visits of a [`Block`] are deep. The trip counts of a [`TapeLayout::Buffer`] are read by its [`Stmt::TapeAlloc`] but
//! stand in [`Function::tapes`], so only visits of a [`Function`] reach them.

use super::{
    Argument, Block, If, Init, InitTree, Kept, MemoryId, Op, Operand, Output, Place, Projection,
    Range, Recalled, RepeatCount, Stmt, TapeId, TapeLayout, Template, ValueId,
};

/// What a statement does to a memory.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Access {
    /// Reads lengths alone.
    Shape,
    /// Reads the content.
    Read,
    /// Overwrites the place, not reading it.
    Write,
    /// Reads the place and writes it: adds to it.
    Update,
    /// Declares the memory.
    Alloc,
    /// Takes the content away.
    Moved,
}

impl Access {
    /// Whether the content before the statement matters to it.
    pub fn reads(self) -> bool {
        matches!(self, Self::Read | Self::Update | Self::Moved)
    }

    /// Whether the content after the statement may differ.
    pub fn writes(self) -> bool {
        matches!(self, Self::Write | Self::Update | Self::Alloc | Self::Moved)
    }
}

impl Operand {
    /// The value that the operand is, if it is one.
    pub fn value(&self) -> Option<ValueId> {
        match self {
            Self::Value(value) => Some(*value),
            Self::Literal(_) | Self::Constant(..) => None,
        }
    }
}

impl From<ValueId> for Operand {
    fn from(value: ValueId) -> Self {
        Self::Value(value)
    }
}

/// Writes each visit once, for shared and for mutable references.
macro_rules! visits {
    ([$($a:lifetime)?] [$($mutable:tt)?] $operands:ident $places:ident $memories:ident $blocks:ident $defined:ident $inner:ident $tapes:ident) => {
        impl Place {
            /// Calls `f` with the indices of the path.
            pub fn $operands$(<$a>)?(&$($a)? $($mutable)? self, f: &mut dyn FnMut(&$($a)? $($mutable)? Operand)) {
                for step in &$($mutable)? self.path {
                    match step {
                        Projection::Index(index) => f(index),
                        Projection::Section(section) => {
                            if let Some(low) = &$($mutable)? section.low {
                                f(low);
                            }
                            if let Some(high) = &$($mutable)? section.high {
                                f(high);
                            }
                        }
                        Projection::Field(_) => {}
                    }
                }
            }
        }

        impl Template {
            /// Calls `f` with the scalar arguments and the indices of the others.
            pub fn $operands$(<$a>)?(&$($a)? $($mutable)? self, f: &mut dyn FnMut(&$($a)? $($mutable)? Operand)) {
                for argument in &$($mutable)? self.arguments {
                    argument.$operands(f);
                }
            }

            /// Calls `f` with the arguments that are places.
            pub fn $places$(<$a>)?(&$($a)? $($mutable)? self, f: &mut dyn FnMut(&$($a)? $($mutable)? Place, Access)) {
                for argument in &$($mutable)? self.arguments {
                    match argument {
                        Argument::Scalar(_) => {}
                        Argument::Place(place) => f(place, Access::Read),
                    }
                }
            }
        }

        impl Op {
            /// Calls `f` with what the operation reads, indices of places included.
            pub fn $operands$(<$a>)?(&$($a)? $($mutable)? self, f: &mut dyn FnMut(&$($a)? $($mutable)? Operand)) {
                match self {
                    Op::Prim(_, operands) | Op::Method(_, operands) => operands.into_iter().for_each(f),
                    Op::Binary(_, a, b) | Op::Compare(_, a, b) => {
                        f(a);
                        f(b);
                    }
                    Op::Not(a) | Op::Negate(a) | Op::Cast(a, _) | Op::Copy(a) => f(a),
                    Op::Select(c, a, b) => {
                        f(c);
                        f(a);
                        f(b);
                    }
                    Op::Pure(template) | Op::Opaque(template) => template.$operands(f),
                    Op::Len(place) => place.$operands(f),
                }
            }

            /// Calls `f` with the places that the operation reads.
            pub fn $places$(<$a>)?(&$($a)? $($mutable)? self, f: &mut dyn FnMut(&$($a)? $($mutable)? Place, Access)) {
                match self {
                    Op::Pure(template) | Op::Opaque(template) => template.$places(f),
                    Op::Len(place) => f(place, Access::Shape),
                    Op::Prim(..)
                    | Op::Binary(..)
                    | Op::Not(_) | Op::Negate(_)
                    | Op::Compare(..)
                    | Op::Select(..)
                    | Op::Cast(..)
                    | Op::Method(..)
                    | Op::Copy(_) => {}
                }
            }
        }

        impl InitTree {
            /// Calls `f` with the scalars, the lengths and the indices of places.
            pub fn $operands$(<$a>)?(&$($a)? $($mutable)? self, f: &mut dyn FnMut(&$($a)? $($mutable)? Operand)) {
                match self {
                    InitTree::Scalar(operand) => f(operand),
                    InitTree::CopyOf(place) | InitTree::ZerosLike(place) => place.$operands(f),
                    InitTree::List(parts) | InitTree::Tuple(parts) => {
                        for part in parts {
                            part.$operands(f);
                        }
                    }
                    InitTree::Repeat(element, count) => {
                        element.$operands(f);
                        match count {
                            RepeatCount::Fixed(_) => {}
                            RepeatCount::Dynamic(length) => f(length),
                        }
                    }
                }
            }

            /// Calls `f` with the places that are copied.
            pub fn $places$(<$a>)?(&$($a)? $($mutable)? self, f: &mut dyn FnMut(&$($a)? $($mutable)? Place, Access)) {
                match self {
                    InitTree::Scalar(_) => {}
                    InitTree::CopyOf(place) => f(place, Access::Read),
                    InitTree::ZerosLike(place) => f(place, Access::Shape),
                    InitTree::List(parts) | InitTree::Tuple(parts) => {
                        for part in parts {
                            part.$places(f);
                        }
                    }
                    InitTree::Repeat(element, _) => element.$places(f),
                }
            }
        }

        impl Init {
            /// Calls `f` with the scalars, the lengths and the indices of places.
            pub fn $operands$(<$a>)?(&$($a)? $($mutable)? self, f: &mut dyn FnMut(&$($a)? $($mutable)? Operand)) {
                match self {
                    Init::Tree(tree) => tree.$operands(f),
                    Init::CopyOf(place) | Init::ZerosLike(place) => place.$operands(f),
                    Init::Default => {}
                }
            }

            /// Calls `f` with the places that are read.
            pub fn $places$(<$a>)?(&$($a)? $($mutable)? self, f: &mut dyn FnMut(&$($a)? $($mutable)? Place, Access)) {
                match self {
                    Init::Tree(tree) => tree.$places(f),
                    Init::CopyOf(place) => f(place, Access::Read),
                    Init::ZerosLike(place) => f(place, Access::Shape),
                    Init::Default => {}
                }
            }
        }

        impl Range {
            /// Calls `f` with the two bounds.
            pub fn $operands$(<$a>)?(&$($a)? $($mutable)? self, f: &mut dyn FnMut(&$($a)? $($mutable)? Operand)) {
                f(&$($mutable)? self.low);
                f(&$($mutable)? self.high);
            }
        }

        impl TapeLayout {
            /// Calls `f` with the trip counts of a buffer.
            pub fn $operands$(<$a>)?(&$($a)? $($mutable)? self, f: &mut dyn FnMut(&$($a)? $($mutable)? Operand)) {
                match self {
                    TapeLayout::Buffer(trips) => trips.into_iter().for_each(f),
                    TapeLayout::Rows(_) | TapeLayout::Stack => {}
                }
            }
        }

        impl Output {
            /// Calls `f` with the scalars.
            pub fn $operands$(<$a>)?(&$($a)? $($mutable)? self, f: &mut dyn FnMut(&$($a)? $($mutable)? Operand)) {
                match self {
                    Output::Unit | Output::Memory(_) => {}
                    Output::Scalar(operand) => f(operand),
                    Output::Tuple(parts) => {
                        for part in parts {
                            part.$operands(f);
                        }
                    }
                }
            }

            /// Calls `f` with the memories that are handed out.
            pub fn $memories$(<$a>)?(&$($a)? $($mutable)? self, f: &mut dyn FnMut(&$($a)? $($mutable)? MemoryId)) {
                match self {
                    Output::Unit | Output::Scalar(_) => {}
                    Output::Memory(memory) => f(memory),
                    Output::Tuple(parts) => {
                        for part in parts {
                            part.$memories(f);
                        }
                    }
                }
            }
        }

        impl Stmt {
            /// Calls `f` with what the statement itself reads: indices, bounds of loops, first values of carried
            /// variables, conditions of branches.
            pub fn $operands$(<$a>)?(&$($a)? $($mutable)? self, f: &mut dyn FnMut(&$($a)? $($mutable)? Operand)) {
                match self {
                    Stmt::Let { op, .. } => op.$operands(f),
                    Stmt::Load { place, .. } | Stmt::Clear { place } | Stmt::Check { place } => place.$operands(f),
                    Stmt::Store { place, value } | Stmt::Accumulate { place, value } => {
                        f(value);
                        place.$operands(f);
                    }
                    Stmt::Alloc { init, .. } => init.$operands(f),
                    Stmt::Push { to, value } => {
                        value.$operands(f);
                        to.$operands(f);
                    }
                    Stmt::Resize { place, length, .. } => {
                        f(length);
                        place.$operands(f);
                    }
                    Stmt::CheckShape { primal, other, .. } => {
                        primal.$operands(f);
                        other.$operands(f);
                    }
                    Stmt::Copy { to, from } | Stmt::AccumulateAll { to, from } => {
                        from.$operands(f);
                        to.$operands(f);
                    }
                    Stmt::Effect(template) => template.$operands(f),
                    Stmt::Call(call) => call.$operands(f),
                    Stmt::Keep { content, .. } => content.$operands(f),
                    Stmt::If(branch) => f(&$($mutable)? branch.condition),
                    Stmt::For(body) => {
                        body.range.$operands(f);
                        for carried in &$($mutable)? body.carried {
                            f(&$($mutable)? carried.initial);
                        }
                    }
                    Stmt::While(body) => {
                        for carried in &$($mutable)? body.carried {
                            f(&$($mutable)? carried.initial);
                        }
                    }
                    Stmt::TapePut { index, value, .. } => {
                        f(value);
                        index.into_iter().for_each(f);
                    }
                    Stmt::TapeGet { index, .. } => index.into_iter().for_each(f),
                    Stmt::Move { .. } | Stmt::Recall { .. } | Stmt::Turn | Stmt::TapeAlloc(_) => {}
                }
            }

            /// Calls `f` with the places of the statement itself and what it does to them.
            pub fn $places$(<$a>)?(&$($a)? $($mutable)? self, f: &mut dyn FnMut(&$($a)? $($mutable)? Place, Access)) {
                match self {
                    Stmt::Let { op, .. } => op.$places(f),
                    Stmt::Load { place, .. } => f(place, Access::Read),
                    Stmt::Store { place, .. } | Stmt::Clear { place } => f(place, Access::Write),
                    Stmt::Accumulate { place, .. } => f(place, Access::Update),
                    Stmt::Alloc { init, .. } => init.$places(f),
                    Stmt::Push { to, value } => {
                        value.$places(f);
                        f(to, Access::Update);
                    }
                    Stmt::Resize { place, .. } => f(place, Access::Update),
                    Stmt::Copy { to, from } => {
                        f(from, Access::Read);
                        f(to, Access::Write);
                    }
                    Stmt::AccumulateAll { to, from } => {
                        f(from, Access::Read);
                        f(to, Access::Update);
                    }
                    Stmt::Check { place } => f(place, Access::Shape),
                    Stmt::CheckShape { primal, other, .. } => {
                        f(primal, Access::Shape);
                        f(other, Access::Shape);
                    }
                    Stmt::Effect(template) => template.$places(f),
                    Stmt::Call(call) => call.$places(f),
                    Stmt::Keep { content: Kept::Place(place), .. } => f(place, Access::Read),
                    Stmt::Keep { .. }
                    | Stmt::Recall { .. }
                    | Stmt::Move { .. }
                    | Stmt::If(_) | Stmt::For(_) | Stmt::While(_) | Stmt::Turn
                    | Stmt::TapeAlloc(_)
                    | Stmt::TapePut { .. }
                    | Stmt::TapeGet { .. } => {}
                }
            }

            /// Calls `f` with every memory that the statement itself touches, by a place or as a whole.
            pub fn $memories$(<$a>)?(&$($a)? $($mutable)? self, f: &mut dyn FnMut(&$($a)? $($mutable)? MemoryId, Access)) {
                match self {
                    Stmt::Alloc { memory, init } => {
                        init.$places(&mut |place, access| f(&$($mutable)? place.memory, access));
                        f(memory, Access::Alloc);
                    }
                    Stmt::Call(call) => {
                        call.$places(&mut |place, access| f(&$($mutable)? place.memory, access));
                        call.$memories(&mut |memory| f(memory, Access::Alloc));
                    }
                    Stmt::Recall { content: Recalled::Memory(memory), .. } => f(memory, Access::Alloc),
                    Stmt::Move { to, from } => {
                        f(from, Access::Moved);
                        f(to, Access::Write);
                    }
                    _ => self.$places(&mut |place, access| f(&$($mutable)? place.memory, access)),
                }
            }

            /// Calls `f` with the blocks directly inside.
            pub fn $blocks$(<$a>)?(&$($a)? $($mutable)? self, f: &mut dyn FnMut(&$($a)? $($mutable)? Block)) {
                match self {
                    Stmt::If(If { then, otherwise, .. }) => {
                        f(then);
                        f(otherwise);
                    }
                    Stmt::For(body) => f(&$($mutable)? body.body),
                    Stmt::While(body) => {
                        f(&$($mutable)? body.condition);
                        f(&$($mutable)? body.body);
                    }
                    _ => {}
                }
            }

            /// Calls `f` with the values that are defined after the statement.
            pub fn $defined$(<$a>)?(&$($a)? $($mutable)? self, f: &mut dyn FnMut(&$($a)? $($mutable)? ValueId)) {
                match self {
                    Stmt::Let { value, .. } | Stmt::Load { value, .. } | Stmt::TapeGet { value, .. }
                    | Stmt::Recall { content: Recalled::Value(value), .. } => f(value),
                    Stmt::Call(call) => call.$defined(f),
                    Stmt::If(branch) => (&$($mutable)? branch.results).into_iter().for_each(f),
                    Stmt::For(body) => (&$($mutable)? body.carried).into_iter().for_each(|c| f(&$($mutable)? c.result)),
                    Stmt::While(body) => (&$($mutable)? body.carried).into_iter().for_each(|c| f(&$($mutable)? c.result)),
                    _ => {}
                }
            }

            /// Calls `f` with the values that the statement defines for the blocks inside: the index and the carried
            /// parameters of a loop.
            pub fn $inner$(<$a>)?(&$($a)? $($mutable)? self, f: &mut dyn FnMut(&$($a)? $($mutable)? ValueId)) {
                match self {
                    Stmt::For(body) => {
                        f(&$($mutable)? body.index);
                        (&$($mutable)? body.carried).into_iter().for_each(|c| f(&$($mutable)? c.parameter));
                    }
                    Stmt::While(body) => {
                        (&$($mutable)? body.carried).into_iter().for_each(|c| f(&$($mutable)? c.parameter));
                    }
                    _ => {}
                }
            }

            /// Calls `f` with the tape that the statement works on.
            pub fn $tapes$(<$a>)?(&$($a)? $($mutable)? self, f: &mut dyn FnMut(&$($a)? $($mutable)? TapeId)) {
                match self {
                    Stmt::TapeAlloc(tape) | Stmt::TapePut { tape, .. } | Stmt::TapeGet { tape, .. }
                    | Stmt::Keep { content: Kept::Tape(tape), .. }
                    | Stmt::Recall { content: Recalled::Tape(tape), .. } => f(tape),
                    _ => {}
                }
            }
        }

        impl Block {
            /// Calls `f` with everything that the block and the blocks inside read, yields included.
            pub fn $operands$(<$a>)?(&$($a)? $($mutable)? self, f: &mut dyn FnMut(&$($a)? $($mutable)? Operand)) {
                for stmt in &$($mutable)? self.stmts {
                    stmt.$operands(f);
                    stmt.$blocks(&mut |block| block.$operands(f));
                }
                (&$($mutable)? self.yields).into_iter().for_each(f);
            }

            /// Calls `f` with every memory that the block and the blocks inside touch.
            pub fn $memories$(<$a>)?(&$($a)? $($mutable)? self, f: &mut dyn FnMut(&$($a)? $($mutable)? MemoryId, Access)) {
                for stmt in &$($mutable)? self.stmts {
                    stmt.$memories(f);
                    stmt.$blocks(&mut |block| block.$memories(f));
                }
            }

            /// Calls `f` with every value that is defined in the block and the blocks inside.
            pub fn $defined$(<$a>)?(&$($a)? $($mutable)? self, f: &mut dyn FnMut(&$($a)? $($mutable)? ValueId)) {
                for stmt in &$($mutable)? self.stmts {
                    stmt.$inner(f);
                    stmt.$blocks(&mut |block| block.$defined(f));
                    stmt.$defined(f);
                }
            }

            /// Calls `f` with the tape of every statement of the block and the blocks inside that has one.
            pub fn $tapes$(<$a>)?(&$($a)? $($mutable)? self, f: &mut dyn FnMut(&$($a)? $($mutable)? TapeId)) {
                for stmt in &$($mutable)? self.stmts {
                    stmt.$tapes(f);
                    stmt.$blocks(&mut |block| block.$tapes(f));
                }
            }
        }
    };
}

visits!(['a] [] visit_operands visit_places visit_memories for_each_block visit_defined visit_inner visit_tapes);
visits!([] [mut] visit_operands_mut visit_places_mut visit_memories_mut for_each_block_mut visit_defined_mut
    visit_inner_mut visit_tapes_mut);

macro_rules! collected {
    ($($form:ident)*) => {$(
        impl $form {
            /// What [`Self::visit_operands`] visits.
            pub fn operands(&self) -> Vec<&Operand> {
                let mut operands = Vec::new();
                self.visit_operands(&mut |operand| operands.push(operand));
                operands
            }

            /// Replaces each operand that [`Self::visit_operands`] visits by what `f` makes of it.
            pub fn map_operands(&mut self, mut f: impl FnMut(&Operand) -> Operand) {
                self.visit_operands_mut(&mut |operand| *operand = f(operand));
            }
        }
    )*};
}

collected! { Place Template Op InitTree Init Range TapeLayout Output Stmt Block }
