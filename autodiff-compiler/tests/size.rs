//! How much code the macro writes: proportional to the source, at every order.

mod support;

use std::str::FromStr;

use proc_macro2::TokenStream;
use quote::ToTokens;
use support::sample;
use syn::visit_mut::VisitMut;

/// The lines and bytes of Rust code, formatted and without documentation; indentation counts.
fn size(code: TokenStream) -> (usize, usize) {
    let mut file: syn::File = syn::parse2(code).expect("the code is a sequence of items");
    RemoveDocumentation.visit_file_mut(&mut file);
    let text = prettyplease::unparse(&file);
    (text.lines().count(), text.len())
}

/// Removes every doc comment.
struct RemoveDocumentation;

impl VisitMut for RemoveDocumentation {
    fn visit_attributes_mut(&mut self, attributes: &mut Vec<syn::Attribute>) {
        attributes.retain(|attribute| !attribute.path().is_ident("doc"));
    }
}

/// What is written beside a body, in multiples of its own lines and bytes.
fn factors(source: &TokenStream, attr: &str) -> (f64, f64) {
    let attr = TokenStream::from_str(attr).expect("the options consist of tokens");
    let (own_lines, own_bytes) = size(source.clone());
    let (lines, bytes) = size(autodiff_compiler::expand(attr, source.clone()));
    assert!(lines > 2 * own_lines, "derivatives are written");
    // The function itself is a part of what `expand` hands back.
    let times = |all: usize, own: usize| (all - own) as f64 / own as f64;
    (times(lines, own_lines), times(bytes, own_bytes))
}

/// Checks that what is written beside each large sample has fewer lines and bytes than so many times the sample: bodies
/// of forty to a hundred lines in different styles, with nested loops all of them. A line of a derivative is longer than
/// one of the body, because it names more and stands deeper.
fn check(attr: &str, most_lines: f64, most_bytes: f64) {
    let mut table = String::from("body             lines   bytes\n");
    let mut fits = true;
    for sample in sample::large() {
        let name = &sample.item.sig.ident;
        let (lines, bytes) = factors(&sample.item.to_token_stream(), attr);
        table += &format!("{name:12} {lines:8.1}x {bytes:6.1}x\n");
        fits &= lines < most_lines && bytes < most_bytes;
    }
    println!("{table}");
    assert!(
        fits,
        "at most {most_lines} times the lines and {most_bytes} times the bytes:\n{table}"
    );
}

#[test]
fn second_order_is_below_thirty_times_the_source() {
    check("", 26.0, 30.0);
}

#[test]
fn first_order_is_below_eighteen_times_the_source() {
    check("order = 1", 15.0, 18.0);
}
