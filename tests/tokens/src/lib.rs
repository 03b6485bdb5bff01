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
    // What rustc cannot parse never comes to the compiler; a little of it is tried all the same.
    let attempts = if random.chance(1, 20) { 1 } else { 8 };
    let mut item = String::new();
    for _ in 0..attempts {
        item = match random.below(4) {
            0 | 1 => grammar::item(&mut random),
            _ => mutate::item(&mut random, corpus),
        };
        // Only the compiler has to cope with what is too deep for syn.
        if item.len() > 900 || syn::parse_str::<syn::Item>(&item).is_ok() {
            break;
        }
    }
    if item.trim_start().starts_with("#[differentiable") {
        return item;
    }
    let attribute = grammar::attribute(&mut random);
    format!("{attribute}\n{item}")
}
