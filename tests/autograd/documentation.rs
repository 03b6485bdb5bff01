//! That the documentation of tensors shows what it tells of.

use std::path::Path;

/// The public functions of a source file without an example above them. A `try_` form is told of at its plain form.
fn without_example(text: &str) -> Vec<String> {
    let mut documentation = String::new();
    let mut found = Vec::new();
    for line in text.lines().map(str::trim) {
        if line.starts_with("///") {
            documentation.push_str(line);
        } else if !line.starts_with("#[") {
            if let Some(rest) = line.strip_prefix("pub fn ") {
                let name = rest.split(['(', '<']).next().unwrap_or_default();
                if !documentation.contains("```")
                    && !name.starts_with("try_")
                    && !name.starts_with('$')
                {
                    found.push(name.to_owned());
                }
            }
            documentation.clear();
        }
    }
    found
}

#[test]
fn every_operation_is_shown_by_an_example() {
    let sources = Path::new(env!("CARGO_MANIFEST_DIR")).join("autodiff-runtime/src");
    let mut missing = Vec::new();
    for folder in [
        "tensor",
        "optim",
        "autograd",
        "autograd/draw",
        "autograd/lift",
    ] {
        for file in std::fs::read_dir(sources.join(folder)).unwrap() {
            let path = file.unwrap().path();
            if path.is_file() {
                let text = std::fs::read_to_string(&path).unwrap();
                missing.extend(without_example(&text));
            }
        }
    }
    // What a user's function is handed is shown where such a function is.
    let shown = [
        "save_for_backward",
        "save_constant",
        "tensors",
        "needs_input_grad",
        "apply",
    ];
    missing.retain(|name| !shown.contains(&name.as_str()));
    assert!(missing.is_empty(), "no example shows {missing:?}");
}
