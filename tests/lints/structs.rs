//! Structs as parameters, variables and results.

use autodiff::{Differentiable, differentiable};

/// A type that everybody sees.
#[derive(Clone, Debug, Differentiable)]
pub struct Track {
    /// Where it goes.
    pub points: Vec<Place>,
    /// How fast.
    pub speed: f64,
    /// What it is called.
    pub name: String,
    /// How often it was driven.
    pub rounds: usize,
    secret: f64,
}

/// A type that is copied.
#[derive(Clone, Copy, Debug, Differentiable)]
pub struct Place {
    /// East.
    pub x: f64,
    /// North.
    pub y: f64,
}

/// A number of one's own.
#[derive(Clone, Copy, Debug, Differentiable)]
pub struct Metres(pub f64);

impl Track {
    /// Its length.
    #[must_use]
    #[differentiable]
    pub fn length(&self, scale: f64) -> f64 {
        let mut sum = 0.0;
        for i in 1..self.points.len() {
            let (a, b) = (self.points[i - 1], self.points[i]);
            sum += (a.x - b.x).hypot(a.y - b.y);
        }
        if self.rounds > 3 {
            sum *= self.secret;
        }
        sum * scale
    }

    /// Drives along.
    #[differentiable]
    pub fn drive(&mut self, dt: f64) {
        for place in &mut self.points {
            place.x += dt * self.speed;
            *place = Place {
                y: place.x * 0.5,
                ..*place
            };
        }
        self.rounds += 1;
    }
}

/// Structs go in and come out.
#[must_use]
#[differentiable]
pub fn middle(a: Place, b: &Place, by: Metres) -> Place {
    let Metres(by) = by;
    let mut middle = Place {
        x: (a.x + b.x) * by,
        y: a.y - b.y * 0.5,
    };
    if middle.x > by {
        middle.x *= by;
    }
    middle
}

#[differentiable]
fn only_through_its_derivatives(track: &Track, k: f64) -> Vec<Place> {
    let places = track.points.iter().map(|p| Place { x: p.x * k, y: p.y });
    places.collect()
}

#[test]
fn derivatives_of_structs_compute() {
    let track = Track {
        points: vec![Place { x: 0.0, y: 0.0 }, Place { x: 3.0, y: 4.0 }],
        speed: 1.0,
        name: String::from("oval"),
        rounds: 0,
        secret: 1.0,
    };
    let (gradient, scale) = track.length_gradient(2.0);
    assert!((gradient.points[1].x - 1.2).abs() < 1e-12 && (scale - 5.0).abs() < 1e-12);
    let (places, _) = only_through_its_derivatives::jvp(&track, 2.0, &track.zero_tangent(), 1.0);
    assert!((places[1].x - 6.0).abs() < 1e-12);
}
