//! Hands the compiler items that nobody would write, and looks at what comes back.
//!
//! [`grammar`] makes items up, [`mutate`] takes real ones ([`corpus`]) apart and puts them together wrongly; [`property`]
//! says what has to hold for any tokens at all, and [`shrink`] makes a case that fails small.

pub mod corpus;
pub mod grammar;
pub mod mutate;
pub mod property;
mod random;
pub mod shrink;

pub use random::Random;

use corpus::Corpus;

/// The case of a number: a text with the attribute and the item.
pub fn case(corpus: &Corpus, number: u64) -> String {
    let mut random = Random::new(number);
    let item = match random.below(4) {
        0 | 1 => grammar::item(&mut random),
        _ => mutate::item(&mut random, corpus),
    };
    if item.trim_start().starts_with("#[differentiable") {
        return item;
    }
    let attribute = grammar::attribute(&mut random);
    format!("{attribute}\n{item}")
}
