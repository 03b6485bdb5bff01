//! The objectives as functions of structs that call each other, with iterators and closures.

use autodiff::{Differentiable, differentiable};

use super::plain::{PI, wishart_constant};

/// A Gaussian mixture: for each component a logarithm of its weight, a mean, and the logarithms of the diagonal and the
/// columns of a factor of its precision.
#[derive(Clone, Debug, Differentiable)]
pub struct Mixture {
    pub alphas: Vec<f64>,
    pub means: Vec<f64>,
    pub factors: Vec<f64>,
}

#[differentiable]
fn log_sum_exp(x: &[f64]) -> f64 {
    let top = x.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    top + x.iter().map(|v| (v - top).exp()).sum::<f64>().ln()
}

/// The squared length of a point's distance to a mean, multiplied by the factor of the precision.
#[differentiable]
fn mahalanobis(x: &[f64], mean: &[f64], factor: &[f64]) -> f64 {
    let d = x.len();
    let centred: Vec<f64> = x.iter().zip(mean).map(|(x, m)| x - m).collect();
    let mut scaled: Vec<f64> = centred
        .iter()
        .zip(factor)
        .map(|(c, q)| c * q.exp())
        .collect();
    let mut column = d;
    for (j, c) in centred.iter().enumerate() {
        for (row, entry) in factor[column..column + d - 1 - j].iter().enumerate() {
            scaled[j + 1 + row] += entry * c;
        }
        column += d - 1 - j;
    }
    scaled.iter().map(|v| v * v).sum()
}

#[differentiable(wrt(mixture), order = 1)]
pub fn gmm(mixture: &Mixture, x: &[f64], d: usize, gamma: f64, m: usize) -> f64 {
    let alphas: &[f64] = &mixture.alphas;
    let means: &[f64] = &mixture.means;
    let factors: &[f64] = &mixture.factors;
    let k = alphas.len();
    let n = x.len() / d;
    let stride = d * (d + 1) / 2;
    let likelihood: f64 = x
        .chunks(d)
        .map(|point| {
            let terms: Vec<f64> = alphas
                .iter()
                .enumerate()
                .map(|(c, alpha)| {
                    let factor = &factors[c * stride..(c + 1) * stride];
                    let mean = &means[c * d..(c + 1) * d];
                    let log_determinant: f64 = factor[..d].iter().sum();
                    alpha + log_determinant - 0.5 * mahalanobis(point, mean, factor)
                })
                .collect();
            log_sum_exp(&terms)
        })
        .sum();
    let prior: f64 = factors
        .chunks(stride)
        .map(|factor| {
            let (diagonal, lower) = factor.split_at(d);
            let frobenius = diagonal.iter().map(|q| (2.0 * q).exp()).sum::<f64>()
                + lower.iter().map(|l| l * l).sum::<f64>();
            0.5 * gamma * gamma * frobenius - m as f64 * diagonal.iter().sum::<f64>()
        })
        .sum();
    let constant = -0.5 * (n * d) as f64 * (2.0 * PI).ln() - wishart_constant(d, k, gamma, m);
    constant + likelihood - n as f64 * log_sum_exp(alphas) + prior
}

#[differentiable]
fn sigmoid(x: f64) -> f64 {
    1.0 / (1.0 + (-x).exp())
}

/// One layer of the network: `signal` goes in and comes out.
#[differentiable]
fn layer(parameters: &[f64], hidden: &mut [f64], cell: &mut [f64], signal: &mut [f64]) {
    let width = hidden.len();
    let (weights, biases) = parameters.split_at(4 * width);
    for i in 0..width {
        let gate = |k: usize, x: f64| x * weights[k * width + i] + biases[k * width + i];
        let forget = sigmoid(gate(0, signal[i]));
        let ingate = sigmoid(gate(1, hidden[i]));
        let outgate = sigmoid(gate(2, signal[i]));
        let change = gate(3, hidden[i]).tanh();
        cell[i] = cell[i] * forget + ingate * change;
        hidden[i] = outgate * cell[i].tanh();
        signal[i] = hidden[i];
    }
}

#[differentiable(wrt(main, extra))]
pub fn lstm(main: &[f64], extra: &[f64], initial: &[f64], sequence: &[f64], width: usize) -> f64 {
    let mut state = initial.to_vec();
    let (into, rest) = extra.split_at(width);
    let (out, bias) = rest.split_at(width);
    let mut total = 0.0;
    let mut steps = 0;
    for (now, next) in sequence.chunks(width).zip(sequence.chunks(width).skip(1)) {
        let mut signal: Vec<f64> = now.iter().zip(into).map(|(x, w)| x * w).collect();
        for (l, parameters) in main.chunks(8 * width).enumerate() {
            let (hidden, cell) = state[2 * l * width..2 * (l + 1) * width].split_at_mut(width);
            layer(parameters, hidden, cell, &mut signal);
        }
        let prediction: Vec<f64> = (0..width).map(|i| signal[i] * out[i] + bias[i]).collect();
        let log_sum = (2.0 + prediction.iter().map(|p| p.exp()).sum::<f64>()).ln();
        total += next
            .iter()
            .zip(&prediction)
            .map(|(gold, p)| gold * (p - log_sum))
            .sum::<f64>();
        steps += 1;
    }
    -total / (steps * width) as f64
}

/// Where a camera stands and how it sees.
#[derive(Clone, Debug, Differentiable)]
pub struct Camera {
    pub rotation: [f64; 3],
    pub centre: [f64; 3],
    pub focal_length: f64,
    pub principal_point: [f64; 2],
    pub distortion: [f64; 2],
}

impl Camera {
    /// From the order of the reference cases.
    pub fn of(parameters: &[f64; 11]) -> Self {
        let part = |from: usize| std::array::from_fn(|i| parameters[from + i]);
        Self {
            rotation: std::array::from_fn(|i| parameters[i]),
            centre: std::array::from_fn(|i| parameters[3 + i]),
            focal_length: parameters[6],
            principal_point: part(7),
            distortion: part(9),
        }
    }
}

#[differentiable]
fn dot(a: &[f64; 3], b: &[f64; 3]) -> f64 {
    a.iter().zip(b).map(|(a, b)| a * b).sum()
}

#[differentiable]
fn cross(a: &[f64; 3], b: &[f64; 3]) -> [f64; 3] {
    [
        a[1] * b[2] - a[2] * b[1],
        a[2] * b[0] - a[0] * b[2],
        a[0] * b[1] - a[1] * b[0],
    ]
}

/// The point turned by a rotation vector, by the formula of Rodrigues.
#[differentiable]
fn rotate(rotation: &[f64; 3], point: &[f64; 3]) -> [f64; 3] {
    let square = dot(rotation, rotation);
    if square == 0.0 {
        let turned: [f64; 3] = cross(rotation, point);
        return std::array::from_fn(|i| point[i] + turned[i]);
    }
    let angle = square.sqrt();
    let axis = rotation.map(|r| r / angle);
    let (sine, cosine) = angle.sin_cos();
    let turned: [f64; 3] = cross(&axis, point);
    let along = dot(&axis, point) * (1.0 - cosine);
    std::array::from_fn(|i| point[i] * cosine + turned[i] * sine + axis[i] * along)
}

#[differentiable(order = 1)]
fn project(camera: &Camera, point: &[f64; 3]) -> [f64; 2] {
    let moved: [f64; 3] = std::array::from_fn(|i| point[i] - camera.centre[i]);
    let rotation: [f64; 3] = camera.rotation;
    let [x, y, z] = rotate(&rotation, &moved);
    let seen = [x / z, y / z];
    let radius = seen[0] * seen[0] + seen[1] * seen[1];
    let distortion = 1.0 + camera.distortion[0] * radius + camera.distortion[1] * radius * radius;
    std::array::from_fn(|i| seen[i] * distortion * camera.focal_length + camera.principal_point[i])
}

#[differentiable(wrt(camera, point, weight), order = 1)]
pub fn reprojection(
    camera: &Camera,
    point: &[f64; 3],
    weight: f64,
    feature: &[f64; 2],
) -> [f64; 2] {
    let seen: [f64; 2] = project(camera, point);
    std::array::from_fn(|i| weight * (seen[i] - feature[i]))
}
