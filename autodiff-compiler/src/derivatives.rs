//! The derivative functions of one user function, as intermediate representation.

use crate::ir::{Function, Output};

/// Everything that the compiler derives from a function and that is emitted as a body of its own; the other functions
/// of the companion are short wrappers around these.
#[derive(Debug)]
pub struct Derivatives {
    /// The primal and its directional derivative. Parameters: primal, then directions; output: `(R, dR)`, or `R` alone
    /// for `()`. The directions of in-out parameters are `&mut` and updated in place.
    pub jvp: Function,
    /// Reverse: parameters primal, then the cotangent (none for `()`), then one adjoint place for each active
    /// parameter, added to (for in-out parameters: transformed); output: `R`.
    pub vjp_into: Function,
    /// The adjoints alone, of a scalar result with cotangent 1. Parameters primal; output: the adjoints.
    pub gradient: Option<Function>,
    /// The value and the adjoints, of a scalar result with cotangent 1; output `(R, adjoints)`. Not with `sweeps`.
    pub value_and_gradient: Option<Function>,
    /// Reverse in two steps, split at [`crate::ir::Stmt::Turn`]; parameters primal, then the cotangent, which belongs to
    /// the second step, like the output: the adjoints. `value` is what the first step returns. Not with `sweeps`.
    pub pullback: Option<Pullback>,
    /// The reverse of a large function, again split at its turn, from which `vjp_into`, `gradient` and `pullback` are
    /// made then: parameters as of [`Self::vjp_into`]. `value` is what the first step returns; [`Output::Unit`] where
    /// the first step leaves so much of the primal out that the value comes from the primal itself.
    pub sweeps: Option<Pullback>,
    /// The gradient and its derivative along `K` directions at once. Parameters: primal, then directions with lanes;
    /// output: `(adjoints, adjoints with lanes)`.
    pub second_order: Option<Function>,
    /// The whole Hessian of a straight-line function of scalars; output: the value, the gradient's tuple, and the rows
    /// of the Hessian: `(R, adjoints, (row, row, …))`, each row a tuple of scalars.
    pub symbolic_hessian: Option<Function>,
    /// [`Self::jvp`] along `K` directions at once, for the Jacobian of a result that is not scalar.
    pub jvp_lanes: Option<Function>,
}

impl Derivatives {
    /// The functions that there are, by the names of the fields.
    pub fn named(&self) -> Vec<(&'static str, &Function)> {
        let optional = [
            ("gradient", self.gradient.as_ref()),
            ("value_and_gradient", self.value_and_gradient.as_ref()),
            (
                "pullback",
                self.pullback.as_ref().map(|pullback| &pullback.function),
            ),
            (
                "sweeps",
                self.sweeps.as_ref().map(|sweeps| &sweeps.function),
            ),
            ("second_order", self.second_order.as_ref()),
            ("symbolic_hessian", self.symbolic_hessian.as_ref()),
            ("jvp_lanes", self.jvp_lanes.as_ref()),
        ];
        let present = optional
            .into_iter()
            .filter_map(|(name, function)| Some((name, function?)));
        [("jvp", &self.jvp), ("vjp_into", &self.vjp_into)]
            .into_iter()
            .chain(present)
            .collect()
    }
}

/// A function in two steps.
#[derive(Debug)]
pub struct Pullback {
    /// Both steps.
    pub function: Function,
    /// What the first step returns.
    pub value: Output,
}
