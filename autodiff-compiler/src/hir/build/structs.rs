//! Structs of the user's: what their fields are, as far as that follows from what is done with them.

use autodiff_rules::Prim;

use super::Builder;
use super::call::strip;
use crate::hir::types::Ty;

impl Builder<'_> {
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
