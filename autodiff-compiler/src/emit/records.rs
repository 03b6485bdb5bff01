//! Tapes that are written together and read together share one buffer, of an array for each iteration.
//!
//! A loop over a long body keeps dozens of values. One buffer of arrays is one allocation, one bounds check an
//! iteration and one statement a sweep, where a buffer a value would be as many of each.

use std::collections::HashMap;

use crate::ir::{Block, Function, Operand, ScalarType, Stmt, TapeId, TapeInfo, TapeLayout};

/// The fewest tapes that share a buffer: loops that keep a value or two vectorise better over buffers of their own.
const FEWEST: usize = 4;

/// Which tapes share a buffer.
#[derive(Debug, Default)]
pub(super) struct Records {
    /// The tapes of each record, in the order in which they are made.
    records: Vec<Vec<TapeId>>,
    /// For each tape in a record, the record.
    record: HashMap<TapeId, usize>,
}

impl Records {
    /// Finds the tapes of `function` that go together, and moves their statements next to each other.
    pub(super) fn gather(function: &mut Function) -> Self {
        let mut sites = Sites::default();
        sites.visit(&function.body, &mut Vec::new());
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
        groups.retain(|(_, tapes)| tapes.len() >= FEWEST);
        let mut this = Self::default();
        for (_, mut tapes) in groups {
            tapes.sort_by_key(|tape| sites.made.get(tape).map(|site| site.order));
            let record = this.records.len();
            this.record.extend(tapes.iter().map(|tape| (*tape, record)));
            this.records.push(tapes);
        }
        if !this.records.is_empty() {
            this.move_together(&mut function.body);
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

/// What tapes must have in common to share a buffer.
#[derive(PartialEq)]
struct Key {
    ty: ScalarType,
    lanes: bool,
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
            ty: info.ty.clone(),
            lanes: info.lanes,
            layout: info.layout.clone(),
            blocks: [&made.block, &written.block, &read.block].map(Clone::clone),
            indices: [&written.index, &read.index].map(Clone::clone),
        })
    }
}
