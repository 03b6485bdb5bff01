//! Forward mode: beside every value that varies, its tangent.
//!
//! The result computes the function and its directional derivative in one sweep; with lanes, along `K` directions at
//! once. The transformation reads every form of the representation, the reverse pass's own included, so that
//! forward over reverse is second order.

use std::collections::HashMap;

use crate::analysis::Activity;
use crate::ir::{
    Binding, Block, Carried, For, Function, If, Init, InitTree, MemoryId, MemoryInfo, Op, Operand,
    Origin, Output, Parameter, Place, Prim, Role, Stmt, TapeId, TapeInfo, Type, ValueId, ValueInfo,
    While,
};

use crate::ir::{Builder, float_literal, float_type};

/// Differentiates `primal` along the directions of its active parameters.
///
/// The parameters of the result are those of `primal` followed by one direction for each active one, in order; its
/// output is `(R, dR)`. A cotangent or adjoint parameter of `primal` is held constant.
pub fn forward(primal: &Function, lanes: bool) -> Function {
    let mut pass = Forward::new(primal, lanes, vec![Direction::named("dot".to_owned())]);
    let ahead = pass.directions(primal);
    let (mut function, mut tangents) = pass.run(primal, ahead);
    function.output = match (primal.output.clone(), tangents.remove(0)) {
        (Output::Unit, _) => Output::Unit,
        (value, tangent) => Output::Tuple(vec![value, tangent]),
    };
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
            tangents: HashMap::new(),
            shadows: HashMap::new(),
            tapes: HashMap::new(),
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
            directions,
            current: 0,
        }
    }

    /// The function with tangents beside its values, and the tangent of its output along each direction.
    fn run(mut self, primal: &Function, ahead: Vec<Stmt>) -> (Function, Vec<Output>) {
        let mut stmts = ahead;
        stmts.extend(self.block(&primal.body).stmts);
        let mut tangents = Vec::new();
        for direction in 0..self.directions.len() {
            self.current = direction;
            tangents.push(self.output_tangent(&primal.output, &mut stmts));
        }
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

    /// Declares the direction parameters, and the shadows of memory that no direction comes with.
    fn directions(&mut self, primal: &Function) -> Vec<Stmt> {
        let mut stmts = Vec::new();
        let written = written_memories(&primal.body);
        for parameter in &primal.parameters {
            let Role::Primal(position) = parameter.role else {
                continue;
            };
            if !parameter.active {
                if let Binding::Memory(memory) = parameter.binding
                    && self.activity.is_varied_memory(memory)
                {
                    stmts.push(self.zero_shadow(memory));
                }
                continue;
            }
            let binding = match parameter.binding {
                Binding::Value(value) => {
                    let tangent = self.fresh_tangent(value);
                    self.here_mut()
                        .tangents
                        .insert(value, Operand::Value(tangent));
                    Binding::Value(tangent)
                }
                Binding::Memory(memory) => {
                    Binding::Memory(self.direction_memory(memory, &written, &mut stmts))
                }
            };
            self.function.parameters.push(Parameter {
                role: Role::Direction(position),
                binding,
                active: false,
            });
        }
        stmts
    }

    /// The direction parameter of a memory parameter. A direction is borrowed where the parameter is a `Vec`, so one
    /// that the body writes to is copied first.
    fn direction_memory(
        &mut self,
        memory: MemoryId,
        written: &[MemoryId],
        stmts: &mut Vec<Stmt>,
    ) -> MemoryId {
        let info = self.function.memories[memory].clone();
        let name = self.tangent_name(&info.name);
        if let (Origin::Owned, Type::Vec(element)) = (info.origin, &info.ty) {
            let direction = self.function.derived_memory(MemoryInfo {
                name: name.clone(),
                ty: Type::Slice(element.clone()).tangent(),
                origin: Origin::Shared,
                lanes: self.lanes,
            });
            if written.contains(&memory) {
                let local = self.new_shadow(memory, name, Origin::Local);
                stmts.push(Stmt::Alloc {
                    memory: local,
                    init: Init::CopyOf(whole(direction)),
                });
            } else {
                self.here_mut().shadows.insert(memory, direction);
            }
            return direction;
        }
        self.new_shadow(memory, name, info.origin)
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

    /// A shadow that starts as zeros in the shape of its memory, which exists already.
    fn zero_shadow(&mut self, memory: MemoryId) -> Stmt {
        let info = &self.function.memories[memory];
        let (name, ty) = (self.tangent_name(&info.name), owned(&info.ty).tangent());
        let shadow = self.function.derived_memory(MemoryInfo {
            name,
            ty,
            origin: Origin::Scratch,
            lanes: self.lanes,
        });
        self.here_mut().shadows.insert(memory, shadow);
        Stmt::Alloc {
            memory: shadow,
            init: Init::ZerosLike(whole(memory)),
        }
    }

    fn fresh_tangent(&mut self, value: ValueId) -> ValueId {
        let info = &self.function.values[value];
        let (name, ty) = (self.tangent_name(&info.name), info.ty.clone());
        self.function.values.push(ValueInfo {
            name,
            ty,
            lanes: self.lanes,
        })
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
            _ => {
                stmts.push(stmt.clone());
                for direction in 0..self.directions.len() {
                    self.current = direction;
                    self.tangent_stmt(stmt, stmts);
                }
            }
        }
    }

    /// Appends the tangent of a straight-line statement along the current direction.
    fn tangent_stmt(&mut self, stmt: &Stmt, stmts: &mut Vec<Stmt>) {
        match stmt {
            Stmt::Let { value, op } => {
                if self.activity.is_varied(*value) {
                    self.op_tangent(*value, op, stmts);
                }
            }
            Stmt::Load { value, place } => {
                if self.activity.is_varied(*value)
                    && let Some(place) = self.shadow_place(place)
                {
                    let tangent = self.fresh_tangent(*value);
                    self.here_mut()
                        .tangents
                        .insert(*value, Operand::Value(tangent));
                    stmts.push(Stmt::Load {
                        value: tangent,
                        place,
                    });
                }
            }
            Stmt::Store { place, value } => {
                if let Some(place) = self.float_shadow_place(place, value) {
                    stmts.push(Stmt::Store {
                        place,
                        value: self.tangent_or_zero(value),
                    });
                }
            }
            Stmt::Accumulate { place, value } => {
                if let (Some(place), Some(value)) = (self.shadow_place(place), self.tangent(value))
                {
                    stmts.push(Stmt::Accumulate { place, value });
                }
            }
            Stmt::Alloc { memory, init } => self.alloc(*memory, init, stmts),
            Stmt::Copy { to, from } => match (self.shadow_place(to), self.shadow_place(from)) {
                (Some(to), Some(from)) => stmts.push(Stmt::Copy { to, from }),
                (Some(place), None) => stmts.push(Stmt::Clear { place }),
                (None, _) => {}
            },
            Stmt::Move { to, from } => self.move_shadow(*to, *from, stmts),
            Stmt::AccumulateAll { to, from } => {
                if let (Some(to), Some(from)) = (self.shadow_place(to), self.shadow_place(from)) {
                    stmts.push(Stmt::AccumulateAll { to, from });
                }
            }
            Stmt::Clear { place } => {
                if let Some(place) = self.shadow_place(place) {
                    stmts.push(Stmt::Clear { place });
                }
            }
            Stmt::TapeAlloc(tape) => {
                if self.activity.is_varied_tape(*tape) {
                    let TapeInfo {
                        name, ty, layout, ..
                    } = self.function.tapes[*tape].clone();
                    let twin = TapeInfo {
                        name: self.tangent_name(&name),
                        ty,
                        lanes: self.lanes,
                        layout,
                    };
                    let twin = self.function.tapes.push(twin);
                    self.here_mut().tapes.insert(*tape, twin);
                    stmts.push(Stmt::TapeAlloc(twin));
                }
            }
            Stmt::TapePut { tape, index, value } => {
                if let Some(&tape) = self.here().tapes.get(tape) {
                    let value = self.tangent_or_zero(value);
                    stmts.push(Stmt::TapePut {
                        tape,
                        index: index.clone(),
                        value,
                    });
                }
            }
            Stmt::TapeGet { value, tape, index } => {
                if let Some(&tape) = self.here().tapes.get(tape) {
                    let tangent = self.fresh_tangent(*value);
                    self.here_mut()
                        .tangents
                        .insert(*value, Operand::Value(tangent));
                    stmts.push(Stmt::TapeGet {
                        value: tangent,
                        tape,
                        index: index.clone(),
                    });
                }
            }
            Stmt::If(_) | Stmt::For(_) | Stmt::While(_) => {
                unreachable!("control is differentiated as a whole")
            }
            Stmt::Check { .. } | Stmt::CheckShape { .. } | Stmt::Effect(_) | Stmt::Turn => {}
        }
    }

    /// The shadow of a place that holds a float; beside floats, tuples can hold what has no tangent.
    fn float_shadow_place(&self, place: &Place, value: &Operand) -> Option<Place> {
        let is_float = crate::ir::operand_type(&self.function, value).is_float();
        if is_float {
            self.shadow_place(place)
        } else {
            None
        }
    }

    /// The tangent of an operation: the sum over its operands of partial derivative times tangent.
    fn op_tangent(&mut self, value: ValueId, op: &Op, stmts: &mut Vec<Stmt>) {
        let result = Operand::Value(value);
        let ty = float_type(&self.function, &result);
        let name = self.tangent_name(&self.function.values[value].name);
        let active = match op {
            Op::Prim(_, operands) => self.activity.varied_operands(operands),
            _ => Vec::new(),
        };
        let tangent = match op {
            // A selection by comparison: the tangent is that of the operand selected, whatever the other's.
            Op::Prim(prim, operands) if selected_from(*prim).is_some() => {
                let arms = selected_from(*prim).expect("just asked");
                let mut operands = operands.clone();
                for operand in &mut operands[arms..] {
                    *operand = self.tangent_or_zero(operand);
                }
                let mut builder = Builder::new(&mut self.function);
                let tangent = builder.prim("term", *prim, operands, &ty);
                stmts.append(&mut builder.stmts);
                Some(tangent)
            }
            Op::Prim(prim, operands) => {
                let tangents: Vec<Option<Operand>> = operands
                    .iter()
                    .map(|operand| self.tangent(operand))
                    .collect();
                let varies: Vec<bool> = tangents
                    .iter()
                    .zip(&active)
                    .map(|(tangent, active)| tangent.is_some() && *active)
                    .collect();
                let mut builder = Builder::new(&mut self.function);
                let mut sum: Option<Operand> = None;
                for (operand, partial) in
                    builder.partials(*prim, operands, (&active, &varies), &result, &ty)
                {
                    let position = operands.iter().position(|other| *other == operand);
                    let Some(tangent) = position.and_then(|k| tangents[k].clone()) else {
                        continue;
                    };
                    let term = builder.mul(partial, tangent, &ty);
                    sum = Some(match sum {
                        Some(sum) => builder.add(sum, term, &ty),
                        None => term,
                    });
                }
                stmts.append(&mut builder.stmts);
                sum
            }
            Op::Select(condition, a, b) => {
                let (a, b) = (self.tangent_or_zero(a), self.tangent_or_zero(b));
                let mut builder = Builder::new(&mut self.function);
                let tangent = builder.select(&name, condition.clone(), a, b, &ty);
                stmts.append(&mut builder.stmts);
                Some(tangent)
            }
            Op::Copy(a) => self.tangent(a),
            Op::Cast(a, to) => self.tangent(a).map(|tangent| {
                let mut builder = Builder::new(&mut self.function);
                let tangent = builder.define(&name, to.clone(), Op::Cast(tangent, to.clone()));
                stmts.append(&mut builder.stmts);
                tangent
            }),
            _ => None,
        };
        if let Some(tangent) = tangent {
            self.name_tangent(&tangent, name);
            self.here_mut().tangents.insert(value, tangent);
        }
    }

    /// Calls a tangent just computed after its primal.
    fn name_tangent(&mut self, tangent: &Operand, name: String) {
        if let Operand::Value(tangent) = tangent
            && self.function.values[*tangent].name == "term"
        {
            self.function.values[*tangent].name = name;
        }
    }

    fn alloc(&mut self, memory: MemoryId, init: &Init, stmts: &mut Vec<Stmt>) {
        if !self.activity.is_varied_memory(memory) {
            return;
        }
        let info = &self.function.memories[memory];
        let (name, origin) = (self.tangent_name(&info.name), info.origin);
        let init = match init {
            Init::Tree(tree) => Init::Tree(self.tangent_tree(tree)),
            Init::CopyOf(place) => match self.shadow_place(place) {
                Some(place) => Init::CopyOf(place),
                None => Init::ZerosLike(whole(memory)),
            },
            Init::ZerosLike(_) => Init::ZerosLike(whole(memory)),
            Init::Default => Init::Default,
        };
        let shadow = self.new_shadow(memory, name, origin);
        stmts.push(Stmt::Alloc {
            memory: shadow,
            init,
        });
    }

    fn tangent_tree(&self, tree: &InitTree) -> InitTree {
        match tree {
            InitTree::Scalar(operand) => {
                let is_float = crate::ir::operand_type(&self.function, operand).is_float();
                if is_float {
                    InitTree::Scalar(self.tangent_or_zero(operand))
                } else {
                    InitTree::Tuple(Vec::new())
                }
            }
            InitTree::CopyOf(place) => match self.shadow_place(place) {
                Some(place) => InitTree::CopyOf(place),
                None => InitTree::ZerosLike(place.clone()),
            },
            InitTree::ZerosLike(place) => InitTree::ZerosLike(place.clone()),
            InitTree::List(items) => {
                InitTree::List(items.iter().map(|item| self.tangent_tree(item)).collect())
            }
            InitTree::Tuple(items) => {
                InitTree::Tuple(items.iter().map(|item| self.tangent_tree(item)).collect())
            }
            InitTree::Repeat(item, count) => {
                InitTree::Repeat(Box::new(self.tangent_tree(item)), count.clone())
            }
        }
    }

    fn move_shadow(&mut self, to: MemoryId, from: MemoryId, stmts: &mut Vec<Stmt>) {
        let (to_shadow, from_shadow) = (
            self.here().shadows.get(&to).copied(),
            self.here().shadows.get(&from).copied(),
        );
        match (to_shadow, from_shadow) {
            (Some(to), Some(from)) => stmts.push(Stmt::Move { to, from }),
            (Some(shadow), None) => {
                // What was moved in does not vary: zeros in its shape.
                let zeros = self.function.memories[shadow].clone();
                let zeros = self.function.derived_memory(MemoryInfo {
                    origin: Origin::Local,
                    ..zeros
                });
                stmts.push(Stmt::Alloc {
                    memory: zeros,
                    init: Init::ZerosLike(whole(to)),
                });
                stmts.push(Stmt::Move {
                    to: shadow,
                    from: zeros,
                });
            }
            (None, _) => {}
        }
    }

    fn branch(&mut self, branch: &If, stmts: &mut Vec<Stmt>) {
        let mut then = self.block(&branch.then);
        let mut otherwise = self.block(&branch.otherwise);
        let mut results = branch.results.clone();
        for (k, result) in branch.results.iter().enumerate() {
            let (a, b) = (&branch.then.yields[k], &branch.otherwise.yields[k]);
            for direction in 0..self.directions.len() {
                self.current = direction;
                if self.tangent(a).is_none() && self.tangent(b).is_none() {
                    continue;
                }
                then.yields.push(self.tangent_or_zero(a));
                otherwise.yields.push(self.tangent_or_zero(b));
                let tangent = self.fresh_tangent(*result);
                results.push(tangent);
                self.here_mut()
                    .tangents
                    .insert(*result, Operand::Value(tangent));
            }
        }
        stmts.push(Stmt::If(If {
            condition: branch.condition.clone(),
            then,
            otherwise,
            results,
        }));
    }

    /// Adds carried tangents for each carried variable that varies; returns for which.
    fn carry(&mut self, carried: &[Carried]) -> (Vec<Carried>, Vec<usize>) {
        let mut all = carried.to_vec();
        let mut varied = Vec::new();
        for (k, variable) in carried.iter().enumerate() {
            if !self.activity.is_varied(variable.parameter) {
                continue;
            }
            for direction in 0..self.directions.len() {
                self.current = direction;
                let initial = self.tangent_or_zero(&variable.initial);
                let (parameter, result) = (
                    self.fresh_tangent(variable.parameter),
                    self.fresh_tangent(variable.result),
                );
                self.here_mut()
                    .tangents
                    .insert(variable.parameter, Operand::Value(parameter));
                self.here_mut()
                    .tangents
                    .insert(variable.result, Operand::Value(result));
                all.push(Carried {
                    parameter,
                    initial,
                    result,
                });
            }
            varied.push(k);
        }
        (all, varied)
    }

    fn loop_body(&mut self, body: &Block, varied: &[usize]) -> Block {
        let mut block = self.block(body);
        for k in varied {
            for direction in 0..self.directions.len() {
                self.current = direction;
                block.yields.push(self.tangent_or_zero(&body.yields[*k]));
            }
        }
        block
    }

    fn counted(&mut self, counted: &For, stmts: &mut Vec<Stmt>) {
        let (carried, varied) = self.carry(&counted.carried);
        let body = self.loop_body(&counted.body, &varied);
        stmts.push(Stmt::For(For {
            carried,
            body,
            ..counted.clone()
        }));
    }

    fn conditional(&mut self, conditional: &While, stmts: &mut Vec<Stmt>) {
        let (carried, varied) = self.carry(&conditional.carried);
        let body = self.loop_body(&conditional.body, &varied);
        stmts.push(Stmt::While(While {
            carried,
            condition: conditional.condition.clone(),
            body,
        }));
    }

    /// The tangent of the output, of the types that are handed back.
    fn output_tangent(&mut self, output: &Output, stmts: &mut Vec<Stmt>) -> Output {
        match output {
            Output::Unit => Output::Unit,
            Output::Scalar(operand) => {
                let is_float = crate::ir::operand_type(&self.function, operand).is_float();
                if is_float {
                    Output::Scalar(self.lane_operand(operand, stmts))
                } else {
                    Output::Unit
                }
            }
            Output::Memory(memory) if !self.function.memories[*memory].ty.has_float() => {
                Output::Unit
            }
            Output::Memory(memory) => match self.here().shadows.get(memory) {
                Some(&shadow) => self.handed_out(shadow, stmts),
                None => {
                    stmts.push(self.zero_shadow(*memory));
                    Output::Memory(self.here().shadows[memory])
                }
            },
            Output::Tuple(parts) => Output::Tuple(
                parts
                    .iter()
                    .map(|part| self.output_tangent(part, stmts))
                    .collect(),
            ),
        }
    }

    /// A shadow as part of the output: a borrowed direction is copied first.
    fn handed_out(&mut self, shadow: MemoryId, stmts: &mut Vec<Stmt>) -> Output {
        let info = self.function.memories[shadow].clone();
        if matches!(info.origin, Origin::Local | Origin::Scratch | Origin::Owned) {
            return Output::Memory(shadow);
        }
        let ty = owned(&info.ty);
        let copy = self.function.derived_memory(MemoryInfo {
            ty,
            origin: Origin::Local,
            ..info
        });
        stmts.push(Stmt::Alloc {
            memory: copy,
            init: Init::CopyOf(whole(shadow)),
        });
        Output::Memory(copy)
    }

    /// The tangent of a scalar output; with lanes, a zero must be spelled as lanes too.
    fn lane_operand(&mut self, operand: &Operand, stmts: &mut Vec<Stmt>) -> Operand {
        match self.tangent(operand) {
            Some(tangent) => tangent,
            None => {
                let ty = float_type(&self.function, operand);
                let zero = float_literal(0.0, &ty);
                if !self.lanes {
                    return zero;
                }
                let info = ValueInfo {
                    name: "zero".to_owned(),
                    ty: crate::ir::ScalarType::Float(ty),
                    lanes: true,
                };
                let value = self.function.values.push(info);
                stmts.push(Stmt::Let {
                    value,
                    op: Op::Copy(zero),
                });
                Operand::Value(value)
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

/// The position of the first of the two operands that a primitive selects from.
fn selected_from(prim: Prim) -> Option<usize> {
    match prim {
        Prim::IfGreater | Prim::IfEqual => Some(2),
        Prim::IfNan => Some(1),
        _ => None,
    }
}

fn written_memories(body: &Block) -> Vec<MemoryId> {
    let mut written = Vec::new();
    body.visit_memories(&mut |memory, access| {
        if access.writes() {
            written.push(*memory);
        }
    });
    written
}
