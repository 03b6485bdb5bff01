//! Structs of the user's: the fields that the function mentions, and what becomes known of them.

use proc_macro2::TokenStream;

use super::{Fields, Known, Ty, Types};
use crate::ir::Code;

impl Types {
    /// A struct of the user's; those of one text are the same.
    pub(crate) fn structure(&self, path: Option<Code>) -> Ty {
        let mut structs = self.structs.borrow_mut();
        let same = structs
            .iter()
            .position(|known| path.is_some() && known.path == path);
        Ty::Struct(same.unwrap_or_else(|| {
            structs.push(Fields {
                path,
                ..Fields::default()
            });
            structs.len() - 1
        }))
    }

    /// The type of a struct as the user wrote it, where its text stands somewhere.
    pub(crate) fn path_of(&self, ty: &Ty) -> Option<TokenStream> {
        let Ty::Struct(number) = self.shallow(ty) else {
            return None;
        };
        let number = self.representative(number);
        let structs = self.structs.borrow();
        let path = structs[number].path.as_ref();
        path.map(|path| path.tokens().clone())
    }

    /// The number that a struct is known by now.
    pub(super) fn representative(&self, mut number: usize) -> usize {
        while let Some(same) = self.structs.borrow()[number].same_as {
            number = same;
        }
        number
    }

    /// The type of a field of a struct, or of a part of a struct, which is one itself then; `None` of what has no fields.
    pub(crate) fn field(&self, ty: &Ty, name: &Code) -> Option<Ty> {
        let number = match self.shallow(ty) {
            Ty::Struct(number) => self.representative(number),
            Ty::Var(variable) if self.is_unknown_part(variable) => {
                let Ty::Struct(number) = self.structure(None) else {
                    return None;
                };
                self.bind(variable, Ty::Struct(number));
                number
            }
            _ => return None,
        };
        let known = self.structs.borrow()[number]
            .named
            .iter()
            .find(|(field, _)| field == name)
            .map(|(_, ty)| ty.clone());
        Some(known.unwrap_or_else(|| {
            let part = self.push(Known::Part);
            let field = (name.clone(), part.clone());
            self.structs.borrow_mut()[number].named.push(field);
            part
        }))
    }

    /// The element type of a sequence; a part of a struct that is used as a sequence is one.
    pub(crate) fn element(&self, ty: &Ty) -> Option<Ty> {
        match self.shallow(ty) {
            Ty::Var(variable) if self.is_unknown_part(variable) => {
                let element = self.push(Known::Part);
                self.variables.borrow_mut()[variable] = Known::Sequence(element.clone());
                Some(element)
            }
            found => found.element().cloned(),
        }
    }

    /// Whether nothing is known of a type but that it is that of a part of a struct.
    fn is_unknown_part(&self, variable: usize) -> bool {
        matches!(self.variables.borrow()[variable], Known::Part)
    }

    /// Whether this is the type of a part of a struct, which may be a number.
    pub(crate) fn is_part(&self, ty: &Ty) -> bool {
        match self.shallow(ty) {
            Ty::Var(variable) => matches!(
                self.variables.borrow()[variable],
                Known::Part | Known::Number
            ),
            _ => false,
        }
    }

    /// Makes two structs one. Their paths may differ, by an alias or an import, so only the fields are compared.
    pub(super) fn unify_structs(&self, x: usize, y: usize) -> bool {
        if x == y {
            return true;
        }
        // A struct that holds itself has no fixed depth.
        if self.holds(x, y) || self.holds(y, x) {
            return false;
        }
        let other = std::mem::take(&mut self.structs.borrow_mut()[y]);
        self.structs.borrow_mut()[y].same_as = Some(x);
        let path = self.structs.borrow()[x].path.clone();
        self.structs.borrow_mut()[x].path = path.or(other.path);
        other.named.iter().all(|(name, ty)| {
            let own = self.field(&Ty::Struct(x), name);
            own.is_some_and(|own| self.unify(&own, ty))
        })
    }

    /// Whether a struct is a type or inside of it.
    fn mentions(&self, ty: &Ty, number: usize) -> bool {
        match self.shallow(ty) {
            Ty::Var(_) | Ty::Scalar(_) => false,
            Ty::Struct(other) => {
                let other = self.representative(other);
                other == number || self.holds(other, number)
            }
            Ty::Array(element, _) | Ty::Slice(element) | Ty::Vec(element) => {
                self.mentions(&element, number)
            }
            Ty::Tuple(parts) => parts.iter().any(|part| self.mentions(part, number)),
        }
    }

    /// Whether a struct is inside of another.
    fn holds(&self, outer: usize, inner: usize) -> bool {
        let fields = self.structs.borrow()[outer].named.clone();
        fields.iter().any(|(_, field)| self.mentions(field, inner))
    }

    /// The variable that stands for a part of a struct that may be any sequence.
    pub(super) fn sequence_variable(&self, ty: &Ty) -> Option<usize> {
        let mut ty = ty.clone();
        while let Ty::Var(variable) = ty {
            match &self.variables.borrow()[variable] {
                Known::Bound(bound) => ty = bound.clone(),
                Known::Sequence(_) => return Some(variable),
                _ => return None,
            }
        }
        None
    }

    /// The type of a part of a struct that is computed with.
    pub(crate) fn compute_with(&self, ty: &Ty) {
        if let Ty::Var(variable) = self.shallow(ty) {
            let known = &mut self.variables.borrow_mut()[variable];
            if let Known::Part = known {
                *known = Known::Number;
            }
        }
    }
}
