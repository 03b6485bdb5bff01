//! How long arrays are that `core::array::from_fn` makes, where a type that is written around the call says so.

use quote::ToTokens;
use syn::visit_mut::{VisitMut, visit_expr_closure_mut, visit_expr_return_mut, visit_local_mut};
use syn::{Expr, ExprClosure, ExprReturn, Item, ItemFn, Local, Pat, ReturnType, Stmt, Type};
use syn::{PathArguments, parse_quote};

use super::super::call::is_from_fn;

/// The function with the lengths written into such calls (`from_fn::<_, 3, _>`); nothing where there are none.
pub(in crate::hir::build) fn written_out(item: &ItemFn) -> Option<ItemFn> {
    let tokens = item.block.to_token_stream().to_string();
    if !tokens.contains("from_fn") {
        return None;
    }
    let mut item = item.clone();
    let result = declared(&item.sig.output);
    let mut lengths = Lengths {
        result: result.clone(),
    };
    if let Some(result) = &result {
        block(&mut item.block.stmts, result);
    }
    lengths.visit_block_mut(&mut item.block);
    Some(item)
}

/// Looks for types that are written.
struct Lengths {
    /// What the function or closure around this returns.
    result: Option<Type>,
}

impl VisitMut for Lengths {
    fn visit_local_mut(&mut self, local: &mut Local) {
        if let (Pat::Type(typed), Some(init)) = (&local.pat, &mut local.init) {
            value(&mut init.expr, &typed.ty);
        }
        visit_local_mut(self, local);
    }

    fn visit_expr_return_mut(&mut self, exit: &mut ExprReturn) {
        if let (Some(expr), Some(result)) = (&mut exit.expr, &self.result) {
            value(expr, result);
        }
        visit_expr_return_mut(self, exit);
    }

    fn visit_expr_closure_mut(&mut self, closure: &mut ExprClosure) {
        let result = declared(&closure.output);
        if let Some(result) = &result {
            value(&mut closure.body, result);
        }
        let outer = std::mem::replace(&mut self.result, result);
        visit_expr_closure_mut(self, closure);
        self.result = outer;
    }

    fn visit_item_mut(&mut self, _: &mut Item) {}
}

fn declared(output: &ReturnType) -> Option<Type> {
    match output {
        ReturnType::Type(_, ty) => Some((**ty).clone()),
        ReturnType::Default => None,
    }
}

/// An expression of the type `ty`.
fn value(expr: &mut Expr, ty: &Type) {
    match (expr, ty) {
        (expr, Type::Paren(inner)) => value(expr, &inner.elem),
        (expr, Type::Group(inner)) => value(expr, &inner.elem),
        (Expr::Paren(inner), ty) => value(&mut inner.expr, ty),
        (Expr::Group(inner), ty) => value(&mut inner.expr, ty),
        (Expr::Block(inner), ty) => block(&mut inner.block.stmts, ty),
        (Expr::If(branch), ty) => {
            block(&mut branch.then_branch.stmts, ty);
            if let Some((_, otherwise)) = &mut branch.else_branch {
                value(otherwise, ty);
            }
        }
        (Expr::Match(matching), ty) => {
            for arm in &mut matching.arms {
                value(&mut arm.body, ty);
            }
        }
        (Expr::Reference(reference), Type::Reference(ty)) => value(&mut reference.expr, &ty.elem),
        (Expr::Tuple(tuple), Type::Tuple(ty)) => {
            for (part, ty) in tuple.elems.iter_mut().zip(&ty.elems) {
                value(part, ty);
            }
        }
        (Expr::Array(array), Type::Array(ty)) => {
            for element in &mut array.elems {
                value(element, &ty.elem);
            }
        }
        (Expr::Call(call), Type::Array(ty)) if is_from_fn(call) => {
            if let Some(Expr::Closure(closure)) = call.args.first_mut() {
                value(&mut closure.body, &ty.elem);
            }
            if let Expr::Path(path) = &mut *call.func
                && let Some(last) = path.path.segments.last_mut()
                && let PathArguments::None = last.arguments
            {
                let length = &ty.len;
                last.arguments = PathArguments::AngleBracketed(parse_quote!(::<_, { #length }, _>));
            }
        }
        _ => {}
    }
}

/// Statements whose tail is of the type `ty`.
fn block(stmts: &mut [Stmt], ty: &Type) {
    if let Some(Stmt::Expr(tail, None)) = stmts.last_mut() {
        value(tail, ty);
    }
}
