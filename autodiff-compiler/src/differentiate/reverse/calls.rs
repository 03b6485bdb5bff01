//! The mirror of a call: the callee's own reverse sweep.
//!
//! The forward sweep calls the forward sweep of the callee, which leaves on the shared tape what its reverse sweep
//! takes off again; so a call costs one primal and one adjoint, however deep the calls nest. The reverse sweep gets the
//! arguments once more. What they refer to must be what it was: memory that something overwrites in the meantime is
//! kept on the shared tape too, above what the callee left there.

use rustc_hash::FxHashMap as HashMap;

use crate::analysis::Structure;
use crate::ir::{
    Argument, Call, CallAdjoint, CallArgument, CallOperand, CallResult, Function, Init, Kept,
    MemoryId, MemoryInfo, Operand, Origin, Passed, Place, Recalled, Stmt, Sweep, Type, ValueInfo,
    float_literal, place_type, usize_literal,
};

use super::super::forward::{owned, whole};
use super::adjoints::adjoint_name;
use super::{Adjoints, Reverse};

/// An argument that is kept: its position, the pair that it is kept by, and the place.
type KeptArgument = (usize, usize, Place);

/// The arguments of a call whose content may be gone when the reverse sweep comes to it.
pub fn kept_arguments(primal: &Function, structure: &Structure, call: &Call) -> Vec<KeptArgument> {
    let (block, position) = structure.call(call);
    let mut kept = Vec::new();
    for (k, argument) in call.arguments.iter().enumerate() {
        if let (Argument::Place(place), Passed::Value | Passed::Shared) =
            (&argument.content, argument.passing)
            && !structure.survives(primal, place, block, position)
        {
            kept.push((k, position * call.arguments.len() + k, place.clone()));
        }
    }
    kept
}

/// Makes the calls in a copy of the primal's statements forward sweeps, and keeps their arguments. `calls` holds what is
/// kept for each, the first call last, and nothing where no derivative passes through.
pub fn go_forward(stmts: &mut Vec<Stmt>, calls: &mut Vec<Option<Vec<KeptArgument>>>) {
    for mut stmt in std::mem::take(stmts) {
        let mut keeps = Vec::new();
        if let Stmt::Call(call) = &mut stmt
            && let Some(kept) = calls.pop().expect("each call was looked at")
        {
            call.sweep = Sweep::Forward;
            keeps.extend(kept.into_iter().map(|(_, pair, place)| Stmt::Keep {
                pair,
                content: Kept::Place(place),
            }));
        }
        stmt.for_each_block_mut(&mut |block| go_forward(&mut block.stmts, calls));
        stmts.push(stmt);
        stmts.append(&mut keeps);
    }
}

impl Reverse<'_> {
    /// Declares the adjoints of the memories that a call gives.
    pub(super) fn declare_results(&mut self, call: &Call, stmts: &mut Vec<Stmt>) {
        let mut memories = Vec::new();
        call.visit_memories(&mut |memory| memories.push(*memory));
        for memory in memories {
            if self.primal.memories[memory].ty.has_float() {
                self.declare_block_local(memory, &Init::Default, stmts);
            }
        }
    }

    pub(super) fn mirror_call(
        &mut self,
        call: &Call,
        adjoints: &mut Adjoints,
        stmts: &mut Vec<Stmt>,
    ) {
        if !self.activity.is_active_call(call) {
            return;
        }
        let cotangent = self.call_cotangent(&call.result, adjoints);
        let mut mirror = Call {
            sweep: Sweep::Reverse,
            result: CallResult::Unit,
            cotangent,
            ..call.clone()
        };
        for (k, pair, place) in kept_arguments(self.primal, self.structure, call)
            .into_iter()
            .rev()
        {
            let memory = self.recalled(&place);
            stmts.push(Stmt::Recall {
                pair,
                content: Recalled::Memory(memory),
            });
            mirror.arguments[k].content = Argument::Place(whole(memory));
        }
        let mut behind = Vec::new();
        let mut sums: Vec<(Operand, Operand)> = Vec::new();
        let shared = self.shared_adjoints(call);
        for (argument, mirrored) in call.arguments.iter().zip(&mut mirror.arguments) {
            if let Some(place) = argument.written() {
                mirrored.content = self.beside(place);
            }
            if !self.activity.is_active_argument(&argument.content) {
                continue;
            }
            match &argument.content {
                Argument::Scalar(operand) => {
                    let ty = self.primal.operand_type(operand).clone();
                    let value = operand.value().expect("what is active is a value");
                    let name = adjoint_name(&self.primal.values[value].name);
                    let adjoint = self.function.values.push(ValueInfo {
                        name,
                        ty,
                        lanes: false,
                    });
                    mirrored.adjoint = Some(CallAdjoint::Value(adjoint));
                    sums.push((operand.clone(), Operand::Value(adjoint)));
                }
                Argument::Place(place) => {
                    if let Some(to) = self.adjoint_place(place) {
                        let is_shared = shared.get(&to.memory).is_some_and(|uses| *uses > 1);
                        mirrored.adjoint = Some(CallAdjoint::Place(match is_shared {
                            true => self.adjoint_apart(argument, to, stmts, &mut behind),
                            false => to,
                        }));
                    }
                }
            }
        }
        stmts.push(Stmt::Call(Box::new(mirror)));
        stmts.append(&mut behind);
        for (operand, adjoint) in sums {
            self.accumulate(&operand, adjoint, adjoints, stmts);
        }
    }

    /// What stands for a place that the call wrote to, which is gone by now: something of the same shape.
    fn beside(&self, place: &Place) -> Argument {
        match self.adjoint_place(place) {
            Some(adjoint) => Argument::Place(adjoint),
            None => Argument::Scalar(usize_literal(0)),
        }
    }

    /// How many arguments have their adjoints in each memory.
    fn shared_adjoints(&self, call: &Call) -> HashMap<MemoryId, usize> {
        let mut uses = HashMap::default();
        for argument in &call.arguments {
            if let Argument::Place(place) = &argument.content
                && let Some(memory) = self.adjoint_memory(place.memory)
            {
                *uses.entry(memory).or_default() += 1;
            }
        }
        uses
    }

    /// An adjoint of its own for an argument, where two arguments are parts of one memory: no two `&mut` may refer to it.
    fn adjoint_apart(
        &mut self,
        argument: &CallArgument,
        to: Place,
        stmts: &mut Vec<Stmt>,
        behind: &mut Vec<Stmt>,
    ) -> Place {
        let ty = place_type(&self.function, &to).expect("the front end made a legal place");
        let name = self.function.memories[to.memory].name.clone();
        let apart = self.function.derived_memory(MemoryInfo {
            name,
            ty: owned(&ty),
            origin: Origin::Scratch,
            lanes: false,
        });
        let replaces = argument.passing == Passed::Mutable;
        stmts.push(Stmt::Alloc {
            memory: apart,
            init: match replaces {
                true => Init::CopyOf(to.clone()),
                false => Init::ZerosLike(to.clone()),
            },
        });
        match (replaces, &ty) {
            (true, Type::Scalar(ty)) => {
                let value = self.load("term", whole(apart), ty.clone(), behind);
                behind.push(Stmt::Store { place: to, value });
            }
            (true, _) => behind.push(Stmt::Copy {
                to,
                from: whole(apart),
            }),
            (false, _) => behind.push(Stmt::AccumulateAll {
                to,
                from: whole(apart),
            }),
        }
        whole(apart)
    }

    /// A memory for what is taken off the shared tape.
    fn recalled(&mut self, place: &Place) -> MemoryId {
        let ty = place_type(self.primal, place).expect("the front end made a legal place");
        let ty = match ty {
            Type::Vec(element) => Type::Slice(element),
            other => other,
        };
        let name = self.primal.memories[place.memory].name.clone();
        self.function.memories.push(MemoryInfo {
            name,
            ty,
            origin: Origin::Shared,
            lanes: false,
        })
    }

    /// The adjoints of what a call gave.
    fn call_cotangent(&mut self, result: &CallResult, adjoints: &mut Adjoints) -> CallOperand {
        match result {
            CallResult::Unit => CallOperand::Unit,
            CallResult::Value(value) => match &self.primal.values[*value].ty {
                crate::ir::ScalarType::Float(ty) => {
                    let zero = float_literal(0.0, ty);
                    CallOperand::Scalar(adjoints.remove(value).unwrap_or(zero))
                }
                _ => CallOperand::Unit,
            },
            CallResult::Memory(memory) => match self.adjoint_memory(*memory) {
                Some(adjoint) => CallOperand::Place(whole(adjoint)),
                None => CallOperand::Unit,
            },
            CallResult::Tuple(parts) => CallOperand::Tuple(
                parts
                    .iter()
                    .map(|part| self.call_cotangent(part, adjoints))
                    .collect(),
            ),
        }
    }
}
