//! How much code the macro writes: proportional to the source, at every order.

use std::str::FromStr;

use proc_macro2::TokenStream;
use syn::visit_mut::VisitMut;

/// A Gaussian mixture's log-posterior: a hundred lines, loops four deep, work arrays overwritten in each iteration.
const GMM: &str = include_str!("bodies/gmm.rs");

/// The lines and bytes of Rust code, formatted and without documentation. Indentation is not counted: how deep the
/// companion stands in blocks makes it no longer.
fn size(code: TokenStream) -> (usize, usize) {
    let mut file: syn::File = syn::parse2(code).expect("the code is a sequence of items");
    RemoveDocumentation.visit_file_mut(&mut file);
    let text = prettyplease::unparse(&file);
    let bytes = text.lines().map(|line| line.trim_start().len() + 1);
    (text.lines().count(), bytes.sum())
}

/// Removes every doc comment.
struct RemoveDocumentation;

impl VisitMut for RemoveDocumentation {
    fn visit_attributes_mut(&mut self, attributes: &mut Vec<syn::Attribute>) {
        attributes.retain(|attribute| !attribute.path().is_ident("doc"));
    }
}

/// Checks that what is written beside `source` has fewer lines than `lines_factor` times the source, and fewer bytes
/// than `bytes_factor` times: a line of a derivative is longer, because it names more and stands deeper.
fn check(source: &str, attr: &str, lines_factor: usize, bytes_factor: usize) {
    let tokens = TokenStream::from_str(source).expect("the source consists of tokens");
    let attr = TokenStream::from_str(attr).expect("the options consist of tokens");
    let (own_lines, own_bytes) = size(tokens.clone());
    let (lines, bytes) = size(autodiff_compiler::expand(attr, tokens));
    // The function itself is a part of what `expand` hands back.
    let (lines, bytes) = (lines - own_lines, bytes - own_bytes);
    println!(
        "{own_lines} lines, {own_bytes} bytes -> {lines} lines ({:.1}), {bytes} bytes ({:.1})",
        lines as f64 / own_lines as f64,
        bytes as f64 / own_bytes as f64,
    );
    assert!(lines > own_lines, "derivatives are written");
    assert!(
        lines < lines_factor * own_lines,
        "{lines} lines for {own_lines}"
    );
    assert!(
        bytes < bytes_factor * own_bytes,
        "{bytes} bytes for {own_bytes}"
    );
}

#[test]
fn second_order_is_below_thirty_times_the_source() {
    check(GMM, "", 30, 25);
}

#[test]
fn first_order_is_below_twenty_times_the_source() {
    check(GMM, "order = 1", 20, 16);
}
