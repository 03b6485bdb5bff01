//! Which code never comes to its end.

use proc_macro2::TokenStream;

use super::{Op, Stmt};

/// Whether control can't reach the end of these statements, which rustc would say of whatever came after.
pub fn never_ends(stmts: &[Stmt]) -> bool {
    stmts.iter().any(|stmt| match stmt {
        Stmt::Effect(template)
        | Stmt::Let {
            op: Op::Opaque(template),
            ..
        } => never_returns(template.code.tokens()),
        Stmt::If(branch) => never_ends(&branch.then.stmts) && never_ends(&branch.otherwise.stmts),
        _ => false,
    })
}

/// The macros that never return.
const DIVERGING_MACROS: [&str; 4] = ["panic", "todo", "unimplemented", "unreachable"];
/// The functions of std that never return, by the last two segments of their paths.
const DIVERGING_FUNCTIONS: [[&str; 2]; 4] = [
    ["process", "exit"],
    ["process", "abort"],
    ["panic", "panic_any"],
    ["panic", "resume_unwind"],
];

/// Whether an expression of the user's visibly never returns.
fn never_returns(code: &TokenStream) -> bool {
    match syn::parse2(code.clone()) {
        Ok(syn::Expr::Macro(call)) => {
            let name = call
                .mac
                .path
                .segments
                .last()
                .map(|segment| segment.ident.to_string());
            name.is_some_and(|name| DIVERGING_MACROS.contains(&name.as_str()))
        }
        Ok(syn::Expr::Return(_)) => true,
        Ok(syn::Expr::Call(call)) => {
            let syn::Expr::Path(path) = &*call.func else {
                return false;
            };
            let segments: Vec<String> = path
                .path
                .segments
                .iter()
                .map(|segment| segment.ident.to_string())
                .collect();
            let ends_in = |function: &[&str; 2]| {
                segments.len() >= 2 && segments[segments.len() - 2..] == function[..]
            };
            DIVERGING_FUNCTIONS.iter().any(ends_in)
        }
        _ => false,
    }
}
