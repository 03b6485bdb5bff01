//! Structs of the user's as parameters.

use autodiff::{Differentiable, differentiable};

#[derive(Clone, Debug, Differentiable)]
struct Vec3 {
    x: f64,
    y: f64,
    z: f64,
}

#[derive(Clone, Debug, Differentiable)]
struct Body {
    mass: f64,
    pos: Vec3,
    v: [f64; 3],
    w: Vec<f64>,
    n: usize,
}

#[differentiable]
fn energy(p: &Body, k: f64) -> f64 {
    let mut s = 0.5 * p.mass * k;
    for i in 0..p.v.len() {
        s += p.v[i] * p.v[i] * p.pos.x;
    }
    for w in &p.w {
        s += w * p.mass;
    }
    for (w, v) in p.w.iter().zip(&p.v) {
        s += w * v;
    }
    if p.n > 3 {
        s *= p.n as f64;
    }
    s * p.pos.y.sin()
}

#[differentiable]
fn potential(bodies: &[Body], g: f64) -> f64 {
    let mut s = 0.0;
    for i in 0..bodies.len() {
        for j in 0..i {
            let dx = bodies[i].pos.x - bodies[j].pos.x;
            let dy = bodies[i].pos.y - bodies[j].pos.y;
            s -= g * bodies[i].mass * bodies[j].mass / (dx * dx + dy * dy).sqrt();
        }
    }
    s
}

#[test]
fn energies() {
    let body = Body {
        mass: 2.0,
        pos: Vec3 {
            x: 1.0,
            y: 0.5,
            z: 0.0,
        },
        v: [1.0, 2.0, 3.0],
        w: vec![1.5, 2.5],
        n: 4,
    };
    let (db, dk) = energy::gradient(&body, 0.5);
    println!("{db:?} {dk}");
    let h = energy::hessian(&body, 0.5);
    println!("{h:?}");
    let g = potential::gradient(
        &[
            body.clone(),
            Body {
                pos: Vec3 {
                    x: 2.0,
                    y: 1.0,
                    z: 0.0,
                },
                ..body.clone()
            },
        ],
        1.5,
    );
    println!("{g:?}");
}
