//! `docs/rules.md` is the table, printed. Run with `AUTODIFF_BLESS=1` to write it anew.

use std::fmt::Write;

use autodiff_rules::{Edge, Prim, Real, Text};

const PREFACE: &str = "# Derivative rules

This file is printed from the table in `autodiff-rules/src/table.rs`; `AUTODIFF_BLESS=1 cargo test -p autodiff-rules`
writes it anew.

`y` is the value. A derivative that is not listed is zero everywhere and contributes nothing. Where the convention
at a kink depends on which operands are active, the formula for a lone active operand is given after the one for all.
";

/// `text` as a cell of a table.
fn cell(text: &Text) -> String {
    format!("`{text}`")
}

fn partial_text(prim: Prim, wrt: usize, active: &[bool]) -> Option<Text> {
    let args: Vec<Text> = prim
        .parameters()
        .iter()
        .map(|name| Text::name(name))
        .collect();
    prim.partial(wrt, active, &args, &Text::name("y"))
}

fn derivatives(prim: Prim) -> String {
    let arity = prim.parameters().len();
    let mut lines = Vec::new();
    for (wrt, parameter) in prim.parameters().iter().enumerate() {
        let Some(all) = partial_text(prim, wrt, &vec![true; arity]) else {
            continue;
        };
        lines.push(format!("∂{parameter} = {}", cell(&all)));
        let alone: Vec<bool> = (0..arity).map(|i| i == wrt).collect();
        match partial_text(prim, wrt, &alone) {
            Some(text) if text != all => {
                lines.push(format!("∂{parameter} alone = {}", cell(&text)))
            }
            _ => {}
        }
    }
    if lines.is_empty() {
        "0".to_string()
    } else {
        lines.join("<br>")
    }
}

/// The edges of `prim`, those of one convention together.
fn edges(prim: Prim) -> String {
    let by_note = prim.edges().chunk_by(|a, b| a.note == b.note);
    let lines: Vec<String> = by_note
        .map(|edges| {
            let points: Vec<String> = edges.iter().map(|edge| edge_text(prim, edge)).collect();
            format!("{}: {}", edges[0].note, points.join("; "))
        })
        .collect();
    lines.join("<br>")
}

fn edge_text(prim: Prim, edge: &Edge) -> String {
    let args: Vec<String> = edge.args.iter().map(|&arg| number(arg)).collect();
    let promises: Vec<String> = edge
        .partials
        .iter()
        .map(|&(wrt, promised)| format!("∂{} = {}", prim.parameters()[wrt], number(promised)))
        .collect();
    format!("({}) has {}", args.join(", "), promises.join(", "))
}

fn number(x: f64) -> String {
    if x.is_infinite() {
        if x > 0.0 {
            "∞".to_string()
        } else {
            "-∞".to_string()
        }
    } else if x != 0.0 && !(1e-4..1e6).contains(&x.abs()) {
        format!("{x:e}")
    } else {
        Text::lit(x).to_string()
    }
}

fn document() -> String {
    let mut text = PREFACE.to_string();
    let mut section = "";
    for &prim in Prim::ALL {
        if prim.section() != section {
            section = prim.section();
            write!(text, "\n## {section}\n\n| `y` | derivatives | at kinks, poles and borders |\n|---|---|---|\n").unwrap();
        }
        writeln!(
            text,
            "| `{}` | {} | {} |",
            prim.value_text(),
            derivatives(prim),
            edges(prim)
        )
        .unwrap();
    }
    text
}

#[test]
fn the_printed_table_is_current() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../docs/rules.md");
    let current = document();
    if std::env::var_os("AUTODIFF_BLESS").is_some() {
        std::fs::write(path, &current).expect("docs/rules.md can be written");
    }
    let printed = std::fs::read_to_string(path).expect("docs/rules.md can be read");
    assert!(
        printed == current,
        "docs/rules.md is stale: run with AUTODIFF_BLESS=1"
    );
}
