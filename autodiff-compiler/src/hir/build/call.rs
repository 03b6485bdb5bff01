//! Calls of functions.

use proc_macro2::TokenStream;
use quote::{ToTokens, quote};

use super::Builder;
use super::call_types::CallSite;
use super::macros::hole;
use super::structs::struct_path;
use crate::diagnostics::{self, Extent, Located};
use crate::hir::types::Ty;
use crate::hir::{Block, Call, Expr, ExprKind, Stmt, Template, visit};
use crate::ir::{Code, FloatType, Passed, ScalarType};
use crate::parse::primitive;

impl Builder<'_> {
    pub(super) fn call(&mut self, call: &syn::ExprCall) -> Expr {
        if let Some(callable) = self.bound_callable(&call.func) {
            let span = call.span();
            let block = self.scoped(|builder| {
                let arguments = builder.arguments(call.args.iter());
                Some(builder.call_callable(&callable, arguments, span))
            });
            let ty = self.block_type(&block);
            return Expr {
                kind: ExprKind::Block(block),
                ty,
                span,
            };
        }
        if is_from_fn(call) {
            return self.array_from_fn(call);
        }
        let syn::Expr::Path(path) = strip(&call.func) else {
            return self.failed(&call.func, &diagnostics::CALLEE, &[]);
        };
        if let Some(name) = path.path.get_ident()
            && self.scopes.find(name).is_some()
        {
            return self.call_of_variable(call);
        }
        let names: Vec<String> = path
            .path
            .segments
            .iter()
            .map(|segment| segment.ident.to_string())
            .collect();
        let names: Vec<&str> = names.iter().map(String::as_str).collect();
        match names.as_slice() {
            _ if self.generic_owner(path).is_some() => self.generic_call(call, path),
            [.., method] if let Some(owner) = self.scalar_owner(path) => {
                self.associated(owner, method, call)
            }
            [.., "Vec", method] => self.vec_call(method, call, path),
            ["Some"] if call.args.len() == 1 => self.some(&call.args[0], call.span()),
            // Where the function gives one, that has been reported.
            ["Some" | "Ok" | "Err"] if matches!(self.types.shallow(&self.result), Ty::Var(_)) => {
                self.broken(call.span())
            }
            ["Some" | "Ok" | "Err"] => self.failed(
                call,
                &diagnostics::EXPRESSION,
                &[
                    "a `Result` or an `Option` as a value inside of a function is",
                    "write it where the function ends: `return Err(..)`, `return None`, `Ok(..)` at the end",
                ],
            ),
            [.., "mem", function @ ("swap" | "replace" | "take")] => {
                self.exchange_call(function, call)
            }
            _ if let Some(path) = struct_path(&path.path) => self.tuple_struct(path, call),
            [.., "stop_gradient"] if call.args.len() == 1 => self.stop_gradient(path, call),
            _ => self.path_call(path, call),
        }
    }

    /// The scalar type whose function a path names, by its own name or by an alias that was declared.
    fn scalar_owner(&self, path: &syn::ExprPath) -> Option<Ty> {
        if path.qself.is_some() || path.path.segments.len() < 2 {
            return None;
        }
        let mut owner = path.path.clone();
        owner.segments.pop();
        owner.segments.pop_punct();
        let last = &owner.segments.last()?.ident;
        let scalar = primitive(&last.to_string()).or_else(|| {
            let alias = self.scalars.contains(last);
            alias.then(|| ScalarType::Float(FloatType::Named(Code::new(owner.to_token_stream()))))
        })?;
        Some(Ty::Scalar(scalar))
    }

    /// `f64::max(a, b)`, `f64::from(n)`, `usize::from(b)`
    fn associated(&mut self, owner: Ty, method: &str, call: &syn::ExprCall) -> Expr {
        let span = call.span();
        let mut arguments = self.arguments(call.args.iter());
        if method == "from" && arguments.len() == 1 {
            let argument = self.scalar(arguments.remove(0));
            let known = matches!(self.types.resolve(&argument.ty), Ty::Scalar(scalar) if scalar != ScalarType::Inferred);
            return match self.types.resolve(&argument.ty) == owner {
                true => argument,
                // A conversion that loses nothing is the same as a cast.
                false if known => Expr {
                    kind: ExprKind::Cast(Box::new(argument)),
                    ty: owner,
                    span,
                },
                // What is converted is the result of an inactive call.
                false => {
                    let hole = hole(0);
                    let name = call.func.to_token_stream();
                    let code = quote!(#name(#hole));
                    let value = self.template(code, vec![argument], &name.to_string(), true, span);
                    Expr { ty: owner, ..value }
                }
            };
        }
        // `f64::from_bits(b)` makes a number; every other function takes one as its receiver.
        if !method.starts_with("from_") && !arguments.is_empty() {
            let receiver = arguments.remove(0);
            let receiver = self.scalar(receiver);
            self.expect(&receiver, &owner);
            return self.scalar_method(
                receiver,
                method,
                arguments,
                call.func.to_token_stream(),
                span,
            );
        }
        self.handed
            .extend(arguments.iter().map(|argument| argument.ty.clone()));
        let code = call.func.to_token_stream();
        let mut value = self.with_arguments(code.clone(), arguments, &code.to_string(), span);
        if let ExprKind::Opaque(template) = &mut value.kind {
            template.pure = true;
        }
        value.ty = owner;
        value
    }

    pub(super) fn arguments<'e>(
        &mut self,
        arguments: impl Iterator<Item = &'e syn::Expr>,
    ) -> Vec<Expr> {
        arguments.map(|argument| self.expr(argument)).collect()
    }

    /// A call of a function that was handed in.
    fn call_of_variable(&mut self, call: &syn::ExprCall) -> Expr {
        let callee = self.expr(&call.func);
        if let ExprKind::Error = callee.kind {
            return callee;
        }
        if self.types.shallow(&callee.ty) != self.inferred() {
            return self.failed(&call.func, &diagnostics::CALLEE, &[]);
        }
        let mut arguments = vec![callee];
        arguments.extend(self.opaque_arguments(call));
        let holes: Vec<TokenStream> = arguments
            .iter()
            .enumerate()
            .skip(1)
            .map(|(i, argument)| passed(argument, i))
            .collect();
        let (callee, name) = (hole(0), call.func.to_token_stream().to_string());
        self.template(
            quote!(#callee(#(#holes),*)),
            arguments,
            &name,
            false,
            call.span(),
        )
    }

    /// The arguments of a function that was handed in.
    fn opaque_arguments(&mut self, call: &syn::ExprCall) -> Vec<Expr> {
        let mut arguments = Vec::new();
        for argument in &call.args {
            if let syn::Expr::Closure(closure) = argument {
                self.error(closure, &diagnostics::CLOSURE_ARGUMENT);
                continue;
            }
            if let syn::Expr::Reference(reference) = argument
                && reference.mutability.is_some()
            {
                self.error(reference, &diagnostics::MUTABLE_ARGUMENT);
            }
            let argument = self.lent(argument);
            self.handed.push(argument.ty.clone());
            arguments.push(argument);
        }
        arguments
    }

    /// An argument of a function by its path: a reference to a fresh value is no such value itself.
    pub(super) fn lent(&mut self, written: &syn::Expr) -> Expr {
        let value = self.expr(written);
        let syn::Expr::Reference(reference) = strip(written) else {
            return value;
        };
        let (ty, span) = (value.ty.clone(), value.span);
        let kind = match value.kind {
            ExprKind::Reference(_) | ExprKind::Error => return value,
            ExprKind::Constant(code) => {
                let code = code.tokens();
                ExprKind::Constant(Code::new(quote!(&#code)))
            }
            ExprKind::Opaque(mut template) if template.pure => {
                let code = template.code.tokens();
                template.code = Code::new(quote!(&#code));
                ExprKind::Opaque(template)
            }
            // The variable belongs to the argument: whether and when it is evaluated is not known here.
            _ => {
                let local = self.declare("argument", ty.clone());
                let mut place = self.whole(local, span);
                place.mutable = reference.mutability.is_some();
                ExprKind::Block(Block {
                    stmts: vec![Stmt::Let(local, Some(value))],
                    tail: Some(Box::new(self.reference(place))),
                })
            }
        };
        Expr { kind, ty, span }
    }

    /// A call of a function by its path; its companion, if it has one, differentiates it.
    fn path_call(&mut self, path: &syn::ExprPath, call: &syn::ExprCall) -> Expr {
        let mut arguments = Vec::new();
        for argument in &call.args {
            if let syn::Expr::Closure(closure) = argument {
                self.error(closure, &diagnostics::CLOSURE_ARGUMENT);
                continue;
            }
            let argument = self.lent(argument);
            self.handed.push(argument.ty.clone());
            arguments.push(argument);
        }
        let passing = arguments.iter().map(passing).collect();
        let types = arguments
            .iter()
            .map(|argument| argument.ty.clone())
            .collect();
        let name = path.to_token_stream();
        let callee = self.with_items(name.clone());
        let mut value = self.with_arguments(callee, arguments, &name.to_string(), call.span());
        if let (ExprKind::Opaque(template), None) = (&mut value.kind, &path.qself) {
            let mut path = path.path.clone();
            let mut method = None;
            if let Some(renamed) = self.renamed(&path) {
                path = renamed;
            } else if is_method(&path) {
                // Beside a method stand its derivatives.
                let last = path.segments.pop();
                path.segments.pop_punct();
                method = last.map(|last| last.ident);
            } else if let Some(last) = path.segments.last_mut() {
                last.arguments = syn::PathArguments::None;
            }
            let item = hole(0);
            template.call = Some(Call {
                id: self.calls.len(),
                method,
                of_receiver: None,
                companion: Code::new(self.with_items(quote!(#path::#item))),
                passing,
            });
            self.calls.push(CallSite {
                result: value.ty.clone(),
                span: call.span(),
                callee: template.callee.clone(),
                arguments: types,
            });
        }
        value
    }

    /// The companion that `with(..)` gives to a function.
    fn renamed(&self, function: &syn::Path) -> Option<syn::Path> {
        let mut function = function.clone();
        if let Some(last) = function.segments.last_mut() {
            last.arguments = syn::PathArguments::None;
        }
        let renamed = self.options.renamed(&function)?;
        Some(renamed.clone())
    }

    /// Whether an expression is what a call by path gave that floats went into.
    pub(super) fn is_result(&self, expr: &Expr) -> bool {
        match &expr.kind {
            ExprKind::Opaque(template) => {
                template.call.is_some()
                    && template.arguments.iter().any(|part| self.has_floats(part))
            }
            ExprKind::Read(place) => self.results.contains(&place.root),
            ExprKind::Binary(_, a, b) => self.is_result(a) || self.is_result(b),
            ExprKind::Negate(a) => self.is_result(a),
            ExprKind::Block(block) => block.tail.as_ref().is_some_and(|tail| self.is_result(tail)),
            ExprKind::If(_, then, otherwise) => [then, otherwise]
                .iter()
                .filter_map(|block| block.tail.as_ref())
                .any(|tail| self.is_result(tail)),
            _ => false,
        }
    }

    /// Whether a float is read in an expression, as far as is known.
    fn has_floats(&self, expr: &Expr) -> bool {
        let mut any = match &expr.kind {
            ExprKind::Read(place) | ExprKind::Reference(place) => {
                self.types.model(&place.ty).has_float() || self.results.contains(&place.root)
            }
            _ => false,
        };
        crate::hir::visit::children(expr, &mut |part| any |= self.has_floats(part));
        any
    }

    fn with_arguments(
        &mut self,
        callee: TokenStream,
        arguments: Vec<Expr>,
        name: &str,
        span: Extent,
    ) -> Expr {
        let holes: Vec<TokenStream> = arguments
            .iter()
            .enumerate()
            .map(|(i, argument)| passed(argument, i))
            .collect();
        self.template(quote!(#callee(#(#holes),*)), arguments, name, false, span)
    }

    /// Code of the user's with these arguments in its holes.
    pub(super) fn template(
        &self,
        code: TokenStream,
        arguments: Vec<Expr>,
        callee: &str,
        pure: bool,
        span: Extent,
    ) -> Expr {
        let callee = callee.replace(' ', "");
        for argument in &arguments {
            // There it would be the pair that stands for it.
            if self.types.has_option(&argument.ty) {
                let what = "an `Option` in code that is not differentiated is";
                let details = &[what, "take it apart first, by `match` or `unwrap_or`"];
                self.errors
                    .span(argument.span, &diagnostics::EXPRESSION, details);
            }
            self.types.needs_whole(&argument.ty);
            self.types.look_at(&argument.ty);
        }
        let template = Template {
            code: Code::new(code),
            arguments,
            callee,
            pure,
            discrete: false,
            call: None,
        };
        Expr {
            kind: ExprKind::Opaque(template),
            ty: self.types.fresh(),
            span,
        }
    }
}

/// Whether a path names a method or an associated function: what stands ahead of its name is a type.
fn is_method(path: &syn::Path) -> bool {
    let owner = path.segments.iter().rev().nth(1);
    owner.is_some_and(|owner| owner.ident.to_string().starts_with(char::is_uppercase))
}

/// Whether this is a call of `core::array::from_fn`.
pub(super) fn is_from_fn(call: &syn::ExprCall) -> bool {
    let syn::Expr::Path(path) = strip(&call.func) else {
        return false;
    };
    let mut names = path.path.segments.iter().rev();
    let last = names.next().is_some_and(|name| name.ident == "from_fn");
    last && names.next().is_some_and(|name| name.ident == "array")
}

/// A hole as an argument: borrowed where the user handed over a reference.
pub(super) fn passed(argument: &Expr, position: usize) -> TokenStream {
    match &visit::lent(argument).kind {
        ExprKind::Reference(_) => {
            let hole = hole(position);
            quote!(&#hole)
        }
        _ => hole(position).to_token_stream(),
    }
}

/// How an argument is passed.
pub(super) fn passing(argument: &Expr) -> Passed {
    match &visit::lent(argument).kind {
        ExprKind::Reference(place) if place.mutable => Passed::Mutable,
        ExprKind::Reference(_) => Passed::Shared,
        _ => Passed::Value,
    }
}

/// An expression without the parentheses and invisible groups around it.
pub(super) fn strip(mut expr: &syn::Expr) -> &syn::Expr {
    loop {
        expr = match expr {
            syn::Expr::Paren(inner) => &inner.expr,
            syn::Expr::Group(inner) => &inner.expr,
            other => return other,
        };
    }
}
