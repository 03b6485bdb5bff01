//! What can be judged only when it is known which values are active.

use crate::analysis::Activity;
use crate::diagnostics::{ACTIVE_CALL, Errors};
use crate::ir::{Argument, Function, ScalarType};
use crate::lower::OpaqueCall;

/// Refuses calls of functions without a known derivative that an active value goes into and a result comes out of that
/// could depend on it.
pub fn active_calls(function: &Function, calls: &[OpaqueCall], errors: &Errors) {
    let activity = Activity::of(function);
    for call in calls {
        let Some(result) = call.result else {
            continue;
        };
        let could_vary = matches!(
            function.values[result].ty,
            ScalarType::Float(_) | ScalarType::Inferred
        );
        let is_active = |argument: &Argument| match argument {
            Argument::Scalar(operand) => activity.is_varied_operand(operand),
            Argument::Place(place) => activity.is_varied_memory(place.memory),
        };
        if could_vary && call.arguments.iter().any(is_active) {
            errors.span(call.span, &ACTIVE_CALL, &[&call.callee]);
        }
    }
}
