//! The tangents of branches and loops: more results, more carried variables.

use crate::ir::{Block, Carried, For, If, Operand, Stmt, While};

use super::Forward;

impl Forward {
    pub(super) fn branch(&mut self, branch: &If, stmts: &mut Vec<Stmt>) {
        let mut then = self.block(&branch.then);
        let mut otherwise = self.block(&branch.otherwise);
        let mut results = branch.results.clone();
        for (k, result) in branch.results.iter().enumerate() {
            let (a, b) = (&branch.then.yields[k], &branch.otherwise.yields[k]);
            for direction in 0..self.directions.len() {
                self.current = direction;
                if self.tangent(a).is_none() && self.tangent(b).is_none() {
                    continue;
                }
                then.yields.push(self.tangent_or_zero(a));
                otherwise.yields.push(self.tangent_or_zero(b));
                let tangent = self.fresh_tangent(*result);
                results.push(tangent);
                self.here_mut()
                    .tangents
                    .insert(*result, Operand::Value(tangent));
            }
        }
        stmts.push(Stmt::If(If {
            condition: branch.condition.clone(),
            then,
            otherwise,
            results,
        }));
    }

    /// Adds carried tangents for each carried variable that varies; returns for which.
    fn carry(&mut self, carried: &[Carried]) -> (Vec<Carried>, Vec<usize>) {
        let mut all = carried.to_vec();
        let mut varied = Vec::new();
        for (k, variable) in carried.iter().enumerate() {
            if !self.activity.is_varied(variable.parameter) {
                continue;
            }
            for direction in 0..self.directions.len() {
                self.current = direction;
                let initial = self.tangent_or_zero(&variable.initial);
                let (parameter, result) = (
                    self.fresh_tangent(variable.parameter),
                    self.fresh_tangent(variable.result),
                );
                self.here_mut()
                    .tangents
                    .insert(variable.parameter, Operand::Value(parameter));
                self.here_mut()
                    .tangents
                    .insert(variable.result, Operand::Value(result));
                all.push(Carried {
                    parameter,
                    initial,
                    result,
                });
            }
            varied.push(k);
        }
        (all, varied)
    }

    fn loop_body(&mut self, body: &Block, varied: &[usize]) -> Block {
        let mut block = self.block(body);
        for k in varied {
            for direction in 0..self.directions.len() {
                self.current = direction;
                block.yields.push(self.tangent_or_zero(&body.yields[*k]));
            }
        }
        block
    }

    pub(super) fn counted(&mut self, counted: &For, stmts: &mut Vec<Stmt>) {
        let (carried, varied) = self.carry(&counted.carried);
        let body = self.loop_body(&counted.body, &varied);
        stmts.push(Stmt::For(For {
            carried,
            body,
            ..counted.clone()
        }));
    }

    pub(super) fn conditional(&mut self, conditional: &While, stmts: &mut Vec<Stmt>) {
        let (carried, varied) = self.carry(&conditional.carried);
        let body = self.loop_body(&conditional.body, &varied);
        stmts.push(Stmt::While(While {
            carried,
            condition: conditional.condition.clone(),
            body,
        }));
    }
}
