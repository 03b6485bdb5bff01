//! Structs of the user's: what their fields are, as far as that follows from what is done with them.

use autodiff_rules::Prim;
use quote::ToTokens;
use syn::{Member, Pat};

use super::Builder;
use super::call::strip;
use crate::diagnostics::{self, Extent, Located};
use crate::hir::types::Ty;
use crate::hir::{Expr, ExprKind, Place, Step};
use crate::ir::{Code, FloatType};
use crate::signature::Signature;

impl Builder<'_> {
    /// `S { x: a, y }`, `S { x: a, ..base }`
    pub(super) fn struct_literal(&mut self, literal: &syn::ExprStruct) -> Expr {
        let Some(path) = struct_path(&literal.path).filter(|_| literal.qself.is_none()) else {
            return self.failed(literal, &diagnostics::STRUCT, &[]);
        };
        let mut names = Vec::new();
        let mut values = Vec::new();
        for field in &literal.fields {
            let value = self.expr(&field.expr);
            names.push(name_of(&field.member));
            values.push(self.value_of(value));
        }
        let base = literal.rest.as_ref().map(|base| self.expr(base));
        let span = literal.span();
        self.structure(path, (names, values), base, span)
    }

    /// `S(a, b)`
    pub(super) fn tuple_struct(&mut self, path: Code, call: &syn::ExprCall) -> Expr {
        let mut names = Vec::new();
        let mut values = Vec::new();
        for (position, value) in call.args.iter().enumerate() {
            let value = self.expr(value);
            names.push(name_of(&Member::from(position)));
            values.push(self.value_of(value));
        }
        self.structure(path, (names, values), None, call.span())
    }

    fn structure(
        &mut self,
        path: Code,
        (names, mut values): (Vec<Code>, Vec<Expr>),
        base: Option<Expr>,
        span: Extent,
    ) -> Expr {
        let ty = self.types.structure_at(path.clone());
        for (name, value) in names.iter().zip(&values) {
            if let Some(field) = self.types.field(&ty, name) {
                self.expect(value, &field);
            }
        }
        match base {
            Some(base) => {
                let base = self.value_of(base);
                self.expect(&base, &ty);
                values.push(base);
            }
            None => self.types.complete(&ty, path),
        }
        Expr {
            kind: ExprKind::Struct(names, values),
            ty,
            span,
        }
    }

    /// Notes that what a place holds is replaced as a whole, where that is memory.
    pub(super) fn assigned_whole(&self, place: &Place) {
        let in_memory = |step: &Step| matches!(step, Step::Index(_) | Step::Section(_));
        if self.parameters.contains(&place.root) || place.path.iter().any(in_memory) {
            self.types.needs_whole(&place.ty);
        }
    }

    /// The fields that a pattern looks at, each an expression that may be evaluated on its own.
    pub(super) fn struct_parts(
        &mut self,
        path: &syn::Path,
        members: &[Member],
        value: Expr,
        pattern: &Pat,
    ) -> Vec<Expr> {
        if let ExprKind::Error = value.kind {
            return members.iter().map(|_| self.broken(value.span)).collect();
        }
        let named = struct_path(path).map(|path| self.types.structure_at(path));
        if named.is_none_or(|named| !self.types.unify(&value.ty, &named)) {
            self.error(pattern, &diagnostics::PATTERN);
            return members.iter().map(|_| self.broken(value.span)).collect();
        }
        let (place, reference) = self.scrutinee_place(value);
        let parts = members.iter().map(|member| {
            let name = name_of(member);
            let step = Step::Member(name.text().to_owned());
            match self.types.field(&place.ty, &name) {
                Some(ty) => self.part(&place, reference, step, ty),
                None => self.broken(place.span),
            }
        });
        parts.collect()
    }

    /// Takes a part of a struct for what has the method that is called on it.
    pub(super) fn settle_part(&self, ty: &Ty, call: &syn::ExprMethodCall) {
        if !self.types.is_part(ty) {
            return;
        }
        let method = call.method.to_string();
        if is_of_a_sequence(&method) {
            let _ = self.types.element(ty);
        } else if Prim::from_method(&method).is_some() || is_of_a_float(&method) {
            // `max` and the like are methods of integers too; the exponent of `powi` is one anyway.
            let of_integers = method != "powi" && call.args.iter().any(is_integer_literal);
            let number = match of_integers {
                true => self.types.integer(),
                false => self.types.float(),
            };
            self.types.unify(ty, &number);
        }
    }
}

/// The patterns inside of one that is known to be of a struct, and the fields that they are of.
pub(super) fn inner_patterns(pattern: &Pat) -> Option<(&syn::Path, Vec<Member>, Vec<&Pat>)> {
    match pattern {
        Pat::Struct(fields) if fields.qself.is_none() => {
            struct_path(&fields.path)?;
            let members = fields.fields.iter().map(|field| field.member.clone());
            let patterns = fields.fields.iter().map(|field| &*field.pat);
            Some((&fields.path, members.collect(), patterns.collect()))
        }
        // What stands behind a rest has no known position.
        Pat::TupleStruct(parts) if parts.qself.is_none() => {
            struct_path(&parts.path)?;
            let rest = |pattern: &&Pat| matches!(pattern, Pat::Rest(_));
            let patterns: Vec<&Pat> = parts
                .elems
                .iter()
                .take_while(|pattern| !rest(pattern))
                .collect();
            let is_last = patterns.len() + 1 >= parts.elems.len();
            let members = (0..patterns.len()).map(Member::from).collect();
            is_last.then_some((&parts.path, members, patterns))
        }
        _ => None,
    }
}

/// The path of a struct: its name is spelled like that of a type, and so is not the name ahead of it, which would be
/// that of an enum.
pub(super) fn struct_path(path: &syn::Path) -> Option<Code> {
    let mut names = path
        .segments
        .iter()
        .rev()
        .map(|segment| segment.ident.to_string());
    let is_type = |name: &str| {
        name.starts_with(|first: char| first.is_ascii_uppercase())
            && (name.len() == 1 || name.contains(|c: char| c.is_ascii_lowercase()))
    };
    let name = names.next()?;
    let is_struct = is_type(&name) && !OTHERS.contains(&&*name);
    (is_struct && names.next().is_none_or(|owner| !is_type(&owner)))
        .then(|| Code::new(path.to_token_stream()))
}

/// What std calls by names of types that are no structs, or whose operators are its own.
const OTHERS: [&str; 8] = [
    "Some",
    "None",
    "Ok",
    "Err",
    "Box",
    "Wrapping",
    "Saturating",
    "Reverse",
];

/// The name of a field, or its number.
fn name_of(member: &Member) -> Code {
    Code::new(member.to_token_stream())
}

fn is_integer_literal(expr: &syn::Expr) -> bool {
    matches!(strip(expr), syn::Expr::Lit(literal) if matches!(literal.lit, syn::Lit::Int(_)))
}

/// Whether floats have the method, beside those that have a derivative.
fn is_of_a_float(method: &str) -> bool {
    matches!(
        method,
        "sin_cos"
            | "is_nan"
            | "is_finite"
            | "is_infinite"
            | "is_normal"
            | "is_sign_positive"
            | "is_sign_negative"
            | "total_cmp"
    )
}

/// Whether arrays, slices and `Vec`s have the method, and scalars don't.
fn is_of_a_sequence(method: &str) -> bool {
    matches!(
        method,
        "len"
            | "is_empty"
            | "iter"
            | "iter_mut"
            | "into_iter"
            | "split_at"
            | "split_at_mut"
            | "first"
            | "last"
            | "get"
            | "swap"
            | "fill"
            | "copy_from_slice"
            | "clone_from_slice"
            | "to_vec"
            | "as_slice"
            | "as_mut_slice"
            | "chunks"
            | "chunks_exact"
            | "windows"
    )
}

/// The scalar type that the signature speaks of, if it is one alone.
pub(super) fn only_float(signature: &Signature) -> Option<FloatType> {
    let mut found = Vec::new();
    let parameters = signature.parameters.iter();
    let types = parameters.filter_map(|parameter| parameter.ty.as_ref());
    let result = signature.result.as_ref().map(|result| &result.ty);
    types.chain(result).for_each(|ty| ty.add_floats(&mut found));
    match &found[..] {
        [one] => Some(one.clone()),
        _ => None,
    }
}
