//! From a function to its derivatives.

mod derive;
mod forward;
mod min_cut;
mod reverse;
mod symbolic;

pub use derive::derive;
pub use forward::forward;
pub use reverse::{AdjointsOut, Reversed, Seed, Shape, reverse};
