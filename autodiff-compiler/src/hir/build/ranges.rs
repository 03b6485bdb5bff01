//! Integer ranges, and `for` loops over them.

use quote::{format_ident, quote};
use syn::RangeLimits;

use super::Builder;
use super::scope::Binding;
use super::terms::{binary, compare, method, number, only};
use crate::diagnostics::{self, Extent, Located};
use crate::hir::types::Ty;
use crate::hir::{Block, Expr, ExprKind, Range, Stmt};
use crate::ir::{BinaryOp, Code, Comparison, ScalarType};

/// A range, perhaps with a stride.
#[derive(Clone, Debug)]
pub(super) struct Steps {
    pub(super) range: Range,
    /// The stride, and whether the loop is reversed after it was strided.
    pub(super) step: Option<(Expr, bool)>,
    pub(super) ty: Ty,
}

impl Steps {
    /// Runs the other way round.
    pub(super) fn reverse(&mut self) {
        match &mut self.step {
            None => self.range.reversed = !self.range.reversed,
            Some((_, reversed)) => *reversed = !*reversed,
        }
    }

    /// The same stride ahead of a reversal.
    pub(super) fn forwards(&self) -> Self {
        let step = self.step.as_ref().map(|(step, _)| (step.clone(), false));
        Self {
            step,
            ..self.clone()
        }
    }

    /// The turns of a loop with a stride.
    pub(super) fn turns(&self, count: Expr, backwards: bool) -> Range {
        let span = count.span;
        let reversed = self.step.as_ref().is_some_and(|(_, reversed)| *reversed);
        Range::new(
            number("0", Ty::USIZE, span),
            count,
            false,
            reversed != backwards,
        )
    }
}

impl Builder<'_> {
    pub(super) fn for_loop(&mut self, expr: &syn::ExprForLoop) -> Expr {
        self.attributes(&expr.attrs);
        let span = expr.span();
        let checkpoint = self.checkpoint_of(expr);
        if !self.is_plain_range(&expr.expr) {
            return self.for_each_item(expr);
        }
        let Some(mut steps) = self.steps(&expr.expr) else {
            return self.broken(span);
        };
        if let Some(checkpoint) = checkpoint {
            return self.in_segments(expr, steps, &checkpoint);
        }
        let id = self.enter_loop(expr.label.as_ref(), true, Ty::unit());
        let looping = match &steps.step {
            None => {
                let name = match &*expr.pat {
                    syn::Pat::Ident(name) => name.ident.to_string(),
                    _ => "i".to_owned(),
                };
                let index = self.declare(&name, steps.ty);
                let body = self.loop_body(expr, self.read(self.whole(index, expr.pat.span())));
                ExprKind::For(id, index, steps.range, body)
            }
            Some(_) => {
                self.name_bounds(&mut steps);
                let count = self.trip_count(&steps);
                let turn = self.declare("turn", Ty::USIZE);
                let turns = steps.turns(count, false);
                let index = self.value_at(&steps, self.read(self.whole(turn, span)));
                let body = self.loop_body(expr, index);
                ExprKind::For(id, turn, turns, body)
            }
        };
        self.frames.pop();
        Expr {
            kind: looping,
            ty: Ty::unit(),
            span,
        }
    }

    /// The body of a `for` loop; its pattern is bound to `index`.
    pub(super) fn loop_body(&mut self, expr: &syn::ExprForLoop, index: Expr) -> Block {
        self.scoped(|builder| {
            builder.bind_let(&expr.pat, index);
            let body = builder.block(&expr.body);
            Some(Expr {
                kind: ExprKind::Block(body),
                ty: Ty::unit(),
                span: expr.body.span(),
            })
        })
    }

    /// A range, and what reverses it or strides over it.
    pub(super) fn steps(&mut self, expr: &syn::Expr) -> Option<Steps> {
        match expr {
            syn::Expr::Paren(inner) => self.steps(&inner.expr),
            syn::Expr::Group(inner) => self.steps(&inner.expr),
            syn::Expr::Range(range) => {
                let (Some(start), Some(end)) = (&range.start, &range.end) else {
                    self.error(range, &diagnostics::RANGE);
                    return None;
                };
                let low = self.expr(start);
                let low = self.scalar(low);
                let high = self.expr(end);
                let high = self.scalar(high);
                self.expect(&high, &low.ty);
                let ty = low.ty.clone();
                if !self.types.is_integer(&ty) && !self.types.unify(&ty, &self.types.integer()) {
                    self.error(range, &diagnostics::RANGE);
                    return None;
                }
                let inclusive = matches!(range.limits, RangeLimits::Closed(_));
                let range = Range::new(low, high, inclusive, false);
                Some(Steps {
                    range,
                    step: None,
                    ty,
                })
            }
            syn::Expr::MethodCall(call) => {
                let mut steps = self.steps(&call.receiver)?;
                match call.args.first() {
                    Some(step) => {
                        let step = self.expr(step);
                        let step = self.scalar(step);
                        self.expect(&step, &Ty::USIZE);
                        steps.step = Some((step, false));
                    }
                    None if call.method == "rev" => steps.reverse(),
                    None => {}
                }
                Some(steps)
            }
            other => self.handed_range(other),
        }
    }

    /// Whether this is a range with at most one stride.
    pub(super) fn is_plain_range(&mut self, expr: &syn::Expr) -> bool {
        match expr {
            syn::Expr::Paren(inner) => self.is_plain_range(&inner.expr),
            syn::Expr::Group(inner) => self.is_plain_range(&inner.expr),
            syn::Expr::Range(range) => range.end.is_some(),
            syn::Expr::Path(_) => self.is_handed_range(expr),
            syn::Expr::MethodCall(call) => {
                let plain = match call.method.to_string().as_str() {
                    "rev" | "into_iter" | "clone" => call.args.is_empty(),
                    "step_by" => call.args.len() == 1 && !is_strided(&call.receiver),
                    _ => false,
                };
                plain && self.is_plain_range(&call.receiver)
            }
            _ => false,
        }
    }

    /// `(low..high).contains(&value)`, of integers or floats.
    pub(super) fn range_contains(
        &mut self,
        range: &syn::ExprRange,
        value: &syn::Expr,
        span: Extent,
    ) -> Expr {
        let block = self.scoped(|builder| {
            let mut bound = |bound: &Option<Box<syn::Expr>>| {
                let bound = builder.expr(bound.as_ref()?);
                let bound = builder.scalar(bound);
                Some(builder.named("bound", bound))
            };
            let (low, high) = (bound(&range.start), bound(&range.end));
            let value = builder.expr(value);
            let value = builder.scalar(value);
            let value = builder.named("value", value);
            for bound in low.iter().chain(&high) {
                builder.expect(bound, &value.ty);
            }
            let below = match range.limits {
                RangeLimits::HalfOpen(_) => Comparison::Less,
                RangeLimits::Closed(_) => Comparison::LessEqual,
            };
            let low = low.map(|low| compare(Comparison::LessEqual, low, value.clone()));
            let high = high.map(|high| compare(below, value, high));
            Some(match (low, high) {
                (Some(low), Some(high)) => binary(BinaryOp::And, low, high),
                (low, high) => low
                    .or(high)
                    .unwrap_or_else(|| number("true", Ty::BOOL, span)),
            })
        });
        Expr {
            kind: ExprKind::Block(block),
            ty: Ty::BOOL,
            span,
        }
    }

    /// Whether this is a range that is a parameter.
    pub(super) fn is_handed_range(&self, expr: &syn::Expr) -> bool {
        let syn::Expr::Path(path) = expr else {
            return false;
        };
        let Some(Binding::Local(local)) = path
            .path
            .get_ident()
            .and_then(|name| self.scopes.find(name))
        else {
            return false;
        };
        self.ranges.contains_key(local)
    }

    /// A range that is a parameter.
    fn handed_range(&mut self, expr: &syn::Expr) -> Option<Steps> {
        let (ExprKind::Read(place) | ExprKind::Reference(place)) = self.expr(expr).kind else {
            return None;
        };
        let (ty, inclusive) = self
            .ranges
            .get(&place.root)
            .filter(|_| place.path.is_empty())?
            .clone();
        let span = place.span;
        let bound = |builder: &Self, name: &str| {
            let whole = builder.read(place.clone());
            let (hole, name) = (super::macros::hole(0), format_ident!("{name}"));
            let code = if inclusive {
                quote!(*#hole.#name())
            } else {
                quote!(#hole.#name)
            };
            let value = builder.template(code, vec![whole], "range", true, span);
            Expr {
                ty: ty.clone(),
                ..value
            }
        };
        let (low, high) = (bound(self, "start"), bound(self, "end"));
        Some(Steps {
            range: Range::new(low, high, inclusive, false),
            step: None,
            ty,
        })
    }

    /// Evaluates the bounds and the stride here, once and for all.
    pub(super) fn name_bounds(&mut self, steps: &mut Steps) {
        let name = |builder: &mut Self, name: &str, bound: &mut Expr| {
            let value = std::mem::replace(bound, Expr::unit(bound.span));
            *bound = builder.named(name, value);
        };
        name(self, "low", &mut steps.range.low);
        name(self, "high", &mut steps.range.high);
        if let Some((step, _)) = &mut steps.step {
            let value = std::mem::replace(step, Expr::unit(step.span));
            *step = self.stride(value);
        }
    }

    /// A stride, which std checks when it makes the iterator.
    pub(super) fn stride(&mut self, step: Expr) -> Expr {
        self.nonzero("step", step, "assertion failed: step != 0")
    }

    /// A number that must not be zero, or the program panics with this message.
    pub(super) fn nonzero(&mut self, name: &str, value: Expr, message: &str) -> Expr {
        let span = value.span;
        let value = self.named(name, value);
        if !matches!(&value.kind, ExprKind::Literal(text) if text != "0") {
            let hole = super::macros::hole(0);
            let code = quote!(::core::assert!(#hole, #message));
            let zero = number("0", Ty::USIZE, span);
            let positive = compare(Comparison::NotEqual, value.clone(), zero);
            let mut effect = self.template(code, vec![positive], name, false, span);
            effect.ty = Ty::unit();
            self.stmts.push(Stmt::Expr(effect));
        }
        value
    }

    /// How many numbers there are, once the bounds have names; more than can be counted are as many as can be counted.
    pub(super) fn trip_count(&mut self, steps: &Steps) -> Expr {
        let count = self.count_steps(steps);
        self.named("trips", count)
    }

    fn count_steps(&self, steps: &Steps) -> Expr {
        let (low, high, ty) = (&*steps.range.low, &*steps.range.high, &steps.ty);
        let span = low.span;
        let counted = self.counting_type(ty);
        let step = steps
            .step
            .as_ref()
            .map(|(step, _)| self.converted(step.clone(), counted.clone()));
        let distance = |high: Expr| {
            let distance = method("abs_diff", vec![high, low.clone()], self.unsigned(ty));
            self.converted(distance, counted.clone())
        };
        let count = |turns: Expr| {
            if counted == Ty::USIZE {
                return turns;
            }
            let most = Expr {
                kind: ExprKind::Constant(Code::new(quote!(::core::primitive::usize::MAX))),
                ty: Ty::USIZE,
                span,
            };
            let most = self.converted(most, counted.clone());
            self.converted(method("min", vec![turns, most], counted.clone()), Ty::USIZE)
        };
        if !steps.range.inclusive {
            if step.is_none() && self.counts_itself(low, ty) {
                return high.clone();
            }
            let high = method("max", vec![high.clone(), low.clone()], ty.clone());
            return count(match step {
                Some(step) => method("div_ceil", vec![distance(high), step], counted.clone()),
                None => distance(high),
            });
        }
        let turns = match step {
            Some(step) => binary(BinaryOp::Div, distance(high.clone()), step),
            None => distance(high.clone()),
        };
        let one = number("1", counted.clone(), span);
        let turns = method("saturating_add", vec![turns, one], counted.clone());
        let some = compare(Comparison::LessEqual, low.clone(), high.clone());
        let kind = ExprKind::If(
            Box::new(some),
            only(count(turns)),
            only(number("0", Ty::USIZE, span)),
        );
        Expr {
            kind,
            ty: Ty::USIZE,
            span,
        }
    }

    /// The type that offsets into a range of this type are computed in.
    fn counting_type(&self, ty: &Ty) -> Ty {
        let wide = Ty::integer("u128");
        if self.unsigned(ty) == wide {
            wide
        } else {
            Ty::USIZE
        }
    }

    /// Whether a range that starts here is as long as its upper bound.
    fn counts_itself(&self, low: &Expr, ty: &Ty) -> bool {
        matches!(&low.kind, ExprKind::Literal(zero) if zero == "0")
            && self.types.resolve(ty) == Ty::USIZE
    }

    /// The number at a turn, counted ahead of a reversal that follows a stride: `low + turn * step` cannot overflow
    /// where the range does not.
    pub(super) fn value_at(&self, steps: &Steps, turn: Expr) -> Expr {
        let Range {
            low,
            high,
            inclusive,
            reversed,
            ..
        } = &steps.range;
        let counted = self.counting_type(&steps.ty);
        let turn = self.converted(turn, counted.clone());
        let offset = match &steps.step {
            Some((step, _)) => binary(BinaryOp::Mul, turn, self.converted(step.clone(), counted)),
            None => turn,
        };
        let (low, high) = ((**low).clone(), (**high).clone());
        self.strided_index(low, high, offset, (*reversed, *inclusive), &steps.ty)
    }

    /// How far a number of a range without stride is from where the range starts.
    pub(super) fn distance_from_start(&self, steps: &Steps, value: Expr) -> Expr {
        let (low, high, ty) = (&*steps.range.low, &*steps.range.high, &steps.ty);
        let span = value.span;
        if steps.range.reversed {
            let distance = method("abs_diff", vec![high.clone(), value], self.unsigned(ty));
            let distance = self.converted(distance, Ty::USIZE);
            return match steps.range.inclusive {
                true => distance,
                false => binary(BinaryOp::Sub, distance, number("1", Ty::USIZE, span)),
            };
        }
        if self.counts_itself(low, ty) {
            return value;
        }
        let distance = method("abs_diff", vec![value, low.clone()], self.unsigned(ty));
        self.converted(distance, Ty::USIZE)
    }

    /// The index at an offset from the start of a strided loop. The offset of a signed type may wrap on the way.
    fn strided_index(
        &self,
        low: Expr,
        high: Expr,
        offset: Expr,
        (downwards, inclusive): (bool, bool),
        ty: &Ty,
    ) -> Expr {
        let span = low.span;
        let unsigned = self.unsigned(ty) == self.types.resolve(ty);
        let offset = self.converted(offset, ty.clone());
        let combine = |op: BinaryOp, name: &str, start: Expr, offset: Expr| match unsigned {
            true => binary(op, start, offset),
            false => method(name, vec![start, offset], ty.clone()),
        };
        match (downwards, &low.kind) {
            (false, ExprKind::Literal(zero)) if zero == "0" => offset,
            (false, _) => combine(BinaryOp::Add, "wrapping_add", low, offset),
            (true, _) if inclusive => combine(BinaryOp::Sub, "wrapping_sub", high, offset),
            (true, _) => {
                let last = binary(BinaryOp::Sub, high, number("1", ty.clone(), span));
                combine(BinaryOp::Sub, "wrapping_sub", last, offset)
            }
        }
    }

    /// The unsigned type of the same width.
    fn unsigned(&self, ty: &Ty) -> Ty {
        match self.types.resolve(ty) {
            Ty::Scalar(ScalarType::Integer(name)) => Ty::integer(super::method::unsigned(name)),
            other => other,
        }
    }

    /// The value as another type of integers.
    pub(super) fn converted(&self, value: Expr, ty: Ty) -> Expr {
        if self.types.resolve(&value.ty) == self.types.resolve(&ty) {
            return value;
        }
        let span = value.span;
        Expr {
            kind: ExprKind::Cast(Box::new(value)),
            ty,
            span,
        }
    }
}

/// The type of the bounds of `Range<T>` and `RangeInclusive<T>`, and whether the upper one belongs to the range.
pub(super) fn declared(ty: &syn::Type) -> Option<(Ty, bool)> {
    let ty = match crate::parse::strip(ty) {
        syn::Type::Reference(reference) => crate::parse::strip(&reference.elem),
        other => other,
    };
    let syn::Type::Path(path) = ty else {
        return None;
    };
    let last = path.path.segments.last()?;
    let syn::PathArguments::AngleBracketed(arguments) = &last.arguments else {
        return None;
    };
    let syn::GenericArgument::Type(bound) = arguments.args.first()? else {
        return None;
    };
    match crate::parse::model(bound, &[])? {
        crate::ir::Type::Scalar(bound @ ScalarType::Integer(_)) if last.ident == "Range" => {
            Some((Ty::Scalar(bound), false))
        }
        crate::ir::Type::Scalar(bound @ ScalarType::Integer(_))
            if last.ident == "RangeInclusive" =>
        {
            Some((Ty::Scalar(bound), true))
        }
        _ => None,
    }
}

/// Whether a chain of methods has a stride already.
fn is_strided(expr: &syn::Expr) -> bool {
    match expr {
        syn::Expr::Paren(inner) => is_strided(&inner.expr),
        syn::Expr::Group(inner) => is_strided(&inner.expr),
        syn::Expr::MethodCall(call) => call.method == "step_by" || is_strided(&call.receiver),
        _ => false,
    }
}
