//! The machine and the statements that change it.

use std::borrow::Cow;
use std::cell::RefCell;

use super::environment::{Environment, defect};
use super::tapes::Tape;
use super::template::{Hole, evaluate, is_assertion};
use super::{Datum, Outcome, Panic, Scalar, Settings, memory, methods, operations};
use crate::ir::{
    Argument, Binding, Block, Carried, For, Function, If, Kept, Op, Operand, Output, Place,
    Recalled, ScalarType, Stmt, Template, Type, TypedId, ValueId, While,
};

/// Runs `function`.
pub(super) fn run(
    settings: &Settings,
    function: &Function,
    arguments: Vec<Datum>,
) -> Result<Outcome, Panic> {
    let mut machine = Machine {
        environment: Environment {
            settings: Cow::Borrowed(settings),
            function,
            values: vec![Datum::Unit; function.values.len()],
        },
        memories: vec![Datum::Unit; function.memories.len()],
        tapes: function.tapes.ids().map(|_| Tape::Absent).collect(),
        effects: RefCell::default(),
        kept: Vec::new(),
        fuel: settings.fuel,
    };
    machine.bind(arguments)?;
    machine.block(&function.body)?;
    for tape in function.tapes.ids() {
        machine.read_to_the_end(tape)?;
    }
    let output = machine.output(&function.output)?;
    let arguments = function
        .parameters
        .iter()
        .map(|parameter| match parameter.binding {
            Binding::Value(value) => machine.environment.values[value.index()].clone(),
            Binding::Memory(memory) => machine.memories[memory.index()].clone(),
        });
    Ok(Outcome {
        output,
        arguments: arguments.collect(),
        effects: machine.effects.take(),
    })
}

/// What a run changes.
pub(super) struct Machine<'a> {
    pub(super) environment: Environment<'a>,
    /// A memory not there, or moved from, is [`Datum::Unit`].
    memories: Vec<Datum>,
    pub(super) tapes: Vec<Tape>,
    /// As [`Outcome::effects`].
    effects: RefCell<Vec<String>>,
    /// What is kept on the shared tape, by pairs.
    kept: Vec<(usize, Datum)>,
    /// As [`Settings::fuel`], what is left of it.
    pub(super) fuel: u64,
}

impl<'a> Machine<'a> {
    fn bind(&mut self, arguments: Vec<Datum>) -> Result<(), Panic> {
        let function = self.environment.function;
        if arguments.len() != function.parameters.len() {
            return defect(format!(
                "{} arguments for {} parameters",
                arguments.len(),
                function.parameters.len()
            ));
        }
        for (i, (parameter, argument)) in function.parameters.iter().zip(arguments).enumerate() {
            match parameter.binding {
                Binding::Value(value) => self.environment.define(value, argument)?,
                Binding::Memory(memory) => {
                    let info = &function.memories[memory];
                    self.environment.learn(&argument, &info.ty);
                    if !self.environment.fits(&argument, &info.ty, info.lanes) {
                        return defect(format!("argument {i} is no {}: {argument:?}", info.ty));
                    }
                    self.memories[memory.index()] = argument;
                }
            }
        }
        Ok(())
    }

    fn output(&self, output: &Output) -> Result<Datum, Panic> {
        match output {
            Output::Unit => Ok(Datum::Unit),
            Output::Scalar(operand) => self.environment.operand(operand),
            Output::Memory(memory) => match &self.memories[memory.index()] {
                Datum::Unit => defect(format!("{memory:?} is handed out, but not there")),
                datum => Ok(datum.clone()),
            },
            Output::Tuple(parts) => parts
                .iter()
                .map(|part| self.output(part))
                .collect::<Result<_, _>>()
                .map(Datum::Tuple),
        }
    }

    fn block(&mut self, block: &'a Block) -> Result<(), Panic> {
        block.stmts.iter().try_for_each(|stmt| self.stmt(stmt))
    }

    fn stmt(&mut self, stmt: &'a Stmt) -> Result<(), Panic> {
        self.fuel = self.fuel.checked_sub(1).ok_or(Panic::OutOfFuel)?;
        match stmt {
            Stmt::Let { value, op } => {
                let datum = self.op(*value, op)?;
                self.environment.define(*value, datum)
            }
            Stmt::Load { value, place } => {
                let datum = self.get(place)?.into_owned();
                self.environment.define(*value, datum)
            }
            Stmt::Store { place, value } => {
                let datum = self
                    .environment
                    .operand(value)?
                    .spread(self.environment.lanes(place.memory));
                self.change(place, |to| memory::overwrite(to, datum))
            }
            Stmt::Accumulate { place, value } => {
                let datum = self.environment.operand(value)?;
                self.change(place, |to| memory::add(to, &datum))
            }
            Stmt::Alloc { memory, init } => {
                let datum = self.init(*memory, init)?;
                let info = &self.environment.function.memories[*memory];
                if !self.environment.fits(&datum, &info.ty, info.lanes) {
                    return defect(format!(
                        "{memory:?} of type {} is filled with {datum:?}",
                        info.ty
                    ));
                }
                self.memories[memory.index()] = datum;
                Ok(())
            }
            Stmt::Push { to, value } => {
                let (element, lanes) = self.element_of(to)?;
                let datum = self.tree(value, &element, lanes)?;
                self.change(to, |to| memory::push(to, datum))
            }
            Stmt::Resize { place, length, .. } => {
                let (element, lanes) = self.element_of(place)?;
                let (length, zero) = (
                    self.environment.count(length)?,
                    self.default(&element, lanes)?,
                );
                self.change(place, |to| memory::resize(to, length, zero))
            }
            Stmt::Copy { to, from } => {
                let datum = self.get(from)?.into_owned();
                self.change(to, |to| memory::overwrite(to, datum))
            }
            Stmt::Move { to, from } => {
                match std::mem::replace(&mut self.memories[from.index()], Datum::Unit) {
                    Datum::Unit => defect(format!("{from:?} is moved from, but not there")),
                    datum => {
                        self.memories[to.index()] = datum;
                        Ok(())
                    }
                }
            }
            Stmt::AccumulateAll { to, from } => {
                let datum = self.get(from)?.into_owned();
                self.change(to, |to| memory::add_all(to, &datum))
            }
            Stmt::Clear { place } => self.change(place, |part| {
                memory::clear(part);
                Ok(())
            }),
            Stmt::Check { place } => self.get(place).map(|_| ()),
            Stmt::CheckShape {
                name,
                primal,
                other,
            } => memory::check_shape(name, &*self.get(primal)?, &*self.get(other)?),
            Stmt::Effect(template) => self
                .template(template, &ScalarType::Inferred, !is_assertion(template))
                .map(|_| ()),
            Stmt::Call(call) => Err(Panic::Unsupported(format!(
                "a call of `{}`",
                call.callee.name
            ))),
            Stmt::Keep { pair, content } => {
                let datum = match content {
                    Kept::Scalar(operand) => self.environment.operand(operand)?,
                    Kept::Place(place) => self.get(place)?.into_owned(),
                    Kept::Tape(tape) => {
                        return defect(format!("{tape:?} is kept, but no one goes on"));
                    }
                };
                self.kept.push((*pair, datum));
                Ok(())
            }
            Stmt::Recall { pair, content } => {
                let datum = match self.kept.pop() {
                    Some((other, datum)) if other == *pair => datum,
                    found => {
                        return defect(format!("pair {pair} is recalled, but {found:?} is there"));
                    }
                };
                match content {
                    Recalled::Value(value) => self.environment.define(*value, datum),
                    Recalled::Memory(memory) => {
                        self.memories[memory.index()] = datum;
                        Ok(())
                    }
                    Recalled::Tape(tape) => {
                        defect(format!("{tape:?} is recalled, but no one kept it"))
                    }
                }
            }
            Stmt::If(branch) => self.branch(branch),
            Stmt::For(body) => self.counted(body),
            Stmt::While(body) => self.conditional(body),
            Stmt::Turn => Ok(()),
            Stmt::TapeAlloc(tape) => self.make(*tape),
            Stmt::TapePut { tape, index, value } => self.put(*tape, index, value),
            Stmt::TapeGet { value, tape, index } => {
                let datum = self.take(*tape, index)?;
                self.environment.define(*value, datum)
            }
        }
    }

    /// The type of the elements of a place, and how many lanes its floats have.
    fn element_of(&self, place: &Place) -> Result<(Type, Option<usize>), Panic> {
        let function = self.environment.function;
        let ty = crate::ir::place_type(function, place);
        match ty.as_ref().and_then(Type::element) {
            Some(element) => Ok((element.clone(), self.environment.lanes(place.memory))),
            None => defect(format!("{place} has no elements")),
        }
    }

    pub(super) fn get(&self, place: &Place) -> Result<Cow<'_, Datum>, Panic> {
        let path = self.path(place)?;
        memory::part(&self.memories[place.memory.index()], &path)
    }

    fn change(
        &mut self,
        place: &Place,
        f: impl FnOnce(&mut Datum) -> Result<(), Panic>,
    ) -> Result<(), Panic> {
        let path = self.path(place)?;
        memory::change(&mut self.memories[place.memory.index()], &path, f)
    }

    fn path(&self, place: &Place) -> Result<Vec<memory::Step>, Panic> {
        let steps = place.path.iter();
        steps.map(|step| self.environment.step(step)).collect()
    }

    fn op(&self, value: ValueId, op: &Op) -> Result<Datum, Panic> {
        let ty = &self.environment.function.values[value].ty;
        match op {
            Op::Len(place) => match &*self.get(place)? {
                Datum::List(parts) => Ok(parts.len().into()),
                other => defect(format!("the length of {other:?}")),
            },
            Op::Pure(template) => self.template(template, ty, false),
            Op::Opaque(template) => self.template(template, ty, true),
            _ => {
                let mut operands = Vec::with_capacity(4);
                let mut failure = None;
                op.visit_operands(&mut |operand| match self.environment.operand(operand) {
                    Ok(datum) => operands.push(datum),
                    Err(panic) => failure = failure.take().or(Some(panic)),
                });
                match failure {
                    Some(panic) => Err(panic),
                    None => self.lane_by_lane(op, &operands, ty),
                }
            }
        }
    }

    fn lane_by_lane(&self, op: &Op, operands: &[Datum], ty: &ScalarType) -> Result<Datum, Panic> {
        let lane = |lane: usize| {
            let mut scalars = [Scalar::Bool(false); 4];
            let Some(scalars) = scalars.get_mut(..operands.len()) else {
                return defect(format!("{} operands", operands.len()));
            };
            for (scalar, operand) in scalars.iter_mut().zip(operands) {
                *scalar = match operand {
                    Datum::Scalar(scalar) => *scalar,
                    Datum::Lanes(lanes) => lanes[lane],
                    other => return defect(format!("the operand {other:?}")),
                };
            }
            self.scalar_op(op, scalars, ty)
        };
        if operands
            .iter()
            .any(|operand| matches!(operand, Datum::Lanes(_)))
        {
            (0..self.environment.settings.lanes)
                .map(lane)
                .collect::<Result<_, _>>()
                .map(Datum::Lanes)
        } else {
            lane(0).map(Datum::Scalar)
        }
    }

    fn scalar_op(&self, op: &Op, operands: &[Scalar], ty: &ScalarType) -> Result<Scalar, Panic> {
        let settings = &self.environment.settings;
        let type_of = |operand| self.environment.function.operand_type(operand);
        match (op, operands) {
            (Op::Prim(prim, _), _) => {
                let f32 = matches!(ty, ScalarType::Float(float) if settings.is_f32(float));
                operations::prim(*prim, operands, f32)
            }
            (Op::Binary(op, left, _), &[a, b]) => operations::binary(*op, a, b, type_of(left)),
            (Op::Not(_), &[a]) => operations::not(a, ty),
            (Op::Negate(_), &[a]) => operations::negate(a, ty),
            (Op::Compare(comparison, ..), &[a, b]) => operations::compare(*comparison, a, b),
            (Op::Select(..), &[Scalar::Bool(condition), a, b]) => Ok(if condition { a } else { b }),
            (Op::Cast(..), &[a]) => operations::cast(settings, a, ty),
            (Op::Method(name, given), [_, ..]) => {
                methods::method(settings, name, operands, type_of(&given[0]), ty)
            }
            (Op::Copy(_), &[a]) => Ok(a),
            _ => defect(format!("`{op}` of {operands:?}")),
        }
    }

    fn template(&self, template: &Template, ty: &ScalarType, effect: bool) -> Result<Datum, Panic> {
        let holes = template.arguments.iter().map(|argument| match argument {
            Argument::Scalar(operand) => Ok(Hole {
                datum: self.environment.operand(operand)?,
                ty: self.environment.function.operand_type(operand).clone(),
            }),
            Argument::Place(place) => {
                let ty = match crate::ir::place_type(self.environment.function, place) {
                    Some(Type::Scalar(ty)) => ty,
                    _ => ScalarType::Inferred,
                };
                Ok(Hole {
                    datum: self.get(place)?.into_owned(),
                    ty,
                })
            }
        });
        let holes = holes.collect::<Result<Vec<_>, Panic>>()?;
        if effect {
            let given: Vec<&Datum> = holes.iter().map(|hole| &hole.datum).collect();
            self.effects
                .borrow_mut()
                .push(format!("{} of {given:?}", template.code.text()));
        }
        evaluate(&self.environment.settings, template, &holes, ty)
    }

    fn branch(&mut self, branch: &'a If) -> Result<(), Panic> {
        let block = if self.environment.truth(&branch.condition)? {
            &branch.then
        } else {
            &branch.otherwise
        };
        self.block(block)?;
        self.hand_on(&block.yields, branch.results.iter().copied())
    }

    /// Defines `receivers` as what `operands` are, all at once.
    fn hand_on(
        &mut self,
        operands: &[Operand],
        receivers: impl Iterator<Item = ValueId>,
    ) -> Result<(), Panic> {
        let data = operands
            .iter()
            .map(|operand| self.environment.operand(operand))
            .collect::<Result<Vec<_>, _>>()?;
        data.into_iter()
            .zip(receivers)
            .try_for_each(|(datum, value)| self.environment.define(value, datum))
    }

    fn enter(&mut self, carried: &[Carried]) -> Result<(), Panic> {
        carried.iter().try_for_each(|c| {
            let datum = self.environment.operand(&c.initial)?;
            self.environment.define(c.parameter, datum)
        })
    }

    fn leave(&mut self, carried: &[Carried]) -> Result<(), Panic> {
        carried.iter().try_for_each(|c| {
            let datum = self.environment.values[c.parameter.index()].clone();
            self.environment.define(c.result, datum)
        })
    }

    fn counted(&mut self, body: &'a For) -> Result<(), Panic> {
        let low = self.environment.integer(&body.range.low)?;
        let high = self.environment.integer(&body.range.high)? + i128::from(body.range.inclusive);
        self.enter(&body.carried)?;
        let (mut low, mut high) = (low, high);
        while low < high {
            let index = if body.range.reversed {
                high -= 1;
                high
            } else {
                low += 1;
                low - 1
            };
            // An empty body takes fuel too.
            self.fuel = self.fuel.checked_sub(1).ok_or(Panic::OutOfFuel)?;
            self.environment
                .define(body.index, Datum::Scalar(Scalar::Integer(index)))?;
            self.block(&body.body)?;
            self.hand_on(&body.body.yields, body.carried.iter().map(|c| c.parameter))?;
            if let Some(stop) = body.stop
                && self
                    .environment
                    .truth(&Operand::Value(body.carried[stop].parameter))?
            {
                break;
            }
        }
        self.leave(&body.carried)
    }

    fn conditional(&mut self, body: &'a While) -> Result<(), Panic> {
        self.enter(&body.carried)?;
        loop {
            self.fuel = self.fuel.checked_sub(1).ok_or(Panic::OutOfFuel)?;
            self.block(&body.condition)?;
            let [condition] = &body.condition.yields[..] else {
                return defect(format!(
                    "a condition yields {} values",
                    body.condition.yields.len()
                ));
            };
            if !self.environment.truth(condition)? {
                return self.leave(&body.carried);
            }
            self.block(&body.body)?;
            self.hand_on(&body.body.yields, body.carried.iter().map(|c| c.parameter))?;
        }
    }
}
