//! What the front end learns of the function's signature, and what emission needs of it.

use syn::{Generics, Ident, Path, Visibility};

use crate::ir::Type;

/// The signature of the user's function with the options of the attribute.
#[derive(Clone)]
pub struct Signature {
    /// The function's name.
    pub ident: Ident,
    /// The companion type's name: the function's unless `companion = ` says otherwise.
    pub companion: Ident,
    /// The visibility of the function and of its companion.
    pub visibility: Visibility,
    /// Whether the function is deprecated.
    pub deprecated: bool,
    /// Whether the function is hidden from the documentation.
    pub hidden: bool,
    /// The generics of the function.
    pub generics: Generics,
    /// The type parameters that stand for scalars.
    pub generic_scalars: Vec<Ident>,
    /// The parameters, in order.
    pub parameters: Vec<SignatureParameter>,
    /// The result; `None` is `()`.
    pub result: Option<ResultType>,
    /// How often the function is differentiated: 1 or 2.
    pub order: u8,
    /// The path of the facade, `::autodiff` unless `crate = ` says otherwise.
    pub facade: Path,
}

/// How the names of parameters start that are patterns.
pub const UNNAMED: &str = "parameter_";

/// One parameter of the signature.
#[derive(Clone)]
pub struct SignatureParameter {
    /// Its name; made up of [`UNNAMED`] and a number where the user wrote a pattern.
    pub name: Ident,
    /// Its type as the user wrote it, reference included.
    pub declared: syn::Type,
    /// How it is passed.
    pub passing: Passing,
    /// The type behind the reference; `None` for an inactive parameter of a type that the compiler does not model.
    pub ty: Option<Type>,
    /// Whether derivatives are taken with respect to it.
    pub active: bool,
    /// How it is called, if it is a function passed as `impl Fn(..)` or `impl FnMut(..)`.
    pub callable: Option<Callable>,
}

/// How a function that is a parameter is called.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Callable {
    /// `impl Fn(..)`
    Shared,
    /// `impl FnMut(..)`
    Mutable,
}

/// How a parameter is passed.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Passing {
    /// By value.
    Value,
    /// Behind `&`.
    Shared,
    /// Behind `&mut`: in-out when active.
    Mutable,
}

/// The type of the result.
#[derive(Clone)]
pub struct ResultType {
    /// As the user wrote it.
    pub declared: syn::Type,
    /// Its structure; components without floats have tangent `()`.
    pub ty: Type,
}
