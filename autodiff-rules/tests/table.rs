//! The table is complete and each row is well formed.

use autodiff_rules::{ParameterKind, Prim, Real};

/// The methods of `f32` and `f64` from real numbers to a real number in the standard library, the operators included.
///
/// Absent are the deprecated `abs_sub`, the ones that step through representations (`next_up`, `next_down`) and the
/// unstable ones; `sin_cos` is `sin` and `cos`.
const METHODS: &str = "
    neg add sub mul div rem div_euclid rem_euclid recip mul_add midpoint to_degrees to_radians
    sqrt cbrt powi powf hypot
    exp exp2 exp_m1 ln ln_1p log2 log10 log
    sin cos tan asin acos atan atan2
    sinh cosh tanh asinh acosh atanh
    abs max min clamp signum copysign floor ceil round round_ties_even trunc fract";

fn methods() -> impl Iterator<Item = Prim> {
    Prim::ALL.iter().copied().filter(|prim| !prim.is_helper())
}

#[test]
fn every_method_has_its_row() {
    let names: Vec<&str> = methods().map(Prim::name).collect();
    assert_eq!(names, METHODS.split_whitespace().collect::<Vec<_>>());
}

#[test]
fn methods_are_found_by_name_and_helpers_are_not() {
    for &prim in Prim::ALL {
        let expected = if prim.is_helper() { None } else { Some(prim) };
        assert_eq!(Prim::from_method(prim.name()), expected);
    }
    assert_eq!(Prim::from_method("sin_cos"), None);
}

/// The value of a row is the method of its name, on its parameters in order.
#[test]
fn values_are_calls_of_the_method() {
    for prim in methods() {
        let (&receiver, rest) = prim
            .parameters()
            .split_first()
            .expect("no method is without operands");
        let operator = match prim {
            Prim::Neg => Some(format!("-{receiver}")),
            Prim::Add | Prim::Sub | Prim::Mul | Prim::Div | Prim::Rem => {
                let symbol = ["+", "-", "*", "/", "%"][prim as usize - Prim::Add as usize];
                Some(format!("{receiver} {symbol} {}", rest[0]))
            }
            _ => None,
        };
        let expected =
            operator.unwrap_or_else(|| format!("{receiver}.{}({})", prim.name(), rest.join(", ")));
        assert_eq!(prim.value_text(), expected);
    }
}

#[test]
fn samples_and_edges_have_the_arity_of_the_row() {
    for &prim in Prim::ALL {
        let arity = prim.parameters().len();
        assert!(!prim.samples().is_empty(), "{prim:?} has no sample");
        assert!(
            prim.samples().iter().all(|sample| sample.len() == arity),
            "a sample of {prim:?}"
        );
        for edge in prim.edges() {
            assert_eq!(edge.args.len(), arity, "an edge of {prim:?}");
            assert!(
                edge.partials.is_sorted_by_key(|&(wrt, _)| wrt),
                "an edge of {prim:?}"
            );
            assert_eq!(
                edge.active().iter().filter(|&&active| active).count(),
                edge.partials.len(),
                "{prim:?}"
            );
        }
    }
}

#[test]
fn integers_have_no_derivative() {
    for &prim in Prim::ALL {
        let active = vec![true; prim.parameters().len()];
        for i in 0..active.len() {
            if prim.parameter_kind(i) == ParameterKind::Integer {
                assert_eq!(prim.partial_expr(i, &active), None, "{prim:?}");
            }
        }
    }
    assert_eq!(Prim::Powi.parameter_kind(1), ParameterKind::Integer);
    assert_eq!(
        Prim::IntegerPredecessor.result_kind(),
        ParameterKind::Integer
    );
}

#[test]
fn jumps_and_conditions_have_no_derivative() {
    for name in "signum floor ceil round round_ties_even trunc".split_whitespace() {
        assert_eq!(
            Prim::from_method(name).unwrap().partial_expr(0, &[true]),
            None,
            "{name}"
        );
    }
    for wrt in [0, 1] {
        assert_eq!(Prim::DivEuclid.partial_expr(wrt, &[true; 2]), None);
        assert_eq!(Prim::IfGreater.partial_expr(wrt, &[true; 4]), None);
        assert_eq!(Prim::IfEqual.partial_expr(wrt, &[true; 4]), None);
    }
    assert_eq!(Prim::Copysign.partial_expr(1, &[true; 2]), None);
    assert_eq!(Prim::IfNan.partial_expr(0, &[true; 3]), None);
}

#[test]
fn the_least_integer_is_its_own_predecessor() {
    let least = f64::from(i32::MIN);
    assert_eq!(f64::call(Prim::IntegerPredecessor, &[least]), least);
}

#[test]
#[should_panic(expected = "`atan2` takes 2 operands, not 1")]
fn a_wrong_number_of_operands_is_named() {
    Prim::Atan2.partial(0, &[true, true], &[1.0], &1.0);
}

#[test]
#[should_panic(expected = "`atan2` takes 2 operands, not 1")]
fn a_wrong_number_of_activities_is_named() {
    Prim::Atan2.partial(0, &[true], &[1.0, 2.0], &1.0);
}
