//! Activity: which values vary with an active input, and which of those can reach the result.
//!
//! Varied runs forward and useful runs backward, both flow-sensitive for memory (a whole overwrite kills, a write of
//! an element does not) and to a fixpoint over loops. Hascoët and Pascual, "The Tapenade automatic differentiation
//! tool", 2013, section 4.1.

mod calls;
mod reached;

use std::collections::BTreeSet;

use reached::Reached;

use crate::ir::{
    Binding, Block, Carried, Function, Init, InitTree, Kept, MemoryId, Op, Operand, Origin, Output,
    Recalled, Stmt, TypedId, ValueId,
};

/// The result of the analysis.
#[derive(Clone, Debug)]
pub struct Activity {
    varied: Vec<bool>,
    useful: Vec<bool>,
    varied_memories: Vec<bool>,
    useful_memories: Vec<bool>,
    varied_tapes: Vec<bool>,
    /// What is kept on the shared tape and varies.
    varied_pairs: BTreeSet<usize>,
    /// Memory can hold integers beside floats, and only floats vary.
    floats: Vec<bool>,
    reached: Reached,
}

type Memories = Vec<bool>;

impl Activity {
    /// Analyses `function` with respect to its active parameters.
    pub fn of(function: &Function) -> Self {
        let mut activity = Self {
            varied: vec![false; function.values.len()],
            useful: vec![false; function.values.len()],
            varied_memories: vec![false; function.memories.len()],
            useful_memories: vec![false; function.memories.len()],
            varied_tapes: vec![false; function.tapes.len()],
            varied_pairs: BTreeSet::new(),
            floats: function
                .values
                .iter()
                .map(|(_, info)| info.ty.is_float())
                .collect(),
            reached: Reached::default(),
        };
        let mut state = vec![false; function.memories.len()];
        for parameter in function.parameters.iter().filter(|p| p.active) {
            match parameter.binding {
                Binding::Value(value) => activity.varied[value.index()] = true,
                Binding::Memory(memory) => activity.vary_memory(memory, &mut state),
            }
        }
        activity.forward_block(&function.body, &mut state);
        activity.reached = Reached::default();

        let mut state = vec![false; function.memories.len()];
        activity.use_output(&function.output, &mut state);
        for parameter in &function.parameters {
            if let (Binding::Memory(memory), true) = (parameter.binding, parameter.active)
                && function.memories[memory].origin == Origin::Mutable
            {
                activity.use_memory(memory, &mut state);
            }
        }
        activity.backward_block(&function.body, &mut state);
        activity.reached = Reached::default();
        activity
    }

    /// Whether the value depends on an active input.
    pub fn is_varied(&self, value: ValueId) -> bool {
        self.varied.get(value.index()).copied().unwrap_or(false)
    }

    /// As [`Self::is_varied`]; literals and constants never are.
    pub fn is_varied_operand(&self, operand: &Operand) -> bool {
        matches!(operand, Operand::Value(value) if self.is_varied(*value))
    }

    /// Whether the value depends on an active input and can reach the result.
    pub fn is_active(&self, value: ValueId) -> bool {
        self.is_varied(value) && self.useful[value.index()]
    }

    /// As [`Self::is_active`].
    pub fn is_active_operand(&self, operand: &Operand) -> bool {
        matches!(operand, Operand::Value(value) if self.is_active(*value))
    }

    /// Whether the memory holds, at some time, what depends on an active input.
    pub fn is_varied_memory(&self, memory: MemoryId) -> bool {
        self.varied_memories[memory.index()]
    }

    /// Whether the memory holds, at some time, what depends on an active input, and at some time what reaches the result.
    pub fn is_active_memory(&self, memory: MemoryId) -> bool {
        self.varied_memories[memory.index()] && self.useful_memories[memory.index()]
    }

    /// Whether what the tape carries depends on an active input.
    pub fn is_varied_tape(&self, tape: crate::ir::TapeId) -> bool {
        self.varied_tapes[tape.index()]
    }

    /// Whether what a pair of [`Stmt::Keep`] and [`Stmt::Recall`] hands on depends on an active input.
    pub fn is_varied_pair(&self, pair: usize) -> bool {
        self.varied_pairs.contains(&pair)
    }

    /// Which operands of a primitive vary.
    pub fn varied_operands(&self, operands: &[Operand]) -> Vec<bool> {
        operands
            .iter()
            .map(|operand| self.is_varied_operand(operand))
            .collect()
    }

    fn vary_memory(&mut self, memory: MemoryId, state: &mut Memories) {
        state[memory.index()] = true;
        self.varied_memories[memory.index()] = true;
    }

    fn use_memory(&mut self, memory: MemoryId, state: &mut Memories) {
        state[memory.index()] = true;
        self.useful_memories[memory.index()] = true;
    }

    fn forward_block(&mut self, block: &Block, state: &mut Memories) {
        for stmt in &block.stmts {
            self.forward_stmt(stmt, state);
        }
    }

    fn forward_stmt(&mut self, stmt: &Stmt, state: &mut Memories) {
        match stmt {
            Stmt::Let { value, op } => {
                self.varied[value.index()] |= differentiable_operands(op, self)
                    .iter()
                    .any(|operand| self.is_varied_operand(operand));
            }
            Stmt::Load { value, place } => {
                self.varied[value.index()] |=
                    self.floats[value.index()] && state[place.memory.index()];
            }
            Stmt::Store { place, value } => {
                if self.is_varied_operand(value) {
                    self.vary_memory(place.memory, state);
                } else if place.path.is_empty() {
                    state[place.memory.index()] = false;
                }
            }
            Stmt::Accumulate { place, value } => {
                if self.is_varied_operand(value) {
                    self.vary_memory(place.memory, state);
                }
            }
            Stmt::Alloc { memory, init } => {
                state[memory.index()] = false;
                if self.init_varies(init, state) {
                    self.vary_memory(*memory, state);
                }
            }
            Stmt::Call(call) => self.forward_call(call, state),
            Stmt::Keep { pair, content } => {
                let varies = match content {
                    Kept::Scalar(operand) => self.is_varied_operand(operand),
                    Kept::Place(place) => state[place.memory.index()],
                    Kept::Tape(tape) => self.varied_tapes[tape.index()],
                };
                if varies {
                    self.varied_pairs.insert(*pair);
                }
            }
            Stmt::Recall { pair, content } => {
                let varies = self.varied_pairs.contains(pair);
                match content {
                    Recalled::Value(value) => self.varied[value.index()] |= varies,
                    Recalled::Memory(memory) => {
                        state[memory.index()] = false;
                        if varies {
                            self.vary_memory(*memory, state);
                        }
                    }
                    Recalled::Tape(tape) => self.varied_tapes[tape.index()] |= varies,
                }
            }
            Stmt::Push { to, value } => {
                if self.tree_varies(value, state) {
                    self.vary_memory(to.memory, state);
                }
            }
            Stmt::Copy { to, from } => {
                self.copy_forward(to.memory, to.path.is_empty(), from.memory, state)
            }
            Stmt::Move { to, from } => self.copy_forward(*to, true, *from, state),
            Stmt::AccumulateAll { to, from } => {
                self.copy_forward(to.memory, false, from.memory, state)
            }
            Stmt::Clear { place } => {
                if place.path.is_empty() {
                    state[place.memory.index()] = false;
                }
            }
            Stmt::If(branch) => {
                let mut other = state.clone();
                self.forward_block(&branch.then, state);
                self.forward_block(&branch.otherwise, &mut other);
                union(state, &other);
                for (k, result) in branch.results.iter().enumerate() {
                    self.varied[result.index()] |= self.is_varied_operand(&branch.then.yields[k])
                        || self.is_varied_operand(&branch.otherwise.yields[k]);
                }
            }
            Stmt::For(stmt) => self.forward_loop(&stmt.carried, None, &stmt.body, state),
            Stmt::While(stmt) => {
                self.forward_loop(&stmt.carried, Some(&stmt.condition), &stmt.body, state)
            }
            Stmt::TapePut { tape, value, .. } => {
                self.varied_tapes[tape.index()] |= self.is_varied_operand(value)
            }
            Stmt::TapeGet { value, tape, .. } => {
                self.varied[value.index()] |= self.varied_tapes[tape.index()]
            }
            Stmt::Check { .. }
            | Stmt::CheckShape { .. }
            | Stmt::Resize { .. }
            | Stmt::Effect(_)
            | Stmt::TapeAlloc(_)
            | Stmt::Turn => {}
        }
    }

    fn copy_forward(&mut self, to: MemoryId, whole: bool, from: MemoryId, state: &mut Memories) {
        if state[from.index()] {
            self.vary_memory(to, state);
        } else if whole {
            state[to.index()] = false;
        }
    }

    fn forward_loop(
        &mut self,
        carried: &[Carried],
        condition: Option<&Block>,
        body: &Block,
        state: &mut Memories,
    ) {
        for variable in carried {
            self.varied[variable.parameter.index()] |= self.is_varied_operand(&variable.initial);
        }
        self.reached.resume(body, state);
        loop {
            let before = (
                state.clone(),
                self.varied.clone(),
                self.varied_tapes.clone(),
                self.varied_pairs.clone(),
            );
            let mut iteration = state.clone();
            if let Some(condition) = condition {
                self.forward_block(condition, &mut iteration);
            }
            self.forward_block(body, &mut iteration);
            union(state, &iteration);
            for (variable, next) in carried.iter().zip(&body.yields) {
                self.varied[variable.parameter.index()] |= self.is_varied_operand(next);
            }
            if before
                == (
                    state.clone(),
                    self.varied.clone(),
                    self.varied_tapes.clone(),
                    self.varied_pairs.clone(),
                )
            {
                break;
            }
        }
        self.reached.note(body, state);
        for variable in carried {
            self.varied[variable.result.index()] |= self.varied[variable.parameter.index()];
        }
    }

    fn init_varies(&self, init: &Init, state: &Memories) -> bool {
        match init {
            Init::Tree(tree) => self.tree_varies(tree, state),
            Init::CopyOf(place) => state[place.memory.index()],
            Init::ZerosLike(_) | Init::Default => false,
        }
    }

    fn tree_varies(&self, tree: &InitTree, state: &Memories) -> bool {
        match tree {
            InitTree::Scalar(operand) => self.is_varied_operand(operand),
            InitTree::CopyOf(place) => state[place.memory.index()],
            InitTree::ZerosLike(_) => false,
            InitTree::List(items) | InitTree::Tuple(items) => {
                items.iter().any(|item| self.tree_varies(item, state))
            }
            InitTree::Repeat(item, _) => self.tree_varies(item, state),
        }
    }

    fn use_output(&mut self, output: &Output, state: &mut Memories) {
        match output {
            Output::Unit => {}
            Output::Scalar(operand) => self.use_operand(operand),
            Output::Memory(memory) => self.use_memory(*memory, state),
            Output::Tuple(parts) => parts.iter().for_each(|part| self.use_output(part, state)),
        }
    }

    fn use_operand(&mut self, operand: &Operand) {
        if let Operand::Value(value) = operand {
            self.useful[value.index()] = true;
        }
    }

    fn is_useful(&self, value: ValueId) -> bool {
        self.useful[value.index()]
    }

    fn backward_block(&mut self, block: &Block, state: &mut Memories) {
        for stmt in block.stmts.iter().rev() {
            self.backward_stmt(stmt, state);
        }
    }

    fn backward_stmt(&mut self, stmt: &Stmt, state: &mut Memories) {
        match stmt {
            Stmt::Let { value, op } => {
                if self.is_useful(*value) {
                    for operand in differentiable_operands(op, self) {
                        self.use_operand(&operand);
                    }
                }
            }
            Stmt::Load { value, place } => {
                if self.is_useful(*value) {
                    self.use_memory(place.memory, state);
                }
            }
            Stmt::Store { place, value } => {
                if state[place.memory.index()] {
                    self.use_operand(value);
                    if place.path.is_empty() {
                        state[place.memory.index()] = false;
                    }
                }
            }
            Stmt::Accumulate { place, value } => {
                if state[place.memory.index()] {
                    self.use_operand(value);
                }
            }
            Stmt::Alloc { memory, init } => {
                if std::mem::replace(&mut state[memory.index()], false) {
                    match init {
                        Init::Tree(tree) => self.use_tree(tree, state),
                        Init::CopyOf(place) => self.use_memory(place.memory, state),
                        Init::ZerosLike(_) | Init::Default => {}
                    }
                }
            }
            Stmt::Call(call) => self.backward_call(call, state),
            Stmt::Push { to, value } => {
                if state[to.memory.index()] {
                    self.use_tree(value, state);
                }
            }
            Stmt::Copy { to, from } => {
                self.copy_backward(to.memory, to.path.is_empty(), from.memory, state)
            }
            Stmt::Move { to, from } => self.copy_backward(*to, true, *from, state),
            Stmt::AccumulateAll { to, from } => {
                self.copy_backward(to.memory, false, from.memory, state)
            }
            Stmt::Clear { place } => {
                if place.path.is_empty() {
                    state[place.memory.index()] = false;
                }
            }
            Stmt::If(branch) => {
                for (k, result) in branch.results.iter().enumerate() {
                    if self.is_useful(*result) {
                        self.use_operand(&branch.then.yields[k]);
                        self.use_operand(&branch.otherwise.yields[k]);
                    }
                }
                let mut other = state.clone();
                self.backward_block(&branch.then, state);
                self.backward_block(&branch.otherwise, &mut other);
                union(state, &other);
            }
            Stmt::For(stmt) => self.backward_loop(&stmt.carried, &stmt.body, state),
            Stmt::While(stmt) => self.backward_loop(&stmt.carried, &stmt.body, state),
            Stmt::TapePut { value, .. } => self.use_operand(value),
            Stmt::Keep { .. }
            | Stmt::Recall { .. }
            | Stmt::TapeGet { .. }
            | Stmt::Check { .. }
            | Stmt::CheckShape { .. }
            | Stmt::Resize { .. }
            | Stmt::Effect(_)
            | Stmt::TapeAlloc(_)
            | Stmt::Turn => {}
        }
    }

    fn copy_backward(&mut self, to: MemoryId, whole: bool, from: MemoryId, state: &mut Memories) {
        if state[to.index()] {
            if whole {
                state[to.index()] = false;
            }
            self.use_memory(from, state);
        }
    }

    fn backward_loop(&mut self, carried: &[Carried], body: &Block, state: &mut Memories) {
        self.reached.resume(body, state);
        loop {
            let before = (state.clone(), self.useful.clone());
            for (variable, next) in carried.iter().zip(&body.yields) {
                if self.is_useful(variable.result) || self.is_useful(variable.parameter) {
                    self.use_operand(next);
                }
            }
            let mut iteration = state.clone();
            self.backward_block(body, &mut iteration);
            union(state, &iteration);
            if before == (state.clone(), self.useful.clone()) {
                break;
            }
        }
        self.reached.note(body, state);
        for variable in carried {
            if self.is_useful(variable.result) || self.is_useful(variable.parameter) {
                self.use_operand(&variable.initial);
            }
        }
    }

    fn use_tree(&mut self, tree: &InitTree, state: &mut Memories) {
        match tree {
            InitTree::Scalar(operand) => self.use_operand(operand),
            InitTree::CopyOf(place) => self.use_memory(place.memory, state),
            InitTree::ZerosLike(_) => {}
            InitTree::List(items) | InitTree::Tuple(items) => {
                items.iter().for_each(|item| self.use_tree(item, state))
            }
            InitTree::Repeat(item, _) => self.use_tree(item, state),
        }
    }
}

/// The operands through which the result of `op` depends on active inputs.
pub fn differentiable_operands(op: &Op, activity: &Activity) -> Vec<Operand> {
    match op {
        Op::Prim(prim, operands) => {
            let active = activity.varied_operands(operands);
            let depends = |k: &usize| active[*k] && prim.partial_expr(*k, &active).is_some();
            (0..operands.len())
                .filter(depends)
                .map(|k| operands[k].clone())
                .collect()
        }
        Op::Select(_, a, b) => vec![a.clone(), b.clone()],
        Op::Copy(a) => vec![a.clone()],
        Op::Cast(a, ty) if ty.is_float() => vec![a.clone()],
        Op::Cast(..)
        | Op::Binary(..)
        | Op::Not(_)
        | Op::Negate(_)
        | Op::Compare(..)
        | Op::Method(..)
        | Op::Pure(_)
        | Op::Opaque(_)
        | Op::Len(_) => Vec::new(),
    }
}

fn union(state: &mut Memories, other: &Memories) {
    for (a, b) in state.iter_mut().zip(other) {
        *a |= b;
    }
}
