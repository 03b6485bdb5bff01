//! The sample functions by topic; see README.md beside this file.
//!
//! The crate that includes them says what `checked` is: the whole check, or that of the twins alone.

use super::checked;

mod arrays;
mod if_else;
mod lets_and_shadowing;
mod scalars_and_methods;
mod slices;
mod tuples;
