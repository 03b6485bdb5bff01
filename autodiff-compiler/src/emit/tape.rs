//! Tapes: what the forward sweep leaves for the reverse sweep.
//!
//! A few elements make an array; buffers and rows are types of the runtime that grow as they are written, and are
//! indexed by the iteration. A stack is read by a cursor from its end downwards; nothing is ever popped, so that the
//! reverse sweep can run again.

use rustc_hash::FxHashSet as HashSet;
use std::collections::BTreeSet;

use proc_macro2::{Ident, TokenStream};
use quote::{ToTokens, quote};

use super::body::Body;
use super::effects::Effects;
use super::expression::{Expression, Level};
use super::kept::Kept;
use super::pending::Taken;
use super::types;
use crate::ir::{
    Block, For, MemoryId, Operand, Range, Recalled, Stmt, TapeId, TapeLayout, Type, ValueId,
    usize_literal,
};

/// The variables of a tape.
#[derive(Clone)]
pub(super) struct TapeNames {
    pub(super) buffer: Ident,
    /// Where a stack is read next.
    pub(super) cursor: Option<Ident>,
    pub(super) kind: TapeKind,
}

/// What the variable of a tape is.
#[derive(Clone, Copy, PartialEq)]
pub(super) enum TapeKind {
    Array,
    /// `Tape` of the runtime.
    Tape,
    /// `Rows` of the runtime.
    Rows,
    /// A `Vec`.
    Stack,
}

impl TapeKind {
    /// What gives a buffer of this kind back to a workspace.
    pub(super) fn given(self, workspace: &Ident, buffer: &TokenStream) -> TokenStream {
        match self {
            Self::Array => quote!(),
            Self::Tape | Self::Rows => quote!(#buffer.give(#workspace);),
            Self::Stack => quote!(#workspace.give(#buffer);),
        }
    }
}

impl<'a> Body<'a> {
    pub(super) fn make_tape(&mut self, stmt: &'a Stmt, tape: TapeId) {
        let taken = self.take_for(stmt);
        let info = &self.function.tapes[tape];
        let private = &self.context.private;
        let kind = self.tape_kind(tape);
        let (element, zero) = match self.records.of(tape) {
            Some(_) => (
                self.stored(tape, Self::tape_element),
                self.stored(tape, Self::tape_zero),
            ),
            None => (self.tape_element(tape), self.tape_zero(tape)),
        };
        let made = |ty: TokenStream, trips: Option<TokenStream>| match &self.context.workspace {
            Some(workspace) => {
                let trips = trips.map(|trips| quote!(, #trips));
                quote!(#ty::taken(#workspace #trips))
            }
            None => quote!(#ty::new(#trips)),
        };
        let content = match kind {
            TapeKind::Array => {
                let length = info.layout.array_length().unwrap_or_default();
                let length = proc_macro2::Literal::usize_unsuffixed(length);
                quote!([#zero; #length])
            }
            TapeKind::Tape => {
                let trips = self
                    .dimensions(tape)
                    .iter()
                    .map(|trips| self.operand(trips, &taken).tokens().clone());
                let trips = match &info.layout {
                    TapeLayout::Buffer(_) => quote!(&[#(#trips),*]),
                    _ => quote!(&[0]),
                };
                made(quote!(#private::Tape::<#element>), Some(trips))
            }
            TapeKind::Rows => {
                let levels = proc_macro2::Literal::usize_unsuffixed(info.layout.index_count() - 1);
                made(quote!(#private::Rows::<#element, #levels>), None)
            }
            TapeKind::Stack => match &self.context.workspace {
                Some(workspace) => quote!(#workspace.take::<#element>()),
                None => quote!(#private::Vec::<#element>::new()),
            },
        };
        let buffer = self.names.fresh(self.tape_name(tape));
        self.write(quote!(let mut #buffer = #content;));
        self.tapes.insert(
            tape,
            TapeNames {
                buffer,
                cursor: None,
                kind,
            },
        );
    }

    /// What the buffer of a tape is called.
    pub(super) fn tape_name(&self, tape: TapeId) -> &'a str {
        match self.records.of(tape) {
            Some(_) => "tape",
            None => &self.function.tapes[tape].name,
        }
    }

    pub(super) fn tape_kind(&self, tape: TapeId) -> TapeKind {
        let layout = &self.function.tapes[tape].layout;
        match layout {
            TapeLayout::Buffer(_) if layout.array_length().is_some() => TapeKind::Array,
            TapeLayout::Buffer(_) | TapeLayout::Rows(1) => TapeKind::Tape,
            TapeLayout::Rows(_) => TapeKind::Rows,
            TapeLayout::Stack => TapeKind::Stack,
        }
    }

    pub(super) fn tape_element(&self, tape: TapeId) -> TokenStream {
        let info = &self.function.tapes[tape];
        let lanes = self.context.lanes.as_ref().filter(|_| info.lanes);
        types::place(&self.context.private, &Type::Scalar(info.ty.clone()), lanes)
    }

    /// The type of the variable of a tape, with those that share its buffer.
    pub(super) fn tape_type(&self, tape: TapeId) -> TokenStream {
        let private = &self.context.private;
        let element = match self.records.of(tape) {
            Some(_) => self.stored(tape, Self::tape_element),
            None => self.tape_element(tape),
        };
        let layout = &self.function.tapes[tape].layout;
        match self.tape_kind(tape) {
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
        }
    }

    fn tape_zero(&self, tape: TapeId) -> TokenStream {
        let info = &self.function.tapes[tape];
        let zero = super::literal::zero(&self.context.private, &info.ty);
        match &self.context.lanes {
            Some(derivative) if info.lanes => quote!(#derivative::zero()),
            _ => zero,
        }
    }

    /// Where an element stands: in a buffer, row-major.
    pub(super) fn tape_index(&self, tape: TapeId, index: &[Operand], taken: &Taken) -> TapeIndex {
        if self.tapes[&tape].kind == TapeKind::Rows {
            let mut numbers = index
                .iter()
                .map(|number| self.operand(number, taken).tokens().clone())
                .collect::<Vec<_>>();
            let last = numbers.pop().unwrap_or_default();
            return TapeIndex {
                row: Some(quote!([#(#numbers),*])),
                element: last,
            };
        }
        let dimensions = self.dimensions(tape);
        let mut offset: Option<Expression> = None;
        for (step, position) in index.iter().enumerate() {
            let position_expression = self.operand(position, taken);
            offset = Some(match offset {
                None => position_expression,
                Some(offset) => {
                    let row = self.operand(&dimensions[step], taken);
                    let rows = Expression::binary(quote!(*), Level::Product, &offset, &row);
                    Expression::binary(quote!(+), Level::Sum, &rows, &position_expression)
                }
            });
        }
        let element = offset.map_or_else(|| quote!(0), |offset| offset.tokens().clone());
        TapeIndex { row: None, element }
    }

    pub(super) fn put(&mut self, stmt: &'a Stmt, tape: TapeId, index: &[Operand], value: &Operand) {
        let taken = self.take_for(stmt);
        let value = self.whole(
            &self.operand(value, &taken),
            self.function.tapes[tape].lanes,
        );
        self.write_to_tape(tape, index, &value, &taken);
    }

    pub(super) fn get(&mut self, value: ValueId, tape: TapeId, index: &'a [Operand]) {
        let lanes = self.function.values[value].lanes;
        let element = |tokens: TokenStream| {
            let mut expression = Expression::new(tokens, Level::Postfix);
            expression.lanes = lanes;
            expression
        };
        match self.tapes[&tape].kind {
            TapeKind::Array | TapeKind::Tape | TapeKind::Rows => {
                let mut own = Effects::default();
                own.reads_tapes.insert(tape);
                let read: Vec<&Operand> = index
                    .iter()
                    .chain(self.dimensions(tape).iter().skip(1))
                    .collect();
                let taken = self.take(&read, &own);
                let place = self.read_of_tape(tape, index, &taken);
                self.define(value, element(place), own, &taken);
            }
            TapeKind::Stack => {
                let taken = self.take(&[], &Effects::default());
                let place = self.read_of_tape(tape, index, &taken);
                if self.variables.use_count(value) > 0 {
                    self.declare_as(value, &element(place));
                }
            }
        }
    }

    /// Writes what keeps `value` on a tape.
    pub(super) fn write_to_tape(
        &mut self,
        tape: TapeId,
        index: &[Operand],
        value: &TokenStream,
        taken: &Taken,
    ) {
        let buffer = &self.tapes[&tape].buffer;
        let tokens = match self.tapes[&tape].kind {
            TapeKind::Array => {
                let TapeIndex { element, .. } = self.tape_index(tape, index, taken);
                quote!(#buffer[#element] = #value;)
            }
            TapeKind::Tape | TapeKind::Rows => {
                let TapeIndex { row, element } = self.tape_index(tape, index, taken);
                let row = row.map(|row| quote!(#row,));
                quote!(#buffer.put(#row #element, #value);)
            }
            TapeKind::Stack => quote!(#buffer.push(#value);),
        };
        self.write(tokens);
    }

    /// The place that is read; of a stack the next one, after its cursor has been moved there.
    pub(super) fn read_of_tape(
        &mut self,
        tape: TapeId,
        index: &[Operand],
        taken: &Taken,
    ) -> TokenStream {
        let buffer = self.tapes[&tape].buffer.clone();
        match self.tapes[&tape].kind {
            TapeKind::Array | TapeKind::Tape | TapeKind::Rows => {
                let index = match self.tape_index(tape, index, taken) {
                    TapeIndex {
                        row: Some(row),
                        element,
                    } => quote!((#row, #element)),
                    TapeIndex { row: None, element } => element,
                };
                quote!(#buffer[#index])
            }
            TapeKind::Stack => {
                let cursor = self.tapes[&tape]
                    .cursor
                    .clone()
                    .expect("a stack is read after its cursor is made");
                quote!(#cursor.next())
            }
        }
    }

    /// Declares what the iterations of a mirrored loop find on the tapes that its loop filled: a slice as long as the
    /// loop, within which no access needs a check. Hands back what the tapes are called outside of the loop.
    pub(super) fn cut_tapes(
        &mut self,
        mirror: &For,
        high: &TokenStream,
    ) -> Vec<(TapeId, TapeNames)> {
        let is_name = high.clone().into_iter().count() == 1;
        let Some(index) = self.function.mirrors.get(&mirror.index).filter(|_| is_name) else {
            return Vec::new();
        };
        let mut read = BTreeSet::new();
        mirror.body.visit_tapes(&mut |tape| _ = read.insert(*tape));
        read.retain(|tape| self.tape_kind(*tape) == TapeKind::Tape);
        if read.is_empty() {
            return Vec::new();
        }
        let filled = filled(&self.whole.body, *index, &mirror.range).unwrap_or_default();
        read.retain(|tape| filled.contains(tape));
        let mut outside = Vec::new();
        for tape in read {
            let kept = self.names.fresh("kept");
            let Some(names) = self.tapes.get_mut(&tape) else {
                continue;
            };
            outside.push((tape, names.clone()));
            let buffer = std::mem::replace(&mut names.buffer, kept.clone());
            self.write(quote!(let #kept = #buffer.kept(#high);));
        }
        outside
    }

    /// For each stack made in these statements or ahead of them, where its reading begins.
    pub(super) fn cursors(&mut self, stmts: &[Stmt]) -> Vec<(usize, TapeId)> {
        let mut found: Vec<(usize, TapeId)> = Vec::new();
        // Those handed on were made ahead of the outermost statements, which come first here.
        let mut made = std::mem::take(&mut self.received);
        for (i, stmt) in stmts.iter().enumerate() {
            if let Stmt::TapeAlloc(tape)
            | Stmt::Recall {
                content: Recalled::Tape(tape),
                ..
            } = stmt
                && self.function.tapes[*tape].layout == TapeLayout::Stack
                && !self.records.is_follower(*tape)
            {
                made.push(*tape);
            }
            for &tape in &made {
                if !found.iter().any(|(_, other)| *other == tape) && reads(stmt, tape) {
                    found.push((i, tape));
                }
            }
        }
        found
    }

    /// Knows a tape by a buffer that is only read.
    pub(super) fn read_buffer(&mut self, tape: TapeId, buffer: Ident) {
        let kind = self.tape_kind(tape);
        self.tapes.insert(
            tape,
            TapeNames {
                buffer,
                cursor: None,
                kind,
            },
        );
    }

    /// Declares the cursor of a stack at its end.
    pub(super) fn begin_reading(&mut self, tape: TapeId) {
        let cursor = self.names.fresh("last");
        let (private, buffer) = (&self.context.private, &self.tapes[&tape].buffer);
        self.write(quote!(let mut #cursor = #private::Back::new(&#buffer);));
        if let Some(names) = self.tapes.get_mut(&tape) {
            names.cursor = Some(cursor);
        }
    }

    /// Gives the buffers that these statements took back to the workspace, but for those that are handed on, the last one
    /// first: each then serves the same purpose in the next call, and has the size for it.
    pub(super) fn give_back(&mut self, stmts: &[Stmt], handed_on: &HashSet<Kept>) {
        let Some(workspace) = &self.context.workspace else {
            return;
        };
        let mut tokens = TokenStream::new();
        for stmt in stmts.iter().rev() {
            let buffer = match stmt {
                Stmt::TapeAlloc(tape) => {
                    let names = self.tapes.get(tape);
                    let Some(names) = names.filter(|_| !handed_on.contains(&Kept::Tape(*tape)))
                    else {
                        continue;
                    };
                    tokens.extend(names.kind.given(workspace, &names.buffer.to_token_stream()));
                    continue;
                }
                Stmt::Alloc { memory, .. }
                    if self.is_borrowed(*memory)
                        && !self.is_output(*memory)
                        && !handed_on.contains(&Kept::Memory(*memory))
                        && !self.moved.contains(memory) =>
                {
                    &self.memories[memory]
                }
                _ => continue,
            };
            tokens.extend(quote!(#workspace.give(#buffer);));
        }
        self.settle_all_but_yields(&tokens);
        self.write(tokens);
    }

    /// Whether the function returns this memory itself.
    fn is_output(&self, memory: MemoryId) -> bool {
        fn holds(output: &crate::ir::Output, memory: MemoryId) -> bool {
            match output {
                crate::ir::Output::Memory(other) => *other == memory,
                crate::ir::Output::Tuple(parts) => parts.iter().any(|part| holds(part, memory)),
                crate::ir::Output::Unit | crate::ir::Output::Scalar(_) => false,
            }
        }
        holds(&self.function.output, memory)
    }

    /// What is still pending may read the buffers, so that it is written down ahead of their return.
    fn settle_all_but_yields(&mut self, returned: &TokenStream) {
        if !returned.is_empty() {
            self.settle_all();
        }
    }
}

/// Where an element of a tape stands.
pub(super) struct TapeIndex {
    /// The row, of a tape with rows.
    row: Option<TokenStream>,
    pub(super) element: TokenStream,
}

/// The tapes on which the loop with this index keeps a value in each iteration, if it runs over these indices from 0 on.
fn filled(block: &Block, index: ValueId, range: &Range) -> Option<BTreeSet<TapeId>> {
    block.stmts.iter().find_map(|stmt| match stmt {
        Stmt::For(each) if each.index == index => {
            let fits = each.stop.is_none()
                && !each.range.reversed
                && !each.range.inclusive
                && (&each.range.low, &each.range.high) == (&range.low, &range.high)
                && range.low == usize_literal(0);
            let puts = each.body.stmts.iter().filter_map(|stmt| match stmt {
                Stmt::TapePut {
                    tape, index: at, ..
                } if *at == [Operand::Value(index)] => Some(*tape),
                _ => None,
            });
            Some(if fits {
                puts.collect()
            } else {
                BTreeSet::new()
            })
        }
        _ => stmt
            .blocks()
            .into_iter()
            .find_map(|inner| filled(inner, index, range)),
    })
}

/// Whether a statement reads a tape.
fn reads(stmt: &Stmt, tape: TapeId) -> bool {
    let in_block = |block: &Block| block.stmts.iter().any(|stmt| reads(stmt, tape));
    match stmt {
        Stmt::TapeGet { tape: other, .. } => *other == tape,
        _ => stmt.blocks().into_iter().any(in_block),
    }
}
