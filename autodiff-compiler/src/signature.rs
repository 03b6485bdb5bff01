//! What the front end learns of the function's signature, and what emission needs of it.

use proc_macro2::TokenStream;
use quote::{ToTokens, quote};
use syn::{Attribute, GenericArgument, Generics, Ident, Path, PathArguments, Visibility};

use crate::ir::Type;

/// The signature of the user's function with the options of the attribute.
#[derive(Clone)]
pub struct Signature {
    /// The function's name.
    pub ident: Ident,
    /// Where the function stands.
    pub home: Home,
    /// The companion type's name, or how the names of a method's derivatives start: the function's name unless
    /// `companion = ` says otherwise.
    pub companion: Ident,
    /// The `#[cfg(..)]` that hold for the function, and so for its derivatives.
    pub conditions: Vec<Attribute>,
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
    /// The result; `None` is `()`. Of a function that may fail, what it gives where it does not.
    pub result: Option<ResultType>,
    /// What the result comes in, where the function may fail.
    pub wrapper: Option<Wrapper>,
    /// How often the function is differentiated: 1 or 2.
    pub order: u8,
    /// The path of the facade, `::autodiff` unless `crate = ` says otherwise.
    pub facade: Path,
}

/// Where a function stands, and with it where its derivatives do.
#[derive(Clone)]
pub enum Home {
    /// In a module or in a block. The derivatives are associated functions of a companion type.
    Module,
    /// In an `impl` block of which only this function is known. The derivatives stand beside it.
    Method,
    /// In this `impl` block. The derivatives stand in an inherent block of their own.
    Block(Box<Header>),
}

/// What stands ahead of the braces of an `impl` block.
#[derive(Clone)]
pub struct Header {
    /// Its generic parameters.
    pub generics: Generics,
    /// The type that takes the derivatives: the one ahead of the braces, or the one behind that reference.
    pub ty: syn::Type,
    /// The one ahead of the braces, where `Self` is the type that takes the derivatives.
    pub implementor: syn::Type,
    /// The trait, if it is one's.
    pub of_trait: Option<Path>,
}

/// Derivatives that the user gives, in the place of those of the body.
#[derive(Clone)]
pub enum Rule {
    /// The partial derivatives of a function of scalars, one for each active parameter.
    Partials(Vec<Partial>),
    /// Functions with the signatures of those in the companion.
    Written {
        /// Forward mode.
        jvp: Path,
        /// Reverse mode.
        vjp: Path,
        /// The gradient and its derivative along a direction.
        hvp: Option<Path>,
    },
}

/// A partial derivative.
#[derive(Clone)]
pub struct Partial {
    /// The function that computes it.
    pub function: Path,
    /// The companion of that function.
    pub companion: Path,
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

/// `Result<R, E>` or `Option<R>` around a result: every derivative function returns its own in the same.
#[derive(Clone)]
pub struct Wrapper {
    /// Which of the two.
    pub kind: WrapperKind,
    /// The whole type as the user wrote it.
    pub declared: syn::TypePath,
}

/// What a function returns that may fail.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum WrapperKind {
    /// `Result<R, E>`, or an alias of that name with one parameter.
    Result,
    /// `Option<R>`
    Option,
}

impl Wrapper {
    /// The wrapper and the type inside of it, if the type is one.
    pub fn of(declared: &syn::Type) -> Option<(Self, &syn::Type)> {
        let syn::Type::Path(path) = declared else {
            return None;
        };
        let last = path.path.segments.last()?;
        let kind = match last.ident.to_string().as_str() {
            "Result" => WrapperKind::Result,
            "Option" => WrapperKind::Option,
            _ => return None,
        };
        let PathArguments::AngleBracketed(arguments) = &last.arguments else {
            return None;
        };
        let inside = arguments.args.iter().find_map(|argument| match argument {
            GenericArgument::Type(inside) => Some(inside),
            _ => None,
        })?;
        let declared = path.clone();
        Some((Self { kind, declared }, inside))
    }

    /// The type with another one inside.
    pub fn around(&self, inside: TokenStream) -> TokenStream {
        let mut whole = self.declared.clone();
        let last = whole.path.segments.last_mut();
        if let Some(PathArguments::AngleBracketed(arguments)) = last.map(|last| &mut last.arguments)
        {
            let mut types = arguments
                .args
                .iter_mut()
                .filter_map(|argument| match argument {
                    GenericArgument::Type(ty) => Some(ty),
                    _ => None,
                });
            if let Some(first) = types.next() {
                *first = syn::Type::Verbatim(inside);
            }
        }
        whole.into_token_stream()
    }

    /// A value in it; nothing stands for `()`.
    pub fn success(&self, private: &TokenStream, value: TokenStream) -> TokenStream {
        let value = if value.is_empty() { quote!(()) } else { value };
        match self.kind {
            WrapperKind::Result => quote!(#private::Ok(#value)),
            WrapperKind::Option => quote!(#private::Some(#value)),
        }
    }

    /// What a failure is called.
    pub fn failure(&self) -> &'static str {
        match self.kind {
            WrapperKind::Result => "The error",
            WrapperKind::Option => "`None`",
        }
    }
}

impl Signature {
    /// Whether the function is a method: its first parameter is `self`.
    pub fn has_receiver(&self) -> bool {
        let first = self.parameters.first();
        first.is_some_and(|first| first.name == "self")
    }
}
