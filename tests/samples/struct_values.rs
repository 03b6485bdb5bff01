//! Structs of the user's that change: in-out parameters, locals, copies.

use super::{checked, twinned};

#[twinned]
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Vector {
    pub x: f64,
    pub y: f64,
}

#[twinned]
#[derive(Clone, Debug, PartialEq)]
pub struct State {
    pub position: Vector,
    pub velocity: [f64; 2],
    pub weights: Vec<f64>,
    pub time: f64,
    pub steps: usize,
}

#[checked(
    at(State { position: Vector { x: 1.0, y: 0.5 }, velocity: [0.25, -1.0], weights: vec![1.5, 2.5], time: 0.0, steps: 0 }, 0.1, 3),
    at(State { position: Vector { x: -1.0, y: 0.5 }, velocity: [0.25, 2.0], weights: vec![], time: 0.5, steps: 1 }, 0.2, 0)
)]
fn step(state: &mut State, dt: f64, n: usize) {
    for _ in 0..n {
        state.velocity[0] -= dt * state.position.x.sin();
        state.velocity[1] -= dt * state.position.y;
        state.position.x += dt * state.velocity[0];
        state.position.y += dt * state.velocity[1];
        state.time += dt;
        state.steps += 1;
        for w in &mut state.weights {
            *w *= state.time;
        }
    }
}

#[checked(
    at([Vector { x: 1.0, y: 0.5 }, Vector { x: 0.25, y: 1.5 }], 0.1),
    at([], 0.1)
)]
fn shift(points: &mut [Vector], by: f64) -> f64 {
    let mut sum = 0.0;
    for i in 0..points.len() {
        points[i].x *= by;
        sum += points[i].x * points[i].y;
    }
    for p in points.iter_mut() {
        p.y = p.x.exp();
    }
    sum
}

#[checked(
    at(State { position: Vector { x: 1.0, y: 0.5 }, velocity: [0.25, -1.0], weights: vec![1.5, 2.5], time: 0.5, steps: 0 }),
    at(State { position: Vector { x: -1.0, y: 0.5 }, velocity: [0.25, 2.0], weights: vec![], time: 0.5, steps: 1 })
)]
fn copied(state: &State) -> f64 {
    let mut position = state.position;
    position.x *= state.time;
    let other = position;
    position.y += other.x;
    let mut whole = state.clone();
    whole.velocity[0] = position.y;
    whole.time *= 2.0;
    for w in &mut whole.weights {
        *w *= whole.time;
    }
    let mut sum = other.x * position.y + whole.velocity[0] * state.velocity[1];
    for (a, b) in whole.weights.iter().zip(&state.weights) {
        sum += a * b;
    }
    sum
}

#[checked(
    at(State { position: Vector { x: 1.0, y: 0.5 }, velocity: [0.25, -1.0], weights: vec![1.5, 2.5], time: 0.5, steps: 0 }, 2.0),
    at(State { position: Vector { x: -1.0, y: 0.5 }, velocity: [0.25, 2.0], weights: vec![], time: 0.5, steps: 1 }, 1.5)
)]
fn owned(mut state: State, k: f64) -> f64 {
    state.position.x *= k;
    for w in &mut state.weights {
        *w += k;
    }
    let mut sum = state.position.x * state.position.y;
    for w in state.weights {
        sum += w * state.time;
    }
    sum
}

#[twinned]
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Metres(pub f64);

#[twinned]
#[derive(Clone, Debug, PartialEq)]
pub struct Fit {
    pub at: Vector,
    pub residuals: Vec<f64>,
    pub error: Metres,
    pub count: usize,
    pub good: bool,
}

#[checked(at(1.2, 0.5), at(-0.3, 2.0))]
fn made_of_numbers(x: f64, y: f64) -> Vector {
    let scale = 2.0 * x;
    Vector {
        x: y.sin() * scale,
        y: x - y,
    }
}

#[checked(
    at(Vector { x: 1.0, y: 0.5 }, Vector { x: -0.25, y: 2.0 }, 3),
    at(Vector { x: 1.0, y: 0.5 }, Vector { x: -0.25, y: 2.0 }, 0)
)]
fn rotated(a: Vector, b: Vector, n: usize) -> Vector {
    let mut v = Vector {
        x: a.x * b.y,
        y: a.y,
    };
    for i in 0..n {
        let w = Vector { y: v.x, x: -v.y };
        if i % 2 == 0 {
            v = w;
        } else {
            v.x += w.x * b.x;
            v = Vector { x: v.x.sin(), ..v };
        }
    }
    v
}

#[checked(at(Metres(2.0), Metres(0.5)), at(Metres(-1.0), Metres(1.5)))]
fn metres(width: Metres, height: Metres) -> Metres {
    let Metres(w) = width;
    let half = Metres(0.5 * w);
    Metres(half.0 * height.0 + height.0.cos())
}

#[checked(
    at([1.0, 2.0, 4.0], Vector { x: 0.5, y: 1.0 }),
    at([], Vector { x: 0.5, y: 1.0 })
)]
fn fit(data: &[f64], line: Vector) -> Fit {
    let Vector {
        x: slope,
        y: offset,
    } = line;
    let mut residuals = vec![0.0; data.len()];
    let mut sum = 0.0;
    for (i, value) in data.iter().enumerate() {
        residuals[i] = value - (slope * i as f64 + offset);
        sum += residuals[i] * residuals[i];
    }
    Fit {
        at: line,
        residuals,
        error: Metres(sum),
        count: data.len(),
        good: sum < 1.0,
    }
}

#[checked(
    at([Vector { x: 1.0, y: 0.5 }, Vector { x: 0.25, y: 1.5 }, Vector { x: 2.0, y: -1.0 }]),
    at([]),
    at([Vector { x: 0.25, y: 1.5 }])
)]
fn centre(points: &[Vector]) -> Vector {
    let mut sum = Vector { x: 0.0, y: 0.0 };
    for &Vector { x, y } in points {
        sum.x += x;
        sum.y += x * y;
    }
    if points.len() < 2 {
        return sum;
    }
    let n = points.len() as f64;
    Vector {
        x: sum.x / n,
        y: sum.y / n,
    }
}

#[checked(
    at([Vector { x: 1.0, y: 0.5 }, Vector { x: 0.25, y: 1.5 }, Vector { x: 2.0, y: -1.0 }], 2.0),
    at([], 0.5)
)]
fn replaced(points: &mut [Vector], k: f64) -> f64 {
    let mut sum = 0.0;
    for i in 0..points.len() {
        let p = points[i];
        points[i] = Vector { x: p.y * k, y: p.x };
        sum += p.x * points[i].x;
    }
    for p in points.iter_mut() {
        *p = Vector { x: p.x * p.y, ..*p };
    }
    sum
}

#[checked(
    at(State { position: Vector { x: 1.0, y: 0.5 }, velocity: [0.25, -1.0], weights: vec![1.5, 2.5], time: 0.5, steps: 0 }, 0.1),
    at(State { position: Vector { x: -1.0, y: 0.5 }, velocity: [0.25, 2.0], weights: vec![], time: 0.5, steps: 1 }, 0.2)
)]
fn advanced(state: &State, dt: f64) -> State {
    let position = Vector {
        x: state.position.x + dt * state.velocity[0],
        y: state.position.y + dt * state.velocity[1],
    };
    State {
        position,
        time: state.time + dt,
        steps: state.steps + 1,
        ..state.clone()
    }
}

#[checked(
    at(Vector { x: 1.0, y: 0.5 }, Vector { x: 0.25, y: 1.5 }, 0),
    at(Vector { x: 1.0, y: 0.5 }, Vector { x: 0.25, y: 1.5 }, 1),
    at(Vector { x: 1.0, y: 0.5 }, Vector { x: 0.25, y: 1.5 }, 2)
)]
fn selected(a: Vector, b: Vector, k: usize) -> f64 {
    let chosen = match k {
        0 => a,
        1 => b,
        _ => Vector {
            x: a.x * b.x,
            y: b.y,
        },
    };
    let corners = [a, b, chosen];
    let mut sum = 0.0;
    for corner in &corners {
        sum += corner.x * corner.y.exp();
    }
    let other = if sum > 2.0 { a } else { chosen };
    sum * other.y
}

#[checked(
    at([Vector { x: 1.0, y: 0.5 }, Vector { x: 0.25, y: 1.5 }], 1.5),
    at([Vector { x: 1.0, y: -0.5 }], 0.5)
)]
fn scaled(points: &[Vector], k: f64) -> (Vec<f64>, Vector) {
    let first = points[0];
    let lengths = points.iter().map(|v| v.x.hypot(v.y) * k).collect();
    (
        lengths,
        Vector {
            x: first.x * k,
            ..first
        },
    )
}

#[checked(
    at([Vector { x: 1.0, y: 0.5 }, Vector { x: 0.25, y: 1.5 }], 1.5),
    at([], 0.5)
)]
fn collected(points: &[Vector], k: f64) -> Vec<Vector> {
    let moved: Vec<Vector> = points
        .iter()
        .map(|p| Vector {
            x: p.x * k,
            y: p.y.cos(),
        })
        .collect();
    let mut copies = points.to_vec();
    for (copy, p) in copies.iter_mut().zip(&moved) {
        copy.y *= p.x;
        copy.x += p.y * p.y;
    }
    copies
}

#[checked(
    at([Vector { x: 1.0, y: 0.5 }, Vector { x: 0.25, y: 1.5 }], 2),
    at([Vector { x: 1.0, y: 0.5 }, Vector { x: 0.25, y: 1.5 }], 0)
)]
fn states(pair: [Vector; 2], n: usize) -> ([Vector; 2], f64) {
    let mut all = vec![Vector { x: 0.0, y: 1.0 }; n + 1];
    all[0].x = pair[0].x;
    for i in 0..n {
        all[i + 1] = Vector {
            x: all[i].x.sin() + pair[1].y,
            y: all[i].y * all[i].x,
        };
    }
    let last = all[n];
    let (mut first, second) = (
        pair[0],
        Vector {
            x: pair[1].x,
            ..last
        },
    );
    first.y *= last.y;
    ([first, second], all.iter().map(|v| v.y).sum())
}

#[twinned]
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Particle {
    pub position: Vector,
    pub velocity: Vector,
    pub mass: f64,
    pub alive: bool,
}

#[checked(
    at([Particle { position: Vector { x: 1.0, y: 0.5 }, velocity: Vector { x: 0.25, y: 1.5 }, mass: 2.0, alive: true }], 0.1, 3),
    at([
        Particle { position: Vector { x: 1.0, y: 0.5 }, velocity: Vector { x: 0.25, y: 1.5 }, mass: 2.0, alive: true },
        Particle { position: Vector { x: -1.0, y: 0.25 }, velocity: Vector { x: 0.5, y: -0.5 }, mass: 0.5, alive: true },
        Particle { position: Vector { x: 0.1, y: 2.0 }, velocity: Vector { x: 0.0, y: 0.0 }, mass: 1.0, alive: false }
    ], 0.1, 2),
    at([], 0.1, 2)
)]
fn simulate(particles: &mut [Particle], dt: f64, steps: usize) -> f64 {
    let mut energy = 0.0;
    for _ in 0..steps {
        for i in 0..particles.len() {
            if !particles[i].alive {
                continue;
            }
            let mut force = Vector { x: 0.0, y: -9.81 };
            for j in 0..particles.len() {
                if i == j || !particles[j].alive {
                    continue;
                }
                let other = particles[j];
                let (dx, dy) = (
                    other.position.x - particles[i].position.x,
                    other.position.y - particles[i].position.y,
                );
                let r2 = dx * dx + dy * dy + 0.1;
                force.x += other.mass * dx / r2;
                force.y += other.mass * dy / r2;
            }
            let p = &mut particles[i];
            p.velocity.x += dt * force.x;
            p.velocity.y += dt * force.y;
            p.position = Vector {
                x: p.position.x + dt * p.velocity.x,
                y: p.position.y + dt * p.velocity.y,
            };
            energy += 0.5 * p.mass * (p.velocity.x.powi(2) + p.velocity.y.powi(2));
        }
    }
    energy
}

#[checked(
    at(Vector { x: 1.0, y: 0.5 }, (Vector { x: 0.25, y: 1.5 }, 2.0)),
    at(Vector { x: -1.0, y: 2.5 }, (Vector { x: 0.25, y: 1.5 }, 0.5))
)]
fn taken_apart(Vector { x, y: height }: Vector, (v, k): (Vector, f64)) -> f64 {
    let mut p = Particle {
        position: v,
        velocity: Vector { x, y: height },
        mass: k,
        alive: true,
    };
    let mut n = 0;
    while p.position.x < 3.0 && n < 5 {
        p.position.x += p.velocity.x.abs() * k;
        p.velocity = Vector {
            y: p.velocity.y * 0.5,
            ..p.velocity
        };
        n += 1;
    }
    let Particle {
        position: Vector { x: far, .. },
        velocity,
        ..
    } = p;
    match velocity {
        Vector { x, y } if x > y => far * x + y,
        Vector { y, .. } => far * y * p.mass,
    }
}

#[checked(
    at([Vector { x: 1.0, y: 0.5 }, Vector { x: 0.25, y: 1.5 }], [0.5, 2.0]),
    at([Vector { x: 2.0, y: 0.5 }, Vector { x: 0.25, y: -1.5 }, Vector { x: 1.0, y: 1.0 }], [0.5, 2.0, 1.0]),
    at([], [])
)]
fn weighted(points: &[Vector], weights: &[f64]) -> Particle {
    let mut sum = Vector { x: 0.0, y: 0.0 };
    let mut mass = 0.0;
    let mut add = |p: Vector, w: f64| {
        sum.x += p.x * w;
        sum.y += p.y * w;
    };
    for (p, &w) in points.iter().zip(weights) {
        add(*p, w);
        mass += w;
    }
    let velocity = points.last().map_or(Vector { x: 1.0, y: 0.0 }, |p| Vector {
        x: p.y,
        y: p.x * mass,
    });
    Particle {
        position: sum,
        velocity,
        mass,
        alive: mass > 1.0,
    }
}

#[checked(
    at([Particle { position: Vector { x: 1.0, y: 0.5 }, velocity: Vector { x: 0.25, y: 1.5 }, mass: 2.0, alive: true }], 0.1),
    at([
        Particle { position: Vector { x: 1.0, y: 0.5 }, velocity: Vector { x: 0.25, y: 1.5 }, mass: 2.0, alive: true },
        Particle { position: Vector { x: -1.0, y: 0.25 }, velocity: Vector { x: 0.5, y: -0.5 }, mass: 0.5, alive: true }
    ], 0.5),
    at([], 0.1)
)]
fn updated(particles: &mut [Particle], k: f64) -> f64 {
    let mut sum = 0.0;
    for i in 0..particles.len() {
        particles[i] = Particle {
            mass: particles[i].mass * k,
            alive: i > 0,
            ..particles[i]
        };
        sum += particles[i].mass * particles[i].position.x;
    }
    for p in particles.iter_mut() {
        *p = Particle {
            mass: p.mass.exp(),
            ..*p
        };
        sum += p.mass;
    }
    sum
}
