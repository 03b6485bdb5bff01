//! Whether operations are being recorded: a switch for each thread.

use std::cell::Cell;

thread_local! {
    static ENABLED: Cell<bool> = const { Cell::new(true) };
}

/// Whether operations on tensors that require gradients are recorded at present in this thread.
///
/// ```
/// use autodiff_runtime::{is_grad_enabled, no_grad};
///
/// assert!(is_grad_enabled());
/// assert!(!no_grad(is_grad_enabled));
/// ```
#[inline]
pub fn is_grad_enabled() -> bool {
    ENABLED.get()
}

/// Runs `body` with recording switched on or off, and restores the former state, also when `body` panics.
///
/// ```
/// use autodiff_runtime::{set_grad_enabled, tensor};
///
/// let x = tensor(2.0).require_grad();
/// assert!(!set_grad_enabled(false, || &x * 2.0).requires_grad());
/// ```
pub fn set_grad_enabled<R>(enabled: bool, body: impl FnOnce() -> R) -> R {
    struct Restore(bool);
    impl Drop for Restore {
        fn drop(&mut self) {
            ENABLED.set(self.0);
        }
    }
    let _restore = Restore(ENABLED.replace(enabled));
    body()
}

/// Runs `body` without recording: its results do not require gradients.
///
/// ```
/// use autodiff_runtime::{no_grad, tensor};
///
/// let x = tensor([1.0, 2.0]).require_grad();
/// assert!(!no_grad(|| &x * 2.0).requires_grad());
/// ```
pub fn no_grad<R>(body: impl FnOnce() -> R) -> R {
    set_grad_enabled(false, body)
}

/// Runs `body` with recording, also inside [`no_grad`].
///
/// ```
/// use autodiff_runtime::{enable_grad, no_grad, tensor};
///
/// let x = tensor(2.0).require_grad();
/// let y = no_grad(|| enable_grad(|| &x * 2.0));
/// assert!(y.requires_grad());
/// ```
pub fn enable_grad<R>(body: impl FnOnce() -> R) -> R {
    set_grad_enabled(true, body)
}
