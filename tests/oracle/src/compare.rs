//! Comparisons that name what disagrees.

use crate::function::{Function, Output};

/// Where a comparison stands, for its message.
pub(crate) struct Comparison<'a> {
    /// The function under test.
    pub(crate) function: &'a Function<'a>,
}

impl Comparison<'_> {
    /// Asserts that two flat vectors agree, each component to the tolerance relative to its scale.
    ///
    /// Infinite and NaN components must be the same on both sides.
    pub(crate) fn vectors(&self, what: &str, got: &[f64], expected: &[f64], scales: &[f64]) {
        let Function { name, at, .. } = self.function;
        assert_eq!(
            got.len(),
            expected.len(),
            "{name} {at}: {what}: wrong number of components"
        );
        for (i, ((&got_i, &expected_i), &scale)) in got.iter().zip(expected).zip(scales).enumerate()
        {
            let close = (got_i - expected_i).abs() <= self.tolerance() * scale;
            let same = got_i == expected_i || (got_i.is_nan() && expected_i.is_nan());
            assert!(
                close || same,
                "{name} {at}: {what}: component {i} is {got_i:e}, expected {expected_i:e} \
                 (allowed {:.1e})\n     got {got:?}\nexpected {expected:?}",
                self.tolerance() * scale
            );
        }
    }

    /// Asserts that a derivative function returned what the plain call returns, bit by bit.
    pub(crate) fn outputs(&self, what: &str, got: &Output, expected: &Output) {
        let Function { name, at, .. } = self.function;
        assert_eq!(
            got.bits, expected.bits,
            "{name} {at}: {what}: value {:?}, the plain call's is {:?}",
            got.components, expected.components
        );
    }

    /// The relative tolerance of derivatives.
    pub(crate) fn tolerance(&self) -> f64 {
        if self.function.single {
            SINGLE
        } else {
            self.function.tolerance
        }
    }
}

/// What single precision promises: a few roundings of what was added up.
const SINGLE: f64 = 4.0 * f32::EPSILON as f64;
