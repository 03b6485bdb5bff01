//! The calls that start a walk: `backward` and `grad`.

use super::engine::{Request, add_gradients, settled, walk};
use super::error::AutogradError;
use super::mode::set_grad_enabled;
use super::node::Edge;
use crate::tensor::{Element, Float, Number, Tensor};

/// The options of [`Tensor::backward_with`].
///
/// ```
/// use autodiff_runtime::{Backward, tensor};
///
/// let x = tensor([1.0, 2.0]).require_grad();
/// (&x * 3.0).backward_with(Backward::new().gradient(&tensor([1.0, 10.0])))?;
/// assert_eq!(x.grad().unwrap(), tensor([3.0, 30.0]));
/// # Ok::<(), autodiff_runtime::AutogradError>(())
/// ```
#[derive(Debug)]
#[must_use]
pub struct Backward<T: Element = f64> {
    gradient: Option<Tensor<T>>,
    retain_graph: Option<bool>,
    create_graph: bool,
    inputs: Option<Vec<Option<Edge>>>,
}

impl<T: Float> Default for Backward<T> {
    fn default() -> Self {
        Self::new()
    }
}

impl<T: Float> Backward<T> {
    /// What [`Tensor::backward`] does: start with a gradient of one, free the graph, add up in every leaf.
    ///
    /// ```
    /// use autodiff_runtime::{Backward, tensor};
    ///
    /// let x = tensor(3.0).require_grad();
    /// x.square().backward_with(Backward::new())?;
    /// assert_eq!(x.grad().unwrap(), tensor(6.0));
    /// # Ok::<(), autodiff_runtime::AutogradError>(())
    /// ```
    pub fn new() -> Self {
        Self {
            gradient: None,
            retain_graph: None,
            create_graph: false,
            inputs: None,
        }
    }

    /// The gradient of what the tensor flows into, of the tensor's shape. Numbers of another type are converted.
    ///
    /// ```
    /// use autodiff_runtime::{Backward, tensor};
    ///
    /// let x = tensor([1.0, 2.0]).require_grad();
    /// x.square().backward_with(Backward::new().gradient(&tensor([1, 10])))?;
    /// assert_eq!(x.grad().unwrap(), tensor([2.0, 40.0]));
    /// # Ok::<(), autodiff_runtime::AutogradError>(())
    /// ```
    pub fn gradient<G: Number>(mut self, gradient: &Tensor<G>) -> Self {
        self.gradient = Some(gradient.cast());
        self
    }

    /// Keep the values that the graph has saved, so that it can be walked again. Follows `create_graph` unless set.
    ///
    /// ```
    /// use autodiff_runtime::{Backward, tensor};
    ///
    /// let x = tensor(3.0).require_grad();
    /// let y = x.square();
    /// y.backward_with(Backward::new().retain_graph(true))?;
    /// y.backward()?;
    /// assert_eq!(x.grad().unwrap(), tensor(12.0));
    /// assert!(y.backward().is_err());
    /// # Ok::<(), autodiff_runtime::AutogradError>(())
    /// ```
    pub fn retain_graph(mut self, retain: bool) -> Self {
        self.retain_graph = Some(retain);
        self
    }

    /// Record the walk itself, so that the gradients can be differentiated. The gradient that a leaf then holds refers
    /// to the graph and the graph to the leaf: take it away with [`Tensor::zero_grad`] once it is no longer needed, or
    /// use [`grad_with`], which leaves nothing in the leaves.
    ///
    /// ```
    /// use autodiff_runtime::{Backward, tensor};
    ///
    /// let x = tensor(3.0).require_grad();
    /// x.powi(3).backward_with(Backward::new().create_graph(true))?;
    /// let first = x.grad().unwrap();
    /// x.zero_grad();
    /// first.backward()?;
    /// assert_eq!(x.grad().unwrap(), tensor(18.0));
    /// # Ok::<(), autodiff_runtime::AutogradError>(())
    /// ```
    pub fn create_graph(mut self, create: bool) -> Self {
        self.create_graph = create;
        self
    }

    /// Add up gradients in these tensors only; they need not be leaves.
    ///
    /// ```
    /// use autodiff_runtime::{Backward, tensor};
    ///
    /// let (x, w) = (tensor(3.0).require_grad(), tensor(2.0).require_grad());
    /// (&x * &w).backward_with(Backward::new().inputs(&[&x]))?;
    /// assert_eq!(x.grad(), Some(tensor(2.0)));
    /// assert_eq!(w.grad(), None);
    /// # Ok::<(), autodiff_runtime::AutogradError>(())
    /// ```
    pub fn inputs<U: Element>(mut self, inputs: &[&Tensor<U>]) -> Self {
        self.inputs = Some(inputs.iter().map(|input| input.edge()).collect());
        self
    }
}

/// The options of [`grad_with`].
///
/// ```
/// use autodiff_runtime::{Grad, grad_with, tensor};
///
/// let (x, w) = (tensor(3.0).require_grad(), tensor(2.0).require_grad());
/// let options = Grad::new().allow_unused(true);
/// assert_eq!(grad_with(&[&x.square()], &[&x, &w], options)?, [Some(tensor(6.0)), None]);
/// # Ok::<(), autodiff_runtime::AutogradError>(())
/// ```
#[derive(Debug)]
#[must_use]
pub struct Grad<T: Element = f64> {
    grad_outputs: Option<Vec<Option<Tensor<T>>>>,
    retain_graph: Option<bool>,
    create_graph: bool,
    allow_unused: Option<bool>,
    materialize_grads: bool,
}

impl<T: Float> Default for Grad<T> {
    fn default() -> Self {
        Self::new()
    }
}

impl<T: Float> Grad<T> {
    /// What [`grad`] does: start with gradients of one, free the graph, fail for an input that is not reached.
    ///
    /// ```
    /// use autodiff_runtime::{Grad, grad_with, tensor};
    ///
    /// let x = tensor(3.0).require_grad();
    /// assert_eq!(grad_with(&[&x.square()], &[&x], Grad::new())?, [Some(tensor(6.0))]);
    /// # Ok::<(), autodiff_runtime::AutogradError>(())
    /// ```
    pub fn new() -> Self {
        Self {
            grad_outputs: None,
            retain_graph: None,
            create_graph: false,
            allow_unused: None,
            materialize_grads: false,
        }
    }

    /// The gradients of what the outputs flow into, one for each output and of its shape. Numbers of another type are
    /// converted.
    ///
    /// ```
    /// use autodiff_runtime::{Grad, grad_with, tensor};
    ///
    /// let x = tensor([1.0, 2.0]).require_grad();
    /// let options = Grad::new().grad_outputs(&[&tensor([1.0, 10.0])]);
    /// assert_eq!(grad_with(&[&x.square()], &[&x], options)?, [Some(tensor([2.0, 40.0]))]);
    /// # Ok::<(), autodiff_runtime::AutogradError>(())
    /// ```
    pub fn grad_outputs<G: Number>(mut self, gradients: &[&Tensor<G>]) -> Self {
        self.grad_outputs = Some(
            gradients
                .iter()
                .map(|gradient| Some(gradient.cast()))
                .collect(),
        );
        self
    }

    /// As [`grad_outputs`](Self::grad_outputs); an output of one element may go without, which means one.
    ///
    /// ```
    /// use autodiff_runtime::{Grad, grad_with, tensor};
    ///
    /// let x = tensor(3.0).require_grad();
    /// let options = Grad::new().optional_grad_outputs(&[None, Some(&tensor(10.0))]);
    /// assert_eq!(grad_with(&[&x.square(), &(&x * 2.0)], &[&x], options)?, [Some(tensor(26.0))]);
    /// # Ok::<(), autodiff_runtime::AutogradError>(())
    /// ```
    pub fn optional_grad_outputs<G: Number>(mut self, gradients: &[Option<&Tensor<G>>]) -> Self {
        self.grad_outputs = Some(
            gradients
                .iter()
                .map(|gradient| gradient.map(Tensor::cast))
                .collect(),
        );
        self
    }

    /// Keep the values that the graph has saved, so that it can be walked again. Follows `create_graph` unless set.
    ///
    /// ```
    /// use autodiff_runtime::{Grad, grad, grad_with, tensor};
    ///
    /// let (x, y) = (tensor(3.0).require_grad(), tensor(4.0).require_grad());
    /// let z = &x * &y;
    /// grad_with(&[&z], &[&x], Grad::new().retain_graph(true))?;
    /// assert_eq!(grad(&[&z], &[&y])?, [tensor(3.0)]);
    /// # Ok::<(), autodiff_runtime::AutogradError>(())
    /// ```
    pub fn retain_graph(mut self, retain: bool) -> Self {
        self.retain_graph = Some(retain);
        self
    }

    /// Record the walk itself, so that the gradients can be differentiated.
    ///
    /// ```
    /// use autodiff_runtime::{Grad, grad, grad_with, tensor};
    ///
    /// let x = tensor(2.0).require_grad();
    /// let first = grad_with(&[&x.powi(3)], &[&x], Grad::new().create_graph(true))?.remove(0).unwrap();
    /// assert_eq!(grad(&[&first], &[&x])?, [tensor(12.0)]);
    /// # Ok::<(), autodiff_runtime::AutogradError>(())
    /// ```
    pub fn create_graph(mut self, create: bool) -> Self {
        self.create_graph = create;
        self
    }

    /// Return `None` for an input that the outputs do not depend on instead of an error.
    ///
    /// ```
    /// use autodiff_runtime::{Grad, grad, grad_with, tensor};
    ///
    /// let (x, w) = (tensor(3.0).require_grad(), tensor(2.0).require_grad());
    /// assert!(grad(&[&x.square()], &[&w]).is_err());
    /// assert_eq!(grad_with(&[&x.square()], &[&w], Grad::new().allow_unused(true))?, [None]);
    /// # Ok::<(), autodiff_runtime::AutogradError>(())
    /// ```
    pub fn allow_unused(mut self, allow: bool) -> Self {
        self.allow_unused = Some(allow);
        self
    }

    /// Return zeros for an input that the outputs do not depend on.
    ///
    /// ```
    /// use autodiff_runtime::{Grad, grad_with, tensor};
    ///
    /// let (x, w) = (tensor(3.0).require_grad(), tensor([2.0, 1.0]).require_grad());
    /// let options = Grad::new().materialize_grads(true);
    /// assert_eq!(grad_with(&[&x.square()], &[&w], options)?, [Some(tensor([0.0, 0.0]))]);
    /// # Ok::<(), autodiff_runtime::AutogradError>(())
    /// ```
    pub fn materialize_grads(mut self, materialize: bool) -> Self {
        self.materialize_grads = materialize;
        self
    }
}

/// The start of a walk at `output`: its edge, and the given gradient or one.
fn root<T: Float>(
    output: &Tensor<T>,
    gradient: Option<Tensor<T>>,
    what: &str,
) -> Result<(Edge, Tensor<T>), AutogradError> {
    let edge = output.edge().ok_or_else(|| AutogradError::NoGradient {
        what: format!("the tensor that {what} starts from"),
    })?;
    let gradient = match gradient {
        Some(gradient) if gradient.shape() == output.shape() => gradient,
        Some(gradient) => {
            let message = format!(
                "the gradient has shape {:?}, and the tensor it belongs to {:?}",
                gradient.shape(),
                output.shape()
            );
            return Err(AutogradError::shape(what, message));
        }
        None if output.len() == 1 => Tensor::ones(output.shape()),
        None => {
            return Err(AutogradError::NonScalar {
                shape: output.shape().to_vec(),
            });
        }
    };
    Ok((edge, gradient))
}

impl<T: Float> Tensor<T> {
    /// Computes the gradients of this single element with respect to every leaf it was computed from, and adds them to
    /// what the leaves hold ([`grad`](Self::grad)).
    ///
    /// ```
    /// use autodiff_runtime::tensor;
    ///
    /// let x = tensor([1.0, 2.0]).require_grad();
    /// x.square().sum().backward()?;
    /// assert_eq!(x.grad().unwrap(), tensor([2.0, 4.0]));
    /// # Ok::<(), autodiff_runtime::AutogradError>(())
    /// ```
    ///
    /// # Errors
    ///
    /// [`NoGradient`](AutogradError::NoGradient) where nothing here requires gradients,
    /// [`NonScalar`](AutogradError::NonScalar) for several elements, [`GraphFreed`](AutogradError::GraphFreed) for a
    /// second walk, [`ModifiedInPlace`](AutogradError::ModifiedInPlace) where a saved value was overwritten.
    pub fn backward(&self) -> Result<(), AutogradError> {
        self.backward_with(Backward::new())
    }

    /// [`backward`](Self::backward) with options.
    ///
    /// ```
    /// use autodiff_runtime::{Backward, tensor};
    ///
    /// let x = tensor(3.0).require_grad();
    /// let y = x.square();
    /// y.backward_with(Backward::new().retain_graph(true))?;
    /// assert_eq!(x.grad().unwrap(), tensor(6.0));
    /// # Ok::<(), autodiff_runtime::AutogradError>(())
    /// ```
    ///
    /// # Errors
    ///
    /// As [`backward`](Self::backward); [`Shape`](AutogradError::Shape) for a gradient of another shape.
    pub fn backward_with(&self, options: Backward<T>) -> Result<(), AutogradError> {
        let Backward {
            gradient,
            retain_graph,
            create_graph,
            inputs,
        } = options;
        let (edge, gradient) = root(self, gradient, "`backward`")?;
        let targets = match inputs {
            Some(inputs) if inputs.is_empty() => {
                return Err(AutogradError::argument(
                    "`inputs` of a backward pass is empty: name at least one tensor, or leave it out",
                ));
            }
            Some(inputs) => {
                let mut targets = Vec::with_capacity(inputs.len());
                for (index, input) in inputs.into_iter().enumerate() {
                    targets.push(input.ok_or_else(|| AutogradError::NoGradient {
                        what: format!("input {index} of the backward pass"),
                    })?);
                }
                Some(targets)
            }
            None => None,
        };
        let request = Request {
            roots: vec![edge],
            starts: vec![T::into_any(gradient)],
            create_graph,
            retain_graph: retain_graph.unwrap_or(create_graph),
            targets: targets.clone(),
        };
        let arrived = walk(request)?;
        for (edge, gradient) in targets.into_iter().flatten().zip(arrived) {
            let Some(gradient) = gradient else { continue };
            set_grad_enabled(create_graph, || match edge.node.rule.leaf() {
                Some(leaf) => leaf.accumulate(&edge.node, gradient, create_graph),
                None => {
                    let extras = edge.node.extras();
                    extras.retain(edge.output());
                    extras.update_retained(edge.output(), |before| {
                        Some(match before {
                            Some(before) => add_gradients(before, gradient),
                            None => settled(gradient, create_graph),
                        })
                    });
                }
            });
        }
        Ok(())
    }
}

/// The gradients of the sum of `outputs`, each a single element, with respect to `inputs`. Nothing is added to the
/// leaves.
///
/// ```
/// use autodiff_runtime::{grad, tensor};
///
/// let x = tensor([1.0, 2.0]).require_grad();
/// let y = (&x * &x).sum();
/// assert_eq!(grad(&[&y], &[&x]).unwrap(), [tensor([2.0, 4.0])]);
/// assert!(x.grad().is_none());
/// ```
///
/// # Errors
///
/// As [`Tensor::backward`]; [`Unreachable`](AutogradError::Unreachable) for an input that the outputs do not depend on.
pub fn grad<T: Float, U: Float>(
    outputs: &[&Tensor<T>],
    inputs: &[&Tensor<U>],
) -> Result<Vec<Tensor<U>>, AutogradError> {
    let gradients = grad_with(outputs, inputs, Grad::new())?;
    Ok(gradients
        .into_iter()
        .map(|gradient| gradient.expect("an input without a gradient is an error unless allowed"))
        .collect())
}

/// [`grad`] with options. A gradient is `None` only where `allow_unused` permits it.
///
/// ```
/// use autodiff_runtime::{Grad, grad_with, tensor};
///
/// let x = tensor([1.0, 2.0]).require_grad();
/// let options = Grad::new().grad_outputs(&[&tensor([1.0, 0.0])]);
/// assert_eq!(grad_with(&[&x.square()], &[&x], options)?, [Some(tensor([2.0, 0.0]))]);
/// # Ok::<(), autodiff_runtime::AutogradError>(())
/// ```
///
/// # Errors
///
/// As [`grad`]; [`Shape`](AutogradError::Shape) for a gradient of another shape than its output's,
/// [`Argument`](AutogradError::Argument) for another number of gradients than of outputs.
pub fn grad_with<T: Float, U: Float>(
    outputs: &[&Tensor<T>],
    inputs: &[&Tensor<U>],
    options: Grad<T>,
) -> Result<Vec<Option<Tensor<U>>>, AutogradError> {
    let Grad {
        grad_outputs,
        retain_graph,
        create_graph,
        allow_unused,
        materialize_grads,
    } = options;
    if materialize_grads && allow_unused == Some(false) {
        return Err(AutogradError::argument(
            "`materialize_grads(true)` gives zeros for unused inputs, which `allow_unused(false)` forbids: leave one of them out",
        ));
    }
    let allow_unused = allow_unused.unwrap_or(materialize_grads);
    let grad_outputs = grad_outputs.unwrap_or_else(|| vec![None; outputs.len()]);
    if grad_outputs.len() != outputs.len() {
        return Err(AutogradError::argument(format!(
            "{} outputs and {} gradients for them: pass one gradient for each output",
            outputs.len(),
            grad_outputs.len()
        )));
    }
    let mut roots = Vec::with_capacity(outputs.len());
    let mut starts = Vec::with_capacity(outputs.len());
    for (index, (output, gradient)) in outputs.iter().zip(grad_outputs).enumerate() {
        let (edge, gradient) = root(output, gradient, &format!("output {index} of `grad`"))?;
        roots.push(edge);
        starts.push(T::into_any(gradient));
    }
    let mut targets = Vec::with_capacity(inputs.len());
    for (index, input) in inputs.iter().enumerate() {
        let edge = input.edge().ok_or_else(|| AutogradError::NoGradient {
            what: format!("input {index} of `grad`"),
        })?;
        targets.push(edge);
    }
    let request = Request {
        roots,
        starts,
        create_graph,
        retain_graph: retain_graph.unwrap_or(create_graph),
        targets: Some(targets),
    };
    let arrived = walk(request)?;
    arrived
        .into_iter()
        .zip(inputs)
        .enumerate()
        .map(|(index, (gradient, input))| match gradient {
            Some(gradient) => Ok(U::from_any(gradient)),
            None if materialize_grads => Ok(Some(Tensor::zeros(input.shape()))),
            None if allow_unused => Ok(None),
            None => Err(AutogradError::Unreachable { index }),
        })
        .collect()
}
