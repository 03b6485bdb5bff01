//! Tangents at the border of the function: directions and what is handed back.

use crate::ir::{
    Binding, Block, Function, Init, MemoryId, MemoryInfo, Op, Operand, Origin, Output, Parameter,
    Role, ScalarType, Stmt, Type, ValueInfo, float_literal, float_type,
};

use super::{Forward, owned, whole};

impl Forward {
    /// Declares the direction parameters, and the shadows of memory that no direction comes with.
    pub(super) fn directions(&mut self, primal: &Function) -> Vec<Stmt> {
        let mut stmts = Vec::new();
        let written = written_memories(&primal.body);
        for parameter in &primal.parameters {
            let role = match parameter.role {
                Role::Primal(position) => Role::Direction(position),
                Role::Cotangent if parameter.active => Role::CotangentDirection,
                Role::Adjoint(position) if parameter.active => Role::AdjointDirection(position),
                _ => continue,
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
                role,
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

    /// A shadow that starts as zeros in the shape of its memory, which exists already.
    pub(super) fn zero_shadow(&mut self, memory: MemoryId) -> Stmt {
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

    /// The tangent of the output, of the types that are handed back.
    pub(super) fn output_tangent(&mut self, output: &Output, stmts: &mut Vec<Stmt>) -> Output {
        match output {
            Output::Unit => Output::Unit,
            Output::Scalar(operand) => {
                let is_float = self.function.operand_type(operand).is_float();
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
                    ty: ScalarType::Float(ty),
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

fn written_memories(body: &Block) -> Vec<MemoryId> {
    let mut written = Vec::new();
    body.visit_memories(&mut |memory, access| {
        if access.writes() {
            written.push(*memory);
        }
    });
    written
}
