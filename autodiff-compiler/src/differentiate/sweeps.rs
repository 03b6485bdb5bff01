//! The reverse of a large function as two functions, which all that goes backwards is made of.
//!
//! A text of its own for each of `vjp_into`, `gradient` and `pullback` can be better than what they share: one fuses
//! loops, another has no need of the value. For a large function that gain is small, because little of a long body is
//! affected, and the text is long.

use proc_macro2::{TokenStream, TokenTree};

use crate::derivatives::Pullback;
use crate::ir::{Binding, Block, Function, Op, Origin, ScalarType, Stmt, Type};
use crate::simplify::PassSet;

use super::derive::{count, in_two_steps, simplified_in_two_steps};

use super::{AdjointsOut, Seed, Shape, reverse};

/// The two sweeps of `primal`; `None` where its parameters can't be handed to both.
pub(super) fn sweeps(primal: &Function, passes: PassSet) -> Option<Pullback> {
    if !can_be_passed_on(primal) {
        return None;
    }
    let shape = Shape {
        adjoints: AdjointsOut::Into,
        seed: Seed::Parameter,
        value: true,
        two_steps: false,
    };
    let reversed = reverse(primal, shape);
    let with_value = simplified_in_two_steps(reversed.function, shape, passes);
    if !has_known_types(&with_value.function) || is_mostly_straight(&with_value.function) {
        return None;
    }
    if !reversed.replays || has_effects(&primal.body.stmts) {
        return Some(with_value);
    }
    let without = Shape {
        value: false,
        ..shape
    };
    let without_value = in_two_steps(primal, without, passes);
    // Where the reverse sweep runs iterations again, hardly anything of the primal is left without its value.
    let [with, without] =
        [&with_value, &without_value].map(|sweeps| forward_work(&sweeps.function));
    Some(if 10 * without < 7 * with {
        without_value
    } else {
        with_value
    })
}

/// Whether a good part of the values is computed outside of loops, where each would have to be handed on.
fn is_mostly_straight(function: &Function) -> bool {
    let stmts = &function.body.stmts;
    let is_value = |stmt: &&Stmt| matches!(stmt, Stmt::Let { .. } | Stmt::Load { .. });
    let forward = stmts.iter().take_while(|stmt| !matches!(stmt, Stmt::Turn));
    8 * forward.filter(is_value).count() > count(stmts)
}

/// The number of statements ahead of the turn that compute or move floats; what only checks bounds is not counted.
fn forward_work(function: &Function) -> usize {
    let stmts = &function.body.stmts;
    let turn = stmts.iter().position(|stmt| matches!(stmt, Stmt::Turn));
    work(function, &stmts[..turn.unwrap_or(stmts.len())])
}

fn work(function: &Function, stmts: &[Stmt]) -> usize {
    let own = |stmt: &Stmt| match stmt {
        Stmt::Let { value, .. } | Stmt::Load { value, .. } => function.values[*value].ty.is_float(),
        Stmt::Store { .. } | Stmt::Accumulate { .. } | Stmt::Copy { .. } | Stmt::TapePut { .. } => {
            true
        }
        _ => false,
    };
    let inside = |stmt: &Stmt| {
        let blocks = stmt.blocks();
        blocks
            .into_iter()
            .map(|block| work(function, &block.stmts))
            .sum::<usize>()
    };
    stmts
        .iter()
        .map(|stmt| usize::from(own(stmt)) + inside(stmt))
        .sum()
}

/// Whether everything that the second step may need has a type that can be written down.
fn has_known_types(function: &Function) -> bool {
    let unknown = |ty: &Type| *ty == Type::Scalar(ScalarType::Inferred);
    let mut known = true;
    for stmt in function
        .body
        .stmts
        .iter()
        .skip_while(|stmt| !matches!(stmt, Stmt::Turn))
    {
        let block = Block {
            stmts: vec![stmt.clone()],
            yields: Vec::new(),
        };
        block.visit_operands(&mut |operand| {
            known &= *function.operand_type(operand) != ScalarType::Inferred;
        });
        block.visit_memories(&mut |memory, _| {
            known &= !holds(&function.memories[*memory].ty, &unknown);
        });
    }
    known
}

/// Whether the type or a part of it is such as `wanted` says.
fn holds(ty: &Type, wanted: &dyn Fn(&Type) -> bool) -> bool {
    wanted(ty)
        || match ty {
            Type::Scalar(_) => false,
            Type::Tuple(_) | Type::Struct(_) => {
                let mut parts = ty.parts().into_iter().flatten();
                parts.any(|part| holds(part, wanted))
            }
            Type::Array(element, _) | Type::Slice(element) | Type::Vec(element) => {
                holds(element, wanted)
            }
        }
}

/// Whether each parameter may be passed on and is the same afterwards.
fn can_be_passed_on(primal: &Function) -> bool {
    let mut written = Vec::new();
    primal.body.visit_memories(&mut |memory, access| {
        if access.writes() {
            written.push(*memory);
        }
    });
    primal
        .parameters
        .iter()
        .all(|parameter| match parameter.binding {
            Binding::Value(value) => primal.values[value].ty != ScalarType::Inferred,
            Binding::Memory(memory) => {
                let info = &primal.memories[memory];
                match info.origin {
                    Origin::Shared => true,
                    Origin::Owned => is_copy(&info.ty) && !written.contains(&memory),
                    Origin::Mutable | Origin::Local | Origin::Scratch => false,
                }
            }
        })
}

fn is_copy(ty: &Type) -> bool {
    match ty {
        Type::Scalar(scalar) => *scalar != ScalarType::Inferred,
        Type::Array(element, _) => is_copy(element),
        Type::Tuple(parts) => parts.iter().all(is_copy),
        Type::Slice(_) | Type::Vec(_) | Type::Struct(_) => false,
    }
}

/// Whether statements run code of the user's that does more than compute and panic, which may not run twice.
fn has_effects(stmts: &[Stmt]) -> bool {
    stmts.iter().any(|stmt| {
        let own = match stmt {
            Stmt::Effect(template) => !is_plain_assertion(template.code.tokens()),
            Stmt::Let { op, .. } => matches!(op, Op::Opaque(_)),
            _ => false,
        };
        own || stmt
            .blocks()
            .into_iter()
            .any(|block| has_effects(&block.stmts))
    })
}

/// The macros that check and do nothing else.
const ASSERTIONS: [&str; 6] = [
    "assert",
    "assert_eq",
    "assert_ne",
    "debug_assert",
    "debug_assert_eq",
    "debug_assert_ne",
];

/// Whether code is an assertion that calls nothing but methods.
fn is_plain_assertion(code: &TokenStream) -> bool {
    let mut trees = code.clone().into_iter();
    let is_assertion = trees
        .next()
        .is_some_and(|tree| ASSERTIONS.contains(&tree.to_string().as_str()));
    is_assertion && trees.all(|tree| !calls(&tree.into()))
}

/// Whether tokens call a function by its path or a macro.
fn calls(code: &TokenStream) -> bool {
    let trees: Vec<TokenTree> = code.clone().into_iter().collect();
    trees.iter().enumerate().any(|(at, tree)| match tree {
        TokenTree::Group(group) => {
            let follows = |back: usize| at.checked_sub(back).map(|at| trees[at].to_string());
            let is_method = follows(2).is_some_and(|before| before == ".");
            let named = matches!(
                at.checked_sub(1).map(|at| &trees[at]),
                Some(TokenTree::Ident(_))
            );
            let is_macro = at > 0 && follows(1).is_some_and(|before| before == "!");
            (named && !is_method) || is_macro || calls(&group.stream())
        }
        _ => false,
    })
}
