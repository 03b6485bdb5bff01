//! Expressions, patterns and types of every form, whatever they mean.

use super::{Kind, Writer, keyword, literal, name, operator};

impl Writer<'_> {
    /// An expression of any form.
    pub(super) fn wild_expression(&mut self) -> String {
        if !self.spend() {
            return if self.chance(1, 3) {
                literal(self.random)
            } else {
                name(self.random)
            };
        }
        let (a, b) = (self.any_expression(), self.any_expression());
        let name = name(self.random);
        match self.below(56) {
            0 => format!("{a} + {b}"),
            1 => format!("({a}) as {}", self.any_type()),
            2 => format!("async {{ {a} }}"),
            3 => format!("({a}).await"),
            4 => format!("unsafe {{ {a} }}"),
            5 => format!("const {{ {a} }}"),
            6 => format!("({a})?"),
            7 => format!("{name}! ({a}, {b})"),
            8 => format!("{name}! {{ {a} }}"),
            9 => format!("{name}! [{a}; {b}]"),
            10 => format!("println!(\"{{}} {{x:?}}\", {a})"),
            11 => format!("vec![{a}; {b}]"),
            12 => format!("Point {{ x: {a}, y, ..{b} }}"),
            13 => format!("[{a}, {b}]"),
            14 => format!("[{a}; {b}]"),
            15 => format!("({a}, {b},)"),
            16 => format!("{a}..{b}"),
            17 => format!("..={a}"),
            18 => format!("&mut {a}"),
            19 => format!("&raw const {name}"),
            20 => format!("*{a}"),
            21 => format!("!{a}"),
            22 => format!("({a}).0.{name}"),
            23 => format!("({a}).{name}::<{}>({b})", self.any_type()),
            24 => format!("<{} as Trait>::{name}({a})", self.any_type()),
            25 => format!("{name}::<'static, {}, {{ {a} }}>::new", self.any_type()),
            26 => format!(
                "if let {} = {a} && {b} {{ {a} }} else {{ {b} }}",
                self.pattern()
            ),
            27 => format!("while let {} = {a} {{ {b}; }}", self.pattern()),
            28 => format!(
                "match {a} {{ {} if {b} => {a}, {} => {{ {b} }} }}",
                self.pattern(),
                self.pattern()
            ),
            29 => format!("match {a} {{ }}"),
            30 => format!("for {} in {a} {{ {b} }}", self.pattern()),
            31 => format!("'a: loop {{ break 'a {a}; }}"),
            32 => format!("'a: {{ break 'a {a} }}"),
            33 => format!("break '{} {a}", self.pick(&["a", "b", "l", "static", "_"])),
            34 => self.pick(&[
                "continue",
                "continue 'a",
                "break",
                "return",
                "yield",
                "_",
                "..",
                "()",
                "[]",
                "{}",
            ]),
            35 => format!("return {a}"),
            36 => format!(
                "|{}: {}, {}| -> f64 {{ {a} }}",
                self.pattern(),
                self.any_type(),
                self.pattern()
            ),
            37 => format!("async move |x| {a}"),
            38 => format!("for<'a> |x: &'a f64| -> f64 {{ {a} }}"),
            39 => format!("let {} = {a}", self.pattern()),
            40 => format!("{a} = {b}"),
            41 => format!("({a}, _, [{b}, ..]) = {a}"),
            42 => format!("{a} {} {b}", operator(self.random)),
            43 => format!("{{ {} {a} }}", self.wild_statement()),
            44 => format!("#[cfg(x)] {a}"),
            45 => format!("#[checkpoint] for i in 0..3 {{ {a} }}"),
            46 => format!("std::array::from_fn(|i| {a})"),
            47 => format!(
                "std::mem::{}(&mut {name}, {a})",
                self.pick(&["swap", "replace", "take"])
            ),
            48 => format!("autodiff::stop_gradient({a})"),
            49 => format!("{name}({a}, {b})"),
            50 => format!("({a})({b})"),
            51 => format!("{a}[{b}][{a}]"),
            52 => format!("try {{ {a} }}"),
            53 => format!("panic!(\"{{{name}}}\", {name} = {a})"),
            54 => format!("builtin # offset_of({name})"),
            _ => format!("{} {a}", keyword(self.random)),
        }
    }

    fn any_expression(&mut self) -> String {
        if self.chance(1, 4) {
            return self.wild_expression();
        }
        let kind = match self.below(9) {
            0 => Kind::Closure,
            1 => Kind::Slice,
            2 => Kind::InOut,
            _ => self.value_kind(),
        };
        self.typed(kind)
    }

    pub(super) fn wild_statement(&mut self) -> String {
        let a = self.wild_expression();
        match self.below(12) {
            0 => format!("let {}: {} = {a};", self.pattern(), self.any_type()),
            1 => format!(
                "let {} = {a} else {{ return {} }};",
                self.pattern(),
                self.any_expression()
            ),
            2 => format!("let {};", self.pattern()),
            3 => format!(
                "{} let {} = {a};",
                self.inner_attribute(),
                name(self.random)
            ),
            4 => self.other_item(),
            5 => format!("{} {a};", self.inner_attribute()),
            6 => format!("{}!{{ {a} }}", name(self.random)),
            7 => format!("{a} {}", self.statements(2)),
            8 => ";;;".to_owned(),
            9 => format!("{{ {} }}", self.statements(2)),
            10 => format!("macro_rules! m {{ () => {{ {a} }} }} m!();"),
            _ => format!("{a};"),
        }
    }

    /// A pattern of any form.
    pub(super) fn pattern(&mut self) -> String {
        if !self.spend() || self.chance(1, 2) {
            let kind = self.value_kind();
            return match self.below(6) {
                0 => "_".to_owned(),
                1 => format!("mut {}", self.fresh(kind)),
                2 => format!("ref {}", self.fresh(kind)),
                3 => literal(self.random),
                _ => self.fresh(kind),
            };
        }
        match self.below(20) {
            0 => format!("({}, {})", self.pattern(), self.pattern()),
            1 => format!(
                "[{}, {} @ .., {}]",
                self.pattern(),
                self.fresh(Kind::Slice),
                self.pattern()
            ),
            2 => format!("[{}]", self.list(3, ", ", Self::pattern)),
            3 => format!("&{}", self.pattern()),
            4 => format!("&mut {}", self.pattern()),
            5 => format!("Some({})", self.pattern()),
            6 => format!(
                "{}::A {{ x, y: {}, .. }}",
                name(self.random),
                self.pattern()
            ),
            7 => format!("({} | {})", self.pattern(), self.pattern()),
            8 => format!("{} | {}", self.pattern(), self.pattern()),
            9 => format!("{} @ {}", self.fresh(Kind::Float), self.pattern()),
            10 => self.pick(&[
                "0..=9",
                "..5",
                "1.0..",
                "'a'..='z'",
                "-1..=1",
                "i32::MIN..=0",
                "-1.5",
                "const { 3 }",
                "..",
                "None",
                "Ok(())",
            ]),
            11 => format!("({})", self.pattern()),
            12 => format!("(.., {})", self.pattern()),
            13 => format!("box {}", self.pattern()),
            14 => format!("{}!()", name(self.random)),
            15 => format!("{}: {}", self.pattern(), self.any_type()),
            16 => format!("{}({}, ..)", name(self.random), self.pattern()),
            17 => "()".to_owned(),
            18 => format!("<f64 as Trait>::{}", name(self.random)),
            _ => format!("&({}, ref mut {})", self.pattern(), self.fresh(Kind::Float)),
        }
    }

    /// A type of any form.
    pub(super) fn any_type(&mut self) -> String {
        if !self.spend() || self.chance(1, 3) {
            return self.pick(&[
                "f64", "f32", "usize", "bool", "i32", "char", "u128", "T", "Self", "&str",
                "String", "Real", "()", "!", "_", "f16",
            ]);
        }
        let inner = self.any_type();
        match self.below(24) {
            0 => format!(
                "[{inner}; {}]",
                self.pick(&[
                    "3",
                    "N",
                    "{ N + 1 }",
                    "0",
                    "99999999999",
                    "usize::MAX",
                    "_",
                    "3usize",
                    "0x3",
                    "-1"
                ])
            ),
            1 => format!("[{inner}]"),
            2 => format!("&[{inner}]"),
            3 => format!("&mut [{inner}]"),
            4 => format!("&'a mut {inner}"),
            5 => format!("Vec<{inner}>"),
            6 => format!("({inner}, {})", self.any_type()),
            7 => format!("({inner},)"),
            8 => format!("({inner})"),
            9 => format!("Option<{inner}>"),
            10 => format!("Result<{inner}, String>"),
            11 => format!("Box<dyn Fn({inner}) -> f64 + Send + 'static>"),
            12 => format!("impl Fn({inner}) -> f64 + Copy"),
            13 => format!("for<'a> fn(&'a {inner}) -> f64"),
            14 => format!("*const {inner}"),
            15 => format!("<{inner} as Iterator>::Item"),
            16 => format!("a::b::<{inner}>::C"),
            17 => format!("PhantomData<{inner}>"),
            18 => format!("Matrix<{inner}, 3, {{ N * 2 }}>"),
            19 => format!("impl Iterator<Item = {inner}> + '_"),
            20 => format!("{}!()", name(self.random)),
            21 => format!("std::ops::Range<{inner}>"),
            22 => format!("unsafe extern \"C\" fn({inner}, ...)"),
            _ => format!("&&{inner}"),
        }
    }
}
