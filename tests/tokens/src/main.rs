//! `cargo run --profile fuzz -p random-tokens -- --seconds 900 --seed 1 [--count N] [--corpus FOLDER]… [--case FILE]`

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::mpsc::{RecvTimeoutError, channel};
use std::time::{Duration, Instant};

use random_tokens::corpus::Corpus;
use random_tokens::property::{Fault, Outcome, check, note_panics};
use random_tokens::{case, shrink};

/// How long one expansion may take before it counts as one that never ends.
const PATIENCE: Duration = Duration::from_secs(30);
/// Half of what rustc gives the thread in which macros run.
const STACK: usize = 4 << 20;

struct Options {
    seed: u64,
    count: u64,
    seconds: u64,
    corpora: Vec<PathBuf>,
    case: Option<PathBuf>,
}

fn main() -> ExitCode {
    let options = match options() {
        Ok(options) => options,
        Err(message) => {
            eprintln!("{message}");
            return ExitCode::FAILURE;
        }
    };
    let (sender, receiver) = channel();
    let worker = std::thread::Builder::new()
        .stack_size(STACK)
        .spawn(move || run(&options, &|text| sender.send(text.to_owned()).is_ok()))
        .expect("a thread can be started");
    let mut current = String::new();
    loop {
        match receiver.recv_timeout(PATIENCE) {
            Ok(case) => current = case,
            Err(RecvTimeoutError::Timeout) => {
                eprintln!("this takes longer than {PATIENCE:?}:\n{current}");
                return ExitCode::FAILURE;
            }
            Err(RecvTimeoutError::Disconnected) => break,
        }
    }
    match worker.join() {
        Ok(0) => ExitCode::SUCCESS,
        _ => ExitCode::FAILURE,
    }
}

/// Runs the cases, announces each before it is run, and returns how many are wrong.
fn run(options: &Options, announce: &dyn Fn(&str) -> bool) -> usize {
    note_panics();
    if let Some(path) = &options.case {
        let text = std::fs::read_to_string(path).expect("the case can be read");
        announce(&text);
        return report(&check(&text), &text);
    }
    let mut corpus = Corpus::of_workspace();
    options.corpora.iter().for_each(|path| corpus.read(path));
    println!("{} real items", corpus.len());
    // What a stack overflow leaves behind.
    let note = std::env::temp_dir().join(format!("random-tokens-{}.rs", options.seed));
    let started = Instant::now();
    let (mut derived, mut refused, mut slowest) = (0_u64, 0_u64, Duration::ZERO);
    let mut faults: Vec<Fault> = Vec::new();
    let mut reasons = BTreeMap::new();
    let mut number = options.seed;
    let mut plain = (0..corpus.len()).filter(|_| !options.corpora.is_empty());
    while number - options.seed < options.count && started.elapsed().as_secs() < options.seconds {
        let text = match plain.next().and_then(|position| corpus.get(position)) {
            Some(item) => format!("#[differentiable]\n{item}"),
            None => case(&corpus, number),
        };
        announce(&text);
        std::fs::write(&note, &text).expect("the folder for temporary files can be written to");
        let before = Instant::now();
        let outcome = check(&text);
        let took = before.elapsed();
        if took > slowest {
            slowest = took;
            println!(
                "{number}: {took:.1?} for {} characters in {}",
                text.len(),
                note.display()
            );
            let kept = note.with_extension("slowest.rs");
            std::fs::write(kept, &text).expect("the folder for temporary files can be written to");
        }
        match outcome {
            Ok(Outcome::Derived) => derived += 1,
            Ok(Outcome::Refused(reason)) => {
                refused += 1;
                // What is quoted is what differs.
                let reason: Vec<&str> = reason.split('`').step_by(2).collect();
                *reasons.entry(reason.join("`")).or_insert(0_u64) += 1;
            }
            Ok(Outcome::NoTokens) => {}
            Err(fault) => {
                if !faults.iter().any(|known| known.is_like(&fault)) {
                    announce(&text);
                    println!("case {number}:");
                    report(&Err(fault.clone()), &shrink::smallest(&text, &fault));
                    faults.push(fault);
                }
            }
        }
        number += 1;
        if (number - options.seed).is_multiple_of(10_000) {
            println!(
                "{number}: {derived} derived, {refused} refused, {:.0?}",
                started.elapsed()
            );
        }
    }
    println!(
        "{} cases from {}, {derived} derived, {refused} refused, {} kinds of faults",
        number - options.seed,
        options.seed,
        faults.len()
    );
    let mut reasons: Vec<_> = reasons.into_iter().collect();
    reasons.sort_by_key(|(_, times)| std::cmp::Reverse(*times));
    for (reason, times) in reasons {
        println!("{times:8} {reason}");
    }
    faults.len()
}

fn report(outcome: &Result<Outcome, Fault>, text: &str) -> usize {
    println!("{outcome:?}\n{text}\n");
    usize::from(outcome.is_err())
}

fn options() -> Result<Options, String> {
    let mut options = Options {
        seed: 0,
        count: u64::MAX,
        seconds: 60,
        corpora: Vec::new(),
        case: None,
    };
    let mut arguments = std::env::args().skip(1);
    while let Some(name) = arguments.next() {
        let value = arguments
            .next()
            .ok_or_else(|| format!("`{name}` needs a value"))?;
        let number = || {
            value
                .parse()
                .map_err(|error| format!("`{name} {value}`: {error}"))
        };
        match name.as_str() {
            "--seed" => options.seed = number()?,
            "--count" => {
                options.count = number()?;
                options.seconds = u64::MAX;
            }
            "--seconds" => options.seconds = number()?,
            "--corpus" => options.corpora.push(value.into()),
            "--case" => options.case = Some(value.into()),
            _ => {
                return Err(format!(
                    "`{name}` is not an option: --seed, --count, --seconds, --corpus, --case"
                ));
            }
        }
    }
    Ok(options)
}
