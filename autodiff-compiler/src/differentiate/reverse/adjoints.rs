//! Adjoints at the border of the function: parameters, cotangents and what is handed back.

use crate::ir::{
    Binding, Init, MemoryId, MemoryInfo, Operand, Origin, Output, Parameter, Place, Projection,
    Role, ScalarType, Stmt, Type, TypedId, ValueInfo,
};

use super::super::forward::{owned, whole};
use super::{Adjoints, AdjointsOut, Reverse, Seed, Shape};
use crate::ir::{Builder, float_literal, float_type};

impl Reverse<'_> {
    /// The memory that holds the adjoint of a memory, where it has one.
    pub(super) fn adjoint_memory(&self, memory: MemoryId) -> Option<MemoryId> {
        self.adjoint_memories.get(&memory).copied()
    }

    /// Adds `adjoint` to what the adjoint of `operand` is so far.
    pub(super) fn accumulate(
        &mut self,
        operand: &Operand,
        adjoint: Operand,
        adjoints: &mut Adjoints,
        stmts: &mut Vec<Stmt>,
    ) {
        let Some(value) = operand
            .value()
            .filter(|value| self.activity.is_active(*value))
        else {
            return;
        };
        let sum = match adjoints.remove(&value) {
            None => adjoint,
            Some(sum) => {
                let ty = float_type(&self.function, operand);
                let name = adjoint_name(&self.function.values[value].name);
                let mut builder = Builder::new(&mut self.function);
                let sum = builder.prim(&name, crate::ir::Prim::Add, vec![sum, adjoint], &ty);
                stmts.append(&mut builder.stmts);
                sum
            }
        };
        adjoints.insert(value, sum);
    }

    /// The adjoint of an operand, spelled out where it is known to be zero.
    pub(super) fn adjoint_or_zero(
        &self,
        value: crate::ir::ValueId,
        adjoints: &Adjoints,
    ) -> Operand {
        let operand = Operand::Value(value);
        adjoints
            .get(&value)
            .cloned()
            .unwrap_or_else(|| float_literal(0.0, &float_type(&self.function, &operand)))
    }

    /// A new adjoint memory for `memory`, not yet declared.
    pub(super) fn new_adjoint_memory(
        &mut self,
        memory: MemoryId,
        origin: Origin,
        ty: Type,
    ) -> MemoryId {
        let name = adjoint_name(&self.primal.memories[memory].name);
        let ty = ty.tangent();
        self.function.derived_memory(MemoryInfo {
            name,
            ty,
            origin,
            lanes: false,
        })
    }

    /// Declares the cotangent and adjoint parameters, and local adjoints of parameters that need one.
    pub(super) fn declare_parameters(&mut self, shape: Shape, stmts: &mut Vec<Stmt>) {
        if shape.seed == Seed::Parameter && self.primal.output != Output::Unit {
            let binding = self.cotangent_binding();
            self.function.parameters.push(Parameter {
                role: Role::Cotangent,
                binding,
                active: false,
            });
        }
        for parameter in &self.primal.parameters {
            let Role::Primal(position) = parameter.role else {
                continue;
            };
            match parameter.binding {
                Binding::Value(value)
                    if parameter.active && shape.adjoints == AdjointsOut::Into =>
                {
                    let info = &self.primal.values[value];
                    let (name, ty) = (adjoint_name(&info.name), Type::Scalar(info.ty.clone()));
                    let memory = self.function.derived_memory(MemoryInfo {
                        name,
                        ty,
                        origin: Origin::Mutable,
                        lanes: false,
                    });
                    self.push_adjoint_parameter(position, memory);
                }
                Binding::Value(_) => {}
                Binding::Memory(memory) if parameter.active => {
                    self.declare_memory_adjoint(memory, position, shape, stmts);
                }
                Binding::Memory(memory) => {
                    if self.activity.is_active_memory(memory) {
                        self.declare_local_adjoint(memory, Origin::Scratch, stmts);
                    }
                }
            }
        }
    }

    fn declare_memory_adjoint(
        &mut self,
        memory: MemoryId,
        position: usize,
        shape: Shape,
        stmts: &mut Vec<Stmt>,
    ) {
        let info = &self.primal.memories[memory];
        let in_out = info.origin == Origin::Mutable;
        if shape.adjoints == AdjointsOut::Owned && !in_out {
            self.declare_local_adjoint(memory, Origin::Local, stmts);
            return;
        }
        let ty = match &info.ty {
            Type::Vec(element) => Type::Slice(element.clone()),
            other => other.clone(),
        };
        let adjoint = self.new_adjoint_memory(memory, Origin::Mutable, ty);
        self.push_adjoint_parameter(position, adjoint);
        if in_out || !self.needs_own_adjoint(memory) {
            self.adjoint_memories.insert(memory, adjoint);
        } else {
            self.declare_local_adjoint(memory, Origin::Scratch, stmts);
        }
    }

    /// Whether the adjoint of a parameter passes through states that must not mix with what the caller adds to.
    fn needs_own_adjoint(&self, memory: MemoryId) -> bool {
        !self.structure.writes(memory).is_empty()
            || output_memories(&self.primal.output).contains(&memory)
    }

    fn declare_local_adjoint(&mut self, memory: MemoryId, origin: Origin, stmts: &mut Vec<Stmt>) {
        let ty = owned(&self.primal.memories[memory].ty);
        let adjoint = self.new_adjoint_memory(memory, origin, ty);
        stmts.push(Stmt::Alloc {
            memory: adjoint,
            init: Init::ZerosLike(whole(memory)),
        });
        self.adjoint_memories.insert(memory, adjoint);
    }

    fn push_adjoint_parameter(&mut self, position: usize, memory: MemoryId) {
        let binding = Binding::Memory(memory);
        self.function.parameters.push(Parameter {
            role: Role::Adjoint(position),
            binding,
            active: false,
        });
    }

    fn cotangent_binding(&mut self) -> Binding {
        let name = "cotangent".to_owned();
        match &self.primal.output {
            Output::Scalar(operand) => {
                let ty = self.function.operand_type(operand).clone();
                let ty = if ty.is_float() {
                    ty
                } else {
                    ScalarType::Inferred
                };
                Binding::Value(self.function.values.push(ValueInfo {
                    name,
                    ty,
                    lanes: false,
                }))
            }
            output => {
                let ty = self.cotangent_type(output);
                let origin = if matches!(ty, Type::Slice(_)) {
                    Origin::Shared
                } else {
                    Origin::Owned
                };
                Binding::Memory(self.function.derived_memory(MemoryInfo {
                    name,
                    ty,
                    origin,
                    lanes: false,
                }))
            }
        }
    }

    /// The type of the cotangent of an output that is not one scalar; what has no float has `()`. A `Vec` is handed in as
    /// a slice, but inside a tuple it stays a `Vec`.
    fn cotangent_type(&self, output: &Output) -> Type {
        match self.output_type(output).tangent() {
            Type::Vec(element) => Type::Slice(element),
            other => other,
        }
    }

    fn output_type(&self, output: &Output) -> Type {
        match output {
            Output::Unit => Type::Tuple(Vec::new()),
            Output::Scalar(operand) => Type::Scalar(self.primal.operand_type(operand).clone()),
            Output::Memory(memory) => owned(&self.primal.memories[*memory].ty),
            Output::Tuple(parts) => {
                Type::Tuple(parts.iter().map(|part| self.output_type(part)).collect())
            }
        }
    }

    /// Hands the cotangent of the result to what the result is made of.
    pub(super) fn seed(&mut self, shape: Shape, adjoints: &mut Adjoints, stmts: &mut Vec<Stmt>) {
        let cotangent = self
            .function
            .parameters
            .iter()
            .find(|parameter| parameter.role == Role::Cotangent)
            .map(|parameter| parameter.binding);
        for memory in output_memories(&self.primal.output) {
            // The cotangent of a struct is the caller's no more, and serves as the adjoint.
            if let (Output::Memory(_), Type::Struct(_), Some(Binding::Memory(cotangent))) = (
                &self.primal.output,
                &self.primal.memories[memory].ty,
                cotangent,
            ) && !self.adjoint_memories.contains_key(&memory)
            {
                self.adjoint_memories.insert(memory, cotangent);
            }
            // In two steps, the memory itself is gone by then: the cotangent tells its shape.
            if !self.adjoint_memories.contains_key(&memory)
                && self.activity.is_active_memory(memory)
                && !self.two_steps
            {
                self.declare_local_adjoint(memory, Origin::Scratch, stmts);
            }
        }
        let output = self.primal.output.clone();
        if shape.seed == Seed::One {
            if let Output::Scalar(operand) = &output {
                let one = float_literal(1.0, &float_type(&self.function, operand));
                self.accumulate(operand, one, adjoints, stmts);
            }
            return;
        }
        match cotangent {
            Some(Binding::Value(value)) => {
                if let Output::Scalar(operand) = &output {
                    self.accumulate(operand, Operand::Value(value), adjoints, stmts);
                }
            }
            Some(Binding::Memory(memory)) => {
                self.seed_part(&output, whole(memory), adjoints, stmts)
            }
            None => {}
        }
    }

    fn seed_part(
        &mut self,
        output: &Output,
        cotangent: Place,
        adjoints: &mut Adjoints,
        stmts: &mut Vec<Stmt>,
    ) {
        match output {
            Output::Unit => {}
            Output::Scalar(operand) => {
                if self.activity.is_active_operand(operand) {
                    let adjoint = self.load(
                        "r_bar",
                        cotangent,
                        self.function.operand_type(operand).clone(),
                        stmts,
                    );
                    self.accumulate(operand, adjoint, adjoints, stmts);
                }
            }
            Output::Memory(memory) => {
                let ty = &self.primal.memories[*memory].ty;
                let has_shape = ty.has_length() || !ty.has_struct();
                if ty.has_float() && has_shape && !self.two_steps {
                    let name = "result".to_owned();
                    stmts.push(Stmt::CheckShape {
                        name,
                        primal: whole(*memory),
                        other: cotangent.clone(),
                    });
                }
                if let Some(adjoint) = self.adjoint_memory(*memory) {
                    if adjoint != cotangent.memory {
                        let to = whole(adjoint);
                        stmts.push(Stmt::AccumulateAll {
                            to,
                            from: cotangent,
                        });
                    }
                } else if self.activity.is_active_memory(*memory) {
                    let ty = owned(&self.primal.memories[*memory].ty);
                    let adjoint = self.new_adjoint_memory(*memory, Origin::Scratch, ty);
                    stmts.push(Stmt::Alloc {
                        memory: adjoint,
                        init: Init::CopyOf(cotangent),
                    });
                    self.adjoint_memories.insert(*memory, adjoint);
                }
            }
            Output::Tuple(parts) => {
                for (k, part) in parts.iter().enumerate() {
                    let mut cotangent = cotangent.clone();
                    cotangent.path.push(Projection::Field(k));
                    self.seed_part(part, cotangent, adjoints, stmts);
                }
            }
        }
    }

    /// Adds to the caller's adjoints or makes them the output.
    pub(super) fn hand_back(
        &mut self,
        shape: Shape,
        adjoints: &mut Adjoints,
        stmts: &mut Vec<Stmt>,
    ) {
        let mut handed_back = Vec::new();
        for parameter in self
            .primal
            .parameters
            .iter()
            .filter(|parameter| parameter.active)
        {
            let Role::Primal(position) = parameter.role else {
                continue;
            };
            let target = self.adjoint_parameter(position);
            match (parameter.binding, target) {
                (Binding::Value(value), Some(target)) => {
                    if let Some(adjoint) = adjoints.get(&value) {
                        stmts.push(Stmt::Accumulate {
                            place: whole(target),
                            value: adjoint.clone(),
                        });
                    }
                }
                (Binding::Value(value), None) => {
                    handed_back.push(Output::Scalar(self.adjoint_or_zero(value, adjoints)));
                }
                (Binding::Memory(memory), Some(target)) => {
                    let adjoint = self.adjoint_memories[&memory];
                    if adjoint != target {
                        stmts.push(Stmt::AccumulateAll {
                            to: whole(target),
                            from: whole(adjoint),
                        });
                    }
                }
                (Binding::Memory(memory), None) => {
                    handed_back.push(self.owned_adjoint(memory, stmts))
                }
            }
        }
        let mut parts = Vec::new();
        if shape.value {
            parts.push(self.primal.output.clone());
        }
        if shape.adjoints == AdjointsOut::Owned {
            parts.push(if handed_back.len() == 1 {
                handed_back.remove(0)
            } else {
                Output::Tuple(handed_back)
            });
        }
        self.function.output = if parts.len() == 1 {
            parts.remove(0)
        } else {
            Output::Tuple(parts)
        };
        if shape.adjoints == AdjointsOut::Into && !shape.value {
            self.function.output = Output::Unit;
        }
    }

    /// The adjoint of a scalar behind a reference is handed back as a scalar.
    fn owned_adjoint(&mut self, memory: MemoryId, stmts: &mut Vec<Stmt>) -> Output {
        let adjoint = self.adjoint_memories[&memory];
        match &self.primal.memories[memory].ty {
            Type::Scalar(ty) => {
                let ty = ty.clone();
                Output::Scalar(self.load("x_bar", whole(adjoint), ty, stmts))
            }
            _ => Output::Memory(adjoint),
        }
    }

    fn adjoint_parameter(&self, position: usize) -> Option<MemoryId> {
        let of_position = |parameter: &&Parameter| parameter.role == Role::Adjoint(position);
        match self.function.parameters.iter().find(of_position)?.binding {
            Binding::Memory(memory) => Some(memory),
            Binding::Value(_) => None,
        }
    }

    /// Appends a load.
    pub(super) fn load(
        &mut self,
        name: &str,
        place: Place,
        ty: ScalarType,
        stmts: &mut Vec<Stmt>,
    ) -> Operand {
        let value = self.function.values.push(ValueInfo {
            name: name.to_owned(),
            ty,
            lanes: false,
        });
        stmts.push(Stmt::Load { value, place });
        Operand::Value(value)
    }
}

/// The name of the adjoint of `name`.
pub(super) fn adjoint_name(name: &str) -> String {
    format!("{name}_bar")
}

/// The memories that are part of an output, each once.
fn output_memories(output: &Output) -> Vec<MemoryId> {
    let mut memories = Vec::new();
    output.visit_memories(&mut |memory| memories.push(*memory));
    memories.sort_by_key(|memory| memory.index());
    memories.dedup();
    memories
}
