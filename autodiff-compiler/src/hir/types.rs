//! Types with variables, and their unification.
//!
//! rustc has type-checked the same function, or reports what is wrong with it; so this only has to find the types of
//! correct programs. References are transparent: the type of `&x` is the type of `x`. A variable that stays unbound
//! is a scalar of a type that only rustc knows.

mod structs;

use std::cell::RefCell;
use std::fmt;

use std::rc::Rc;

use crate::ir::{Code, FloatType, Length, ScalarType, Struct, Type};

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
    /// A struct of the user's, by its number among those that the function mentions.
    Struct(usize),
}

/// What is known of a struct of the user's.
#[derive(Clone, Debug, Default)]
struct Fields {
    /// The type as the user wrote it.
    path: Option<Code>,
    /// What literals and patterns name it by, where that is no type.
    name: Option<Code>,
    /// The fields that the function mentions.
    named: Vec<(Code, Ty)>,
    /// What makes a value of it, where a literal has named all of its fields.
    constructor: Option<Code>,
    /// Whether its values are needed as wholes.
    whole: bool,
    /// The struct that this has turned out to be.
    same_as: Option<usize>,
}

/// What is known of a type variable.
#[derive(Clone, Debug)]
enum Known {
    /// Nothing.
    Nothing,
    /// It is the type of a part of a struct of the user's, whatever that is.
    Part,
    /// It is the type of such a part that is handed to code of the user's, or compared.
    Plain,
    /// It is the type of such a part that is computed with.
    Number,
    /// It is the type of such a part that is an integer.
    Count,
    /// It is the type of such a part that is a floating-point number.
    Real,
    /// It is the type of such a part that is an array, a slice or a `Vec` of this.
    Sequence(Ty),
    /// It is an integer: the type of a literal without suffix.
    Integer,
    /// It is a floating-point number.
    Float,
    /// It stands for this.
    Bound(Ty),
}

/// All type variables of a function, and the structs that it mentions.
#[derive(Debug, Default)]
pub(crate) struct Types {
    variables: RefCell<Vec<Known>>,
    structs: RefCell<Vec<Fields>>,
    /// The type of fields that are computed with, where nothing else is known of them: the one of the signature. rustc
    /// reports those of another type.
    float: Option<FloatType>,
}

impl Known {
    /// What is known of a type that is both; `None` where nothing can be.
    fn and(self, other: Self) -> Option<Self> {
        use Known::{Count, Float, Integer, Nothing, Number, Part, Plain, Real};
        Some(match (self, other) {
            (Nothing, known) | (known, Nothing) => known,
            (Integer, Integer) => Integer,
            (Float, Float) => Float,
            (Part, known @ (Part | Plain)) | (known @ Plain, Part | Plain) => known,
            (Part | Plain | Number, Part | Plain | Number) => Number,
            (Part | Plain | Number | Count | Integer, Part | Plain | Number | Count | Integer) => {
                Count
            }
            (Part | Plain | Number | Real | Float, Part | Plain | Number | Real | Float) => Real,
            _ => return None,
        })
    }
}

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
            Self::Struct(_) => f.write_str("a struct"),
        }
    }
}

impl Types {
    /// No types yet, of a function whose signature has this scalar type alone.
    pub(crate) fn new(float: Option<FloatType>) -> Self {
        Self {
            float,
            ..Self::default()
        }
    }

    /// A type of the intermediate representation, as a type of the tree.
    pub(crate) fn adopt(&self, ty: &Type) -> Ty {
        match ty {
            Type::Scalar(scalar) => Ty::Scalar(scalar.clone()),
            Type::Array(element, length) => {
                Ty::Array(Box::new(self.adopt(element)), length.clone())
            }
            Type::Slice(element) => Ty::Slice(Box::new(self.adopt(element))),
            Type::Vec(element) => Ty::Vec(Box::new(self.adopt(element))),
            Type::Tuple(parts) => Ty::Tuple(parts.iter().map(|part| self.adopt(part)).collect()),
            Type::Struct(found) => self.structure(found.path.clone()),
        }
    }

    fn push(&self, known: Known) -> Ty {
        let mut variables = self.variables.borrow_mut();
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
            match &self.variables.borrow()[variable] {
                Known::Bound(bound) => ty = bound.clone(),
                Known::Sequence(element) => ty = Ty::Slice(Box::new(element.clone())),
                _ => break,
            }
        }
        ty
    }

    /// The type with all bound variables replaced; unbound literals fall back to `f64` and `i32`, as in rustc.
    pub(crate) fn resolve(&self, ty: &Ty) -> Ty {
        match self.shallow(ty) {
            Ty::Var(variable) => match &self.variables.borrow()[variable] {
                Known::Integer => Ty::integer("i32"),
                Known::Float => Ty::F64,
                Known::Count => Ty::USIZE,
                Known::Number | Known::Real => Ty::Scalar(ScalarType::Float(
                    self.float.clone().unwrap_or(FloatType::F64),
                )),
                _ => Ty::Var(variable),
            },
            Ty::Scalar(scalar) => Ty::Scalar(scalar),
            Ty::Array(element, length) => Ty::Array(Box::new(self.resolve(&element)), length),
            Ty::Slice(element) => Ty::Slice(Box::new(self.resolve(&element))),
            Ty::Vec(element) => Ty::Vec(Box::new(self.resolve(&element))),
            Ty::Option(value) => Ty::Option(Box::new(self.resolve(&value))),
            Ty::Tuple(parts) => Ty::Tuple(parts.iter().map(|part| self.resolve(part)).collect()),
            Ty::Struct(number) => Ty::Struct(self.representative(number)),
        }
    }

    /// Whether there is an `Option` in the type, as far as is known.
    pub(crate) fn has_option(&self, ty: &Ty) -> bool {
        match self.shallow(ty) {
            Ty::Option(_) => true,
            Ty::Var(_) | Ty::Scalar(_) | Ty::Struct(_) => false,
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
            Ty::Scalar(_) | Ty::Struct(_) => {}
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
            Ty::Var(variable) => {
                matches!(
                    self.variables.borrow()[variable],
                    Known::Float | Known::Real
                )
            }
            _ => false,
        }
    }

    /// Whether this is an integer, as far as is known.
    pub(crate) fn is_integer(&self, ty: &Ty) -> bool {
        match self.shallow(ty) {
            Ty::Scalar(scalar) => matches!(scalar, ScalarType::Integer(_)),
            Ty::Var(variable) => {
                matches!(
                    self.variables.borrow()[variable],
                    Known::Integer | Known::Count
                )
            }
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
            Ty::Struct(number) => {
                let Fields {
                    path,
                    named,
                    constructor,
                    whole,
                    ..
                } = self.structs.borrow()[number].clone();
                let (names, types): (_, Vec<Ty>) = named.into_iter().unzip();
                Type::Struct(Rc::new(Struct {
                    path,
                    tangent: false,
                    opaque: whole && constructor.is_none(),
                    constructor,
                    names,
                    types: types.iter().map(|ty| self.model(ty)).collect(),
                }))
            }
        }
    }

    /// Makes two types equal; `false` where they cannot be. Arrays, slices and `Vec`s coerce where they are
    /// borrowed, so only their elements are compared.
    pub(crate) fn unify(&self, a: &Ty, b: &Ty) -> bool {
        let unified = self.unify_shapes(a, b);
        // What is an array or a `Vec` is no longer just any sequence.
        for (part, other) in [(a, b), (b, a)] {
            if let (true, Some(variable)) = (unified, self.sequence_variable(part))
                && let sequence @ (Ty::Array(..) | Ty::Vec(_)) = self.shallow(other)
            {
                self.bind(variable, sequence);
            }
        }
        unified
    }

    fn unify_shapes(&self, a: &Ty, b: &Ty) -> bool {
        let (a, b) = (self.shallow(a), self.shallow(b));
        match (&a, &b) {
            (Ty::Var(x), Ty::Var(y)) if x == y => true,
            (Ty::Var(x), Ty::Var(y)) => {
                let (known_x, known_y) = (
                    self.variables.borrow()[*x].clone(),
                    self.variables.borrow()[*y].clone(),
                );
                let Some(both) = known_x.and(known_y) else {
                    return false;
                };
                self.variables.borrow_mut()[*x] = both;
                self.bind(*y, a);
                true
            }
            (Ty::Var(variable), other) | (other, Ty::Var(variable)) => {
                let fits = match self.variables.borrow()[*variable] {
                    Known::Integer | Known::Count => {
                        matches!(
                            other,
                            Ty::Scalar(ScalarType::Integer(_) | ScalarType::Inferred)
                        )
                    }
                    Known::Float | Known::Real => matches!(
                        other,
                        Ty::Scalar(ScalarType::Float(_) | ScalarType::Inferred)
                    ),
                    Known::Number => matches!(other, Ty::Scalar(_)),
                    _ => !self.occurs(*variable, other),
                };
                if fits {
                    self.bind(*variable, other.clone());
                }
                fits
            }
            (Ty::Scalar(x), Ty::Scalar(y)) => x == y,
            (Ty::Option(x), Ty::Option(y)) => self.unify(x, y),
            (Ty::Struct(x), Ty::Struct(y)) => {
                self.unify_structs(self.representative(*x), self.representative(*y))
            }
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
        self.variables.borrow_mut()[variable] = Known::Bound(ty);
    }

    fn occurs(&self, variable: usize, ty: &Ty) -> bool {
        match self.shallow(ty) {
            Ty::Var(other) => other == variable,
            Ty::Scalar(_) => false,
            Ty::Array(element, _) | Ty::Slice(element) | Ty::Vec(element) | Ty::Option(element) => {
                self.occurs(variable, &element)
            }
            Ty::Tuple(parts) => parts.iter().any(|part| self.occurs(variable, part)),
            Ty::Struct(number) => {
                let number = self.representative(number);
                let fields = self.structs.borrow()[number].named.clone();
                fields.iter().any(|(_, field)| self.occurs(variable, field))
            }
        }
    }
}
