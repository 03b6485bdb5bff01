//! Reversed loops whose iterations do not depend on each other run upwards: the same work in the order that caches and
//! vector units like, and the loop of a fused sweep.
//!
//! The order of iterations is free where nothing is carried but sums, and memory is read only if nothing in the loop
//! writes it. Sums round differently in another order; only those of derivatives do, never the primal's.

use rustc_hash::FxHashSet as HashSet;

use crate::ir::{Block, For, Function, MemoryId, Op, Operand, Prim, Stmt, ValueId};

/// Straightens the loops of `function` that may be.
pub fn straighten(function: &mut Function) {
    let mut body = std::mem::take(&mut function.body);
    let turn = body
        .stmts
        .iter()
        .position(|stmt| matches!(stmt, Stmt::Turn))
        .unwrap_or(body.stmts.len());
    for stmt in &mut body.stmts[turn..] {
        straighten_stmt(stmt);
    }
    function.body = body;
}

fn straighten_stmt(stmt: &mut Stmt) {
    stmt.for_each_block_mut(&mut |inner| inner.stmts.iter_mut().for_each(straighten_stmt));
    if let Stmt::For(body) = stmt
        && body.range.reversed
        && body.stop.is_none()
        && is_free(body)
    {
        body.range.reversed = false;
    }
}

/// Whether the iterations of a loop may run in any order.
pub fn is_free(body: &For) -> bool {
    let mut accesses = Accesses::default();
    accesses.collect(&body.body);
    if !accesses.commute() {
        return false;
    }
    body.carried
        .iter()
        .zip(&body.body.yields)
        .all(|(variable, next)| is_sum(variable.parameter, next, &body.body))
}

/// Whether the next value of a carried variable is itself plus terms that are free of it.
fn is_sum(parameter: ValueId, next: &Operand, body: &Block) -> bool {
    let mut uses = 0;
    body.visit_operands(&mut |operand| uses += usize::from(*operand == Operand::Value(parameter)));
    let mut chain = next.clone();
    loop {
        if chain == Operand::Value(parameter) {
            // Each link of the chain of additions is used by the next one alone.
            return uses == 1;
        }
        let Some(value) = chain.value() else {
            return false;
        };
        let mut link_uses = 0;
        body.visit_operands(&mut |operand| {
            link_uses += usize::from(*operand == Operand::Value(value))
        });
        if link_uses != 1 {
            return false;
        }
        let definition = body.stmts.iter().find_map(|stmt| match stmt {
            Stmt::Let { value: defined, op } if *defined == value => Some(op),
            _ => None,
        });
        chain = match definition {
            Some(Op::Prim(Prim::Add | Prim::Sub, operands)) => operands[0].clone(),
            _ => return false,
        };
    }
}

/// What a loop body does to memory.
#[derive(Default)]
struct Accesses {
    read: HashSet<MemoryId>,
    /// Added to.
    summed: HashSet<MemoryId>,
    /// Overwritten.
    stored: HashSet<MemoryId>,
    /// Declared inside, new in each iteration.
    local: HashSet<MemoryId>,
    /// Something whose order matters whatever it touches.
    sequential: bool,
}

impl Accesses {
    /// Whether the iterations may run in any order: what one writes is its own, or sums that none reads.
    fn commute(&self) -> bool {
        let shared = |memory: &&MemoryId| !self.local.contains(memory);
        !self.sequential
            && !self.stored.iter().any(|memory| shared(&memory))
            && self
                .summed
                .iter()
                .filter(shared)
                .all(|memory| !self.read.contains(memory))
    }

    fn collect(&mut self, block: &Block) {
        block.for_each_stmt(&mut |stmt| match stmt {
            Stmt::Alloc { memory, .. } => {
                self.local.insert(*memory);
                stmt.visit_memories(&mut |memory, access| {
                    if access.reads() {
                        self.read.insert(*memory);
                    }
                });
            }
            // Sums into memory commute; nothing in the loop may read them, or overwrite them.
            Stmt::Accumulate { place, .. } => {
                self.summed.insert(place.memory);
            }
            Stmt::AccumulateAll { to, from } => {
                self.summed.insert(to.memory);
                self.read.insert(from.memory);
            }
            Stmt::Let {
                op: Op::Opaque(_), ..
            }
            | Stmt::Effect(_)
            | Stmt::Call(_)
            | Stmt::Keep { .. }
            | Stmt::Recall { .. }
            | Stmt::Move { .. }
            | Stmt::Push { .. }
            | Stmt::Resize { .. }
            | Stmt::CheckShape { .. } => {
                self.sequential = true;
            }
            Stmt::TapePut { .. } | Stmt::TapeAlloc(_) => self.sequential = true,
            Stmt::TapeGet { index, .. } => self.sequential |= index.is_empty(),
            _ => stmt.visit_memories(&mut |memory, access| {
                if access.writes() {
                    self.stored.insert(*memory);
                }
                if access.reads() {
                    self.read.insert(*memory);
                }
            }),
        });
    }
}
