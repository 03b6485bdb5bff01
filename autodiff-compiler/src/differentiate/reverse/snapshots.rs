//! What memory holds at the beginning of each segment of a checkpointed loop, kept so that the segment can be run again.
//!
//! (Checkpoints in general: Griewank and Walther, "Algorithm 799: revolve", 2000. With one level of them, segments of
//! the square root of the number of iterations take the least memory.)

use crate::analysis::{BlockId, Structure};
use crate::ir::{
    Block, For, Function, Length, MemoryId, Op, Operand, Place, Projection, Range, ScalarType,
    Stmt, TapeId, TapeInfo, TapeLayout, Type, ValueInfo, usize_literal,
};

use super::super::forward::whole;
use super::materialise::{Recovered, iteration_numbers, renamed};
use super::trip_counts::layout;

/// Where the content of a memory is kept.
#[derive(Clone, Debug)]
pub struct Snapshot {
    /// The memory.
    pub memory: MemoryId,
    /// A tape for each scalar of an element, in order.
    tapes: Vec<TapeId>,
    /// How long the memory is, if its type does not say so.
    length: Option<Operand>,
}

/// Whether the content of a memory can be kept and put back.
pub fn is_restorable(primal: &Function, structure: &Structure, memory: MemoryId) -> bool {
    let keeps_length = match primal.memories[memory].ty {
        Type::Vec(_) => structure.keeps_length(primal, memory),
        _ => true,
    };
    keeps_length
        && primal.memories[memory].ty.is_list_of_fixed()
        && structure.memory_home(memory) == Some(Structure::TOP)
}

impl Snapshot {
    /// Tapes for the content of a memory at the beginning of each iteration of the loop with this body, with the
    /// statements that make them ahead of the loop.
    pub fn new(
        memory: MemoryId,
        body: BlockId,
        structure: &Structure,
        function: &mut Function,
    ) -> (Vec<Stmt>, Self) {
        let (mut stmts, first) = match layout(function, structure, &[body]) {
            Some((stmts, TapeLayout::Buffer(trips))) => (stmts, trips),
            _ => unreachable!("segments are counted by `usize`"),
        };
        let info = function.memories[memory].clone();
        let length = matches!(info.ty, Type::Slice(_) | Type::Vec(_)).then(|| {
            let value = function.values.push(ValueInfo {
                name: "length".to_owned(),
                ty: ScalarType::USIZE,
                lanes: false,
            });
            let op = Op::Len(whole(memory));
            stmts.push(Stmt::Let { value, op });
            Operand::Value(value)
        });
        let mut scalars = Vec::new();
        leaves(&info.ty, length.as_ref(), &mut first.clone(), &mut scalars);
        let tapes = scalars
            .into_iter()
            .map(|(ty, trips)| {
                let tape = function.tapes.push(TapeInfo {
                    name: format!("{}_before", info.name),
                    ty,
                    lanes: false,
                    layout: TapeLayout::Buffer(trips),
                });
                stmts.push(Stmt::TapeAlloc(tape));
                tape
            })
            .collect();
        let snapshot = Self {
            memory,
            tapes,
            length,
        };
        (stmts, snapshot)
    }

    /// Statements that keep the content, at the beginning of an iteration of the loop with this body.
    pub fn keep(&self, body: BlockId, structure: &Structure, function: &mut Function) -> Vec<Stmt> {
        let (mut stmts, index) = iteration_numbers(function, structure, &[body]);
        let ty = function.memories[self.memory].ty.clone();
        let mut walk = self.walk(function, Way::Keeps);
        stmts.extend(walk.place(whole(self.memory), &ty, self.length.as_ref(), index));
        stmts
    }

    /// Statements that put the content into a replica of the memory, in the mirror of such an iteration.
    pub fn put_back(
        &self,
        body: BlockId,
        structure: &Structure,
        function: &mut Function,
        replica: MemoryId,
        recovered: &Recovered,
    ) -> Vec<Stmt> {
        let (mut stmts, index) = iteration_numbers(function, structure, &[body]);
        for stmt in &mut stmts {
            stmt.map_operands(|operand| renamed(operand, recovered));
        }
        let index = index
            .iter()
            .map(|operand| renamed(operand, recovered))
            .collect();
        let ty = function.memories[self.memory].ty.clone();
        let mut walk = self.walk(function, Way::PutsBack);
        stmts.extend(walk.place(whole(replica), &ty, self.length.as_ref(), index));
        stmts
    }

    fn walk<'a>(&'a self, function: &'a mut Function, way: Way) -> Walk<'a> {
        Walk {
            function,
            tapes: self.tapes.iter(),
            way,
        }
    }
}

#[derive(Clone, Copy)]
enum Way {
    Keeps,
    PutsBack,
}

/// Goes through all scalars of a memory.
struct Walk<'a> {
    function: &'a mut Function,
    tapes: std::slice::Iter<'a, TapeId>,
    way: Way,
}

impl Walk<'_> {
    /// The statements for the scalars of a place, which is found on its tapes by `index`.
    fn place(
        &mut self,
        place: Place,
        ty: &Type,
        length: Option<&Operand>,
        index: Vec<Operand>,
    ) -> Vec<Stmt> {
        match ty {
            Type::Scalar(scalar) => {
                let tape = *self.tapes.next().expect("a tape for each scalar");
                let before = self.function.values.push(ValueInfo {
                    name: "before".to_owned(),
                    ty: scalar.clone(),
                    lanes: false,
                });
                let value = Operand::Value(before);
                match self.way {
                    Way::Keeps => vec![
                        Stmt::Load {
                            value: before,
                            place,
                        },
                        Stmt::TapePut { tape, index, value },
                    ],
                    Way::PutsBack => vec![
                        Stmt::TapeGet {
                            value: before,
                            tape,
                            index,
                        },
                        Stmt::Store { place, value },
                    ],
                }
            }
            Type::Tuple(parts) => {
                let mut stmts = Vec::new();
                for (k, part) in parts.iter().enumerate() {
                    let mut field = place.clone();
                    field.path.push(Projection::Field(k));
                    stmts.extend(self.place(field, part, None, index.clone()));
                }
                stmts
            }
            Type::Struct(_) => unreachable!("structs are not restored"),
            Type::Array(element, _) | Type::Slice(element) | Type::Vec(element) => {
                let high = count(ty, length);
                let turn = self.function.values.push(ValueInfo {
                    name: "k".to_owned(),
                    ty: ScalarType::USIZE,
                    lanes: false,
                });
                let (mut inner, mut inner_index) = (place, index);
                inner.path.push(Projection::Index(Operand::Value(turn)));
                inner_index.push(Operand::Value(turn));
                let stmts = self.place(inner, element, None, inner_index);
                vec![Stmt::For(For {
                    index: turn,
                    range: Range {
                        low: usize_literal(0),
                        high,
                        inclusive: false,
                        reversed: false,
                    },
                    carried: Vec::new(),
                    body: Block {
                        stmts,
                        yields: Vec::new(),
                    },
                    stop: None,
                })]
            }
        }
    }
}

/// The scalars of a type, each with the lengths of the dimensions around it.
fn leaves(
    ty: &Type,
    length: Option<&Operand>,
    trips: &mut Vec<Operand>,
    found: &mut Vec<(ScalarType, Vec<Operand>)>,
) {
    match ty {
        Type::Scalar(scalar) => found.push((scalar.clone(), trips.clone())),
        Type::Tuple(parts) => {
            for part in parts {
                leaves(part, None, trips, found);
            }
        }
        Type::Struct(_) => unreachable!("structs are not restored"),
        Type::Array(element, _) | Type::Slice(element) | Type::Vec(element) => {
            trips.push(count(ty, length));
            leaves(element, None, trips, found);
            trips.pop();
        }
    }
}

/// How many elements a place has.
fn count(ty: &Type, length: Option<&Operand>) -> Operand {
    match ty {
        Type::Array(_, Length::Literal(n)) => usize_literal(*n),
        Type::Array(_, Length::Constant(code)) => {
            Operand::Constant(code.clone(), ScalarType::USIZE)
        }
        _ => length.expect("the length was noted").clone(),
    }
}
