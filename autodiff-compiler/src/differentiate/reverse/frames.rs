//! Loops whose iterations are run again in the reverse sweep, each just ahead of its mirror.
//!
//! Where an outer loop only feeds sums, an iteration needs nothing of the others, and everything that its mirror needs
//! can be had by running it once more: its temporaries live for one iteration instead of being kept for all of them.
//! Such a loop is a *frame*: what is kept inside is kept for one iteration, and the scratch memory that it overwrites
//! is replaced by a replica. (Reversing each iteration on the spot is known from Tapenade's directive for parallel
//! loops: Hascoët, Fidanova and Held, "Adjoining independent computations", 2002.)

use rustc_hash::FxHashSet as HashSet;
use std::collections::BTreeSet;

use crate::analysis::{BlockId, BlockKind, Definition, Structure};
use crate::ir::{
    Block, Carried, Function, Init, InitTree, Length, MemoryId, Op, Operand, Place, Projection,
    RepeatCount, Stmt, Type, ValueId,
};

use super::super::forward::whole;
use super::snapshots::is_restorable;
use crate::ir::usize_literal;

/// What has to be run again of one iteration.
#[derive(Clone, Debug, Default)]
pub struct Slice {
    /// The values that are needed.
    pub values: HashSet<ValueId>,
    /// The memories whose content is needed, among those that the iteration declares or writes.
    pub memories: BTreeSet<MemoryId>,
    /// Those of them whose content at the beginning of the iteration is needed, too.
    pub restored: BTreeSet<MemoryId>,
}

/// The body of the loop at the top level around a block, if there is one.
pub fn outermost_loop(structure: &Structure, block: BlockId) -> Option<BlockId> {
    structure.loops(block).first().copied()
}

/// What running an iteration of the loop with this body again takes, for these values to be had; `None` where it can't
/// be done. With `restores`, memory may be put back to what it held at the beginning of the iteration.
pub fn slice(
    primal: &Function,
    structure: &Structure,
    body: BlockId,
    block: &Block,
    needed: &BTreeSet<ValueId>,
    restores: bool,
) -> Option<Slice> {
    if !matches!(
        structure.info(body).kind,
        BlockKind::For { stops: false, .. }
    ) {
        return None;
    }
    // What a callee leaves on the shared tape belongs to the sweep over all iterations.
    let mut calls = false;
    block.for_each_stmt(&mut |stmt| calls |= matches!(stmt, Stmt::Call(_)));
    if calls {
        return None;
    }
    let mut slicing = Slicing {
        structure,
        body,
        slice: Slice::default(),
        changed: true,
        possible: true,
        restores,
    };
    for value in needed {
        if structure
            .home(*value)
            .is_some_and(|home| structure.is_inside(home, body))
        {
            slicing.value(*value);
        }
    }
    while std::mem::take(&mut slicing.changed) {
        slicing.block(block);
    }
    let mut slice = slicing.slice;
    let exposed = slice.memories.iter().copied().filter(|memory| {
        structure.memory_home(*memory) == Some(Structure::TOP)
            && exposes(primal, structure, block, *memory)
    });
    slice.restored = exposed.collect();
    let restorable = |memory: &MemoryId| restores && is_restorable(primal, structure, *memory);
    let covered = slice.restored.iter().all(restorable);
    (slicing.possible && covered).then_some(slice)
}

struct Slicing<'a> {
    structure: &'a Structure,
    body: BlockId,
    slice: Slice,
    changed: bool,
    possible: bool,
    restores: bool,
}

impl Slicing<'_> {
    fn value(&mut self, value: ValueId) {
        self.changed |= self.slice.values.insert(value);
    }

    fn operand(&mut self, operand: &Operand) {
        if let Some(value) = operand.value() {
            self.value(value);
        }
    }

    /// A memory is read: if the iteration declares or writes it, its content has to be made again; if not, it must
    /// still be what it was.
    fn memory(&mut self, memory: MemoryId) {
        let inside = |block: BlockId| self.structure.is_inside(block, self.body);
        let home = self.structure.memory_home(memory);
        let writes = self.structure.writes(memory);
        if home.is_some_and(inside) || writes.iter().any(|write| inside(write.block)) {
            self.changed |= self.slice.memories.insert(memory);
            self.possible &= home.is_some_and(inside) || home == Some(Structure::TOP);
        } else {
            let end = self.structure.info(self.body).span.1;
            let lasts = writes.iter().all(|write| write.position <= end);
            if self.restores && !lasts {
                self.changed |= self.slice.memories.insert(memory);
            }
            self.possible &= home == Some(Structure::TOP) && (lasts || self.restores);
        }
    }

    /// Marks what the needed statements of a block need; says whether there is one.
    fn block(&mut self, block: &Block) -> bool {
        let mut any = false;
        for stmt in &block.stmts {
            any |= self.stmt(stmt);
        }
        any
    }

    fn stmt(&mut self, stmt: &Stmt) -> bool {
        let needed = match stmt {
            Stmt::Let { value, op } => {
                let needed = self.slice.values.contains(value);
                self.possible &= !(needed && matches!(op, Op::Opaque(_)));
                needed
            }
            Stmt::Load { value, .. } => self.slice.values.contains(value),
            Stmt::If(branch) => {
                for (k, result) in branch.results.iter().enumerate() {
                    if self.slice.values.contains(result) {
                        self.operand(&branch.then.yields[k]);
                        self.operand(&branch.otherwise.yields[k]);
                    }
                }
                let inside = self.block(&branch.then) | self.block(&branch.otherwise);
                inside
                    || branch
                        .results
                        .iter()
                        .any(|result| self.slice.values.contains(result))
            }
            Stmt::For(inner) => {
                let needed = self.inner_loop(&inner.carried, &inner.body);
                if let (true, Some(stop)) = (needed, inner.stop) {
                    self.value(inner.carried[stop].parameter);
                }
                needed
            }
            Stmt::While(inner) => {
                let needed = self.inner_loop(&inner.carried, &inner.body);
                if needed {
                    inner
                        .condition
                        .yields
                        .iter()
                        .for_each(|operand| self.operand(operand));
                    self.block(&inner.condition);
                }
                needed
            }
            _ => {
                let mut written = false;
                stmt.visit_memories(&mut |memory, access| {
                    written |= access.writes() && self.slice.memories.contains(memory);
                });
                self.possible &= !written || stmt.resized().is_empty();
                written
            }
        };
        if needed {
            match stmt {
                Stmt::For(inner) => inner
                    .range
                    .visit_operands(&mut |operand| self.operand(operand)),
                Stmt::While(_) => {}
                _ => stmt.visit_operands(&mut |operand| self.operand(operand)),
            }
            let mut read = Vec::new();
            stmt.visit_memories(&mut |memory, _| read.push(*memory));
            read.into_iter().for_each(|memory| self.memory(memory));
        }
        needed
    }

    fn inner_loop(&mut self, carried: &[Carried], body: &Block) -> bool {
        for (variable, next) in carried.iter().zip(&body.yields) {
            if self.slice.values.contains(&variable.parameter)
                || self.slice.values.contains(&variable.result)
            {
                self.value(variable.parameter);
                self.operand(&variable.initial);
                self.operand(next);
            }
        }
        let inside = self.block(body);
        inside
            || carried
                .iter()
                .any(|variable| self.slice.values.contains(&variable.result))
    }
}

impl Slice {
    /// Whether the statement, or one inside it, has to be run again.
    pub fn needs(&self, stmt: &Stmt) -> bool {
        if stmt
            .defined_values()
            .iter()
            .any(|value| self.values.contains(value))
        {
            return true;
        }
        let mut written = false;
        stmt.visit_memories(&mut |memory, access| {
            written |= access.writes() && self.memories.contains(memory)
        });
        written
            || stmt
                .blocks()
                .into_iter()
                .any(|block| block.stmts.iter().any(|stmt| self.needs(stmt)))
    }
}

/// Whether the block may read something of a memory that it has not overwritten itself: each read comes after a
/// statement of its block, or of one around it, that overwrites the whole.
fn exposes(primal: &Function, structure: &Structure, block: &Block, memory: MemoryId) -> bool {
    for stmt in &block.stmts {
        if overwrites(primal, structure, stmt, &whole(memory)) {
            return false;
        }
        let mut reads = false;
        stmt.visit_memories(&mut |touched, access| reads |= *touched == memory && access.reads());
        if reads
            || stmt
                .blocks()
                .into_iter()
                .any(|inner| exposes(primal, structure, inner, memory))
        {
            return true;
        }
    }
    false
}

/// Whether the statement overwrites every scalar of a place and reads none before.
fn overwrites(primal: &Function, structure: &Structure, stmt: &Stmt, place: &Place) -> bool {
    match stmt {
        Stmt::Store { place: stored, .. } => stored == place,
        Stmt::Copy { to, from } => to == place && from.memory != place.memory,
        Stmt::For(inner) => {
            let Some(length) = length_of(primal, structure, place) else {
                return false;
            };
            if inner.stop.is_some()
                || inner.range.inclusive
                || inner.range.low != usize_literal(0)
                || inner.range.high != length
            {
                return false;
            }
            let mut element = place.clone();
            element
                .path
                .push(Projection::Index(Operand::Value(inner.index)));
            for stmt in &inner.body.stmts {
                if overwrites(primal, structure, stmt, &element) {
                    return true;
                }
                let mut touches = false;
                stmt.visit_memories(&mut |touched, _| touches |= *touched == place.memory);
                stmt.for_each_block(&mut |inner| {
                    inner.visit_memories(&mut |touched, _| touches |= *touched == place.memory);
                });
                if touches {
                    return false;
                }
            }
            false
        }
        _ => false,
    }
}

/// The length of an array or of a `Vec` as it was declared.
fn length_of(primal: &Function, structure: &Structure, place: &Place) -> Option<Operand> {
    match crate::ir::place_type(primal, place)? {
        Type::Array(_, Length::Literal(n)) => Some(usize_literal(n)),
        Type::Vec(_)
            if place.path.is_empty()
                && structure
                    .writes(place.memory)
                    .iter()
                    .all(|write| !write.place.path.is_empty()) =>
        {
            primal.body.stmts.iter().find_map(|stmt| match stmt {
                Stmt::Alloc {
                    memory,
                    init: Init::Tree(InitTree::Repeat(_, RepeatCount::Dynamic(length))),
                } if *memory == place.memory => Some(length.clone()),
                _ => None,
            })
        }
        _ => None,
    }
}

/// Whether a value is one that the loop with this body carries from iteration to iteration.
pub fn is_carried_by(structure: &Structure, value: ValueId, body: BlockId) -> bool {
    structure.home(value) == Some(body)
        && matches!(structure.definition(value), Some(Definition::Carried))
}
