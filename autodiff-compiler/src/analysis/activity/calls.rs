//! Activity across calls: of what goes in, all is taken for what all that comes out may depend on.

use crate::ir::{Argument, Call, TypedId};

use super::{Activity, Memories};

impl Activity {
    /// Whether an argument of a call depends on an active input.
    pub fn is_varied_argument(&self, argument: &Argument) -> bool {
        match argument {
            Argument::Scalar(operand) => self.is_varied_operand(operand),
            Argument::Place(place) => self.is_varied_memory(place.memory),
        }
    }

    /// As [`Self::is_active`].
    pub fn is_active_argument(&self, argument: &Argument) -> bool {
        match argument {
            Argument::Scalar(operand) => self.is_active_operand(operand),
            Argument::Place(place) => self.is_active_memory(place.memory),
        }
    }

    /// Whether a derivative passes through the call: something that varies goes in, and what comes out of it can reach
    /// the result.
    pub fn is_active_call(&self, call: &Call) -> bool {
        let mut comes_out = false;
        call.result
            .visit_defined(&mut |value| comes_out |= self.is_active(*value));
        call.result
            .visit_memories(&mut |memory| comes_out |= self.is_active_memory(*memory));
        for argument in &call.arguments {
            comes_out |= argument
                .written()
                .is_some_and(|place| self.is_active_memory(place.memory));
        }
        comes_out
            && call
                .arguments
                .iter()
                .any(|argument| self.is_varied_argument(&argument.content))
    }

    /// Whatever varies among the arguments, all that comes out of a call may depend on it. What comes out of a reverse
    /// sweep depends on its cotangent too.
    pub(super) fn forward_call(&mut self, call: &Call, state: &mut Memories) {
        let mut varies = false;
        call.visit_operands(&mut |operand| varies |= self.is_varied_operand(operand));
        call.visit_places(&mut |place, _| varies |= state[place.memory.index()]);
        call.visit_memories(&mut |memory| state[memory.index()] = false);
        if !varies {
            return;
        }
        call.visit_defined(&mut |value| {
            self.varied[value.index()] |= self.floats[value.index()];
        });
        call.visit_memories(&mut |memory| self.vary_memory(*memory, state));
        call.visit_places(&mut |place, access| {
            if access.writes() {
                self.vary_memory(place.memory, state);
            }
        });
    }

    /// If something that comes out of a call is useful, all that goes in is.
    pub(super) fn backward_call(&mut self, call: &Call, state: &mut Memories) {
        let mut useful = false;
        call.visit_defined(&mut |value| useful |= self.is_useful(*value));
        call.visit_memories(&mut |memory| {
            useful |= std::mem::replace(&mut state[memory.index()], false);
        });
        call.visit_places(&mut |place, access| {
            useful |= access.writes() && state[place.memory.index()];
        });
        if useful {
            call.visit_operands(&mut |operand| self.use_operand(operand));
            call.visit_places(&mut |place, _| self.use_memory(place.memory, state));
        }
    }
}
