//! Questions about whole statements, blocks and functions, by the visits.

use super::{Block, Function, MemoryId, Operand, Stmt, ValueId};

impl Stmt {
    /// The values that are defined after the statement.
    pub fn defined_values(&self) -> Vec<ValueId> {
        let mut values = Vec::new();
        self.visit_defined(&mut |&value| values.push(value));
        values
    }

    /// The memories whose lengths the statement itself changes.
    pub fn resized(&self) -> Vec<MemoryId> {
        match self {
            Self::Move { to, from } => vec![*to, *from],
            Self::Push { to, .. } => vec![to.memory],
            Self::Resize { place, .. } => vec![place.memory],
            _ => Vec::new(),
        }
    }

    /// The blocks directly inside.
    pub fn blocks(&self) -> Vec<&Block> {
        let mut blocks = Vec::new();
        self.for_each_block(&mut |block| blocks.push(block));
        blocks
    }
}

impl Block {
    /// Calls `f` with each statement of the block and of the blocks inside, a statement ahead of what it contains.
    pub fn for_each_stmt<'a>(&'a self, f: &mut dyn FnMut(&'a Stmt)) {
        for stmt in &self.stmts {
            f(stmt);
            stmt.for_each_block(&mut |block| block.for_each_stmt(f));
        }
    }
}

impl Function {
    /// Calls `f` with every operand of the body, the tapes' layouts and the output.
    pub fn visit_operands<'a>(&'a self, f: &mut dyn FnMut(&'a Operand)) {
        self.body.visit_operands(f);
        for (_, tape) in self.tapes.iter() {
            tape.layout.visit_operands(f);
        }
        self.output.visit_operands(f);
    }

    /// As [`Self::visit_operands`], to change them.
    pub fn visit_operands_mut(&mut self, f: &mut dyn FnMut(&mut Operand)) {
        self.body.visit_operands_mut(f);
        for tape in self.tapes.ids() {
            self.tapes[tape].layout.visit_operands_mut(f);
        }
        self.output.visit_operands_mut(f);
    }
}
