//! What all contestants are given.

/// The rounds of the chain, of three operations each.
pub const CHAIN: usize = 1000;
/// The widths of the perceptron's layers.
pub const WIDTHS: [usize; 4] = [784, 256, 128, 10];
/// The samples of a step.
pub const BATCH: usize = 64;
/// The rate of a step of gradient descent.
pub const RATE: f64 = 0.01;
/// The elements of the elementwise task.
pub const ELEMENTS: usize = 1_000_000;

/// Some numbers of at most `size`.
pub fn numbers(n: usize, size: f32) -> Vec<f32> {
    (0..n).map(|i| (i as f32 * 0.7).sin() * size).collect()
}

/// The entries of a matrix of `n` by `n`; none is negative, so that sums of them do not cancel.
pub fn entries(n: usize, size: f32) -> Vec<f32> {
    numbers(n * n, size).into_iter().map(|v| v + size).collect()
}

/// The class of each sample.
pub fn classes() -> Vec<i64> {
    (0..BATCH as i64).map(|i| i % WIDTHS[3] as i64).collect()
}

/// The weights between layer `i` and the next, in rows of inputs.
pub fn weights(i: usize) -> Vec<f32> {
    let (rows, columns) = (WIDTHS[i], WIDTHS[i + 1]);
    numbers(rows * columns, 1.0 / (rows as f32).sqrt())
}

/// The same in rows of outputs.
pub fn weights_by_output(i: usize) -> Vec<f32> {
    let (rows, columns) = (WIDTHS[i], WIDTHS[i + 1]);
    let weights = weights(i);
    (0..rows * columns)
        .map(|k| weights[k % rows * columns + k / rows])
        .collect()
}
