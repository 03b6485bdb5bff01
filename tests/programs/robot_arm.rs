//! An arm of revolute joints: forward kinematics by Denavit and Hartenberg's parameters, and the cost of a posture.

use super::{checked, twinned};

/// A joint and the link behind it.
#[twinned]
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Link {
    pub length: f64,
    pub offset: f64,
    pub twist: f64,
}

/// The homogeneous transformation from one link to the next.
#[checked(at(Link { length: 0.4, offset: 0.1, twist: 0.3 }, 0.7))]
fn transformation(link: &Link, angle: f64) -> [[f64; 4]; 4] {
    let (sin, cos) = angle.sin_cos();
    let (sin_twist, cos_twist) = link.twist.sin_cos();
    [
        [cos, -sin * cos_twist, sin * sin_twist, link.length * cos],
        [sin, cos * cos_twist, -cos * sin_twist, link.length * sin],
        [0.0, sin_twist, cos_twist, link.offset],
        [0.0, 0.0, 0.0, 1.0],
    ]
}

#[checked(at(
    [[0.1, 0.2, 0.3, 0.4], [0.5, 0.6, 0.7, 0.8], [-0.4, 0.3, -0.2, 0.1], [0.0, 0.0, 0.0, 1.0]],
    [[0.9, -0.2, 0.5, 0.4], [0.3, 0.1, -0.7, 0.2], [-0.4, 0.3, 0.2, 0.6], [0.0, 0.0, 0.0, 1.0]]
))]
fn composed(a: &[[f64; 4]; 4], b: &[[f64; 4]; 4]) -> [[f64; 4]; 4] {
    let mut product = [[0.0; 4]; 4];
    for (row, left) in product.iter_mut().zip(a) {
        for (j, entry) in row.iter_mut().enumerate() {
            *entry = left.iter().zip(b).map(|(x, right)| x * right[j]).sum();
        }
    }
    product
}

/// Where the hand is.
#[checked(
    calls(transformation, composed),
    options(order = 1),
    at(
        [Link { length: 0.4, offset: 0.1, twist: 0.3 }, Link { length: 0.3, offset: 0.0, twist: -0.2 }],
        [0.7, -0.4]
    ),
    at([], [])
)]
fn hand_position(links: &[Link], angles: &[f64]) -> [f64; 3] {
    let mut pose = [
        [1.0, 0.0, 0.0, 0.0],
        [0.0, 1.0, 0.0, 0.0],
        [0.0, 0.0, 1.0, 0.0],
        [0.0, 0.0, 0.0, 1.0],
    ];
    for (link, &angle) in links.iter().zip(angles) {
        let next: [[f64; 4]; 4] = transformation(link, angle);
        pose = composed(&pose, &next);
    }
    [pose[0][3], pose[1][3], pose[2][3]]
}

/// The distance to a target, with a penalty for angles beyond their limits.
#[checked(
    calls(hand_position),
    options(order = 1),
    at(
        [Link { length: 0.4, offset: 0.1, twist: 0.3 }, Link { length: 0.3, offset: 0.0, twist: -0.2 }],
        [1.7, -0.4],
        [0.2, 0.3, 0.1],
        1.5
    )
)]
fn posture_cost(links: &[Link], angles: &[f64], target: [f64; 3], limit: f64) -> f64 {
    let position: [f64; 3] = hand_position(links, angles);
    let distance: f64 = position
        .iter()
        .zip(&target)
        .map(|(p, t)| (p - t).powi(2))
        .sum::<f64>()
        .sqrt();
    let excess: f64 = angles
        .iter()
        .map(|a| (a.abs() - limit).max(0.0).powi(2))
        .sum();
    distance + 10.0 * excess
}
