//! The derivatives of every operation, against difference quotients.

use std::collections::BTreeSet;
use std::path::Path;

use autodiff::{GradFn, Tensor, gradcheck, gradgradcheck};

use crate::registry::{Case, all};

fn check(
    case: &Case,
    check: impl Fn(&dyn Fn(&[Tensor]) -> Tensor, &[Tensor]) -> Result<(), autodiff::AutogradError>,
) -> Vec<String> {
    let failed = |point: &Vec<Tensor>| {
        let shapes: Vec<&[usize]> = point.iter().map(Tensor::shape).collect();
        check(&case.f, point)
            .err()
            .map(|error| format!("{} at shapes {shapes:?}: {error}", case.name))
    };
    let strided = case
        .points
        .iter()
        .map(|point| point.iter().map(spaced_out).collect());
    let points: Vec<Vec<Tensor>> = case.points.iter().cloned().chain(strided).collect();
    points.iter().filter_map(failed).collect()
}

/// The same elements, with another number ahead of each.
fn spaced_out(x: &Tensor) -> Tensor {
    Tensor::stack(&[&x.full_like(9.0), x], -1).select(-1, 1)
}

#[test]
fn every_operation_passes_gradcheck() {
    let failures: Vec<String> = all()
        .iter()
        .filter(|case| case.order > 0)
        .flat_map(|case| check(case, |f, x| gradcheck(f, x)))
        .collect();
    assert!(failures.is_empty(), "{}", failures.join("\n"));
}

#[test]
fn every_smooth_operation_passes_gradgradcheck() {
    let failures: Vec<String> = all()
        .iter()
        .filter(|case| case.order > 1)
        .flat_map(|case| check(case, |f, x| gradgradcheck(f, x)))
        .collect();
    assert!(failures.is_empty(), "{}", failures.join("\n"));
}

/// The names of all nodes behind a tensor.
fn names(tensor: &Tensor) -> BTreeSet<String> {
    let mut open: Vec<GradFn> = tensor.grad_fn().into_iter().collect();
    let mut names = BTreeSet::new();
    while let Some(function) = open.pop() {
        names.insert(function.name().to_owned());
        open.extend(function.next_functions().into_iter().flatten());
    }
    names
}

/// Every name of a node that stands in the sources.
fn recorded_names() -> BTreeSet<String> {
    let sources = Path::new(env!("CARGO_MANIFEST_DIR")).join("autodiff-runtime/src/tensor");
    let mut names = BTreeSet::new();
    for file in std::fs::read_dir(sources).unwrap() {
        let text = std::fs::read_to_string(file.unwrap().path()).unwrap();
        let quoted = text
            .lines()
            .filter(|line| !line.trim_start().starts_with("//"))
            .flat_map(|line| line.split('"').skip(1).step_by(2));
        names.extend(
            quoted
                .filter(|name| name.ends_with("Backward") || *name == "CopySlices")
                .map(str::to_owned),
        );
    }
    names
}

/// Methods without a derivative to check, with the reason.
const NO_DERIVATIVES: [(&[&str], &str); 7] = [
    (
        &[
            "full_like",
            "zeros_like",
            "ones_like",
            "full",
            "zeros",
            "ones",
            "eye",
            "arange",
            "linspace",
            "rand",
            "randn",
        ],
        "made from no operand",
    ),
    (
        &[
            "logical_not",
            "logical_and",
            "logical_or",
            "logical_xor",
            "to_number",
            "all",
            "any",
            "all_dims",
            "any_dims",
        ],
        "of masks",
    ),
    (&["is_nan", "argmax", "argmin"], "to masks and indices"),
    (&["momentum", "variance"], "of running statistics"),
    (
        &["detach", "require_grad", "grad", "from_vec", "variable"],
        "of the graph itself",
    ),
    (
        &["max_dim", "min_dim", "sort", "topk", "median", "slogdet"],
        "of several results: see the cases of that name",
    ),
    (
        &["t", "at", "contiguous"],
        "another operation by a shorter name",
    ),
];

/// The methods of tensors that return a tensor, as the sources declare them, without those that a macro writes: their
/// nodes are looked for by name.
fn declared_methods() -> BTreeSet<String> {
    let sources = Path::new(env!("CARGO_MANIFEST_DIR")).join("autodiff-runtime/src/tensor");
    let mut methods = BTreeSet::new();
    for file in std::fs::read_dir(sources).unwrap() {
        let text = std::fs::read_to_string(file.unwrap().path()).unwrap();
        for declaration in text.split("\n    pub fn ").skip(1) {
            let signature = declaration.split('{').next().unwrap();
            let (name, rest) = signature.split_once(['(', '<']).unwrap();
            let result = rest.rsplit("->").next().unwrap();
            let returns_tensors = rest.contains("->")
                && (result.contains("Self") || result.contains("Tensor<"))
                && !rest.contains("RunningStatistics<T>) -> Self");
            if returns_tensors && !name.starts_with("try_") && !name.starts_with('$') {
                methods.insert(name.to_owned());
            }
        }
    }
    methods
}

#[test]
fn every_method_has_a_case() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/autograd");
    let cases: String = ["registry.rs", "registry_linear.rs", "both_worlds.rs"]
        .map(|file| std::fs::read_to_string(folder.join(file)).unwrap())
        .concat();
    let covered = |name: &String| {
        // Called, or a name in a list of methods with their points.
        let called = [
            format!(".{name}("),
            format!("::{name}("),
            format!(" {name} "),
        ];
        called.iter().any(|call| cases.contains(call))
    };
    let excused = |name: &String| {
        NO_DERIVATIVES
            .iter()
            .any(|(names, _)| names.contains(&name.as_str()))
    };
    let methods = declared_methods();
    assert!(
        methods.len() > 120,
        "the sources declare methods: {methods:?}"
    );
    let missing: Vec<&String> = methods
        .iter()
        .filter(|name| !covered(name) && !excused(name))
        .collect();
    assert!(
        missing.is_empty(),
        "no case of the registry calls {missing:?}"
    );
}

#[test]
fn every_recorded_operation_has_a_case() {
    let mut covered = BTreeSet::new();
    for case in all() {
        for point in &case.points {
            let tracked: Vec<Tensor> = point.iter().map(|x| x.detach().require_grad()).collect();
            let result = (case.f)(&tracked);
            covered.extend(names(&result));
            // What only backward passes use stands in their graphs.
            if let Ok(gradients) = autodiff::grad_with(
                &[&result],
                &tracked.iter().collect::<Vec<_>>(),
                autodiff::Grad::new()
                    .create_graph(true)
                    .allow_unused(true)
                    .grad_outputs(&[&result.ones_like().require_grad()]),
            ) {
                gradients
                    .iter()
                    .flatten()
                    .for_each(|gradient| covered.extend(names(gradient)));
            }
        }
    }
    let recorded = recorded_names();
    assert!(
        recorded.len() > 30,
        "the sources name their nodes: {recorded:?}"
    );
    let missing: Vec<&String> = recorded.difference(&covered).collect();
    assert!(
        missing.is_empty(),
        "no case of the registry computes {missing:?}"
    );
}
