//! The documentation of the derivative functions.

use proc_macro2::TokenStream;
use quote::quote;

use super::companion::Companion;
use super::kind::Kind;

/// A documentation text as attributes, one a line.
pub(super) fn attributes(text: &str) -> TokenStream {
    let lines = text.lines().map(|line| {
        let line = if line.is_empty() {
            String::new()
        } else {
            format!(" {line}")
        };
        quote!(#[doc = #line])
    });
    quote!(#(#lines)*)
}

/// The documentation of the companion type.
pub(super) fn companion(companion: &Companion) -> String {
    let formulas = formulas(companion);
    format!(
        "The derivatives of the function [`{0}`](fn@{0}).{formulas}",
        companion.signature.ident
    )
}

/// The documentation of a function of the companion.
pub(super) fn function(companion: &Companion, kind: Kind) -> String {
    let text = plain(companion, kind);
    match &companion.signature.wrapper {
        Some(wrapper) if kind != Kind::Reverse => {
            let (name, failure) = (&companion.signature.ident, wrapper.failure());
            format!("{text}\n\n# Errors\n\n{failure} where `{name}` returns it.")
        }
        _ => text,
    }
}

/// What a function does.
fn plain(companion: &Companion, kind: Kind) -> String {
    let name = &companion.signature.ident;
    let active = active(companion);
    match kind {
        Kind::Jvp => format!(
            "The value of `{name}` and its derivative along a direction (forward mode).\n\n\
             Takes the parameters, then the direction: a tangent of each of {active}."
        ),
        Kind::Vjp => format!(
            "The value of `{name}` and the adjoints of {active} (reverse mode).\n\n\
             Takes the parameters, then the cotangent of the result."
        ),
        Kind::VjpInto => {
            format!(
                "The value of `{name}`; adds to the adjoints of {active} (reverse mode, in place)."
            )
        }
        Kind::VjpIntoWith => with_workspace(companion, Kind::VjpInto),
        Kind::Pullback => {
            format!(
                "The value of `{name}`, and a function from a cotangent of it to the adjoints of {active}."
            )
        }
        Kind::Gradient => {
            let formulas = formulas(companion);
            format!("The gradient of `{name}` with respect to {active}.{formulas}")
        }
        Kind::GradientInto => {
            format!("The value of `{name}`; overwrites the adjoints of {active} with the gradient.")
        }
        Kind::GradientIntoWith => with_workspace(companion, Kind::GradientInto),
        Kind::ValueAndGradient => {
            format!("The value and the gradient of `{name}` with respect to {active}.")
        }
        Kind::Hvp => format!(
            "The gradient of `{name}` and its derivative along a direction: the Hessian times that direction.\n\n\
             Takes the parameters, then the direction: a tangent of each of {active}."
        ),
        Kind::Hessian => format!("The Hessian of `{name}` with respect to {active}."),
        Kind::ValueGradientHessian => {
            format!("The value, the gradient and the Hessian of `{name}` with respect to {active}.")
        }
        Kind::Jacobian => {
            format!(
                "The Jacobian of `{name}`: a row for each result, a column for each of {active}, flattened."
            )
        }
        Kind::SecondOrder => {
            format!("The gradient of `{name}` and its derivatives along one direction or several.")
        }
        Kind::HiddenForward => format!("The forward sweep of `{name}`."),
        Kind::HiddenReverse => format!("The reverse sweep of `{name}`."),
        Kind::Forward => {
            format!("The forward sweep of `{name}`: what the reverse sweep needs.")
        }
        Kind::Reverse => {
            format!("The reverse sweep of `{name}`: adds to the adjoints.")
        }
        Kind::JvpLanes => {
            format!("The value of `{name}` and its derivatives along one direction or several.")
        }
    }
}

/// The partial derivatives as a block of text, where there are formulas.
fn formulas(companion: &Companion) -> String {
    let Some(formulas) = &companion.formulas else {
        return String::new();
    };
    let lines = companion.active.iter().zip(formulas);
    let lines: Vec<String> = lines
        .map(|((_, parameter), formula)| format!("∂f/∂{} = {formula}", parameter.name))
        .collect();
    format!("\n\n```text\n{}\n```", lines.join("\n"))
}

fn with_workspace(companion: &Companion, kind: Kind) -> String {
    format!(
        "As [`Self::{}`], with buffers that are kept from one call to the next.",
        companion.name(kind)
    )
}

fn active(companion: &Companion) -> String {
    let names: Vec<String> = companion
        .active
        .iter()
        .map(|(_, parameter)| format!("`{}`", parameter.name))
        .collect();
    match &names[..] {
        [] => "nothing".to_owned(),
        [one] => one.clone(),
        [rest @ .., last] => format!("{} and {last}", rest.join(", ")),
    }
}
