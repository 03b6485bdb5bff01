//! The representation as text, for `AUTODIFF_DUMP`, failing tests and snapshots.

use std::fmt::{self, Display, Formatter, Write};

use super::{
    Argument, Binding, Block, Carried, FloatType, Function, Init, InitTree, Length, MemoryId, Op,
    Operand, Origin, Output, Parameter, Place, Projection, Range, Recalled, RepeatCount, Role,
    ScalarType, Section, Stmt, TapeId, TapeLayout, Template, Type, ValueId,
};

impl Display for Function {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let parameters: Vec<String> = self
            .parameters
            .iter()
            .map(|parameter| self.parameter(parameter))
            .collect();
        writeln!(f, "fn({}) -> {} {{", parameters.join(", "), self.output)?;
        Printer { function: self, f }.block(&self.body, 1)?;
        writeln!(f, "}}")
    }
}

impl Function {
    /// One statement with what it contains, as the function's text shows it.
    pub fn display_stmt(&self, stmt: &Stmt) -> String {
        struct One<'a>(&'a Function, &'a Stmt);
        impl Display for One<'_> {
            fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
                Printer {
                    function: self.0,
                    f,
                }
                .stmt(self.1, 0)
            }
        }
        One(self, stmt).to_string().trim_end().to_owned()
    }

    fn parameter(&self, parameter: &Parameter) -> String {
        let active = if parameter.active { "active " } else { "" };
        let role = match parameter.role {
            Role::Primal(i) => format!("primal {i}"),
            Role::Direction(i) => format!("direction {i}"),
            Role::Adjoint(i) => format!("adjoint {i}"),
            Role::Cotangent => "cotangent".to_owned(),
            Role::CotangentDirection => "direction of the cotangent".to_owned(),
            Role::AdjointDirection(i) => format!("direction of adjoint {i}"),
        };
        let binding = match parameter.binding {
            Binding::Value(value) => self.definition(value),
            Binding::Memory(memory) => {
                let passing = match self.memories[memory].origin {
                    Origin::Shared => "&",
                    Origin::Mutable => "&mut ",
                    Origin::Local | Origin::Scratch | Origin::Owned => "",
                };
                format!("{passing}{}", self.declaration(memory))
            }
        };
        format!("{active}{role} {binding}")
    }

    fn definition(&self, value: ValueId) -> String {
        let info = &self.values[value];
        format!(
            "{value:?}{}: {}{}",
            named(&info.name),
            info.ty,
            lanes(info.lanes)
        )
    }

    fn declaration(&self, memory: MemoryId) -> String {
        let info = &self.memories[memory];
        format!(
            "{memory:?}{}: {}{}",
            named(&info.name),
            info.ty,
            lanes(info.lanes)
        )
    }

    fn tape(&self, tape: TapeId) -> String {
        let info = &self.tapes[tape];
        let layout = match &info.layout {
            TapeLayout::Buffer(trips) => indices(trips),
            TapeLayout::Rows(loops) => format!(" rows {loops}"),
            TapeLayout::Stack => " stack".to_owned(),
        };
        format!(
            "{tape:?}{}: {}{}{layout}",
            named(&info.name),
            info.ty,
            lanes(info.lanes)
        )
    }
}

fn named(name: &str) -> String {
    if name.is_empty() {
        String::new()
    } else {
        format!(" {name}")
    }
}

fn lanes(lanes: bool) -> &'static str {
    if lanes { "xK" } else { "" }
}

fn indices(operands: &[Operand]) -> String {
    operands.iter().fold(String::new(), |mut text, operand| {
        write!(text, "[{operand}]").expect("a String takes any text");
        text
    })
}

fn spaced<T: Display>(items: &[T]) -> String {
    items.iter().fold(String::new(), |mut text, item| {
        write!(text, " {item}").expect("a String takes any text");
        text
    })
}

fn listed<T: Display>(f: &mut Formatter<'_>, items: &[T]) -> fmt::Result {
    for (i, item) in items.iter().enumerate() {
        write!(f, "{}{item}", if i == 0 { "" } else { ", " })?;
    }
    Ok(())
}

/// Walks the statements, indenting what is nested.
struct Printer<'a, 'b, 'c> {
    function: &'a Function,
    f: &'b mut Formatter<'c>,
}

impl Printer<'_, '_, '_> {
    fn block(&mut self, block: &Block, depth: usize) -> fmt::Result {
        for stmt in &block.stmts {
            self.stmt(stmt, depth)?;
        }
        if !block.yields.is_empty() {
            self.indent(depth)?;
            writeln!(self.f, "yield{}", spaced(&block.yields))?;
        }
        Ok(())
    }

    fn indent(&mut self, depth: usize) -> fmt::Result {
        write!(self.f, "{:1$}", "", 4 * depth)
    }

    fn stmt(&mut self, stmt: &Stmt, depth: usize) -> fmt::Result {
        self.indent(depth)?;
        let function = self.function;
        match stmt {
            Stmt::Let { value, op } => writeln!(self.f, "{} = {op}", function.definition(*value)),
            Stmt::Load { value, place } => {
                writeln!(self.f, "{} = load {place}", function.definition(*value))
            }
            Stmt::Store { place, value } => writeln!(self.f, "store {place} = {value}"),
            Stmt::Accumulate { place, value } => writeln!(self.f, "accumulate {place} += {value}"),
            Stmt::Alloc { memory, init } => {
                let scratch = matches!(function.memories[*memory].origin, Origin::Scratch);
                let verb = if scratch { "scratch" } else { "alloc" };
                writeln!(self.f, "{verb} {} = {init}", function.declaration(*memory))
            }
            Stmt::Copy { to, from } => writeln!(self.f, "copy {to} = {from}"),
            Stmt::Push { to, value } => writeln!(self.f, "push {to} = {value}"),
            Stmt::Resize {
                place,
                length,
                grows,
            } => {
                let verb = if *grows { "lengthen" } else { "cut" };
                writeln!(self.f, "{verb} {place} to {length}")
            }
            Stmt::Move { to, from } => writeln!(self.f, "move {to:?} = {from:?}"),
            Stmt::AccumulateAll { to, from } => writeln!(self.f, "accumulate all {to} += {from}"),
            Stmt::Clear { place } => writeln!(self.f, "clear {place}"),
            Stmt::Check { place } => writeln!(self.f, "check {place}"),
            Stmt::CheckShape {
                name,
                primal,
                other,
            } => writeln!(self.f, "check shape of {name}: {primal} is {other}"),
            Stmt::Effect(template) => writeln!(self.f, "effect {template}"),
            Stmt::Call(call) => {
                let mut defined = Vec::new();
                call.visit_defined(&mut |value| defined.push(function.definition(*value)));
                call.visit_memories(&mut |memory| defined.push(function.declaration(*memory)));
                let defined = match defined.len() {
                    0 => String::new(),
                    _ => format!("{} = ", defined.join(", ")),
                };
                writeln!(self.f, "{defined}{call}")
            }
            Stmt::Keep { pair, content } => writeln!(self.f, "keep {content} as {pair}"),
            Stmt::Recall { pair, content } => {
                let content = match content {
                    Recalled::Value(value) => function.definition(*value),
                    Recalled::Memory(memory) => function.declaration(*memory),
                    Recalled::Tape(tape) => format!("tape {}", function.tape(*tape)),
                };
                writeln!(self.f, "{content} = recall {pair}")
            }
            Stmt::If(branch) => {
                writeln!(
                    self.f,
                    "if {}{} {{",
                    branch.condition,
                    self.results(&branch.results)
                )?;
                self.block(&branch.then, depth + 1)?;
                if !branch.otherwise.stmts.is_empty() || !branch.otherwise.yields.is_empty() {
                    self.indent(depth)?;
                    writeln!(self.f, "}} else {{")?;
                    self.block(&branch.otherwise, depth + 1)?;
                }
                self.close(depth)
            }
            Stmt::For(body) => {
                let stop = body
                    .stop
                    .map_or(String::new(), |stop| format!(" stop {stop}"));
                let index = function.definition(body.index);
                writeln!(
                    self.f,
                    "for {index} in {}{stop}{} {{",
                    body.range,
                    self.carried(&body.carried)
                )?;
                self.block(&body.body, depth + 1)?;
                self.close(depth)
            }
            Stmt::While(body) => {
                writeln!(self.f, "while{} {{", self.carried(&body.carried))?;
                self.block(&body.condition, depth + 1)?;
                self.indent(depth)?;
                writeln!(self.f, "}} do {{")?;
                self.block(&body.body, depth + 1)?;
                self.close(depth)
            }
            Stmt::Turn => writeln!(self.f, "turn"),
            Stmt::TapeAlloc(tape) => writeln!(self.f, "tape {}", function.tape(*tape)),
            Stmt::TapePut { tape, index, value } => {
                writeln!(self.f, "put {tape:?}{} = {value}", indices(index))
            }
            Stmt::TapeGet { value, tape, index } => {
                writeln!(
                    self.f,
                    "{} = get {tape:?}{}",
                    function.definition(*value),
                    indices(index)
                )
            }
        }
    }

    fn close(&mut self, depth: usize) -> fmt::Result {
        self.indent(depth)?;
        writeln!(self.f, "}}")
    }

    fn results(&self, results: &[ValueId]) -> String {
        if results.is_empty() {
            return String::new();
        }
        let results: Vec<String> = results
            .iter()
            .map(|&result| self.function.definition(result))
            .collect();
        format!(" -> ({})", results.join(", "))
    }

    fn carried(&self, carried: &[Carried]) -> String {
        if carried.is_empty() {
            return String::new();
        }
        let carried: Vec<String> = carried
            .iter()
            .map(|c| {
                format!(
                    "{} = {} -> {:?}",
                    self.function.definition(c.parameter),
                    c.initial,
                    c.result
                )
            })
            .collect();
        format!(" carried ({})", carried.join(", "))
    }
}

impl Display for Operand {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self {
            Self::Value(value) => write!(f, "{value:?}"),
            Self::Literal(literal) => match &literal.ty {
                ScalarType::Float(FloatType::F64)
                | ScalarType::Bool
                | ScalarType::Char
                | ScalarType::Integer("usize") => f.write_str(&literal.text),
                ty => write!(f, "{}_{ty}", literal.text),
            },
            Self::Constant(path, _) => f.write_str(path.text()),
        }
    }
}

impl Display for Place {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        write!(f, "{:?}", self.memory)?;
        for step in &self.path {
            match step {
                Projection::Index(index) => write!(f, "[{index}]")?,
                Projection::Section(section) => write!(f, "[{section}]")?,
                Projection::Field(field) => write!(f, ".{field}")?,
            }
        }
        Ok(())
    }
}

impl Display for Section {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        if let Some(low) = &self.low {
            write!(f, "{low}")?;
        }
        f.write_str(if self.inclusive { "..=" } else { ".." })?;
        self.high
            .as_ref()
            .map_or(Ok(()), |high| write!(f, "{high}"))
    }
}

impl Display for Op {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self {
            Self::Prim(prim, operands) => write!(f, "{}{}", prim.name(), spaced(operands)),
            Self::Binary(op, a, b) => write!(f, "{a} {op} {b}"),
            Self::Not(a) => write!(f, "!{a}"),
            Self::Negate(a) => write!(f, "-{a}"),
            Self::Compare(comparison, a, b) => write!(f, "{a} {comparison} {b}"),
            Self::Select(condition, a, b) => write!(f, "select {condition} {a} {b}"),
            Self::Cast(a, ty) => write!(f, "{a} as {ty}"),
            Self::Method(name, operands) => write!(f, "method {name}{}", spaced(operands)),
            Self::Pure(template) => write!(f, "pure {template}"),
            Self::Opaque(template) => write!(f, "opaque {template}"),
            Self::Len(place) => write!(f, "len {place}"),
            Self::Copy(a) => write!(f, "{a}"),
        }
    }
}

impl Display for Template {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        write!(f, "`{}`", self.code.text())?;
        if self.arguments.is_empty() {
            return Ok(());
        }
        f.write_str(" (")?;
        listed(f, &self.arguments)?;
        f.write_str(")")
    }
}

impl Display for Argument {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self {
            Self::Scalar(operand) => operand.fmt(f),
            Self::Place(place) => place.fmt(f),
        }
    }
}

impl Display for Init {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self {
            Self::Tree(tree) => tree.fmt(f),
            Self::CopyOf(place) => write!(f, "copy of {place}"),
            Self::ZerosLike(place) => write!(f, "zeros like {place}"),
            Self::Default => f.write_str("default"),
        }
    }
}

impl Display for InitTree {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self {
            Self::Scalar(operand) => operand.fmt(f),
            Self::ZerosLike(place) => write!(f, "zeros like {place}"),
            Self::CopyOf(place) => write!(f, "copy of {place}"),
            Self::List(parts) => {
                f.write_str("[")?;
                listed(f, parts)?;
                f.write_str("]")
            }
            Self::Tuple(parts) => {
                f.write_str("(")?;
                listed(f, parts)?;
                f.write_str(")")
            }
            Self::Repeat(element, RepeatCount::Fixed(length)) => write!(f, "[{element}; {length}]"),
            Self::Repeat(element, RepeatCount::Dynamic(length)) => {
                write!(f, "[{element}; {length}]")
            }
        }
    }
}

impl Display for Output {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unit => f.write_str("()"),
            Self::Scalar(operand) => operand.fmt(f),
            Self::Memory(memory) => write!(f, "{memory:?}"),
            Self::Tuple(parts) => {
                f.write_str("(")?;
                listed(f, parts)?;
                f.write_str(")")
            }
        }
    }
}

impl Display for Range {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let dots = if self.inclusive { "..=" } else { ".." };
        let reversed = if self.reversed { " rev" } else { "" };
        write!(f, "{}{dots}{}{reversed}", self.low, self.high)
    }
}

impl Display for ScalarType {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Float(FloatType::F32) => "f32",
            Self::Float(FloatType::F64) => "f64",
            Self::Float(FloatType::Named(name)) => name.text(),
            Self::Integer(keyword) => keyword,
            Self::Bool => "bool",
            Self::Char => "char",
            Self::Inferred => "_",
        })
    }
}

impl Display for Type {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self {
            Self::Scalar(scalar) => scalar.fmt(f),
            Self::Array(element, length) => write!(f, "[{element}; {length}]"),
            Self::Slice(element) => write!(f, "[{element}]"),
            Self::Vec(element) => write!(f, "Vec<{element}>"),
            Self::Tuple(parts) => {
                f.write_str("(")?;
                listed(f, parts)?;
                f.write_str(")")
            }
            Self::Struct(found) => {
                f.write_str(found.path.as_ref().map_or("_", super::Code::text))?;
                f.write_str(if found.tangent { "' {" } else { " {" })?;
                for (i, (name, ty)) in found.names.iter().zip(&found.types).enumerate() {
                    let comma = if i == 0 { " " } else { ", " };
                    write!(f, "{comma}{}: {ty}", name.text())?;
                }
                f.write_str(" }")
            }
        }
    }
}

impl Display for Length {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self {
            Self::Literal(length) => length.fmt(f),
            Self::Constant(path) => f.write_str(path.text()),
        }
    }
}
