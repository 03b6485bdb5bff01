//! Which primal values the forward sweep keeps for the reverse sweep, and where.
//!
//! A value that the mirror needs is read again where it still stands, computed again where that is cheap, and kept on
//! a tape otherwise. Which ones are kept is a minimum cut between what can't be computed again and what is needed
//! (Moses et al., "Scalable automatic differentiation of multiple parallel paradigms through compiler augmentation",
//! 2022, section IV.C), where keeping a value costs its size times a guess of how often its block runs. Of several
//! least cuts the one nearest to the uses is taken, which computes least again.

use rustc_hash::FxHashMap as HashMap;
use std::collections::{BTreeMap, BTreeSet};

use crate::analysis::{Activity, BlockId, BlockKind, Definition, Structure};
use crate::ir::{
    Block, Function, Op, Operand, Place, ScalarType, Stmt, TapeId, TapeInfo, TapeLayout, ValueId,
};

use super::super::min_cut::{Graph, Node};
use super::frames::{Slice, is_carried_by, outermost_loop, slice};
use super::materialise::iteration_numbers;
use super::snapshots::Snapshot;
use super::trip_counts::layout;

/// What is kept, and the statements that make room for it.
#[derive(Debug, Default)]
pub struct Plan {
    tapes: BTreeMap<ValueId, TapeId>,
    stacks: BTreeSet<TapeId>,
    /// Ahead of each statement of the outermost block.
    allocations: BTreeMap<usize, Vec<Stmt>>,
    /// What is run again in each frame.
    frames: BTreeMap<BlockId, Slice>,
    /// What memory held at the beginning of each iteration of a frame.
    snapshots: BTreeMap<BlockId, Vec<Snapshot>>,
    /// Ahead of the mirror of each frame.
    frame_allocations: BTreeMap<BlockId, Vec<Stmt>>,
    /// Ahead of each iteration that is run again in a frame.
    iteration_allocations: BTreeMap<BlockId, Vec<Stmt>>,
}

impl Plan {
    /// Decides for all values that the mirror needs; the tapes are declared in `function`, the frames in `structure`.
    pub fn make(
        primal: &Function,
        structure: &mut Structure,
        demands: &BTreeSet<ValueId>,
        function: &mut Function,
    ) -> Self {
        let mut frames = BTreeMap::new();
        let segments = segments(primal, structure);
        let mut bodies = choose_frames(primal, structure, demands);
        bodies.extend(segments.iter().copied());
        for body in bodies {
            let restores = segments.contains(&body);
            if let Some(slice) = frame(primal, structure, body, demands, restores) {
                structure.add_frame(body);
                frames.insert(body, slice);
            }
        }
        let mut plan = Self {
            frames,
            ..Self::default()
        };
        plan.take_snapshots(structure, function);
        for value in choose(primal, structure, &plan.all_demands(structure, demands)) {
            plan.keep(value, primal, structure, function);
        }
        plan
    }

    /// Makes room for what memory holds at the beginning of iterations.
    fn take_snapshots(&mut self, structure: &Structure, function: &mut Function) {
        for (body, slice) in &self.frames {
            for memory in &slice.restored {
                let (stmts, snapshot) = Snapshot::new(*memory, *body, structure, function);
                let position = structure.info(*body).top_position;
                self.allocations.entry(position).or_default().extend(stmts);
                self.snapshots.entry(*body).or_default().push(snapshot);
            }
        }
    }

    /// What memory held at the beginning of each iteration of the frame with this body.
    pub fn snapshots(&self, body: BlockId) -> &[Snapshot] {
        self.snapshots.get(&body).map_or(&[], Vec::as_slice)
    }

    /// What the mirror needs, and what the frames need from the iteration before.
    fn all_demands(&self, structure: &Structure, demands: &BTreeSet<ValueId>) -> BTreeSet<ValueId> {
        let mut all = demands.clone();
        for (body, slice) in &self.frames {
            all.extend(
                slice
                    .values
                    .iter()
                    .filter(|value| is_carried_by(structure, **value, *body)),
            );
        }
        all
    }

    /// Whether some iteration is run again.
    pub fn replays(&self) -> bool {
        !self.frames.is_empty()
    }

    /// What is run again of an iteration, if the loop with this body is a frame.
    pub fn frame(&self, body: BlockId) -> Option<&Slice> {
        self.frames.get(&body)
    }

    /// The statements that make room for what is kept for one iteration of a frame after the other.
    pub fn frame_allocations(&self, body: BlockId) -> &[Stmt] {
        self.frame_allocations.get(&body).map_or(&[], Vec::as_slice)
    }

    /// The statements that make room for what is kept for this iteration of a frame alone: rows that may differ in
    /// length from those of the iteration before.
    pub fn iteration_allocations(&self, body: BlockId) -> &[Stmt] {
        self.iteration_allocations
            .get(&body)
            .map_or(&[], Vec::as_slice)
    }

    /// The tape that keeps a value.
    pub fn tape(&self, value: ValueId) -> Option<TapeId> {
        self.tapes.get(&value).copied()
    }

    /// Whether a tape is indexed by the iteration.
    pub fn is_indexed(&self, tape: TapeId) -> bool {
        !self.stacks.contains(&tape)
    }

    fn keep(
        &mut self,
        value: ValueId,
        primal: &Function,
        structure: &Structure,
        function: &mut Function,
    ) {
        let home = structure
            .home(value)
            .expect("only values of the primal are kept");
        let info = &primal.values[value];
        let frame = structure.frame(home);
        let outside = frame == Structure::TOP || is_carried_by(structure, value, frame);
        let (computed, layout) = layout(function, structure, &structure.tape_loops(value))
            .filter(|_| info.ty != ScalarType::Inferred)
            .unwrap_or((Vec::new(), TapeLayout::Stack));
        let allocations = if outside {
            self.allocations
                .entry(structure.info(home).top_position)
                .or_default()
        } else if matches!(layout, TapeLayout::Rows(2..)) {
            self.iteration_allocations.entry(frame).or_default()
        } else {
            self.frame_allocations.entry(frame).or_default()
        };
        allocations.extend(computed);
        let is_stack = layout == TapeLayout::Stack;
        let name = format!("{}_tape", info.name);
        let tape = function.tapes.push(TapeInfo {
            name,
            ty: info.ty.clone(),
            lanes: false,
            layout,
        });
        allocations.push(Stmt::TapeAlloc(tape));
        self.tapes.insert(value, tape);
        if is_stack {
            self.stacks.insert(tape);
        }
    }

    /// The statements of the primal, with what is kept put on its tape where it is defined.
    pub fn forward_sweep(
        &self,
        primal: &Function,
        structure: &Structure,
        activity: &Activity,
        function: &mut Function,
    ) -> Vec<Stmt> {
        let mut stmts = self.with_puts(&primal.body, structure, function).stmts;
        let mut calls = Vec::new();
        primal.body.for_each_stmt(&mut |stmt| {
            if let Stmt::Call(call) = stmt {
                calls.push(
                    activity
                        .is_active_call(call)
                        .then(|| super::calls::kept_arguments(primal, structure, call)),
                );
            }
        });
        calls.reverse();
        super::calls::go_forward(&mut stmts, &mut calls);
        stmts
    }

    fn with_puts(&self, block: &Block, structure: &Structure, function: &mut Function) -> Block {
        let id = structure.id(block);
        let mut stmts = Vec::new();
        for (k, stmt) in block.stmts.iter().enumerate() {
            if id == Structure::TOP {
                stmts.extend(self.allocations.get(&k).cloned().unwrap_or_default());
            }
            let mut copy = stmt.clone();
            match (&mut copy, stmt) {
                (Stmt::If(copy), Stmt::If(branch)) => {
                    copy.then = self.with_puts(&branch.then, structure, function);
                    copy.otherwise = self.with_puts(&branch.otherwise, structure, function);
                }
                (Stmt::For(copy), Stmt::For(body)) => {
                    copy.body = self.loop_with_puts(stmt, &body.body, structure, function);
                }
                (Stmt::While(copy), Stmt::While(body)) => {
                    copy.body = self.loop_with_puts(stmt, &body.body, structure, function);
                }
                _ => {}
            }
            stmts.push(copy);
            for value in stmt.defined_values() {
                self.put(value, id, structure, function, &mut stmts);
            }
        }
        Block {
            stmts,
            yields: block.yields.clone(),
        }
    }

    fn loop_with_puts(
        &self,
        stmt: &Stmt,
        body: &Block,
        structure: &Structure,
        function: &mut Function,
    ) -> Block {
        let mut puts = Vec::new();
        let id = structure.id(body);
        for snapshot in self.snapshots(id) {
            puts.extend(snapshot.keep(id, structure, function));
        }
        stmt.visit_inner(&mut |value| self.put(*value, id, structure, function, &mut puts));
        let mut block = self.with_puts(body, structure, function);
        puts.append(&mut block.stmts);
        Block {
            stmts: puts,
            ..block
        }
    }

    fn put(
        &self,
        value: ValueId,
        block: BlockId,
        structure: &Structure,
        function: &mut Function,
        stmts: &mut Vec<Stmt>,
    ) {
        let Some(tape) = self.tape(value) else {
            return;
        };
        let frame = structure.frame(block);
        if frame != Structure::TOP && !is_carried_by(structure, value, frame) {
            return;
        }
        let mut index = Vec::new();
        if self.is_indexed(tape) {
            let (computed, numbers) =
                iteration_numbers(function, structure, &structure.tape_loops(value));
            stmts.extend(computed);
            index = numbers;
        }
        stmts.push(Stmt::TapePut {
            tape,
            index,
            value: Operand::Value(value),
        });
    }
}

/// The loops at the top level for whose iterations two-dimensional tapes would be kept: the bodies worth running again.
fn choose_frames(
    primal: &Function,
    structure: &Structure,
    demands: &BTreeSet<ValueId>,
) -> BTreeSet<BlockId> {
    choose(primal, structure, demands)
        .into_iter()
        .filter_map(|value| structure.home(value))
        .filter(|home| structure.loops(*home).len() > 1)
        .filter_map(|home| outermost_loop(structure, home))
        .filter(|body| structure.info(*body).parent == Some(Structure::TOP))
        .collect()
}

/// The bodies of loops over segments of other loops.
fn segments(primal: &Function, structure: &Structure) -> BTreeSet<BlockId> {
    let bodies = primal.segments.iter();
    bodies
        .filter_map(|index| structure.home(*index))
        .filter(|body| structure.info(*body).parent == Some(Structure::TOP))
        .collect()
}

/// What running an iteration of a loop again takes, if that is possible and what is kept inside is indexed.
fn frame(
    primal: &Function,
    structure: &mut Structure,
    body: BlockId,
    demands: &BTreeSet<ValueId>,
    restores: bool,
) -> Option<Slice> {
    let block = structure.block_of(primal, body)?;
    let slice = slice(primal, structure, body, block, demands, restores)?;
    structure.add_frame(body);
    let indexed = choose(primal, structure, demands).into_iter().all(|value| {
        let home = structure
            .home(value)
            .expect("only values of the primal are kept");
        structure.frame(home) != body
            || layout(&mut primal.clone(), structure, &structure.tape_loops(value)).is_some()
    });
    structure.remove_frame(body);
    indexed.then_some(slice)
}

/// The values to keep: a minimum cut.
fn choose(primal: &Function, structure: &Structure, demands: &BTreeSet<ValueId>) -> Vec<ValueId> {
    let mut graph = Graph::default();
    let mut nodes: HashMap<ValueId, (Node, Node)> = HashMap::default();
    let mut order = Vec::new();
    let mut pending: Vec<ValueId> = demands.iter().copied().collect();
    while let Some(value) = pending.pop() {
        if nodes.contains_key(&value) || is_free(structure, value) {
            continue;
        }
        let (enter, leave) = (graph.node(), graph.node());
        graph.edge(enter, leave, cost(primal, structure, value));
        nodes.insert(value, (enter, leave));
        order.push(value);
        pending.extend(ingredients(primal, structure, value).into_iter().flatten());
    }
    for value in &order {
        let (enter, leave) = nodes[value];
        match ingredients(primal, structure, *value) {
            None => graph.source_edge(enter),
            Some(ingredients) => {
                for ingredient in ingredients {
                    if let Some((_, from)) = nodes.get(&ingredient) {
                        graph.edge(*from, enter, Graph::UNLIMITED);
                    }
                }
            }
        }
        if demands.contains(value) {
            graph.sink_edge(leave);
        }
    }
    let near_sink = graph.cut_nearest_to_sink();
    let mut kept: Vec<ValueId> = order
        .into_iter()
        .filter(|value| {
            let (enter, leave) = nodes[value];
            !near_sink.contains(&enter) && near_sink.contains(&leave)
        })
        .collect();
    kept.sort_unstable();
    kept
}

/// Whether a value is at hand in the reverse sweep anyway.
fn is_free(structure: &Structure, value: ValueId) -> bool {
    let Some(home) = structure.home(value) else {
        return true;
    };
    let carried = matches!(structure.definition(value), Some(Definition::Carried));
    (structure.frame(home) == home && !(carried && home != Structure::TOP))
        || matches!(structure.definition(value), Some(Definition::Index))
}

/// How much it costs to keep a value: its size, times eight for each loop around it.
fn cost(primal: &Function, structure: &Structure, value: ValueId) -> u64 {
    let size = match primal.values[value].ty {
        ScalarType::Bool => 1,
        _ => 8,
    };
    let depth = structure.tape_loops(value).len().min(16);
    size << (3 * depth)
}

/// How a value is had again in the reverse sweep without keeping it.
pub(super) enum Recipe<'a> {
    /// By its operation.
    Op(&'a Op),
    /// By reading a place that still holds it.
    Load(&'a Place),
    /// As a first value plus a constant for each iteration so far.
    Induction(&'a Operand, i64),
}

/// How a value is had again; `None` where it can't be, or where that would cost more than keeping it.
pub(super) fn recipe<'a>(
    primal: &Function,
    structure: &'a Structure,
    value: ValueId,
) -> Option<Recipe<'a>> {
    let home = structure.home(value)?;
    match structure.definition(value)? {
        Definition::Op(op) if is_cheap(op, primal, structure) => return Some(Recipe::Op(op)),
        Definition::Load(place, position) if structure.survives(primal, place, home, *position) => {
            return Some(Recipe::Load(place));
        }
        Definition::Carried if primal.values[value].ty == ScalarType::USIZE => {
            return structure
                .induction(value)
                .map(|(initial, step)| Recipe::Induction(initial, step));
        }
        _ => {}
    }
    if structure.frame(home) != Structure::TOP {
        return None;
    }
    let (place, position) = structure.stored(value)?;
    let survives = structure.survives(primal, place, home, *position);
    survives.then_some(Recipe::Load(place))
}

/// What a value is had again from.
fn ingredients(primal: &Function, structure: &Structure, value: ValueId) -> Option<Vec<ValueId>> {
    let operands = match recipe(primal, structure, value)? {
        Recipe::Op(op) => op.operands(),
        Recipe::Load(place) => place.operands(),
        Recipe::Induction(initial, _) => vec![initial],
    };
    let mut values: Vec<ValueId> = operands.into_iter().filter_map(Operand::value).collect();
    // The index of a loop that can stop early is computed from the bounds of its range.
    for value in values.clone() {
        if let (Some(Definition::Index), Some(home)) =
            (structure.definition(value), structure.home(value))
            && let BlockKind::For { range, .. } = &structure.info(home).kind
        {
            values.extend(range.operands().into_iter().filter_map(Operand::value));
        }
    }
    Some(values)
}

fn is_cheap(op: &Op, primal: &Function, structure: &Structure) -> bool {
    // What only rustc knows the type of can't be handed from one function to another.
    if structure.two_steps
        && op.operands().iter().any(|operand| {
            operand.value().is_some() && *primal.operand_type(operand) == ScalarType::Inferred
        })
    {
        return false;
    }
    match op {
        Op::Prim(prim, operands) => {
            !prim.is_costly() || operands.iter().all(|operand| operand.value().is_none())
        }
        Op::Opaque(_) => false,
        Op::Pure(template) => {
            let mut has_places = false;
            template.visit_places(&mut |_, _| has_places = true);
            !has_places
        }
        Op::Len(place) => structure.keeps_length(primal, place.memory),
        Op::Binary(..)
        | Op::Not(_)
        | Op::Negate(_)
        | Op::Compare(..)
        | Op::Select(..)
        | Op::Cast(..)
        | Op::Method(..)
        | Op::Copy(_) => true,
    }
}
