//! From Rust's syntax to the typed tree: names, types, patterns, references.

mod assertions;
mod budget;
mod call;
mod call_types;
mod checkpoints;
mod closures;
mod code;
mod control;
mod destructuring;
mod exchange;
mod expr;
mod failure;
mod generic;
mod growth;
mod items;
mod iterators;
mod literal;
mod macros;
mod matching;
mod method;
mod opaque;
mod optional;
mod pattern;
mod place;
mod ranges;
mod refutable;
mod scope;
mod sections;
mod stop;
mod structs;
mod terms;
mod text;
mod written;

use rustc_hash::{FxHashMap as HashMap, FxHashSet as HashSet};

use proc_macro2::TokenStream;
use quote::ToTokens;
use syn::{FnArg, Ident, ItemFn};

use super::types::{Ty, Types};
use super::{Block, Body, Expr, ExprKind, Local, LocalId, LoopId, Place, Stmt, visit};
use crate::attr::Options;
use crate::diagnostics::{self, Entry, Errors, Extent, Located};
use crate::ir::{IdVec, ScalarType};
use crate::signature::{Passing, Signature, WrapperKind};
use scope::{Binding, Scopes};
use written::vec_element;

/// Builds the tree of one function.
pub(super) struct Builder<'a> {
    errors: &'a Errors,
    /// The function's name.
    name: &'a Ident,
    /// Aliases of scalar types.
    scalars: &'a [Ident],
    types: Types,
    locals: IdVec<LocalId, Local>,
    loops: IdVec<LoopId, ()>,
    scopes: Scopes,
    /// The items declared inside of the function that are in scope.
    items: Vec<items::LocalItem>,
    /// The loops around the expression being built, innermost last.
    frames: Vec<Frame>,
    /// The statements of the block being built.
    stmts: Vec<Stmt>,
    result: Ty,
    /// What the result comes in, where the function may fail.
    wrapper: Option<WrapperKind>,
    /// The types of parameters of which nothing but their names is known.
    owners: HashMap<LocalId, TokenStream>,
    /// The parameters that are ranges, with the type of their bounds and whether they include the upper one.
    ranges: HashMap<LocalId, (Ty, bool)>,
    /// The variables whose first value was reported; what is done with them raises no errors of its own.
    broken: HashSet<LocalId>,
    /// The options of the attribute.
    options: &'a Options,
    /// The names in patterns that were read as constants, by their positions.
    constants: HashSet<String>,
    /// The names in patterns that were read as new variables though they could be those of constants.
    bindings: Vec<Ident>,
    /// The types of what is handed to functions that only rustc knows.
    handed: Vec<Ty>,
    /// The variables that may be assigned after they were declared.
    mutable: HashSet<LocalId>,
    /// The indices that were given a variable here: nothing assigns them.
    fixed: HashSet<LocalId>,
    /// Those of them that are in bounds wherever they index.
    within: HashSet<LocalId>,
    /// How long the sections are that start at these indices.
    sizes: HashMap<LocalId, Expr>,
    /// The type that the variable has whose first value is built next, where that is what a method of an iterator gives.
    expected: Option<Ty>,
    /// The closures around the expression being built, innermost last.
    returns: Vec<closures::Return>,
    /// The variables that stand for the parameters.
    parameters: Vec<LocalId>,
    /// The calls by path: what each gives, where it stands and what is called.
    calls: Vec<call_types::CallSite>,
    /// The variables that hold what a call by path gave that floats went into.
    results: HashSet<LocalId>,
    /// What is indexed or taken apart though its type is not known.
    taken_apart: Vec<Ty>,
    /// How many more expressions may be built.
    budget: usize,
}

/// A loop or labelled block that `break` can name.
struct Frame {
    id: LoopId,
    label: Option<String>,
    /// Whether a `break` without label means this.
    is_loop: bool,
    /// The block that `continue` leaves, where the loop is written as several.
    again: Option<LoopId>,
    /// The type of the values that it is left with.
    ty: Ty,
}

/// Builds the tree of `item`; what it cannot hold is reported.
pub(crate) fn function(
    item: &ItemFn,
    signature: &Signature,
    options: &Options,
    errors: &Errors,
) -> Body {
    let written_out = iterators::lengths::written_out(item);
    let item = written_out.as_ref().unwrap_or(item);
    let types = Types::new(structs::only_float(signature));
    let result = match &signature.result {
        Some(result) => types.adopt(&result.ty),
        None if result_is_unit(item) => Ty::unit(),
        // It has been reported.
        None => types.fresh(),
    };
    let mut builder = Builder {
        errors,
        name: &item.sig.ident,
        scalars: &options.scalars,
        options,
        types,
        locals: IdVec::default(),
        loops: IdVec::default(),
        scopes: Scopes::default(),
        items: Vec::new(),
        frames: Vec::new(),
        stmts: Vec::new(),
        result: result.clone(),
        wrapper: signature.wrapper.as_ref().map(|wrapper| wrapper.kind),
        owners: HashMap::default(),
        ranges: HashMap::default(),
        broken: HashSet::default(),
        constants: HashSet::default(),
        bindings: Vec::new(),
        handed: Vec::new(),
        mutable: HashSet::default(),
        fixed: HashSet::default(),
        within: HashSet::default(),
        sizes: HashMap::default(),
        expected: None,
        returns: Vec::new(),
        parameters: Vec::new(),
        calls: Vec::new(),
        results: HashSet::default(),
        taken_apart: Vec::new(),
        budget: budget::of(item),
    };
    let parameters = builder.parameters(item, signature);
    let mut block = match builder.wrapper {
        Some(kind) => builder.block(&failure::opened_block(&item.block, kind)),
        None => builder.block(&item.block),
    };
    failure::leave_tail(&mut block);
    let patterns = std::mem::take(&mut builder.stmts);
    block.stmts.splice(0..0, patterns);
    if let Some(tail) = &block.tail
        && !visit::diverges(tail)
    {
        builder.expect(tail, &result);
    }
    let active = parameters
        .iter()
        .zip(&signature.parameters)
        .filter(|(_, parameter)| parameter.active)
        .map(|(local, _)| *local)
        .collect();
    let differentiated = builder.differentiated(&block, active, signature);
    builder
        .handed
        .iter()
        .for_each(|ty| builder.types.leave_open(ty));
    builder.types.settle_parts();
    builder.types.needs_whole(&result);
    builder.types.spread_wholes();
    let Builder {
        types,
        locals,
        bindings,
        ..
    } = builder;
    Body {
        locals,
        bindings,
        parameters,
        block,
        result,
        types,
        differentiated,
    }
}

impl Builder<'_> {
    /// Declares the variables of the parameters, and takes patterns among them apart.
    fn parameters(&mut self, item: &ItemFn, signature: &Signature) -> Vec<LocalId> {
        let mut locals = Vec::new();
        let mut patterns = Vec::new();
        for (input, parameter) in item.sig.inputs.iter().zip(&signature.parameters) {
            let FnArg::Typed(typed) = input else { continue };
            let ty = match &parameter.ty {
                Some(ty) => self.types.adopt(ty),
                None => Ty::Scalar(ScalarType::Inferred),
            };
            let local = self.declare(&parameter.name.to_string(), ty);
            if let Some(range) = ranges::declared(&parameter.declared) {
                self.ranges.insert(local, range);
            }
            self.note_owner(local, parameter);
            locals.push(local);
            self.parameters.push(local);
            patterns.push((
                &*typed.pat,
                local,
                parameter.passing,
                parameter.ty.is_some(),
            ));
        }
        for (pattern, local, passing, modelled) in patterns {
            let place = self.whole(local, pattern.span());
            let place = Place {
                mutable: passing == Passing::Mutable,
                ..place
            };
            let value = match passing {
                Passing::Value => self.read(place),
                Passing::Shared | Passing::Mutable if modelled => self.reference(place),
                // What stands behind the reference is unknown, so the reference itself is the value.
                Passing::Shared | Passing::Mutable => self.read(place),
            };
            self.bind_parameter(pattern, local, value);
        }
        locals
    }

    /// Declares a variable, without a name in scope.
    fn declare(&mut self, name: &str, ty: Ty) -> LocalId {
        self.locals.push(Local {
            // A keyword is no name for what is derived from the variable.
            name: name
                .strip_prefix("r#")
                .map_or_else(|| name.to_owned(), |keyword| format!("{keyword}_")),
            ty,
        })
    }

    /// A block, in a scope of its own.
    fn block(&mut self, block: &syn::Block) -> Block {
        self.scoped(|builder| {
            let outside = builder.enter_items(&block.stmts);
            let tail = builder.block_tail(&block.stmts);
            builder.items.truncate(outside);
            tail
        })
    }

    /// Runs `build` with a scope and statements of its own; its result is the tail.
    fn scoped(&mut self, build: impl FnOnce(&mut Self) -> Option<Expr>) -> Block {
        let outer = std::mem::take(&mut self.stmts);
        self.scopes.enter();
        let tail = build(self);
        self.scopes.leave();
        Block {
            stmts: std::mem::replace(&mut self.stmts, outer),
            tail: tail.map(Box::new),
        }
    }

    fn block_tail(&mut self, stmts: &[syn::Stmt]) -> Option<Expr> {
        for (position, stmt) in stmts.iter().enumerate() {
            let last = position + 1 == stmts.len();
            match stmt {
                syn::Stmt::Local(local) => self.local(local),
                // Items are in scope in the whole block, and have been read.
                syn::Stmt::Item(_) => {}
                // A semicolon on its own.
                syn::Stmt::Expr(syn::Expr::Verbatim(nothing), Some(_)) if nothing.is_empty() => {}
                syn::Stmt::Expr(expr, semi) => {
                    let value = self.expr(expr);
                    if last && semi.is_none() {
                        return Some(value);
                    }
                    self.stmts.push(Stmt::Expr(value));
                }
                syn::Stmt::Macro(stmt) => {
                    self.attributes(&stmt.attrs);
                    let value = self.macro_call(&stmt.mac);
                    if last && stmt.semi_token.is_none() {
                        return Some(value);
                    }
                    self.stmts.push(Stmt::Expr(value));
                }
            }
        }
        None
    }

    /// Statements none of which is a tail.
    fn block_stmts(&mut self, stmts: &[syn::Stmt]) {
        if let Some(tail) = self.block_tail(stmts) {
            self.stmts.push(Stmt::Expr(tail));
        }
    }

    fn local(&mut self, local: &syn::Local) {
        self.attributes(&local.attrs);
        match &local.init {
            None => self.declare_pattern(&local.pat),
            Some(init)
                if self.bind_callable(&local.pat, &init.expr)
                    || self.bind_iterator(&local.pat, &init.expr) => {}
            Some(init) if !self.check_collected(&local.pat, &init.expr) => {
                self.bind_let(&local.pat, self.broken(init.expr.span()));
            }
            Some(init) => {
                if let Some((_, otherwise)) = &init.diverge
                    && let Some(pattern) = self.some_pattern(&local.pat, &init.expr)
                {
                    return self.some_or_else(pattern, &init.expr, otherwise);
                }
                let value = self.initial(&local.pat, &init.expr);
                match &init.diverge {
                    None => self.bind_let(&local.pat, value),
                    Some((_, otherwise)) => self.let_else(&local.pat, value, otherwise),
                }
            }
        }
    }

    /// The first value of a variable.
    fn initial(&mut self, pattern: &syn::Pat, value: &syn::Expr) -> Expr {
        // What a sum starts at depends on its type, which its items may leave open.
        self.expected = match (pattern, value) {
            (syn::Pat::Type(typed), syn::Expr::MethodCall(call)) if self.consumes(call) => {
                Some(self.written_type(&typed.ty))
            }
            _ => None,
        };
        let value = self.expr(value);
        self.expected = None;
        value
    }

    /// The type of a block: that of its tail, or whatever is needed where it has no end.
    fn block_type(&self, block: &Block) -> Ty {
        match &block.tail {
            Some(tail) if visit::diverges(tail) => self.types.fresh(),
            Some(tail) => tail.ty.clone(),
            None if visit::block_diverges(block) => self.types.fresh(),
            None => Ty::unit(),
        }
    }

    /// The variable as a place.
    fn whole(&self, local: LocalId, span: Extent) -> Place {
        Place {
            root: local,
            path: Vec::new(),
            ty: self.locals[local].ty.clone(),
            span,
            mutable: false,
        }
    }

    fn read(&self, place: Place) -> Expr {
        Expr {
            ty: place.ty.clone(),
            span: place.span,
            kind: ExprKind::Read(place),
        }
    }

    fn reference(&self, place: Place) -> Expr {
        Expr {
            ty: place.ty.clone(),
            span: place.span,
            kind: ExprKind::Reference(place),
        }
    }

    /// Raises an error.
    fn error(&self, tokens: impl ToTokens, entry: &Entry) {
        self.errors.at(tokens, entry);
    }

    /// Raises an error in the place of an expression.
    fn failed(&self, tokens: impl ToTokens, entry: &Entry, details: &[&str]) -> Expr {
        let span = tokens.to_token_stream().span();
        self.errors.with(tokens, entry, details);
        self.broken(span)
    }

    /// What stands where an error was raised.
    fn broken(&self, span: Extent) -> Expr {
        Expr {
            kind: ExprKind::Error,
            ty: self.types.fresh(),
            span,
        }
    }

    /// Makes the type of `value` equal to `ty`, or reports that it is not.
    fn expect(&self, value: &Expr, ty: &Ty) {
        if !self.types.unify(&value.ty, ty) {
            let found = self.types.resolve(&value.ty).to_string();
            let wanted = format!("`{}`", self.types.resolve(ty));
            self.errors
                .span(value.span, &diagnostics::TYPE_MISMATCH, &[&wanted, &found]);
        }
    }

    /// Refuses the attributes that change what the code means.
    fn attributes(&self, attributes: &[syn::Attribute]) {
        for attribute in attributes {
            if attribute.path().is_ident("cfg") || attribute.path().is_ident("cfg_attr") {
                self.error(attribute, &diagnostics::CFG);
            }
        }
    }
}

/// Whether the function gives nothing.
fn result_is_unit(item: &ItemFn) -> bool {
    crate::parse::wrapped_result(item).is_none_or(
        |(_, declared)| matches!(declared, syn::Type::Tuple(tuple) if tuple.elems.is_empty()),
    )
}

/// What a name stands for.
impl Builder<'_> {
    fn bind(&mut self, name: &Ident, binding: Binding) {
        self.scopes.bind(name, binding);
    }
}
