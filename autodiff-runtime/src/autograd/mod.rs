//! The graph of what was computed, and the walk back through it.
//!
//! Every operation on a tensor that requires gradients makes a node (`node`), which keeps what its rule needs
//! (`record`) and points at the nodes of its operands. Node numbers only grow, and a node can only point at older ones,
//! so visiting nodes by falling number is a topological order: the engine needs neither a count of dependencies nor a
//! table of visited nodes. Rules are written in tensor operations, so that a backward pass made with `create_graph` is
//! recorded itself and can be differentiated again.

mod accumulate;
mod anomaly;
mod backward;
mod check;
mod custom;
mod draw;
mod engine;
mod error;
pub mod functional;
mod hooks;
pub mod lift;
mod mode;
mod node;
mod record;

pub use anomaly::detect_anomaly;
pub use backward::{Backward, Grad, grad, grad_with};
pub use check::{gradcheck, gradgradcheck};
pub use custom::{Function, Saved, Saving, checkpoint};
pub use draw::{graph_to_dot, graph_to_svg};
pub use error::AutogradError;
pub use hooks::HookHandle;
pub use mode::{enable_grad, is_grad_enabled, no_grad, set_grad_enabled};
pub use node::GradFn;

pub(crate) use accumulate::Leaf;
pub(crate) use hooks::{lock, typed};
pub(crate) use node::{Edge, NodeRef, next_id};
pub(crate) use record::{
    Cx, Keep, Saved as SavedValue, node_at, record, record_at, record_many, record_view,
};
