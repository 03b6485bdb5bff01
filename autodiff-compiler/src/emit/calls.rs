//! Calls of other differentiable functions, and the tape that all of them share.

use proc_macro2::{Delimiter, TokenStream, TokenTree};
use quote::quote;

use super::body::Body;
use super::expression::Level;
use super::memory::place_type;
use super::pending::Taken;
use super::shape::Like;
use super::{shape, types};
use crate::ir::{
    Argument, Call, CallAdjoint, CallArgument, CallOperand, CallResult, FloatType, MemoryId,
    Origin, Passed, Place, ScalarType, Stmt, Sweep, Type, ValueId,
};

impl<'a> Body<'a> {
    pub(super) fn call(&mut self, stmt: &'a Stmt, call: &'a Call) {
        let taken = self.take_for(stmt);
        for argument in &call.arguments {
            for (adjoint, lanes) in [
                (&argument.adjoint, false),
                (&argument.adjoint_tangent, true),
            ] {
                if let Some(CallAdjoint::Value(value)) = adjoint {
                    self.declare_adjoint(*value, lanes);
                }
            }
        }
        let mut arguments: Vec<TokenStream> = call
            .arguments
            .iter()
            .map(|argument| self.argument(call, argument, &argument.content, false, &taken))
            .collect();
        let plain = call.sweep == Sweep::Primal && !call.directions;
        if !plain {
            let lanes = self.lanes_of(call);
            for argument in &call.arguments {
                let tangent = self.tangent(call, argument, &lanes, &taken);
                let is_made_here = argument.tangent.is_none() && argument.written().is_some();
                if !is_made_here || call.sweep == Sweep::Reverse {
                    arguments.push(tangent);
                    continue;
                }
                // Nothing is asked of the place while it is borrowed.
                let along = self.names.fresh("along");
                self.write(quote!(let #along = #tangent;));
                arguments.push(quote!(#along));
            }
            if call.sweep == Sweep::Reverse {
                arguments.push(self.cotangent(&call.cotangent, false, true, &taken));
                arguments.push(match call.directions {
                    true => self.cotangent(&call.cotangent_tangent, true, true, &taken),
                    false => self.no_cotangent(&call.cotangent, &lanes, &taken),
                });
                for argument in &call.arguments {
                    arguments.push(self.adjoint(argument, argument.adjoint.as_ref(), None, &taken));
                }
                for argument in &call.arguments {
                    let adjoint = argument.adjoint_tangent.as_ref();
                    let tokens = self.adjoint(argument, adjoint, Some(&lanes), &taken);
                    let ty = self.argument_type(argument);
                    if adjoint.is_some() || ty.is_none_or(|ty| shape::is_copy(&ty)) {
                        arguments.push(tokens);
                        continue;
                    }
                    // Nothing is asked of the adjoint while it is borrowed.
                    let along = self.names.fresh("along");
                    self.write(quote!(let #along = #tokens;));
                    arguments.push(quote!(#along));
                }
            }
        }
        let mut callee = self.callee(call);
        let is_statement = call.sweep == Sweep::Reverse || plain && call.result == CallResult::Unit;
        // A block with the items that a path needs would be a statement of its own.
        if is_statement && starts_with_a_block(&callee) {
            callee = quote!((#callee));
        }
        if call.sweep != Sweep::Primal {
            let tape = self.context.tape.as_ref();
            arguments.push(quote!(#tape));
        }
        // A block that declares the callee is no statement of its own.
        let callee = match callee.clone().into_iter().next() {
            Some(TokenTree::Group(group)) if group.delimiter() == Delimiter::Brace => {
                quote!((#callee))
            }
            _ => callee,
        };
        let tokens = match call.callee.has_receiver {
            true => {
                let receiver = arguments.remove(0);
                let receiver = match syn::parse2::<syn::Ident>(receiver.clone()) {
                    Err(_) if receiver.to_string() != "self" => quote!((#receiver)),
                    _ => receiver,
                };
                quote!(#receiver.#callee(#(#arguments),*))
            }
            false => quote!(#callee(#(#arguments),*)),
        };
        if call.sweep == Sweep::Reverse {
            self.write(quote!(#tokens;));
            return;
        }
        let (pattern, ty) = self.result(&call.result, false);
        if plain {
            self.write(match call.result {
                CallResult::Unit => quote!(#tokens;),
                _ => quote!(let #pattern: #ty = #tokens;),
            });
            return;
        }
        let (tangent_pattern, tangent_ty) = match call.directions {
            true => self.result(&call.result_tangent, true),
            false => (quote!(_), quote!(_)),
        };
        self.write(quote!(let (#pattern, #tangent_pattern): (#ty, #tangent_ty) = #tokens;));
    }

    fn callee(&self, call: &Call) -> TokenStream {
        let name = match (call.sweep, call.directions) {
            (Sweep::Primal, false) => return call.callee.primal.tokens().clone(),
            (Sweep::Primal, true) => super::kind::Kind::JvpLanes.name(),
            (Sweep::Forward, _) => super::kind::Kind::HiddenForward.name(),
            (Sweep::Reverse, _) => super::kind::Kind::HiddenReverse.name(),
        };
        let name = call.callee.item(name);
        if call.callee.has_receiver {
            return quote!(#name);
        }
        super::operation::fill(call.callee.companion.tokens().clone(), &[quote!(#name)])
    }

    /// The type of the derivatives that go along with a call: where none do, of derivatives along no direction.
    fn lanes_of(&self, call: &Call) -> Lanes {
        match &self.context.lanes {
            Some(_) if call.directions && self.context.along_one => Lanes::One,
            Some(lanes) if call.directions => Lanes::Along(lanes.clone()),
            _ => Lanes::None(self.context.private.clone()),
        }
    }

    /// An argument, or what goes with it and is passed as it is.
    fn argument(
        &self,
        call: &Call,
        argument: &CallArgument,
        content: &Argument,
        lanes: bool,
        taken: &Taken,
    ) -> TokenStream {
        let backward = call.sweep == Sweep::Reverse;
        if backward && argument.passing == Passed::Mutable {
            // The reverse sweep has no use for what the forward sweep overwrote.
            let private = &self.context.private;
            return quote!(#private::Overwritten);
        }
        match content {
            Argument::Scalar(operand) => {
                let expression = match operand {
                    crate::ir::Operand::Literal(_) if !lanes => self.typed_operand(operand, taken),
                    _ => self.spread(self.operand(operand, taken), lanes),
                };
                match argument.passing {
                    Passed::Value => expression.tokens().clone(),
                    _ => {
                        let tokens = expression.at(Level::Unary);
                        quote!(&#tokens)
                    }
                }
            }
            Argument::Place(place) => match argument.passing {
                Passed::Value if !(backward || lanes && self.is_vec(place)) => {
                    self.copy_of(place, taken)
                }
                Passed::Value if shape::is_copy(&place_type(self.function, place)) => {
                    self.copy_of(place, taken)
                }
                Passed::Mutable => self.reference(place, true, taken),
                _ => self.reference(place, false, taken),
            },
        }
    }

    fn is_vec(&self, place: &Place) -> bool {
        matches!(place_type(self.function, place), Type::Vec(_))
    }

    /// A reference to a place.
    pub(super) fn reference(&self, place: &Place, mutable: bool, taken: &Taken) -> TokenStream {
        let origin = self.function.memories[place.memory].origin;
        let borrow = if mutable { quote!(&mut) } else { quote!(&) };
        if place.path.is_empty() && origin == Origin::Shared {
            let ident = &self.memories[&place.memory];
            return quote!(#ident);
        }
        let place = self.place(place, taken).at(Level::Unary);
        quote!(#borrow #place)
    }

    /// The type of an argument, if it is known.
    fn argument_type(&self, argument: &CallArgument) -> Option<Type> {
        match &argument.content {
            Argument::Scalar(operand) => match self.function.operand_type(operand) {
                ScalarType::Inferred => None,
                ty => Some(Type::Scalar(ty.clone())),
            },
            Argument::Place(place) => Some(place_type(self.function, place)),
        }
    }

    /// The tangent of an argument: what does not vary has none, or zeros.
    fn tangent(
        &self,
        call: &Call,
        argument: &CallArgument,
        lanes: &Lanes,
        taken: &Taken,
    ) -> TokenStream {
        if call.sweep == Sweep::Reverse && argument.passing == Passed::Mutable {
            return quote!(());
        }
        if let Some(tangent) = &argument.tangent {
            return self.argument(call, argument, tangent, true, taken);
        }
        let private = &self.context.private;
        let Some(ty) = self.argument_type(argument) else {
            return quote!(#private::absent());
        };
        // Of structs there are tangents along one direction, or none.
        if !ty.has_float() || ty.has_struct() && !call.directions {
            return quote!(());
        }
        let zeros = self.zeros(&ty, &argument.content, lanes, taken);
        match (argument.passing, &ty) {
            (Passed::Value, Type::Vec(_)) | (Passed::Shared, _) => quote!(&#zeros),
            (Passed::Value, ty) if call.sweep == Sweep::Reverse && !shape::is_copy(ty) => {
                quote!(&#zeros)
            }
            (Passed::Value, _) => zeros,
            (Passed::Mutable, _) => quote!(&mut #zeros),
        }
    }

    /// Zeros in the shape of an argument.
    fn zeros(&self, ty: &Type, content: &Argument, lanes: &Lanes, taken: &Taken) -> TokenStream {
        let tangent = super::interface::owned(&types::tangent(ty));
        let lanes = lanes.of(&tangent);
        self.zeros_beside(&tangent, content, lanes.as_ref(), taken)
    }

    fn zeros_beside(
        &self,
        tangent: &Type,
        content: &Argument,
        lanes: Option<&TokenStream>,
        taken: &Taken,
    ) -> TokenStream {
        let (like, of) = match content {
            Argument::Scalar(_) => (TokenStream::new(), Like::Primal),
            Argument::Place(place) => {
                let ty = place_type(self.function, place);
                let place = match ty {
                    Type::Struct(_) => self.place(place, taken),
                    _ => self.receiver(place, taken),
                };
                (place.at(Level::Postfix), Like::of(&ty))
            }
        };
        let names = &mut self.names.clone();
        shape::zeros_like(&self.context.private, names, (tangent, of), lanes, &like)
    }

    fn cotangent(
        &self,
        cotangent: &CallOperand,
        lanes: bool,
        outermost: bool,
        taken: &Taken,
    ) -> TokenStream {
        match cotangent {
            CallOperand::Unit => quote!(()),
            CallOperand::Scalar(operand) => self.whole(&self.operand(operand, taken), lanes),
            CallOperand::Place(place) if outermost && self.is_vec(place) => {
                self.reference(place, false, taken)
            }
            CallOperand::Place(place) => self.copy_of(place, taken),
            CallOperand::Tuple(parts) => {
                let parts = parts
                    .iter()
                    .map(|part| self.cotangent(part, lanes, false, taken));
                quote!((#(#parts,)*))
            }
        }
    }

    /// The derivative of a cotangent along no direction.
    fn no_cotangent(&self, cotangent: &CallOperand, lanes: &Lanes, taken: &Taken) -> TokenStream {
        match cotangent {
            CallOperand::Unit => quote!(()),
            CallOperand::Scalar(operand) => {
                let ty = Type::Scalar(self.function.operand_type(operand).clone());
                let lanes = lanes.of(&ty);
                shape::zero(&self.context.private, &ty, lanes.as_ref())
            }
            CallOperand::Place(place) => {
                let ty = place_type(self.function, place);
                if ty.has_struct() {
                    return quote!(());
                }
                let zeros = self.zeros(&ty, &Argument::Place(place.clone()), lanes, taken);
                match ty {
                    Type::Vec(_) => quote!(&#zeros),
                    _ => zeros,
                }
            }
            CallOperand::Tuple(parts) => {
                let parts = parts.iter().map(|part| match part {
                    CallOperand::Place(place) => {
                        let ty = place_type(self.function, place);
                        self.zeros(&ty, &Argument::Place(place.clone()), lanes, taken)
                    }
                    part => self.no_cotangent(part, lanes, taken),
                });
                quote!((#(#parts,)*))
            }
        }
    }

    /// Where the adjoint of an argument goes, or its tangent with `lanes`.
    fn adjoint(
        &self,
        argument: &CallArgument,
        adjoint: Option<&CallAdjoint>,
        lanes: Option<&Lanes>,
        taken: &Taken,
    ) -> TokenStream {
        match adjoint {
            Some(CallAdjoint::Value(value)) => {
                let ident = self.variable(*value);
                quote!(&mut #ident)
            }
            Some(CallAdjoint::Place(place)) => self.reference(place, true, taken),
            None => {
                let private = &self.context.private;
                match self.argument_type(argument) {
                    None => quote!(&mut #private::absent()),
                    Some(ty) if !ty.has_float() || ty.has_struct() && lanes.is_some() => {
                        quote!(&mut ())
                    }
                    Some(ty) => {
                        let zeros = match lanes {
                            Some(lanes) => self.zeros(&ty, &argument.content, lanes, taken),
                            None => {
                                let tangent = super::interface::owned(&types::tangent(&ty));
                                self.zeros_beside(&tangent, &argument.content, None, taken)
                            }
                        };
                        quote!(&mut #zeros)
                    }
                }
            }
        }
    }

    /// Declares the variable that takes the adjoint of an argument, at zero.
    fn declare_adjoint(&mut self, value: ValueId, lanes: bool) {
        let ident = self.declare(value);
        let ty = Type::Scalar(self.function.values[value].ty.clone());
        let lanes = self.context.lanes.as_ref().filter(|_| lanes);
        let zero = shape::zero(&self.context.private, &ty, lanes);
        let ty = types::place(&self.context.private, &ty, lanes);
        self.write(quote!(let mut #ident: #ty = #zero;));
    }

    /// A pattern for what a call gives, and its type.
    fn result(&mut self, result: &CallResult, lanes: bool) -> (TokenStream, TokenStream) {
        let lanes = self.context.lanes.clone().filter(|_| lanes);
        let private = self.context.private.clone();
        match result {
            CallResult::Unit => (quote!(_), quote!(())),
            CallResult::Value(value) => {
                let ty = Type::Scalar(self.function.values[*value].ty.clone());
                let ty = types::place(&private, &ty, lanes.as_ref());
                if self.variables.use_count(*value) == 0 {
                    return (quote!(_), ty);
                }
                let ident = self.declare(*value);
                let mutable = self.variables.is_mutable(*value).then(|| quote!(mut));
                (quote!(#mutable #ident), ty)
            }
            CallResult::Memory(memory) => {
                let info = &self.function.memories[*memory];
                let ty = types::place(&private, &info.ty, lanes.as_ref());
                let ident = self.names.fresh(&info.name);
                self.memories.insert(*memory, ident.clone());
                if !self.is_mentioned_again(*memory) {
                    return (quote!(_), ty);
                }
                let mutable = self.written.contains(memory).then(|| quote!(mut));
                (quote!(#mutable #ident), ty)
            }
            CallResult::Tuple(parts) => {
                let (patterns, types): (Vec<_>, Vec<_>) = parts
                    .iter()
                    .map(|part| self.result(part, lanes.is_some()))
                    .unzip();
                (quote!((#(#patterns,)*)), quote!((#(#types,)*)))
            }
        }
    }

    /// Whether anything but its declaration mentions a memory.
    pub(super) fn is_mentioned_again(&self, memory: MemoryId) -> bool {
        let mut mentions = 0;
        self.function
            .body
            .visit_memories(&mut |other, _| mentions += usize::from(*other == memory));
        self.function
            .output
            .visit_memories(&mut |other| mentions += usize::from(*other == memory));
        mentions > 1
    }
}

/// The type of the derivatives that go along with a call.
enum Lanes {
    /// The type that the function itself is generic over.
    Along(TokenStream),
    /// Of derivatives along one direction, which are numbers.
    One,
    /// Of derivatives along no direction, in the module that generated code calls.
    None(TokenStream),
}

impl Lanes {
    fn of(&self, ty: &Type) -> Option<TokenStream> {
        match self {
            Self::Along(lanes) => Some(lanes.clone()),
            Self::One => None,
            Self::None(private) => Some(nothing(private, first_float(ty).as_ref())),
        }
    }
}

/// The type of derivatives along no direction.
pub(super) fn nothing(private: &TokenStream, float: Option<&FloatType>) -> TokenStream {
    match float {
        Some(float) => {
            let float = types::float(float);
            quote!(#private::Lanes::<#float, 0>)
        }
        None => quote!(#private::Nothing),
    }
}

fn first_float(ty: &Type) -> Option<FloatType> {
    let mut first = None;
    ty.visit_floats(&mut |float| _ = first.get_or_insert_with(|| float.clone()));
    first
}

/// Whether code starts with braces.
fn starts_with_a_block(code: &TokenStream) -> bool {
    let first = code.clone().into_iter().next();
    matches!(first, Some(TokenTree::Group(group)) if group.delimiter() == Delimiter::Brace)
}
