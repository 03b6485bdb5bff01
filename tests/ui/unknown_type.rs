use autodiff::differentiable;

#[derive(Clone, Copy)]
enum Kind {
    Small,
    Large,
}

fn kind(n: usize) -> Kind {
    if n < 5 { Kind::Small } else { Kind::Large }
}

#[differentiable]
fn scaled(x: f64, n: usize) -> f64 {
    let mut k = n;
    let found;
    loop {
        k += 1;
        if k > 3 {
            found = kind(k);
            break;
        }
    }
    match found {
        Kind::Small => x,
        Kind::Large => 2.0 * x,
    }
}

fn main() {}
