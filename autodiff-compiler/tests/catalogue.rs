//! Each entry of the catalogue of errors has a case that shows it.

use std::path::Path;

use autodiff_compiler::diagnostics::catalogue;

#[test]
fn every_entry_has_a_case() {
    let directory = Path::new(env!("CARGO_MANIFEST_DIR")).join("../tests/ui");
    let mut missing = Vec::new();
    for entry in catalogue() {
        let source = directory.join(format!("{}.rs", entry.name));
        let output = std::fs::read_to_string(source.with_extension("stderr")).unwrap_or_default();
        // The parts of the message between its details are the same in every case.
        let shown = entry.message.split("{}").all(|part| output.contains(part));
        if !source.exists() || !shown {
            missing.push(entry.name);
        }
    }
    assert!(
        missing.is_empty(),
        "no case in tests/ui shows: {}",
        missing.join(", ")
    );
}
