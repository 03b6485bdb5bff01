//! The error function and the normal distribution.

use core::f64::consts::{FRAC_1_SQRT_2, FRAC_2_SQRT_PI};

use super::Smooth;
use super::declare::{count, functions, parts, sum};
use crate::__private::{Directional, Reader, SharedTape};
use crate::{Scalar, Workspace};

functions! {
    /// The error function `2/√π ∫₀ˣ exp(-t²) dt`.
    ///
    /// Its derivative is `2/√π exp(-x²)` (NIST Digital Library of Mathematical Functions, 7.10.1).
    ///
    /// ```
    /// use autodiff_runtime::special::erf;
    ///
    /// assert_eq!(erf(0.0), 0.0);
    /// assert_eq!(erf::value_and_gradient(f64::INFINITY), (1.0, 0.0));
    /// ```
    fn erf(x dx x_bar dx_bar);

    /// The complementary error function `1 - erf(x)`, without cancellation for large `x`.
    ///
    /// ```
    /// use autodiff_runtime::special::erfc;
    ///
    /// assert_eq!(erfc(0.0), 1.0);
    /// assert_eq!(erfc::gradient(0.0), -2.0 / std::f64::consts::PI.sqrt());
    /// ```
    fn erfc(x dx x_bar dx_bar);

    /// The distribution function of the standard normal distribution: the probability of values up to `x`, with all its
    /// digits in the lower tail.
    ///
    /// ```
    /// use autodiff_runtime::special::normal_cdf;
    ///
    /// assert_eq!(normal_cdf(0.0), 0.5);
    /// assert_eq!(normal_cdf::hessian(0.0), [[0.0]]);
    /// ```
    fn normal_cdf(x dx x_bar dx_bar);

    /// The quantile function of the standard normal distribution, the inverse of [`normal_cdf`](fn@normal_cdf); infinite at
    /// 0 and 1, NaN outside of them.
    ///
    /// The value is that of Wichura's algorithm AS 241 ("The percentage points of the normal distribution", 1988).
    ///
    /// ```
    /// use autodiff_runtime::special::{normal_cdf, normal_quantile};
    ///
    /// assert_eq!(normal_quantile(0.5), 0.0);
    /// let (x, slope) = normal_quantile::value_and_gradient(0.975_f64);
    /// assert!((x - 1.959963984540054).abs() < 1e-15);
    /// assert!((slope * normal_cdf::gradient(x) - 1.0).abs() < 1e-14);
    /// ```
    fn normal_quantile(p dp p_bar dp_bar);
}

/// `exp(-factor * x²)`, with the rounding of the square made good; `factor` is a power of two.
fn gaussian(x: f64, factor: f64) -> f64 {
    let square = x * x;
    let value = libm::exp(-factor * square);
    if value == 0.0 || square == 0.0 {
        return value;
    }
    let lost = libm::fma(x, x, -square);
    value * (1.0 - factor * lost)
}

/// `x * y`, where an infinite `x` counts nothing against a `y` that has vanished.
fn damped(x: f64, y: f64) -> f64 {
    if y == 0.0 { 0.0 } else { x * y }
}

impl Smooth<1> for erf {
    fn value([x]: [f64; 1]) -> f64 {
        libm::erf(x)
    }

    fn first([x]: [f64; 1]) -> [f64; 1] {
        [FRAC_2_SQRT_PI * gaussian(x, 1.0)]
    }

    fn second([x]: [f64; 1]) -> [[f64; 1]; 1] {
        [Self::first([x]).map(|slope| damped(-2.0 * x, slope))]
    }
}

impl Smooth<1> for erfc {
    fn value([x]: [f64; 1]) -> f64 {
        libm::erfc(x)
    }

    fn first([x]: [f64; 1]) -> [f64; 1] {
        <erf as Smooth<1>>::first([x]).map(|slope| -slope)
    }

    fn second([x]: [f64; 1]) -> [[f64; 1]; 1] {
        [Self::first([x]).map(|slope| damped(-2.0 * x, slope))]
    }
}

/// What `1/√2` is above its nearest number.
const LOW_FRAC_1_SQRT_2: f64 = -4.833_646_656_726_457e-17;

/// `1/√(2π)`.
const DENSITY_AT_0: f64 = 0.5 * FRAC_2_SQRT_PI * FRAC_1_SQRT_2;

impl Smooth<1> for normal_cdf {
    /// `erfc(-x/√2) / 2`; what rounding takes off the argument is made good to first order, since far in the tail the
    /// function changes fast.
    fn value([x]: [f64; 1]) -> f64 {
        let argument = -x * FRAC_1_SQRT_2;
        let value = libm::erfc(argument);
        if value == 0.0 || !argument.is_finite() {
            return 0.5 * value;
        }
        let lost = libm::fma(-x, FRAC_1_SQRT_2, -argument) - x * LOW_FRAC_1_SQRT_2;
        0.5 * (value - FRAC_2_SQRT_PI * gaussian(argument, 1.0) * lost)
    }

    fn first([x]: [f64; 1]) -> [f64; 1] {
        [DENSITY_AT_0 * gaussian(x, 0.5)]
    }

    fn second([x]: [f64; 1]) -> [[f64; 1]; 1] {
        [Self::first([x]).map(|density| damped(-x, density))]
    }
}

impl Smooth<1> for normal_quantile {
    fn value([p]: [f64; 1]) -> f64 {
        quantile(p)
    }

    /// The derivative of an inverse function is the reciprocal.
    fn first([p]: [f64; 1]) -> [f64; 1] {
        <normal_cdf as Smooth<1>>::first([quantile(p)]).map(|density| 1.0 / density)
    }

    fn second([p]: [f64; 1]) -> [[f64; 1]; 1] {
        let x = quantile(p);
        [<normal_cdf as Smooth<1>>::first([x]).map(|density| x / density / density)]
    }
}

/// The polynomial with these coefficients, the constant first, by Horner's rule.
fn polynomial(coefficients: &[f64; 8], x: f64) -> f64 {
    coefficients.iter().rev().fold(0.0, |sum, c| sum * x + c)
}

/// The algorithm AS 241, routine PPND16: three quotients of polynomials, for the middle and for two ranges of the tails.
fn quantile(p: f64) -> f64 {
    let q = p - 0.5;
    if q.abs() <= 0.425 {
        let r = 0.180625 - q * q;
        return q * polynomial(&MIDDLE[0], r) / polynomial(&MIDDLE[1], r);
    }
    let tail = if q < 0.0 { p } else { 1.0 - p };
    if tail == 0.0 {
        return libm::copysign(f64::INFINITY, q);
    }
    // Outside of 0 and 1 the logarithm is that of a negative number, which is NaN.
    let r = libm::sqrt(-libm::log(tail));
    let x = if r <= 5.0 {
        polynomial(&TAIL[0], r - 1.6) / polynomial(&TAIL[1], r - 1.6)
    } else {
        polynomial(&FAR[0], r - 5.0) / polynomial(&FAR[1], r - 5.0)
    };
    if q < 0.0 { -x } else { x }
}

const MIDDLE: [[f64; 8]; 2] = [
    [
        3.387_132_872_796_366_5,
        1.331_416_678_917_843_8e2,
        1.971_590_950_306_551_3e3,
        1.373_169_376_550_946e4,
        4.592_195_393_154_987e4,
        6.726_577_092_700_87e4,
        3.343_057_558_358_813e4,
        2.509_080_928_730_122_7e3,
    ],
    [
        1.0,
        4.231_333_070_160_091e1,
        6.871_870_074_920_579e2,
        5.394_196_021_424_751e3,
        2.121_379_430_158_659_7e4,
        3.930_789_580_009_271e4,
        2.872_908_573_572_194_3e4,
        5.226_495_278_852_854e3,
    ],
];

const TAIL: [[f64; 8]; 2] = [
    [
        1.423_437_110_749_683_5,
        4.630_337_846_156_546,
        5.769_497_221_460_691,
        3.647_848_324_763_204_5,
        1.270_458_252_452_368_4,
        2.417_807_251_774_506e-1,
        2.272_384_498_926_918_4e-2,
        7.745_450_142_783_414e-4,
    ],
    [
        1.0,
        2.053_191_626_637_759,
        1.676_384_830_183_803_8,
        6.897_673_349_851e-1,
        1.481_039_764_274_800_8e-1,
        1.519_866_656_361_645_7e-2,
        5.475_938_084_995_345e-4,
        1.050_750_071_644_416_9e-9,
    ],
];

const FAR: [[f64; 8]; 2] = [
    [
        6.657_904_643_501_103,
        5.463_784_911_164_114,
        1.784_826_539_917_291_3,
        2.965_605_718_285_048_7e-1,
        2.653_218_952_657_612_4e-2,
        1.242_660_947_388_078_4e-3,
        2.711_555_568_743_487_6e-5,
        2.010_334_399_292_288_1e-7,
    ],
    [
        1.0,
        5.998_322_065_558_88e-1,
        1.369_298_809_227_358e-1,
        1.487_536_129_085_061_5e-2,
        7.868_691_311_456_133e-4,
        1.846_318_317_510_054_8e-5,
        1.421_511_758_316_446e-7,
        2.044_263_103_389_939_8e-15,
    ],
];
