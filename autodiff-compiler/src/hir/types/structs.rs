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

    /// A struct by the path that a literal or a pattern names it by, which may leave out its generic arguments.
    pub(crate) fn structure_at(&self, path: Code) -> Ty {
        let mut structs = self.structs.borrow_mut();
        let path = Some(path);
        let same = structs
            .iter()
            .position(|known| known.path == path || known.name == path);
        Ty::Struct(same.unwrap_or_else(|| {
            structs.push(Fields {
                name: path,
                ..Fields::default()
            });
            structs.len() - 1
        }))
    }

    /// Notes that a literal has named all fields of a struct, and how it begins.
    pub(crate) fn complete(&self, ty: &Ty, constructor: Code) {
        if let Ty::Struct(number) = self.shallow(ty) {
            let number = self.representative(number);
            self.structs.borrow_mut()[number].constructor = Some(constructor);
        }
    }

    /// All fields of a struct, where a literal has named them.
    pub(crate) fn fields(&self, ty: &Ty) -> Option<Vec<(Code, Ty)>> {
        let Ty::Struct(number) = self.shallow(ty) else {
            return None;
        };
        let known = self.structs.borrow()[self.representative(number)].clone();
        known.constructor.map(|_| known.named)
    }

    /// Notes that values of the structs in a type are needed as wholes.
    pub(crate) fn needs_whole(&self, ty: &Ty) {
        match self.shallow(ty) {
            Ty::Var(_) | Ty::Scalar(_) => {}
            Ty::Struct(number) => {
                let number = self.representative(number);
                self.structs.borrow_mut()[number].whole = true;
            }
            Ty::Array(element, _) | Ty::Slice(element) | Ty::Vec(element) | Ty::Option(element) => {
                self.needs_whole(&element)
            }
            Ty::Tuple(parts) => parts.iter().for_each(|part| self.needs_whole(part)),
        }
    }

    /// What is inside of a whole is one, too.
    pub(crate) fn spread_wholes(&self) {
        loop {
            let structs = self.structs.borrow().clone();
            let count = |structs: &[Fields]| structs.iter().filter(|known| known.whole).count();
            for known in structs.iter().filter(|known| known.whole) {
                known.named.iter().for_each(|(_, ty)| self.needs_whole(ty));
            }
            if count(&structs) == count(&self.structs.borrow()) {
                return;
            }
        }
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
        matches!(
            self.variables.borrow()[variable],
            Known::Part | Known::Plain
        )
    }

    /// Whether this is the type of a part of a struct, which may be a number.
    pub(crate) fn is_part(&self, ty: &Ty) -> bool {
        match self.shallow(ty) {
            Ty::Var(variable) => matches!(
                self.variables.borrow()[variable],
                Known::Part | Known::Plain | Known::Number
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
        {
            let both = &mut self.structs.borrow_mut()[x];
            both.path = both.path.take().or(other.path);
            both.name = both.name.take().or(other.name);
            both.constructor = both.constructor.take().or(other.constructor);
            both.whole |= other.whole;
        }
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
            Ty::Array(element, _) | Ty::Slice(element) | Ty::Vec(element) | Ty::Option(element) => {
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
            if let Known::Part | Known::Plain = known {
                *known = Known::Number;
            }
        }
    }

    /// The type of a part of a struct that is handed to code of the user's, or compared: what that gives has no
    /// derivative, unless it turns out to be a number.
    pub(crate) fn look_at(&self, ty: &Ty) {
        if let Ty::Var(variable) = self.shallow(ty) {
            let known = &mut self.variables.borrow_mut()[variable];
            if let Known::Part = known {
                *known = Known::Plain;
            }
        }
    }

    /// Takes the parts of structs that are handed on, and never looked at, for values that only rustc knows.
    pub(crate) fn settle_parts(&self) {
        let count = self.variables.borrow().len();
        for variable in 0..count {
            if !matches!(self.variables.borrow()[variable], Known::Part) {
                continue;
            }
            let whole = self.structure(None);
            self.needs_whole(&whole);
            self.bind(variable, whole);
        }
    }
}
