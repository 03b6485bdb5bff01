//! Types with variables, and their unification.
//!
//! rustc has type-checked the same function, or reports what is wrong with it; so this only has to find the types of
//! correct programs. References are transparent: the type of `&x` is the type of `x`. A variable that stays unbound
//! is a scalar of a type that only rustc knows.

use std::cell::RefCell;
use std::fmt;

use crate::ir::{FloatType, Length, ScalarType, Type};

/// A type, perhaps with variables in it.
#[derive(Clone, PartialEq, Debug)]
pub(crate) enum Ty {
    /// An unknown.
    Var(usize),
    /// One scalar.
    Scalar(ScalarType),
    /// `[T; N]`
    Array(Box<Ty>, Length),
    /// `[T]`
    Slice(Box<Ty>),
    /// `Vec<T>`
    Vec(Box<Ty>),
    /// A tuple; without parts, `()`.
    Tuple(Vec<Ty>),
    /// `Option<T>`: a pair of whether there is a value, and that.
    Option(Box<Ty>),
}

/// What is known of a type variable.
#[derive(Clone, Debug)]
enum Known {
    /// Nothing.
    Nothing,
    /// It is an integer: the type of a literal without suffix.
    Integer,
    /// It is a floating-point number.
    Float,
    /// It stands for this.
    Bound(Ty),
}

/// All type variables of a function.
#[derive(Debug, Default)]
pub(crate) struct Types(RefCell<Vec<Known>>);

impl Ty {
    pub(crate) const BOOL: Self = Self::Scalar(ScalarType::Bool);
    pub(crate) const USIZE: Self = Self::Scalar(ScalarType::USIZE);
    pub(crate) const F64: Self = Self::Scalar(ScalarType::Float(FloatType::F64));

    pub(crate) fn unit() -> Self {
        Self::Tuple(Vec::new())
    }

    pub(crate) fn integer(name: &'static str) -> Self {
        Self::Scalar(ScalarType::Integer(name))
    }

    pub(crate) fn is_unit(&self) -> bool {
        matches!(self, Self::Tuple(parts) if parts.is_empty())
    }

    /// The element type of an array, slice or `Vec`.
    pub(crate) fn element(&self) -> Option<&Ty> {
        match self {
            Self::Array(element, _) | Self::Slice(element) | Self::Vec(element) => Some(element),
            _ => None,
        }
    }
}

impl From<&Type> for Ty {
    fn from(ty: &Type) -> Self {
        match ty {
            Type::Scalar(scalar) => Self::Scalar(scalar.clone()),
            Type::Array(element, length) => {
                Self::Array(Box::new((&**element).into()), length.clone())
            }
            Type::Slice(element) => Self::Slice(Box::new((&**element).into())),
            Type::Vec(element) => Self::Vec(Box::new((&**element).into())),
            Type::Tuple(parts) => Self::Tuple(parts.iter().map(Self::from).collect()),
        }
    }
}

impl fmt::Display for Ty {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Var(_) => f.write_str("_"),
            Self::Scalar(ScalarType::Float(FloatType::F32)) => f.write_str("f32"),
            Self::Scalar(ScalarType::Float(FloatType::F64)) => f.write_str("f64"),
            Self::Scalar(ScalarType::Float(FloatType::Named(name))) => f.write_str(name.text()),
            Self::Scalar(ScalarType::Integer(name)) => f.write_str(name),
            Self::Scalar(ScalarType::Bool) => f.write_str("bool"),
            Self::Scalar(ScalarType::Char) => f.write_str("char"),
            Self::Scalar(ScalarType::Inferred) => f.write_str("_"),
            Self::Array(element, Length::Literal(length)) => write!(f, "[{element}; {length}]"),
            Self::Array(element, Length::Constant(length)) => {
                write!(f, "[{element}; {}]", length.text())
            }
            Self::Slice(element) => write!(f, "[{element}]"),
            Self::Vec(element) => write!(f, "Vec<{element}>"),
            Self::Option(value) => write!(f, "Option<{value}>"),
            Self::Tuple(parts) => {
                f.write_str("(")?;
                for (i, part) in parts.iter().enumerate() {
                    write!(f, "{}{part}", if i == 0 { "" } else { ", " })?;
                }
                f.write_str(")")
            }
        }
    }
}

impl Types {
    fn push(&self, known: Known) -> Ty {
        let mut variables = self.0.borrow_mut();
        variables.push(known);
        Ty::Var(variables.len() - 1)
    }

    /// A type of which nothing is known.
    pub(crate) fn fresh(&self) -> Ty {
        self.push(Known::Nothing)
    }

    /// The type of an integer literal.
    pub(crate) fn integer(&self) -> Ty {
        self.push(Known::Integer)
    }

    /// The type of a floating-point literal.
    pub(crate) fn float(&self) -> Ty {
        self.push(Known::Float)
    }

    /// The type with variables replaced as far as they are bound, at the top only.
    pub(crate) fn shallow(&self, ty: &Ty) -> Ty {
        let mut ty = ty.clone();
        while let Ty::Var(variable) = ty {
            match &self.0.borrow()[variable] {
                Known::Bound(bound) => ty = bound.clone(),
                _ => break,
            }
        }
        ty
    }

    /// The type with all bound variables replaced; unbound literals fall back to `f64` and `i32`, as in rustc.
    pub(crate) fn resolve(&self, ty: &Ty) -> Ty {
        match self.shallow(ty) {
            Ty::Var(variable) => match &self.0.borrow()[variable] {
                Known::Integer => Ty::integer("i32"),
                Known::Float => Ty::F64,
                _ => Ty::Var(variable),
            },
            Ty::Scalar(scalar) => Ty::Scalar(scalar),
            Ty::Array(element, length) => Ty::Array(Box::new(self.resolve(&element)), length),
            Ty::Slice(element) => Ty::Slice(Box::new(self.resolve(&element))),
            Ty::Vec(element) => Ty::Vec(Box::new(self.resolve(&element))),
            Ty::Option(value) => Ty::Option(Box::new(self.resolve(&value))),
            Ty::Tuple(parts) => Ty::Tuple(parts.iter().map(|part| self.resolve(part)).collect()),
        }
    }

    /// Whether there is an `Option` in the type, as far as is known.
    pub(crate) fn has_option(&self, ty: &Ty) -> bool {
        match self.shallow(ty) {
            Ty::Option(_) => true,
            Ty::Var(_) | Ty::Scalar(_) => false,
            Ty::Array(element, _) | Ty::Slice(element) | Ty::Vec(element) => {
                self.has_option(&element)
            }
            Ty::Tuple(parts) => parts.iter().any(|part| self.has_option(part)),
        }
    }

    /// Leaves the type of a literal to rustc, if nothing else has determined it: it may follow from the signature of
    /// a function that the literal is handed to.
    pub(crate) fn leave_open(&self, ty: &Ty) {
        match self.shallow(ty) {
            Ty::Var(variable) => self.bind(variable, Ty::Scalar(ScalarType::Inferred)),
            Ty::Scalar(_) => {}
            Ty::Array(element, _) | Ty::Slice(element) | Ty::Vec(element) | Ty::Option(element) => {
                self.leave_open(&element)
            }
            Ty::Tuple(parts) => parts.iter().for_each(|part| self.leave_open(part)),
        }
    }

    /// Whether this is a floating-point number, as far as is known.
    pub(crate) fn is_float(&self, ty: &Ty) -> bool {
        match self.shallow(ty) {
            Ty::Scalar(scalar) => scalar.is_float(),
            Ty::Var(variable) => matches!(self.0.borrow()[variable], Known::Float),
            _ => false,
        }
    }

    /// Whether this is an integer, as far as is known.
    pub(crate) fn is_integer(&self, ty: &Ty) -> bool {
        match self.shallow(ty) {
            Ty::Scalar(scalar) => matches!(scalar, ScalarType::Integer(_)),
            Ty::Var(variable) => matches!(self.0.borrow()[variable], Known::Integer),
            _ => false,
        }
    }

    /// The model of the type in the intermediate representation; what stays unknown is [`ScalarType::Inferred`].
    pub(crate) fn model(&self, ty: &Ty) -> Type {
        match self.resolve(ty) {
            Ty::Var(_) => Type::Scalar(ScalarType::Inferred),
            Ty::Scalar(scalar) => Type::Scalar(scalar),
            Ty::Array(element, length) => Type::Array(Box::new(self.model(&element)), length),
            Ty::Slice(element) => Type::Slice(Box::new(self.model(&element))),
            Ty::Vec(element) => Type::Vec(Box::new(self.model(&element))),
            Ty::Option(value) => {
                Type::Tuple(vec![Type::Scalar(ScalarType::Bool), self.model(&value)])
            }
            Ty::Tuple(parts) => Type::Tuple(parts.iter().map(|part| self.model(part)).collect()),
        }
    }

    /// Makes two types equal; `false` where they cannot be. Arrays, slices and `Vec`s coerce where they are
    /// borrowed, so only their elements are compared.
    pub(crate) fn unify(&self, a: &Ty, b: &Ty) -> bool {
        let (a, b) = (self.shallow(a), self.shallow(b));
        match (&a, &b) {
            (Ty::Var(x), Ty::Var(y)) if x == y => true,
            (Ty::Var(x), Ty::Var(y)) => {
                let (known_x, known_y) = (self.0.borrow()[*x].clone(), self.0.borrow()[*y].clone());
                match (known_x, known_y) {
                    (Known::Nothing, _) => self.bind(*x, b),
                    (_, Known::Nothing)
                    | (Known::Integer, Known::Integer)
                    | (Known::Float, Known::Float) => {
                        self.bind(*y, a);
                    }
                    _ => return false,
                }
                true
            }
            (Ty::Var(variable), other) | (other, Ty::Var(variable)) => {
                let fits = match self.0.borrow()[*variable] {
                    Known::Integer => {
                        matches!(
                            other,
                            Ty::Scalar(ScalarType::Integer(_) | ScalarType::Inferred)
                        )
                    }
                    Known::Float => matches!(
                        other,
                        Ty::Scalar(ScalarType::Float(_) | ScalarType::Inferred)
                    ),
                    _ => !self.occurs(*variable, other),
                };
                if fits {
                    self.bind(*variable, other.clone());
                }
                fits
            }
            (Ty::Scalar(x), Ty::Scalar(y)) => x == y,
            (Ty::Option(x), Ty::Option(y)) => self.unify(x, y),
            (Ty::Tuple(xs), Ty::Tuple(ys)) => {
                xs.len() == ys.len() && xs.iter().zip(ys).all(|(x, y)| self.unify(x, y))
            }
            _ => match (a.element(), b.element()) {
                (Some(x), Some(y)) => self.unify(x, y),
                _ => false,
            },
        }
    }

    fn bind(&self, variable: usize, ty: Ty) {
        self.0.borrow_mut()[variable] = Known::Bound(ty);
    }

    fn occurs(&self, variable: usize, ty: &Ty) -> bool {
        match self.shallow(ty) {
            Ty::Var(other) => other == variable,
            Ty::Scalar(_) => false,
            Ty::Array(element, _) | Ty::Slice(element) | Ty::Vec(element) | Ty::Option(element) => {
                self.occurs(variable, &element)
            }
            Ty::Tuple(parts) => parts.iter().any(|part| self.occurs(variable, part)),
        }
    }
}
