//! That each of the 130 behaviours is a test named by its row: of `tests/autograd`, or, where Rust's form of it is that
//! it does not compile, a case of `tests/ui/tensors` with the compiler's message.

use std::collections::BTreeMap;
use std::path::Path;

fn files(folder: &str) -> impl Iterator<Item = std::path::PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join(folder);
    let entries = std::fs::read_dir(folder).unwrap();
    entries.map(|entry| entry.unwrap().path())
}

fn tests() -> BTreeMap<usize, Vec<String>> {
    let mut names = Vec::new();
    for file in files("tests/autograd") {
        let text = std::fs::read_to_string(file).unwrap();
        let tests = text.lines().filter_map(|line| line.strip_prefix("fn row_"));
        names.extend(tests.map(str::to_owned));
    }
    for file in files("tests/ui/tensors").filter(|file| file.with_extension("stderr").exists()) {
        if file.extension().is_some_and(|extension| extension == "rs") {
            let name = file.file_name().unwrap_or_default().to_string_lossy();
            names.extend(name.strip_prefix("row_").map(str::to_owned));
        }
    }
    let mut tests: BTreeMap<usize, Vec<String>> = BTreeMap::new();
    for name in names {
        let row = name[..3]
            .parse()
            .expect("the name of a row's test starts with its number");
        tests.entry(row).or_default().push(name);
    }
    tests
}

#[test]
fn each_of_the_130_rows_is_a_test() {
    let tests = tests();
    for row in 1..=130 {
        let found = tests.get(&row).map_or(&[][..], Vec::as_slice);
        assert_eq!(found.len(), 1, "row {row} has the tests {found:?}");
    }
    assert!(tests.keys().all(|row| (1..=130).contains(row)));
}
