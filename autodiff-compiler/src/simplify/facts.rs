//! What is known of values without running the function: their definitions, and which accesses and operations can't
//! panic.

use rustc_hash::FxHashMap as HashMap;

use crate::ir::RepeatCount;
use crate::ir::{
    BinaryOp, Block, Function, Init, InitTree, Length, MemoryId, Op, Operand, Place, Prim,
    Projection, Range, ScalarType, Stmt, Type, ValueId,
};

/// The definitions of a function's values.
#[derive(Debug)]
pub struct Facts {
    ops: HashMap<ValueId, Op>,
    ranges: HashMap<ValueId, Range>,
    /// Values that a loop raises by a literal from a literal.
    counters: Vec<ValueId>,
    /// The lengths that local `Vec`s were made with.
    lengths: HashMap<MemoryId, Operand>,
    /// Memories that can change their length.
    replaced: Vec<MemoryId>,
}

impl Facts {
    /// Reads the facts off `function`.
    pub fn of(function: &Function) -> Self {
        let mut facts = Self {
            ops: HashMap::default(),
            ranges: HashMap::default(),
            counters: Vec::new(),
            lengths: HashMap::default(),
            replaced: Vec::new(),
        };
        facts.read(&function.body);
        facts
    }

    fn read(&mut self, block: &Block) {
        for stmt in &block.stmts {
            match stmt {
                Stmt::Let { value, op } => {
                    self.ops.insert(*value, op.clone());
                }
                Stmt::For(body) => {
                    self.ranges.insert(body.index, body.range.clone());
                }
                Stmt::Alloc {
                    memory,
                    init: Init::Tree(InitTree::Repeat(_, RepeatCount::Dynamic(length))),
                } => {
                    self.lengths.insert(*memory, length.clone());
                }
                _ => self.replaced.extend(stmt.resized()),
            }
            stmt.for_each_block(&mut |inner| self.read(inner));
            if let Stmt::For(crate::ir::For { carried, body, .. })
            | Stmt::While(crate::ir::While { carried, body, .. }) = stmt
            {
                for (variable, next) in carried.iter().zip(&body.yields) {
                    let starts =
                        integer(&variable.initial).is_some_and(|n| (0..1 << 20).contains(&n));
                    if starts
                        && let (Some(base), 0..=4096) = self.affine(next)
                        && base == variable.parameter
                    {
                        self.counters.push(variable.parameter);
                    }
                }
            }
        }
    }

    /// The range of a loop index.
    pub fn range(&self, index: ValueId) -> Option<&Range> {
        self.ranges.get(&index)
    }

    /// An integer as a value plus a constant.
    fn affine(&self, operand: &Operand) -> (Option<ValueId>, i128) {
        if let Some(n) = integer(operand) {
            return (None, n);
        }
        let Some(value) = operand.value() else {
            return (None, i128::MIN);
        };
        match self.ops.get(&value) {
            Some(Op::Binary(op @ (BinaryOp::Add | BinaryOp::Sub), a, b)) => {
                match (op, integer(a), integer(b)) {
                    (BinaryOp::Add, _, Some(n)) => self.shifted(a, n),
                    (BinaryOp::Add, Some(n), _) => self.shifted(b, n),
                    (BinaryOp::Sub, _, Some(n)) => self.shifted(a, -n),
                    _ => (Some(value), 0),
                }
            }
            Some(Op::Copy(a)) => self.affine(a),
            _ => (Some(value), 0),
        }
    }

    fn shifted(&self, operand: &Operand, by: i128) -> (Option<ValueId>, i128) {
        let (base, at) = self.affine(operand);
        (base, at.saturating_add(by))
    }

    /// Whether evaluating the operation can panic or has an effect.
    pub fn can_panic(&self, function: &Function, op: &Op) -> bool {
        match op {
            Op::Opaque(_) | Op::Pure(_) | Op::Negate(_) => true,
            Op::Prim(prim, operands) => {
                *prim == Prim::Clamp && !ordered(&operands[1], &operands[2])
            }
            Op::Binary(op, a, b) => self.binary_can_panic(function, *op, a, b),
            Op::Method(name, _) => {
                let total = [
                    "saturating_",
                    "wrapping_",
                    "is_",
                    "to_",
                    "min",
                    "max",
                    "abs_diff",
                    "signum",
                    "total_cmp",
                ];
                !total.iter().any(|prefix| name.starts_with(prefix))
            }
            Op::Len(place) => place.path.iter().any(Projection::is_checked),
            Op::Not(_) | Op::Compare(..) | Op::Select(..) | Op::Cast(..) | Op::Copy(_) => false,
        }
    }

    fn binary_can_panic(
        &self,
        function: &Function,
        op: BinaryOp,
        a: &Operand,
        b: &Operand,
    ) -> bool {
        match op {
            BinaryOp::And
            | BinaryOp::Or
            | BinaryOp::BitAnd
            | BinaryOp::BitOr
            | BinaryOp::BitXor => false,
            BinaryOp::Div | BinaryOp::Rem => integer(b).is_none_or(|n| n == 0 || n == -1),
            BinaryOp::Shl | BinaryOp::Shr => integer(b).is_none_or(|n| !(0..8).contains(&n)),
            BinaryOp::Mul => true,
            BinaryOp::Add => match (self.affine(a), self.affine(b)) {
                ((Some(base), at), (None, n)) | ((None, n), (Some(base), at)) => {
                    !self.stays_below_maximum(function, base, at.saturating_add(n))
                }
                _ => true,
            },
            BinaryOp::Sub => {
                let below_index = a.value().and_then(|value| self.range(value)).is_some_and(|range| {
                    range.low == *b || matches!((integer(&range.low), integer(b)), (Some(low), Some(n)) if n <= low)
                });
                let is_unsigned = matches!(function.operand_type(a), ScalarType::Integer(name) if name.starts_with('u'));
                !(below_index && (is_unsigned || integer(b).is_some_and(|n| n >= 0)))
            }
        }
    }

    /// Whether `base + offset` can't overflow: a loop index stays below the bound of its range, and no counter reaches
    /// the largest 64-bit number.
    fn stays_below_maximum(&self, function: &Function, base: ValueId, offset: i128) -> bool {
        let below_bound = self.range(base).is_some_and(|range| !range.inclusive);
        let is_wide = matches!(
            function.values[base].ty,
            ScalarType::Integer("usize" | "u64" | "i64" | "u128" | "i128")
        );
        (below_bound && (0..=1).contains(&offset))
            || (self.counters.contains(&base) && is_wide && (0..1 << 20).contains(&offset))
    }

    /// Whether evaluating the place where it stands can be the first to panic.
    pub fn place_can_panic(&self, function: &Function, place: &Place) -> bool {
        !function.derived.contains(&place.memory) && !self.is_always_in_bounds(function, place)
    }

    /// Whether the indices of the place are in bounds wherever they are in scope.
    pub fn is_always_in_bounds(&self, function: &Function, place: &Place) -> bool {
        let mut ty = function.memories[place.memory].ty.clone();
        for (k, step) in place.path.iter().enumerate() {
            match step {
                Projection::Section(section) => {
                    // An index below the length of the section comes after that length was asked for.
                    let is_asked = || match place.path.get(k + 1) {
                        Some(Projection::Index(index)) => {
                            let part = Place {
                                memory: place.memory,
                                path: place.path[..=k].to_vec(),
                            };
                            self.is_in_bounds(&part, &ty, index)
                        }
                        _ => false,
                    };
                    if (section.low.is_some() || section.high.is_some()) && !is_asked() {
                        return false;
                    }
                }
                Projection::Field(field) => {
                    let Some(part) = ty.parts().and_then(|parts| parts.get(*field)) else {
                        return false;
                    };
                    ty = part.clone();
                }
                Projection::Index(index) => {
                    let above = Place {
                        memory: place.memory,
                        path: place.path[..k].to_vec(),
                    };
                    if !self.is_in_bounds(&above, &ty, index) {
                        return false;
                    }
                    ty = match ty.element() {
                        Some(element) => element.clone(),
                        None => return false,
                    };
                }
            }
        }
        true
    }

    fn is_in_bounds(&self, array: &Place, ty: &Type, index: &Operand) -> bool {
        let length = match ty {
            Type::Array(_, Length::Literal(n)) => Some(*n as i128),
            _ => None,
        };
        let (base, at) = self.affine(index);
        let Some(base) = base else {
            return length.is_some_and(|length| (0..length).contains(&at));
        };
        let Some(range) = self.range(base) else {
            return false;
        };
        if range.inclusive || integer(&range.low).is_none_or(|low| low + at < 0) {
            return false;
        }
        self.fits(&range.high, at, array, ty)
    }

    /// Whether `i + at` is in bounds for every `i` below `high`, if there are any.
    fn fits(&self, high: &Operand, at: i128, array: &Place, ty: &Type) -> bool {
        let op = high.value().and_then(|value| self.ops.get(&value));
        if let Some(Op::Method(name, operands)) = op {
            let below = match (name.as_str(), operands.as_slice()) {
                ("min", [a, b]) => self.fits(a, at, array, ty) || self.fits(b, at, array, ty),
                // Where this saturates, there is no `i`.
                ("saturating_sub", [a, b]) => {
                    integer(b).is_some_and(|n| self.fits(a, at - n, array, ty))
                }
                _ => false,
            };
            if below {
                return true;
            }
        }
        if array.path.is_empty()
            && at <= 0
            && !self.replaced.contains(&array.memory)
            && self.lengths.get(&array.memory) == Some(high)
        {
            return true;
        }
        let length = match ty {
            Type::Array(_, Length::Literal(n)) => Some(*n as i128),
            _ => None,
        };
        // The last index is `high - 1 + at`, so it is in bounds when `high + at` is at most the length.
        match (self.affine(high), ty) {
            ((None, high), _) if length.is_some() => {
                length.is_some_and(|length| high + at <= length)
            }
            ((Some(high), offset), _)
                if offset + at <= 0 && !self.replaced.contains(&array.memory) =>
            {
                matches!(self.ops.get(&high), Some(Op::Len(of)) if of == array)
            }
            _ => match (high, ty) {
                (Operand::Constant(code, _), Type::Array(_, Length::Constant(length))) => {
                    at <= 0 && code == length
                }
                _ => false,
            },
        }
    }
}

/// The integer that an operand spells.
pub fn integer(operand: &Operand) -> Option<i128> {
    match operand {
        Operand::Literal(literal) if matches!(literal.ty, ScalarType::Integer(_)) => {
            literal.text.replace('_', "").parse().ok()
        }
        _ => None,
    }
}

fn ordered(low: &Operand, high: &Operand) -> bool {
    let value = |operand: &Operand| match operand {
        Operand::Literal(literal) => literal.text.replace('_', "").parse::<f64>().ok(),
        _ => None,
    };
    matches!((value(low), value(high)), (Some(low), Some(high)) if low <= high)
}
