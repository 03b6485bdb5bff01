//! The objectives with loops over flat slices, each in one function.

use autodiff::differentiable;
use autodiff::special::lgamma;

/// The pi of ADBench.
#[expect(
    clippy::approx_constant,
    reason = "the reference was computed with these digits"
)]
pub const PI: f64 = 3.141_592_653_59;

/// The logarithm of the normalisation of a Wishart prior of `k` components of `d` dimensions.
pub fn wishart_constant(d: usize, k: usize, gamma: f64, m: usize) -> f64 {
    let (p, n) = (d as f64, (d + m + 1) as f64);
    let mut log_gamma = 0.25 * p * (p - 1.0) * PI.ln();
    for j in 1..=d {
        log_gamma += lgamma(0.5 * n + 0.5 * (1.0 - j as f64));
    }
    k as f64 * (n * p * (gamma.ln() - 0.5 * 2.0_f64.ln()) - log_gamma)
}

#[differentiable(wrt(alphas, means, icf))]
pub fn gmm(
    alphas: &[f64],
    means: &[f64],
    icf: &[f64],
    x: &[f64],
    d: usize,
    gamma: f64,
    m: usize,
) -> f64 {
    let k = alphas.len();
    let n = x.len() / d;
    let stride = d * (d + 1) / 2;

    let mut diagonals = vec![0.0; k * d];
    let mut log_determinants = vec![0.0; k];
    for c in 0..k {
        for i in 0..d {
            log_determinants[c] += icf[c * stride + i];
            diagonals[c * d + i] = icf[c * stride + i].exp();
        }
    }

    let mut likelihood = 0.0;
    let mut centred = vec![0.0; d];
    let mut scaled = vec![0.0; d];
    let mut terms = vec![0.0; k];
    for p in 0..n {
        for c in 0..k {
            for i in 0..d {
                centred[i] = x[p * d + i] - means[c * d + i];
                scaled[i] = diagonals[c * d + i] * centred[i];
            }
            let mut entry = c * stride + d;
            for column in 0..d {
                for row in column + 1..d {
                    scaled[row] += icf[entry] * centred[column];
                    entry += 1;
                }
            }
            let mut square = 0.0;
            for i in 0..d {
                square += scaled[i] * scaled[i];
            }
            terms[c] = alphas[c] + log_determinants[c] - 0.5 * square;
        }
        let mut largest = terms[0];
        for c in 1..k {
            if terms[c] > largest {
                largest = terms[c];
            }
        }
        let mut sum = 0.0;
        for c in 0..k {
            sum += (terms[c] - largest).exp();
        }
        likelihood += largest + sum.ln();
    }

    let mut largest = alphas[0];
    for c in 1..k {
        if alphas[c] > largest {
            largest = alphas[c];
        }
    }
    let mut sum = 0.0;
    for c in 0..k {
        sum += (alphas[c] - largest).exp();
    }
    let normalisation = n as f64 * (largest + sum.ln());

    let mut prior = 0.0;
    for c in 0..k {
        let mut frobenius = 0.0;
        for i in 0..d {
            frobenius += diagonals[c * d + i] * diagonals[c * d + i];
        }
        for entry in c * stride + d..(c + 1) * stride {
            frobenius += icf[entry] * icf[entry];
        }
        prior += 0.5 * gamma * gamma * frobenius - m as f64 * log_determinants[c];
    }

    let constant = -0.5 * (n * d) as f64 * (2.0 * PI).ln() - wishart_constant(d, k, gamma, m);
    constant + likelihood - normalisation + prior
}

#[differentiable(wrt(main, extra))]
pub fn lstm(
    main: &[f64],
    extra: &[f64],
    initial: &[f64],
    sequence: &[f64],
    layers: usize,
    width: usize,
) -> f64 {
    let steps = sequence.len() / width;
    let mut state = initial.to_vec();
    let mut prediction = vec![0.0; width];
    let mut total = 0.0;
    for t in 0..steps - 1 {
        let mut input = vec![0.0; width];
        for i in 0..width {
            input[i] = sequence[t * width + i] * extra[i];
        }
        for layer in 0..layers {
            let (weight, bias) = (8 * layer * width, (8 * layer + 4) * width);
            let (hidden, cell) = (2 * layer * width, (2 * layer + 1) * width);
            for i in 0..width {
                let before = state[hidden + i];
                let forget = input[i] * main[weight + i] + main[bias + i];
                let ingate = before * main[weight + width + i] + main[bias + width + i];
                let outgate = input[i] * main[weight + 2 * width + i] + main[bias + 2 * width + i];
                let change = before * main[weight + 3 * width + i] + main[bias + 3 * width + i];
                state[cell + i] = state[cell + i] / (1.0 + (-forget).exp())
                    + change.tanh() / (1.0 + (-ingate).exp());
                state[hidden + i] = state[cell + i].tanh() / (1.0 + (-outgate).exp());
                input[i] = state[hidden + i];
            }
        }
        let mut sum = 2.0;
        for i in 0..width {
            prediction[i] = input[i] * extra[width + i] + extra[2 * width + i];
            sum += prediction[i].exp();
        }
        let log_sum = sum.ln();
        for i in 0..width {
            total += sequence[(t + 1) * width + i] * (prediction[i] - log_sum);
        }
    }
    -total / ((steps - 1) * width) as f64
}

/// The error of one observation, weighted.
#[differentiable(wrt(camera, point, weight))]
pub fn reprojection(
    camera: &[f64; 11],
    point: &[f64; 3],
    weight: f64,
    feature: &[f64; 2],
) -> [f64; 2] {
    let mut moved = [0.0; 3];
    for i in 0..3 {
        moved[i] = point[i] - camera[3 + i];
    }
    let mut cross = [0.0; 3];
    for i in 0..3 {
        let (j, k) = ((i + 1) % 3, (i + 2) % 3);
        cross[i] = camera[j] * moved[k] - camera[k] * moved[j];
    }
    let square = camera[0] * camera[0] + camera[1] * camera[1] + camera[2] * camera[2];
    let mut rotated = [0.0; 3];
    if square != 0.0 {
        // The formula of Rodrigues.
        let angle = square.sqrt();
        let (sine, cosine) = angle.sin_cos();
        let along = camera[0] * moved[0] + camera[1] * moved[1] + camera[2] * moved[2];
        for i in 0..3 {
            rotated[i] = moved[i] * cosine
                + cross[i] / angle * sine
                + camera[i] * (along * (1.0 - cosine) / square);
        }
    } else {
        for i in 0..3 {
            rotated[i] = moved[i] + cross[i];
        }
    }
    let (x, y) = (rotated[0] / rotated[2], rotated[1] / rotated[2]);
    let radius = x * x + y * y;
    let distortion = 1.0 + camera[9] * radius + camera[10] * radius * radius;
    [
        weight * (x * distortion * camera[6] + camera[7] - feature[0]),
        weight * (y * distortion * camera[6] + camera[8] - feature[1]),
    ]
}

#[differentiable]
pub fn weight_error(weight: f64) -> f64 {
    1.0 - weight * weight
}

/// What lies between points and a hand in the pose `theta`: the points' vertices, or the places `us` in their triangles
/// where there are any. A weight is `(bone, vertex, value)`.
#[differentiable(wrt(us, theta))]
pub fn hand(
    us: &[f64],
    theta: &[f64; 26],
    parents: &[i64],
    base_relatives: &[f64],
    inverse_base_absolutes: &[f64],
    base_positions: &[f64],
    weights: &[(usize, usize, f64)],
    mirrored: bool,
    triangles: &[usize],
    correspondences: &[usize],
    points: &[f64],
) -> Vec<f64> {
    let bones = parents.len();
    // The angles of each bone: three joints of five fingers, the first of which turns sideways too.
    let mut angles = vec![[0.0; 3]; bones];
    let (mut next, mut bone) = (6, 2);
    for _ in 0..5 {
        for joint in 2..=4 {
            angles[bone][0] = theta[next];
            next += 1;
            if joint == 2 {
                angles[bone][1] = theta[next];
                next += 1;
            }
            bone += 1;
        }
        bone += 1;
    }

    let mut absolutes = vec![0.0; 16 * bones];
    let mut transforms = vec![0.0; 16 * bones];
    for b in 0..bones {
        let (sx, cx) = angles[b][0].sin_cos();
        let (sz, cz) = angles[b][1].sin_cos();
        let (sy, cy) = angles[b][2].sin_cos();
        let rotation = [
            [cz * cy, cz * sy * sx - sz * cx, cz * sy * cx + sz * sx, 0.0],
            [sz * cy, sz * sy * sx + cz * cx, sz * sy * cx - cz * sx, 0.0],
            [-sy, cy * sx, cy * cx, 0.0],
            [0.0, 0.0, 0.0, 1.0],
        ];
        let mut relative = [0.0; 16];
        for column in 0..4 {
            for row in 0..4 {
                for k in 0..4 {
                    relative[4 * column + row] +=
                        base_relatives[16 * b + 4 * k + row] * rotation[k][column];
                }
            }
        }
        if parents[b] < 0 {
            for i in 0..16 {
                absolutes[16 * b + i] = relative[i];
            }
        } else {
            let parent = parents[b] as usize;
            for column in 0..4 {
                for row in 0..4 {
                    let mut sum = 0.0;
                    for k in 0..4 {
                        sum += absolutes[16 * parent + 4 * k + row] * relative[4 * column + k];
                    }
                    absolutes[16 * b + 4 * column + row] = sum;
                }
            }
        }
        for column in 0..4 {
            for row in 0..4 {
                for k in 0..4 {
                    transforms[16 * b + 4 * column + row] += absolutes[16 * b + 4 * k + row]
                        * inverse_base_absolutes[16 * b + 4 * column + k];
                }
            }
        }
    }

    let vertices = base_positions.len() / 4;
    let mut skinned = vec![0.0; 3 * vertices];
    for w in 0..weights.len() {
        let (bone, vertex, weight) = weights[w];
        for row in 0..3 {
            for k in 0..4 {
                skinned[3 * vertex + row] +=
                    weight * transforms[16 * bone + 4 * k + row] * base_positions[4 * vertex + k];
            }
        }
    }

    let mut turn = [[1.0, 0.0, 0.0], [0.0, 1.0, 0.0], [0.0, 0.0, 1.0]];
    let norm = (theta[0] * theta[0] + theta[1] * theta[1] + theta[2] * theta[2]).sqrt();
    if norm >= 1e-4 {
        let (x, y, z) = (theta[0] / norm, theta[1] / norm, theta[2] / norm);
        let (s, c) = norm.sin_cos();
        turn = [
            [
                x * x + (1.0 - x * x) * c,
                x * y * (1.0 - c) - z * s,
                x * z * (1.0 - c) + y * s,
            ],
            [
                x * y * (1.0 - c) + z * s,
                y * y + (1.0 - y * y) * c,
                y * z * (1.0 - c) - x * s,
            ],
            [
                x * z * (1.0 - c) - y * s,
                z * y * (1.0 - c) + x * s,
                z * z + (1.0 - z * z) * c,
            ],
        ];
    }
    let mut positions = vec![0.0; 3 * vertices];
    for v in 0..vertices {
        let x = if mirrored {
            -skinned[3 * v]
        } else {
            skinned[3 * v]
        };
        for row in 0..3 {
            positions[3 * v + row] = turn[row][0] * x
                + turn[row][1] * skinned[3 * v + 1]
                + turn[row][2] * skinned[3 * v + 2]
                + theta[3 + row];
        }
    }
    let mut errors = vec![0.0; points.len()];
    for i in 0..correspondences.len() {
        for row in 0..3 {
            let mut place = 0.0;
            if us.is_empty() {
                place += positions[3 * correspondences[i] + row];
            } else {
                let corner = 3 * correspondences[i];
                let (u, v) = (us[2 * i], us[2 * i + 1]);
                place += u * positions[3 * triangles[corner] + row]
                    + v * positions[3 * triangles[corner + 1] + row]
                    + (1.0 - u - v) * positions[3 * triangles[corner + 2] + row];
            }
            errors[3 * i + row] = points[3 * i + row] - place;
        }
    }
    errors
}
