//! Losses and normalisations.

use super::Tensor;
use super::element::Float;
use super::shape::expect;
use crate::autograd::AutogradError;

impl<T: Float> Tensor<T> {
    /// The mean of squared differences from `target`.
    ///
    /// # Panics
    ///
    /// When the shapes do not broadcast.
    #[track_caller]
    pub fn mse_loss(&self, target: &Self) -> Self {
        (self - target).square().mean()
    }

    /// The mean of absolute differences from `target`.
    ///
    /// # Panics
    ///
    /// When the shapes do not broadcast.
    #[track_caller]
    pub fn l1_loss(&self, target: &Self) -> Self {
        (self - target).abs().mean()
    }

    /// The mean of Huber's loss of the differences from `target`: half the square up to `delta`, linear beyond.
    ///
    /// # Panics
    ///
    /// When the shapes do not broadcast.
    #[track_caller]
    pub fn huber_loss(&self, target: &Self, delta: f64) -> Self {
        let size = (self - target).abs();
        let near = size.le(T::from_f64(delta));
        near.where_else(&(size.square() * 0.5), &((&size - 0.5 * delta) * delta))
            .mean()
    }

    /// The mean of the cross entropy between truths `target`, between 0 and 1, and the probabilities `sigmoid(self)`;
    /// exact for large logits.
    ///
    /// # Panics
    ///
    /// When the shapes do not broadcast.
    #[track_caller]
    pub fn bce_with_logits_loss(&self, target: &Self) -> Self {
        (self.softplus() - self * target).mean()
    }

    /// The mean of the negative log-probability of each row's class; `self` holds log-probabilities, one row for each
    /// sample.
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
    /// # Panics
    ///
    /// As [`nll_loss`](Self::nll_loss).
    #[track_caller]
    pub fn cross_entropy_loss(&self, classes: &Tensor<i64>) -> Self {
        self.log_softmax(-1).nll_loss(classes)
    }

    /// The mean over the first dimension of the divergence of Kullback and Leibler, `Σ target (ln target - self)`, from
    /// log-probabilities `self` to probabilities `target`; a probability of 0 contributes nothing.
    ///
    /// # Panics
    ///
    /// When the shapes do not broadcast, or this is a single number.
    #[track_caller]
    pub fn kl_div_loss(&self, target: &Self) -> Self {
        (target.xlogy(target) - target * self).sum() / self.shape()[0] as f64
    }

    /// `self ln(other)`, and 0 where `self` is 0.
    ///
    /// # Panics
    ///
    /// When the shapes do not broadcast.
    #[must_use]
    #[track_caller]
    pub fn xlogy(&self, other: &Self) -> Self {
        // The logarithm is taken where it counts, so that an infinite one does not meet a zero.
        let counts = self.ne_elements(T::ZERO);
        self * counts.where_else(other, &Self::ones(&[])).ln()
    }

    /// `ln(exp(self) + exp(other))` without overflow.
    ///
    /// # Panics
    ///
    /// When the shapes do not broadcast.
    #[must_use]
    #[track_caller]
    pub fn logaddexp(&self, other: &Self) -> Self {
        // Two equal infinities have no difference.
        let infinite = (self.detach() - other.detach())
            .is_nan()
            .logical_and(&self.eq_elements(other));
        other
            + infinite
                .where_else(&Self::zeros(&[]), &(self - other))
                .softplus()
    }

    /// The point between `self` (at `weight` 0) and `end` (at 1).
    ///
    /// # Panics
    ///
    /// When the shapes do not broadcast.
    #[must_use]
    #[track_caller]
    pub fn lerp(&self, end: &Self, weight: &Self) -> Self {
        self + weight * (end - self)
    }

    /// Each run of the last `count` dimensions brought to mean 0 and variance 1, where `epsilon` is added to the
    /// variance, then scaled by `weight` and moved by `bias`, which have the shape of these dimensions (Ba and others,
    /// arXiv 1607.06450).
    ///
    /// # Panics
    ///
    /// When there are fewer dimensions, or `weight` or `bias` do not broadcast.
    #[must_use]
    #[track_caller]
    pub fn layer_norm(
        &self,
        count: usize,
        weight: Option<&Self>,
        bias: Option<&Self>,
        epsilon: f64,
    ) -> Self {
        assert!(
            0 < count && count <= self.ndim(),
            "layer_norm: the last {count} dimensions of shape {:?}",
            self.shape()
        );
        let dims: Vec<isize> = (1..=count as isize).map(|d| -d).collect();
        self.standardised(&dims, weight, bias, epsilon)
    }

    /// Each channel (dimension 1) brought to mean 0 and variance 1 over the batch and all positions, where `epsilon` is
    /// added to the variance, then scaled by `weight` and moved by `bias`, one number for each channel (Ioffe and Szegedy,
    /// arXiv 1502.03167). The statistics are those of this batch.
    ///
    /// # Panics
    ///
    /// When there are fewer than two dimensions, or `weight` or `bias` have not one number for each channel.
    #[must_use]
    #[track_caller]
    pub fn batch_norm(&self, weight: Option<&Self>, bias: Option<&Self>, epsilon: f64) -> Self {
        assert!(
            self.ndim() >= 2,
            "batch_norm: a tensor of shape {:?} has no channels",
            self.shape()
        );
        let dims: Vec<isize> = (0..self.ndim() as isize).filter(|&d| d != 1).collect();
        let mut channels = vec![1_isize; self.ndim()];
        channels[1] = -1;
        let along = |x: Option<&Self>| x.map(|x| x.reshape(&channels));
        self.standardised(&dims, along(weight).as_ref(), along(bias).as_ref(), epsilon)
    }

    fn standardised(
        &self,
        dims: &[isize],
        weight: Option<&Self>,
        bias: Option<&Self>,
        epsilon: f64,
    ) -> Self {
        let centred = self - self.mean_dims(dims, true);
        let variance = centred.square().mean_dims(dims, true);
        let standard = centred * (variance + epsilon).rsqrt();
        let scaled = if let Some(weight) = weight {
            standard * weight
        } else {
            standard
        };
        if let Some(bias) = bias {
            scaled + bias
        } else {
            scaled
        }
    }
}
