//! Common subexpressions: the second of two equal pure operations, or of two loads with no write between, is the
//! first.

use rustc_hash::{FxHashMap as HashMap, FxHashSet as HashSet};

use crate::ir::{Block, Function, MemoryId, Op, Operand, Place, ScalarType, Stmt, ValueId};

/// Shares equal computations in `function`.
pub fn share(function: &mut Function) {
    let mut body = std::mem::take(&mut function.body);
    let mut sharing = Sharing {
        function,
        renamed: HashMap::default(),
    };
    sharing.block(&mut body, &mut Scope::default());
    let renamed = sharing.renamed;
    function.body = body;
    let rename = |operand: &Operand| match operand.value().and_then(|value| renamed.get(&value)) {
        Some(&first) => Operand::Value(first),
        None => operand.clone(),
    };
    function.output.map_operands(rename);
    for tape in function.tapes.ids() {
        function.tapes[tape].layout.map_operands(rename);
    }
}

/// What has been computed on the way to here.
#[derive(Clone, Default)]
struct Scope {
    ops: HashMap<(Op, ScalarType, bool), ValueId>,
    loads: HashMap<Place, ValueId>,
    /// Places whose indices have been found to be in bounds.
    checked: HashSet<Place>,
}

struct Sharing<'f> {
    function: &'f Function,
    renamed: HashMap<ValueId, ValueId>,
}

impl Sharing<'_> {
    fn block(&mut self, block: &mut Block, scope: &mut Scope) {
        let mut stmts = Vec::new();
        for mut stmt in std::mem::take(&mut block.stmts) {
            stmt.visit_operands_mut(&mut |operand| self.rename(operand));
            match &stmt {
                Stmt::Let { value, op } => {
                    if let Op::Copy(Operand::Value(first)) = op
                        && self.function.values[*first].lanes == self.function.values[*value].lanes
                    {
                        self.renamed.insert(*value, *first);
                        continue;
                    }
                    if is_repeatable(op) {
                        let info = &self.function.values[*value];
                        let entry = (op.clone(), info.ty.clone(), info.lanes);
                        if let Some(&first) = scope.ops.get(&entry) {
                            self.renamed.insert(*value, first);
                            continue;
                        }
                        scope.ops.insert(entry, *value);
                    }
                }
                Stmt::Load { value, place } => {
                    if let Some(&first) = scope.loads.get(place) {
                        self.renamed.insert(*value, first);
                        continue;
                    }
                    scope.loads.insert(place.clone(), *value);
                    scope.checked.insert(place.clone());
                }
                Stmt::Check { place } if !scope.checked.insert(place.clone()) => continue,
                Stmt::Store { place, .. } => {
                    scope.checked.insert(place.clone());
                }
                _ => {
                    let resized = stmt.resized();
                    if !resized.is_empty() {
                        scope
                            .checked
                            .retain(|place| !resized.contains(&place.memory));
                    }
                }
            }
            self.nested(&mut stmt, scope);
            stmt.visit_memories(&mut |memory, access| {
                if access.writes() {
                    forget(scope, *memory);
                }
            });
            stmts.push(stmt);
        }
        block.stmts = stmts;
        for operand in &mut block.yields {
            self.rename(operand);
        }
    }

    /// A nested block sees what was computed ahead of it; what it writes is not known after it, nor, in a loop, at the
    /// start of the next iteration.
    fn nested(&mut self, stmt: &mut Stmt, scope: &mut Scope) {
        let mut written = Vec::new();
        stmt.for_each_block(&mut |inner| {
            inner.visit_memories(&mut |memory, access| {
                written.extend(access.writes().then_some(*memory))
            });
        });
        if matches!(stmt, Stmt::For(_) | Stmt::While(_)) {
            written.iter().for_each(|memory| forget(scope, *memory));
        }
        let moves = resizes(stmt);
        if moves {
            scope.checked.clear();
        }
        stmt.for_each_block_mut(&mut |inner| self.block(inner, &mut scope.clone()));
        written.iter().for_each(|memory| forget(scope, *memory));
        if moves {
            scope.checked.clear();
        }
    }

    fn rename(&self, operand: &mut Operand) {
        if let Operand::Value(value) = operand
            && let Some(&first) = self.renamed.get(value)
        {
            *operand = Operand::Value(first);
        }
    }
}

/// A write to a memory changes what loads of it give, and the lengths that it has.
fn forget(scope: &mut Scope, memory: MemoryId) {
    scope.loads.retain(|place, _| place.memory != memory);
    scope
        .ops
        .retain(|(op, ..), _| !matches!(op, Op::Len(place) if place.memory == memory));
}

/// Whether two evaluations of the operation agree.
fn is_repeatable(op: &Op) -> bool {
    !matches!(op, Op::Pure(_) | Op::Opaque(_) | Op::Copy(_))
}

/// Whether a block inside of the statement changes the length of a memory.
fn resizes(stmt: &Stmt) -> bool {
    let mut found = false;
    stmt.for_each_block(&mut |inner| {
        inner.for_each_stmt(&mut |stmt| found |= !stmt.resized().is_empty());
    });
    found
}
