//! From a function to its derivatives.

mod builder;
mod forward;
mod min_cut;
mod reverse;

pub use forward::forward;
pub use reverse::{AdjointsOut, Reversed, Seed, Shape, reverse};
