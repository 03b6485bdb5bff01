//! The samples' twins alone: their values bitwise, and their derivatives against finite differences of the samples.
//!
//! This tests the oracle and the samples themselves, without the compiler.

// The samples are written as people write them, whatever clippy may think of a loop over indices.
#![allow(clippy::all)]
// Some of the very constructs that the samples are there for would be written otherwise, had rustc its way.
#![allow(unreachable_pub, unused_assignments, unused_mut, unused_variables)]

use oracle::{twin_checked as checked, twin_twinned as twinned};

#[path = "../../samples/mod.rs"]
mod samples;
