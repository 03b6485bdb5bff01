//! A fixed number of cases, and those that once went wrong.

use random_tokens::corpus::Corpus;
use random_tokens::property::{Outcome, check, note_panics};
use random_tokens::{case, shrink};

/// Runs on half of the stack that the thread has in which rustc runs macros.
fn on_a_large_stack(run: impl FnOnce() + Send + 'static) {
    let worker = std::thread::Builder::new()
        .stack_size(4 << 20)
        .spawn(run)
        .expect("a thread can be started");
    assert!(worker.join().is_ok(), "see the fault above");
}

#[test]
fn any_tokens() {
    on_a_large_stack(|| {
        let corpus = Corpus::of_workspace();
        assert!(corpus.len() > 500, "only {} items", corpus.len());
        note_panics();
        let mut derived = 0;
        for number in 0..1000 {
            let text = case(&corpus, number);
            match check(&text) {
                Ok(Outcome::Derived) => derived += 1,
                Ok(_) => {}
                Err(fault) => {
                    let smallest = shrink::smallest(&text, &fault);
                    println!("case {number}: {fault:?}\n{smallest}");
                    panic!("case {number}");
                }
            }
        }
        assert!(derived > 100, "only {derived} cases are derived");
    });
}

/// What once went wrong.
const REGRESSIONS: [&str; 13] = [
    // A result that is no number, and so has no lanes.
    "fn f(x: &[f64]) -> usize { x.len() }",
    // The product of the constants has no literal.
    "fn f(x: f64) -> f64 { ((x * 1e200) * 1e200) * 1e200 }",
    // A bound that is a loop.
    "fn f(x: f64) -> f64 { let mut y = x; for i in 0..loop { break 3 } { y *= x; } y }",
    // Code behind what never ends.
    "fn f(x: f64) -> f64 { let y = [x]; panic!(); y[0] }",
    "fn f(x: f64) -> (f64, [f64; 2]) { panic!() }",
    "fn f(x: f64) -> f64 { let k: usize = 'l: loop {}; for i in 0..k {} x }",
    // An exponent too large for its formula.
    "fn f(x: f64) -> f64 { let x = x.powi(46341); let x = x.powi(46342); x.powi(46343) }",
    // Too few operands.
    "fn f(x: f64) -> f64 { f64::max(x) + x.powi() }",
    "fn f(x: &[f64]) -> f64 { x.iter().fold(0.0) }",
    // Operators that floats do not have.
    "fn f(x: f64) -> f64 { x ^ x | !x << 2 }",
    // A semicolon on its own.
    "fn f(x: f64) -> f64 { let y = x;; ; y * y }",
    // Tokens that syn would print in another way.
    "fn f(x: f64) -> f64 { let v: Vec<Vec<f64>> = w(); #[checkpoint] for i in 0..3 {} x }",
    "fn f(x: f64) -> f64 { (#[checkpoint] 'l: for i in 0..3 {}); x }",
];

#[test]
fn what_once_went_wrong() {
    on_a_large_stack(|| {
        for item in REGRESSIONS {
            let outcome = check(&format!("#[differentiable]\n{item}"));
            assert!(outcome.is_ok(), "{outcome:?}: {item}");
        }
    });
}
