//! The typed tree between Rust's syntax and the intermediate representation.
//!
//! What is already done here: every variable is a [`LocalId`] of its own, references are replaced by the places that
//! they point to, patterns and `match` are taken apart into `if`s and `let`s, and every expression has a type. What is
//! still there: nested expressions, assignments, and exits (`break`, `continue`, `return`) anywhere, which
//! [`exits`] turns into branches and flags.

pub(crate) mod build;
pub(crate) mod exits;
pub(crate) mod types;
pub(crate) mod visit;

use syn::Ident;

use crate::diagnostics::Extent;
use crate::ir::{BinaryOp, Code, Comparison, IdVec, Passed, TypedId};
use types::Ty;

macro_rules! id {
    ($($(#[$doc:meta])* $name:ident;)*) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, PartialOrd, Ord)]
        pub(crate) struct $name(u32);

        impl TypedId for $name {
            fn new(index: usize) -> Self {
                Self(u32::try_from(index).expect("fewer than 2^32 of a kind in one function"))
            }
            fn index(self) -> usize {
                self.0 as usize
            }
        }
    )*};
}

id! {
    /// A variable.
    LocalId;
    /// A loop or a labelled block: what `break` and `continue` name.
    LoopId;
}

/// A function body.
#[derive(Debug)]
pub(crate) struct Body {
    /// All variables, those that desugaring brought in included.
    pub(crate) locals: IdVec<LocalId, Local>,
    /// The variables that stand for the parameters.
    pub(crate) parameters: Vec<LocalId>,
    /// The statements; its tail is what the function returns.
    pub(crate) block: Block,
    /// The type of the result.
    pub(crate) result: Ty,
    /// What the type variables stand for.
    pub(crate) types: types::Types,
    /// Which of the calls by path are differentiated, if a derivative passes through them.
    pub(crate) differentiated: Vec<bool>,
    /// The names in refutable patterns that are taken for new variables. Only rustc knows whether they are constants.
    pub(crate) bindings: Vec<Ident>,
}

/// A variable.
#[derive(Clone, Debug)]
pub(crate) struct Local {
    /// The user's name for it.
    pub(crate) name: String,
    /// Its type; of a parameter behind a reference, the type behind it.
    pub(crate) ty: Ty,
}

/// Statements and a tail.
#[derive(Clone, Debug, Default)]
pub(crate) struct Block {
    /// In order.
    pub(crate) stmts: Vec<Stmt>,
    /// The value of the block, `()` if there is none.
    pub(crate) tail: Option<Box<Expr>>,
}

/// A statement.
#[derive(Clone, Debug)]
pub(crate) enum Stmt {
    /// Declares a variable.
    Let(LocalId, Option<Expr>),
    /// Evaluates an expression for its effect.
    Expr(Expr),
    /// Evaluates the indices of a place for their panics: where a reference to it was made.
    Check(Place),
}

/// An expression.
#[derive(Clone, Debug)]
pub(crate) struct Expr {
    pub(crate) kind: ExprKind,
    pub(crate) ty: Ty,
    pub(crate) span: Extent,
}

/// A place: a variable and a path into it.
#[derive(Clone, Debug)]
pub(crate) struct Place {
    pub(crate) root: LocalId,
    pub(crate) path: Vec<Step>,
    pub(crate) ty: Ty,
    pub(crate) span: Extent,
    /// Whether a reference to it is a `&mut`.
    pub(crate) mutable: bool,
}

/// One step of a path.
#[derive(Clone, Debug)]
pub(crate) enum Step {
    /// `[i]`
    Index(Box<Expr>),
    /// `[a..b]`
    Section(Box<Section>),
    /// `.0`
    Field(usize),
    /// `.name`, of a value of a type that only rustc knows.
    Member(String),
}

/// The bounds of `[a..b]`, as in [`crate::ir::Section`].
#[derive(Clone, Debug)]
pub(crate) struct Section {
    pub(crate) low: Option<Expr>,
    pub(crate) high: Option<Expr>,
    pub(crate) inclusive: bool,
}

impl Step {
    /// The integers that the step evaluates, in order.
    pub(crate) fn indices(&self) -> Vec<&Expr> {
        match self {
            Self::Index(index) => vec![index],
            Self::Section(section) => section.low.iter().chain(&section.high).collect(),
            Self::Field(_) | Self::Member(_) => Vec::new(),
        }
    }

    /// As [`Step::indices`], to change.
    pub(crate) fn indices_mut(&mut self) -> Vec<&mut Expr> {
        match self {
            Self::Index(index) => vec![index],
            Self::Section(section) => {
                let Section { low, high, .. } = &mut **section;
                low.iter_mut().chain(high).collect()
            }
            Self::Field(_) | Self::Member(_) => Vec::new(),
        }
    }
}

/// How often an element of an array or `Vec` is repeated.
#[derive(Clone, Debug)]
pub(crate) enum Count {
    /// `[a; N]`
    Fixed(crate::ir::Length),
    /// `vec![a; n]`
    Dynamic(Box<Expr>),
}

/// Code with holes.
#[derive(Clone, Debug)]
pub(crate) struct Template {
    /// The code, with holes as in [`crate::ir::Template`].
    pub(crate) code: Code,
    /// What goes into the holes: scalars, or [`ExprKind::Read`] and [`ExprKind::Reference`] of places.
    pub(crate) arguments: Vec<Expr>,
    /// What is called, for messages.
    pub(crate) callee: String,
    /// Whether it is known to have no effect.
    pub(crate) pure: bool,
    /// Whether its value is known to have no derivative, whatever goes into it.
    pub(crate) discrete: bool,
    /// What there is to know for the case that it is differentiated.
    pub(crate) call: Option<Call>,
}

/// A call by path, which may be one of a differentiable function.
#[derive(Clone, Debug)]
pub(crate) struct Call {
    /// Its position in [`Body::differentiated`].
    pub(crate) id: usize,
    /// The path of its companion, as in [`crate::ir::Callee`].
    pub(crate) companion: Code,
    /// The method, if it is one.
    pub(crate) method: Option<Ident>,
    /// The code of its name, if it is called as `receiver.method()`.
    pub(crate) of_receiver: Option<Code>,
    /// How each argument is passed.
    pub(crate) passing: Vec<Passed>,
}

/// The range of a `for` loop.
#[derive(Clone, Debug)]
pub(crate) struct Range {
    pub(crate) low: Box<Expr>,
    pub(crate) high: Box<Expr>,
    pub(crate) inclusive: bool,
    pub(crate) reversed: bool,
    /// The flag that ends the loop early, once exits are normalised.
    pub(crate) stop: Option<LocalId>,
    /// Where the loop runs over the segments of another: the attribute that asks for it.
    pub(crate) segments: Option<Extent>,
}

/// The forms of expressions.
#[derive(Clone, Debug)]
pub(crate) enum ExprKind {
    /// A number, `bool` or `char`, without suffix.
    Literal(String),
    /// A constant or static by its path.
    Constant(Code),
    /// What a place holds: a copy or a move.
    Read(Place),
    /// A reference to a place.
    Reference(Place),
    /// `-a`
    Negate(Box<Expr>),
    /// `!a`
    Not(Box<Expr>),
    /// An arithmetic or bit operator; `And` and `Or` evaluate their right side lazily.
    Binary(BinaryOp, Box<Expr>, Box<Expr>),
    /// A comparison.
    Compare(Comparison, Box<Expr>, Box<Expr>),
    /// `a as T`, where T is the type of the expression.
    Cast(Box<Expr>),
    /// A method of a scalar.
    Method(String, Vec<Expr>),
    /// `place.len()`
    Len(Place),
    /// `(a, b)`; without parts, `()`.
    Tuple(Vec<Expr>),
    /// `S { x: a, y: b }`: the fields, and behind their values that of `..base`, if there is one.
    Struct(Vec<Code>, Vec<Expr>),
    /// `[a, b]` or `vec![a, b]`, by the type.
    List(Vec<Expr>),
    /// `[a; N]` or `vec![a; n]`, by the type.
    Repeat(Box<Expr>, Count),
    /// `x.to_vec()`
    ToVec(Box<Expr>),
    /// Code of the user's that is not differentiated; its type says whether it has a value.
    Opaque(Template),
    /// A branch.
    If(Box<Expr>, Block, Block),
    /// A block.
    Block(Block),
    /// A block that `break` can leave, with a value.
    Labelled(LoopId, Block),
    /// `loop`
    Loop(LoopId, Block),
    /// `while`
    While(LoopId, Box<Expr>, Block),
    /// `for`, its index in a variable of its own.
    For(LoopId, LocalId, Range, Block),
    /// `break`, perhaps with a value.
    Break(LoopId, Option<Box<Expr>>),
    /// `continue`
    Continue(LoopId),
    /// `return`, perhaps with a value.
    Return(Option<Box<Expr>>),
    /// `place = value`
    Assign(Place, Box<Expr>),
    /// The value in `None`, which nothing reads.
    Absent,
    /// `place.push(value)`
    Push(Place, Box<Expr>),
    /// Cuts a `Vec` to a length that is not greater than its own.
    Cut(Place, Box<Expr>),
    /// `place += value` and its kin: the value is evaluated first.
    AssignOp(BinaryOp, Place, Box<Expr>),
    /// Stands where an error was raised.
    Error,
}

impl Expr {
    /// The value `()`.
    pub(crate) fn unit(span: Extent) -> Self {
        Self {
            kind: ExprKind::Tuple(Vec::new()),
            ty: Ty::unit(),
            span,
        }
    }
}
