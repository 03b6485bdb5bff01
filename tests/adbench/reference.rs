//! The reference cases, as their files have them.

use std::path::Path;

use serde_json::Value;

/// One file.
pub struct Case {
    name: String,
    data: Value,
}

/// All files, in the order of their names.
pub fn all() -> Vec<Case> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/adbench/data");
    let mut paths: Vec<_> = std::fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| {
            path.extension()
                .is_some_and(|extension| extension == "json")
        })
        .collect();
    paths.sort();
    let read = |path: &std::path::PathBuf| Case {
        name: path.file_stem().unwrap().to_string_lossy().into_owned(),
        data: serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap(),
    };
    paths.iter().map(read).collect()
}

impl Case {
    pub fn problem(&self) -> &str {
        self.data["problem"].as_str().unwrap()
    }

    pub fn number(&self, name: &str) -> f64 {
        self.data[name].as_f64().unwrap()
    }

    pub fn count(&self, name: &str) -> usize {
        self.data[name].as_u64().unwrap() as usize
    }

    /// A list of numbers, or the one number that stands there; nothing where there is no such entry.
    pub fn numbers(&self, name: &str) -> Vec<f64> {
        match &self.data[name] {
            Value::Array(numbers) => numbers
                .iter()
                .map(|number| number.as_f64().unwrap())
                .collect(),
            Value::Null => Vec::new(),
            number => vec![number.as_f64().unwrap()],
        }
    }

    pub fn counts(&self, name: &str) -> Vec<usize> {
        self.numbers(name)
            .into_iter()
            .map(|number| number as usize)
            .collect()
    }

    /// Compares with the entry `name`, to eleven digits of each number or fourteen of the largest.
    pub fn agree(&self, name: &str, found: &[f64]) {
        let wanted = self.numbers(name);
        assert_eq!(found.len(), wanted.len(), "{}: {name}", self.name);
        let largest = wanted
            .iter()
            .fold(0.0_f64, |largest, number| largest.max(number.abs()));
        for (i, (found, wanted)) in found.iter().zip(&wanted).enumerate() {
            let scale = wanted.abs().max(1e-3 * largest);
            assert!(
                (found - wanted).abs() <= 1e-11 * scale,
                "{}: {name}[{i}] is {wanted}, not {found}",
                self.name
            );
        }
    }
}
