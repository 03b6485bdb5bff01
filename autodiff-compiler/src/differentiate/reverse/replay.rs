//! Runs an iteration of a frame again, ahead of its mirror.

use rustc_hash::FxHashMap as HashMap;

use crate::analysis::BlockId;
use crate::ir::{
    Block, Carried, For, If, Init, InitTree, MemoryId, Operand, Origin, ScalarType, Stmt, Type,
    ValueId, While,
};

use super::super::forward::whole;
use super::Reverse;
use super::frames::Slice;
use super::materialise::{Recovered, iteration_numbers, renamed};

impl Reverse<'_> {
    /// The mirrored body of a frame, with the iteration run again ahead of it.
    pub(super) fn replay(&mut self, id: BlockId, block: &Block, mirror: Block) -> Block {
        let slice = self
            .plan
            .frame(id)
            .expect("the caller has seen that this is a frame")
            .clone();
        let mut replay = Replay {
            recovered: Recovered::default(),
            memories: HashMap::default(),
        };
        self.ahead.extend(self.plan.frame_allocations(id).to_vec());
        self.declare_replicas(&slice, &mut replay);
        let mut stmts = self.plan.iteration_allocations(id).to_vec();
        let carried: Vec<ValueId> = self.carried_inputs(id, &slice);
        for value in carried {
            self.recover(value, id, &mut replay.recovered, &mut stmts);
        }
        self.recover_frame_index(id, &mut replay.recovered, &mut stmts);
        for snapshot in self.plan.snapshots(id) {
            let replica = replay.memories[&snapshot.memory];
            let (function, recovered) = (&mut self.function, &replay.recovered);
            stmts.extend(snapshot.put_back(id, self.structure, function, replica, recovered));
        }
        stmts.extend(self.run_again(block, &slice, &mut replay).stmts);
        let mut mirror = mirror;
        mirror.map_operands(|operand| renamed(operand, &replay.recovered));
        mirror.visit_memories_mut(&mut |memory, _| replay.rename(memory));
        stmts.append(&mut mirror.stmts);
        Block {
            stmts,
            yields: mirror.yields,
        }
    }

    /// A replica for each memory from outside that the iteration overwrites; made once, ahead of the mirrored loop.
    fn declare_replicas(&mut self, slice: &Slice, replay: &mut Replay) {
        for memory in &slice.memories {
            if self.structure.memory_home(*memory) != Some(crate::analysis::Structure::TOP) {
                continue;
            }
            let mut info = self.primal.memories[*memory].clone();
            info.ty = super::super::forward::owned(&info.ty);
            info.origin = Origin::Scratch;
            let replica = self.function.derived_memory(info);
            self.function.replicas.insert(replica);
            let init = self.zeros_of_replica(*memory);
            self.ahead.push(Stmt::Alloc {
                memory: replica,
                init,
            });
            replay.memories.insert(*memory, replica);
        }
    }

    /// Zeros in the shape of a memory that is made at the top level; nobody need keep it where its length is known.
    fn zeros_of_replica(&self, memory: MemoryId) -> Init {
        let made = self.primal.body.stmts.iter().find_map(|stmt| match stmt {
            Stmt::Alloc {
                memory: other,
                init,
            } if *other == memory => Some(init),
            _ => None,
        });
        let count = made.and_then(|init| self.lasting_count(memory, init));
        match (&self.primal.memories[memory].ty, count) {
            (Type::Vec(element), Some(count))
                if matches!(**element, Type::Scalar(ScalarType::Float(_))) =>
            {
                Init::Tree(InitTree::Repeat(Box::new(self.zero_tree(element)), count))
            }
            _ => Init::ZerosLike(whole(memory)),
        }
    }

    fn carried_inputs(&self, id: BlockId, slice: &Slice) -> Vec<ValueId> {
        let mut carried: Vec<ValueId> = slice
            .values
            .iter()
            .copied()
            .filter(|value| super::frames::is_carried_by(self.structure, *value, id))
            .collect();
        carried.sort_unstable();
        carried
    }

    fn recover_frame_index(
        &mut self,
        id: BlockId,
        recovered: &mut Recovered,
        stmts: &mut Vec<Stmt>,
    ) {
        if let crate::analysis::BlockKind::For { index, .. } = self.structure.info(id).kind {
            self.recover(index, id, recovered, stmts);
        }
    }

    /// The needed statements of a block, under new names, with what is kept put on its tape.
    fn run_again(&mut self, block: &Block, slice: &Slice, replay: &mut Replay) -> Block {
        let id = self.structure.id(block);
        let mut stmts = Vec::new();
        for stmt in &block.stmts {
            if !slice.needs(stmt) {
                continue;
            }
            let again = match stmt {
                Stmt::If(branch) => {
                    let kept = |value: &ValueId| slice.values.contains(value);
                    let positions: Vec<usize> = (0..branch.results.len())
                        .filter(|k| kept(&branch.results[*k]))
                        .collect();
                    let then = self.run_again_yielding(&branch.then, &positions, slice, replay);
                    let otherwise =
                        self.run_again_yielding(&branch.otherwise, &positions, slice, replay);
                    let condition = renamed(&branch.condition, &replay.recovered);
                    let results = positions
                        .iter()
                        .map(|k| self.fresh_again(branch.results[*k], replay))
                        .collect();
                    Stmt::If(If {
                        condition,
                        then,
                        otherwise,
                        results,
                    })
                }
                Stmt::For(inner) => {
                    let mut range = inner.range.clone();
                    range.map_operands(|operand| renamed(operand, &replay.recovered));
                    let (mut carried, positions) =
                        self.carried_again(&inner.carried, slice, replay);
                    let index = self.fresh_again(inner.index, replay);
                    let mut body = self.run_again_yielding(&inner.body, &positions, slice, replay);
                    self.put_inner(stmt, &inner.body, &mut body, replay);
                    self.results_again(&mut carried, &inner.carried, &positions, replay);
                    let stop = inner
                        .stop
                        .and_then(|stop| positions.iter().position(|k| *k == stop));
                    Stmt::For(For {
                        index,
                        range,
                        carried,
                        body,
                        stop,
                    })
                }
                Stmt::While(inner) => {
                    let (mut carried, positions) =
                        self.carried_again(&inner.carried, slice, replay);
                    let all: Vec<usize> = (0..inner.condition.yields.len()).collect();
                    let condition = self.run_again_yielding(&inner.condition, &all, slice, replay);
                    let mut body = self.run_again_yielding(&inner.body, &positions, slice, replay);
                    self.put_inner(stmt, &inner.body, &mut body, replay);
                    self.results_again(&mut carried, &inner.carried, &positions, replay);
                    Stmt::While(While {
                        carried,
                        condition,
                        body,
                    })
                }
                _ => self.straight_again(stmt, replay),
            };
            stmts.push(again);
            for value in stmt.defined_values() {
                self.put_again(value, id, replay, &mut stmts);
            }
        }
        Block {
            stmts,
            yields: Vec::new(),
        }
    }

    fn straight_again(&mut self, stmt: &Stmt, replay: &mut Replay) -> Stmt {
        let mut again = stmt.clone();
        again.map_operands(|operand| renamed(operand, &replay.recovered));
        if let Stmt::Alloc { memory, .. } = &again {
            let fresh = self
                .function
                .derived_memory(self.primal.memories[*memory].clone());
            self.function.replicas.insert(fresh);
            replay.memories.insert(*memory, fresh);
        }
        again.visit_memories_mut(&mut |memory, _| replay.rename(memory));
        again.visit_defined_mut(&mut |value| *value = self.fresh_again(*value, replay));
        again
    }

    fn run_again_yielding(
        &mut self,
        block: &Block,
        positions: &[usize],
        slice: &Slice,
        replay: &mut Replay,
    ) -> Block {
        let mut again = self.run_again(block, slice, replay);
        again.yields = positions
            .iter()
            .map(|k| renamed(&block.yields[*k], &replay.recovered))
            .collect();
        again
    }

    fn carried_again(
        &mut self,
        carried: &[Carried],
        slice: &Slice,
        replay: &mut Replay,
    ) -> (Vec<Carried>, Vec<usize>) {
        let needed = |variable: &Carried| {
            slice.values.contains(&variable.parameter) || slice.values.contains(&variable.result)
        };
        let positions: Vec<usize> = (0..carried.len())
            .filter(|k| needed(&carried[*k]))
            .collect();
        let again = positions
            .iter()
            .map(|k| Carried {
                initial: renamed(&carried[*k].initial, &replay.recovered),
                parameter: self.fresh_again(carried[*k].parameter, replay),
                result: carried[*k].result,
            })
            .collect();
        (again, positions)
    }

    fn results_again(
        &mut self,
        again: &mut [Carried],
        carried: &[Carried],
        positions: &[usize],
        replay: &mut Replay,
    ) {
        for (variable, k) in again.iter_mut().zip(positions) {
            variable.result = self.fresh_again(carried[*k].result, replay);
        }
    }

    fn fresh_again(&mut self, value: ValueId, replay: &mut Replay) -> ValueId {
        let info = self.primal.values[value].clone();
        let fresh = self.function.values.push(info);
        replay.recovered.insert(value, Operand::Value(fresh));
        fresh
    }

    /// Puts of what a loop defines for its body go to the beginning of the body.
    fn put_inner(&mut self, stmt: &Stmt, inner: &Block, body: &mut Block, replay: &Replay) {
        let mut puts = Vec::new();
        let id = self.structure.id(inner);
        let mut defined = Vec::new();
        stmt.visit_inner(&mut |value| defined.push(*value));
        for value in defined {
            self.put_again(value, id, replay, &mut puts);
        }
        puts.append(&mut body.stmts);
        body.stmts = puts;
    }

    fn put_again(
        &mut self,
        value: ValueId,
        block: BlockId,
        replay: &Replay,
        stmts: &mut Vec<Stmt>,
    ) {
        let Some(tape) = self.plan.tape(value) else {
            return;
        };
        let loops = self.structure.tape_loops(value);
        debug_assert!(self.structure.frame(block) != crate::analysis::Structure::TOP);
        let (mut computed, mut index) =
            iteration_numbers(&mut self.function, self.structure, &loops);
        for stmt in &mut computed {
            stmt.map_operands(|operand| renamed(operand, &replay.recovered));
        }
        for operand in &mut index {
            *operand = renamed(operand, &replay.recovered);
        }
        stmts.append(&mut computed);
        let value = renamed(&Operand::Value(value), &replay.recovered);
        stmts.push(Stmt::TapePut { tape, index, value });
    }
}

/// The names under which an iteration is run again.
struct Replay {
    recovered: Recovered,
    memories: HashMap<MemoryId, MemoryId>,
}

impl Replay {
    fn rename(&self, memory: &mut MemoryId) {
        if let Some(&replica) = self.memories.get(memory) {
            *memory = replica;
        }
    }
}
