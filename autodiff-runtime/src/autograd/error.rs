//! What can go wrong with gradients.

use std::fmt;

/// Why a gradient, or an operation on tensors, could not be computed.
///
/// ```
/// use autodiff_runtime::{AutogradError, tensor};
///
/// let error = tensor([1.0, 2.0]).try_add(&tensor([1.0, 2.0, 3.0])).unwrap_err();
/// assert!(matches!(error, AutogradError::Shape { .. }));
/// let error = tensor(1.0).backward().unwrap_err();
/// assert!(matches!(error, AutogradError::NoGradient { .. }));
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum AutogradError {
    /// The tensor to differentiate, or to differentiate by, does not require gradients.
    NoGradient {
        /// What was asked for, as in ``"`backward`"``.
        what: String,
    },
    /// A gradient of a tensor with several elements was asked for without saying the gradient of what it flows into.
    NonScalar {
        /// The shape of the tensor.
        shape: Vec<usize>,
    },
    /// A part of the graph has been walked already, and its saved values were freed.
    GraphFreed {
        /// The name of the node that has nothing left.
        node: String,
    },
    /// A value that the backward pass needs was overwritten by an in-place operation.
    ModifiedInPlace {
        /// The name of the node that needs the value.
        node: String,
        /// The shape of the value.
        shape: Vec<usize>,
        /// The number of in-place changes when the value was saved.
        expected: u32,
        /// The number of in-place changes now.
        found: u32,
    },
    /// An in-place change of a leaf that requires gradients, or of a view of one.
    LeafModified {
        /// The in-place operation.
        operation: String,
    },
    /// An input that the outputs do not depend on.
    Unreachable {
        /// The position among the inputs.
        index: usize,
    },
    /// Shapes, dimensions or indices that do not fit an operation.
    Shape {
        /// The operation.
        operation: String,
        /// What does not fit.
        message: String,
    },
    /// Arguments that contradict each other, for instance two outputs with one gradient.
    Argument {
        /// What does not fit, and what to pass instead.
        message: String,
    },
    /// A user's function returned gradients that do not fit its inputs, or failed.
    Function {
        /// The function's name.
        name: String,
        /// What is wrong.
        message: String,
    },
    /// A function whose backward pass cannot be differentiated was differentiated twice.
    OnceDifferentiable {
        /// The function's name.
        name: String,
    },
    /// A derivative differs from the difference quotient.
    Mismatch {
        /// Both Jacobians.
        message: String,
    },
    /// Anomaly detection met a NaN in a gradient.
    Anomaly {
        /// The name of the node that made it.
        node: String,
        /// Which of its inputs the gradient belongs to.
        input: usize,
    },
}

impl AutogradError {
    pub(crate) fn shape(operation: &str, message: impl Into<String>) -> Self {
        Self::Shape {
            operation: operation.to_owned(),
            message: message.into(),
        }
    }

    pub(crate) fn argument(message: impl Into<String>) -> Self {
        Self::Argument {
            message: message.into(),
        }
    }
}

impl fmt::Display for AutogradError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NoGradient { what } => write!(
                f,
                "{what} does not require gradients and was not computed from anything that does; \
                 mark the tensors to differentiate by with `require_grad()`, compute outside `no_grad`, \
                 and pass `create_graph(true)` where a gradient is to be differentiated again"
            ),
            Self::NonScalar { shape } => write!(
                f,
                "a gradient can be started implicitly only from a single element, and this tensor has shape {shape:?}; \
                 reduce it (`sum()`, `mean()`) or pass a gradient of that shape"
            ),
            Self::GraphFreed { node } => write!(
                f,
                "{node} was walked already and its saved values are freed; \
                 pass `retain_graph(true)` to every backward pass through it but the last"
            ),
            Self::ModifiedInPlace {
                node,
                shape,
                expected,
                found,
            } => write!(
                f,
                "a tensor of shape {shape:?} that {node} needs for its gradient was modified in place: \
                 it is at version {found}, {node} needs version {expected}; \
                 use the operation that makes a new tensor, or `copy()` the value first"
            ),
            Self::LeafModified { operation } => write!(
                f,
                "{operation} would change a leaf that requires gradients, or a view of one, in place; \
                 do it inside `no_grad` (as an optimiser does), or on a `copy()`"
            ),
            Self::Unreachable { index } => write!(
                f,
                "input {index} is not part of the graph of the outputs; \
                 pass `allow_unused(true)` to get `None` for it, or `materialize_grads(true)` to get zeros"
            ),
            Self::Shape { operation, message } => write!(f, "{operation}: {message}"),
            Self::Argument { message } | Self::Mismatch { message } => f.write_str(message),
            Self::Function { name, message } => write!(f, "function {name}: {message}"),
            Self::OnceDifferentiable { name } => {
                write!(
                    f,
                    "{name} is differentiable only once: its backward pass was not recorded and cannot be differentiated"
                )
            }
            Self::Anomaly { node, input } => write!(
                f,
                "{node} returned NaN in the gradient of its input {input}"
            ),
        }
    }
}

impl std::error::Error for AutogradError {}
