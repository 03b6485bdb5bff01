use autodiff::Differentiable;

enum Kind {
    Solid,
}

#[derive(Differentiable)]
struct Part {
    kind: Kind,
    mass: f64,
}

fn main() {
    let _ = Kind::Solid;
}
