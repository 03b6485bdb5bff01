//! Where structs may be kept as wholes: only rustc knows what is in them, so zeros in their shape are made from the
//! value itself, while it is there.

use super::Lowering;
use crate::diagnostics::{self, Extent};
use crate::ir::{Block, Init, MemoryId, Stmt, Type};

impl Lowering<'_> {
    /// Refuses variables with structs in them whose value is not there from their declaration to the end of the function.
    pub(super) fn check_structs(&self, body: &Block, whole: Extent) {
        let mut found = Vec::new();
        for stmt in &body.stmts {
            match stmt {
                Stmt::Alloc {
                    memory,
                    init: Init::Default,
                } if has_no_default(&self.function.memories[*memory].ty) => found.push(*memory),
                Stmt::Move { to, .. } if self.has_struct(*to) => found.push(*to),
                _ => {}
            }
            stmt.for_each_block(&mut |block| self.inside(block, &mut found));
        }
        found.sort_unstable();
        found.dedup();
        for memory in found {
            let span = self.spans.get(&memory).copied().unwrap_or(whole);
            self.errors.span(span, &diagnostics::STRUCT_VARIABLE, &[]);
        }
    }

    fn inside(&self, block: &Block, found: &mut Vec<MemoryId>) {
        for stmt in &block.stmts {
            match stmt {
                Stmt::Alloc { memory, .. } | Stmt::Move { to: memory, .. }
                    if self.has_struct(*memory) =>
                {
                    found.push(*memory);
                }
                _ => {}
            }
            stmt.for_each_block(&mut |block| self.inside(block, found));
        }
    }

    fn has_struct(&self, memory: MemoryId) -> bool {
        self.function.memories[memory].ty.has_struct()
    }
}

/// Whether nothing can stand in a variable of the type ahead of its first value.
fn has_no_default(ty: &Type) -> bool {
    match ty {
        Type::Scalar(_) | Type::Slice(_) | Type::Vec(_) => false,
        Type::Struct(_) => true,
        Type::Array(element, _) => has_no_default(element),
        Type::Tuple(parts) => parts.iter().any(has_no_default),
    }
}
