//! Conventions at ties: what a selection that decides the derivative of `max` or `min` is called.

use quote::quote;

use super::body::Body;
use super::expression::{Expression, Level};
use super::pending::Taken;
use crate::ir::{Operand, Prim, is_literal};

impl Body<'_> {
    /// The end of a convention at ties, if this selection is one: the numbers that may be NaN, then those that may be
    /// equal.
    pub(super) fn tie(
        &self,
        prim: Prim,
        operands: &[Operand],
        rest: &Expression,
        taken: &Taken,
    ) -> Option<Vec<String>> {
        let text = |k: usize| self.operand(&operands[k], taken).tokens().to_string();
        match (prim, operands) {
            (Prim::IfNan, [_, one, zero]) if is_literal(one, 1.0) && is_literal(zero, 0.0) => {
                Some(vec![text(0)])
            }
            (Prim::IfEqual, [_, _, half, _]) if is_literal(half, 0.5) => {
                let [nan] = &rest.tie.as_ref()?[..] else {
                    return None;
                };
                Some(vec![nan.clone(), text(0), text(1)])
            }
            _ => None,
        }
    }

    /// The share of an operand in the derivative of `max` or `min`, if this selection is one that decides it.
    pub(super) fn share(
        &self,
        prim: Prim,
        operands: &[Operand],
        rest: &Expression,
        taken: &Taken,
    ) -> Option<Expression> {
        let (Prim::IfGreater, [a, b, one, _]) = (prim, operands) else {
            return None;
        };
        let [nan, left, right] = &rest.tie.as_ref()?[..] else {
            return None;
        };
        let (a, b) = (self.operand(a, taken), self.operand(b, taken));
        let (a, b) = (a.tokens(), b.tokens());
        let is_same = *left == a.to_string() && *right == b.to_string() && left != right;
        let private = &self.context.private;
        let call = if *nan == *right {
            quote!(#private::share_of_max(#a, #b))
        } else if *nan == *left {
            quote!(#private::share_of_min(#b, #a))
        } else {
            return None;
        };
        (is_same && is_literal(one, 1.0)).then(|| Expression::new(call, Level::Postfix))
    }
}
