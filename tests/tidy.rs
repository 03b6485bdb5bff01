//! The invariants of ARCHITECTURE.md that can be read off the files.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

/// The crates that are published.
const CRATES: [&str; 5] = [
    ".",
    "autodiff-rules",
    "autodiff-compiler",
    "autodiff-macros",
    "autodiff-runtime",
];

/// What each module of the compiler may import of the others. A row that is missing or too short is a failure, and so
/// is one that allows more than is used.
const COMPILER_IMPORTS: [(&str, &[&str]); 19] = [
    ("analysis", &["ir"]),
    ("attr", &["diagnostics"]),
    ("check", &["analysis", "diagnostics", "ir", "lower"]),
    ("derivatives", &["ir"]),
    ("derive_differentiable", &["diagnostics", "emit", "parse"]),
    (
        "differentiate",
        &["analysis", "derivatives", "ir", "simplify"],
    ),
    ("dump", &["derivatives", "ir"]),
    ("emit", &["derivatives", "ir", "signature"]),
    (
        "expand",
        &[
            "attr",
            "diagnostics",
            "differentiate",
            "dump",
            "emit",
            "lower",
            "methods",
            "nesting",
            "parse",
            "signature",
            "strip",
            "simplify",
        ],
    ),
    ("hir", &["attr", "diagnostics", "ir", "parse", "signature"]),
    ("interpret", &["ir"]),
    (
        "lower",
        &[
            "attr",
            "check",
            "diagnostics",
            "hir",
            "ir",
            "parse",
            "rule",
            "signature",
        ],
    ),
    ("methods", &["attr", "parse", "signature"]),
    ("nesting", &["diagnostics"]),
    ("parse", &["attr", "diagnostics", "ir", "signature"]),
    ("rule", &["attr", "diagnostics", "ir", "parse", "signature"]),
    ("signature", &["ir"]),
    ("simplify", &["ir"]),
    ("strip", &[]),
];

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn read(path: &Path) -> String {
    fs::read_to_string(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// All Rust files below `folder`, build output left out.
fn rust_files(folder: &Path, files: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).expect("the folder can be read") {
        let path = entry.expect("the entry can be read").path();
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        if path.is_dir() {
            if name != "target" && !name.starts_with('.') {
                rust_files(&path, files);
            }
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            files.push(path);
        }
    }
}

/// The crates of this workspace among the dependencies of a crate, those of its tests left out.
fn dependencies(folder: &str) -> BTreeSet<String> {
    let manifest = read(&root().join(folder).join("Cargo.toml"));
    let (_, rest) = manifest
        .split_once("\n[dependencies]\n")
        .expect("the manifest has dependencies");
    rest.lines()
        .take_while(|line| !line.starts_with('['))
        .filter(|line| line.starts_with("autodiff"))
        .filter_map(|line| line.split(['.', ' ', '=']).next())
        .map(str::to_owned)
        .collect()
}

#[test]
fn crates_depend_downwards() {
    for (folder, allowed) in [
        (".", &["autodiff-macros", "autodiff-runtime"][..]),
        ("autodiff-macros", &["autodiff-compiler"]),
        ("autodiff-compiler", &["autodiff-rules"]),
        ("autodiff-runtime", &["autodiff-rules"]),
        ("autodiff-rules", &[]),
    ] {
        let allowed: BTreeSet<String> = allowed.iter().map(|&name| name.to_owned()).collect();
        assert_eq!(dependencies(folder), allowed, "{folder}/Cargo.toml");
    }
}

/// The modules that `text` names as `crate::module` or `crate::{module, …}`.
fn imports(text: &str) -> BTreeSet<String> {
    let word = |text: &str| {
        let end = text.find(|c: char| !c.is_alphanumeric() && c != '_');
        text[..end.unwrap_or(text.len())].to_owned()
    };
    let mut found = BTreeSet::new();
    for rest in text.split("crate::").skip(1) {
        match rest.strip_prefix('{') {
            Some(list) => {
                let list = list.split('}').next().unwrap_or_default();
                found.extend(list.split(',').map(|item| word(item.trim())));
            }
            None => {
                found.insert(word(rest));
            }
        }
    }
    found.remove("");
    found
}

#[test]
fn modules_of_the_compiler_import_as_stated() {
    let source = root().join("autodiff-compiler/src");
    for entry in fs::read_dir(&source).expect("the folder can be read") {
        let path = entry.expect("the entry can be read").path();
        let name = path
            .file_stem()
            .unwrap_or_default()
            .to_string_lossy()
            .into_owned();
        let mut files = Vec::new();
        if path.is_dir() {
            rust_files(&path, &mut files);
        } else {
            files.push(path);
        }
        let mut found: BTreeSet<String> =
            files.iter().flat_map(|file| imports(&read(file))).collect();
        found.remove(&name);
        let row = COMPILER_IMPORTS.iter().find(|(module, _)| *module == name);
        let allowed = row.map_or(&[][..], |(_, allowed)| allowed);
        let allowed: BTreeSet<String> = allowed.iter().map(|&module| module.to_owned()).collect();
        assert_eq!(
            found, allowed,
            "what `{name}` imports (left) is not what is stated (right)"
        );
    }
}

#[test]
fn files_are_short() {
    let mut files = Vec::new();
    rust_files(root(), &mut files);
    let long: Vec<String> = files
        .iter()
        .filter(|file| read(file).lines().count() > 500)
        .map(|file| file.display().to_string())
        .collect();
    assert!(long.is_empty(), "files over 500 lines: {long:?}");
}

#[test]
fn crates_state_their_licence_and_forbid_unsafe_code() {
    let workspace = read(&root().join("Cargo.toml"));
    assert!(workspace.contains("license = \"MIT OR Apache-2.0\""));
    assert!(workspace.contains("unsafe_code = \"forbid\""));
    for folder in CRATES {
        let manifest = read(&root().join(folder).join("Cargo.toml"));
        for line in ["license.workspace = true", "rust-version.workspace = true"] {
            assert!(
                manifest.contains(line),
                "{folder}/Cargo.toml lacks `{line}`"
            );
        }
        assert!(
            manifest.contains("[lints]\nworkspace = true"),
            "{folder}/Cargo.toml does not take the lints of the workspace"
        );
    }
}
