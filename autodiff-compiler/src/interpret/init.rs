//! The first content of memories.

use std::borrow::Cow;

use super::environment::defect;
use super::machine::Machine;
use super::{Datum, Panic, constants};
use crate::ir::{Init, InitTree, MemoryId, RepeatCount, Type};

impl Machine<'_> {
    pub(super) fn init(&self, memory: MemoryId, init: &Init) -> Result<Datum, Panic> {
        let lanes = self.environment.lanes(memory);
        let ty = &self.environment.function.memories[memory].ty;
        match init {
            Init::Tree(tree) => {
                self.tree(tree, &self.environment.function.memories[memory].ty, lanes)
            }
            Init::CopyOf(place) => self.get(place).map(Cow::into_owned),
            Init::ZerosLike(place) => self.zeros(ty, &*self.get(place)?, lanes),
            Init::Default => self.default(ty, lanes),
        }
    }

    pub(super) fn tree(
        &self,
        tree: &InitTree,
        ty: &Type,
        lanes: Option<usize>,
    ) -> Result<Datum, Panic> {
        match (tree, ty) {
            (InitTree::Scalar(operand), _) => Ok(self.environment.operand(operand)?.spread(lanes)),
            (InitTree::CopyOf(place), _) => self.get(place).map(Cow::into_owned),
            (InitTree::ZerosLike(place), _) => self.zeros(ty, &*self.get(place)?, lanes),
            (InitTree::List(parts), _) => {
                let Some(element) = ty.element() else {
                    return defect(format!("{tree} fills {ty}"));
                };
                let parts = parts.iter().map(|part| self.tree(part, element, lanes));
                parts.collect::<Result<_, _>>().map(Datum::List)
            }
            (InitTree::Repeat(part, count), _) => {
                let Some(element) = ty.element() else {
                    return defect(format!("{tree} fills {ty}"));
                };
                let part = self.tree(part, element, lanes)?;
                let count = match count {
                    RepeatCount::Fixed(length) => {
                        constants::length(&self.environment.settings, length)?
                    }
                    RepeatCount::Dynamic(length) => self.environment.count(length)?,
                };
                Ok(Datum::List(vec![part; count]))
            }
            (InitTree::Tuple(parts), Type::Tuple(_) | Type::Struct(_)) => {
                let parts = parts
                    .iter()
                    .zip(ty.parts().into_iter().flatten())
                    .map(|(part, ty)| self.tree(part, ty, lanes));
                parts.collect::<Result<_, _>>().map(Datum::Tuple)
            }
            (InitTree::Tuple(_), _) => defect(format!("{tree} fills {ty}")),
        }
    }

    /// Zeros of a type in the shape of a datum, which may be a primal where the type is that of its tangent.
    fn zeros(&self, ty: &Type, like: &Datum, lanes: Option<usize>) -> Result<Datum, Panic> {
        match (ty, like) {
            (Type::Scalar(scalar), _) => {
                Ok(Datum::Scalar(self.environment.settings.zero(scalar)?).spread(lanes))
            }
            (Type::Tuple(types), _) if types.is_empty() => Ok(Datum::Tuple(Vec::new())),
            (Type::Tuple(_) | Type::Struct(_), Datum::Tuple(parts)) => {
                let types = ty.parts().into_iter().flatten();
                let parts = types
                    .zip(parts)
                    .map(|(ty, part)| self.zeros(ty, part, lanes));
                parts.collect::<Result<_, _>>().map(Datum::Tuple)
            }
            (_, Datum::List(parts)) => {
                let Some(element) = ty.element() else {
                    return defect(format!("zeros of {ty} like {like:?}"));
                };
                let parts = parts.iter().map(|part| self.zeros(element, part, lanes));
                parts.collect::<Result<_, _>>().map(Datum::List)
            }
            _ => defect(format!("zeros of {ty} like {like:?}")),
        }
    }

    pub(super) fn default(&self, ty: &Type, lanes: Option<usize>) -> Result<Datum, Panic> {
        let settings = &self.environment.settings;
        Ok(match ty {
            Type::Scalar(scalar) => Datum::Scalar(settings.zero(scalar)?).spread(lanes),
            Type::Array(element, length) => Datum::List(vec![
                self.default(element, lanes)?;
                constants::length(settings, length)?
            ]),
            Type::Slice(_) | Type::Vec(_) => Datum::List(Vec::new()),
            Type::Tuple(_) | Type::Struct(_) => Datum::Tuple(
                ty.parts()
                    .into_iter()
                    .flatten()
                    .map(|part| self.default(part, lanes))
                    .collect::<Result<_, _>>()?,
            ),
        })
    }
}
