//! Emission of whole functions: as they stand, in two steps, as a pair of sweeps.

use rustc_hash::FxHashSet as HashSet;

use proc_macro2::{Ident, TokenStream};
use quote::quote;

use super::body::{Body, Context};
use super::effects::Effects;
use super::kept::Kept;
use super::records::Records;
use super::tape::TapeKind;
use crate::derivatives;
use crate::ir::{Function, Output, Role, Stmt};

/// The statements of a function.
pub(super) struct Emitted {
    /// The statements ahead of the turn, or all of them.
    pub(super) statements: TokenStream,
    /// What the function returns, or its first step; nothing for `()`.
    pub(super) output: TokenStream,
    /// The parameters that the body changes though they are passed by value.
    pub(super) changed: HashSet<Role>,
}

/// Emits `function` into `context`.
pub(super) fn emit(function: &Function, context: &Context) -> Emitted {
    let (function, records) = &prepared(function);
    emit_whole(Body::new((function, records), context, None))
}

/// Emits a forward and a reverse sweep, each a function of its own.
pub(super) fn emit_pair(
    sweeps: &derivatives::Sweeps,
    [first, second]: &[Context; 2],
) -> [Emitted; 2] {
    let (mut forward, mut reverse) = (sweeps.forward.clone(), sweeps.reverse.clone());
    let records = &Records::gather(&mut [&mut forward, &mut reverse]);
    for sweep in [&mut forward, &mut reverse] {
        flatten_tangents(sweep);
    }
    let mut backward = Body::new((&reverse, records), second, None);
    backward.whole = &forward;
    [
        emit_whole(Body::new((&forward, records), first, None)),
        emit_whole(backward),
    ]
}

/// Emits the function that `body` is about, whole.
fn emit_whole(mut body: Body<'_>) -> Emitted {
    let function = body.function;
    let stmts = &function.body.stmts;
    body.statements(stmts, 0..stmts.len());
    if crate::ir::never_ends(stmts) {
        let (statements, changed) = (body.written(), body.changed);
        return Emitted {
            statements,
            output: TokenStream::new(),
            changed,
        };
    }
    body.give_back(stmts, &HashSet::default());
    let output = body.finish(&function.output, &HashSet::default());
    let output = body.tail(output);
    Emitted {
        statements: body.written(),
        output,
        changed: body.changed,
    }
}

/// Emits a function that returns a value, a gradient and the rows of a Hessian, these as an array of arrays.
pub(super) fn emit_with_rows(function: &Function, context: &Context) -> Emitted {
    let (function, records) = &prepared(function);
    let mut body = Body::new((function, records), context, None);
    let stmts = &function.body.stmts;
    body.statements(stmts, 0..stmts.len());
    let taken = body.take_apart(&function.output.operands(), &Effects::default());
    let part = |output: &Output| body.output(output, &taken, &HashSet::default());
    let output = match &function.output {
        Output::Tuple(parts) => match &parts[..] {
            [value, gradient, Output::Tuple(rows)] => {
                let (value, gradient) = (part(value), part(gradient));
                let rows = rows.iter().map(|row| match row {
                    Output::Tuple(entries) => {
                        let entries = entries.iter().map(part);
                        quote!([#(#entries),*])
                    }
                    entry => part(entry),
                });
                quote!((#value, #gradient, [#(#rows),*]))
            }
            _ => part(&function.output),
        },
        output => part(output),
    };
    Emitted {
        statements: body.written(),
        output,
        changed: body.changed,
    }
}

/// The function with its tangents' types as they are written, and the tapes that share a buffer.
fn prepared(function: &Function) -> (Function, Records) {
    let mut function = function.clone();
    let records = Records::gather(&mut [&mut function]);
    flatten_tangents(&mut function);
    (function, records)
}

/// Gives each part of a tangent that holds no floats the type `()`.
fn flatten_tangents(function: &mut Function) {
    for memory in &function.derived - &function.replicas {
        let info = &mut function.memories[memory];
        info.ty = super::types::tangent(&info.ty);
    }
}

/// Emits `function` in two steps, split at its turn: the first one, which returns `value`, and the second one as a block.
pub(super) fn emit_split(
    function: &Function,
    value: &Output,
    context: &Context,
) -> (Emitted, TokenStream) {
    let (function, records) = &prepared(function);
    let mut body = Body::new((function, records), context, Some(value));
    let stmts = &function.body.stmts;
    let turn = stmts
        .iter()
        .position(|stmt| matches!(stmt, Stmt::Turn))
        .unwrap_or(stmts.len());
    body.statements(stmts, 0..turn);
    body.settle_all();
    let first = body.finish(
        value,
        &super::memory::mentioned(&stmts[turn..], &function.output),
    );
    let statements = body.written();
    body.statements(stmts, turn..stmts.len());
    let output = body.finish(&function.output, &HashSet::default());
    let output = body.tail(output);
    let rest = body.written();
    let first = Emitted {
        statements,
        output: first,
        changed: body.changed,
    };
    (first, quote!({ #rest #output }))
}

/// A function in two sweeps.
pub(super) struct Sweeps {
    pub(super) forward: Emitted,
    pub(super) reverse: Emitted,
    /// What the one hands on to the other.
    pub(super) kept: Vec<KeptPart>,
}

/// A part of what one sweep hands on to another.
pub(super) struct KeptPart {
    /// How the reverse sweep binds it behind a reference to all parts.
    pub(super) pattern: TokenStream,
    pub(super) ty: TokenStream,
    /// What the forward sweep calls it.
    pub(super) ident: Ident,
    /// What it is, where it is a buffer of the workspace or may be one.
    pub(super) borrowed: Option<TapeKind>,
}

/// Emits `function` as two functions, split at its turn; the first one returns `value` and what the second one needs.
pub(super) fn emit_sweeps(
    function: &Function,
    value: &Output,
    [forward, reverse]: &[Context; 2],
) -> Sweeps {
    let (function, records) = &prepared(function);
    let stmts = &function.body.stmts;
    let turn = stmts
        .iter()
        .position(|stmt| matches!(stmt, Stmt::Turn))
        .unwrap_or(stmts.len());
    let candidates = super::kept::crossing(function, records, turn);
    let mut second = function.clone();
    super::kept::share(&mut second, &candidates);
    second.body.stmts.drain(..turn);
    let mut body = Body::new((&second, records), reverse, None);
    body.whole = function;
    let idents: Vec<Ident> = candidates.iter().map(|kept| body.receive(*kept)).collect();
    let stmts_of_second = &second.body.stmts;
    body.statements(stmts_of_second, 0..stmts_of_second.len());
    body.give_back(stmts_of_second, &HashSet::default());
    let reverse = Emitted {
        statements: body.written(),
        output: TokenStream::new(),
        changed: body.changed,
    };
    let mentioned = super::names_in(&reverse.statements);
    let used: Vec<(Kept, Ident)> = candidates
        .into_iter()
        .zip(idents)
        .filter(|(_, ident)| mentioned.contains(&ident.to_string()))
        .collect();
    let mut first = function.clone();
    first
        .parameters
        .retain(|parameter| matches!(parameter.role, Role::Primal(_)));
    let stmts = &first.body.stmts;
    let mut body = Body::new((&first, records), forward, Some(value));
    body.statements(stmts, 0..turn);
    body.settle_all();
    let handed_on = used.iter().map(|(kept, _)| *kept).collect();
    body.give_back(&stmts[..turn], &handed_on);
    let memories = handed_on
        .iter()
        .filter_map(|kept| match kept {
            Kept::Memory(memory) => Some(*memory),
            _ => None,
        })
        .collect();
    let value = body.finish(value, &memories);
    let kept = used
        .into_iter()
        .map(|(kept, ident)| body.hand_on(kept, &ident))
        .collect();
    Sweeps {
        forward: Emitted {
            statements: body.written(),
            output: value,
            changed: body.changed,
        },
        reverse,
        kept,
    }
}
