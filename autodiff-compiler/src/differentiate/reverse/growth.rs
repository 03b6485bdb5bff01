//! The mirror of `Vec`s that change their length: their adjoints have the length that they had, at every point of the
//! reverse sweep, as a stack does that is read backwards.

use crate::ir::{
    BinaryOp, Builder, InitTree, Op, Operand, Place, Projection, ScalarType, Stmt, usize_literal,
};

use super::statements::below;
use super::{Adjoints, Reverse};

impl Reverse<'_> {
    /// What was appended takes the last adjoint, which goes.
    pub(super) fn mirror_push(
        &mut self,
        to: &Place,
        value: &InitTree,
        adjoints: &mut Adjoints,
        stmts: &mut Vec<Stmt>,
    ) {
        let Some(place) = self.adjoint_place(to) else {
            return;
        };
        let mut builder = Builder::new(&mut self.function);
        let length = builder.define("length", ScalarType::USIZE, Op::Len(place.clone()));
        let last = Op::Binary(BinaryOp::Sub, length, usize_literal(1));
        let last = builder.define("last", ScalarType::USIZE, last);
        stmts.append(&mut builder.stmts);
        let adjoint = below(&place, Projection::Index(last.clone()));
        self.mirror_tree(value, adjoint, adjoints, stmts);
        stmts.push(Stmt::Resize {
            place,
            length: last,
            grows: false,
        });
    }

    /// The adjoint gets the length back that the statement ahead has noted. What was cut off has no adjoint: nothing
    /// read it afterwards.
    pub(super) fn mirror_resize(
        &mut self,
        place: &Place,
        grows: bool,
        previous: Option<&Stmt>,
        stmts: &mut Vec<Stmt>,
    ) {
        let Some(place) = self.adjoint_place(place) else {
            return;
        };
        let Some(Stmt::Let {
            value: length,
            op: Op::Len(_),
        }) = previous
        else {
            unreachable!("a change of length comes after the length that there was");
        };
        stmts.push(Stmt::Resize {
            place,
            length: Operand::Value(*length),
            grows: !grows,
        });
    }
}
