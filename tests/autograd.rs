//! What the tensors tracked at run time promise: each behaviour of PyTorch's autograd that the project reproduces, and
//! the derivatives of every operation.

#[path = "autograd/both_worlds.rs"]
mod both_worlds;
#[path = "autograd/derivatives.rs"]
mod derivatives;
#[path = "autograd/engine.rs"]
mod engine;
#[path = "autograd/memory.rs"]
mod memory;
#[path = "autograd/optimisers.rs"]
mod optimisers;
#[path = "autograd/registry.rs"]
mod registry;
#[path = "autograd/registry_linear.rs"]
mod registry_linear;
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
