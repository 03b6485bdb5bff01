//! The derivative rules of every primitive, each written once.
//!
//! A rule is mathematics: the partial derivatives of a primitive, written in the primitives themselves, so that
//! second and higher derivatives need no rule of their own. The rows of the table are generic over [`Real`],
//! and each instance of that trait is one use of the table: `f32` and `f64` give numbers, [`Expr`] gives the
//! symbolic tree that a compiler turns into code, [`Text`] gives the formula as one reads it.
//!
//! ```
//! use autodiff_rules::{Expr, Prim, Text};
//!
//! // sin'(x) = cos(x), as a number, as a tree and as text.
//! let x = 0.5_f64;
//! assert_eq!(Prim::Sin.partial(0, &[true], &[x], &x.sin()), Some(x.cos()));
//! assert_eq!(Prim::Sin.partial_expr(0, &[true]), Some(Expr::Call(Prim::Cos, vec![Expr::Arg(0)])));
//! let text = Prim::Powf.partial(1, &[true, true], &[Text::name("x"), Text::name("p")], &Text::name("y"));
//! assert_eq!(text.unwrap().to_string(), "if x == 0 { 0 } else { y * ln(x) }");
//! ```
//!
//! Partials are lazy: what is not asked for is not computed, so an inactive exponent never costs a logarithm.

#![no_std]
#![forbid(unsafe_code)]

extern crate alloc;
#[cfg(feature = "std")]
extern crate std;

mod expr;
#[cfg(feature = "std")]
mod numbers;
mod real;
mod row;
mod table;
mod term;
mod text;

pub use expr::Expr;
pub use real::Real;
pub use row::{Edge, ParameterKind};
pub use table::Prim;
pub use text::Text;
