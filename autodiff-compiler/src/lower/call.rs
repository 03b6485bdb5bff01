//! Calls of functions whose companions differentiate them.

use super::Lowering;
use super::slot::{Destination, Slot, Value};
use crate::diagnostics;
use crate::hir::{self, Expr, ExprKind, visit};
use crate::ir::{
    Argument, Call, CallArgument, CallOperand, CallResult, Callee, Init, InitTree, MemoryId,
    Operand, Passed, Place, ScalarType, Stmt, Sweep, Type,
};

/// A variable that a call changes through a memory of its own.
struct WriteBack {
    slot: Slot,
    memory: MemoryId,
}

impl Lowering<'_> {
    /// Whether a derivative may pass through a call by path, or the call writes to memory.
    pub(super) fn is_differentiated(&self, call: &hir::Call, expr: &Expr) -> bool {
        let writes = call.passing.contains(&Passed::Mutable);
        writes || (self.differentiated[call.id] && self.types.model(&expr.ty).has_float())
    }

    /// Such a call.
    pub(super) fn call(
        &mut self,
        template: &hir::Template,
        call: &hir::Call,
        expr: &Expr,
    ) -> Value {
        let mut arguments = Vec::new();
        let mut write_backs = Vec::new();
        for (k, (argument, passing)) in template.arguments.iter().zip(&call.passing).enumerate() {
            let outer = self.copies;
            self.copies |= call.passing[k + 1..].contains(&Passed::Mutable)
                || template.arguments[k + 1..].iter().any(visit::changes);
            let content = match passing {
                Passed::Mutable => self.mutable_argument(argument, &mut write_backs),
                _ => self.argument(argument),
            };
            self.copies = outer;
            arguments.push(CallArgument::new(*passing, content));
        }
        let ty = self.types.model(&expr.ty);
        if has_vec_inside(&ty) {
            let callee = [template.callee.as_str()];
            self.errors
                .span(expr.span, &diagnostics::NESTED_RESULT, &callee);
        }
        let (result, value) = self.call_result(&ty);
        self.stmts.push(Stmt::Call(Box::new(Call {
            callee: Callee {
                name: template.callee.clone(),
                primal: match &call.of_receiver {
                    Some(name) => name.clone(),
                    None => self.callee_code(template),
                },
                companion: call.companion.clone(),
                method: call.method.clone(),
                has_receiver: call.of_receiver.is_some(),
            },
            sweep: Sweep::Primal,
            directions: false,
            arguments,
            result,
            result_tangent: CallResult::Unit,
            cotangent: CallOperand::Unit,
            cotangent_tangent: CallOperand::Unit,
        })));
        for WriteBack { slot, memory } in write_backs {
            let value = self.read_memory(whole(memory));
            self.store(Destination::Slot(slot), value, expr.span);
        }
        value
    }

    /// The code of the callee alone.
    fn callee_code(&self, template: &hir::Template) -> crate::ir::Code {
        let call = syn::parse2::<syn::ExprCall>(template.code.tokens().clone())
            .expect("the code of a call is a call");
        crate::ir::Code::new(quote::ToTokens::into_token_stream(call.func))
    }

    /// An argument behind `&mut`, which may refer to a variable that the argument itself makes.
    fn mutable_argument(&mut self, argument: &Expr, write_backs: &mut Vec<WriteBack>) -> Argument {
        match &argument.kind {
            ExprKind::Reference(place) => self.handed_over(place, write_backs),
            ExprKind::Block(hir::Block {
                stmts,
                tail: Some(tail),
            }) => {
                stmts.iter().for_each(|stmt| self.stmt(stmt));
                self.mutable_argument(tail, write_backs)
            }
            _ => unreachable!("an argument behind `&mut` is a reference to a place"),
        }
    }

    /// The place that an argument behind `&mut` refers to; a variable that is no memory is put into one for the call.
    fn handed_over(&mut self, place: &hir::Place, write_backs: &mut Vec<WriteBack>) -> Argument {
        let slot = match self.resolve(place) {
            Destination::Slot(Slot::Memory(memory)) => return Argument::Place(whole(memory)),
            Destination::Place(place, _) => return Argument::Place(place),
            Destination::Slot(slot) => slot,
            Destination::Opaque(_) => {
                self.errors
                    .span(place.span, &diagnostics::MUTABLE_ARGUMENT, &[]);
                return Argument::Scalar(super::expr::placeholder());
            }
        };
        let ty = self.slot_type(&slot);
        if matches!(ty, Type::Scalar(ScalarType::Inferred)) {
            self.errors
                .span(place.span, &diagnostics::MUTABLE_ARGUMENT, &[]);
        }
        let value = self.read_slot(&slot, place.span);
        let memory = self.new_memory("", ty);
        let tree: InitTree = self.leaf(value);
        self.stmts.push(Stmt::Alloc {
            memory,
            init: Init::Tree(tree),
        });
        write_backs.push(WriteBack { slot, memory });
        Argument::Place(whole(memory))
    }

    /// What a call gives, by its type.
    fn call_result(&mut self, ty: &Type) -> (CallResult, Value) {
        match ty {
            Type::Scalar(ty) => {
                let value = self.new_value("", ty.clone());
                (
                    CallResult::Value(value),
                    Value::Scalar(Operand::Value(value)),
                )
            }
            Type::Tuple(parts) if parts.is_empty() => (CallResult::Unit, Value::UNIT),
            Type::Tuple(parts) => {
                let (results, values) = parts.iter().map(|part| self.call_result(part)).unzip();
                (CallResult::Tuple(results), Value::Tuple(values))
            }
            _ => {
                let memory = self.new_memory("", ty.clone());
                (CallResult::Memory(memory), Value::Fresh(memory))
            }
        }
    }
}

/// Whether there are `Vec`s in a `Vec` or an array: what shape they have is known to themselves alone.
fn has_vec_inside(ty: &Type) -> bool {
    fn has_vec(ty: &Type) -> bool {
        match ty {
            Type::Vec(_) | Type::Slice(_) => true,
            Type::Array(element, _) => has_vec(element),
            Type::Tuple(parts) => parts.iter().any(has_vec),
            Type::Scalar(_) | Type::Struct(_) => false,
        }
    }
    match ty {
        Type::Vec(element) | Type::Slice(element) | Type::Array(element, _) => has_vec(element),
        Type::Tuple(parts) => parts.iter().any(has_vec_inside),
        Type::Scalar(_) | Type::Struct(_) => false,
    }
}

fn whole(memory: MemoryId) -> Place {
    Place {
        memory,
        path: Vec::new(),
    }
}
