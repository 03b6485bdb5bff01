//! What can be judged only when it is known which values are active.

use crate::analysis::Activity;
use crate::diagnostics::{ACTIVE_CALL, Errors, Extent, MIXED_CALL, STRUCT_CALL};
use crate::ir::{Argument, Function, ScalarType, Stmt, Type};
use crate::lower::OpaqueCall;

/// Refuses calls that a derivative passes through in functions that compute in several floating-point types or with
/// structs: directions that go along with a call are of one type.
pub fn mixed_calls(function: &Function, allows_structs: bool, span: Extent, errors: &Errors) {
    let activity = Activity::of(function);
    let mut floats = Vec::new();
    let mut add = |ty: &Type| ty.visit_floats(&mut |float| floats.push(float.clone()));
    for (_, info) in function.values.iter() {
        add(&Type::Scalar(info.ty.clone()));
    }
    for (_, info) in function.memories.iter() {
        add(&info.ty);
    }
    let mut memories = function.memories.iter();
    let has_structs = memories.any(|(_, info)| info.ty.has_struct());
    let entry = if floats.iter().any(|float| *float != floats[0]) {
        &MIXED_CALL
    } else if has_structs && !allows_structs {
        &STRUCT_CALL
    } else {
        return;
    };
    function.body.for_each_stmt(&mut |stmt| {
        if let Stmt::Call(call) = stmt
            && activity.is_active_call(call)
        {
            errors.span(span, entry, &[&call.callee.name]);
        }
    });
}

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
