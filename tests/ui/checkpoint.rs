use autodiff::differentiable;

#[differentiable]
fn on_a_condition(x: f64) -> f64 {
    let mut y = x;
    #[checkpoint]
    while y < 100.0 {
        y *= y;
    }
    y
}

#[differentiable]
fn over_an_iterator(x: &[f64]) -> f64 {
    let mut y = 1.0;
    #[checkpoint]
    for v in x.iter() {
        y *= v;
    }
    y
}

#[differentiable]
fn ended_early(x: f64, n: usize) -> f64 {
    let mut y = x;
    #[checkpoint(every = 64)]
    for _ in 0..n {
        y *= x;
        if y > 10.0 {
            break;
        }
    }
    y
}

#[differentiable]
fn inside(x: f64, n: usize) -> f64 {
    let mut y = x;
    for _ in 0..n {
        #[checkpoint]
        for _ in 0..n {
            y *= x;
        }
    }
    y
}

#[differentiable]
fn around(x: f64, n: usize) -> f64 {
    let mut y = x;
    #[checkpoint]
    for _ in 0..n {
        while y < 2.0 {
            y *= 2.0;
        }
        y *= 0.25;
    }
    y
}

fn noise(n: usize) -> f64 {
    n as f64
}

#[differentiable]
fn random(x: f64, n: usize) -> f64 {
    let mut y = x;
    #[checkpoint]
    for i in 0..n {
        let factor: f64 = noise(i);
        y *= x + factor;
    }
    y
}

#[differentiable]
fn changed(rows: &mut [Vec<f64>], n: usize) {
    let mut path = vec![0.0];
    #[checkpoint]
    for i in 0..n {
        rows[i][0] *= 2.0;
        path.push(rows[i][0]);
    }
    rows[0][0] *= path[n];
}

#[differentiable]
fn square(x: f64) -> f64 {
    x * x
}

#[differentiable]
fn calls(x: f64, n: usize) -> f64 {
    let mut y = x;
    #[checkpoint]
    for _ in 0..n {
        y = square(y);
    }
    y
}

fn main() {}
