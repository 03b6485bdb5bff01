//! Calls of functions whose companions differentiate them.

use super::Lowering;
use super::slot::{Destination, Slot, Value};
use crate::diagnostics;
use crate::hir::{self, Expr, ExprKind, visit};
use crate::ir::{
    Argument, Call, CallArgument, CallOperand, CallResult, Callee, Init, InitTree, MemoryId,
    Operand, Passed, Place, ScalarType, Stmt, Sweep, Type,
};

/// What a call changes through a memory of its own.
struct WriteBack {
    to: Destination,
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
                Passed::Mutable => {
                    let apart = stands_beside_parts(&template.arguments, k);
                    self.mutable_argument(argument, apart, &mut write_backs)
                }
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
        for WriteBack { to, memory } in write_backs {
            let value = self.read_memory(whole(memory));
            self.store(to, value, expr.span);
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
    fn mutable_argument(
        &mut self,
        argument: &Expr,
        apart: bool,
        write_backs: &mut Vec<WriteBack>,
    ) -> Argument {
        match &argument.kind {
            ExprKind::Reference(place) => self.handed_over(place, apart, write_backs),
            ExprKind::Block(hir::Block {
                stmts,
                tail: Some(tail),
            }) => {
                stmts.iter().for_each(|stmt| self.stmt(stmt));
                self.mutable_argument(tail, apart, write_backs)
            }
            _ => unreachable!("an argument behind `&mut` is a reference to a place"),
        }
    }

    /// The place that an argument behind `&mut` refers to; a variable that is no memory, and what has to stand `apart`,
    /// is put into one for the call.
    fn handed_over(
        &mut self,
        place: &hir::Place,
        apart: bool,
        write_backs: &mut Vec<WriteBack>,
    ) -> Argument {
        let to = self.resolve(place);
        let memory = match &to {
            Destination::Slot(Slot::Memory(memory)) if apart => self.copy_of(whole(*memory), ""),
            Destination::Place(place, _) if apart => self.copy_of(place.clone(), ""),
            Destination::Slot(Slot::Memory(memory)) => return Argument::Place(whole(*memory)),
            Destination::Place(place, _) => return Argument::Place(place.clone()),
            Destination::Slot(slot) => {
                let ty = self.slot_type(slot);
                if matches!(ty, Type::Scalar(ScalarType::Inferred)) {
                    self.errors
                        .span(place.span, &diagnostics::MUTABLE_ARGUMENT, &[]);
                }
                let value = self.read_slot(slot, place.span);
                let memory = self.new_memory("", ty);
                let tree: InitTree = self.leaf(value);
                self.stmts.push(Stmt::Alloc {
                    memory,
                    init: Init::Tree(tree),
                });
                memory
            }
            Destination::Opaque(_) => {
                self.errors
                    .span(place.span, &diagnostics::MUTABLE_ARGUMENT, &[]);
                return Argument::Scalar(super::expr::placeholder());
            }
        };
        write_backs.push(WriteBack { to, memory });
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

/// Whether another argument refers to the same variable as the one at `position`, as halves of `split_at_mut` do, and
/// still stands in its own place when this one has been copied.
fn stands_beside_parts(arguments: &[Expr], position: usize) -> bool {
    let place = |argument: &Expr| match &visit::lent(argument).kind {
        ExprKind::Reference(place) => Some((place.root, place.mutable)),
        _ => None,
    };
    let root = place(&arguments[position]).map(|(root, _)| root);
    arguments.iter().enumerate().any(|(other, argument)| {
        place(argument).is_some_and(|(other_root, mutable)| {
            other != position && Some(other_root) == root && (other > position || !mutable)
        })
    })
}
