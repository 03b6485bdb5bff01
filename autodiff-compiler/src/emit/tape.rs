//! Tapes: what the forward sweep leaves for the reverse sweep.
//!
//! A buffer has its exact size from the start and is indexed by the iteration. A stack grows as it is written and is
//! read by a cursor from its end downwards; nothing is ever popped, so that the reverse sweep can run again.

use proc_macro2::{Ident, TokenStream};
use quote::quote;

use super::body::Body;
use super::effects::Effects;
use super::expression::{Expression, Level};
use super::pending::Taken;
use super::types;
use crate::ir::{
    Block, Function, MemoryId, Operand, Recalled, Stmt, TapeId, TapeLayout, Type, ValueId,
};

/// The largest number of elements that a tape may have on the call stack.
const ON_THE_STACK: usize = 256;

/// The variables of a tape.
pub(super) struct TapeNames {
    pub(super) buffer: Ident,
    /// Where a stack is read next.
    cursor: Option<Ident>,
    /// Whether the buffer is a `Vec`, which may belong to the workspace.
    pub(super) on_heap: bool,
}

impl<'a> Body<'a> {
    pub(super) fn make_tape(&mut self, stmt: &'a Stmt, tape: TapeId) {
        let taken = self.take_for(stmt);
        let info = &self.function.tapes[tape];
        let (mut element, mut zero) = (self.tape_element(tape), self.tape_zero(tape));
        let mut name = info.name.as_str();
        if let Some(tapes) = self.records.of(tape) {
            let count = super::flat::literal(tapes.len());
            (element, zero) = (quote!([#element; #count]), quote!([#zero; #count]));
            name = if info.lanes { "tape_dot" } else { "tape" };
        }
        let private = &self.context.private;
        let (content, on_heap) = match (&info.layout, literal_size(self.dimensions(tape))) {
            (TapeLayout::Buffer(_), Some(size)) if size <= ON_THE_STACK => {
                let size = proc_macro2::Literal::usize_unsuffixed(size);
                (quote!([#zero; #size]), false)
            }
            (TapeLayout::Buffer(dimensions), _) => {
                let size = self.product(dimensions, &taken);
                let content = match &self.context.workspace {
                    Some(workspace) => quote!(#private::filled(#workspace, #zero, #size)),
                    None => quote!(#private::vec![#zero; #size]),
                };
                (content, true)
            }
            (TapeLayout::Stack, _) => {
                let content = match &self.context.workspace {
                    Some(workspace) => quote!(#workspace.take::<#element>()),
                    None => quote!(#private::Vec::<#element>::new()),
                };
                (content, true)
            }
        };
        let buffer = self.names.fresh(name);
        self.write(quote!(let mut #buffer = #content;));
        self.tapes.insert(
            tape,
            TapeNames {
                buffer,
                cursor: None,
                on_heap,
            },
        );
    }

    pub(super) fn tape_element(&self, tape: TapeId) -> TokenStream {
        let info = &self.function.tapes[tape];
        let lanes = self.context.lanes.as_ref().filter(|_| info.lanes);
        types::place(&self.context.private, &Type::Scalar(info.ty.clone()), lanes)
    }

    fn tape_zero(&self, tape: TapeId) -> TokenStream {
        let info = &self.function.tapes[tape];
        let zero = super::literal::zero(&self.context.private, &info.ty);
        match &self.context.lanes {
            Some(derivative) if info.lanes => quote!(#derivative::zero()),
            _ => zero,
        }
    }

    fn product(&self, factors: &[Operand], taken: &Taken) -> TokenStream {
        let mut factors = factors.iter().map(|factor| self.operand(factor, taken));
        let first = factors
            .next()
            .unwrap_or_else(|| Expression::literal(quote!(1), Level::Atom));
        let product = factors.fold(first, |a, b| {
            Expression::binary(quote!(*), Level::Product, &a, &b)
        });
        product.tokens().clone()
    }

    /// The row-major index into a buffer.
    fn tape_index(&self, tape: TapeId, index: &[Operand], taken: &Taken) -> TokenStream {
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
        offset.map_or_else(|| quote!(0), |offset| offset.tokens().clone())
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
        match self.function.tapes[tape].layout {
            TapeLayout::Buffer(_) => {
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
            TapeLayout::Stack => {
                let taken = self.take(&[], &Effects::default());
                let place = self.read_of_tape(tape, index, &taken);
                if self.variables.use_count(value) > 0 {
                    self.declare_as(value, &element(place));
                }
            }
        }
    }

    /// Whether a statement makes, writes or reads a tape that shares its buffer.
    pub(super) fn belongs_to_a_record(&self, stmt: &Stmt) -> bool {
        match stmt {
            Stmt::TapeAlloc(tape) | Stmt::TapePut { tape, .. } | Stmt::TapeGet { tape, .. } => {
                self.records.of(*tape).is_some()
            }
            _ => false,
        }
    }

    /// The statements at the front that make, write or read a record, if it begins here.
    pub(super) fn record(&self, stmts: &'a [Stmt]) -> Option<&'a [Stmt]> {
        match &stmts[0] {
            Stmt::TapeAlloc(tape) if !self.records.is_follower(*tape) => Some(&stmts[..1]),
            Stmt::TapePut { tape, .. } | Stmt::TapeGet { tape, .. }
                if !self.records.is_follower(*tape) =>
            {
                Some(&stmts[..self.records.of(*tape)?.len()])
            }
            _ => None,
        }
    }

    /// Writes what makes, writes or reads a record.
    pub(super) fn record_statement(&mut self, stmts: &'a [Stmt]) {
        let effects = stmts.iter().map(|stmt| self.effects(stmt));
        let own = effects.fold(Effects::default(), |mut all, effects| {
            all.absorb(&effects);
            all
        });
        match &stmts[0] {
            Stmt::TapeAlloc(tape) => self.make_tape(&stmts[0], *tape),
            Stmt::TapePut { tape, index, .. } => {
                let values: Vec<&Operand> = stmts.iter().filter_map(put_value).collect();
                let rows = self.dimensions(*tape).iter().skip(1);
                let operands: Vec<&Operand> =
                    values.iter().copied().chain(index).chain(rows).collect();
                let taken = self.take_apart(&operands, &own);
                self.settle(&own, &taken);
                let lanes = self.function.tapes[*tape].lanes;
                let values: Vec<TokenStream> = values
                    .into_iter()
                    .map(|value| self.whole(&self.operand(value, &taken), lanes))
                    .collect();
                self.write_to_tape(*tape, index, &quote!([#(#values),*]), &taken);
            }
            Stmt::TapeGet { tape, index, .. } => {
                let rows = self.dimensions(*tape).iter().skip(1);
                let operands: Vec<&Operand> = index.iter().chain(rows).collect();
                let taken = self.take(&operands, &own);
                self.settle(&own, &taken);
                let place = self.read_of_tape(*tape, index, &taken);
                let values: Vec<TokenStream> = stmts
                    .iter()
                    .filter_map(|stmt| match stmt {
                        Stmt::TapeGet { value, .. } => Some(self.pattern(*value)),
                        _ => None,
                    })
                    .collect();
                self.write(quote!(let [#(#values),*] = #place;));
            }
            _ => unreachable!("a record is made, written and read"),
        }
    }

    /// The pattern that declares a value; `_` where nothing uses it.
    fn pattern(&mut self, value: ValueId) -> TokenStream {
        if self.variables.use_count(value) == 0 {
            return quote!(_);
        }
        let mutable = self.variables.is_mutable(value).then(|| quote!(mut));
        let ident = self.declare(value);
        quote!(#mutable #ident)
    }

    fn write_to_tape(
        &mut self,
        tape: TapeId,
        index: &[Operand],
        value: &TokenStream,
        taken: &Taken,
    ) {
        let buffer = self.tapes[&tape].buffer.clone();
        let tokens = match self.function.tapes[tape].layout {
            TapeLayout::Buffer(_) => {
                let index = self.tape_index(tape, index, taken);
                quote!(#buffer[#index] = #value;)
            }
            TapeLayout::Stack => quote!(#buffer.push(#value);),
        };
        self.write(tokens);
    }

    /// The place that is read; of a stack the next one, after its cursor has been moved there.
    fn read_of_tape(&mut self, tape: TapeId, index: &[Operand], taken: &Taken) -> TokenStream {
        let buffer = self.tapes[&tape].buffer.clone();
        match self.function.tapes[tape].layout {
            TapeLayout::Buffer(_) => {
                let index = self.tape_index(tape, index, taken);
                quote!(#buffer[#index])
            }
            TapeLayout::Stack => {
                let cursor = self.tapes[&tape]
                    .cursor
                    .clone()
                    .expect("a stack is read after its cursor is made");
                self.write(quote!(#cursor -= 1;));
                quote!(#buffer[#cursor])
            }
        }
    }

    /// For each stack made in these statements or ahead of them, where its reading begins.
    pub(super) fn cursors(&self, stmts: &[Stmt]) -> Vec<(usize, TapeId)> {
        let mut found: Vec<(usize, TapeId)> = Vec::new();
        let mut made: Vec<TapeId> = Vec::new();
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
        self.tapes.insert(
            tape,
            TapeNames {
                buffer,
                cursor: None,
                on_heap: false,
            },
        );
    }

    /// Declares the cursor of a stack at its end.
    pub(super) fn begin_reading(&mut self, tape: TapeId) {
        let name = format!("{}_cursor", self.function.tapes[tape].name);
        let cursor = self.names.fresh(&name);
        let buffer = self.tapes[&tape].buffer.clone();
        self.write(quote!(let mut #cursor = #buffer.len();));
        if let Some(names) = self.tapes.get_mut(&tape) {
            names.cursor = Some(cursor);
        }
    }

    /// Gives the buffers that these statements took back to the workspace.
    pub(super) fn give_back(&mut self, stmts: &[Stmt]) {
        let Some(workspace) = &self.context.workspace else {
            return;
        };
        let mut tokens = TokenStream::new();
        for stmt in stmts {
            let buffer = match stmt {
                Stmt::TapeAlloc(tape) if self.tapes.get(tape).is_some_and(|tape| tape.on_heap) => {
                    &self.tapes[tape].buffer
                }
                Stmt::Alloc { memory, .. }
                    if self.is_borrowed(*memory)
                        && !self.is_output(*memory)
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

/// The number of elements of a tape that is kept on the call stack.
pub(super) fn size_on_the_stack(function: &Function, tape: TapeId) -> Option<TokenStream> {
    match &function.tapes[tape].layout {
        TapeLayout::Buffer(dimensions) => literal_size(dimensions)
            .filter(|size| *size <= ON_THE_STACK)
            .map(super::flat::literal),
        TapeLayout::Stack => None,
    }
}

/// The number of elements of a buffer whose trip counts are all literals.
fn literal_size(dimensions: &[Operand]) -> Option<usize> {
    dimensions
        .iter()
        .try_fold(1_usize, |size, dimension| match dimension {
            Operand::Literal(literal) => size.checked_mul(literal.text.parse().ok()?),
            _ => None,
        })
}

/// What a statement writes to a tape.
fn put_value(stmt: &Stmt) -> Option<&Operand> {
    match stmt {
        Stmt::TapePut { value, .. } => Some(value),
        _ => None,
    }
}

/// Whether a statement reads a tape.
fn reads(stmt: &Stmt, tape: TapeId) -> bool {
    let in_block = |block: &Block| block.stmts.iter().any(|stmt| reads(stmt, tape));
    match stmt {
        Stmt::TapeGet { tape: other, .. } => *other == tape,
        _ => stmt.blocks().into_iter().any(in_block),
    }
}
