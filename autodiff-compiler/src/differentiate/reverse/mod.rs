//! Reverse mode: the forward sweep as it stands, then its mirror image, in one function.
//!
//! Every statement has a mirror statement that hands the adjoint of what it defines on to what it reads. Adjoints of
//! values are values (an absent one is known to be zero), adjoints of memory are memory. The mirror of a loop runs
//! backwards and carries the adjoints of what the loop carries.
//!
//! The mirror of a block may use every value of that block as if it were still in scope; [`storage`] then decides,
//! for the whole function at once, which of them are kept on tapes and which are computed again.

mod adjoints;
mod calls;
mod control;
mod frames;
mod growth;
mod materialise;
mod prepare;
mod replay;
mod snapshots;
mod statements;
mod storage;
mod trip_counts;

use rustc_hash::FxHashMap as HashMap;
use std::collections::{BTreeMap, BTreeSet};

use crate::analysis::{Activity, BlockId, Structure};
use crate::ir::{Block, Function, MemoryId, Operand, Output, Stmt, ValueId};

use prepare::Lengths;
use storage::Plan;

/// What the reverse function takes and returns.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Shape {
    /// How adjoints are handed back.
    pub adjoints: AdjointsOut,
    /// Where the cotangent of the result comes from.
    pub seed: Seed,
    /// Whether the primal result is returned too.
    pub value: bool,
    /// Whether the function is to be split at the turn, so that little should be handed over there.
    pub two_steps: bool,
}

/// How adjoints are handed back.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum AdjointsOut {
    /// Added to places that the caller passes.
    Into,
    /// Returned.
    Owned,
}

/// Where the cotangent of the result comes from.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Seed {
    /// A parameter.
    Parameter,
    /// The constant 1, of a scalar result.
    One,
}

/// A reverse function with what its forward sweep returns.
#[derive(Debug)]
pub struct Reversed {
    /// The forward sweep, [`Stmt::Turn`], the reverse sweep.
    pub function: Function,
    /// The result of the primal, at hand from the turn on.
    pub value: Output,
    /// Whether the reverse sweep runs iterations of the primal again.
    pub replays: bool,
}

/// Reverses `primal` with respect to its active parameters.
pub fn reverse(primal: &Function, shape: Shape) -> Reversed {
    let (primal, lengths) = prepare::prepare(primal);
    let mut structure = Structure::of(&primal);
    structure.two_steps = shape.two_steps;
    let activity = Activity::of(&primal);
    let nothing_stored = Plan::default();
    let mut survey = Reverse::new(
        &primal,
        &structure,
        &activity,
        &lengths,
        &nothing_stored,
        Mode::Survey,
    );
    survey.run(shape);
    let demands = survey.demands;

    let mut function = primal.clone();
    let plan = Plan::make(&primal, &mut structure, &demands, &mut function);
    let mut pass = Reverse::new(
        &primal,
        &structure,
        &activity,
        &lengths,
        &plan,
        Mode::Generate,
    );
    pass.function = function;
    pass.run(shape);
    let mut function = pass.function;
    let mirror = std::mem::take(&mut function.body.stmts);
    function.body.stmts = plan.forward_sweep(&primal, &structure, &activity, &mut function);
    function.body.stmts.push(Stmt::Turn);
    function.body.stmts.extend(mirror);
    Reversed {
        value: primal.output.clone(),
        replays: plan.replays(),
        function,
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Mode {
    /// Only finds out which primal values the mirror needs.
    Survey,
    /// Emits the mirror.
    Generate,
}

/// The adjoints of values at one point of the reverse sweep. Ordered, so that emitted code is the same in every run.
type Adjoints = BTreeMap<ValueId, Operand>;

struct Reverse<'a> {
    primal: &'a Function,
    structure: &'a Structure,
    activity: &'a Activity,
    lengths: &'a Lengths,
    plan: &'a Plan,
    mode: Mode,
    two_steps: bool,
    function: Function,
    demands: BTreeSet<ValueId>,
    /// What goes ahead of the mirrored loop that is being made.
    ahead: Vec<Stmt>,
    adjoint_memories: HashMap<MemoryId, MemoryId>,
    mirrored: HashMap<BlockId, MirroredIndex>,
}

/// What the index of a mirrored loop says.
#[derive(Clone, Copy)]
enum MirroredIndex {
    /// The index of the loop itself.
    Index(ValueId),
    /// The number of the iteration, from 0.
    Iteration(ValueId),
}

impl<'a> Reverse<'a> {
    fn new(
        primal: &'a Function,
        structure: &'a Structure,
        activity: &'a Activity,
        lengths: &'a Lengths,
        plan: &'a Plan,
        mode: Mode,
    ) -> Self {
        Self {
            primal,
            structure,
            activity,
            lengths,
            plan,
            mode,
            two_steps: false,
            function: primal.clone(),
            demands: BTreeSet::new(),
            ahead: Vec::new(),
            adjoint_memories: HashMap::default(),
            mirrored: HashMap::default(),
        }
    }

    /// Leaves the reverse sweep alone as the body of the function, and sets its parameters and output.
    fn run(&mut self, shape: Shape) {
        self.two_steps = shape.two_steps;
        let mut adjoints = Adjoints::new();
        let mut stmts = Vec::new();
        self.declare_parameters(shape, &mut stmts);
        self.seed(shape, &mut adjoints, &mut stmts);
        let primal = self.primal;
        self.mirror_block(&primal.body, &mut adjoints, &mut stmts);
        self.hand_back(shape, &mut adjoints, &mut stmts);
        self.function.body = Block {
            stmts,
            yields: Vec::new(),
        };
    }
}
