//! Parameters that are structs of the user's: fields of all kinds, nested, in slices.

use super::{checked, twinned};

#[twinned]
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Vector {
    pub x: f64,
    pub y: f64,
    pub z: f64,
}

#[twinned]
#[derive(Clone, Debug, PartialEq)]
pub struct Body {
    pub mass: f64,
    pub position: Vector,
    pub spin: [f64; 3],
    pub charges: Vec<f64>,
    pub parts: usize,
    pub fixed: bool,
}

#[twinned]
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Metres(pub f64);

#[twinned]
#[derive(Clone, Debug, PartialEq)]
pub struct Layer {
    pub weights: Vec<Vec<f64>>,
    pub bias: Vec<f64>,
}

#[twinned]
#[derive(Clone, Debug, PartialEq)]
pub struct Network {
    pub layers: Vec<Layer>,
    pub scale: Metres,
}

#[twinned]
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Single {
    pub a: f32,
    pub b: [f32; 2],
}

#[checked(
    at(Vector { x: 1.0, y: -2.0, z: 0.5 }),
    at(Vector { x: 0.1, y: 0.2, z: 3.0 })
)]
fn squared_norm(v: &Vector) -> f64 {
    v.x * v.x + v.y * v.y + v.z * v.z
}

#[checked(
    at(Vector { x: 1.0, y: -2.0, z: 0.5 }, Vector { x: 0.3, y: 1.5, z: -0.7 }),
    at(Vector { x: 0.1, y: 0.2, z: 3.0 }, Vector { x: 2.0, y: 1.0, z: 1.0 })
)]
fn cosine(v: Vector, w: &Vector) -> f64 {
    let dot = v.x * w.x + v.y * w.y + v.z * w.z;
    let lengths =
        (v.x.powi(2) + v.y.powi(2) + v.z.powi(2)) * (w.x.powi(2) + w.y.powi(2) + w.z.powi(2));
    dot / lengths.sqrt()
}

#[checked(
    at(Body { mass: 2.0, position: Vector { x: 1.0, y: 0.5, z: 0.1 }, spin: [1.0, 2.0, 3.0], charges: vec![1.5, 2.5], parts: 4, fixed: false }, 0.5),
    at(Body { mass: 1.0, position: Vector { x: -1.0, y: 0.25, z: 2.0 }, spin: [0.1, -2.0, 0.3], charges: vec![], parts: 2, fixed: true }, 1.5),
    at(Body { mass: 3.0, position: Vector { x: 0.7, y: 1.25, z: 2.0 }, spin: [0.1, -2.0, 0.3], charges: vec![0.5], parts: 7, fixed: true }, -0.5)
)]
fn energy(body: &Body, k: f64) -> f64 {
    let mut sum = 0.5 * body.mass * k;
    for i in 0..body.spin.len() {
        sum += body.spin[i] * body.spin[i] * body.position.x;
    }
    for charge in &body.charges {
        sum += charge * body.mass;
    }
    for (charge, spin) in body.charges.iter().zip(&body.spin) {
        sum += charge * spin.sin();
    }
    if body.parts > 3 {
        sum *= body.parts as f64;
    }
    if !body.fixed {
        sum += body.position.y.exp();
    }
    sum
}

#[checked(
    at([], 2.0),
    at([Body { mass: 2.0, position: Vector { x: 1.0, y: 0.5, z: 0.1 }, spin: [1.0, 2.0, 3.0], charges: vec![1.5, 2.5], parts: 4, fixed: false }], 0.5),
    at([
        Body { mass: 2.0, position: Vector { x: 1.0, y: 0.5, z: 0.1 }, spin: [1.0, 2.0, 3.0], charges: vec![1.5, 2.5], parts: 4, fixed: false },
        Body { mass: 1.0, position: Vector { x: -1.0, y: 0.25, z: 2.0 }, spin: [0.1, -2.0, 0.3], charges: vec![], parts: 2, fixed: true },
        Body { mass: 3.0, position: Vector { x: 0.7, y: 1.25, z: 2.0 }, spin: [0.1, -2.0, 0.3], charges: vec![0.5], parts: 7, fixed: true }
    ], 0.5)
)]
fn potential(bodies: &[Body], gravity: f64) -> f64 {
    let mut sum = 0.0;
    for i in 0..bodies.len() {
        for j in 0..i {
            let dx = bodies[i].position.x - bodies[j].position.x;
            let dy = bodies[i].position.y - bodies[j].position.y;
            let dz = bodies[i].position.z - bodies[j].position.z;
            sum -= gravity * bodies[i].mass * bodies[j].mass / (dx * dx + dy * dy + dz * dz).sqrt();
        }
    }
    sum
}

#[checked(
    at(Metres(2.0), Metres(0.5)),
    at(Metres(-1.0), Metres(1.5))
)]
fn area(width: Metres, height: Metres) -> f64 {
    width.0 * height.0 + width.0.cos()
}

#[checked(
    at(Network { layers: vec![], scale: Metres(1.5) }, [1.0, 2.0]),
    at(Network { layers: vec![Layer { weights: vec![vec![0.5, -0.25], vec![0.125, 1.0]], bias: vec![0.1, 0.2] }], scale: Metres(1.5) }, [1.0, 2.0]),
    at(Network { layers: vec![
        Layer { weights: vec![vec![0.5, -0.25], vec![0.125, 1.0]], bias: vec![0.1, 0.2] },
        Layer { weights: vec![vec![1.5, -0.75], vec![0.25, 0.5]], bias: vec![-0.1, 0.3] }
    ], scale: Metres(0.5) }, [1.0, -2.0])
)]
fn network(net: &Network, input: &[f64]) -> f64 {
    let mut x = input.to_vec();
    for layer in &net.layers {
        let mut next = vec![0.0; layer.bias.len()];
        for i in 0..layer.bias.len() {
            let mut sum = layer.bias[i];
            for (w, x) in layer.weights[i].iter().zip(&x) {
                sum += w * x;
            }
            next[i] = sum.tanh();
        }
        x = next;
    }
    let mut total = 0.0;
    for x in &x {
        total += x * net.scale.0;
    }
    total
}

#[checked(
    at([Vector { x: 1.0, y: -2.0, z: 0.5 }, Vector { x: 0.3, y: 1.5, z: -0.7 }], (Vector { x: 0.1, y: 0.2, z: 3.0 }, 2.0)),
    at([Vector { x: 0.5, y: -2.5, z: 1.5 }, Vector { x: 0.25, y: 1.0, z: -0.5 }], (Vector { x: 1.1, y: 1.2, z: -3.0 }, -1.0))
)]
fn arrays_and_tuples(pair: [Vector; 2], more: (Vector, f64)) -> f64 {
    let mut sum = 0.0;
    for v in &pair {
        sum += v.x * more.0.x + v.y * more.1;
    }
    sum * pair[1].z
}

#[checked(at(Single { a: 0.5, b: [1.0, 2.0] }, 0.25))]
fn single(p: &Single, x: f32) -> f32 {
    let mut sum = p.a * x;
    for b in p.b {
        sum += b * p.a;
    }
    sum
}

#[checked(
    at(Vector { x: 1.0, y: -2.0, z: 0.5 }, 2.0),
    at(Vector { x: 0.1, y: 0.2, z: 3.0 }, 0.5),
    options(wrt(k))
)]
fn left_out(v: &Vector, k: f64) -> f64 {
    let mut sum = k;
    for _ in 0..3 {
        sum = sum * k;
    }
    sum
}

#[checked(
    at(Body { mass: 2.0, position: Vector { x: 1.0, y: 0.5, z: 0.1 }, spin: [1.0, 2.0, 3.0], charges: vec![1.5, 2.5], parts: 1, fixed: false }),
    panics(Body { mass: 2.0, position: Vector { x: 1.0, y: 0.5, z: 0.1 }, spin: [1.0, 2.0, 3.0], charges: vec![1.5, 2.5], parts: 2, fixed: false })
)]
fn chosen(body: &Body) -> f64 {
    body.charges[body.parts] * body.mass
}

#[checked(
    at(Body { mass: 2.0, position: Vector { x: 1.0, y: 0.5, z: 0.1 }, spin: [1.0, 2.0, 3.0], charges: vec![1.5, 2.5], parts: 1, fixed: false }),
    at(Body { mass: 0.5, position: Vector { x: 1.0, y: 0.5, z: 0.1 }, spin: [-1.0, 2.0, 3.0], charges: vec![1.5], parts: 1, fixed: false })
)]
fn unequal(body: &Body) -> [f64; 2] {
    if body.mass > body.position.x {
        [body.mass * body.spin[0], body.position.x]
    } else {
        [body.spin[0].exp(), body.charges[0]]
    }
}

#[checked(
    at([]),
    at([Vector { x: 1.0, y: -2.0, z: 0.5 }, Vector { x: 0.3, y: 1.5, z: -0.7 }, Vector { x: 0.1, y: 0.2, z: 3.0 }])
)]
fn iterated(points: &[Vector]) -> f64 {
    let spread: f64 = points.iter().map(|p| p.x * p.y).sum();
    let far = points
        .iter()
        .filter(|p| p.z > 0.0)
        .fold(0.0, |sum, p| sum + p.z.sqrt());
    let neighbours: f64 = points.windows(2).map(|w| (w[0].x - w[1].x).powi(2)).sum();
    spread + far * neighbours
}

#[checked(
    at([Vector { x: 1.0, y: -2.0, z: 0.5 }, Vector { x: 0.3, y: 1.5, z: -0.7 }], 1),
    panics([Vector { x: 1.0, y: -2.0, z: 0.5 }, Vector { x: 0.3, y: 1.5, z: -0.7 }], 2)
)]
fn referenced(points: &[Vector], k: usize) -> f64 {
    let first = &points[0];
    let other = &points[k];
    let product = |scale: f64| scale * first.x * other.y;
    product(other.z) + product(2.0)
}

#[checked(
    at(Body { mass: 2.0, position: Vector { x: 1.0, y: 0.5, z: 0.1 }, spin: [1.0, 2.0, 3.0], charges: vec![1.5, 2.5], parts: 1, fixed: false }),
    at(Body { mass: 0.5, position: Vector { x: 1.0, y: 0.5, z: 0.1 }, spin: [-1.0, 2.0, 3.0], charges: vec![1.5], parts: 1, fixed: false })
)]
fn sections(body: &Body) -> f64 {
    let mut sum = 0.0;
    for spin in &body.spin[1..] {
        sum += spin * spin;
    }
    let charges = body.charges.clone();
    let spin = body.spin;
    for (k, charge) in charges.iter().enumerate() {
        sum *= charge * spin[k];
    }
    sum
}

#[checked(
    at(Body { mass: 2.0, position: Vector { x: 1.0, y: 0.5, z: 0.1 }, spin: [1.0, 2.0, 3.0], charges: vec![1.5, 2.5], parts: 4, fixed: false }),
    at(Body { mass: 0.5, position: Vector { x: 1.0, y: 0.5, z: 0.1 }, spin: [-1.0, 2.0, 3.0], charges: vec![1.5], parts: 2, fixed: true })
)]
fn counted(body: &Body) -> f64 {
    let mean = body.mass / (body.parts - 1) as f64;
    match body.parts {
        0..=2 => mean * mean,
        _ if body.fixed => mean,
        n => mean.powi(n as i32) + body.parts.max(3) as f64,
    }
}

#[checked(
    at([[Vector { x: 1.0, y: -2.0, z: 0.5 }, Vector { x: 0.3, y: 1.5, z: -0.7 }]], [1.0, 0.5, 2.0]),
    at([], [1.0, 0.5, 2.0])
)]
fn rows(grid: &[[Vector; 2]], w: [f64; 3]) -> Vec<f64> {
    let mut out = vec![0.0; grid.len()];
    for (i, row) in grid.iter().enumerate() {
        for v in row {
            out[i] += w[0] * v.x + w[1] * v.y * v.z;
        }
    }
    out
}

#[checked(at(Body { mass: 2.0, position: Vector { x: 1.0, y: 0.5, z: 0.1 }, spin: [1.0, 2.0, 3.0], charges: vec![1.5, 2.5], parts: 1, fixed: false }))]
fn handed_out(body: &Body) -> ([f64; 3], Vec<f64>, usize) {
    let mut scaled = body.charges.clone();
    for charge in &mut scaled {
        *charge *= body.mass;
    }
    (body.spin, scaled, body.parts)
}
