//! Loops of the forward sweep that are left with nothing but bounds checks: one comparison says that all of them pass,
//! and only where it does not, the loop runs as written, up to its first panic.

use rustc_hash::FxHashMap as HashMap;

use crate::ir::Builder;
use crate::ir::{
    BinaryOp, Block, Comparison, For, Function, If, Length, Literal, Op, Operand, Place,
    Projection, ScalarType, Stmt, Type, ValueId,
};

/// Puts such comparisons ahead of the loops of `function`.
pub fn hoist(function: &mut Function) {
    let mut body = std::mem::take(&mut function.body);
    let turn = body
        .stmts
        .iter()
        .position(|stmt| matches!(stmt, Stmt::Turn))
        .unwrap_or(body.stmts.len());
    let reverse = body.stmts.split_off(turn);
    hoist_block(&mut body, function);
    body.stmts.extend(reverse);
    function.body = body;
}

fn hoist_block(block: &mut Block, function: &mut Function) {
    let mut stmts = Vec::new();
    for mut stmt in std::mem::take(&mut block.stmts) {
        let guard = match &stmt {
            Stmt::For(body) if body.carried.is_empty() => violation(body, function),
            _ => None,
        };
        let Some((ahead, violated)) = guard else {
            stmt.for_each_block_mut(&mut |inner| hoist_block(inner, function));
            stmts.push(stmt);
            continue;
        };
        stmts.extend(ahead);
        stmts.push(Stmt::If(If {
            condition: violated,
            then: Block {
                stmts: vec![stmt],
                yields: Vec::new(),
            },
            otherwise: Block::default(),
            results: Vec::new(),
        }));
    }
    block.stmts = stmts;
}

/// Statements that compute whether some check in the loop could fail; `None` where that takes the loop itself.
fn violation(counted: &For, function: &mut Function) -> Option<(Vec<Stmt>, Operand)> {
    let mut corner = Corner {
        builder: Builder::new(function),
        bounds: HashMap::default(),
        violated: Vec::new(),
    };
    corner.counted(counted)?;
    let mut violated = std::mem::take(&mut corner.violated).into_iter();
    let mut any = violated.next()?;
    for other in violated {
        any = corner.builder.define(
            "unsafe_bounds",
            ScalarType::Bool,
            Op::Binary(BinaryOp::Or, any, other),
        );
    }
    Some((corner.builder.stmts, any))
}

/// The least and the greatest that a value of the loop can be; both operands that are known ahead of it.
#[derive(Clone)]
struct Bounds {
    low: Operand,
    /// One more than the greatest.
    end: Operand,
}

/// Evaluates a nest of loops at the corner of its iteration space where every index is greatest. Sums and products of
/// unsigned numbers are greatest there; where one overflows, it saturates, and the comparison sends us into the loop.
struct Corner<'f> {
    builder: Builder<'f>,
    bounds: HashMap<ValueId, Bounds>,
    violated: Vec<Operand>,
}

impl Corner<'_> {
    fn counted(&mut self, counted: &For) -> Option<()> {
        if !counted.carried.is_empty()
            || self.builder.function.values[counted.index].ty != ScalarType::USIZE
        {
            return None;
        }
        let low = self.bounds_of(&counted.range.low)?.low;
        let high = self.bounds_of(&counted.range.high)?;
        let end = if counted.range.inclusive {
            high.end
        } else {
            self.greatest_of(&high)
        };
        self.bounds.insert(counted.index, Bounds { low, end });
        counted
            .body
            .stmts
            .iter()
            .try_for_each(|stmt| self.stmt(stmt))
    }

    fn stmt(&mut self, stmt: &Stmt) -> Option<()> {
        match stmt {
            Stmt::For(inner) => self.counted(inner),
            Stmt::Check { place } => self.check(place),
            Stmt::Let { value, op } => {
                let bounds = self.op(op)?;
                self.bounds.insert(*value, bounds);
                Some(())
            }
            _ => None,
        }
    }

    fn op(&mut self, op: &Op) -> Option<Bounds> {
        match op {
            Op::Binary(BinaryOp::Add, a, b) => {
                let (a, b) = (self.bounds_of(a)?, self.bounds_of(b)?);
                let last = self.greatest_of(&b);
                Some(Bounds {
                    low: self.saturating("add", a.low, b.low),
                    end: self.saturating("add", a.end, last),
                })
            }
            Op::Binary(BinaryOp::Mul, a, b) => {
                let (a, b) = (self.bounds_of(a)?, self.bounds_of(b)?);
                let (last_a, last_b) = (self.greatest_of(&a), self.greatest_of(&b));
                let last = self.saturating("mul", last_a, last_b);
                Some(Bounds {
                    low: literal(0),
                    end: self.saturating("add", last, literal(1)),
                })
            }
            Op::Len(place) if place.path.is_empty() => {
                let length =
                    self.builder
                        .define("length", ScalarType::USIZE, Op::Len(place.clone()));
                Some(self.fixed(length))
            }
            _ => None,
        }
    }

    fn check(&mut self, place: &Place) -> Option<()> {
        let mut ty = self.builder.function.memories[place.memory].ty.clone();
        for (k, step) in place.path.iter().enumerate() {
            match step {
                // The least length of a section takes more than the greatest of its bounds.
                Projection::Section(_) => return None,
                Projection::Field(field) => {
                    ty = ty.parts()?.get(*field)?.clone();
                }
                Projection::Index(index) => {
                    let length = match &ty {
                        Type::Array(_, Length::Literal(n)) => literal(*n),
                        Type::Array(_, Length::Constant(code)) => {
                            Operand::Constant(code.clone(), ScalarType::USIZE)
                        }
                        // The rows of a slice of slices differ in length.
                        _ if place.path[..k]
                            .iter()
                            .any(|step| matches!(step, Projection::Index(_))) =>
                        {
                            return None;
                        }
                        _ => {
                            let above = Place {
                                memory: place.memory,
                                path: place.path[..k].to_vec(),
                            };
                            self.builder
                                .define("length", ScalarType::USIZE, Op::Len(above))
                        }
                    };
                    let end = self.bounds_of(index)?.end;
                    let violated = self.builder.compare(Comparison::Greater, end, length);
                    self.violated.push(violated);
                    ty = ty.element()?.clone();
                }
            }
        }
        Some(())
    }

    fn bounds_of(&mut self, operand: &Operand) -> Option<Bounds> {
        if let Some(bounds) = operand.value().and_then(|value| self.bounds.get(&value)) {
            return Some(bounds.clone());
        }
        if *self.builder.function.operand_type(operand) != ScalarType::USIZE {
            return None;
        }
        Some(self.fixed(operand.clone()))
    }

    /// The bounds of what does not change in the loop.
    fn fixed(&mut self, operand: Operand) -> Bounds {
        Bounds {
            end: self.saturating("add", operand.clone(), literal(1)),
            low: operand,
        }
    }

    fn greatest_of(&mut self, bounds: &Bounds) -> Operand {
        self.saturating("sub", bounds.end.clone(), literal(1))
    }

    /// `a ± b` without overflow, where one undoes what the other did.
    fn saturating(&mut self, operation: &str, a: Operand, b: Operand) -> Operand {
        if let (Some(a), Some(b)) = (number(&a), number(&b)) {
            return literal(match operation {
                "add" => a.saturating_add(b),
                "sub" => a.saturating_sub(b),
                _ => a.saturating_mul(b),
            });
        }
        if operation == "sub"
            && let Some(Stmt::Let {
                op: Op::Method(name, operands),
                ..
            }) = self.builder.stmts.iter().find(|stmt| {
                stmt.defined_values()
                    .iter()
                    .any(|v| Operand::Value(*v) == a)
            })
            && name == "saturating_add"
            && operands[1] == b
        {
            return operands[0].clone();
        }
        self.builder.define(
            "bound",
            ScalarType::USIZE,
            Op::Method(format!("saturating_{operation}"), vec![a, b]),
        )
    }
}

fn number(operand: &Operand) -> Option<usize> {
    match operand {
        Operand::Literal(literal) => literal.text.parse().ok(),
        _ => None,
    }
}

fn literal(n: usize) -> Operand {
    Operand::Literal(Literal {
        text: n.to_string(),
        ty: ScalarType::USIZE,
    })
}
