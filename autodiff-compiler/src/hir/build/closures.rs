//! Closures: never values, but code that is written again wherever one is called.
//!
//! A closure sees the names that were in scope where it was written, so it keeps them. What it captures by reference
//! is the variable itself; a `move` closure gets copies of the variables that may change after it was made.

use std::rc::Rc;

use proc_macro2::{TokenStream, TokenTree};
use quote::{format_ident, quote_spanned};
use syn::visit::{self as syntax, Visit};
use syn::{Ident, Pat};

use super::Builder;
use super::assertions::captures;
use super::call::strip;
use super::scope::{Binding, Scopes};
use crate::diagnostics::{self, Extent, Located};
use crate::hir::types::Ty;
use crate::hir::visit::{self, Target};
use crate::hir::{Block, Expr, ExprKind, LocalId, LoopId, Stmt};
use crate::parse::primitive;

/// Something that can be called with expressions.
#[derive(Clone, Debug)]
pub(super) enum Callable {
    Closure(Rc<Closure>),
    /// A function by its path, or a variable that holds one.
    Path(Rc<syn::ExprPath>),
}

/// A closure, and what it saw where it was written.
#[derive(Debug)]
pub(super) struct Closure {
    parameters: Vec<(Pat, Ty)>,
    body: syn::Expr,
    result: Ty,
    scopes: Scopes,
    /// How many local items were in scope.
    items: usize,
    /// Whether it has variables of its own.
    keeps_state: bool,
}

impl Callable {
    /// Whether it has variables of its own, which a clone of it would copy.
    pub(super) fn keeps_state(&self) -> bool {
        matches!(self, Self::Closure(closure) if closure.keeps_state)
    }
}

/// What a closure is called with.
pub(super) enum Argument {
    Value(Expr),
    /// A variable that nobody reads again before the call gives it a new value: the parameter is the variable itself.
    Variable(LocalId),
}

/// Where `return` goes inside of a closure.
pub(super) struct Return {
    id: LoopId,
    ty: Ty,
}

impl Builder<'_> {
    /// Reads a closure where it is written, and takes its captures.
    pub(super) fn closure(&mut self, closure: &syn::ExprClosure) -> Option<Rc<Closure>> {
        self.attributes(&closure.attrs);
        if closure.asyncness.is_some() || closure.constness.is_some() {
            self.error(closure, &diagnostics::CLOSURE);
            return None;
        }
        let parameters = closure
            .inputs
            .iter()
            .map(|pattern| match pattern {
                Pat::Type(typed) => (pattern.clone(), self.written_type(&typed.ty)),
                _ => (pattern.clone(), self.types.fresh()),
            })
            .collect();
        let result = match &closure.output {
            syn::ReturnType::Default => self.types.fresh(),
            syn::ReturnType::Type(_, ty) => self.written_type(ty),
        };
        let mut scopes = self.scopes.clone();
        let keeps_state = closure.capture.is_some() && self.capture(&closure.body, &mut scopes);
        Some(Rc::new(Closure {
            parameters,
            body: (*closure.body).clone(),
            result,
            scopes,
            items: self.items.len(),
            keeps_state,
        }))
    }

    /// Copies the variables that the body of a `move` closure names, as far as they may change from here on;
    /// tells whether there are any.
    fn capture(&mut self, body: &syn::Expr, scopes: &mut Scopes) -> bool {
        let mut any = false;
        let mut names = Names::default();
        names.visit_expr(body);
        scopes.enter();
        for name in names.0 {
            let Some(Binding::Local(local)) = self.scopes.find(&name).cloned() else {
                continue;
            };
            if !self.mutable.contains(&local) || self.broken.contains(&local) {
                continue;
            }
            let value = self.read(self.whole(local, name.span().into()));
            let (span, ty) = (value.span, value.ty.clone());
            // The name may stand for something else inside of the closure, and then nothing is moved.
            let value = match self.types.shallow(&ty) {
                Ty::Vec(_) => Expr {
                    kind: ExprKind::ToVec(Box::new(value)),
                    ty: ty.clone(),
                    span,
                },
                _ => value,
            };
            let copy = self.declare(&name.to_string(), ty);
            self.mutable.insert(copy);
            self.stmts.push(Stmt::Let(copy, Some(value)));
            scopes.bind(&name, Binding::Local(copy));
            any = true;
        }
        any
    }

    /// What can be called without being a value: a closure, or a name that is bound to one.
    pub(super) fn bound_callable(&mut self, expr: &syn::Expr) -> Option<Callable> {
        match strip(expr) {
            syn::Expr::Closure(closure) => Some(Callable::Closure(self.closure(closure)?)),
            syn::Expr::Reference(reference) => self.bound_callable(&reference.expr),
            syn::Expr::Path(path) => {
                let name = path.path.get_ident()?;
                match self.scopes.find(name)? {
                    Binding::Callable(callable) => Some(callable.clone()),
                    _ => None,
                }
            }
            _ => None,
        }
    }

    /// The function that a method of an iterator or an array is handed.
    pub(super) fn callable(&mut self, expr: &syn::Expr) -> Option<Callable> {
        if let Some(callable) = self.bound_callable(expr) {
            return Some(callable);
        }
        match strip(expr) {
            syn::Expr::Path(path) => Some(Callable::Path(Rc::new(path.clone()))),
            // It has been reported.
            syn::Expr::Closure(_) => None,
            other => {
                self.error(other, &diagnostics::CALLEE);
                None
            }
        }
    }

    /// `let f = |x| …;`, and `let f = f64::sin;`: the name stands for the function.
    pub(super) fn bind_callable(&mut self, pattern: &Pat, value: &syn::Expr) -> bool {
        let name = match pattern {
            Pat::Ident(name) if name.subpat.is_none() => name,
            Pat::Type(typed) => return self.bind_callable(&typed.pat, value),
            Pat::Paren(inner) => return self.bind_callable(&inner.pat, value),
            _ => return false,
        };
        let is_closure = matches!(strip(value), syn::Expr::Closure(_));
        let callable = self
            .bound_callable(value)
            .or_else(|| self.scalar_function(value));
        match callable {
            Some(callable) => self.bind(&name.ident, Binding::Callable(callable)),
            // It has been reported, and so need not be what calls it.
            None if is_closure => {
                let local = self.declare(&name.ident.to_string(), self.types.fresh());
                self.broken.insert(local);
                self.bind(&name.ident, Binding::Local(local));
            }
            None => return false,
        }
        true
    }

    /// `f64::sin` as a value.
    fn scalar_function(&self, value: &syn::Expr) -> Option<Callable> {
        let syn::Expr::Path(path) = strip(value) else {
            return None;
        };
        let mut names = path.path.segments.iter().rev();
        let (function, owner) = (names.next()?, names.next()?);
        let is_function = function
            .ident
            .to_string()
            .starts_with(|first: char| first.is_lowercase());
        (is_function && primitive(&owner.ident.to_string()).is_some())
            .then(|| Callable::Path(Rc::new(path.clone())))
    }

    /// The code of a call. The arguments have been read where the call stands.
    pub(super) fn call_callable(
        &mut self,
        callable: &Callable,
        arguments: Vec<Expr>,
        span: Extent,
    ) -> Expr {
        let arguments = arguments.into_iter().map(Argument::Value).collect();
        self.call_with(callable, arguments, span)
    }

    /// As [`Self::call_callable`], with arguments that are variables to be taken over.
    pub(super) fn call_with(
        &mut self,
        callable: &Callable,
        arguments: Vec<Argument>,
        span: Extent,
    ) -> Expr {
        let block = match callable {
            Callable::Closure(closure) => {
                if arguments.len() != closure.parameters.len() {
                    self.errors.span(span, &diagnostics::CALLEE, &[]);
                    return self.broken(span);
                }
                self.scoped(|builder| {
                    let body = |builder: &mut Self| builder.closure_body(closure, span);
                    Some(builder.within_closure(closure, arguments, body))
                })
            }
            Callable::Path(path) => {
                let names: Vec<Ident> = (0..arguments.len())
                    .map(|i| format_ident!("__argument_{i}", span = path.span().start()))
                    .collect();
                let call = quote_spanned!(path.span().start()=> #path(#(#names),*));
                let call = syn::parse2(call).expect("a path with arguments is a call");
                self.scoped(|builder| {
                    for (name, argument) in names.iter().zip(arguments) {
                        let argument = builder.argument_value(argument, span);
                        builder.bind_ident(name, argument);
                    }
                    Some(builder.call(&call))
                })
            }
        };
        let ty = self.block_type(&block);
        Expr {
            kind: ExprKind::Block(block),
            ty,
            span,
        }
    }

    fn argument_value(&self, argument: Argument, span: Extent) -> Expr {
        match argument {
            Argument::Value(value) => value,
            Argument::Variable(local) => self.read(self.whole(local, span)),
        }
    }

    /// Builds something with the names that a closure sees, its parameters among them.
    fn within_closure<T>(
        &mut self,
        closure: &Closure,
        arguments: Vec<Argument>,
        build: impl FnOnce(&mut Self) -> T,
    ) -> T {
        let scopes = std::mem::replace(&mut self.scopes, closure.scopes.clone());
        let items = self.items.split_off(closure.items);
        let frames = std::mem::take(&mut self.frames);
        self.scopes.enter();
        for ((pattern, ty), argument) in closure.parameters.iter().zip(arguments) {
            let span = pattern.span();
            if let (Argument::Variable(local), Some(name)) = (&argument, plain_name(pattern)) {
                self.expect(&self.read(self.whole(*local, span)), ty);
                self.bind(name, Binding::Local(*local));
                continue;
            }
            let argument = self.argument_value(argument, span);
            self.expect(&argument, ty);
            self.bind_let(pattern, argument);
        }
        let built = build(self);
        self.scopes = scopes;
        self.items.extend(items);
        self.frames = frames;
        built
    }

    /// Runs the statements of a closure's body here, and builds something of its tail.
    pub(super) fn closure_tail<T>(
        &mut self,
        closure: &Closure,
        argument: Expr,
        build: impl FnOnce(&mut Self, &syn::Expr) -> Option<T>,
    ) -> Option<T> {
        if closure.parameters.len() != 1 {
            return None;
        }
        self.within_closure(
            closure,
            vec![Argument::Value(argument)],
            |builder| match strip(&closure.body) {
                syn::Expr::Block(block) => {
                    let Some((syn::Stmt::Expr(tail, None), stmts)) = block.block.stmts.split_last()
                    else {
                        builder.error(block, &diagnostics::CLOSURE);
                        return None;
                    };
                    let outside = builder.enter_items(stmts);
                    builder.block_stmts(stmts);
                    let built = build(builder, tail);
                    builder.items.truncate(outside);
                    built
                }
                tail => build(builder, tail),
            },
        )
    }

    /// The body of a closure; a `return` inside leaves it.
    fn closure_body(&mut self, closure: &Closure, span: Extent) -> Expr {
        let id = self.loops.push(());
        self.returns.push(Return {
            id,
            ty: closure.result.clone(),
        });
        let body = self.expr(&closure.body);
        self.returns.pop();
        if !visit::diverges(&body) {
            self.expect(&body, &closure.result);
        }
        if !visit::exits(&body).contains(&Target::Break(id)) {
            return body;
        }
        let block = Block {
            stmts: Vec::new(),
            tail: Some(Box::new(body)),
        };
        Expr {
            kind: ExprKind::Labelled(id, block),
            ty: closure.result.clone(),
            span,
        }
    }

    /// A `return` inside of a closure.
    pub(super) fn return_from_closure(&mut self, expr: &syn::ExprReturn) -> Option<Expr> {
        let Return { id, ty } = self.returns.last()?;
        let (id, ty, span) = (*id, ty.clone(), expr.span());
        // What follows is not part of the closure.
        let value = match &expr.expr {
            Some(value) => self.expr(value),
            None => Expr::unit(span),
        };
        if !visit::diverges(&value) {
            self.expect(&value, &ty);
        }
        Some(Expr {
            kind: ExprKind::Break(id, Some(Box::new(value))),
            ty: self.types.fresh(),
            span,
        })
    }

    /// Runs the statements of a value that is a block, so that what it ends with can be looked into.
    pub(super) fn settle(&mut self, expr: Expr) -> Expr {
        match expr.kind {
            ExprKind::Block(block) if block.tail.is_some() => {
                self.stmts.extend(block.stmts);
                let tail = block.tail.expect("the guard has looked");
                self.settle(*tail)
            }
            ExprKind::Tuple(parts) => {
                let mut settled = Vec::new();
                let mut rest = parts.into_iter();
                while let Some(part) = rest.next() {
                    let part = self.settle(part);
                    let interrupted = rest.as_slice().iter().any(has_statements);
                    settled.push(if interrupted { self.steady(part) } else { part });
                }
                Expr {
                    kind: ExprKind::Tuple(settled),
                    ..expr
                }
            }
            ExprKind::Reference(place) => {
                let place = self.checked_place(place);
                self.reference(place)
            }
            _ => expr,
        }
    }

    /// As [`Self::settle`], and what is handed back can be used more than once.
    pub(super) fn steady(&mut self, expr: Expr) -> Expr {
        let expr = self.settle(expr);
        match expr.kind {
            ExprKind::Tuple(parts) => {
                let parts = parts.into_iter().map(|part| self.steady(part)).collect();
                Expr {
                    kind: ExprKind::Tuple(parts),
                    ..expr
                }
            }
            ExprKind::Reference(_) | ExprKind::Literal(_) | ExprKind::Error => expr,
            _ => self.named("value", expr),
        }
    }
}

/// The name that a pattern is, if it is nothing else.
fn plain_name(pattern: &Pat) -> Option<&Ident> {
    match pattern {
        Pat::Ident(name) if name.subpat.is_none() && name.by_ref.is_none() => Some(&name.ident),
        Pat::Type(typed) => plain_name(&typed.pat),
        Pat::Paren(inner) => plain_name(&inner.pat),
        _ => None,
    }
}

/// Whether building the value takes statements of its own.
fn has_statements(expr: &Expr) -> bool {
    match &expr.kind {
        ExprKind::Block(_) => true,
        ExprKind::Tuple(parts) => parts.iter().any(has_statements),
        ExprKind::Reference(place) => !place.path.is_empty(),
        _ => false,
    }
}

/// Whether a value is a reference, or has one inside, once its statements have run.
pub(super) fn refers(expr: &Expr) -> bool {
    match &expr.kind {
        ExprKind::Reference(_) => true,
        ExprKind::Tuple(parts) => parts.iter().any(refers),
        ExprKind::Block(block) => block.tail.as_deref().is_some_and(refers),
        _ => false,
    }
}

/// The names that code uses as variables, in the order of their first use.
#[derive(Default)]
struct Names(Vec<Ident>);

impl<'ast> Visit<'ast> for Names {
    fn visit_expr_path(&mut self, path: &'ast syn::ExprPath) {
        if let Some(name) = path.path.get_ident()
            && !self.0.contains(name)
        {
            self.0.push(name.clone());
        }
        syntax::visit_expr_path(self, path);
    }

    /// The arguments of a macro are expressions, and a format string that names variables.
    fn visit_macro(&mut self, mac: &'ast syn::Macro) {
        self.tokens(mac.tokens.clone());
    }
}

impl Names {
    fn tokens(&mut self, tokens: TokenStream) {
        for token in tokens {
            let names = match token {
                TokenTree::Ident(name) => vec![name],
                TokenTree::Group(group) => {
                    self.tokens(group.stream());
                    Vec::new()
                }
                TokenTree::Literal(literal) => match syn::Lit::new(literal) {
                    syn::Lit::Str(text) => captures(&text),
                    _ => Vec::new(),
                },
                TokenTree::Punct(_) => Vec::new(),
            };
            for name in names {
                if !self.0.contains(&name) {
                    self.0.push(name);
                }
            }
        }
    }
}
