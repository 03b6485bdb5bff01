//! Branches and loops, and the variables that they change.

use proc_macro2::TokenStream;
use quote::quote;

use super::body::Body;
use super::effects::Effects;
use super::expression::{Expression, Level};
use super::pending::Taken;
use crate::ir::{Carried, For, If, Operand, Stmt, ValueId, While};

impl<'a> Body<'a> {
    pub(super) fn branch(&mut self, stmt: &'a Stmt, branch: &'a If) {
        let taken = self.take_for(stmt);
        let condition = self.operand(&branch.condition, &taken);
        // A result that lives on in a variable declared before is assigned; the others are the value of the `if`.
        let assigned: Vec<usize> = (0..branch.results.len())
            .filter(|&k| self.is_declared(branch.results[k]))
            .collect();
        let handed: Vec<usize> = (0..branch.results.len())
            .filter(|k| !assigned.contains(k))
            .collect();
        let finish = |this: &mut Self, yields: &'a [Operand]| {
            this.finish_branch(&branch.results, yields, &assigned, &handed);
        };
        let then = self.block(&branch.then, finish);
        let otherwise = self.block(&branch.otherwise, finish);
        let alternative = if otherwise.is_empty() {
            quote!()
        } else if is_single_if(&otherwise) {
            quote!(else #otherwise)
        } else {
            quote!(else { #otherwise })
        };
        let test = if then.is_empty() && !otherwise.is_empty() {
            let negated = Expression::not(&condition).condition();
            quote!(if #negated { #otherwise })
        } else {
            let condition = condition.condition();
            quote!(if #condition { #then } #alternative)
        };
        if handed.is_empty() {
            self.write(test);
            return;
        }
        let patterns: Vec<TokenStream> = handed
            .iter()
            .map(|&k| {
                let result = branch.results[k];
                let mutable = self.variables.is_mutable(result).then(|| quote!(mut));
                let ident = self.declare(result);
                quote!(#mutable #ident)
            })
            .collect();
        let ambiguous = handed.iter().any(|&k| {
            [&branch.then, &branch.otherwise]
                .iter()
                .all(|block| matches!(block.yields[k], Operand::Literal(_)))
        });
        let ty = ambiguous.then(|| {
            let types: Vec<TokenStream> = handed
                .iter()
                .map(|&k| self.value_type(branch.results[k]))
                .collect();
            if let [one] = &types[..] {
                quote!(: #one)
            } else {
                quote!(: (#(#types),*))
            }
        });
        let pattern = if let [one] = &patterns[..] {
            quote!(#one)
        } else {
            quote!((#(#patterns),*))
        };
        let pattern = quote!(#pattern #ty);
        self.write_let(&pattern, &pattern, test);
    }

    fn finish_branch(
        &mut self,
        results: &[ValueId],
        yields: &'a [Operand],
        assigned: &[usize],
        handed: &[usize],
    ) {
        let mut assignments: Vec<(ValueId, &'a Operand)> = Vec::new();
        for &k in assigned {
            assignments.push((results[k], &yields[k]));
        }
        let tail: Vec<(ValueId, &'a Operand)> =
            handed.iter().map(|&k| (results[k], &yields[k])).collect();
        // The value of the block is evaluated after the assignments, and must not see them.
        let targets = self.targets(&assignments);
        for (_, operand) in &tail {
            self.pin(operand, |_, effects| {
                effects.reads_variables.is_disjoint(&targets)
            });
        }
        let mut tail_tokens = Vec::new();
        for (result, operand) in &tail {
            if let Operand::Value(value) = operand
                && targets.contains(&self.variables.variable(*value))
            {
                let kept = self.names.fresh(&self.function.values[*value].name);
                let ident = self.variable(*value).clone();
                self.write(quote!(let #kept = #ident;));
                tail_tokens.push((*result, *operand, Some(quote!(#kept))));
            } else {
                tail_tokens.push((*result, *operand, None));
            }
        }
        let operands: Vec<&Operand> = assignments
            .iter()
            .chain(&tail)
            .map(|(_, operand)| *operand)
            .collect();
        let taken = self.take_apart(&operands, &Effects::default());
        self.assign(&assignments, &taken);
        let values: Vec<TokenStream> = tail_tokens
            .into_iter()
            .map(|(result, operand, kept)| {
                let lanes = self.function.values[result].lanes;
                kept.unwrap_or_else(|| self.whole(&self.operand(operand, &taken), lanes))
            })
            .collect();
        match &values[..] {
            [] => {}
            [one] => {
                let tokens = self.tail(one.clone());
                self.write(tokens);
            }
            several => {
                let tokens = self.tail(quote!((#(#several),*)));
                self.write(tokens);
            }
        }
    }

    pub(super) fn counted_loop(&mut self, stmt: &'a Stmt, each: &'a For) {
        let taken = self.take_for(stmt);
        self.initialise(&each.carried, &taken);
        let range = &each.range;
        let (low, high) = self.two(&range.low, &range.high, &taken);
        let (low, high) = (low.at(Level::Or), high.at(Level::Or));
        let mut bounds = if range.inclusive {
            quote!(#low..=#high)
        } else {
            quote!(#low..#high)
        };
        if range.reversed {
            let private = &self.context.private;
            bounds = quote!(#private::rev(#bounds));
        }
        let cut = self.cut_tapes(each, &high);
        self.names.enter();
        let index = if self.variables.use_count(each.index) == 0 {
            quote!(_)
        } else {
            let ident = self.declare(each.index);
            quote!(#ident)
        };
        let stop = each.stop.map(|k| each.carried[k].result);
        let body = self.block(&each.body, |this, yields| {
            this.step(&each.carried, yields);
            if let Some(stop) = stop {
                let stop = this.variable(stop).clone();
                this.write(quote!(if #stop { break; }));
            }
        });
        self.names.leave();
        self.write(quote!(for #index in #bounds { #body }));
        self.tapes.extend(cut);
    }

    pub(super) fn conditional_loop(&mut self, stmt: &'a Stmt, each: &'a While) {
        let taken = self.take_for(stmt);
        self.initialise(&each.carried, &taken);
        let mut test = TokenStream::new();
        let mut stop = TokenStream::new();
        let ahead = self.block(&each.condition, |this, yields| {
            let taken = this.take(&[&yields[0]], &Effects::default());
            let condition = this.operand(&yields[0], &taken);
            test = condition.condition();
            stop = Expression::not(&condition).condition();
        });
        let body = self.block(&each.body, |this, yields| this.step(&each.carried, yields));
        if ahead.is_empty() {
            self.write(quote!(while #test { #body }));
        } else {
            self.write(quote!(loop { #ahead if #stop { break; } #body }));
        }
    }

    /// Declares the variables that a loop changes, where no variable is at hand to be changed.
    fn initialise(&mut self, carried: &[Carried], taken: &Taken) {
        for carried in carried {
            if !self.is_declared(carried.parameter) {
                let initial = self.operand(&carried.initial, taken);
                self.declare_as(carried.parameter, &initial);
            }
        }
    }

    /// Gives the variables of a loop their next values.
    fn step(&mut self, carried: &[Carried], yields: &'a [Operand]) {
        let assignments: Vec<(ValueId, &Operand)> = carried
            .iter()
            .map(|carried| carried.parameter)
            .zip(yields)
            .collect();
        let operands: Vec<&Operand> = assignments.iter().map(|(_, operand)| *operand).collect();
        let taken = self.take_apart(&operands, &Effects::default());
        self.assign(&assignments, &taken);
    }

    fn targets(&self, assignments: &[(ValueId, &Operand)]) -> std::collections::BTreeSet<ValueId> {
        let changed = assignments
            .iter()
            .filter(|(target, operand)| !self.is_at_home(*target, operand));
        changed
            .map(|(target, _)| self.variables.variable(*target))
            .collect()
    }

    /// Whether the variable of `target` holds the operand already.
    fn is_at_home(&self, target: ValueId, operand: &Operand) -> bool {
        matches!(operand, Operand::Value(value) if self.variables.variable(*value) == self.variables.variable(target))
    }

    /// Assigns several variables at once: each right side sees the old values of all.
    fn assign(&mut self, assignments: &[(ValueId, &Operand)], taken: &Taken) {
        let mut open: Vec<(ValueId, Expression, bool)> = assignments
            .iter()
            .filter(|(target, operand)| !self.is_at_home(*target, operand))
            .map(|(target, operand)| (*target, self.operand(operand, taken), false))
            .collect();
        // In the written order as long as no later right side reads the variable; otherwise by way of temporaries.
        while !open.is_empty() {
            let ident = self.variable(open[0].0).clone();
            let lanes = self.function.values[open[0].0].lanes;
            let (target, expression, _) = open.remove(0);
            if open
                .iter()
                .any(|(_, later, done)| !done && super::mentions(later.tokens(), &ident))
            {
                let next = self
                    .names
                    .fresh(&format!("next_{}", self.function.values[target].name));
                let tokens = self.whole(&expression, lanes);
                self.write(quote!(let #next = #tokens;));
                let mut kept = Expression::name(&next);
                kept.lanes = lanes;
                open.push((target, kept, true));
                continue;
            }
            let tokens = expression.as_update(&quote!(#ident)).unwrap_or_else(|| {
                let tokens = self.whole(&expression, lanes);
                quote!(#ident = #tokens;)
            });
            self.write(tokens);
        }
    }

    /// The type of a value.
    pub(super) fn value_type(&self, value: ValueId) -> TokenStream {
        let info = &self.function.values[value];
        let lanes = self.context.lanes.as_ref().filter(|_| info.lanes);
        super::types::place(
            &self.context.private,
            &crate::ir::Type::Scalar(info.ty.clone()),
            lanes,
        )
    }
}

/// Whether the tokens are one `if` with its branches and nothing else.
fn is_single_if(tokens: &TokenStream) -> bool {
    matches!(
        syn::parse2::<syn::Expr>(tokens.clone()),
        Ok(syn::Expr::If(_))
    )
}
