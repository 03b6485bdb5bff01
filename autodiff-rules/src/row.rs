//! The macro that turns the rows of the table into `Prim`, and the types of a row's columns.

/// The kind of number that an operand is.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum ParameterKind {
    /// A floating-point number.
    Real,
    /// An `i32`, as the exponent of `powi`.
    Integer,
}

/// What a rule promises at a point where the textbook formula is silent or infinite.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct Edge {
    /// The values of the operands.
    pub args: &'static [f64],
    /// The active operands with the partial derivative promised for each; all others are inactive.
    pub partials: &'static [(usize, f64)],
    /// The convention in words.
    pub note: &'static str,
}

impl Edge {
    /// Whether each operand is active, in the form that [`crate::Prim::partial`] takes.
    ///
    /// ```
    /// use autodiff_rules::Prim;
    ///
    /// let relu_at_zero = Prim::Max.edges().iter().find(|edge| edge.partials == [(0, 0.0)]).unwrap();
    /// assert_eq!(relu_at_zero.active(), [true, false]);
    /// ```
    pub fn active(&self) -> alloc::vec::Vec<bool> {
        (0..self.args.len())
            .map(|operand| self.partials.iter().any(|&(wrt, _)| wrt == operand))
            .collect()
    }
}

/// Whether a value is better stored or recomputed.
#[derive(PartialEq)]
pub(crate) enum Cost {
    Cheap,
    Costly,
}

/// The position of the operand `label`; a misspelt label fails to compile.
pub(crate) const fn position(parameters: &[&str], label: &str) -> usize {
    let mut i = 0;
    while i < parameters.len() {
        if same(parameters[i].as_bytes(), label.as_bytes()) {
            return i;
        }
        i += 1;
    }
    panic!("a label of the row is not one of its parameters")
}

const fn same(a: &[u8], b: &[u8]) -> bool {
    if a.len() != b.len() {
        return false;
    }
    let mut i = 0;
    while i < a.len() {
        if a[i] != b[i] {
            return false;
        }
        i += 1;
    }
    true
}

#[cold]
#[track_caller]
pub(crate) fn wrong_arity(prim: crate::Prim, given: usize) -> ! {
    panic!(
        "`{}` takes {} operands, not {given}",
        prim.name(),
        prim.parameters().len()
    )
}

macro_rules! parameter_kind {
    () => {
        $crate::ParameterKind::Real
    };
    (integer) => {
        $crate::ParameterKind::Integer
    };
}

/// An operand of the number instances as the value's formula takes it: an integer arrives as a float.
#[cfg(feature = "std")]
macro_rules! operand {
    ($p:ident) => {
        $p
    };
    ($p:ident integer) => {
        $p as i32
    };
}

/// One row a primitive:
///
/// ```text
/// Variant method(parameters) = value, cost { parameter: partial, … } at [sample], …
///     edge [arguments] { active parameter: promised partial, … } "why", …;
/// ```
///
/// The first line of the table names the result and the activity of the operands as partials refer to them.
/// A parameter without a partial has derivative zero everywhere.
macro_rules! rules {
    (
        result $y:ident, activity $active:ident;
        $( section $section:literal { $(
            $variant:ident $name:ident ( $( $p:ident $(: $kind:ident)? ),* ) = $value:expr, $cost:ident
            { $( $label:ident : $partial:expr ),* $(,)? }
            at $( [ $($sample:expr),* ] ),+
            $( edge [ $($arg:expr),* ] { $( $edge_label:ident : $promise:expr ),* } $note:literal ),* ;
        )* } )*
    ) => {
        /// A primitive of the table: a method of `f32` and `f64`, an operator, or a helper of the partials.
        #[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Debug)]
        pub enum Prim { $( $(
            #[doc = concat!("`", stringify!($value), "`")]
            $variant,
        )* )* }

        impl Prim {
            /// Every primitive, in the order of the table.
            pub const ALL: &'static [Prim] = &[ $( $( Prim::$variant, )* )* ];

            /// The name of the method; for an operator the method of its trait, as in `add`.
            pub const fn name(self) -> &'static str {
                match self { $( $( Prim::$variant => stringify!($name), )* )* }
            }

            /// The names of the parameters, `self` first; their number is the arity.
            // [`Prim::partial`] asks for the arity, in loops over elements too.
            #[inline]
            pub const fn parameters(self) -> &'static [&'static str] {
                match self { $( $( Prim::$variant => &[ $( stringify!($p) ),* ], )* )* }
            }

            /// Whether operand `i` is real or an integer.
            ///
            /// # Panics
            ///
            /// When `i` is not below the arity.
            pub const fn parameter_kind(self, i: usize) -> ParameterKind {
                match self { $( $( Prim::$variant => [ $( parameter_kind!($($kind)?) ),* ][i], )* )* }
            }

            /// The value as Rust writes it, in terms of the parameters.
            pub const fn value_text(self) -> &'static str {
                match self { $( $( Prim::$variant => stringify!($value), )* )* }
            }

            /// The title of the section of the table that the primitive stands in.
            pub const fn section(self) -> &'static str {
                match self { $( $( Prim::$variant => $section, )* )* }
            }

            /// Whether storing the value beats computing it again: a transcendental, a root or a division.
            pub fn is_costly(self) -> bool {
                let cost = match self { $( $( Prim::$variant => Cost::$cost, )* )* };
                cost == Cost::Costly
            }

            /// Points inside the domain, away from kinks, at which tests compare the rule with differences.
            pub const fn samples(self) -> &'static [&'static [f64]] {
                match self { $( $( Prim::$variant => &[ $( &[ $($sample),* ] ),+ ], )* )* }
            }

            /// The conventions at kinks, poles and the border of the domain.
            pub const fn edges(self) -> &'static [Edge] {
                match self { $( $( Prim::$variant => const { &[ $( Edge {
                    args: &[ $($arg),* ],
                    partials: &[ $( (position(Prim::$variant.parameters(), stringify!($edge_label)), $promise) ),* ],
                    note: $note,
                } ),* ] }, )* )* }
            }

            /// The derivative with respect to operand `wrt` at `args`, where the primitive has the value `result`.
            ///
            /// `active[i]` tells whether operand `i` is active, on which the conventions at kinks depend; ask only
            /// for active operands. `None` means zero everywhere: such an operand contributes nothing, not even a
            /// zero times something.
            ///
            /// # Panics
            ///
            /// When `args` or `active` are not as long as [`Prim::parameters`].
            // A partial rarely reads every parameter, and bindings for all of them are made.
            #[allow(unused_variables)]
            #[inline]
            pub fn partial<R: Real>(self, wrt: usize, $active: &[bool], args: &[R], result: &R) -> Option<R> {
                if $active.len() != self.parameters().len() {
                    wrong_arity(self, $active.len());
                }
                match (self, args) {
                    $( $( (Prim::$variant, [ $($p),* ]) => {
                        $( let $p = &Term::new($p); )*
                        let $y = &Term::new(result);
                        $( if wrt == const { position(Prim::$variant.parameters(), stringify!($label)) } {
                            let partial: Term<R> = IntoTerm::<R>::into_term($partial);
                            return Some(partial.into_inner());
                        } )*
                        None
                    } )* )*
                    _ => wrong_arity(self, args.len()),
                }
            }
        }

        /// The primitives as functions of terms, in which the partials are written.
        // There is a function for every primitive; the rows need not use all of them.
        #[allow(dead_code)]
        pub(crate) mod functions {
            use crate::{Prim, Real, term::{IntoTerm, Term}};
            $( $(
                #[inline]
                pub(crate) fn $name<R: Real>( $( $p: impl IntoTerm<R> ),* ) -> Term<R> {
                    Term::call(Prim::$variant, &[ $( $p.into_term().into_inner() ),* ])
                }
            )* )*
        }

        /// The values as numbers. A caller that names the primitive is left with its row alone, in its own loop.
        #[cfg(feature = "std")]
        pub(crate) mod values {
            use crate::{Prim, row::{operand, wrong_arity}};
            #[inline]
            pub(crate) fn f32(prim: Prim, args: &[f32]) -> f32 {
                match (prim, args) {
                    $( $( (Prim::$variant, &[ $($p),* ]) => { $( let $p = operand!($p $($kind)?); )* $value } )* )*
                    _ => wrong_arity(prim, args.len()),
                }
            }
            #[inline]
            pub(crate) fn f64(prim: Prim, args: &[f64]) -> f64 {
                match (prim, args) {
                    $( $( (Prim::$variant, &[ $($p),* ]) => { $( let $p = operand!($p $($kind)?); )* $value } )* )*
                    _ => wrong_arity(prim, args.len()),
                }
            }
        }
    };
}

#[cfg(feature = "std")]
pub(crate) use operand;
pub(crate) use {parameter_kind, rules};
