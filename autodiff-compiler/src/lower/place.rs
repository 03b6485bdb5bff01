//! Places of the tree: slots, or paths into memory.

use super::Lowering;
use quote::{ToTokens, format_ident, quote};

use super::slot::{Destination, Slot, Value, Var};
use crate::diagnostics;
use crate::hir::{Expr, ExprKind, Place, Step};
use crate::ir::{self, Argument, Code, Op, Projection, ScalarType, Stmt, Template, Type};

impl Lowering<'_> {
    /// What a place stands for. Its indices are evaluated from left to right, and each part is checked before an index
    /// behind it that could panic itself.
    pub(super) fn resolve(&mut self, place: &Place) -> Destination {
        let mut at = Destination::Slot(self.slot(place.root, place.span));
        let mut split = Some(self.types.model(&self.locals[place.root].ty));
        for step in &place.path {
            let above = split.take();
            if let Destination::Slot(Slot::Memory(memory)) = at {
                let ty = self.function.memories[memory].ty.clone();
                at = Destination::Place(
                    ir::Place {
                        memory,
                        path: Vec::new(),
                    },
                    ty,
                );
            }
            at = match (at, step) {
                (Destination::Slot(Slot::Scalar(var)), step) => self.opaque_part(var, step, place),
                (Destination::Opaque(template), step) => self.deeper(template, step),
                (Destination::Slot(Slot::Tuple(mut slots)), Step::Field(field)) => {
                    split = above.and_then(|above| above.parts()?.get(*field).cloned());
                    Destination::Slot(slots.swap_remove(*field))
                }
                (Destination::Slot(Slot::Tuple(mut slots)), Step::Member(name)) => {
                    let Some(Type::Struct(found)) = above else {
                        unreachable!("only structs have named fields");
                    };
                    let field = found
                        .position(name)
                        .expect("a field is noted where it is mentioned");
                    split = Some(found.types[field].clone());
                    Destination::Slot(slots.swap_remove(field))
                }
                (Destination::Place(mut place, Type::Tuple(mut parts)), Step::Field(field)) => {
                    place.path.push(Projection::Field(*field));
                    Destination::Place(place, parts.swap_remove(*field))
                }
                (Destination::Place(mut place, Type::Struct(found)), Step::Member(name)) => {
                    let field = found
                        .position(name)
                        .expect("a field is noted where it is mentioned");
                    place.path.push(Projection::Field(field));
                    Destination::Place(place, found.types[field].clone())
                }
                (Destination::Place(_, ty), Step::Index(_) | Step::Section(_))
                    if ty.element().is_none() =>
                {
                    let found = ty.to_string();
                    let details = ["an array, a slice or a `Vec`", found.as_str()];
                    self.errors
                        .span(place.span, &diagnostics::TYPE_MISMATCH, &details);
                    Destination::Slot(Slot::Scalar(self.new_var("element", ScalarType::Inferred)))
                }
                (Destination::Place(mut place, ty), Step::Index(index)) => {
                    self.check_ahead(&place, step);
                    place.path.push(Projection::Index(self.scalar(index)));
                    let element = ty.element().cloned().expect("it has been looked at above");
                    Destination::Place(place, element)
                }
                (Destination::Place(mut place, ty), Step::Section(section)) => {
                    self.check_ahead(&place, step);
                    let mut bound =
                        |bound: &Option<Expr>| bound.as_ref().map(|bound| self.scalar(bound));
                    place.path.push(Projection::Section(ir::Section {
                        low: bound(&section.low),
                        high: bound(&section.high),
                        inclusive: section.inclusive,
                    }));
                    let element = ty.element().cloned().expect("it has been looked at above");
                    Destination::Place(place, Type::Slice(Box::new(element)))
                }
                (at, _) => at,
            };
        }
        at
    }

    /// Checks what the path has come to, where the next step could panic in evaluating its indices.
    fn check_ahead(&mut self, place: &ir::Place, next: &Step) {
        let checked = place.path.iter().any(Projection::is_checked);
        if checked && next.indices().into_iter().any(may_panic) {
            self.stmts.push(Stmt::Check {
                place: place.clone(),
            });
        }
    }

    /// What is at a place of the tree.
    pub(super) fn read(&mut self, place: &Place) -> Value {
        match self.resolve(place) {
            Destination::Slot(slot) => self.read_slot(&slot, place.span),
            Destination::Place(place, _) => self.read_memory(place),
            Destination::Opaque(template) => {
                let ty = self.scalar_type(&place.ty).unwrap_or(ScalarType::Inferred);
                Value::Scalar(self.define("", ty, Op::Pure(template)))
            }
        }
    }

    /// Whether reading a place moves a whole local `Vec` out, which nothing refers to from then on. One that is filled
    /// anew later stays where it is, and so does one that a loop could move twice, as far as its structure tells.
    pub(super) fn moves(&self, place: &Place, from: &ir::Place) -> bool {
        let info = &self.function.memories[from.memory];
        place.path.is_empty()
            && from.path.is_empty()
            && info.origin == ir::Origin::Local
            && matches!(info.ty, Type::Vec(_))
            && !self.reassigned.contains(&place.root)
            && self.declared_in.get(&place.root) == Some(&self.loops)
    }

    /// A part of a value of a type that only rustc knows.
    fn opaque_part(&mut self, var: Var, step: &Step, place: &Place) -> Destination {
        let Value::Scalar(whole) = self.read_slot(&Slot::Scalar(var), place.span) else {
            return Destination::Slot(Slot::Scalar(var));
        };
        let hole = format_ident!("__hole_0");
        let code = Code::new(hole.to_token_stream());
        self.deeper(
            Template {
                code,
                arguments: vec![Argument::Scalar(whole)],
            },
            step,
        )
    }

    fn deeper(&mut self, mut template: Template, step: &Step) -> Destination {
        let whole = template.code.tokens().clone();
        let code = match step {
            Step::Index(index) => {
                let hole = format_ident!("__hole_{}", template.arguments.len());
                template
                    .arguments
                    .push(Argument::Scalar(self.scalar(index)));
                quote!(#whole[#hole])
            }
            Step::Section(section) => {
                let mut bound = |bound: &Option<Expr>| {
                    bound.as_ref().map(|bound| {
                        let hole = format_ident!("__hole_{}", template.arguments.len());
                        let bound = self.scalar(bound);
                        template.arguments.push(Argument::Scalar(bound));
                        hole
                    })
                };
                let (low, high) = (bound(&section.low), bound(&section.high));
                let dots = if section.inclusive {
                    quote!(..=)
                } else {
                    quote!(..)
                };
                quote!(#whole[#low #dots #high])
            }
            Step::Field(field) => {
                let field = syn::Index::from(*field);
                quote!(#whole.#field)
            }
            Step::Member(name) => {
                let name = syn::parse_str::<syn::Member>(name)
                    .expect("the name of a field is an identifier or a number");
                quote!(#whole.#name)
            }
        };
        template.code = Code::new(code);
        Destination::Opaque(template)
    }

    /// The place in memory that a place of the tree stands for; `None` for scalars that are values.
    pub(super) fn memory_place(&mut self, place: &Place) -> Option<ir::Place> {
        match self.resolve(place) {
            Destination::Slot(Slot::Memory(memory)) => Some(ir::Place {
                memory,
                path: Vec::new(),
            }),
            Destination::Place(place, _) => Some(place),
            Destination::Slot(_) | Destination::Opaque(_) => None,
        }
    }
}

/// Whether evaluating an index may panic or do more than compute.
fn may_panic(index: &Expr) -> bool {
    match &index.kind {
        ExprKind::Literal(_) | ExprKind::Constant(_) => false,
        ExprKind::Read(place) => !place.path.is_empty(),
        ExprKind::Len(place) => !place.path.is_empty(),
        ExprKind::Cast(inner) => may_panic(inner),
        _ => true,
    }
}
