//! A small part of Rust for the code of the user's that statements contain: assertions above all.

mod macros;
mod names;

use syn::punctuated::Punctuated;
use syn::{BinOp, Expr, Lit, Token, UnOp};

use names::{comparison, float_operator, integer_operator, keyword_type, scalar_type};

use super::{Datum, Panic, Scalar, Settings, constants, methods, operations};
use crate::ir::{FloatType, Prim, ScalarType, Template};

/// An argument of a template, or any value inside one, with what is known of its type.
#[derive(Clone)]
pub(super) struct Hole {
    pub(super) datum: Datum,
    pub(super) ty: ScalarType,
}

/// Runs a template whose value has type `ty`.
pub(super) fn evaluate(
    settings: &Settings,
    template: &Template,
    holes: &[Hole],
    ty: &ScalarType,
) -> Result<Datum, Panic> {
    let tokens = template.code.tokens().clone();
    let unsupported = || Panic::Unsupported(format!("`{}`", template.code.text()));
    let value = match syn::parse2::<Expr>(tokens.clone()) {
        Ok(expression) => Evaluator { settings, holes }.expression(&expression),
        Err(_) => {
            let block = syn::parse::Parser::parse2(syn::Block::parse_within, tokens)
                .map_err(|_| unsupported())?;
            Evaluator { settings, holes }.statements(&block)
        }
    }?;
    match value {
        // A literal without suffix takes the type that is wanted.
        Some(Hole {
            datum: Datum::Scalar(scalar),
            ty: ScalarType::Inferred,
        }) if ty.is_float() => operations::cast(settings, scalar, ty).map(Datum::Scalar),
        Some(value) => Ok(value.datum),
        None => Err(unsupported()),
    }
}

/// Whether a template is a macro that does nothing or panics.
pub(super) fn is_assertion(template: &Template) -> bool {
    let text = template.code.text();
    let name = text
        .split(|c: char| !c.is_alphanumeric() && c != '_' && c != ':')
        .find(|name| !name.is_empty());
    let name = name
        .unwrap_or_default()
        .rsplit("::")
        .next()
        .unwrap_or_default();
    let known = ["panic", "unreachable", "todo", "unimplemented", "return"];
    name.starts_with("assert") || name.starts_with("debug_assert") || known.contains(&name)
}

/// What the code of a constant comes to, where that is more than a path.
pub(super) fn constant_expression(settings: &Settings, code: &str) -> Result<Option<Datum>, Panic> {
    let Ok(expression) = syn::parse_str::<Expr>(code) else {
        return Ok(None);
    };
    if matches!(expression, Expr::Path(_)) {
        return Ok(None);
    }
    let value = Evaluator {
        settings,
        holes: &[],
    }
    .expression(&expression)?;
    Ok(value.map(|value| value.datum))
}

/// `None` is code beyond the small part.
type Evaluated = Result<Option<Hole>, Panic>;

struct Evaluator<'a> {
    settings: &'a Settings,
    holes: &'a [Hole],
}

fn scalar(scalar: Scalar, ty: ScalarType) -> Hole {
    Hole {
        datum: Datum::Scalar(scalar),
        ty,
    }
}

fn unit() -> Hole {
    Hole {
        datum: Datum::Unit,
        ty: ScalarType::Inferred,
    }
}

fn list(parts: Vec<Datum>) -> Hole {
    Hole {
        datum: Datum::List(parts),
        ty: ScalarType::Inferred,
    }
}

/// The value inside, or out of the function with "unsupported".
macro_rules! supported {
    ($value:expr) => {
        match $value {
            Some(value) => value,
            None => return Ok(None),
        }
    };
}

use supported;

impl Evaluator<'_> {
    fn statements(&self, statements: &[syn::Stmt]) -> Evaluated {
        let mut last = unit();
        for (i, statement) in statements.iter().enumerate() {
            if let syn::Stmt::Item(syn::Item::Const(constant)) = statement {
                let value = supported!(self.expression(&constant.expr)?);
                let mut settings = self.settings.clone();
                settings
                    .constants
                    .insert(constant.ident.to_string(), value.datum);
                let inside = Evaluator {
                    settings: &settings,
                    holes: self.holes,
                };
                return inside.statements(&statements[i + 1..]);
            }
            last = match statement {
                syn::Stmt::Expr(expression, _) => supported!(self.expression(expression)?),
                syn::Stmt::Macro(statement) => supported!(self.call_macro(&statement.mac)?),
                syn::Stmt::Local(_) | syn::Stmt::Item(_) => return Ok(None),
            };
        }
        Ok(Some(last))
    }

    fn expression(&self, expression: &Expr) -> Evaluated {
        match expression {
            Expr::Paren(inner) => self.expression(&inner.expr),
            Expr::Group(inner) => self.expression(&inner.expr),
            Expr::Reference(inner) => self.expression(&inner.expr),
            Expr::Block(inner) => self.statements(&inner.block.stmts),
            Expr::Lit(literal) => Ok(self.literal(&literal.lit)),
            Expr::Path(path) => self.path(&path.path),
            // What a function fails with is beyond the small part; that it fails at this place is what a test compares.
            Expr::Return(_) => Err(Panic::Panicked("the function fails".into())),
            Expr::Unary(unary) => self.unary(unary),
            Expr::Binary(binary) => self.binary(binary),
            Expr::Cast(cast) => {
                let value = supported!(self.scalar(&cast.expr)?);
                let ty = supported!(scalar_type(&cast.ty));
                Ok(Some(scalar(
                    operations::cast(self.settings, value.0, &ty)?,
                    ty,
                )))
            }
            Expr::MethodCall(call) => self.method(call),
            Expr::Call(call) => self.call(call),
            Expr::Macro(call) => self.call_macro(&call.mac),
            Expr::Range(range) => self.range(range),
            Expr::Array(array) => self.sequence(&array.elems).map(|parts| parts.map(list)),
            Expr::Tuple(tuple) => {
                let parts = supported!(self.sequence(&tuple.elems)?);
                Ok(Some(Hole {
                    datum: Datum::Tuple(parts),
                    ty: ScalarType::Inferred,
                }))
            }
            Expr::Field(field) => {
                let value = supported!(self.expression(&field.base)?);
                let syn::Member::Unnamed(index) = &field.member else {
                    return Ok(None);
                };
                let step = super::memory::Step::Field(index.index as usize);
                Ok(Some(Hole {
                    datum: super::memory::part(&value.datum, &[step])?.into_owned(),
                    ty: ScalarType::Inferred,
                }))
            }
            Expr::Index(index) => {
                let place = supported!(self.expression(&index.expr)?);
                let Some((Scalar::Integer(index), _)) = self.scalar(&index.index)? else {
                    return Ok(None);
                };
                let step = super::memory::Step::Index(index);
                Ok(Some(Hole {
                    datum: super::memory::part(&place.datum, &[step])?.into_owned(),
                    ty: ScalarType::Inferred,
                }))
            }
            _ => Ok(None),
        }
    }

    fn sequence(&self, parts: &Punctuated<Expr, Token![,]>) -> Result<Option<Vec<Datum>>, Panic> {
        let parts = parts
            .iter()
            .map(|part| Ok(self.expression(part)?.map(|hole| hole.datum)));
        parts.collect()
    }

    /// A range of integers, as the list of them; long ones are beyond what tests need.
    fn range(&self, range: &syn::ExprRange) -> Evaluated {
        const LONGEST: i128 = 1 << 20;
        let (Some(start), Some(end)) = (&range.start, &range.end) else {
            return Ok(None);
        };
        let (Some((Scalar::Integer(start), _)), Some((Scalar::Integer(end), _))) =
            (self.scalar(start)?, self.scalar(end)?)
        else {
            return Ok(None);
        };
        let end = end + i128::from(matches!(range.limits, syn::RangeLimits::Closed(_)));
        if end - start > LONGEST {
            return Ok(None);
        }
        let items = (start..end).map(|item| Datum::Scalar(Scalar::Integer(item)));
        Ok(Some(list(items.collect())))
    }

    fn scalar(&self, expression: &Expr) -> Result<Option<(Scalar, ScalarType)>, Panic> {
        Ok(match self.expression(expression)? {
            Some(Hole {
                datum: Datum::Scalar(scalar),
                ty,
            }) => Some((scalar, ty)),
            _ => None,
        })
    }

    fn literal(&self, literal: &Lit) -> Option<Hole> {
        let typed = |text: &str, suffix: &str| {
            let ty = keyword_type(suffix).unwrap_or(ScalarType::Inferred);
            let literal = crate::ir::Literal {
                text: text.to_owned(),
                ty: ty.clone(),
            };
            constants::literal(self.settings, &literal)
                .ok()
                .map(|value| scalar(value, ty))
        };
        match literal {
            Lit::Int(literal) => typed(literal.base10_digits(), literal.suffix()),
            Lit::Float(literal) => typed(literal.base10_digits(), literal.suffix()),
            Lit::Bool(literal) => Some(scalar(Scalar::Bool(literal.value), ScalarType::Bool)),
            Lit::Char(literal) => Some(scalar(Scalar::Char(literal.value()), ScalarType::Char)),
            _ => None,
        }
    }

    fn path(&self, path: &syn::Path) -> Evaluated {
        if let Some(ident) = path.get_ident()
            && let Some(hole) = ident.to_string().strip_prefix("__hole_")
        {
            let hole = hole
                .parse::<usize>()
                .ok()
                .and_then(|hole| self.holes.get(hole));
            return hole
                .map(|hole| Some(hole.clone()))
                .ok_or_else(|| Panic::Defect(format!("no hole `{ident}`")));
        }
        let text = quote::quote!(#path).to_string();
        let owner = path
            .segments
            .first()
            .and_then(|first| keyword_type(&first.ident.to_string()));
        let ty = owner.unwrap_or(ScalarType::Inferred);
        constants::constant(self.settings, &text, &ty).map(|datum| Some(Hole { datum, ty }))
    }

    fn unary(&self, unary: &syn::ExprUnary) -> Evaluated {
        if matches!(unary.op, UnOp::Deref(_)) {
            return self.expression(&unary.expr);
        }
        let (value, ty) = supported!(self.scalar(&unary.expr)?);
        let value = match unary.op {
            UnOp::Not(_) => operations::not(value, &ty)?,
            UnOp::Neg(_) if value.is_float() => {
                operations::prim(Prim::Neg, &[value], matches!(value, Scalar::F32(_)))?
            }
            UnOp::Neg(_) => operations::negate(value, &ty)?,
            _ => return Ok(None),
        };
        Ok(Some(scalar(value, ty)))
    }

    fn binary(&self, binary: &syn::ExprBinary) -> Evaluated {
        let (left, left_type) = supported!(self.scalar(&binary.left)?);
        // The right-hand side of `&&` and `||` may be what the left-hand side guards.
        match (&binary.op, left) {
            (BinOp::And(_), Scalar::Bool(false)) | (BinOp::Or(_), Scalar::Bool(true)) => {
                return Ok(Some(scalar(left, ScalarType::Bool)));
            }
            _ => {}
        }
        let (right, right_type) = supported!(self.scalar(&binary.right)?);
        let (left, right) = self.unified((left, &left_type), (right, &right_type))?;
        let ty = if left_type == ScalarType::Inferred {
            right_type
        } else {
            left_type
        };
        let value = match comparison(&binary.op) {
            Some(comparison) => {
                return operations::compare(comparison, left, right)
                    .map(|truth| Some(scalar(truth, ScalarType::Bool)));
            }
            None if left.is_float() => {
                let prim = supported!(float_operator(&binary.op));
                operations::prim(prim, &[left, right], matches!(left, Scalar::F32(_)))?
            }
            None => operations::binary(supported!(integer_operator(&binary.op)), left, right, &ty)?,
        };
        Ok(Some(scalar(value, ty)))
    }

    /// A float literal beside an `f32` is one too.
    fn unified(
        &self,
        a: (Scalar, &ScalarType),
        b: (Scalar, &ScalarType),
    ) -> Result<(Scalar, Scalar), Panic> {
        let narrow = ScalarType::Float(FloatType::F32);
        Ok(match (a, b) {
            ((Scalar::F64(_), ScalarType::Inferred), (Scalar::F32(_), _)) => {
                (operations::cast(self.settings, a.0, &narrow)?, b.0)
            }
            ((Scalar::F32(_), _), (Scalar::F64(_), ScalarType::Inferred)) => {
                (a.0, operations::cast(self.settings, b.0, &narrow)?)
            }
            _ => (a.0, b.0),
        })
    }

    fn method(&self, call: &syn::ExprMethodCall) -> Evaluated {
        let receiver = supported!(self.expression(&call.receiver)?);
        let name = call.method.to_string();
        match (&receiver.datum, name.as_str()) {
            (Datum::List(parts), "len" | "count") => Ok(Some(Hole {
                datum: parts.len().into(),
                ty: ScalarType::USIZE,
            })),
            (Datum::List(parts), "size_hint") => {
                let hint = vec![parts.len().into(), parts.len().into()];
                Ok(Some(Hole {
                    datum: Datum::Tuple(hint),
                    ty: ScalarType::Inferred,
                }))
            }
            (Datum::List(parts), "step_by") => {
                let step = call
                    .args
                    .first()
                    .map(|step| self.scalar(step))
                    .transpose()?
                    .flatten();
                let Some((Scalar::Integer(step), _)) = step else {
                    return Ok(None);
                };
                match usize::try_from(step) {
                    Ok(0) | Err(_) => Err(Panic::Panicked("assertion failed: step != 0".into())),
                    Ok(step) => Ok(Some(list(parts.iter().step_by(step).cloned().collect()))),
                }
            }
            (Datum::List(parts), "is_empty") => Ok(Some(Hole {
                datum: parts.is_empty().into(),
                ty: ScalarType::Bool,
            })),
            (Datum::Scalar(first), _) => {
                self.method_of_scalar(&name, (*first, receiver.ty.clone()), call.args.iter())
            }
            _ => Ok(None),
        }
    }

    fn method_of_scalar<'e>(
        &self,
        name: &str,
        receiver: (Scalar, ScalarType),
        rest: impl Iterator<Item = &'e Expr>,
    ) -> Evaluated {
        let mut operands = vec![receiver.0];
        for argument in rest {
            let argument = supported!(self.scalar(argument)?);
            operands.push(
                self.unified((receiver.0, &receiver.1), (argument.0, &argument.1))?
                    .1,
            );
        }
        let value = methods::method(self.settings, name, &operands, &receiver.1, &receiver.1)?;
        let ty = if matches!(value, Scalar::Bool(_)) {
            ScalarType::Bool
        } else {
            receiver.1
        };
        Ok(Some(scalar(value, ty)))
    }

    fn call(&self, call: &syn::ExprCall) -> Evaluated {
        let Expr::Path(function) = &*call.func else {
            return Ok(None);
        };
        let path = &function.path;
        let name: String = quote::quote!(#path).to_string().replace(' ', "");
        if let Some(callee) = self.settings.calls.get(&name) {
            let mut arguments = Vec::new();
            for argument in &call.args {
                arguments.push(supported!(self.expression(argument)?).datum);
            }
            let datum = self.settings.run(callee, arguments)?.output;
            return Ok(Some(Hole {
                datum,
                ty: ScalarType::Inferred,
            }));
        }
        let mut segments = function.path.segments.iter().rev();
        let name = segments
            .next()
            .map(|segment| segment.ident.to_string())
            .unwrap_or_default();
        let owner = segments
            .next()
            .and_then(|segment| keyword_type(&segment.ident.to_string()));
        let owner = supported!(owner);
        let mut arguments = call.args.iter();
        let (first, first_type) = match arguments.next() {
            Some(argument) => supported!(self.scalar(argument)?),
            None => return Ok(None),
        };
        if name == "from" {
            return Ok(Some(scalar(
                operations::cast(self.settings, first, &owner)?,
                owner,
            )));
        }
        let receiver = if first_type == ScalarType::Inferred && first.is_float() {
            operations::cast(self.settings, first, &owner)?
        } else {
            first
        };
        self.method_of_scalar(&name, (receiver, owner), arguments)
    }
}
