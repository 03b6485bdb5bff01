//! Every sample function of the project is read and lowered, and the result is well-formed.

use std::fs;
use std::path::Path;

use autodiff_compiler::ir::verify;
use autodiff_compiler::lower;
use syn::{Item, ItemFn, Meta};

/// The options that the sample hands to `#[differentiable]`.
fn options(function: &ItemFn) -> Option<proc_macro2::TokenStream> {
    let attribute = function
        .attrs
        .iter()
        .find(|attribute| attribute.path().is_ident("checked"))?;
    let parts = attribute
        .parse_args_with(syn::punctuated::Punctuated::<Meta, syn::Token![,]>::parse_terminated);
    let mut options = proc_macro2::TokenStream::new();
    for part in parts.into_iter().flatten() {
        if let Meta::List(list) = part
            && list.path.is_ident("options")
        {
            options = list.tokens;
        }
    }
    Some(options)
}

#[test]
fn every_sample_lowers() {
    let directory = Path::new(env!("CARGO_MANIFEST_DIR")).join("../tests/samples");
    let mut failures = Vec::new();
    let mut count = 0;
    for entry in fs::read_dir(directory).expect("the samples are part of the repository") {
        let path = entry.expect("the directory can be read").path();
        if path.extension().is_none_or(|extension| extension != "rs") {
            continue;
        }
        let text = fs::read_to_string(&path).expect("the file can be read");
        let file = syn::parse_file(&text).expect("the file is Rust");
        for item in file.items {
            let Item::Fn(mut function) = item else {
                continue;
            };
            let Some(options) = options(&function) else {
                continue;
            };
            function.attrs.clear();
            count += 1;
            let name = format!(
                "{}::{}",
                path.file_stem().unwrap_or_default().display(),
                function.sig.ident
            );
            match lower::function(options, &function).1 {
                Ok(lowered) => {
                    if let Err(defects) = verify(&lowered.function) {
                        failures.push(format!(
                            "{name}: {}\n{}",
                            defects.join("\n"),
                            lowered.function
                        ));
                    }
                }
                Err(errors) => {
                    for error in errors {
                        let span = error.span().start();
                        failures.push(format!("{name}:{}:{}: {error}", span.line, span.column + 1));
                    }
                }
            }
        }
    }
    assert!(count > 100, "only {count} samples were found");
    assert!(
        failures.is_empty(),
        "{} of {count}\n{}",
        failures.len(),
        failures.join("\n\n")
    );
}
