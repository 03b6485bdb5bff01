//! `match`, `if let` and `while let`, as chains of `if`.

use syn::Pat;

use super::Builder;
use crate::diagnostics::{self, Extent, Located};
use crate::hir::types::Ty;
use crate::hir::{Block, Expr, ExprKind, LoopId, Place, Stmt};
use crate::ir::BinaryOp;

/// One arm, or one alternative of an arm whose alternatives bind names.
struct Arm<'s> {
    pattern: &'s Pat,
    guard: Option<&'s syn::Expr>,
    body: &'s syn::Expr,
}

/// One condition of `if let … && …`.
pub(super) enum Test<'s> {
    Let(&'s syn::ExprLet),
    Holds(&'s syn::Expr),
}

/// A `let` of a condition, once its value is at a place.
struct Matched<'s> {
    pattern: &'s Pat,
    place: Place,
    reference: bool,
}

impl Builder<'_> {
    pub(super) fn matching(&mut self, expr: &syn::ExprMatch) -> Expr {
        let span = expr.span();
        let mut arms = Vec::new();
        for arm in &expr.arms {
            self.attributes(&arm.attrs);
            let (pattern, guard) = match &arm.pat {
                Pat::Guard(guarded) => (&*guarded.pat, Some(&*guarded.guard)),
                pattern => (pattern, None),
            };
            match pattern {
                Pat::Or(or) if super::pattern::binds(pattern) => {
                    arms.extend(or.cases.iter().map(|pattern| Arm {
                        pattern,
                        guard,
                        body: &arm.body,
                    }));
                }
                _ => arms.push(Arm {
                    pattern,
                    guard,
                    body: &arm.body,
                }),
            }
        }
        // rustc has checked that the arms are exhaustive, so what reaches the last arm without guard matches it.
        match arms.iter().rposition(|arm| arm.guard.is_none()) {
            Some(last) => arms.truncate(last + 1),
            None => {
                return self.failed(
                    expr,
                    &diagnostics::EXPRESSION,
                    &["a `match` without arms is", "call `unreachable!()`"],
                );
            }
        }
        let block = self.scoped(|builder| {
            let value = builder.expr(&expr.expr);
            let (place, reference) = builder.scrutinee(value);
            Some(builder.arms(&arms, &place, reference, span))
        });
        let ty = self.block_type(&block);
        Expr {
            kind: ExprKind::Block(block),
            ty,
            span,
        }
    }

    /// The place that a value is compared at: a scalar is read once.
    fn scrutinee(&mut self, value: Expr) -> (Place, bool) {
        let scalar = matches!(self.types.shallow(&value.ty), Ty::Scalar(_) | Ty::Var(_));
        let reference = matches!(value.kind, ExprKind::Reference(_));
        match value.kind {
            ExprKind::Read(ref place) if scalar && !place.path.is_empty() => {
                let local = self.declare("value", value.ty.clone());
                let place = self.whole(local, value.span);
                self.stmts.push(Stmt::Let(local, Some(value)));
                (place, reference)
            }
            _ => self.scrutinee_place(value),
        }
    }

    fn arms(&mut self, arms: &[Arm<'_>], place: &Place, reference: bool, span: Extent) -> Expr {
        let (arm, rest) = arms.split_first().expect("the last arm ends the chain");
        if rest.is_empty() {
            return self.arm_body(arm, place, reference);
        }
        if let Some(tests) = arm.guard.and_then(|guard| self.let_chain(guard)) {
            let pattern = Matched {
                pattern: arm.pattern,
                place: place.clone(),
                reference,
            };
            let test = self.test(arm.pattern, place);
            let (condition, matched) = self.chain(test, vec![pattern], &tests);
            let then = self.scoped(|builder| {
                builder.bind_all(&matched);
                Some(builder.expr(arm.body))
            });
            let otherwise = self.scoped(|builder| Some(builder.arms(rest, place, reference, span)));
            return self.choose_if(condition, then, otherwise, span);
        }
        let condition = self.arm_condition(arm, place, reference);
        let Some(condition) = condition else {
            return self.arm_body(arm, place, reference);
        };
        let then = self.scoped(|builder| Some(builder.arm_body(arm, place, reference)));
        let otherwise = self.scoped(|builder| Some(builder.arms(rest, place, reference, span)));
        self.choose(condition, then, otherwise, span)
    }

    fn matched(&self, place: &Place, reference: bool) -> Expr {
        if reference {
            self.reference(place.clone())
        } else {
            self.read(place.clone())
        }
    }

    fn arm_body(&mut self, arm: &Arm<'_>, place: &Place, reference: bool) -> Expr {
        let block = self.scoped(|builder| {
            builder.bind_let(arm.pattern, builder.matched(place, reference));
            Some(builder.expr(arm.body))
        });
        let ty = self.block_type(&block);
        Expr {
            kind: ExprKind::Block(block),
            ty,
            span: arm.body.span(),
        }
    }

    /// When the arm is taken; a guard sees the names that the pattern binds.
    fn arm_condition(&mut self, arm: &Arm<'_>, place: &Place, reference: bool) -> Option<Expr> {
        let test = self.test(arm.pattern, place);
        let Some(guard) = arm.guard else { return test };
        let block = self.scoped(|builder| {
            builder.bind_let(arm.pattern, builder.matched(place, reference));
            Some(builder.condition(guard))
        });
        let guard = Expr {
            kind: ExprKind::Block(block),
            ty: Ty::BOOL,
            span: guard.span(),
        };
        Some(match test {
            Some(test) => and(test, guard),
            None => guard,
        })
    }

    /// The conditions of `if`, if there is a `let` among them.
    pub(super) fn let_chain<'s>(&mut self, condition: &'s syn::Expr) -> Option<Vec<Test<'s>>> {
        let mut tests = Vec::new();
        flatten(condition, &mut tests);
        tests
            .iter()
            .any(|test| matches!(test, Test::Let(_)))
            .then_some(tests)
    }

    /// A `let` where only `if` and `while` take it.
    pub(super) fn let_condition(&mut self, expr: &syn::ExprLet) -> Expr {
        self.failed(
            expr,
            &diagnostics::EXPRESSION,
            &["`let` at this place is", "use `match`"],
        )
    }

    pub(super) fn if_let(&mut self, tests: Vec<Test<'_>>, expr: &syn::ExprIf) -> Expr {
        let span = expr.span();
        let block = self.scoped(|builder| {
            let (condition, matched) = builder.chain(None, Vec::new(), &tests);
            let then = builder.scoped(|builder| builder.then(matched, &expr.then_branch));
            let otherwise = builder.otherwise(expr.else_branch.as_ref());
            Some(builder.choose_if(condition, then, otherwise, span))
        });
        let ty = self.block_type(&block);
        Expr {
            kind: ExprKind::Block(block),
            ty,
            span,
        }
    }

    /// As [`Self::choose`]; without a condition, the first block is what runs.
    fn choose_if(
        &mut self,
        condition: Option<Expr>,
        then: Block,
        otherwise: Block,
        span: Extent,
    ) -> Expr {
        if let Some(condition) = condition {
            return self.choose(condition, then, otherwise, span);
        }
        let ty = self.block_type(&then);
        Expr {
            kind: ExprKind::Block(then),
            ty,
            span,
        }
    }

    pub(super) fn while_let(
        &mut self,
        id: LoopId,
        tests: Vec<Test<'_>>,
        expr: &syn::ExprWhile,
    ) -> Expr {
        let span = expr.span();
        let body = self.scoped(|builder| {
            let (condition, matched) = builder.chain(None, Vec::new(), &tests);
            let then = builder.scoped(|builder| builder.then(matched, &expr.body));
            let exit = Expr {
                kind: ExprKind::Break(id, None),
                ty: builder.types.fresh(),
                span,
            };
            let otherwise = Block {
                stmts: vec![Stmt::Expr(exit)],
                tail: None,
            };
            match condition {
                Some(condition) => Some(builder.choose(condition, then, otherwise, span)),
                None => Some(Expr {
                    kind: ExprKind::Block(then),
                    ty: Ty::unit(),
                    span,
                }),
            }
        });
        Expr {
            kind: ExprKind::Loop(id, body),
            ty: Ty::unit(),
            span,
        }
    }

    fn then(&mut self, matched: Vec<Matched<'_>>, block: &syn::Block) -> Option<Expr> {
        for Matched {
            pattern,
            place,
            reference,
        } in matched
        {
            self.bind_let(pattern, self.matched(&place, reference));
        }
        let block = self.block(block);
        let (ty, span) = (self.block_type(&block), Extent::call_site());
        Some(Expr {
            kind: ExprKind::Block(block),
            ty,
            span,
        })
    }

    /// The condition of a chain, behind `condition` and what has `matched` so far, and what its `let`s matched. A value
    /// that a later `let` looks at is computed inside the condition, when the tests ahead of it have passed.
    fn chain<'s>(
        &mut self,
        mut condition: Option<Expr>,
        mut matched: Vec<Matched<'s>>,
        tests: &[Test<'s>],
    ) -> (Option<Expr>, Vec<Matched<'s>>) {
        for test in tests {
            let mut scrutinee = None;
            let part = match test {
                Test::Let(test)
                    if condition.is_none()
                        && matched.is_empty()
                        && self.some_pattern(&test.pat, &test.expr).is_some() =>
                {
                    let (part, some) = self.some_matched(test);
                    scrutinee = some;
                    part
                }
                Test::Let(test) if condition.is_none() && matched.is_empty() => {
                    let value = self.expr(&test.expr);
                    let (place, reference) = self.scrutinee(value);
                    let part = self.test(&test.pat, &place);
                    scrutinee = Some(Matched {
                        pattern: &test.pat,
                        place,
                        reference,
                    });
                    part
                }
                Test::Let(test) => {
                    let span = test.expr.span();
                    let ty = self.types.fresh();
                    let local = self.declare("value", ty.clone());
                    self.stmts.push(Stmt::Let(local, None));
                    let place = self.whole(local, span);
                    let block = self.scoped(|builder| {
                        builder.bind_all(&matched);
                        let value = builder.expr(&test.expr);
                        let value = builder.value_of(value);
                        builder.expect(&value, &ty);
                        let kind = ExprKind::Assign(place.clone(), Box::new(value));
                        builder.stmts.push(Stmt::Expr(Expr {
                            kind,
                            ty: Ty::unit(),
                            span,
                        }));
                        let always = Expr {
                            kind: ExprKind::Literal("true".into()),
                            ty: Ty::BOOL,
                            span,
                        };
                        Some(builder.test(&test.pat, &place).unwrap_or(always))
                    });
                    scrutinee = Some(Matched {
                        pattern: &test.pat,
                        place,
                        reference: false,
                    });
                    Some(Expr {
                        kind: ExprKind::Block(block),
                        ty: Ty::BOOL,
                        span,
                    })
                }
                Test::Holds(test) => {
                    let block = self.scoped(|builder| {
                        builder.bind_all(&matched);
                        Some(builder.condition(test))
                    });
                    Some(Expr {
                        kind: ExprKind::Block(block),
                        ty: Ty::BOOL,
                        span: test.span(),
                    })
                }
            };
            matched.extend(scrutinee);
            condition = match (condition, part) {
                (Some(condition), Some(part)) => Some(and(condition, part)),
                (condition, part) => condition.or(part),
            };
        }
        (condition, matched)
    }

    /// `Some(pattern) = option`, of an `Option` that an iterator gives.
    fn some_matched<'s>(&mut self, test: &'s syn::ExprLet) -> (Option<Expr>, Option<Matched<'s>>) {
        let Some(pattern) = self.some_pattern(&test.pat, &test.expr) else {
            return (None, None);
        };
        let Some((present, place, reference)) = self.some_test(&test.expr) else {
            // Names that the pattern binds must exist, or every use of them would raise an error of its own.
            let broken = self.broken(test.expr.span());
            let (place, _) = self.scrutinee_place(broken);
            self.broken.insert(place.root);
            let reference = false;
            return (
                None,
                Some(Matched {
                    pattern,
                    place,
                    reference,
                }),
            );
        };
        let part = match self.test(pattern, &place) {
            Some(inner) => and(present, inner),
            None => present,
        };
        (
            Some(part),
            Some(Matched {
                pattern,
                place,
                reference,
            }),
        )
    }

    fn bind_all(&mut self, matched: &[Matched<'_>]) {
        for Matched {
            pattern,
            place,
            reference,
        } in matched
        {
            self.bind_let(pattern, self.matched(place, *reference));
        }
    }

    /// `matches!(value, pattern if guard)`
    pub(super) fn matches(
        &mut self,
        value: &syn::Expr,
        pattern: &Pat,
        guard: Option<&syn::Expr>,
        span: Extent,
    ) -> Expr {
        let block = self.scoped(|builder| {
            let value = builder.expr(value);
            let (place, reference) = builder.scrutinee(value);
            let arm = Arm {
                pattern,
                guard,
                body: &syn::Expr::PLACEHOLDER,
            };
            let always = Expr {
                kind: ExprKind::Literal("true".into()),
                ty: Ty::BOOL,
                span,
            };
            Some(
                builder
                    .arm_condition(&arm, &place, reference)
                    .unwrap_or(always),
            )
        });
        Expr {
            kind: ExprKind::Block(block),
            ty: Ty::BOOL,
            span,
        }
    }
}

fn and(a: Expr, b: Expr) -> Expr {
    let span = a.span;
    Expr {
        kind: ExprKind::Binary(BinaryOp::And, Box::new(a), Box::new(b)),
        ty: Ty::BOOL,
        span,
    }
}

fn flatten<'s>(condition: &'s syn::Expr, tests: &mut Vec<Test<'s>>) {
    match condition {
        syn::Expr::Let(test) => tests.push(Test::Let(test)),
        syn::Expr::Binary(binary) if matches!(binary.op, syn::BinOp::And(_)) => {
            flatten(&binary.left, tests);
            flatten(&binary.right, tests);
        }
        other => tests.push(Test::Holds(other)),
    }
}
