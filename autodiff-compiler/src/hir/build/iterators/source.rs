//! Chains of adaptors, from where they start.

use std::rc::Rc;

use super::super::Builder;
use super::super::call::strip;
use super::super::scope::Binding;
use super::{Form, Iter, Kind};
use crate::diagnostics::{self, Extent, Located};
use crate::hir::types::Ty;
use crate::hir::{Expr, ExprKind, Stmt};
use crate::ir::ScalarType;

impl Builder<'_> {
    /// Whether an expression is an iterator, as far as its tokens tell.
    pub(in crate::hir::build) fn is_iterator(&self, expr: &syn::Expr) -> bool {
        match strip(expr) {
            syn::Expr::Range(range) => range.start.is_some(),
            syn::Expr::Path(path) => {
                let binding = path
                    .path
                    .get_ident()
                    .and_then(|name| self.scopes.find(name));
                matches!(binding, Some(Binding::Iterator(_))) || self.is_handed_range(strip(expr))
            }
            syn::Expr::MethodCall(call) => self.is_iterator_method(call),
            syn::Expr::Call(call) => source_function(call).is_some(),
            _ => false,
        }
    }

    /// Whether a method gives an iterator.
    fn is_iterator_method(&self, call: &syn::ExprMethodCall) -> bool {
        match call.method.to_string().as_str() {
            "iter" | "iter_mut" | "into_iter" | "drain" | "windows" | "chunks" | "chunks_exact"
            | "chunks_mut" | "chunks_exact_mut" | "rchunks" | "array_windows" | "array_chunks" => {
                !self.is_opaque(&call.receiver)
            }
            "clone" | "map" | "by_ref" => self.is_iterator(&call.receiver),
            method => is_adaptor(method) && self.is_iterator(&call.receiver),
        }
    }

    /// Whether a value is an iterator that nothing consumes where it stands. A range that was handed in is a value.
    pub(in crate::hir::build) fn is_idle_iterator(&self, expr: &syn::Expr) -> bool {
        match expr {
            syn::Expr::MethodCall(call) if call.method == "clone" => {
                self.is_iterator_method(call) && !self.is_handed_range(strip(&call.receiver))
            }
            syn::Expr::MethodCall(_) | syn::Expr::Call(_) => self.is_iterator(expr),
            _ => false,
        }
    }

    /// Whether a method runs the iterator that it is called on.
    pub(in crate::hir::build) fn consumes(&self, call: &syn::ExprMethodCall) -> bool {
        let asks = matches!(
            call.method.to_string().as_str(),
            "len" | "is_empty" | "contains" | "start" | "end"
        );
        self.is_iterator(&call.receiver) && !(asks && self.is_handed_range(strip(&call.receiver)))
    }

    /// Whether an expression belongs to a variable of a type that only rustc knows.
    fn is_opaque(&self, expr: &syn::Expr) -> bool {
        match strip(expr) {
            syn::Expr::Path(path) => {
                let binding = path
                    .path
                    .get_ident()
                    .and_then(|name| self.scopes.find(name));
                matches!(binding, Some(Binding::Local(local))
                    if self.types.shallow(&self.locals[*local].ty) == self.inferred())
            }
            syn::Expr::Field(field) => self.is_opaque(&field.base),
            syn::Expr::Index(index) => self.is_opaque(&index.expr),
            syn::Expr::Reference(reference) => self.is_opaque(&reference.expr),
            syn::Expr::MethodCall(call) => self.is_opaque(&call.receiver),
            _ => false,
        }
    }

    /// `let it = x.iter().map(…);`: the name stands for the iterator.
    pub(in crate::hir::build) fn bind_iterator(
        &mut self,
        pattern: &syn::Pat,
        value: &syn::Expr,
    ) -> bool {
        let name = match pattern {
            syn::Pat::Ident(name) if name.subpat.is_none() => name,
            syn::Pat::Paren(inner) => return self.bind_iterator(&inner.pat, value),
            _ => return false,
        };
        // A range is also the value of a variable that is handed on, or asked for its bounds.
        let is_name =
            matches!(strip(value), syn::Expr::Path(_)) && !self.is_handed_range(strip(value));
        let is_range = matches!(strip(value), syn::Expr::Range(_));
        if !(self.is_idle_iterator(strip(value))
            || (is_name || is_range) && self.is_iterator(value))
        {
            return false;
        }
        match self.iterator(value) {
            Some(iter) => self.bind(&name.ident, Binding::Iterator(Rc::new(iter))),
            // It has been reported, and so need not be what consumes it.
            None => {
                let local = self.declare(&name.ident.to_string(), self.types.fresh());
                self.broken.insert(local);
                self.bind(&name.ident, Binding::Local(local));
            }
        }
        true
    }

    /// What `for` and `zip` take: an iterator, or a sequence.
    pub(in crate::hir::build) fn iterator_over(&mut self, expr: &syn::Expr) -> Option<Iter> {
        if self.is_iterator(expr) {
            return self.iterator(expr);
        }
        let value = self.expr(expr);
        self.sequence(value, None, expr.span())
    }

    /// An iterator, as [`Self::is_iterator`] knows it; what has to be evaluated when it is made, is.
    pub(in crate::hir::build) fn iterator(&mut self, expr: &syn::Expr) -> Option<Iter> {
        let expr = strip(expr);
        let span = expr.span();
        match expr {
            syn::Expr::Range(range) if range.end.is_none() => {
                let start = self.expr(range.start.as_ref()?);
                let start = self.scalar(start);
                if !self.is_wide_integer(&start.ty) {
                    self.error(range, &diagnostics::RANGE);
                    return None;
                }
                let start = self.named("start", start);
                Some(Iter {
                    kind: Kind::From(start),
                    span,
                })
            }
            syn::Expr::Range(_) => {
                let mut steps = self.steps(expr)?;
                self.name_bounds(&mut steps);
                Some(Iter {
                    kind: Kind::Range(steps),
                    span,
                })
            }
            syn::Expr::Path(path) => {
                let binding = path
                    .path
                    .get_ident()
                    .and_then(|name| self.scopes.find(name));
                if let Some(Binding::Iterator(iter)) = binding {
                    return Some((**iter).clone());
                }
                let mut steps = self.steps(expr)?;
                self.name_bounds(&mut steps);
                Some(Iter {
                    kind: Kind::Range(steps),
                    span,
                })
            }
            syn::Expr::MethodCall(call) => self.adaptor(call),
            syn::Expr::Call(call) => self.source_call(call),
            _ => None,
        }
    }

    /// Whether `low..` of this type cannot come to the end of the type.
    fn is_wide_integer(&self, ty: &Ty) -> bool {
        let narrow = ["u8", "i8", "u16", "i16"].map(Ty::integer);
        (self.types.is_integer(ty) || self.types.unify(ty, &self.types.integer()))
            && !narrow.contains(&self.types.resolve(ty))
    }

    fn adaptor(&mut self, call: &syn::ExprMethodCall) -> Option<Iter> {
        let span = call.method.span().into();
        let method = call.method.to_string();
        match method.as_str() {
            "iter" | "iter_mut" => {
                let receiver = self.expr(&call.receiver);
                let mut iter = self.sequence(receiver, Some(false), call.receiver.span())?;
                if let Kind::Elements { shared, place, .. } = &mut iter.kind {
                    *shared = method == "iter";
                    place.mutable = method == "iter_mut";
                }
                return Some(iter);
            }
            "into_iter" => return self.iterator_over(&call.receiver),
            "drain" => return self.unsupported(call),
            "windows" => return self.sections(call, Form::Windows),
            "chunks" | "chunks_mut" => return self.sections(call, Form::Chunks),
            "chunks_exact" | "chunks_exact_mut" => return self.sections(call, Form::ChunksExact),
            "rchunks" | "array_windows" | "array_chunks" => return self.unsupported(call),
            _ => {}
        }
        let inner = Rc::new(self.iterator(&call.receiver)?);
        let argument = call.args.first();
        let kind = match (method.as_str(), argument) {
            ("clone", None) if inner.keeps_state() => return self.unsupported(call),
            ("clone", None) => return Some((*inner).clone()),
            ("rev", None) => match &inner.kind {
                Kind::Range(steps) => {
                    let mut steps = steps.clone();
                    steps.reverse();
                    Kind::Range(steps)
                }
                _ => Kind::Rev(inner, None),
            },
            ("step_by", Some(step)) => {
                let step = self.count_argument(step);
                let step = self.stride(step);
                match &inner.kind {
                    Kind::Range(steps) if steps.step.is_none() => {
                        let mut steps = steps.clone();
                        steps.step = Some((step, false));
                        Kind::Range(steps)
                    }
                    _ if inner.is_indexed() => Kind::StepBy(inner, step),
                    _ => return self.unsupported(call),
                }
            }
            ("skip", Some(count)) => {
                let count = self.count_argument(count);
                Kind::Skip(inner, self.named("skipped", count))
            }
            ("take", Some(count)) => {
                let count = self.count_argument(count);
                Kind::Take(inner, self.named("taken", count))
            }
            ("copied" | "cloned", None) => Kind::Values(inner),
            ("enumerate", None) => Kind::Enumerate(inner),
            ("fuse", None) => return Some((*inner).clone()),
            ("flatten", None) => Kind::Flatten(inner),
            ("zip", Some(other)) => Kind::Zip(inner, Rc::new(self.iterator_over(other)?)),
            ("chain", Some(other)) => Kind::Chain(inner, Rc::new(self.iterator_over(other)?)),
            ("map", Some(function)) => Kind::Map(inner, self.callable(function)?),
            ("filter", Some(function)) => Kind::Filter(inner, self.callable(function)?),
            ("filter_map", Some(function)) => Kind::FilterMap(inner, self.callable(function)?),
            ("map_while", Some(function)) => Kind::MapWhile(inner, self.callable(function)?),
            ("scan", Some(initial)) => {
                let initial = self.expr(initial);
                let initial = self.value_of(initial);
                let state = self.variable("state", initial);
                Kind::Scan(inner, state, self.callable(call.args.get(1)?)?)
            }
            ("inspect", Some(function)) => Kind::Inspect(inner, self.callable(function)?),
            ("take_while", Some(function)) => Kind::TakeWhile(inner, self.callable(function)?),
            ("skip_while", Some(function)) => Kind::SkipWhile(inner, self.callable(function)?),
            ("flat_map", Some(function)) => Kind::FlatMap(inner, self.callable(function)?),
            _ => return self.unsupported(call),
        };
        let iter = Iter { kind, span };
        if let Kind::Zip(a, b) = &iter.kind
            && !a.is_indexed()
            && !b.is_indexed()
        {
            self.errors.span(
                span,
                &diagnostics::ITERATOR,
                &[
                    "`zip` of two iterators of unknown lengths is",
                    "`collect` one of them first",
                ],
            );
            return None;
        }
        Some(iter)
    }

    /// A method of iterators that there is no loop for.
    pub(super) fn unsupported<T>(&self, call: &syn::ExprMethodCall) -> Option<T> {
        let method = call.method.to_string();
        let instead = match method.as_str() {
            "max_by_key" | "min_by_key" => "write `max_by` or `min_by`",
            "expect" => "write the message as a literal",
            "step_by" => "`collect` ahead of it, or count in a `for` loop",
            _ => "write a `for` loop",
        };
        let what = format!("`{method}` is");
        self.errors
            .with(&call.method, &diagnostics::ITERATOR, &[&what, instead]);
        None
    }

    pub(super) fn count_argument(&mut self, count: &syn::Expr) -> Expr {
        let count = self.expr(count);
        let count = self.scalar(count);
        self.expect(&count, &Ty::USIZE);
        count
    }

    fn source_call(&mut self, call: &syn::ExprCall) -> Option<Iter> {
        let span = call.span();
        let mut arguments = call.args.iter();
        let kind = match (source_function(call)?.as_str(), arguments.next()) {
            ("zip", Some(first)) => {
                let first = Rc::new(self.iterator_over(first)?);
                Kind::Zip(first, Rc::new(self.iterator_over(arguments.next()?)?))
            }
            ("once", Some(value)) => Kind::Once(self.item_argument(value)),
            ("repeat", Some(value)) => Kind::Repeat(self.item_argument(value)),
            ("repeat_n", Some(value)) => {
                let value = self.item_argument(value);
                let endless = Iter {
                    kind: Kind::Repeat(value),
                    span,
                };
                let count = self.count_argument(arguments.next()?);
                Kind::Take(Rc::new(endless), self.named("taken", count))
            }
            _ => {
                self.errors.with(
                    &call.func,
                    &diagnostics::ITERATOR,
                    &["this iterator is", "write a `for` or `while` loop"],
                );
                return None;
            }
        };
        Some(Iter { kind, span })
    }

    fn item_argument(&mut self, value: &syn::Expr) -> Expr {
        let value = self.expr(value);
        self.steady(value)
    }

    /// The elements of an array, slice or `Vec`; by value where nothing else is said and it is no reference.
    pub(super) fn sequence(
        &mut self,
        value: Expr,
        by_value: Option<bool>,
        whole: Extent,
    ) -> Option<Iter> {
        let value = self.settle(value);
        if let ExprKind::Error = value.kind {
            return None;
        }
        let by_value = by_value.unwrap_or(!matches!(value.kind, ExprKind::Reference(_)));
        let _ = self.types.element(&value.ty);
        let ty = self.types.shallow(&value.ty);
        let element = match &ty {
            Ty::Array(element, _) | Ty::Slice(element) | Ty::Vec(element) => (**element).clone(),
            Ty::Var(_) | Ty::Scalar(ScalarType::Inferred) => {
                self.errors
                    .span(whole, &diagnostics::UNKNOWN_RECEIVER, &["Vec<f64>"]);
                return None;
            }
            found => {
                let found = self.types.resolve(found).to_string();
                self.errors.span(
                    whole,
                    &diagnostics::TYPE_MISMATCH,
                    &["an array or an iterator", &found],
                );
                return None;
            }
        };
        let (place, _) = match &value.kind {
            // What runs for the items may change the variable, and the iterator has its own copy.
            ExprKind::Read(place) if by_value && self.mutable.contains(&place.root) => {
                let local = self.declare("items", ty.clone());
                let span = value.span;
                self.stmts.push(Stmt::Let(local, Some(value)));
                (self.whole(local, span), false)
            }
            _ => self.scrutinee_place(value),
        };
        let place = self.checked_place(place);
        Some(Iter {
            kind: Kind::Elements {
                place,
                element,
                by_value,
                shared: false,
            },
            span: whole,
        })
    }
}

impl Iter {
    /// Whether a closure of it has variables of its own, which a clone would copy.
    fn keeps_state(&self) -> bool {
        let own = match &self.kind {
            Kind::Map(_, function)
            | Kind::Filter(_, function)
            | Kind::Inspect(_, function)
            | Kind::TakeWhile(_, function)
            | Kind::SkipWhile(_, function)
            | Kind::FlatMap(_, function)
            | Kind::FilterMap(_, function)
            | Kind::MapWhile(_, function) => function.keeps_state(),
            Kind::Scan(..) => true,
            Kind::Zip(_, b) | Kind::Chain(_, b) => b.keeps_state(),
            _ => false,
        };
        own || self.inner().is_some_and(|inner| inner.keeps_state())
    }
}

/// Whether a method of an iterator gives an iterator.
fn is_adaptor(method: &str) -> bool {
    matches!(
        method,
        "rev"
            | "step_by"
            | "skip"
            | "take"
            | "copied"
            | "cloned"
            | "enumerate"
            | "fuse"
            | "flatten"
            | "zip"
            | "chain"
            | "filter"
            | "inspect"
            | "take_while"
            | "skip_while"
            | "flat_map"
            | "filter_map"
            | "map_while"
            | "scan"
            | "peekable"
            | "cycle"
            | "intersperse"
            | "map_windows"
    )
}

/// The function of `std::iter` that is called.
fn source_function(call: &syn::ExprCall) -> Option<String> {
    let syn::Expr::Path(path) = strip(&call.func) else {
        return None;
    };
    let mut names = path.path.segments.iter().rev();
    let (function, module) = (names.next()?.ident.to_string(), names.next()?);
    let known = matches!(
        function.as_str(),
        "zip"
            | "once"
            | "repeat"
            | "repeat_n"
            | "empty"
            | "from_fn"
            | "successors"
            | "repeat_with"
            | "once_with"
    );
    (module.ident == "iter" && known).then_some(function)
}
