//! What makes `Vec`s and arrays of items.

use super::super::closures::refers;
use super::super::terms::{effect, number, put};
use super::super::{Builder, vec_element};
use super::consume::turbofish;
use super::drive::Course;
use super::{Iter, Kind};
use crate::diagnostics::{self, Extent, Located};
use crate::hir::types::Ty;
use crate::hir::{Count, Expr, ExprKind, Place, Step, Stmt};
use crate::ir::{Length, ScalarType};

impl Builder<'_> {
    /// `collect` into a `Vec`: one of the right length, whose elements are written one after the other.
    pub(super) fn collected(
        &mut self,
        iter: &Iter,
        call: &syn::ExprMethodCall,
        expected: Option<&Ty>,
        span: Extent,
    ) -> Option<Expr> {
        let element = match expected.map(|ty| self.types.shallow(ty)) {
            Some(Ty::Vec(element)) => *element,
            _ => self.types.fresh(),
        };
        if let Some(ty) = turbofish(call) {
            let Some(written) = vec_element(ty) else {
                self.errors.with(
                    ty,
                    &diagnostics::COLLECT,
                    &["write `collect::<Vec<_>>()`, or a loop that fills the other collection"],
                );
                return None;
            };
            let written = self.written_type(written);
            self.types.unify(&element, &written);
        }
        let count = if iter.has_positions() {
            self.item_count(iter)
        } else {
            None
        };
        let Some(count) = count else {
            return self.appended(&element, iter, span);
        };
        let count = self.named("length", count);
        let ty = Ty::Vec(Box::new(element.clone()));
        self.filled(ty, &element, Count::Dynamic(Box::new(count)), iter, span)
    }

    /// A `Vec` that the items are appended to one after the other.
    fn appended(&mut self, element: &Ty, iter: &Iter, span: Extent) -> Option<Expr> {
        let ty = Ty::Vec(Box::new(element.clone()));
        let local = self.declare("collected", ty.clone());
        let empty = Expr {
            kind: ExprKind::List(Vec::new()),
            ty,
            span,
        };
        self.mutable.insert(local);
        self.stmts.push(Stmt::Let(local, Some(empty)));
        let whole = self.whole(local, span);
        self.append_items(&whole, element, iter, span);
        Some(self.read(whole))
    }

    /// Appends the items of an iterator.
    pub(in crate::hir::build) fn append_items(
        &mut self,
        place: &Place,
        element: &Ty,
        iter: &Iter,
        span: Extent,
    ) {
        let mut any = false;
        self.drive(iter, Course::FORWARDS, &mut |builder, item| {
            let value = builder.settle(item.value);
            let value = builder.value_of(value);
            any |= refers(&value);
            builder.append(place.clone(), element, value, span);
        });
        if any {
            self.errors.span(span, &diagnostics::REFERENCE, &[]);
        }
    }

    /// A sequence of known length whose elements are the items.
    fn filled(
        &mut self,
        ty: Ty,
        element: &Ty,
        count: Count,
        iter: &Iter,
        span: Extent,
    ) -> Option<Expr> {
        let local = self.declare("collected", ty.clone());
        let whole = self.whole(local, span);
        let mut any = false;
        let loops = self.nested(|builder| {
            builder.drive(iter, Course::FORWARDS, &mut |builder, item| {
                let value = builder.settle(item.value);
                any |= refers(&value);
                builder.expect(&value, element);
                let Some(position) = item.position else {
                    return;
                };
                let index = builder.named("index", position);
                let mut place = whole.clone();
                place.path.push(Step::Index(Box::new(index)));
                place.ty = element.clone();
                builder.stmts.push(put(place, value));
            });
        });
        if any {
            self.errors.span(span, &diagnostics::REFERENCE, &[]);
            return None;
        }
        if let Ty::Var(_) = self.types.shallow(element) {
            // What only rustc knows is taken for a float, unless it is known to be an integer.
            self.types.unify(element, &self.types.float());
        }
        let Some(zero) = self.zero_of(element, span) else {
            let entry = match self.types.shallow(element) {
                Ty::Scalar(_) => &diagnostics::UNKNOWN_RECEIVER,
                Ty::Struct(_) => &diagnostics::STRUCT_FIELDS,
                _ => &diagnostics::NESTED_VEC,
            };
            self.errors.span(span, entry, &[]);
            return None;
        };
        let zeros = Expr {
            kind: ExprKind::Repeat(Box::new(zero), count),
            ty,
            span,
        };
        self.stmts.push(Stmt::Let(local, Some(zeros)));
        self.stmts.push(effect(ExprKind::Block(loops), span));
        Some(self.read(whole))
    }

    /// A value of a type of fixed shape, to be overwritten.
    fn zero_of(&self, ty: &Ty, span: Extent) -> Option<Expr> {
        let ty = self.types.shallow(ty);
        let kind = match &ty {
            Ty::Scalar(ScalarType::Bool) => ExprKind::Literal("false".into()),
            Ty::Scalar(ScalarType::Char) => ExprKind::Literal("' '".into()),
            _ if self.types.is_float(&ty) => ExprKind::Literal("0.0".into()),
            _ if self.types.is_integer(&ty) => ExprKind::Literal("0".into()),
            Ty::Array(element, length) => {
                let element = Box::new(self.zero_of(element, span)?);
                ExprKind::Repeat(element, Count::Fixed(length.clone()))
            }
            Ty::Option(value) => ExprKind::Tuple(vec![
                number("false", Ty::BOOL, span),
                self.zero_of(value, span)?,
            ]),
            Ty::Tuple(parts) => ExprKind::Tuple(
                parts
                    .iter()
                    .map(|part| self.zero_of(part, span))
                    .collect::<Option<_>>()?,
            ),
            _ => {
                let fields = self.types.fields(&ty)?;
                self.types.needs_whole(&ty);
                let zeros = fields.iter().map(|(_, field)| {
                    // A field of which nothing is known is taken for a float, too.
                    if self.types.is_part(field) {
                        self.types.unify(field, &self.types.float());
                    }
                    self.zero_of(field, span)
                });
                let zeros = zeros.collect::<Option<_>>()?;
                ExprKind::Struct(fields.into_iter().map(|(name, _)| name).collect(), zeros)
            }
        };
        Some(Expr { kind, ty, span })
    }

    /// `array.map(f)`
    pub(in crate::hir::build) fn array_map(
        &mut self,
        receiver: Expr,
        call: &syn::ExprMethodCall,
    ) -> Expr {
        let span = call.span();
        let mut failed = false;
        let block = self.scoped(|builder| {
            let mapped = builder.mapped_array(receiver, call, span);
            failed = mapped.is_none();
            mapped
        });
        self.made(block, failed, span)
    }

    fn mapped_array(
        &mut self,
        receiver: Expr,
        call: &syn::ExprMethodCall,
        span: Extent,
    ) -> Option<Expr> {
        let Ty::Array(_, length) = self.types.shallow(&receiver.ty) else {
            return None;
        };
        let elements = self.sequence(receiver, Some(true), span)?;
        let function = self.callable(call.args.first()?)?;
        self.array_of(Kind::Map(elements.into(), function), length, span)
    }

    /// `core::array::from_fn::<_, 3, _>(f)`, where the length may come from [`super::lengths`].
    pub(in crate::hir::build) fn array_from_fn(&mut self, call: &syn::ExprCall) -> Expr {
        let span = call.span();
        let length = from_fn_length(call).map(|length| self.array_length(&length));
        let Some(length) = length else {
            return self.failed(
                call,
                &diagnostics::EXPRESSION,
                &[
                    "`from_fn` of unknown length is",
                    "annotate it: `let a: [f64; 3] = std::array::from_fn(…);`",
                ],
            );
        };
        let mut failed = false;
        let block = self.scoped(|builder| {
            let made = builder.generated_array(call, length, span);
            failed = made.is_none();
            made
        });
        self.made(block, failed, span)
    }

    fn generated_array(
        &mut self,
        call: &syn::ExprCall,
        length: Length,
        span: Extent,
    ) -> Option<Expr> {
        let function = self.callable(call.args.first()?)?;
        let zero = Expr {
            kind: ExprKind::Literal("0".into()),
            ty: Ty::USIZE,
            span,
        };
        let indices = Iter {
            kind: Kind::From(zero),
            span,
        };
        let count = match &length {
            Length::Literal(length) => number(&length.to_string(), Ty::USIZE, span),
            Length::Constant(code) => Expr {
                kind: ExprKind::Constant(code.clone()),
                ty: Ty::USIZE,
                span,
            },
        };
        let indices = Iter {
            kind: Kind::Take(indices.into(), count),
            span,
        };
        self.array_of(Kind::Map(indices.into(), function), length, span)
    }

    fn array_of(&mut self, items: Kind, length: Length, span: Extent) -> Option<Expr> {
        let element = self.types.fresh();
        let ty = Ty::Array(Box::new(element.clone()), length.clone());
        let iter = Iter { kind: items, span };
        self.filled(ty, &element, Count::Fixed(length), &iter, span)
    }

    /// What a consumer's block is worth, unless an error was raised in it.
    pub(super) fn made(&self, block: crate::hir::Block, failed: bool, span: Extent) -> Expr {
        if failed {
            return self.broken(span);
        }
        let ty = self.block_type(&block);
        Expr {
            kind: ExprKind::Block(block),
            ty,
            span,
        }
    }

    /// `let v: T = ….collect();` where `T` is no `Vec`.
    pub(in crate::hir::build) fn check_collected(
        &mut self,
        pattern: &syn::Pat,
        value: &syn::Expr,
    ) -> bool {
        let (syn::Pat::Type(typed), syn::Expr::MethodCall(call)) = (pattern, value) else {
            return true;
        };
        let known = match &*typed.ty {
            syn::Type::Infer(_) => true,
            ty => vec_element(ty).is_some(),
        };
        if call.method != "collect"
            || call.turbofish.is_some()
            || known
            || !self.is_iterator(&call.receiver)
        {
            return true;
        }
        self.errors.with(
            &typed.ty,
            &diagnostics::COLLECT,
            &["collect into a `Vec<_>`, or fill the other collection in a loop"],
        );
        false
    }
}

/// The length in `from_fn::<_, 3, _>`.
fn from_fn_length(call: &syn::ExprCall) -> Option<syn::Expr> {
    let syn::Expr::Path(path) = &*call.func else {
        return None;
    };
    let syn::PathArguments::AngleBracketed(arguments) = &path.path.segments.last()?.arguments
    else {
        return None;
    };
    let length = match arguments.args.iter().nth(1)? {
        syn::GenericArgument::Const(length) => length.clone(),
        // A name is read as that of a type.
        syn::GenericArgument::Type(syn::Type::Path(named)) => syn::Expr::Path(syn::ExprPath {
            attrs: Vec::new(),
            qself: named.qself.clone(),
            path: named.path.clone(),
        }),
        _ => return None,
    };
    match length {
        syn::Expr::Block(block) => match &block.block.stmts[..] {
            [syn::Stmt::Expr(length, None)] => Some(length.clone()),
            _ => Some(syn::Expr::Block(block)),
        },
        length => Some(length),
    }
}
