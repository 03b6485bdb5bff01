//! Emission: from intermediate representation to plain, readable Rust.

mod body;
mod calls;
mod companion;
mod control;
mod documentation;
mod effects;
mod expression;
mod fields;
mod first_order;
mod flat;
mod formula;
mod functions;
mod generics;
mod hidden;
mod hidden_types;
mod home;
mod interface;
mod kept;
mod kind;
mod literal;
mod memory;
mod mention;
mod names;
mod of_sweeps;
mod operands;
mod operation;
mod pending;
mod records;
mod rules;
mod second_order;
mod shape;
mod shared_tape;
mod statement;
mod sweeps;
mod tape;
mod ties;
mod types;
mod variables;

use proc_macro2::{Group, Ident, Span, TokenStream, TokenTree};
use rustc_hash::FxHashSet as HashSet;

use crate::derivatives::Derivatives;
use crate::ir::Function;
use crate::signature::{Rule, Signature};
use companion::{Companion, Item};
use kind::Kind;
use sweeps::Shared;

/// The derivatives of a function, where they stand. `bindings` are names in the function's patterns
/// that were taken for variables.
pub fn companion(
    signature: &Signature,
    bindings: &[Ident],
    derivatives: &Derivatives,
) -> TokenStream {
    let mut companion = Companion::new(signature, Some(derivatives));
    companion.formulas = derivatives.gradient.as_ref().and_then(|gradient| {
        formula::partials(gradient, |i| {
            companion.signature.parameters[i].name.to_string()
        })
    });
    companion.questions = companion.questions_of(derivatives);
    let items = items(&companion, derivatives);
    let functions = items.iter().map(|item| companion.function(item));
    let second = Some(derivatives.pair_has_directions);
    companion.assembled(bindings, functions.collect(), second)
}

/// The derivatives of a function for which the user gives them.
pub fn companion_of_rule(signature: &Signature, rule: &Rule) -> TokenStream {
    let mut companion = Companion::new(signature, None);
    companion.formulas = companion.formulas_of(rule);
    // The reverse sweep calls functions of the user's, with all parameters.
    companion.asked_again = (0..signature.parameters.len()).collect();
    companion.questions = companion.questions_of_rule(rule);
    companion.users = [Kind::Jvp, Kind::Vjp, Kind::Hvp]
        .into_iter()
        .filter(|kind| companion.has(*kind))
        .collect();
    let items = companion.items_of_rule(rule);
    let functions = items.iter().map(|item| companion.function(item));
    let second = Some(companion.rule_has_directions(rule));
    companion.assembled(&[], functions.collect(), second)
}

/// The derivatives of a function that can't be differentiated: what its signature promises, for code that uses it.
pub fn stub_companion(signature: &Signature) -> TokenStream {
    let companion = Companion::new(signature, None);
    let kinds = Kind::PUBLIC.into_iter().filter(|kind| companion.has(*kind));
    let functions = kinds.map(|kind| companion.function(&companion.stub(kind)));
    companion.assembled(&[], functions.collect(), None)
}

/// All functions that the companion has.
fn items(companion: &Companion, derivatives: &Derivatives) -> Vec<Item> {
    let (mut items, shared) = match derivatives.callees.is_empty() {
        true => items_of_bodies(companion, derivatives),
        false => (items_of_sweeps(companion), None),
    };
    items.extend(match &derivatives.pullback {
        Some(pullback) => Some(companion.own_pullback(pullback)),
        None => (companion.has(Kind::Pullback) && derivatives.sweeps.is_none())
            .then(|| companion.pullback()),
    });
    // What others call gives no structs so far.
    if companion.gives_structs() && derivatives.callees.is_empty() {
        return items;
    }
    items.extend(companion.tangent_item(derivatives));
    match shared {
        Some(shared) if !companion.has_structs() && derivatives.lends_sweeps => {
            items.extend(companion.lent_sweeps(&shared));
        }
        _ if derivatives.pair_is_known => items.extend(companion.hidden_items(derivatives)),
        // Sweeps of structs are not generic: rustc would complain of them even where nobody calls them.
        _ if companion.has_structs() && derivatives.callees.is_empty() => {}
        _ => items.extend(companion.unknown_sweeps()),
    }
    items
}

/// The functions of the contract where a callee is entered by its sweeps alone: all are made of sweeps.
fn items_of_sweeps(companion: &Companion) -> Vec<Item> {
    let mut items = vec![
        companion.along_one(Kind::Jvp, Kind::JvpLanes),
        companion.vjp(),
    ];
    items.extend(companion.vjp_into_of_hidden());
    if companion.has(Kind::Gradient) {
        items.extend([
            companion.gradient_of_both(),
            companion.gradient_into(Kind::GradientInto),
            companion.gradient_into(Kind::GradientIntoWith),
            companion.value_and_gradient(),
        ]);
    }
    if companion.has(Kind::Hvp) {
        items.push(companion.second_order_of_hidden());
        items.push(companion.along_one(Kind::Hvp, Kind::SecondOrder));
    }
    if companion.has(Kind::Hessian) {
        items.extend([
            companion.hessian(Kind::SecondOrder),
            companion.all_of_parts(),
        ]);
    }
    if companion.has(Kind::Jacobian) {
        let sweep = match companion.has_structs() {
            true => Kind::Jvp,
            false => Kind::JvpLanes,
        };
        items.push(companion.jacobian(sweep).0);
    }
    items
}

/// The functions of the contract where each has a body of its own, made for what it returns, or shares two sweeps.
fn items_of_bodies(
    companion: &Companion,
    derivatives: &Derivatives,
) -> (Vec<Item>, Option<Shared>) {
    let [forward, jacobian] = forward_items(companion, derivatives);
    let mut items = forward;
    let mut shared = None;
    if let Some(sweeps) = &derivatives.sweeps {
        let (of_sweeps, how) = companion.sweep_items(sweeps);
        items.extend(of_sweeps);
        shared = Some(how);
    } else {
        items.extend(reverse_items(companion, derivatives));
    }
    if companion.has(Kind::Gradient) {
        items.push(companion.gradient_into(Kind::GradientInto));
        items.push(companion.gradient_into(Kind::GradientIntoWith));
    }
    if companion.has(Kind::ValueAndGradient) {
        // Where there are loops, a cotangent that is known to be 1 is not worth a body of its own.
        items.push(match &derivatives.value_and_gradient {
            Some(both) if is_short(both) => companion.item(Kind::ValueAndGradient, both),
            _ => companion.value_and_gradient(),
        });
    }
    if derivatives.second_order_of_pair {
        items.push(companion.second_order_of_hidden());
        items.push(companion.along_one(Kind::Hvp, Kind::SecondOrder));
        if companion.has(Kind::Hessian) {
            items.extend([
                companion.hessian(Kind::SecondOrder),
                companion.all_of_parts(),
            ]);
        }
    }
    if let Some(second_order) = &derivatives.second_order {
        items.extend(second_order_items(companion, derivatives, second_order));
    }
    items.extend(jacobian);
    (items, shared)
}

/// The functions that go backwards, each with the best body for it.
fn reverse_items(companion: &Companion, derivatives: &Derivatives) -> Vec<Item> {
    let mut items = vec![companion.vjp()];
    items.extend(companion.vjp_into(&derivatives.vjp_into));
    let gradient = derivatives.gradient.as_ref();
    items.extend(gradient.map(|gradient| companion.item(Kind::Gradient, gradient)));
    items
}

/// The functions of second order.
fn second_order_items(
    companion: &Companion,
    derivatives: &Derivatives,
    second_order: &Function,
) -> Vec<Item> {
    let several = companion.float_of_lanes(second_order).is_some();
    let symbolic = derivatives.symbolic_hessian.as_ref();
    let (mut items, sweep) = if several && symbolic.is_none() {
        let shared = derivatives.pair_has_directions
            && derivatives.pair_is_known
            && !companion.consumes_receiver()
            && is_long(second_order);
        let items = vec![
            match shared {
                true => companion.second_order_of_hidden(),
                false => companion.item(Kind::SecondOrder, second_order),
            },
            companion.along_one(Kind::Hvp, Kind::SecondOrder),
        ];
        (items, Kind::SecondOrder)
    } else {
        (vec![companion.item(Kind::Hvp, second_order)], Kind::Hvp)
    };
    if companion.has(Kind::Hessian) {
        items.extend(match symbolic {
            Some(hessian) => [
                companion.hessian_of_all(),
                companion.symbolic_hessian(hessian),
            ],
            None => [companion.hessian(sweep), companion.all_of_parts()],
        });
    }
    items
}

/// The derivative along directions, and the Jacobian made of such.
fn forward_items(companion: &Companion, derivatives: &Derivatives) -> [Vec<Item>; 2] {
    let lanes = derivatives.jvp_lanes.as_ref();
    let sweep = if lanes.is_some() {
        Kind::JvpLanes
    } else {
        Kind::Jvp
    };
    let jacobian = companion
        .has(Kind::Jacobian)
        .then(|| companion.jacobian(sweep).0);
    let jvp = match lanes {
        Some(function) if !is_short(function) => companion.along_one(Kind::Jvp, Kind::JvpLanes),
        _ => companion.item(Kind::Jvp, &derivatives.jvp),
    };
    [vec![jvp], jacobian.into_iter().collect()]
}

/// Whether a function is so long that what is written for it should serve for all that it can serve for.
fn is_long(function: &Function) -> bool {
    let mut statements = 0;
    function.body.for_each_stmt(&mut |_| statements += 1);
    statements > LONG
}

/// From how many statements on a function is long.
const LONG: usize = 60;

/// Whether a function has neither loops nor branches: it is worth a body of its own.
fn is_short(function: &Function) -> bool {
    function
        .body
        .stmts
        .iter()
        .all(|stmt| stmt.blocks().is_empty())
}

/// Gives all tokens the hygiene of the macro: variables are ours alone, lints take the code for what it is, and
/// errors still point where the tokens came from.
pub(crate) fn hygienic(tokens: TokenStream) -> TokenStream {
    tokens
        .into_iter()
        .map(|tree| match tree {
            TokenTree::Group(group) => {
                let mut ours = Group::new(group.delimiter(), hygienic(group.stream()));
                ours.set_span(Span::mixed_site().located_at(group.span()));
                TokenTree::Group(ours)
            }
            // `$crate` means what it means where it was written.
            TokenTree::Ident(ident) if ident == "$crate" => TokenTree::Ident(ident),
            // A name until edition 2021, but a keyword in ours.
            TokenTree::Ident(ident) if ident == "gen" => TokenTree::Ident(Ident::new_raw(
                "gen",
                Span::mixed_site().located_at(ident.span()),
            )),
            mut other => {
                other.set_span(Span::mixed_site().located_at(other.span()));
                other
            }
        })
        .collect()
}

/// The names that occur in the tokens.
fn names_in(tokens: &TokenStream) -> HashSet<String> {
    fn add(tokens: TokenStream, names: &mut HashSet<String>) {
        for tree in tokens {
            match tree {
                TokenTree::Ident(ident) => {
                    names.insert(ident.to_string());
                }
                TokenTree::Group(group) => add(group.stream(), names),
                TokenTree::Punct(_) | TokenTree::Literal(_) => {}
            }
        }
    }
    let mut names = HashSet::default();
    add(tokens.clone(), &mut names);
    names
}

/// Whether `ident` occurs in the tokens; where many names are looked for, [`names_in`] is faster.
fn mentions(tokens: &TokenStream, ident: &Ident) -> bool {
    tokens.clone().into_iter().any(|tree| match tree {
        TokenTree::Ident(other) => other == *ident,
        TokenTree::Group(group) => mentions(&group.stream(), ident),
        TokenTree::Punct(_) | TokenTree::Literal(_) => false,
    })
}
