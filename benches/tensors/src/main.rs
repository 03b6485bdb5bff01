//! Tracked tensors beside those of candle, burn and dfdx: the same computation in each, in one process.
//!
//! ```sh
//! RUSTFLAGS="-C target-cpu=native" cargo bench --manifest-path benches/tensors/Cargo.toml
//! ```
//!
//! First a table: the contestants take turns, round by round, so that whatever else the machine does hits all of them,
//! and the median of the processor time of a round counts. Then criterion's statistics of the wall time; a filter as in
//! `-- "A .*"` leaves out the others there.

mod burn;
mod candle;
mod dfdx;
mod inputs;
mod ours;

use std::time::Duration;

use cpu_time::ProcessTime;
use criterion::Criterion;

/// One round of a task: computes, and returns a number by which the contestants are compared.
type Round = Box<dyn FnMut() -> f32>;

struct Task {
    name: &'static str,
    unit: &'static str,
    /// Units in a second, divided by what a round counts for.
    scale: f64,
    rounds: usize,
    /// How fast it is meant to be.
    aim: f64,
    contestants: [(&'static str, Round); 4],
}

fn tasks() -> Vec<Task> {
    vec![
        Task {
            name: "A chain of 3000 operations on one element",
            unit: "ns/op",
            scale: 1e9 / (3.0 * inputs::CHAIN as f64),
            rounds: 301,
            aim: 220.0,
            contestants: [
                ("autodiff", ours::chain()),
                ("candle", candle::chain()),
                ("burn", burn::chain()),
                ("dfdx", dfdx::chain()),
            ],
        },
        Task {
            name: "B one step of a perceptron, 784-256-128-10, batch 64",
            unit: "ms",
            scale: 1e3,
            rounds: 101,
            aim: 1.0,
            contestants: [
                ("autodiff", ours::perceptron()),
                ("candle", candle::perceptron()),
                ("burn", burn::perceptron()),
                ("dfdx", dfdx::perceptron()),
            ],
        },
        Task {
            name: "C product of matrices of 512 by 512",
            unit: "ms",
            scale: 1e3,
            rounds: 41,
            aim: 7.0,
            contestants: [
                ("autodiff", ours::product::<512>()),
                ("candle", candle::product::<512>()),
                ("burn", burn::product::<512>()),
                ("dfdx", dfdx::product::<512>()),
            ],
        },
        Task {
            name: "C product of matrices of 1024 by 1024",
            unit: "ms",
            scale: 1e3,
            rounds: 11,
            aim: 54.0,
            contestants: [
                ("autodiff", ours::product::<1024>()),
                ("candle", candle::product::<1024>()),
                ("burn", burn::product::<1024>()),
                ("dfdx", dfdx::product::<1024>()),
            ],
        },
        Task {
            name: "D ((x * 2 + 1).sin().exp() * x).sum() of a million elements",
            unit: "ms",
            scale: 1e3,
            rounds: 41,
            aim: 8.0,
            contestants: [
                ("autodiff", ours::elementwise()),
                ("candle", candle::elementwise()),
                ("burn", burn::elementwise()),
                ("dfdx", dfdx::elementwise()),
            ],
        },
    ]
}

/// Asserts that all contestants compute the same.
fn check(task: &mut Task) {
    let [(_, ours), others @ ..] = &mut task.contestants;
    let expected = ours();
    for (name, round) in others {
        let found = round();
        assert!(
            (found - expected).abs() <= 1e-3 * expected.abs(),
            "{}: {name} has {found}, not {expected}",
            task.name
        );
    }
}

/// The median processor time of a round of each contestant, in the unit of the task.
fn compare(task: &mut Task) -> [f64; 4] {
    let mut times: [Vec<Duration>; 4] = Default::default();
    for _ in 0..task.rounds {
        for ((_, round), times) in task.contestants.iter_mut().zip(&mut times) {
            let start = ProcessTime::now();
            std::hint::black_box(round());
            times.push(start.elapsed());
        }
    }
    times.map(|mut times| {
        times.sort_unstable();
        times[times.len() / 2].as_secs_f64() * task.scale
    })
}

fn report(task: &mut Task) {
    let medians = compare(task);
    println!("{}, {} (aim {})", task.name, task.unit, task.aim);
    for ((name, _), median) in task.contestants.iter().zip(medians) {
        println!("  {name:<10}{median:>9.2}{:>8.2} x", median / medians[0]);
    }
}

fn main() {
    // The pools of the rivals read this when they start, which is before `main` could set it.
    if std::env::var_os("RAYON_NUM_THREADS").is_none() {
        let program = std::env::current_exe().expect("a program knows where it lies");
        let status = std::process::Command::new(program)
            .args(std::env::args_os().skip(1))
            .env("RAYON_NUM_THREADS", "1")
            .status()
            .expect("the program that runs can be run");
        std::process::exit(status.code().unwrap_or(1));
    }
    let mut tasks = tasks();
    tasks.iter_mut().for_each(check);
    tasks.iter_mut().for_each(report);
    let mut criterion = Criterion::default()
        .sample_size(20)
        .warm_up_time(Duration::from_millis(300))
        .measurement_time(Duration::from_secs(2))
        .configure_from_args();
    for task in &mut tasks {
        let mut group = criterion.benchmark_group(task.name);
        for (name, round) in &mut task.contestants {
            group.bench_function(*name, |bencher| bencher.iter(&mut *round));
        }
        group.finish();
    }
    criterion.final_summary();
}
