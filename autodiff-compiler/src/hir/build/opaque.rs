//! Methods of values of types that only rustc knows.

use proc_macro2::TokenStream;
use quote::{ToTokens, quote};

use super::Builder;
use super::call::{passed, passing};
use super::call_types::CallSite;
use super::macros::hole;
use crate::diagnostics::Located;
use crate::hir::types::Ty;
use crate::hir::{Call, Expr, ExprKind, LocalId, Template};
use crate::ir::{Code, Passed, ScalarType};
use crate::signature::SignatureParameter;

impl Builder<'_> {
    /// Whether this is what an inactive call gives, or a variable that holds such a value.
    pub(super) fn only_rustc_knows(&self, receiver: &Expr) -> bool {
        match self.types.shallow(&receiver.ty) {
            Ty::Scalar(ScalarType::Inferred) => true,
            Ty::Var(_) => matches!(receiver.kind, ExprKind::Opaque(_)),
            _ => false,
        }
    }

    /// A method on something that only rustc knows the type of.
    pub(super) fn opaque_method(&mut self, receiver: Expr, call: &syn::ExprMethodCall) -> Expr {
        let span = call.span();
        let method = &call.method;
        let turbofish = &call.turbofish;
        let name = method.to_string();
        let owner = self.owner(&receiver);
        let of_receiver = match self.types.shallow(&receiver.ty) {
            Ty::Struct(_) => Passed::Shared,
            _ => Passed::Value,
        };
        let (object, mut operands, callee) = match receiver.kind {
            ExprKind::Constant(code) => (code.tokens().clone(), Vec::new(), name),
            // What takes a result apart stays with the call: rustc may need both to find the types.
            ExprKind::Opaque(template)
                if opens(&name) && can_go_on(&template) && call.args.iter().all(is_at_hand) =>
            {
                let code = template.code.tokens().clone();
                (code, template.arguments, template.callee)
            }
            _ => (hole(0).to_token_stream(), vec![receiver], name),
        };
        let mut arguments = Vec::new();
        for argument in &call.args {
            if let syn::Expr::Closure(_) = argument {
                let Some((code, more)) = self.more_inactive_code(argument, operands) else {
                    return self.broken(span);
                };
                arguments.push(code);
                operands = more;
                continue;
            }
            let value = self.lent(argument);
            self.handed.push(value.ty.clone());
            arguments.push(passed(&value, operands.len()));
            operands.push(value);
        }
        let code: TokenStream = quote!(#object.#method #turbofish(#(#arguments),*));
        let mut value = self.template(code, operands, &callee, false, span);
        if method == "len" {
            value.ty = Ty::USIZE;
            return value;
        }
        let looks_into = call
            .args
            .iter()
            .any(|argument| matches!(argument, syn::Expr::Closure(_)));
        if let (ExprKind::Opaque(template), Some(owner), false) =
            (&mut value.kind, owner, looks_into)
        {
            // The receiver is taken as the method wants it.
            let arguments = template.arguments.iter().skip(1).map(passing);
            let item = hole(0);
            template.call = Some(Call {
                id: self.calls.len(),
                companion: Code::new(quote!(<#owner>::#item)),
                method: Some(method.clone()),
                of_receiver: Some(Code::new(quote!(#method #turbofish))),
                passing: std::iter::once(of_receiver).chain(arguments).collect(),
            });
            let types = template
                .arguments
                .iter()
                .map(|argument| argument.ty.clone());
            self.calls.push(CallSite {
                result: value.ty.clone(),
                span,
                callee: template.callee.clone(),
                arguments: types.collect(),
            });
        }
        value
    }

    /// Keeps the type of a parameter of which nothing but that name is known.
    pub(super) fn note_owner(&mut self, local: LocalId, parameter: &SignatureParameter) {
        if let (None, Some(owner)) = (&parameter.ty, crate::parse::own_type(&parameter.declared)) {
            self.owners.insert(local, owner.to_token_stream());
        }
    }

    /// The type of the user's that a method is called on, where its name is known.
    pub(super) fn owner(&self, receiver: &Expr) -> Option<TokenStream> {
        let ExprKind::Read(place) = &receiver.kind else {
            return None;
        };
        let declared = self.owners.get(&place.root);
        let declared = declared.filter(|_| place.path.is_empty()).cloned();
        declared.or_else(|| self.types.path_of(&receiver.ty))
    }
}

/// Whether a method takes a `Result` or an `Option` apart, or maps what is inside.
fn opens(method: &str) -> bool {
    matches!(
        method,
        "map_err" | "ok" | "err" | "ok_or" | "ok_or_else" | "or" | "or_else" | "unwrap" | "expect"
    ) || method.starts_with("unwrap_or")
}

/// Whether evaluating an argument does nothing, so that it may be done ahead of the receiver.
fn is_at_hand(argument: &syn::Expr) -> bool {
    matches!(
        argument,
        syn::Expr::Lit(_) | syn::Expr::Path(_) | syn::Expr::Closure(_)
    )
}

/// Whether a method can be written behind the code.
fn can_go_on(template: &Template) -> bool {
    let text = template.code.text();
    !template.pure && !text.starts_with(['&', '*', '-', '!']) && !text.starts_with("return")
}
