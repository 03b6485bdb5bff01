//! The compiler's models of types.

use std::rc::Rc;

use quote::ToTokens;
use syn::{Expr, GenericArgument, Ident, Lit, PathArguments};

use crate::ir::{Code, FloatType, Length, ScalarType, Struct, Type};

/// The integer types of Rust.
const INTEGERS: [&str; 12] = [
    "u8", "u16", "u32", "u64", "u128", "usize", "i8", "i16", "i32", "i64", "i128", "isize",
];

/// A type without the parentheses and invisible groups around it.
pub(crate) fn strip(mut ty: &syn::Type) -> &syn::Type {
    loop {
        ty = match ty {
            syn::Type::Paren(inner) => &inner.elem,
            syn::Type::Group(inner) => &inner.elem,
            other => return other,
        };
    }
}

/// The compiler's model of a type, if it has one.
pub(crate) fn model(ty: &syn::Type, scalars: &[Ident]) -> Option<Type> {
    let structs = false;
    Reading { scalars, structs }.model(ty)
}

/// How types are read.
pub(crate) struct Reading<'a> {
    /// Aliases and parameters that are scalars.
    scalars: &'a [Ident],
    /// Whether a type of another name is a struct of the user's.
    structs: bool,
}

impl<'a> Reading<'a> {
    /// Takes any type that is not known for a struct of the user's.
    pub(crate) fn with_structs(scalars: &'a [Ident]) -> Self {
        Self {
            scalars,
            structs: true,
        }
    }

    /// The model of a type, if it has one.
    pub(crate) fn model(&self, ty: &syn::Type) -> Option<Type> {
        Some(match strip(ty) {
            syn::Type::Array(array) => {
                Type::Array(Box::new(self.model(&array.elem)?), length(&array.len))
            }
            syn::Type::Slice(slice) => Type::Slice(Box::new(self.model(&slice.elem)?)),
            syn::Type::Tuple(tuple) => {
                let parts = tuple.elems.iter().map(|part| self.model(part));
                Type::Tuple(parts.collect::<Option<_>>()?)
            }
            syn::Type::Path(path) if path.qself.is_none() => {
                let last = path.path.segments.last()?;
                match &last.arguments {
                    PathArguments::AngleBracketed(arguments)
                        if last.ident == "Vec" && arguments.args.len() == 1 =>
                    {
                        match arguments.args.first()? {
                            GenericArgument::Type(element) => {
                                Type::Vec(Box::new(self.model(element)?))
                            }
                            _ => return None,
                        }
                    }
                    PathArguments::None => match scalar(&path.path, self.scalars) {
                        Some(scalar) => Type::Scalar(scalar),
                        None => self.structure(ty)?,
                    },
                    _ => self.structure(ty)?,
                }
            }
            _ => return None,
        })
    }

    /// A type of the user's, which is a struct as far as anyone can see.
    fn structure(&self, ty: &syn::Type) -> Option<Type> {
        let syn::Type::Path(path) = strip(ty) else {
            return None;
        };
        let last = path.path.segments.last()?;
        if !self.structs || known_inactive(ty) || NO_STRUCTS.iter().any(|name| last.ident == name) {
            return None;
        }
        Some(Type::Struct(Rc::new(Struct {
            path: Some(Code::new(path.to_token_stream())),
            tangent: false,
            constructor: None,
            opaque: false,
            names: Vec::new(),
            types: Vec::new(),
        })))
    }
}

/// Types whose content is not reached by the names of fields.
const NO_STRUCTS: [&str; 11] = [
    "Option", "Result", "Box", "Rc", "Arc", "Cow", "RefCell", "Cell", "HashMap", "BTreeMap",
    "VecDeque",
];

fn scalar(path: &syn::Path, scalars: &[Ident]) -> Option<ScalarType> {
    let last = &path.segments.last()?.ident;
    if scalars.contains(last) {
        return Some(ScalarType::Float(FloatType::Named(Code::new(
            path.to_token_stream(),
        ))));
    }
    path.get_ident()
        .and_then(|ident| primitive(&ident.to_string()))
}

/// The primitive scalar type of this name.
pub(crate) fn primitive(name: &str) -> Option<ScalarType> {
    Some(match name {
        "f32" => ScalarType::Float(FloatType::F32),
        "f64" => ScalarType::Float(FloatType::F64),
        "bool" => ScalarType::Bool,
        "char" => ScalarType::Char,
        _ => ScalarType::Integer(INTEGERS.iter().find(|integer| **integer == name)?),
    })
}

/// The length of an array type.
pub(crate) fn length(expression: &Expr) -> Length {
    if let Expr::Lit(literal) = expression
        && let Lit::Int(number) = &literal.lit
        && let Ok(length) = number.base10_parse()
    {
        return Length::Literal(length);
    }
    Length::Constant(Code::new(expression.to_token_stream()))
}

/// Whether a type is known to carry nothing differentiable.
pub(crate) fn is_inactive(ty: &syn::Type) -> bool {
    known_inactive(ty) || model(strip(ty), &[]).is_some_and(|ty| !ty.has_float())
}

/// Whether a type outside the compiler's model is known to carry nothing differentiable.
pub(super) fn known_inactive(ty: &syn::Type) -> bool {
    match strip(ty) {
        syn::Type::FnPtr(_)
        | syn::Type::ImplTrait(_)
        | syn::Type::TraitObject(_)
        | syn::Type::Never(_) => true,
        syn::Type::Reference(reference) => {
            known_inactive(&reference.elem)
                || model(&reference.elem, &[]).is_some_and(|ty| !ty.has_float())
        }
        syn::Type::Slice(slice) => known_inactive(&slice.elem),
        syn::Type::Array(array) => known_inactive(&array.elem),
        syn::Type::Tuple(tuple) => tuple
            .elems
            .iter()
            .all(|part| known_inactive(part) || model(part, &[]).is_some_and(|ty| !ty.has_float())),
        syn::Type::Path(path) => path.path.segments.last().is_some_and(|last| {
            let name = last.ident.to_string();
            match name.as_str() {
                "str" | "String" | "Range" | "RangeInclusive" | "RangeFrom" | "RangeTo"
                | "RangeToInclusive" | "RangeFull" | "PhantomData" | "Ordering" | "Duration"
                | "Instant" => true,
                "Vec" | "Option" | "Box" => match &last.arguments {
                    PathArguments::AngleBracketed(arguments) => {
                        arguments.args.iter().all(|argument| match argument {
                            GenericArgument::Type(ty) => {
                                known_inactive(ty)
                                    || model(ty, &[]).is_some_and(|ty| !ty.has_float())
                            }
                            _ => true,
                        })
                    }
                    _ => false,
                },
                _ => false,
            }
        }),
        _ => false,
    }
}
