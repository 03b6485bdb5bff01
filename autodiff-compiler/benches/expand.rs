//! How long the macro takes on a function of a hundred lines.
//!
//! The macro is built without optimisation when users compile in debug mode, so that this is the figure to look at:
//! `cargo bench -p autodiff-compiler --profile dev`. It is to stay below 100 ms.

use std::hint::black_box;
use std::str::FromStr;

use criterion::{Criterion, criterion_group, criterion_main};
use proc_macro2::TokenStream;

const GMM: &str = include_str!("../tests/bodies/gmm.rs");
/// Ninety temporaries in the inner of two loops.
const DENSE: &str = include_str!("../tests/bodies/dense.rs");

fn tokens(text: &str) -> TokenStream {
    TokenStream::from_str(text).expect("the text consists of tokens")
}

fn expand(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("expand");
    group.sample_size(10);
    for (name, body, attr) in [
        ("gmm", GMM, ""),
        ("gmm at first order", GMM, "order = 1"),
        ("dense", DENSE, ""),
    ] {
        let (attr, item) = (tokens(attr), tokens(body));
        group.bench_function(name, |bencher| {
            bencher.iter(|| autodiff_compiler::expand(black_box(&attr).clone(), item.clone()));
        });
    }
    group.finish();
}

criterion_group!(benches, expand);
criterion_main!(benches);
