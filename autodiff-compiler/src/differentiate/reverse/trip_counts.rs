//! How large a buffer must be that is indexed by the iterations of the loops around a block, computed ahead of them.

use crate::analysis::{BlockId, BlockKind, Definition, Structure};
use crate::ir::{BinaryOp, Comparison, Function, Literal, Op, Operand, Range, ScalarType, Stmt};

use super::super::forward::whole;
use super::materialise::unsigned;
use crate::ir::{Builder, usize_literal};

/// An upper bound of the trip count of each of the loops with these bodies, with the statements that compute them at the
/// top level. `None` where a count isn't known ahead of the loops.
pub fn trip_counts(
    function: &mut Function,
    structure: &Structure,
    bodies: &[BlockId],
) -> Option<(Vec<Stmt>, Vec<Operand>)> {
    let mut bounds = Bounds {
        builder: Builder::new(function),
        structure,
    };
    let mut trips = Vec::new();
    for body in bodies {
        match &structure.info(*body).kind {
            BlockKind::For {
                range,
                stops: false,
                ..
            } => trips.push(bounds.trip_count(range)?),
            _ => return None,
        }
    }
    Some((bounds.builder.stmts, trips))
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Side {
    Upper,
    Lower,
}

impl Side {
    fn other(self) -> Self {
        match self {
            Self::Upper => Self::Lower,
            Self::Lower => Self::Upper,
        }
    }
}

struct Bounds<'f, 's> {
    builder: Builder<'f>,
    structure: &'s Structure,
}

impl Bounds<'_, '_> {
    fn trip_count(&mut self, range: &Range) -> Option<Operand> {
        let low = self.bound(&range.low, Side::Lower)?;
        let high = self.bound(&range.high, Side::Upper)?;
        let ty = self.builder.function.operand_type(&high).clone();
        let ScalarType::Integer(name) = ty else {
            return None;
        };
        if let (Some(low), Some(high)) = (number(&low), number(&high)) {
            let trips = (high - low + i128::from(range.inclusive)).max(0);
            return Some(usize_literal(usize::try_from(trips).ok()?));
        }
        if name == "usize" {
            let high = if range.inclusive {
                self.saturating("add", high, one(name))
            } else {
                high
            };
            let trips = if low == zero(name) {
                high
            } else {
                self.saturating("sub", high, low)
            };
            return Some(self.as_usize(trips));
        }
        // The distance of two integers always fits the unsigned type, and then one more fits `usize`.
        let distance = ScalarType::Integer(unsigned(name));
        let op = Op::Method("abs_diff".to_owned(), vec![high.clone(), low.clone()]);
        let trips = self.builder.define("trips", distance.clone(), op);
        let trips = self.as_usize(trips);
        let (comparison, trips) = if range.inclusive {
            (
                Comparison::GreaterEqual,
                self.saturating("add", trips, usize_literal(1)),
            )
        } else {
            (Comparison::Greater, trips)
        };
        let runs = self.builder.compare(comparison, high, low);
        Some(self.builder.define(
            "trips",
            ScalarType::USIZE,
            Op::Select(runs, trips, usize_literal(0)),
        ))
    }

    fn as_usize(&mut self, operand: Operand) -> Operand {
        match self.builder.function.operand_type(&operand).clone() {
            ScalarType::USIZE => operand,
            _ => self.builder.define(
                "trips",
                ScalarType::USIZE,
                Op::Cast(operand, ScalarType::USIZE),
            ),
        }
    }

    /// A bound of an operand over all iterations of all loops. Overflow saturates: where the primal would panic, it
    /// still has to reach its own panic.
    fn bound(&mut self, operand: &Operand, side: Side) -> Option<Operand> {
        let Some(value) = operand.value() else {
            return Some(operand.clone());
        };
        if self.structure.home(value) == Some(Structure::TOP) {
            return Some(operand.clone());
        }
        let is_unsigned = matches!(self.builder.function.operand_type(operand).clone(), ScalarType::Integer(name) if name.starts_with('u'));
        match self.structure.definition(value)?.clone() {
            Definition::Index => {
                let BlockKind::For { range, .. } = self
                    .structure
                    .info(self.structure.home(value)?)
                    .kind
                    .clone()
                else {
                    return None;
                };
                match side {
                    Side::Lower => self.bound(&range.low, Side::Lower),
                    Side::Upper if is_unsigned && !range.inclusive => {
                        let high = self.bound(&range.high, Side::Upper)?;
                        let ty = self.builder.function.operand_type(&high).clone();
                        let ScalarType::Integer(name) = ty else {
                            return None;
                        };
                        Some(self.saturating("sub", high, one(name)))
                    }
                    Side::Upper => self.bound(&range.high, Side::Upper),
                }
            }
            Definition::Op(Op::Binary(BinaryOp::Add, a, b)) => {
                let (a, b) = (self.bound(&a, side)?, self.bound(&b, side)?);
                Some(self.saturating("add", a, b))
            }
            Definition::Op(Op::Binary(BinaryOp::Sub, a, b)) => {
                let (a, b) = (self.bound(&a, side)?, self.bound(&b, side.other())?);
                Some(self.saturating("sub", a, b))
            }
            Definition::Op(Op::Binary(BinaryOp::Mul, a, b)) if is_unsigned => {
                let (a, b) = (self.bound(&a, side)?, self.bound(&b, side)?);
                Some(self.saturating("mul", a, b))
            }
            Definition::Op(Op::Method(name, operands))
                if matches!(name.as_str(), "min" | "max") =>
            {
                let operands: Option<Vec<Operand>> = operands
                    .iter()
                    .map(|operand| self.bound(operand, side))
                    .collect();
                let ty = self.builder.function.values[value].ty.clone();
                Some(
                    self.builder
                        .define("bound", ty, Op::Method(name, operands?)),
                )
            }
            Definition::Op(Op::Len(place)) if place.path.is_empty() => {
                if !self
                    .structure
                    .keeps_length(self.builder.function, place.memory)
                {
                    return None;
                }
                Some(
                    self.builder
                        .define("length", ScalarType::USIZE, Op::Len(whole(place.memory))),
                )
            }
            Definition::Op(Op::Copy(a)) => self.bound(&a, side),
            _ => None,
        }
    }

    fn saturating(&mut self, operation: &str, a: Operand, b: Operand) -> Operand {
        let ty = self.builder.function.operand_type(&a).clone();
        self.builder.define(
            "bound",
            ty,
            Op::Method(format!("saturating_{operation}"), vec![a, b]),
        )
    }
}

/// The number that a literal spells.
fn number(operand: &Operand) -> Option<i128> {
    match operand {
        Operand::Literal(literal) => literal.text.replace('_', "").parse().ok(),
        _ => None,
    }
}

fn zero(name: &'static str) -> Operand {
    Operand::Literal(Literal {
        text: "0".to_owned(),
        ty: ScalarType::Integer(name),
    })
}

fn one(name: &'static str) -> Operand {
    Operand::Literal(Literal {
        text: "1".to_owned(),
        ty: ScalarType::Integer(name),
    })
}
