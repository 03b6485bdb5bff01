//! Where everything stands: the block that each value and memory belongs to, and what defines it.

use rustc_hash::{FxHashMap as HashMap, FxHashSet as HashSet};

use crate::ir::{
    Binding, Block, Call, Carried, Function, IdVec, MemoryId, Op, Operand, Place, Range, Stmt,
    TypedId, ValueId,
};

/// A block of the function analysed.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Debug)]
pub struct BlockId(u32);

impl TypedId for BlockId {
    fn new(index: usize) -> Self {
        Self(u32::try_from(index).expect("fewer than 2^32 blocks in one function"))
    }
    fn index(self) -> usize {
        self.0 as usize
    }
}

/// What is known of a block.
#[derive(Clone, Debug)]
pub struct BlockInfo {
    /// The block around it.
    pub parent: Option<BlockId>,
    /// What it is part of.
    pub kind: BlockKind,
    /// The position in the outermost block of the statement that holds this block.
    pub top_position: usize,
    /// The positions that its statements take, ahead and behind included, in the order of the text.
    pub span: (usize, usize),
}

/// What a block is part of.
#[derive(Clone, Debug)]
pub enum BlockKind {
    /// The function itself.
    Top,
    /// A branch.
    Branch,
    /// The body of a counted loop.
    For {
        /// The loop's index.
        index: ValueId,
        /// Its range.
        range: Range,
        /// Whether it can end early.
        stops: bool,
    },
    /// The body of a loop with a condition.
    While,
    /// The condition of a loop.
    Condition,
}

/// What defines a value.
#[derive(Clone, Debug)]
pub enum Definition {
    /// A parameter of the function.
    Parameter,
    /// The index of a counted loop.
    Index,
    /// A variable that a loop carries, at the start of an iteration.
    Carried,
    /// The result of a branch or a loop, or what a tape hands back.
    Result,
    /// An operation.
    Op(Op),
    /// A load, at a position.
    Load(Place, usize),
}

/// The structure of one function.
#[derive(Debug)]
pub struct Structure {
    blocks: IdVec<BlockId, BlockInfo>,
    ids: HashMap<*const Block, BlockId>,
    values: HashMap<ValueId, (BlockId, Definition)>,
    memories: HashMap<MemoryId, BlockId>,
    writes: HashMap<MemoryId, Vec<Write>>,
    /// The carried variables of loops, by their value at the start of an iteration: the first value and the next.
    carried: HashMap<ValueId, (Operand, Operand)>,
    /// The bodies of loops whose iterations are run again in the reverse sweep.
    frames: HashSet<BlockId>,
    /// Whether the reverse sweep will be a function of its own.
    pub two_steps: bool,
    /// The block and the position of each call.
    calls: HashMap<*const Call, (BlockId, usize)>,
    /// Where a value was stored in the block that defines it.
    stored: HashMap<ValueId, (Place, usize)>,
}

/// A statement that writes to a memory.
#[derive(Clone, Debug)]
pub struct Write {
    /// Its block.
    pub block: BlockId,
    /// Its position in the order of the text.
    pub position: usize,
    /// The path written; a prefix of what is written where the whole below it is.
    pub place: Place,
    /// Whether the content is taken away rather than replaced.
    pub moved: bool,
    /// Whether an element is appended, and those that there are stay.
    pub grows: bool,
    /// Whether the length changes of what the place holds.
    pub resizes: bool,
}

impl Structure {
    /// The outermost block.
    pub const TOP: BlockId = BlockId(0);

    /// Reads the structure off `function`, which must stay where it is in memory while the result is used.
    pub fn of(function: &Function) -> Self {
        let mut structure = Self {
            blocks: IdVec::default(),
            ids: HashMap::default(),
            values: HashMap::default(),
            memories: HashMap::default(),
            writes: HashMap::default(),
            carried: HashMap::default(),
            frames: HashSet::default(),
            two_steps: false,
            calls: HashMap::default(),
            stored: HashMap::default(),
        };
        let mut position = 0;
        for parameter in &function.parameters {
            match parameter.binding {
                Binding::Value(value) => {
                    structure
                        .values
                        .insert(value, (Self::TOP, Definition::Parameter));
                }
                Binding::Memory(memory) => {
                    structure.memories.insert(memory, Self::TOP);
                }
            }
        }
        structure.block(&function.body, None, BlockKind::Top, 0, &mut position);
        structure
    }

    /// The id of a block of the function that this structure was read off.
    pub fn id(&self, block: &Block) -> BlockId {
        self.ids[&std::ptr::from_ref(block)]
    }

    /// What is known of a block.
    pub fn info(&self, block: BlockId) -> &BlockInfo {
        &self.blocks[block]
    }

    /// The block in which a value is defined; `None` for a value that is not of this function.
    pub fn home(&self, value: ValueId) -> Option<BlockId> {
        self.values.get(&value).map(|(block, _)| *block)
    }

    /// What defines a value of this function.
    pub fn definition(&self, value: ValueId) -> Option<&Definition> {
        self.values.get(&value).map(|(_, definition)| definition)
    }

    /// The block in which a memory is declared.
    pub fn memory_home(&self, memory: MemoryId) -> Option<BlockId> {
        self.memories.get(&memory).copied()
    }

    /// The first value and the constant step of a variable that a counted loop raises or lowers in each iteration.
    pub fn induction(&self, value: ValueId) -> Option<(&Operand, i64)> {
        let (initial, next) = self.carried.get(&value)?;
        let body = self.home(value)?;
        let (start, factor) = self.linear(next)?.without(value)?;
        let step = start.constant;
        let counted = matches!(self.info(body).kind, BlockKind::For { stops: false, .. });
        let constant = factor.is_none() && start.terms.is_empty() && step != 0;
        (counted && constant).then_some((initial, step))
    }

    /// A place that a value was stored to in the block that defines it, and the position of that statement.
    pub fn stored(&self, value: ValueId) -> Option<&(Place, usize)> {
        self.stored.get(&value)
    }

    /// The block and the position of a call of the function that this structure was read off.
    pub fn call(&self, call: &Call) -> (BlockId, usize) {
        self.calls[&std::ptr::from_ref(call)]
    }

    /// The statements that write to a memory after its declaration.
    pub fn writes(&self, memory: MemoryId) -> &[Write] {
        self.writes.get(&memory).map_or(&[], Vec::as_slice)
    }

    /// The block and those around it, innermost first.
    pub fn ancestors(&self, block: BlockId) -> impl Iterator<Item = BlockId> + '_ {
        std::iter::successors(Some(block), |block| self.blocks[*block].parent)
    }

    /// The loop bodies around (and including) a block, outermost first.
    pub fn loops(&self, block: BlockId) -> Vec<BlockId> {
        let is_loop = |block: &BlockId| {
            matches!(
                self.blocks[*block].kind,
                BlockKind::For { .. } | BlockKind::While
            )
        };
        let mut loops: Vec<BlockId> = self.ancestors(block).filter(is_loop).collect();
        loops.reverse();
        loops
    }

    /// Makes the body of a loop a frame: an iteration of it is run again just ahead of its mirror.
    pub fn add_frame(&mut self, body: BlockId) {
        self.frames.insert(body);
    }

    /// Undoes [`Self::add_frame`].
    pub fn remove_frame(&mut self, body: BlockId) {
        self.frames.remove(&body);
    }

    /// The block with this id, found in the function that the structure was read off.
    pub fn block_of<'f>(&self, function: &'f Function, id: BlockId) -> Option<&'f Block> {
        let mut found = None;
        function.body.for_each_stmt(&mut |stmt| {
            stmt.for_each_block(&mut |block| {
                if self.id(block) == id {
                    found = Some(block);
                }
            });
        });
        found
    }

    /// The innermost frame around (and including) a block; the outermost block where there is none.
    pub fn frame(&self, block: BlockId) -> BlockId {
        self.ancestors(block)
            .find(|block| self.frames.contains(block))
            .unwrap_or(Self::TOP)
    }

    /// The loops over whose iterations a value is kept: those around its definition inside of its frame. What a frame
    /// itself carries from iteration to iteration is kept outside of it.
    pub fn tape_loops(&self, value: ValueId) -> Vec<BlockId> {
        let Some((home, definition)) = self.values.get(&value) else {
            return Vec::new();
        };
        let frame = self.frame(*home);
        if frame == *home && matches!(definition, Definition::Carried) {
            return self.loops(*home);
        }
        let inside = |body: &BlockId| *body != frame && self.is_inside(*body, frame);
        self.loops(*home).into_iter().filter(inside).collect()
    }

    /// Whether `inner` is `outer` or inside it.
    pub fn is_inside(&self, inner: BlockId, outer: BlockId) -> bool {
        self.ancestors(inner).any(|block| block == outer)
    }

    fn block(
        &mut self,
        block: &Block,
        parent: Option<BlockId>,
        kind: BlockKind,
        top_position: usize,
        position: &mut usize,
    ) -> BlockId {
        let id = self.blocks.push(BlockInfo {
            parent,
            kind,
            top_position,
            span: (*position, *position),
        });
        self.ids.insert(std::ptr::from_ref(block), id);
        for (k, stmt) in block.stmts.iter().enumerate() {
            *position += 1;
            let top = if id == Self::TOP { k } else { top_position };
            self.stmt(stmt, id, top, position);
        }
        *position += 1;
        self.blocks[id].span.1 = *position;
        id
    }

    fn stmt(&mut self, stmt: &Stmt, block: BlockId, top: usize, position: &mut usize) {
        match stmt {
            Stmt::Let { value, op } => self.define(*value, block, Definition::Op(op.clone())),
            Stmt::Load { value, place } => {
                self.define(*value, block, Definition::Load(place.clone(), *position))
            }
            Stmt::TapeGet { value, .. } => self.define(*value, block, Definition::Result),
            Stmt::Store { place, value } => {
                if let Some(value) = value.value()
                    && self.home(value) == Some(block)
                {
                    self.stored.insert(value, (place.clone(), *position));
                }
                self.write(place.clone(), block, *position);
            }
            Stmt::Accumulate { place, .. } | Stmt::Clear { place } => {
                self.write(place.clone(), block, *position);
            }
            Stmt::Copy { to, .. } | Stmt::AccumulateAll { to, .. } => {
                self.write(to.clone(), block, *position)
            }
            Stmt::Move { to, from } => {
                self.write(whole(*to), block, *position);
                self.record(whole(*from), block, *position).moved = true;
            }
            Stmt::Push { to, .. } => {
                let write = self.record(to.clone(), block, *position);
                (write.grows, write.resizes) = (true, true);
            }
            Stmt::Resize { place, .. } => {
                self.record(place.clone(), block, *position).resizes = true;
            }
            Stmt::Alloc { memory, .. } => {
                self.memories.insert(*memory, block);
            }
            Stmt::If(branch) => {
                for part in [&branch.then, &branch.otherwise] {
                    self.block(part, Some(block), BlockKind::Branch, top, position);
                }
                for result in &branch.results {
                    self.define(*result, block, Definition::Result);
                }
            }
            Stmt::For(stmt) => {
                let kind = BlockKind::For {
                    index: stmt.index,
                    range: stmt.range.clone(),
                    stops: stmt.stop.is_some(),
                };
                let body = self.block(&stmt.body, Some(block), kind, top, position);
                self.define(stmt.index, body, Definition::Index);
                self.carried(&stmt.carried, &stmt.body, body, block);
            }
            Stmt::While(stmt) => {
                self.block(
                    &stmt.condition,
                    Some(block),
                    BlockKind::Condition,
                    top,
                    position,
                );
                let body = self.block(&stmt.body, Some(block), BlockKind::While, top, position);
                self.carried(&stmt.carried, &stmt.body, body, block);
            }
            Stmt::Call(call) => {
                self.calls
                    .insert(std::ptr::from_ref(&**call), (block, *position));
                call.visit_defined(&mut |value| self.define(*value, block, Definition::Result));
                call.visit_memories(&mut |memory| _ = self.memories.insert(*memory, block));
                call.visit_places(&mut |place, access| {
                    if access.writes() {
                        self.write(place.clone(), block, *position);
                    }
                });
            }
            Stmt::Keep { .. }
            | Stmt::Recall { .. }
            | Stmt::Effect(_)
            | Stmt::Check { .. }
            | Stmt::CheckShape { .. }
            | Stmt::TapeAlloc(_)
            | Stmt::TapePut { .. }
            | Stmt::Turn => {}
        }
    }

    fn carried(&mut self, carried: &[Carried], stmts: &Block, body: BlockId, block: BlockId) {
        for (variable, next) in carried.iter().zip(&stmts.yields) {
            self.carried
                .insert(variable.parameter, (variable.initial.clone(), next.clone()));
            self.define(variable.parameter, body, Definition::Carried);
            self.define(variable.result, block, Definition::Result);
        }
    }

    fn define(&mut self, value: ValueId, block: BlockId, definition: Definition) {
        self.values.insert(value, (block, definition));
    }

    fn write(&mut self, place: Place, block: BlockId, position: usize) {
        self.record(place, block, position);
    }

    fn record(&mut self, place: Place, block: BlockId, position: usize) -> &mut Write {
        let writes = self.writes.entry(place.memory).or_default();
        writes.push(Write {
            block,
            position,
            place,
            moved: false,
            grows: false,
            resizes: false,
        });
        writes.last_mut().expect("one has just been put there")
    }

    /// Whether `operand` means the same wherever it is read inside `block`, that is, whether it is defined outside.
    pub fn is_invariant(&self, operand: &Operand, block: BlockId) -> bool {
        match operand {
            Operand::Value(value) => self
                .home(*value)
                .is_some_and(|home| !self.is_inside(home, block)),
            Operand::Literal(_) | Operand::Constant(..) => true,
        }
    }
}

fn whole(memory: MemoryId) -> Place {
    Place {
        memory,
        path: Vec::new(),
    }
}
