//! The nodes of the graph.

use std::cell::RefCell;
use std::fmt;
use std::num::NonZeroU32;
use std::ops::Deref;
use std::sync::atomic::{AtomicU32, AtomicU64, Ordering};
use std::sync::{Arc, OnceLock};

use super::accumulate::Leaf;
use super::engine::Walk;
use super::error::AutogradError;
use super::hooks::{Extras, HookHandle, typed};
use crate::tensor::element::AnyTensor;
use crate::tensor::layout::Layout;
use crate::tensor::{Element, Tensor};

/// What a node does when gradients arrive.
pub(crate) trait Rule: Send + Sync {
    /// The node's name, as in `"SinBackward"`.
    fn name(&self) -> &str;

    /// Where the gradient of each input goes; `None` for inputs that do not require one.
    fn edges(&self) -> &[Option<Edge>];

    /// Computes the inputs' gradients from those of the outputs and hands them to the walk.
    fn run<'a>(
        &'a self,
        node: &'a NodeRef,
        gradients: Gradients,
        walk: &mut Walk<'a>,
    ) -> Result<(), AutogradError>;

    /// The leaf, where this node stands for one.
    fn leaf(&self) -> Option<&Leaf> {
        None
    }

    /// The layout of the single input, where this node stands for a view of it.
    fn view_of(&self) -> Option<&Layout> {
        None
    }
}

/// The gradients that have arrived at the outputs of a node. Nearly every node has one output.
#[derive(Default)]
pub(crate) struct Gradients {
    pub(crate) first: Option<AnyTensor>,
    pub(crate) rest: Vec<Option<AnyTensor>>,
}

impl Gradients {
    pub(crate) fn slot(&mut self, output: u32) -> &mut Option<AnyTensor> {
        match output {
            0 => &mut self.first,
            output => {
                let index = output as usize - 1;
                if self.rest.len() <= index {
                    self.rest.resize_with(index + 1, || None);
                }
                &mut self.rest[index]
            }
        }
    }
}

/// Where the youngest walk that has met a node keeps its gradients. The slot is a guess that saves a search: a walk
/// running at the same time may have written it.
#[derive(Default)]
pub(crate) struct Mark {
    pub(crate) walk: AtomicU64,
    pub(crate) slot: AtomicU32,
}

/// One recorded operation, or a leaf. The rule stands in the same allocation.
pub(crate) struct Node<R: ?Sized = dyn Rule> {
    /// Larger than the number of every node that this one points at.
    pub(crate) id: u64,
    pub(crate) mark: Mark,
    /// Hooks and retained gradients, which few nodes have.
    pub(crate) extras: OnceLock<Box<Extras>>,
    pub(crate) rule: R,
}

static NEXT_ID: AtomicU64 = AtomicU64::new(1);

/// A shared node. Dropping the last reference drops the graph behind it, however deep, without recursion.
#[derive(Clone)]
pub(crate) struct NodeRef(Option<Arc<Node>>);

impl NodeRef {
    pub(crate) fn new(rule: impl Rule + 'static) -> Self {
        // Only distinctness and growth along edges matter. A node's inputs were made before it, by this thread or by
        // one that has synchronised with it since, so their numbers are smaller also under relaxed ordering.
        let id = NEXT_ID.fetch_add(1, Ordering::Relaxed);
        Self(Some(Arc::new(Node {
            id,
            mark: Mark::default(),
            extras: OnceLock::new(),
            rule,
        })))
    }

    pub(crate) fn same(&self, other: &Self) -> bool {
        self.id == other.id
    }

    pub(crate) fn extras(&self) -> &Extras {
        self.extras.get_or_init(Box::default)
    }
}

/// A number that every node made from now on exceeds or equals, and every node seen so far does not reach.
pub(crate) fn next_id() -> u64 {
    NEXT_ID.load(Ordering::Relaxed)
}

impl Deref for NodeRef {
    type Target = Node;

    fn deref(&self) -> &Node {
        self.0
            .as_ref()
            .expect("a reference is empty only while it is dropped")
    }
}

thread_local! {
    /// Nodes whose last reference fell while another node of this thread was being dropped. `None`: no drop under way.
    static FALLEN: RefCell<Option<Vec<Arc<Node>>>> = const { RefCell::new(None) };
}

impl Drop for NodeRef {
    fn drop(&mut self) {
        let Some(node) = self.0.take() else { return };
        if Arc::strong_count(&node) > 1 {
            return;
        }
        // Dropping a node drops its edges, which would drop their nodes in turn, and so on down the stack. Instead, a
        // node that falls during a drop is queued, and the outermost drop empties the queue. Two threads that let go of
        // one node at once both see a count above one; the later one then drops the node right here, and its edges start
        // a queue of their own.
        let mut waiting = Some(node);
        let outermost = FALLEN.try_with(|fallen| match &mut *fallen.borrow_mut() {
            Some(queue) => {
                queue.extend(waiting.take());
                false
            }
            idle => {
                *idle = Some(Vec::new());
                true
            }
        });
        drop(waiting);
        if outermost == Ok(true) {
            // Also when dropping a user's value panics, the next drop of this thread must find no drop under way.
            struct Finish;
            impl Drop for Finish {
                fn drop(&mut self) {
                    drop(FALLEN.take());
                }
            }
            let _finish = Finish;
            while let Some(node) =
                FALLEN.with_borrow_mut(|fallen| fallen.as_mut().and_then(Vec::pop))
            {
                drop(node);
            }
        }
    }
}

/// Where a tensor's gradient goes: one output of a node.
#[derive(Clone)]
pub(crate) struct Edge {
    pub(crate) node: NodeRef,
    /// The output's number and one: what is never zero leaves room to say that there is no edge.
    number: NonZeroU32,
}

impl Edge {
    pub(crate) fn new(node: NodeRef) -> Self {
        Self {
            node,
            number: NonZeroU32::MIN,
        }
    }

    /// The number of the output.
    pub(crate) fn output(&self) -> u32 {
        self.number.get() - 1
    }

    pub(crate) fn same(&self, other: &Self) -> bool {
        self.number == other.number && self.node.same(&other.node)
    }
}

/// A recorded operation, seen from outside: what made a tensor, and what made the operands of that.
///
/// ```
/// use autodiff_runtime::tensor;
///
/// let x = tensor([1.0, 2.0]).require_grad();
/// let f = x.sin().sum().grad_fn().unwrap();
/// assert_eq!(f.name(), "SumBackward");
/// let inner = f.next_functions()[0].clone().unwrap();
/// assert_eq!(inner.name(), "SinBackward");
/// assert_eq!(inner.next_functions()[0].as_ref().unwrap().name(), "AccumulateGrad");
/// ```
#[derive(Clone)]
pub struct GradFn(pub(crate) Edge);

impl GradFn {
    /// The name: that of the operation and `Backward`, or `AccumulateGrad` for a leaf.
    ///
    /// ```
    /// use autodiff_runtime::tensor;
    ///
    /// let x = tensor([1.0, 2.0]).require_grad();
    /// assert_eq!(x.sin().grad_fn().unwrap().name(), "SinBackward");
    /// ```
    pub fn name(&self) -> &str {
        self.0.node.rule.name()
    }

    /// Which output of the operation this is: 0 unless it has several.
    ///
    /// ```
    /// use autodiff_runtime::tensor;
    ///
    /// let x = tensor(1.0).require_grad();
    /// assert_eq!(x.sin().grad_fn().unwrap().output(), 0);
    /// ```
    pub fn output(&self) -> usize {
        self.0.output() as usize
    }

    /// What made each operand; `None` for operands that do not require gradients. Empty for a leaf.
    ///
    /// ```
    /// use autodiff_runtime::tensor;
    ///
    /// let x = tensor(1.0).require_grad();
    /// let product = (x.sin() * 2.0).grad_fn().unwrap();
    /// let operands = product.next_functions();
    /// assert_eq!(operands[0].as_ref().unwrap().name(), "SinBackward");
    /// assert!(operands[1].is_none());
    /// ```
    pub fn next_functions(&self) -> Vec<Option<GradFn>> {
        self.0
            .node
            .rule
            .edges()
            .iter()
            .map(|edge| edge.clone().map(GradFn))
            .collect()
    }

    /// The leaf that this `AccumulateGrad` adds to; `None` for every other operation, or for a leaf of another type.
    ///
    /// ```
    /// use autodiff_runtime::tensor;
    ///
    /// let x = tensor(1.0).require_grad();
    /// let leaf = x.sin().grad_fn().unwrap().next_functions()[0].clone().unwrap();
    /// assert!(leaf.variable::<f64>().unwrap().is_same(&x));
    /// ```
    pub fn variable<T: Element>(&self) -> Option<Tensor<T>> {
        let leaf = self.0.node.rule.leaf()?;
        Some(T::from_any(leaf.value().clone())?.with_edge(self.0.clone()))
    }

    /// Calls `hook` with the gradient that arrives at this output of the operation, before the operation uses it. What
    /// the hook returns takes the gradient's place; `None` leaves it. As
    /// [`Tensor::register_hook`] on the result.
    ///
    /// ```
    /// use autodiff_runtime::tensor;
    ///
    /// let x = tensor(2.0).require_grad();
    /// let y = &x * 3.0;
    /// y.grad_fn().unwrap().register_prehook::<f64>(|g| Some(g * 10.0));
    /// y.backward()?;
    /// assert_eq!(x.grad().unwrap(), tensor(30.0));
    /// # Ok::<(), autodiff_runtime::AutogradError>(())
    /// ```
    pub fn register_prehook<T: Element>(
        &self,
        hook: impl Fn(&Tensor<T>) -> Option<Tensor<T>> + Send + Sync + 'static,
    ) -> HookHandle {
        self.0.node.extras().register(self.0.output(), typed(hook))
    }

    /// Calls `hook` with the gradient that the operation has computed for operand `input`, before it goes on. What the
    /// hook returns takes the gradient's place; `None` leaves it.
    ///
    /// ```
    /// use autodiff_runtime::tensor;
    ///
    /// let (x, w) = (tensor(2.0).require_grad(), tensor(3.0).require_grad());
    /// let y = &x * &w;
    /// let hook = y.grad_fn().unwrap().register_hook::<f64>(1, |g| Some(g * 10.0));
    /// y.backward()?;
    /// assert_eq!((x.grad().unwrap().item(), w.grad().unwrap().item()), (3.0, 20.0));
    /// hook.remove();
    /// # Ok::<(), autodiff_runtime::AutogradError>(())
    /// ```
    pub fn register_hook<T: Element>(
        &self,
        input: usize,
        hook: impl Fn(&Tensor<T>) -> Option<Tensor<T>> + Send + Sync + 'static,
    ) -> HookHandle {
        self.0
            .node
            .extras()
            .register_on_input(input as u32, typed(hook))
    }

    /// Whether both are the same node and output.
    ///
    /// ```
    /// use autodiff_runtime::tensor;
    ///
    /// let y = tensor(1.0).require_grad().sin();
    /// assert!(y.grad_fn().unwrap().is_same(&y.grad_fn().unwrap()));
    /// ```
    pub fn is_same(&self, other: &GradFn) -> bool {
        self.0.same(&other.0)
    }
}

impl fmt::Debug for GradFn {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "<{}>", self.name())
    }
}

impl fmt::Debug for Edge {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "<{}>", self.node.rule.name())
    }
}
