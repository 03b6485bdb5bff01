//! Fuses a loop of the forward sweep with a loop of the reverse sweep over the same range, where the cotangent that the
//! latter starts from is known ahead of the former: what both compute is then computed once, and nothing is kept.
//!
//! Each iteration of the reverse loop runs right behind the forward iteration that it mirrors. It may move there when
//! its iterations run in any order, and when nothing between the two loops has to come first.

use rustc_hash::{FxHashMap as HashMap, FxHashSet as HashSet};

use crate::ir::{Access, Block, For, Function, Init, MemoryId, Op, Operand, Stmt, TapeId, ValueId};

use super::facts::Facts;
use super::orientation::is_free;

/// Fuses such loops at the top level of `function`; where there were any, it has no turn any more, because the sweeps
/// are one from then on. Says whether there were any.
pub fn fuse(function: &mut Function) -> bool {
    let mut body = std::mem::take(&mut function.body);
    let mut fused = false;
    let mut reverse = body
        .stmts
        .iter()
        .position(|stmt| matches!(stmt, Stmt::Turn))
        .unwrap_or(body.stmts.len());
    while reverse < body.stmts.len() {
        let partner = (0..reverse)
            .rev()
            .find_map(|forward| plan(&body, forward, reverse, function));
        if let Some(plan) = partner {
            plan.apply(&mut body, reverse);
            fused = true;
        }
        reverse += 1;
    }
    if fused {
        body.stmts.retain(|stmt| !matches!(stmt, Stmt::Turn));
    }
    function.body = body;
    fused
}

/// How two loops are fused.
struct Plan {
    forward: usize,
    /// The statements between that the reverse loop needs; they go ahead of the fused loop.
    ahead: Vec<usize>,
    /// The tapes that carry values from one to the other, with the value that is put.
    tapes: HashMap<TapeId, Operand>,
}

fn plan(body: &Block, forward: usize, reverse: usize, function: &Function) -> Option<Plan> {
    let (Stmt::For(first), Stmt::For(second)) = (&body.stmts[forward], &body.stmts[reverse]) else {
        return None;
    };
    if first.range != second.range
        || first.range.reversed
        || first.stop.is_some()
        || second.stop.is_some()
        || leaves(&first.body)
    {
        return None;
    }
    // Only where the forward loop has got through what its mirror repeats does the mirror not panic first.
    if function.mirrors.get(&second.index) != Some(&first.index) {
        return None;
    }
    let before_turn = body.stmts[..reverse]
        .iter()
        .position(|stmt| matches!(stmt, Stmt::Turn))?;
    if forward > before_turn {
        return None;
    }
    // A mirror runs in the order of its loop only where the order does not matter.
    debug_assert!(is_free(second));
    let tapes = handed_over(first, second, body)?;
    let ahead = needed_between(body, forward, reverse, function)?;
    let touched = Touched::of(&body.stmts[reverse]);
    let mut in_the_way = Touched::of(&body.stmts[forward]);
    for k in forward + 1..reverse {
        if !ahead.contains(&k) {
            in_the_way.add(&body.stmts[k]);
        }
    }
    let apart = touched.written.is_disjoint(&in_the_way.all)
        && touched.all.is_disjoint(&in_the_way.written)
        // What moves ahead takes shapes from memory that may be replaced by then.
        && ahead.iter().all(|k| Touched::of(&body.stmts[*k]).all.is_disjoint(&in_the_way.written));
    apart.then_some(Plan {
        forward,
        ahead,
        tapes,
    })
}

/// Whether an iteration may leave the function, which leaves all adjoints as they were.
fn leaves(body: &Block) -> bool {
    let mut any = false;
    body.for_each_stmt(&mut |stmt| {
        any |= match stmt {
            Stmt::Effect(template)
            | Stmt::Let {
                op: Op::Opaque(template) | Op::Pure(template),
                ..
            } => template.may_leave(),
            _ => false,
        };
    });
    any
}

/// The tapes that the second loop reads: each must be written by the first one in the same iteration, and nowhere else.
fn handed_over(first: &For, second: &For, body: &Block) -> Option<HashMap<TapeId, Operand>> {
    let mut read = HashSet::default();
    second.body.visit_tapes(&mut |tape| _ = read.insert(*tape));
    let mut tapes = HashMap::default();
    for stmt in &first.body.stmts {
        if let Stmt::TapePut { tape, index, value } = stmt
            && read.contains(tape)
        {
            let same = second.body.stmts.iter().any(|stmt| {
                matches!(stmt, Stmt::TapeGet { tape: from, index: at, .. }
                    if from == tape
                        && *index == [Operand::Value(first.index)]
                        && *at == [Operand::Value(second.index)])
            });
            if same {
                tapes.insert(*tape, value.clone());
            }
        }
    }
    let uses = |tape: &TapeId| {
        let mut uses = 0;
        body.visit_tapes(&mut |other| uses += usize::from(other == tape));
        uses
    };
    // Made, written and read, each once.
    read.iter()
        .all(|tape| tapes.contains_key(tape) && uses(tape) == 3)
        .then_some(tapes)
}

/// The statements between the two loops that the second one depends on; `None` where one of them depends on the first
/// loop or can't move for another reason.
fn needed_between(
    body: &Block,
    forward: usize,
    reverse: usize,
    function: &Function,
) -> Option<Vec<usize>> {
    let facts = Facts::of(function);
    let mut values: HashSet<ValueId> = HashSet::default();
    let mut memories: HashSet<MemoryId> = HashSet::default();
    let need = |stmt: &Stmt, values: &mut HashSet<ValueId>, memories: &mut HashSet<MemoryId>| {
        stmt.visit_operands(&mut |operand| values.extend(operand.value()));
        stmt.visit_memories(&mut |memory, _| _ = memories.insert(*memory));
        stmt.for_each_block(&mut |inner| {
            inner.visit_operands(&mut |operand| values.extend(operand.value()));
            inner.visit_memories(&mut |memory, _| _ = memories.insert(*memory));
        });
    };
    need(&body.stmts[reverse], &mut values, &mut memories);
    let mut ahead = Vec::new();
    for k in (forward + 1..reverse).rev() {
        let stmt = &body.stmts[k];
        let defines = stmt
            .defined_values()
            .iter()
            .any(|value| values.contains(value));
        let declares = matches!(stmt, Stmt::Alloc { memory, .. } if memories.contains(memory));
        if !defines && !declares {
            continue;
        }
        let moves = match stmt {
            Stmt::Let { op, .. } => {
                !matches!(op, Op::Opaque(_) | Op::Pure(_) | Op::Len(_))
                    && !facts.can_panic(function, op)
            }
            Stmt::Alloc {
                memory,
                init: Init::ZerosLike(_) | Init::Tree(_),
            } => function.derived.contains(memory),
            _ => false,
        };
        if !moves {
            return None;
        }
        need(stmt, &mut values, &mut memories);
        ahead.push(k);
    }
    ahead.reverse();
    let from_first = body.stmts[forward]
        .defined_values()
        .iter()
        .any(|value| values.contains(value));
    (!from_first).then_some(ahead)
}

/// The memories that statements touch.
#[derive(Default)]
struct Touched {
    all: HashSet<MemoryId>,
    written: HashSet<MemoryId>,
}

impl Touched {
    fn of(stmt: &Stmt) -> Self {
        let mut touched = Self::default();
        touched.add(stmt);
        touched
    }

    fn add(&mut self, stmt: &Stmt) {
        let mut touch = |memory: &MemoryId, access: Access| {
            self.all.insert(*memory);
            if access.writes() {
                self.written.insert(*memory);
            }
        };
        stmt.visit_memories(&mut touch);
        stmt.for_each_block(&mut |inner| inner.visit_memories(&mut touch));
    }
}

impl Plan {
    fn apply(self, body: &mut Block, reverse: usize) {
        let Stmt::For(second) = body.stmts.remove(reverse) else {
            unreachable!("the plan is for two loops");
        };
        let mut ahead: Vec<Stmt> = Vec::new();
        for k in self.ahead.iter().rev() {
            ahead.insert(0, body.stmts.remove(*k));
        }
        let Stmt::For(first) = &mut body.stmts[self.forward] else {
            unreachable!("the plan is for two loops");
        };
        let mut renamed = HashMap::from_iter([(second.index, Operand::Value(first.index))]);
        first.body.stmts.retain(
            |stmt| !matches!(stmt, Stmt::TapePut { tape, .. } if self.tapes.contains_key(tape)),
        );
        let mut inner = second.body;
        inner.stmts.retain(|stmt| match stmt {
            Stmt::TapeGet { value, tape, .. } => {
                renamed.insert(*value, self.tapes[tape].clone());
                false
            }
            _ => true,
        });
        inner.map_operands(|operand| {
            operand
                .value()
                .and_then(|value| renamed.get(&value).cloned())
                .unwrap_or_else(|| operand.clone())
        });
        first.body.stmts.append(&mut inner.stmts);
        first.body.yields.append(&mut inner.yields);
        first.carried.extend(second.carried);
        body.stmts.splice(self.forward..self.forward, ahead);
        body.stmts
            .retain(|stmt| !matches!(stmt, Stmt::TapeAlloc(tape) if self.tapes.contains_key(tape)));
    }
}
