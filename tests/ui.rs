//! Error messages, as a user sees them: each case of `tests/ui/` fails to compile with the output beside it.
//!
//! `TRYBUILD=overwrite cargo test --test ui` writes the outputs anew.

#[test]
fn errors_are_pointed() {
    trybuild::TestCases::new().compile_fail("tests/ui/*.rs");
}

/// What the types of tensors rule out.
#[cfg(feature = "tensor")]
#[test]
fn tensors_are_not_misused() {
    trybuild::TestCases::new().compile_fail("tests/ui/tensors/*.rs");
}
