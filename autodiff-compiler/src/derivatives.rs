//! The derivative functions of one user function, as intermediate representation.

use crate::ir::{Callee, Function, Output};

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
    /// Reverse in two steps, each a function.
    pub pair: Sweeps,
    /// Whether tangents go along in [`Self::pair`].
    pub pair_has_directions: bool,
    /// Whether everything that the first step of [`Self::pair`] leaves for the second one has a type that can be written.
    pub pair_is_known: bool,
    /// Whether [`Self::sweeps`] serve for [`Self::pair`]: they take no tangents along, and parameters as they were declared.
    pub lends_sweeps: bool,
    /// Reverse in two steps in one function, where [`Self::pair`] cannot serve for it; the output is that of the second
    /// step. Parameters primal, then the cotangent (none for `()`).
    pub pullback: Option<Pullback>,
    /// Both steps in one function: the value (with its tangent), and added to the adjoints that it takes.
    pub both_sweeps: Function,
    /// What the function calls that a derivative passes through.
    pub callees: Vec<CalleeUse>,
    /// The reverse of a large function, again split at its turn, from which `vjp_into`, `gradient` and `pullback` are
    /// made then: parameters as of [`Self::vjp_into`]. `value` is what the first step returns; [`Output::Unit`] where
    /// the first step leaves so much of the primal out that the value comes from the primal itself.
    pub sweeps: Option<Pullback>,
    /// The gradient and its derivative along `K` directions at once. Parameters: primal, then directions with lanes;
    /// output: `(adjoints, adjoints with lanes)`.
    pub second_order: Option<Function>,
    /// Whether the second order is made of [`Self::pair`], and [`Self::second_order`] is not there.
    pub second_order_of_pair: bool,
    /// The whole Hessian of a straight-line function of scalars; output: the value, the gradient's tuple, and the rows
    /// of the Hessian: `(R, adjoints, (row, row, …))`, each row a tuple of scalars.
    pub symbolic_hessian: Option<Function>,
    /// [`Self::jvp`] along `K` directions at once; of functions that compute in one floating-point type.
    pub jvp_lanes: Option<Function>,
}

impl Derivatives {
    /// The functions that there are, by the names of the fields.
    pub fn named(&self) -> Vec<(&'static str, &Function)> {
        let optional = [
            ("gradient", self.gradient.as_ref()),
            (
                "pullback",
                self.pullback.as_ref().map(|pullback| &pullback.function),
            ),
            ("value_and_gradient", self.value_and_gradient.as_ref()),
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
        [
            ("jvp", &self.jvp),
            ("vjp_into", &self.vjp_into),
            ("forward", &self.pair.forward),
            ("reverse", &self.pair.reverse),
        ]
        .into_iter()
        .chain(present)
        .filter(|(_, function)| !function.parameters.is_empty())
        .collect()
    }
}

/// A function that is called, over all calls of it.
#[derive(Debug)]
pub struct CalleeUse {
    /// The function.
    pub callee: Callee,
    /// Of each argument, whether it varies in some call.
    pub varied: Vec<bool>,
}

/// The two sweeps of a function.
#[derive(Debug, Default)]
pub struct Sweeps {
    /// Takes the parameters and their directions; gives the value and its tangent.
    pub forward: Function,
    /// Takes the parameters and their directions, the cotangent and its direction, the adjoints and their directions,
    /// which it adds to; gives nothing.
    pub reverse: Function,
}

/// A function in two steps.
#[derive(Clone, Debug)]
pub struct Pullback {
    /// Both steps.
    pub function: Function,
    /// What the first step returns.
    pub value: Output,
}
