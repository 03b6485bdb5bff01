//! The code that is written for a dozen functions, so that a worse derivative shows in review.

use autodiff_compiler::expand;
use proc_macro2::TokenStream;
use syn::visit_mut::VisitMut;

/// Removes every doc comment.
struct RemoveDocumentation;

impl VisitMut for RemoveDocumentation {
    fn visit_attributes_mut(&mut self, attributes: &mut Vec<syn::Attribute>) {
        attributes.retain(|attribute| !attribute.path().is_ident("doc"));
    }
}

/// What is written for `source`: of the companion's functions those in `only`, or all of them where it names none.
fn written(options: &str, source: &str, only: &[&str]) -> String {
    let tokens = |text: &str| {
        text.parse::<TokenStream>()
            .expect("the text consists of tokens")
    };
    let expanded = expand(tokens(options), tokens(source));
    let mut file: syn::File = syn::parse2(expanded).expect("the expansion is a sequence of items");
    RemoveDocumentation.visit_file_mut(&mut file);
    // The function itself comes first, as it was written.
    file.items.remove(0);
    if !only.is_empty() {
        let blocks = file.items.into_iter().filter_map(|item| match item {
            syn::Item::Const(block) => Some(*block.expr),
            _ => None,
        });
        let stmts = blocks.filter_map(|expr| match expr {
            syn::Expr::Block(block) => Some(block.block.stmts),
            _ => None,
        });
        let items = stmts.flatten().filter_map(|stmt| match stmt {
            syn::Stmt::Item(item) => Some(item),
            _ => None,
        });
        file.items = items
            .filter(|item| matches!(item, syn::Item::Impl(block) if block.trait_.is_none()))
            .collect();
        for item in &mut file.items {
            if let syn::Item::Impl(block) = item {
                block.items.retain(|item| {
                    matches!(item, syn::ImplItem::Fn(function)
                        if only.iter().any(|name| function.sig.ident == name))
                });
                assert_eq!(block.items.len(), only.len(), "{only:?} are written");
            }
        }
    }
    prettyplease::unparse(&file)
}

macro_rules! snapshots {
    ($($name:ident: $options:literal, [$($only:literal),*], $source:literal;)*) => {
        $(
            #[test]
            fn $name() {
                let text = written($options, $source, &[$($only),*]);
                insta::with_settings!({ description => $source, omit_expression => true }, {
                    insta::assert_snapshot!(text);
                });
            }
        )*
    };
}

snapshots! {
    rosenbrock: "", [],
        "fn f(x: f64, y: f64) -> f64 { (1.0 - x).powi(2) + 100.0 * (y - x * x).powi(2) }";
    one_scalar_at_first_order: "order = 1", [],
        "fn f(x: f64) -> f64 { x.exp() * x.sin() }";
    squared_differences: "order = 1", ["gradient", "value_and_gradient"],
        "fn f(x: &[f64], y: &[f64]) -> f64 { let mut acc = 0.0; for i in 0..x.len() { acc += (x[i] - y[i]).powi(2); } acc }";
    squared_differences_by_iterators: "", ["gradient", "vjp_into"],
        "fn f(x: &[f64], y: &[f64]) -> f64 { x.iter().zip(y).map(|(a, b)| (a - b).powi(2)).sum::<f64>() }";
    total_variation_by_windows: "", ["gradient", "vjp_into"],
        "fn f(x: &[f64]) -> f64 { x.windows(2).map(|w| (w[1] - w[0]).powi(2)).sum::<f64>() }";
    recurrence: "order = 1", ["vjp_into_with", "gradient"],
        "fn f(mut x: f64, c: f64, n: usize) -> f64 { for _ in 0..n { x = x * x + c; } x }";
    branch_in_a_loop: "order = 1", ["gradient"],
        "fn f(x: &[f64]) -> f64 { let mut s = 0.0; for i in 0..x.len() { if x[i] > 0.0 { s += x[i].sin(); } else { s *= x[i]; } } s }";
    while_loop: "order = 1", ["vjp_into_with"],
        "fn f(x: f64) -> f64 { let mut y = x; while y < 100.0 { y = y * y + 1.0; } y }";
    early_return_in_a_loop: "order = 1", ["gradient"],
        "fn f(x: &[f64]) -> f64 { let mut p = 1.0; for i in 0..x.len() { if p > 10.0 { return p * p; } p *= x[i]; } p }";
    in_out: "order = 1", ["jvp", "vjp_into_with"],
        "fn f(x: f64, w: &mut [f64]) { for i in 0..w.len() { w[i] = w[i] * w[i] * x; } }";
    array_result: "order = 1", ["jvp", "vjp_into"],
        "fn f(x: f64, y: f64) -> [f64; 2] { [x * y.cos(), x * y.sin()] }";
    tuple_result: "order = 1", ["vjp_into"],
        "fn f(x: f64, y: f64) -> (f64, f64) { let r = x.hypot(y); (r, y.atan2(x)) }";
    matrix_vector_product: "order = 1", ["vjp_into_with"],
        "fn f(a: &[f64], x: &[f64], m: usize) -> f64 { let n = x.len(); let mut s = 0.0; for i in 0..m { let mut row = 0.0; for j in 0..n { row += a[i * n + j] * x[j]; } s += row.tanh(); } s }";
    stores_in_a_local_vec: "order = 1", ["gradient"],
        "fn f(x: &[f64]) -> f64 { let n = x.len(); let mut v = vec![0.0; n]; for i in 0..n { v[i] = x[i].exp(); } for i in 1..n { v[i] = v[i] * v[i - 1]; } v[n - 1] }";
}
