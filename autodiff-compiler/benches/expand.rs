//! How long the macro takes on a function of a hundred lines.
//!
//! The macro is built without optimisation when users compile in debug mode, so that this is the figure to look at:
//! `cargo bench -p autodiff-compiler --profile dev`. It is to stay below 100 ms.

#[path = "../tests/support/mod.rs"]
mod support;

use std::hint::black_box;

use criterion::{Criterion, criterion_group, criterion_main};
use proc_macro2::TokenStream;
use quote::{ToTokens, quote};

fn expand(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("expand");
    group.sample_size(10);
    let orders = [
        ("", TokenStream::new()),
        (" at first order", quote!(order = 1)),
    ];
    for sample in support::sample::large() {
        let (name, item) = (&sample.item.sig.ident, sample.item.to_token_stream());
        for (order, attr) in &orders {
            group.bench_function(format!("{name}{order}"), |bencher| {
                bencher.iter(|| autodiff_compiler::expand(black_box(attr).clone(), item.clone()));
            });
        }
    }
    group.finish();
}

criterion_group!(benches, expand);
criterion_main!(benches);
