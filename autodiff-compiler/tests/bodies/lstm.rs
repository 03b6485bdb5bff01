/// The cross entropy of a recurrent cell with gates over a sequence.
fn lstm(
    w: &[[f64; 8]],
    bias: &[[f64; 4]],
    output: &[f64],
    x: &[Vec<f64>],
    hidden: usize,
) -> f64 {
    let mut state = vec![0.0; hidden];
    let mut cell = vec![0.0; hidden];
    let mut logits = vec![0.0; hidden];
    let mut loss = 0.0;
    let mut count = 0;
    for t in 0..x.len() - 1 {
        let mut norm = 0.0;
        for j in 0..hidden {
            let input = x[t][j];
            let before = state[j];
            let forget_in = w[j][0] * input + w[j][1] * before + bias[j][0];
            let ingate_in = w[j][2] * input + w[j][3] * before + bias[j][1];
            let outgate_in = w[j][4] * input + w[j][5] * before + bias[j][2];
            let change_in = w[j][6] * input + w[j][7] * before + bias[j][3];
            let forget = 1.0 / (1.0 + (-forget_in).exp());
            let ingate = 1.0 / (1.0 + (-ingate_in).exp());
            let outgate = 1.0 / (1.0 + (-outgate_in).exp());
            let change = change_in.tanh();
            cell[j] = cell[j] * forget + ingate * change;
            let out = outgate * cell[j].tanh();
            state[j] = out;
            norm += out * out;
        }
        let scale = 1.0 / (1e-6 + norm).sqrt();
        for j in 0..hidden {
            state[j] *= scale;
        }
        let mut largest = f64::NEG_INFINITY;
        for j in 0..hidden {
            let mut sum = 0.0;
            for i in 0..hidden {
                sum += output[j * hidden + i] * state[i];
            }
            logits[j] = sum;
            largest = largest.max(sum);
        }
        let mut total = 0.0;
        for j in 0..hidden {
            total += (logits[j] - largest).exp();
        }
        let log_total = largest + total.ln();
        for j in 0..hidden {
            let target = x[t + 1][j];
            loss -= target * (logits[j] - log_total);
            count += 1;
        }
    }
    let mut decay = 0.0;
    for j in 0..hidden {
        for k in 0..8 {
            decay += w[j][k] * w[j][k];
        }
        for i in 0..hidden {
            let entry = output[j * hidden + i];
            decay += entry * entry;
        }
    }
    loss / count as f64 + 1e-4 * decay
}
