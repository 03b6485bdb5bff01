//! Whether a function keeps the promises of the representation; run after each pass in tests and debug builds.
//!
//! A value, memory or tape is in scope from its definition to the end of the block that it stands in, blocks inside
//! included. What a branch or a loop hands on are its results alone; what the condition of a loop defines is not in
//! scope in the body. Where a value with lanes is wanted, one without stands for the same number in each lane.

mod calls;
mod operations;

use super::{
    Access, Binding, Block, Carried, Function, MemoryId, Operand, Origin, Output, Place, Recalled,
    Role, ScalarType, Stmt, TapeId, TapeLayout, Type, TypedId, ValueId,
};

/// Checks the whole function.
///
/// # Errors
///
/// One sentence for each promise that is broken, with the statement that breaks it.
pub fn verify(function: &Function) -> Result<(), Vec<String>> {
    let mut verifier = Verifier::new(function);
    verifier.function();
    if verifier.errors.is_empty() {
        Ok(())
    } else {
        Err(verifier.errors)
    }
}

/// What stands in scope, and what stood in scope anywhere so far.
struct Scope<I> {
    visible: Vec<bool>,
    defined: Vec<bool>,
    /// What is visible, in the order of definition, so that the end of a block can take it back.
    order: Vec<I>,
}

impl<I: TypedId> Scope<I> {
    fn new(len: usize) -> Self {
        Self {
            visible: vec![false; len],
            defined: vec![false; len],
            order: Vec::new(),
        }
    }

    /// Whether `id` was not defined before.
    fn define(&mut self, id: I) -> bool {
        let first = !self.defined[id.index()];
        self.defined[id.index()] = true;
        self.visible[id.index()] = true;
        self.order.push(id);
        first
    }

    fn sees(&self, id: I) -> bool {
        self.visible[id.index()]
    }

    fn exists(&self, id: I) -> bool {
        id.index() < self.visible.len()
    }

    fn close(&mut self, mark: usize) {
        for id in self.order.drain(mark..) {
            self.visible[id.index()] = false;
        }
    }
}

struct Verifier<'a> {
    function: &'a Function,
    values: Scope<ValueId>,
    memories: Scope<MemoryId>,
    tapes: Scope<TapeId>,
    /// The memories that a [`Stmt::Move`] has emptied.
    moved: Vec<bool>,
    /// What stood before the turn, once it is passed.
    before_turn: Option<(Vec<bool>, Vec<bool>)>,
    /// How many turns the whole function has.
    has_turn: bool,
    cotangent: Vec<Binding>,
    stmt: Option<&'a Stmt>,
    errors: Vec<String>,
}

impl<'a> Verifier<'a> {
    fn new(function: &'a Function) -> Self {
        Self {
            function,
            values: Scope::new(function.values.len()),
            memories: Scope::new(function.memories.len()),
            tapes: Scope::new(function.tapes.len()),
            moved: vec![false; function.memories.len()],
            before_turn: None,
            has_turn: function
                .body
                .stmts
                .iter()
                .any(|stmt| matches!(stmt, Stmt::Turn)),
            cotangent: Vec::new(),
            stmt: None,
            errors: Vec::new(),
        }
    }

    fn error(&mut self, message: impl std::fmt::Display) {
        self.errors.push(match self.stmt {
            Some(stmt) => {
                let text = self.function.display_stmt(stmt);
                format!(
                    "{message}, in `{}`",
                    text.lines().next().unwrap_or_default()
                )
            }
            None => message.to_string(),
        });
    }

    fn expect(&mut self, holds: bool, message: impl FnOnce() -> String) {
        if !holds {
            let message = message();
            self.error(message);
        }
    }

    fn function(&mut self) {
        for parameter in &self.function.parameters {
            match parameter.binding {
                Binding::Value(value) => self.define(value),
                Binding::Memory(memory) => {
                    self.declare(memory);
                    if self.memories.exists(memory) {
                        let origin = self.function.memories[memory].origin;
                        self.expect(!matches!(origin, Origin::Local | Origin::Scratch), || {
                            format!("the parameter {memory:?} has the origin of a local")
                        });
                    }
                }
            }
            if parameter.role == Role::Cotangent {
                self.cotangent.push(parameter.binding);
            }
        }
        self.statements(&self.function.body, true);
        self.stmt = None;
        let yields = self.function.body.yields.len();
        self.expect(yields == 0, || {
            format!("the body of the function yields {yields} values")
        });
        self.output(&self.function.output);
    }

    fn output(&mut self, output: &Output) {
        match output {
            Output::Unit => {}
            Output::Scalar(operand) => self.operand(operand),
            Output::Memory(memory) => self.memory(*memory),
            Output::Tuple(parts) => parts.iter().for_each(|part| self.output(part)),
        }
    }

    /// A block inside: what it defines goes out of scope at its end.
    fn block(
        &mut self,
        block: &'a Block,
        inner: impl FnOnce(&mut Self),
        then: impl FnOnce(&mut Self),
    ) {
        let marks = (
            self.values.order.len(),
            self.memories.order.len(),
            self.tapes.order.len(),
        );
        let stmt = self.stmt;
        inner(self);
        self.statements(block, false);
        self.stmt = stmt;
        for operand in &block.yields {
            self.operand(operand);
        }
        then(self);
        self.values.close(marks.0);
        self.memories.close(marks.1);
        self.tapes.close(marks.2);
    }

    fn statements(&mut self, block: &'a Block, top: bool) {
        for stmt in &block.stmts {
            self.stmt = Some(stmt);
            self.stmt(stmt, top);
        }
    }

    fn stmt(&mut self, stmt: &'a Stmt, top: bool) {
        stmt.visit_operands(&mut |operand| self.operand(operand));
        stmt.visit_memories(&mut |&memory, access| self.access(memory, access));
        stmt.visit_places(&mut |place, _| self.place(place));
        let mut known = true;
        stmt.visit_memories(&mut |&memory, _| known &= self.memories.exists(memory));
        if known {
            self.operation(stmt);
        }
        match stmt {
            Stmt::If(branch) => {
                self.boolean(&branch.condition);
                let before = self.moved.clone();
                self.block(
                    &branch.then,
                    |_| {},
                    |this| this.handed_on(&branch.then.yields, &branch.results),
                );
                let after_then = std::mem::replace(&mut self.moved, before);
                self.block(
                    &branch.otherwise,
                    |_| {},
                    |this| this.handed_on(&branch.otherwise.yields, &branch.results),
                );
                self.moved
                    .iter_mut()
                    .zip(after_then)
                    .for_each(|(moved, then)| *moved |= then);
            }
            Stmt::For(body) => {
                self.range(body);
                if let Some(stop) = body.stop {
                    let is_bool = body
                        .carried
                        .get(stop)
                        .is_some_and(|c| self.value_type(c.parameter).matches(&ScalarType::Bool));
                    self.expect(is_bool, || {
                        format!("carried variable {stop} is no `bool` that can stop the loop")
                    });
                }
                let before = self.moved.clone();
                self.block(
                    &body.body,
                    |this| {
                        this.define(body.index);
                        this.carried(&body.carried);
                    },
                    |this| this.next(&body.body.yields, &body.carried),
                );
                self.moved_in_loop(&before);
            }
            Stmt::While(body) => {
                let before = self.moved.clone();
                let marks = self.values.order.len();
                self.carried(&body.carried);
                self.block(
                    &body.condition,
                    |_| {},
                    |this| match &body.condition.yields[..] {
                        [condition] => this.boolean(condition),
                        yields => this.error(format!("a condition yields {} values", yields.len())),
                    },
                );
                self.block(
                    &body.body,
                    |_| {},
                    |this| this.next(&body.body.yields, &body.carried),
                );
                self.values.close(marks);
                self.moved_in_loop(&before);
            }
            Stmt::Turn => self.turn(top),
            Stmt::TapeAlloc(tape) => self.tape_alloc(*tape),
            Stmt::Call(call) => call.visit_memories(&mut |&memory| self.declare(memory)),
            Stmt::Recall { content, .. } => match content {
                Recalled::Memory(memory) => self.declare(*memory),
                Recalled::Tape(tape) => _ = self.tapes.define(*tape),
                Recalled::Value(_) => {}
            },
            Stmt::Alloc { memory, .. } => {
                self.declare(*memory);
                if self.memories.exists(*memory) {
                    self.moved[memory.index()] = false;
                    let info = &self.function.memories[*memory];
                    self.expect(
                        matches!(info.origin, Origin::Local | Origin::Scratch),
                        || format!("{memory:?} is allocated, but has the origin of a parameter"),
                    );
                    self.expect(!matches!(info.ty, Type::Slice(_)), || {
                        format!("{memory:?} is a slice of nothing")
                    });
                }
            }
            _ => {}
        }
        stmt.visit_defined(&mut |&value| self.define(value));
    }

    fn define(&mut self, value: ValueId) {
        if !self.values.exists(value) {
            self.error(format!("{value:?} is not in the table of values"));
        } else if !self.values.define(value) {
            self.error(format!("{value:?} is defined twice"));
        }
        if self.values.exists(value) {
            let info = &self.function.values[value];
            self.expect(!info.lanes || info.ty.is_float(), || {
                format!("{value:?} has lanes but is no float")
            });
        }
    }

    fn declare(&mut self, memory: MemoryId) {
        if !self.memories.exists(memory) {
            self.error(format!("{memory:?} is not in the table of memories"));
        } else if !self.memories.define(memory) {
            self.error(format!("{memory:?} is declared twice"));
        }
    }

    fn operand(&mut self, operand: &Operand) {
        let Some(value) = operand.value() else { return };
        if !self.values.exists(value) {
            self.error(format!("{value:?} is not in the table of values"));
        } else if !self.values.sees(value) {
            let fault = if self.values.defined[value.index()] {
                "out of scope"
            } else {
                "not defined yet"
            };
            self.error(format!("{value:?} is {fault}"));
        }
        let early = self.has_turn
            && self.before_turn.is_none()
            && self.cotangent.contains(&Binding::Value(value));
        self.expect(!early, || {
            format!("the cotangent {value:?} is read before the turn")
        });
    }

    fn memory(&mut self, memory: MemoryId) {
        if !self.memories.exists(memory) {
            self.error(format!("{memory:?} is not in the table of memories"));
        } else if !self.memories.sees(memory) {
            let fault = if self.memories.defined[memory.index()] {
                "out of scope"
            } else {
                "not declared yet"
            };
            self.error(format!("{memory:?} is {fault}"));
        } else if self.moved[memory.index()] {
            self.error(format!("{memory:?} was moved from"));
        }
        let early = self.has_turn
            && self.before_turn.is_none()
            && self.cotangent.contains(&Binding::Memory(memory));
        self.expect(!early, || {
            format!("the cotangent {memory:?} is read before the turn")
        });
    }

    fn access(&mut self, memory: MemoryId, access: Access) {
        if access == Access::Alloc || !self.memories.exists(memory) {
            return;
        }
        if access == Access::Write && matches!(self.stmt, Some(Stmt::Move { .. })) {
            self.moved[memory.index()] = false;
        }
        self.memory(memory);
        if access == Access::Moved {
            self.moved[memory.index()] = true;
        }
        if access.writes() {
            let shared = self.function.memories[memory].origin == Origin::Shared;
            self.expect(!shared, || format!("{memory:?} is behind `&` and written"));
            let earlier = self
                .before_turn
                .as_ref()
                .is_some_and(|(memories, _)| memories[memory.index()]);
            // The cotangent is handed in for each reverse sweep anew.
            let earlier = earlier && !self.cotangent.contains(&Binding::Memory(memory));
            self.expect(!earlier, || {
                format!("{memory:?} stands before the turn and is written after it")
            });
        }
    }

    fn place(&mut self, place: &Place) {
        if !self.memories.exists(place.memory) {
            self.memory(place.memory);
        } else if super::place_type(self.function, place).is_none() {
            self.error(format!(
                "the path of {place} does not fit {}",
                self.function.memories[place.memory].ty
            ));
        }
        place.visit_operands(&mut |index| self.index(index));
    }

    fn carried(&mut self, carried: &[Carried]) {
        for c in carried {
            self.define(c.parameter);
            self.assignable(&c.initial, c.parameter);
            if !self.values.exists(c.parameter) || !self.values.exists(c.result) {
                continue;
            }
            let (parameter, result) = (
                &self.function.values[c.parameter],
                &self.function.values[c.result],
            );
            self.expect(
                parameter.ty.matches(&result.ty) && parameter.lanes == result.lanes,
                || {
                    format!(
                        "the carried {:?} and its result {:?} differ in type",
                        c.parameter, c.result
                    )
                },
            );
        }
    }

    fn next(&mut self, yields: &[Operand], carried: &[Carried]) {
        let parameters: Vec<ValueId> = carried.iter().map(|c| c.parameter).collect();
        self.handed_on(yields, &parameters);
    }

    fn handed_on(&mut self, yields: &[Operand], receivers: &[ValueId]) {
        self.expect(yields.len() == receivers.len(), || {
            format!(
                "a block yields {} values where {} are wanted",
                yields.len(),
                receivers.len()
            )
        });
        for (operand, &receiver) in yields.iter().zip(receivers) {
            self.assignable(operand, receiver);
        }
    }

    fn moved_in_loop(&mut self, before: &[bool]) {
        for memory in self.function.memories.ids() {
            let index = memory.index();
            let lost = self.moved[index] && !before[index] && self.memories.sees(memory);
            self.expect(!lost, || {
                format!("{memory:?} is moved from in a loop, and not there for the next iteration")
            });
        }
    }

    fn turn(&mut self, top: bool) {
        self.expect(top, || "a turn inside a block".to_owned());
        self.expect(self.before_turn.is_none(), || "a second turn".to_owned());
        let mut memories = self.memories.visible.clone();
        for parameter in &self.function.parameters {
            if let (Role::Adjoint(_) | Role::AdjointDirection(_), Binding::Memory(memory)) =
                (parameter.role, parameter.binding)
            {
                memories[memory.index()] = false;
            }
        }
        self.before_turn = Some((memories, self.tapes.visible.clone()));
    }

    fn tape_alloc(&mut self, tape: TapeId) {
        if !self.tapes.exists(tape) {
            self.error(format!("{tape:?} is not in the table of tapes"));
            return;
        }
        if !self.tapes.define(tape) {
            self.error(format!("{tape:?} is made twice"));
        }
        let info = &self.function.tapes[tape];
        self.expect(!info.lanes || info.ty.is_float(), || {
            format!("{tape:?} has lanes but no floats")
        });
        if let TapeLayout::Buffer(trips) = &info.layout {
            for trip in trips {
                self.operand(trip);
                self.index(trip);
            }
        }
    }
}
