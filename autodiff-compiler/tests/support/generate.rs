//! Random well-formed functions: nested loops and branches over values and memories, with indices that may coincide.

use autodiff_compiler::ir::{
    BinaryOp, Binding, Block, Carried, Comparison, FloatType, For, Function, If, Init, InitTree,
    Length, Literal, MemoryId, MemoryInfo, Op, Operand, Origin, Output, Parameter, Place, Prim,
    Projection, Range, Role, ScalarType, Stmt, Type, ValueId, ValueInfo, While,
};

use super::arguments::Random;

/// How long every array is.
pub const LENGTH: usize = 3;

const FLOAT: ScalarType = ScalarType::Float(FloatType::F64);

/// A function of `x: f64, y: f64, &[f64], n: usize` and, if `in_out`, `&mut [f64; 3]`.
pub fn function(random: &mut Random, in_out: bool) -> Function {
    let mut generator = Generator {
        random,
        function: Function::default(),
        floats: Vec::new(),
        indices: Vec::new(),
        counts: Vec::new(),
        readable: Vec::new(),
        writable: Vec::new(),
    };
    generator.parameters(in_out);
    let local = generator.local();
    let mut body = generator.block(0);
    body.stmts.insert(0, local);
    let total = generator.total(&mut body.stmts);
    generator.function.body = body;
    generator.function.output = generator.output(in_out, total);
    generator.function
}

struct Generator<'r> {
    random: &'r mut Random,
    function: Function,
    floats: Vec<ValueId>,
    /// Values below [`LENGTH`].
    indices: Vec<ValueId>,
    /// Values up to [`LENGTH`], for trip counts.
    counts: Vec<ValueId>,
    readable: Vec<MemoryId>,
    writable: Vec<MemoryId>,
}

fn array() -> Type {
    Type::Array(Box::new(Type::Scalar(FLOAT)), Length::Literal(LENGTH))
}

fn usize_literal(number: usize) -> Operand {
    Operand::Literal(Literal {
        text: number.to_string(),
        ty: ScalarType::USIZE,
    })
}

fn whole(memory: MemoryId) -> Place {
    Place {
        memory,
        path: Vec::new(),
    }
}

impl Generator<'_> {
    fn below(&mut self, bound: usize) -> usize {
        (((self.random.number() + 1.0) / 2.0) * bound as f64) as usize
    }

    fn one_of<T: Copy>(&mut self, pick: impl Fn(&Self) -> &Vec<T>) -> T {
        let position = self.below(pick(self).len());
        pick(self)[position]
    }

    fn value(&mut self, ty: ScalarType) -> ValueId {
        self.function.values.push(ValueInfo {
            name: "v".to_owned(),
            ty,
            lanes: false,
        })
    }

    fn memory(&mut self, ty: Type, origin: Origin) -> MemoryId {
        self.function.memories.push(MemoryInfo {
            name: "m".to_owned(),
            ty,
            origin,
            lanes: false,
        })
    }

    fn parameters(&mut self, in_out: bool) {
        let (x, y, n) = (
            self.value(FLOAT),
            self.value(FLOAT),
            self.value(ScalarType::USIZE),
        );
        let slice = self.memory(Type::Slice(Box::new(Type::Scalar(FLOAT))), Origin::Shared);
        self.floats.extend([x, y]);
        self.counts.push(n);
        self.readable.push(slice);
        let mut bindings = vec![
            (Binding::Value(x), true),
            (Binding::Value(y), true),
            (Binding::Memory(slice), true),
            (Binding::Value(n), false),
        ];
        if in_out {
            let memory = self.memory(array(), Origin::Mutable);
            self.readable.push(memory);
            self.writable.push(memory);
            bindings.push((Binding::Memory(memory), true));
        }
        let parameters = bindings.into_iter().enumerate();
        self.function.parameters = parameters
            .map(|(i, (binding, active))| Parameter {
                role: Role::Primal(i),
                binding,
                active,
            })
            .collect();
    }

    fn output(&mut self, in_out: bool, total: Operand) -> Output {
        let scalar = Output::Scalar(total);
        match self.below(4) {
            0 if in_out => Output::Unit,
            1 => {
                let memory = self.writable[self.writable.len() - 1];
                Output::Tuple(vec![scalar, Output::Memory(memory)])
            }
            _ => scalar,
        }
    }

    /// Declares an array.
    fn local(&mut self) -> Stmt {
        let init = match self.below(3) {
            0 => Init::CopyOf(whole(self.readable[self.readable.len() - 1])),
            1 => Init::Tree(InitTree::List(
                (0..LENGTH)
                    .map(|_| InitTree::Scalar(self.float()))
                    .collect(),
            )),
            _ => Init::Default,
        };
        let ty = if self.below(2) == 0 {
            array()
        } else {
            Type::Vec(Box::new(Type::Scalar(FLOAT)))
        };
        // An empty `Vec` would have to be filled before it is read.
        let init = match (&ty, init) {
            (Type::Vec(_), Init::Default) => Init::ZerosLike(whole(self.readable[0])),
            (_, init) => init,
        };
        let memory = self.memory(ty, Origin::Local);
        self.readable.push(memory);
        self.writable.push(memory);
        Stmt::Alloc { memory, init }
    }

    fn float(&mut self) -> Operand {
        if self.below(8) == 0 {
            let text = ["0.0", "1.0", "-0.5", "2.0"][self.below(4)];
            return Operand::Literal(Literal {
                text: text.to_owned(),
                ty: FLOAT,
            });
        }
        // What is new is used most.
        let newest = self.floats.len();
        let back = self.below(newest).min(self.below(newest));
        Operand::Value(self.floats[newest - 1 - back])
    }

    fn index(&mut self) -> Operand {
        match self.indices.len() {
            0 => usize_literal(self.below(LENGTH)),
            _ if self.below(4) > 0 => Operand::Value(self.one_of(|this| &this.indices)),
            _ => usize_literal(self.below(LENGTH)),
        }
    }

    fn place(&mut self, memory: MemoryId) -> Place {
        Place {
            memory,
            path: vec![Projection::Index(self.index())],
        }
    }

    /// Statements whose definitions go out of scope, with as many floats as `yields` at the end.
    fn nested(&mut self, depth: usize, yields: usize) -> Block {
        let marks = (
            self.floats.len(),
            self.indices.len(),
            self.counts.len(),
            self.readable.len(),
            self.writable.len(),
        );
        let mut block = self.block(depth);
        block.yields = (0..yields)
            .map(|_| self.mixture(&mut block.stmts))
            .collect();
        self.floats.truncate(marks.0);
        self.indices.truncate(marks.1);
        self.counts.truncate(marks.2);
        self.readable.truncate(marks.3);
        self.writable.truncate(marks.4);
        block
    }

    fn block(&mut self, depth: usize) -> Block {
        let mut block = Block::default();
        for _ in 0..3 + self.below(if depth == 0 { 10 } else { 4 }) {
            self.stmt(depth, &mut block.stmts);
        }
        block
    }

    fn stmt(&mut self, depth: usize, stmts: &mut Vec<Stmt>) {
        let deep = depth >= 3;
        match self.below(16) {
            0..=3 => self.operation(stmts),
            4 | 5 => {
                let memory = self.one_of(|this| &this.readable);
                let place = self.place(memory);
                let value = self.value(FLOAT);
                stmts.push(Stmt::Load { value, place });
                self.floats.push(value);
            }
            6 | 7 => {
                let memory = self.one_of(|this| &this.writable);
                let (place, value) = (self.place(memory), self.float());
                stmts.push(Stmt::Store { place, value });
            }
            8 => {
                let to = whole(self.one_of(|this| &this.writable));
                let from = whole(self.one_of(|this| &this.readable));
                if to != from {
                    stmts.push(Stmt::Copy { to, from });
                }
            }
            9 => self.sum_of_indices(stmts),
            14 => self.exchange(stmts),
            15 => {
                let condition = self.condition(stmts);
                let (a, b, value) = (self.float(), self.float(), self.value(FLOAT));
                stmts.push(Stmt::Let {
                    value,
                    op: Op::Select(condition, a, b),
                });
                self.floats.push(value);
            }
            10 if !deep => stmts.push(self.local()),
            11 if !deep => self.branch(depth, stmts),
            12 if !deep => self.counted(depth, stmts),
            13 if !deep => self.conditional(depth, stmts),
            _ => self.operation(stmts),
        }
    }

    fn prim(&mut self, prim: Prim, operands: Vec<Operand>, stmts: &mut Vec<Stmt>) -> Operand {
        let value = self.value(FLOAT);
        stmts.push(Stmt::Let {
            value,
            op: Op::Prim(prim, operands),
        });
        Operand::Value(value)
    }

    /// A bounded combination of some values at hand, so that most of what a block computes reaches the result.
    fn mixture(&mut self, stmts: &mut Vec<Stmt>) -> Operand {
        let mut mixture = self.float();
        for _ in 0..1 + self.below(3) {
            let other = self.float();
            mixture = self.prim(Prim::Add, vec![mixture, other], stmts);
        }
        self.prim(Prim::Sin, vec![mixture], stmts)
    }

    /// The sum of all that is in scope at the end.
    fn total(&mut self, stmts: &mut Vec<Stmt>) -> Operand {
        let mut total = self.mixture(stmts);
        for value in self.floats.clone() {
            total = self.prim(Prim::Add, vec![total, Operand::Value(value)], stmts);
        }
        for memory in self.writable.clone() {
            for index in 0..LENGTH {
                let place = Place {
                    memory,
                    path: vec![Projection::Index(usize_literal(index))],
                };
                let value = self.value(FLOAT);
                stmts.push(Stmt::Load { value, place });
                let factor = self.float();
                let product = self.prim(Prim::Mul, vec![Operand::Value(value), factor], stmts);
                total = self.prim(Prim::Add, vec![total, product], stmts);
            }
        }
        total
    }

    fn operation(&mut self, stmts: &mut Vec<Stmt>) {
        const PRIMS: [Prim; 8] = [
            Prim::Add,
            Prim::Sub,
            Prim::Mul,
            Prim::Mul,
            Prim::Sin,
            Prim::Tanh,
            Prim::Neg,
            Prim::Atan2,
        ];
        let prim = PRIMS[self.below(PRIMS.len())];
        let operands = prim.parameters().iter().map(|_| self.float()).collect();
        let result = self.prim(prim, operands, stmts);
        self.floats.extend(result.value());
    }

    /// Replaces two `Vec`s by copies of each other.
    fn exchange(&mut self, stmts: &mut Vec<Stmt>) {
        let is_vec = |memory: &MemoryId| matches!(self.function.memories[*memory].ty, Type::Vec(_));
        let vecs: Vec<MemoryId> = self.writable.iter().copied().filter(is_vec).collect();
        if vecs.len() < 2 {
            return;
        }
        let first = self.below(vecs.len() - 1);
        let (a, b) = (vecs[first], vecs[vecs.len() - 1]);
        let copies = [a, b].map(|original| {
            let memory = self.memory(Type::Vec(Box::new(Type::Scalar(FLOAT))), Origin::Local);
            stmts.push(Stmt::Alloc {
                memory,
                init: Init::CopyOf(whole(original)),
            });
            memory
        });
        stmts.extend([
            Stmt::Move {
                to: a,
                from: copies[1],
            },
            Stmt::Move {
                to: b,
                from: copies[0],
            },
        ]);
    }

    fn sum_of_indices(&mut self, stmts: &mut Vec<Stmt>) {
        let (a, b) = (self.index(), self.index());
        let (sum, wrapped) = (self.value(ScalarType::USIZE), self.value(ScalarType::USIZE));
        stmts.push(Stmt::Let {
            value: sum,
            op: Op::Binary(BinaryOp::Add, a, b),
        });
        let op = Op::Binary(BinaryOp::Rem, Operand::Value(sum), usize_literal(LENGTH));
        stmts.push(Stmt::Let { value: wrapped, op });
        self.indices.push(wrapped);
    }

    fn condition(&mut self, stmts: &mut Vec<Stmt>) -> Operand {
        let value = self.value(ScalarType::Bool);
        let op = if self.below(2) == 0 {
            Op::Compare(Comparison::Less, self.float(), self.float())
        } else {
            Op::Compare(Comparison::LessEqual, self.index(), self.index())
        };
        stmts.push(Stmt::Let { value, op });
        Operand::Value(value)
    }

    fn branch(&mut self, depth: usize, stmts: &mut Vec<Stmt>) {
        let condition = self.condition(stmts);
        let count = self.below(3);
        let then = self.nested(depth + 1, count);
        let otherwise = self.nested(depth + 1, count);
        let results: Vec<ValueId> = (0..count).map(|_| self.value(FLOAT)).collect();
        self.floats.extend(&results);
        stmts.push(Stmt::If(If {
            condition,
            then,
            otherwise,
            results,
        }));
    }

    fn trip_count(&mut self) -> Operand {
        match self.below(3) {
            0 => usize_literal(self.below(LENGTH + 1)),
            _ => Operand::Value(self.one_of(|this| &this.counts)),
        }
    }

    /// Carried floats, and the parameters that the body knows them by.
    fn carried(&mut self) -> Vec<Carried> {
        let count = self.below(3);
        let carried = (0..count).map(|_| Carried {
            initial: self.float(),
            parameter: self.value(FLOAT),
            result: self.value(FLOAT),
        });
        carried.collect()
    }

    fn counted(&mut self, depth: usize, stmts: &mut Vec<Stmt>) {
        let range = Range {
            low: usize_literal(self.below(2)),
            high: self.trip_count(),
            inclusive: false,
            reversed: self.below(2) == 0,
        };
        let mut carried = self.carried();
        let index = self.value(ScalarType::USIZE);
        let marks = (self.floats.len(), self.indices.len(), self.counts.len());
        self.floats.extend(carried.iter().map(|c| c.parameter));
        self.indices.push(index);
        self.counts.push(index);
        let mut body = self.nested(depth + 1, carried.len());
        let stop = (self.below(3) == 0).then_some(carried.len());
        if stop.is_some() {
            let ends = self.condition(&mut body.stmts);
            body.yields.push(ends);
            let no = Operand::Literal(Literal {
                text: "false".to_owned(),
                ty: ScalarType::Bool,
            });
            let (parameter, result) = (self.value(ScalarType::Bool), self.value(ScalarType::Bool));
            carried.push(Carried {
                parameter,
                initial: no,
                result,
            });
        }
        self.floats.truncate(marks.0);
        self.indices.truncate(marks.1);
        self.counts.truncate(marks.2);
        self.floats.extend(
            carried
                .iter()
                .take(stop.unwrap_or(carried.len()))
                .map(|c| c.result),
        );
        stmts.push(Stmt::For(For {
            index,
            range,
            carried,
            body,
            stop,
        }));
    }

    /// A loop that counts in a carried variable.
    fn conditional(&mut self, depth: usize, stmts: &mut Vec<Stmt>) {
        let bound = self.trip_count();
        let mut carried = self.carried();
        let [counter, after, goes_on, next] = [0; 4].map(|_| self.value(ScalarType::USIZE));
        self.function.values[goes_on].ty = ScalarType::Bool;
        let marks = (self.floats.len(), self.indices.len());
        self.floats.extend(carried.iter().map(|c| c.parameter));
        self.indices.push(counter);
        let mut body = self.nested(depth + 1, carried.len());
        let op = Op::Binary(BinaryOp::Add, Operand::Value(counter), usize_literal(1));
        body.stmts.push(Stmt::Let { value: next, op });
        body.yields.push(Operand::Value(next));
        self.floats.truncate(marks.0);
        self.indices.truncate(marks.1);
        self.floats.extend(carried.iter().map(|c| c.result));
        carried.push(Carried {
            parameter: counter,
            initial: usize_literal(0),
            result: after,
        });
        let op = Op::Compare(Comparison::Less, Operand::Value(counter), bound);
        let condition = Block {
            stmts: vec![Stmt::Let { value: goes_on, op }],
            yields: vec![Operand::Value(goes_on)],
        };
        stmts.push(Stmt::While(While {
            carried,
            condition,
            body,
        }));
    }
}
