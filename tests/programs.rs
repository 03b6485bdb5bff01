//! Programs of a page or two from many fields, written as their users write them, through the same checks as the samples.

// The loops and arguments are those of each field, whatever clippy would rather see.
#![allow(clippy::all)]
#![deny(warnings)]

use oracle::{checked, twinned};

#[path = "programs/mod.rs"]
mod programs;
