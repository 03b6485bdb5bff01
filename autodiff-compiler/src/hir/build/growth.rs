//! `Vec`s that change their length: `Vec::new`, `push`, `pop` and their kin.

use super::Builder;
use super::call::strip;
use super::scope::Binding;
use super::terms::{binary, branch, compare, effect, number, put};
use crate::diagnostics::{self, Extent, Located};
use crate::hir::types::Ty;
use crate::hir::{Block, Expr, ExprKind, Place, Range, Step, Stmt};
use crate::ir::{BinaryOp, Comparison};

impl Builder<'_> {
    /// `Vec::new()`, `Vec::with_capacity(n)`
    pub(super) fn vec_call(
        &mut self,
        function: &str,
        call: &syn::ExprCall,
        path: &syn::ExprPath,
    ) -> Expr {
        let span = call.span();
        let mut stmts = Vec::new();
        match (function, call.args.first()) {
            ("new", None) => {}
            ("with_capacity", Some(capacity)) => {
                // How much room there is makes no difference, but the number is computed.
                let capacity = self.expr(capacity);
                let capacity = self.scalar(capacity);
                self.expect(&capacity, &Ty::USIZE);
                stmts.push(Stmt::Expr(capacity));
            }
            _ => {
                let instead = "start with `Vec::new()` or `vec![0.0; n]`, and fill it";
                return self.failed(
                    call,
                    &diagnostics::COLLECTION_METHOD,
                    &[&format!("Vec::{function}"), instead],
                );
            }
        }
        let element = match element_argument(path) {
            Some(ty) => self.written_type(ty),
            None => self.types.fresh(),
        };
        let empty = Expr {
            kind: ExprKind::List(Vec::new()),
            ty: Ty::Vec(Box::new(element)),
            span,
        };
        if stmts.is_empty() {
            return empty;
        }
        let ty = empty.ty.clone();
        let tail = Some(Box::new(empty));
        Expr {
            kind: ExprKind::Block(Block { stmts, tail }),
            ty,
            span,
        }
    }

    /// A method that changes the length of a `Vec`; `None` where it is none that is supported.
    pub(super) fn resized(&mut self, receiver: &Expr, call: &syn::ExprMethodCall) -> Option<Expr> {
        let span = call.span();
        let method = call.method.to_string();
        let known = matches!(
            method.as_str(),
            "push"
                | "pop"
                | "clear"
                | "truncate"
                | "resize"
                | "extend_from_slice"
                | "extend"
                | "reserve"
        );
        if !known || !matches!(self.types.shallow(&receiver.ty), Ty::Vec(_)) {
            return None;
        }
        let receiver = receiver.clone();
        let block = self.scoped(|builder| {
            let (place, element) = builder.sequence_place(receiver);
            match (method.as_str(), call.args.first()) {
                ("push", Some(value)) => builder.pushed(place, &element, value, span),
                ("pop", None) => {
                    builder.popped(&place, &element, span);
                }
                ("clear", None) => builder.cut(place, number("0", Ty::USIZE, span), span),
                ("truncate", Some(length)) => {
                    let length = builder.index_value(length);
                    builder.truncated(&place, length, span);
                }
                ("resize", Some(length)) => {
                    let length = builder.index_value(length);
                    let value = builder.expr(call.args.get(1)?);
                    let value = builder.value_of(value);
                    let value = builder.named("value", value);
                    builder.truncated(&place, length.clone(), span);
                    let low = builder.named("length", length_of(&place, span));
                    let range = Range::new(low, length, false, false);
                    let (id, index) = (builder.loops.push(()), builder.declare("i", Ty::USIZE));
                    let body = builder.nested(|builder| {
                        builder.append(place, &element, value, span);
                    });
                    let filling = ExprKind::For(id, index, range, body);
                    builder.stmts.push(effect(filling, span));
                }
                ("reserve", Some(room)) => {
                    let room = builder.index_value(room);
                    builder.stmts.push(Stmt::Expr(room));
                }
                ("extend_from_slice" | "extend", Some(items)) => {
                    builder.extended(&place, &element, items, span);
                }
                _ => builder.errors.with(
                    call,
                    &diagnostics::COLLECTION_METHOD,
                    &[&method, "write it in a loop"],
                ),
            }
            None
        });
        Some(Expr {
            kind: ExprKind::Block(block),
            ty: Ty::unit(),
            span,
        })
    }

    fn pushed(&mut self, place: Place, element: &Ty, value: &syn::Expr, span: Extent) {
        let value = self.expr(value);
        self.append(place, element, value, span);
    }

    /// Appends a value that has been read.
    pub(super) fn append(&mut self, place: Place, element: &Ty, value: Expr, span: Extent) {
        let value = self.value_of(value);
        self.expect(&value, element);
        let kind = ExprKind::Push(place, Box::new(value));
        self.stmts.push(effect(kind, span));
    }

    /// Appends the items of an iterator, or the elements of a sequence.
    fn extended(&mut self, place: &Place, element: &Ty, items: &syn::Expr, span: Extent) {
        let Some(iter) = self.iterator_over(items) else {
            return;
        };
        self.append_items(place, element, &iter, span);
    }

    /// Cuts a `Vec` that is longer than that.
    fn truncated(&mut self, place: &Place, length: Expr, span: Extent) {
        let longer = compare(Comparison::Greater, length_of(place, span), length.clone());
        let then = self.nested(|builder| builder.cut(place.clone(), length, span));
        self.stmts.push(branch(longer, then, Block::default()));
    }

    fn cut(&mut self, place: Place, length: Expr, span: Extent) {
        let kind = ExprKind::Cut(place, Box::new(length));
        self.stmts.push(effect(kind, span));
    }

    /// `v.pop()`: whether there was an element, and that.
    pub(super) fn popped(&mut self, place: &Place, element: &Ty, span: Extent) -> (Place, Place) {
        let length = self.named("length", length_of(place, span));
        let zero = number("0", Ty::USIZE, span);
        let present = compare(Comparison::NotEqual, length.clone(), zero);
        let present = self.variable("found", present);
        let value = self.declare("popped", element.clone());
        self.mutable.insert(value);
        self.stmts.push(Stmt::Let(value, None));
        let value = self.whole(value, span);
        let then = self.nested(|builder| {
            let one = number("1", Ty::USIZE, span);
            let last = binary(BinaryOp::Sub, length, one);
            let last = builder.named("last", last);
            let mut top = place.clone();
            top.path.push(Step::Index(Box::new(last.clone())));
            top.ty = element.clone();
            let read = builder.read(top);
            builder.stmts.push(put(value.clone(), read));
            builder.cut(place.clone(), last, span);
        });
        let condition = self.read(present.clone());
        self.stmts.push(branch(condition, then, Block::default()));
        (present, value)
    }

    /// Whether a method gives an `Option` of an element of a sequence.
    pub(super) fn gives_element(&self, call: &syn::ExprMethodCall) -> bool {
        let ty = self.type_of_place(&call.receiver);
        match call.method.to_string().as_str() {
            "pop" => matches!(ty, Some(Ty::Vec(_))),
            "first" | "last" | "get" | "first_mut" | "last_mut" | "get_mut" => {
                ty.is_some_and(|ty| ty.element().is_some())
            }
            _ => false,
        }
    }

    /// The place in `*v.last_mut().unwrap() = …`, after a check that there is one.
    pub(super) fn last_assigned(&mut self, expr: &syn::Expr) -> Option<Place> {
        let syn::Expr::Unary(unary) = strip(expr) else {
            return None;
        };
        let syn::Expr::MethodCall(call) = strip(&unary.expr) else {
            return None;
        };
        let syn::Expr::MethodCall(option) = strip(&call.receiver) else {
            return None;
        };
        let is_it = matches!(unary.op, syn::UnOp::Deref(_))
            && option.method.to_string().ends_with("_mut")
            && self.gives_element(option);
        if !is_it {
            return None;
        }
        let found = self.expr(&unary.expr);
        match self.settle(found).kind {
            ExprKind::Reference(place) => Some(place),
            _ => None,
        }
    }

    /// `v.pop()`, `x.first()`, `x.last()`, `x.get(i)`: whether there is an element, and where.
    pub(super) fn element_if_any(&mut self, call: &syn::ExprMethodCall) -> Option<(Place, Place)> {
        let span = call.span();
        let method = call.method.to_string();
        let receiver = self.expr(&call.receiver);
        if let ExprKind::Error = receiver.kind {
            return None;
        }
        let (place, element) = self.sequence_place(receiver);
        if method == "pop" {
            return Some(self.popped(&place, &element, span));
        }
        let zero = number("0", Ty::USIZE, span);
        let length = self.named("length", length_of(&place, span));
        let (index, bound) = match (method.trim_end_matches("_mut"), call.args.first()) {
            ("get", Some(index)) => {
                if let syn::Expr::Range(_) = strip(index) {
                    self.error(index, &diagnostics::RANGE);
                    return None;
                }
                let index = self.index_value(index);
                (index.clone(), index)
            }
            ("last", None) => {
                let one = number("1", Ty::USIZE, span);
                (binary(BinaryOp::Sub, length.clone(), one), zero)
            }
            _ => (zero.clone(), zero),
        };
        let present = compare(Comparison::Greater, length, bound);
        let present = self.variable("found", present);
        let mut at = place;
        at.path.push(Step::Index(Box::new(index)));
        at.ty = element;
        Some((present, at))
    }

    /// The type of a variable or of a part of one.
    fn type_of_place(&self, expr: &syn::Expr) -> Option<Ty> {
        let ty = match strip(expr) {
            syn::Expr::Path(path) => match self.scopes.find(path.path.get_ident()?)? {
                Binding::Local(local) => self.locals[*local].ty.clone(),
                Binding::Alias(place) => place.ty.clone(),
                _ => return None,
            },
            syn::Expr::Index(index) => {
                let whole = self.type_of_place(&index.expr)?;
                if let syn::Expr::Range(_) = strip(&index.index) {
                    whole
                } else {
                    whole.element()?.clone()
                }
            }
            syn::Expr::Field(field) => match (self.type_of_place(&field.base)?, &field.member) {
                (Ty::Tuple(mut parts), syn::Member::Unnamed(at))
                    if (at.index as usize) < parts.len() =>
                {
                    parts.swap_remove(at.index as usize)
                }
                _ => return None,
            },
            syn::Expr::Reference(inner) => self.type_of_place(&inner.expr)?,
            syn::Expr::Unary(inner) if matches!(inner.op, syn::UnOp::Deref(_)) => {
                self.type_of_place(&inner.expr)?
            }
            _ => return None,
        };
        Some(self.types.shallow(&ty))
    }
}

fn length_of(place: &Place, span: Extent) -> Expr {
    Expr {
        kind: ExprKind::Len(place.clone()),
        ty: Ty::USIZE,
        span,
    }
}

/// The type in `Vec::<T>::new`.
fn element_argument(path: &syn::ExprPath) -> Option<&syn::Type> {
    let owner = path.path.segments.iter().rev().nth(1)?;
    match &owner.arguments {
        syn::PathArguments::AngleBracketed(arguments) => match arguments.args.first()? {
            syn::GenericArgument::Type(ty) => Some(ty),
            _ => None,
        },
        _ => None,
    }
}
