//! A ray that meets a sphere: where, under which normal, and how bright the point is in the light of a lamp.

use super::checked;

#[checked(at([0.1, 0.2, -0.3], [1.0, -0.5, 0.4]))]
fn dot(a: [f64; 3], b: [f64; 3]) -> f64 {
    a[0] * b[0] + a[1] * b[1] + a[2] * b[2]
}

#[checked(at([0.1, 0.2, -0.3], [1.0, -0.5, 0.4], 0.7))]
fn along(origin: [f64; 3], direction: [f64; 3], t: f64) -> [f64; 3] {
    std::array::from_fn(|i| origin[i] + t * direction[i])
}

#[checked(calls(dot), at([1.0, -0.5, 0.4]))]
fn normalized(v: [f64; 3]) -> [f64; 3] {
    let length = dot(v, v).sqrt();
    v.map(|c| c / length)
}

/// How far along the ray the sphere is; infinitely far if the ray misses it.
#[checked(
    calls(dot),
    at([0.0, 0.0, -3.0], [0.1, 0.05, 0.99], [0.1, 0.2, 0.4], 1.0),
    at([0.0, 3.0, -3.0], [0.1, 0.05, 0.99], [0.1, 0.2, 0.4], 1.0),
    at([0.0, 0.0, 3.0], [0.1, 0.05, 0.99], [0.1, 0.2, 0.4], 1.0)
)]
fn intersection(origin: [f64; 3], direction: [f64; 3], center: [f64; 3], radius: f64) -> f64 {
    let to_center = [
        center[0] - origin[0],
        center[1] - origin[1],
        center[2] - origin[2],
    ];
    let along = dot(to_center, direction) / dot(direction, direction);
    let squared_length = dot(direction, direction);
    let discriminant =
        along * along - (dot(to_center, to_center) - radius * radius) / squared_length;
    if discriminant < 0.0 {
        return f64::INFINITY;
    }
    let nearest = along - discriminant.sqrt();
    if nearest > 0.0 {
        nearest
    } else {
        f64::INFINITY
    }
}

/// The light of a lamp by Phong's model.
#[checked(
    calls(dot, normalized, along),
    at([0.1, 0.2, -0.9], [0.1, 0.1, -0.98], [0.1, 0.2, 1.0], [2.0, 2.0, -2.0], 12.0),
    at([0.1, 0.2, -0.9], [0.1, 0.1, 0.98], [0.1, 0.2, 1.0], [2.0, 2.0, -2.0], 12.0)
)]
fn shade(point: [f64; 3], normal: [f64; 3], view: [f64; 3], lamp: [f64; 3], shininess: f64) -> f64 {
    let to_lamp: [f64; 3] = along(lamp, point, -1.0);
    let towards: [f64; 3] = normalized(to_lamp);
    let diffuse = dot(normal, towards);
    if diffuse <= 0.0 {
        return 0.1;
    }
    let mirrored: [f64; 3] = along(towards, normal, -2.0 * diffuse);
    let specular = dot(mirrored, view).max(0.0).powf(shininess);
    0.1 + 0.6 * diffuse + 0.3 * specular
}

/// The brightness of the pixel that a ray belongs to.
#[checked(
    calls(intersection, along, normalized, shade),
    at([0.0, 0.0, -3.0], [0.1, 0.05, 0.99], [0.1, 0.2, 0.4], 1.0, [2.0, 2.0, -2.0]),
    at([0.0, 3.0, -3.0], [0.1, 0.05, 0.99], [0.1, 0.2, 0.4], 1.0, [2.0, 2.0, -2.0])
)]
fn brightness(
    origin: [f64; 3],
    direction: [f64; 3],
    center: [f64; 3],
    radius: f64,
    lamp: [f64; 3],
) -> f64 {
    let t = intersection(origin, direction, center, radius);
    if t.is_infinite() {
        return 0.0;
    }
    let point: [f64; 3] = along(origin, direction, t);
    let outwards: [f64; 3] = along(point, center, -1.0);
    let normal: [f64; 3] = normalized(outwards);
    let view: [f64; 3] = normalized(direction);
    shade(point, normal, view, lamp, 12.0)
}
