//! Runs every derivative function of one primal at one point, and checks on the way that it computes the primal too.

use autodiff_compiler::derivatives::Derivatives;
use autodiff_compiler::interpret::{Datum, Outcome, Panic, Settings};
use autodiff_compiler::ir::{Binding, Function, Origin, Output, Role};

use super::arguments::{Inputs, Random};

/// One primal function at one point, with the directions and cotangents of all its derivatives.
pub struct Case<'a> {
    /// Where the case stands, for messages.
    pub name: String,
    /// The function.
    pub primal: &'a Function,
    /// What the run depends on besides the arguments.
    pub settings: &'a Settings,
    /// The point.
    pub arguments: Vec<Datum>,
    /// What the primal does there.
    pub outcome: Result<Outcome, Panic>,
    /// For each of two directions, the numbers for each parameter.
    pub directions: Vec<Vec<Vec<f64>>>,
    /// The cotangent of the result.
    pub cotangent: Vec<f64>,
    /// For each parameter, the numbers in its adjoint place on entry.
    pub adjoints: Vec<Vec<f64>>,
}

/// Numbers under a name that says which function they are from.
pub type Labelled = (String, Vec<f64>);

/// Why a derivative function is wrong.
pub type Fault = String;

impl<'a> Case<'a> {
    /// Runs the primal and draws directions.
    pub fn new(
        primal: &'a Function,
        settings: &'a Settings,
        arguments: Vec<Datum>,
        name: &str,
        seed: &str,
    ) -> Self {
        let outcome = settings.run(primal, arguments.clone());
        let mut random = Random::of(seed);
        let mut per_parameter = || {
            let numbers =
                |argument: &Datum| argument.floats().iter().map(|_| random.number()).collect();
            arguments.iter().map(numbers).collect::<Vec<Vec<f64>>>()
        };
        let directions = vec![per_parameter(), per_parameter()];
        let adjoints = per_parameter();
        let cotangent = match &outcome {
            Ok(outcome) => outcome
                .output
                .floats()
                .iter()
                .map(|_| random.number())
                .collect(),
            // Where the function panics, its result is scalar or nothing.
            Err(_) => vec![1.0],
        };
        Self {
            name: name.to_owned(),
            primal,
            settings,
            arguments,
            outcome,
            directions,
            cotangent,
            adjoints,
        }
    }

    /// The positions of the parameters that are differentiated.
    pub fn active(&self) -> Vec<usize> {
        let active = |(i, parameter): (usize, &autodiff_compiler::ir::Parameter)| {
            parameter.active.then_some(i)
        };
        self.primal
            .parameters
            .iter()
            .enumerate()
            .filter_map(active)
            .collect()
    }

    /// Whether a parameter is both input and output.
    pub fn is_in_out(&self, position: usize) -> bool {
        matches!(self.primal.parameters[position].binding,
            Binding::Memory(memory) if self.primal.memories[memory].origin == Origin::Mutable)
    }

    fn result(&self) -> &Datum {
        self.outcome
            .as_ref()
            .map_or(&Datum::Unit, |outcome| &outcome.output)
    }

    fn run(&self, label: &str, function: &Function, inputs: &Inputs<'_>) -> Result<Outcome, Fault> {
        let settings = Settings {
            lanes: inputs.lanes,
            ..self.settings.clone()
        };
        let found = settings.run(function, inputs.arguments(function));
        match (&self.outcome, found) {
            (Ok(primal), Ok(outcome)) if primal.effects != outcome.effects => {
                let (found, wanted) = (&outcome.effects, &primal.effects);
                Err(format!(
                    "{label} has the effects {found:?} where the primal has {wanted:?}"
                ))
            }
            (Ok(primal), Ok(outcome)) => {
                for (parameter, argument) in function.parameters.iter().zip(&outcome.arguments) {
                    if let Role::Primal(i) = parameter.role
                        && self.is_in_out(i)
                        && !argument.same(&primal.arguments[i])
                    {
                        return Err(format!(
                            "{label} leaves {argument:?} for {:?}",
                            primal.arguments[i]
                        ));
                    }
                }
                Ok(outcome)
            }
            (Err(primal), Err(panic)) if *primal == panic => Err(SAME_PANIC.to_owned()),
            (Ok(_), Err(panic)) => Err(format!("{label}: {panic}\n{function}")),
            (Err(primal), Err(panic)) => Err(format!("{label}: {panic} where the primal {primal}")),
            (Err(primal), Ok(_)) => Err(format!(
                "{label} comes to its end where the primal {primal}"
            )),
        }
    }

    fn same_as_primal(&self, label: &str, value: &Datum) -> Result<(), Fault> {
        if value.same(self.result()) {
            Ok(())
        } else {
            Err(format!(
                "{label} computes {value:?} where the primal is {:?}",
                self.result()
            ))
        }
    }

    fn no_inputs(&self) -> Inputs<'_> {
        Inputs {
            primal: &self.arguments,
            result: self.result(),
            direction: &|_| Vec::new(),
            adjoint: &|_| Vec::new(),
            cotangent: &[],
            lanes: 1,
        }
    }

    /// The tangents of the result and of what in-out parameters end as.
    pub fn jvp(&self, function: &Function, direction: &[Vec<f64>]) -> Result<Vec<f64>, Fault> {
        let numbers = |i: usize| direction[i].clone();
        let outcome = self.run(
            "jvp",
            function,
            &Inputs {
                direction: &numbers,
                ..self.no_inputs()
            },
        )?;
        let mut tangents = match (&self.primal.output, outcome.output) {
            (Output::Unit, value) => {
                self.same_as_primal("jvp", &value)?;
                Vec::new()
            }
            (_, Datum::Tuple(parts)) if parts.len() == 2 => {
                self.same_as_primal("jvp", &parts[0])?;
                parts[1].floats()
            }
            (_, other) => return Err(format!("jvp returns {other:?}")),
        };
        for (parameter, argument) in function.parameters.iter().zip(&outcome.arguments) {
            if matches!(parameter.role, Role::Direction(i) if self.is_in_out(i)) {
                tangents.extend(argument.floats());
            }
        }
        Ok(tangents)
    }

    /// For each active parameter, what is in its adjoint place at the end.
    pub fn vjp_into(
        &self,
        function: &Function,
        cotangent: &[f64],
        adjoints: &[Vec<f64>],
    ) -> Result<Vec<Vec<f64>>, Fault> {
        let numbers = |i: usize| adjoints[i].clone();
        let inputs = Inputs {
            adjoint: &numbers,
            cotangent,
            ..self.no_inputs()
        };
        let outcome = self.run("vjp_into", function, &inputs)?;
        self.same_as_primal("vjp_into", &outcome.output)?;
        let adjoint = |position: usize| {
            let found = function
                .parameters
                .iter()
                .position(|p| p.role == Role::Adjoint(position));
            found
                .map(|i| outcome.arguments[i].floats())
                .ok_or_else(|| format!("vjp_into has no adjoint of parameter {position}"))
        };
        self.active().into_iter().map(adjoint).collect()
    }

    /// The adjoints on entry that make the dot-product test: the cotangents of in-out parameters, zero elsewhere.
    pub fn plain_adjoints(&self) -> Vec<Vec<f64>> {
        let adjoints = self.adjoints.iter().enumerate();
        adjoints
            .map(|(i, numbers)| {
                if self.is_in_out(i) {
                    numbers.clone()
                } else {
                    vec![0.0; numbers.len()]
                }
            })
            .collect()
    }

    /// The adjoints that a function returns which takes nothing but the primal's parameters.
    pub fn gradient(&self, function: &Function) -> Result<Vec<f64>, Fault> {
        self.run("gradient", function, &self.no_inputs())
            .map(|outcome| outcome.output.floats())
    }

    /// The adjoints beside the value.
    pub fn value_and_gradient(&self, function: &Function) -> Result<Vec<f64>, Fault> {
        let [value, gradient] = self.parts("value_and_gradient", function, &self.no_inputs())?;
        self.same_as_primal("value_and_gradient", &value)?;
        Ok(gradient.floats())
    }

    /// Both sweeps as one function, along the first direction: the adjoints added to zero, the tangent of the result and
    /// the tangents of the adjoints. The last two are empty where no tangents go along.
    pub fn sweeps(
        &self,
        derivatives: &Derivatives,
        cotangent: &[f64],
    ) -> Result<[Vec<f64>; 3], Fault> {
        let function = &derivatives.both_sweeps;
        let numbers = |i: usize| self.directions[0][i].clone();
        let adjoints = self.plain_adjoints();
        let start = |i: usize| adjoints[i].clone();
        let inputs = Inputs {
            direction: &numbers,
            adjoint: &start,
            cotangent,
            ..self.no_inputs()
        };
        let outcome = self.run("both sweeps", function, &inputs)?;
        let mut tangent = Vec::new();
        match (outcome.output, derivatives.pair_has_directions) {
            (Datum::Tuple(mut parts), true) if self.primal.output != Output::Unit => {
                tangent = parts
                    .pop()
                    .map_or_else(Vec::new, |tangent| tangent.floats());
                self.same_as_primal("both sweeps", &parts[0])?;
            }
            (value, _) => self.same_as_primal("both sweeps", &value)?,
        }
        let ends = |role: fn(usize) -> Role| {
            let found = self.active().into_iter().filter_map(|position| {
                let is =
                    |parameter: &autodiff_compiler::ir::Parameter| parameter.role == role(position);
                function.parameters.iter().position(is)
            });
            found
                .flat_map(|i| outcome.arguments[i].floats())
                .collect::<Vec<f64>>()
        };
        Ok([ends(Role::Adjoint), tangent, ends(Role::AdjointDirection)])
    }

    /// The gradient, and its derivative along each direction.
    pub fn second_order(
        &self,
        function: &Function,
        directions: &[Vec<Vec<f64>>],
    ) -> Result<(Vec<f64>, Vec<Vec<f64>>), Fault> {
        let numbers = |i: usize| interleaved(directions, i);
        let inputs = Inputs {
            direction: &numbers,
            lanes: directions.len(),
            ..self.no_inputs()
        };
        let [gradient, products] = self.parts("second_order", function, &inputs)?;
        Ok((
            gradient.floats(),
            separated(&products.floats(), directions.len()),
        ))
    }

    /// The tangents of the result along each direction.
    pub fn jvp_lanes(
        &self,
        function: &Function,
        directions: &[Vec<Vec<f64>>],
    ) -> Result<Vec<Vec<f64>>, Fault> {
        let numbers = |i: usize| interleaved(directions, i);
        let inputs = Inputs {
            direction: &numbers,
            lanes: directions.len(),
            ..self.no_inputs()
        };
        let outcome = self.run("jvp_lanes", function, &inputs)?;
        let mut tangents = match (&self.primal.output, outcome.output) {
            (Output::Unit, value) => {
                self.same_as_primal("jvp_lanes", &value)?;
                Vec::new()
            }
            (_, Datum::Tuple(parts)) if parts.len() == 2 => {
                self.same_as_primal("jvp_lanes", &parts[0])?;
                parts[1].floats()
            }
            (_, other) => return Err(format!("jvp_lanes returns {other:?}")),
        };
        for (parameter, argument) in function.parameters.iter().zip(&outcome.arguments) {
            if matches!(parameter.role, Role::Direction(i) if self.is_in_out(i)) {
                tangents.extend(argument.floats());
            }
        }
        Ok(separated(&tangents, directions.len()))
    }

    /// The gradient and the rows of the Hessian, one after the other.
    pub fn symbolic_hessian(&self, function: &Function) -> Result<(Vec<f64>, Vec<f64>), Fault> {
        let [value, gradient, rows] =
            self.parts("symbolic_hessian", function, &self.no_inputs())?;
        self.same_as_primal("symbolic_hessian", &value)?;
        Ok((gradient.floats(), rows.floats()))
    }

    fn parts<const N: usize>(
        &self,
        label: &str,
        function: &Function,
        inputs: &Inputs<'_>,
    ) -> Result<[Datum; N], Fault> {
        match self.run(label, function, inputs)?.output {
            Datum::Tuple(parts) => parts
                .try_into()
                .map_err(|parts| format!("{label} returns {parts:?}")),
            other => Err(format!("{label} returns {other:?}")),
        }
    }

    /// The results of all derivative functions, in a fixed order.
    pub fn all(&self, derivatives: &Derivatives) -> Result<Vec<Labelled>, Fault> {
        let mut values = Vec::new();
        let mut add = |label: &str, numbers: Vec<f64>| values.push((label.to_owned(), numbers));
        for (label, direction) in ["the first jvp", "the second jvp"]
            .into_iter()
            .zip(&self.directions)
        {
            add(label, self.jvp(&derivatives.jvp, direction)?);
        }
        add(
            "vjp_into",
            self.vjp_into(&derivatives.vjp_into, &self.cotangent, &self.adjoints)?
                .concat(),
        );
        if let Some(function) = &derivatives.gradient {
            add("gradient", self.gradient(function)?);
        }
        if let Some(function) = &derivatives.value_and_gradient {
            add("value_and_gradient", self.value_and_gradient(function)?);
        }
        let [adjoints, tangent, tangents] = self.sweeps(derivatives, &self.cotangent)?;
        add("both sweeps", adjoints);
        add("the tangent of both sweeps", tangent);
        add("the tangents of both sweeps", tangents);
        if let Some(function) = &derivatives.second_order {
            let (gradient, products) = self.second_order(function, &self.directions)?;
            add("the gradient of second_order", gradient);
            add("second_order", products.concat());
        }
        if let Some(function) = &derivatives.symbolic_hessian {
            let (gradient, rows) = self.symbolic_hessian(function)?;
            add("the gradient of symbolic_hessian", gradient);
            add("symbolic_hessian", rows);
        }
        if let Some(function) = &derivatives.jvp_lanes {
            add(
                "jvp_lanes",
                self.jvp_lanes(function, &self.directions)?.concat(),
            );
        }
        Ok(values)
    }
}

/// What a run comes to that ends in the panic of the primal: no fault.
pub const SAME_PANIC: &str = "the panic of the primal";

/// Every function of a set of derivatives, with its name.
pub fn functions(derivatives: &Derivatives) -> Vec<(&'static str, Function)> {
    let mut functions = vec![
        ("jvp", derivatives.jvp.clone()),
        ("vjp_into", derivatives.vjp_into.clone()),
    ];
    let mut add =
        |name, function: &Option<Function>| functions.extend(function.clone().map(|f| (name, f)));
    add("gradient", &derivatives.gradient);
    add("value_and_gradient", &derivatives.value_and_gradient);
    add("both sweeps", &Some(derivatives.both_sweeps.clone()));
    add("forward", &Some(derivatives.pair.forward.clone()));
    add("reverse", &Some(derivatives.pair.reverse.clone()));
    add("second_order", &derivatives.second_order);
    add("symbolic_hessian", &derivatives.symbolic_hessian);
    add("jvp_lanes", &derivatives.jvp_lanes);
    functions
}

/// The numbers of one parameter, for each float the lanes one after the other.
fn interleaved(directions: &[Vec<Vec<f64>>], parameter: usize) -> Vec<f64> {
    let floats = directions
        .first()
        .map_or(0, |direction| direction[parameter].len());
    (0..floats)
        .flat_map(|float| {
            directions
                .iter()
                .map(move |direction| direction[parameter][float])
        })
        .collect()
}

/// The inverse of [`interleaved`].
fn separated(numbers: &[f64], lanes: usize) -> Vec<Vec<f64>> {
    (0..lanes)
        .map(|lane| numbers.iter().skip(lane).step_by(lanes).copied().collect())
        .collect()
}
