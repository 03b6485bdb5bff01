//! The mirror of each straight-line statement.

use crate::ir::{
    Init, InitTree, Length, MemoryId, MemoryInfo, Op, Operand, Origin, Place, Projection,
    RepeatCount, ScalarType, Stmt, Type, ValueId,
};

use super::super::forward::{owned, whole};
use super::{Adjoints, Reverse};
use crate::ir::{Builder, float_literal, float_type, usize_literal};

impl Reverse<'_> {
    /// Appends the mirror of a statement.
    pub(super) fn mirror_stmt(
        &mut self,
        stmt: &Stmt,
        previous: Option<&Stmt>,
        adjoints: &mut Adjoints,
        stmts: &mut Vec<Stmt>,
    ) {
        match stmt {
            Stmt::Let { value, op } => {
                if let Some(adjoint) = adjoints.remove(value) {
                    self.mirror_op(*value, op, adjoint, adjoints, stmts);
                }
            }
            Stmt::Load { value, place } => {
                if let Some(adjoint) = adjoints.remove(value)
                    && let Some(place) = self.adjoint_place(place)
                {
                    stmts.push(Stmt::Accumulate {
                        place,
                        value: adjoint,
                    });
                }
            }
            Stmt::Store { place, value } => self.mirror_store(place, value, adjoints, stmts),
            Stmt::Accumulate { place, value } => {
                if self.activity.is_active_operand(value)
                    && let Some(place) = self.adjoint_place(place)
                {
                    let adjoint = self.load(
                        "term",
                        place,
                        self.primal.operand_type(value).clone(),
                        stmts,
                    );
                    self.accumulate(value, adjoint, adjoints, stmts);
                }
            }
            Stmt::Alloc { memory, init } => self.mirror_alloc(*memory, init, adjoints, stmts),
            Stmt::Copy { to, from } => {
                let (to, from) = (self.adjoint_place(to), self.adjoint_place(from));
                if let (Some(to), Some(from)) = (&to, from) {
                    self.accumulate_all(from, to.clone(), stmts);
                }
                stmts.extend(to.map(|place| Stmt::Clear { place }));
            }
            Stmt::AccumulateAll { to, from } => {
                if let (Some(to), Some(from)) = (self.adjoint_place(to), self.adjoint_place(from)) {
                    self.accumulate_all(from, to, stmts);
                }
            }
            Stmt::Clear { place } => {
                stmts.extend(self.adjoint_place(place).map(|place| Stmt::Clear { place }))
            }
            Stmt::Push { to, value } => self.mirror_push(to, value, adjoints, stmts),
            Stmt::Resize { place, grows, .. } => {
                self.mirror_resize(place, *grows, previous, stmts);
            }
            Stmt::Move { to, from } => self.mirror_move(*to, *from, previous, stmts),
            Stmt::Call(call) => self.mirror_call(call, adjoints, stmts),
            Stmt::If(branch) => self.mirror_if(branch, adjoints, stmts),
            Stmt::For(body) => self.mirror_for(body, adjoints, stmts),
            Stmt::While(body) => self.mirror_while(body, adjoints, stmts),
            Stmt::Check { .. } | Stmt::CheckShape { .. } | Stmt::Effect(_) => {}
            Stmt::Turn
            | Stmt::Keep { .. }
            | Stmt::Recall { .. }
            | Stmt::TapeAlloc(_)
            | Stmt::TapePut { .. }
            | Stmt::TapeGet { .. } => {
                unreachable!("a reverse sweep is made of functions that have none")
            }
        }
    }

    /// The mirror of a place.
    pub(super) fn adjoint_place(&self, place: &Place) -> Option<Place> {
        self.adjoint_memory(place.memory).map(|memory| Place {
            memory,
            path: place.path.clone(),
        })
    }

    /// The adjoint of each operand grows by the partial derivative times the adjoint of the result.
    fn mirror_op(
        &mut self,
        value: ValueId,
        op: &Op,
        adjoint: Operand,
        adjoints: &mut Adjoints,
        stmts: &mut Vec<Stmt>,
    ) {
        let result = Operand::Value(value);
        match op {
            Op::Prim(prim, operands) => {
                let ty = float_type(self.primal, &result);
                let varied = self.activity.varied_operands(operands);
                let wanted: Vec<bool> = operands
                    .iter()
                    .map(|operand| self.activity.is_active_operand(operand))
                    .collect();
                let mut builder = Builder::new(&mut self.function);
                let partials = builder.partials(*prim, operands, (&varied, &wanted), &result, &ty);
                let terms: Vec<(Operand, Operand)> = partials
                    .into_iter()
                    .map(|(operand, partial)| (operand, builder.mul(partial, adjoint.clone(), &ty)))
                    .collect();
                stmts.append(&mut builder.stmts);
                for (operand, term) in terms {
                    self.accumulate(&operand, term, adjoints, stmts);
                }
            }
            Op::Select(condition, a, b) => {
                let ty = float_type(self.primal, &result);
                let zero = float_literal(0.0, &ty);
                for (operand, then, otherwise) in
                    [(a, adjoint.clone(), zero.clone()), (b, zero, adjoint)]
                {
                    if !self.activity.is_active_operand(operand) {
                        continue;
                    }
                    let mut builder = Builder::new(&mut self.function);
                    let term = builder.select("term", condition.clone(), then, otherwise, &ty);
                    stmts.append(&mut builder.stmts);
                    self.accumulate(operand, term, adjoints, stmts);
                }
            }
            Op::Copy(a) => self.accumulate(a, adjoint, adjoints, stmts),
            Op::Cast(a, _) if self.activity.is_active_operand(a) => {
                let ty = self.primal.operand_type(a).clone();
                let mut builder = Builder::new(&mut self.function);
                let term = builder.define("term", ty.clone(), Op::Cast(adjoint, ty));
                stmts.append(&mut builder.stmts);
                self.accumulate(a, term, adjoints, stmts);
            }
            _ => {}
        }
    }

    /// What was stored takes the adjoint of the place, which then has none: the old content is gone.
    fn mirror_store(
        &mut self,
        place: &Place,
        value: &Operand,
        adjoints: &mut Adjoints,
        stmts: &mut Vec<Stmt>,
    ) {
        let ty = self.primal.operand_type(value).clone();
        let ScalarType::Float(float) = &ty else {
            return;
        };
        let Some(place) = self.adjoint_place(place) else {
            return;
        };
        let zero = float_literal(0.0, float);
        if self.activity.is_active_operand(value) {
            let adjoint = self.load("term", place.clone(), ty, stmts);
            stmts.push(Stmt::Store { place, value: zero });
            self.accumulate(value, adjoint, adjoints, stmts);
        } else {
            stmts.push(Stmt::Store { place, value: zero });
        }
    }

    fn mirror_alloc(
        &mut self,
        memory: MemoryId,
        init: &Init,
        adjoints: &mut Adjoints,
        stmts: &mut Vec<Stmt>,
    ) {
        let Some(adjoint) = self.adjoint_memory(memory) else {
            return;
        };
        match init {
            Init::Tree(tree) => self.mirror_tree(tree, whole(adjoint), adjoints, stmts),
            Init::CopyOf(place) => {
                if let Some(place) = self.adjoint_place(place) {
                    stmts.push(Stmt::AccumulateAll {
                        to: place,
                        from: whole(adjoint),
                    });
                }
            }
            Init::ZerosLike(_) | Init::Default => {}
        }
    }

    /// The content of an array takes the adjoints of its elements.
    pub(super) fn mirror_tree(
        &mut self,
        tree: &InitTree,
        adjoint: Place,
        adjoints: &mut Adjoints,
        stmts: &mut Vec<Stmt>,
    ) {
        match tree {
            InitTree::Scalar(operand) => {
                if self.activity.is_active_operand(operand) {
                    let term = self.load(
                        "term",
                        adjoint,
                        self.primal.operand_type(operand).clone(),
                        stmts,
                    );
                    self.accumulate(operand, term, adjoints, stmts);
                }
            }
            InitTree::CopyOf(place) => {
                if let Some(place) = self.adjoint_place(place) {
                    self.accumulate_all(place, adjoint, stmts);
                }
            }
            InitTree::ZerosLike(_) => {}
            InitTree::List(items) => {
                for (k, item) in items.iter().enumerate() {
                    let step = Projection::Index(usize_literal(k));
                    self.mirror_tree(item, below(&adjoint, step), adjoints, stmts);
                }
            }
            InitTree::Tuple(items) => {
                for (k, item) in items.iter().enumerate() {
                    self.mirror_tree(item, below(&adjoint, Projection::Field(k)), adjoints, stmts);
                }
            }
            InitTree::Repeat(item, count) => {
                let high = match count {
                    RepeatCount::Fixed(Length::Literal(n)) => usize_literal(*n),
                    RepeatCount::Fixed(Length::Constant(code)) => {
                        Operand::Constant(code.clone(), ScalarType::USIZE)
                    }
                    RepeatCount::Dynamic(length) => length.clone(),
                };
                let mut read = Vec::new();
                tree.visit_operands(&mut |operand| read.extend(operand.value()));
                self.accumulate_over(
                    high,
                    &read,
                    adjoints,
                    stmts,
                    |pass, index, adjoints, stmts| {
                        let step = Projection::Index(Operand::Value(index));
                        pass.mirror_tree(item, below(&adjoint, step), adjoints, stmts);
                    },
                );
            }
        }
    }

    /// Adds one place to another; through a copy where both are parts of one memory.
    fn accumulate_all(&mut self, to: Place, from: Place, stmts: &mut Vec<Stmt>) {
        if to.memory != from.memory {
            stmts.push(Stmt::AccumulateAll { to, from });
            return;
        }
        let ty = owned(
            &crate::ir::place_type(&self.function, &from)
                .expect("the front end made a legal place"),
        );
        let info = MemoryInfo {
            name: "moved".to_owned(),
            ty,
            origin: Origin::Scratch,
            lanes: false,
        };
        let copy = self.function.derived_memory(info);
        stmts.push(Stmt::Alloc {
            memory: copy,
            init: Init::CopyOf(from),
        });
        stmts.push(Stmt::AccumulateAll {
            to,
            from: whole(copy),
        });
    }

    /// What was moved in takes the whole adjoint; the place gets zeros in the shape of what it held before, whose
    /// length the statement ahead of the move has noted.
    fn mirror_move(
        &mut self,
        to: MemoryId,
        from: MemoryId,
        previous: Option<&Stmt>,
        stmts: &mut Vec<Stmt>,
    ) {
        let Some(to_adjoint) = self.adjoint_memory(to) else {
            return;
        };
        let Some(Stmt::Let {
            value: length,
            op: Op::Len(_),
        }) = previous
        else {
            unreachable!("a move comes after the length of what it replaces");
        };
        if let Some(from_adjoint) = self.adjoint_memory(from) {
            stmts.push(Stmt::Move {
                to: from_adjoint,
                from: to_adjoint,
            });
        }
        let info = self.function.memories[to_adjoint].clone();
        let element = match &info.ty {
            Type::Vec(element) => self.zero_tree(element),
            other => unreachable!("only a Vec is moved, not {other:?}"),
        };
        let zeros = self.function.derived_memory(MemoryInfo {
            name: "zeros".to_owned(),
            ..info
        });
        let count = RepeatCount::Dynamic(Operand::Value(*length));
        let init = Init::Tree(InitTree::Repeat(Box::new(element), count));
        stmts.push(Stmt::Alloc {
            memory: zeros,
            init,
        });
        stmts.push(Stmt::Move {
            to: to_adjoint,
            from: zeros,
        });
    }

    /// Zeros of a type of fixed shape.
    pub(super) fn zero_tree(&self, ty: &Type) -> InitTree {
        match ty {
            Type::Scalar(ScalarType::Float(float)) => InitTree::Scalar(float_literal(0.0, float)),
            Type::Scalar(_) => InitTree::Tuple(Vec::new()),
            Type::Array(element, length) => InitTree::Repeat(
                Box::new(self.zero_tree(element)),
                RepeatCount::Fixed(length.clone()),
            ),
            Type::Tuple(parts) => {
                InitTree::Tuple(parts.iter().map(|part| self.zero_tree(part)).collect())
            }
            Type::Slice(_) | Type::Vec(_) => InitTree::List(Vec::new()),
            Type::Struct(_) => unreachable!("a struct has no fixed shape"),
        }
    }
}

/// A place one step further down.
pub(super) fn below(place: &Place, step: Projection) -> Place {
    let mut place = place.clone();
    place.path.push(step);
    place
}
