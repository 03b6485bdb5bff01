//! The functions that run several directions at once: `hvp`, the Hessian, the Jacobian.

use proc_macro2::{Ident, TokenStream};
use quote::quote;

use super::body::Context;
use super::companion::{Companion, Item};
use super::flat;
use super::functions;
use super::interface::{owned_tangent, parameter_place, tuple};
use super::kind::Kind;
use super::names::Names;
use super::shape::Like;
use super::{shape, types};
use crate::ir::{FloatType, Function, Role, ScalarType, Type};

/// The most directions that one sweep takes.
const LANES: usize = 8;

impl Companion<'_> {
    /// The floating-point type of all derivatives along several directions in `function`; `None` where it computes in
    /// several types.
    pub(super) fn float_of_lanes(&self, function: &Function) -> Option<FloatType> {
        fn only(ty: &Type, float: &FloatType) -> bool {
            match ty {
                Type::Scalar(ScalarType::Float(other)) => other == float,
                Type::Scalar(_) => true,
                Type::Tuple(parts) => parts.iter().all(|part| only(part, float)),
                // The tangents of a struct are its own affair, and have no lanes.
                Type::Struct(_) => false,
                Type::Array(element, _) | Type::Slice(element) | Type::Vec(element) => {
                    only(element, float)
                }
            }
        }
        let float = self.uniform_float()?;
        let is_float = |ty: &ScalarType| *ty == ScalarType::Float(float.clone());
        let mut values = function.values.iter().filter(|(_, info)| info.lanes);
        let mut memories = function.memories.iter().filter(|(_, info)| info.lanes);
        let mut tapes = function.tapes.iter().filter(|(_, info)| info.lanes);
        let values = values.all(|(_, info)| is_float(&info.ty));
        let memories = memories.all(|(_, info)| only(&info.ty, &float));
        let tapes = tapes.all(|(_, info)| is_float(&info.ty));
        (values && memories && tapes).then_some(float)
    }

    /// A function as one that computes along several directions at once, taken along one.
    pub(super) fn along_one(&self, kind: Kind, of: Kind) -> Item {
        let context = self.context(kind);
        let direction = |i: usize| {
            let ident = context.parameters.get(&Role::Direction(i));
            ident.map(|ident| quote!(#ident))
        };
        let directions = match of.is_hidden() {
            true => self.all_directions(&self.private, &direction, false),
            false => self
                .active
                .iter()
                .filter_map(|(i, _)| direction(*i))
                .collect(),
        };
        let checks = match of.is_hidden() {
            true => self.length_checks(kind, &context),
            false => TokenStream::new(),
        };
        let arguments = self.arguments(false).into_iter().chain(directions);
        // The directions tell their type.
        let float = self.uniform_float().map(|float| types::float(&float));
        let is_told = self.generics.params.is_empty() || self.has_structs();
        let path = self.path(of, float.filter(|_| !is_told));
        let call = quote!(#path(#(#arguments),*));
        let body = if kind == Kind::Jvp && self.signature.result.is_none() {
            let call = self.value_of(call);
            self.returning(quote!(#checks #call;), TokenStream::new())
        } else {
            quote!(#checks #call)
        };
        self.wrapper(kind, context.clone(), body)
    }

    /// A pattern for the tangents of all adjoints, and the variables in it.
    fn tangent_pattern(&self, context: &mut Context) -> (TokenStream, Vec<Ident>) {
        let tangents: Vec<Ident> = self
            .active
            .iter()
            .map(|(_, parameter)| {
                let name = parameter.name.to_string();
                context
                    .names
                    .fresh(&format!("h{}", name.strip_prefix("r#").unwrap_or(&name)))
            })
            .collect();
        (
            tuple(tangents.iter().map(|ident| quote!(#ident)).collect()),
            tangents,
        )
    }

    /// `value_gradient_hessian` with shared subexpressions, for straight-line functions of scalars.
    pub(super) fn symbolic_hessian(&self, function: &Function) -> Item {
        let context = self.context(Kind::ValueGradientHessian);
        let emitted = functions::emit_with_rows(function, &context);
        self.item_of(Kind::ValueGradientHessian, context, emitted)
    }

    /// `hessian` as a part of `value_gradient_hessian`.
    pub(super) fn hessian_of_all(&self) -> Item {
        let mut context = self.context(Kind::Hessian);
        let (path, arguments) = (
            self.path(Kind::ValueGradientHessian, None),
            self.arguments(false),
        );
        let hessian = context.names.fresh("hessian");
        let all = self.value_of(quote!(#path(#(#arguments),*)));
        let body = self.returning(quote!(let (_, _, #hessian) = #all;), quote!(#hessian));
        self.wrapper(Kind::Hessian, context, body)
    }

    /// `value_gradient_hessian` from its parts.
    pub(super) fn all_of_parts(&self) -> Item {
        let mut context = self.context(Kind::ValueGradientHessian);
        let (value, gradient) = (
            context.names.fresh("value"),
            context.names.fresh("gradient"),
        );
        let (first, second) = (
            self.path(Kind::ValueAndGradient, None),
            self.path(Kind::Hessian, None),
        );
        let (again, last) = (self.arguments(true), self.arguments(false));
        let first = self.value_of(quote!(#first(#(#again),*)));
        let second = self.value_of(quote!(#second(#(#last),*)));
        let body = self.returning(
            quote!(let (#value, #gradient) = #first;),
            quote!((#value, #gradient, #second)),
        );
        self.wrapper(Kind::ValueGradientHessian, context, body)
    }

    /// `hessian` by sweeps along several unit directions at once, which give as many columns; by symmetry they are
    /// rows just as well. `kind` is the function that makes a sweep.
    pub(super) fn hessian(&self, kind: Kind) -> Item {
        let mut context = self.context(Kind::Hessian);
        let hessian = context.names.fresh("hessian");
        let (pattern, tangents) = self.tangent_pattern(&mut context);
        let tangents: Vec<(Ident, Type)> = tangents
            .into_iter()
            .zip(&self.active)
            .map(|(ident, (_, parameter))| (ident, owned_tangent(parameter)))
            .collect();
        let fixed = self.inputs().length;
        let body = self.sweeps(
            &mut context,
            &Sweep {
                kind,
                matrix: &hessian,
                pattern: quote!((_, #pattern)),
                tangents,
                rows: fixed.clone(),
                fixed: fixed.is_some(),
                is_square: true,
            },
        );
        self.wrapper(Kind::Hessian, context, body)
    }

    /// `jacobian`: by columns in forward mode, or by rows in reverse where the results are known to be fewer.
    ///
    /// `kind` is the function that makes a sweep in forward mode; whether it is called is told, too.
    pub(super) fn jacobian(&self, kind: Kind) -> (Item, bool) {
        let mut context = self.context(Kind::Jacobian);
        let result = self.result_tangent().unwrap_or(Type::Tuple(Vec::new()));
        let rows = flat::fixed_count(&result);
        let fixed = rows.is_some() && self.inputs().length.is_some();
        let jacobian = context.names.fresh("jacobian");
        let by_rows = match (flat::literal_count(&result), self.inputs().count) {
            (Some(rows), Some(columns)) => columns > 2 * rows,
            (Some(_), None) => true,
            (None, _) => false,
        };
        let body = if by_rows {
            self.rows(&mut context, &jacobian, &result, fixed)
        } else {
            let tangent = context.names.fresh("tangents");
            self.sweeps(
                &mut context,
                &Sweep {
                    kind,
                    matrix: &jacobian,
                    pattern: quote!((_, #tangent)),
                    tangents: vec![(tangent, result)],
                    rows,
                    fixed,
                    is_square: false,
                },
            )
        };
        (self.wrapper(Kind::Jacobian, context, body), !by_rows)
    }

    /// Fills a matrix by columns, several at once.
    fn sweeps(&self, context: &mut Context, sweep: &Sweep) -> TokenStream {
        let (private, float) = (&self.private, self.float());
        let inputs = self.inputs();
        let most = if sweep.kind.has_lanes() { LANES } else { 1 };
        let width = inputs
            .count
            .filter(|count| *count <= most)
            .unwrap_or(most)
            .max(1);
        let single = inputs.count.is_some_and(|count| count <= most);
        let lanes = flat::literal(width);
        let derivative = sweep.kind.has_lanes().then(|| {
            let float = self.uniform_float().map(|float| types::float(&float));
            match width {
                1 => quote!(#float),
                _ => quote!(#private::Lanes<#float, #lanes>),
            }
        });
        let base = context.names.fresh("base");
        let columns = context.names.fresh("columns");
        let count = self.count_inputs(&mut context.names);
        let matrix = sweep.matrix;
        let zero = self.zero();
        let declared_rows = sweep
            .rows
            .clone()
            .or_else(|| sweep.is_square.then(|| quote!(#columns)));
        // Where its size is not fixed, room is made after a sweep: the function may panic, and the matrix be huge.
        let (declaration, late) = match (&declared_rows, sweep.fixed) {
            (Some(rows), true) => {
                let length = inputs.length.as_ref();
                (quote!(let mut #matrix = [[#zero; #length]; #rows];), None)
            }
            (rows, _) => {
                let rows = match rows {
                    Some(rows) => rows.clone(),
                    None => {
                        let parts = sweep.tangents.iter();
                        let counts = parts.map(|(ident, ty)| {
                            flat::count(&self.private, &mut context.names, ty, &quote!(#ident))
                        });
                        quote!(#(#counts)+*)
                    }
                };
                let made = quote!(#private::Matrix::zeros(#rows, #columns));
                if single {
                    (quote!(), Some(quote!(let mut #matrix = #made;)))
                } else {
                    (
                        quote!(let mut #matrix = #private::Matrix::zeros(0, #columns);),
                        Some(quote!(if #base == 0 { #matrix = #made; })),
                    )
                }
            }
        };
        let (at, counter) = flat::counter(&mut context.names);
        let (seeds, mut directions) = self.seeds(context, &at, &base);
        if sweep.kind.is_hidden() {
            let direction = |i: usize| {
                let position = self.active.iter().position(|(k, _)| *k == i);
                position.map(|k| directions[k].clone())
            };
            directions = self.all_directions(private, &direction, false);
        }
        let arguments = self.arguments(!single);
        let path = self.path(sweep.kind, derivative);
        let pattern = &sweep.pattern;
        let store = |tangents: &TokenStream| {
            let row = if sweep.fixed {
                quote!(&mut #matrix[#at])
            } else {
                quote!(#matrix.row_mut(#at))
            };
            quote!(#private::place(#row, #base, #tangents); #at += 1;)
        };
        let stores: TokenStream = sweep
            .tangents
            .iter()
            .map(|(ident, ty)| {
                flat::for_each(
                    (private, &float),
                    &mut context.names,
                    ty,
                    false,
                    &quote!(#ident),
                    &store,
                )
            })
            .collect();
        let swept = self.value_of(quote!(#path(#(#arguments,)* #(#directions),*)));
        let one_sweep = quote! {
            #counter
            #seeds
            let #pattern = #swept;
            #late
            #counter
            #stores
        };
        let sweeps = if single {
            quote!(let #base = 0; #one_sweep)
        } else {
            quote!(for #base in #private::sweeps(#columns, #lanes) { #one_sweep })
        };
        let needs_columns = !(single && sweep.fixed);
        let columns = needs_columns.then(|| quote!(let #columns: usize = #count;));
        self.returning(quote!(#columns #declaration #sweeps), quote!(#matrix))
    }

    /// Fills a matrix by rows, each from one cotangent.
    fn rows(
        &self,
        context: &mut Context,
        matrix: &Ident,
        result: &Type,
        fixed: bool,
    ) -> TokenStream {
        let private = &self.private;
        let float = self.float();
        let rows = flat::count(&self.private, &mut context.names, result, &quote!());
        let columns = context.names.fresh("columns");
        let count = self.count_inputs(&mut context.names);
        let zero = self.zero();
        let declaration = if fixed {
            let length = self.inputs().length;
            quote!(let mut #matrix = [[#zero; #length]; #rows];)
        } else {
            quote!(let mut #matrix = #private::Matrix::zeros(#rows, #columns);)
        };
        let columns = (!fixed).then(|| quote!(let #columns: usize = #count;));
        let (path, arguments) = (self.path(Kind::Pullback, None), self.arguments(false));
        let (pullback, row) = (context.names.fresh("pullback"), context.names.fresh("row"));
        let cotangent = context.names.fresh("cotangent");
        let zeros = shape::zero(private, result, None);
        let (at, counter) = flat::counter(&mut context.names);
        let seed = |float: &TokenStream| quote!(#private::unit(#float, &mut #at, #row););
        let seeds = flat::for_each(
            (private, &float),
            &mut context.names,
            result,
            true,
            &quote!(#cotangent),
            &seed,
        );
        let (pattern, adjoints) = self.tangent_pattern(context);
        let store = |adjoint: &TokenStream| {
            let entry = if fixed {
                quote!(#matrix[#row][#at])
            } else {
                quote!(#matrix[(#row, #at)])
            };
            quote!(#entry = *#adjoint; #at += 1;)
        };
        let stores: TokenStream = adjoints
            .iter()
            .zip(&self.active)
            .map(|(ident, (_, parameter))| {
                flat::for_each(
                    (private, &float),
                    &mut context.names,
                    &owned_tangent(parameter),
                    false,
                    &quote!(#ident),
                    &store,
                )
            })
            .collect();
        let both = self.value_of(quote!(#path(#(#arguments),*)));
        let statements = quote! {
            #columns
            let (_, #pullback) = #both;
            #declaration
            for #row in 0..#rows {
                let mut #cotangent = #zeros;
                #counter
                #seeds
                let #pattern = #pullback(#cotangent);
                #counter
                #stores
            }
        };
        self.returning(statements, quote!(#matrix))
    }

    /// The number of floats in all active parameters.
    fn count_inputs(&self, names: &mut Names) -> TokenStream {
        let counts = self.active.iter().map(|(_, parameter)| {
            let ty = parameter.ty.clone().unwrap_or(Type::Tuple(Vec::new()));
            flat::count(&self.private, names, &ty, &parameter_place(parameter))
        });
        let counts: Vec<TokenStream> = counts.collect();
        match self.inputs().count {
            Some(count) => flat::literal(count),
            None => quote!(#(#counts)+*),
        }
    }

    /// The one floating-point type.
    fn float(&self) -> TokenStream {
        self.uniform_float()
            .map_or_else(|| quote!(_), |float| types::float(&float))
    }

    fn zero(&self) -> TokenStream {
        let ty = self
            .uniform_float()
            .map_or(ScalarType::Inferred, ScalarType::Float);
        shape::untyped_zero(&self.private, &Type::Scalar(ty), None)
    }

    /// Statements that make the unit directions from the position `base` on, and the arguments that pass them.
    fn seeds(
        &self,
        context: &mut Context,
        at: &Ident,
        base: &Ident,
    ) -> (TokenStream, Vec<TokenStream>) {
        let (private, float) = (&self.private, self.float());
        let mut statements = TokenStream::new();
        let mut arguments = Vec::new();
        let seed = |direction: &TokenStream| quote!(#private::seed(#direction, &mut #at, #base););
        for (i, parameter) in &self.active {
            let ident = self.role_name(Role::Direction(*i), &mut context.names);
            let ty = owned_tangent(parameter);
            let zeros = shape::zeros_like(
                private,
                &mut context.names,
                (&ty, Like::Primal),
                Some(private),
                &parameter_place(parameter),
            );
            statements.extend(quote!(let mut #ident = #zeros;));
            statements.extend(flat::for_each(
                (private, &float),
                &mut context.names,
                &ty,
                true,
                &quote!(#ident),
                &seed,
            ));
            arguments.push(if self.direction_is_reference(parameter) {
                quote!(&#ident)
            } else {
                quote!(#ident)
            });
        }
        (statements, arguments)
    }
}

/// How a matrix is filled by columns.
struct Sweep<'a> {
    /// The function that makes one sweep.
    kind: Kind,
    matrix: &'a Ident,
    /// What its result is taken apart by.
    pattern: TokenStream,
    /// The variables in the pattern that hold the tangents, flattened in this order into rows.
    tangents: Vec<(Ident, Type)>,
    /// The number of rows, if it is known ahead of the first sweep.
    rows: Option<TokenStream>,
    /// Whether the matrix is an array of arrays.
    fixed: bool,
    /// Whether there are as many rows as columns.
    is_square: bool,
}
