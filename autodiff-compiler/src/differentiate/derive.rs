//! Which derivative functions a user function gets, and the passes that each goes through.

use crate::analysis::Activity;
use crate::derivatives::{CalleeUse, Derivatives, Pullback, Sweeps};
use crate::ir::{
    Binding, CallArgument, FloatType, Function, Origin, Output, Role, ScalarType, Stmt, Type,
};
use crate::simplify::{PassSet, simplify};

use super::symbolic::{forward_gradient, symbolic_hessian};
use super::{AdjointsOut, Seed, Shape, forward, forward_of_sweeps, reverse, split};

/// The number of statements from which on several functions share two sweeps.
const LARGE: usize = 80;

/// From how many statements of the primal on no reverse is so short that it would not share two sweeps.
const SURELY_LARGE: usize = LARGE;

/// Derives everything that the signature of `primal` allows, up to `order`.
pub fn derive(primal: &Function, order: u8, passes: PassSet) -> Derivatives {
    derive_with(primal, order, passes, LARGE)
}

/// As [`derive()`]; functions whose reverse has at least `large` statements share two sweeps.
pub fn derive_with(primal: &Function, order: u8, passes: PassSet, large: usize) -> Derivatives {
    derive_some(&prepared(primal, passes), order, passes, large, true)
}

/// As [`derive()`], without what nothing is written of: where large functions share sweeps, those serve for the rest.
pub fn derive_written(primal: &Function, order: u8, passes: PassSet) -> Derivatives {
    let primal = &prepared(primal, passes);
    if count(&primal.body.stmts) < SURELY_LARGE || has_in_out(primal) || !callees(primal).is_empty()
    {
        return derive_some(primal, order, passes, LARGE, false);
    }
    match super::sweeps::sweeps(primal, passes) {
        Some(sweeps) => derive_large(primal, order, passes, sweeps),
        None => derive_some(primal, order, passes, usize::MAX, false),
    }
}

/// What is written of a large function.
fn derive_large(primal: &Function, order: u8, passes: PassSet, sweeps: Pullback) -> Derivatives {
    let directions = order >= 2 && is_uniform(primal);
    let finish = |mut function: Function| {
        simplify(&mut function, passes);
        debug_assert_eq!(crate::ir::verify(&function), Ok(()), "{function}");
        function
    };
    let is_scalar = matches!(&primal.output, Output::Scalar(operand) if primal.operand_type(operand).is_float());
    let lends_sweeps = !directions && !has_vec_parameters(primal);
    let (pair, both_sweeps) = match lends_sweeps {
        true => (Sweeps::default(), Function::default()),
        false => pair(primal, directions, passes),
    };
    let pair_is_known = !has_structs(primal) && super::split::is_known(&pair.reverse);
    let second_order_of_pair = is_scalar && directions && pair_is_known;
    let second_order = (is_scalar && order >= 2 && !second_order_of_pair).then(|| {
        let shape = Shape {
            adjoints: AdjointsOut::Owned,
            seed: Seed::One,
            value: false,
            two_steps: false,
        };
        let mut second = forward(&finish(reverse(primal, shape).function), true);
        let no_guards = PassSet {
            guards: false,
            ..passes
        };
        simplify(&mut second, no_guards);
        second
    });
    let jvp_lanes = is_uniform(primal).then(|| finish(forward(primal, true)));
    Derivatives {
        jvp: match jvp_lanes {
            Some(_) => Function::default(),
            None => finish(forward(primal, false)),
        },
        vjp_into: Function::default(),
        gradient: None,
        value_and_gradient: None,
        pair,
        pair_has_directions: directions,
        pair_is_known,
        lends_sweeps,
        pullback: None,
        both_sweeps,
        callees: Vec::new(),
        sweeps: Some(sweeps),
        second_order,
        second_order_of_pair,
        symbolic_hessian: None,
        jvp_lanes,
    }
}

fn derive_some(
    primal: &Function,
    order: u8,
    passes: PassSet,
    large: usize,
    complete: bool,
) -> Derivatives {
    let finish = |mut function: Function| {
        simplify(&mut function, passes);
        debug_assert_eq!(crate::ir::verify(&function), Ok(()), "{function}");
        function
    };
    // The gradient's checks stand already.
    let again = |mut function: Function| {
        simplify(
            &mut function,
            PassSet {
                guards: false,
                ..passes
            },
        );
        debug_assert_eq!(crate::ir::verify(&function), Ok(()), "{function}");
        function
    };
    let into = Shape {
        adjoints: AdjointsOut::Into,
        seed: Seed::Parameter,
        value: true,
        two_steps: false,
    };
    let owned = Shape {
        adjoints: AdjointsOut::Owned,
        seed: Seed::One,
        value: false,
        two_steps: false,
    };
    let jvp = finish(forward(primal, false));
    let in_out = has_in_out(primal);
    let callees = callees(primal);
    let calls = !callees.is_empty();
    let mut vjp_into = reverse(primal, into).function;
    let sweeps = |vjp_into: &Function, least: usize| {
        let is_large = !in_out && !calls && count(&vjp_into.body.stmts) >= least;
        is_large
            .then(|| super::sweeps::sweeps(primal, passes))
            .flatten()
    };
    // No pass makes a function a fourth of its size; where the sweeps are taken, nothing is written of this one.
    let mut sweeps_of_large = sweeps(&vjp_into, large.saturating_mul(4));
    if sweeps_of_large.is_none() {
        vjp_into = finish(vjp_into);
        sweeps_of_large = sweeps(&vjp_into, large);
    }
    if let (Some(sweeps), false) = (&sweeps_of_large, complete) {
        return derive_large(primal, order, passes, sweeps.clone());
    }
    let sweeps = sweeps_of_large;
    let is_scalar = matches!(&primal.output, Output::Scalar(operand) if primal.operand_type(operand).is_float());
    let has_gradient = is_scalar && !in_out;
    // A call along several unit directions would run several times.
    let forward_gradient = |value| (!calls).then(|| forward_gradient(primal, value)).flatten();
    let reverse_gradient = has_gradient.then(|| finish(reverse(primal, owned).function));
    let value_and_gradient = (has_gradient && sweeps.is_none()).then(|| {
        let both = || {
            reverse(
                primal,
                Shape {
                    value: true,
                    ..owned
                },
            )
            .function
        };
        finish(forward_gradient(true).unwrap_or_else(both))
    });
    let directions = order >= 2 && is_uniform(primal);
    let (pair, both_sweeps) = pair(primal, directions, passes);
    let pair_is_known = super::split::is_known(&pair.reverse);
    let has_own_pullback = !in_out && !calls && sweeps.is_none();
    let pullback = (has_own_pullback
        && !(pair_is_known && has_known_parameters(primal) && !has_structs(primal)))
    .then(|| {
        let shape = Shape {
            value: true,
            seed: Seed::Parameter,
            ..owned
        };
        in_two_steps(primal, shape, passes)
    });
    let uniform = float_types(primal).len() <= 1;
    let second_order = match &reverse_gradient {
        Some(gradient) if order >= 2 && !calls => Some(again(forward(gradient, true))),
        _ => None,
    };
    let symbolic_hessian = match &value_and_gradient {
        Some(both) if order >= 2 && uniform && !calls => symbolic_hessian(both, passes),
        _ => None,
    };
    let gradient = match forward_gradient(false) {
        Some(forward) if has_gradient => Some(finish(forward)),
        _ => reverse_gradient,
    };
    let jvp_lanes = is_uniform(primal).then(|| finish(forward(primal, true)));
    Derivatives {
        jvp,
        vjp_into,
        gradient,
        value_and_gradient,
        pair,
        pair_has_directions: directions,
        pair_is_known,
        lends_sweeps: sweeps.is_some() && !directions && !has_vec_parameters(primal),
        pullback,
        both_sweeps,
        callees,
        sweeps,
        second_order,
        second_order_of_pair: false,
        symbolic_hessian,
        jvp_lanes,
    }
}

/// The primal as all derivatives are taken of it: with common subexpressions shared, which is one value to keep less.
fn prepared(primal: &Function, passes: PassSet) -> Function {
    let mut primal = primal.clone();
    simplify(
        &mut primal,
        PassSet {
            common: passes.common,
            invariants: passes.invariants,
            loop_invariants: passes.loop_invariants,
            ..PassSet::NONE
        },
    );
    debug_assert_eq!(crate::ir::verify(&primal), Ok(()), "{primal}");
    primal
}

/// The reverse in two steps. What its first step returns stays alive through all passes as part of the output.
pub(super) fn in_two_steps(primal: &Function, shape: Shape, passes: PassSet) -> Pullback {
    simplified_in_two_steps(reverse(primal, shape).function, shape, passes)
}

/// As [`in_two_steps`], of what the reverse pass made.
pub(super) fn simplified_in_two_steps(
    mut function: Function,
    shape: Shape,
    passes: PassSet,
) -> Pullback {
    let in_two_steps = PassSet {
        fusion: false,
        ..passes
    };
    simplify(&mut function, in_two_steps);
    let mut value = std::mem::take(&mut function.output);
    if let AdjointsOut::Owned = shape.adjoints {
        let Output::Tuple(mut parts) = value else {
            unreachable!("the output is the value and the adjoints");
        };
        function.output = parts.pop().expect("the adjoints");
        value = parts.pop().expect("the value");
    }
    Pullback { function, value }
}

/// The sweeps as functions of their own, with tangents if these go along; and both in one function.
fn pair(primal: &Function, directions: bool, passes: PassSet) -> (Sweeps, Function) {
    let shape = Shape {
        adjoints: AdjointsOut::Into,
        seed: Seed::Parameter,
        value: true,
        two_steps: true,
    };
    let in_two_steps = PassSet {
        fusion: false,
        ..passes
    };
    let mut both = reverse(primal, shape).function;
    simplify(&mut both, in_two_steps);
    if directions {
        both = forward_of_sweeps(&both);
        simplify(
            &mut both,
            PassSet {
                guards: false,
                ..in_two_steps
            },
        );
    }
    debug_assert_eq!(crate::ir::verify(&both), Ok(()), "{both}");
    let mut sweeps = split(&both);
    for sweep in [&mut sweeps.forward, &mut sweeps.reverse] {
        let cleaning = PassSet {
            dead: passes.dead,
            ..PassSet::NONE
        };
        simplify(sweep, cleaning);
        debug_assert_eq!(crate::ir::verify(sweep), Ok(()), "{sweep}");
    }
    (sweeps, both)
}

/// Whether a parameter is a `Vec`, or a reference to one.
fn has_vec_parameters(primal: &Function) -> bool {
    let mut parameters = primal.parameters.iter();
    parameters.any(|parameter| {
        matches!(parameter.binding, Binding::Memory(memory)
            if matches!(primal.memories[memory].ty, Type::Vec(_)))
    })
}

/// Whether all parameters are of types that are modelled.
fn has_known_parameters(primal: &Function) -> bool {
    let mut parameters = primal.parameters.iter();
    parameters.all(|parameter| match parameter.binding {
        Binding::Value(value) => primal.values[value].ty != ScalarType::Inferred,
        Binding::Memory(_) => true,
    })
}

/// What a function calls that a derivative passes through.
fn callees(primal: &Function) -> Vec<CalleeUse> {
    let activity = Activity::of(primal);
    let mut callees: Vec<CalleeUse> = Vec::new();
    primal.body.for_each_stmt(&mut |stmt| {
        let Stmt::Call(call) = stmt else { return };
        if !activity.is_active_call(call) {
            return;
        }
        let varied = |argument: &CallArgument| activity.is_varied_argument(&argument.content);
        let varied = call.arguments.iter().map(varied);
        match callees.iter_mut().find(|known| known.callee == call.callee) {
            Some(known) => {
                for (known, varied) in known.varied.iter_mut().zip(varied) {
                    *known |= varied;
                }
            }
            None => callees.push(CalleeUse {
                callee: call.callee.clone(),
                varied: varied.collect(),
            }),
        }
    });
    callees
}

/// Whether all floats that a function computes with are of one type, and none of its memories is a struct, whose tangent
/// is of one type too.
fn is_uniform(primal: &Function) -> bool {
    let mut types = Vec::new();
    for (_, info) in primal.values.iter() {
        Type::Scalar(info.ty.clone()).add_floats(&mut types);
    }
    for (_, info) in primal.memories.iter() {
        info.ty.add_floats(&mut types);
    }
    types.len() <= 1 && !has_structs(primal)
}

/// Whether a memory holds structs, which only rustc knows.
fn has_structs(primal: &Function) -> bool {
    primal.memories.iter().any(|(_, info)| info.ty.has_struct())
}

/// The number of statements, those in blocks included.
pub(super) fn count(stmts: &[Stmt]) -> usize {
    let inside = |stmt: &Stmt| {
        let blocks = stmt.blocks();
        blocks
            .into_iter()
            .map(|block| count(&block.stmts))
            .sum::<usize>()
    };
    stmts.iter().map(|stmt| 1 + inside(stmt)).sum()
}

/// Whether some active parameter is both input and output.
fn has_in_out(primal: &Function) -> bool {
    primal.parameters.iter().any(|parameter| {
        matches!(parameter.binding, Binding::Memory(memory)
            if parameter.active && primal.memories[memory].origin == Origin::Mutable)
    })
}

/// The floating-point types among active parameters and results.
fn float_types(primal: &Function) -> Vec<FloatType> {
    let mut types = Vec::new();
    for parameter in primal
        .parameters
        .iter()
        .filter(|parameter| parameter.active)
    {
        if let Role::Primal(_) = parameter.role {
            match parameter.binding {
                Binding::Value(value) => {
                    Type::Scalar(primal.values[value].ty.clone()).add_floats(&mut types);
                }
                Binding::Memory(memory) => primal.memories[memory].ty.add_floats(&mut types),
            }
        }
    }
    primal.output.visit_operands(&mut |operand| {
        Type::Scalar(primal.operand_type(operand).clone()).add_floats(&mut types);
    });
    primal
        .output
        .visit_memories(&mut |memory| primal.memories[*memory].ty.add_floats(&mut types));
    types
}
