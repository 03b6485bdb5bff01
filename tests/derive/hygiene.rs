//! The derivation means the same whatever names the user has chosen.

// The names of this file are chosen to be in the way.
#![allow(
    dead_code,
    non_camel_case_types,
    non_upper_case_globals,
    non_snake_case,
    unused_macros
)]

use super::laws::check;

/// Stands in the way of every name of the standard library and of ours.
mod shadowed {
    pub(super) struct Vec;
    pub(super) struct Option;
    struct Some;
    struct None;
    struct Box;
    struct String;
    struct Default;
    trait Clone {}
    trait Copy {}
    trait Debug {}
    trait PartialEq {}
    trait Tangent {}
    trait Fn {}
    trait FnMut {}
    mod std {}
    mod core {}
    mod alloc {}
    mod fmt {}
    type usize = f32;
    type bool = f32;

    #[derive(
        autodiff::Differentiable, ::core::clone::Clone, ::core::fmt::Debug, ::core::cmp::PartialEq,
    )]
    #[differentiable(default, copy)]
    pub(super) struct Point {
        pub(super) x: f64,
        pub(super) y: [f64; 2],
    }
}

/// Fields named like the variables of the implementations, and by keywords.
#[derive(autodiff::Differentiable, Clone, Debug, PartialEq)]
struct Fields {
    other: f64,
    factor: f64,
    visit: f64,
    scalars: f64,
    direction: f64,
    formatter: f64,
    r#type: f64,
    r#match: Vec<f64>,
    größe: f64,
    X: f64,
}

/// Parameters named like types and variables.
#[derive(autodiff::Differentiable, Clone, Debug, PartialEq)]
struct Parameters<Tangent, Self_, const N: usize, const M: usize> {
    tangent: Tangent,
    other: [Self_; N],
    matrix: [[f64; M]; N],
}

#[derive(autodiff::Differentiable, Clone, Debug, PartialEq)]
struct r#try {
    r#in: f64,
}

macro_rules! of_macro {
    ($name:ident, $field:ident, $ty:ty) => {
        #[derive(autodiff::Differentiable, Clone, Debug, PartialEq)]
        struct $name {
            $field: $ty,
            of_the_macro: Vec<$ty>,
        }
    };
}

of_macro!(OfMacro, x, (f64, [f64; 2]));

#[test]
fn names_may_be_taken() {
    check(
        shadowed::Point {
            x: 1.0,
            y: [2.0, 3.0],
        },
        3,
    );
    let fields = Fields {
        other: 1.0,
        factor: 2.0,
        visit: 3.0,
        scalars: 4.0,
        direction: 5.0,
        formatter: 6.0,
        r#type: 7.0,
        r#match: vec![8.0],
        größe: 9.0,
        X: 10.0,
    };
    check(fields, 10);
    let parameters = Parameters {
        tangent: 1.0,
        other: [1.0_f32; 2],
        matrix: [[0.0; 3]; 2],
    };
    check(parameters, 9);
    check(r#try { r#in: 1.0 }, 1);
    assert_eq!(
        format!("{:?}", tryTangent { r#in: 1.0 }),
        "tryTangent { in: 1.0 }"
    );
    check(
        OfMacro {
            x: (1.0, [2.0; 2]),
            of_the_macro: vec![(0.0, [0.0; 2])],
        },
        6,
    );
}

#[test]
fn structs_may_stand_in_functions() {
    #[derive(autodiff::Differentiable, Clone, Debug, PartialEq)]
    struct Local<T>(T);
    check(Local(vec![1.0]), 1);
}
