//! What is true of the derivatives of any function.

use autodiff_compiler::derivatives::Derivatives;
use autodiff_compiler::interpret::Datum;
use autodiff_compiler::ir::{FloatType, Function, ScalarType};

use super::derivative_values::{Case, Fault, Labelled, SAME_PANIC};
use super::differences::near;
use super::sweeps::sweeps_agree;

/// How closely numbers agree.
#[derive(Clone, Copy, Debug)]
pub struct Tolerances {
    /// Two ways to compute the same derivative.
    pub exact: f64,
    /// A derivative and a finite difference.
    pub differences: f64,
    /// The step of the finite difference.
    pub step: f64,
    /// Whether the function may jump at the point, so that its differences say nothing.
    pub jumps: bool,
}

impl Tolerances {
    /// Those of a function, which are wide where it computes with `f32`.
    pub fn of(function: &Function, exact: Option<f64>) -> Self {
        let single = ScalarType::Float(FloatType::F32);
        let values = function.values.iter().any(|(_, info)| info.ty == single);
        let memories = function
            .memories
            .iter()
            .any(|(_, info)| info.ty.to_string().contains("f32"));
        if values || memories {
            Self {
                exact: exact.unwrap_or(1e-5),
                differences: 5e-3,
                step: 0.02,
                jumps: false,
            }
        } else {
            Self {
                exact: exact.unwrap_or(1e-12),
                differences: 1e-7,
                step: 1e-4,
                jumps: false,
            }
        }
    }
}

/// Numbers below this may be what rounding leaves of larger ones that cancel.
pub const ROUNDING_SCALE: f64 = 1e-3;

/// Every property, for the derivative functions with all passes; returns what they computed.
pub fn properties(
    case: &Case<'_>,
    derivatives: &Derivatives,
    tolerances: Tolerances,
) -> Result<Vec<Labelled>, Fault> {
    match all_properties(case, derivatives, tolerances) {
        Err(fault) if fault == SAME_PANIC => {
            panics_everywhere(case, derivatives).map(|()| Vec::new())
        }
        other => other,
    }
}

/// Where the primal panics, every derivative function does, with the same message.
fn panics_everywhere(case: &Case<'_>, derivatives: &Derivatives) -> Result<(), Fault> {
    let zeros: Vec<Vec<f64>> = case.plain_adjoints();
    let mut ends = vec![
        case.jvp(&derivatives.jvp, &zeros).map(|_| ()),
        case.vjp_into(&derivatives.vjp_into, &case.cotangent, &zeros)
            .map(|_| ()),
    ];
    ends.extend(
        derivatives
            .gradient
            .as_ref()
            .map(|function| case.gradient(function).map(|_| ())),
    );
    ends.extend(
        derivatives
            .value_and_gradient
            .as_ref()
            .map(|f| case.value_and_gradient(f).map(|_| ())),
    );
    ends.extend(
        derivatives
            .second_order
            .as_ref()
            .map(|f| case.second_order(f, &case.directions).map(|_| ())),
    );
    ends.extend(
        derivatives
            .symbolic_hessian
            .as_ref()
            .map(|f| case.symbolic_hessian(f).map(|_| ())),
    );
    ends.extend(
        derivatives
            .jvp_lanes
            .as_ref()
            .map(|f| case.jvp_lanes(f, &case.directions).map(|_| ())),
    );
    let faults: Vec<Fault> = ends
        .into_iter()
        .filter_map(Result::err)
        .filter(|fault| fault != SAME_PANIC)
        .collect();
    if faults.is_empty() {
        Ok(())
    } else {
        Err(faults.join("; "))
    }
}

fn all_properties(
    case: &Case<'_>,
    derivatives: &Derivatives,
    tolerances: Tolerances,
) -> Result<Vec<Labelled>, Fault> {
    let values = case.all(derivatives)?;
    let plain = case.vjp_into(
        &derivatives.vjp_into,
        &case.cotangent,
        &case.plain_adjoints(),
    )?;
    dot_products(case, derivatives, &plain, tolerances)?;
    adds_to_the_adjoints(case, derivatives, &plain, tolerances)?;
    differences_of_the_value(case, derivatives, tolerances)?;
    sweeps_agree(case, derivatives, &plain, tolerances)?;
    if let Some(function) = &derivatives.gradient {
        let gradient = case.gradient(function)?;
        let seeded = case.vjp_into(&derivatives.vjp_into, &[1.0], &case.plain_adjoints())?;
        close(
            "gradient",
            &gradient,
            "vjp_into with cotangent 1",
            &seeded.concat(),
            tolerances.exact,
        )?;
        if let Some(both) = &derivatives.value_and_gradient {
            close(
                "value_and_gradient",
                &case.value_and_gradient(both)?,
                "gradient",
                &gradient,
                tolerances.exact,
            )?;
        }
        if let Some(second) = &derivatives.second_order {
            second_order(case, function, second, tolerances)?;
            if let Some(hessian) = &derivatives.symbolic_hessian {
                whole_hessian(case, &gradient, second, hessian, tolerances)?;
            }
        }
    }
    if let Some(function) = &derivatives.jvp_lanes {
        let lanes = case.jvp_lanes(function, &case.directions)?;
        for (lane, direction) in lanes.iter().zip(&case.directions) {
            close(
                "jvp_lanes",
                lane,
                "jvp",
                &case.jvp(&derivatives.jvp, direction)?,
                tolerances.exact,
            )?;
        }
    }
    Ok(values)
}

/// ⟨J·v, w⟩ = ⟨v, Jᵀ·w⟩.
fn dot_products(
    case: &Case<'_>,
    derivatives: &Derivatives,
    adjoints: &[Vec<f64>],
    tolerances: Tolerances,
) -> Result<(), Fault> {
    let mut cotangents = case.cotangent.clone();
    for position in case.active() {
        if case.is_in_out(position) {
            cotangents.extend(&case.adjoints[position]);
        }
    }
    for direction in &case.directions {
        let tangents = case.jvp(&derivatives.jvp, direction)?;
        let along: Vec<f64> = case
            .active()
            .into_iter()
            .flat_map(|i| direction[i].clone())
            .collect();
        if tangents.len() != cotangents.len() {
            return Err(format!(
                "jvp gives {} tangents of {} results",
                tangents.len(),
                cotangents.len()
            ));
        }
        let (forward, forward_size) = dot(&tangents, &cotangents);
        let (reverse, reverse_size) = dot(&along, &adjoints.concat());
        let size = forward_size.max(reverse_size).max(ROUNDING_SCALE);
        if !agrees(forward, reverse, tolerances.exact * size) {
            return Err(format!(
                "⟨Jv, w⟩ = {forward:?}, ⟨v, Jᵀw⟩ = {reverse:?}: jvp {tangents:?}, vjp {adjoints:?}"
            ));
        }
    }
    Ok(())
}

/// A dot product, and the sum of its terms' magnitudes.
fn dot(a: &[f64], b: &[f64]) -> (f64, f64) {
    let terms = || a.iter().zip(b).map(|(a, b)| a * b);
    (terms().sum(), terms().map(f64::abs).sum())
}

fn adds_to_the_adjoints(
    case: &Case<'_>,
    derivatives: &Derivatives,
    plain: &[Vec<f64>],
    tolerances: Tolerances,
) -> Result<(), Fault> {
    let found = case.vjp_into(&derivatives.vjp_into, &case.cotangent, &case.adjoints)?;
    let wanted = case
        .active()
        .into_iter()
        .zip(plain)
        .map(|(position, adjoint)| {
            let before = if case.is_in_out(position) {
                &vec![0.0; adjoint.len()]
            } else {
                &case.adjoints[position]
            };
            adjoint
                .iter()
                .zip(before)
                .map(|(a, b)| a + b)
                .collect::<Vec<f64>>()
        });
    let wanted: Vec<Vec<f64>> = wanted.collect();
    close(
        "vjp_into",
        &found.concat(),
        "the adjoints before plus the gradient",
        &wanted.concat(),
        tolerances.exact,
    )
}

fn differences_of_the_value(
    case: &Case<'_>,
    derivatives: &Derivatives,
    tolerances: Tolerances,
) -> Result<(), Fault> {
    for direction in &case.directions {
        let tangents = case.jvp(&derivatives.jvp, direction)?;
        near("jvp", &tangents, tolerances, |step| {
            let outcome = case.settings.run(case.primal, moved(case, direction, step));
            let outcome =
                outcome.map_err(|panic| format!("beside the point, the primal {panic}"))?;
            let mut values = outcome.output.floats();
            for position in case.active() {
                if case.is_in_out(position) {
                    values.extend(outcome.arguments[position].floats());
                }
            }
            Ok(values)
        })?;
    }
    Ok(())
}

fn second_order(
    case: &Case<'_>,
    gradient: &Function,
    second: &Function,
    tolerances: Tolerances,
) -> Result<(), Fault> {
    let (beside, products) = case.second_order(second, &case.directions)?;
    close(
        "the gradient of second_order",
        &beside,
        "gradient",
        &case.gradient(gradient)?,
        tolerances.exact,
    )?;
    let active = case.active();
    let along = |direction: &[Vec<f64>]| {
        active
            .iter()
            .flat_map(|&i| direction[i].clone())
            .collect::<Vec<f64>>()
    };
    let (one, one_size) = dot(&along(&case.directions[1]), &products[0]);
    let (other, other_size) = dot(&along(&case.directions[0]), &products[1]);
    if !agrees(
        one,
        other,
        10.0 * tolerances.exact * one_size.max(other_size).max(ROUNDING_SCALE),
    ) {
        return Err(format!(
            "the Hessian is not symmetric: {one:?} and {other:?}"
        ));
    }
    for (product, direction) in products.iter().zip(&case.directions) {
        near("second_order", product, tolerances, |step| {
            let outcome = case.settings.run(gradient, moved(case, direction, step));
            outcome
                .map(|outcome| outcome.output.floats())
                .map_err(|panic| format!("beside the point: {panic}"))
        })?;
    }
    Ok(())
}

/// The Hessian is what `second_order` gives along the unit vectors.
fn whole_hessian(
    case: &Case<'_>,
    gradient: &[f64],
    second: &Function,
    hessian: &Function,
    tolerances: Tolerances,
) -> Result<(), Fault> {
    let zeros: Vec<Vec<f64>> = case
        .arguments
        .iter()
        .map(|argument| vec![0.0; argument.floats().len()])
        .collect();
    let units: Vec<Vec<Vec<f64>>> = case
        .active()
        .into_iter()
        .flat_map(|position| (0..zeros[position].len()).map(move |float| (position, float)))
        .map(|(position, float)| {
            let mut unit = zeros.clone();
            unit[position][float] = 1.0;
            unit
        })
        .collect();
    let (_, columns) = case.second_order(second, &units)?;
    let (beside, rows) = case.symbolic_hessian(hessian)?;
    close(
        "the gradient of symbolic_hessian",
        &beside,
        "gradient",
        gradient,
        tolerances.exact,
    )?;
    // The matrix is symmetric, so that columns are rows.
    close(
        "symbolic_hessian",
        &rows,
        "second_order",
        &columns.concat(),
        10.0 * tolerances.exact,
    )
}

/// The arguments, moved along a direction.
fn moved(case: &Case<'_>, direction: &[Vec<f64>], step: f64) -> Vec<Datum> {
    let active = case.active();
    let arguments = case.arguments.iter().enumerate().map(|(i, argument)| {
        if !active.contains(&i) {
            return argument.clone();
        }
        let mut numbers = direction[i].iter();
        argument.map_floats(&mut |float| {
            float + step * numbers.next().expect("a number for each float")
        })
    });
    arguments.collect()
}

/// Whether two ways to compute the same numbers agree, relative to the largest of them.
pub fn close(
    label: &str,
    found: &[f64],
    other: &str,
    wanted: &[f64],
    tolerance: f64,
) -> Result<(), Fault> {
    let scale = found
        .iter()
        .chain(wanted)
        .map(|number| number.abs())
        .filter(|number| number.is_finite());
    let scale = scale.fold(ROUNDING_SCALE, f64::max);
    let same = found.len() == wanted.len()
        && found
            .iter()
            .zip(wanted)
            .all(|(found, wanted)| agrees(*found, *wanted, tolerance * scale));
    if same {
        Ok(())
    } else {
        Err(format!("{label} gives {found:?}, {other} {wanted:?}"))
    }
}

/// Whether two numbers agree; two that are not numbers do.
pub fn agrees(a: f64, b: f64, tolerance: f64) -> bool {
    a == b || (a.is_nan() && b.is_nan()) || (a - b).abs() <= tolerance
}

/// Whether another set of passes leaves the same numbers, in the functions that both sets have.
pub fn same_values(
    found: &[Labelled],
    wanted: &[Labelled],
    tolerances: Tolerances,
) -> Result<(), Fault> {
    for (label, found) in found {
        if let Some((_, wanted)) = wanted.iter().find(|(other, _)| other == label) {
            close(
                label,
                found,
                "with all passes",
                wanted,
                10.0 * tolerances.exact,
            )?;
        }
    }
    Ok(())
}

/// That forward and reverse mode agree, and that no pass matters, at a point where the function may have a kink or a
/// pole. Poles are passed over: what is infinite in one mode may be no number in the other.
pub fn agreement(
    case: &Case<'_>,
    full: &Derivatives,
    plain: &Derivatives,
    tolerances: Tolerances,
) -> Result<(), Fault> {
    match (case.all(full), case.all(plain)) {
        (Err(a), Err(b)) if a == SAME_PANIC && b == SAME_PANIC => panics_everywhere(case, full),
        (Err(fault), _) => Err(fault),
        (_, Err(fault)) => Err(format!("without passes, {fault}")),
        (Ok(values), Ok(plain)) => {
            if values
                .iter()
                .chain(&plain)
                .any(|(_, numbers)| numbers.iter().any(|number| !number.is_finite()))
            {
                return Ok(());
            }
            same_values(&plain, &values, tolerances)?;
            let adjoints =
                case.vjp_into(&full.vjp_into, &case.cotangent, &case.plain_adjoints())?;
            dot_products(case, full, &adjoints, tolerances)
        }
    }
}

/// Whether the gradient is what a convention says, exactly, by whichever function it is computed.
pub fn gradient_is(
    case: &Case<'_>,
    derivatives: &Derivatives,
    wanted: &[f64],
) -> Result<(), Fault> {
    let mut found = vec![(
        "vjp_into with cotangent 1",
        case.vjp_into(&derivatives.vjp_into, &[1.0], &case.plain_adjoints())?
            .concat(),
    )];
    if let Some(function) = &derivatives.gradient {
        found.push(("gradient", case.gradient(function)?));
    }
    if let Some(function) = &derivatives.value_and_gradient {
        found.push(("value_and_gradient", case.value_and_gradient(function)?));
    }
    if let Some(function) = &derivatives.second_order {
        found.push((
            "second_order",
            case.second_order(function, &case.directions)?.0,
        ));
    }
    if let Some(function) = &derivatives.symbolic_hessian {
        found.push(("symbolic_hessian", case.symbolic_hessian(function)?.0));
    }
    found
        .iter()
        .try_for_each(|(label, found)| close(label, found, "the convention", wanted, 0.0))
}
