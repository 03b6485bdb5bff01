//! Which calls by path are differentiated, and what they give where nothing says so.
//!
//! Whether a derivative passes through a call is known for sure only once its function is lowered; but what a call gives
//! must have a type by then. So a rougher answer is found on the tree: what an active parameter may have gone into. A
//! type that is guessed is written out in the emitted code, where rustc finds a wrong guess.

use rustc_hash::FxHashSet as HashSet;

use super::Builder;
use crate::diagnostics::{self, Extent};
use crate::hir::types::Ty;
use crate::hir::visit::{children, handed_over};
use crate::hir::{Block, Expr, ExprKind, LocalId, Stmt, Template};
use crate::ir::{FloatType, ScalarType};
use crate::signature::Signature;

/// A call by path.
pub(super) struct CallSite {
    pub(super) result: Ty,
    pub(super) span: Extent,
    pub(super) callee: String,
    pub(super) arguments: Vec<Ty>,
}

impl Builder<'_> {
    /// Says of each call by path whether something that may vary goes in; settles what those calls give.
    pub(super) fn differentiated(
        &self,
        block: &Block,
        active: HashSet<LocalId>,
        signature: &Signature,
    ) -> Vec<bool> {
        let mut varying = Varying {
            builder: self,
            locals: active,
            calls: vec![false; self.calls.len()],
            changed: true,
        };
        while std::mem::take(&mut varying.changed) {
            varying.block(block);
        }
        let calls = varying.calls;
        crate::hir::visit::inside(block, &mut |expr| self.leave_open(expr));
        self.discarded(block, signature.result.is_none());
        let only = only_float(signature);
        for (site, differentiated) in self.calls.iter().zip(&calls) {
            if let (true, Some(float)) = (*differentiated, &only) {
                let mut open = Vec::new();
                for ty in &site.arguments {
                    self.unknown_parts(ty, &mut open);
                }
                // A literal is a number like those around it.
                for part in open.iter().filter(|part| self.types.is_float(part)) {
                    self.types
                        .unify(part, &Ty::Scalar(ScalarType::Float(float.clone())));
                }
            }
            let mut open = Vec::new();
            self.unknown_parts(&site.result, &mut open);
            // Of which type an integer is, rustc knows.
            open.iter()
                .filter(|part| self.types.is_integer(part))
                .for_each(|part| self.types.leave_open(part));
            open.retain(|part| matches!(self.types.shallow(part), Ty::Var(_)));
            for part in open {
                if !*differentiated && !self.types.is_float(&part) {
                    continue;
                }
                let taken_apart = self
                    .taken_apart
                    .iter()
                    .any(|ty| self.types.shallow(ty) == part);
                match &only {
                    Some(float) if !taken_apart => {
                        let float = Ty::Scalar(ScalarType::Float(float.clone()));
                        let is_whole = self.types.shallow(&site.result) == part;
                        let given = match is_whole && gives_vec(&site.callee) {
                            true => Ty::Vec(Box::new(float)),
                            false => float,
                        };
                        self.types.unify(&part, &given);
                    }
                    // What it gives is a number at least, and literals are `f64` where nothing else is said.
                    _ if self.types.is_float(&part) && !*differentiated => {}
                    _ => self.errors.span(
                        site.span,
                        &diagnostics::CALL_RESULT,
                        &[&site.callee, &site.callee],
                    ),
                }
            }
        }
        calls
    }

    /// Of which type an integer is that other code of the user's gives, rustc knows.
    fn leave_open(&self, expr: &Expr) {
        if let ExprKind::Opaque(template) = &expr.kind
            && self.types.is_integer(&expr.ty)
            && !is_question_of_method(template)
        {
            self.types.leave_open(&expr.ty);
        }
        children(expr, &mut |part| self.leave_open(part));
    }

    /// The parts of a type of which nothing is known.
    fn unknown_parts(&self, ty: &Ty, open: &mut Vec<Ty>) {
        match self.types.shallow(ty) {
            ty @ Ty::Var(_) => open.push(ty),
            Ty::Scalar(_) | Ty::Struct(_) => {}
            Ty::Tuple(parts) => parts.iter().for_each(|part| self.unknown_parts(part, open)),
            Ty::Array(element, _) | Ty::Slice(element) | Ty::Vec(element) | Ty::Option(element) => {
                self.unknown_parts(&element, open)
            }
        }
    }

    /// What a call gives that stands as a statement is nothing, unless something else is known of it.
    fn discarded(&self, block: &Block, tail: bool) {
        for stmt in &block.stmts {
            match stmt {
                Stmt::Expr(expr) => self.discarded_value(expr),
                Stmt::Let(_, Some(value)) => self.inside(value),
                Stmt::Let(_, None) | Stmt::Check(_) => {}
            }
        }
        match &block.tail {
            Some(expr) if tail => self.discarded_value(expr),
            Some(expr) => self.inside(expr),
            None => {}
        }
    }

    fn discarded_value(&self, expr: &Expr) {
        match &expr.kind {
            ExprKind::Opaque(template) => {
                if template.call.is_some() && matches!(self.types.shallow(&expr.ty), Ty::Var(_)) {
                    self.types.unify(&expr.ty, &Ty::unit());
                }
                self.inside(expr);
            }
            ExprKind::Block(block) | ExprKind::Labelled(_, block) => self.discarded(block, true),
            ExprKind::If(condition, then, otherwise) => {
                self.inside(condition);
                self.discarded(then, true);
                self.discarded(otherwise, true);
            }
            _ => self.inside(expr),
        }
    }

    /// The statements inside of an expression whose value is used.
    fn inside(&self, expr: &Expr) {
        match &expr.kind {
            ExprKind::Block(block) | ExprKind::Labelled(_, block) => self.discarded(block, false),
            ExprKind::If(condition, then, otherwise) => {
                self.inside(condition);
                self.discarded(then, false);
                self.discarded(otherwise, false);
            }
            ExprKind::Loop(_, body) => self.discarded(body, true),
            ExprKind::While(_, condition, body) => {
                self.inside(condition);
                self.discarded(body, true);
            }
            ExprKind::For(_, _, range, body) => {
                self.inside(&range.low);
                self.inside(&range.high);
                self.discarded(body, true);
            }
            _ => children(expr, &mut |part| self.inside(part)),
        }
    }
}

/// Finds what may vary with an active parameter, wherever in the function.
struct Varying<'b, 'e> {
    builder: &'b Builder<'e>,
    locals: HashSet<LocalId>,
    calls: Vec<bool>,
    changed: bool,
}

impl Varying<'_, '_> {
    fn block(&mut self, block: &Block) {
        for stmt in &block.stmts {
            match stmt {
                Stmt::Let(local, Some(value)) => {
                    self.statements(value);
                    if self.varies(value) {
                        self.mark(*local);
                    }
                }
                Stmt::Expr(expr) => self.statements(expr),
                Stmt::Let(_, None) | Stmt::Check(_) => {}
            }
        }
        if let Some(tail) = &block.tail {
            self.statements(tail);
        }
    }

    fn mark(&mut self, local: LocalId) {
        self.changed |= self.locals.insert(local);
    }

    /// Goes through everything that happens inside of an expression.
    fn statements(&mut self, expr: &Expr) {
        match &expr.kind {
            ExprKind::Block(block) | ExprKind::Labelled(_, block) | ExprKind::Loop(_, block) => {
                return self.block(block);
            }
            ExprKind::If(condition, then, otherwise) => {
                self.statements(condition);
                self.block(then);
                return self.block(otherwise);
            }
            ExprKind::While(_, condition, body) => {
                self.statements(condition);
                return self.block(body);
            }
            ExprKind::For(_, _, range, body) => {
                self.statements(&range.low);
                self.statements(&range.high);
                return self.block(body);
            }
            ExprKind::Assign(place, value)
            | ExprKind::AssignOp(_, place, value)
            | ExprKind::Push(place, value)
                if self.varies(value) =>
            {
                self.mark(place.root);
            }
            ExprKind::Opaque(template) => {
                if let Some(call) = &template.call
                    && template.arguments.iter().any(|part| self.varies(part))
                {
                    self.changed |= !std::mem::replace(&mut self.calls[call.id], true);
                    let roots: Vec<LocalId> = handed_over(expr).map(|place| place.root).collect();
                    roots.into_iter().for_each(|root| self.mark(root));
                }
            }
            _ => {}
        }
        let mut parts = Vec::new();
        children(expr, &mut |part| parts.push(part));
        parts.into_iter().for_each(|part| self.statements(part));
    }

    /// Whether the value of an expression may vary.
    fn varies(&self, expr: &Expr) -> bool {
        let is_discrete = match self.builder.types.shallow(&expr.ty) {
            Ty::Scalar(ScalarType::Integer(_) | ScalarType::Bool | ScalarType::Char) => true,
            _ => self.builder.types.is_integer(&expr.ty),
        };
        if is_discrete {
            return false;
        }
        match &expr.kind {
            ExprKind::Read(place) | ExprKind::Reference(place) => self.locals.contains(&place.root),
            ExprKind::Len(_) => false,
            ExprKind::Block(block) => self.tail_varies(block),
            ExprKind::If(_, then, otherwise) => {
                self.tail_varies(then) || self.tail_varies(otherwise)
            }
            ExprKind::Opaque(template) if template.discrete => false,
            _ => {
                let mut any = false;
                children(expr, &mut |part| any |= self.varies(part));
                any
            }
        }
    }

    fn tail_varies(&self, block: &Block) -> bool {
        block.tail.as_ref().is_some_and(|tail| self.varies(tail))
    }
}

/// The operations of `autodiff::ops` that give a `Vec`.
const GIVE_VECS: [&str; 9] = [
    "cholesky",
    "conv1d",
    "cumsum",
    "log_softmax",
    "matmul",
    "matvec",
    "outer",
    "softmax",
    "solve",
];

/// Whether a function is by its path one of them.
fn gives_vec(callee: &str) -> bool {
    let mut names = callee.rsplit("::");
    let name = names.next().is_some_and(|name| GIVE_VECS.contains(&name));
    name && names.next() == Some("ops")
}

/// Whether code is a method with `?` behind it, whose type follows from what it is used for: `text.parse()?`.
fn is_question_of_method(template: &Template) -> bool {
    let code = template.code.tokens().clone();
    template.code.text().ends_with('?')
        && matches!(syn::parse2(code), Ok(syn::Expr::Try(question)) if matches!(*question.expr, syn::Expr::MethodCall(_)))
}

/// The one floating-point type of the signature, if it has one.
fn only_float(signature: &Signature) -> Option<FloatType> {
    let mut found: Vec<FloatType> = Vec::new();
    let parameters = signature.parameters.iter();
    let types = parameters.filter_map(|parameter| parameter.ty.as_ref());
    for ty in types.chain(signature.result.as_ref().map(|result| &result.ty)) {
        ty.visit_floats(&mut |float| {
            if !found.contains(float) {
                found.push(float.clone());
            }
        });
    }
    if found.len() == 1 { found.pop() } else { None }
}
