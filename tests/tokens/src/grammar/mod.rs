//! Items made up from the grammar of Rust: some of them well typed for the most part, some not at all.

mod items;
mod statements;
mod typed;
mod wild;

use crate::Random;

pub use items::{attribute, item};

/// Writes text; how much more it may nest falls with each step down.
struct Writer<'r> {
    random: &'r mut Random,
    /// The names in scope, each with what it is for the most part.
    names: Vec<(String, Kind)>,
    /// How often something is written that has nothing to do with what is wanted, in a thousand.
    wildness: usize,
    /// How many more expressions may be written.
    fuel: usize,
    /// The labels of the loops around.
    labels: Vec<String>,
}

/// What an expression is for the most part.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    Float,
    Integer,
    Bool,
    /// `[f64; 3]`.
    Array,
    /// `&[f64]`.
    Slice,
    Vec,
    /// `(f64, f64)`.
    Pair,
    /// `|f64| -> f64`.
    Closure,
    /// `&mut [f64]`.
    InOut,
    Unit,
}

const VALUES: [Kind; 7] = [
    Kind::Float,
    Kind::Float,
    Kind::Integer,
    Kind::Bool,
    Kind::Array,
    Kind::Vec,
    Kind::Pair,
];

impl Kind {
    fn ty(self) -> &'static str {
        match self {
            Self::Float => "f64",
            Self::Integer => "usize",
            Self::Bool => "bool",
            Self::Array => "[f64; 3]",
            Self::Slice => "&[f64]",
            Self::Vec => "Vec<f64>",
            Self::Pair => "(f64, f64)",
            Self::Closure => "impl Fn(f64) -> f64",
            Self::InOut => "&mut [f64]",
            Self::Unit => "()",
        }
    }
}

impl Writer<'_> {
    fn below(&mut self, bound: usize) -> usize {
        self.random.below(bound)
    }

    fn chance(&mut self, parts: usize, of: usize) -> bool {
        self.random.chance(parts, of)
    }

    fn pick(&mut self, choices: &[&'static str]) -> String {
        self.random.one_of(choices).to_owned()
    }

    /// Spends fuel; tells whether there was any.
    fn spend(&mut self) -> bool {
        if self.fuel == 0 {
            return false;
        }
        self.fuel -= 1;
        true
    }

    fn is_wild(&mut self) -> bool {
        let wildness = self.wildness;
        self.chance(wildness, 1000)
    }

    /// A name in scope of this kind.
    fn known(&mut self, kind: Kind) -> Option<String> {
        let known: Vec<&String> = self
            .names
            .iter()
            .filter(|(_, other)| *other == kind)
            .map(|(name, _)| name)
            .collect();
        (!known.is_empty()).then(|| known[self.random.below(known.len())].clone())
    }

    /// A new name, or one that shadows another.
    fn fresh(&mut self, kind: Kind) -> String {
        let name = name(self.random);
        self.names.push((name.clone(), kind));
        name
    }

    /// Several of something.
    fn list(
        &mut self,
        upto: usize,
        separator: &str,
        mut write: impl FnMut(&mut Self) -> String,
    ) -> String {
        let length = self.below(upto + 1);
        (0..length)
            .map(|_| write(self))
            .collect::<Vec<_>>()
            .join(separator)
    }
}

const NAMES: [&str; 54] = [
    "x",
    "y",
    "z",
    "a",
    "b",
    "i",
    "j",
    "n",
    "k",
    "w",
    "t",
    "v",
    "f",
    "g",
    "sum",
    "total",
    "acc",
    "dx",
    "x_bar",
    "dr",
    "r#fn",
    "r#match",
    "r#type",
    "r#loop",
    "r#let",
    "r#mut",
    "r#move",
    "r#dyn",
    "δx",
    "переменная",
    "ñ",
    "変数",
    "_",
    "__adjoint_x",
    "__argument_0",
    "tape",
    "result",
    "Some",
    "None",
    "Self_",
    "X",
    "PI",
    "f64",
    "usize",
    "autodiff",
    "core",
    "std",
    "workspace",
    "jvp",
    "gradient",
    "Vec",
    "vec",
    "zero",
    "len",
];

/// A name: of a variable, a keyword as a raw identifier, in another script, or one that the compiler might choose.
pub fn name(random: &mut Random) -> String {
    // The first ones are met again and again, so that names hide each other.
    let bound = if random.chance(3, 4) { 15 } else { NAMES.len() };
    NAMES[random.below(bound)].to_owned()
}

/// A literal of any kind.
pub fn literal(random: &mut Random) -> String {
    const LITERALS: [&str; 44] = [
        "0.0",
        "1.0",
        "-0.0",
        "2.5",
        "1e300",
        "1e-300",
        "1e400",
        "1.",
        "0.1f32",
        "2f64",
        "3_f32",
        "1_000.000_1",
        "0",
        "1",
        "2",
        "3",
        "7usize",
        "1u8",
        "256u8",
        "-1",
        "340282366920938463463374607431768211455",
        "340282366920938463463374607431768211456",
        "0x1F",
        "0b101",
        "0o17",
        "0xffu64",
        "1i128",
        "'a'",
        "b'a'",
        "\"text\"",
        "\"{}\"",
        "\"{x}\"",
        "r#\"raw\"#",
        "b\"bytes\"",
        "c\"c\"",
        "true",
        "false",
        "'\\u{1F600}'",
        "1e5",
        "1E+5_f64",
        "12E-3",
        "0usize",
        "99999999999",
        "18446744073709551616",
    ];
    LITERALS[random.below(LITERALS.len())].to_owned()
}

/// An operator, or another sign.
pub fn operator(random: &mut Random) -> String {
    const OPERATORS: [&str; 44] = [
        "+", "-", "*", "/", "%", "^", "&", "|", "!", "<", ">", "<=", ">=", "==", "!=", "&&", "||",
        "<<", ">>", "=", "+=", "-=", "*=", "/=", "%=", "&=", "|=", "^=", "<<=", ">>=", "..", "..=",
        "...", "->", "=>", "::", ".", ",", ";", ":", "?", "@", "#", "$",
    ];
    OPERATORS[random.below(OPERATORS.len())].to_owned()
}

/// A few tokens, whatever they are.
pub fn snippet(random: &mut Random) -> String {
    let fuel = 1 + random.below(12);
    let mut writer = writer(random, fuel, 100);
    match writer.below(10) {
        0 => writer.wild_expression(),
        1 => writer.pattern(),
        2 => writer.any_type(),
        3 => writer.statement(),
        4 => writer.inner_attribute(),
        5 => writer.typed(Kind::Float),
        6 => literal(writer.random),
        7 => operator(writer.random),
        8 => keyword(writer.random),
        _ => name(writer.random),
    }
}

fn keyword(random: &mut Random) -> String {
    const KEYWORDS: [&str; 36] = [
        "as", "async", "await", "break", "const", "continue", "crate", "dyn", "else", "enum",
        "extern", "fn", "for", "if", "impl", "in", "let", "loop", "match", "mod", "move", "mut",
        "pub", "ref", "return", "self", "Self", "static", "struct", "super", "trait", "type",
        "unsafe", "use", "where", "while",
    ];
    KEYWORDS[random.below(KEYWORDS.len())].to_owned()
}

fn writer(random: &mut Random, fuel: usize, wildness: usize) -> Writer<'_> {
    Writer {
        random,
        names: Vec::new(),
        wildness,
        fuel,
        labels: Vec::new(),
    }
}
