//! What users hang on a node: hooks that see or change gradients, and gradients to be kept.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use crate::tensor::element::AnyTensor;
use crate::tensor::{Element, Tensor};

/// A hook on a gradient: returns the gradient to go on with, or `None` to leave it.
pub(crate) type Hook = Arc<dyn Fn(&AnyTensor) -> Option<AnyTensor> + Send + Sync>;

/// Hooks in the order of registration, each with its number and the output that it watches.
pub(crate) type HookList = Mutex<Vec<(u64, u32, Hook)>>;

/// A gradient to keep for an output, and what has arrived.
type Retained = (u32, Option<AnyTensor>);

/// Hooks and retained gradients of a node.
#[derive(Default)]
pub(crate) struct Extras {
    /// On the gradients of outputs, as they arrive.
    hooks: Arc<HookList>,
    /// On the gradients of inputs, as they are computed.
    input_hooks: Arc<HookList>,
    retained: Mutex<Vec<Retained>>,
}

pub(crate) fn lock<T: ?Sized>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    // What the mutexes of this crate guard is replaced as a whole, so a panic elsewhere leaves it usable.
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

static NEXT_HOOK: AtomicU64 = AtomicU64::new(0);

/// Adds `hook` at the end of `list`.
pub(crate) fn register(list: &Arc<HookList>, output: u32, hook: Hook) -> HookHandle {
    let id = NEXT_HOOK.fetch_add(1, Ordering::Relaxed);
    lock(list).push((id, output, hook));
    HookHandle {
        list: Arc::clone(list),
        id,
    }
}

/// The hooks of `list` for `output`. They are called without holding the lock, so that a hook may remove itself.
pub(crate) fn hooks_of(list: &HookList, output: u32) -> Vec<Hook> {
    lock(list)
        .iter()
        .filter(|(_, of, _)| *of == output)
        .map(|(_, _, hook)| Arc::clone(hook))
        .collect()
}

fn passed(list: &HookList, of: u32, mut gradient: AnyTensor) -> AnyTensor {
    for hook in hooks_of(list, of) {
        if let Some(changed) = hook(&gradient) {
            gradient = changed;
        }
    }
    gradient
}

/// A hook on tensors of one element type.
pub(crate) fn typed<T: Element>(
    hook: impl Fn(&Tensor<T>) -> Option<Tensor<T>> + Send + Sync + 'static,
) -> Hook {
    Arc::new(move |gradient: &AnyTensor| {
        let gradient = T::from_any(gradient.clone())?;
        let changed = hook(&gradient)?;
        assert_eq!(
            changed.shape(),
            gradient.shape(),
            "a hook must return a gradient of the shape that it was given"
        );
        Some(T::into_any(changed))
    })
}

impl Extras {
    pub(crate) fn register(&self, output: u32, hook: Hook) -> HookHandle {
        register(&self.hooks, output, hook)
    }

    pub(crate) fn register_on_input(&self, input: u32, hook: Hook) -> HookHandle {
        register(&self.input_hooks, input, hook)
    }

    /// Passes the gradient of an output through the hooks, oldest first.
    pub(crate) fn apply(&self, output: u32, gradient: AnyTensor) -> AnyTensor {
        passed(&self.hooks, output, gradient)
    }

    /// Passes the gradient of an input through the hooks, oldest first.
    pub(crate) fn apply_to_input(&self, input: u32, gradient: AnyTensor) -> AnyTensor {
        passed(&self.input_hooks, input, gradient)
    }

    /// Asks for the gradients that arrive at `output` to be kept.
    pub(crate) fn retain(&self, output: u32) {
        let mut retained = lock(&self.retained);
        if !retained.iter().any(|(of, _)| *of == output) {
            retained.push((output, None));
        }
    }

    pub(crate) fn retains(&self, output: u32) -> bool {
        lock(&self.retained).iter().any(|(of, _)| *of == output)
    }

    /// Replaces what is kept for `output` by `update(old)`, where it is kept.
    pub(crate) fn update_retained(
        &self,
        output: u32,
        update: impl FnOnce(Option<AnyTensor>) -> Option<AnyTensor>,
    ) {
        if let Some((_, kept)) = lock(&self.retained)
            .iter_mut()
            .find(|(of, _)| *of == output)
        {
            *kept = update(kept.take());
        }
    }

    pub(crate) fn retained(&self, output: u32) -> Option<AnyTensor> {
        lock(&self.retained)
            .iter()
            .find(|(of, _)| *of == output)
            .and_then(|(_, kept)| kept.clone())
    }
}

/// A registered hook. Dropping the handle leaves the hook in place; [`remove`](Self::remove) takes it away.
///
/// ```
/// use autodiff_runtime::tensor;
///
/// let x = tensor(2.0).require_grad();
/// let hook = x.register_hook(|g| Some(g * 10.0))?;
/// hook.remove();
/// x.square().backward()?;
/// assert_eq!(x.grad().unwrap(), tensor(4.0));
/// # Ok::<(), autodiff_runtime::AutogradError>(())
/// ```
#[derive(Clone)]
pub struct HookHandle {
    list: Arc<HookList>,
    id: u64,
}

impl HookHandle {
    /// Takes the hook away. Doing so again does nothing.
    ///
    /// ```
    /// use autodiff_runtime::tensor;
    ///
    /// let x = tensor(2.0).require_grad();
    /// let hook = x.register_hook(|g| Some(g * 10.0))?;
    /// hook.remove();
    /// x.square().backward()?;
    /// assert_eq!(x.grad().unwrap(), tensor(4.0));
    /// # Ok::<(), autodiff_runtime::AutogradError>(())
    /// ```
    pub fn remove(&self) {
        lock(&self.list).retain(|(id, _, _)| *id != self.id);
    }
}

impl std::fmt::Debug for HookHandle {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("HookHandle")
            .field("id", &self.id)
            .finish_non_exhaustive()
    }
}
