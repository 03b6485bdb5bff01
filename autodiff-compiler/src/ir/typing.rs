//! The types of operands and places, and which types go together.

use std::rc::Rc;

use super::{
    FloatType, Function, MemoryId, MemoryInfo, Operand, Place, Projection, ScalarType, Struct, Type,
};

impl Function {
    /// Declares a memory that differentiation brings in.
    pub fn derived_memory(&mut self, info: MemoryInfo) -> MemoryId {
        let memory = self.memories.push(info);
        self.derived.insert(memory);
        memory
    }

    /// The type of an operand.
    pub fn operand_type<'a>(&'a self, operand: &'a Operand) -> &'a ScalarType {
        match operand {
            Operand::Value(value) => &self.values[*value].ty,
            Operand::Literal(literal) => &literal.ty,
            Operand::Constant(_, ty) => ty,
        }
    }

    /// Whether an operand is one number for each lane.
    pub fn operand_has_lanes(&self, operand: &Operand) -> bool {
        operand
            .value()
            .is_some_and(|value| self.values[value].lanes)
    }

    /// Whether the floats of a place are one number for each lane; `false` where it holds no floats.
    pub fn place_has_lanes(&self, place: &Place) -> bool {
        self.memories[place.memory].lanes
            && place_type(self, place).is_some_and(|ty| ty.has_float())
    }
}

/// The type of a place; `None` where the path does not fit the memory.
pub fn place_type(function: &Function, place: &Place) -> Option<Type> {
    path_type(&function.memories[place.memory].ty, &place.path)
}

/// The type of what a path leads to; `None` where it does not fit `ty`.
pub fn path_type(ty: &Type, path: &[Projection]) -> Option<Type> {
    let Some((step, rest)) = path.split_first() else {
        return Some(ty.clone());
    };
    match (step, ty) {
        (Projection::Index(_), _) => path_type(ty.element()?, rest),
        (Projection::Section(_), _) => {
            path_type(&Type::Slice(Box::new(ty.element()?.clone())), rest)
        }
        (Projection::Field(field), _) => path_type(ty.parts()?.get(*field)?, rest),
    }
}

impl ScalarType {
    /// Whether two scalar types can be the same type: an alias may stand for either float, and what only rustc knows
    /// for anything.
    pub fn matches(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Inferred, _) | (_, Self::Inferred) => true,
            (Self::Float(a), Self::Float(b)) => {
                a == b || matches!(a, FloatType::Named(_)) || matches!(b, FloatType::Named(_))
            }
            _ => self == other,
        }
    }
}

impl Type {
    /// Calls `f` with the type of each float inside.
    pub fn visit_floats(&self, f: &mut dyn FnMut(&FloatType)) {
        match self {
            Self::Scalar(ScalarType::Float(float)) => f(float),
            Self::Scalar(_) => {}
            Self::Tuple(parts) => parts.iter().for_each(|part| part.visit_floats(f)),
            Self::Array(element, _) | Self::Slice(element) | Self::Vec(element) => {
                element.visit_floats(f)
            }
            Self::Struct(found) => found.types.iter().for_each(|ty| ty.visit_floats(f)),
        }
    }

    /// The type that a step leads to, a section to that of what it is a section of; `None` where the step does not fit.
    pub fn below(&self, step: &Projection) -> Option<&Self> {
        match step {
            Projection::Field(field) => self.parts()?.get(*field),
            Projection::Index(_) => self.element(),
            Projection::Section(_) => Some(self),
        }
    }

    /// The type of tangents and adjoints: `()` in place of each scalar that is not a float.
    pub fn tangent(&self) -> Self {
        match self {
            Self::Scalar(scalar) if !scalar.is_float() => Self::Tuple(Vec::new()),
            Self::Scalar(_) => self.clone(),
            Self::Array(element, length) => {
                Self::Array(Box::new(element.tangent()), length.clone())
            }
            Self::Slice(element) => Self::Slice(Box::new(element.tangent())),
            Self::Vec(element) => Self::Vec(Box::new(element.tangent())),
            Self::Tuple(parts) => Self::Tuple(parts.iter().map(Self::tangent).collect()),
            Self::Struct(primal) => Self::Struct(Rc::new(Struct {
                tangent: true,
                types: primal.types.iter().map(Self::tangent).collect(),
                ..(**primal).clone()
            })),
        }
    }

    /// Whether values of two types can have the same shape. Arrays, slices and `Vec`s have the same shape where their
    /// lengths agree, which is left to the run unless both are literals.
    pub fn same_shape(&self, other: &Self) -> bool {
        let is_unit = |ty: &Self| matches!(ty, Self::Tuple(parts) if parts.is_empty());
        match (self, other) {
            (Self::Scalar(a), Self::Scalar(b)) => a.matches(b),
            // What has no tangent beside its tangent.
            (Self::Scalar(a), unit) | (unit, Self::Scalar(a)) if is_unit(unit) => !a.is_float(),
            (Self::Tuple(a), Self::Tuple(b)) => {
                a.len() == b.len() && a.iter().zip(b).all(|(a, b)| a.same_shape(b))
            }
            (Self::Struct(a), Self::Struct(b)) => {
                let fields = a.types.iter().zip(&b.types);
                a.names == b.names && fields.into_iter().all(|(a, b)| a.same_shape(b))
            }
            (Self::Array(a, m), Self::Array(b, n)) => m.agrees(n) && a.same_shape(b),
            _ => match (self.element(), other.element()) {
                (Some(a), Some(b)) => a.same_shape(b),
                _ => false,
            },
        }
    }
}
