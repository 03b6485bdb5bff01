//! Attributes, signatures and items.

use super::{Kind, VALUES, Writer, name, writer};
use crate::Random;

/// `#[differentiable]`, most of the time without options.
pub fn attribute(random: &mut Random) -> String {
    if random.chance(3, 5) {
        return "#[differentiable]".to_owned();
    }
    let mut options = Vec::new();
    for _ in 0..=random.below(3) {
        let name = name(random);
        options.push(match random.below(24) {
            0..=3 => format!("wrt({name})"),
            4 => format!("wrt({name}, x, {name})"),
            5..=7 => "order = 1".to_owned(),
            8 => "order = 2".to_owned(),
            9 => "order = 3".to_owned(),
            10 => "crate = other::place".to_owned(),
            11 => format!("companion = {name}"),
            12 => "companion = Name".to_owned(),
            13 => "scalar(Real, T)".to_owned(),
            14 => format!("scalar({name})"),
            15 => "wrt()".to_owned(),
            16 => "wrt".to_owned(),
            17 => "partials(df_dx, df_dy)".to_owned(),
            18 => "jvp = f_jvp, vjp = f_vjp".to_owned(),
            19 => format!("with({name} = path::{name})"),
            20 => "skip".to_owned(),
            21 => "associated".to_owned(),
            22 => format!("{name} = 1 + 2"),
            _ => super::snippet(random),
        });
    }
    format!("#[differentiable({})]", options.join(", "))
}

/// An item of any kind, a function most of the time.
pub fn item(random: &mut Random) -> String {
    let wildness = [0, 0, 10, 30, 150, 500][random.below(6)];
    let fuel = [20, 60, 60, 150, 400][random.below(5)];
    let mut writer = writer(random, fuel, wildness);
    match writer.below(20) {
        0 | 1 => writer.other_item(),
        2 => writer.nest(),
        _ => writer.function(),
    }
}

impl Writer<'_> {
    pub(super) fn function(&mut self) -> String {
        let attributes = self.list(1, "\n", Self::outer_attribute);
        let visibility = self.rarely(&["pub", "pub(crate)", "pub(in super::geo)"]);
        let modifier = if self.is_wild() {
            self.pick(&[
                "const",
                "async",
                "unsafe",
                "extern \"C\"",
                "const unsafe",
                "extern",
            ])
        } else {
            String::new()
        };
        let name = if self.chance(1, 8) {
            name(self.random)
        } else {
            "f".to_owned()
        };
        let generics = self.generics();
        let parameters = self.parameters();
        let (result, body) = self.result_and_body();
        let clause = self.rarely(&[
            "where f64: Copy",
            "where",
            "where for<'q> &'q f64: Sized, [(); 3]:",
        ]);
        format!(
            "{attributes} {visibility} {modifier} fn {name}{generics}({parameters}){result} {clause} {{ {body} }}"
        )
    }

    fn result_and_body(&mut self) -> (String, String) {
        let kind = match self.below(12) {
            0 => Kind::Array,
            1 => Kind::Vec,
            2 => Kind::Pair,
            3 => Kind::Unit,
            _ => Kind::Float,
        };
        let result = if self.is_wild() {
            format!(" -> {}", self.any_type())
        } else if kind == Kind::Unit {
            String::new()
        } else {
            format!(" -> {}", kind.ty())
        };
        let statements = self.statements(6);
        let tail = self.typed(kind);
        (result, format!("{statements} {tail}"))
    }

    fn parameters(&mut self) -> String {
        let mut parameters = Vec::new();
        if self.is_wild() {
            parameters.push(self.pick(&[
                "self",
                "&self",
                "&mut self",
                "self: Box<Self>",
                "mut self",
            ]));
        }
        for position in 0..=self.below(4) {
            if self.is_wild() {
                let (pattern, ty) = (self.pattern(), self.any_type());
                parameters.push(format!("{pattern}: {ty}"));
                continue;
            }
            let kinds = [
                Kind::Float,
                Kind::Float,
                Kind::Slice,
                Kind::Integer,
                Kind::Array,
                Kind::Vec,
                Kind::Pair,
                Kind::Closure,
                Kind::InOut,
            ];
            let kind = if position == 0 {
                Kind::Float
            } else {
                kinds[self.below(kinds.len())]
            };
            let name = self.fresh(kind);
            let mutable = self.rarely(&["mut"]);
            let attribute = self.rarely(&["#[allow(unused)]", "#[cfg(test)]"]);
            parameters.push(format!("{attribute} {mutable} {name}: {}", kind.ty()));
        }
        let mut text = parameters.join(", ");
        if self.chance(1, 8) {
            text.push(',');
        }
        text
    }

    fn rarely(&mut self, choices: &[&'static str]) -> String {
        if self.chance(1, 20) {
            self.pick(choices)
        } else {
            String::new()
        }
    }

    pub(super) fn generics(&mut self) -> String {
        if self.chance(4, 5) {
            return String::new();
        }
        self.pick(&[
            "<const N: usize>",
            "<'a>",
            "<T: Float>",
            "<T: num_traits::Float + Copy, const N: usize>",
            "<'a, 'b: 'a, T>",
            "<F: Fn(f64) -> f64>",
            "<T>",
            "<>",
            "<const N: usize = 3, T: Into<Option<Vec<[T; { N + 1 }]>>> = f64>",
            "<T: for<'x> Fn(&'x f64) -> f64 + ?Sized>",
            "<δ: Float>",
            "<r#type: Float>",
        ])
    }

    pub(super) fn outer_attribute(&mut self) -> String {
        self.pick(&[
            "/// A doc comment with `code` and \"quotes\".",
            "/** A block\n * of text */",
            "#[inline]",
            "#[doc(hidden)]",
            "#[doc = \"text\"]",
            "#[doc = include_str!(\"x\")]",
            "#[deprecated(since = \"1\", note = \"no\")]",
            "#[cfg(feature = \"x\")]",
            "#[cfg_attr(all(), inline)]",
            "#[must_use = \"it\"]",
            "#[allow(clippy::all)]",
            "#[differentiable]",
            "#[autodiff::differentiable(order = 1)]",
            "#[checkpoint]",
            "#[unsafe(no_mangle)]",
            "#[test]",
            "#[target_feature(enable = \"avx2\")]",
            "#[track_caller]",
            "#[a::b::c { d e }]",
            "#[x[1, 2]]",
        ])
    }

    pub(super) fn inner_attribute(&mut self) -> String {
        self.pick(&[
            "#[cfg(test)]",
            "#[allow(unused)]",
            "#[checkpoint]",
            "#[checkpoint(every = 64)]",
            "#[cfg_attr(x, y)]",
            "/// doc\n",
            "#![allow(x)]",
            "#[rustfmt::skip]",
        ])
    }

    pub(super) fn other_item(&mut self) -> String {
        if !self.spend() {
            return "struct S;".to_owned();
        }
        let (ty, other) = (self.any_type(), self.any_type());
        let name = name(self.random);
        let generics = self.generics();
        let attribute = self.list(2, "\n", Self::outer_attribute);
        let function = self.function();
        let expression = self.wild_expression();
        let item = match self.below(26) {
            0 => format!("struct {name}{generics} {{ a: {ty}, pub b: {other} }}"),
            1 => format!("pub struct {name}{generics}({ty}, {other});"),
            2 => format!("struct {name};"),
            3 => format!("enum {name}{generics} {{ A, B({ty}), C {{ x: {other} }} = 3 }}"),
            4 => format!("union {name} {{ a: {ty}, b: u32 }}"),
            5 => format!("const {name}: {ty} = {expression};"),
            6 => format!("static mut {name}: {ty} = {expression};"),
            7 => format!("type {name}{generics} = {ty};"),
            8 => format!(
                "trait {name}{generics}: Copy {{ const A: {ty}; type B; {function} fn g(&self, x: f64) -> f64; }}"
            ),
            9 => format!(
                "impl{generics} {name} {{ {function} const A: {ty} = {expression}; {attribute} fn h(&self, x: f64) -> f64 {{ {expression} }} }}"
            ),
            10 => format!("impl{generics} {name} for {ty} {{ type Output = {other}; {function} }}"),
            11 => format!("mod {name} {{ #![allow(unused)] use super::*; {function} }}"),
            12 => format!("mod {name};"),
            13 => format!("use {name}::{{self, a as b, c::*}};"),
            14 => format!("extern crate {name} as other;"),
            15 => {
                format!("extern \"C\" {{ fn {name}(x: f64, ...) -> f64; static A: {ty}; type B; }}")
            }
            16 => format!(
                "macro_rules! {name} {{ ($x:expr $(, $y:tt)*) => {{ $x + {name}!($($y),*) }}; }}"
            ),
            17 => format!("{name}! {{ {expression} }}"),
            18 => format!("fn {name}{generics}(x: f64) -> {ty};"),
            19 => format!(
                "trait {name} = {other_trait};",
                other_trait = "Copy + Clone"
            ),
            20 => format!("macro {name}($x:expr) {{ $x }}"),
            21 => format!("unsafe impl{generics} Send for {ty} {{}}"),
            22 => format!("let x: {ty} = {expression};"),
            23 => expression,
            24 => format!("|x: f64| {expression}"),
            _ => String::new(),
        };
        format!("{attribute} {item}")
    }

    /// The same thing in itself, or behind itself, again and again.
    fn nest(&mut self) -> String {
        let depth = [3, 10, 40, 1000, 2000][self.below(5)];
        let (before, inner, after) = match self.below(28) {
            0 => ("(", "x", ")"),
            1 => ("{ ", "x", " }"),
            2 => ("-", "x", ""),
            3 => ("- -", "x", ""),
            4 => ("", "x", " + x"),
            5 => ("", "x", ".sin()"),
            6 => ("if x > 0.0 { x } else ", "{ x }", ""),
            7 => ("if x > 0.0 { ", "x", " } else { 1.0 }"),
            8 => ("match 1 { 1 => ", "x", ", _ => 0.0 }"),
            9 => ("(|y: f64| ", "x", ")(x)"),
            10 => ("[", "x", "][0]"),
            11 => ("f64::sin(", "x", ")"),
            12 => ("x * (", "x", " - 1.0)"),
            13 => ("{ let x = x * x; ", "x", " }"),
            14 => (
                "{ let g = |y: f64| x + y; let h = |y: f64| g(g(y)); ",
                "x",
                " }",
            ),
            15 => ("(", "x", ", 1.0).0"),
            16 => ("*&", "x", ""),
            17 => ("loop { break ", "x", " }"),
            18 => ("'a: { break 'a ", "x", " }"),
            19 => ("return ", "x", ""),
            20 => ("", "x", " as f64"),
            21 => ("{ let mut t = 0.0; for i in 0..2 { t += ", "x", "; } t }"),
            22 => ("x.max(", "x", ")"),
            23 => ("[1.0].iter().map(|y| y * ", "x", ").sum::<f64>()"),
            24 => ("{ let Some(y) = Some(", "x", ") else { panic!() }; y }"),
            25 => ("vec![", "x", "][0]"),
            26 => ("{ assert!(x > ", "x", "); x }"),
            _ => ("{ while x > 1.0 { ", "return x;", " } x }"),
        };
        let body = format!("{}{inner}{}", before.repeat(depth), after.repeat(depth));
        match self.below(5) {
            0 => {
                let lines: String = (0..depth)
                    .map(|i| format!("let x = x * {i}.0 + y;\n"))
                    .collect();
                format!("fn f(x: f64, y: f64) -> f64 {{ {lines} x }}")
            }
            1 => {
                // Each closure calls the one above it twice.
                let depth = depth.min(120);
                let lines: String = (0..depth)
                    .map(|i| {
                        format!(
                            "let f{next} = |z: f64| f{i}(z) + f{i}(z * x);\n",
                            next = i + 1
                        )
                    })
                    .collect();
                format!("fn f(x: f64) -> f64 {{ let f0 = |z: f64| z * z;\n {lines} f{depth}(x) }}")
            }
            _ => format!("fn f(x: f64) -> f64 {{ {body} }}"),
        }
    }

    /// A kind of value.
    pub(super) fn value_kind(&mut self) -> Kind {
        VALUES[self.below(VALUES.len())]
    }
}
