//! A fixed number of cases, and those that once went wrong.

use random_tokens::corpus::Corpus;
use random_tokens::property::{Outcome, check, note_panics};
use random_tokens::{case, shrink};

/// Runs on a stack as large as the one of the thread in which rustc runs macros.
fn on_a_large_stack(run: impl FnOnce() + Send + 'static) {
    let worker = std::thread::Builder::new()
        .stack_size(8 << 20)
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
        for number in 0..1500 {
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
        assert!(derived > 150, "only {derived} cases are derived");
    });
}
