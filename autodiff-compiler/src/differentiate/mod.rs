//! From a function to its derivatives.

mod derive;
mod forward;
mod min_cut;
mod reverse;
mod split;
mod sweeps;
mod symbolic;

pub use derive::{derive, derive_with, derive_written};
pub use forward::{forward, forward_of_sweeps};
pub use reverse::{AdjointsOut, Reversed, Seed, Shape, reverse};
pub use split::split;
