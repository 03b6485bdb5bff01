//! The types of values and of memory.

use std::fmt;
use std::rc::Rc;

use proc_macro2::TokenStream;

/// Tokens of the user's, compared by their text.
#[derive(Clone)]
pub struct Code(Rc<(String, TokenStream)>);

impl Code {
    /// Wraps `tokens`.
    pub fn new(tokens: TokenStream) -> Self {
        Self(Rc::new((tokens.to_string(), tokens)))
    }

    /// The tokens, with the spans that they came with.
    pub fn tokens(&self) -> &TokenStream {
        &self.0.1
    }

    /// The text of the tokens.
    pub fn text(&self) -> &str {
        &self.0.0
    }
}

impl PartialEq for Code {
    fn eq(&self, other: &Self) -> bool {
        self.text() == other.text()
    }
}

impl Eq for Code {}

impl std::hash::Hash for Code {
    fn hash<H: std::hash::Hasher>(&self, state: &mut H) {
        self.text().hash(state);
    }
}

impl fmt::Debug for Code {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.text())
    }
}

/// A floating-point type: the scalars that can be active.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub enum FloatType {
    /// `f32`.
    F32,
    /// `f64`.
    F64,
    /// A type parameter of the function, or an alias that the attribute declares.
    Named(Code),
}

/// The type of one scalar value.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub enum ScalarType {
    /// A floating-point number.
    Float(FloatType),
    /// An integer, by its keyword: `usize`, `i32`, …
    Integer(&'static str),
    /// `bool`.
    Bool,
    /// `char`.
    Char,
    /// An inactive value whose type only rustc knows, such as the result of an inactive call.
    Inferred,
}

impl ScalarType {
    /// `usize`, the type of indices and lengths.
    pub const USIZE: Self = Self::Integer("usize");

    /// Whether values of this type can be active.
    pub fn is_float(&self) -> bool {
        matches!(self, Self::Float(_))
    }
}

/// The length of an array type.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub enum Length {
    /// A literal.
    Literal(usize),
    /// A constant or a const parameter.
    Constant(Code),
}

impl Length {
    /// Whether two lengths can be equal: a constant may have any value.
    pub fn agrees(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Literal(a), Self::Literal(b)) => a == b,
            _ => true,
        }
    }
}

/// The type of a place.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub enum Type {
    /// One scalar.
    Scalar(ScalarType),
    /// `[T; N]`.
    Array(Box<Type>, Length),
    /// `[T]`, always behind a reference.
    Slice(Box<Type>),
    /// `Vec<T>`.
    Vec(Box<Type>),
    /// A tuple.
    Tuple(Vec<Type>),
    /// A struct of the user's.
    Struct(Rc<Struct>),
}

/// A struct of the user's, or the tangent of one: what the function mentions of it. Only rustc knows the rest.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub struct Struct {
    /// The type of the struct as the user wrote it; `None` where its text stands nowhere.
    pub path: Option<Code>,
    /// Whether this is its tangent.
    pub tangent: bool,
    /// What makes a value of it, where a literal has named all of its fields.
    pub constructor: Option<Code>,
    /// Whether its values are needed as wholes though not all of its fields are known.
    pub opaque: bool,
    /// The names of the fields that are mentioned; those of a tuple struct are numbers.
    pub names: Vec<Code>,
    /// The types of these fields.
    pub types: Vec<Type>,
}

impl Struct {
    /// The position of a field among those that are mentioned.
    pub fn position(&self, name: &str) -> Option<usize> {
        self.names.iter().position(|field| field.text() == name)
    }
}

impl Type {
    /// The types of the parts of a tuple, or of the fields of a struct that are mentioned.
    pub fn parts(&self) -> Option<&[Type]> {
        match self {
            Self::Tuple(parts) => Some(parts),
            Self::Struct(found) => Some(&found.types),
            Self::Scalar(_) | Self::Array(..) | Self::Slice(_) | Self::Vec(_) => None,
        }
    }

    /// Adds the floating-point types that are mentioned to those found.
    pub fn add_floats(&self, found: &mut Vec<FloatType>) {
        match self {
            Self::Scalar(ScalarType::Float(float)) if !found.contains(float) => {
                found.push(float.clone());
            }
            Self::Scalar(_) => {}
            Self::Array(element, _) | Self::Slice(element) | Self::Vec(element) => {
                element.add_floats(found);
            }
            Self::Tuple(_) | Self::Struct(_) => {
                let parts = self.parts().into_iter().flatten();
                parts.for_each(|part| part.add_floats(found));
            }
        }
    }

    /// As [`Type::parts`], of what is taken apart into its parts wherever it is a value.
    pub fn split(&self) -> Option<&[Type]> {
        match self {
            Self::Struct(found) if found.opaque => None,
            _ => self.parts(),
        }
    }

    /// Whether its size is known when the program runs only, as far as that is seen here.
    pub fn has_length(&self) -> bool {
        match self {
            Self::Scalar(_) => false,
            Self::Slice(_) | Self::Vec(_) => true,
            Self::Array(element, _) => element.has_length(),
            Self::Tuple(_) | Self::Struct(_) => {
                self.parts().into_iter().flatten().any(Self::has_length)
            }
        }
    }

    /// Whether a struct of the user's is this or inside of it.
    pub fn has_struct(&self) -> bool {
        match self {
            Self::Scalar(_) => false,
            Self::Struct(_) => true,
            Self::Tuple(parts) => parts.iter().any(Self::has_struct),
            Self::Array(element, _) | Self::Slice(element) | Self::Vec(element) => {
                element.has_struct()
            }
        }
    }

    /// Whether all values have one shape, and hold scalars of known types.
    pub fn is_fixed(&self) -> bool {
        match self {
            Self::Scalar(scalar) => *scalar != ScalarType::Inferred,
            Self::Array(element, _) => element.is_fixed(),
            Self::Tuple(parts) => parts.iter().all(Self::is_fixed),
            Self::Slice(_) | Self::Vec(_) | Self::Struct(_) => false,
        }
    }

    /// Whether this is such a type, or a list of any length with such elements.
    pub fn is_list_of_fixed(&self) -> bool {
        match self {
            Self::Slice(element) | Self::Vec(element) => element.is_fixed(),
            _ => self.is_fixed(),
        }
    }

    /// The element type of an array, slice or `Vec`.
    pub fn element(&self) -> Option<&Type> {
        match self {
            Self::Array(element, _) | Self::Slice(element) | Self::Vec(element) => Some(element),
            Self::Scalar(_) | Self::Tuple(_) | Self::Struct(_) => None,
        }
    }

    /// Whether any scalar inside is a floating-point number, or may be one that only rustc knows of.
    pub fn has_float(&self) -> bool {
        match self {
            Self::Scalar(scalar) => scalar.is_float(),
            Self::Tuple(parts) => parts.iter().any(Type::has_float),
            Self::Struct(_) => true,
            Self::Array(element, _) | Self::Slice(element) | Self::Vec(element) => {
                element.has_float()
            }
        }
    }
}
