//! Code of the user's whose value has no derivative, taken over as it is: its variables become holes.

use proc_macro2::TokenStream;
use quote::ToTokens;
use syn::visit::Visit;
use syn::visit_mut::{self, VisitMut};
use syn::{Ident, parse_quote};

use super::Builder;
use super::call::passed;
use crate::diagnostics;
use crate::hir::{Expr, ExprKind};

/// Puts holes into code.
struct Holes<'b, 'a> {
    builder: &'b mut Builder<'a>,
    arguments: Vec<Expr>,
    /// The names that the code itself declares.
    own: Vec<Ident>,
}

impl Builder<'_> {
    /// The code of an expression with holes, and what goes into them; `None` where it was refused.
    pub(super) fn inactive_code(
        &mut self,
        written: &syn::Expr,
    ) -> Option<(TokenStream, Vec<Expr>)> {
        let mut code = written.clone();
        let mut holes = Holes {
            builder: self,
            arguments: Vec::new(),
            own: Vec::new(),
        };
        holes.visit_expr_mut(&mut code);
        let arguments = holes.arguments;
        let broken = |argument: &Expr| matches!(argument.kind, ExprKind::Error);
        if arguments.iter().any(broken) {
            return None;
        }
        self.handed
            .extend(arguments.iter().map(|argument| argument.ty.clone()));
        let code = self.with_items(code.to_token_stream());
        Some((code, arguments))
    }
}

impl Holes<'_, '_> {
    fn refuse(&mut self, expr: &syn::Expr) {
        let what = "control flow in what a function fails with is";
        let instead = "compute the error ahead: `let error = …;`";
        let broken = self
            .builder
            .failed(expr, &diagnostics::EXPRESSION, &[what, instead]);
        self.arguments.push(broken);
    }

    /// A hole in the place of a variable or of a macro, whose arguments are looked into.
    fn variable(&mut self, variable: &syn::Expr) -> syn::Expr {
        let value = self.builder.expr(variable);
        let hole = passed(&value, self.arguments.len());
        let is_reference = matches!(value.kind, ExprKind::Reference(_));
        self.arguments.push(value);
        if is_reference {
            parse_quote!((#hole))
        } else {
            parse_quote!(#hole)
        }
    }
}

impl VisitMut for Holes<'_, '_> {
    fn visit_expr_mut(&mut self, expr: &mut syn::Expr) {
        match expr {
            syn::Expr::Path(path) => {
                if let Some(name) = path.path.get_ident()
                    && !self.own.contains(name)
                    && self.builder.scopes.find(name).is_some()
                {
                    *expr = self.variable(expr);
                }
            }
            syn::Expr::Macro(_) => *expr = self.variable(expr),
            syn::Expr::Closure(closure) => {
                let outside = self.own.len();
                let mut names = Names(&mut self.own);
                closure
                    .inputs
                    .iter()
                    .for_each(|input| names.visit_pat(input));
                self.visit_expr_mut(&mut closure.body);
                self.own.truncate(outside);
            }
            syn::Expr::Struct(literal) => {
                for field in &mut literal.fields {
                    self.visit_expr_mut(&mut field.expr);
                    field.colon_token = Some(<syn::Token![:]>::default());
                }
                if let Some(rest) = &mut literal.rest {
                    self.visit_expr_mut(rest);
                }
            }
            syn::Expr::Block(_)
            | syn::Expr::If(_)
            | syn::Expr::Match(_)
            | syn::Expr::ForLoop(_)
            | syn::Expr::While(_)
            | syn::Expr::Loop(_)
            | syn::Expr::Try(_)
            | syn::Expr::Return(_)
            | syn::Expr::Break(_)
            | syn::Expr::Continue(_)
            | syn::Expr::Let(_)
            | syn::Expr::Assign(_)
            | syn::Expr::Async(_)
            | syn::Expr::Await(_)
            | syn::Expr::Unsafe(_) => self.refuse(expr),
            syn::Expr::Reference(reference) if reference.mutability.is_some() => {
                let broken = self
                    .builder
                    .failed(&reference, &diagnostics::MUTABLE_ARGUMENT, &[]);
                self.arguments.push(broken);
            }
            _ => visit_mut::visit_expr_mut(self, expr),
        }
    }
}

/// The names that a pattern binds.
struct Names<'n>(&'n mut Vec<Ident>);

impl<'ast> Visit<'ast> for Names<'_> {
    fn visit_pat_ident(&mut self, pattern: &'ast syn::PatIdent) {
        self.0.push(pattern.ident.clone());
        syn::visit::visit_pat_ident(self, pattern);
    }
}
