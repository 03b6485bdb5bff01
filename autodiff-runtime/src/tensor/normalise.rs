//! Normalisations.

use super::Tensor;
use super::element::Float;
use super::shape::expect;
use crate::autograd::{AutogradError, no_grad};

/// The mean and the variance of each channel, followed over the batches of a training, for
/// [`batch_norm`](Tensor::batch_norm_evaluating) of single samples afterwards.
///
/// ```
/// use autodiff_runtime::{RunningStatistics, tensor};
///
/// let mut statistics = RunningStatistics::new(1).momentum(0.5);
/// let batch = tensor([[1.0], [3.0]]);
/// assert_eq!(batch.batch_norm_training(&mut statistics, None, None, 0.0), tensor([[-1.0], [1.0]]));
/// assert_eq!(statistics.mean(), &tensor([1.0])); // between 0, where it starts, and 2, the batch's
/// assert_eq!(statistics.variance(), &tensor([1.5])); // between 1 and 2
/// ```
#[derive(Clone, Debug)]
pub struct RunningStatistics<T: Float = f64> {
    mean: Tensor<T>,
    variance: Tensor<T>,
    momentum: f64,
}

impl<T: Float> RunningStatistics<T> {
    /// Mean 0 and variance 1 for each of `channels`, and a momentum of 0.1.
    ///
    /// ```
    /// use autodiff_runtime::{RunningStatistics, tensor};
    ///
    /// assert_eq!(RunningStatistics::<f64>::new(3).variance(), &tensor([1.0, 1.0, 1.0]));
    /// ```
    pub fn new(channels: usize) -> Self {
        Self {
            mean: Tensor::zeros(&[channels]),
            variance: Tensor::ones(&[channels]),
            momentum: 0.1,
        }
    }

    /// How much a batch counts against what there was before, between 0 and 1.
    ///
    /// ```
    /// use autodiff_runtime::{RunningStatistics, tensor};
    ///
    /// let mut statistics = RunningStatistics::new(1).momentum(1.0);
    /// let _ = tensor([[1.0], [3.0]]).batch_norm_training(&mut statistics, None, None, 0.0);
    /// assert_eq!(statistics.mean(), &tensor([2.0]));
    /// ```
    #[must_use]
    pub fn momentum(mut self, momentum: f64) -> Self {
        self.momentum = momentum;
        self
    }

    /// The mean of each channel.
    ///
    /// ```
    /// use autodiff_runtime::{RunningStatistics, tensor};
    ///
    /// assert_eq!(RunningStatistics::<f64>::new(2).mean(), &tensor([0.0, 0.0]));
    /// ```
    pub fn mean(&self) -> &Tensor<T> {
        &self.mean
    }

    /// The variance of each channel.
    ///
    /// ```
    /// use autodiff_runtime::{RunningStatistics, tensor};
    ///
    /// assert_eq!(RunningStatistics::<f64>::new(2).variance(), &tensor([1.0, 1.0]));
    /// ```
    pub fn variance(&self) -> &Tensor<T> {
        &self.variance
    }

    fn follow(&mut self, mean: &Tensor<T>, variance: &Tensor<T>) {
        let blend = |old: &Tensor<T>, new: &Tensor<T>| {
            no_grad(|| old * (1.0 - self.momentum) + new.reshape(&[-1]) * self.momentum)
        };
        let [mean, variance] = [blend(&self.mean, mean), blend(&self.variance, variance)];
        (self.mean, self.variance) = (mean, variance);
    }
}

impl<T: Float> Tensor<T> {
    /// Each run of the last `count` dimensions brought to mean 0 and variance 1, where `epsilon` is added to the
    /// variance, then scaled by `weight` and moved by `bias`, which have the shape of these dimensions (Ba and others,
    /// arXiv 1607.06450).
    ///
    /// ```
    /// use autodiff_runtime::tensor;
    ///
    /// let x = tensor([[1.0, 3.0], [0.0, 8.0]]);
    /// assert_eq!(x.layer_norm(1, None, None, 0.0), tensor([[-1.0, 1.0], [-1.0, 1.0]]));
    /// ```
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
        expect(self.try_layer_norm(count, weight, bias, epsilon))
    }

    /// [`layer_norm`](Self::layer_norm) with an error instead of a panic.
    ///
    /// # Errors
    ///
    /// When there are fewer dimensions, or `weight` or `bias` do not broadcast.
    pub fn try_layer_norm(
        &self,
        count: usize,
        weight: Option<&Self>,
        bias: Option<&Self>,
        epsilon: f64,
    ) -> Result<Self, AutogradError> {
        if count == 0 || count > self.ndim() {
            let message = format!(
                "the last {count} dimensions of shape {:?}: expected 1 to {}",
                self.shape(),
                self.ndim()
            );
            return Err(AutogradError::shape("layer_norm", message));
        }
        let dims: Vec<isize> = (1..=count as isize).map(|d| -d).collect();
        let mean = self.try_mean_dims(&dims, true)?;
        let variance = self.spread_around(&mean).try_mean_dims(&dims, true)?;
        self.standardised(&mean, &variance, weight, bias, epsilon)
    }

    /// Each channel (dimension 1) brought to mean 0 and variance 1 over the batch and all positions, where `epsilon` is
    /// added to the variance, then scaled by `weight` and moved by `bias`, one number for each channel (Ioffe and Szegedy,
    /// arXiv 1502.03167). The statistics are those of this batch.
    ///
    /// ```
    /// use autodiff_runtime::tensor;
    ///
    /// let x = tensor([[1.0, 0.0], [3.0, 8.0]]);
    /// let bias = tensor([0.0, 10.0]);
    /// assert_eq!(x.batch_norm(None, Some(&bias), 0.0), tensor([[-1.0, 9.0], [1.0, 11.0]]));
    /// ```
    ///
    /// # Panics
    ///
    /// When there are fewer than two dimensions, or `weight` or `bias` have not one number for each channel.
    #[must_use]
    #[track_caller]
    pub fn batch_norm(&self, weight: Option<&Self>, bias: Option<&Self>, epsilon: f64) -> Self {
        expect(self.try_batch_norm(weight, bias, epsilon))
    }

    /// [`batch_norm`](Self::batch_norm) with an error instead of a panic.
    ///
    /// # Errors
    ///
    /// When there are fewer than two dimensions, or `weight` or `bias` have not one number for each channel.
    pub fn try_batch_norm(
        &self,
        weight: Option<&Self>,
        bias: Option<&Self>,
        epsilon: f64,
    ) -> Result<Self, AutogradError> {
        Ok(self.normalised_batch(weight, bias, epsilon)?.0)
    }

    /// [`batch_norm`](Self::batch_norm), whose statistics `statistics` follow: the mean, and the variance divided by the
    /// number of elements less one.
    ///
    /// ```
    /// use autodiff_runtime::{RunningStatistics, tensor};
    ///
    /// let mut statistics = RunningStatistics::new(1).momentum(1.0);
    /// let x = tensor([[1.0], [3.0]]);
    /// assert_eq!(x.batch_norm_training(&mut statistics, None, None, 0.0), tensor([[-1.0], [1.0]]));
    /// assert_eq!(statistics.mean(), &tensor([2.0]));
    /// ```
    ///
    /// # Panics
    ///
    /// As [`batch_norm`](Self::batch_norm), and when there are other channels than in `statistics`, or fewer than two
    /// elements for each.
    #[must_use]
    #[track_caller]
    pub fn batch_norm_training(
        &self,
        statistics: &mut RunningStatistics<T>,
        weight: Option<&Self>,
        bias: Option<&Self>,
        epsilon: f64,
    ) -> Self {
        expect(self.try_batch_norm_training(statistics, weight, bias, epsilon))
    }

    /// [`batch_norm_training`](Self::batch_norm_training) with an error instead of a panic.
    ///
    /// # Errors
    ///
    /// As [`try_batch_norm`](Self::try_batch_norm), and when there are other channels than in `statistics`, or fewer
    /// than two elements for each.
    pub fn try_batch_norm_training(
        &self,
        statistics: &mut RunningStatistics<T>,
        weight: Option<&Self>,
        bias: Option<&Self>,
        epsilon: f64,
    ) -> Result<Self, AutogradError> {
        self.channels(Some(statistics.mean()))?;
        let count = self.len() / self.shape()[1].max(1);
        if count < 2 {
            let message = format!(
                "a batch of shape {:?} has {count} elements for each channel: a variance takes two at least",
                self.shape()
            );
            return Err(AutogradError::shape("batch_norm", message));
        }
        let (result, mean, variance) = self.normalised_batch(weight, bias, epsilon)?;
        let count = count as f64;
        no_grad(|| statistics.follow(&mean, &(variance * (count / (count - 1.0)))));
        Ok(result)
    }

    /// As [`batch_norm`](Self::batch_norm), by the statistics of a training instead of the batch's own: each sample by
    /// itself.
    ///
    /// ```
    /// use autodiff_runtime::{RunningStatistics, tensor};
    ///
    /// let statistics = RunningStatistics::new(2); // mean 0, variance 1
    /// let x = tensor([[1.0, 2.0]]);
    /// assert_eq!(x.batch_norm_evaluating(&statistics, None, None, 0.0), x);
    /// ```
    ///
    /// # Panics
    ///
    /// As [`batch_norm`](Self::batch_norm), and when there are other channels than in `statistics`.
    #[must_use]
    #[track_caller]
    pub fn batch_norm_evaluating(
        &self,
        statistics: &RunningStatistics<T>,
        weight: Option<&Self>,
        bias: Option<&Self>,
        epsilon: f64,
    ) -> Self {
        expect(self.try_batch_norm_evaluating(statistics, weight, bias, epsilon))
    }

    /// [`batch_norm_evaluating`](Self::batch_norm_evaluating) with an error instead of a panic.
    ///
    /// # Errors
    ///
    /// As [`try_batch_norm`](Self::try_batch_norm), and when there are other channels than in `statistics`.
    pub fn try_batch_norm_evaluating(
        &self,
        statistics: &RunningStatistics<T>,
        weight: Option<&Self>,
        bias: Option<&Self>,
        epsilon: f64,
    ) -> Result<Self, AutogradError> {
        let along = |x: Option<&Self>| self.channels(x);
        let both = (
            along(Some(&statistics.mean))?,
            along(Some(&statistics.variance))?,
        );
        let (Some(mean), Some(variance)) = both else {
            unreachable!("what there is has channels")
        };
        let [weight, bias] = [along(weight)?, along(bias)?];
        self.standardised(&mean, &variance, weight.as_ref(), bias.as_ref(), epsilon)
    }

    /// The batch normalised by its own statistics, and these.
    fn normalised_batch(
        &self,
        weight: Option<&Self>,
        bias: Option<&Self>,
        epsilon: f64,
    ) -> Result<(Self, Self, Self), AutogradError> {
        let [weight, bias] = [self.channels(weight)?, self.channels(bias)?];
        let dims: Vec<isize> = (0..self.ndim() as isize).filter(|&d| d != 1).collect();
        let mean = self.try_mean_dims(&dims, true)?;
        let variance = self.spread_around(&mean).try_mean_dims(&dims, true)?;
        let result =
            self.standardised(&mean, &variance, weight.as_ref(), bias.as_ref(), epsilon)?;
        Ok((result, mean, variance))
    }

    /// A number for each channel, in a shape that broadcasts to this tensor's.
    fn channels(&self, x: Option<&Self>) -> Result<Option<Self>, AutogradError> {
        let [_, count, ..] = *self.shape() else {
            let message = format!(
                "a tensor of shape {:?} has no channels: expected [batch, channels, ..]",
                self.shape()
            );
            return Err(AutogradError::shape("batch_norm", message));
        };
        let Some(x) = x else { return Ok(None) };
        if x.shape() != [count] {
            let message = format!(
                "a tensor of shape {:?} has not one number for each of the {count} channels of {:?}",
                x.shape(),
                self.shape()
            );
            return Err(AutogradError::shape("batch_norm", message));
        }
        let mut shape = vec![1; self.ndim()];
        shape[1] = count;
        Ok(Some(x.reshaped("ReshapeBackward", &shape)))
    }

    fn spread_around(&self, mean: &Self) -> Self {
        (self - mean).square()
    }

    fn standardised(
        &self,
        mean: &Self,
        variance: &Self,
        weight: Option<&Self>,
        bias: Option<&Self>,
        epsilon: f64,
    ) -> Result<Self, AutogradError> {
        let mut result = (self - mean) * (variance + epsilon).rsqrt();
        if let Some(weight) = weight {
            result = result.try_mul(weight)?;
        }
        if let Some(bias) = bias {
            result = result.try_add(bias)?;
        }
        Ok(result)
    }
}
