//! Every sample's derivative functions against its twin over dual numbers, finite differences and each other.

// The samples are written as people write them, whatever clippy may think of a loop over indices.
#![allow(clippy::all)]
// Some of the very constructs that the samples are there for would be written otherwise, had rustc its way.
#![allow(unreachable_pub, unused_assignments, unused_mut, unused_variables)]

use oracle::{checked, twinned};

#[path = "samples/mod.rs"]
mod samples;
