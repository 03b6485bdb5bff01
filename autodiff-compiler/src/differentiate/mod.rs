//! From a function to its derivatives.

mod derive;
mod forward;
mod min_cut;
mod reverse;
mod split;
mod symbolic;

pub use derive::derive;
pub use forward::{forward, forward_of_sweeps};
pub use reverse::{AdjointsOut, Reversed, Seed, Shape, reverse};
pub use split::split;
