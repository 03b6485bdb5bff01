//! Emission: from intermediate representation to plain, readable Rust.

mod body;
mod control;
mod effects;
mod expression;
mod literal;
mod memory;
mod names;
mod operands;
mod operation;
mod statement;
mod tape;
mod types;
mod variables;
