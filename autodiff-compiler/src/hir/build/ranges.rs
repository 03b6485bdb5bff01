//! `for` loops over integer ranges.

use quote::{format_ident, quote};
use syn::RangeLimits;

use super::Builder;
use crate::diagnostics::{self, Extent, Located};
use crate::hir::types::Ty;
use crate::hir::{Block, Expr, ExprKind, LoopId, Range, Stmt};
use crate::ir::{BinaryOp, Code, Comparison, ScalarType};

/// What a `for` loop runs over.
struct Steps {
    range: Range,
    /// The stride, and whether the loop is reversed after it was strided.
    step: Option<(Expr, bool)>,
    ty: Ty,
}

impl Builder<'_> {
    pub(super) fn for_loop(&mut self, expr: &syn::ExprForLoop) -> Expr {
        self.attributes(&expr.attrs);
        let span = expr.span();
        let Some(steps) = self.steps(&expr.expr) else {
            return self.broken(span);
        };
        let id = self.enter_loop(expr.label.as_ref(), true, Ty::unit());
        let looping = match steps.step {
            None => {
                let name = match &*expr.pat {
                    syn::Pat::Ident(name) => name.ident.to_string(),
                    _ => "i".to_owned(),
                };
                let index = self.declare(&name, steps.ty);
                let body = self.loop_body(expr, self.read(self.whole(index, expr.pat.span())));
                ExprKind::For(id, index, steps.range, body)
            }
            Some(_) => self.strided(id, steps, expr),
        };
        self.frames.pop();
        Expr {
            kind: looping,
            ty: Ty::unit(),
            span,
        }
    }

    /// The body of a `for` loop; its pattern is bound to `index`.
    fn loop_body(&mut self, expr: &syn::ExprForLoop, index: Expr) -> Block {
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

    /// What a `for` loop runs over.
    fn steps(&mut self, expr: &syn::Expr) -> Option<Steps> {
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
                let method = call.method.to_string();
                if !matches!(method.as_str(), "rev" | "step_by" | "into_iter" | "clone")
                    || !over_range(&call.receiver)
                {
                    self.error(expr, &diagnostics::ITERATOR);
                    return None;
                }
                let mut steps = self.steps(&call.receiver)?;
                match (method.as_str(), call.args.first()) {
                    ("rev", None) => match &mut steps.step {
                        None => steps.range.reversed = !steps.range.reversed,
                        Some((_, reversed)) => *reversed = !*reversed,
                    },
                    ("step_by", Some(step)) if steps.step.is_none() => {
                        let step = self.expr(step);
                        let step = self.scalar(step);
                        self.expect(&step, &Ty::USIZE);
                        steps.step = Some((step, false));
                    }
                    ("into_iter" | "clone", None) => {}
                    _ => {
                        self.error(expr, &diagnostics::RANGE);
                        return None;
                    }
                }
                Some(steps)
            }
            syn::Expr::Path(_) => {
                let steps = self.handed_range(expr);
                if steps.is_none() {
                    self.error(expr, &diagnostics::ITERATOR);
                }
                steps
            }
            other => {
                self.error(other, &diagnostics::ITERATOR);
                None
            }
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

    /// A loop with a stride counts its iterations: `low + t * step` cannot overflow where the range does not.
    fn strided(&mut self, id: LoopId, steps: Steps, expr: &syn::ExprForLoop) -> ExprKind {
        let span = expr.expr.span();
        let Steps { range, step, ty } = steps;
        let (step, reversed) = step.expect("only strided loops come here");
        let Range {
            low,
            high,
            inclusive,
            reversed: downwards,
            ..
        } = range;
        let low = self.named("low", *low);
        let high = self.named("high", *high);
        let step = self.named("step", step);
        if !matches!(&step.kind, ExprKind::Literal(text) if text != "0") {
            // As std does when it makes the iterator.
            let hole = super::macros::hole(0);
            let code = quote!(::core::assert!(#hole, "assertion failed: step != 0"));
            let positive = compare(
                Comparison::NotEqual,
                step.clone(),
                number("0", Ty::USIZE, span),
            );
            let mut effect = self.template(code, vec![positive], "step_by", false, span);
            effect.ty = Ty::unit();
            self.stmts.push(Stmt::Expr(effect));
        }
        let count = self.trip_count(&low, &high, &step, inclusive, &ty);
        let count = self.named("trips", count);
        let turn = self.declare("turn", Ty::USIZE);
        let turns = Range::new(number("0", Ty::USIZE, span), count, false, reversed);
        let counted = self.counted(&ty);
        let [turns_done, step] = [self.read(self.whole(turn, span)), step]
            .map(|value| self.converted(value, counted.clone()));
        let offset = binary(BinaryOp::Mul, turns_done, step);
        let index = self.strided_index(low, high, offset, (downwards, inclusive), &ty);
        let body = self.loop_body(expr, index);
        ExprKind::For(id, turn, turns, body)
    }

    /// How often a strided loop runs; more often than can be counted is as often as can be counted.
    fn trip_count(&self, low: &Expr, high: &Expr, step: &Expr, inclusive: bool, ty: &Ty) -> Expr {
        let span = low.span;
        let counted = self.counted(ty);
        let step = self.converted(step.clone(), counted.clone());
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
        if !inclusive {
            let high = method("max", vec![high.clone(), low.clone()], ty.clone());
            return count(method(
                "div_ceil",
                vec![distance(high), step],
                counted.clone(),
            ));
        }
        let turns = binary(BinaryOp::Div, distance(high.clone()), step);
        let one = number("1", counted.clone(), span);
        let turns = method("saturating_add", vec![turns, one], counted.clone());
        let block = |tail: Expr| Block {
            stmts: Vec::new(),
            tail: Some(Box::new(tail)),
        };
        let some = compare(Comparison::LessEqual, low.clone(), high.clone());
        let kind = ExprKind::If(
            Box::new(some),
            block(count(turns)),
            block(number("0", Ty::USIZE, span)),
        );
        Expr {
            kind,
            ty: Ty::USIZE,
            span,
        }
    }

    /// The type that offsets into a range of this type are computed in.
    fn counted(&self, ty: &Ty) -> Ty {
        let wide = Ty::integer("u128");
        if self.unsigned(ty) == wide {
            wide
        } else {
            Ty::USIZE
        }
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

    fn unsigned(&self, ty: &Ty) -> Ty {
        match self.types.resolve(ty) {
            Ty::Scalar(ScalarType::Integer(name)) => Ty::integer(super::method::unsigned(name)),
            other => other,
        }
    }

    fn converted(&self, value: Expr, ty: Ty) -> Expr {
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

fn number(text: &str, ty: Ty, span: Extent) -> Expr {
    Expr {
        kind: ExprKind::Literal(text.into()),
        ty,
        span,
    }
}

fn binary(op: BinaryOp, a: Expr, b: Expr) -> Expr {
    let (ty, span) = (a.ty.clone(), a.span);
    Expr {
        kind: ExprKind::Binary(op, Box::new(a), Box::new(b)),
        ty,
        span,
    }
}

fn compare(comparison: Comparison, a: Expr, b: Expr) -> Expr {
    let span = a.span;
    Expr {
        kind: ExprKind::Compare(comparison, Box::new(a), Box::new(b)),
        ty: Ty::BOOL,
        span,
    }
}

fn method(name: &str, operands: Vec<Expr>, ty: Ty) -> Expr {
    let span = operands[0].span;
    Expr {
        kind: ExprKind::Method(name.into(), operands),
        ty,
        span,
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

/// Whether an iterator chain starts from a range.
fn over_range(expr: &syn::Expr) -> bool {
    match expr {
        syn::Expr::Paren(inner) => over_range(&inner.expr),
        syn::Expr::Group(inner) => over_range(&inner.expr),
        syn::Expr::Range(_) | syn::Expr::Path(_) => true,
        syn::Expr::MethodCall(call) => over_range(&call.receiver),
        _ => false,
    }
}
