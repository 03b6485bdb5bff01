//! Statements that are no control flow.

use rustc_hash::FxHashSet as HashSet;

use proc_macro2::TokenStream;
use quote::quote;

use super::body::Body;
use super::expression::{Expression, Level};
use super::memory::place_type;
use super::operands;
use super::pending::Taken;
use crate::ir::{self, Block, Op, Operand, Place, Stmt, Type, ValueId};

impl<'a> Body<'a> {
    /// Writes those of `stmts` in `range`.
    pub(super) fn statements(&mut self, stmts: &'a [Stmt], range: std::ops::Range<usize>) {
        let cursors = self.cursors(stmts);
        // The statements that were written with an earlier one.
        let mut written = HashSet::default();
        for at in range {
            for (_, tape) in cursors.iter().filter(|(begin, _)| *begin == at) {
                self.begin_reading(*tape);
            }
            if written.contains(&at) {
                continue;
            }
            let alike = self.kept_together(&stmts[at..]);
            if alike > 1 {
                self.kept_scalars(&stmts[at..at + alike]);
                written.extend(at..at + alike);
            } else if let Some(cleared) = self.cleared_at(&stmts[at..]) {
                self.take_away(&stmts[at], &stmts[at + cleared]);
                written.insert(at + cleared);
            } else if !self.belongs_to_a_record(&stmts[at]) {
                self.statement(&stmts[at]);
            } else if let Some(record) = self.record(&stmts[at..]) {
                self.record_statement(record);
            }
            if ir::never_ends(&stmts[at..=at]) {
                break;
            }
        }
    }

    /// Writes the statements of a block, gives back its buffers, then does `finish` with what it yields.
    pub(super) fn block(
        &mut self,
        block: &'a Block,
        finish: impl FnOnce(&mut Self, &'a [Operand]),
    ) -> TokenStream {
        self.nested(|this| {
            this.statements(&block.stmts, 0..block.stmts.len());
            if ir::never_ends(&block.stmts) {
                this.forget_pending();
                return;
            }
            this.give_back(&block.stmts, &HashSet::default());
            finish(this, &block.yields);
        })
    }

    fn statement(&mut self, stmt: &'a Stmt) {
        match stmt {
            Stmt::Let { value, op } => self.operation_statement(*value, op),
            Stmt::Load { value, place } => {
                let own = self.judge().load(place);
                let taken = self.take(&place.operands(), &own);
                let expression = self.place(place, &taken);
                if self.is_inside_of_a_struct(place) {
                    self.load_field(*value, place, expression, &own, &taken);
                } else {
                    self.define(*value, expression, own, &taken);
                }
            }
            Stmt::Store { place, value } => self.store(stmt, place, value),
            Stmt::Accumulate { place, value } => self.accumulate(stmt, place, value),
            Stmt::Alloc { memory, init } => self.allocate(stmt, *memory, init),
            Stmt::Copy { to, from } => {
                let taken = self.take_for(stmt);
                self.copy(to, from, &taken);
            }
            Stmt::Push { to, value } => {
                for operand in value.operands() {
                    self.pin(operand, |expression, effects| {
                        !effects.reads.contains(&to.memory) && !expression.is_risky
                    });
                }
                let taken = self.take_for(stmt);
                self.push(to, value, &taken);
            }
            Stmt::Resize {
                place,
                length,
                grows,
            } => {
                self.pin(length, |expression, effects| {
                    !effects.reads.contains(&place.memory) && !expression.is_risky
                });
                let taken = self.take_for(stmt);
                self.resize(place, length, *grows, &taken);
            }
            Stmt::Move { to, from } => {
                self.take_for(stmt);
                let (to, from) = (&self.memories[to], &self.memories[from]);
                let tokens = quote!(#to = #from;);
                self.write(tokens);
            }
            Stmt::AccumulateAll { to, from } => {
                let taken = self.take_for(stmt);
                self.accumulate_all(to, from, &taken);
            }
            Stmt::Clear { place } => {
                let taken = self.take_for(stmt);
                self.clear(place, &taken);
            }
            Stmt::Check { place } => {
                let taken = self.take_for(stmt);
                let borrow = match place_type(self.function, place) {
                    Type::Slice(_) => quote!(&),
                    _ => quote!(),
                };
                let place = self.place_tokens(place, &taken);
                self.write(quote!(let _ = #borrow #place;));
            }
            Stmt::CheckShape {
                name,
                primal,
                other,
            } => {
                let taken = self.take_for(stmt);
                self.check_shape(name, primal, other, &taken);
            }
            Stmt::Effect(template) => {
                self.pin_template(template);
                let taken = self.take_for(stmt);
                let code = self.template(template, &taken);
                self.write(quote!(#code;));
            }
            Stmt::Call(call) => {
                for operand in call.places_operands() {
                    self.pin(operand, |expression, _| expression.is_trivial());
                }
                self.call(stmt, call);
            }
            Stmt::Keep { content, .. } => self.keep(stmt, content),
            Stmt::Recall { content, .. } => self.recall(content),
            Stmt::If(branch) => self.branch(stmt, branch),
            Stmt::For(each) => self.counted_loop(stmt, each),
            Stmt::While(each) => self.conditional_loop(stmt, each),
            Stmt::Turn => self.turned = true,
            Stmt::TapeAlloc(tape) => self.make_tape(stmt, *tape),
            Stmt::TapePut { tape, index, value } => self.put(stmt, *tape, index, value),
            Stmt::TapeGet { value, tape, index } => self.get(*value, *tape, index),
        }
    }

    /// Takes the operands of a statement that is written now, with what must come first.
    pub(super) fn take_for(&mut self, stmt: &'a Stmt) -> Taken {
        let own = self.effects(stmt);
        let taken = self.take_apart(&operands::of_stmt(self.function, stmt), &own);
        self.settle(&own, &taken);
        taken
    }

    fn operation_statement(&mut self, value: ValueId, op: &'a Op) {
        self.pin_operands(op);
        let own = self.judge().op(op);
        let taken = self.take(&self.evaluated(op), &own);
        let expression = self.operation(value, op, &taken);
        self.define(value, expression, own, &taken);
    }

    fn store(&mut self, stmt: &'a Stmt, place: &Place, value: &Operand) {
        let taken = self.take_for(stmt);
        let lanes = self.function.memories[place.memory].lanes;
        let value = self.operand(value, &taken);
        let place = self.place_tokens(place, &taken);
        let tokens = value
            .as_update(&place)
            .filter(|_| !lanes)
            .unwrap_or_else(|| {
                let value = self.whole(&value, lanes);
                quote!(#place = #value;)
            });
        self.write(tokens);
    }

    /// Where the place that the first statement loads is set to zero, with nothing in between that it would matter to.
    fn cleared_at(&self, stmts: &[Stmt]) -> Option<usize> {
        let Stmt::Load { value, place } = &stmts[0] else {
            return None;
        };
        if self.variables.use_count(*value) == 0 {
            return None;
        }
        let is_zero =
            |value: &Operand| matches!(value, Operand::Literal(literal) if literal.text == "0.0");
        let is_clearing = |stmt: &Stmt| matches!(stmt, Stmt::Store { place: to, value } if to == place && is_zero(value));
        let is_apart = |stmt: &&Stmt| match stmt {
            Stmt::Load { place: other, .. } => other.memory != place.memory,
            Stmt::Store {
                place: other,
                value,
            } => other.memory != place.memory && is_zero(value),
            _ => false,
        };
        let between = stmts[1..].iter().take_while(is_apart).count();
        let cleared = 1 + between;
        stmts
            .get(cleared)
            .is_some_and(is_clearing)
            .then_some(cleared)
    }

    /// A load together with what sets its place to zero.
    fn take_away(&mut self, load: &'a Stmt, clear: &'a Stmt) {
        let Stmt::Load { value, place } = load else {
            unreachable!("the caller has seen a load");
        };
        let mut own = self.effects(load);
        own.absorb(&self.effects(clear));
        let taken = self.take(&place.operands(), &own);
        self.settle(&own, &taken);
        let place = self.place_tokens(place, &taken);
        let private = &self.context.private;
        let mut content = Expression::new(quote!(#private::take(&mut #place)), Level::Postfix);
        content.lanes = self.function.values[*value].lanes;
        self.declare_as(*value, &content);
    }

    fn accumulate(&mut self, stmt: &'a Stmt, place: &Place, value: &Operand) {
        let lanes = self.function.memories[place.memory].lanes;
        if lanes {
            // The place is borrowed while the value is computed, which therefore must not read the same memory.
            self.pin(value, |_, effects| !effects.reads.contains(&place.memory));
        }
        let taken = self.take_for(stmt);
        let value = self.operand(value, &taken);
        let target = self.place_tokens(place, &taken);
        let value = self.spread(value, lanes);
        let value_tokens = value.tokens();
        let tokens = match &value.negated {
            Some(positive) => quote!(#target -= #positive;),
            None => quote!(#target += #value_tokens;),
        };
        self.write(tokens);
    }
}
