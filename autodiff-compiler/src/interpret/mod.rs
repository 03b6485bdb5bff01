//! An interpreter of the intermediate representation, against which each pass is tested.
//!
//! It runs what a debug build of the emitted code would run: overflow of integers and indices out of bounds panic with
//! Rust's own messages, and `f32` rounds after each operation. Beyond that it watches what emitted code can't: that a
//! tape hands back exactly what was put on it.

mod constants;
mod data;
mod environment;
mod init;
mod integers;
mod machine;
mod memory;
mod methods;
mod operations;
mod tapes;
mod template;

use rustc_hash::FxHashMap as HashMap;
use std::fmt;

use crate::ir::{FloatType, Function};

pub use data::{Datum, Scalar};

/// What a run came to.
#[derive(Clone, PartialEq, Debug)]
pub struct Outcome {
    /// What the function returned.
    pub output: Datum,
    /// The arguments as the function left them, in the order of the parameters.
    pub arguments: Vec<Datum>,
    /// The calls and effects of the user's that ran, in order, each with what it was given; assertions are none.
    pub effects: Vec<String>,
}

/// Why a run did not come to its end.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Panic {
    /// The compiled function would panic with this message.
    Panicked(String),
    /// The function breaks a promise of the representation.
    Defect(String),
    /// The function contains code of the user's that the interpreter can't run.
    Unsupported(String),
    /// The run took more statements than [`Settings::fuel`].
    OutOfFuel,
}

impl fmt::Display for Panic {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Panicked(message) => write!(f, "panicked: {message}"),
            Self::Defect(message) => write!(f, "defect: {message}"),
            Self::Unsupported(message) => write!(f, "unsupported: {message}"),
            Self::OutOfFuel => f.write_str("out of fuel"),
        }
    }
}

impl std::error::Error for Panic {}

/// What a run depends on besides the arguments.
#[derive(Clone, Debug)]
pub struct Settings {
    /// How many lanes there are, `K`.
    pub lanes: usize,
    /// What a type parameter or an alias stands for.
    pub named_float: FloatType,
    /// The values of constants, by their path without spaces. Those of the standard library are known, and those that
    /// are the length of an array parameter follow from the argument.
    pub constants: HashMap<String, Datum>,
    /// What inactive calls in code of the user's stand for, by name.
    pub calls: HashMap<String, Function>,
    /// How many statements may run.
    pub fuel: u64,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            lanes: 1,
            named_float: FloatType::F64,
            constants: HashMap::default(),
            calls: HashMap::default(),
            fuel: 100_000_000,
        }
    }
}

/// Runs a function with the default [`Settings`].
///
/// # Errors
///
/// As [`Settings::run`].
pub fn run(function: &Function, arguments: Vec<Datum>) -> Result<Outcome, Panic> {
    Settings::default().run(function, arguments)
}

impl Settings {
    /// Runs a function on arguments in the order of its parameters. What a reference stands for is handed in itself; a
    /// memory with lanes holds [`Datum::Lanes`] where it holds floats.
    ///
    /// # Errors
    ///
    /// When the function panics, when it or the arguments are not well-formed, or when it contains code that only
    /// rustc can run.
    pub fn run(&self, function: &Function, arguments: Vec<Datum>) -> Result<Outcome, Panic> {
        machine::run(self, function, arguments)
    }
}
