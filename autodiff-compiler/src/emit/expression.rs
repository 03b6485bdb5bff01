//! Expressions under construction: tokens with the strength of their outermost operator, so that parentheses stand
//! only where they are needed.

use proc_macro2::{Ident, TokenStream};
use quote::quote;

/// How tightly the outermost operator of an expression binds, loosest first.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub(super) enum Level {
    /// `if`, closures, and code of the user's that has not been looked into.
    Block,
    Or,
    And,
    Compare,
    BitOr,
    BitXor,
    BitAnd,
    Shift,
    Sum,
    Product,
    Cast,
    Unary,
    /// A method call, an index, a field.
    Postfix,
    /// A name or a literal.
    Atom,
}

/// An expression, not yet placed in a statement.
#[derive(Clone, Debug)]
pub(super) struct Expression {
    tokens: TokenStream,
    /// Whether this is a derivative along several directions.
    pub(super) lanes: bool,
    level: Level,
    /// How deeply operators are nested in it.
    pub(super) depth: usize,
    /// About how many columns it takes.
    pub(super) width: usize,
    /// Whether nothing but literals decides its type.
    pub(super) only_literals: bool,
    /// Whether a cast ends it, after which `<` would read as the start of generic arguments.
    ends_in_cast: bool,
    /// Whether evaluating it may panic.
    pub(super) is_risky: bool,
    /// Whether it is an `if` with its branches.
    is_conditional: bool,
    /// The ways to write `a + b` or its kin as an update of `a`, or of `b`.
    updates: Vec<Update>,
    /// For the end of a convention at ties: the numbers that it compares.
    pub(super) tie: Option<Vec<String>>,
    /// For `-a`: `a`.
    pub(super) negated: Option<TokenStream>,
    /// For a comparison: the opposite one, which is true of NaN where this one is false.
    opposite: Option<TokenStream>,
}

/// A way to write an expression as an update of a place that it reads.
#[derive(Clone, Debug)]
struct Update {
    place: String,
    /// The operator of assignment.
    operator: TokenStream,
    value: TokenStream,
}

impl Expression {
    /// An expression of the level given.
    pub(super) fn new(tokens: TokenStream, level: Level) -> Self {
        let width = width(&tokens);
        Self::with_width(tokens, level, width)
    }

    fn with_width(tokens: TokenStream, level: Level, width: usize) -> Self {
        Self {
            tokens,
            lanes: false,
            level,
            depth: usize::from(level < Level::Atom),
            width,
            only_literals: false,
            ends_in_cast: false,
            is_risky: false,
            is_conditional: false,
            updates: Vec::new(),
            tie: None,
            negated: None,
            opposite: None,
        }
    }

    /// A variable.
    pub(super) fn name(ident: &Ident) -> Self {
        Self::new(quote!(#ident), Level::Atom)
    }

    /// A literal, of the level given for the sake of negative ones.
    pub(super) fn literal(tokens: TokenStream, level: Level) -> Self {
        let mut this = Self::new(tokens, level);
        this.depth = 0;
        this.only_literals = true;
        this
    }

    /// `left operator right`; `right_level` is what the right side needs so as not to be parenthesised.
    pub(super) fn binary(operator: TokenStream, level: Level, left: &Self, right: &Self) -> Self {
        let guard = left.ends_in_cast && matches!(level, Level::Compare | Level::Shift);
        // Comparisons don't chain, so both of their sides bind tighter.
        let left_level = if level == Level::Compare {
            Level::BitOr
        } else {
            level
        };
        let lhs = if guard {
            parenthesised(&left.tokens)
        } else {
            left.at(left_level)
        };
        let rhs = right.at(tighter(level));
        let own_width = width(&operator);
        let mut this = left.combined(&[right], quote!(#lhs #operator #rhs), level, own_width);
        this.ends_in_cast = right.ends_in_cast && right.level >= tighter(level);
        if let Some(compound) = compound(&operator) {
            let update = |place: &Self, value: &Self| {
                let (place, operator) = (place.tokens.to_string(), compound.clone());
                Update {
                    place,
                    operator,
                    value: value.tokens.clone(),
                }
            };
            // `a += b` evaluates `b` first.
            if !(left.is_risky && right.is_risky) {
                this.updates.push(update(left, right));
            }
            // Sums and products are the same to the last bit either way round.
            if matches!(operator.to_string().as_str(), "+" | "*") {
                this.updates.push(update(right, left));
            }
        }
        this.opposite = match operator.to_string().as_str() {
            "==" => Some(quote!(#lhs != #rhs)),
            "!=" => Some(quote!(#lhs == #rhs)),
            _ => None,
        };
        this
    }

    /// A statement that assigns this to a place that it reads, such as `place += value`.
    pub(super) fn as_update(&self, place: &TokenStream) -> Option<TokenStream> {
        let text = place.to_string();
        let update = self.updates.iter().find(|update| update.place == text)?;
        let (operator, value) = (&update.operator, &update.value);
        Some(quote!(#place #operator #value;))
    }

    /// `!operand`, for a comparison of equality the opposite one.
    pub(super) fn not(operand: &Self) -> Self {
        match &operand.opposite {
            Some(opposite) => operand.combined(&[], opposite.clone(), Level::Compare, 0),
            None => Self::unary(quote!(!), operand),
        }
    }

    /// `operator operand`.
    pub(super) fn unary(operator: TokenStream, operand: &Self) -> Self {
        let inner = operand.at(Level::Unary);
        let operator_text = operator.to_string();
        let mut this = operand.combined(&[], quote!(#operator #inner), Level::Unary, 2);
        if operator_text == "-" {
            this.negated = Some(operand.at(Level::Sum));
        }
        this
    }

    /// `operand as ty`.
    pub(super) fn cast(operand: &Self, ty: &TokenStream) -> Self {
        let inner = operand.at(Level::Cast);
        let own_width = 2 + width(ty);
        let mut this = operand.combined(&[], quote!(#inner as #ty), Level::Cast, own_width);
        this.ends_in_cast = true;
        this.only_literals = false;
        this
    }

    /// `function(argument)`, of a function without effect.
    pub(super) fn call(function: &TokenStream, argument: &Self) -> Self {
        let inner = &argument.tokens;
        let own_width = width(function) + 2;
        let tokens = quote!(#function(#inner));
        let mut this = argument.combined(&[], tokens, Level::Postfix, own_width);
        this.only_literals = false;
        this
    }

    /// `receiver.name(arguments)`.
    pub(super) fn method(name: &Ident, receiver: &Self, arguments: &[&Self]) -> Self {
        let inner = receiver.at(Level::Postfix);
        let list = arguments.iter().map(|argument| &argument.tokens);
        let own_width = name.to_string().len() + 3 + 2 * arguments.len().saturating_sub(1);
        let tokens = quote!(#inner.#name(#(#list),*));
        receiver.combined(arguments, tokens, Level::Postfix, own_width)
    }

    /// `if condition { then } else { otherwise }`; the condition comes with its operands.
    pub(super) fn conditional(condition: &Self, then: &Self, otherwise: &Self) -> Self {
        let (c, t, e) = (condition.condition(), &then.tokens, &otherwise.tokens);
        let tokens = if otherwise.is_conditional {
            quote!(if #c { #t } else #e)
        } else {
            quote!(if #c { #t } else { #e })
        };
        let mut this =
            condition.combined(&[then, otherwise], tokens, Level::Block, "if{}else{}".len());
        this.is_conditional = true;
        this.only_literals = then.only_literals && otherwise.only_literals;
        this
    }

    /// This expression, its operands and the tokens made of them, which take `own_width` columns beside theirs.
    fn combined(
        &self,
        others: &[&Self],
        tokens: TokenStream,
        level: Level,
        own_width: usize,
    ) -> Self {
        let parts = || std::iter::once(self).chain(others.iter().copied());
        let width = own_width + parts().map(|part| part.width).sum::<usize>();
        let mut this = Self::with_width(tokens, level, width);
        this.depth = 1 + parts().map(|part| part.depth).max().unwrap_or(0);
        this.lanes = parts().any(|part| part.lanes);
        this.only_literals = parts().all(|part| part.only_literals);
        this.is_risky = parts().any(|part| part.is_risky);
        this
    }

    /// The tokens, where every expression may stand.
    pub(super) fn tokens(&self) -> &TokenStream {
        &self.tokens
    }

    /// The tokens, parenthesised if they bind more loosely than `level`.
    pub(super) fn at(&self, level: Level) -> TokenStream {
        if self.level < level {
            parenthesised(&self.tokens)
        } else {
            self.tokens.clone()
        }
    }

    /// The tokens ahead of a block, where a brace would be taken for the block's.
    pub(super) fn condition(&self) -> TokenStream {
        if self.level == Level::Block {
            parenthesised(&self.tokens)
        } else {
            self.tokens.clone()
        }
    }

    /// Whether it is a name or a literal (negative or not): free to repeat.
    pub(super) fn is_trivial(&self) -> bool {
        self.depth == 0
    }
}

/// The level just above `level`.
fn tighter(level: Level) -> Level {
    match level {
        Level::Block => Level::Or,
        Level::Or => Level::And,
        Level::And => Level::Compare,
        Level::Compare => Level::BitOr,
        Level::BitOr => Level::BitXor,
        Level::BitXor => Level::BitAnd,
        Level::BitAnd => Level::Shift,
        Level::Shift => Level::Sum,
        Level::Sum => Level::Product,
        Level::Product => Level::Cast,
        Level::Cast => Level::Unary,
        Level::Unary => Level::Postfix,
        Level::Postfix | Level::Atom => Level::Atom,
    }
}

/// The operator of assignment that goes with a binary operator.
fn compound(operator: &TokenStream) -> Option<TokenStream> {
    Some(match operator.to_string().as_str() {
        "+" => quote!(+=),
        "-" => quote!(-=),
        "*" => quote!(*=),
        "/" => quote!(/=),
        "%" => quote!(%=),
        "&" => quote!(&=),
        "|" => quote!(|=),
        "^" => quote!(^=),
        "<<" => quote!(<<=),
        ">>" => quote!(>>=),
        _ => return None,
    })
}

fn parenthesised(tokens: &TokenStream) -> TokenStream {
    quote!((#tokens))
}

/// About how many columns the tokens take when they are formatted, but for parentheses that strength of binding asks
/// for.
pub(super) fn width(tokens: &TokenStream) -> usize {
    use proc_macro2::TokenTree;
    tokens
        .clone()
        .into_iter()
        .map(|tree| match tree {
            TokenTree::Group(group) => 2 + width(&group.stream()),
            TokenTree::Ident(ident) => ident.to_string().chars().count(),
            TokenTree::Literal(literal) => literal.to_string().len(),
            TokenTree::Punct(punct) => match punct.as_char() {
                '.' | ':' => 1,
                _ => 2,
            },
        })
        .sum()
}
