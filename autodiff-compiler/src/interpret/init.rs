//! The first content of memories.

use super::environment::defect;
use super::machine::Machine;
use super::{Datum, Panic, constants};
use crate::ir::{Init, InitTree, MemoryId, RepeatCount, Type};

impl Machine<'_> {
    pub(super) fn init(&self, memory: MemoryId, init: &Init) -> Result<Datum, Panic> {
        let lanes = self.environment.lanes(memory);
        match init {
            Init::Tree(tree) => {
                self.tree(tree, &self.environment.function.memories[memory].ty, lanes)
            }
            Init::CopyOf(place) => self.get(place).cloned(),
            Init::ZerosLike(place) => Ok(self.get(place)?.zeros(lanes)),
            Init::Default => self.default(&self.environment.function.memories[memory].ty, lanes),
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
            (InitTree::CopyOf(place), _) => self.get(place).cloned(),
            (InitTree::ZerosLike(place), _) => Ok(self.get(place)?.zeros(lanes)),
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
            (InitTree::Tuple(parts), Type::Tuple(types)) => {
                let parts = parts
                    .iter()
                    .zip(types)
                    .map(|(part, ty)| self.tree(part, ty, lanes));
                parts.collect::<Result<_, _>>().map(Datum::Tuple)
            }
            (InitTree::Tuple(_), _) => defect(format!("{tree} fills {ty}")),
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
            Type::Tuple(parts) => Datum::Tuple(
                parts
                    .iter()
                    .map(|part| self.default(part, lanes))
                    .collect::<Result<_, _>>()?,
            ),
        })
    }
}
