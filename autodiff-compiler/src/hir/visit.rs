//! Questions about trees: what exits, what diverges, what is assigned.

use std::collections::BTreeSet;

use super::{Block, Count, Expr, ExprKind, LocalId, LoopId, Place, Step, Stmt};

/// Where an exit goes.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub(crate) enum Target {
    /// Behind the loop or labelled block.
    Break(LoopId),
    /// The next iteration of the loop.
    Continue(LoopId),
    /// The caller.
    Return,
}

/// Calls `visit` with each expression directly inside of `expr`, in no particular order.
pub(crate) fn children<'e>(expr: &'e Expr, visit: &mut dyn FnMut(&'e Expr)) {
    match &expr.kind {
        ExprKind::Literal(_)
        | ExprKind::Constant(_)
        | ExprKind::Continue(_)
        | ExprKind::Absent
        | ExprKind::Error => {}
        ExprKind::Read(place) | ExprKind::Reference(place) | ExprKind::Len(place) => {
            indices(place, visit)
        }
        ExprKind::Negate(a) | ExprKind::Not(a) | ExprKind::Cast(a) | ExprKind::ToVec(a) => visit(a),
        ExprKind::Binary(_, a, b) | ExprKind::Compare(_, a, b) => {
            visit(a);
            visit(b);
        }
        ExprKind::Method(_, parts)
        | ExprKind::Tuple(parts)
        | ExprKind::Struct(_, parts)
        | ExprKind::List(parts) => parts.iter().for_each(visit),
        ExprKind::Repeat(element, count) => {
            visit(element);
            if let Count::Dynamic(count) = count {
                visit(count);
            }
        }
        ExprKind::Opaque(template) => template.arguments.iter().for_each(visit),
        ExprKind::If(condition, then, otherwise) => {
            visit(condition);
            inside(then, visit);
            inside(otherwise, visit);
        }
        ExprKind::Block(block) | ExprKind::Labelled(_, block) | ExprKind::Loop(_, block) => {
            inside(block, visit)
        }
        ExprKind::While(_, condition, body) => {
            visit(condition);
            inside(body, visit);
        }
        ExprKind::For(_, _, range, body) => {
            visit(&range.low);
            visit(&range.high);
            inside(body, visit);
        }
        ExprKind::Break(_, value) | ExprKind::Return(value) => {
            value.iter().for_each(|value| visit(value))
        }
        ExprKind::Assign(place, value)
        | ExprKind::AssignOp(_, place, value)
        | ExprKind::Push(place, value)
        | ExprKind::Cut(place, value) => {
            visit(value);
            indices(place, visit);
        }
    }
}

fn indices<'e>(place: &'e Place, visit: &mut dyn FnMut(&'e Expr)) {
    for step in &place.path {
        step.indices().into_iter().for_each(&mut *visit);
    }
}

/// Calls `visit` with each expression directly inside of a block.
pub(crate) fn inside<'e>(block: &'e Block, visit: &mut dyn FnMut(&'e Expr)) {
    for stmt in &block.stmts {
        match stmt {
            Stmt::Let(_, value) => value.iter().for_each(&mut *visit),
            Stmt::Expr(value) => visit(value),
            Stmt::Check(place) => indices(place, visit),
        }
    }
    block.tail.iter().for_each(|tail| visit(tail));
}

/// Whether evaluating the expression never comes to its end.
pub(crate) fn diverges(expr: &Expr) -> bool {
    match &expr.kind {
        ExprKind::Break(..) | ExprKind::Continue(_) | ExprKind::Return(_) => true,
        ExprKind::Opaque(template) => panics(&template.callee),
        ExprKind::If(condition, then, otherwise) => {
            diverges(condition) || block_diverges(then) && block_diverges(otherwise)
        }
        ExprKind::Block(block) => block_diverges(block),
        ExprKind::Labelled(id, block) => {
            block_diverges(block) && !block_exits(block).contains(&Target::Break(*id))
        }
        ExprKind::Loop(id, body) => !block_exits(body).contains(&Target::Break(*id)),
        // The body of a loop that runs over something may not run at all.
        ExprKind::While(_, condition, _) => diverges(condition),
        ExprKind::For(_, _, range, _) => diverges(&range.low) || diverges(&range.high),
        // The right side of a lazy operator may not run.
        ExprKind::Binary(crate::ir::BinaryOp::And | crate::ir::BinaryOp::Or, a, _) => diverges(a),
        _ => {
            let mut any = false;
            children(expr, &mut |part| any |= diverges(part));
            any
        }
    }
}

/// Whether a macro of this name always panics, or code leaves the function.
fn panics(callee: &str) -> bool {
    let name = callee.rsplit("::").next().unwrap_or(callee);
    matches!(
        name,
        "panic" | "unreachable" | "todo" | "unimplemented" | "return"
    )
}

/// Whether a block never comes to its end.
pub(crate) fn block_diverges(block: &Block) -> bool {
    let mut any = false;
    inside(block, &mut |part| any |= diverges(part));
    any
}

/// Where the exits inside of an expression go that leave it.
pub(crate) fn exits(expr: &Expr) -> BTreeSet<Target> {
    let (mut targets, mut loops) = (BTreeSet::new(), BTreeSet::new());
    collect(expr, &mut targets);
    owned_loops(expr, &mut loops);
    leaving(targets, &loops)
}

/// As [`exits`], of a block.
pub(crate) fn block_exits(block: &Block) -> BTreeSet<Target> {
    let (mut targets, mut loops) = (BTreeSet::new(), BTreeSet::new());
    inside(block, &mut |part| collect(part, &mut targets));
    inside(block, &mut |part| owned_loops(part, &mut loops));
    leaving(targets, &loops)
}

fn leaving(mut targets: BTreeSet<Target>, loops: &BTreeSet<LoopId>) -> BTreeSet<Target> {
    targets.retain(|target| match target {
        Target::Break(id) | Target::Continue(id) => !loops.contains(id),
        Target::Return => true,
    });
    targets
}

fn collect(expr: &Expr, targets: &mut BTreeSet<Target>) {
    match &expr.kind {
        ExprKind::Break(id, _) => {
            targets.insert(Target::Break(*id));
        }
        ExprKind::Continue(id) => {
            targets.insert(Target::Continue(*id));
        }
        ExprKind::Return(_) => {
            targets.insert(Target::Return);
        }
        _ => {}
    }
    children(expr, &mut |part| collect(part, targets));
}

/// Whether there is anything in the expression that the normalisation of exits takes away.
pub(crate) fn needs(expr: &Expr) -> bool {
    let mut any = matches!(
        expr.kind,
        ExprKind::Break(..)
            | ExprKind::Continue(_)
            | ExprKind::Return(_)
            | ExprKind::Loop(..)
            | ExprKind::Labelled(..)
    );
    children(expr, &mut |part| any |= needs(part));
    any
}

/// As [`needs`], of a block.
pub(crate) fn block_needs(block: &Block) -> bool {
    let mut any = false;
    inside(block, &mut |part| any |= needs(part));
    any
}

/// Whether evaluating the expression exits, assigns or declares anything.
pub(crate) fn changes(expr: &Expr) -> bool {
    let mut any = needs(expr) || written(expr).is_some() || handed_over(expr).next().is_some();
    children(expr, &mut |part| any |= changes(part));
    any
}

/// The operands of an expression in the order in which they are evaluated, all of them always.
pub(crate) fn operands_mut(expr: &mut Expr) -> Vec<&mut Expr> {
    match &mut expr.kind {
        ExprKind::Read(place) | ExprKind::Reference(place) | ExprKind::Len(place) => {
            indices_mut(place)
        }
        ExprKind::Negate(a) | ExprKind::Not(a) | ExprKind::Cast(a) | ExprKind::ToVec(a) => vec![a],
        ExprKind::Binary(_, a, b) | ExprKind::Compare(_, a, b) => vec![a, b],
        ExprKind::Method(_, parts)
        | ExprKind::Tuple(parts)
        | ExprKind::Struct(_, parts)
        | ExprKind::List(parts) => parts.iter_mut().collect(),
        ExprKind::Repeat(element, Count::Dynamic(count)) => vec![element, count],
        ExprKind::Repeat(element, Count::Fixed(_)) => vec![element],
        ExprKind::Opaque(template) => template.arguments.iter_mut().collect(),
        ExprKind::Assign(place, value)
        | ExprKind::AssignOp(_, place, value)
        | ExprKind::Push(place, value)
        | ExprKind::Cut(place, value) => {
            let mut operands: Vec<&mut Expr> = vec![value];
            operands.extend(indices_mut(place));
            operands
        }
        ExprKind::For(_, _, range, _) => vec![&mut range.low, &mut range.high],
        _ => Vec::new(),
    }
}

fn indices_mut(place: &mut Place) -> Vec<&mut Expr> {
    place.path.iter_mut().flat_map(Step::indices_mut).collect()
}

fn owned_loops(expr: &Expr, loops: &mut BTreeSet<LoopId>) {
    if let ExprKind::Labelled(id, _)
    | ExprKind::Loop(id, _)
    | ExprKind::While(id, ..)
    | ExprKind::For(id, ..) = &expr.kind
    {
        loops.insert(*id);
    }
    children(expr, &mut |part| owned_loops(part, loops));
}

/// The variables that are assigned inside of an expression, wholly or in part.
pub(crate) fn assigned(expr: &Expr, locals: &mut BTreeSet<LocalId>) {
    locals.extend(written(expr).map(|place| place.root));
    locals.extend(handed_over(expr).map(|place| place.root));
    children(expr, &mut |part| assigned(part, locals));
}

/// The places that a call is handed as `&mut`.
pub(crate) fn handed_over(expr: &Expr) -> impl Iterator<Item = &Place> {
    let arguments = match &expr.kind {
        ExprKind::Opaque(template) if template.call.is_some() => &template.arguments[..],
        _ => &[],
    };
    arguments
        .iter()
        .filter_map(|argument| match &lent(argument).kind {
            ExprKind::Reference(place) if place.mutable => Some(place),
            _ => None,
        })
}

/// An argument behind the variable that it makes for itself, if it makes one.
pub(crate) fn lent(argument: &Expr) -> &Expr {
    match &argument.kind {
        ExprKind::Block(Block {
            tail: Some(tail), ..
        }) => lent(tail),
        _ => argument,
    }
}

/// The place that the expression itself writes to.
fn written(expr: &Expr) -> Option<&Place> {
    match &expr.kind {
        ExprKind::Assign(place, _)
        | ExprKind::AssignOp(_, place, _)
        | ExprKind::Push(place, _)
        | ExprKind::Cut(place, _) => Some(place),
        _ => None,
    }
}

/// As [`assigned`], in a block.
pub(crate) fn assigned_in_block(block: &Block) -> BTreeSet<LocalId> {
    let mut locals = BTreeSet::new();
    inside(block, &mut |part| assigned(part, &mut locals));
    locals
}

/// The variables that are assigned as a whole, after whatever they held first.
pub(crate) fn reassigned(block: &Block) -> BTreeSet<LocalId> {
    fn collect(expr: &Expr, locals: &mut BTreeSet<LocalId>) {
        if let ExprKind::Assign(place, _) = &expr.kind
            && place.path.is_empty()
        {
            locals.insert(place.root);
        }
        children(expr, &mut |part| collect(part, locals));
    }
    let mut locals = BTreeSet::new();
    inside(block, &mut |part| collect(part, &mut locals));
    locals
}
