//! What a forward sweep hands on to a reverse sweep that is a function of its own.

use std::collections::BTreeSet;

use proc_macro2::Ident;
use quote::quote;

use super::body::Body;
use super::functions::KeptPart;
use super::records::Records;
use super::tape::{TapeKind, TapeNames};
use super::{operands, types};
use crate::ir::{Block, Function, MemoryId, Operand, Origin, Stmt, TapeId, TapeLayout, ValueId};

/// One thing that is handed on.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub(super) enum Kept {
    Value(ValueId),
    Memory(MemoryId),
    /// A tape; of those that share a buffer, the one under whose name it stands.
    Tape(TapeId),
}

/// What the statements from `turn` on may need of those ahead of it, the parameters left out, in the order in which it
/// is made.
pub(super) fn crossing(function: &Function, records: &Records, turn: usize) -> Vec<Kept> {
    let (before, after) = function.body.stmts.split_at(turn);
    let mut made = Vec::new();
    for stmt in before {
        made.extend(stmt.defined_values().into_iter().map(Kept::Value));
        match stmt {
            Stmt::Alloc { memory, .. } => made.push(Kept::Memory(*memory)),
            Stmt::TapeAlloc(tape) => made.push(Kept::Tape(*tape)),
            _ => {}
        }
    }
    let mut needed = BTreeSet::new();
    needs(function, records, after, &mut needed);
    made.retain(|kept| needed.contains(kept));
    made
}

fn needs(function: &Function, records: &Records, stmts: &[Stmt], needed: &mut BTreeSet<Kept>) {
    let leader = |tape: TapeId| records.of(tape).map_or(tape, |tapes| tapes[0]);
    for stmt in stmts {
        let values = operands::of_stmt(function, stmt).into_iter();
        needed.extend(values.filter_map(Operand::value).map(Kept::Value));
        stmt.visit_memories(&mut |memory, _| needed.extend([Kept::Memory(*memory)]));
        if let Stmt::TapeGet { tape, .. } = stmt {
            needed.extend([Kept::Tape(leader(*tape))]);
        }
        for block in stmt.blocks() {
            let Block { stmts, yields } = block;
            needs(function, records, stmts, needed);
            needed.extend(yields.iter().filter_map(Operand::value).map(Kept::Value));
        }
    }
}

/// Makes the memories that are handed on what they are to the reverse sweep: behind shared references.
pub(super) fn share(function: &mut Function, kept: &[Kept]) {
    for kept in kept {
        if let Kept::Memory(memory) = kept {
            function.memories[*memory].origin = Origin::Shared;
        }
    }
}

impl Body<'_> {
    /// Gives a name to what the forward sweep has handed on.
    pub(super) fn receive(&mut self, kept: Kept) -> Ident {
        match kept {
            Kept::Value(value) => self.declare(value),
            Kept::Memory(memory) => {
                let ident = self.names.fresh(&self.function.memories[memory].name);
                self.memories.insert(memory, ident.clone());
                ident
            }
            Kept::Tape(tape) => {
                let buffer = self.names.fresh(self.tape_name(tape));
                if self.function.tapes[tape].layout == TapeLayout::Stack {
                    self.received.push(tape);
                }
                self.tapes.insert(
                    tape,
                    TapeNames {
                        buffer: buffer.clone(),
                        cursor: None,
                        kind: self.tape_kind(tape),
                    },
                );
                buffer
            }
        }
    }

    /// What is handed on under the name `received`, by its name here.
    pub(super) fn hand_on(&self, kept: Kept, received: &Ident) -> KeptPart {
        let private = &self.context.private;
        let by_reference = quote!(ref #received);
        match kept {
            Kept::Value(value) => KeptPart {
                pattern: quote!(#received),
                ty: types::scalar(&self.function.values[value].ty),
                ident: self.variable(value).clone(),
                borrowed: None,
            },
            Kept::Memory(memory) => KeptPart {
                pattern: by_reference,
                ty: types::place(private, &self.function.memories[memory].ty, None),
                ident: self.memories[&memory].clone(),
                borrowed: self.is_borrowed(memory).then_some(TapeKind::Stack),
            },
            Kept::Tape(tape) => {
                let names = &self.tapes[&tape];
                let ty = self.tape_type(tape);
                KeptPart {
                    pattern: by_reference,
                    ty,
                    ident: names.buffer.clone(),
                    borrowed: Some(names.kind),
                }
            }
        }
    }
}
