//! Code of the user's whose value has no derivative, taken over as it is: its variables become holes.

use proc_macro2::TokenStream;
use quote::{ToTokens, quote};
use syn::punctuated::Punctuated;
use syn::visit::Visit;
use syn::visit_mut::{self, VisitMut};
use syn::{Ident, parse_quote};

use super::Builder;
use super::assertions::captures;
use super::call::passed;
use super::macros::hole;
use crate::diagnostics;
use crate::hir::types::Ty;
use crate::hir::{Expr, ExprKind};

/// Puts holes into code.
struct Holes<'b, 'a> {
    builder: &'b mut Builder<'a>,
    arguments: Vec<Expr>,
    /// The names that the code itself declares.
    own: Vec<Ident>,
    /// Whether the code is inside of a closure, which could change what it captures.
    in_closure: bool,
}

impl Builder<'_> {
    /// The code of an expression with holes, and what goes into them; `None` where it was refused.
    pub(super) fn inactive_code(
        &mut self,
        written: &syn::Expr,
    ) -> Option<(TokenStream, Vec<Expr>)> {
        self.more_inactive_code(written, Vec::new())
    }

    /// As [`Self::inactive_code`], where there are holes already.
    pub(super) fn more_inactive_code(
        &mut self,
        written: &syn::Expr,
        arguments: Vec<Expr>,
    ) -> Option<(TokenStream, Vec<Expr>)> {
        let before = arguments.len();
        let mut code = written.clone();
        let mut holes = Holes {
            builder: self,
            arguments,
            own: Vec::new(),
            in_closure: false,
        };
        holes.visit_expr_mut(&mut code);
        let arguments = holes.arguments;
        let broken = |argument: &Expr| matches!(argument.kind, ExprKind::Error);
        if arguments.iter().any(broken) {
            return None;
        }
        self.handed.extend(
            arguments[before..]
                .iter()
                .map(|argument| argument.ty.clone()),
        );
        let code = self.with_items(code.to_token_stream());
        Some((code, arguments))
    }
}

impl Holes<'_, '_> {
    fn refuse(&mut self, expr: &syn::Expr) {
        let what = "control flow or an assignment in code that is not differentiated is";
        let instead = "compute the value ahead: `let value = …;`";
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
        let ty = self.builder.types.shallow(&value.ty);
        if self.in_closure && !is_reference && !matches!(ty, Ty::Scalar(_) | Ty::Var(_)) {
            let broken = self
                .builder
                .failed(variable, &diagnostics::CLOSURE_ARGUMENT, &[]);
            self.arguments.push(broken);
        }
        self.arguments.push(if self.in_closure && !is_reference {
            self.builder.inactive(value)
        } else {
            value
        });
        if is_reference {
            parse_quote!((#hole))
        } else {
            parse_quote!(#hole)
        }
    }
}

impl Holes<'_, '_> {
    /// A formatting macro inside of a closure, which runs it or not.
    fn formatted(&mut self, mac: &mut syn::Macro) {
        let name = mac.path.segments.last().map(|last| last.ident.to_string());
        let known = matches!(
            name.as_deref(),
            Some("format" | "anyhow" | "eyre" | "panic")
        );
        let parser = Punctuated::<syn::Expr, syn::Token![,]>::parse_terminated;
        let arguments = if known {
            mac.parse_body_with(parser)
        } else {
            Err(syn::Error::new_spanned(&*mac, ""))
        };
        let Ok(mut arguments) = arguments else {
            let broken = self
                .builder
                .failed(&*mac, &diagnostics::MACRO_ARGUMENTS, &[]);
            return self.arguments.push(broken);
        };
        arguments
            .iter_mut()
            .skip(1)
            .for_each(|argument| self.visit_expr_mut(argument));
        arguments.pop_punct();
        let mut named = TokenStream::new();
        if let Some(syn::Expr::Lit(literal)) = arguments.first()
            && let syn::Lit::Str(text) = &literal.lit
        {
            for name in captures(text) {
                if self.own.contains(&name) || self.builder.scopes.find(&name).is_none() {
                    continue;
                }
                let value = self.variable(&parse_quote!(#name));
                named.extend(quote!(, #name = #value));
            }
        }
        mac.tokens = quote!(#arguments #named);
    }
}

impl Builder<'_> {
    /// A number whose derivatives nobody asks for.
    fn inactive(&self, value: Expr) -> Expr {
        let hole = hole(0);
        let (ty, span) = (value.ty.clone(), value.span);
        let mut inactive = self.template(quote!(#hole), vec![value], "closure", true, span);
        if let ExprKind::Opaque(template) = &mut inactive.kind {
            template.discrete = true;
        }
        Expr { ty, ..inactive }
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
            syn::Expr::Macro(call) if self.in_closure => self.formatted(&mut call.mac),
            syn::Expr::Macro(_) => *expr = self.variable(expr),
            syn::Expr::Closure(closure) => {
                let outside = self.own.len();
                let outer = std::mem::replace(&mut self.in_closure, true);
                let mut names = Names(&mut self.own);
                closure
                    .inputs
                    .iter()
                    .for_each(|input| names.visit_pat(input));
                self.visit_expr_mut(&mut closure.body);
                self.own.truncate(outside);
                self.in_closure = outer;
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
            syn::Expr::Binary(binary) if assigns(&binary.op) => self.refuse(expr),
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

/// Whether an operator changes its left side.
fn assigns(op: &syn::BinOp) -> bool {
    use syn::BinOp;
    matches!(
        op,
        BinOp::AddAssign(_)
            | BinOp::SubAssign(_)
            | BinOp::MulAssign(_)
            | BinOp::DivAssign(_)
            | BinOp::RemAssign(_)
            | BinOp::BitXorAssign(_)
            | BinOp::BitAndAssign(_)
            | BinOp::BitOrAssign(_)
            | BinOp::ShlAssign(_)
            | BinOp::ShrAssign(_)
    )
}
