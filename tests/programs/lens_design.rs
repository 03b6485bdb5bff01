//! Rays through a stack of spherical surfaces, and the blur that a lens designer minimises.

use super::checked;

/// A ray in the plane of the axis: its height, its slope angle.
#[checked(
    at((0.3, 0.05), 2.0, 1.0, 1.5),
    panics((3.0, 0.05), 2.0, 1.0, 1.5)
)]
fn refract((height, angle): (f64, f64), radius: f64, before: f64, after: f64) -> (f64, f64) {
    let sine = height / radius;
    assert!(sine.abs() < 1.0, "the ray misses the surface");
    let normal = sine.asin();
    let incidence = angle + normal;
    let refraction = (before / after * incidence.sin()).asin();
    (height, refraction - normal)
}

#[checked(at((0.3, 0.05), 0.4))]
fn travel(ray: (f64, f64), distance: f64) -> (f64, f64) {
    (ray.0 + distance * ray.1.tan(), ray.1)
}

/// The index of a glass by Cauchy's formula.
#[checked(at(1.5, 0.004, 0.55))]
fn refractive_index(a: f64, b: f64, wavelength: f64) -> f64 {
    a + b / wavelength.powi(2)
}

/// Where a ray that enters parallel to the axis meets the film. A surface's radius, and the way to the next one.
#[checked(
    calls(refract, travel),
    at([(2.0, 0.3), (-3.0, 2.5)], [1.5], 0.3),
    at([], [], 0.3)
)]
fn image_height(surfaces: &[(f64, f64)], glasses: &[f64], height: f64) -> f64 {
    let mut ray = (height, 0.0);
    let mut index = 1.0;
    for (i, &(radius, distance)) in surfaces.iter().enumerate() {
        let next = if i < glasses.len() { glasses[i] } else { 1.0 };
        ray = refract(ray, radius, index, next);
        ray = travel(ray, distance);
        index = next;
    }
    ray.0
}

/// The mean squared blur over pupil and colours.
#[checked(
    calls(image_height, refractive_index),
    options(wrt(surfaces, glass)),
    at([(2.0, 0.3), (-3.0, 2.5)], [1.5, 0.004], [0.1, 0.2, 0.4], [0.45, 0.65])
)]
fn blur(surfaces: &[(f64, f64)], glass: [f64; 2], pupil: &[f64], wavelengths: &[f64]) -> f64 {
    let mut total = 0.0;
    for &wavelength in wavelengths {
        let index = refractive_index(glass[0], glass[1], wavelength);
        for &height in pupil {
            total += image_height(surfaces, &[index], height).powi(2);
        }
    }
    total / (pupil.len() * wavelengths.len()) as f64
}
