//! The choice of what stands in an expression and what gets a `let`.
//!
//! A value that is used once, where it was computed, waits until the statement that uses it takes it. What must keep its
//! order with a statement that does not take it is written down ahead of that statement.

use rustc_hash::FxHashMap as HashMap;

use quote::quote;

use super::body::Body;
use super::effects::Effects;
use super::expression::Expression;
use crate::ir::{Operand, ValueId};

/// The widest expression that still goes into another one.
const WIDTH: usize = 64;
/// The deepest expression that still goes into another one.
const DEPTH: usize = 4;

/// A value that has not been written down yet.
pub(super) struct Pending {
    value: ValueId,
    expression: Expression,
    effects: Effects,
}

/// What was taken from the pending values for one statement.
pub(super) struct Taken {
    pub(super) expressions: HashMap<ValueId, Expression>,
    /// What evaluating it does.
    pub(super) effects: Effects,
    /// Where it stood among the pending values, if its place matters.
    position: Option<usize>,
    /// The pending values that must be evaluated ahead of it.
    before: Vec<ValueId>,
}

impl Body<'_> {
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
        while let Some(at) = self.oversized(&self.positions(operands)) {
            self.write_down(at);
        }
        self.take_apart(operands, own)
    }

    fn positions(&self, operands: &[&Operand]) -> Vec<usize> {
        operands
            .iter()
            .filter_map(|operand| self.pending_position(operand))
            .collect()
    }

    /// As [`Self::take`], for operands that don't go into one expression.
    pub(super) fn take_apart(&mut self, operands: &[&Operand], own: &Effects) -> Taken {
        loop {
            let found = self.positions(operands);
            if let Some(at) = self.disordered(&found, own) {
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
            let mut expressions = HashMap::default();
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
}
