//! Values of the types that parameters and results have, flattened to their scalars and built from them.

use crate::cast::constant_components;
use crate::scalar::{Dual, S};

/// A parameter's or a result's type, owned.
pub trait Point: Clone {
    /// The type of its tangents and adjoints.
    type Tangent;
    /// The type that the twin has in its place.
    type Dual;

    /// Appends the scalars.
    fn components(&self, out: &mut Vec<f64>);
    /// Appends everything, integers too, as bits.
    fn bits(&self, out: &mut Vec<u64>);
    /// The same shape with other scalars.
    fn with(&self, scalars: &mut dyn Iterator<Item = f64>) -> Self;
    /// A tangent of this shape.
    fn tangent(&self, scalars: &mut dyn Iterator<Item = f64>) -> Self::Tangent;
    /// Appends a tangent's scalars.
    fn tangent_components(tangent: &Self::Tangent, out: &mut Vec<f64>);
    /// The twin's value of this shape.
    fn dual(&self, scalars: &mut dyn Iterator<Item = Dual>) -> Self::Dual;
    /// Appends the scalars of a twin's value.
    fn dual_components(dual: &Self::Dual, out: &mut Vec<Dual>);
}

/// The number of scalars of a point.
pub fn count<P: Point>(point: &P) -> usize {
    let mut values = Vec::new();
    point.components(&mut values);
    values.len()
}

/// The scalars of a point without derivatives.
pub fn constants<P: Point>(point: &P) -> Vec<Dual> {
    constant_components(point)
}

/// The next scalar of a flat vector, whose length the caller has matched to the shapes.
fn next<A>(scalars: &mut dyn Iterator<Item = A>) -> A {
    scalars
        .next()
        .expect("the flat vector is as long as the shapes say")
}

macro_rules! scalar_point {
    ($($float:ident)*) => {$(
        impl Point for $float {
            type Tangent = $float;
            type Dual = S<$float>;
            fn components(&self, out: &mut Vec<f64>) {
                out.push(f64::from(*self));
            }
            fn bits(&self, out: &mut Vec<u64>) {
                out.push(u64::from(self.to_bits()));
            }
            fn with(&self, scalars: &mut dyn Iterator<Item = f64>) -> Self {
                next(scalars) as $float
            }
            fn tangent(&self, scalars: &mut dyn Iterator<Item = f64>) -> Self {
                next(scalars) as $float
            }
            fn tangent_components(tangent: &Self, out: &mut Vec<f64>) {
                out.push(f64::from(*tangent));
            }
            fn dual(&self, scalars: &mut dyn Iterator<Item = Dual>) -> Self::Dual {
                S::new(next(scalars))
            }
            fn dual_components(dual: &Self::Dual, out: &mut Vec<Dual>) {
                out.push(dual.dual());
            }
        }
    )*};
}
scalar_point!(f32 f64);

macro_rules! inactive_point {
    ($($ty:ty: |$value:ident| $bits:expr;)*) => {$(
        impl Point for $ty {
            type Tangent = ();
            type Dual = $ty;
            fn components(&self, _: &mut Vec<f64>) {}
            fn bits(&self, out: &mut Vec<u64>) {
                let $value = self;
                out.extend($bits);
            }
            fn with(&self, _: &mut dyn Iterator<Item = f64>) -> Self {
                self.clone()
            }
            fn tangent(&self, _: &mut dyn Iterator<Item = f64>) {}
            fn tangent_components((): &(), _: &mut Vec<f64>) {}
            fn dual(&self, _: &mut dyn Iterator<Item = Dual>) -> Self {
                self.clone()
            }
            fn dual_components(_: &Self, _: &mut Vec<Dual>) {}
        }
    )*};
}
inactive_point! {
    (): |_unit| None::<u64>;
    bool: |value| [u64::from(*value)];
    char: |value| [u64::from(*value)];
    u8: |value| [*value as u64];
    u16: |value| [*value as u64];
    u32: |value| [*value as u64];
    u64: |value| [*value];
    usize: |value| [*value as u64];
    i8: |value| [*value as u64];
    i16: |value| [*value as u64];
    i32: |value| [*value as u64];
    i64: |value| [*value as u64];
    isize: |value| [*value as u64];
    &'static str: |value| value.bytes().map(u64::from);
    String: |value| value.bytes().map(u64::from);
}

impl<A: Point, const N: usize> Point for [A; N] {
    type Tangent = [A::Tangent; N];
    type Dual = [A::Dual; N];
    fn components(&self, out: &mut Vec<f64>) {
        self.iter().for_each(|element| element.components(out));
    }
    fn bits(&self, out: &mut Vec<u64>) {
        self.iter().for_each(|element| element.bits(out));
    }
    fn with(&self, scalars: &mut dyn Iterator<Item = f64>) -> Self {
        self.each_ref().map(|element| element.with(scalars))
    }
    fn tangent(&self, scalars: &mut dyn Iterator<Item = f64>) -> Self::Tangent {
        self.each_ref().map(|element| element.tangent(scalars))
    }
    fn tangent_components(tangent: &Self::Tangent, out: &mut Vec<f64>) {
        tangent
            .iter()
            .for_each(|element| A::tangent_components(element, out));
    }
    fn dual(&self, scalars: &mut dyn Iterator<Item = Dual>) -> Self::Dual {
        self.each_ref().map(|element| element.dual(scalars))
    }
    fn dual_components(dual: &Self::Dual, out: &mut Vec<Dual>) {
        dual.iter()
            .for_each(|element| A::dual_components(element, out));
    }
}

impl<A: Point> Point for Vec<A> {
    type Tangent = Vec<A::Tangent>;
    type Dual = Vec<A::Dual>;
    fn components(&self, out: &mut Vec<f64>) {
        self.iter().for_each(|element| element.components(out));
    }
    fn bits(&self, out: &mut Vec<u64>) {
        out.push(self.len() as u64);
        self.iter().for_each(|element| element.bits(out));
    }
    fn with(&self, scalars: &mut dyn Iterator<Item = f64>) -> Self {
        self.iter().map(|element| element.with(scalars)).collect()
    }
    fn tangent(&self, scalars: &mut dyn Iterator<Item = f64>) -> Self::Tangent {
        self.iter()
            .map(|element| element.tangent(scalars))
            .collect()
    }
    fn tangent_components(tangent: &Self::Tangent, out: &mut Vec<f64>) {
        tangent
            .iter()
            .for_each(|element| A::tangent_components(element, out));
    }
    fn dual(&self, scalars: &mut dyn Iterator<Item = Dual>) -> Self::Dual {
        self.iter().map(|element| element.dual(scalars)).collect()
    }
    fn dual_components(dual: &Self::Dual, out: &mut Vec<Dual>) {
        dual.iter()
            .for_each(|element| A::dual_components(element, out));
    }
}

macro_rules! tuple_point {
    ($($A:ident $index:tt),*) => {
        impl<$($A: Point),*> Point for ($($A,)*) {
            type Tangent = ($($A::Tangent,)*);
            type Dual = ($($A::Dual,)*);
            fn components(&self, out: &mut Vec<f64>) {
                $(self.$index.components(out);)*
            }
            fn bits(&self, out: &mut Vec<u64>) {
                $(self.$index.bits(out);)*
            }
            fn with(&self, scalars: &mut dyn Iterator<Item = f64>) -> Self {
                ($(self.$index.with(scalars),)*)
            }
            fn tangent(&self, scalars: &mut dyn Iterator<Item = f64>) -> Self::Tangent {
                ($(self.$index.tangent(scalars),)*)
            }
            fn tangent_components(tangent: &Self::Tangent, out: &mut Vec<f64>) {
                $($A::tangent_components(&tangent.$index, out);)*
            }
            fn dual(&self, scalars: &mut dyn Iterator<Item = Dual>) -> Self::Dual {
                ($(self.$index.dual(scalars),)*)
            }
            fn dual_components(dual: &Self::Dual, out: &mut Vec<Dual>) {
                $($A::dual_components(&dual.$index, out);)*
            }
        }
    };
}
tuple_point!(A 0);
tuple_point!(A 0, B 1);
tuple_point!(A 0, B 1, C 2);
tuple_point!(A 0, B 1, C 2, D 3);
tuple_point!(A 0, B 1, C 2, D 3, E 4);
