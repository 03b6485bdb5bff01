//! How an operation becomes a node.

use std::cell::RefCell;
use std::marker::PhantomData;
use std::sync::Mutex;

use super::engine::Walk;
use super::error::AutogradError;
use super::hooks::lock;
use super::mode::is_grad_enabled;
use super::node::{Edge, Gradients, NodeRef, Rule};
use crate::tensor::element::AnyTensor;
use crate::tensor::layout::Layout;
use crate::tensor::{Element, Tensor};

/// A value that a rule needs when gradients arrive.
pub(crate) enum Keep {
    /// Nothing, in a place that another case of the same operation uses.
    Nothing,
    /// The value of an input.
    Input(usize),
    /// The result.
    Output,
    /// A value without gradients: a mask, indices.
    Constant(AnyTensor),
}

/// Where a saved value stands in the graph, so that it can be put back there for a second derivative. It is not saved
/// with its own place: a result that knew its node would keep that node alive for ever.
#[derive(Clone, Copy)]
enum Source {
    Input(u8),
    Output,
    Constant,
}

pub(crate) struct Saved {
    value: AnyTensor,
    version: u32,
    source: Source,
}

impl Clone for Saved {
    fn clone(&self) -> Self {
        Self {
            value: self.value.share(),
            version: self.version,
            source: self.source,
        }
    }
}

impl Saved {
    fn new(value: AnyTensor, source: Source) -> Self {
        Self {
            version: value.version(),
            value,
            source,
        }
    }

    /// The value of input number `index`.
    pub(crate) fn input<T: Element>(input: &Tensor<T>, index: usize) -> Self {
        Self::new(
            T::into_any(input.without_edge()),
            Source::Input(index as u8),
        )
    }

    /// The result.
    pub(crate) fn output<T: Element>(out: &Tensor<T>) -> Self {
        Self::new(T::into_any(out.without_edge()), Source::Output)
    }
}

/// What a node has saved, by number. Nearly every rule needs one value or none, for which the node has room.
#[derive(Clone)]
enum Kept {
    Nothing,
    One(u8, Saved),
    Several(Box<[Option<Saved>]>),
}

impl Kept {
    fn new<const S: usize>(saved: [Option<Saved>; S]) -> Self {
        let kept = saved.iter().flatten().count();
        if kept > 1 {
            return Self::Several(Box::new(saved));
        }
        let only = saved
            .into_iter()
            .enumerate()
            .find_map(|(number, saved)| Some((number, saved?)));
        match only {
            None => Self::Nothing,
            Some((number, saved)) => Self::One(number as u8, saved),
        }
    }

    fn get(&self, number: usize) -> Option<&Saved> {
        match self {
            Self::Nothing => None,
            Self::One(at, saved) => (usize::from(*at) == number).then_some(saved),
            Self::Several(saved) => saved[number].as_ref(),
        }
    }

    /// The first one that was changed in place since.
    fn changed(&self) -> Option<&Saved> {
        let changed = |saved: &&Saved| saved.value.version() != saved.version;
        match self {
            Self::Nothing => None,
            Self::One(_, saved) => Some(saved).filter(changed),
            Self::Several(saved) => saved.iter().flatten().find(changed),
        }
    }
}

struct Operation<T, E, F> {
    name: &'static str,
    edges: E,
    /// `None` once freed.
    saved: Mutex<Option<Kept>>,
    /// Whether a walk uses up the node.
    frees: bool,
    view_of: Option<Box<Layout>>,
    backward: F,
    element: PhantomData<fn(T)>,
}

/// What a rule works with: the saved values, and where to put the gradients of the inputs.
pub(crate) struct Cx<'c, 'a, T> {
    saved: &'c Kept,
    edges: &'a [Option<Edge>],
    node: &'a NodeRef,
    walk: RefCell<&'c mut Walk<'a>>,
    failed: RefCell<Result<(), AutogradError>>,
    element: PhantomData<T>,
}

impl<T: Element> Cx<'_, '_, T> {
    /// The saved value number `index`, in its place in the graph when this walk is recorded.
    pub(crate) fn saved(&self, index: usize) -> Tensor<T> {
        T::from_any(self.any(index)).expect("a rule asks for the element type that it saved")
    }

    /// The numbers of saved value number `index`, for a walk that is not recorded.
    pub(crate) fn value(&self, index: usize) -> &Tensor<T> {
        T::ref_any(&self.kept(index).value).expect("a rule asks for the element type that it saved")
    }

    /// A saved value of another element type.
    pub(crate) fn constant<U: Element>(&self, index: usize) -> Tensor<U> {
        U::from_any(self.any(index)).expect("a rule asks for the element type that it saved")
    }

    fn kept(&self, index: usize) -> &Saved {
        self.saved
            .get(index)
            .expect("a rule asks for what it saved")
    }

    fn any(&self, index: usize) -> AnyTensor {
        let saved = self.kept(index);
        let value = saved.value.share();
        if !is_grad_enabled() {
            return value;
        }
        match saved.source {
            Source::Input(input) => match &self.edges[input as usize] {
                Some(edge) => value.with_edge(edge.clone()),
                None => value,
            },
            Source::Output => value.with_edge(Edge::new(self.node.clone())),
            Source::Constant => value,
        }
    }

    /// Whether the gradient of input `input` is asked for.
    pub(crate) fn needs(&self, input: usize) -> bool {
        self.edges[input]
            .as_ref()
            .is_some_and(|edge| self.walk.borrow().wants(edge))
    }

    /// Hands over the gradient of input `input`, computed only if it is asked for.
    pub(crate) fn give<U: Element>(&self, input: usize, gradient: impl FnOnce() -> Tensor<U>) {
        if self.needs(input) && self.failed.borrow().is_ok() {
            let gradient = U::into_any(gradient());
            let edge = self.edges[input]
                .as_ref()
                .expect("a gradient that is asked for goes along an edge");
            let mut walk = self.walk.borrow_mut();
            if let Err(error) = walk.give(self.node, input, edge, gradient) {
                *self.failed.borrow_mut() = Err(error);
            }
        }
    }
}

impl<T, E, F> Rule for Operation<T, E, F>
where
    T: Element,
    E: AsRef<[Option<Edge>]> + Send + Sync,
    F: Fn(&Cx<'_, '_, T>, Tensor<T>) + Send + Sync,
{
    fn name(&self) -> &str {
        self.name
    }

    fn edges(&self) -> &[Option<Edge>] {
        self.edges.as_ref()
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
        let freed = || AutogradError::GraphFreed {
            node: self.name.to_owned(),
        };
        let saved = if !self.frees {
            Kept::Nothing
        } else {
            let mut saved = lock(&self.saved);
            if walk.retain_graph {
                saved.clone()
            } else {
                saved.take()
            }
            .ok_or_else(freed)?
        };
        if let Some(changed) = saved.changed() {
            return Err(AutogradError::ModifiedInPlace {
                node: self.name.to_owned(),
                shape: changed.value.shape().to_vec(),
                expected: changed.version,
                found: changed.value.version(),
            });
        }
        let gradient =
            T::from_any(gradient).expect("the gradient of a result has its element type");
        let cx = Cx {
            saved: &saved,
            edges: self.edges.as_ref(),
            node,
            walk: RefCell::new(walk),
            failed: RefCell::new(Ok(())),
            element: PhantomData,
        };
        (self.backward)(&cx, gradient);
        cx.failed.into_inner()
    }

    fn view_of(&self) -> Option<&Layout> {
        self.view_of.as_deref()
    }
}

/// Records `out` as the result of the operation `name` on `inputs`, when recording is on and one of them requires
/// gradients. `backward` is handed the gradient of the result and hands over those of the inputs.
pub(crate) fn record<I, T, F, const N: usize, const S: usize>(
    name: &'static str,
    inputs: [&Tensor<I>; N],
    keep: [Keep; S],
    out: Tensor<T>,
    backward: F,
) -> Tensor<T>
where
    I: Element,
    T: Element,
    F: Fn(&Cx<'_, '_, T>, Tensor<T>) + Send + Sync + 'static,
{
    if !is_grad_enabled() {
        return out;
    }
    let edges = inputs.map(Tensor::edge);
    if edges.iter().all(Option::is_none) {
        return out;
    }
    let saved = keep.map(|keep| match keep {
        Keep::Nothing => None,
        Keep::Input(input) => Some(Saved::input(inputs[input], input)),
        Keep::Output => Some(Saved::output(&out)),
        Keep::Constant(value) => Some(Saved::new(value, Source::Constant)),
    });
    record_at(name, edges, saved, out, backward)
}

/// [`record`] where the places of the inputs and what is saved are known already.
pub(crate) fn record_at<T, F, const N: usize, const S: usize>(
    name: &'static str,
    edges: [Option<Edge>; N],
    saved: [Option<Saved>; S],
    out: Tensor<T>,
    backward: F,
) -> Tensor<T>
where
    T: Element,
    F: Fn(&Cx<'_, '_, T>, Tensor<T>) + Send + Sync + 'static,
{
    let operation = Operation {
        name,
        edges,
        frees: S > 0,
        saved: Mutex::new(Some(Kept::new(saved))),
        view_of: None,
        backward,
        element: PhantomData,
    };
    out.with_edge(Edge::new(NodeRef::new(operation)))
}

/// Records an operation on any number of inputs that saves nothing.
pub(crate) fn record_many<T, F>(
    name: &'static str,
    inputs: &[&Tensor<T>],
    out: Tensor<T>,
    backward: F,
) -> Tensor<T>
where
    T: Element,
    F: Fn(&Cx<'_, '_, T>, Tensor<T>) + Send + Sync + 'static,
{
    let edges: Vec<_> = if is_grad_enabled() {
        inputs.iter().map(|input| input.edge()).collect()
    } else {
        Vec::new()
    };
    if edges.iter().all(Option::is_none) {
        return out;
    }
    let operation = Operation {
        name,
        edges,
        frees: false,
        saved: Mutex::new(Some(Kept::Nothing)),
        view_of: None,
        backward,
        element: PhantomData,
    };
    out.with_edge(Edge::new(NodeRef::new(operation)))
}

/// Records `out`, a view of `input`. When recording is off the view of a tensor with gradients is cut off from it, as by
/// `detach`.
pub(crate) fn record_view<T, F>(
    name: &'static str,
    input: &Tensor<T>,
    out: Tensor<T>,
    backward: F,
) -> Tensor<T>
where
    T: Element,
    F: Fn(&Cx<'_, '_, T>, Tensor<T>) + Send + Sync + 'static,
{
    let Some(edge) = input.edge() else { return out };
    if !is_grad_enabled() {
        return out.without_edge();
    }
    let view_of = Some(Box::new(input.layout().clone()));
    let operation = Operation {
        name,
        edges: [Some(edge)],
        frees: false,
        saved: Mutex::new(Some(Kept::Nothing)),
        view_of,
        backward,
        element: PhantomData,
    };
    out.with_edge(Edge::new(NodeRef::new(operation)))
}

/// A node of the operation `name` on what stands at `edges`, which saves nothing and whose result is not made here.
pub(crate) fn node_at<T, F, const N: usize>(
    name: &'static str,
    edges: [Option<Edge>; N],
    backward: F,
) -> NodeRef
where
    T: Element,
    F: Fn(&Cx<'_, '_, T>, Tensor<T>) + Send + Sync + 'static,
{
    NodeRef::new(Operation {
        name,
        edges,
        frees: false,
        saved: Mutex::new(Some(Kept::Nothing)),
        view_of: None,
        backward,
        element: PhantomData,
    })
}
