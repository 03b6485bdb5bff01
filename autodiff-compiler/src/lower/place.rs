//! Places of the tree: slots, or paths into memory.

use super::Lowering;
use super::slot::{Destination, Slot, Value};
use crate::hir::{Expr, ExprKind, Place, Step};
use crate::ir::{self, Projection, Stmt, Type};

impl Lowering<'_> {
    /// What a place stands for. Its indices are evaluated from left to right, and each part is checked before an index
    /// behind it that could panic itself.
    pub(super) fn resolve(&mut self, place: &Place) -> Destination {
        let mut at = Destination::Slot(self.slot(place.root, place.span));
        for step in &place.path {
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
                (Destination::Slot(Slot::Tuple(mut slots)), Step::Field(field)) => {
                    Destination::Slot(slots.swap_remove(*field))
                }
                (Destination::Place(mut place, Type::Tuple(mut parts)), Step::Field(field)) => {
                    place.path.push(Projection::Field(*field));
                    Destination::Place(place, parts.swap_remove(*field))
                }
                (Destination::Place(mut place, ty), Step::Index(index)) => {
                    let checked = place
                        .path
                        .iter()
                        .any(|step| matches!(step, Projection::Index(_)));
                    if checked && may_panic(index) {
                        self.stmts.push(Stmt::Check {
                            place: place.clone(),
                        });
                    }
                    place.path.push(Projection::Index(self.scalar(index)));
                    let element = ty
                        .element()
                        .cloned()
                        .expect("only what has elements is indexed");
                    Destination::Place(place, element)
                }
                (at, _) => at,
            };
        }
        at
    }

    /// What is at a place of the tree.
    pub(super) fn read(&mut self, place: &Place) -> Value {
        match self.resolve(place) {
            Destination::Slot(slot) => self.read_slot(&slot, place.span),
            Destination::Place(place, _) => self.read_memory(place),
        }
    }

    /// The place in memory that a place of the tree stands for; `None` for scalars that are values.
    pub(super) fn memory_place(&mut self, place: &Place) -> Option<ir::Place> {
        match self.resolve(place) {
            Destination::Slot(Slot::Memory(memory)) => Some(ir::Place {
                memory,
                path: Vec::new(),
            }),
            Destination::Place(place, _) => Some(place),
            Destination::Slot(_) => None,
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
