//! `AUTODIFF_DUMP=lower,gradient cargo build` prints these stages of every function to the standard error.

use std::env;

use crate::derivatives::Derivatives;
use crate::ir::Function;

/// The variable that names the stages, separated by commas: `lower`, `jvp`, `vjp_into`, `gradient`,
/// `forward`, `reverse`, `value_and_gradient`, `second_order`, `symbolic_hessian`, `jvp_lanes`, or `all`.
pub const VARIABLE: &str = "AUTODIFF_DUMP";

/// Prints `function` if its stage was asked for.
pub fn stage(name: &str, function: &Function) {
    let Ok(stages) = env::var(VARIABLE) else {
        return;
    };
    if stages
        .split(',')
        .any(|stage| stage.trim() == name || stage.trim() == "all")
    {
        eprintln!("{name}: {function}");
    }
}

/// Prints the derivatives that were asked for.
pub fn derivatives(derivatives: &Derivatives) {
    for (name, function) in derivatives.named() {
        stage(name, function);
    }
}
