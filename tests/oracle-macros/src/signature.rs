//! The signature of a checked function: how each parameter is held, passed and differentiated.

use proc_macro2::TokenStream;
use quote::{ToTokens, format_ident, quote};
use syn::visit::Visit;
use syn::{Expr, FnArg, Ident, ItemFn, Pat, ReturnType, Type};

use crate::options::{Options, Point};
use crate::structs;

/// How an argument is passed.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Passing {
    /// By value.
    Value,
    /// By `&`.
    Shared,
    /// By `&mut`: an in-out parameter.
    Exclusive,
}

/// One parameter.
pub(crate) struct Parameter {
    /// The name of the variable that holds the point's own value of it.
    pub(crate) point: Ident,
    /// The type of that variable: the parameter's own, owned.
    pub(crate) owned: Type,
    /// How it is passed.
    pub(crate) passing: Passing,
    /// Whether its directions are passed as slices although it is passed by value.
    pub(crate) by_slice: bool,
    /// Whether derivatives are taken with respect to it.
    pub(crate) active: bool,
}

impl Parameter {
    /// Whether its final value is a result.
    pub(crate) fn is_in_out(&self) -> bool {
        self.active && self.passing == Passing::Exclusive
    }

    /// The argument that passes the variable `name` of the owned type.
    pub(crate) fn argument(&self, name: &Ident) -> TokenStream {
        match self.passing {
            Passing::Value => quote!(#name),
            Passing::Shared => quote!(&#name),
            Passing::Exclusive => quote!(&mut #name),
        }
    }

    /// The argument that passes the variable `name` as a direction.
    pub(crate) fn direction(&self, name: &Ident) -> TokenStream {
        if self.by_slice {
            quote!(&#name)
        } else {
            self.argument(name)
        }
    }
}

/// The shape that a Hessian or one side of a Jacobian has in the contract.
#[derive(Clone)]
pub(crate) enum Extent {
    /// A length known from the signature, as an expression.
    Fixed(TokenStream),
    /// Anything else.
    Dynamic,
}

/// A function's signature.
pub(crate) struct Signature {
    /// The function's name.
    pub(crate) name: Ident,
    /// Its parameters.
    pub(crate) parameters: Vec<Parameter>,
    /// Its result's type; of a function that may fail, the type inside.
    pub(crate) result: Type,
    /// What takes a result out of its `Result` or `Option`, and panics where the function fails.
    pub(crate) opened: TokenStream,
    /// The scalar type of the derivatives, when there is only one.
    pub(crate) scalar: Option<Ident>,
}

impl Signature {
    /// Reads the signature of `function`.
    pub(crate) fn parse(options: &Options, function: &ItemFn) -> syn::Result<Self> {
        let mut parameters = Vec::new();
        let mut scalars = Scalars::default();
        for (index, input) in function.sig.inputs.iter().enumerate() {
            let FnArg::Typed(input) = input else {
                return Err(syn::Error::new_spanned(input, "methods are not checked"));
            };
            let name = match &*input.pat {
                Pat::Ident(pattern) => Some(pattern.ident.clone()),
                _ => None,
            };
            let (passing, inner) = match &*input.ty {
                Type::Reference(reference) if reference.mutability.is_some() => {
                    (Passing::Exclusive, &*reference.elem)
                }
                Type::Reference(reference) if is_str(&reference.elem) => {
                    (Passing::Value, &*input.ty)
                }
                Type::Reference(reference) => (Passing::Shared, &*reference.elem),
                other => (Passing::Value, other),
            };
            let owned = match inner {
                Type::Reference(reference) if is_str(&reference.elem) => {
                    syn::parse_quote!(&'static str)
                }
                Type::Slice(slice) => {
                    let element = &slice.elem;
                    syn::parse_quote!(::std::vec::Vec<#element>)
                }
                other => other.clone(),
            };
            let mut own = Scalars::default();
            own.visit_type(&owned);
            let named = |wrt: &Vec<Ident>| name.as_ref().is_some_and(|name| wrt.contains(name));
            let active = (!own.found.is_empty() || structs::mentioned(&owned))
                && options.wrt.as_ref().is_none_or(named);
            if active {
                scalars.visit_type(&owned);
            }
            parameters.push(Parameter {
                point: format_ident!("p{index}"),
                by_slice: passing == Passing::Value && is_vec(&owned),
                owned,
                passing,
                active,
            });
        }
        let result: Type = match &function.sig.output {
            ReturnType::Default => syn::parse_quote!(()),
            ReturnType::Type(_, ty) => (**ty).clone(),
        };
        let (result, opened) = match inside(&result) {
            Some(inside) => (inside, quote!(.unwrap())),
            None => (result, TokenStream::new()),
        };
        scalars.visit_type(&result);
        scalars.found.dedup();
        let scalar = match &scalars.found[..] {
            [one] => Some(one.clone()),
            _ => None,
        };
        Ok(Signature {
            name: function.sig.ident.clone(),
            parameters,
            result,
            opened,
            scalar,
        })
    }

    /// The parameters that derivatives are taken with respect to.
    pub(crate) fn active(&self) -> impl Iterator<Item = &Parameter> {
        self.parameters.iter().filter(|parameter| parameter.active)
    }

    /// Whether any parameter is in-out.
    pub(crate) fn has_in_out(&self) -> bool {
        self.parameters.iter().any(Parameter::is_in_out)
    }

    /// Whether the result is `()`.
    pub(crate) fn returns_unit(&self) -> bool {
        matches!(&self.result, Type::Tuple(tuple) if tuple.elems.is_empty())
    }

    /// Whether the result is one scalar.
    pub(crate) fn returns_scalar(&self) -> bool {
        is_scalar(&self.result)
    }

    /// Whether single precision takes part.
    pub(crate) fn single(&self) -> bool {
        self.scalar.as_ref().is_none_or(|scalar| scalar == "f32")
    }

    /// The active inputs as one side of a Hessian or Jacobian.
    pub(crate) fn inputs(&self) -> Extent {
        let active: Vec<_> = self.active().collect();
        if active.iter().all(|parameter| is_scalar(&parameter.owned)) {
            let count = active.len();
            return Extent::Fixed(quote!(#count));
        }
        match &active[..] {
            [one] => flat_array(&one.owned),
            _ => Extent::Dynamic,
        }
    }

    /// The result as one side of a Jacobian.
    pub(crate) fn outputs(&self) -> Extent {
        match scalar_count(&self.result) {
            Some(count) => Extent::Fixed(count),
            None => Extent::Dynamic,
        }
    }

    /// One call of the harness for each point.
    pub(crate) fn points(&self, options: &Options) -> syn::Result<Vec<TokenStream>> {
        let call = |Point { arguments, expect }: &Point| {
            if arguments.len() != self.parameters.len() {
                let message = format!(
                    "`{}` has {} parameters, this point {}",
                    self.name,
                    self.parameters.len(),
                    arguments.len()
                );
                return Err(syn::Error::new_spanned(&arguments[0], message));
            }
            let text: Vec<_> = arguments
                .iter()
                .map(|e| e.to_token_stream().to_string())
                .collect();
            let text = format!("at({})", text.join(", "));
            let values = self.parameters.iter().zip(arguments);
            let values = values.map(|(parameter, value)| owned_value(&parameter.owned, value));
            Ok(quote!(check_at(#text, #expect, #(#values),*);))
        };
        options.points.iter().map(call).collect()
    }
}

/// The value of an owned type that a literal of `at(..)` stands for: array literals make `Vec`s where the type asks.
fn owned_value(ty: &Type, value: &Expr) -> TokenStream {
    match (ty, value) {
        (_, Expr::Reference(reference)) if !matches!(ty, Type::Reference(_)) => {
            owned_value(ty, &reference.expr)
        }
        (_, Expr::Array(array)) => {
            let element = element(ty);
            let values = array.elems.iter().map(|value| match &element {
                Some(ty) => owned_value(ty, value),
                None => value.to_token_stream(),
            });
            if is_vec(ty) {
                quote!(vec![#(#values),*])
            } else {
                quote!([#(#values),*])
            }
        }
        (_, Expr::Repeat(repeat)) if is_vec(ty) => {
            let value = match element(ty) {
                Some(ty) => owned_value(&ty, &repeat.expr),
                None => repeat.expr.to_token_stream(),
            };
            let len = &repeat.len;
            quote!(vec![#value; #len])
        }
        (Type::Tuple(types), Expr::Tuple(values)) => {
            let values = types.elems.iter().zip(&values.elems);
            let values = values.map(|(ty, value)| owned_value(ty, value));
            quote!((#(#values,)*))
        }
        _ => value.to_token_stream(),
    }
}

/// The element type of an array or `Vec` type.
fn element(ty: &Type) -> Option<Type> {
    match ty {
        Type::Array(array) => Some((*array.elem).clone()),
        Type::Path(path) => match &path.path.segments.last()?.arguments {
            syn::PathArguments::AngleBracketed(list) => match list.args.first()? {
                syn::GenericArgument::Type(ty) => Some(ty.clone()),
                _ => None,
            },
            _ => None,
        },
        _ => None,
    }
}

/// The type inside of a `Result` or an `Option`.
fn inside(ty: &Type) -> Option<Type> {
    let Type::Path(path) = ty else { return None };
    let last = path.path.segments.last()?;
    let fails = last.ident == "Result" || last.ident == "Option";
    if fails { element(ty) } else { None }
}

/// The number of scalars of a type of fixed size, as an expression.
fn scalar_count(ty: &Type) -> Option<TokenStream> {
    let mut scalars = Scalars::default();
    scalars.visit_type(ty);
    match ty {
        _ if is_vec(ty) || structs::mentioned(ty) => None,
        _ if scalars.found.is_empty() => Some(quote!(0)),
        Type::Array(array) => {
            let (len, each) = (&array.len, scalar_count(&array.elem)?);
            Some(quote!((#len) * #each))
        }
        Type::Tuple(tuple) => {
            let counts = tuple
                .elems
                .iter()
                .map(scalar_count)
                .collect::<Option<Vec<_>>>()?;
            Some(quote!((#(#counts)+*)))
        }
        _ => Some(quote!(1)),
    }
}

/// A flat array's length.
fn flat_array(ty: &Type) -> Extent {
    match ty {
        Type::Array(array) if is_scalar(&array.elem) => Extent::Fixed(array.len.to_token_stream()),
        _ => Extent::Dynamic,
    }
}

fn is_scalar(ty: &Type) -> bool {
    matches!(ty, Type::Path(path) if path.path.is_ident("f64") || path.path.is_ident("f32"))
}

fn is_str(ty: &Type) -> bool {
    matches!(ty, Type::Path(path) if path.path.is_ident("str"))
}

/// Whether the type is a `Vec`.
pub(crate) fn is_vec(ty: &Type) -> bool {
    matches!(ty, Type::Path(path) if path.path.segments.last().is_some_and(|segment| segment.ident == "Vec"))
}

/// Collects the scalar types of a type, each once in a row.
#[derive(Default)]
pub(crate) struct Scalars {
    /// What was found.
    pub(crate) found: Vec<Ident>,
}

impl<'ast> Visit<'ast> for Scalars {
    fn visit_path(&mut self, path: &'ast syn::Path) {
        if let Some(name) = path.get_ident()
            && (name == "f64" || name == "f32")
            && !self.found.contains(name)
        {
            self.found.push(name.clone());
        }
        syn::visit::visit_path(self, path);
    }
}
