//! `Option`s as values: a pair of whether there is a value, and that. Where there is none, nothing reads it.

use quote::quote;
use syn::Pat;

use super::Builder;
use super::iterators::{Maybe, takes_apart};
use super::macros::hole;
use super::terms::{only, put};
use crate::diagnostics::{self, Extent, Located};
use crate::hir::types::Ty;
use crate::hir::{Expr, ExprKind, Place, Step};
use crate::ir::BinaryOp;

/// What a pattern says of an `Option`.
pub(super) enum Wanted<'p> {
    /// `Some(pattern)`
    Some(&'p Pat),
    /// `None`
    None,
}

impl<'p> Wanted<'p> {
    /// What the pattern says, if it is one of these.
    pub(super) fn of(pattern: &'p Pat) -> Option<Self> {
        match pattern {
            Pat::TupleStruct(tuple) if tuple.elems.len() == 1 => {
                let last = tuple.path.segments.last()?;
                (last.ident == "Some").then(|| Self::Some(&tuple.elems[0]))
            }
            Pat::Ident(name) if name.ident == "None" && name.subpat.is_none() => Some(Self::None),
            Pat::Path(path) => {
                let last = path.path.segments.last()?;
                (last.ident == "None").then_some(Self::None)
            }
            _ => None,
        }
    }
}

impl Builder<'_> {
    /// `Some(value)`
    pub(super) fn some(&mut self, value: &syn::Expr, span: Extent) -> Expr {
        let value = self.expr(value);
        let value = self.settle(value);
        let value = self.value_of(value);
        if super::closures::refers(&value) {
            self.errors.span(span, &diagnostics::REFERENCE, &[]);
            return self.broken(span);
        }
        option(truth(true, span), value, span)
    }

    /// `None`
    pub(super) fn none(&self, value: Ty, span: Extent) -> Expr {
        let absent = Expr {
            kind: ExprKind::Absent,
            ty: value,
            span,
        };
        option(truth(false, span), absent, span)
    }

    /// What a method of an iterator or of a sequence gives, as a value.
    pub(super) fn option_value(&mut self, call: &syn::ExprMethodCall) -> Expr {
        let span = call.span();
        let mut failed = false;
        let block = self.scoped(|builder| {
            let maybe = builder.maybe_of(call);
            failed = maybe.is_none();
            let Maybe {
                present,
                value,
                mutable,
                ..
            } = maybe?;
            if mutable {
                builder.errors.span(span, &diagnostics::REFERENCE, &[]);
                failed = true;
                return None;
            }
            let present = builder.read(present);
            let found = builder.read(value.clone());
            // A place is there to be read only where there is a value.
            if value.path.is_empty() {
                return Some(option(present, found, span));
            }
            let none = builder.none(value.ty, span);
            let some = option(truth(true, span), found, span);
            Some(builder.choose(present, only(some), only(none), span))
        });
        if failed {
            return self.broken(span);
        }
        let ty = self.block_type(&block);
        Expr {
            kind: ExprKind::Block(block),
            ty,
            span,
        }
    }

    /// The parts of an `Option` that a place holds.
    pub(super) fn parts_of_option(&self, place: &Place, value: &Ty) -> (Place, Place) {
        let part = |field: usize, ty: &Ty| {
            let mut part = place.clone();
            part.path.push(Step::Field(field));
            part.ty = ty.clone();
            part
        };
        (part(0, &Ty::BOOL), part(1, value))
    }

    /// Whether there is something in an `Option`, and the place of that.
    pub(super) fn taken_option(&mut self, option: Expr) -> Option<(Expr, Place)> {
        let Ty::Option(inside) = self.types.shallow(&option.ty) else {
            if !matches!(option.kind, ExprKind::Error) {
                let found = self.types.resolve(&option.ty).to_string();
                let details = ["an `Option`", found.as_str()];
                self.errors
                    .span(option.span, &diagnostics::TYPE_MISMATCH, &details);
            }
            return None;
        };
        let (place, _) = self.scrutinee_place(option);
        let (present, value) = self.parts_of_option(&place, &inside);
        Some((self.read(present), value))
    }

    /// A method of an `Option`.
    pub(super) fn option_method(&mut self, receiver: Expr, call: &syn::ExprMethodCall) -> Expr {
        let span = call.span();
        let mut failed = false;
        let block = self.scoped(|builder| {
            let done = builder.method_of_option(receiver, call, span);
            failed = done.is_none();
            done
        });
        if failed {
            return self.broken(span);
        }
        let ty = self.block_type(&block);
        Expr {
            kind: ExprKind::Block(block),
            ty,
            span,
        }
    }

    fn method_of_option(
        &mut self,
        receiver: Expr,
        call: &syn::ExprMethodCall,
        span: Extent,
    ) -> Option<Expr> {
        let Ty::Option(inside) = self.types.shallow(&receiver.ty) else {
            return None;
        };
        let (place, _) = self.scrutinee_place(receiver);
        let place = self.checked_place(place);
        let (present, value) = self.parts_of_option(&place, &inside);
        let method = call.method.to_string();
        let argument = call.args.first();
        let (is_some, found) = (self.read(present.clone()), self.read(value.clone()));
        let (then, otherwise) = match (method.as_str(), argument) {
            ("copied" | "cloned" | "clone" | "as_ref", None) => {
                return Some(option(is_some, found, span));
            }
            ("take", None) => {
                let old = option(is_some, found, span);
                let old = self.named("taken", old);
                self.stmts.push(put(present, truth(false, span)));
                return Some(old);
            }
            ("replace", Some(new)) => {
                let new = self.some(new, span);
                self.expect(&new, &place.ty);
                let new = self.named("new", new);
                let old = self.named("old", option(is_some, found, span));
                self.stmts.push(put(place, new));
                return Some(old);
            }
            ("map", Some(function)) => {
                let function = self.callable(function)?;
                let then = self.scoped(|builder| {
                    let value = builder.call_callable(&function, vec![found], span);
                    let value = builder.value_of(value);
                    Some(option(truth(true, span), value, span))
                });
                let value = match self.types.shallow(&self.block_type(&then)) {
                    Ty::Option(value) => *value,
                    _ => self.types.fresh(),
                };
                (then, only(self.none(value, span)))
            }
            ("and_then", Some(function)) => {
                let function = self.callable(function)?;
                let then = self.scoped(|builder| {
                    let value = builder.call_callable(&function, vec![found], span);
                    Some(builder.value_of(value))
                });
                let value = self.types.fresh();
                (then, only(self.none(value, span)))
            }
            ("filter", Some(function)) => {
                let function = self.callable(function)?;
                let holds = self.scoped(|builder| {
                    let read = builder.reference(value.clone());
                    let holds = builder.call_callable(&function, vec![read], span);
                    Some(builder.scalar(holds))
                });
                let holds = Expr {
                    kind: ExprKind::Block(holds),
                    ty: Ty::BOOL,
                    span,
                };
                let kind = ExprKind::Binary(BinaryOp::And, Box::new(is_some), Box::new(holds));
                let kept = Expr {
                    kind,
                    ty: Ty::BOOL,
                    span,
                };
                return Some(option(kept, found, span));
            }
            ("or", Some(other)) => {
                let other = self.expr(other);
                let other = self.value_of(other);
                let other = self.named("other", other);
                let some = option(truth(true, span), found, span);
                (only(some), only(other))
            }
            ("or_else", Some(function)) => {
                let function = self.callable(function)?;
                let otherwise = self.scoped(|builder| {
                    let value = builder.call_callable(&function, Vec::new(), span);
                    Some(builder.value_of(value))
                });
                let some = option(truth(true, span), found, span);
                (only(some), otherwise)
            }
            _ if !takes_apart(&method) => {
                let what = format!("the method `{method}` of an `Option` is");
                let details = [what.as_str(), "write it as a `match`"];
                self.errors
                    .with(&call.method, &diagnostics::EXPRESSION, &details);
                return None;
            }
            _ => {
                let maybe = Maybe {
                    present,
                    value,
                    shared: true,
                    mutable: false,
                };
                return self.taken_apart(&maybe, call, span);
            }
        };
        Some(self.choose(is_some, then, otherwise, span))
    }

    /// When an `Option` at a place is what a pattern wants; one that only rustc knows is looked at by rustc.
    pub(super) fn option_test(
        &mut self,
        wanted: &Wanted<'_>,
        pattern: &Pat,
        place: &Place,
    ) -> Option<Expr> {
        let span = pattern.span();
        let Ty::Option(inside) = self.types.shallow(&place.ty) else {
            if !super::pattern::binds(pattern) {
                return Some(self.constant_test(pattern, place, span));
            }
            let (hole, read) = (hole(0), self.read(place.clone()));
            let code = match wanted {
                Wanted::Some(inner) if is_plain(inner) => {
                    quote!(::core::option::Option::is_some(&#hole))
                }
                Wanted::Some(inner) => {
                    self.error(inner, &diagnostics::PATTERN);
                    return None;
                }
                Wanted::None => unreachable!("it binds nothing"),
            };
            let mut test = self.template(code, vec![read], "is_some", true, span);
            test.ty = Ty::BOOL;
            return Some(test);
        };
        let (present, value) = self.parts_of_option(place, &inside);
        let present = self.read(present);
        match wanted {
            Wanted::None => Some(super::terms::not(present)),
            Wanted::Some(inner) => Some(match self.test(inner, &value) {
                None => present,
                Some(test) => Expr {
                    kind: ExprKind::Binary(BinaryOp::And, Box::new(present), Box::new(test)),
                    ty: Ty::BOOL,
                    span,
                },
            }),
        }
    }

    /// Binds what is inside of an `Option` that is known to be `Some`.
    pub(super) fn bind_some(&mut self, inner: &Pat, value: Expr) {
        let span = value.span;
        let Ty::Option(inside) = self.types.shallow(&value.ty) else {
            let value = self.value_of(value);
            let hole = hole(0);
            let code = quote!(::core::option::Option::unwrap(#hole.clone()));
            let value = self.template(code, vec![value], "unwrap", true, span);
            return self.bind_let(inner, value);
        };
        let (place, reference) = self.scrutinee_place(value);
        let part = self.part(&place, reference, Step::Field(1), *inside);
        self.bind_let(inner, part);
    }

    /// The value of an `Option`, or out of the function with `otherwise`.
    pub(super) fn some_or_leave(
        &mut self,
        option: Expr,
        otherwise: impl FnOnce(&mut Self) -> Option<Expr>,
        span: Extent,
    ) -> Expr {
        let mut failed = false;
        let block = self.scoped(|builder| {
            let Ty::Option(inside) = builder.types.shallow(&option.ty) else {
                return None;
            };
            let (place, _) = builder.scrutinee_place(option);
            let (present, value) = builder.parts_of_option(&place, &inside);
            let left = builder.scoped(|builder| {
                let left = otherwise(builder);
                failed = left.is_none();
                left
            });
            let (present, value) = (builder.read(present), builder.read(value));
            Some(builder.choose(present, only(value), left, span))
        });
        if failed {
            return self.broken(span);
        }
        let ty = self.block_type(&block);
        Expr {
            kind: ExprKind::Block(block),
            ty,
            span,
        }
    }
}

/// An `Option` of its two parts.
pub(super) fn option(present: Expr, value: Expr, span: Extent) -> Expr {
    let ty = Ty::Option(Box::new(value.ty.clone()));
    Expr {
        kind: ExprKind::Tuple(vec![present, value]),
        ty,
        span,
    }
}

fn truth(truth: bool, span: Extent) -> Expr {
    super::terms::number(if truth { "true" } else { "false" }, Ty::BOOL, span)
}

/// Whether a pattern matches whatever there is.
fn is_plain(pattern: &Pat) -> bool {
    match pattern {
        Pat::Wild(_) => true,
        Pat::Ident(name) => name.subpat.is_none() && name.ident != "None",
        Pat::Reference(inner) => is_plain(&inner.pat),
        Pat::Paren(inner) => is_plain(&inner.pat),
        _ => false,
    }
}

/// The type inside of `Option<T>`.
pub(super) fn inside(ty: &syn::Type) -> Option<&syn::Type> {
    let syn::Type::Path(path) = ty else {
        return None;
    };
    let last = path.path.segments.last()?;
    match &last.arguments {
        syn::PathArguments::AngleBracketed(arguments) if last.ident == "Option" => {
            match arguments.args.first()? {
                syn::GenericArgument::Type(inside) => Some(inside),
                _ => None,
            }
        }
        _ => None,
    }
}
