//! What goes into a call and comes out of it.

use super::super::{
    Argument, Call, CallAdjoint, CallOperand, CallResult, Operand, Place, ScalarType, Sweep, Type,
    place_type,
};
use super::Verifier;

impl Verifier<'_> {
    /// Tangents and adjoints go with what they belong to.
    pub(super) fn call(&mut self, call: &Call) {
        for argument in &call.arguments {
            let Some(ty) = self.argument_type(&argument.content) else {
                continue;
            };
            if let Some(tangent) = &argument.tangent {
                self.expect(call.directions, || {
                    format!("{tangent} is the tangent of an argument, but no tangents go along")
                });
                self.belongs(tangent, &ty);
            }
            for adjoint in [&argument.adjoint, &argument.adjoint_tangent]
                .into_iter()
                .flatten()
            {
                self.expect(call.sweep == Sweep::Reverse, || {
                    "only a reverse sweep gives adjoints".to_owned()
                });
                match adjoint {
                    CallAdjoint::Value(value) => {
                        let argument = Argument::Scalar(Operand::Value(*value));
                        self.belongs(&argument, &ty);
                    }
                    CallAdjoint::Place(place) => {
                        self.belongs(&Argument::Place(place.clone()), &ty);
                    }
                }
            }
        }
        let backward = call.sweep == Sweep::Reverse;
        let gives = call.result != CallResult::Unit || call.result_tangent != CallResult::Unit;
        self.expect(!(backward && gives), || {
            "a reverse sweep gives nothing but adjoints".to_owned()
        });
        let starts =
            call.cotangent != CallOperand::Unit || call.cotangent_tangent != CallOperand::Unit;
        self.expect(backward || !starts, || {
            "only a reverse sweep starts from a cotangent".to_owned()
        });
    }

    fn argument_type(&self, argument: &Argument) -> Option<Type> {
        match argument {
            Argument::Scalar(operand) => {
                Some(Type::Scalar(self.function.operand_type(operand).clone()))
            }
            Argument::Place(place) => self.known_place(place),
        }
    }

    fn known_place(&self, place: &Place) -> Option<Type> {
        self.memories
            .exists(place.memory)
            .then(|| place_type(self.function, place))
            .flatten()
    }

    fn belongs(&mut self, other: &Argument, ty: &Type) {
        let Some(found) = self.argument_type(other) else {
            return;
        };
        let open = matches!(ty, Type::Scalar(ScalarType::Inferred));
        self.expect(open || found.same_shape(ty), || {
            format!("{other} is {found}, and belongs to an argument that is {ty}")
        });
    }
}
