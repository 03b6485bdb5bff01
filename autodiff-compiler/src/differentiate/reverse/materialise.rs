//! Makes the primal values that a mirrored block uses available in it, just ahead of their first use.

use rustc_hash::FxHashMap as HashMap;

use crate::analysis::{BlockId, BlockKind, Definition, Structure};
use crate::ir::{
    BinaryOp, Block, Function, Literal, Op, Operand, Range, ScalarType, Stmt, TypedId, ValueId,
};

use super::storage::{Recipe, recipe};
use super::{MirroredIndex, Mode, Reverse};
use crate::ir::{Builder, usize_literal};

pub(super) type Recovered = HashMap<ValueId, Operand>;

impl Reverse<'_> {
    /// Resolves the uses of values that the forward twin of this mirrored block defines.
    pub(super) fn materialise(&mut self, id: BlockId, block: Block) -> Block {
        if self.mode == Mode::Survey {
            let demands = self.values_of(id, |f| block.visit_operands(f));
            self.demands.extend(demands);
            return block;
        }
        let mut recovered = Recovered::default();
        let mut stmts = Vec::new();
        for mut stmt in block.stmts {
            let needed = self.values_of(id, |f| {
                stmt.visit_operands(f);
                stmt.for_each_block(&mut |inner| inner.visit_operands(f));
            });
            for value in needed {
                self.recover(value, id, &mut recovered, &mut stmts);
            }
            stmt.map_operands(|operand| renamed(operand, &recovered));
            stmt.for_each_block_mut(&mut |inner| {
                inner.map_operands(|operand| renamed(operand, &recovered))
            });
            stmts.push(stmt);
        }
        let needed = self.values_of(id, |f| block.yields.iter().for_each(f));
        for value in needed {
            self.recover(value, id, &mut recovered, &mut stmts);
        }
        let yields = block
            .yields
            .iter()
            .map(|operand| renamed(operand, &recovered))
            .collect();
        Block { stmts, yields }
    }

    /// The values among what `visit` visits that the block with this id defines, in order, each once.
    fn values_of(&self, id: BlockId, visit: impl FnOnce(&mut dyn FnMut(&Operand))) -> Vec<ValueId> {
        let mut values = Vec::new();
        visit(&mut |operand| {
            if let Some(value) = operand.value()
                && value.index() < self.primal.values.len()
                && self.structure.home(value) == Some(id)
                && !values.contains(&value)
            {
                values.push(value);
            }
        });
        values
    }

    pub(super) fn recover(
        &mut self,
        value: ValueId,
        id: BlockId,
        recovered: &mut Recovered,
        stmts: &mut Vec<Stmt>,
    ) -> Operand {
        if let Some(operand) = recovered.get(&value) {
            return operand.clone();
        }
        let info = self.primal.values[value].clone();
        let operand = if let Some(tape) = self.plan.tape(value) {
            let index = match self.plan.is_indexed(tape) {
                true => self.iterations_of(value, id, recovered, stmts),
                false => Vec::new(),
            };
            let fresh = self.function.values.push(info);
            stmts.push(Stmt::TapeGet {
                value: fresh,
                tape,
                index,
            });
            Operand::Value(fresh)
        } else {
            self.have_again(value, id, recovered, stmts)
        };
        recovered.insert(value, operand.clone());
        operand
    }

    /// A value that is not kept, by what defines it.
    fn have_again(
        &mut self,
        value: ValueId,
        id: BlockId,
        recovered: &mut Recovered,
        stmts: &mut Vec<Stmt>,
    ) -> Operand {
        if matches!(self.structure.definition(value), Some(Definition::Index)) {
            return self.recover_index(id, recovered, stmts);
        }
        let info = self.primal.values[value].clone();
        let structure = self.structure;
        let stmt = match recipe(self.primal, structure, value) {
            Some(Recipe::Op(op)) => {
                let mut op = op.clone();
                op.map_operands(|operand| self.recover_operand(operand, id, recovered, stmts));
                let value = self.function.values.push(info);
                Stmt::Let { value, op }
            }
            Some(Recipe::Load(place)) => {
                let mut place = place.clone();
                place.map_operands(|operand| self.recover_operand(operand, id, recovered, stmts));
                let value = self.function.values.push(info);
                Stmt::Load { value, place }
            }
            Some(Recipe::Induction(initial, step)) => {
                return self.recover_induction(initial, step, id, recovered, stmts);
            }
            None => unreachable!("{value:?} is neither kept nor can it be had again"),
        };
        let operand = Operand::Value(stmt.defined_values()[0]);
        stmts.push(stmt);
        operand
    }

    /// An operand of something that is computed again: what the block itself defines is recovered, what is defined
    /// around it is left for the blocks around.
    fn recover_operand(
        &mut self,
        operand: &Operand,
        id: BlockId,
        recovered: &mut Recovered,
        stmts: &mut Vec<Stmt>,
    ) -> Operand {
        match operand.value() {
            Some(value) if self.structure.home(value) == Some(id) => {
                self.recover(value, id, recovered, stmts)
            }
            _ => operand.clone(),
        }
    }

    /// The index of a loop from the index of its mirror.
    fn recover_index(
        &mut self,
        id: BlockId,
        recovered: &mut Recovered,
        stmts: &mut Vec<Stmt>,
    ) -> Operand {
        let iteration = match self.mirrored[&id] {
            MirroredIndex::Index(index) => return Operand::Value(index),
            MirroredIndex::Iteration(iteration) => Operand::Value(iteration),
        };
        let BlockKind::For { index, range, .. } = &self.structure.info(id).kind else {
            unreachable!("only a counted loop has an index");
        };
        let ty = self.primal.values[*index].ty.clone();
        let mut range = range.clone();
        range.visit_operands_mut(&mut |bound| {
            *bound = self.recover_operand(bound, id, recovered, stmts)
        });
        let mut builder = Builder::new(&mut self.function);
        let steps = if ty == ScalarType::USIZE {
            iteration
        } else {
            builder.define("step", ty.clone(), Op::Cast(iteration, ty.clone()))
        };
        let (op, start) = if range.reversed {
            (BinaryOp::Sub, last(&mut builder, &range))
        } else {
            (BinaryOp::Add, range.low)
        };
        let operand = match &ty {
            _ if op == BinaryOp::Add && start == usize_literal(0) => steps,
            // The steps of a signed type may wrap on the way: there can be more than its greatest number.
            ScalarType::Integer(name) if unsigned(name) != *name => {
                let method = match op {
                    BinaryOp::Add => "wrapping_add",
                    _ => "wrapping_sub",
                };
                let op = Op::Method(method.to_owned(), vec![start, steps]);
                builder.define("index", ty, op)
            }
            _ => builder.define("index", ty, Op::Binary(op, start, steps)),
        };
        stmts.append(&mut builder.stmts);
        operand
    }

    /// The value of a variable that a counted loop changes by a constant in each iteration.
    fn recover_induction(
        &mut self,
        initial: &Operand,
        step: i64,
        id: BlockId,
        recovered: &mut Recovered,
        stmts: &mut Vec<Stmt>,
    ) -> Operand {
        let BlockKind::For { index, range, .. } = self.structure.info(id).kind.clone() else {
            unreachable!("only a counted loop has induction variables");
        };
        let mut builder = Builder::new(&mut self.function);
        let done = iterations_done(&mut builder, index, &range);
        let size = usize_literal(
            usize::try_from(step.unsigned_abs()).expect("a step that the user wrote"),
        );
        let distance = builder.usize_op(BinaryOp::Mul, done, size);
        let (op, a, b) = match (step < 0, initial) {
            (true, initial) => (BinaryOp::Sub, initial.clone(), distance),
            (false, initial) => (BinaryOp::Add, distance, initial.clone()),
        };
        let value = builder.usize_op(op, a, b);
        for mut stmt in std::mem::take(&mut builder.stmts) {
            stmt.map_operands(|operand| self.recover_operand(operand, id, recovered, stmts));
            stmts.push(stmt);
        }
        self.recover_operand(&value, id, recovered, stmts)
    }

    fn iterations_of(
        &mut self,
        value: ValueId,
        id: BlockId,
        recovered: &mut Recovered,
        stmts: &mut Vec<Stmt>,
    ) -> Vec<Operand> {
        let (mut computed, index) = iteration_numbers(
            &mut self.function,
            self.structure,
            &self.structure.tape_loops(value),
        );
        for stmt in &mut computed {
            stmt.map_operands(|operand| self.recover_operand(operand, id, recovered, stmts));
        }
        stmts.append(&mut computed);
        index
            .iter()
            .map(|operand| self.recover_operand(operand, id, recovered, stmts))
            .collect()
    }
}

/// The number of the current iteration, from 0, of each of the loops with these bodies, with the statements that compute
/// them.
pub(super) fn iteration_numbers(
    function: &mut Function,
    structure: &Structure,
    bodies: &[BlockId],
) -> (Vec<Stmt>, Vec<Operand>) {
    let mut builder = Builder::new(function);
    let mut numbers = Vec::new();
    for body in bodies {
        let BlockKind::For { index, range, .. } = &structure.info(*body).kind else {
            unreachable!("a buffer belongs to counted loops");
        };
        numbers.push(iterations_done(&mut builder, *index, range));
    }
    (builder.stmts, numbers)
}

/// How many iterations came before this one.
fn iterations_done(builder: &mut Builder<'_>, index: ValueId, range: &Range) -> Operand {
    let index = Operand::Value(index);
    if !range.reversed {
        return distance(builder, index, range.low.clone());
    }
    let last = last(builder, range);
    distance(builder, last, index)
}

/// The greatest index of a range that is not empty.
fn last(builder: &mut Builder<'_>, range: &Range) -> Operand {
    let high = range.high.clone();
    if range.inclusive {
        return high;
    }
    let ty = builder.function.operand_type(&high).clone();
    let one = Operand::Literal(Literal {
        text: "1".to_owned(),
        ty: ty.clone(),
    });
    builder.define("last", ty, Op::Binary(BinaryOp::Sub, high, one))
}

/// `to - from`, which is not negative, as `usize`.
fn distance(builder: &mut Builder<'_>, to: Operand, from: Operand) -> Operand {
    match builder.function.operand_type(&to).clone() {
        ScalarType::USIZE => builder.usize_op(BinaryOp::Sub, to, from),
        ScalarType::Integer(name) => {
            let distance = ScalarType::Integer(unsigned(name));
            let distance = builder.define(
                "offset",
                distance,
                Op::Method("abs_diff".to_owned(), vec![to, from]),
            );
            builder.define(
                "offset",
                ScalarType::USIZE,
                Op::Cast(distance, ScalarType::USIZE),
            )
        }
        other => unreachable!("a loop runs over integers, not {other:?}"),
    }
}

/// The type of a distance between two integers.
pub(super) fn unsigned(name: &str) -> &'static str {
    match name {
        "i8" | "u8" => "u8",
        "i16" | "u16" => "u16",
        "i32" | "u32" => "u32",
        "i64" | "u64" => "u64",
        "i128" | "u128" => "u128",
        _ => "usize",
    }
}

pub(super) fn renamed(operand: &Operand, recovered: &Recovered) -> Operand {
    operand
        .value()
        .and_then(|value| recovered.get(&value).cloned())
        .unwrap_or_else(|| operand.clone())
}
