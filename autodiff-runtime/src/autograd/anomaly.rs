//! Finding the operation that made a NaN.

use std::cell::Cell;

thread_local! {
    static DETECT: Cell<bool> = const { Cell::new(false) };
}

/// Runs `body` with anomaly detection: a backward pass inside it ends with
/// [`Anomaly`](super::AutogradError::Anomaly), naming the operation, at the first gradient that has a NaN. Every
/// gradient is looked through, so this is for finding errors only.
///
/// ```
/// use autodiff_runtime::{AutogradError, detect_anomaly, tensor};
///
/// let x = tensor(0.0).require_grad();
/// let y = x.sqrt() * 0.0;
/// let error = detect_anomaly(|| y.backward()).unwrap_err();
/// assert_eq!(error, AutogradError::Anomaly { node: "SqrtBackward".into(), input: 0 });
/// ```
pub fn detect_anomaly<R>(body: impl FnOnce() -> R) -> R {
    struct Restore(bool);
    impl Drop for Restore {
        fn drop(&mut self) {
            DETECT.set(self.0);
        }
    }
    let _restore = Restore(DETECT.replace(true));
    body()
}

/// Whether this thread detects anomalies at present.
pub(crate) fn detecting() -> bool {
    DETECT.get()
}
