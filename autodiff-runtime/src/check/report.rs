//! What a check finds.

use alloc::string::String;
use core::fmt;

/// One entry of a derivative: that of an output with respect to an input.
#[derive(Clone, Debug)]
pub struct Component {
    pub(super) input: usize,
    pub(super) output: usize,
    pub(super) generated: f64,
    pub(super) by_differences: f64,
    pub(super) uncertainty: f64,
    pub(super) allowed: f64,
    pub(super) settled: bool,
}

impl Component {
    /// Which scalar of the point, flattened in order.
    #[must_use]
    pub const fn input(&self) -> usize {
        self.input
    }

    /// Which scalar of the result, flattened in order; 0 of a gradient.
    #[must_use]
    pub const fn output(&self) -> usize {
        self.output
    }

    /// The derivative that was to be checked.
    #[must_use]
    pub const fn generated(&self) -> f64 {
        self.generated
    }

    /// The derivative by differences.
    #[must_use]
    pub const fn by_differences(&self) -> f64 {
        self.by_differences
    }

    /// About how uncertain the derivative by differences is.
    #[must_use]
    pub const fn uncertainty(&self) -> f64 {
        self.uncertainty
    }

    /// How much larger the difference is than what is allowed; infinite where there is nothing to compare with.
    pub(super) fn badness(&self) -> f64 {
        let ratio = (self.generated - self.by_differences).abs() / self.allowed;
        if ratio.is_nan() || !self.settled {
            f64::INFINITY
        } else {
            ratio
        }
    }

    pub(super) fn is_close(&self) -> bool {
        self.badness() <= 1.0
    }
}

/// The derivative agrees with differences.
#[derive(Clone, Debug)]
pub struct Report {
    pub(super) what: &'static str,
    pub(super) worst: Option<Component>,
    pub(super) compared: usize,
}

impl Report {
    /// How many components were compared.
    #[must_use]
    pub const fn components(&self) -> usize {
        self.compared
    }

    /// The component that differs most, measured by what is allowed; `None` where there is none at all.
    #[must_use]
    pub const fn worst(&self) -> Option<&Component> {
        self.worst.as_ref()
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "the {} agrees with differences in {} components",
            self.what, self.compared
        )?;
        match &self.worst {
            Some(worst) => write!(
                f,
                ", the worst of which is {:e} and by differences {:e}",
                worst.generated, worst.by_differences
            ),
            None => Ok(()),
        }
    }
}

/// The derivative does not agree with differences, or there is nothing to compare it with.
#[derive(Clone, Debug)]
pub struct Mismatch {
    pub(super) what: &'static str,
    pub(super) worst: Component,
    /// The direction of the worst component, where it is short enough to be read.
    pub(super) direction: Option<String>,
    pub(super) compared: usize,
}

impl Mismatch {
    /// The component that differs most, measured by what is allowed.
    #[must_use]
    pub const fn worst(&self) -> &Component {
        &self.worst
    }

    /// Whether differences gave no number to compare with, as near kinks and poles, and at the end of a domain.
    #[must_use]
    pub const fn is_unsettled(&self) -> bool {
        !self.worst.settled
    }
}

impl fmt::Display for Mismatch {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Component {
            input,
            output,
            generated,
            by_differences,
            uncertainty,
            ..
        } = &self.worst;
        write!(f, "the {} with respect to scalar {input}", self.what)?;
        if let Some(direction) = &self.direction {
            write!(f, " (the 1 in {direction})")?;
        }
        if *output > 0 {
            write!(f, ", of scalar {output} of the result,")?;
        }
        write!(f, " is {generated:e}, ")?;
        if self.is_unsettled() {
            write!(
                f,
                "and differences do not settle: {by_differences:e} ± {uncertainty:e}; is a kink, a pole or the end of \
                 the domain near?"
            )?;
        } else {
            write!(f, "but {by_differences:e} ± {uncertainty:e} by differences")?;
        }
        write!(f, " (the worst of {} components)", self.compared)
    }
}

impl core::error::Error for Mismatch {}
