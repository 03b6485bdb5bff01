//! How a tape is laid out that is indexed by the iterations of the loops around a block.
//!
//! What a tape takes must follow the iterations that happen, whatever trip counts are announced: the primal may panic
//! long before. The outermost trip count is therefore a hint of how much room to make and nothing else, and an inner one
//! tells the length of a row only where each row is filled before the next one begins.

use crate::analysis::{BlockId, BlockKind, Definition, Structure};
use crate::ir::{
    BinaryOp, Comparison, Function, Literal, Op, Operand, Range, ScalarType, Stmt, TapeLayout,
    ValueId,
};

use super::super::forward::whole;
use super::materialise::unsigned;
use crate::ir::{Builder, usize_literal};

/// How a tape over the iterations of the loops with these bodies is laid out, with the statements that compute what it
/// takes at the top level. `None` where the iterations have no numbers.
pub fn layout(
    function: &mut Function,
    structure: &Structure,
    bodies: &[BlockId],
) -> Option<(Vec<Stmt>, TapeLayout)> {
    let ranges: Vec<&Range> = bodies
        .iter()
        .map(|body| match &structure.info(*body).kind {
            BlockKind::For {
                index,
                range,
                stops: false,
            } if matches!(function.values[*index].ty, ScalarType::Integer(_)) => Some(range),
            _ => None,
        })
        .collect::<Option<_>>()?;
    let bounds = trip_counts(function, structure, &ranges, Precision::Bound);
    if let Some((stmts, trips)) = &bounds {
        let layout = TapeLayout::Buffer(trips.clone());
        if layout.array_length().is_some() {
            return Some((stmts.clone(), layout));
        }
    }
    // Where an inner loop runs equally often in each iteration of the one around it, rows have the same length.
    let nested = bodies
        .windows(2)
        .all(|pair| structure.info(pair[1]).parent == Some(pair[0]));
    let (Some(outermost), true) = (ranges.first(), nested) else {
        return Some((Vec::new(), TapeLayout::Rows(bodies.len())));
    };
    let first = trip_counts(function, structure, &[outermost], Precision::Bound);
    let others = trip_counts(function, structure, &ranges[1..], Precision::Exact);
    Some(match (first, others) {
        (Some((mut stmts, mut trips)), Some((computed, others))) => {
            stmts.extend(computed);
            trips.extend(others);
            (stmts, TapeLayout::Buffer(trips))
        }
        _ => (Vec::new(), TapeLayout::Rows(bodies.len())),
    })
}

/// The trip count of each of these ranges, with the statements that compute them at the top level.
fn trip_counts(
    function: &mut Function,
    structure: &Structure,
    ranges: &[&Range],
    precision: Precision,
) -> Option<(Vec<Stmt>, Vec<Operand>)> {
    let mut bounds = Bounds {
        builder: Builder::new(function),
        structure,
        precision,
    };
    let trips = ranges
        .iter()
        .map(|range| bounds.trip_count(range))
        .collect::<Option<_>>()?;
    Some((bounds.builder.stmts, trips))
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Precision {
    /// An upper bound over all iterations of all loops.
    Bound,
    /// The same in all iterations, and exactly that.
    Exact,
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
    precision: Precision,
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
            let trips = high.checked_sub(low)?.checked_add(range.inclusive.into())?;
            return Some(usize_literal(usize::try_from(trips.max(0)).ok()?));
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
        if self.precision == Precision::Exact {
            return self.exactly(value);
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

    /// A value that is the same in all iterations, computed ahead of them. Overflow wraps: in a build without overflow
    /// checks that is what the primal does, and in one with them the primal gets no further.
    fn exactly(&mut self, value: ValueId) -> Option<Operand> {
        let op = match self.structure.definition(value)?.clone() {
            Definition::Op(op) => op,
            _ => return None,
        };
        let op = match op {
            Op::Len(place) if place.path.is_empty() => {
                let function = &self.builder.function;
                self.structure
                    .keeps_length(function, place.memory)
                    .then_some(Op::Len(place))?
            }
            Op::Copy(a) => return self.bound(&a, Side::Upper),
            Op::Cast(a, to) if matches!(to, ScalarType::Integer(_)) => {
                Op::Cast(self.bound(&a, Side::Upper)?, to)
            }
            Op::Method(name, operands)
                if matches!(name.as_str(), "min" | "max")
                    || name.starts_with("saturating_")
                    || name.starts_with("wrapping_") =>
            {
                Op::Method(name, self.each_exactly(&operands)?)
            }
            Op::Binary(op @ (BinaryOp::Div | BinaryOp::Rem), a, b)
                if number(&b).is_some_and(|divisor| divisor > 0) =>
            {
                Op::Binary(op, self.bound(&a, Side::Upper)?, b)
            }
            Op::Binary(op, a, b) => {
                let name = match op {
                    BinaryOp::Add => "wrapping_add",
                    BinaryOp::Sub => "wrapping_sub",
                    BinaryOp::Mul => "wrapping_mul",
                    _ => return None,
                };
                Op::Method(name.to_owned(), self.each_exactly(&[a, b])?)
            }
            _ => return None,
        };
        let ty = self.builder.function.values[value].ty.clone();
        Some(self.builder.define("bound", ty, op))
    }

    fn each_exactly(&mut self, operands: &[Operand]) -> Option<Vec<Operand>> {
        operands
            .iter()
            .map(|operand| self.bound(operand, Side::Upper))
            .collect()
    }

    fn saturating(&mut self, operation: &str, a: Operand, b: Operand) -> Operand {
        let ty = self.builder.function.operand_type(&a).clone();
        if let (true, Some(a), Some(b)) = (ty == ScalarType::USIZE, literal(&a), literal(&b)) {
            return usize_literal(match operation {
                "add" => a.saturating_add(b),
                "sub" => a.saturating_sub(b),
                _ => a.saturating_mul(b),
            });
        }
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

fn literal(operand: &Operand) -> Option<usize> {
    number(operand).and_then(|number| number.try_into().ok())
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
