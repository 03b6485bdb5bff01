//! Functions of std that exchange and fill what stands at places: `swap`, `fill`, `copy_from_slice`, `mem::replace`.

use quote::{format_ident, quote};

use super::Builder;
use super::macros::hole;
use crate::diagnostics::{self, Extent, Located};
use crate::hir::types::Ty;
use crate::hir::{Block, Expr, ExprKind, Place, Range, Step, Stmt};
use crate::ir::{Comparison, ScalarType};

impl Builder<'_> {
    /// `x.swap(i, j)`: both indices are checked before anything is written.
    pub(super) fn swap_elements(&mut self, receiver: Expr, call: &syn::ExprMethodCall) -> Expr {
        let span = call.span();
        self.unit_block(span, |builder| {
            let (place, element) = builder.sequence_place(receiver);
            let indices: Vec<Expr> = call
                .args
                .iter()
                .map(|index| builder.index_value(index))
                .collect();
            let [i, j] = &indices[..] else { return };
            let [first, second] = [i, j].map(|index| builder.element(&place, index, &element));
            builder.exchange(first, second);
        })
    }

    /// `x.fill(value)`
    pub(super) fn fill(&mut self, receiver: Expr, call: &syn::ExprMethodCall) -> Expr {
        let span = call.span();
        self.unit_block(span, |builder| {
            let (place, element) = builder.sequence_place(receiver);
            let Some(value) = call.args.first() else {
                return;
            };
            let value = builder.expr(value);
            let value = builder.value_of(value);
            builder.expect(&value, &element);
            let value = builder.named("value", value);
            builder.for_each(&place, span, |builder, index| {
                let to = builder.element(&place, &index, &element);
                builder.put(to, value);
            });
        })
    }

    /// `x.copy_from_slice(y)`, of the same lengths.
    pub(super) fn copy_elements(&mut self, receiver: Expr, call: &syn::ExprMethodCall) -> Expr {
        let span = call.span();
        self.unit_block(span, |builder| {
            let (to, element) = builder.sequence_place(receiver);
            let Some(source) = call.args.first() else {
                return;
            };
            let source_expr = builder.expr(source);
            let (ExprKind::Read(from) | ExprKind::Reference(from)) = source_expr.kind else {
                return builder.error(source, &diagnostics::REFERENCE);
            };
            let from = builder.freeze(from);
            if !builder.types.unify(&from.ty, &to.ty)
                || builder.types.shallow(&from.ty).element().is_none()
            {
                return builder.error(source, &diagnostics::REFERENCE);
            }
            builder.check_lengths(&to, &from, &call.method.to_string(), span);
            builder.for_each(&to, span, |builder, index| {
                let value = builder.element(&from, &index, &element);
                let to = builder.element(&to, &index, &element);
                let value = builder.read(value);
                builder.put(to, value);
            });
        })
    }

    /// Slices of `()` have lengths and nothing else, so std's own panic is at hand for where two lengths differ.
    fn check_lengths(&mut self, to: &Place, from: &Place, method: &str, span: Extent) {
        let length = |place: &Place| Expr {
            kind: ExprKind::Len(place.clone()),
            ty: Ty::USIZE,
            span,
        };
        let lengths = [
            self.named("to", length(to)),
            self.named("from", length(from)),
        ];
        let (a, b, method) = (hole(0), hole(1), format_ident!("{method}"));
        let code = quote!(::std::vec![(); #a].#method(&::std::vec![(); #b]));
        let [a, b] = lengths.clone();
        let mut panic = self.template(code, lengths.to_vec(), &method.to_string(), false, span);
        panic.ty = Ty::unit();
        let differ = ExprKind::Compare(Comparison::NotEqual, Box::new(a), Box::new(b));
        let differ = Expr {
            kind: differ,
            ty: Ty::BOOL,
            span,
        };
        let then = Block {
            stmts: vec![Stmt::Expr(panic)],
            tail: None,
        };
        let kind = ExprKind::If(Box::new(differ), then, Block::default());
        self.stmts.push(Stmt::Expr(Expr {
            kind,
            ty: Ty::unit(),
            span,
        }));
    }

    /// `mem::swap(&mut a, &mut b)`, `mem::replace(&mut a, b)`, `mem::take(&mut a)`
    pub(super) fn exchange_call(&mut self, function: &str, call: &syn::ExprCall) -> Expr {
        let span = call.span();
        let mut result = Ty::unit();
        let block = self.scoped(|builder| {
            let first = builder.mutable_place(call.args.first()?)?;
            match function {
                "swap" => {
                    let second = builder.mutable_place(call.args.get(1)?)?;
                    builder.exchange(first, second);
                    None
                }
                _ => {
                    result = first.ty.clone();
                    let new = match call.args.get(1) {
                        Some(new) => builder.expr(new),
                        None => builder.default_of(&first, span),
                    };
                    let new = builder.value_of(new);
                    builder.expect(&new, &first.ty);
                    let new = builder.named("new", new);
                    let old = builder.read(first.clone());
                    let old = builder.named("old", old);
                    builder.put(first, new);
                    Some(old)
                }
            }
        });
        Expr {
            kind: ExprKind::Block(block),
            ty: result,
            span,
        }
    }

    fn default_of(&mut self, place: &Place, span: Extent) -> Expr {
        let ty = self.types.resolve(&place.ty);
        let kind = match &ty {
            Ty::Scalar(ScalarType::Float(_)) => ExprKind::Literal("0.0".into()),
            Ty::Scalar(ScalarType::Integer(_)) => ExprKind::Literal("0".into()),
            Ty::Scalar(ScalarType::Bool) => ExprKind::Literal("false".into()),
            Ty::Vec(_) => ExprKind::List(Vec::new()),
            _ => {
                self.errors.span(span, &diagnostics::UNKNOWN_RECEIVER, &[]);
                ExprKind::Error
            }
        };
        Expr { kind, ty, span }
    }

    /// The place behind `&mut place`, with its indices evaluated and checked.
    fn mutable_place(&mut self, argument: &syn::Expr) -> Option<Place> {
        match self.expr(argument).kind {
            ExprKind::Reference(place) => Some(self.checked_place(place)),
            ExprKind::Error => None,
            _ => {
                self.error(argument, &diagnostics::REFERENCE);
                None
            }
        }
    }

    /// The place of an array, slice or `Vec`, and the type of its elements.
    pub(super) fn sequence_place(&mut self, receiver: Expr) -> (Place, Ty) {
        let element = self.types.element(&receiver.ty);
        let (place, _) = self.scrutinee_place(receiver);
        let place = self.checked_place(place);
        (place, element.unwrap_or_else(|| self.types.fresh()))
    }

    pub(super) fn index_value(&mut self, index: &syn::Expr) -> Expr {
        let index = self.expr(index);
        let index = self.scalar(index);
        self.expect(&index, &Ty::USIZE);
        self.named("index", index)
    }

    fn element(&self, place: &Place, index: &Expr, element: &Ty) -> Place {
        let mut place = place.clone();
        place.path.push(Step::Index(Box::new(index.clone())));
        place.ty = element.clone();
        place
    }

    fn exchange(&mut self, first: Place, second: Place) {
        let [a, b] = [&first, &second].map(|place| self.read(place.clone()));
        let a = self.named("first", a);
        let b = self.named("second", b);
        self.put(first, b);
        self.put(second, a);
    }

    fn put(&mut self, to: Place, value: Expr) {
        let span = to.span;
        self.assigned_whole(&to);
        let kind = ExprKind::Assign(to, Box::new(value));
        self.stmts.push(Stmt::Expr(Expr {
            kind,
            ty: Ty::unit(),
            span,
        }));
    }

    /// A loop over the indices of a sequence.
    fn for_each(&mut self, place: &Place, span: Extent, body: impl FnOnce(&mut Self, Expr)) {
        let index = self.declare("i", Ty::USIZE);
        let read = self.read(self.whole(index, span));
        let body = self.scoped(|builder| {
            body(builder, read);
            None
        });
        let zero = Expr {
            kind: ExprKind::Literal("0".into()),
            ty: Ty::USIZE,
            span,
        };
        let length = Expr {
            kind: ExprKind::Len(place.clone()),
            ty: Ty::USIZE,
            span,
        };
        let kind = ExprKind::For(
            self.loops.push(()),
            index,
            Range::new(zero, length, false, false),
            body,
        );
        self.stmts.push(Stmt::Expr(Expr {
            kind,
            ty: Ty::unit(),
            span,
        }));
    }

    fn unit_block(&mut self, span: Extent, build: impl FnOnce(&mut Self)) -> Expr {
        let block = self.scoped(|builder| {
            build(builder);
            None
        });
        Expr {
            kind: ExprKind::Block(block),
            ty: Ty::unit(),
            span,
        }
    }
}
