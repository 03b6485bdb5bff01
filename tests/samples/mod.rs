//! The sample functions by topic; see README.md beside this file.
//!
//! The crate that includes them says what `checked` is: the whole check, or that of the twins alone.

use super::{checked, twinned};

mod aliasing_indices;
mod arrays;
mod auxiliary;
mod calls;
mod checkpoints;
mod closures;
mod constants_and_inactive_calls;
mod early_return;
mod edges;
mod failures;
mod for_ranges;
mod growth;
mod if_else;
mod in_out;
mod in_place_stores;
mod integers_and_casts;
mod interactions;
mod iterator_options;
mod iterator_parts;
mod iterator_results;
mod iterators;
mod labels;
mod large_models;
mod large_simulations;
mod lets_and_shadowing;
mod local_arrays;
mod match_arms;
mod moves;
mod nested_loops;
mod numerics;
mod options;
mod panics;
mod results;
mod scalars_and_methods;
mod sections;
mod single_precision;
mod slices;
mod struct_values;
mod structs;
mod trip_counts;
mod tuples;
mod while_and_loop;
