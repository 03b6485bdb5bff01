//! The table: one row a primitive.
//!
//! Formulas are those of every calculus book (NIST Digital Library of Mathematical Functions, chapter 4), in the
//! form that neither overflows nor cancels where the derivative itself is harmless, and that reuses the result
//! wherever that is cheaper. At kinks the rows follow one principle: the subgradient of least norm over the active
//! operands, which is PyTorch's convention too.

use core::f64::consts::{LN_2, LOG2_E, LOG10_E, PI};

use crate::{
    Edge, ParameterKind, Real,
    row::{Cost, parameter_kind, position, rules, wrong_arity},
    term::{IntoTerm, Term},
};
use functions::*;

const INFINITY: f64 = f64::INFINITY;
const NAN: f64 = f64::NAN;

rules! {
    result y, activity active;

    section "Arithmetic" {
        Neg neg(a) = -a, Cheap { a: -1.0 } at [1.5];
        Add add(a, b) = a + b, Cheap { a: 1.0, b: 1.0 } at [1.5, -0.25];
        Sub sub(a, b) = a - b, Cheap { a: 1.0, b: -1.0 } at [1.5, -0.25];
        Mul mul(a, b) = a * b, Cheap { a: b, b: a } at [1.5, -0.25];
        Div div(a, b) = a / b, Costly { a: recip(b), b: quotient_by_divisor(active, y, b) }
            at [1.5, -0.25], [-3.0, 7.0]
            edge [1.0, 0.0] { a: INFINITY, b: -INFINITY } "a pole";
        Rem rem(a, b) = a % b, Costly { a: 1.0, b: -round((a - y) / b) }
            at [7.5, 2.0], [-7.5, 2.0], [7.5, -3.5], [0.5, 2.0]
            edge [6.0, 2.0] { a: 1.0, b: -3.0 } "as a - b * trunc(a / b), with the integer constant",
            edge [2.0, INFINITY] { a: 1.0, b: -0.0 } "as a - b * trunc(a / b), with the integer constant";
        DivEuclid div_euclid(a, b) = a.div_euclid(b), Costly {} at [7.5, 2.0], [-7.5, 2.0];
        RemEuclid rem_euclid(a, b) = a.rem_euclid(b), Costly { a: 1.0, b: -round((a - y) / b) }
            at [7.5, 2.0], [-7.5, 2.0], [7.5, -3.5], [-0.5, 2.0]
            edge [-6.0, 4.0] { a: 1.0, b: 2.0 } "as a - b * div_euclid(a, b), with the integer constant";
        Recip recip(x) = x.recip(), Costly { x: -(y * y) } at [0.5], [-3.0]
            edge [0.0] { x: -INFINITY } "a pole";
        MulAdd mul_add(a, b, c) = a.mul_add(b, c), Cheap { a: b, b: a, c: 1.0 } at [1.5, -0.25, 2.0];
        Midpoint midpoint(a, b) = a.midpoint(b), Cheap { a: 0.5, b: 0.5 } at [1.5, -0.25];
        ToDegrees to_degrees(x) = x.to_degrees(), Cheap { x: 180.0 / PI } at [0.5];
        ToRadians to_radians(x) = x.to_radians(), Cheap { x: PI / 180.0 } at [30.0];
    }

    section "Powers and roots" {
        Sqrt sqrt(x) = x.sqrt(), Costly { x: 0.5 / y } at [0.25], [9.0]
            edge [0.0] { x: INFINITY } "a vertical tangent";
        Cbrt cbrt(x) = x.cbrt(), Costly { x: (1.0 / 3.0) / (y * y) } at [0.3], [-8.0]
            edge [0.0] { x: INFINITY } "a vertical tangent";
        Powi powi(x, n: integer) = x.powi(n), Costly {
            x: if_equal(real_from_integer(n), 0.0, 0.0, real_from_integer(n) * powi(x, integer_predecessor(n)))
        } at [1.5, 3.0], [-0.7, 2.0], [1.3, -2.0], [0.0, 3.0], [2.0, 1.0]
            edge [0.0, 0.0] { x: 0.0 } "a constant",
            edge [INFINITY, 0.0] { x: 0.0 } "a constant",
            edge [0.0, 1.0] { x: 1.0 } "the identity",
            edge [0.0, 2.0] { x: 0.0 } "a parabola",
            edge [0.0, -1.0] { x: -INFINITY } "a pole";
        Powf powf(x, p) = x.powf(p), Costly {
            x: if_equal(vanishing_power(active, x, p), 0.0, 0.0, p * powf(x, p - 1.0)),
            p: if_equal(x, 0.0, 0.0, y * ln(x)),
        } at [0.5, 2.5], [3.0, -1.0], [2.0, 0.5]
            edge [0.0, 0.0] { x: 0.0 } "a constant",
            edge [2.0, 0.0] { x: 0.0 } "a constant",
            edge [0.0, 0.0] { x: 0.0, p: 0.0 } "the exponent's derivative at base 0 is 0",
            edge [0.0, 2.0] { x: 0.0, p: 0.0 } "the exponent's derivative at base 0 is 0",
            edge [0.0, -1.0] { p: 0.0 } "the exponent's derivative at base 0 is 0",
            edge [0.0, 1.0] { x: 1.0, p: 0.0 } "the identity",
            edge [-2.0, 3.0] { x: 12.0 } "a negative base has a derivative at a constant exponent",
            edge [-2.0, 3.0] { p: NAN } "a negative base has none with respect to the exponent";
        Hypot hypot(a, b) = a.hypot(b), Costly {
            a: if_equal(y, 0.0, 0.0, a / y),
            b: if_equal(y, 0.0, 0.0, b / y),
        } at [3.0, -4.0], [0.5, 0.0]
            edge [0.0, 0.0] { a: 0.0, b: 0.0 } "the tip of the cone",
            edge [0.0, 0.0] { a: 0.0 } "the tip of the cone",
            edge [3e200, 4e200] { a: 0.6, b: 0.8 } "no overflow",
            edge [3e-200, 4e-200] { a: 0.6, b: 0.8 } "no underflow";
    }

    section "Exponentials and logarithms" {
        Exp exp(x) = x.exp(), Costly { x: y } at [-1.0], [2.0];
        Exp2 exp2(x) = x.exp2(), Costly { x: y * LN_2 } at [-1.0], [2.5];
        ExpM1 exp_m1(x) = x.exp_m1(), Costly { x: y + 1.0 } at [-1.0], [1e-3], [2.0];
        Ln ln(x) = x.ln(), Costly { x: recip(x) } at [0.5], [3.0]
            edge [0.0] { x: INFINITY } "a pole";
        Ln1p ln_1p(x) = x.ln_1p(), Costly { x: recip(1.0 + x) } at [-0.5], [1e-3], [3.0]
            edge [-1.0] { x: INFINITY } "a pole";
        Log2 log2(x) = x.log2(), Costly { x: LOG2_E / x } at [0.5], [3.0]
            edge [0.0] { x: INFINITY } "a pole";
        Log10 log10(x) = x.log10(), Costly { x: LOG10_E / x } at [0.5], [3.0]
            edge [0.0] { x: INFINITY } "a pole";
        Log log(x, b) = x.log(b), Costly { x: recip(x * ln(b)), b: -(y / (b * ln(b))) } at [3.0, 2.5], [0.5, 0.3];
    }

    section "Circular functions" {
        Sin sin(x) = x.sin(), Costly { x: cos(x) } at [-2.5], [1.0];
        Cos cos(x) = x.cos(), Costly { x: -sin(x) } at [-2.5], [1.0];
        Tan tan(x) = x.tan(), Costly { x: 1.0 + y * y } at [-2.5], [1.0];
        Asin asin(x) = x.asin(), Costly { x: recip(sqrt((1.0 - x) * (1.0 + x))) } at [-0.5], [0.8]
            edge [1.0] { x: INFINITY } "a vertical tangent",
            edge [-1.0] { x: INFINITY } "a vertical tangent";
        Acos acos(x) = x.acos(), Costly { x: -recip(sqrt((1.0 - x) * (1.0 + x))) } at [-0.5], [0.8]
            edge [1.0] { x: -INFINITY } "a vertical tangent",
            edge [-1.0] { x: -INFINITY } "a vertical tangent";
        Atan atan(x) = x.atan(), Costly { x: recip(1.0 + x * x) } at [-2.5], [0.3]
            edge [INFINITY] { x: 0.0 } "the asymptote";
        Atan2 atan2(a, b) = a.atan2(b), Costly {
            a: over_squared_norm(b, a, b),
            b: -over_squared_norm(a, a, b),
        } at [1.0, 2.0], [-0.5, -0.25], [1.0, -3.0]
            edge [0.0, 0.0] { a: 0.0, b: 0.0 } "the angle of the origin",
            edge [0.0, 0.0] { a: 0.0 } "the angle of the origin",
            edge [1e200, 0.0] { a: 0.0, b: -1e-200 } "no overflow",
            edge [0.0, 1e-200] { a: 1e200, b: 0.0 } "no underflow";
    }

    section "Hyperbolic functions" {
        Sinh sinh(x) = x.sinh(), Costly { x: cosh(x) } at [-1.5], [0.5];
        Cosh cosh(x) = x.cosh(), Costly { x: sinh(x) } at [-1.5], [0.5];
        Tanh tanh(x) = x.tanh(), Costly { x: 1.0 - y * y } at [-1.5], [0.5];
        Asinh asinh(x) = x.asinh(), Costly { x: recip(hypot(x, 1.0)) } at [-1.5], [0.5]
            edge [1e200] { x: 1e-200 } "no overflow";
        Acosh acosh(x) = x.acosh(), Costly { x: recip(sqrt(x - 1.0) * sqrt(x + 1.0)) } at [1.5], [4.0]
            edge [1.0] { x: INFINITY } "a vertical tangent",
            edge [-2.0] { x: NAN } "outside the domain",
            edge [1e200] { x: 1e-200 } "no overflow";
        Atanh atanh(x) = x.atanh(), Costly { x: recip((1.0 - x) * (1.0 + x)) } at [-0.5], [0.8]
            edge [1.0] { x: INFINITY } "a pole";
    }

    section "Extrema, signs and rounding" {
        Abs abs(x) = x.abs(), Cheap { x: if_equal(x, 0.0, 0.0, signum(x)) } at [-2.5], [1.5]
            edge [0.0] { x: 0.0 } "the kink",
            edge [-0.0] { x: 0.0 } "the kink",
            edge [NAN] { x: NAN } "not a number";
        Max max(a, b) = a.max(b), Cheap { a: exceeds(a, b, tie(active)), b: exceeds(b, a, tie(active)) }
            at [1.0, 2.0], [2.0, 1.0]
            edge [1.0, 1.0] { a: 0.5, b: 0.5 } "a tie of active operands is shared",
            edge [0.0, -0.0] { a: 0.5, b: 0.5 } "a tie of active operands is shared",
            edge [0.0, 0.0] { a: 0.0 } "a tie with an inactive operand gives 0",
            edge [0.0, 0.0] { b: 0.0 } "a tie with an inactive operand gives 0",
            edge [1.0, NAN] { a: 1.0, b: 0.0 } "the derivative goes to the operand that is not NaN",
            edge [NAN, 1.0] { a: 0.0, b: 1.0 } "the derivative goes to the operand that is not NaN",
            edge [1.0, NAN] { a: 1.0 } "the derivative goes to the operand that is not NaN";
        Min min(a, b) = a.min(b), Cheap { a: exceeds(b, a, tie(active)), b: exceeds(a, b, tie(active)) }
            at [1.0, 2.0], [2.0, 1.0];
        Clamp clamp(x, low, high) = x.clamp(low, high), Cheap {
            x: clamp_inside(active, x, low, high),
            low: if_greater(low, x, 1.0, clamp_tie(active, 1, x, low, high)),
            high: if_greater(x, high, 1.0, clamp_tie(active, 2, x, low, high)),
        } at [0.5, -1.0, 1.0], [-2.0, -1.0, 1.0], [2.0, -1.0, 1.0]
            edge [1.0, -1.0, 1.0] { x: 0.0 } "a constant bound: 0 at the bound",
            edge [-1.0, -1.0, 1.0] { x: 0.0 } "a constant bound: 0 at the bound",
            edge [1.0, -1.0, 1.0] { x: 0.5, high: 0.5 } "an active bound shares the tie",
            edge [1.0, -1.0, 1.0] { x: 0.5, low: 0.0, high: 0.5 } "an active bound shares the tie",
            edge [-1.0, -1.0, 1.0] { x: 0.5, low: 0.5, high: 0.0 } "an active bound shares the tie",
            edge [1.0, -1.0, 1.0] { x: 0.0, low: 0.0 } "a constant bound: 0 at the bound",
            edge [1.0, 1.0, 1.0] { x: 1.0 / 3.0, low: 1.0 / 3.0, high: 1.0 / 3.0 } "a tie of all three",
            edge [1.0, 1.0, 1.0] { x: 0.0, low: 0.0 } "a tie with a constant",
            edge [2.0, 1.0, 1.0] { x: 0.0, low: 0.0, high: 1.0 } "equal bounds apart from the operand",
            edge [NAN, -1.0, 1.0] { x: 0.0 } "not a number";
        Signum signum(x) = x.signum(), Cheap {} at [-2.5], [1.5];
        Copysign copysign(x, s) = x.copysign(s), Cheap { x: if_equal(x, 0.0, 0.0, signum(x) * signum(y)) }
            at [-2.5, 1.0], [1.5, -3.0], [2.0, 0.5]
            edge [0.0, 1.0] { x: 0.0 } "the kink";
        Floor floor(x) = x.floor(), Cheap {} at [-2.5], [1.25];
        Ceil ceil(x) = x.ceil(), Cheap {} at [-2.5], [1.25];
        Round round(x) = x.round(), Cheap {} at [-2.25], [1.25];
        RoundTiesEven round_ties_even(x) = x.round_ties_even(), Cheap {} at [-2.25], [1.25];
        Trunc trunc(x) = x.trunc(), Cheap {} at [-2.5], [1.25];
        Fract fract(x) = x.fract(), Cheap { x: 1.0 } at [-2.5], [1.25]
            edge [2.0] { x: 1.0 } "as x - trunc(x), with the integer constant";
    }

    section "Helpers of the partials" {
        IfGreater if_greater(a, b, t, e) = if a > b { t } else { e }, Cheap {
            t: if_greater(a, b, 1.0, 0.0),
            e: if_greater(a, b, 0.0, 1.0),
        } at [1.0, 2.0, 3.0, -4.0], [2.0, 1.0, 3.0, -4.0];
        IfEqual if_equal(a, b, t, e) = if a == b { t } else { e }, Cheap {
            t: if_equal(a, b, 1.0, 0.0),
            e: if_equal(a, b, 0.0, 1.0),
        } at [1.0, 2.0, 3.0, -4.0];
        IfNan if_nan(x, t, e) = if x.is_nan() { t } else { e }, Cheap {
            t: if_nan(x, 1.0, 0.0),
            e: if_nan(x, 0.0, 1.0),
        } at [1.0, 3.0, -4.0];
        RealFromInteger real_from_integer(n: integer) = n as _, Cheap {} at [3.0];
        IntegerPredecessor integer_predecessor(n: integer) = n.saturating_sub(1) as _, Cheap {} at [3.0];
    }
}

impl Prim {
    /// The primitive that the method `name` of `f32` and `f64` computes; the methods of the operators' traits count.
    ///
    /// Helpers of the partials are no methods and are not found.
    ///
    /// ```
    /// use autodiff_rules::Prim;
    ///
    /// assert_eq!(Prim::from_method("mul_add"), Some(Prim::MulAdd));
    /// assert_eq!(Prim::from_method("is_nan"), None);
    /// ```
    pub fn from_method(name: &str) -> Option<Prim> {
        Prim::ALL
            .iter()
            .copied()
            .find(|prim| !prim.is_helper() && prim.name() == name)
    }

    /// Whether the primitive exists only for the partials of others and is no method of `f32` and `f64`.
    pub const fn is_helper(self) -> bool {
        matches!(
            self,
            Prim::IfGreater
                | Prim::IfEqual
                | Prim::IfNan
                | Prim::RealFromInteger
                | Prim::IntegerPredecessor
        )
    }

    /// The kind of number that the value is.
    pub const fn result_kind(self) -> ParameterKind {
        match self {
            Prim::IntegerPredecessor => ParameterKind::Integer,
            _ => ParameterKind::Real,
        }
    }
}

/// The share of each operand in a tie of all of them: equal shares are the element of least norm in the convex hull
/// of the unit vectors, and zero is in that hull as soon as one of the operands is inactive.
fn tie(active: &[bool]) -> f64 {
    if active.iter().all(|&active| active) {
        1.0 / active.len() as f64
    } else {
        0.0
    }
}

/// 1 where `a` is the greater operand or the only one that is a number, 0 where `b` is, `tie` where they are equal.
fn exceeds<R: Real>(a: &Term<R>, b: &Term<R>, tie: f64) -> Term<R> {
    let unordered = if_nan(b, 1.0, 0.0);
    if tie == 0.0 {
        if_greater(a, b, 1.0, unordered)
    } else {
        if_greater(a, b, 1.0, if_equal(a, b, tie, unordered))
    }
}

/// The derivative of `clamp` with respect to `x`: 1 strictly between the bounds, 0 outside, a share at a bound.
fn clamp_inside<R: Real>(active: &[bool], x: &Term<R>, low: &Term<R>, high: &Term<R>) -> Term<R> {
    let at_low = clamp_tie(active, 1, x, low, high);
    let at_high = clamp_tie(active, 2, x, low, high);
    if_greater(x, low, if_greater(high, x, 1.0, at_high), at_low)
}

/// The share of an operand of `clamp` where `x` is equal to the bound that is operand `bound`, 0 elsewhere.
fn clamp_tie<R: Real>(
    active: &[bool],
    bound: usize,
    x: &Term<R>,
    low: &Term<R>,
    high: &Term<R>,
) -> Term<R> {
    let share = tie(&[active[0], active[bound]]);
    if share == 0.0 {
        return 0.0.into_term();
    }
    let at = if bound == 1 { low } else { high };
    if_equal(x, at, if_greater(high, low, share, tie(active)), 0.0)
}

/// The derivative of a quotient `y` with respect to its divisor `b`. Where the dividend is active too, the
/// reciprocal is at hand as the other partial derivative, and a product is cheaper than a second division.
fn quotient_by_divisor<R: Real>(active: &[bool], y: &Term<R>, b: &Term<R>) -> Term<R> {
    if active[0] { -(y * recip(b)) } else { -(y / b) }
}

/// A value that is 0 exactly where `powf(x, p)` is flat in `x` although `p * powf(x, p - 1)` may be 0 * ∞.
///
/// For a constant exponent that is `p` itself. An active exponent makes the derivative at `p = 0` vary with `p`, so
/// that only the base 0 may be cut out.
fn vanishing_power<R: Real>(active: &[bool], x: &Term<R>, p: &Term<R>) -> Term<R> {
    if active[1] {
        max(abs(x), abs(p))
    } else {
        p.into_term()
    }
}

/// `numerator / (a² + b²)` without overflow or underflow of the squares, and 0 at the origin.
fn over_squared_norm<R: Real>(numerator: &Term<R>, a: &Term<R>, b: &Term<R>) -> Term<R> {
    let norm = &hypot(a, b);
    if_equal(norm, 0.0, 0.0, numerator / norm / norm)
}
