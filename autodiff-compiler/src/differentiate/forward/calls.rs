//! The tangents of calls: the callee's own forward mode, of the function or of its sweeps.

use crate::ir::{
    Argument, Call, CallAdjoint, CallOperand, CallResult, Init, Kept, MemoryInfo, Operand, Origin,
    Place, Recalled, Stmt, Sweep, Type, place_type,
};

use super::{Forward, owned, whole};

impl Forward {
    /// A call along the directions. The sweeps of a callee go together, so tangents go along with both or with none.
    pub(super) fn call(&mut self, call: &Call, stmts: &mut Vec<Stmt>) {
        let varies = call
            .arguments
            .iter()
            .any(|argument| self.activity.is_varied_argument(&argument.content));
        let mut call = call.clone();
        if call.sweep == Sweep::Primal && !(varies && self.activity.is_active_call(&call)) {
            stmts.push(Stmt::Call(Box::new(call)));
            return;
        }
        debug_assert_eq!(self.directions.len(), 1, "a call runs once");
        self.current = 0;
        call.directions = true;
        call.cotangent_tangent = self.cotangent_tangent(&call.cotangent, stmts);
        for argument in &mut call.arguments {
            argument.tangent = self.argument_tangent(&argument.content);
            argument.adjoint_tangent = argument
                .adjoint
                .as_ref()
                .and_then(|adjoint| self.adjoint_tangent(adjoint));
        }
        call.result_tangent = self.result_tangent(&call.result);
        stmts.push(Stmt::Call(Box::new(call)));
    }

    fn argument_tangent(&self, argument: &Argument) -> Option<Argument> {
        match argument {
            Argument::Scalar(operand) => self.tangent(operand).map(Argument::Scalar),
            Argument::Place(place) => self
                .shadow_place(place)
                .filter(|_| self.has_float(place))
                .map(Argument::Place),
        }
    }

    fn adjoint_tangent(&mut self, adjoint: &CallAdjoint) -> Option<CallAdjoint> {
        match adjoint {
            CallAdjoint::Value(value) => {
                let tangent = self.fresh_tangent(*value);
                self.here_mut()
                    .tangents
                    .insert(*value, Operand::Value(tangent));
                Some(CallAdjoint::Value(tangent))
            }
            CallAdjoint::Place(place) => self.shadow_place(place).map(CallAdjoint::Place),
        }
    }

    fn result_tangent(&mut self, result: &CallResult) -> CallResult {
        match result {
            CallResult::Unit => CallResult::Unit,
            CallResult::Value(value) => {
                if !self.function.values[*value].ty.is_float() {
                    return CallResult::Unit;
                }
                let tangent = self.fresh_tangent(*value);
                self.here_mut()
                    .tangents
                    .insert(*value, Operand::Value(tangent));
                CallResult::Value(tangent)
            }
            CallResult::Memory(memory) => {
                let info = &self.function.memories[*memory];
                if !info.ty.has_float() {
                    return CallResult::Unit;
                }
                let name = self.tangent_name(&info.name);
                CallResult::Memory(self.new_shadow(*memory, name, Origin::Local))
            }
            CallResult::Tuple(parts) => {
                CallResult::Tuple(parts.iter().map(|part| self.result_tangent(part)).collect())
            }
        }
    }

    fn cotangent_tangent(&mut self, cotangent: &CallOperand, stmts: &mut Vec<Stmt>) -> CallOperand {
        match cotangent {
            CallOperand::Unit => CallOperand::Unit,
            CallOperand::Scalar(operand) => CallOperand::Scalar(self.tangent_or_zero(operand)),
            CallOperand::Place(place) => CallOperand::Place(match self.shadow_place(place) {
                Some(shadow) => shadow,
                None => self.zeros_beside(place, stmts),
            }),
            CallOperand::Tuple(parts) => CallOperand::Tuple(
                parts
                    .iter()
                    .map(|part| self.cotangent_tangent(part, stmts))
                    .collect(),
            ),
        }
    }

    /// Zeros in the shape of a place, for this one use.
    fn zeros_beside(&mut self, place: &Place, stmts: &mut Vec<Stmt>) -> Place {
        let ty = owned(&self.type_of(place)).tangent();
        let name = self.tangent_name(&self.function.memories[place.memory].name);
        let zeros = self.function.derived_memory(MemoryInfo {
            name,
            ty,
            origin: Origin::Scratch,
            lanes: self.lanes,
        });
        stmts.push(Stmt::Alloc {
            memory: zeros,
            init: Init::ZerosLike(place.clone()),
        });
        whole(zeros)
    }

    /// What is kept on the shared tape and taken off it: the tangent is left above the primal.
    pub(super) fn shared_tape(&mut self, stmt: &Stmt, stmts: &mut Vec<Stmt>) {
        debug_assert_eq!(self.directions.len(), 1, "the shared tape is one");
        self.current = 0;
        match stmt {
            Stmt::Keep { pair, content } => {
                stmts.push(stmt.clone());
                let Kept::Place(place) = content else {
                    unreachable!("a function keeps the rest once it is split")
                };
                if self.activity.is_varied_pair(*pair) {
                    let place = match self.shadow_place(place) {
                        Some(shadow) => shadow,
                        None => self.zeros_beside(place, stmts),
                    };
                    stmts.push(Stmt::Keep {
                        pair: *pair,
                        content: Kept::Place(place),
                    });
                }
            }
            Stmt::Recall { pair, content } => {
                let Recalled::Memory(memory) = content else {
                    unreachable!("a function recalls the rest once it is split")
                };
                if self.activity.is_varied_pair(*pair) {
                    let name = self.tangent_name(&self.function.memories[*memory].name);
                    let shadow = self.new_shadow(*memory, name, Origin::Shared);
                    stmts.push(Stmt::Recall {
                        pair: *pair,
                        content: Recalled::Memory(shadow),
                    });
                }
                stmts.push(stmt.clone());
            }
            _ => unreachable!("the caller has looked"),
        }
    }

    fn type_of(&self, place: &Place) -> Type {
        place_type(&self.function, place).expect("the front end made a legal place")
    }

    fn has_float(&self, place: &Place) -> bool {
        self.type_of(place).has_float()
    }
}
