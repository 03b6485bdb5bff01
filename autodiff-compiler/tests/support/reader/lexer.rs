//! Tokens, and the cursor that the reader moves over them.

use autodiff_compiler::ir::{
    Function, MemoryId, MemoryInfo, Origin, ScalarType, TapeId, TapeInfo, TapeLayout, Type,
    TypedId, ValueId, ValueInfo,
};

#[derive(Clone, PartialEq, Debug)]
pub(super) enum Token {
    Word(String),
    Number(String),
    Code(String),
    Symbol(&'static str),
    Newline,
}

const SYMBOLS: [&str; 38] = [
    "..=", "->", "..", "<<", ">>", "<=", ">=", "==", "!=", "&&", "||", "+=", "::", "(", ")", "[",
    "]", "{", "}", ",", ":", ";", ".", "=", "<", ">", "+", "-", "*", "/", "%", "&", "|", "^", "!",
    "'", "#", "?",
];

pub(super) fn tokens(text: &str) -> Vec<Token> {
    let mut tokens = Vec::new();
    let mut rest = text.trim_start();
    while let Some(first) = rest.chars().next() {
        let length = if first == '\n' {
            if tokens.last() != Some(&Token::Newline) {
                tokens.push(Token::Newline);
            }
            1
        } else if first.is_whitespace() {
            1
        } else if first == '`' {
            let end = rest[1..].find('`').expect("code ends in a backtick") + 1;
            tokens.push(Token::Code(rest[1..end].to_owned()));
            end + 1
        } else if first.is_ascii_digit() {
            let length = number_length(rest);
            tokens.push(Token::Number(rest[..length].to_owned()));
            length
        } else if first.is_alphabetic() || first == '_' {
            let length = word_length(rest);
            tokens.push(Token::Word(rest[..length].to_owned()));
            length
        } else {
            let symbol = SYMBOLS.into_iter().find(|symbol| rest.starts_with(symbol));
            let symbol = symbol.unwrap_or_else(|| panic!("no token starts `{rest}`"));
            tokens.push(Token::Symbol(symbol));
            symbol.len()
        };
        rest = &rest[length..];
    }
    tokens
}

fn word_length(text: &str) -> usize {
    text.find(|c: char| !c.is_alphanumeric() && c != '_')
        .unwrap_or(text.len())
}

fn number_length(text: &str) -> usize {
    let mut length = word_length(text);
    let next = |at: usize| text[at..].chars().next();
    if text[length..].starts_with('.') && next(length + 1).is_some_and(|c| c.is_ascii_digit()) {
        length += 1 + word_length(&text[length + 1..]);
    }
    // `1e-3`
    if text[..length].ends_with('e') && text[length..].starts_with('-') {
        length += 1 + word_length(&text[length + 1..]);
    }
    length
}

pub(super) struct Reader {
    pub(super) tokens: Vec<Token>,
    pub(super) at: usize,
    pub(super) function: Function,
}
impl Reader {
    pub(super) fn peek(&self) -> &Token {
        self.tokens.get(self.at).unwrap_or(&Token::Newline)
    }

    pub(super) fn next(&mut self) -> Token {
        self.at += 1;
        self.tokens
            .get(self.at - 1)
            .cloned()
            .unwrap_or(Token::Newline)
    }

    pub(super) fn fail(&self, wanted: &str) -> ! {
        let from = self.at.saturating_sub(8);
        panic!(
            "{wanted} is wanted at the end of {:?}",
            &self.tokens[from..(self.at + 1).min(self.tokens.len())]
        );
    }

    pub(super) fn takes(&mut self, symbol: &str) -> bool {
        let found = matches!(self.peek(), Token::Symbol(next) if *next == symbol);
        self.at += usize::from(found);
        found
    }

    pub(super) fn takes_word(&mut self, word: &str) -> bool {
        let found = matches!(self.peek(), Token::Word(next) if next == word);
        self.at += usize::from(found);
        found
    }

    pub(super) fn expect(&mut self, symbol: &str) {
        if !self.takes(symbol) {
            self.fail(symbol);
        }
    }

    pub(super) fn newline(&mut self) {
        if *self.peek() == Token::Newline {
            self.at += 1;
        }
    }

    pub(super) fn word(&mut self) -> String {
        match self.next() {
            Token::Word(word) => word,
            _ => self.fail("a word"),
        }
    }

    pub(super) fn number(&mut self) -> usize {
        match self.next() {
            Token::Number(number) => number.parse().unwrap_or_else(|_| self.fail("an index")),
            _ => self.fail("a number"),
        }
    }

    /// Items between commas up to `end`.
    pub(super) fn list<T>(&mut self, end: &str, item: impl Fn(&mut Self) -> T) -> Vec<T> {
        let mut items = Vec::new();
        while !self.takes(end) {
            items.push(item(self));
            self.takes(",");
        }
        items
    }

    pub(super) fn id<I: TypedId>(&mut self, letter: char) -> I {
        let word = self.word();
        match word
            .strip_prefix(letter)
            .and_then(|digits| digits.parse().ok())
        {
            Some(index) => I::new(index),
            None => self.fail(&format!("an id {letter}0")),
        }
    }

    pub(super) fn value_id(&mut self) -> ValueId {
        let id: ValueId = self.id('v');
        while self.function.values.len() <= id.index() {
            self.function.values.push(ValueInfo {
                name: String::new(),
                ty: ScalarType::Inferred,
                lanes: false,
            });
        }
        id
    }

    pub(super) fn memory_id(&mut self) -> MemoryId {
        let id: MemoryId = self.id('m');
        while self.function.memories.len() <= id.index() {
            self.function.memories.push(MemoryInfo {
                name: String::new(),
                ty: Type::Tuple(Vec::new()),
                origin: Origin::Local,
                lanes: false,
            });
        }
        id
    }

    pub(super) fn tape_id(&mut self) -> TapeId {
        let id: TapeId = self.id('t');
        while self.function.tapes.len() <= id.index() {
            let layout = TapeLayout::Stack;
            self.function.tapes.push(TapeInfo {
                name: String::new(),
                ty: ScalarType::Inferred,
                lanes: false,
                layout,
            });
        }
        id
    }
}
