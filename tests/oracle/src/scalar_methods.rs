//! The methods of `f64` and `f32` on the twins' scalar.

use std::cmp::Ordering;

use num_dual::DualNum;

use crate::scalar::{Float, S};

/// Methods of one argument that `num-dual` has by the same name.
macro_rules! elementary {
    ($($name:ident)*) => {$(
        #[doc = concat!("As `f64::", stringify!($name), "`.")]
        pub fn $name(self) -> Self {
            Self::exact(DualNum::$name(&self.dual()), num_traits::Float::$name(self.plain()))
        }
    )*};
}

/// Methods that are locally constant.
macro_rules! locally_constant {
    ($($name:ident)*) => {$(
        #[doc = concat!("As `f64::", stringify!($name), "`: locally constant.")]
        pub fn $name(self) -> Self {
            Self::constant(num_traits::Float::$name(self.plain()))
        }
    )*};
}

/// Questions about the value.
macro_rules! question {
    ($($name:ident)*) => {$(
        #[doc = concat!("As `f64::", stringify!($name), "`.")]
        pub fn $name(self) -> bool {
            num_traits::Float::$name(self.plain())
        }
    )*};
}

impl<F: Float> S<F> {
    elementary!(sqrt cbrt exp exp2 exp_m1 ln log2 log10 ln_1p sin cos tan asin acos atan sinh cosh tanh asinh acosh atanh recip);
    locally_constant!(floor ceil round trunc signum);
    question!(is_nan is_infinite is_finite is_normal is_sign_negative is_sign_positive);

    /// As `f64::sin_cos`.
    pub fn sin_cos(self) -> (Self, Self) {
        (self.sin(), self.cos())
    }

    /// As `f64::powi`.
    pub fn powi(self, n: i32) -> Self {
        Self::exact(
            DualNum::powi(&self.dual(), n),
            num_traits::Float::powi(self.plain(), n),
        )
    }

    /// As `f64::powf`. A constant exponent takes no logarithm of the base.
    pub fn powf(self, exponent: Self) -> Self {
        let dual = if exponent.is_constant() {
            DualNum::powf(&self.dual(), exponent.dual().re)
        } else {
            DualNum::powd(&self.dual(), exponent.dual())
        };
        Self::exact(
            dual,
            num_traits::Float::powf(self.plain(), exponent.plain()),
        )
    }

    /// As `f64::log`.
    pub fn log(self, base: Self) -> Self {
        let dual = DualNum::ln(&self.dual()) / DualNum::ln(&base.dual());
        Self::exact(dual, num_traits::Float::log(self.plain(), base.plain()))
    }

    /// As `f64::atan2`.
    pub fn atan2(self, other: Self) -> Self {
        let dual = DualNum::atan2(&self.dual(), other.dual());
        Self::exact(dual, num_traits::Float::atan2(self.plain(), other.plain()))
    }

    /// As `f64::hypot`.
    pub fn hypot(self, other: Self) -> Self {
        let dual = DualNum::sqrt(&(self.dual() * self.dual() + other.dual() * other.dual()));
        Self::exact(dual, num_traits::Float::hypot(self.plain(), other.plain()))
    }

    /// As `f64::mul_add`.
    pub fn mul_add(self, factor: Self, summand: Self) -> Self {
        let dual = self.dual() * factor.dual() + summand.dual();
        let value = num_traits::Float::mul_add(self.plain(), factor.plain(), summand.plain());
        Self::exact(dual, value)
    }

    /// As `f64::abs`, with derivative 0 at 0.
    pub fn abs(self) -> Self {
        let sign = match self.dual().re.partial_cmp(&0.0) {
            Some(Ordering::Less) => -1.0,
            Some(Ordering::Equal) => 0.0,
            _ => 1.0,
        };
        Self::exact(
            Self::scaled(self.dual(), sign),
            num_traits::Float::abs(self.plain()),
        )
    }

    /// As `f64::copysign`.
    pub fn copysign(self, sign: Self) -> Self {
        let flip = if self.is_sign_negative() == sign.is_sign_negative() {
            1.0
        } else {
            -1.0
        };
        let value = num_traits::Float::copysign(self.plain(), sign.plain());
        Self::exact(Self::scaled(self.dual(), flip), value)
    }

    /// As `f64::max`, away from ties.
    pub fn max(self, other: Self) -> Self {
        let value = num_traits::Float::max(self.plain(), other.plain());
        Self::exact(
            if value == self.plain() {
                self.dual()
            } else {
                other.dual()
            },
            value,
        )
    }

    /// As `f64::min`, away from ties.
    pub fn min(self, other: Self) -> Self {
        let value = num_traits::Float::min(self.plain(), other.plain());
        Self::exact(
            if value == self.plain() {
                self.dual()
            } else {
                other.dual()
            },
            value,
        )
    }

    /// As `f64::clamp`, away from the bounds.
    pub fn clamp(self, low: Self, high: Self) -> Self {
        assert!(
            low <= high,
            "min > max, or either was NaN. min = {low:?}, max = {high:?}"
        );
        if self < low {
            low
        } else if self > high {
            high
        } else {
            self
        }
    }

    /// As `f64::fract`.
    pub fn fract(self) -> Self {
        Self::exact(self.dual(), num_traits::Float::fract(self.plain()))
    }

    /// As `f64::rem_euclid`: the quotient is locally constant.
    pub fn rem_euclid(self, other: Self) -> Self {
        let value = Float::rem_euclid(self.plain(), other.plain());
        let quotient = ((self.dual().re - value.widen()) / other.dual().re).round();
        let dual = self.dual() - Self::scaled(other.dual(), quotient);
        Self::exact(dual, value)
    }

    /// As `f64::to_degrees`.
    pub fn to_degrees(self) -> Self {
        let dual = Self::scaled(self.dual(), 180.0 / std::f64::consts::PI);
        Self::exact(dual, num_traits::Float::to_degrees(self.plain()))
    }

    /// As `f64::to_radians`.
    pub fn to_radians(self) -> Self {
        let dual = Self::scaled(self.dual(), std::f64::consts::PI / 180.0);
        Self::exact(dual, num_traits::Float::to_radians(self.plain()))
    }

    /// As `f64::total_cmp` on numbers that are not NaN.
    pub fn total_cmp(&self, other: &Self) -> Ordering {
        self.dual().re.total_cmp(&other.dual().re)
    }
}
