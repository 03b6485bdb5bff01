//! Passes that make derivative code small and fast without changing a bit of the primal's result, a panic or an effect.

mod algebra;
mod common;
mod dead;
mod facts;
mod fusion;
mod guards;
mod invariants;
mod loop_invariants;
mod orientation;
mod stores;

use crate::ir::Function;

/// Which optional passes run. All are on by default; tests switch each one off.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct PassSet {
    /// Exact algebra on derivative code: `a + (-b)` is `a - b`.
    pub algebra: bool,
    /// Common subexpressions.
    pub common: bool,
    /// Carried variables that do not change.
    pub invariants: bool,
    /// What gives the same in every iteration of a loop, ahead of it.
    pub loop_invariants: bool,
    /// Dead code, tapes in pairs.
    pub dead: bool,
    /// A zero stored ahead of an accumulation.
    pub stores: bool,
    /// Loops that only check bounds become a comparison.
    pub guards: bool,
    /// Reversed loops whose iterations are independent run upwards.
    pub orientation: bool,
    /// Loops of the two sweeps over the same range become one. Not for functions in two steps.
    pub fusion: bool,
}

impl PassSet {
    /// Every pass.
    pub const ALL: Self = Self {
        algebra: true,
        common: true,
        invariants: true,
        loop_invariants: true,
        dead: true,
        stores: true,
        guards: true,
        orientation: true,
        fusion: true,
    };

    /// No pass.
    pub const NONE: Self = Self {
        algebra: false,
        common: false,
        invariants: false,
        loop_invariants: false,
        dead: false,
        stores: false,
        guards: false,
        orientation: false,
        fusion: false,
    };

    /// [`Self::ALL`] with one pass switched off, for each pass, with its name.
    pub fn each_one_off() -> [(&'static str, Self); 9] {
        [
            (
                "algebra",
                Self {
                    algebra: false,
                    ..Self::ALL
                },
            ),
            (
                "common",
                Self {
                    common: false,
                    ..Self::ALL
                },
            ),
            (
                "invariants",
                Self {
                    invariants: false,
                    ..Self::ALL
                },
            ),
            (
                "loop_invariants",
                Self {
                    loop_invariants: false,
                    ..Self::ALL
                },
            ),
            (
                "dead",
                Self {
                    dead: false,
                    ..Self::ALL
                },
            ),
            (
                "stores",
                Self {
                    stores: false,
                    ..Self::ALL
                },
            ),
            (
                "guards",
                Self {
                    guards: false,
                    ..Self::ALL
                },
            ),
            (
                "orientation",
                Self {
                    orientation: false,
                    ..Self::ALL
                },
            ),
            (
                "fusion",
                Self {
                    fusion: false,
                    ..Self::ALL
                },
            ),
        ]
    }
}

impl Default for PassSet {
    fn default() -> Self {
        Self::ALL
    }
}

/// Runs the passes of `passes` over `function`.
pub fn simplify(function: &mut Function, passes: PassSet) {
    if passes.dead {
        dead::remove(function);
    }
    if passes.invariants {
        invariants::remove(function);
    }
    if passes.common {
        common::share(function);
    }
    if passes.loop_invariants {
        loop_invariants::hoist(function);
    }
    if passes.algebra {
        algebra::rewrite(function);
    }
    if passes.dead {
        dead::remove(function);
    }
    if passes.stores {
        stores::merge(function);
    }
    if passes.guards {
        guards::hoist(function);
    }
    if passes.orientation {
        orientation::straighten(function);
    }
    if passes.dead {
        dead::remove(function);
    }
    if passes.fusion && fusion::fuse(function) && passes.common {
        common::share(function);
    }
}
