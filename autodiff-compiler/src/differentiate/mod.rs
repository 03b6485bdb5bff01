//! From a function to its derivatives.

mod derive;
mod forward;
mod min_cut;
mod reverse;
mod sweeps;
mod symbolic;

pub use derive::{derive, derive_with};
pub use forward::forward;
pub use reverse::{AdjointsOut, Reversed, Seed, Shape, reverse};
