//! From the typed tree to the intermediate representation.
//!
//! Scalars become values: a branch hands on what it assigned as results, a loop as carried values (the construction
//! of static single assignment form on structured programs: Brandis and Mössenböck, "Single-pass generation of static
//! single-assignment form for structured languages", 1994). Everything else becomes memory.

mod call;
mod control;
mod expr;
mod growth;
mod loops;
mod names;
mod place;
mod slot;
mod structs;
mod template;
mod vectors;

use std::collections::{BTreeMap, BTreeSet};

use proc_macro2::TokenStream;
use quote::quote;
use syn::{Ident, ItemFn};

use crate::attr::{self, Options};
use crate::check;
use crate::diagnostics::{self, Errors, Extent};
use crate::hir::types::Ty;
use crate::hir::{self, Body, LocalId};
use crate::ir::{
    self, Binding, Block, Function, MemoryId, MemoryInfo, Op, Operand, Origin, Output, Parameter,
    Role, ScalarType, Stmt, Type, TypedId, ValueId, ValueInfo,
};
use crate::parse;
use crate::rule;
use crate::signature::{Home, Passing, Rule, Signature};
use slot::{Slot, Value, Var};

/// What the front end makes of a function.
pub struct Lowered {
    /// The signature.
    pub signature: Signature,
    /// The body.
    pub function: Function,
    /// The names in refutable patterns that are taken for new variables: the function is another one where such a name
    /// is that of a constant, which only rustc knows.
    pub bindings: Vec<Ident>,
    /// The calls of functions that nothing is known of: each is an error where an argument turns out to be active.
    pub opaque_calls: Vec<OpaqueCall>,
}

/// A call, or other code of the user's, whose derivative is not known.
#[derive(Debug)]
pub struct OpaqueCall {
    /// What is called, as the user wrote it.
    pub callee: String,
    /// Where.
    pub span: Extent,
    /// What is handed over.
    pub arguments: Vec<ir::Argument>,
    /// The result, if it has one; an effect has none.
    pub result: Option<ValueId>,
}

/// What is read ahead of the body.
struct Head {
    options: Options,
    signature: Signature,
    rule: Option<Rule>,
    errors: Errors,
}

/// Reads the attribute and the signature.
fn head(attr: TokenStream, item: &ItemFn, home: Home) -> Head {
    let errors = Errors::default();
    let options = options(attr, item, &home, &errors);
    let mut signature = parse::signature(item, home, &options, &errors);
    let rule = rule::read(&options, item, &mut signature, &errors);
    Head {
        options,
        signature,
        rule,
        errors,
    }
}

/// What the front end makes of a function: where the user gives the derivatives, it does not read the body.
pub enum Front {
    /// The body.
    Body(Box<Lowered>),
    /// The derivatives.
    Rule(Rule),
}

/// Reads the attribute and the function; `self` is a parameter with a type here.
///
/// # Errors
///
/// All that is wrong with the attribute, the signature and the body. The signature is handed back as far as it could
/// be read, so that the companion can be stubbed.
pub fn front(
    attr: TokenStream,
    item: &ItemFn,
    home: Home,
) -> (Signature, Result<Front, syn::Error>) {
    let head = head(attr, item, home);
    let Some(rule) = head.rule else {
        let (signature, lowered) = body(head, item);
        return (
            signature,
            lowered.map(|lowered| Front::Body(Box::new(lowered))),
        );
    };
    let result = head.errors.finish().map(|()| Front::Rule(rule));
    (head.signature, result)
}

/// Reads the attribute and a function of a module, and brings the body into the intermediate representation.
///
/// # Errors
///
/// As [`front`].
pub fn function(attr: TokenStream, item: &ItemFn) -> (Signature, Result<Lowered, syn::Error>) {
    body(head(attr, item, Home::Module), item)
}

fn body(head: Head, item: &ItemFn) -> (Signature, Result<Lowered, syn::Error>) {
    let Head {
        options,
        mut signature,
        errors,
        ..
    } = head;
    // An unreadable signature is no reason to keep what is wrong with the body for later.
    let body = hir::build::function(item, &signature, &options, &errors);
    learn_fields(&mut signature, &body);
    let lowered = errors
        .is_empty()
        .then(|| body_to_ir(body, &signature, &errors));
    if let Some(lowered) = &lowered
        && errors.is_empty()
    {
        if ir::verify(&lowered.function).is_err() {
            errors.at(&item.sig.ident, &diagnostics::ILL_TYPED);
        }
        check::active_calls(&lowered.function, &lowered.opaque_calls, &errors);
        let name = Extent::from(signature.ident.span());
        let result = signature.result.as_ref();
        let gives_structs = result.is_some_and(|result| result.ty.has_struct());
        let allows_structs = signature.order == 1 && !gives_structs;
        check::mixed_calls(&lowered.function, allows_structs, name, &errors);
    }
    match (errors.finish(), lowered) {
        (Err(error), _) => (signature, Err(error)),
        (Ok(()), Some(lowered)) => (signature, Ok(lowered)),
        (Ok(()), None) => unreachable!("what stops lowering has raised an error"),
    }
}

/// Whether the function can have derivatives at all.
pub fn has_derivatives(attr: TokenStream, item: &ItemFn, home: &Home) -> bool {
    let errors = Errors::default();
    let options = options(attr, item, home, &errors);
    // Options that cannot be read are reported where the function is.
    errors.finish().is_err() || parse::has_derivatives(item, home, &options)
}

/// The options, with the scalar types that the generics declare.
fn options(attr: TokenStream, item: &ItemFn, home: &Home, errors: &Errors) -> Options {
    let mut options = attr::parse(attr, errors);
    options.generic_scalars = parse::generic_scalars(&item.sig.generics);
    if let Home::Block(header) = home {
        let of_block = parse::generic_scalars(&header.generics);
        options.generic_scalars.extend(of_block);
    }
    let generic = options.generic_scalars.iter().cloned();
    options.scalars.extend(generic);
    options
}

/// Completes the types of the parameters by the fields that the body mentions.
fn learn_fields(signature: &mut Signature, body: &Body) {
    if let Some(result) = &mut signature.result
        && result.ty.has_struct()
    {
        result.ty = body.types.model(&body.result);
    }
    for (parameter, local) in signature.parameters.iter_mut().zip(&body.parameters) {
        if parameter.ty.as_ref().is_some_and(Type::has_struct) {
            parameter.ty = Some(body.types.model(&body.locals[*local].ty));
        }
    }
}

fn body_to_ir(body: Body, signature: &Signature, errors: &Errors) -> Lowered {
    let Body {
        bindings,
        locals,
        parameters,
        block,
        result,
        types,
        differentiated,
    } = hir::exits::normalise(body);
    let mut lowering = Lowering {
        errors,
        types: &types,
        locals: &locals,
        function: Function::default(),
        stmts: Vec::new(),
        depth: 0,
        slots: vec![None; locals.len()],
        environment: Vec::new(),
        vars: Vec::new(),
        opaque_calls: Vec::new(),
        reassigned: hir::visit::reassigned(&block),
        grown: BTreeSet::new(),
        loops: 0,
        declared_in: BTreeMap::new(),
        copies: false,
        differentiated: &differentiated,
        spans: BTreeMap::new(),
    };
    lowering.parameters(&parameters, signature);
    let value = lowering.block(&block);
    let span = Extent::from(signature.ident.span());
    let span = block.tail.as_ref().map_or(span, |tail| tail.span);
    let output = lowering.output(value, &result, span);
    let body = Block {
        stmts: std::mem::take(&mut lowering.stmts),
        yields: Vec::new(),
    };
    lowering.check_structs(&body, span);
    let Lowering {
        mut function,
        opaque_calls,
        ..
    } = lowering;
    function.body = body;
    function.output = output;
    cut_off(&mut function);
    names::complete(&mut function);
    Lowered {
        signature: signature.clone(),
        function,
        bindings,
        opaque_calls,
    }
}

/// Leaves out what stands behind the end of a function that always panics, its result included.
fn cut_off(function: &mut Function) {
    let stmts = &mut function.body.stmts;
    let Some(last) = stmts
        .iter()
        .position(|stmt| ir::never_ends(std::slice::from_ref(stmt)))
    else {
        return;
    };
    stmts.truncate(last + 1);
    function.output = unreached(&function.output, function);
}

/// What stands for a result that is never given back.
fn unreached(output: &Output, function: &Function) -> Output {
    match output {
        Output::Scalar(result) => {
            let ty = function.operand_type(result).clone();
            Output::Scalar(match &ty {
                ScalarType::Float(float) => ir::float_literal(0.0, float),
                _ => Operand::Constant(ir::Code::new(quote!(loop {})), ty),
            })
        }
        Output::Tuple(parts) => {
            Output::Tuple(parts.iter().map(|part| unreached(part, function)).collect())
        }
        Output::Memory(_) | Output::Unit => Output::Unit,
    }
}

/// Lowers one function.
struct Lowering<'a> {
    errors: &'a Errors,
    types: &'a hir::types::Types,
    locals: &'a ir::IdVec<LocalId, hir::Local>,
    function: Function,
    /// The statements of the block being lowered.
    stmts: Vec<Stmt>,
    /// How many blocks of loops and branches there are around it.
    depth: usize,
    /// Where each variable of the tree lives.
    slots: Vec<Option<Slot>>,
    /// What each scalar variable holds here; `None` where it holds nothing yet.
    environment: Vec<Option<Operand>>,
    /// The name and type of each scalar variable.
    vars: Vec<(String, ScalarType)>,
    opaque_calls: Vec<OpaqueCall>,
    /// The variables that are assigned as a whole.
    reassigned: BTreeSet<LocalId>,
    /// The memories whose lengths have changed so far.
    grown: BTreeSet<MemoryId>,
    /// How many loops there are around the code being lowered.
    loops: usize,
    /// How many there were where each variable was declared.
    declared_in: BTreeMap<LocalId, usize>,
    /// Whether what a place holds has to be copied at once, since it may change before it is used.
    copies: bool,
    /// Which calls by path a derivative may pass through.
    differentiated: &'a [bool],
    /// Where the first values of the variables stand that are memory.
    spans: BTreeMap<MemoryId, Extent>,
}

impl Lowering<'_> {
    fn parameters(&mut self, locals: &[LocalId], signature: &Signature) {
        for (position, (&local, parameter)) in locals.iter().zip(&signature.parameters).enumerate()
        {
            let name = parameter.name.to_string();
            let ty = parameter
                .ty
                .clone()
                .unwrap_or(Type::Scalar(ScalarType::Inferred));
            let by_value = parameter.passing == Passing::Value || parameter.ty.is_none();
            let (binding, slot) = match ty {
                Type::Scalar(scalar) if by_value => {
                    let value = self.new_value(&name, scalar.clone());
                    let var = self.new_var(&name, scalar);
                    self.environment[var.0] = Some(Operand::Value(value));
                    (Binding::Value(value), Slot::Scalar(var))
                }
                ty => {
                    let origin = match parameter.passing {
                        Passing::Value => Origin::Owned,
                        Passing::Shared => Origin::Shared,
                        Passing::Mutable => Origin::Mutable,
                    };
                    let memory = self.function.memories.push(MemoryInfo {
                        name,
                        ty,
                        origin,
                        lanes: false,
                    });
                    (Binding::Memory(memory), Slot::Memory(memory))
                }
            };
            self.slots[local.index()] = Some(slot);
            self.function.parameters.push(Parameter {
                role: Role::Primal(position),
                binding,
                active: parameter.active,
            });
        }
    }

    fn output(&mut self, value: Value, ty: &Ty, span: Extent) -> Output {
        if ty.is_unit() {
            return Output::Unit;
        }
        match value {
            Value::Scalar(_) if self.scalar_type(ty).is_none() => {
                self.errors.span(span, &diagnostics::OPAQUE_ARRAY, &[]);
                Output::Unit
            }
            Value::Scalar(operand) => Output::Scalar(operand),
            Value::Tuple(_) if matches!(self.types.model(ty), Type::Struct(_)) => {
                match self.whole_structs(value, ty, span) {
                    Value::Fresh(memory) => Output::Memory(memory),
                    _ => Output::Unit,
                }
            }
            Value::Tuple(parts) => {
                let types = match self.types.resolve(ty) {
                    Ty::Tuple(types) => types,
                    _ => Vec::new(),
                };
                if parts.len() == types.len() {
                    Output::Tuple(
                        parts
                            .into_iter()
                            .zip(&types)
                            .map(|(part, ty)| self.output(part, ty, span))
                            .collect(),
                    )
                } else {
                    // The end is never reached: the function panics or loops for ever.
                    let value = self.dummy(ty);
                    self.output(value, ty, span)
                }
            }
            Value::Fresh(memory) => Output::Memory(memory),
            Value::Place(place) if place.path.is_empty() => Output::Memory(place.memory),
            Value::Place(place) => Output::Memory(self.copy_of(place, "result")),
        }
    }

    fn new_value(&mut self, name: &str, ty: ScalarType) -> ValueId {
        self.function.values.push(ValueInfo {
            name: name.to_owned(),
            ty,
            lanes: false,
        })
    }

    fn new_memory(&mut self, name: &str, ty: Type) -> MemoryId {
        self.function.memories.push(MemoryInfo {
            name: name.to_owned(),
            ty,
            origin: Origin::Local,
            lanes: false,
        })
    }

    /// A new scalar variable that holds nothing.
    fn new_var(&mut self, name: &str, ty: ScalarType) -> Var {
        self.environment.push(None);
        self.vars.push((name.to_owned(), ty));
        Var(self.vars.len() - 1)
    }

    /// Defines a value by an operation.
    fn define(&mut self, name: &str, ty: ScalarType, op: Op) -> Operand {
        let value = self.new_value(name, ty);
        self.stmts.push(Stmt::Let { value, op });
        Operand::Value(value)
    }

    /// Runs `lower` with statements of its own, and hands them back.
    fn collect<T>(&mut self, lower: impl FnOnce(&mut Self) -> T) -> (Vec<Stmt>, T) {
        let outer = std::mem::take(&mut self.stmts);
        self.depth += 1;
        let result = lower(self);
        self.depth -= 1;
        (std::mem::replace(&mut self.stmts, outer), result)
    }

    /// The scalar type of an expression; what is no scalar has none.
    fn scalar_type(&self, ty: &Ty) -> Option<ScalarType> {
        match self.types.model(ty) {
            Type::Scalar(scalar) => Some(scalar),
            _ => None,
        }
    }
}
