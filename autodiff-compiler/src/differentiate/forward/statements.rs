//! The tangent of each straight-line statement.

use crate::ir::{
    Builder, Init, InitTree, MemoryId, MemoryInfo, Op, Operand, Origin, Place, Prim, Projection,
    Stmt, TapeInfo, Type, ValueId, float_type,
};

use super::{Forward, whole};

impl Forward {
    /// Appends the tangent of a straight-line statement along the current direction.
    pub(super) fn tangent_stmt(&mut self, stmt: &Stmt, stmts: &mut Vec<Stmt>) {
        match stmt {
            Stmt::Let { value, op } => {
                if self.activity.is_varied(*value) {
                    self.op_tangent(*value, op, stmts);
                }
            }
            Stmt::Load { value, place } => {
                if self.activity.is_varied(*value)
                    && let Some(place) = self.shadow_place(place)
                {
                    let tangent = self.fresh_tangent(*value);
                    self.here_mut()
                        .tangents
                        .insert(*value, Operand::Value(tangent));
                    stmts.push(Stmt::Load {
                        value: tangent,
                        place,
                    });
                }
            }
            Stmt::Store { place, value } => {
                if let Some(place) = self.float_shadow_place(place, value) {
                    stmts.push(Stmt::Store {
                        place,
                        value: self.tangent_or_zero(value),
                    });
                }
            }
            Stmt::Accumulate { place, value } => {
                if let (Some(place), Some(value)) = (self.shadow_place(place), self.tangent(value))
                {
                    stmts.push(Stmt::Accumulate { place, value });
                }
            }
            Stmt::Alloc { memory, init } => self.alloc(*memory, init, stmts),
            Stmt::Copy { to, from } => match (self.shadow_place(to), self.shadow_place(from)) {
                (Some(to), Some(from)) => stmts.push(Stmt::Copy { to, from }),
                (Some(place), None) => stmts.push(Stmt::Clear { place }),
                (None, _) => {}
            },
            Stmt::Push { to, value } => {
                if let Some(to) = self.shadow_place(to) {
                    let value = self.tangent_tree(value);
                    stmts.push(Stmt::Push { to, value });
                }
            }
            Stmt::Resize {
                place,
                length,
                grows,
            } => {
                if let Some(place) = self.shadow_place(place) {
                    let (length, grows) = (length.clone(), *grows);
                    stmts.push(Stmt::Resize {
                        place,
                        length,
                        grows,
                    });
                }
            }
            Stmt::Move { to, from } => self.move_shadow(*to, *from, stmts),
            Stmt::AccumulateAll { to, from } => {
                if let (Some(to), Some(from)) = (self.shadow_place(to), self.shadow_place(from)) {
                    stmts.push(Stmt::AccumulateAll { to, from });
                }
            }
            Stmt::Clear { place } => {
                if let Some(place) = self.shadow_place(place) {
                    stmts.push(Stmt::Clear { place });
                }
            }
            Stmt::TapeAlloc(tape) => {
                if self.activity.is_varied_tape(*tape) {
                    let TapeInfo {
                        name, ty, layout, ..
                    } = self.function.tapes[*tape].clone();
                    let twin = TapeInfo {
                        name: self.tangent_name(&name),
                        ty,
                        lanes: self.lanes,
                        layout,
                    };
                    let twin = self.function.tapes.push(twin);
                    self.here_mut().tapes.insert(*tape, twin);
                    stmts.push(Stmt::TapeAlloc(twin));
                }
            }
            Stmt::TapePut { tape, index, value } => {
                if let Some(&tape) = self.here().tapes.get(tape) {
                    let value = self.tangent_or_zero(value);
                    stmts.push(Stmt::TapePut {
                        tape,
                        index: index.clone(),
                        value,
                    });
                }
            }
            Stmt::TapeGet { value, tape, index } => {
                if let Some(&tape) = self.here().tapes.get(tape) {
                    let tangent = self.fresh_tangent(*value);
                    self.here_mut()
                        .tangents
                        .insert(*value, Operand::Value(tangent));
                    stmts.push(Stmt::TapeGet {
                        value: tangent,
                        tape,
                        index: index.clone(),
                    });
                }
            }
            Stmt::If(_)
            | Stmt::For(_)
            | Stmt::While(_)
            | Stmt::Call(_)
            | Stmt::Keep { .. }
            | Stmt::Recall { .. } => {
                unreachable!("control and calls are differentiated as a whole")
            }
            Stmt::Check { .. } | Stmt::CheckShape { .. } | Stmt::Effect(_) | Stmt::Turn => {}
        }
    }

    /// The shadow of a place that holds a float; beside floats, tuples can hold what has no tangent.
    fn float_shadow_place(&self, place: &Place, value: &Operand) -> Option<Place> {
        let is_float = self.function.operand_type(value).is_float();
        if is_float {
            self.shadow_place(place)
        } else {
            None
        }
    }

    /// The tangent of an operation: the sum over its operands of partial derivative times tangent.
    fn op_tangent(&mut self, value: ValueId, op: &Op, stmts: &mut Vec<Stmt>) {
        let result = Operand::Value(value);
        let ty = float_type(&self.function, &result);
        let name = self.tangent_name(&self.function.values[value].name);
        let active = match op {
            Op::Prim(_, operands) => self.activity.varied_operands(operands),
            _ => Vec::new(),
        };
        let tangent = match op {
            // A selection by comparison: the tangent is that of the operand selected, whatever the other's.
            Op::Prim(prim, operands) if selected_from(*prim).is_some() => {
                let arms = selected_from(*prim).expect("just asked");
                let mut operands = operands.clone();
                for operand in &mut operands[arms..] {
                    *operand = self.tangent_or_zero(operand);
                }
                let mut builder = Builder::new(&mut self.function);
                let tangent = builder.prim("term", *prim, operands, &ty);
                stmts.append(&mut builder.stmts);
                Some(tangent)
            }
            Op::Prim(prim, operands) => {
                let tangents: Vec<Option<Operand>> = operands
                    .iter()
                    .map(|operand| self.tangent(operand))
                    .collect();
                let varies: Vec<bool> = tangents
                    .iter()
                    .zip(&active)
                    .map(|(tangent, active)| tangent.is_some() && *active)
                    .collect();
                let mut builder = Builder::new(&mut self.function);
                let mut sum: Option<Operand> = None;
                for (operand, partial) in
                    builder.partials(*prim, operands, (&active, &varies), &result, &ty)
                {
                    let position = operands.iter().position(|other| *other == operand);
                    let Some(tangent) = position.and_then(|k| tangents[k].clone()) else {
                        continue;
                    };
                    let term = builder.mul(partial, tangent, &ty);
                    sum = Some(match sum {
                        Some(sum) => builder.add(sum, term, &ty),
                        None => term,
                    });
                }
                stmts.append(&mut builder.stmts);
                sum
            }
            Op::Select(condition, a, b) => {
                let (a, b) = (self.tangent_or_zero(a), self.tangent_or_zero(b));
                let mut builder = Builder::new(&mut self.function);
                let tangent = builder.select(&name, condition.clone(), a, b, &ty);
                stmts.append(&mut builder.stmts);
                Some(tangent)
            }
            Op::Copy(a) => self.tangent(a),
            Op::Cast(a, to) => self.tangent(a).map(|tangent| {
                let mut builder = Builder::new(&mut self.function);
                let tangent = builder.define(&name, to.clone(), Op::Cast(tangent, to.clone()));
                stmts.append(&mut builder.stmts);
                tangent
            }),
            _ => None,
        };
        if let Some(tangent) = tangent {
            self.name_tangent(&tangent, name);
            self.here_mut().tangents.insert(value, tangent);
        }
    }

    /// Calls a tangent just computed after its primal.
    fn name_tangent(&mut self, tangent: &Operand, name: String) {
        if let Operand::Value(tangent) = tangent
            && self.function.values[*tangent].name == "term"
        {
            self.function.values[*tangent].name = name;
        }
    }

    fn alloc(&mut self, memory: MemoryId, init: &Init, stmts: &mut Vec<Stmt>) {
        if !self.activity.is_varied_memory(memory) {
            return;
        }
        let info = &self.function.memories[memory];
        let (name, origin) = (self.tangent_name(&info.name), info.origin);
        if let (Init::Tree(tree), Type::Struct(_)) = (init, &info.ty) {
            // Only rustc knows how to write a tangent of it, so zeros are filled in.
            let shadow = self.new_shadow(memory, name, origin);
            stmts.push(Stmt::Alloc {
                memory: shadow,
                init: Init::ZerosLike(whole(memory)),
            });
            return self.fill(tree, whole(shadow), stmts);
        }
        let init = match init {
            Init::Tree(tree) => Init::Tree(self.tangent_tree(tree)),
            Init::CopyOf(place) => match self.shadow_place(place) {
                Some(place) => Init::CopyOf(place),
                None => Init::ZerosLike(whole(memory)),
            },
            Init::ZerosLike(_) => Init::ZerosLike(whole(memory)),
            Init::Default => Init::Default,
        };
        let shadow = self.new_shadow(memory, name, origin);
        stmts.push(Stmt::Alloc {
            memory: shadow,
            init,
        });
    }

    /// Writes the tangents of what a struct is made of into its own, which is zero.
    fn fill(&mut self, tree: &InitTree, to: Place, stmts: &mut Vec<Stmt>) {
        match tree {
            InitTree::Scalar(operand) => {
                if let Some(value) = self.tangent(operand) {
                    stmts.push(Stmt::Store { place: to, value });
                }
            }
            InitTree::CopyOf(place) => {
                if let Some(from) = self.shadow_place(place) {
                    stmts.push(Stmt::Copy { to, from });
                }
            }
            InitTree::Tuple(items) => {
                for (field, item) in items.iter().enumerate() {
                    let mut to = to.clone();
                    to.path.push(Projection::Field(field));
                    self.fill(item, to, stmts);
                }
            }
            InitTree::ZerosLike(_) => {}
            InitTree::List(_) | InitTree::Repeat(..) => {
                unreachable!("the parts of a struct are values and copies")
            }
        }
    }

    fn tangent_tree(&self, tree: &InitTree) -> InitTree {
        match tree {
            InitTree::Scalar(operand) => {
                let is_float = self.function.operand_type(operand).is_float();
                if is_float {
                    InitTree::Scalar(self.tangent_or_zero(operand))
                } else {
                    InitTree::Tuple(Vec::new())
                }
            }
            InitTree::CopyOf(place) => match self.shadow_place(place) {
                Some(place) => InitTree::CopyOf(place),
                None => InitTree::ZerosLike(place.clone()),
            },
            InitTree::ZerosLike(place) => InitTree::ZerosLike(place.clone()),
            InitTree::List(items) => {
                InitTree::List(items.iter().map(|item| self.tangent_tree(item)).collect())
            }
            InitTree::Tuple(items) => {
                InitTree::Tuple(items.iter().map(|item| self.tangent_tree(item)).collect())
            }
            InitTree::Repeat(item, count) => {
                InitTree::Repeat(Box::new(self.tangent_tree(item)), count.clone())
            }
        }
    }

    fn move_shadow(&mut self, to: MemoryId, from: MemoryId, stmts: &mut Vec<Stmt>) {
        let (to_shadow, from_shadow) = (
            self.here().shadows.get(&to).copied(),
            self.here().shadows.get(&from).copied(),
        );
        match (to_shadow, from_shadow) {
            (Some(to), Some(from)) => stmts.push(Stmt::Move { to, from }),
            (Some(shadow), None) => {
                // What was moved in does not vary: zeros in its shape.
                let zeros = self.function.memories[shadow].clone();
                let zeros = self.function.derived_memory(MemoryInfo {
                    origin: Origin::Local,
                    ..zeros
                });
                stmts.push(Stmt::Alloc {
                    memory: zeros,
                    init: Init::ZerosLike(whole(to)),
                });
                stmts.push(Stmt::Move {
                    to: shadow,
                    from: zeros,
                });
            }
            (None, _) => {}
        }
    }
}

/// The position of the first of the two operands that a primitive selects from.
fn selected_from(prim: Prim) -> Option<usize> {
    match prim {
        Prim::IfGreater | Prim::IfEqual => Some(2),
        Prim::IfNan => Some(1),
        _ => None,
    }
}
