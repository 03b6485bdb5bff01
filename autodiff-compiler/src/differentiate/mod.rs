//! From a function to its derivatives.

mod builder;
mod derive;
mod forward;
mod min_cut;
mod reverse;
mod symbolic;

pub use builder::{Builder, is_literal};
pub use derive::derive;
pub use forward::forward;
pub use reverse::{AdjointsOut, Reversed, Seed, Shape, reverse};
