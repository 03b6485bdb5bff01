//! `#[derive(Differentiable)]` as a library: the text that is written, and what is refused.

use autodiff_compiler::derive_differentiable::derive;
use proc_macro2::TokenStream;

/// What is written beside `source`.
fn written(source: &str) -> String {
    let tokens: TokenStream = source.parse().expect("the text consists of tokens");
    let file = syn::parse2(derive(tokens)).expect("the expansion is a sequence of items");
    prettyplease::unparse(&file)
}

macro_rules! snapshots {
    ($($name:ident: $source:literal;)*) => { $(
        #[test]
        fn $name() {
            insta::with_settings!({ description => $source, omit_expression => true }, {
                insta::assert_snapshot!(written($source));
            });
        }
    )* };
}

snapshots! {
    derive_named: "pub struct Model<'a, T: Clone, const N: usize> where T: 'a {
        pub weights: [T; N], #[no_derivative] name: &'a str, pub(crate) steps: usize }";
    derive_tuple: "#[differentiable(default, copy)] struct Pair<T>(T, [(f64, f32); 2]);";
}

/// The line that declares the tangent.
#[track_caller]
fn check_declaration(source: &str, expected: &str) {
    let text = written(source);
    let found = text
        .lines()
        .find(|line| line.contains("struct "))
        .unwrap_or_default();
    assert_eq!(found.trim_end_matches([' ', '{', '\n']), expected);
}

#[test]
fn the_tangent_takes_over_the_parameters_that_its_fields_mention() {
    for (source, expected) in [
        ("struct S;", "struct STangent;"),
        ("pub(super) struct S(f64);", "pub(super) struct STangent("),
        ("struct S<'a>(&'a [f64]);", "struct STangent("),
        (
            "struct S<'a, 'b: 'a>(View<'b>, &'a str);",
            "struct STangent<'b>(",
        ),
        (
            "struct S<T = f64, U: Into<T> = T>(PhantomData<T>, Vec<U>);",
            "struct STangent<U>(",
        ),
        (
            "struct S<T: Copy + ?Sized, const N: usize = 3>(Box<T>, [f64; N]);",
            "struct STangent<T: Copy + ?Sized, const N: usize = 3>(",
        ),
        ("struct S<T>(module::T, T::Item);", "struct STangent<T>("),
        (
            "struct S<T>(module::T, PhantomData<T>);",
            "struct STangent(",
        ),
    ] {
        check_declaration(source, expected);
    }
}

#[test]
fn bounds_are_for_what_moves() {
    for (source, bounds) in [
        (
            "struct S<T> { x: T }",
            "T: ::autodiff::__private::Differentiable,",
        ),
        (
            "struct S<T> { x: Vec<Option<T>> }",
            "T: ::autodiff::__private::Differentiable,",
        ),
        (
            "struct S<M> { x: M::State }",
            "M::State: ::autodiff::__private::Differentiable,",
        ),
        (
            "struct S<M> { x: Vec<<M as Model>::State> }",
            "<M as Model>::State: ::autodiff::__private::Differentiable,",
        ),
    ] {
        let text = written(source);
        let lines = text.lines().map(str::trim);
        let found: Vec<&str> = lines
            .filter(|line| line.ends_with("Differentiable,"))
            .collect();
        // One stands on the tangent, one on each of the five implementations.
        assert_eq!(found, vec![bounds; 6], "{source}");
    }
    let unbounded = written("struct S<T>(PhantomData<T>, #[no_derivative] T);");
    assert!(!unbounded.contains("T: "), "{unbounded}");
}

#[test]
fn what_cannot_be_read_is_an_error() {
    for source in ["fn f() {}", "enum E {}", "union U { x: f64 }"] {
        assert!(written(source).contains("compile_error!"), "{source}");
    }
}
