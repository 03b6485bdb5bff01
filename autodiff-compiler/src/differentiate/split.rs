//! A function in two: the forward sweep, which leaves on the shared tape what the reverse sweep needs, and the reverse
//! sweep, which takes it off again.
//!
//! The reverse sweep gets the parameters once more, but for what stands behind `&mut`. Beyond them, what it needs of the
//! forward sweep is kept or computed again: a minimum cut, as for the tapes inside of a function (see
//! `reverse::storage`). A function of scalars without branches and loops keeps nothing.

use std::collections::BTreeSet;

use rustc_hash::FxHashMap as HashMap;

use crate::derivatives::Sweeps;
use crate::ir::{
    Access, Binding, Block, Function, Kept, MemoryId, Op, Operand, Origin, Output, Parameter,
    Place, Recalled, Role, ScalarType, Stmt, TapeId, TapeLayout, Type, ValueId,
};

use super::forward::whole;
use super::min_cut::{Graph, Node};

/// Splits a function at its turn.
pub fn split(function: &Function) -> Sweeps {
    let mut function = function.clone();
    let turn = function
        .body
        .stmts
        .iter()
        .position(|stmt| matches!(stmt, Stmt::Turn))
        .expect("a function with both sweeps has a turn");
    let mut after = function.body.stmts.split_off(turn);
    rename_shapes(&function, &mut after);
    let border = Border::of(&function, &after);
    let mut keeps = border.keeps();
    let recomputed = border.recomputed();

    let mut forward = function.clone();
    forward.parameters.retain(is_ahead);
    forward.body.stmts.append(&mut keeps);

    let mut reverse = function.clone();
    reverse.output = Output::Unit;
    let mut stmts = vec![after.remove(0)];
    stmts.extend(border.recalls());
    stmts.extend(recomputed);
    stmts.extend(after);
    reverse.body = Block {
        stmts,
        yields: Vec::new(),
    };
    for parameter in &reverse.parameters {
        if let (true, Binding::Memory(memory)) = (is_ahead(parameter), parameter.binding) {
            lend(&mut reverse.memories[memory]);
        }
    }
    for memory in &border.memories {
        let info = &mut reverse.memories[*memory];
        info.origin = Origin::Shared;
        lend(info);
    }
    // What was kept of a parameter is another memory than the parameter that is handed in again.
    for position in 0..reverse.parameters.len() {
        if let Binding::Memory(memory) = reverse.parameters[position].binding
            && border.memories.contains(&memory)
        {
            let info = reverse.memories[memory].clone();
            reverse.parameters[position].binding = Binding::Memory(reverse.memories.push(info));
        }
    }
    Sweeps { forward, reverse }
}

/// Whether all that a reverse sweep takes off the tape has a type that can be written down.
pub fn is_known(reverse: &Function) -> bool {
    fn is_known_type(ty: &Type) -> bool {
        match ty {
            Type::Scalar(scalar) => *scalar != ScalarType::Inferred,
            Type::Array(element, _) | Type::Slice(element) | Type::Vec(element) => {
                is_known_type(element)
            }
            Type::Tuple(parts) => parts.iter().all(is_known_type),
            Type::Struct(_) => false,
        }
    }
    reverse.body.stmts.iter().all(|stmt| match stmt {
        Stmt::Recall { content, .. } => match content {
            Recalled::Value(value) => reverse.values[*value].ty != ScalarType::Inferred,
            Recalled::Memory(memory) => is_known_type(&reverse.memories[*memory].ty),
            Recalled::Tape(tape) => reverse.tapes[*tape].ty != ScalarType::Inferred,
        },
        _ => true,
    })
}

/// Whether a parameter belongs to the forward sweep too.
fn is_ahead(parameter: &Parameter) -> bool {
    matches!(parameter.role, Role::Primal(_) | Role::Direction(_))
}

/// Makes of a memory what the reverse sweep gets of it: a copy where that costs nothing, a reference otherwise.
fn lend(info: &mut crate::ir::MemoryInfo) {
    if info.origin == Origin::Mutable || !is_plain(&info.ty) {
        info.origin = Origin::Shared;
    }
    if let Type::Vec(element) = &info.ty {
        info.ty = Type::Slice(element.clone());
    }
}

/// Whether values of the type are copied by an assignment.
fn is_plain(ty: &Type) -> bool {
    match ty {
        Type::Scalar(_) => true,
        Type::Array(element, _) => is_plain(element),
        Type::Tuple(parts) => parts.iter().all(is_plain),
        Type::Slice(_) | Type::Vec(_) | Type::Struct(_) => false,
    }
}

/// The shape of an in-out parameter is that of its adjoint, which the reverse sweep has.
fn rename_shapes(function: &Function, after: &mut [Stmt]) {
    let mut content = BTreeSet::new();
    for stmt in after.iter() {
        visit_deep(stmt, &mut |memory, access| {
            if access != Access::Shape {
                content.insert(memory);
            }
        });
    }
    let mut renamed = HashMap::default();
    for parameter in &function.parameters {
        let beside = match parameter.role {
            Role::Primal(position) => Role::Adjoint(position),
            Role::Direction(position) => Role::AdjointDirection(position),
            _ => continue,
        };
        let adjoint = function
            .parameters
            .iter()
            .find(|other| other.role == beside)
            .map(|other| other.binding);
        if let (Binding::Memory(memory), Some(Binding::Memory(adjoint))) =
            (parameter.binding, adjoint)
            && function.memories[memory].origin == Origin::Mutable
            && !content.contains(&memory)
        {
            renamed.insert(memory, adjoint);
        }
    }
    for stmt in after {
        let mut rename = |memory: &mut MemoryId, _: Access| {
            if let Some(adjoint) = renamed.get(memory) {
                *memory = *adjoint;
            }
        };
        stmt.visit_memories_mut(&mut rename);
        stmt.for_each_block_mut(&mut |block| block.visit_memories_mut(&mut rename));
    }
}

fn visit_deep(stmt: &Stmt, f: &mut dyn FnMut(MemoryId, Access)) {
    stmt.visit_memories(&mut |memory, access| f(*memory, access));
    stmt.for_each_block(&mut |block| {
        block.visit_memories(&mut |memory, access| f(*memory, access))
    });
}

/// What the reverse sweep needs of the forward sweep.
struct Border<'f> {
    function: &'f Function,
    /// Where the values of the forward sweep are defined, outside of blocks.
    positions: HashMap<ValueId, usize>,
    /// The parameters' memories that the reverse sweep finds as they were.
    lent: BTreeSet<MemoryId>,
    /// The values that are kept.
    values: Vec<ValueId>,
    /// The values that are computed again.
    again: BTreeSet<ValueId>,
    /// The memories that are kept.
    memories: BTreeSet<MemoryId>,
    /// The tapes that are kept.
    tapes: BTreeSet<TapeId>,
    /// Whether the function is so simple that it is run again rather than that anything is kept.
    simple: bool,
}

impl<'f> Border<'f> {
    fn of(function: &'f Function, after: &[Stmt]) -> Self {
        let mut border = Self {
            function,
            positions: HashMap::default(),
            lent: lent(function),
            values: Vec::new(),
            again: BTreeSet::new(),
            memories: BTreeSet::new(),
            tapes: BTreeSet::new(),
            simple: function.body.stmts.iter().all(|stmt| match stmt {
                Stmt::Let { op, .. } => !matches!(op, Op::Opaque(_) | Op::Pure(_)),
                Stmt::Load { .. } | Stmt::Check { .. } => true,
                _ => false,
            }),
        };
        let mut made = BTreeSet::new();
        let mut tapes = BTreeSet::new();
        for (position, stmt) in function.body.stmts.iter().enumerate() {
            for value in stmt.defined_values() {
                border.positions.insert(value, position);
            }
            stmt.visit_memories(&mut |memory, access| {
                if access == Access::Alloc {
                    made.insert(*memory);
                }
            });
            if let Stmt::TapeAlloc(tape) = stmt {
                tapes.insert(*tape);
            }
        }
        for parameter in &function.parameters {
            if let (true, Binding::Memory(memory)) = (is_ahead(parameter), parameter.binding)
                && !border.lent.contains(&memory)
            {
                made.insert(memory);
            }
        }
        let mut needed = BTreeSet::new();
        let mut need = |operand: &Operand| needed.extend(operand.value());
        for stmt in after {
            stmt.visit_operands(&mut need);
            stmt.for_each_block(&mut |block| block.visit_operands(&mut need));
            visit_deep(stmt, &mut |memory, _| {
                if made.contains(&memory) {
                    border.memories.insert(memory);
                }
            });
            let mut read = |tape: &TapeId| {
                if tapes.contains(tape) {
                    border.tapes.insert(*tape);
                }
            };
            stmt.visit_tapes(&mut read);
            stmt.for_each_block(&mut |block| block.visit_tapes(&mut read));
        }
        for stmt in after {
            let mut make = |stmt: &Stmt| {
                if let Stmt::TapeAlloc(tape) = stmt {
                    function.tapes[*tape].layout.visit_operands(&mut need);
                }
            };
            make(stmt);
            stmt.for_each_block(&mut |block| block.for_each_stmt(&mut make));
        }
        for tape in &border.tapes {
            if let TapeLayout::Buffer(trips) = &function.tapes[*tape].layout {
                // How many rows there are is of no consequence once the buffer is made.
                trips.iter().skip(1).for_each(&mut need);
            }
        }
        needed.retain(|value| border.positions.contains_key(value));
        border.cut(&needed);
        border
    }

    /// What a value is computed from again; `None` where it is kept if it is needed.
    fn ingredients(&self, value: ValueId) -> Option<Vec<ValueId>> {
        let position = self.positions[&value];
        let stmt = &self.function.body.stmts[position];
        let is_open = |operand: &&Operand| {
            operand.value().is_some()
                && *self.function.operand_type(operand) == ScalarType::Inferred
        };
        if stmt.operands().iter().any(is_open) {
            return None;
        }
        let possible = match stmt {
            Stmt::Let { op, .. } => match op {
                Op::Prim(prim, operands) => {
                    self.simple
                        || !prim.is_costly()
                        || operands.iter().all(|operand| operand.value().is_none())
                }
                Op::Opaque(_) | Op::Pure(_) => false,
                Op::Len(place) => self.lent.contains(&place.memory),
                _ => true,
            },
            Stmt::Load { place, .. } => self.lent.contains(&place.memory),
            _ => false,
        };
        possible.then(|| {
            stmt.operands()
                .into_iter()
                .filter_map(Operand::value)
                .filter(|value| self.positions.contains_key(value))
                .collect()
        })
    }

    /// Decides which values are kept and which are computed again.
    fn cut(&mut self, needed: &BTreeSet<ValueId>) {
        let mut graph = Graph::default();
        let mut nodes: HashMap<ValueId, (Node, Node)> = HashMap::default();
        let mut order = Vec::new();
        let mut pending: Vec<ValueId> = needed.iter().copied().collect();
        while let Some(value) = pending.pop() {
            if nodes.contains_key(&value) {
                continue;
            }
            let (enter, leave) = (graph.node(), graph.node());
            let cost = if self.function.values[value].lanes {
                64
            } else {
                8
            };
            graph.edge(enter, leave, cost);
            nodes.insert(value, (enter, leave));
            order.push(value);
            pending.extend(self.ingredients(value).into_iter().flatten());
        }
        for value in &order {
            let (enter, leave) = nodes[value];
            match self.ingredients(*value) {
                None => graph.source_edge(enter),
                Some(ingredients) => {
                    for ingredient in ingredients {
                        graph.edge(nodes[&ingredient].1, enter, Graph::UNLIMITED);
                    }
                }
            }
            if needed.contains(value) {
                graph.sink_edge(leave);
            }
        }
        let near_sink = graph.cut_nearest_to_sink();
        for value in order {
            let (enter, leave) = nodes[&value];
            if !near_sink.contains(&enter) && near_sink.contains(&leave) {
                self.values.push(value);
            }
        }
        self.values.sort_unstable();
        self.type_by_type();
        let mut pending: Vec<ValueId> = needed.iter().copied().collect();
        while let Some(value) = pending.pop() {
            if !self.values.contains(&value) && self.again.insert(value) {
                pending.extend(self.ingredients(value).into_iter().flatten());
            }
        }
    }

    /// Brings values of one type next to each other, so that they are kept together.
    fn type_by_type(&mut self) {
        let values = &self.function.values;
        let alike = |a: &ValueId, b: &ValueId| {
            values[*a].ty == values[*b].ty && values[*a].lanes == values[*b].lanes
        };
        let order = self.values.clone();
        self.values
            .sort_by_key(|value| order.iter().position(|first| alike(first, value)));
    }

    fn contents(&self) -> impl Iterator<Item = Kept> {
        let values = self
            .values
            .iter()
            .map(|value| Kept::Scalar(Operand::Value(*value)));
        let memories = self
            .memories
            .iter()
            .map(|memory| Kept::Place(whole(*memory)));
        let tapes = self.tapes.iter().map(|tape| Kept::Tape(*tape));
        values.chain(memories).chain(tapes)
    }

    fn keeps(&self) -> Vec<Stmt> {
        self.contents()
            .enumerate()
            .map(|(pair, content)| Stmt::Keep { pair, content })
            .collect()
    }

    fn recalls(&self) -> Vec<Stmt> {
        let contents: Vec<Kept> = self.contents().collect();
        let recalled = |content| match content {
            Kept::Scalar(Operand::Value(value)) => Recalled::Value(value),
            Kept::Scalar(_) => unreachable!("only values are kept"),
            Kept::Place(Place { memory, .. }) => Recalled::Memory(memory),
            Kept::Tape(tape) => Recalled::Tape(tape),
        };
        contents
            .into_iter()
            .enumerate()
            .rev()
            .map(|(pair, content)| Stmt::Recall {
                pair,
                content: recalled(content),
            })
            .collect()
    }

    /// The statements that compute values again, in their order.
    fn recomputed(&self) -> Vec<Stmt> {
        let positions: BTreeSet<usize> = self
            .again
            .iter()
            .map(|value| self.positions[value])
            .collect();
        positions
            .into_iter()
            .map(|position| self.function.body.stmts[position].clone())
            .collect()
    }
}

/// The memories of parameters that are handed to both sweeps and that the forward sweep leaves as they are.
fn lent(function: &Function) -> BTreeSet<MemoryId> {
    let mut written = BTreeSet::new();
    for stmt in &function.body.stmts {
        visit_deep(stmt, &mut |memory, access| {
            if access.writes() {
                written.insert(memory);
            }
        });
    }
    let memories = function
        .parameters
        .iter()
        .filter(|p| is_ahead(p))
        .filter_map(|parameter| match parameter.binding {
            Binding::Memory(memory) => Some(memory),
            Binding::Value(_) => None,
        });
    memories
        .filter(|memory| {
            function.memories[*memory].origin != Origin::Mutable && !written.contains(memory)
        })
        .collect()
}
