//! Operations that users write themselves, and checkpoints.

use std::sync::{Arc, Mutex};

use super::backward::{Grad, grad_with};
use super::engine::Walk;
use super::error::AutogradError;
use super::hooks::lock;
use super::mode::{enable_grad, is_grad_enabled, no_grad};
use super::node::{Edge, Gradients, NodeRef, Rule};
use crate::tensor::{Float, Tensor};

/// What the forward pass of a [`Function`] leaves for its backward pass.
#[derive(Debug)]
pub struct Saving<'a, T: Float> {
    inputs: &'a [&'a Tensor<T>],
    kept: Vec<Kept<T>>,
}

/// Where a saved value comes from, which decides about its place in the graph of a recorded backward pass.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Origin {
    Input(usize),
    Output,
    /// Computed in the forward pass, which is not recorded.
    Computed,
    Constant,
}

#[derive(Clone, Debug)]
struct Kept<T: Float> {
    value: Tensor<T>,
    version: u32,
    origin: Origin,
}

impl<T: Float> Saving<'_, T> {
    /// Keeps tensors for the backward pass, in this order: inputs, the result, or values computed on the way. The latter
    /// have no second derivatives, since how they were computed is not recorded: a second derivative through them is an
    /// error. Compute them again in the backward pass where it is needed.
    pub fn save_for_backward(&mut self, tensors: &[&Tensor<T>]) {
        for &tensor in tensors {
            let input = self.inputs.iter().position(|input| input.is_same(tensor));
            self.keep(tensor, input.map_or(Origin::Computed, Origin::Input));
        }
    }

    /// Keeps a tensor that does not depend on the inputs: a mask, weights of a loss.
    pub fn save_constant(&mut self, tensor: &Tensor<T>) {
        self.keep(tensor, Origin::Constant);
    }

    fn keep(&mut self, tensor: &Tensor<T>, origin: Origin) {
        self.kept.push(Kept {
            value: tensor.without_edge(),
            version: tensor.version(),
            origin,
        });
    }
}

/// What the backward pass of a [`Function`] works with.
#[derive(Debug)]
pub struct Saved<T: Float> {
    tensors: Vec<Tensor<T>>,
    needs_input_grad: Vec<bool>,
}

impl<T: Float> Saved<T> {
    /// The tensors that the forward pass saved, in that order.
    pub fn tensors(&self) -> &[Tensor<T>] {
        &self.tensors
    }

    /// For each input, whether its gradient is asked for. Others may be `None`.
    pub fn needs_input_grad(&self) -> &[bool] {
        &self.needs_input_grad
    }
}

/// An operation with a derivative of its own.
///
/// ```
/// use autodiff_runtime::{AutogradError, Function, Saved, Saving, Tensor, tensor};
///
/// struct Square;
/// impl Function<f64> for Square {
///     fn name(&self) -> &str {
///         "Square"
///     }
///     fn forward(&self, saving: &mut Saving<'_, f64>, inputs: &[&Tensor]) -> Tensor {
///         saving.save_for_backward(inputs);
///         inputs[0] * inputs[0]
///     }
///     fn backward(&self, saved: &Saved<f64>, gradient: &Tensor) -> Result<Vec<Option<Tensor>>, AutogradError> {
///         Ok(vec![Some(gradient * 2.0 * &saved.tensors()[0])])
///     }
/// }
///
/// let x = tensor(3.0).require_grad();
/// let y = Square.apply(&[&x]);
/// assert_eq!(y.to_string(), "tensor(9., grad_fn=<SquareBackward>)");
/// y.backward()?;
/// assert_eq!(x.grad().unwrap(), tensor(6.0));
/// # Ok::<(), AutogradError>(())
/// ```
pub trait Function<T: Float>: Send + Sync + 'static {
    /// The name that errors and [`GradFn::name`](super::GradFn::name) show, without `Backward`.
    fn name(&self) -> &str;

    /// Computes the result. Nothing in here is recorded.
    fn forward(&self, saving: &mut Saving<'_, T>, inputs: &[&Tensor<T>]) -> Tensor<T>;

    /// The gradients of the inputs, one for each in order, from that of the result; `None` for zero, or where it is not
    /// asked for. Written in operations on tensors it can be differentiated again.
    ///
    /// # Errors
    ///
    /// Whatever the function cannot do.
    fn backward(
        &self,
        saved: &Saved<T>,
        gradient: &Tensor<T>,
    ) -> Result<Vec<Option<Tensor<T>>>, AutogradError>;

    /// Whether [`backward`](Self::backward) cannot be recorded, because it computes with numbers outside of tensors. A
    /// second derivative through the function is then an error instead of a wrong value.
    fn once_differentiable(&self) -> bool {
        false
    }

    /// Applies the function to `inputs` and records it as one operation.
    fn apply(self, inputs: &[&Tensor<T>]) -> Tensor<T>
    where
        Self: Sized,
    {
        let mut saving = Saving {
            inputs,
            kept: Vec::new(),
        };
        let out = no_grad(|| self.forward(&mut saving, inputs));
        let mut kept = saving.kept;
        let edges: Vec<Option<Edge>> = inputs.iter().map(|input| input.edge()).collect();
        if !is_grad_enabled() || edges.iter().all(Option::is_none) {
            return out;
        }
        // What `forward` returns may be an input itself, whose place in the graph it must not take.
        let out = out.without_edge();
        for kept in &mut kept {
            if kept.origin == Origin::Computed && kept.value.is_same(&out) {
                kept.origin = Origin::Output;
            }
        }
        let shapes = inputs.iter().map(|input| input.shape().to_vec()).collect();
        let name = format!("{}Backward", self.name());
        out.with_edge(Edge::new(NodeRef::new(Custom {
            name,
            function: self,
            edges,
            shapes,
            kept: Mutex::new(Some(kept)),
        })))
    }
}

struct Custom<T: Float, F> {
    name: String,
    function: F,
    edges: Vec<Option<Edge>>,
    shapes: Vec<Vec<usize>>,
    kept: Mutex<Option<Vec<Kept<T>>>>,
}

impl<T: Float, F: Function<T>> Rule for Custom<T, F> {
    fn name(&self) -> &str {
        &self.name
    }

    fn edges(&self) -> &[Option<Edge>] {
        &self.edges
    }

    fn run<'a>(
        &'a self,
        node: &'a NodeRef,
        gradients: Gradients,
        walk: &mut Walk<'a>,
    ) -> Result<(), AutogradError> {
        let Some(gradient) = gradients.first else {
            return Ok(());
        };
        let kept = {
            let mut kept = lock(&self.kept);
            if walk.retain_graph {
                kept.clone()
            } else {
                kept.take()
            }
            .ok_or_else(|| AutogradError::GraphFreed {
                node: self.name.clone(),
            })?
        };
        let mut tensors = Vec::with_capacity(kept.len());
        for Kept {
            value,
            version,
            origin,
        } in kept
        {
            if value.version() != version {
                let shape = value.shape().to_vec();
                return Err(AutogradError::ModifiedInPlace {
                    node: self.name.clone(),
                    shape,
                    expected: version,
                    found: value.version(),
                });
            }
            let edge = match origin {
                _ if !is_grad_enabled() => None,
                Origin::Input(input) => self.edges[input].clone(),
                Origin::Output => Some(Edge::new(node.clone())),
                Origin::Computed => Some(barrier(&self.name, self.edges.clone())),
                Origin::Constant => None,
            };
            tensors.push(match edge {
                Some(edge) => value.with_edge(edge),
                None => value,
            });
        }
        let needs_input_grad: Vec<bool> = self
            .edges
            .iter()
            .map(|edge| edge.as_ref().is_some_and(|edge| walk.wants(edge)))
            .collect();
        let saved = Saved {
            tensors,
            needs_input_grad,
        };
        let gradient =
            T::from_any(gradient).expect("the gradient of a result has its element type");
        let once = self.function.once_differentiable();
        let returned = if once {
            no_grad(|| self.function.backward(&saved, &gradient))?
        } else {
            self.function.backward(&saved, &gradient)?
        };
        if returned.len() != self.edges.len() {
            let message = format!(
                "it has {} inputs, and its backward pass returned {} gradients",
                self.edges.len(),
                returned.len()
            );
            return Err(AutogradError::Function {
                name: self.name.clone(),
                message,
            });
        }
        for (input, returned) in returned.into_iter().enumerate() {
            let (Some(edge), Some(returned)) = (&self.edges[input], returned) else {
                continue;
            };
            if returned.shape() != self.shapes[input] {
                let message = format!(
                    "the gradient of its input {input} has shape {:?}, and that input has {:?}",
                    returned.shape(),
                    self.shapes[input]
                );
                return Err(AutogradError::Function {
                    name: self.name.clone(),
                    message,
                });
            }
            if walk.wants(edge) {
                let given = if once && walk.create_graph {
                    barred(&self.name, returned, &gradient, &saved.tensors)
                } else {
                    returned
                };
                walk.give(node, input, edge, T::into_any(given))?;
            }
        }
        Ok(())
    }
}

/// The gradient of a function that is differentiable once: an error where anybody differentiates it.
fn barred<T: Float>(
    name: &str,
    value: Tensor<T>,
    gradient: &Tensor<T>,
    saved: &[Tensor<T>],
) -> Tensor<T> {
    let edges: Vec<Option<Edge>> = std::iter::once(gradient)
        .chain(saved)
        .map(|tensor| tensor.edge())
        .collect();
    if edges.iter().all(Option::is_none) {
        return value;
    }
    value.without_edge().with_edge(barrier(name, edges))
}

/// A place in the graph that can be reached but not passed.
fn barrier(name: &str, edges: Vec<Option<Edge>>) -> Edge {
    Edge::new(NodeRef::new(Barrier {
        function: name.to_owned(),
        edges,
    }))
}

struct Barrier {
    function: String,
    edges: Vec<Option<Edge>>,
}

impl Rule for Barrier {
    fn name(&self) -> &str {
        "Error"
    }

    fn edges(&self) -> &[Option<Edge>] {
        &self.edges
    }

    fn run<'a>(
        &'a self,
        _node: &'a NodeRef,
        _gradients: Gradients,
        _walk: &mut Walk<'a>,
    ) -> Result<(), AutogradError> {
        Err(AutogradError::OnceDifferentiable {
            name: self.function.clone(),
        })
    }
}

/// Computes `body(inputs)` without keeping what happens inside: the backward pass computes it again. Memory for time, at
/// the points of a long computation that the caller chooses. `body` must give the same result each time, and depend on
/// tensors that require gradients only through `inputs`.
///
/// ```
/// use autodiff_runtime::{checkpoint, tensor};
///
/// let x = tensor([0.5, 1.0]).require_grad();
/// let y = checkpoint(|x| x[0].sin().exp() * &x[1], &[&x, &x]);
/// y.sum().backward()?;
/// assert_eq!(x.grad().unwrap().shape(), [2]);
/// # Ok::<(), autodiff_runtime::AutogradError>(())
/// ```
pub fn checkpoint<T: Float>(
    body: impl Fn(&[Tensor<T>]) -> Tensor<T> + Send + Sync + 'static,
    inputs: &[&Tensor<T>],
) -> Tensor<T> {
    Checkpoint {
        body: Arc::new(body),
    }
    .apply(inputs)
}

struct Checkpoint<F> {
    body: Arc<F>,
}

impl<T: Float, F: Fn(&[Tensor<T>]) -> Tensor<T> + Send + Sync + 'static> Function<T>
    for Checkpoint<F>
{
    fn name(&self) -> &str {
        "Checkpoint"
    }

    fn forward(&self, saving: &mut Saving<'_, T>, inputs: &[&Tensor<T>]) -> Tensor<T> {
        saving.save_for_backward(inputs);
        (self.body)(
            &inputs
                .iter()
                .map(|&input| input.clone())
                .collect::<Vec<_>>(),
        )
    }

    fn backward(
        &self,
        saved: &Saved<T>,
        gradient: &Tensor<T>,
    ) -> Result<Vec<Option<Tensor<T>>>, AutogradError> {
        // In a recorded walk the inputs are in the graph and stay there, so that what is computed from them is too.
        // Otherwise they become leaves of a graph of their own.
        let recorded = is_grad_enabled();
        let inputs: Vec<Tensor<T>> = saved
            .tensors()
            .iter()
            .zip(saved.needs_input_grad())
            .map(|(input, &needed)| {
                if needed && !recorded {
                    input.detach().require_grad()
                } else {
                    input.clone()
                }
            })
            // A view of its own keeps two inputs that are the same tensor apart.
            .map(|input| {
                if input.requires_grad() {
                    enable_grad(|| input.alias())
                } else {
                    input
                }
            })
            .collect();
        let result = enable_grad(|| (self.body)(&inputs));
        if !result.requires_grad() {
            return Ok(vec![None; inputs.len()]);
        }
        let wanted: Vec<&Tensor<T>> = inputs
            .iter()
            .filter(|input| input.requires_grad())
            .collect();
        let options = Grad::new()
            .grad_outputs(&[gradient])
            .create_graph(recorded)
            .allow_unused(true);
        let mut gradients = grad_with(&[&result], &wanted, options)?.into_iter();
        Ok(inputs
            .iter()
            .map(|input| {
                if input.requires_grad() {
                    gradients.next().flatten()
                } else {
                    None
                }
            })
            .collect())
    }
}
