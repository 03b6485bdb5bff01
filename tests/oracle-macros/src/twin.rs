//! The twin: the function's own text, with the scalar types replaced by dual numbers.

use std::collections::HashSet;

use proc_macro2::TokenStream;
use quote::{ToTokens, quote};
use syn::visit::Visit;
use syn::visit_mut::{self, VisitMut};
use syn::{Attribute, BinOp, Expr, ExprPath, Ident, Item, ItemFn, Lit, Pat, Path, Type};

use crate::signature::Scalars;
use crate::{calls, patterns, structs};

/// The twin of `function`, named `twin`.
pub(crate) fn twin(function: &ItemFn, calls: &[Path]) -> TokenStream {
    let mut names = Names::default();
    names.visit_item_fn(function);
    let mut scalars = Scalars::default();
    scalars.visit_item_fn(function);
    let mut twin = without_own_attributes(function);
    let mut rewriter = Twin {
        locals: names.bound,
        literal: match &scalars.found[..] {
            [one] => Some(one.clone()),
            _ => None,
        },
        calls: calls.to_vec(),
        fresh: 0,
    };
    twin.attrs.clear();
    twin.vis = syn::parse_quote!(pub);
    twin.sig.ident = Ident::new("twin", twin.sig.ident.span());
    rewriter.visit_item_fn_mut(&mut twin);
    twin.to_token_stream()
}

/// The function without the attributes that only `#[differentiable]` understands.
pub(crate) fn without_own_attributes(function: &ItemFn) -> ItemFn {
    struct Strip;
    impl VisitMut for Strip {
        fn visit_attributes_mut(&mut self, attributes: &mut Vec<Attribute>) {
            attributes.retain(|attribute| !attribute.path().is_ident("checkpoint"));
        }
    }
    let mut function = function.clone();
    Strip.visit_item_fn_mut(&mut function);
    function
}

/// The rewriting of one function.
pub(crate) struct Twin {
    /// Every name that the function binds.
    pub(crate) locals: HashSet<Ident>,
    /// The scalar type of unsuffixed literals, when the function speaks of one only; else rustc infers it.
    literal: Option<Ident>,
    /// The functions that have twins themselves.
    pub(crate) calls: Vec<Path>,
    /// How many names this rewriting has made up.
    fresh: usize,
}

impl Twin {
    /// The rewriting of types that stand outside of functions.
    pub(crate) fn of_types() -> Self {
        Self {
            locals: HashSet::new(),
            literal: None,
            calls: Vec::new(),
            fresh: 0,
        }
    }

    /// The name of the twin where a struct is named.
    fn rename(path: &mut Path) {
        if let Some(name) = path.get_ident().filter(|name| structs::is_struct(name)) {
            *path = structs::name(name).into();
        }
    }

    /// A name that the function does not use.
    pub(crate) fn fresh(&mut self) -> Ident {
        self.fresh += 1;
        quote::format_ident!("__oracle_{}", self.fresh)
    }

    /// The literal as a dual number, when it is a float.
    fn literal(&self, literal: &Lit) -> Option<TokenStream> {
        let (digits, suffix) = match literal {
            Lit::Float(float) => (float.base10_digits().to_owned(), float.suffix().to_owned()),
            Lit::Int(int) if matches!(int.suffix(), "f64" | "f32") => (
                format!("{}.0", int.base10_digits()),
                int.suffix().to_owned(),
            ),
            _ => return None,
        };
        let digits: TokenStream = digits
            .parse()
            .expect("the digits of a literal are a literal");
        let ty = match &*suffix {
            "f64" => quote!(f64),
            "f32" => quote!(f32),
            _ => match &self.literal {
                Some(scalar) => quote!(#scalar),
                None => quote!(_),
            },
        };
        Some(quote!(::oracle::lit::<#ty>(#digits as f64)))
    }

    /// The dual number's type for a scalar type.
    fn scalar_type(path: &Path) -> Option<TokenStream> {
        let name = path.get_ident()?;
        (name == "f64" || name == "f32").then(|| quote!(::oracle::S<#name>))
    }

    /// What stands for a path in the twin, when it is not the path itself.
    fn path(&self, expression: &ExprPath) -> Option<Expr> {
        let segments = &expression.path.segments;
        let last = segments.last()?.ident.to_string();
        if is_constant(&last) && !self.locals.contains(&segments.last()?.ident) {
            return Some(syn::parse_quote!(::oracle::lift(#expression)));
        }
        let first = &segments.first()?.ident;
        if segments.len() == 2 && (first == "f64" || first == "f32") {
            let method = &segments[1];
            return Some(syn::parse_quote!(<::oracle::S<#first>>::#method));
        }
        None
    }
}

impl VisitMut for Twin {
    fn visit_type_mut(&mut self, ty: &mut Type) {
        match ty {
            Type::Path(path) if Self::scalar_type(&path.path).is_some() => {
                let scalar = Self::scalar_type(&path.path);
                *ty = syn::parse_quote!(#scalar);
            }
            Type::Path(path) => {
                Self::rename(&mut path.path);
                visit_mut::visit_type_path_mut(self, path);
            }
            // A length is a constant expression, which dual numbers have no part in.
            Type::Array(array) => self.visit_type_mut(&mut array.elem),
            _ => visit_mut::visit_type_mut(self, ty),
        }
    }

    fn visit_expr_mut(&mut self, expression: &mut Expr) {
        match expression {
            Expr::Struct(literal) => {
                Self::rename(&mut literal.path);
                visit_mut::visit_expr_struct_mut(self, literal);
            }
            Expr::Path(path) if path.path.get_ident().is_some_and(structs::is_struct) => {
                Self::rename(&mut path.path);
            }
            Expr::Lit(literal) => {
                if let Some(tokens) = self.literal(&literal.lit) {
                    *expression = syn::parse_quote!(#tokens);
                }
            }
            Expr::Path(path) => match self.path(path) {
                Some(replacement) => *expression = replacement,
                None => visit_mut::visit_expr_path_mut(self, path),
            },
            Expr::Cast(cast) => {
                self.visit_expr_mut(&mut cast.expr);
                self.visit_type_mut(&mut cast.ty);
                let (value, ty) = (&cast.expr, &cast.ty);
                *expression = syn::parse_quote!(::oracle::cast::<#ty, _>(#value));
            }
            Expr::Binary(binary) if is_assignment(&binary.op) => {
                visit_mut::visit_expr_binary_mut(self, binary);
                // On primitive types the right side is evaluated ahead of the place on the left; overloaded
                // operators do the reverse.
                let name = self.fresh();
                let (left, op, right) = (&binary.left, &binary.op, &binary.right);
                *expression = syn::parse_quote!({ let #name = #right; #left #op #name; });
            }
            Expr::Repeat(repeat) => self.visit_expr_mut(&mut repeat.expr),
            Expr::Call(call) => {
                if let Some(replacement) = calls::call(self, call) {
                    *expression = replacement;
                }
            }
            Expr::Macro(mac) => {
                if let Some(replacement) = calls::expression_macro(self, &mut mac.mac) {
                    *expression = replacement;
                }
            }
            Expr::Match(matched) => {
                patterns::guard_floats(self, matched);
                visit_mut::visit_expr_match_mut(self, matched);
            }
            _ => visit_mut::visit_expr_mut(self, expression),
        }
    }

    fn visit_macro_mut(&mut self, mac: &mut syn::Macro) {
        calls::statement_macro(self, mac);
    }

    /// The bounds of a range are constants in their own right; float ones have become guards already.
    fn visit_pat_mut(&mut self, pattern: &mut Pat) {
        match pattern {
            Pat::Struct(fields) => Self::rename(&mut fields.path),
            Pat::TupleStruct(parts) => Self::rename(&mut parts.path),
            _ => {}
        }
        if !matches!(pattern, Pat::Range(_)) {
            visit_mut::visit_pat_mut(self, pattern);
        }
    }

    /// Items inside a body are what they are; their uses are lifted.
    fn visit_item_mut(&mut self, _: &mut Item) {}
}

/// Whether an operator is a compound assignment.
fn is_assignment(op: &BinOp) -> bool {
    matches!(
        op,
        BinOp::AddAssign(_)
            | BinOp::SubAssign(_)
            | BinOp::MulAssign(_)
            | BinOp::DivAssign(_)
            | BinOp::RemAssign(_)
            | BinOp::BitXorAssign(_)
            | BinOp::BitAndAssign(_)
            | BinOp::BitOrAssign(_)
            | BinOp::ShlAssign(_)
            | BinOp::ShrAssign(_)
    )
}

/// Whether a name is spelled like a constant.
fn is_constant(name: &str) -> bool {
    name.starts_with(|c: char| c.is_ascii_uppercase())
        && name
            .chars()
            .all(|c| c.is_ascii_uppercase() || c.is_ascii_digit() || c == '_')
}

/// Collects every name that a function binds.
#[derive(Default)]
struct Names {
    bound: HashSet<Ident>,
}

impl<'ast> Visit<'ast> for Names {
    fn visit_pat_ident(&mut self, pattern: &'ast syn::PatIdent) {
        if !is_constant(&pattern.ident.to_string()) {
            self.bound.insert(pattern.ident.clone());
        }
        syn::visit::visit_pat_ident(self, pattern);
    }
}
