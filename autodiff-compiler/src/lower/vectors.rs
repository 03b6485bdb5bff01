//! `Vec`s made of other sequences.

use super::Lowering;
use crate::diagnostics::{self, Extent};
use crate::ir::{
    Block, For, Init, InitTree, MemoryId, Op, Operand, Place, Projection, Range, RepeatCount,
    ScalarType, Stmt, Type,
};

impl Lowering<'_> {
    /// A `Vec` with copies of the elements of a sequence.
    pub(super) fn vector_of(&mut self, from: Place, span: Extent) -> MemoryId {
        let ty = self.place_type(&from);
        let element = ty.element().cloned().expect("only sequences become `Vec`s");
        let memory = self.new_memory("", Type::Vec(Box::new(element.clone())));
        if !matches!(ty, Type::Array(..)) {
            self.stmts.push(Stmt::Alloc {
                memory,
                init: Init::CopyOf(from),
            });
            return memory;
        }
        // An array and a `Vec` differ in shape, so the elements are copied one by one.
        let Some(zero) = self.zero_tree(&element) else {
            self.errors.span(span, &diagnostics::NESTED_VEC, &[]);
            return memory;
        };
        let length = self.define("", ScalarType::USIZE, Op::Len(from.clone()));
        let content = InitTree::Repeat(Box::new(zero), RepeatCount::Dynamic(length.clone()));
        self.stmts.push(Stmt::Alloc {
            memory,
            init: Init::Tree(content),
        });
        let index = self.new_value("i", ScalarType::USIZE);
        let at = |mut place: Place| {
            place.path.push(Projection::Index(Operand::Value(index)));
            place
        };
        let (from, to) = (
            at(from),
            at(Place {
                memory,
                path: Vec::new(),
            }),
        );
        let stmts = match element {
            Type::Scalar(ty) => {
                let value = self.new_value("", ty);
                let store = Stmt::Store {
                    place: to,
                    value: Operand::Value(value),
                };
                vec![Stmt::Load { value, place: from }, store]
            }
            _ => vec![Stmt::Copy { to, from }],
        };
        let low = self.zero(&ScalarType::USIZE).expect("integers have a zero");
        self.stmts.push(Stmt::For(For {
            index,
            range: Range {
                low,
                high: length,
                inclusive: false,
                reversed: false,
            },
            carried: Vec::new(),
            body: Block {
                stmts,
                yields: Vec::new(),
            },
            stop: None,
        }));
        memory
    }

    /// Zeros of a type of fixed shape.
    fn zero_tree(&self, ty: &Type) -> Option<InitTree> {
        match ty {
            Type::Scalar(scalar) => self.zero(scalar).map(InitTree::Scalar),
            Type::Array(element, length) => {
                let element = Box::new(self.zero_tree(element)?);
                Some(InitTree::Repeat(
                    element,
                    RepeatCount::Fixed(length.clone()),
                ))
            }
            Type::Tuple(parts) => parts
                .iter()
                .map(|part| self.zero_tree(part))
                .collect::<Option<_>>()
                .map(InitTree::Tuple),
            Type::Slice(_) | Type::Vec(_) | Type::Struct(_) => None,
        }
    }
}
