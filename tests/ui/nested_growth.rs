use autodiff::differentiable;

#[differentiable]
fn ragged(x: &[f64], n: usize) -> f64 {
    let mut y = 0.0;
    for _ in 0..n {
        let mut rows = Vec::new();
        for v in x {
            rows.push(vec![v * v; n]);
        }
        y += rows[0][0];
    }
    let mut levels = vec![vec![x[0]]];
    levels.pop();
    let mut sides = [Vec::new(), vec![x[0]]];
    sides[0].push(y);
    y + levels[0][0] + sides[0][0]
}

fn main() {}
