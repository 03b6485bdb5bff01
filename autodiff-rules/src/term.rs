//! A thin wrapper that gives every [`Real`] the operators on references and on literals, so that the rows of the
//! table read as mathematics: `recip(sqrt((1.0 - x) * (1.0 + x)))`.

use core::ops::{Add, Div, Mul, Neg, Sub};

use crate::{Prim, Real};

/// A value inside a formula.
pub(crate) struct Term<R>(R);

impl<R: Real> Term<R> {
    pub(crate) fn new(value: &R) -> Self {
        Term(value.clone())
    }

    pub(crate) fn into_inner(self) -> R {
        self.0
    }

    pub(crate) fn call(prim: Prim, args: &[R]) -> Self {
        Term(R::call(prim, args))
    }
}

/// What may stand as an operand in a formula: a term, a reference to one, a literal.
pub(crate) trait IntoTerm<R> {
    fn into_term(self) -> Term<R>;
}

impl<R: Real> IntoTerm<R> for Term<R> {
    fn into_term(self) -> Term<R> {
        self
    }
}

impl<R: Real> IntoTerm<R> for &Term<R> {
    fn into_term(self) -> Term<R> {
        Term(self.0.clone())
    }
}

impl<R: Real> IntoTerm<R> for f64 {
    fn into_term(self) -> Term<R> {
        Term(R::lit(self))
    }
}

macro_rules! operators {
    ($( $operator:ident $method:ident; )*) => { $(
        impl<R: Real, Rhs: IntoTerm<R>> $operator<Rhs> for Term<R> {
            type Output = Term<R>;
            fn $method(self, rhs: Rhs) -> Term<R> {
                Term(self.0.$method(rhs.into_term().0))
            }
        }
        impl<R: Real, Rhs: IntoTerm<R>> $operator<Rhs> for &Term<R> {
            type Output = Term<R>;
            fn $method(self, rhs: Rhs) -> Term<R> {
                Term(self.0.clone().$method(rhs.into_term().0))
            }
        }
        impl<R: Real> $operator<Term<R>> for f64 {
            type Output = Term<R>;
            fn $method(self, rhs: Term<R>) -> Term<R> {
                Term(R::lit(self).$method(rhs.0))
            }
        }
        impl<R: Real> $operator<&Term<R>> for f64 {
            type Output = Term<R>;
            fn $method(self, rhs: &Term<R>) -> Term<R> {
                Term(R::lit(self).$method(rhs.0.clone()))
            }
        }
    )* };
}

operators! {
    Add add;
    Sub sub;
    Mul mul;
    Div div;
}

impl<R: Real> Neg for Term<R> {
    type Output = Term<R>;
    fn neg(self) -> Term<R> {
        Term(-self.0)
    }
}

impl<R: Real> Neg for &Term<R> {
    type Output = Term<R>;
    fn neg(self) -> Term<R> {
        Term(-self.0.clone())
    }
}
