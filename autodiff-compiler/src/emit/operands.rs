//! What statements and operations read, in the order in which emitted Rust evaluates it.

use crate::ir::{
    Argument, Block, Init, InitTree, Op, Operand, Output, Place, Projection, RepeatCount, Stmt, TapeId, Template,
};

/// The indices of a place.
pub(super) fn of_place(place: &Place) -> Vec<&Operand> {
    let index = |step| if let &Projection::Index(ref operand) = step { Some(operand) } else { None };
    place.path.iter().filter_map(index).collect()
}

/// The operands of an operation.
pub(super) fn of_op(op: &Op) -> Vec<&Operand> {
    match op {
        Op::Prim(_, operands) | Op::Method(_, operands) => operands.iter().collect(),
        Op::Binary(_, a, b) | Op::Compare(_, a, b) => vec![a, b],
        Op::Not(a) | Op::Negate(a) | Op::Cast(a, _) | Op::Copy(a) => vec![a],
        Op::Select(c, a, b) => vec![c, a, b],
        Op::Pure(template) | Op::Opaque(template) => of_template(template),
        Op::Len(place) => of_place(place),
    }
}

/// The operands in the holes of a template.
pub(super) fn of_template(template: &Template) -> Vec<&Operand> {
    let mut operands = Vec::new();
    for argument in &template.arguments {
        match argument {
            Argument::Scalar(operand) => operands.push(operand),
            Argument::Place(place) => operands.extend(of_place(place)),
        }
    }
    operands
}

/// The places that an initial content reads.
pub(super) fn places_of_init(init: &Init) -> Vec<&Place> {
    fn visit<'a>(tree: &'a InitTree, places: &mut Vec<&'a Place>) {
        match tree {
            InitTree::CopyOf(place) => places.push(place),
            InitTree::List(parts) | InitTree::Tuple(parts) => parts.iter().for_each(|part| visit(part, places)),
            InitTree::Repeat(element, _) => visit(element, places),
            InitTree::Scalar(_) => {}
        }
    }
    let mut places = Vec::new();
    match init {
        Init::Tree(tree) => visit(tree, &mut places),
        Init::CopyOf(place) | Init::ZerosLike(place) => places.push(place),
        Init::Default => {}
    }
    places
}

/// The operands of an initial content.
pub(super) fn of_init(init: &Init) -> Vec<&Operand> {
    fn visit<'a>(tree: &'a InitTree, operands: &mut Vec<&'a Operand>) {
        match tree {
            InitTree::Scalar(operand) => operands.push(operand),
            InitTree::CopyOf(place) => operands.extend(of_place(place)),
            InitTree::List(parts) | InitTree::Tuple(parts) => parts.iter().for_each(|part| visit(part, operands)),
            InitTree::Repeat(element, count) => {
                visit(element, operands);
                if let RepeatCount::Dynamic(count) = count {
                    operands.push(count);
                }
            }
        }
    }
    let mut operands = Vec::new();
    match init {
        Init::Tree(tree) => visit(tree, &mut operands),
        Init::CopyOf(place) | Init::ZerosLike(place) => operands.extend(of_place(place)),
        Init::Default => {}
    }
    operands
}

/// The scalars of an output.
pub(super) fn of_output(output: &Output) -> Vec<&Operand> {
    match output {
        Output::Unit | Output::Memory(_) => Vec::new(),
        Output::Scalar(operand) => vec![operand],
        Output::Tuple(parts) => parts.iter().flat_map(of_output).collect(),
    }
}

/// What a statement reads itself, the blocks inside it left out. `dimensions` gives the trip counts of a tape, which
/// its accesses read too.
pub(super) fn of_stmt<'a>(stmt: &'a Stmt, dimensions: &impl Fn(TapeId) -> &'a [Operand]) -> Vec<&'a Operand> {
    match stmt {
        Stmt::Let { op, .. } => of_op(op),
        Stmt::Load { place, .. } | Stmt::Clear { place } | Stmt::Check { place } => of_place(place),
        // Rust evaluates the right side of an assignment to a primitive first.
        Stmt::Store { place, value } | Stmt::Accumulate { place, value } => {
            std::iter::once(value).chain(of_place(place)).collect()
        }
        Stmt::Alloc { init, .. } => of_init(init),
        Stmt::Copy { to, from } | Stmt::AccumulateAll { to, from } => {
            of_place(from).into_iter().chain(of_place(to)).collect()
        }
        Stmt::Move { .. } | Stmt::Turn => Vec::new(),
        Stmt::Effect(template) => of_template(template),
        Stmt::If(branch) => vec![&branch.condition],
        Stmt::For(each) => {
            let initial = each.carried.iter().map(|carried| &carried.initial);
            initial.chain([&each.range.low, &each.range.high]).collect()
        }
        Stmt::While(each) => each.carried.iter().map(|carried| &carried.initial).collect(),
        Stmt::TapeAlloc(tape) => dimensions(*tape).iter().collect(),
        Stmt::TapePut { tape, index, value } => {
            std::iter::once(value).chain(index).chain(dimensions(*tape).iter().skip(1)).collect()
        }
        Stmt::TapeGet { tape, index, .. } => index.iter().chain(dimensions(*tape).iter().skip(1)).collect(),
    }
}

/// The blocks inside a statement, in the order of the text.
pub(super) fn blocks(stmt: &Stmt) -> Vec<&Block> {
    match stmt {
        Stmt::If(branch) => vec![&branch.then, &branch.otherwise],
        Stmt::For(each) => vec![&each.body],
        Stmt::While(each) => vec![&each.condition, &each.body],
        _ => Vec::new(),
    }
}

/// The places that a statement reads or writes itself; a memory that is moved counts as a place.
pub(super) fn places(stmt: &Stmt) -> Vec<Place> {
    let of_template = |template: &Template| -> Vec<Place> {
        let place = |argument: &Argument| match argument {
            Argument::Place(place) => Some(place.clone()),
            Argument::Scalar(_) => None,
        };
        template.arguments.iter().filter_map(place).collect()
    };
    match stmt {
        Stmt::Load { place, .. }
        | Stmt::Store { place, .. }
        | Stmt::Accumulate { place, .. }
        | Stmt::Clear { place }
        | Stmt::Check { place }
        | Stmt::Let { op: Op::Len(place), .. } => vec![place.clone()],
        Stmt::Copy { to, from } | Stmt::AccumulateAll { to, from } => vec![to.clone(), from.clone()],
        Stmt::Move { to, from } => [to, from].map(|&memory| Place { memory, path: Vec::new() }).into(),
        Stmt::Alloc { init, .. } => places_of_init(init).into_iter().cloned().collect(),
        Stmt::Effect(template) | Stmt::Let { op: Op::Pure(template) | Op::Opaque(template), .. } => of_template(template),
        _ => Vec::new(),
    }
}
