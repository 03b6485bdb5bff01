//! The state of emission inside one function, and the choice of what stands in an expression and what gets a `let`.
//!
//! A value that is used once, where it was computed, waits in [`Body::pending`] until the statement that uses it takes
//! it. What must keep its order with a statement that does not take it is written down ahead of that statement.

use std::collections::{HashMap, HashSet};

use proc_macro2::{Ident, TokenStream};
use quote::quote;

use super::effects::{Effects, Judge};
use super::expression::{Expression, Level};
use super::names::Names;
use super::variables::Variables;
use crate::ir::{
    Binding, Function, MemoryId, Operand, Origin, Output, Role, Stmt, TapeId, Type, ValueId,
};

/// The widest expression that still goes into another one.
const WIDTH: usize = 64;
/// The deepest expression that still goes into another one.
const DEPTH: usize = 4;

/// What a function is emitted into.
#[derive(Clone)]
pub(super) struct Context {
    /// The path of the facade crate.
    pub(super) facade: TokenStream,
    /// How the parameters are called.
    pub(super) parameters: HashMap<Role, Ident>,
    /// Names that mean something else.
    pub(super) names: Names,
    /// The const parameter that tells how many tangents a vector has, where the function has such vectors.
    pub(super) lanes: Option<TokenStream>,
    /// The variable that holds a `&mut Workspace`, where there is one.
    pub(super) workspace: Option<Ident>,
}

/// The statements of a function.
pub(super) struct Emitted {
    /// The statements ahead of the turn, or all of them.
    pub(super) statements: TokenStream,
    /// What the function returns, or its first step; nothing for `()`.
    pub(super) output: TokenStream,
    /// The second step of a function that was split, as a block.
    pub(super) second: Option<TokenStream>,
    /// The parameters that the body changes though they are passed by value.
    pub(super) changed: HashSet<Role>,
}

/// Emits `function` into `context`.
pub(super) fn emit(function: &Function, context: &Context) -> Emitted {
    let function = &with_unit_tangents(function);
    let mut body = Body::new(function, context, None);
    let stmts = &function.body.stmts;
    body.statements(stmts, 0..stmts.len());
    if Body::diverges(stmts) {
        let (statements, changed) = (body.out, body.changed);
        return Emitted {
            statements,
            output: TokenStream::new(),
            second: None,
            changed,
        };
    }
    body.give_back(stmts);
    let output = body.finish(&function.output, &HashSet::new());
    let output = body.tail(output);
    Emitted {
        statements: body.out,
        output,
        second: None,
        changed: body.changed,
    }
}

/// Emits a function that returns a value, a gradient and the rows of a Hessian, these as an array of arrays.
pub(super) fn emit_with_rows(function: &Function, context: &Context) -> Emitted {
    let function = &with_unit_tangents(function);
    let mut body = Body::new(function, context, None);
    let stmts = &function.body.stmts;
    body.statements(stmts, 0..stmts.len());
    let taken = body.take(&function.output.operands(), &Effects::default());
    let part = |output: &Output| body.output(output, &taken, &HashSet::new());
    let output = match &function.output {
        Output::Tuple(parts) => match &parts[..] {
            [value, gradient, Output::Tuple(rows)] => {
                let (value, gradient) = (part(value), part(gradient));
                let rows = rows.iter().map(|row| match row {
                    Output::Tuple(entries) => {
                        let entries = entries.iter().map(part);
                        quote!([#(#entries),*])
                    }
                    entry => part(entry),
                });
                quote!((#value, #gradient, [#(#rows),*]))
            }
            _ => part(&function.output),
        },
        output => part(output),
    };
    Emitted {
        statements: body.out,
        output,
        second: None,
        changed: body.changed,
    }
}

/// Gives each part of a tangent that holds no floats the type `()`.
fn with_unit_tangents(function: &Function) -> Function {
    let mut function = function.clone();
    for memory in function.derived.clone() {
        let info = &mut function.memories[memory];
        info.ty = super::types::tangent(&info.ty);
    }
    function
}

/// Emits `function` in two steps, split at its turn; the first one returns `value`.
pub(super) fn emit_split(function: &Function, value: &Output, context: &Context) -> Emitted {
    let function = &with_unit_tangents(function);
    let mut body = Body::new(function, context, Some(value));
    let stmts = &function.body.stmts;
    let turn = stmts
        .iter()
        .position(|stmt| matches!(stmt, Stmt::Turn))
        .unwrap_or(stmts.len());
    body.statements(stmts, 0..turn);
    body.settle_all();
    let first = body.finish(
        value,
        &super::memory::mentioned(&stmts[turn..], &function.output),
    );
    let statements = std::mem::take(&mut body.out);
    body.statements(stmts, turn..stmts.len());
    let output = body.finish(&function.output, &HashSet::new());
    let output = body.tail(output);
    let rest = body.out;
    Emitted {
        statements,
        output: first,
        second: Some(quote!({ #rest #output })),
        changed: body.changed,
    }
}

/// A value that has not been written down yet.
struct Pending {
    value: ValueId,
    expression: Expression,
    effects: Effects,
}

/// The state of emission.
pub(super) struct Body<'a> {
    pub(super) function: &'a Function,
    pub(super) context: &'a Context,
    pub(super) variables: Variables,
    pub(super) names: Names,
    pub(super) out: TokenStream,
    pub(super) turned: bool,
    /// The lane in closures over the lanes.
    pub(super) lane: Ident,
    pub(super) memories: HashMap<MemoryId, Ident>,
    pub(super) written: HashSet<MemoryId>,
    pub(super) tapes: HashMap<TapeId, super::tape::TapeNames>,
    /// The local memories that are moved into another one.
    pub(super) moved: HashSet<MemoryId>,
    changed: HashSet<Role>,
    values: HashMap<ValueId, Ident>,
    pending: Vec<Pending>,
    /// The declaration that was written last, if nothing was written after it.
    last_let: Option<LastLet>,
}

/// A declaration that may turn out to be the end of its block.
struct LastLet {
    /// The statements ahead of it.
    before: TokenStream,
    pattern: String,
    content: TokenStream,
}

impl<'a> Body<'a> {
    pub(super) fn new(
        function: &'a Function,
        context: &'a Context,
        split: Option<&Output>,
    ) -> Self {
        let mut names = context.names.clone();
        for ident in context.parameters.values() {
            names.reserve(&ident.to_string());
        }
        names.enter();
        let lane = names.fresh("lane");
        let mut this = Self {
            function,
            context,
            variables: Variables::of(function, split),
            names,
            out: TokenStream::new(),
            turned: false,
            lane,
            memories: HashMap::new(),
            written: super::memory::written(function),
            tapes: HashMap::new(),
            moved: super::memory::moved(function),
            changed: HashSet::new(),
            values: HashMap::new(),
            pending: Vec::new(),
            last_let: None,
        };
        for parameter in &function.parameters {
            let ident = context.parameters[&parameter.role].clone();
            match parameter.binding {
                Binding::Value(value) => {
                    this.values.insert(this.variables.variable(value), ident);
                }
                Binding::Memory(memory) => {
                    this.memories.insert(memory, ident);
                }
            }
        }
        this.changed = this.changed_parameters();
        this
    }

    /// Takes what a step returns.
    fn finish(&mut self, output: &Output, needed: &HashSet<MemoryId>) -> TokenStream {
        let taken = self.take(&output.operands(), &Effects::default());
        self.output(output, &taken, needed)
    }

    fn changed_parameters(&self) -> HashSet<Role> {
        let changed = |binding| match binding {
            Binding::Value(value) => self.variables.is_mutable(value),
            Binding::Memory(memory) => {
                self.function.memories[memory].origin == Origin::Owned
                    && self.written.contains(&memory)
            }
        };
        let parameters = self.function.parameters.iter();
        parameters
            .filter(|parameter| changed(parameter.binding))
            .map(|parameter| parameter.role)
            .collect()
    }

    pub(super) fn judge(&self) -> Judge<'_> {
        Judge {
            function: self.function,
            variables: &self.variables,
            turned: self.turned,
        }
    }

    /// The trip counts of a tape.
    pub(super) fn dimensions(&self, tape: TapeId) -> &'a [Operand] {
        super::operands::dimensions(self.function, tape)
    }

    /// Writes statements.
    pub(super) fn write(&mut self, tokens: TokenStream) {
        if !tokens.is_empty() {
            self.last_let = None;
            self.out.extend(tokens);
        }
    }

    /// Writes `let pattern = content;`.
    pub(super) fn write_let(&mut self, pattern: &TokenStream, content: TokenStream) {
        let before = self.out.clone();
        self.write(quote!(let #pattern = #content;));
        self.last_let = Some(LastLet {
            before,
            pattern: pattern.to_string(),
            content,
        });
    }

    /// What ends a block: `tokens`, or, if they only name what was declared last, its content in place of that
    /// declaration.
    pub(super) fn tail(&mut self, tokens: TokenStream) -> TokenStream {
        match self.last_let.take() {
            Some(last) if last.pattern == tokens.to_string() => {
                self.out = last.before;
                last.content
            }
            _ => tokens,
        }
    }

    /// Runs `emit` with an output of its own and no pending values; returns what it wrote.
    pub(super) fn nested(&mut self, emit: impl FnOnce(&mut Self)) -> TokenStream {
        let out = std::mem::take(&mut self.out);
        self.last_let = None;
        let pending = std::mem::take(&mut self.pending);
        self.names.enter();
        emit(self);
        self.names.leave();
        debug_assert!(self.pending.is_empty(), "the block left a value behind");
        self.pending = pending;
        self.last_let = None;
        std::mem::replace(&mut self.out, out)
    }

    /// The variable of `value`, which has been declared.
    pub(super) fn variable(&self, value: ValueId) -> &Ident {
        let variable = self.variables.variable(value);
        self.values
            .get(&variable)
            .unwrap_or_else(|| panic!("{value:?} is used ahead of its definition"))
    }

    /// Makes the name of the variable of `value`.
    pub(super) fn declare(&mut self, value: ValueId) -> Ident {
        let ident = self.names.fresh(&self.function.values[value].name);
        self.values
            .insert(self.variables.variable(value), ident.clone());
        ident
    }

    /// Whether the variable of `value` has a name by now.
    pub(super) fn is_declared(&self, value: ValueId) -> bool {
        self.values.contains_key(&self.variables.variable(value))
    }

    /// Writes `let variable = expression;`.
    pub(super) fn declare_as(&mut self, value: ValueId, expression: &Expression) {
        let info = &self.function.values[value];
        let tokens = self.whole(expression, info.lanes);
        let ident = self.declare(value);
        let mutable = self.variables.is_mutable(value).then(|| quote!(mut));
        let ty = expression.only_literals.then(|| {
            let lanes = self.context.lanes.as_ref().filter(|_| info.lanes);
            let ty =
                super::types::place(&self.context.facade, &Type::Scalar(info.ty.clone()), lanes);
            quote!(: #ty)
        });
        self.write_let(&quote!(#mutable #ident #ty), tokens);
    }

    /// The tokens of an expression as one value; with `lanes`, as a vector of tangents.
    pub(super) fn whole(&self, expression: &Expression, lanes: bool) -> TokenStream {
        let tokens = expression.tokens();
        if !lanes {
            return tokens.clone();
        }
        if let Some(whole) = expression.whole() {
            return whole.clone();
        }
        if expression.lanes {
            let (facade, lane) = (&self.context.facade, &self.lane);
            let count = &self.context.lanes;
            return quote!(#facade::__private::lanes::<_, #count>(|#lane| #tokens));
        }
        let count = &self.context.lanes;
        quote!([#tokens; #count])
    }

    /// Defines `value`: at once, or where it is used.
    pub(super) fn define(
        &mut self,
        value: ValueId,
        expression: Expression,
        effects: Effects,
        taken: &Taken,
    ) {
        let uses = self.variables.use_count(value);
        if uses == 0 && effects.is_pure() {
            return;
        }
        let own_variable =
            self.variables.variable(value) == value && !self.variables.is_mutable(value);
        if self.variables.used_once_at_home(value) && own_variable {
            let mut all = taken.effects.clone();
            all.absorb(&effects);
            let sensitive = effects.panics || effects.opaque;
            let position = if sensitive { None } else { taken.position };
            let pending = Pending {
                value,
                expression,
                effects: all,
            };
            match position {
                Some(position) if position <= self.pending.len() => {
                    self.pending.insert(position, pending)
                }
                _ => self.pending.push(pending),
            }
            return;
        }
        self.settle(&effects, taken);
        if uses == 0 {
            let tokens = self.whole(&expression, self.function.values[value].lanes);
            self.write(quote!(let _ = #tokens;));
        } else {
            self.declare_as(value, &expression);
        }
    }

    /// Takes `operands`, evaluated in this order, for something with the effects `own`: whatever would make it too
    /// wide or run out of order is written down first.
    pub(super) fn take(&mut self, operands: &[&Operand], own: &Effects) -> Taken {
        loop {
            let found: Vec<usize> = operands
                .iter()
                .filter_map(|operand| self.pending_position(operand))
                .collect();
            if let Some(at) = self
                .oversized(&found)
                .or_else(|| self.disordered(&found, own))
            {
                self.write_down(at);
                continue;
            }
            let mut effects = Effects::default();
            for operand in operands {
                effects.absorb(&self.judge().operand(operand));
            }
            for &at in &found {
                effects.absorb(&self.pending[at].effects);
            }
            let last = found
                .iter()
                .copied()
                .filter(|&at| !self.pending[at].effects.is_inert())
                .max();
            let position = last.map(|last| last - found.iter().filter(|&&at| at < last).count());
            let precedes = |q: usize| {
                let later = |&at: &usize| {
                    at > q && self.pending[at].effects.conflicts(&self.pending[q].effects)
                };
                !found.contains(&q) && found.iter().any(later)
            };
            let before = (0..self.pending.len())
                .filter(|&q| precedes(q))
                .map(|q| self.pending[q].value)
                .collect();
            let mut expressions = HashMap::new();
            let mut order = found.clone();
            order.sort_unstable();
            for at in order.into_iter().rev() {
                let pending = self.pending.remove(at);
                expressions.insert(pending.value, pending.expression);
            }
            return Taken {
                expressions,
                effects,
                position,
                before,
            };
        }
    }

    fn pending_position(&self, operand: &Operand) -> Option<usize> {
        let Operand::Value(value) = operand else {
            return None;
        };
        self.pending
            .iter()
            .position(|pending| pending.value == *value)
    }

    /// The one to write down first among those that together are too wide or too deep.
    fn oversized(&self, found: &[usize]) -> Option<usize> {
        let deep = found
            .iter()
            .copied()
            .find(|&at| self.pending[at].expression.depth > DEPTH);
        let total: usize = found
            .iter()
            .map(|&at| self.pending[at].expression.width)
            .sum();
        let widest = || {
            found
                .iter()
                .copied()
                .max_by_key(|&at| self.pending[at].expression.width)
        };
        deep.or_else(|| if total > WIDTH { widest() } else { None })
    }

    /// One to write down first because taking it would change the order in which effects happen.
    fn disordered(&self, found: &[usize], own: &Effects) -> Option<usize> {
        let effects = |at: usize| &self.pending[at].effects;
        for (i, &a) in found.iter().enumerate() {
            // What stands further right is evaluated later.
            for &b in &found[i + 1..] {
                if a > b && effects(a).conflicts(effects(b)) {
                    return Some(a);
                }
            }
        }
        let last = found.iter().copied().max()?;
        for &a in found {
            for q in a + 1..self.pending.len() {
                let passes = q < last || effects(q).conflicts(own);
                if passes && !found.contains(&q) && effects(a).conflicts(effects(q)) {
                    return Some(a);
                }
            }
        }
        None
    }

    /// Writes down, ahead of a statement with the effects `own`, all that must not come after it.
    pub(super) fn settle(&mut self, own: &Effects, taken: &Taken) {
        let comes_first = |p: &Pending| taken.before.contains(&p.value) || p.effects.conflicts(own);
        while let Some(at) = self.pending.iter().position(comes_first) {
            self.write_down(at);
        }
    }

    /// Drops every pending value: nothing uses them where control does not come back.
    pub(super) fn forget_pending(&mut self) {
        self.pending.clear();
    }

    /// Writes down every pending value.
    pub(super) fn settle_all(&mut self) {
        while !self.pending.is_empty() {
            self.write_down(0);
        }
    }

    /// Gives the pending value at `at` a `let`, and those ahead of it that must stay ahead.
    fn write_down(&mut self, at: usize) {
        let value = self.pending[at].value;
        while let Some(earlier) = {
            let at = self
                .pending
                .iter()
                .position(|pending| pending.value == value)
                .unwrap_or(0);
            (0..at).find(|&j| self.pending[j].effects.conflicts(&self.pending[at].effects))
        } {
            self.write_down(earlier);
        }
        let at = self
            .pending
            .iter()
            .position(|pending| pending.value == value)
            .unwrap_or(0);
        let pending = self.pending.remove(at);
        self.declare_as(value, &pending.expression);
    }

    /// Writes down the pending value that an operand is, if it is one; what must be evaluated exactly once, ahead
    /// of what surrounds it, goes through here.
    pub(super) fn pin(
        &mut self,
        operand: &Operand,
        unless: impl FnOnce(&Expression, &Effects) -> bool,
    ) {
        if let Some(at) = self.pending_position(operand)
            && !unless(&self.pending[at].expression, &self.pending[at].effects)
        {
            self.write_down(at);
        }
    }

    /// The expression of an operand: what was taken for it, or a name, or a literal.
    pub(super) fn operand(&self, operand: &Operand, taken: &Taken) -> Expression {
        match operand {
            Operand::Value(value) => match taken.expressions.get(value) {
                Some(expression) => expression.clone(),
                None => self.named(*value),
            },
            Operand::Literal(literal) => super::literal::plain(&self.context.facade, literal),
            Operand::Constant(code, _) => super::operation::constant(code),
        }
    }

    fn named(&self, value: ValueId) -> Expression {
        let ident = self.variable(value);
        if self.function.values[value].lanes {
            Expression::lane_of(quote!(#ident), Level::Atom, &self.lane)
        } else {
            Expression::name(ident)
        }
    }

    /// What a statement does besides what its operands do.
    pub(super) fn effects(&self, stmt: &Stmt) -> Effects {
        self.judge().stmt(stmt)
    }
}

/// What was taken from the pending values for one statement.
pub(super) struct Taken {
    expressions: HashMap<ValueId, Expression>,
    /// What evaluating it does.
    pub(super) effects: Effects,
    /// Where it stood among the pending values, if its place matters.
    position: Option<usize>,
    /// The pending values that must be evaluated ahead of it.
    before: Vec<ValueId>,
}
