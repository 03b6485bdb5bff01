//! Dead code: what no output, effect or panic of the primal depends on.
//!
//! Tape writes and reads go in pairs, because a tape is alive only when a read of it is. Ahead of the turn stand the
//! statements of the user's function, whose panics stay: a dead load that can be out of bounds is kept as a check, a
//! dead integer operation that can overflow as it is. The reverse sweep repeats what the forward sweep got through.

use crate::ir::{
    Block, Carried, Function, Kept, MemoryId, Op, Operand, Origin, Place, Recalled, Stmt, TypedId,
};

use super::facts::Facts;

/// Removes dead code from `function`.
pub fn remove(function: &mut Function) {
    let live = Liveness::of(function);
    let mut body = std::mem::take(&mut function.body);
    live.sweep(&mut body, function, true);
    function.body = body;
}

struct Liveness {
    values: Vec<bool>,
    /// Memories whose content matters.
    contents: Vec<bool>,
    /// Memories that something refers to.
    declared: Vec<bool>,
    tapes: Vec<bool>,
    facts: Facts,
    changed: bool,
}

impl Liveness {
    fn of(function: &Function) -> Self {
        let mut live = Self {
            values: vec![false; function.values.len()],
            contents: function
                .memories
                .iter()
                .map(|(_, info)| info.origin == Origin::Mutable)
                .collect(),
            declared: vec![false; function.memories.len()],
            tapes: vec![false; function.tapes.len()],
            facts: Facts::of(function),
            changed: true,
        };
        function
            .output
            .visit_operands(&mut |operand| live.mark(operand));
        function
            .output
            .visit_memories(&mut |memory| live.mark_content(*memory));
        while std::mem::take(&mut live.changed) {
            live.block(&function.body, function, true);
        }
        live
    }

    fn mark(&mut self, operand: &Operand) {
        if let Some(value) = operand.value() {
            self.changed |= !std::mem::replace(&mut self.values[value.index()], true);
        }
    }

    fn mark_content(&mut self, memory: MemoryId) {
        self.changed |= !std::mem::replace(&mut self.contents[memory.index()], true);
        self.mark_declared(memory);
    }

    fn mark_declared(&mut self, memory: MemoryId) {
        self.changed |= !std::mem::replace(&mut self.declared[memory.index()], true);
    }

    /// Marks what the live statements of a block need; says whether there is one. The last statement goes first, since
    /// needs flow from uses to definitions: then straight code is done in one round.
    fn block(&mut self, block: &Block, function: &Function, forward: bool) -> bool {
        let is_turn = |stmt: &Stmt| matches!(stmt, Stmt::Turn);
        let mut turned = block.stmts.iter().any(is_turn);
        let mut any = false;
        for stmt in block.stmts.iter().rev() {
            any |= self.stmt(stmt, function, forward && !turned);
            turned &= !is_turn(stmt);
        }
        any
    }

    fn stmt(&mut self, stmt: &Stmt, function: &Function, forward: bool) -> bool {
        let keep = self.keep(stmt, function, forward);
        let live = match stmt {
            Stmt::If(branch) => {
                for (k, result) in branch.results.iter().enumerate() {
                    if self.values[result.index()] {
                        self.mark(&branch.then.yields[k]);
                        self.mark(&branch.otherwise.yields[k]);
                    }
                }
                let then = self.block(&branch.then, function, forward);
                let otherwise = self.block(&branch.otherwise, function, forward);
                then || otherwise
                    || branch
                        .results
                        .iter()
                        .any(|result| self.values[result.index()])
            }
            Stmt::For(body) => {
                let inner = self.carried(&body.carried, &body.body, function, forward);
                if inner && let Some(stop) = body.stop {
                    self.mark(&body.body.yields[stop]);
                    self.mark(&Operand::Value(body.carried[stop].parameter));
                }
                inner
            }
            Stmt::While(body) => {
                let inner = self.block(&body.condition, function, forward)
                    | self.carried(&body.carried, &body.body, function, forward);
                if inner {
                    body.condition
                        .yields
                        .iter()
                        .for_each(|operand| self.mark(operand));
                }
                inner
            }
            _ => keep == Keep::Whole,
        };
        match (live, keep) {
            (true, _) => {
                match stmt {
                    Stmt::For(body) => body.range.visit_operands(&mut |operand| self.mark(operand)),
                    Stmt::While(_) => {}
                    _ => stmt.visit_operands(&mut |operand| self.mark(operand)),
                }
                if let Stmt::TapeGet { tape, .. }
                | Stmt::Keep {
                    content: Kept::Tape(tape),
                    ..
                } = stmt
                {
                    self.changed |= !std::mem::replace(&mut self.tapes[tape.index()], true);
                }
                if let Stmt::TapeAlloc(tape)
                | Stmt::Recall {
                    content: Recalled::Tape(tape),
                    ..
                } = stmt
                {
                    function.tapes[*tape]
                        .layout
                        .visit_operands(&mut |operand| self.mark(operand));
                }
                stmt.visit_memories(&mut |memory, access| {
                    if access.reads() && !matches!(stmt, Stmt::Accumulate { .. }) {
                        self.mark_content(*memory);
                    } else {
                        self.mark_declared(*memory);
                    }
                });
                true
            }
            (false, Keep::Check(place)) => {
                place.visit_operands(&mut |operand| self.mark(operand));
                self.mark_declared(place.memory);
                true
            }
            (false, _) => false,
        }
    }

    fn carried(
        &mut self,
        carried: &[Carried],
        body: &Block,
        function: &Function,
        forward: bool,
    ) -> bool {
        for (variable, next) in carried.iter().zip(&body.yields) {
            if self.values[variable.result.index()] || self.values[variable.parameter.index()] {
                self.mark(&variable.initial);
                self.mark(next);
                // The next iteration reads what this one yields through the parameter.
                self.mark(&Operand::Value(variable.parameter));
            }
        }
        let inner = self.block(body, function, forward);
        inner
            || carried
                .iter()
                .any(|variable| self.values[variable.result.index()])
    }

    /// What has to stay of a statement that is not a block.
    fn keep(&self, stmt: &Stmt, function: &Function, forward: bool) -> Keep {
        let checks = |place: &Place| forward && self.facts.place_can_panic(function, place);
        let written = |place: &Place| {
            if self.contents[place.memory.index()] {
                Keep::Whole
            } else if checks(place) {
                Keep::Check(place.clone())
            } else {
                Keep::Nothing
            }
        };
        let whole = |keep: bool| if keep { Keep::Whole } else { Keep::Nothing };
        match stmt {
            Stmt::Let { value, op } => whole(
                self.values[value.index()]
                    || matches!(op, Op::Opaque(_))
                    || (forward && self.facts.can_panic(function, op)),
            ),
            Stmt::Load { value, place } => {
                if self.values[value.index()] {
                    Keep::Whole
                } else if checks(place) {
                    Keep::Check(place.clone())
                } else {
                    Keep::Nothing
                }
            }
            Stmt::Store { place, .. } | Stmt::Accumulate { place, .. } | Stmt::Clear { place } => {
                written(place)
            }
            Stmt::Copy { to, .. } | Stmt::AccumulateAll { to, .. } => written(to),
            Stmt::Push { to: place, .. } | Stmt::Resize { place, .. } => {
                whole(self.contents[place.memory.index()] || self.declared[place.memory.index()])
            }
            Stmt::Move { to, .. } => whole(self.contents[to.index()] || self.declared[to.index()]),
            Stmt::Alloc { memory, .. } => {
                whole(self.contents[memory.index()] || self.declared[memory.index()])
            }
            Stmt::Check { place } => whole(checks(place)),
            Stmt::CheckShape { .. }
            | Stmt::Effect(_)
            | Stmt::Call(_)
            | Stmt::Keep { .. }
            | Stmt::Recall { .. }
            | Stmt::Turn => Keep::Whole,
            Stmt::TapeAlloc(tape) | Stmt::TapePut { tape, .. } => whole(self.tapes[tape.index()]),
            Stmt::TapeGet { value, .. } => whole(self.values[value.index()]),
            Stmt::If(_) | Stmt::For(_) | Stmt::While(_) => Keep::Nothing,
        }
    }

    fn sweep(&self, block: &mut Block, function: &Function, forward: bool) {
        let mut forward = forward;
        let mut stmts = Vec::new();
        for mut stmt in std::mem::take(&mut block.stmts) {
            forward &= !matches!(stmt, Stmt::Turn);
            stmt.for_each_block_mut(&mut |inner| self.sweep(inner, function, forward));
            match &mut stmt {
                Stmt::If(branch) => {
                    let live: Vec<bool> = branch
                        .results
                        .iter()
                        .map(|value| self.values[value.index()])
                        .collect();
                    retain(&mut branch.results, &live);
                    retain(&mut branch.then.yields, &live);
                    retain(&mut branch.otherwise.yields, &live);
                    if branch.results.is_empty()
                        && branch.then.stmts.is_empty()
                        && branch.otherwise.stmts.is_empty()
                    {
                        continue;
                    }
                }
                Stmt::For(body) => {
                    let live = self.live_carried(&body.carried);
                    if body.body.stmts.is_empty() && !self.any_result(&body.carried) {
                        continue;
                    }
                    body.stop = body
                        .stop
                        .map(|stop| live[..stop].iter().filter(|live| **live).count());
                    retain(&mut body.carried, &live);
                    retain(&mut body.body.yields, &live);
                }
                Stmt::While(body) => {
                    let live = self.live_carried(&body.carried);
                    let silent = body.body.stmts.is_empty() && body.condition.stmts.is_empty();
                    if (silent || !self.values_live(&body.condition))
                        && !self.any_result(&body.carried)
                    {
                        continue;
                    }
                    retain(&mut body.carried, &live);
                    retain(&mut body.body.yields, &live);
                }
                _ => match self.keep(&stmt, function, forward) {
                    Keep::Whole => {}
                    Keep::Check(place) => stmt = Stmt::Check { place },
                    Keep::Nothing => continue,
                },
            }
            stmts.push(stmt);
        }
        block.stmts = stmts;
    }

    fn live_carried(&self, carried: &[Carried]) -> Vec<bool> {
        let live = |variable: &Carried| {
            self.values[variable.parameter.index()] || self.values[variable.result.index()]
        };
        carried.iter().map(live).collect()
    }

    fn any_result(&self, carried: &[Carried]) -> bool {
        carried
            .iter()
            .any(|variable| self.values[variable.result.index()])
    }

    /// Whether the condition of a loop was found to be needed.
    fn values_live(&self, condition: &Block) -> bool {
        condition.yields.iter().all(|operand| {
            operand
                .value()
                .is_none_or(|value| self.values[value.index()])
        })
    }
}

#[derive(PartialEq)]
enum Keep {
    Whole,
    Check(Place),
    Nothing,
}

fn retain<T>(items: &mut Vec<T>, live: &[bool]) {
    let mut live = live.iter();
    items.retain(|_| *live.next().expect("one mark for each item"));
}
