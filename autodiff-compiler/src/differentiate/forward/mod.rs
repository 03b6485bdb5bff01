//! Forward mode: beside every value that varies, its tangent.
//!
//! The result computes the function and its directional derivative in one sweep; with lanes, along `K` directions at
//! once. The transformation reads every form of the representation, the reverse pass's own included, so that
//! forward over reverse is second order.

mod border;
mod calls;
mod control;
mod statements;

use rustc_hash::FxHashMap as HashMap;

use crate::analysis::Activity;
use crate::ir::{
    Binding, Block, Function, MemoryId, MemoryInfo, Operand, Origin, Output, Place, Role, Stmt,
    TapeId, Type, ValueId, ValueInfo, float_literal, float_type,
};

/// Differentiates `primal` along the directions of its active parameters.
///
/// The parameters of the result are those of `primal` followed by one direction for each active one, in order; its
/// output is `(R, dR)`. A cotangent or adjoint parameter of `primal` is held constant.
pub fn forward(primal: &Function, lanes: bool) -> Function {
    forward_with(primal, lanes, false)
}

fn forward_with(primal: &Function, lanes: bool, two_steps: bool) -> Function {
    let mut pass = Forward::new(primal, lanes, vec![Direction::named("dot".to_owned())]);
    pass.two_steps = two_steps;
    let ahead = pass.directions(primal);
    let (mut function, mut tangents) = pass.run(primal, ahead);
    function.output = match (primal.output.clone(), tangents.remove(0)) {
        (Output::Unit, _) => Output::Unit,
        (value, tangent) => Output::Tuple(vec![value, tangent]),
    };
    function
}

/// Differentiates a reverse sweep that is to be run in two steps along the directions of everything that is handed in,
/// the cotangent and the adjoints included.
pub fn forward_of_sweeps(sweeps: &Function) -> Function {
    let mut sweeps = sweeps.clone();
    for parameter in &mut sweeps.parameters {
        parameter.active |= matches!(parameter.role, Role::Cotangent | Role::Adjoint(_));
    }
    let mut function = forward_with(&sweeps, true, true);
    for parameter in &mut function.parameters {
        parameter.active &= matches!(parameter.role, Role::Primal(_));
    }
    function
}

/// Differentiates a function of scalars with respect to each of its active parameters, in one sweep over all unit
/// directions, known zeros and ones folded away. The parameters are those of `primal`; the second part of the answer
/// holds the derivative of the output for each active parameter, in order, and the output is left to the caller.
pub fn forward_units(primal: &Function) -> (Function, Vec<Output>) {
    let mut directions = Vec::new();
    for parameter in primal
        .parameters
        .iter()
        .filter(|parameter| parameter.active)
    {
        let Binding::Value(value) = parameter.binding else {
            unreachable!("the caller has seen that all active parameters are scalars");
        };
        let info = &primal.values[value];
        let mut direction = Direction::named(format!("d{}", info.name));
        let one = float_literal(1.0, &float_type(primal, &Operand::Value(value)));
        direction.tangents.insert(value, one);
        directions.push(direction);
    }
    Forward::new(primal, false, directions).run(primal, Vec::new())
}

struct Forward {
    activity: Activity,
    function: Function,
    lanes: bool,
    /// Whether the function is to be split at its turn.
    two_steps: bool,
    directions: Vec<Direction>,
    /// The direction whose tangents are being written.
    current: usize,
}

/// The tangents along one direction.
struct Direction {
    suffix: String,
    tangents: HashMap<ValueId, Operand>,
    /// The memory that holds the tangents of a memory.
    shadows: HashMap<MemoryId, MemoryId>,
    tapes: HashMap<TapeId, TapeId>,
}

impl Direction {
    fn named(suffix: String) -> Self {
        Self {
            suffix,
            tangents: HashMap::default(),
            shadows: HashMap::default(),
            tapes: HashMap::default(),
        }
    }
}

impl Forward {
    fn new(primal: &Function, lanes: bool, directions: Vec<Direction>) -> Self {
        let mut function = primal.clone();
        function.body = Block::default();
        Self {
            activity: Activity::of(primal),
            function,
            lanes,
            two_steps: false,
            directions,
            current: 0,
        }
    }

    /// The function with tangents beside its values, and the tangent of its output along each direction.
    fn run(mut self, primal: &Function, ahead: Vec<Stmt>) -> (Function, Vec<Output>) {
        let mut stmts = ahead;
        stmts.extend(self.block(&primal.body).stmts);
        let mut tangents = Vec::new();
        let mut last = Vec::new();
        for direction in 0..self.directions.len() {
            self.current = direction;
            tangents.push(self.output_tangent(&primal.output, &mut last));
        }
        // In two steps, the first one returns the output.
        let turn = stmts.iter().position(|stmt| matches!(stmt, Stmt::Turn));
        let end = turn.filter(|_| self.two_steps).unwrap_or(stmts.len());
        stmts.splice(end..end, last);
        let mut function = self.function;
        function.body = Block {
            stmts,
            yields: Vec::new(),
        };
        (function, tangents)
    }

    fn here(&self) -> &Direction {
        &self.directions[self.current]
    }

    fn here_mut(&mut self) -> &mut Direction {
        &mut self.directions[self.current]
    }

    /// The name of the tangent of `name`.
    fn tangent_name(&self, name: &str) -> String {
        format!("{name}_{}", self.here().suffix)
    }

    fn new_shadow(&mut self, memory: MemoryId, name: String, origin: Origin) -> MemoryId {
        let ty = self.function.memories[memory].ty.tangent();
        let shadow = self.function.derived_memory(MemoryInfo {
            name,
            ty,
            origin,
            lanes: self.lanes,
        });
        self.here_mut().shadows.insert(memory, shadow);
        shadow
    }

    fn fresh_tangent(&mut self, value: ValueId) -> ValueId {
        let info = &self.function.values[value];
        let (name, ty) = (self.tangent_name(&info.name), info.ty.clone());
        // The tangent of what is no number is `()`, along any number of directions.
        let lanes = self.lanes && ty.is_float();
        self.function.values.push(ValueInfo { name, ty, lanes })
    }

    /// The tangent of an operand; `None` is known to be zero.
    fn tangent(&self, operand: &Operand) -> Option<Operand> {
        operand
            .value()
            .and_then(|value| self.here().tangents.get(&value).cloned())
    }

    fn tangent_or_zero(&self, operand: &Operand) -> Operand {
        self.tangent(operand)
            .unwrap_or_else(|| float_literal(0.0, &float_type(&self.function, operand)))
    }

    fn shadow_place(&self, place: &Place) -> Option<Place> {
        self.here().shadows.get(&place.memory).map(|&memory| Place {
            memory,
            path: place.path.clone(),
        })
    }

    fn block(&mut self, block: &Block) -> Block {
        let mut stmts = Vec::new();
        for stmt in &block.stmts {
            self.stmt(stmt, &mut stmts);
        }
        Block {
            stmts,
            yields: block.yields.clone(),
        }
    }

    fn stmt(&mut self, stmt: &Stmt, stmts: &mut Vec<Stmt>) {
        match stmt {
            Stmt::If(branch) => self.branch(branch, stmts),
            Stmt::For(body) => self.counted(body, stmts),
            Stmt::While(body) => self.conditional(body, stmts),
            Stmt::Call(call) => self.call(call, stmts),
            Stmt::Keep { .. } | Stmt::Recall { .. } => self.shared_tape(stmt, stmts),
            _ => {
                stmts.push(stmt.clone());
                for direction in 0..self.directions.len() {
                    self.current = direction;
                    self.tangent_stmt(stmt, stmts);
                }
            }
        }
    }
}

/// The whole of a memory, as a place.
pub fn whole(memory: MemoryId) -> Place {
    Place {
        memory,
        path: Vec::new(),
    }
}

/// The type of an owned copy.
pub fn owned(ty: &Type) -> Type {
    match ty {
        Type::Slice(element) => Type::Vec(element.clone()),
        other => other.clone(),
    }
}
