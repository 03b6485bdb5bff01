//! Runs a function both ways: compiled by rustc, and through the front end and the interpreter.

use std::panic;

use autodiff_compiler::interpret::{Datum, Panic, Scalar, Settings};
use autodiff_compiler::ir::verify;
use autodiff_compiler::lower;

/// Data of Rust as the interpreter takes it.
pub trait ToDatum {
    fn datum(&self) -> Datum;
}

macro_rules! scalars {
    ($($ty:ty: $variant:ident($wide:ty)),*) => {$(
        impl ToDatum for $ty {
            fn datum(&self) -> Datum {
                Datum::Scalar(Scalar::$variant(<$wide>::from(*self)))
            }
        }
    )*};
}

scalars!(f64: F64(f64), f32: F32(f32), bool: Bool(bool), char: Char(char), u8: Integer(i128), i8: Integer(i128),
    u32: Integer(i128), i32: Integer(i128), u64: Integer(i128), i64: Integer(i128));

impl ToDatum for usize {
    fn datum(&self) -> Datum {
        Datum::Scalar(Scalar::Integer(*self as i128))
    }
}

impl ToDatum for () {
    fn datum(&self) -> Datum {
        Datum::Unit
    }
}

impl<T: ToDatum> ToDatum for [T] {
    fn datum(&self) -> Datum {
        Datum::List(self.iter().map(ToDatum::datum).collect())
    }
}

impl<T: ToDatum, const N: usize> ToDatum for [T; N] {
    fn datum(&self) -> Datum {
        self.as_slice().datum()
    }
}

impl<T: ToDatum> ToDatum for Vec<T> {
    fn datum(&self) -> Datum {
        self.as_slice().datum()
    }
}

impl<T: ToDatum + ?Sized> ToDatum for &T {
    fn datum(&self) -> Datum {
        (**self).datum()
    }
}

impl<A: ToDatum, B: ToDatum> ToDatum for (A, B) {
    fn datum(&self) -> Datum {
        Datum::Tuple(vec![self.0.datum(), self.1.datum()])
    }
}

impl<A: ToDatum, B: ToDatum, C: ToDatum> ToDatum for (A, B, C) {
    fn datum(&self) -> Datum {
        Datum::Tuple(vec![self.0.datum(), self.1.datum(), self.2.datum()])
    }
}

/// Compares the value, and what becomes of the first argument where it is given.
pub fn check(
    source: &str,
    arguments: Vec<Datum>,
    native: impl FnOnce() -> (Datum, Option<Datum>) + panic::UnwindSafe,
) {
    let function: syn::ItemFn = syn::parse_str(source).expect("the source is a function");
    let lowered = match lower::function("scalar(Real)".parse().expect("tokens"), &function).1 {
        Ok(lowered) => lowered.function,
        Err(errors) => panic!(
            "{source}\n{}",
            errors
                .into_iter()
                .map(|error| format!("{error}\n"))
                .collect::<String>()
        ),
    };
    if let Err(defects) = verify(&lowered) {
        panic!("{source}\n{lowered}\n{}", defects.join("\n"));
    }
    let expected =
        panic::catch_unwind(native).map_err(|payload| match payload.downcast::<String>() {
            Ok(message) => *message,
            Err(payload) => payload
                .downcast::<&str>()
                .expect("panics carry text")
                .to_string(),
        });
    let shown = format!("{arguments:?}");
    let mut settings = Settings::default();
    let debug = (
        "::core::cfg!(debug_assertions)".to_owned(),
        Scalar::Bool(cfg!(debug_assertions)),
    );
    settings
        .constants
        .extend([(debug.0, Datum::Scalar(debug.1))]);
    match (expected, settings.run(&lowered, arguments)) {
        (Ok((value, first)), Ok(outcome)) => {
            let same = value.same(&outcome.output)
                && first.is_none_or(|first| first.same(&outcome.arguments[0]));
            assert!(same, "{source}\n{lowered}\n{shown}\n{value:?}\n{outcome:?}");
        }
        (Err(expected), Err(Panic::Panicked(message))) => {
            // The values that `assert_eq!` shows are printed in the interpreter's own way.
            let first = |text: &str| text.lines().next().map(str::to_owned);
            assert_eq!(
                first(&expected),
                first(&message),
                "{source}\n{lowered}\n{shown}"
            );
        }
        (expected, outcome) => panic!("{source}\n{lowered}\n{shown}\n{expected:?}\n{outcome:?}"),
    }
}

macro_rules! cases {
    ($(fn $name:ident($($arg:ident: $ty:ty),*) $(-> $out:ty)? $body:block $(at ($($value:expr),*))*)*) => {$(
        #[test]
        #[allow(unused, nonstandard_style, clippy::all, reason = "odd code is what these are for")]
        fn $name() {
            fn native($($arg: $ty),*) $(-> $out)? $body
            fn one(($($arg,)*): ($($ty,)*)) {
                let source = stringify!(fn $name($($arg: $ty),*) $(-> $out)? $body);
                check(source, vec![$(ToDatum::datum(&$arg)),*], || (native($($arg),*).datum(), None));
            }
            $(one(($($value,)*));)*
        }
    )*};
}

/// As [`cases`], with a first parameter that is updated in place.
macro_rules! in_out {
    ($(fn $name:ident($first:ident: &mut $whole:ty $(, $arg:ident: $ty:ty)*) $(-> $out:ty)? $body:block
        $(at ($initial:expr $(, $value:expr)*))*)*) => {$(
        #[test]
        #[allow(unused, nonstandard_style, clippy::all, reason = "odd code is what these are for")]
        fn $name() {
            fn native($first: &mut $whole $(, $arg: $ty)*) $(-> $out)? $body
            fn one((mut $first, $($arg,)*): ($whole, $($ty,)*)) {
                let source = stringify!(fn $name($first: &mut $whole $(, $arg: $ty)*) $(-> $out)? $body);
                check(source, vec![ToDatum::datum(&$first) $(, ToDatum::datum(&$arg))*], move || {
                    let value = native(&mut $first $(, $arg)*).datum();
                    (value, Some($first.datum()))
                });
            }
            $(one(($initial, $($value,)*));)*
        }
    )*};
}
