//! Which values share one mutable variable.
//!
//! In the intermediate representation a variable that a loop updates is three values: its initial value, the
//! parameter of the body, and the result. Rust has one `let mut` for all of them. Whether a loop or a branch can take
//! over the variable that its initial value lives in is a question of liveness, answered here once, ahead of emission.

use rustc_hash::FxHashMap as HashMap;

use super::operands;
use crate::ir::{Block, Carried, Function, If, Operand, Output, Stmt, TypedId, ValueId};

/// A block of the function, numbered in the order of the text.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub(super) struct BlockId(usize);

impl BlockId {
    /// The body of the function.
    pub(super) const ROOT: Self = Self(0);

    /// The block that comes next in the text.
    pub(super) fn next(self) -> Self {
        Self(self.0 + 1)
    }
}

/// How control reaches a block from the one that contains it.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Entry {
    /// The block belongs to a loop: it runs any number of times.
    Loop,
    /// A branch of the `if` at this position: one of the two runs, once.
    Branch(usize),
    /// What follows [`Stmt::Turn`], when that is a closure of its own which may be called again.
    Closure,
}

/// Where a value is used.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
struct Use {
    position: usize,
    block: BlockId,
}

/// The variables of a function.
#[derive(Debug)]
pub(super) struct Variables {
    /// For each block, the one around it and how it is entered.
    parents: Vec<Option<(BlockId, Entry)>>,
    /// For each value, the block that defines it.
    defined: Vec<BlockId>,
    uses: Vec<Vec<Use>>,
    /// For each value, the value that names its variable.
    variable: Vec<ValueId>,
    mutable: Vec<bool>,
    /// Whether a value is that of one operation, which can stand in the middle of an expression.
    computed: Vec<bool>,
    /// Whether a value is the index of a loop, which is not ours to change.
    index: Vec<bool>,
}

impl Variables {
    /// Decides on the variables of `function`. Where it is split at its turn, what follows is a closure, and `split`
    /// is what is returned beside that.
    pub(super) fn of(function: &Function, split: Option<&Output>) -> Self {
        let count = function.values.len();
        let mut this = Self {
            parents: vec![None],
            defined: vec![BlockId::ROOT; count],
            uses: vec![Vec::new(); count],
            variable: function.values.ids().collect(),
            mutable: vec![false; count],
            computed: vec![false; count],
            index: vec![false; count],
        };
        let mut walk = Walk {
            function,
            split: split.is_some(),
            position: 0,
            turn: 0,
            spans: HashMap::default(),
        };
        let last = walk.uses_of_block(&mut this, &function.body, BlockId::ROOT);
        for operand in function.output.operands() {
            this.record(
                operand,
                Use {
                    position: usize::MAX,
                    block: last,
                },
            );
        }
        for operand in split.map(Output::operands).unwrap_or_default() {
            this.record(
                operand,
                Use {
                    position: walk.turn,
                    block: BlockId::ROOT,
                },
            );
        }
        let mut next = BlockId::ROOT;
        walk.join_block(&mut this, &function.body, &mut next);
        this
    }

    /// The value that names the variable which holds `value`.
    pub(super) fn variable(&self, value: ValueId) -> ValueId {
        self.variable[value.index()]
    }

    /// Whether the variable that holds `value` changes.
    pub(super) fn is_mutable(&self, value: ValueId) -> bool {
        self.mutable[self.variable(value).index()]
    }

    /// How often `value` is used.
    pub(super) fn use_count(&self, value: ValueId) -> usize {
        self.uses[value.index()].len()
    }

    /// Whether the only use of `value` is by a statement of the block that defines it, or by what that block yields.
    pub(super) fn used_once_at_home(&self, value: ValueId) -> bool {
        matches!(self.uses[value.index()][..], [only] if only.block == self.defined[value.index()])
    }

    fn record(&mut self, operand: &Operand, at: Use) {
        if let Operand::Value(value) = operand {
            self.uses[value.index()].push(at);
        }
    }

    /// The blocks around `block`, itself first, with the way from each into the one before.
    fn ancestors(&self, block: BlockId) -> impl Iterator<Item = (BlockId, Option<Entry>)> {
        let mut here = Some(block);
        std::iter::from_fn(move || {
            let block = here?;
            let parent = self.parents[block.0];
            here = parent.map(|(parent, _)| parent);
            Some((block, parent.map(|(_, entry)| entry)))
        })
    }

    /// Whether control that passes through `block` runs it once for each time that it runs `home`, which contains it.
    fn runs_with(&self, block: BlockId, home: BlockId) -> bool {
        for (here, entry) in self.ancestors(block) {
            if here == home {
                return true;
            }
            if matches!(entry, Some(Entry::Loop | Entry::Closure)) {
                return false;
            }
        }
        false
    }

    /// Whether `a` and `b` stand in different branches of one `if`.
    fn are_exclusive(&self, a: BlockId, b: BlockId) -> bool {
        let branches: HashMap<usize, BlockId> = self
            .ancestors(a)
            .filter_map(|(block, entry)| match entry {
                Some(Entry::Branch(position)) => Some((position, block)),
                _ => None,
            })
            .collect();
        self.ancestors(b).any(|(block, entry)| match entry {
            Some(Entry::Branch(position)) => {
                branches.get(&position).is_some_and(|&other| other != block)
            }
            _ => false,
        })
    }

    /// Whether nothing needs `value` once control has passed the statement at `span` of `block`, whose own uses
    /// `allowed` judges.
    fn dies_at(
        &self,
        value: ValueId,
        block: BlockId,
        span: Span,
        allowed: impl Fn(&Use) -> bool,
    ) -> bool {
        self.runs_with(block, self.defined[value.index()])
            && self.uses[value.index()].iter().all(|at| {
                at.position < span.start
                    || (at.position < span.end && allowed(at))
                    || (at.position >= span.end && self.are_exclusive(at.block, block))
            })
    }

    fn join(&mut self, value: ValueId, with: ValueId) {
        self.variable[value.index()] = self.variable(with);
    }
}

/// The positions that a statement covers, from its own to that behind its blocks.
#[derive(Clone, Copy, Debug)]
struct Span {
    start: usize,
    end: usize,
}

struct Walk<'a> {
    function: &'a Function,
    split: bool,
    position: usize,
    /// The position of the turn.
    turn: usize,
    /// For each statement, by its address, what it covers.
    spans: HashMap<*const Stmt, Span>,
}

impl<'a> Walk<'a> {
    /// Records the uses inside `block`; returns the block in which the text ends, which differs after a turn.
    fn uses_of_block(
        &mut self,
        variables: &mut Variables,
        block: &'a Block,
        id: BlockId,
    ) -> BlockId {
        let mut id = id;
        for stmt in &block.stmts {
            let start = self.position;
            self.position += 1;
            let at = Use {
                position: start,
                block: id,
            };
            for operand in operands::of_stmt(self.function, stmt) {
                variables.record(operand, at);
            }
            if let Stmt::Let { value, .. }
            | Stmt::Load { value, .. }
            | Stmt::TapeGet { value, .. } = stmt
            {
                variables.defined[value.index()] = id;
                variables.computed[value.index()] = true;
            }
            if let Stmt::Call(_) | Stmt::Recall { .. } = stmt {
                stmt.visit_defined(&mut |value| variables.defined[value.index()] = id);
            }
            let entry = if let Stmt::If(_) = stmt {
                Entry::Branch(start)
            } else {
                Entry::Loop
            };
            for inner in stmt.blocks() {
                let inner_id = BlockId(variables.parents.len());
                variables.parents.push(Some((id, entry)));
                let parameters: &[Carried] = match stmt {
                    Stmt::For(each) => {
                        variables.defined[each.index.index()] = inner_id;
                        variables.index[each.index.index()] = true;
                        &each.carried
                    }
                    Stmt::While(each) => &each.carried,
                    _ => &[],
                };
                for carried in parameters {
                    variables.defined[carried.parameter.index()] = inner_id;
                }
                self.uses_of_block(variables, inner, inner_id);
            }
            match stmt {
                Stmt::If(branch) => branch
                    .results
                    .iter()
                    .for_each(|r| variables.defined[r.index()] = id),
                Stmt::For(each) => each
                    .carried
                    .iter()
                    .for_each(|c| variables.defined[c.result.index()] = id),
                Stmt::While(each) => each
                    .carried
                    .iter()
                    .for_each(|c| variables.defined[c.result.index()] = id),
                Stmt::Turn if self.split => {
                    self.turn = start;
                    let rest = BlockId(variables.parents.len());
                    variables.parents.push(Some((id, Entry::Closure)));
                    id = rest;
                }
                _ => {}
            }
            self.spans.insert(
                stmt,
                Span {
                    start,
                    end: self.position,
                },
            );
        }
        let at = Use {
            position: self.position,
            block: id,
        };
        self.position += 1;
        for operand in &block.yields {
            variables.record(operand, at);
        }
        id
    }

    /// Joins the values of each variable inside `block`, in the order of the text. `next` is the block's number, and
    /// then that of the block behind it.
    fn join_block(&mut self, variables: &mut Variables, block: &Block, next: &mut BlockId) {
        let mut id = *next;
        *next = next.next();
        for stmt in &block.stmts {
            let span = self.spans[&std::ptr::from_ref(stmt)];
            match stmt {
                Stmt::For(each) => self.join_loop(variables, &each.carried, id, span, &each.body),
                Stmt::While(each) => self.join_loop(variables, &each.carried, id, span, &each.body),
                Stmt::If(branch) => self.join_branch(variables, branch, id, span),
                Stmt::Turn if self.split => {
                    id = *next;
                    *next = next.next();
                }
                _ => {}
            }
            for inner in stmt.blocks() {
                self.join_block(variables, inner, next);
            }
        }
    }

    fn join_loop(
        &self,
        variables: &mut Variables,
        carried: &[Carried],
        block: BlockId,
        span: Span,
        body: &Block,
    ) {
        for (carried, next) in carried.iter().zip(&body.yields) {
            if let Operand::Value(initial) = carried.initial
                && self.can_hold(variables, initial, carried.parameter)
                && variables.dies_at(initial, block, span, |at| {
                    at.position == span.start && at.block == block
                })
                && variables.uses[initial.index()]
                    .iter()
                    .filter(|at| at.position == span.start)
                    .count()
                    == 1
            {
                variables.join(carried.parameter, initial);
            }
            variables.join(carried.result, carried.parameter);
            if *next != Operand::Value(carried.parameter) {
                let variable = variables.variable(carried.parameter);
                variables.mutable[variable.index()] = true;
            }
        }
    }

    fn join_branch(&self, variables: &mut Variables, branch: &If, block: BlockId, span: Span) {
        let mut taken = Vec::new();
        for (k, &result) in branch.results.iter().enumerate() {
            for candidate in [&branch.then.yields[k], &branch.otherwise.yields[k]] {
                if let Operand::Value(old) = *candidate
                    && self.can_hold(variables, old, result)
                    && variables.dies_at(old, block, span, |_| true)
                    && !taken.contains(&variables.variable(old))
                {
                    variables.join(result, old);
                    let variable = variables.variable(old);
                    variables.mutable[variable.index()] = true;
                    taken.push(variable);
                    break;
                }
            }
        }
    }

    /// Whether `new` can live in the variable of `old`: one that is declared anyway, of the same type.
    fn can_hold(&self, variables: &Variables, old: ValueId, new: ValueId) -> bool {
        let (a, b) = (&self.function.values[old], &self.function.values[new]);
        let stays_an_expression =
            variables.computed[old.index()] && variables.used_once_at_home(old);
        a.ty == b.ty && a.lanes == b.lanes && !stays_an_expression && !variables.index[old.index()]
    }
}
