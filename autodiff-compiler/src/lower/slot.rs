//! Where variables live, and what expressions give.

use super::Lowering;
use crate::diagnostics::{self, Extent};
use crate::hir::types::Ty;
use crate::hir::{LocalId, Place};
use crate::ir::{self, Init, Literal, MemoryId, Operand, ScalarType, Stmt, Type, TypedId};

/// A scalar variable: a position in the environment.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub(super) struct Var(pub(super) usize);

/// Where a variable lives. Tuples are taken apart, so that their scalars are values.
#[derive(Clone, Debug)]
pub(super) enum Slot {
    Scalar(Var),
    Memory(MemoryId),
    Tuple(Vec<Slot>),
}

/// What an expression gives.
#[derive(Clone, Debug)]
pub(super) enum Value {
    Scalar(Operand),
    /// A tuple; without parts, `()`.
    Tuple(Vec<Value>),
    /// What stands at a place, to be copied or moved.
    Place(ir::Place),
    /// A local memory that nothing else refers to.
    Fresh(MemoryId),
}

impl Value {
    pub(super) const UNIT: Self = Self::Tuple(Vec::new());
}

/// Where an assignment goes.
#[derive(Clone, Debug)]
pub(super) enum Destination {
    Slot(Slot),
    Place(ir::Place, Type),
    /// A part of a value of a type that only rustc knows; nothing can be assigned to it.
    Opaque(ir::Template),
}

impl Lowering<'_> {
    /// A slot for a new variable of this type; memory in it is declared here, with its default.
    pub(super) fn new_slot(&mut self, name: &str, ty: &Type) -> Slot {
        match ty {
            Type::Scalar(scalar) => Slot::Scalar(self.new_var(name, scalar.clone())),
            _ if let Some(parts) = ty.split() => {
                let name = |i: usize| part_name(name, ty, i);
                Slot::Tuple(
                    parts
                        .iter()
                        .enumerate()
                        .map(|(i, part)| self.new_slot(&name(i), part))
                        .collect(),
                )
            }
            _ => {
                let memory = self.new_memory(name, ty.clone());
                self.stmts.push(Stmt::Alloc {
                    memory,
                    init: Init::Default,
                });
                Slot::Memory(memory)
            }
        }
    }

    /// The slot of a variable, which is declared by now.
    pub(super) fn slot(&mut self, local: LocalId, span: Extent) -> Slot {
        match &self.slots[local.index()] {
            Some(slot) => slot.clone(),
            None => {
                let name = self.locals[local].name.clone();
                self.errors
                    .span(span, &diagnostics::UNKNOWN_TYPE, &[&name, &name]);
                let ty = self.types.model(&self.locals[local].ty);
                self.new_slot(&name, &ty)
            }
        }
    }

    /// Binds a new variable to a value.
    pub(super) fn declare(&mut self, local: LocalId, value: Value) {
        let info = &self.locals[local];
        let ty = self.types.model(&info.ty);
        self.declared_in.insert(local, self.loops);
        let slot = self.slot_of(&info.name, &ty, value);
        self.slots[local.index()] = Some(slot);
    }

    fn slot_of(&mut self, name: &str, ty: &Type, value: Value) -> Slot {
        match (ty, value) {
            (_, Value::Tuple(parts))
                if let Some(types) = ty.split()
                    && types.len() == parts.len() =>
            {
                let parts = types.iter().zip(parts).enumerate();
                Slot::Tuple(
                    parts
                        .map(|(i, (part_ty, part))| {
                            self.slot_of(&part_name(name, ty, i), part_ty, part)
                        })
                        .collect(),
                )
            }
            // What an inactive function gave stays a value of a type that only rustc knows.
            (Type::Array(..) | Type::Slice(_) | Type::Vec(_), Value::Scalar(operand)) => {
                let var = self.new_var(name, ScalarType::Inferred);
                self.environment[var.0] = Some(operand);
                Slot::Scalar(var)
            }
            (Type::Tuple(types), Value::Scalar(operand)) => {
                let parts = self.opaque_tuple(&operand, types);
                self.slot_of(name, ty, parts)
            }
            (Type::Scalar(_) | Type::Tuple(_), value) => {
                let slot = self.new_slot(name, ty);
                self.store(Destination::Slot(slot.clone()), value, Extent::call_site());
                slot
            }
            (_, Value::Fresh(memory)) => {
                name.clone_into(&mut self.function.memories[memory].name);
                Slot::Memory(memory)
            }
            (_, Value::Place(place)) => Slot::Memory(self.copy_of(place, name)),
            // The code is never reached, so any content will do.
            (_, _) => self.new_slot(name, ty),
        }
    }

    /// A local memory that starts as a copy of what is at a place.
    pub(super) fn copy_of(&mut self, place: ir::Place, name: &str) -> MemoryId {
        let ty = match self.place_type(&place) {
            Type::Slice(element) => Type::Vec(element),
            other => other,
        };
        let memory = self.new_memory(name, ty);
        self.stmts.push(Stmt::Alloc {
            memory,
            init: Init::CopyOf(place),
        });
        memory
    }

    /// The type of what is at a place.
    pub(super) fn place_type(&self, place: &ir::Place) -> Type {
        ir::place_type(&self.function, place).expect("places follow types")
    }

    /// Assigns.
    pub(super) fn store(&mut self, to: Destination, value: Value, span: Extent) {
        let value = self.apart(&to, value);
        match (to, value) {
            (Destination::Slot(Slot::Scalar(var)), Value::Scalar(operand)) => {
                if let Operand::Value(value) = operand {
                    self.name_value(value, var);
                }
                self.environment[var.0] = Some(operand);
            }
            (Destination::Slot(Slot::Tuple(slots)), Value::Tuple(parts)) => {
                for (slot, part) in slots.into_iter().zip(parts) {
                    self.store(Destination::Slot(slot), part, span);
                }
            }
            (Destination::Slot(Slot::Memory(memory)), value) => {
                let ty = self.function.memories[memory].ty.clone();
                self.store(
                    Destination::Place(
                        ir::Place {
                            memory,
                            path: Vec::new(),
                        },
                        ty,
                    ),
                    value,
                    span,
                );
            }
            (Destination::Place(place, Type::Tuple(types)), Value::Tuple(parts)) => {
                for (i, (ty, part)) in types.into_iter().zip(parts).enumerate() {
                    let mut place = place.clone();
                    place.path.push(ir::Projection::Field(i));
                    self.store(Destination::Place(place, ty), part, span);
                }
            }
            (Destination::Place(place, Type::Struct(found)), Value::Tuple(parts)) => {
                if found.constructor.is_none() {
                    return self.errors.span(span, &diagnostics::STRUCT_FIELDS, &[]);
                }
                for (i, (ty, part)) in found.types.iter().zip(parts).enumerate() {
                    let mut place = place.clone();
                    place.path.push(ir::Projection::Field(i));
                    self.store(Destination::Place(place, ty.clone()), part, span);
                }
            }
            (Destination::Place(place, Type::Scalar(_)), Value::Scalar(value)) => {
                self.stmts.push(Stmt::Store { place, value });
            }
            // Where it was declared, it took what an inactive function gave.
            (Destination::Slot(Slot::Scalar(_)), Value::Place(_) | Value::Fresh(_)) => {
                self.errors.span(span, &diagnostics::OPAQUE_ARRAY, &[]);
            }
            (Destination::Opaque(_), _) => {
                self.errors.span(span, &diagnostics::OPAQUE_ARRAY, &[]);
            }
            (Destination::Slot(Slot::Tuple(slots)), Value::Scalar(operand)) => {
                let types: Vec<Type> = slots.iter().map(|slot| self.slot_type(slot)).collect();
                let parts = self.opaque_tuple(&operand, &types);
                self.store(Destination::Slot(Slot::Tuple(slots)), parts, span);
            }
            (Destination::Place(..), Value::Scalar(_)) => {
                self.errors.span(span, &diagnostics::OPAQUE_ARRAY, &[]);
            }
            // The reverse sweep could tell no more how long the rows were that go.
            (Destination::Place(to, Type::Vec(element)), _)
                if to.path.is_empty() && has_vec(&element) =>
            {
                self.errors.span(span, &diagnostics::NESTED_VEC, &[]);
            }
            (Destination::Place(to, Type::Vec(_)), value) if to.path.is_empty() => {
                let from = match value {
                    // Behind a branch that moves it or not, its length would be known no more.
                    Value::Fresh(memory) if self.grown.contains(&memory) => {
                        let place = ir::Place {
                            memory,
                            path: Vec::new(),
                        };
                        self.copy_of(place, "copy")
                    }
                    Value::Fresh(memory) => memory,
                    Value::Place(place) => self.copy_of(place, "copy"),
                    _ => return,
                };
                self.stmts.push(Stmt::Move {
                    to: to.memory,
                    from,
                });
            }
            // A `Vec` inside of another may change its length, which a copy cannot.
            (Destination::Place(_, ty), Value::Fresh(_) | Value::Place(_)) if has_vec(&ty) => {
                self.errors.span(span, &diagnostics::NESTED_VEC, &[]);
            }
            (Destination::Place(to, _), Value::Fresh(memory)) => {
                self.stmts.push(Stmt::Copy {
                    to,
                    from: ir::Place {
                        memory,
                        path: Vec::new(),
                    },
                });
            }
            (Destination::Place(to, _), Value::Place(from)) => {
                // Parts of one memory may be the same part, so the content goes through a copy.
                let from = if from.memory == to.memory {
                    ir::Place {
                        memory: self.copy_of(from, "copy"),
                        path: Vec::new(),
                    }
                } else {
                    from
                };
                self.stmts.push(Stmt::Copy { to, from });
            }
            // What does not fit is the value of code that never comes to its end.
            (_, _) => {}
        }
    }

    /// A tuple that is assigned part by part, none of which stands where an earlier part is written: `t = (t.1, t.0)`.
    fn apart(&mut self, to: &Destination, value: Value) -> Value {
        let Value::Tuple(parts) = value else {
            return value;
        };
        let written = match to {
            Destination::Slot(slot) => slot_memories(slot),
            Destination::Place(place, _) => vec![place.memory],
            Destination::Opaque(_) => Vec::new(),
        };
        if parts.len() < 2 || written.is_empty() {
            return Value::Tuple(parts);
        }
        Value::Tuple(
            parts
                .into_iter()
                .map(|part| self.copied_from(part, &written))
                .collect(),
        )
    }

    /// A value of which no part stands in one of these memories.
    pub(super) fn copied_from(&mut self, value: Value, written: &[MemoryId]) -> Value {
        match value {
            Value::Place(place) if written.contains(&place.memory) => {
                Value::Fresh(self.copy_of(place, "copy"))
            }
            Value::Tuple(parts) => Value::Tuple(
                parts
                    .into_iter()
                    .map(|part| self.copied_from(part, written))
                    .collect(),
            ),
            value => value,
        }
    }

    /// Gives a value the name of the variable that first holds it.
    fn name_value(&mut self, value: ir::ValueId, var: Var) {
        let info = &mut self.function.values[value];
        if info.name.is_empty() {
            self.vars[var.0].0.clone_into(&mut info.name);
        }
    }

    /// What a slot holds.
    pub(super) fn read_slot(&mut self, slot: &Slot, span: Extent) -> Value {
        match slot {
            Slot::Scalar(var) => match &self.environment[var.0] {
                Some(operand) => Value::Scalar(operand.clone()),
                None => {
                    let (name, ty) = self.vars[var.0].clone();
                    match self.zero(&ty) {
                        // rustc has checked that nothing undefined is read, so this code is never reached.
                        Some(zero) => Value::Scalar(zero),
                        None => {
                            self.errors
                                .span(span, &diagnostics::UNKNOWN_TYPE, &[&name, &name]);
                            Value::UNIT
                        }
                    }
                }
            },
            Slot::Tuple(slots) => Value::Tuple(
                slots
                    .iter()
                    .map(|slot| self.read_slot(slot, span))
                    .collect(),
            ),
            Slot::Memory(memory) => self.read_memory(ir::Place {
                memory: *memory,
                path: Vec::new(),
            }),
        }
    }

    /// What is at a place: scalars are loaded, tuples taken apart.
    pub(super) fn read_memory(&mut self, place: ir::Place) -> Value {
        match self.place_type(&place) {
            Type::Scalar(ty) => {
                let value = self.new_value("", ty);
                self.stmts.push(Stmt::Load { value, place });
                Value::Scalar(Operand::Value(value))
            }
            ref ty if let Some(parts) = ty.split() => {
                let part = |i| {
                    let mut place = place.clone();
                    place.path.push(ir::Projection::Field(i));
                    place
                };
                Value::Tuple(
                    (0..parts.len())
                        .map(|i| self.read_memory(part(i)))
                        .collect(),
                )
            }
            _ => Value::Place(place),
        }
    }

    /// The parts of a tuple that only rustc knows the type of.
    fn opaque_tuple(&mut self, whole: &Operand, types: &[Type]) -> Value {
        let parts = types.iter().enumerate().map(|(i, ty)| {
            let field = syn::Index::from(i);
            let code = ir::Code::new(quote::quote!(__hole_0.#field));
            let template = ir::Template {
                code,
                arguments: vec![ir::Argument::Scalar(whole.clone())],
            };
            let scalar = match ty {
                Type::Scalar(scalar) => scalar.clone(),
                _ => ScalarType::Inferred,
            };
            Value::Scalar(self.define("", scalar, ir::Op::Pure(template)))
        });
        Value::Tuple(parts.collect())
    }

    pub(super) fn slot_type(&self, slot: &Slot) -> Type {
        match slot {
            Slot::Scalar(var) => Type::Scalar(self.vars[var.0].1.clone()),
            Slot::Memory(memory) => self.function.memories[*memory].ty.clone(),
            Slot::Tuple(slots) => {
                Type::Tuple(slots.iter().map(|slot| self.slot_type(slot)).collect())
            }
        }
    }

    /// The zero of a type, for variables that hold nothing yet on one of two ways.
    pub(super) fn zero(&self, ty: &ScalarType) -> Option<Operand> {
        let text = match ty {
            ScalarType::Float(_) => "0.0",
            ScalarType::Integer(_) => "0",
            ScalarType::Bool => "false",
            ScalarType::Char => "' '",
            ScalarType::Inferred => return None,
        };
        Some(Operand::Literal(Literal {
            text: text.into(),
            ty: ty.clone(),
        }))
    }

    /// Any value of a type, where the code is never reached.
    pub(super) fn dummy(&mut self, ty: &Ty) -> Value {
        let model = self.types.model(ty);
        self.dummy_of(&model)
    }

    pub(super) fn dummy_of(&mut self, ty: &Type) -> Value {
        match ty {
            Type::Scalar(scalar) => match self.zero(scalar) {
                Some(zero) => Value::Scalar(zero),
                None => Value::UNIT,
            },
            _ if let Some(parts) = ty.split() => {
                Value::Tuple(parts.iter().map(|part| self.dummy_of(part)).collect())
            }
            _ => match self.new_slot("", ty) {
                Slot::Memory(memory) => Value::Fresh(memory),
                _ => Value::UNIT,
            },
        }
    }

    /// The destination that a place of the tree stands for, its indices evaluated.
    pub(super) fn destination(&mut self, place: &Place) -> Destination {
        self.resolve(place)
    }
}

/// Whether there is a `Vec` inside of the type.
fn has_vec(ty: &Type) -> bool {
    match ty {
        Type::Scalar(_) => false,
        Type::Vec(_) => true,
        Type::Struct(_) => false,
        Type::Array(element, _) | Type::Slice(element) => has_vec(element),
        Type::Tuple(parts) => parts.iter().any(has_vec),
    }
}

/// The name of a part of a variable; of what has no name, it is named after the variable that it goes to.
fn part_name(name: &str, ty: &Type, part: usize) -> String {
    match ty {
        _ if name.is_empty() => String::new(),
        Type::Struct(found) => format!(
            "{name}_{}",
            found.names[part].text().trim_start_matches("r#")
        ),
        _ => format!("{name}_{part}"),
    }
}

/// The memories of a slot.
fn slot_memories(slot: &Slot) -> Vec<MemoryId> {
    match slot {
        Slot::Scalar(_) => Vec::new(),
        Slot::Memory(memory) => vec![*memory],
        Slot::Tuple(parts) => parts.iter().flat_map(slot_memories).collect(),
    }
}
