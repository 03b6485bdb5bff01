//! Indices as sums: variables, each times one or times an invariant factor, plus a constant.

use std::collections::BTreeMap;

use crate::ir::{BinaryOp, Op, Operand, ValueId};

use super::structure::{BlockId, BlockKind, Definition, Structure};

/// `Σ factor · value + constant`. Integer arithmetic that overflows panics or, wrapping, indexes out of bounds, so sums
/// may be compared as they stand.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Linear {
    /// The factor of each value; `None` is one.
    pub terms: BTreeMap<ValueId, Option<Operand>>,
    /// What is added.
    pub constant: i64,
}

impl Linear {
    fn of(value: ValueId) -> Self {
        Self {
            terms: BTreeMap::from([(value, None)]),
            constant: 0,
        }
    }

    /// The sum of both, unless they share a term.
    pub fn plus(mut self, other: Self) -> Option<Self> {
        for (value, factor) in other.terms {
            if self.terms.insert(value, factor).is_some() {
                return None;
            }
        }
        self.constant = self.constant.checked_add(other.constant)?;
        Some(self)
    }

    /// The sum without the term of one value, and that term's factor.
    pub fn without(&self, value: ValueId) -> Option<(Self, Option<Operand>)> {
        let mut rest = self.clone();
        let factor = rest.terms.remove(&value)?;
        Some((rest, factor))
    }
}

impl Structure {
    /// An index as a sum.
    pub fn linear(&self, operand: &Operand) -> Option<Linear> {
        match operand {
            Operand::Literal(literal) => Some(Linear {
                constant: literal.text.parse().ok()?,
                ..Linear::default()
            }),
            Operand::Constant(..) => None,
            Operand::Value(value) => Some(self.linear_value(*value)),
        }
    }

    fn linear_value(&self, value: ValueId) -> Linear {
        self.expanded(value).unwrap_or_else(|| Linear::of(value))
    }

    fn expanded(&self, value: ValueId) -> Option<Linear> {
        let Some(Definition::Op(op)) = self.definition(value) else {
            return None;
        };
        match op {
            Op::Copy(a) => self.linear(a),
            Op::Binary(BinaryOp::Add, a, b) => self.linear(a)?.plus(self.linear(b)?),
            Op::Binary(BinaryOp::Sub, a, b) => {
                let (mut a, b) = (self.linear(a)?, self.linear(b)?);
                a.constant = a.constant.checked_sub(b.constant)?;
                b.terms.is_empty().then_some(a)
            }
            Op::Binary(BinaryOp::Mul, a, b) => self.scaled(a, b).or_else(|| self.scaled(b, a)),
            _ => None,
        }
    }

    /// A loop index times something that does not change in its loop.
    fn scaled(&self, index: &Operand, factor: &Operand) -> Option<Linear> {
        let index = index.value()?;
        let is_index = matches!(self.definition(index), Some(Definition::Index));
        let body = self.home(index)?;
        let fits = is_index && self.is_invariant(factor, body);
        fits.then(|| Linear {
            terms: BTreeMap::from([(index, Some(factor.clone()))]),
            constant: 0,
        })
    }

    /// Whether the sum does not change over the iterations of the loop with this body.
    pub fn is_fixed(&self, sum: &Linear, body: BlockId) -> bool {
        sum.terms
            .keys()
            .all(|value| self.is_invariant(&Operand::Value(*value), body))
    }

    /// Whether the sum is one of `0..limit`, given that there are any: a literal zero, or the index of a loop over such a
    /// range.
    pub fn is_below(&self, sum: &Linear, limit: &Operand) -> bool {
        let mut terms = sum.terms.iter();
        match (terms.next(), terms.next(), sum.constant) {
            (None, None, 0) => true,
            (Some((value, None)), None, 0) => {
                let Some(BlockKind::For { index, range, .. }) =
                    self.home(*value).map(|home| &self.info(home).kind)
                else {
                    return false;
                };
                index == value
                    && !range.inclusive
                    && range.high == *limit
                    && starts_at_zero(&range.low)
            }
            _ => false,
        }
    }
}

fn starts_at_zero(low: &Operand) -> bool {
    matches!(low, Operand::Literal(literal) if literal.text.parse::<u64>().is_ok())
}
