//! Methods of scalars, and the few of arrays, slices and `Vec`s that need no loop.

use autodiff_rules::Prim;
use proc_macro2::TokenStream;
use quote::{ToTokens, quote};

use super::Builder;
use super::call::strip;
use super::macros::hole;
use crate::diagnostics::{self, Extent, Located};
use crate::hir::types::Ty;
use crate::hir::{Expr, ExprKind};
use crate::ir::{Comparison, ScalarType};

/// What an inactive method of a scalar gives.
enum Gives {
    /// The type of the receiver.
    Same,
    Bool,
    /// An integer type by its keyword.
    Integer(&'static str),
    /// The unsigned twin of the receiver's type.
    Unsigned,
    /// A type that only rustc knows.
    Inferred,
}

impl Builder<'_> {
    pub(super) fn method_call(&mut self, call: &syn::ExprMethodCall) -> Expr {
        let span = call.span();
        let method = call.method.to_string();
        if let (syn::Expr::Range(range), "contains", Some(value)) =
            (strip(&call.receiver), method.as_str(), call.args.first())
        {
            return self.range_contains(range, value, span);
        }
        if let Some(value) = self.unwrapped(call) {
            return value;
        }
        if self.gives_maybe(call) {
            return self.option_value(call);
        }
        if self.consumes(call) {
            return self.consumed(call);
        }
        if let Some(converted) = self.unwrapped_conversion(call) {
            return converted;
        }
        let receiver = self.expr(&call.receiver);
        if let ExprKind::Error = receiver.kind {
            return receiver;
        }
        if let ("map", Ty::Array(..)) = (method.as_str(), self.types.shallow(&receiver.ty)) {
            return self.array_map(receiver, call);
        }
        if let Ty::Option(_) = self.types.shallow(&receiver.ty) {
            return self.option_method(receiver, call);
        }
        if let Some(closure) = call
            .args
            .iter()
            .find(|argument| matches!(argument, syn::Expr::Closure(_)))
            && !self.only_rustc_knows(&receiver)
        {
            return self.failed(closure, &diagnostics::CLOSURE_ARGUMENT, &[]);
        }
        let mut receiver = self.value_of(receiver);
        if method == "clone" && self.types.is_part(&receiver.ty) {
            return receiver;
        }
        self.settle_part(&receiver.ty, call);
        match self.types.shallow(&receiver.ty) {
            Ty::Scalar(ScalarType::Inferred) => self.opaque_method(receiver, call),
            Ty::Scalar(_) => {
                let arguments = self.arguments(call.args.iter());
                self.scalar_method(
                    receiver,
                    &method,
                    arguments,
                    call.method.to_token_stream(),
                    span,
                )
            }
            Ty::Var(_)
                if self.types.is_float(&receiver.ty) || self.types.is_integer(&receiver.ty) =>
            {
                let arguments = self.arguments(call.args.iter());
                self.scalar_method(
                    receiver,
                    &method,
                    arguments,
                    call.method.to_token_stream(),
                    span,
                )
            }
            // What a differentiable function gives, as far as it is known by now.
            Ty::Var(_)
                if (Prim::from_method(&method).is_some() || method == "sin_cos")
                    && self.is_result(&receiver) =>
            {
                self.types.unify(&receiver.ty, &self.types.float());
                let arguments = self.arguments(call.args.iter());
                self.scalar_method(
                    receiver,
                    &method,
                    arguments,
                    call.method.to_token_stream(),
                    span,
                )
            }
            Ty::Var(_) => match &receiver.kind {
                // What is called on a constant or the result of an inactive call is inactive too.
                ExprKind::Constant(_) | ExprKind::Opaque(_) | ExprKind::Read(_) => {
                    receiver.ty = self.inferred();
                    self.opaque_method(receiver, call)
                }
                _ => self.failed(&call.receiver, &diagnostics::UNKNOWN_RECEIVER, &[]),
            },
            Ty::Option(_) => unreachable!("its methods have been looked for"),
            Ty::Tuple(_) | Ty::Struct(_) if method == "clone" => receiver,
            Ty::Struct(_) if self.owner(&receiver).is_some() => self.opaque_method(receiver, call),
            Ty::Tuple(_) | Ty::Struct(_) => self.failed(
                &call.method,
                &diagnostics::EXPRESSION,
                &["this method is", "write it out"],
            ),
            Ty::Array(..) | Ty::Slice(_) | Ty::Vec(_) => {
                self.collection_method(receiver, &method, call)
            }
        }
    }

    fn collection_method(
        &mut self,
        receiver: Expr,
        method: &str,
        call: &syn::ExprMethodCall,
    ) -> Expr {
        let span = call.span();
        if let Some(resized) = self.resized(&receiver, call) {
            return resized;
        }
        let element = self.types.shallow(&receiver.ty).element().cloned();
        match (method, element) {
            ("len", _) => self.length(receiver, span),
            ("is_empty", _) => {
                let length = self.length(receiver, span);
                let zero = Expr {
                    kind: ExprKind::Literal("0".into()),
                    ty: Ty::USIZE,
                    span,
                };
                let kind = ExprKind::Compare(Comparison::Equal, Box::new(length), Box::new(zero));
                Expr {
                    kind,
                    ty: Ty::BOOL,
                    span,
                }
            }
            ("split_at" | "split_at_mut", _) => self.split_at(receiver, call),
            ("swap", _) => self.swap_elements(receiver, call),
            ("fill", _) => self.fill(receiver, call),
            ("copy_from_slice" | "clone_from_slice", _) => self.copy_elements(receiver, call),
            ("clone", Some(element)) if matches!(self.types.shallow(&receiver.ty), Ty::Vec(_)) => {
                Expr {
                    kind: ExprKind::ToVec(Box::new(receiver)),
                    ty: Ty::Vec(Box::new(element)),
                    span,
                }
            }
            ("clone", _) => receiver,
            ("to_vec" | "to_owned", Some(element)) => Expr {
                kind: ExprKind::ToVec(Box::new(receiver)),
                ty: Ty::Vec(Box::new(element)),
                span,
            },
            ("as_slice" | "as_mut_slice" | "as_ref" | "as_mut", _) => match receiver.kind {
                ExprKind::Read(mut place) | ExprKind::Reference(mut place) => {
                    place.mutable = matches!(method, "as_mut_slice" | "as_mut");
                    self.reference(place)
                }
                ExprKind::Error => receiver,
                _ => {
                    let local = self.declare("value", receiver.ty.clone());
                    self.stmts
                        .push(crate::hir::Stmt::Let(local, Some(receiver)));
                    self.reference(self.whole(local, span))
                }
            },
            (_, _) => {
                let instead = match method {
                    "first" | "last" | "get" | "first_mut" | "last_mut" | "get_mut" => {
                        "take it apart at once, or index it: `x[x.len() - 1]`"
                    }
                    "push" | "pop" | "extend_from_slice" | "extend" | "clear" | "truncate" => {
                        "only a `Vec` can change its length: `let mut v = x.to_vec();`"
                    }
                    "insert" | "remove" | "swap_remove" | "drain" | "retain" | "dedup"
                    | "append" | "split_off" => {
                        "write a loop that pushes what stays to another `Vec`"
                    }
                    _ => "write an index loop: `for i in 0..x.len() { … }`",
                };
                self.failed(
                    &call.method,
                    &diagnostics::COLLECTION_METHOD,
                    &[method, instead],
                )
            }
        }
    }

    fn length(&mut self, receiver: Expr, span: Extent) -> Expr {
        match receiver.kind {
            ExprKind::Read(place) | ExprKind::Reference(place) => Expr {
                kind: ExprKind::Len(place),
                ty: Ty::USIZE,
                span,
            },
            _ => self.broken_with(receiver.span),
        }
    }

    fn broken_with(&self, span: Extent) -> Expr {
        self.errors.span(span, &diagnostics::REFERENCE, &[]);
        self.broken(span)
    }

    /// A method of a scalar, by its name and the receiver's type.
    pub(super) fn scalar_method(
        &mut self,
        receiver: Expr,
        method: &str,
        arguments: Vec<Expr>,
        tokens: TokenStream,
        span: Extent,
    ) -> Expr {
        let arguments: Vec<Expr> = arguments
            .into_iter()
            .map(|argument| self.scalar(argument))
            .collect();
        let receiver_ty = receiver.ty.clone();
        if method == "clone" || method == "to_owned" {
            return receiver;
        }
        let ty = if self.types.is_float(&receiver_ty) {
            if let Some(prim) = Prim::from_method(method)
                && prim.parameters().len() != arguments.len() + 1
            {
                let wanted = match prim.parameters().len() {
                    1 => "it takes none".to_owned(),
                    2 => "it takes one".to_owned(),
                    n => format!("it takes {}", n - 1),
                };
                return self.failed(tokens, &diagnostics::ARGUMENT_COUNT, &[method, &wanted]);
            }
            match self.float_method(method, &receiver_ty, &arguments) {
                Some(ty) => ty,
                None => return self.failed(tokens, &diagnostics::FLOAT_METHOD, &[method]),
            }
        } else {
            let Some((gives, same_arguments)) = inactive_method(method) else {
                return self.failed(tokens, &diagnostics::INTEGER_METHOD, &[method]);
            };
            if same_arguments {
                arguments
                    .iter()
                    .for_each(|argument| self.expect(argument, &receiver_ty));
            } else {
                arguments
                    .iter()
                    .for_each(|argument| self.expect(argument, &Ty::integer("u32")));
            }
            self.given(&gives, &receiver_ty)
        };
        let mut operands = vec![receiver];
        operands.extend(arguments);
        if compares(method) {
            let name = syn::Ident::new(method, span.start());
            let (a, b) = (hole(0), hole(1));
            let mut value = self.template(quote!(#a.#name(&#b)), operands, method, true, span);
            if let ExprKind::Opaque(template) = &mut value.kind {
                template.discrete = true;
            }
            return Expr { ty, ..value };
        }
        Expr {
            kind: ExprKind::Method(method.to_owned(), operands),
            ty,
            span,
        }
    }

    /// The type of a method of floats, whose arguments are brought to their types.
    fn float_method(&self, method: &str, receiver: &Ty, arguments: &[Expr]) -> Option<Ty> {
        if method == "sin_cos" {
            return Some(Ty::Tuple(vec![receiver.clone(), receiver.clone()]));
        }
        if let Some(prim) = Prim::from_method(method) {
            for argument in arguments {
                let ty = if prim == Prim::Powi {
                    Ty::integer("i32")
                } else {
                    receiver.clone()
                };
                self.expect(argument, &ty);
            }
            return Some(receiver.clone());
        }
        let gives = match method {
            "is_nan" | "is_finite" | "is_infinite" | "is_normal" | "is_subnormal"
            | "is_sign_positive" | "is_sign_negative" | "eq" | "ne" | "lt" | "le" | "gt" | "ge" => {
                Gives::Bool
            }
            "total_cmp" | "partial_cmp" | "classify" => Gives::Inferred,
            "to_bits" if self.types.resolve(receiver).to_string() == "f32" => Gives::Integer("u32"),
            "to_bits" => Gives::Integer("u64"),
            _ => return None,
        };
        arguments
            .iter()
            .for_each(|argument| self.expect(argument, receiver));
        Some(self.given(&gives, receiver))
    }

    fn given(&self, gives: &Gives, receiver: &Ty) -> Ty {
        match gives {
            Gives::Same => receiver.clone(),
            Gives::Bool => Ty::BOOL,
            Gives::Integer(name) => Ty::integer(name),
            Gives::Inferred => self.inferred(),
            Gives::Unsigned => match self.types.resolve(receiver) {
                Ty::Scalar(ScalarType::Integer(name)) => Ty::integer(unsigned(name)),
                other => other,
            },
        }
    }
}

/// The methods of scalars that take their argument by reference.
fn compares(method: &str) -> bool {
    matches!(
        method,
        "total_cmp" | "partial_cmp" | "cmp" | "eq" | "ne" | "lt" | "le" | "gt" | "ge"
    )
}

/// The methods of integers, `bool`s and `char`s that stay among the scalars, and whether their arguments have the
/// receiver's type; otherwise they are `u32`.
fn inactive_method(method: &str) -> Option<(Gives, bool)> {
    Some(match method {
        "min" | "max" | "clamp" | "rem_euclid" | "div_euclid" | "wrapping_add" | "wrapping_sub"
        | "wrapping_mul" | "wrapping_div" | "wrapping_rem" | "wrapping_neg" | "saturating_add"
        | "saturating_sub" | "saturating_mul" | "abs" | "signum" | "isqrt" | "div_ceil"
        | "next_multiple_of" | "next_power_of_two" | "swap_bytes" | "reverse_bits" | "midpoint"
        | "to_ascii_lowercase" | "to_ascii_uppercase" => (Gives::Same, true),
        "pow" | "wrapping_pow" | "saturating_pow" | "rotate_left" | "rotate_right"
        | "wrapping_shl" | "wrapping_shr" => (Gives::Same, false),
        "abs_diff" => (Gives::Unsigned, true),
        "unsigned_abs" => (Gives::Unsigned, true),
        "count_ones" | "count_zeros" | "leading_zeros" | "trailing_zeros" | "leading_ones"
        | "trailing_ones" | "ilog2" | "ilog10" => (Gives::Integer("u32"), true),
        "ilog" => (Gives::Integer("u32"), true),
        "is_positive" | "is_negative" | "is_power_of_two" | "is_multiple_of" | "is_alphabetic"
        | "is_numeric" | "is_alphanumeric" | "is_whitespace" | "is_uppercase" | "is_lowercase"
        | "is_ascii_digit" | "eq" | "ne" => (Gives::Bool, true),
        "is_digit" => (Gives::Bool, false),
        "cmp" | "partial_cmp" | "checked_add" | "checked_sub" | "checked_mul" | "checked_div"
        | "checked_rem" | "checked_neg" => (Gives::Inferred, true),
        "checked_pow" => (Gives::Inferred, false),
        _ => return None,
    })
}

/// The unsigned type of the same width.
pub(super) fn unsigned(name: &'static str) -> &'static str {
    match name {
        "i8" => "u8",
        "i16" => "u16",
        "i32" => "u32",
        "i64" => "u64",
        "i128" => "u128",
        "isize" => "usize",
        other => other,
    }
}
