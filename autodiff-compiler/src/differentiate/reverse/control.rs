//! The mirror of blocks, branches and loops.

use crate::analysis::Structure;
use crate::ir::{
    Block, Carried, For, If, Init, InitTree, MemoryId, Operand, Origin, Place, Range, RepeatCount,
    ScalarType, Stmt, Type, ValueId, ValueInfo, While,
};

use super::super::forward::{owned, whole};
use super::adjoints::adjoint_name;
use super::{Adjoints, MirroredIndex, Reverse};
use crate::ir::usize_literal;

impl Reverse<'_> {
    /// Appends the mirror of a block: its statements from last to first.
    pub(super) fn mirror_block(
        &mut self,
        block: &Block,
        adjoints: &mut Adjoints,
        stmts: &mut Vec<Stmt>,
    ) {
        for stmt in &block.stmts {
            match stmt {
                Stmt::Alloc { memory, init } if self.activity.is_active_memory(*memory) => {
                    self.declare_block_local(*memory, init, stmts);
                }
                Stmt::Call(call) if self.activity.is_active_call(call) => {
                    self.declare_results(call, stmts);
                }
                _ => {}
            }
        }
        for (k, stmt) in block.stmts.iter().enumerate().rev() {
            let previous = k.checked_sub(1).map(|k| &block.stmts[k]);
            self.mirror_stmt(stmt, previous, adjoints, stmts);
        }
    }

    /// The adjoint of a local starts as zeros at the end of its scope.
    pub(super) fn declare_block_local(
        &mut self,
        memory: MemoryId,
        init: &Init,
        stmts: &mut Vec<Stmt>,
    ) {
        if self.adjoint_memories.contains_key(&memory) {
            return;
        }
        let ty = owned(&self.primal.memories[memory].ty);
        let init = self.zeros_for(memory, &ty, init);
        let adjoint = self.new_adjoint_memory(memory, Origin::Scratch, ty);
        stmts.push(Stmt::Alloc {
            memory: adjoint,
            init,
        });
        self.adjoint_memories.insert(memory, adjoint);
    }

    /// Zeros in the shape of a local. At the top level the local itself is still there to tell its shape; in a loop, or
    /// moved from, it is gone, and the forward sweep has noted its length.
    fn zeros_for(&self, memory: MemoryId, ty: &Type, init: &Init) -> Init {
        if ty.has_struct() {
            // The front end has seen to it that such a local is at the top level, and is not moved.
            return Init::ZerosLike(whole(memory));
        }
        let Type::Vec(element) = ty else {
            return match fixed_shape(ty) {
                true => Init::Tree(self.zero_tree(ty)),
                false => self.zeros_of_copy(init, ty),
            };
        };
        let is_moved = self.is_moved(memory);
        let costly = self.two_steps && fixed_shape(element);
        if self.structure.memory_home(memory) == Some(Structure::TOP) && !is_moved && !costly {
            return Init::ZerosLike(whole(memory));
        }
        if !fixed_shape(element) && !matches!(init, Init::Default) {
            return self.zeros_of_copy(init, ty);
        }
        let length = || RepeatCount::Dynamic(Operand::Value(self.lengths[&memory]));
        let count = self.lasting_count(memory, init).unwrap_or_else(length);
        Init::Tree(InitTree::Repeat(Box::new(self.zero_tree(element)), count))
    }

    /// How long a `Vec` was made, where nothing replaces the whole of it.
    pub(super) fn lasting_count(&self, memory: MemoryId, init: &Init) -> Option<RepeatCount> {
        let Init::Tree(InitTree::Repeat(_, count)) = init else {
            return None;
        };
        let mut writes = self.structure.writes(memory).iter();
        let lasts = !writes.any(|write| write.place.path.is_empty() || write.resizes);
        lasts.then(|| count.clone())
    }

    fn is_moved(&self, memory: MemoryId) -> bool {
        let mut writes = self.structure.writes(memory).iter();
        writes.any(|write| write.moved)
    }

    fn is_resized(&self, memory: MemoryId) -> bool {
        let mut writes = self.structure.writes(memory).iter();
        writes.any(|write| write.resizes)
    }

    /// Zeros in the shape that a local had at first. One number tells that of a `Vec` of numbers alone; `Vec`s inside of
    /// others keep their lengths, so that their shape is still that of what they were made from.
    fn zeros_of_copy(&self, init: &Init, ty: &Type) -> Init {
        match init {
            Init::Tree(tree) => Init::Tree(self.zeros_shaped(tree, ty)),
            Init::CopyOf(place) | Init::ZerosLike(place) => self.zeros_of_place(place, ty),
            Init::Default => Init::Tree(self.zero_tree(ty)),
        }
    }

    /// Zeros in the shape of a place; a local that is gone by then had its own shape from elsewhere.
    fn zeros_of_place(&self, place: &Place, ty: &Type) -> Init {
        let memory = place.memory;
        let mut made = None;
        self.primal.body.for_each_stmt(&mut |stmt| match stmt {
            Stmt::Alloc { memory: of, init } if *of == memory => made = Some(init),
            _ => {}
        });
        let stands = self.structure.memory_home(memory) == Some(Structure::TOP);
        match made {
            Some(init) if place.path.is_empty() && (!stands || self.is_moved(memory)) => {
                self.zeros_of_copy(init, ty)
            }
            Some(_) if !stands || self.is_resized(memory) => match self.adjoint_place(place) {
                Some(adjoint) => Init::ZerosLike(adjoint),
                None => Init::ZerosLike(place.clone()),
            },
            _ => Init::ZerosLike(place.clone()),
        }
    }

    /// Zeros in the shape of what is written out.
    fn zeros_shaped(&self, tree: &InitTree, ty: &Type) -> InitTree {
        match (tree, ty.element()) {
            (InitTree::CopyOf(place) | InitTree::ZerosLike(place), _) => {
                match self.zeros_of_place(place, ty) {
                    Init::Tree(tree) => tree,
                    Init::ZerosLike(place) | Init::CopyOf(place) => InitTree::ZerosLike(place),
                    Init::Default => self.zero_tree(ty),
                }
            }
            (InitTree::List(items), Some(element)) => InitTree::List(
                items
                    .iter()
                    .map(|item| self.zeros_shaped(item, element))
                    .collect(),
            ),
            (InitTree::Repeat(item, count), Some(element)) => {
                InitTree::Repeat(Box::new(self.zeros_shaped(item, element)), count.clone())
            }
            _ => self.zero_tree(ty),
        }
    }

    /// Each branch hands the adjoints of the results on to what it yielded; afterwards an adjoint that only one branch
    /// changed is a result of the mirrored branch.
    pub(super) fn mirror_if(
        &mut self,
        branch: &If,
        adjoints: &mut Adjoints,
        stmts: &mut Vec<Stmt>,
    ) {
        let results: Vec<Option<Operand>> = branch
            .results
            .iter()
            .map(|result| adjoints.remove(result))
            .collect();
        let mut sides = [&branch.then, &branch.otherwise].map(|block| {
            let mut side = adjoints.clone();
            let mut mirror = Vec::new();
            for (next, adjoint) in block.yields.iter().zip(&results) {
                if let Some(adjoint) = adjoint {
                    self.accumulate(next, adjoint.clone(), &mut side, &mut mirror);
                }
            }
            self.mirror_block(block, &mut side, &mut mirror);
            (
                side,
                Block {
                    stmts: mirror,
                    yields: Vec::new(),
                },
                self.structure.id(block),
            )
        });
        let mut changed: Vec<ValueId> = sides
            .iter()
            .flat_map(|(side, ..)| side.keys().copied())
            .collect();
        changed.sort_unstable();
        changed.dedup();
        changed.retain(|value| {
            sides[0].0.get(value) != sides[1].0.get(value)
                || sides[0].0.get(value) != adjoints.get(value)
        });
        changed.retain(|value| {
            let home = self.structure.home(*value);
            home.is_none_or(|home| {
                sides
                    .iter()
                    .all(|(.., id)| !self.structure.is_inside(home, *id))
            })
        });
        let mut results = Vec::new();
        for value in changed {
            // What both sides agree on was there before them.
            if let (Some(a), Some(b)) = (sides[0].0.get(&value), sides[1].0.get(&value))
                && a == b
            {
                adjoints.insert(value, a.clone());
                continue;
            }
            for (side, block, _) in &mut sides {
                block.yields.push(self.adjoint_or_zero(value, side));
            }
            let result = self.fresh_adjoint(value);
            adjoints.insert(value, Operand::Value(result));
            results.push(result);
        }
        let [(_, then, then_id), (_, otherwise, otherwise_id)] = sides;
        if then.stmts.is_empty() && otherwise.stmts.is_empty() && results.is_empty() {
            return;
        }
        let then = self.materialise(then_id, then);
        let otherwise = self.materialise(otherwise_id, otherwise);
        stmts.push(Stmt::If(If {
            condition: branch.condition.clone(),
            then,
            otherwise,
            results,
        }));
    }

    /// The same iterations, last first; where the loop could stop early, as many as there were.
    pub(super) fn mirror_for(
        &mut self,
        counted: &For,
        adjoints: &mut Adjoints,
        stmts: &mut Vec<Stmt>,
    ) {
        let body = self.structure.id(&counted.body);
        let range = if counted.stop.is_some() {
            self.iterations(body, &counted.carried)
        } else {
            let info = self.primal.values[counted.index].clone();
            let index = self.function.values.push(info);
            self.function.mirrors.insert(index, counted.index);
            self.mirrored.insert(body, MirroredIndex::Index(index));
            (
                index,
                Range {
                    reversed: !counted.range.reversed,
                    ..counted.range.clone()
                },
            )
        };
        self.mirror_loop(range, &counted.carried, &counted.body, adjoints, stmts);
    }

    /// As many iterations as there were.
    pub(super) fn mirror_while(
        &mut self,
        conditional: &While,
        adjoints: &mut Adjoints,
        stmts: &mut Vec<Stmt>,
    ) {
        let body = self.structure.id(&conditional.body);
        let range = self.iterations(body, &conditional.carried);
        self.mirror_loop(
            range,
            &conditional.carried,
            &conditional.body,
            adjoints,
            stmts,
        );
    }

    /// A downward range over the iterations that a loop counted in its last carried variable.
    fn iterations(
        &mut self,
        body: crate::analysis::BlockId,
        carried: &[Carried],
    ) -> (ValueId, Range) {
        let trips = carried
            .last()
            .expect("such a loop counts its iterations")
            .result;
        let info = ValueInfo {
            name: "step".to_owned(),
            ty: ScalarType::USIZE,
            lanes: false,
        };
        let index = self.function.values.push(info);
        self.mirrored.insert(body, MirroredIndex::Iteration(index));
        let high = Operand::Value(trips);
        (
            index,
            Range {
                low: usize_literal(0),
                high,
                inclusive: false,
                reversed: true,
            },
        )
    }

    fn mirror_loop(
        &mut self,
        (index, range): (ValueId, Range),
        variables: &[Carried],
        body: &Block,
        adjoints: &mut Adjoints,
        stmts: &mut Vec<Stmt>,
    ) {
        let id = self.structure.id(body);
        // A variable that no iteration reads can still be a result.
        let is_active = |variable: &Carried| {
            self.activity.is_active(variable.parameter) || self.activity.is_active(variable.result)
        };
        let active: Vec<usize> = (0..variables.len())
            .filter(|k| is_active(&variables[*k]))
            .collect();
        let mut carried = Vec::new();
        let mut inside = Adjoints::new();
        let mut mirror = Vec::new();
        for k in &active {
            let initial = self.adjoint_or_zero(variables[*k].result, adjoints);
            adjoints.remove(&variables[*k].result);
            carried.push(self.carry(variables[*k].parameter, initial));
        }
        let outer = self.active_values_from_outside(body, id);
        for value in &outer {
            let initial = self.adjoint_or_zero(*value, adjoints);
            let variable = self.carry(*value, initial);
            inside.insert(*value, Operand::Value(variable.parameter));
            carried.push(variable);
        }
        for (variable, k) in carried.iter().zip(&active) {
            self.accumulate(
                &body.yields[*k],
                Operand::Value(variable.parameter),
                &mut inside,
                &mut mirror,
            );
        }
        self.mirror_block(body, &mut inside, &mut mirror);
        let mut yields: Vec<Operand> = active
            .iter()
            .map(|k| self.adjoint_or_zero(variables[*k].parameter, &inside))
            .collect();
        yields.extend(outer.iter().map(|value| inside[value].clone()));
        let mut kept = active.len();
        for value in &outer {
            if yields[kept] == Operand::Value(carried[kept].parameter) {
                carried.remove(kept);
                yields.remove(kept);
            } else {
                adjoints.insert(*value, Operand::Value(carried[kept].result));
                kept += 1;
            }
        }
        let results: Vec<ValueId> = carried.iter().map(|variable| variable.result).collect();
        let mirror = Block {
            stmts: mirror,
            yields,
        };
        let body = match self.plan.frame(id) {
            Some(_) => self.replay(id, body, mirror),
            None => self.materialise(id, mirror),
        };
        stmts.append(&mut self.ahead);
        if !body.stmts.is_empty() || !carried.is_empty() {
            stmts.push(Stmt::For(For {
                index,
                range,
                carried,
                body,
                stop: None,
            }));
        }
        for (result, k) in results.iter().zip(&active) {
            self.accumulate(
                &variables[*k].initial,
                Operand::Value(*result),
                adjoints,
                stmts,
            );
        }
    }

    /// A loop over `0..high` that only adds to the adjoints of `read`.
    pub(super) fn accumulate_over(
        &mut self,
        high: Operand,
        read: &[ValueId],
        adjoints: &mut Adjoints,
        stmts: &mut Vec<Stmt>,
        body: impl FnOnce(&mut Self, ValueId, &mut Adjoints, &mut Vec<Stmt>),
    ) {
        let info = ValueInfo {
            name: "step".to_owned(),
            ty: ScalarType::USIZE,
            lanes: false,
        };
        let index = self.function.values.push(info);
        let mut carried = Vec::new();
        let mut inside = Adjoints::new();
        let mut values: Vec<ValueId> = read
            .iter()
            .copied()
            .filter(|value| self.activity.is_active(*value))
            .collect();
        values.sort_unstable();
        values.dedup();
        for value in &values {
            let initial = self.adjoint_or_zero(*value, adjoints);
            let variable = self.carry(*value, initial);
            inside.insert(*value, Operand::Value(variable.parameter));
            adjoints.insert(*value, Operand::Value(variable.result));
            carried.push(variable);
        }
        let mut block = Block::default();
        body(self, index, &mut inside, &mut block.stmts);
        block.yields = values.iter().map(|value| inside[value].clone()).collect();
        if block.stmts.is_empty() {
            return;
        }
        let range = Range {
            low: usize_literal(0),
            high,
            inclusive: false,
            reversed: false,
        };
        stmts.push(Stmt::For(For {
            index,
            range,
            carried,
            body: block,
            stop: None,
        }));
    }

    fn carry(&mut self, value: ValueId, initial: Operand) -> Carried {
        Carried {
            parameter: self.fresh_adjoint(value),
            initial,
            result: self.fresh_adjoint(value),
        }
    }

    fn fresh_adjoint(&mut self, value: ValueId) -> ValueId {
        let info = &self.function.values[value];
        let (name, ty) = (adjoint_name(&info.name), info.ty.clone());
        self.function.values.push(ValueInfo {
            name,
            ty,
            lanes: false,
        })
    }

    /// The active values that a loop body reads from outside; the loop can add to their adjoints.
    fn active_values_from_outside(
        &self,
        body: &Block,
        id: crate::analysis::BlockId,
    ) -> Vec<ValueId> {
        let mut values = Vec::new();
        body.visit_operands(&mut |operand| values.extend(operand.value()));
        values.sort_unstable();
        values.dedup();
        values.retain(|value| {
            self.activity.is_active(*value)
                && self
                    .structure
                    .home(*value)
                    .is_some_and(|home| !self.structure.is_inside(home, id))
        });
        values
    }
}

/// Whether all values of the type have one shape.
fn fixed_shape(ty: &Type) -> bool {
    match ty {
        Type::Scalar(_) => true,
        Type::Array(element, _) => fixed_shape(element),
        Type::Tuple(parts) => parts.iter().all(fixed_shape),
        Type::Slice(_) | Type::Vec(_) | Type::Struct(_) => false,
    }
}
