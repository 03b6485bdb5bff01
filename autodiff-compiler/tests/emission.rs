//! What is emitted for functions, as text.

use autodiff_compiler::simplify::PassSet;
use autodiff_compiler::{differentiate, emit, lower};

fn emitted(source: &str) -> String {
    let item: syn::ItemFn = syn::parse_str(source).expect("the source is a function");
    let (_, lowered) = lower::function(proc_macro2::TokenStream::new(), &item);
    let lowered = lowered.expect("the source can be differentiated");
    let derivatives =
        differentiate::derive(&lowered.function, lowered.signature.order, PassSet::ALL);
    let tokens = emit::companion(&lowered.signature, &derivatives);
    let file = syn::parse2(tokens.clone()).unwrap_or_else(|error| panic!("{error}: {tokens}"));
    prettyplease::unparse(&file)
}

#[test]
fn show() {
    if let Ok(path) = std::env::var("EMISSION") {
        println!("{}", emitted(&std::fs::read_to_string(path).unwrap()));
    }
}

#[test]
fn first() {
    for source in [
        "fn f(x: f64, y: f64) -> f64 { (1.0 - x).powi(2) + 100.0 * (y - x * x).powi(2) }",
        "fn f(x: &[f64], n: usize) -> f64 { let mut s = 0.0; for i in 0..n { s += x[i] * 2.; } s }",
        "fn f(x: &[f64], y: &[f64]) -> f64 { let mut s = 0.0; for i in 0..x.len() { s += (x[i] - y[i]).powi(2); } s }",
        "fn f(mut x: f64, c: f64, n: usize) -> f64 { for _ in 0..n { x = x * x + c; } x }",
        "fn f(x: &[f64; 3], w: &mut [f64]) -> f64 { let mut t = *x; t[0] += 1.0; w[1] *= t[0]; if t[0] > 0.0 && x[1] < 2.0 { t[1] } else { -t[2] } }",
        "fn f(x: f64, k: usize) -> f64 { let y = match k { 0 => x, 1 | 2 => x * x, n if n % 2 == 0 => x.sin(), _ => 0.0 }; y + (k as f64) }",
        "fn f(x: (f64, f64)) -> (f64, [f64; 2]) { let (a, b) = x; let (s, c) = a.sin_cos(); let mut m = [s, c]; m[0] += b; (a + x.1, m) }",
        "fn f(x: f64, n: u32) -> f64 { let mut a = x; let mut i = 0; while i < n { a = a * a; i += 1; } assert!(a > 0., \"a {a}\"); a }",
    ] {
        println!("{source}\n{}\n", emitted(source));
    }
}
