//! Losses, and the functions of two operands that they are made of.

use super::Tensor;
use super::element::Float;
use super::shape::expect;
use crate::autograd::AutogradError;

impl<T: Float> Tensor<T> {
    /// The mean of squared differences from `target`.
    ///
    /// ```
    /// use autodiff_runtime::tensor;
    ///
    /// assert_eq!(tensor([1.0, 4.0]).mse_loss(&tensor([0.0, 1.0])), tensor(5.0));
    /// ```
    ///
    /// # Panics
    ///
    /// When the shapes do not broadcast.
    #[track_caller]
    pub fn mse_loss(&self, target: &Self) -> Self {
        expect(self.try_mse_loss(target))
    }

    /// [`mse_loss`](Self::mse_loss) with an error instead of a panic.
    ///
    /// # Errors
    ///
    /// When the shapes do not broadcast.
    pub fn try_mse_loss(&self, target: &Self) -> Result<Self, AutogradError> {
        Ok(self.try_sub(target)?.square().mean())
    }

    /// The mean of absolute differences from `target`.
    ///
    /// ```
    /// use autodiff_runtime::tensor;
    ///
    /// assert_eq!(tensor([1.0, 4.0]).l1_loss(&tensor([0.0, 1.0])), tensor(2.0));
    /// ```
    ///
    /// # Panics
    ///
    /// When the shapes do not broadcast.
    #[track_caller]
    pub fn l1_loss(&self, target: &Self) -> Self {
        expect(self.try_l1_loss(target))
    }

    /// [`l1_loss`](Self::l1_loss) with an error instead of a panic.
    ///
    /// # Errors
    ///
    /// When the shapes do not broadcast.
    pub fn try_l1_loss(&self, target: &Self) -> Result<Self, AutogradError> {
        Ok(self.try_sub(target)?.abs().mean())
    }

    /// The mean of Huber's loss of the differences from `target`: half the square up to `delta`, linear beyond.
    ///
    /// ```
    /// use autodiff_runtime::tensor;
    ///
    /// assert_eq!(tensor([1.0, 4.0]).huber_loss(&tensor([0.0, 1.0]), 1.0), tensor(1.5));
    /// ```
    ///
    /// # Panics
    ///
    /// When the shapes do not broadcast.
    #[track_caller]
    pub fn huber_loss(&self, target: &Self, delta: f64) -> Self {
        expect(self.try_huber_loss(target, delta))
    }

    /// [`huber_loss`](Self::huber_loss) with an error instead of a panic.
    ///
    /// # Errors
    ///
    /// When the shapes do not broadcast.
    pub fn try_huber_loss(&self, target: &Self, delta: f64) -> Result<Self, AutogradError> {
        let size = self.try_sub(target)?.abs();
        let near = size.le(T::from_f64(delta));
        let losses = near.where_else(&(size.square() * 0.5), &((&size - 0.5 * delta) * delta));
        Ok(losses.mean())
    }

    /// The mean of the cross entropy between truths `target`, between 0 and 1, and the probabilities `sigmoid(self)`;
    /// exact for large logits.
    ///
    /// ```
    /// use autodiff_runtime::tensor;
    ///
    /// let loss = tensor([0.0, 800.0]).bce_with_logits_loss(&tensor([1.0, 1.0]));
    /// assert_eq!(loss, tensor(2.0_f64.ln() / 2.0));
    /// ```
    ///
    /// # Panics
    ///
    /// When the shapes do not broadcast.
    #[track_caller]
    pub fn bce_with_logits_loss(&self, target: &Self) -> Self {
        expect(self.try_bce_with_logits_loss(target))
    }

    /// [`bce_with_logits_loss`](Self::bce_with_logits_loss) with an error instead of a panic.
    ///
    /// # Errors
    ///
    /// When the shapes do not broadcast.
    pub fn try_bce_with_logits_loss(&self, target: &Self) -> Result<Self, AutogradError> {
        Ok(self.softplus().try_sub(&self.try_mul(target)?)?.mean())
    }

    /// The mean of the negative log-probability of each row's class; `self` holds log-probabilities, one row for each
    /// sample.
    ///
    /// ```
    /// use autodiff_runtime::tensor;
    ///
    /// let scores = tensor([[-1.0, -2.0], [-3.0, -4.0]]);
    /// assert_eq!(scores.nll_loss(&tensor([0, 1])), tensor(2.5));
    /// ```
    ///
    /// # Panics
    ///
    /// Unless this is a matrix and `classes` a vector with a class for each row.
    #[track_caller]
    pub fn nll_loss(&self, classes: &Tensor<i64>) -> Self {
        expect(self.try_nll_loss(classes))
    }

    /// [`nll_loss`](Self::nll_loss) with an error instead of a panic.
    ///
    /// # Errors
    ///
    /// Unless this is a matrix and `classes` a vector with a class for each row.
    pub fn try_nll_loss(&self, classes: &Tensor<i64>) -> Result<Self, AutogradError> {
        if self.ndim() != 2 || classes.shape() != &self.shape()[..1] {
            let message = format!(
                "scores of shape {:?} and classes of shape {:?}: expected [samples, classes] and [samples]",
                self.shape(),
                classes.shape()
            );
            return Err(AutogradError::shape("nll_loss", message));
        }
        Ok(-self.try_gather(1, &classes.unsqueeze(1))?.mean())
    }

    /// The mean cross entropy between each row's class and the probabilities `softmax(self)`; `self` holds logits, one
    /// row for each sample.
    ///
    /// ```
    /// use autodiff_runtime::tensor;
    ///
    /// let logits = tensor([[3.0, 3.0], [0.0, 0.0]]);
    /// assert_eq!(logits.cross_entropy_loss(&tensor([0, 1])).to_string(), "tensor(0.6931)");
    /// ```
    ///
    /// # Panics
    ///
    /// Unless this is a matrix and `classes` a vector with a class for each row.
    #[track_caller]
    pub fn cross_entropy_loss(&self, classes: &Tensor<i64>) -> Self {
        expect(self.try_cross_entropy_loss(classes))
    }

    /// [`cross_entropy_loss`](Self::cross_entropy_loss) with an error instead of a panic.
    ///
    /// # Errors
    ///
    /// Unless this is a matrix and `classes` a vector with a class for each row.
    pub fn try_cross_entropy_loss(&self, classes: &Tensor<i64>) -> Result<Self, AutogradError> {
        self.try_log_softmax(-1)?.try_nll_loss(classes)
    }

    /// The mean over the first dimension of the divergence of Kullback and Leibler, `Σ target (ln target - self)`, from
    /// log-probabilities `self` to probabilities `target`; a probability of 0 contributes nothing.
    ///
    /// ```
    /// use autodiff_runtime::tensor;
    ///
    /// let loss = tensor([[0.0, 0.0]]).kl_div_loss(&tensor([[0.0, 1.0]]));
    /// assert_eq!(loss, tensor(0.0));
    /// ```
    ///
    /// # Panics
    ///
    /// When the shapes do not broadcast, or this is a single number.
    #[track_caller]
    pub fn kl_div_loss(&self, target: &Self) -> Self {
        expect(self.try_kl_div_loss(target))
    }

    /// [`kl_div_loss`](Self::kl_div_loss) with an error instead of a panic.
    ///
    /// # Errors
    ///
    /// When the shapes do not broadcast, or this is a single number.
    pub fn try_kl_div_loss(&self, target: &Self) -> Result<Self, AutogradError> {
        let Some(&samples) = self.shape().first() else {
            let message = "a single number has no first dimension to average over; `unsqueeze(0)` gives it one";
            return Err(AutogradError::shape("kl_div_loss", message));
        };
        let terms = target.xlogy(target).try_sub(&target.try_mul(self)?)?;
        Ok(terms.sum() / samples as f64)
    }

    /// `self ln(other)`, and 0 where `self` is 0.
    ///
    /// ```
    /// use autodiff_runtime::tensor;
    ///
    /// assert_eq!(tensor([0.0, 2.0]).xlogy(&tensor([0.0, 1.0])), tensor([0.0, 0.0]));
    /// ```
    ///
    /// # Panics
    ///
    /// When the shapes do not broadcast.
    #[must_use]
    #[track_caller]
    pub fn xlogy(&self, other: &Self) -> Self {
        expect(self.try_xlogy(other))
    }

    /// [`xlogy`](Self::xlogy) with an error instead of a panic.
    ///
    /// # Errors
    ///
    /// When the shapes do not broadcast.
    pub fn try_xlogy(&self, other: &Self) -> Result<Self, AutogradError> {
        // The logarithm is taken where it counts, so that an infinite one does not meet a zero.
        let counts = self.ne_elements(T::ZERO);
        self.try_mul(&counts.try_where_else(other, &Self::ones(&[]))?.ln())
    }

    /// `ln(exp(self) + exp(other))` without overflow.
    ///
    /// ```
    /// use autodiff_runtime::tensor;
    ///
    /// assert_eq!(tensor(900.0).logaddexp(&tensor(900.0)), tensor(900.0 + 2.0_f64.ln()));
    /// ```
    ///
    /// # Panics
    ///
    /// When the shapes do not broadcast.
    #[must_use]
    #[track_caller]
    pub fn logaddexp(&self, other: &Self) -> Self {
        expect(self.try_logaddexp(other))
    }

    /// [`logaddexp`](Self::logaddexp) with an error instead of a panic.
    ///
    /// # Errors
    ///
    /// When the shapes do not broadcast.
    pub fn try_logaddexp(&self, other: &Self) -> Result<Self, AutogradError> {
        // Two equal infinities have no difference.
        let infinite = self
            .detach()
            .try_sub(&other.detach())?
            .is_nan()
            .logical_and(&self.eq_elements(other));
        let difference = infinite.where_else(&Self::zeros(&[]), &(self - other));
        Ok(other + difference.softplus())
    }

    /// The point between `self` (at `weight` 0) and `end` (at 1).
    ///
    /// ```
    /// use autodiff_runtime::tensor;
    ///
    /// assert_eq!(tensor(1.0).lerp(&tensor(5.0), &tensor(0.25)), tensor(2.0));
    /// ```
    ///
    /// # Panics
    ///
    /// When the shapes do not broadcast.
    #[must_use]
    #[track_caller]
    pub fn lerp(&self, end: &Self, weight: &Self) -> Self {
        expect(self.try_lerp(end, weight))
    }

    /// [`lerp`](Self::lerp) with an error instead of a panic.
    ///
    /// # Errors
    ///
    /// When the shapes do not broadcast.
    pub fn try_lerp(&self, end: &Self, weight: &Self) -> Result<Self, AutogradError> {
        self.try_add(&weight.try_mul(&end.try_sub(self)?)?)
    }
}
