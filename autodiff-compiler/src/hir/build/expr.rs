//! Expressions: names, operators, assignments.

use crate::diagnostics;
use crate::diagnostics::Located;
use quote::ToTokens;
use syn::{BinOp, UnOp};

use super::Builder;
use super::scope::Binding;
use crate::hir::types::Ty;
use crate::hir::{Count, Expr, ExprKind, Stmt};
use crate::ir::{BinaryOp, Code, Comparison, Length, ScalarType};
use crate::parse::primitive;

impl Builder<'_> {
    /// Any expression. References stay references; operators look behind them by [`Builder::value_of`].
    pub(super) fn expr(&mut self, expr: &syn::Expr) -> Expr {
        if let Some(nothing) = self.overspent() {
            return nothing;
        }
        match expr {
            syn::Expr::Paren(inner) => self.expr(&inner.expr),
            syn::Expr::Group(inner) => self.expr(&inner.expr),
            syn::Expr::Lit(literal) => self.literal(&literal.lit),
            syn::Expr::Path(path) => self.path(path),
            syn::Expr::Unary(unary) => self.unary(unary),
            syn::Expr::Binary(binary) => self.binary(binary),
            syn::Expr::Assign(assign) => self.assign(assign),
            syn::Expr::Cast(cast) => self.cast(cast),
            syn::Expr::Index(index) => self.index(index),
            syn::Expr::Field(field) => self.field(field),
            syn::Expr::Reference(reference) => self.borrow(reference),
            syn::Expr::Tuple(tuple) => self.tuple(tuple),
            syn::Expr::Struct(literal) => self.struct_literal(literal),
            syn::Expr::Array(array) => self.list(array.elems.iter(), expr, |element, n| {
                Ty::Array(Box::new(element), Length::Literal(n))
            }),
            syn::Expr::Repeat(repeat) => self.repeat(repeat),
            syn::Expr::Block(block) => self.block_expr(block),
            syn::Expr::If(branch) => self.branch(branch),
            syn::Expr::Match(matching) => self.matching(matching),
            syn::Expr::Loop(looping) => self.looping(looping),
            syn::Expr::While(looping) => self.while_loop(looping),
            syn::Expr::ForLoop(looping) => self.for_loop(looping),
            syn::Expr::Break(exit) => self.break_expr(exit),
            syn::Expr::Continue(exit) => self.continue_expr(exit),
            syn::Expr::Return(exit) => self.return_expr(exit),
            syn::Expr::Try(question) => self.question(question),
            _ if self.is_idle_iterator(expr) => {
                self.failed(expr, &diagnostics::ITERATOR_VALUE, &[])
            }
            syn::Expr::Call(call) => self.call(call),
            syn::Expr::MethodCall(call) => self.method_call(call),
            syn::Expr::Macro(mac) => self.macro_call(&mac.mac),
            syn::Expr::Let(test) => self.let_condition(test),
            other => self.refused(other),
        }
    }

    /// The forms that are not supported, each with what to write instead.
    fn refused(&mut self, expr: &syn::Expr) -> Expr {
        let (what, instead) = match expr {
            syn::Expr::Closure(_) => return self.failed(expr, &diagnostics::CLOSURE, &[]),
            // With attributes, it would be printed between parentheses that stand nowhere.
            syn::Expr::Range(range) if !range.attrs.is_empty() => {
                return self.failed(range.limits, &diagnostics::RANGE, &[]);
            }
            syn::Expr::Range(_) => return self.failed(expr, &diagnostics::RANGE, &[]),
            syn::Expr::Async(_) | syn::Expr::Await(_) => {
                ("`async` code is", "compute in an ordinary function")
            }
            syn::Expr::Unsafe(_) | syn::Expr::RawAddr(_) => (
                "`unsafe` code is",
                "index with bounds checks, or put the code into a function of its own",
            ),
            syn::Expr::Const(_) => (
                "a `const` block is",
                "declare a `const` outside of the function",
            ),
            _ => (
                "this expression is",
                "write it in terms of arithmetic, indexing and loops",
            ),
        };
        self.failed(expr, &diagnostics::EXPRESSION, &[what, instead])
    }

    fn path(&mut self, expr: &syn::ExprPath) -> Expr {
        if let Some(name) = expr.path.get_ident()
            && let Some(binding) = self.scopes.find(name)
        {
            return match binding.clone() {
                Binding::Local(local) if self.broken.contains(&local) => {
                    self.broken(name.span().into())
                }
                Binding::Local(local) => self.read(self.whole(local, name.span().into())),
                Binding::Alias(mut place) => {
                    place.span = name.span().into();
                    self.reference(place)
                }
                Binding::Parts(parts) => Expr {
                    span: name.span().into(),
                    ..parts
                },
                Binding::Callable(_) => self.failed(name, &diagnostics::CLOSURE, &[]),
                Binding::Iterator(_) => self.failed(name, &diagnostics::ITERATOR_VALUE, &[]),
            };
        }
        if expr.path.is_ident("None") {
            let value = self.types.fresh();
            return self.none(value, expr.span());
        }
        let ty = self
            .local_constant(&expr.path)
            .unwrap_or_else(|| self.constant_type(&expr.path));
        Expr {
            kind: ExprKind::Constant(Code::new(self.with_items(expr.to_token_stream()))),
            ty,
            span: expr.span(),
        }
    }

    /// The type of a constant that std defines: `f64::EPSILON`, `std::f64::consts::PI`, `usize::MAX`.
    fn constant_type(&self, path: &syn::Path) -> Ty {
        let names: Vec<String> = path
            .segments
            .iter()
            .map(|segment| segment.ident.to_string())
            .collect();
        let names: Vec<&str> = names.iter().map(String::as_str).collect();
        match names.as_slice() {
            [.., owner, "BITS" | "DIGITS" | "MANTISSA_DIGITS" | "RADIX"]
                if primitive(owner).is_some() =>
            {
                Ty::integer("u32")
            }
            [.., owner, "consts", _] | [.., owner, _] => {
                match primitive(owner) {
                    // An alias may stand for the same type.
                    Some(ScalarType::Float(_)) if !self.scalars.is_empty() => self.types.float(),
                    Some(ty) => Ty::Scalar(ty),
                    None => self.types.fresh(),
                }
            }
            _ => self.types.fresh(),
        }
    }

    fn unary(&mut self, unary: &syn::ExprUnary) -> Expr {
        let span = unary.span();
        let operand = self.expr(&unary.expr);
        match unary.op {
            // References are transparent: `*r` is the place that `r` stands for.
            UnOp::Deref(_) => self.value_of(operand),
            UnOp::Neg(_) => {
                let operand = self.scalar(operand);
                self.types.compute_with(&operand.ty);
                let ty = operand.ty.clone();
                if let ExprKind::Literal(text) = &operand.kind
                    && !text.starts_with('-')
                {
                    return Expr {
                        kind: ExprKind::Literal(format!("-{text}")),
                        ty,
                        span,
                    };
                }
                Expr {
                    kind: ExprKind::Negate(Box::new(operand)),
                    ty,
                    span,
                }
            }
            _ => {
                let operand = self.scalar(operand);
                Expr {
                    ty: operand.ty.clone(),
                    kind: ExprKind::Not(Box::new(operand)),
                    span,
                }
            }
        }
    }

    fn binary(&mut self, binary: &syn::ExprBinary) -> Expr {
        let span = binary.span();
        if let Some(op) = compound(&binary.op) {
            return self.assign_op(op, binary);
        }
        let left = self.expr(&binary.left);
        let left = self.scalar(left);
        let right = self.expr(&binary.right);
        // What is wrong with the left side is most often wrong with the right side too.
        let right = match left.kind {
            ExprKind::Error => self.broken(right.span),
            _ => self.scalar(right),
        };
        if let Some(comparison) = comparison(&binary.op) {
            self.expect(&right, &left.ty);
            return Expr {
                kind: ExprKind::Compare(comparison, Box::new(left), Box::new(right)),
                ty: Ty::BOOL,
                span,
            };
        }
        let op = operator(&binary.op)
            .expect("every operator is a comparison, an assignment or one of these");
        let ty = match op {
            BinaryOp::And | BinaryOp::Or => {
                self.expect(&left, &Ty::BOOL);
                self.expect(&right, &Ty::BOOL);
                Ty::BOOL
            }
            BinaryOp::Shl | BinaryOp::Shr => left.ty.clone(),
            _ => {
                self.expect(&right, &left.ty);
                self.types.compute_with(&left.ty);
                left.ty.clone()
            }
        };
        Expr {
            kind: ExprKind::Binary(op, Box::new(left), Box::new(right)),
            ty,
            span,
        }
    }

    /// The operand of an operator: a scalar, looked at behind its reference.
    pub(super) fn scalar(&self, expr: Expr) -> Expr {
        let expr = self.value_of(expr);
        self.types.look_at(&expr.ty);
        match self.types.shallow(&expr.ty) {
            Ty::Var(_) | Ty::Scalar(_) => expr,
            found => {
                let found = self.types.resolve(&found).to_string();
                self.errors.span(
                    expr.span,
                    &diagnostics::TYPE_MISMATCH,
                    &["one number", &found],
                );
                self.broken(expr.span)
            }
        }
    }

    fn assign(&mut self, assign: &syn::ExprAssign) -> Expr {
        let span = assign.span();
        let value = self.expr(&assign.right);
        if let syn::Expr::Infer(_) = &*assign.left {
            return self.discard(value, span);
        }
        if let syn::Expr::Tuple(_) | syn::Expr::Array(_) = &*assign.left {
            return self.destructuring_assignment(&assign.left, value, span);
        }
        let Some(place) = self.assignee(&assign.left) else {
            return self.broken(span);
        };
        let value = self.value_of(value);
        self.expect(&value, &place.ty);
        self.assigned_whole(&place);
        Expr {
            kind: ExprKind::Assign(place, Box::new(value)),
            ty: Ty::unit(),
            span,
        }
    }

    fn discard(&mut self, value: Expr, span: crate::diagnostics::Extent) -> Expr {
        let block = crate::hir::Block {
            stmts: vec![Stmt::Expr(value)],
            tail: None,
        };
        Expr {
            kind: ExprKind::Block(block),
            ty: Ty::unit(),
            span,
        }
    }

    fn assign_op(&mut self, op: BinaryOp, binary: &syn::ExprBinary) -> Expr {
        let span = binary.span();
        let value = self.expr(&binary.right);
        let value = self.scalar(value);
        let Some(place) = self.assignee(&binary.left) else {
            return self.broken(span);
        };
        if !matches!(op, BinaryOp::Shl | BinaryOp::Shr) {
            self.expect(&value, &place.ty);
            self.types.compute_with(&place.ty);
        }
        Expr {
            kind: ExprKind::AssignOp(op, place, Box::new(value)),
            ty: Ty::unit(),
            span,
        }
    }

    fn cast(&mut self, cast: &syn::ExprCast) -> Expr {
        let operand = self.expr(&cast.expr);
        let operand = self.scalar(operand);
        let ty = match &*cast.ty {
            syn::Type::Infer(_) => self.types.fresh(),
            ty => match crate::parse::model(ty, self.scalars) {
                Some(crate::ir::Type::Scalar(scalar)) => Ty::Scalar(scalar),
                _ => {
                    let text = crate::parse::pretty(ty);
                    return self.failed(&cast.ty, &diagnostics::LOCAL_TYPE, &[&text, &text]);
                }
            },
        };
        Expr {
            kind: ExprKind::Cast(Box::new(operand)),
            ty,
            span: cast.span(),
        }
    }

    fn tuple(&mut self, tuple: &syn::ExprTuple) -> Expr {
        let parts: Vec<Expr> = tuple.elems.iter().map(|part| self.expr(part)).collect();
        let ty = Ty::Tuple(parts.iter().map(|part| part.ty.clone()).collect());
        Expr {
            kind: ExprKind::Tuple(parts),
            ty,
            span: tuple.span(),
        }
    }

    /// `[a, b, c]` and `vec![a, b, c]`
    pub(super) fn list<'e>(
        &mut self,
        elements: impl Iterator<Item = &'e syn::Expr>,
        whole: impl ToTokens,
        ty: impl FnOnce(Ty, usize) -> Ty,
    ) -> Expr {
        let element = self.types.fresh();
        let mut parts = Vec::new();
        for part in elements {
            let part = self.expr(part);
            if matches!(part.kind, ExprKind::Reference(_)) {
                self.errors.span(part.span, &diagnostics::REFERENCE, &[]);
            }
            self.expect(&part, &element);
            parts.push(part);
        }
        self.types.needs_whole(&element);
        let ty = ty(element, parts.len());
        Expr {
            kind: ExprKind::List(parts),
            ty,
            span: whole.to_token_stream().span(),
        }
    }

    fn repeat(&mut self, repeat: &syn::ExprRepeat) -> Expr {
        let element = self.expr(&repeat.expr);
        let element = self.value_of(element);
        self.types.needs_whole(&element.ty);
        let length = self.array_length(&repeat.len);
        let ty = Ty::Array(Box::new(element.ty.clone()), length.clone());
        Expr {
            kind: ExprKind::Repeat(Box::new(element), Count::Fixed(length)),
            ty,
            span: repeat.span(),
        }
    }

    /// The type that only rustc knows.
    pub(super) fn inferred(&self) -> Ty {
        Ty::Scalar(ScalarType::Inferred)
    }
}

/// The operator of a compound assignment.
fn compound(op: &BinOp) -> Option<BinaryOp> {
    Some(match op {
        BinOp::AddAssign(_) => BinaryOp::Add,
        BinOp::SubAssign(_) => BinaryOp::Sub,
        BinOp::MulAssign(_) => BinaryOp::Mul,
        BinOp::DivAssign(_) => BinaryOp::Div,
        BinOp::RemAssign(_) => BinaryOp::Rem,
        BinOp::BitAndAssign(_) => BinaryOp::BitAnd,
        BinOp::BitOrAssign(_) => BinaryOp::BitOr,
        BinOp::BitXorAssign(_) => BinaryOp::BitXor,
        BinOp::ShlAssign(_) => BinaryOp::Shl,
        BinOp::ShrAssign(_) => BinaryOp::Shr,
        _ => return None,
    })
}

fn comparison(op: &BinOp) -> Option<Comparison> {
    Some(match op {
        BinOp::Eq(_) => Comparison::Equal,
        BinOp::Ne(_) => Comparison::NotEqual,
        BinOp::Lt(_) => Comparison::Less,
        BinOp::Le(_) => Comparison::LessEqual,
        BinOp::Gt(_) => Comparison::Greater,
        BinOp::Ge(_) => Comparison::GreaterEqual,
        _ => return None,
    })
}

fn operator(op: &BinOp) -> Option<BinaryOp> {
    Some(match op {
        BinOp::Add(_) => BinaryOp::Add,
        BinOp::Sub(_) => BinaryOp::Sub,
        BinOp::Mul(_) => BinaryOp::Mul,
        BinOp::Div(_) => BinaryOp::Div,
        BinOp::Rem(_) => BinaryOp::Rem,
        BinOp::And(_) => BinaryOp::And,
        BinOp::Or(_) => BinaryOp::Or,
        BinOp::BitAnd(_) => BinaryOp::BitAnd,
        BinOp::BitOr(_) => BinaryOp::BitOr,
        BinOp::BitXor(_) => BinaryOp::BitXor,
        BinOp::Shl(_) => BinaryOp::Shl,
        BinOp::Shr(_) => BinaryOp::Shr,
        _ => return None,
    })
}
