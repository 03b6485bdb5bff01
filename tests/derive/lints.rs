//! The derivation raises no lint in the crate that it stands in, however strict that crate is.

#![deny(
    warnings,
    missing_docs,
    missing_debug_implementations,
    missing_copy_implementations,
    single_use_lifetimes,
    trivial_casts,
    unreachable_pub,
    unused,
    unused_lifetimes,
    unused_qualifications,
    unused_results,
    clippy::all,
    clippy::pedantic,
    clippy::float_cmp
)]
#![forbid(
    dead_code,
    deprecated,
    non_camel_case_types,
    non_snake_case,
    private_interfaces,
    unsafe_code,
    unused_variables
)]

use autodiff::Differentiable;

/// A struct that the crate shows.
#[derive(Differentiable, Debug)]
#[differentiable(default, copy)]
pub(super) struct Shown {
    /// A field that is shown.
    pub x: f64,
    /// One that does not move.
    pub(super) n: usize,
    hidden: [f64; 2],
}

#[derive(Differentiable)]
struct Hidden<'a, T: Clone, const N: usize>(T, &'a [f64], [f32; N]);

#[derive(Differentiable)]
struct Nothing;

#[test]
fn tangents_are_at_hand() {
    use autodiff::Tangent;

    let shown = Shown {
        x: 1.0,
        n: 2,
        hidden: [3.0, 4.0],
    };
    assert_eq!(shown.n, 2);
    assert!((shown.x + shown.hidden[0] - 4.0).abs() < 1e-12);
    assert_eq!(shown.zero_tangent().dimension(), 3);
    let hidden = Hidden(1.0, &[2.0], [3.0_f32]);
    assert_eq!(hidden.zero_tangent().dimension(), 3);
    assert_eq!(Nothing.zero_tangent().dimension(), 0);
}
