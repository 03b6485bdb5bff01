//! The types of what statements read, write and define.

use autodiff_rules::ParameterKind;

use super::super::{
    BinaryOp, For, Init, InitTree, Length, Op, Operand, Origin, Place, Prim, RepeatCount,
    ScalarType, Stmt, TapeId, Type, TypedId, ValueId, place_type,
};
use super::Verifier;

impl Verifier<'_> {
    /// The types of one statement, nested blocks aside.
    pub(super) fn operation(&mut self, stmt: &Stmt) {
        match stmt {
            Stmt::Let { value, op } => self.op(*value, op),
            Stmt::Load { value, place } => {
                if let Some(ty) = self.scalar_place(place) {
                    self.defines(*value, &ty, self.function.place_has_lanes(place));
                }
            }
            Stmt::Store { place, value } => self.writes(place, value),
            Stmt::Accumulate { place, value } => {
                self.writes(place, value);
                self.float(value);
            }
            Stmt::Alloc { memory, init } => {
                let info = &self.function.memories[*memory];
                self.init(&info.ty, info.lanes, init);
            }
            Stmt::Copy { to, from } => {
                self.same_shape(to, from);
                let scalar = matches!(place_type(self.function, to), Some(Type::Scalar(_)));
                self.expect(!scalar, || {
                    format!("{to} is scalar: a load and a store copy it")
                });
            }
            Stmt::Push { to, value } => match self.own_vec(to) {
                Some((element, lanes)) => self.tree(&element, lanes, value),
                None => self.error(format!("{to} is no `Vec` of the function's own")),
            },
            Stmt::Resize { place, length, .. } => {
                self.operand_is(length, &ScalarType::USIZE, false);
                let own = self.own_vec(place).is_some();
                self.expect(own, || format!("{place} is no `Vec` of the function's own"));
            }
            Stmt::Move { to, from } => {
                let (target, source) =
                    (&self.function.memories[*to], &self.function.memories[*from]);
                let vecs = matches!((&target.ty, &source.ty), (Type::Vec(a), Type::Vec(b)) if a.same_shape(b));
                self.expect(vecs && target.lanes == source.lanes && to != from, || {
                    format!("{from:?} and {to:?} are not two `Vec`s of one type")
                });
            }
            Stmt::AccumulateAll { to, from } => self.same_shape(to, from),
            Stmt::CheckShape { primal, other, .. } => {
                let types = (
                    place_type(self.function, primal),
                    place_type(self.function, other),
                );
                let fits = matches!(&types, (Some(a), Some(b)) if a.same_shape(b));
                self.expect(fits, || {
                    format!("{primal} and {other} can't have the same shape")
                });
            }
            Stmt::TapePut { tape, index, value } => {
                if self.tape(*tape, index) {
                    let info = &self.function.tapes[*tape];
                    self.operand_is(value, &info.ty, info.lanes);
                    let earlier = self
                        .before_turn
                        .as_ref()
                        .is_some_and(|(_, tapes)| tapes[tape.index()]);
                    self.expect(!earlier, || {
                        format!("{tape:?} stands before the turn and is written after it")
                    });
                }
            }
            Stmt::TapeGet { value, tape, index } => {
                if self.tape(*tape, index) {
                    let info = &self.function.tapes[*tape];
                    self.defines(*value, &info.ty.clone(), info.lanes);
                }
            }
            Stmt::Call(call) => self.call(call),
            Stmt::Clear { .. }
            | Stmt::Keep { .. }
            | Stmt::Recall { .. }
            | Stmt::Check { .. }
            | Stmt::Effect(_)
            | Stmt::If(_)
            | Stmt::For(_)
            | Stmt::While(_)
            | Stmt::Turn
            | Stmt::TapeAlloc(_) => {}
        }
    }

    fn op(&mut self, value: ValueId, op: &Op) {
        let mut lanes = false;
        op.visit_operands(&mut |operand| lanes |= self.has_lanes(operand));
        if self.values.exists(value) {
            let takes_lanes = matches!(
                op,
                Op::Prim(..) | Op::Select(..) | Op::Cast(..) | Op::Copy(_)
            );
            self.expect(!lanes || takes_lanes, || {
                "an operation that does not work lane by lane".to_owned()
            });
            self.expect(!lanes || self.function.values[value].lanes, || {
                format!("an operand has lanes, but {value:?} does not")
            });
        }
        match op {
            Op::Prim(prim, operands) => self.prim(value, *prim, operands),
            Op::Binary(op, a, b) => self.binary(value, *op, a, b),
            Op::Not(a) => {
                let ty = self.type_of(a);
                self.expect(is_integer(&ty) || is_bool(&ty), || {
                    format!("`!` of {a}, which is {ty}")
                });
                self.is_of_type(value, &ty);
            }
            Op::Negate(a) => {
                let ty = self.type_of(a);
                self.expect(is_integer(&ty), || {
                    format!("the integer negation of {a}, which is {ty}")
                });
                self.is_of_type(value, &ty);
            }
            Op::Compare(_, a, b) => {
                self.same_type(a, b);
                self.is_of_type(value, &ScalarType::Bool);
            }
            Op::Select(condition, a, b) => {
                self.boolean(condition);
                self.same_type(a, b);
                let ty = self.type_of(a);
                self.is_of_type(value, &ty);
            }
            Op::Cast(_, ty) => self.is_of_type(value, ty),
            Op::Len(place) => {
                let countable =
                    place_type(self.function, place).is_none_or(|ty| ty.element().is_some());
                self.expect(countable, || {
                    format!("the length of {place}, which has none")
                });
                self.is_of_type(value, &ScalarType::USIZE);
            }
            Op::Copy(a) => {
                let ty = self.type_of(a);
                self.is_of_type(value, &ty);
            }
            // Only rustc knows the types of these.
            Op::Method(..) | Op::Pure(_) | Op::Opaque(_) => {}
        }
    }

    fn prim(&mut self, value: ValueId, prim: Prim, operands: &[Operand]) {
        let arity = prim.parameters().len();
        self.expect(operands.len() == arity, || {
            format!(
                "`{}` takes {arity} operands, not {}",
                prim.name(),
                operands.len()
            )
        });
        let result = self.value_type(value);
        let fits = match prim.result_kind() {
            ParameterKind::Real => result.is_float() || result == ScalarType::Inferred,
            ParameterKind::Integer => is_integer(&result),
        };
        self.expect(fits, || {
            format!("`{}` defines {value:?}, which is {result}", prim.name())
        });
        for (i, operand) in operands.iter().enumerate().take(arity) {
            let ty = self.type_of(operand);
            match prim.parameter_kind(i) {
                ParameterKind::Real => {
                    let fits = (ty.is_float() || ty == ScalarType::Inferred) && ty.matches(&result);
                    self.expect(fits, || {
                        format!(
                            "operand {operand} of `{}` is {ty}, the result {result}",
                            prim.name()
                        )
                    });
                }
                ParameterKind::Integer => {
                    let fits = is_integer(&ty) && !self.has_lanes(operand);
                    self.expect(fits, || {
                        format!("operand {operand} of `{}` is {ty}, no integer", prim.name())
                    });
                }
            }
        }
    }

    fn binary(&mut self, value: ValueId, op: BinaryOp, a: &Operand, b: &Operand) {
        use BinaryOp::{Add, And, BitAnd, BitOr, BitXor, Div, Mul, Or, Rem, Shl, Shr, Sub};
        let (left, right) = (self.type_of(a), self.type_of(b));
        let fits = match op {
            Add | Sub | Mul | Div | Rem => is_integer(&left) && left.matches(&right),
            BitAnd | BitOr | BitXor => {
                (is_integer(&left) || is_bool(&left)) && left.matches(&right)
            }
            Shl | Shr => is_integer(&left) && is_integer(&right),
            And | Or => is_bool(&left) && is_bool(&right),
        };
        self.expect(fits, || format!("`{op}` of {left} and {right}"));
        self.is_of_type(value, &left);
    }

    pub(super) fn range(&mut self, body: &For) {
        let ty = self.value_type(body.index);
        self.expect(is_integer(&ty), || {
            format!("the index {:?} is {ty}", body.index)
        });
        self.operand_is(&body.range.low, &ty, false);
        self.operand_is(&body.range.high, &ty, false);
    }

    /// The type of the elements of a `Vec` that no caller sees, and whether it has lanes.
    fn own_vec(&self, place: &Place) -> Option<(Type, bool)> {
        if !self.memories.exists(place.memory) {
            return None;
        }
        let info = &self.function.memories[place.memory];
        let own = matches!(info.origin, Origin::Local | Origin::Scratch | Origin::Owned);
        match place_type(self.function, place) {
            Some(Type::Vec(element)) if own => Some((*element, info.lanes)),
            _ => None,
        }
    }

    fn init(&mut self, ty: &Type, lanes: bool, init: &Init) {
        match init {
            Init::Tree(tree) => self.tree(ty, lanes, tree),
            Init::CopyOf(place) => self.copied(ty, lanes, place),
            // Zeros have the shape alone of the place, so that it matters neither whether that has lanes.
            Init::ZerosLike(place) => {
                let fits =
                    place_type(self.function, place).is_none_or(|other| ty.same_shape(&other));
                self.expect(fits, || format!("{place} has not the shape of {ty}"));
            }
            Init::Default => {}
        }
    }

    fn tree(&mut self, ty: &Type, lanes: bool, tree: &InitTree) {
        match (tree, ty) {
            (InitTree::Scalar(operand), Type::Scalar(scalar)) => {
                self.operand_is(operand, scalar, lanes && scalar.is_float());
            }
            (InitTree::CopyOf(place), _) => self.copied(ty, lanes, place),
            (InitTree::ZerosLike(place), _) => {
                self.init(ty, lanes, &Init::ZerosLike(place.clone()))
            }
            (InitTree::List(parts), Type::Array(element, length)) => {
                let counted = Length::Literal(parts.len());
                self.expect(length.agrees(&counted), || {
                    format!("{} elements in {ty}", parts.len())
                });
                parts
                    .iter()
                    .for_each(|part| self.tree(element, lanes, part));
            }
            (InitTree::List(parts), Type::Vec(element)) => {
                parts
                    .iter()
                    .for_each(|part| self.tree(element, lanes, part));
            }
            (InitTree::Repeat(part, RepeatCount::Fixed(count)), Type::Array(element, length)) => {
                self.expect(length.agrees(count), || format!("{count} elements in {ty}"));
                self.tree(element, lanes, part);
            }
            (InitTree::Repeat(part, RepeatCount::Dynamic(count)), Type::Vec(element)) => {
                self.index(count);
                self.tree(element, lanes, part);
            }
            (InitTree::Tuple(parts), Type::Tuple(_) | Type::Struct(_))
                if ty.parts().is_some_and(|types| parts.len() == types.len()) =>
            {
                parts
                    .iter()
                    .zip(ty.parts().into_iter().flatten())
                    .for_each(|(part, ty)| self.tree(ty, lanes, part));
            }
            _ => self.error(format!("{tree} is no content of {ty}")),
        }
    }

    fn copied(&mut self, ty: &Type, lanes: bool, place: &Place) {
        let fits = place_type(self.function, place).is_none_or(|other| ty.same_shape(&other));
        self.expect(fits, || format!("{place} has not the shape of {ty}"));
        let same_lanes = !ty.has_float() || lanes == self.function.place_has_lanes(place);
        self.expect(same_lanes, || {
            format!("{place} and its copy differ in lanes")
        });
    }

    fn same_shape(&mut self, to: &Place, from: &Place) {
        let (Some(target), Some(source)) = (
            place_type(self.function, to),
            place_type(self.function, from),
        ) else {
            return;
        };
        self.expect(target.same_shape(&source), || {
            format!("{to} is {target}, {from} is {source}")
        });
        let same_lanes = self.function.place_has_lanes(to) == self.function.place_has_lanes(from);
        self.expect(same_lanes, || format!("{to} and {from} differ in lanes"));
    }

    fn writes(&mut self, place: &Place, value: &Operand) {
        if let Some(ty) = self.scalar_place(place) {
            self.operand_is(value, &ty, self.function.place_has_lanes(place));
        }
    }

    fn scalar_place(&mut self, place: &Place) -> Option<ScalarType> {
        match place_type(self.function, place) {
            Some(Type::Scalar(ty)) => Some(ty),
            Some(ty) => {
                self.error(format!("{place} is not scalar but {ty}"));
                None
            }
            None => None,
        }
    }

    /// Whether the tape can be used here, and with so many indices.
    fn tape(&mut self, tape: TapeId, index: &[Operand]) -> bool {
        if !self.tapes.exists(tape) || !self.tapes.sees(tape) {
            self.error(format!("{tape:?} is not made, or out of scope"));
            return false;
        }
        let wanted = self.function.tapes[tape].layout.index_count();
        self.expect(index.len() == wanted, || {
            format!("{} indices of {tape:?}, which has {wanted}", index.len())
        });
        index.iter().for_each(|index| self.index(index));
        true
    }

    pub(super) fn assignable(&mut self, operand: &Operand, receiver: ValueId) {
        if self.values.exists(receiver) {
            let info = &self.function.values[receiver];
            self.operand_is(operand, &info.ty, info.lanes);
        }
    }

    pub(super) fn boolean(&mut self, operand: &Operand) {
        self.operand_is(operand, &ScalarType::Bool, false);
    }

    pub(super) fn index(&mut self, operand: &Operand) {
        self.operand_is(operand, &ScalarType::USIZE, false);
    }

    fn operand_is(&mut self, operand: &Operand, wanted: &ScalarType, lanes: bool) {
        let ty = self.type_of(operand);
        self.expect(ty.matches(wanted), || {
            format!("{operand} is {ty} where {wanted} is wanted")
        });
        self.expect(lanes || !self.has_lanes(operand), || {
            format!("{operand} has lanes where none are wanted")
        });
    }

    fn float(&mut self, operand: &Operand) {
        let ty = self.type_of(operand);
        self.expect(ty.is_float() || ty == ScalarType::Inferred, || {
            format!("{operand} is {ty}, no float")
        });
    }

    fn same_type(&mut self, a: &Operand, b: &Operand) {
        let (left, right) = (self.type_of(a), self.type_of(b));
        self.expect(left.matches(&right), || {
            format!("{a} is {left}, but {b} is {right}")
        });
    }

    fn defines(&mut self, value: ValueId, ty: &ScalarType, lanes: bool) {
        self.is_of_type(value, ty);
        if self.values.exists(value) {
            let same = self.function.values[value].lanes == lanes;
            self.expect(same, || {
                format!("{value:?} and what it is read from differ in lanes")
            });
        }
    }

    fn is_of_type(&mut self, value: ValueId, ty: &ScalarType) {
        let own = self.value_type(value);
        self.expect(own.matches(ty), || {
            format!("{value:?} is {own}, but its definition gives {ty}")
        });
    }

    /// The type of an operand; of one that does not exist, which is an error of its own, nothing is known.
    fn type_of(&self, operand: &Operand) -> ScalarType {
        match operand.value() {
            Some(value) => self.value_type(value),
            None => self.function.operand_type(operand).clone(),
        }
    }

    pub(super) fn value_type(&self, value: ValueId) -> ScalarType {
        if self.values.exists(value) {
            self.function.values[value].ty.clone()
        } else {
            ScalarType::Inferred
        }
    }

    fn has_lanes(&self, operand: &Operand) -> bool {
        operand
            .value()
            .is_some_and(|value| self.values.exists(value) && self.function.values[value].lanes)
    }
}

fn is_integer(ty: &ScalarType) -> bool {
    matches!(ty, ScalarType::Integer(_) | ScalarType::Inferred)
}

fn is_bool(ty: &ScalarType) -> bool {
    matches!(ty, ScalarType::Bool | ScalarType::Inferred)
}
