//! Tapes that are written together and read together share one buffer, of a record for each iteration: an array, or a
//! pair of arrays where types differ.
//!
//! A loop over a long body keeps dozens of values. One buffer of records is one allocation, one bounds check an
//! iteration and one statement a sweep, where a buffer a value would be as many of each.

use rustc_hash::FxHashMap as HashMap;

use proc_macro2::TokenStream;
use quote::{ToTokens, quote};

use super::body::Body;
use super::effects::Effects;
use super::expression::width;
use super::pending::Taken;
use crate::ir::{Block, Function, Operand, Stmt, TapeId, TapeInfo, TapeLayout, ValueId};

/// The fewest buffers of scalars that become one: loops that keep a value or two vectorise better over buffers of their
/// own. Stacks and derivatives along several directions gain nothing from that.
const FEWEST: usize = 4;
/// The most values of different types in one record.
const MOST_MIXED: usize = 8;

/// From how many columns on the parts of a record stand in lines of their own.
pub(super) const LONG: usize = 50;

/// Which tapes share a buffer.
#[derive(Debug, Default)]
pub(super) struct Records {
    /// The tapes of each record, in the order in which they are made.
    records: Vec<Vec<TapeId>>,
    /// For each tape in a record, the record.
    record: HashMap<TapeId, usize>,
}

impl Records {
    /// Finds the tapes of a function that go together, and moves their statements next to each other. The function may be
    /// in two parts, a forward and a reverse sweep, which know the same tapes.
    pub(super) fn gather(parts: &mut [&mut Function]) -> Self {
        let mut sites = Sites::default();
        for (part, function) in parts.iter().enumerate() {
            sites.visit(&function.body, &mut vec![part]);
        }
        let function = &*parts[0];
        let mut groups: Vec<(Key, Vec<TapeId>)> = Vec::new();
        for (tape, info) in function.tapes.iter() {
            let Some(key) = sites.key(tape, info) else {
                continue;
            };
            match groups.iter_mut().find(|(other, _)| *other == key) {
                Some((_, tapes)) => tapes.push(tape),
                None => groups.push((key, vec![tape])),
            }
        }
        groups.retain(|(key, tapes)| {
            let is_plain = key.layout != TapeLayout::Stack
                && tapes.iter().all(|tape| !function.tapes[*tape].lanes);
            tapes.len() >= if is_plain { FEWEST } else { 2 }
        });
        let mut this = Self::default();
        for mut tapes in groups
            .into_iter()
            .flat_map(|(_, tapes)| parted(function, tapes))
        {
            tapes.sort_by_key(|tape| sites.made.get(tape).map(|site| site.order));
            // Those of one type stand together, the first of all in front.
            let made = tapes.clone();
            tapes.sort_by_key(|tape| {
                made.iter()
                    .position(|other| are_alike(function, *tape, *other))
            });
            let record = this.records.len();
            this.record.extend(tapes.iter().map(|tape| (*tape, record)));
            this.records.push(tapes);
        }
        if !this.records.is_empty() {
            for function in parts {
                this.move_together(&mut function.body);
            }
        }
        this
    }

    /// The tapes that share a buffer with `tape`, itself included, in order; `None` where it has its own.
    pub(super) fn of(&self, tape: TapeId) -> Option<&[TapeId]> {
        self.record
            .get(&tape)
            .map(|&record| self.records[record].as_slice())
    }

    /// Whether `tape` shares a buffer that stands under the name of another tape.
    pub(super) fn is_follower(&self, tape: TapeId) -> bool {
        self.of(tape).is_some_and(|tapes| tapes[0] != tape)
    }

    /// Within each block, moves what a record is made of to the last place that writes one of its values, and the
    /// values that are read to the first place that reads one.
    fn move_together(&self, block: &mut Block) {
        for stmt in &mut block.stmts {
            stmt.for_each_block_mut(&mut |inner| self.move_together(inner));
        }
        for tapes in &self.records {
            let position = |stmt: &Stmt, of: &dyn Fn(&Stmt) -> Option<TapeId>| {
                of(stmt).and_then(|tape| tapes.iter().position(|other| *other == tape))
            };
            let mut puts = Vec::new();
            let mut gets = Vec::new();
            let (mut last_put, mut first_get) = (0, usize::MAX);
            let mut kept = Vec::with_capacity(block.stmts.len());
            for stmt in std::mem::take(&mut block.stmts) {
                if let Some(slot) = position(&stmt, &put) {
                    last_put = kept.len();
                    puts.push((slot, stmt));
                } else if let Some(slot) = position(&stmt, &get) {
                    first_get = first_get.min(kept.len());
                    gets.push((slot, stmt));
                } else {
                    kept.push(stmt);
                }
            }
            block.stmts = kept;
            // A block that writes a record does not read it.
            for (at, mut moved) in [(last_put, puts), (first_get, gets)] {
                if !moved.is_empty() {
                    moved.sort_by_key(|(slot, _)| *slot);
                    block
                        .stmts
                        .splice(at..at, moved.into_iter().map(|(_, stmt)| stmt));
                }
            }
        }
    }
}

/// The tapes that go together, those of each type apart where they are many: one pattern for all would be hard to read.
fn parted(function: &Function, tapes: Vec<TapeId>) -> Vec<Vec<TapeId>> {
    if tapes.len() <= MOST_MIXED {
        return vec![tapes];
    }
    let mut parts: Vec<Vec<TapeId>> = Vec::new();
    for tape in tapes {
        match parts
            .iter_mut()
            .find(|part| are_alike(function, part[0], tape))
        {
            Some(part) => part.push(tape),
            None => parts.push(vec![tape]),
        }
    }
    parts.retain(|part| part.len() > 1);
    parts
}

/// Whether two tapes keep values of one type.
fn are_alike(function: &Function, a: TapeId, b: TapeId) -> bool {
    let (a, b) = (&function.tapes[a], &function.tapes[b]);
    a.ty == b.ty && a.lanes == b.lanes
}

fn put(stmt: &Stmt) -> Option<TapeId> {
    match stmt {
        Stmt::TapePut { tape, .. } => Some(*tape),
        _ => None,
    }
}

fn get(stmt: &Stmt) -> Option<TapeId> {
    match stmt {
        Stmt::TapeGet { tape, .. } => Some(*tape),
        _ => None,
    }
}

impl<'a> Body<'a> {
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
                let values: Vec<TokenStream> = values
                    .into_iter()
                    .zip(self.records.of(*tape).unwrap_or_default())
                    .map(|(value, tape)| {
                        let lanes = self.function.tapes[*tape].lanes;
                        self.whole(&self.operand(value, &taken), lanes)
                    })
                    .collect();
                let record = self.record_of(*tape, values);
                self.write_record(*tape, index, record, &taken);
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
                self.read_record(*tape, values, &place);
            }
            _ => unreachable!("a record is made, written and read"),
        }
    }

    /// Writes what keeps a record; a long one is a variable of its own, so that each stands in one line.
    fn write_record(
        &mut self,
        tape: TapeId,
        index: &[Operand],
        record: TokenStream,
        taken: &Taken,
    ) {
        let at = self.tape_index(tape, index, taken).element;
        let record = if width(&record) + width(&at) < LONG {
            record
        } else {
            let name = self.names.fresh("record");
            self.write(quote!(let #name = #record;));
            name.to_token_stream()
        };
        self.write_to_tape(tape, index, &record, taken);
    }

    /// Writes what reads a record from a place; the parts of a long one each in a line.
    fn read_record(&mut self, tape: TapeId, values: Vec<TokenStream>, place: &TokenStream) {
        let parts = self.parts_of(tape, values);
        let pattern = super::interface::tuple(parts.clone());
        if parts.len() < 2 || width(&pattern) < LONG {
            return self.write(quote!(let #pattern = #place;));
        }
        let record = self.names.fresh("record");
        self.write(quote!(let #record = &#place;));
        for (k, part) in parts.into_iter().enumerate() {
            let field = syn::Index::from(k);
            self.write(quote!(let #part = #record.#field;));
        }
    }

    /// One part for each tape that shares a buffer with `tape`, as one expression or pattern.
    fn record_of(&self, tape: TapeId, parts: Vec<TokenStream>) -> TokenStream {
        super::interface::tuple(self.parts_of(tape, parts))
    }

    /// As [`Self::record_of`], those of each type apart.
    fn parts_of(&self, tape: TapeId, parts: Vec<TokenStream>) -> Vec<TokenStream> {
        let mut parts = parts.into_iter();
        let fields = self.fields(tape).into_iter().map(|field| {
            let parts: Vec<TokenStream> = parts.by_ref().take(field.len()).collect();
            match &parts[..] {
                [one] => one.clone(),
                _ => quote!([#(#parts),*]),
            }
        });
        fields.collect()
    }

    /// What `tape` and those that share its buffer have in place of a scalar, given what each of them has.
    pub(super) fn stored(
        &self,
        tape: TapeId,
        scalar: impl Fn(&Self, TapeId) -> TokenStream,
    ) -> TokenStream {
        let fields = self.fields(tape).into_iter().map(|field| {
            let scalar = scalar(self, field[0]);
            match field.len() {
                1 => scalar,
                count => {
                    let count = super::flat::literal(count);
                    quote!([#scalar; #count])
                }
            }
        });
        super::interface::tuple(fields.collect())
    }

    /// The tapes that share a buffer with `tape`, those of one type together.
    fn fields(&self, tape: TapeId) -> Vec<&'a [TapeId]> {
        match self.records.of(tape) {
            Some(tapes) => tapes
                .chunk_by(|a, b| are_alike(self.function, *a, *b))
                .collect(),
            None => Vec::new(),
        }
    }

    /// The pattern that declares a value; `_` where nothing uses it.
    pub(super) fn pattern(&mut self, value: ValueId) -> TokenStream {
        if self.variables.use_count(value) == 0 {
            return quote!(_);
        }
        let mutable = self.variables.is_mutable(value).then(|| quote!(mut));
        let ident = self.declare(value);
        quote!(#mutable #ident)
    }
}

/// What a statement writes to a tape.
fn put_value(stmt: &Stmt) -> Option<&Operand> {
    match stmt {
        Stmt::TapePut { value, .. } => Some(value),
        _ => None,
    }
}

/// What tapes must have in common to share a buffer.
#[derive(PartialEq)]
struct Key {
    layout: TapeLayout,
    /// The block that makes them, that which writes them and that which reads them.
    blocks: [Vec<usize>; 3],
    /// The iteration that is written, and that which is read.
    indices: [Vec<Operand>; 2],
}

/// Where a tape is made, written or read.
#[derive(Clone)]
struct Site {
    /// How many such statements precede it.
    order: usize,
    /// The way to its block from the body of the function.
    block: Vec<usize>,
    index: Vec<Operand>,
    /// Whether there are several such statements for the tape.
    is_repeated: bool,
}

#[derive(Default)]
struct Sites {
    made: HashMap<TapeId, Site>,
    written: HashMap<TapeId, Site>,
    read: HashMap<TapeId, Site>,
}

impl Sites {
    fn visit(&mut self, block: &Block, path: &mut Vec<usize>) {
        for (position, stmt) in block.stmts.iter().enumerate() {
            let (sites, tape, index) = match stmt {
                Stmt::TapeAlloc(tape) => (&mut self.made, tape, Vec::new()),
                Stmt::TapePut { tape, index, .. } => (&mut self.written, tape, index.clone()),
                Stmt::TapeGet { tape, index, .. } => (&mut self.read, tape, index.clone()),
                _ => {
                    for (k, inner) in stmt.blocks().into_iter().enumerate() {
                        path.extend([position, k]);
                        self.visit(inner, path);
                        path.truncate(path.len() - 2);
                    }
                    continue;
                }
            };
            let order = sites.len();
            sites
                .entry(*tape)
                .and_modify(|site| site.is_repeated = true)
                .or_insert_with(|| Site {
                    order,
                    block: path.clone(),
                    index,
                    is_repeated: false,
                });
        }
    }

    /// What `tape` must have in common with others; `None` where it must have a buffer of its own.
    fn key(&self, tape: TapeId, info: &TapeInfo) -> Option<Key> {
        let [made, written, read] = [&self.made, &self.written, &self.read]
            .map(|sites| sites.get(&tape).filter(|site| !site.is_repeated));
        let (made, written, read) = (made?, written?, read?);
        // Neither block may contain the other: then all of one runs ahead of all of the other.
        let apart =
            !written.block.starts_with(&read.block) && !read.block.starts_with(&written.block);
        apart.then(|| Key {
            layout: info.layout.clone(),
            blocks: [&made.block, &written.block, &read.block].map(Clone::clone),
            indices: [&written.index, &read.index].map(Clone::clone),
        })
    }
}
