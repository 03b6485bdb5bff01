//! Where structs may be kept as wholes: only rustc knows what is in them, so zeros in their shape are made from the
//! value itself, while it is there.

use super::Lowering;
use super::slot::{Destination, Value};
use crate::diagnostics::{self, Extent};
use crate::hir::types::Ty;
use crate::hir::{self, Expr, ExprKind};
use crate::ir::{
    Argument, Block, Code, Init, MemoryId, Op, Operand, Place, Projection, ScalarType, Stmt,
    Template, Type,
};

impl Lowering<'_> {
    /// `S { x: a, ..base }`: the values in their order, the base last.
    pub(super) fn structure(&mut self, names: &[Code], parts: &[Expr], expr: &Expr) -> Value {
        let mut values = self.in_order(parts, Self::value);
        let base = (values.len() > names.len()).then(|| values.pop()).flatten();
        self.made(names, values, base, expr)
    }

    fn made(
        &mut self,
        names: &[Code],
        values: Vec<Value>,
        base: Option<Value>,
        expr: &Expr,
    ) -> Value {
        let Type::Struct(found) = self.types.model(&expr.ty) else {
            unreachable!("a literal of a struct is one");
        };
        let positions = names.iter().map(|name| found.position(name.text()));
        let named: Vec<(usize, Value)> = positions.flatten().zip(values).collect();
        let mut fields = match base {
            Some(Value::Tuple(fields)) => fields,
            None => vec![Value::UNIT; found.types.len()],
            // Not all of its fields are known: the base is copied, and changed.
            Some(Value::Place(place)) => {
                let memory = self.copy_of(place, "copy");
                return self.changed(memory, named, expr.span);
            }
            Some(Value::Fresh(memory)) => return self.changed(memory, named, expr.span),
            Some(Value::Scalar(_)) => {
                self.errors.span(expr.span, &diagnostics::OPAQUE_ARRAY, &[]);
                return self.dummy(&expr.ty);
            }
        };
        for (position, value) in named {
            fields[position] = value;
        }
        Value::Tuple(fields)
    }

    /// `place = S { x: a, ..base }`: where the base is what the place holds, only the named fields are written.
    pub(super) fn update(
        &mut self,
        place: &hir::Place,
        (names, parts, base): (&[Code], &[Expr], &hir::Place),
        literal: &Expr,
    ) {
        let values = self.in_order(parts, Self::value);
        let from = self.destination(base);
        let to = self.destination(place);
        let (Destination::Place(from, Type::Struct(found)), Destination::Place(at, _)) =
            (&from, &to)
        else {
            return self.store_updated(to, (names, values, base), literal);
        };
        if from != at {
            return self.store_updated(to, (names, values, base), literal);
        }
        // Nothing that is written is read afterwards.
        let values: Vec<Value> = values
            .into_iter()
            .map(|value| self.copied_from(value, &[at.memory]))
            .collect();
        for (name, value) in names.iter().zip(values) {
            let Some(field) = found.position(name.text()) else {
                continue;
            };
            let mut place = at.clone();
            place.path.push(Projection::Field(field));
            let to = Destination::Place(place, found.types[field].clone());
            self.store(to, value, literal.span);
        }
    }

    fn store_updated(
        &mut self,
        to: Destination,
        (names, values, base): (&[Code], Vec<Value>, &hir::Place),
        literal: &Expr,
    ) {
        let base = self.read(base);
        let value = self.made(names, values, Some(base), literal);
        self.store(to, value, literal.span);
    }

    /// The fields of a struct that an inactive function gave, or a constant is.
    pub(super) fn fields_of(&mut self, whole: &Operand, expr: &Expr) -> Value {
        let Type::Struct(found) = self.types.model(&expr.ty) else {
            return Value::Scalar(whole.clone());
        };
        if found.opaque {
            self.errors.span(expr.span, &diagnostics::OPAQUE_ARRAY, &[]);
        }
        let fields = found.names.iter().zip(&found.types).map(|(name, ty)| {
            let name = name.tokens();
            let scalar = match ty {
                Type::Scalar(scalar) => scalar.clone(),
                _ => ScalarType::Inferred,
            };
            let template = Template {
                code: Code::new(quote::quote!(__hole_0.#name)),
                arguments: vec![Argument::Scalar(whole.clone())],
            };
            Value::Scalar(self.define("", scalar, Op::Pure(template)))
        });
        Value::Tuple(fields.collect())
    }

    fn changed(&mut self, memory: MemoryId, named: Vec<(usize, Value)>, span: Extent) -> Value {
        for (position, value) in named {
            let place = Place {
                memory,
                path: vec![Projection::Field(position)],
            };
            let ty = self.place_type(&place);
            self.store(Destination::Place(place, ty), value, span);
        }
        Value::Fresh(memory)
    }

    /// A value whose structs are memory of their own each, so that there are values of their types to be copied.
    pub(super) fn whole_structs(&mut self, value: Value, ty: &Ty, span: Extent) -> Value {
        let model = self.types.model(ty);
        self.whole_structs_of(value, &model, span)
    }

    fn whole_structs_of(&mut self, value: Value, ty: &Type, span: Extent) -> Value {
        match (value, ty) {
            (Value::Tuple(parts), Type::Tuple(types)) if parts.len() == types.len() => {
                let parts = parts.into_iter().zip(types);
                Value::Tuple(
                    parts
                        .map(|(part, ty)| self.whole_structs_of(part, ty, span))
                        .collect(),
                )
            }
            (Value::Tuple(parts), Type::Struct(found)) if parts.len() != found.types.len() => {
                // The end is never reached.
                match self.dummy_of(ty) {
                    Value::Tuple(parts) if parts.len() == found.types.len() => {
                        self.whole_structs_of(Value::Tuple(parts), ty, span)
                    }
                    other => other,
                }
            }
            (Value::Tuple(parts), Type::Struct(found)) => {
                if found.constructor.is_none() {
                    self.errors.span(span, &diagnostics::STRUCT_FIELDS, &[]);
                }
                let tree = self.leaf(Value::Tuple(parts));
                let memory = self.new_memory("", ty.clone());
                self.stmts.push(Stmt::Alloc {
                    memory,
                    init: Init::Tree(tree),
                });
                Value::Fresh(memory)
            }
            (value, _) => value,
        }
    }

    /// Refuses variables with structs in them whose value is not there from their declaration to the end of the function.
    pub(super) fn check_structs(&self, body: &Block, whole: Extent) {
        let mut found = Vec::new();
        for stmt in &body.stmts {
            match stmt {
                Stmt::Alloc {
                    memory,
                    init: Init::Default,
                } if has_no_default(&self.function.memories[*memory].ty) => found.push(*memory),
                Stmt::Move { to, .. } if self.has_struct(*to) => found.push(*to),
                _ => {}
            }
            stmt.for_each_block(&mut |block| self.inside(block, &mut found));
        }
        found.sort_unstable();
        found.dedup();
        let mut spans: Vec<Extent> = found
            .iter()
            .filter_map(|memory| self.spans.get(memory).copied())
            .collect();
        // What has no name is a part of what has one.
        if spans.is_empty() && !found.is_empty() {
            spans.push(whole);
        }
        for span in spans {
            self.errors.span(span, &diagnostics::STRUCT_VARIABLE, &[]);
        }
    }

    fn inside(&self, block: &Block, found: &mut Vec<MemoryId>) {
        for stmt in &block.stmts {
            match stmt {
                Stmt::Alloc { memory, .. } | Stmt::Move { to: memory, .. }
                    if self.has_struct(*memory) =>
                {
                    found.push(*memory);
                }
                _ => {}
            }
            stmt.for_each_block(&mut |block| self.inside(block, found));
        }
    }

    fn has_struct(&self, memory: MemoryId) -> bool {
        self.function.memories[memory].ty.has_struct()
    }
}

/// Whether the indices of a place are variables and literals, so that it may be looked at more than once.
pub(super) fn is_steady(place: &hir::Place) -> bool {
    let mut indices = place.path.iter().flat_map(hir::Step::indices);
    indices.all(|index| match &index.kind {
        ExprKind::Literal(_) | ExprKind::Constant(_) => true,
        ExprKind::Read(index) => index.path.is_empty(),
        _ => false,
    })
}

/// Whether nothing can stand in a variable of the type ahead of its first value.
fn has_no_default(ty: &Type) -> bool {
    match ty {
        Type::Scalar(_) | Type::Slice(_) | Type::Vec(_) => false,
        Type::Struct(_) => true,
        Type::Array(element, _) => has_no_default(element),
        Type::Tuple(parts) => parts.iter().any(has_no_default),
    }
}
