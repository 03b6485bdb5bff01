//! Directions and cotangents in the shape of a primal argument or result, and random numbers to fill them.

use autodiff_compiler::interpret::{Datum, Scalar};
use autodiff_compiler::ir::{Binding, FloatType, Function, Length, Role, ScalarType, Type};

/// The generator SplitMix64 (Steele, Lea and Flood, "Fast splittable pseudorandom number generators", 2014).
pub struct Random(u64);

impl Random {
    /// Numbers that depend on `text` alone.
    pub fn of(text: &str) -> Self {
        Self(text.bytes().fold(0, |seed, byte| {
            seed.wrapping_mul(31).wrapping_add(byte.into())
        }))
    }

    /// A number in `-1.0..1.0`, with few digits so that it is an `f32` too.
    pub fn number(&mut self) -> f64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut bits = self.0;
        bits = (bits ^ (bits >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        bits = (bits ^ (bits >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        bits ^= bits >> 31;
        (bits >> 44) as f64 / f64::from(1 << 19) - 1.0
    }
}

/// The type of a parameter, and whether it has lanes.
pub fn parameter_type(function: &Function, binding: Binding) -> (Type, bool) {
    match binding {
        Binding::Value(value) => {
            let info = &function.values[value];
            (Type::Scalar(info.ty.clone()), info.lanes)
        }
        Binding::Memory(memory) => {
            let info = &function.memories[memory];
            (info.ty.clone(), info.lanes)
        }
    }
}

/// A datum of type `ty` in the shape of `like`, each float given by `number`; with lanes, as many numbers a float.
pub fn shaped(
    ty: &Type,
    like: &Datum,
    lanes: Option<usize>,
    number: &mut dyn FnMut() -> f64,
) -> Datum {
    match (ty, like) {
        (Type::Scalar(ScalarType::Float(float)), _) => {
            let mut scalar = || match float {
                FloatType::F32 => Scalar::F32(number() as f32),
                FloatType::F64 | FloatType::Named(_) => Scalar::F64(number()),
            };
            match lanes {
                Some(lanes) => Datum::Lanes((0..lanes).map(|_| scalar()).collect()),
                None => Datum::Scalar(scalar()),
            }
        }
        (Type::Tuple(_) | Type::Struct(_), Datum::Tuple(parts)) => {
            let types = ty.parts().into_iter().flatten();
            let parts = types
                .zip(parts)
                .map(|(ty, part)| shaped(ty, part, lanes, number));
            Datum::Tuple(parts.collect())
        }
        (Type::Tuple(types), Datum::Unit) => {
            let parts = types.iter().map(|ty| shaped(ty, like, lanes, number));
            Datum::Tuple(parts.collect())
        }
        // What has no tangent has the tangent `()`.
        (Type::Tuple(_), _) => Datum::Tuple(Vec::new()),
        (Type::Scalar(_), other) => other.clone(),
        (
            Type::Array(element, _) | Type::Slice(element) | Type::Vec(element),
            Datum::List(parts),
        ) => Datum::List(
            parts
                .iter()
                .map(|part| shaped(element, part, lanes, number))
                .collect(),
        ),
        // The primal did not come to its end, and what it would have returned has no shape.
        (Type::Slice(_) | Type::Vec(_), Datum::Unit) => Datum::List(Vec::new()),
        (Type::Array(element, Length::Literal(length)), Datum::Unit) => {
            let parts = (0..*length).map(|_| shaped(element, like, lanes, number));
            Datum::List(parts.collect())
        }
        (_, other) => panic!("{other:?} has not the shape of {ty}"),
    }
}

/// What a derivative function is called with.
pub struct Inputs<'a> {
    /// The arguments of the primal.
    pub primal: &'a [Datum],
    /// The result of the primal.
    pub result: &'a Datum,
    /// The numbers of the direction of each parameter, lanes one after the other.
    pub direction: &'a dyn Fn(usize) -> Vec<f64>,
    /// The numbers in each adjoint place on entry.
    pub adjoint: &'a dyn Fn(usize) -> Vec<f64>,
    /// The numbers of the cotangent of the result.
    pub cotangent: &'a [f64],
    /// How many lanes there are.
    pub lanes: usize,
}

impl Inputs<'_> {
    /// The arguments of `function`, in the order of its parameters.
    pub fn arguments(&self, function: &Function) -> Vec<Datum> {
        let parameters = function.parameters.iter().map(|parameter| {
            let (ty, lanes) = parameter_type(function, parameter.binding);
            let lanes = lanes.then_some(self.lanes);
            let fill = |like: &Datum, numbers: &[f64]| {
                let mut numbers = numbers.iter().copied();
                shaped(&ty, like, lanes, &mut || {
                    numbers.next().expect("a number for each float")
                })
            };
            match parameter.role {
                Role::Primal(i) => self.primal[i].clone(),
                Role::Direction(i) => fill(&self.primal[i], &(self.direction)(i)),
                Role::Adjoint(i) => fill(&self.primal[i], &(self.adjoint)(i)),
                Role::Cotangent => fill(self.result, self.cotangent),
                // The cotangent varies along itself, and the adjoints' tangents start at zero.
                Role::CotangentDirection => {
                    let repeated: Vec<f64> = self
                        .cotangent
                        .iter()
                        .flat_map(|number| vec![*number; self.lanes])
                        .collect();
                    fill(self.result, &repeated)
                }
                Role::AdjointDirection(i) => {
                    let floats = self.primal[i].floats().len();
                    fill(&self.primal[i], &vec![0.0; self.lanes * floats])
                }
            }
        });
        parameters.collect()
    }
}
