//! That each of the 130 behaviours is a test named by its row, or has no sense in Rust for a reason given here.

use std::collections::BTreeMap;
use std::path::Path;

/// Behaviours of Python or PyTorch that have no counterpart, with the reason.
const NOT_IN_RUST: [(usize, &str); 11] = [
    (
        18,
        "a leaf is made by `require_grad`, which integers do not have: a doctest of it holds that this does not compile",
    ),
    (19, "as row 18: there is one way to make a leaf"),
    (
        39,
        "there is no flag to set: `require_grad` and `detach` return tensors, and `detach` is what PyTorch's message asks for",
    ),
    (58, "`grad` without inputs does not compile"),
    (
        68,
        "a list is no tensor: a gradient of another type does not compile",
    ),
    (
        104,
        "there is no inference mode; `no_grad` is as fast here, since an untracked result costs nothing",
    ),
    (
        107,
        "conversion to `ndarray` or `Vec` copies, so it cannot let anyone write behind the graph; `item` is tested",
    ),
    (
        115,
        "`set_grad` takes the tensor's own element type: another one does not compile",
    ),
    (
        124,
        "operands have one element type: mixing them does not compile, so nothing is promoted",
    ),
    (126, "as row 39"),
    (
        127,
        "`copy` is recorded for every tensor, so a computed one can be copied too",
    ),
];

fn tests() -> BTreeMap<usize, Vec<String>> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/autograd");
    let mut tests: BTreeMap<usize, Vec<String>> = BTreeMap::new();
    for file in std::fs::read_dir(folder).unwrap() {
        let text = std::fs::read_to_string(file.unwrap().path()).unwrap();
        for name in text.lines().filter_map(|line| line.strip_prefix("fn row_")) {
            let row = name[..3]
                .parse()
                .expect("the name of a row's test starts with its number");
            tests.entry(row).or_default().push(name.to_owned());
        }
    }
    tests
}

#[test]
fn each_of_the_130_rows_is_a_test_or_has_a_reason_not_to_be() {
    let tests = tests();
    for row in 1..=130 {
        let tested = tests.get(&row).map_or(0, Vec::len);
        let excused = NOT_IN_RUST
            .iter()
            .filter(|(excused, _)| *excused == row)
            .count();
        // Row 107 is half of each.
        assert!(
            tested == 1 || excused == 1,
            "row {row} has {tested} tests and {excused} reasons"
        );
    }
    assert!(tests.keys().all(|row| (1..=130).contains(row)));
}
