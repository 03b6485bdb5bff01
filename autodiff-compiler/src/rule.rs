//! Rules: derivatives that the user gives in the options of the attribute, in place of those of the body.

use quote::ToTokens;
use syn::{ItemFn, ReturnType};

use crate::attr::{Options, Partials};
use crate::diagnostics::{self, Errors};
use crate::ir::{FloatType, ScalarType, Type};
use crate::parse::pretty;
use crate::signature::{Callable, Partial, Passing, Rule, Signature};

/// The rule that the options give, if they give one; the order of the signature becomes what the rule allows.
pub fn read(
    options: &Options,
    item: &ItemFn,
    signature: &mut Signature,
    errors: &Errors,
) -> Option<Rule> {
    let written = [
        ("jvp", &options.jvp),
        ("vjp", &options.vjp),
        ("hvp", &options.hvp),
    ];
    let mut given = written
        .iter()
        .filter_map(|(name, path)| Some((*name, path.as_ref()?)));
    if let Some(partials) = &options.partials {
        for (name, path) in given {
            errors.with(path, &diagnostics::RULE_MIXED, &[name]);
        }
        return Some(of_partials(options, partials, item, signature, errors));
    }
    if let (Some(jvp), Some(vjp)) = (&options.jvp, &options.vjp) {
        let (jvp, vjp, hvp) = (jvp.clone(), vjp.clone(), options.hvp.clone());
        of_functions(options, signature, errors);
        return Some(Rule::Written { jvp, vjp, hvp });
    }
    let (name, path) = given.next()?;
    errors.with(path, &diagnostics::RULE_INCOMPLETE, &[name]);
    None
}

/// Partial derivatives: one for each active parameter of a function of scalars.
fn of_partials(
    options: &Options,
    partials: &Partials,
    item: &ItemFn,
    signature: &Signature,
    errors: &Errors,
) -> Rule {
    let active = || {
        let parameters = signature.parameters.iter();
        parameters.filter(|parameter| parameter.active)
    };
    let (wanted, found) = (active().count(), partials.functions.len());
    if wanted != found {
        let names: Vec<String> = active()
            .map(|parameter| format!("`{}`", parameter.name))
            .collect();
        errors.with(
            &partials.written,
            &diagnostics::PARTIALS_COUNT,
            &[
                &counted(found, "partial derivative is", "partial derivatives are"),
                &counted(wanted, "active parameter", "active parameters"),
                &names.join(", "),
            ],
        );
    }
    let float = signature
        .result
        .as_ref()
        .and_then(|result| float(&result.ty));
    if float.is_none() {
        let result = match &item.sig.output {
            ReturnType::Type(_, ty) => ty.to_token_stream(),
            ReturnType::Default => item.sig.ident.to_token_stream(),
        };
        errors.with(result, &diagnostics::PARTIALS_SCALAR, &["the result"]);
    }
    for parameter in active() {
        let fits = parameter
            .ty
            .as_ref()
            .and_then(self::float)
            .is_some_and(|own| {
                parameter.passing != Passing::Mutable && float.is_none_or(|float| *float == *own)
            });
        if !fits {
            errors.with(
                &parameter.declared,
                &diagnostics::PARTIALS_SCALAR,
                &[&format!("`{}`", parameter.name)],
            );
        }
    }
    let functions = partials.functions.iter();
    Rule::Partials(
        functions
            .map(|function| Partial {
                function: function.clone(),
                companion: options.companion_of(function),
            })
            .collect(),
    )
}

fn counted(count: usize, one: &str, several: &str) -> String {
    format!("{count} {}", if count == 1 { one } else { several })
}

/// The floating-point type of a scalar.
fn float(ty: &Type) -> Option<&FloatType> {
    match ty {
        Type::Scalar(ScalarType::Float(float)) => Some(float),
        _ => None,
    }
}

/// Functions of the companion that the user wrote.
fn of_functions(options: &Options, signature: &mut Signature, errors: &Errors) {
    let mut parameters = signature.parameters.iter();
    let in_out =
        parameters.any(|parameter| parameter.active && parameter.passing == Passing::Mutable);
    let result = signature.result.as_ref();
    let has_gradient = !in_out && result.and_then(|result| float(&result.ty)).is_some();
    match (&options.hvp, &options.written_order) {
        (Some(hvp), _) if !has_gradient => errors.at(hvp, &diagnostics::RULE_HVP),
        (Some(_), Some(order)) if options.order == 1 => {
            errors.at(order, &diagnostics::RULE_ORDER);
        }
        (None, Some(order)) if options.order == 2 && has_gradient => {
            errors.at(order, &diagnostics::RULE_ORDER);
        }
        _ => {}
    }
    if !in_out {
        check_repeatable(signature, errors);
    }
    // Nothing else has second derivatives, whatever the default is.
    signature.order = if options.hvp.is_some() { 2 } else { 1 };
}

/// A pullback calls the user's function once for each cotangent: with what may change each time it cannot.
fn check_repeatable(signature: &Signature, errors: &Errors) {
    for parameter in &signature.parameters {
        if parameter.passing == Passing::Mutable || parameter.callable == Some(Callable::Mutable) {
            errors.with(
                &parameter.declared,
                &diagnostics::RULE_PARAMETER,
                &[&pretty(parameter.declared.to_token_stream())],
            );
        }
    }
}
