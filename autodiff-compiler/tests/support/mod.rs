//! What the integration tests of the compiler share.

// Each test is a crate of its own and uses a part of this.
#![allow(dead_code)]

pub mod arguments;
pub mod checks;
pub mod derivative_values;
pub mod differences;
pub mod generate;
pub mod reader;
pub mod sample;
pub mod sweeps;
