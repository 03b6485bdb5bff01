//! What the tensors tracked at run time promise: each behaviour of PyTorch's autograd that the project reproduces, and
//! the derivatives of every operation.

#[expect(
    clippy::needless_range_loop,
    reason = "the macro takes loops over indices, and that is what is lifted here"
)]
#[path = "autograd/both_worlds.rs"]
mod both_worlds;
#[path = "autograd/derivatives.rs"]
mod derivatives;
#[path = "autograd/documentation.rs"]
mod documentation;
#[path = "autograd/drawing.rs"]
mod drawing;
#[path = "autograd/engine.rs"]
mod engine;
#[path = "autograd/fuzz.rs"]
mod fuzz;
#[path = "autograd/memory.rs"]
mod memory;
#[path = "autograd/optimisers.rs"]
mod optimisers;
#[path = "autograd/programs.rs"]
mod programs;
#[path = "autograd/registry.rs"]
mod registry;
#[path = "autograd/registry_linear.rs"]
mod registry_linear;
#[path = "autograd/statistics.rs"]
mod statistics;
#[path = "autograd/support.rs"]
mod support;

#[path = "autograd/rows.rs"]
mod rows;
#[path = "autograd/rows_accumulation.rs"]
mod rows_accumulation;
#[path = "autograd/rows_first_steps.rs"]
mod rows_first_steps;
#[path = "autograd/rows_functions.rs"]
mod rows_functions;
#[path = "autograd/rows_graph.rs"]
mod rows_graph;
#[path = "autograd/values.rs"]
mod values;
