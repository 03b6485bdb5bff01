//! Code of the user's that stays as it is, with its arguments in holes.

use proc_macro2::TokenStream;
use quote::quote;

use super::slot::Value;
use super::{Lowering, OpaqueCall};
use crate::diagnostics::Extent;
use crate::hir::types::Ty;
use crate::hir::{self, Expr, ExprKind};
use crate::ir::{Argument, Code, Op, Operand, ScalarType, Stmt, Template, Type};

impl Lowering<'_> {
    pub(super) fn opaque(&mut self, template: &hir::Template, expr: &Expr) -> Value {
        if let Some(call) = &template.call
            && self.is_differentiated(call, expr)
        {
            return self.call(template, call, expr);
        }
        let arguments = self.in_order(&template.arguments, Self::argument);
        let code = Template {
            code: match self.types.model(&expr.ty) {
                Type::Scalar(ty) => of_type(&template.code, &ty),
                _ => template.code.clone(),
            },
            arguments: arguments.clone(),
        };
        let mut result = None;
        let value = match self.types.model(&expr.ty) {
            Type::Tuple(parts) if parts.is_empty() => {
                self.stmts.push(Stmt::Effect(code));
                Value::UNIT
            }
            Type::Scalar(ty) if ty == ScalarType::Inferred && never(template) => {
                self.stmts.push(Stmt::Effect(code));
                Value::UNIT
            }
            Type::Scalar(_) if never(template) => {
                self.stmts.push(Stmt::Effect(code));
                self.dummy(&expr.ty)
            }
            Type::Scalar(ty) => {
                let value = self.new_value("", ty);
                let op = if template.pure {
                    Op::Pure(code)
                } else {
                    Op::Opaque(code)
                };
                self.stmts.push(Stmt::Let { value, op });
                result = Some(value);
                Value::Scalar(Operand::Value(value))
            }
            _ if never(template) => {
                self.stmts.push(Stmt::Effect(code));
                self.dummy(&expr.ty)
            }
            // Arrays and tuples of inactive functions stay values of a type that only rustc knows.
            _ => {
                let value = self.new_value("", ScalarType::Inferred);
                let op = if template.pure {
                    Op::Pure(code)
                } else {
                    Op::Opaque(code)
                };
                self.stmts.push(Stmt::Let { value, op });
                result = Some(value);
                Value::Scalar(Operand::Value(value))
            }
        };
        if !template.discrete {
            let callee = template.callee.clone();
            self.opaque_calls.push(OpaqueCall {
                callee,
                span: expr.span,
                arguments,
                result,
            });
        }
        value
    }

    /// Runs code for its effect.
    pub(super) fn effect(&mut self, template: &hir::Template, span: Extent) {
        let arguments = self.in_order(&template.arguments, Self::argument);
        let code = template.code.clone();
        self.stmts.push(Stmt::Effect(Template {
            code,
            arguments: arguments.clone(),
        }));
        self.opaque_calls.push(OpaqueCall {
            callee: template.callee.clone(),
            span,
            arguments,
            result: None,
        });
    }

    /// The value behind a reference, which may be one to a variable that the argument itself makes.
    fn lent(&mut self, argument: &Expr) -> Value {
        match &argument.kind {
            ExprKind::Reference(place) => self.read(place),
            ExprKind::Block(hir::Block {
                stmts,
                tail: Some(tail),
            }) => {
                stmts.iter().for_each(|stmt| self.stmt(stmt));
                self.lent(tail)
            }
            _ => self.value(argument),
        }
    }

    pub(super) fn argument(&mut self, argument: &Expr) -> Argument {
        let ty: &Ty = &argument.ty;
        let value = self.lent(argument);
        let value = self.whole_structs(value, ty, argument.span);
        match value {
            Value::Scalar(operand) => Argument::Scalar(operand),
            other => Argument::Place(self.in_memory(other, ty)),
        }
    }
}

/// The code, with the type of its value where rustc could not find that by the code alone: `text.parse()?`.
fn of_type(code: &Code, ty: &ScalarType) -> Code {
    if !code.text().ends_with('?') {
        return code.clone();
    }
    let Ok(syn::Expr::Try(question)) = syn::parse2(code.tokens().clone()) else {
        return code.clone();
    };
    let is_open =
        matches!(&*question.expr, syn::Expr::MethodCall(call) if call.turbofish.is_none());
    let ty = Ty::Scalar(ty.clone()).to_string();
    match ty.parse::<TokenStream>() {
        Ok(ty) if is_open && ty.to_string() != "_" => {
            Code::new(quote!(::core::convert::identity::<#ty>(#question)))
        }
        _ => code.clone(),
    }
}

/// Whether the code never comes to its end.
fn never(template: &hir::Template) -> bool {
    matches!(
        template.callee.rsplit("::").next(),
        Some("panic" | "unreachable" | "todo" | "unimplemented" | "return")
    )
}
