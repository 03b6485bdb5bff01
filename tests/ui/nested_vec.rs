use autodiff::differentiable;

#[differentiable]
fn product(x: f64) -> f64 {
    let mut rows = vec![vec![x; 2]; 2];
    rows[0] = vec![x * x; 2];
    rows[0][1]
}

#[differentiable]
fn replaced_grid(x: &[Vec<f64>], n: usize) -> f64 {
    let mut grid = x.to_vec();
    for _ in 0..n {
        let mut next = grid.clone();
        next[0][0] *= grid[1][1];
        grid = next;
    }
    grid[0][0]
}

fn main() {}
