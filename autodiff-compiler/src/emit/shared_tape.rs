//! What is left on the tape that all functions share, and what is taken off it.

use proc_macro2::TokenStream;
use quote::quote;

use super::body::Body;
use super::expression::width;
use super::memory::place_type;
use super::records::LONG;
use super::types;
use crate::ir::{Kept, Operand, Recalled, ScalarType, Stmt, Type, ValueId};

impl<'a> Body<'a> {
    /// How many of the statements at the front leave scalars of one type, or take such off.
    pub(super) fn kept_together(&self, stmts: &[Stmt]) -> usize {
        let Some(first) = self.kept_scalar(&stmts[0]) else {
            return 0;
        };
        let alike = |stmt: &&Stmt| self.kept_scalar(stmt) == Some(first);
        stmts.iter().take_while(alike).count()
    }

    /// Whether a statement leaves a scalar rather than taking one off, and of which type that is.
    fn kept_scalar(&self, stmt: &Stmt) -> Option<(bool, &'a ScalarType, bool)> {
        let (leaves, value) = match stmt {
            Stmt::Keep {
                content: Kept::Scalar(operand),
                ..
            } => (true, operand.value()?),
            Stmt::Recall {
                content: Recalled::Value(value),
                ..
            } => (false, *value),
            _ => return None,
        };
        let info = &self.function.values[value];
        Some((leaves, &info.ty, info.lanes))
    }

    /// Leaves scalars of one type together, or takes them off, the last one first.
    pub(super) fn kept_scalars(&mut self, stmts: &'a [Stmt]) {
        let tape = self.context.tape.clone();
        if let Stmt::Keep { .. } = &stmts[0] {
            let operands: Vec<&Operand> = stmts.iter().flat_map(Stmt::operands).collect();
            let own = self.effects(&stmts[0]);
            let taken = self.take_apart(&operands, &own);
            self.settle(&own, &taken);
            let values: Vec<TokenStream> = operands
                .into_iter()
                .map(|operand| {
                    let lanes = self.function.operand_has_lanes(operand);
                    self.whole(&self.operand(operand, &taken), lanes)
                })
                .collect();
            for line in lines(&values) {
                self.write(match line {
                    [one] => quote!(#tape.push(#one);),
                    line => quote!(#tape.push_all([#(#line),*]);),
                });
            }
            return;
        }
        let values: Vec<ValueId> = stmts.iter().flat_map(Stmt::defined_values).collect();
        let info = &self.function.values[values[0]];
        let lanes = self.context.lanes.as_ref().filter(|_| info.lanes);
        let ty = types::place(&self.context.private, &Type::Scalar(info.ty.clone()), lanes);
        let count = super::flat::literal(values.len());
        let patterns: Vec<TokenStream> = values
            .into_iter()
            .rev()
            .map(|value| self.pattern(value))
            .collect();
        self.write(quote!(let [#(#patterns),*] = *#tape.pop_all::<#ty, #count>();));
    }

    pub(super) fn keep(&mut self, stmt: &'a Stmt, content: &'a Kept) {
        let taken = self.take_for(stmt);
        let tape = self.context.tape.clone();
        let tokens = match content {
            Kept::Scalar(operand) => {
                let lanes = self.function.operand_has_lanes(operand);
                let value = self.whole(&self.operand(operand, &taken), lanes);
                quote!(#tape.push(#value);)
            }
            Kept::Place(place) => match place_type(self.function, place) {
                Type::Slice(_) | Type::Vec(_) => {
                    let place = self.reference(place, false, &taken);
                    quote!(#tape.push_slice(#place);)
                }
                _ => {
                    let copy = self.copy_of(place, &taken);
                    quote!(#tape.push(#copy);)
                }
            },
            // Those that share a buffer are left by the first of them.
            Kept::Tape(kept) if self.records.is_follower(*kept) => return,
            Kept::Tape(kept) => {
                let buffer = &self.tapes[kept].buffer;
                quote!(#tape.push(#buffer);)
            }
        };
        self.write(tokens);
    }

    pub(super) fn recall(&mut self, content: &Recalled) {
        let tape = self.context.tape.clone();
        let private = self.context.private.clone();
        match content {
            Recalled::Value(value) => {
                let info = &self.function.values[*value];
                let lanes = self.context.lanes.as_ref().filter(|_| info.lanes);
                let ty = types::place(&private, &Type::Scalar(info.ty.clone()), lanes);
                if self.variables.use_count(*value) == 0 {
                    self.write(quote!(#tape.pop::<#ty>();));
                    return;
                }
                let ident = self.declare(*value);
                let mutable = self.variables.is_mutable(*value).then(|| quote!(mut));
                self.write(quote!(let #mutable #ident = *#tape.pop::<#ty>();));
            }
            Recalled::Memory(memory) => {
                let info = &self.function.memories[*memory];
                let lanes = self.context.lanes.as_ref().filter(|_| info.lanes);
                let (method, ty) = match &info.ty {
                    Type::Slice(element) => (quote!(pop_slice), &**element),
                    ty => (quote!(pop), ty),
                };
                let ty = types::place(&private, ty, lanes);
                let used = self.is_mentioned_again(*memory);
                let ident = self.names.fresh(&info.name);
                self.write(match used {
                    true => quote!(let #ident = #tape.#method::<#ty>();),
                    false => quote!(#tape.#method::<#ty>();),
                });
                self.memories.insert(*memory, ident);
            }
            Recalled::Tape(recalled) if self.records.is_follower(*recalled) => {}
            Recalled::Tape(recalled) => {
                let ty = self.tape_type(*recalled);
                let buffer = self.names.fresh(self.tape_name(*recalled));
                self.write(quote!(let #buffer = #tape.pop::<#ty>();));
                self.read_buffer(*recalled, buffer);
            }
        }
    }
}

/// As many of the values at a time as go into one line.
fn lines(values: &[TokenStream]) -> impl Iterator<Item = &[TokenStream]> {
    let mut columns = 0;
    values.chunk_by(move |value, next| {
        columns += width(value) + 2;
        let fits = columns + width(next) < LONG;
        if !fits {
            columns = 0;
        }
        fits
    })
}
