//! The emitted text of derivatives, as snapshots, and its size.
//!
//! A worse adjoint shows in review as a longer snapshot. `INSTA_UPDATE=always cargo test -p autodiff-compiler --test
//! emission` writes them anew.

use proc_macro2::{TokenStream, TokenTree};

/// The impl block of the companion of the function in `source`.
fn companion(source: &str) -> syn::ItemImpl {
    let item: TokenStream = source.parse().expect("the source is made of tokens");
    let expanded = autodiff_compiler::expand(TokenStream::new(), item);
    let file: syn::File = syn::parse2(expanded).expect("the expansion is made of items");
    let items = file.items.into_iter().filter_map(|item| match item {
        syn::Item::Const(block) => Some(*block.expr),
        _ => None,
    });
    let stmts = items.filter_map(|expr| match expr {
        syn::Expr::Block(block) => Some(block.block.stmts),
        _ => None,
    });
    let implementation = stmts.flatten().find_map(|stmt| match stmt {
        syn::Stmt::Item(syn::Item::Impl(block)) if block.trait_.is_none() => Some(block),
        _ => None,
    });
    implementation.expect("the function can be differentiated")
}

/// The text of items, formatted, without documentation.
fn text(mut implementation: syn::ItemImpl) -> String {
    for item in &mut implementation.items {
        if let syn::ImplItem::Fn(function) = item {
            function.attrs.clear();
        }
    }
    prettyplease::unparse(&syn::parse_quote!(#implementation))
}

/// Compares the named functions of a companion with the snapshot `name`; no names mean all functions.
fn check(name: &str, functions: &[&str], source: &str) {
    let mut implementation = companion(source);
    implementation.items.retain(|item| match item {
        syn::ImplItem::Fn(function) => {
            functions.is_empty() || functions.contains(&function.sig.ident.to_string().as_str())
        }
        _ => true,
    });
    insta::with_settings!({ description => source, omit_expression => true, prepend_module_to_snapshot => false }, {
        insta::assert_snapshot!(name, text(implementation));
    });
}

#[test]
fn emitted_text() {
    check(
        "rosenbrock",
        &[],
        "fn rosenbrock(x: f64, y: f64) -> f64 { (1.0 - x).powi(2) + 100.0 * (y - x * x).powi(2) }",
    );
    check(
        "squared_distance",
        &[],
        "fn squared_distance(x: &[f64], y: &[f64]) -> f64 {
            let mut acc = 0.0;
            for i in 0..x.len() {
                acc += (x[i] - y[i]).powi(2);
            }
            acc
        }",
    );
    check(
        "recurrence",
        &[
            "gradient",
            "vjp_into",
            "vjp_into_with",
            "pullback",
            "second_order",
        ],
        "fn recurrence(mut x: f64, c: f64, n: usize) -> f64 {
            for _ in 0..n {
                x = x * x + c;
            }
            x
        }",
    );
    check(
        "newton",
        &["gradient", "vjp_into_with"],
        "fn newton(a: f64, start: f64) -> f64 {
            let mut y = start;
            while (y * y - a).abs() > 1e-12 {
                y = 0.5 * (y + a / y);
            }
            y
        }",
    );
    check(
        "branches",
        &["gradient"],
        "fn branches(x: f64, k: usize) -> f64 {
            match k {
                0 => x,
                1 | 2 => x * x,
                n if n % 2 == 0 => x.sin(),
                _ => if x > 0.0 { x.ln() } else { -x },
            }
        }",
    );
    check(
        "stencil",
        &["jvp", "gradient"],
        "fn stencil(u: &[f64; 8], rate: f64) -> f64 {
            let mut v = *u;
            for i in 1..7 {
                v[i] += rate * (u[i - 1] - 2.0 * u[i] + u[i + 1]);
            }
            let mut energy = 0.0;
            for i in 0..8 {
                energy += v[i] * v[i];
            }
            energy
        }",
    );
    check(
        "matrix_product",
        &["jvp", "vjp_into"],
        "fn matrix_product(a: &[f64], x: &[f64], y: &mut [f64]) {
            let n = x.len();
            for i in 0..y.len() {
                let mut sum = 0.0;
                for j in 0..n {
                    sum += a[i * n + j] * x[j];
                }
                y[i] = sum;
            }
        }",
    );
    check(
        "polar",
        &["jvp", "jvp_lanes", "jacobian", "vjp_into"],
        "fn polar(x: f64, y: f64) -> (f64, f64) { (x.hypot(y), y.atan2(x)) }",
    );
    check(
        "early_exit",
        &["gradient"],
        "fn early_exit(x: &[f64], limit: f64) -> f64 {
            let mut sum = 0.0;
            for i in 0..x.len() {
                if x[i] > limit {
                    return sum;
                }
                sum += x[i].sqrt();
            }
            sum * sum
        }",
    );
    check(
        "swap",
        &["jvp", "gradient"],
        "fn swap(x: f64, y: f64, n: usize) -> f64 {
            let (mut a, mut b) = (x, y);
            for _ in 0..n {
                (a, b) = (b, a * b);
            }
            a
        }",
    );
    check(
        "single_precision",
        &["gradient", "hvp", "hessian"],
        "fn single_precision(w: [f32; 3]) -> f32 { (w[0] * w[1]).exp() / (1.0 + w[2].abs()) }",
    );
    check(
        "long_rows",
        &["gradient", "gradient_into_with"],
        "fn long_rows(x: &[[f64; 4]], w: [f64; 4]) -> f64 {
            let mut loss = 0.0;
            for i in 0..x.len() {
                let mut a = 0.0;
                for j in 0..4 {
                    a += w[j] * x[i][j];
                }
                loss += a.tanh();
            }
            loss
        }",
    );
}

/// The identifiers of all depths.
fn identifiers(tokens: TokenStream) -> Vec<String> {
    tokens
        .into_iter()
        .flat_map(|tree| match tree {
            TokenTree::Group(group) => identifiers(group.stream()),
            TokenTree::Ident(ident) => vec![ident.to_string()],
            _ => Vec::new(),
        })
        .collect()
}

#[test]
fn names_that_later_editions_keep_are_raw() {
    let sources = [
        "pub(in crate::gen) fn gen(x: f64) -> f64 { x * x }",
        "fn f(gen: &[f64], n: usize) -> f64 { let mut s = 0.0; for i in 0..n { s += gen[i] * gen[i]; } s }",
        "fn f(x: &mut [f64], gen: f64) { let mut i = 0; while i < x.len() { x[i] *= gen; i += 1; } }",
        "fn f<gen: num_traits::Float>(x: gen, y: &[gen]) -> gen { let gen = x * x; gen * y[0] }",
        "fn f(x: f64) -> f64 { let mut s = x; 'gen: loop { s *= x; if s > 9.0 { break 'gen; } } s + gen::A }",
        "fn f(x: [f64; gen::N]) -> [f64; gen::N] { let gen = 2.0; [x[0] * gen; gen::N] }",
    ];
    for source in sources {
        let item: TokenStream = source.parse().expect("the source is made of tokens");
        let in_item = identifiers(item.clone());
        let expanded = identifiers(autodiff_compiler::expand(TokenStream::new(), item));
        assert!(
            expanded.contains(&"mod".to_owned()) || expanded.contains(&"impl".to_owned()),
            "{source}"
        );
        // What comes first is the user's item, in the user's edition.
        let ours = &expanded[in_item.len()..];
        assert_eq!(expanded[..in_item.len()], in_item, "{source}");
        assert!(!ours.contains(&"gen".to_owned()), "{source}: {ours:?}");
    }
}

#[test]
fn documentation_shows_formulas() {
    let implementation = companion(
        "fn f(x: f64, y: f64) -> f64 { (1.0 - x).powi(2) + 100.0 * (y - x * x).powi(2) }",
    );
    let documentation: String = implementation
        .items
        .iter()
        .filter_map(|item| match item {
            syn::ImplItem::Fn(function) if function.sig.ident == "gradient" => {
                Some(&function.attrs)
            }
            _ => None,
        })
        .flatten()
        .map(|attribute| quote::quote!(#attribute).to_string())
        .collect();
    for formula in [
        "∂f/∂x = -400 x (y - x²) - 2 (1 - x)",
        "∂f/∂y = 200 (y - x²)",
    ] {
        assert!(documentation.contains(formula), "{documentation}");
    }
}
