//! The state of emission inside one function: names, and what has been written.

use rustc_hash::{FxHashMap as HashMap, FxHashSet as HashSet};

use proc_macro2::{Ident, TokenStream};
use quote::quote;

use super::effects::{Effects, Judge};
use super::expression::{Expression, Level};
use super::names::Names;
use super::pending::{Pending, Taken};
use super::records::Records;
use super::variables::Variables;
use crate::ir::{
    Binding, Function, MemoryId, Operand, Origin, Output, Role, Stmt, TapeId, Type, ValueId,
};

/// What a function is emitted into.
#[derive(Clone)]
pub(super) struct Context {
    /// The module with what generated code calls, by the name that it has inside a body.
    pub(super) private: TokenStream,
    /// The type parameters that stand for scalars.
    pub(super) generic_scalars: Vec<String>,
    /// How the parameters are called.
    pub(super) parameters: HashMap<Role, Ident>,
    /// Names that mean something else.
    pub(super) names: Names,
    /// The type of a derivative along several directions, where the function has such derivatives.
    pub(super) lanes: Option<TokenStream>,
    /// Whether those are derivatives along one direction, which are numbers like any other.
    pub(super) along_one: bool,
    /// The variable that holds a `&mut Workspace`, where there is one.
    pub(super) workspace: Option<Ident>,
    /// The variable that holds the tape that all functions share, or the reader of it, where there is one.
    pub(super) tape: Option<Ident>,
}

/// The state of emission.
pub(super) struct Body<'a> {
    pub(super) function: &'a Function,
    pub(super) records: &'a Records,
    /// The function with both sweeps, of which `function` may be one.
    pub(super) whole: &'a Function,
    pub(super) context: &'a Context,
    pub(super) variables: Variables,
    pub(super) names: Names,
    pub(super) out: TokenStream,
    pub(super) turned: bool,
    pub(super) memories: HashMap<MemoryId, Ident>,
    pub(super) written: HashSet<MemoryId>,
    pub(super) tapes: HashMap<TapeId, super::tape::TapeNames>,
    /// The stacks that the forward sweep has handed on to this function.
    pub(super) received: Vec<TapeId>,
    /// The local memories that are moved into another one.
    pub(super) moved: HashSet<MemoryId>,
    pub(super) changed: HashSet<Role>,
    pub(super) values: HashMap<ValueId, Ident>,
    pub(super) pending: Vec<Pending>,
    /// The declaration that comes last, if nothing was written after it; it is not in `out` yet.
    last_let: Option<LastLet>,
}

/// A declaration that may turn out to be the end of its block.
struct LastLet {
    declaration: TokenStream,
    pattern: String,
    content: TokenStream,
}

impl<'a> Body<'a> {
    pub(super) fn new(
        (function, records): (&'a Function, &'a Records),
        context: &'a Context,
        split: Option<&Output>,
    ) -> Self {
        let mut names = context.names.clone();
        for ident in context.parameters.values() {
            names.reserve(&ident.to_string());
        }
        names.enter();
        let mut this = Self {
            function,
            records,
            whole: function,
            context,
            variables: Variables::of(function, split),
            names,
            out: TokenStream::new(),
            turned: false,
            memories: HashMap::default(),
            written: super::memory::written(function),
            tapes: HashMap::default(),
            received: Vec::new(),
            moved: super::memory::moved(function),
            changed: HashSet::default(),
            values: HashMap::default(),
            pending: Vec::new(),
            last_let: None,
        };
        for parameter in &function.parameters {
            let ident = context.parameters[&parameter.role].clone();
            match parameter.binding {
                Binding::Value(value) => {
                    this.values.insert(this.variables.variable(value), ident);
                }
                Binding::Memory(memory) => {
                    this.memories.insert(memory, ident);
                }
            }
        }
        this.changed = this.changed_parameters();
        this
    }

    /// Takes what a step returns.
    pub(super) fn finish(&mut self, output: &Output, needed: &HashSet<MemoryId>) -> TokenStream {
        let taken = self.take_apart(&output.operands(), &Effects::default());
        self.output(output, &taken, needed)
    }

    fn changed_parameters(&self) -> HashSet<Role> {
        let changed = |binding| match binding {
            Binding::Value(value) => self.variables.is_mutable(value),
            Binding::Memory(memory) => {
                self.function.memories[memory].origin == Origin::Owned
                    && self.written.contains(&memory)
            }
        };
        let parameters = self.function.parameters.iter();
        parameters
            .filter(|parameter| changed(parameter.binding))
            .map(|parameter| parameter.role)
            .collect()
    }

    pub(super) fn judge(&self) -> Judge<'_> {
        Judge {
            function: self.function,
            variables: &self.variables,
            turned: self.turned,
        }
    }

    /// The trip counts of a tape.
    pub(super) fn dimensions(&self, tape: TapeId) -> &'a [Operand] {
        super::operands::dimensions(self.function, tape)
    }

    /// Writes statements.
    pub(super) fn write(&mut self, tokens: TokenStream) {
        if !tokens.is_empty() {
            self.write_last_let();
            self.out.extend(tokens);
        }
    }

    /// Writes the declaration that waits to be the last.
    fn write_last_let(&mut self) {
        if let Some(last) = self.last_let.take() {
            self.out.extend(last.declaration);
        }
    }

    /// Takes what has been written.
    pub(super) fn written(&mut self) -> TokenStream {
        self.write_last_let();
        std::mem::take(&mut self.out)
    }

    /// Writes `let pattern = content;`. What reads `needed` at the end of the block can be `content` itself.
    pub(super) fn write_let(
        &mut self,
        pattern: &TokenStream,
        needed: &TokenStream,
        content: TokenStream,
    ) {
        self.write_last_let();
        self.last_let = Some(LastLet {
            declaration: quote!(let #pattern = #content;),
            pattern: needed.to_string(),
            content,
        });
    }

    /// What ends a block: `tokens`, or, if they only name what was declared last, its content in place of that
    /// declaration.
    pub(super) fn tail(&mut self, tokens: TokenStream) -> TokenStream {
        match self.last_let.take() {
            Some(last) if last.pattern == tokens.to_string() => last.content,
            last => {
                self.last_let = last;
                tokens
            }
        }
    }

    /// Runs `emit` with an output of its own and no pending values; returns what it wrote.
    pub(super) fn nested(&mut self, emit: impl FnOnce(&mut Self)) -> TokenStream {
        let out = self.written();
        let pending = std::mem::take(&mut self.pending);
        self.names.enter();
        emit(self);
        self.names.leave();
        debug_assert!(self.pending.is_empty(), "the block left a value behind");
        self.pending = pending;
        let written = self.written();
        self.out = out;
        written
    }

    /// The variable of `value`, which has been declared.
    pub(super) fn variable(&self, value: ValueId) -> &Ident {
        let variable = self.variables.variable(value);
        self.values
            .get(&variable)
            .unwrap_or_else(|| panic!("{value:?} is used ahead of its definition"))
    }

    /// Makes the name of the variable of `value`.
    pub(super) fn declare(&mut self, value: ValueId) -> Ident {
        let ident = self.names.fresh(&self.function.values[value].name);
        self.values
            .insert(self.variables.variable(value), ident.clone());
        ident
    }

    /// Whether the variable of `value` has a name by now.
    pub(super) fn is_declared(&self, value: ValueId) -> bool {
        self.values.contains_key(&self.variables.variable(value))
    }

    /// Writes `let variable = expression;`.
    pub(super) fn declare_as(&mut self, value: ValueId, expression: &Expression) {
        let info = &self.function.values[value];
        let expression = &self.spread(expression.clone(), info.lanes);
        let typed = expression.only_literals && !expression.lanes;
        self.declare_typed(value, expression, typed);
    }

    /// Writes `let variable = expression;`, with the type of the variable if it has to be said.
    pub(super) fn declare_typed(&mut self, value: ValueId, expression: &Expression, typed: bool) {
        let info = &self.function.values[value];
        let tokens = expression.tokens().clone();
        let ident = self.declare(value);
        let mutable = self.variables.is_mutable(value).then(|| quote!(mut));
        let ty = typed.then(|| {
            let ty =
                super::types::place(&self.context.private, &Type::Scalar(info.ty.clone()), None);
            quote!(: #ty)
        });
        let pattern = quote!(#mutable #ident #ty);
        self.write_let(&pattern, &pattern, tokens);
    }

    /// The tokens of an expression as one value; with `lanes`, as a derivative along several directions.
    pub(super) fn whole(&self, expression: &Expression, lanes: bool) -> TokenStream {
        self.spread(expression.clone(), lanes).tokens().clone()
    }

    /// The expression; with `lanes`, as a derivative along several directions, the same along each if it is not one yet.
    pub(super) fn spread(&self, expression: Expression, lanes: bool) -> Expression {
        match &self.context.lanes {
            Some(derivative) if lanes && !expression.lanes && !self.context.along_one => {
                let tokens = expression.tokens();
                let mut spread = match tokens.to_string().as_str() {
                    "0.0" => Expression::new(quote!(#derivative::zero()), Level::Postfix),
                    _ => Expression::new(quote!(#derivative::splat(#tokens)), Level::Postfix),
                };
                spread.lanes = true;
                spread.is_risky = expression.is_risky;
                spread
            }
            _ => expression,
        }
    }

    /// The expression of an operand: what was taken for it, or a name, or a literal.
    pub(super) fn operand(&self, operand: &Operand, taken: &Taken) -> Expression {
        match operand {
            Operand::Value(value) => match taken.expressions.get(value) {
                Some(expression) => expression.clone(),
                None => self.named(*value),
            },
            Operand::Literal(literal) => super::literal::plain(&self.context.private, literal),
            Operand::Constant(code, _) => super::operation::constant(code),
        }
    }

    fn named(&self, value: ValueId) -> Expression {
        let mut expression = Expression::name(self.variable(value));
        expression.lanes = self.function.values[value].lanes;
        expression
    }

    /// What a statement does besides what its operands do.
    pub(super) fn effects(&self, stmt: &Stmt) -> Effects {
        self.judge().stmt(stmt)
    }
}
