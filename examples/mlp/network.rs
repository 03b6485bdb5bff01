//! The network: linear maps with hyperbolic tangents between them.

use autodiff::Tensor;
use rand::rngs::StdRng;

/// Layers, each a matrix of weights and a vector of biases.
pub struct Network {
    layers: Vec<(Tensor, Tensor)>,
}

impl Network {
    /// A network whose layers have the given numbers of inputs and outputs, with weights at random, scaled so that values
    /// neither grow nor shrink on their way (Glorot and Bengio, AISTATS 2010).
    pub fn new(sizes: &[usize], rng: &mut StdRng) -> Self {
        let mut layer = |inputs: usize, outputs: usize| {
            let scale = (2.0 / (inputs + outputs) as f64).sqrt() * 5.0 / 3.0;
            let weights = Tensor::randn(&[outputs, inputs], rng) * scale;
            (
                weights.require_grad(),
                Tensor::zeros(&[outputs]).require_grad(),
            )
        };
        let layers = sizes
            .windows(2)
            .map(|pair| layer(pair[0], pair[1]))
            .collect();
        Self { layers }
    }

    /// What there is to learn.
    pub fn parameters(&self) -> Vec<&Tensor> {
        self.layers
            .iter()
            .flat_map(|(weights, biases)| [weights, biases])
            .collect()
    }

    /// For each point, the logarithm of the odds that it belongs to the second spiral.
    pub fn forward(&self, points: &Tensor) -> Tensor {
        // The plane is small against the spirals' turns: stretched, it is easier to bend.
        let mut x = points * 4.0;
        for (i, (weights, biases)) in self.layers.iter().enumerate() {
            x = x.linear(weights, Some(biases));
            if i + 1 < self.layers.len() {
                x = x.tanh();
            }
        }
        x.squeeze(-1)
    }
}
