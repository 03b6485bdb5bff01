//! Functions that return `Result` or `Option`: the body gives what is inside, and failing is code that leaves the
//! function, as `panic!` is. A derivative function returns its own value in the same wrapper, so that this code means
//! the same there.

use quote::quote;
use syn::visit_mut::{self, VisitMut};

use super::Builder;
use super::call::strip;
use super::macros::hole;
use crate::diagnostics::{self, Extent, Located};
use crate::hir::types::Ty;
use crate::hir::{Block, Expr, ExprKind, Template};
use crate::ir::Code;
use crate::signature::WrapperKind;

/// What an expression is that gives the value of the function.
enum Given<'e> {
    /// `Ok(value)`, `Some(value)`
    Value(&'e syn::Expr),
    /// `Err(error)`, `None`
    Failure(Option<&'e syn::Expr>),
    /// An expression whose parts give it, or that never comes to its end.
    Control,
    /// Anything else that is a `Result` or an `Option`.
    Whole,
}

fn given(expr: &syn::Expr, kind: WrapperKind) -> Given<'_> {
    match strip(expr) {
        syn::Expr::Call(call) => {
            let syn::Expr::Path(path) = strip(&call.func) else {
                return Given::Whole;
            };
            let name = path.path.segments.last().map(|last| last.ident.to_string());
            match (kind, name.as_deref(), call.args.first()) {
                (WrapperKind::Result, Some("Ok"), Some(value))
                | (WrapperKind::Option, Some("Some"), Some(value)) => Given::Value(value),
                (WrapperKind::Result, Some("Err"), Some(error)) => Given::Failure(Some(error)),
                _ => Given::Whole,
            }
        }
        syn::Expr::Path(path) if kind == WrapperKind::Option && is_none(&path.path) => {
            Given::Failure(None)
        }
        syn::Expr::Block(_)
        | syn::Expr::If(_)
        | syn::Expr::Match(_)
        | syn::Expr::Loop(_)
        | syn::Expr::Macro(_)
        | syn::Expr::Return(_)
        | syn::Expr::Break(_)
        | syn::Expr::Continue(_) => Given::Control,
        _ => Given::Whole,
    }
}

fn is_none(path: &syn::Path) -> bool {
    path.segments
        .last()
        .is_some_and(|last| last.ident == "None")
}

/// The block with what is inside of the wrapper in the place of what it gives.
pub(super) fn opened_block(block: &syn::Block, kind: WrapperKind) -> syn::Block {
    let mut block = block.clone();
    if let Some(syn::Stmt::Expr(tail, None)) = block.stmts.last_mut() {
        *tail = opened(tail, kind);
    }
    block
}

/// As [`opened_block`], of an expression. What is neither a value nor a failure is returned, which looks inside.
fn opened(expr: &syn::Expr, kind: WrapperKind) -> syn::Expr {
    match given(expr, kind) {
        Given::Value(value) => value.clone(),
        Given::Failure(_) | Given::Whole => returned(expr.clone()),
        Given::Control => match strip(expr).clone() {
            syn::Expr::Block(mut block) => {
                block.block = opened_block(&block.block, kind);
                if let Some(label) = &block.label {
                    let mut exits = Exits::of(Some(&label.name), false);
                    exits.visit_block_mut(&mut block.block);
                }
                syn::Expr::Block(block)
            }
            syn::Expr::If(mut branch) => {
                branch.then_branch = opened_block(&branch.then_branch, kind);
                if let Some((_, otherwise)) = &mut branch.else_branch {
                    **otherwise = opened(otherwise, kind);
                }
                syn::Expr::If(branch)
            }
            syn::Expr::Match(mut matching) => {
                for arm in &mut matching.arms {
                    *arm.body = opened(&arm.body, kind);
                }
                syn::Expr::Match(matching)
            }
            syn::Expr::Loop(mut looping) => {
                let label = looping.label.as_ref().map(|label| &label.name);
                Exits::of(label, true).visit_block_mut(&mut looping.body);
                syn::Expr::Loop(looping)
            }
            other => other,
        },
    }
}

fn returned(expr: syn::Expr) -> syn::Expr {
    let span = expr.span().start();
    syn::Expr::Return(syn::ExprReturn {
        attrs: Vec::new(),
        return_token: syn::token::Return(span),
        expr: Some(Box::new(expr)),
    })
}

/// Turns each `break` with the value of a loop or block, whose value is that of the function, into a `return`.
struct Exits {
    label: Option<String>,
    /// Whether a `break` without label means it.
    nearest: bool,
}

impl Exits {
    fn of(label: Option<&syn::Lifetime>, nearest: bool) -> Self {
        let label = label.map(|label| label.ident.to_string());
        Self { label, nearest }
    }

    fn inside_a_loop(&mut self, body: &mut syn::Block) {
        let outer = std::mem::replace(&mut self.nearest, false);
        self.visit_block_mut(body);
        self.nearest = outer;
    }
}

impl VisitMut for Exits {
    fn visit_expr_mut(&mut self, expr: &mut syn::Expr) {
        visit_mut::visit_expr_mut(self, expr);
        if let syn::Expr::Break(exit) = expr {
            let means_it = match &exit.label {
                Some(label) => Some(label.ident.to_string()) == self.label,
                None => self.nearest,
            };
            if let (true, Some(value)) = (means_it, &exit.expr) {
                *expr = returned((**value).clone());
            }
        }
    }

    fn visit_expr_loop_mut(&mut self, looping: &mut syn::ExprLoop) {
        self.inside_a_loop(&mut looping.body);
    }

    fn visit_expr_while_mut(&mut self, looping: &mut syn::ExprWhile) {
        self.inside_a_loop(&mut looping.body);
    }

    fn visit_expr_for_loop_mut(&mut self, looping: &mut syn::ExprForLoop) {
        self.inside_a_loop(&mut looping.body);
    }

    fn visit_expr_closure_mut(&mut self, _: &mut syn::ExprClosure) {}

    fn visit_item_mut(&mut self, _: &mut syn::Item) {}
}

/// A `return` at the end of a function is its value.
pub(super) fn leave_tail(block: &mut Block) {
    if let Some(tail) = &mut block.tail
        && let ExprKind::Return(Some(value)) = &mut tail.kind
    {
        let value = std::mem::replace(&mut **value, Expr::unit(tail.span));
        **tail = value;
    }
}

impl Builder<'_> {
    /// `return value` of a function that may fail.
    pub(super) fn wrapped_return(
        &mut self,
        kind: WrapperKind,
        written: &syn::Expr,
        span: Extent,
    ) -> Expr {
        let value = match given(written, kind) {
            Given::Failure(error) => return self.failure(error, span),
            Given::Value(value) => self.expr(value),
            Given::Control => self.expr(&opened(written, kind)),
            Given::Whole => self.inside_or_leave(written, span),
        };
        let value = self.value_of(value);
        self.expect(&value, &self.result);
        Expr {
            kind: ExprKind::Return(Some(Box::new(value))),
            ty: self.types.fresh(),
            span,
        }
    }

    /// `return Err(error)`, `return None`
    fn failure(&mut self, error: Option<&syn::Expr>, span: Extent) -> Expr {
        let (code, arguments) = match error {
            None => (quote!(return ::core::option::Option::None), Vec::new()),
            Some(error) => {
                let Some((code, arguments)) = self.inactive_code(error) else {
                    return self.broken(span);
                };
                (quote!(return ::core::result::Result::Err(#code)), arguments)
            }
        };
        self.leaving(code, arguments, span)
    }

    /// Code of the user's that leaves the function. What goes into it has no influence on any derivative.
    fn leaving(
        &mut self,
        code: proc_macro2::TokenStream,
        arguments: Vec<Expr>,
        span: Extent,
    ) -> Expr {
        let mut leaving = self.template(code, arguments, "return", false, span);
        if let ExprKind::Opaque(template) = &mut leaving.kind {
            template.discrete = true;
        }
        leaving
    }

    /// `value?`
    pub(super) fn question(&mut self, question: &syn::ExprTry) -> Expr {
        let span = question.span();
        let Some(kind) = self.wrapper.filter(|_| self.returns.is_empty()) else {
            return self.failed(question.question_token, &diagnostics::QUESTION_MARK, &[]);
        };
        match given(&question.expr, kind) {
            Given::Value(value) => self.expr(value),
            Given::Failure(None) => self.failure(None, span),
            Given::Failure(Some(error)) => {
                let Some((code, arguments)) = self.inactive_code(error) else {
                    return self.broken(span);
                };
                let code =
                    quote!(return ::core::result::Result::Err(::core::convert::From::from(#code)));
                self.leaving(code, arguments, span)
            }
            Given::Control | Given::Whole => self.inside_or_leave(&question.expr, span),
        }
    }

    /// What is inside of a `Result` or `Option`, or out of the function with its failure.
    fn inside_or_leave(&mut self, written: &syn::Expr, span: Extent) -> Expr {
        if let Some(value) = self.found_or_leave(written, span) {
            return value;
        }
        let value = self.expr(written);
        let value = self.value_of(value);
        if let (Ty::Option(_), Some(WrapperKind::Option)) =
            (self.types.shallow(&value.ty), self.wrapper)
        {
            return self.some_or_leave(value, |builder| Some(builder.failure(None, span)), span);
        }
        match value.kind {
            ExprKind::Error => value,
            ExprKind::Opaque(template) => self.questioned(template, span),
            _ if self.types.resolve(&value.ty) == self.inferred()
                || matches!(value.kind, ExprKind::Constant(_)) =>
            {
                let hole = hole(0);
                self.template(quote!(#hole?), vec![value], "?", false, span)
            }
            // What is wrong with it has been reported.
            _ if !self.errors.is_empty() => self.broken(span),
            _ => {
                let found = self.types.resolve(&value.ty).to_string();
                let wanted = "a `Result` or an `Option`";
                self.failed(written, &diagnostics::TYPE_MISMATCH, &[wanted, &found])
            }
        }
    }

    /// The call and the question stay together: rustc takes the type of what is inside from them both.
    fn questioned(&self, mut template: Template, span: Extent) -> Expr {
        let code = template.code.tokens();
        template.code = Code::new(quote!(#code?));
        template.pure = false;
        // Of functions that may fail, no companion is called.
        template.call = None;
        Expr {
            kind: ExprKind::Opaque(template),
            ty: self.types.fresh(),
            span,
        }
    }

    /// `option.ok_or(error)`, `option.ok_or_else(|| error)`: the value, or out of the function with the error.
    fn found_or_leave(&mut self, written: &syn::Expr, span: Extent) -> Option<Expr> {
        let syn::Expr::MethodCall(call) = strip(written) else {
            return None;
        };
        let lazy = call.method == "ok_or_else";
        let argument = call.args.first()?;
        if self.wrapper != Some(WrapperKind::Result) || !(lazy || call.method == "ok_or") {
            return None;
        }
        let option = self.expr(&call.receiver);
        if let ExprKind::Error = option.kind {
            return Some(option);
        }
        if !matches!(self.types.shallow(&option.ty), Ty::Option(_)) {
            return Some(self.opaque_or_leave(option, call, span));
        }
        let mut failed = false;
        let block = self.scoped(|builder| {
            let option = builder.named("option", option);
            let error = match lazy {
                true => None,
                false => {
                    let error = builder.expr(argument);
                    Some(builder.named("error", error))
                }
            };
            let function = match lazy {
                true => Some(builder.callable(argument)?),
                false => None,
            };
            let leave = |builder: &mut Self| {
                let error = match (&function, error) {
                    (Some(function), _) => builder.call_callable(function, Vec::new(), span),
                    (None, error) => error?,
                };
                failed = matches!(error.kind, ExprKind::Error);
                let hole = hole(0);
                let code =
                    quote!(return ::core::result::Result::Err(::core::convert::From::from(#hole)));
                Some(builder.leaving(code, vec![error], span))
            };
            Some(builder.some_or_leave(option, leave, span))
        });
        if failed || block.tail.is_none() {
            return Some(self.broken(span));
        }
        let ty = self.block_type(&block);
        Some(Expr {
            kind: ExprKind::Block(block),
            ty,
            span,
        })
    }

    /// `option.ok_or(error)?` of an `Option` that only rustc knows.
    fn opaque_or_leave(&mut self, option: Expr, call: &syn::ExprMethodCall, span: Extent) -> Expr {
        let value = self.opaque_method(option, call);
        match value.kind {
            ExprKind::Opaque(template) => self.questioned(template, span),
            _ => value,
        }
    }
}
