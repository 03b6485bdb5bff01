//! Reads the text that `Display for Function` writes, so that tests can be texts.

mod lexer;
mod statements;

use autodiff_compiler::ir::{
    Binding, Code, FloatType, Function, Length, MemoryId, MemoryInfo, Origin, Output, Parameter,
    Role, ScalarType, Type, ValueId, ValueInfo,
};
use lexer::{Reader, Token, tokens};

/// The function that `text` shows. Names of values that only a loop hands on are those of its parameters.
///
/// # Panics
///
/// When the text is not as `Display` writes it.
pub fn function(text: &str) -> Function {
    let mut reader = Reader {
        tokens: tokens(text),
        at: 0,
        function: Function::default(),
    };
    reader.function();
    reader.function
}
impl Reader {
    pub(super) fn function(&mut self) {
        assert!(self.takes_word("fn"), "a function starts with `fn`");
        self.expect("(");
        let parameters = self.list(")", Self::parameter);
        self.function.parameters = parameters;
        self.expect("->");
        self.function.output = self.output();
        self.expect("{");
        self.newline();
        self.function.body = self.block();
        self.expect("}");
    }

    pub(super) fn parameter(&mut self) -> Parameter {
        let active = self.takes_word("active");
        let role = match self.word().as_str() {
            "primal" => Role::Primal(self.number()),
            "direction" => Role::Direction(self.number()),
            "adjoint" => Role::Adjoint(self.number()),
            "cotangent" => Role::Cotangent,
            _ => self.fail("a role"),
        };
        let origin = match (self.takes("&"), self.takes_word("mut")) {
            (true, true) => Origin::Mutable,
            (true, false) => Origin::Shared,
            _ => Origin::Owned,
        };
        let scalar = matches!(self.peek(), Token::Word(word) if word.starts_with('v'));
        let binding = if scalar {
            Binding::Value(self.definition())
        } else {
            Binding::Memory(self.declaration(origin))
        };
        Parameter {
            role,
            binding,
            active,
        }
    }

    pub(super) fn name(&mut self) -> String {
        if matches!(self.peek(), Token::Word(_)) {
            self.word()
        } else {
            String::new()
        }
    }

    pub(super) fn definition(&mut self) -> ValueId {
        let value = self.value_id();
        let name = self.name();
        self.expect(":");
        let (ty, lanes) = self.scalar_type();
        self.function.values[value] = ValueInfo { name, ty, lanes };
        value
    }

    pub(super) fn declaration(&mut self, origin: Origin) -> MemoryId {
        let memory = self.memory_id();
        let name = self.name();
        self.expect(":");
        let ty = self.ty();
        let lanes = self.takes_word("xK") || self.take_lanes();
        self.function.memories[memory] = MemoryInfo {
            name,
            ty,
            origin,
            lanes,
        };
        memory
    }

    /// Whether the type just read was of one word that ended in `xK`.
    pub(super) fn take_lanes(&self) -> bool {
        matches!(self.tokens.get(self.at - 1), Some(Token::Word(word)) if word.ends_with("xK"))
    }

    pub(super) fn scalar_type(&mut self) -> (ScalarType, bool) {
        let word = self.word();
        let (name, lanes) = word
            .strip_suffix("xK")
            .map_or((word.as_str(), false), |name| (name, true));
        (scalar_type(name), lanes)
    }

    pub(super) fn ty(&mut self) -> Type {
        if self.takes("[") {
            let element = Box::new(self.ty());
            if self.takes("]") {
                return Type::Slice(element);
            }
            self.expect(";");
            let length = self.length();
            self.expect("]");
            return Type::Array(element, length);
        }
        if self.takes("(") {
            return Type::Tuple(self.list(")", Self::ty));
        }
        if self.takes_word("Vec") {
            self.expect("<");
            let element = Box::new(self.ty());
            self.expect(">");
            return Type::Vec(element);
        }
        Type::Scalar(self.scalar_type().0)
    }

    pub(super) fn length(&mut self) -> Length {
        match self.peek() {
            Token::Number(_) => Length::Literal(self.number()),
            _ => Length::Constant(code(&self.word())),
        }
    }

    pub(super) fn output(&mut self) -> Output {
        if self.takes("(") {
            let parts = self.list(")", Self::output);
            return if parts.is_empty() {
                Output::Unit
            } else {
                Output::Tuple(parts)
            };
        }
        match self.peek() {
            Token::Word(word) if is_id(word, 'm') => Output::Memory(self.memory_id()),
            _ => Output::Scalar(self.operand()),
        }
    }
}

fn is_id(word: &str, letter: char) -> bool {
    word.strip_prefix(letter)
        .is_some_and(|digits| digits.parse::<u32>().is_ok())
}

fn code(text: &str) -> Code {
    Code::new(text.parse().expect("code consists of tokens"))
}

fn scalar_type(name: &str) -> ScalarType {
    const INTEGERS: [&str; 8] = ["u8", "u32", "u64", "usize", "i8", "i32", "i64", "isize"];
    match name {
        "f64" => ScalarType::Float(FloatType::F64),
        "f32" => ScalarType::Float(FloatType::F32),
        "bool" => ScalarType::Bool,
        "char" => ScalarType::Char,
        "_" => ScalarType::Inferred,
        _ => match INTEGERS.into_iter().find(|integer| *integer == name) {
            Some(integer) => ScalarType::Integer(integer),
            None => ScalarType::Float(FloatType::Named(code(name))),
        },
    }
}
