//! Operations as expressions.

use proc_macro2::{Ident, Span, TokenStream, TokenTree};
use quote::quote;

use super::body::Body;
use super::expression::{Expression, Level};
use super::memory::place_type;
use super::pending::Taken;
use super::{literal, types};
use crate::ir::{
    Argument, BinaryOp, Code, Comparison, FloatType, Op, Operand, Place, Prim, Projection,
    ScalarType, Template, Type, ValueId,
};

/// The prefix of the identifiers that stand for the arguments of a template.
const HOLE: &str = "__hole_";

/// A constant of the user's.
pub(super) fn constant(code: &Code) -> Expression {
    let tokens = code.tokens().clone();
    let is_path = syn::parse2::<syn::Path>(tokens.clone()).is_ok();
    let mut expression = Expression::new(tokens, if is_path { Level::Atom } else { Level::Block });
    expression.depth = 0;
    expression
}

impl Body<'_> {
    /// Writes down the operands of an operation that would otherwise run more or less often than once.
    pub(super) fn pin_operands(&mut self, op: &Op) {
        let lazy: &[Operand] = match op {
            Op::Prim(Prim::IfGreater | Prim::IfEqual, operands) => &operands[2..],
            Op::Prim(Prim::IfNan, operands) => &operands[1..],
            Op::Binary(BinaryOp::And | BinaryOp::Or, _, right) => std::slice::from_ref(right),
            Op::Select(_, then, otherwise) => {
                self.pin(then, |_, effects| !effects.panics && !effects.opaque);
                std::slice::from_ref(otherwise)
            }
            _ => &[],
        };
        for operand in lazy {
            self.pin(operand, |_, effects| !effects.panics && !effects.opaque);
        }
        if let Op::Prim(Prim::Powi, operands) = op
            && is_two(&operands[1])
        {
            self.pin(&operands[0], |expression, _| expression.is_trivial());
        }
        if let Op::Pure(template) | Op::Opaque(template) = op {
            self.pin_template(template);
        }
    }

    /// Writes down what goes into the holes of a template, unless it is a name.
    pub(super) fn pin_template(&mut self, template: &Template) {
        for argument in &template.arguments {
            if let Argument::Scalar(operand) = argument {
                self.pin(operand, |expression, _| expression.is_trivial());
            }
        }
    }

    /// The expression of an operation.
    pub(super) fn operation(&self, value: ValueId, op: &Op, taken: &Taken) -> Expression {
        let mut expression = self.operation_itself(value, op, taken);
        let own = self.judge().op(op);
        expression.is_risky |= own.panics || own.opaque;
        expression
    }

    fn operation_itself(&self, value: ValueId, op: &Op, taken: &Taken) -> Expression {
        let info = &self.function.values[value];
        match op {
            Op::Prim(prim, operands) if info.lanes => self.derivative(*prim, operands, taken),
            Op::Prim(prim, operands) => self.prim(*prim, operands, &info.ty, taken),
            Op::Binary(operator, a, b) => {
                let (tokens, level) = integer_operator(*operator);
                let (a, b) = self.two(a, b, taken);
                Expression::binary(tokens, level, &a, &b)
            }
            Op::Not(a) => Expression::not(&self.operand(a, taken)),
            Op::Negate(a) => Expression::unary(quote!(-), &self.typed_operand(a, taken)),
            Op::Compare(comparison, a, b) => {
                let (a, b) = self.two(a, b, taken);
                let mut expression =
                    Expression::binary(comparison_operator(*comparison), Level::Compare, &a, &b);
                expression.only_literals = false;
                expression
            }
            Op::Select(condition, then, otherwise) => {
                let condition = self.operand(condition, taken);
                let (then, otherwise) = if info.lanes {
                    (
                        self.spread_operand(then, taken),
                        self.spread_operand(otherwise, taken),
                    )
                } else {
                    self.two(then, otherwise, taken)
                };
                Expression::conditional(&condition, &then, &otherwise)
            }
            // Derivatives along several directions are all of one type.
            Op::Cast(a, _) | Op::Copy(a) if info.lanes && self.context.lanes.is_some() => {
                self.spread_operand(a, taken)
            }
            Op::Cast(a, ty) => self.cast(a, ty, taken),
            Op::Method(name, operands) => {
                let name = Ident::new(name, Span::mixed_site());
                self.method(&name, operands, taken)
            }
            Op::Pure(template) | Op::Opaque(template) => {
                Expression::new(self.template(template, taken), Level::Block)
            }
            Op::Len(place) => {
                let place = self.receiver(place, taken);
                Expression::method(&Ident::new("len", Span::mixed_site()), &place, &[])
            }
            Op::Copy(a) => self.operand(a, taken),
        }
    }

    fn spread_operand(&self, operand: &Operand, taken: &Taken) -> Expression {
        self.spread(self.operand(operand, taken), true)
    }

    /// An operation on derivatives along several directions, which is linear in them.
    fn derivative(&self, prim: Prim, operands: &[Operand], taken: &Taken) -> Expression {
        let spread = |k: usize| self.spread_operand(&operands[k], taken);
        let plain = |k: usize| self.operand(&operands[k], taken);
        let choice = |condition: &Expression, then: usize| {
            Expression::conditional(condition, &spread(then), &spread(then + 1))
        };
        match prim {
            Prim::Neg => Expression::unary(quote!(-), &spread(0)),
            Prim::Add => Expression::binary(quote!(+), Level::Sum, &spread(0), &spread(1)),
            Prim::Sub => Expression::binary(quote!(-), Level::Sum, &spread(0), &spread(1)),
            Prim::Mul => {
                let (derivative, factor) = match self.has_derivative_last(operands) {
                    true => (plain(1), plain(0)),
                    false => (spread(0), plain(1)),
                };
                Expression::binary(quote!(*), Level::Product, &derivative, &factor)
            }
            Prim::IfGreater | Prim::IfEqual | Prim::IfNan => {
                let condition = self.comparison(prim, operands, taken);
                choice(&condition, operands.len() - 2)
            }
            _ => unreachable!("`{}` is not linear", prim.name()),
        }
    }

    /// Whether a product has its derivative along several directions on the right; it is written on the left.
    fn has_derivative_last(&self, operands: &[Operand]) -> bool {
        matches!(operands, [first, last]
            if !self.function.operand_has_lanes(first) && self.function.operand_has_lanes(last))
    }

    /// The operands of an operation, in the order in which they are evaluated.
    pub(super) fn evaluated<'b>(&self, op: &'b Op) -> Vec<&'b Operand> {
        let mut operands = op.operands();
        if let Op::Prim(Prim::Mul, factors) = op
            && self.has_derivative_last(factors)
        {
            operands.reverse();
        }
        operands
    }

    /// What a primitive that selects decides by.
    fn comparison(&self, prim: Prim, operands: &[Operand], taken: &Taken) -> Expression {
        if prim == Prim::IfNan {
            let name = Ident::new("is_nan", Span::mixed_site());
            let x = self.typed_operand(&operands[0], taken);
            return Expression::method(&name, &x, &[]);
        }
        let operator = if prim == Prim::IfGreater {
            quote!(>)
        } else {
            quote!(==)
        };
        let (a, b) = self.two(&operands[0], &operands[1], taken);
        Expression::binary(operator, Level::Compare, &a, &b)
    }

    fn prim(&self, prim: Prim, operands: &[Operand], ty: &ScalarType, taken: &Taken) -> Expression {
        let binary = |tokens, level| {
            let (a, b) = self.two(&operands[0], &operands[1], taken);
            Expression::binary(tokens, level, &a, &b)
        };
        match prim {
            Prim::Neg => Expression::unary(quote!(-), &self.typed_operand(&operands[0], taken)),
            Prim::Add => binary(quote!(+), Level::Sum),
            Prim::Sub => binary(quote!(-), Level::Sum),
            Prim::Mul => binary(quote!(*), Level::Product),
            Prim::Div => binary(quote!(/), Level::Product),
            Prim::Rem => binary(quote!(%), Level::Product),
            Prim::Powi if is_two(&operands[1]) => {
                // `powi(2)` is a product, to the last bit.
                let base = self.typed_operand(&operands[0], taken);
                Expression::binary(quote!(*), Level::Product, &base, &base)
            }
            Prim::IfGreater | Prim::IfEqual | Prim::IfNan => {
                let condition = self.comparison(prim, operands, taken);
                let (then, otherwise) = (operands.len() - 2, operands.len() - 1);
                let rest = self.operand(&operands[otherwise], taken);
                if let Some(share) = self.share(prim, operands, &rest, taken) {
                    return share;
                }
                let (then, otherwise) = self.two(&operands[then], &operands[otherwise], taken);
                let mut choice = Expression::conditional(&condition, &then, &otherwise);
                choice.tie = self.tie(prim, operands, &rest, taken);
                if choice.tie.is_some() {
                    // Nothing is left of it but the numbers that it compares.
                    choice.width = condition.width;
                }
                choice
            }
            Prim::RealFromInteger => {
                let n = self.typed_operand(&operands[0], taken);
                match ty {
                    ScalarType::Float(FloatType::Named(code)) => {
                        let (ty, private, n) = (code.tokens(), &self.context.private, n.tokens());
                        Expression::new(
                            quote!(<#ty as #private::Scalar>::from_integer(#n)),
                            Level::Postfix,
                        )
                    }
                    _ => Expression::cast(&n, &types::scalar(ty)),
                }
            }
            Prim::IntegerPredecessor => {
                let name = Ident::new("saturating_sub", Span::mixed_site());
                let one = Expression::literal(quote!(1), Level::Atom);
                Expression::method(&name, &self.typed_operand(&operands[0], taken), &[&one])
            }
            _ => self.method(
                &Ident::new(prim.name(), Span::mixed_site()),
                operands,
                taken,
            ),
        }
    }

    /// `a as T`; between a type parameter and other types, what stands for it.
    fn cast(&self, a: &Operand, ty: &ScalarType, taken: &Taken) -> Expression {
        let private = &self.context.private;
        let mut operand = self.typed_operand(a, taken);
        if self.is_generic(self.function.operand_type(a)) {
            operand = Expression::call(&quote!(#private::Scalar::widen), &operand);
        }
        if self.is_generic(ty) {
            let ty = types::scalar(ty);
            return Expression::call(&quote!(#private::cast::<#ty, _>), &operand);
        }
        match ty {
            ScalarType::Float(FloatType::F64) if self.is_generic(self.function.operand_type(a)) => {
                operand
            }
            _ => Expression::cast(&operand, &types::scalar(ty)),
        }
    }

    /// Whether a scalar type is a type parameter.
    fn is_generic(&self, ty: &ScalarType) -> bool {
        match ty {
            ScalarType::Float(FloatType::Named(code)) => self
                .context
                .generic_scalars
                .iter()
                .any(|name| name == code.text()),
            _ => false,
        }
    }

    fn method(&self, name: &Ident, operands: &[Operand], taken: &Taken) -> Expression {
        let receiver = self.typed_operand(&operands[0], taken);
        let arguments: Vec<Expression> = operands[1..]
            .iter()
            .map(|operand| self.operand(operand, taken))
            .collect();
        let mut expression =
            Expression::method(name, &receiver, &arguments.iter().collect::<Vec<_>>());
        expression.only_literals = false;
        expression
    }

    /// Two operands, of which at least one has a type of its own.
    pub(super) fn two(&self, a: &Operand, b: &Operand, taken: &Taken) -> (Expression, Expression) {
        let second = self.operand(b, taken);
        let first = if second.only_literals {
            self.typed_operand(a, taken)
        } else {
            self.operand(a, taken)
        };
        (first, second)
    }

    /// An operand that has a type of its own.
    pub(super) fn typed_operand(&self, operand: &Operand, taken: &Taken) -> Expression {
        match operand {
            Operand::Literal(literal) => literal::typed(&self.context.private, literal),
            _ => self.operand(operand, taken),
        }
    }

    /// A place, as an expression that may be read, written, borrowed or indexed.
    pub(super) fn place(&self, place: &Place, taken: &Taken) -> Expression {
        let info = &self.function.memories[place.memory];
        let ident = &self.memories[&place.memory];
        let mut tokens = quote!(#ident);
        let mut level = Level::Atom;
        if place.path.is_empty() && self.is_reference(place.memory) {
            tokens = quote!(*#ident);
            level = Level::Unary;
        }
        let mut ty = Some(&info.ty);
        for step in &place.path {
            level = Level::Postfix;
            let above = ty;
            ty = above.and_then(|above| above.below(step));
            match step {
                Projection::Index(index) => {
                    let index = self.operand(index, taken);
                    let index = index.tokens();
                    tokens = quote!(#tokens[#index]);
                }
                Projection::Section(section) => {
                    let bound = |bound: &Option<Operand>| {
                        let bound = bound.as_ref()?;
                        Some(self.operand(bound, taken).at(Level::Or))
                    };
                    let (low, high) = (bound(&section.low), bound(&section.high));
                    let dots = if section.inclusive {
                        quote!(..=)
                    } else {
                        quote!(..)
                    };
                    tokens = quote!(#tokens[#low #dots #high]);
                }
                Projection::Field(position) => {
                    if let Some(Type::Struct(found)) = above {
                        let name = found.names[*position].tokens();
                        tokens = quote!(#tokens.#name);
                        continue;
                    }
                    let field = syn::Index {
                        index: u32::try_from(*position).unwrap_or(u32::MAX),
                        span: Span::mixed_site(),
                    };
                    tokens = quote!(#tokens.#field);
                }
            }
        }
        let is_risky = self.judge().load(place).panics;
        let mut expression = Expression::new(tokens, level);
        expression.lanes = info.lanes
            && matches!(
                place_type(self.function, place),
                Type::Scalar(ScalarType::Float(_))
            );
        if level == Level::Unary {
            expression.depth = 0;
        }
        expression.is_risky = is_risky;
        expression
    }

    /// A place as the receiver of a method or the base of a projection, where a reference will do.
    pub(super) fn receiver(&self, place: &Place, taken: &Taken) -> Expression {
        if place.path.is_empty() {
            return Expression::name(&self.memories[&place.memory]);
        }
        self.place(place, taken)
    }

    /// The tokens of a place as a whole, lanes or not.
    pub(super) fn place_tokens(&self, place: &Place, taken: &Taken) -> TokenStream {
        self.place(place, taken).tokens().clone()
    }

    /// The code of a template with its holes filled.
    pub(super) fn template(&self, template: &Template, taken: &Taken) -> TokenStream {
        let arguments: Vec<TokenStream> = template
            .arguments
            .iter()
            .map(|argument| match argument {
                Argument::Scalar(operand) => self.typed_operand(operand, taken).at(Level::Postfix),
                Argument::Place(place) => self.place(place, taken).at(Level::Postfix),
            })
            .collect();
        fill(template.code.tokens().clone(), &arguments)
    }
}

pub(super) fn fill(code: TokenStream, arguments: &[TokenStream]) -> TokenStream {
    code.into_iter()
        .flat_map(|tree| match tree {
            TokenTree::Ident(ident) => {
                let name = ident.to_string();
                let position = name
                    .strip_prefix(HOLE)
                    .and_then(|number| number.parse::<usize>().ok());
                match position {
                    Some(position) => arguments[position].clone(),
                    None => TokenTree::Ident(ident).into(),
                }
            }
            TokenTree::Group(group) => {
                let mut filled =
                    proc_macro2::Group::new(group.delimiter(), fill(group.stream(), arguments));
                filled.set_span(group.span());
                TokenTree::Group(filled).into()
            }
            other => other.into(),
        })
        .collect()
}

fn is_two(operand: &Operand) -> bool {
    matches!(operand, Operand::Literal(literal) if literal.text == "2")
}

fn integer_operator(operator: BinaryOp) -> (TokenStream, Level) {
    match operator {
        BinaryOp::Add => (quote!(+), Level::Sum),
        BinaryOp::Sub => (quote!(-), Level::Sum),
        BinaryOp::Mul => (quote!(*), Level::Product),
        BinaryOp::Div => (quote!(/), Level::Product),
        BinaryOp::Rem => (quote!(%), Level::Product),
        BinaryOp::BitAnd => (quote!(&), Level::BitAnd),
        BinaryOp::BitOr => (quote!(|), Level::BitOr),
        BinaryOp::BitXor => (quote!(^), Level::BitXor),
        BinaryOp::Shl => (quote!(<<), Level::Shift),
        BinaryOp::Shr => (quote!(>>), Level::Shift),
        BinaryOp::And => (quote!(&&), Level::And),
        BinaryOp::Or => (quote!(||), Level::Or),
    }
}

fn comparison_operator(comparison: Comparison) -> TokenStream {
    match comparison {
        Comparison::Equal => quote!(==),
        Comparison::NotEqual => quote!(!=),
        Comparison::Less => quote!(<),
        Comparison::LessEqual => quote!(<=),
        Comparison::Greater => quote!(>),
        Comparison::GreaterEqual => quote!(>=),
    }
}
