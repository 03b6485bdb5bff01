//! What is left on the tape that all functions share, and what is taken off it.

use quote::quote;

use super::body::Body;
use super::memory::place_type;
use super::tape::TapeKind;
use super::types;
use crate::ir::{Kept, Recalled, Stmt, TapeId, Type};

impl<'a> Body<'a> {
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
            Kept::Tape(kept) => {
                let names = &self.tapes[kept];
                let buffer = &names.buffer;
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
            Recalled::Tape(recalled) => self.recall_tape(*recalled),
        }
    }

    fn recall_tape(&mut self, recalled: TapeId) {
        let tape = self.context.tape.clone();
        let buffer = self.names.fresh(&self.function.tapes[recalled].name);
        let (private, element) = (&self.context.private, self.tape_element(recalled));
        let layout = &self.function.tapes[recalled].layout;
        let ty = match self.tape_kind(recalled) {
            TapeKind::Array => {
                let length = super::flat::literal(layout.array_length().unwrap_or_default());
                quote!([#element; #length])
            }
            TapeKind::Tape => quote!(#private::Tape<#element>),
            TapeKind::Rows => {
                let levels = super::flat::literal(layout.index_count() - 1);
                quote!(#private::Rows<#element, #levels>)
            }
            TapeKind::Stack => quote!(#private::Vec<#element>),
        };
        let content = quote!(#tape.pop::<#ty>());
        self.write(quote!(let #buffer = #content;));
        self.read_buffer(recalled, buffer);
    }
}
