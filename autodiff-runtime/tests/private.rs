//! The helpers of generated code.

use autodiff_runtime::__private;

#[test]
fn equal_lengths_pass() {
    __private::check_len("x", 3, 3);
}

#[test]
#[should_panic(
    expected = "the direction or adjoint of `weights` has length 3, but `weights` has length 4"
)]
fn a_wrong_length_names_the_parameter_and_both_lengths() {
    __private::check_len("weights", 4, 3);
}

#[test]
fn tangents_are_made_added_and_cleared_through_any_nesting() {
    let mut adjoint = __private::zero_tangent(&vec![[1.0, 2.0], [3.0, 4.0]][..]);
    __private::accumulate(&mut adjoint[..], &[[1.0, 2.0], [3.0, 4.0]][..]);
    __private::accumulate(&mut adjoint, &vec![[10.0, 10.0]; 2]);
    assert_eq!(adjoint, [[11.0, 12.0], [13.0, 14.0]]);
    __private::clear(&mut adjoint[1]);
    assert_eq!(adjoint, [[11.0, 12.0], [0.0, 0.0]]);
}

/// A user may declare items of any name; what generated code calls is reached all the same.
#[test]
fn names_of_the_user_do_not_come_between() {
    #[allow(dead_code)] // That nothing reads these is the point of the test.
    mod user {
        pub(super) struct Vec;
        pub(super) struct Some;
        pub(super) mod core {}
    }
    use user::*;
    let _shadows = (Vec, Some);

    let numbers: __private::Vec<f64> = __private::vec![1.0; 3];
    __private::assert!(__private::core::matches!(
        __private::Option::Some(&numbers),
        __private::Some(_)
    ));
    __private::assert_eq!(__private::from_fn::<_, 3, _>(|i| i), [0, 1, 2]);
}
