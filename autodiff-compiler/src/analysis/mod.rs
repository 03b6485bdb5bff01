//! What the compiler finds out about a function before it differentiates it.

mod activity;
mod linear;
mod overwrites;
mod structure;

pub use activity::{Activity, differentiable_operands};
pub use structure::{BlockId, BlockKind, Definition, Structure};
