//! The operations on scalars.

use std::fmt::{self, Display, Formatter};

use super::{Operand, Place, Prim, ScalarType, Template};

/// An operation on scalars.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub enum Op {
    /// A differentiable primitive on floats (`Powi` and its kin take integers too).
    Prim(Prim, Vec<Operand>),
    /// An operator on integers, `bool`s or `char`s: arithmetic, bits, shifts, `&&`, `||` without side effects.
    Binary(BinaryOp, Operand, Operand),
    /// `!a`
    Not(Operand),
    /// `-a` of an integer.
    Negate(Operand),
    /// A comparison, of floats too.
    Compare(Comparison, Operand, Operand),
    /// `if c { a } else { b }` of values that are at hand.
    Select(Operand, Operand, Operand),
    /// `a as T`
    Cast(Operand, ScalarType),
    /// An inactive method of std on a scalar that has no effect: `x.is_nan()`, `k.pow(2)`, `n.min(m)`, `x.to_bits()`.
    Method(String, Vec<Operand>),
    /// An associated function or constant expression of std without effect, such as `usize::from(b)`.
    Pure(Template),
    /// An inactive call, or other code of the user's: runs once, where it stands.
    Opaque(Template),
    /// `place.len()`
    Len(Place),
    /// The operand itself.
    Copy(Operand),
}

/// An operator on integers and `bool`s.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
#[expect(missing_docs, reason = "the names are those of Rust's operators")]
pub enum BinaryOp {
    Add,
    Sub,
    Mul,
    Div,
    Rem,
    BitAnd,
    BitOr,
    BitXor,
    Shl,
    Shr,
    And,
    Or,
}

/// A comparison operator.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
#[expect(missing_docs, reason = "the names are those of Rust's operators")]
pub enum Comparison {
    Equal,
    NotEqual,
    Less,
    LessEqual,
    Greater,
    GreaterEqual,
}

impl Template {
    /// Whether the code may leave the function: it is a `return`, or has a `?` in it.
    pub fn may_leave(&self) -> bool {
        let text = self.code.text();
        text.starts_with("return") || text.contains('?')
    }
}

impl Display for BinaryOp {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Add => "+",
            Self::Sub => "-",
            Self::Mul => "*",
            Self::Div => "/",
            Self::Rem => "%",
            Self::BitAnd => "&",
            Self::BitOr => "|",
            Self::BitXor => "^",
            Self::Shl => "<<",
            Self::Shr => ">>",
            Self::And => "&&",
            Self::Or => "||",
        })
    }
}

impl Display for Comparison {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Equal => "==",
            Self::NotEqual => "!=",
            Self::Less => "<",
            Self::LessEqual => "<=",
            Self::Greater => ">",
            Self::GreaterEqual => ">=",
        })
    }
}
