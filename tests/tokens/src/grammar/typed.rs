//! Expressions that are well typed for the most part.

use super::{Kind, Writer, literal};

impl Writer<'_> {
    /// An expression of this kind.
    pub(super) fn typed(&mut self, kind: Kind) -> String {
        if self.is_wild() {
            return self.wild_expression();
        }
        if !self.spend() {
            return self.leaf(kind);
        }
        match kind {
            Kind::Float => self.float(),
            Kind::Integer => self.integer(),
            Kind::Bool => self.condition(),
            Kind::Unit => self.unit(),
            Kind::Array | Kind::Slice | Kind::Vec | Kind::InOut => self.sequence(kind),
            Kind::Pair => match self.below(3) {
                0 => self.leaf(kind),
                1 => format!("({}, {})", self.typed(Kind::Float), self.typed(Kind::Float)),
                _ => self.block_of(kind),
            },
            Kind::Closure => self.closure(),
        }
    }

    pub(super) fn leaf(&mut self, kind: Kind) -> String {
        if self.chance(4, 5)
            && let Some(name) = self.known(kind)
        {
            return name;
        }
        match kind {
            Kind::Float => self.pick(&["1.0", "0.5", "2.0", "x", "-3.25", "f64::consts::PI"]),
            Kind::Integer => self.pick(&["0", "1", "2", "3", "1usize", "N"]),
            Kind::Bool => self.pick(&["true", "false", "x > 0.5"]),
            Kind::Array => self.pick(&["[1.0, 2.0, x]", "[0.0; 3]", "[x; 3]"]),
            Kind::Slice => self.pick(&["&[1.0, x]", "&[]", "&[0.0; 4]"]),
            Kind::Vec => self.pick(&["vec![0.0; 3]", "vec![x, 1.0]", "Vec::new()"]),
            Kind::Pair => "(x, 1.0)".to_owned(),
            Kind::Closure => "|q: f64| q * 2.0".to_owned(),
            Kind::InOut => "&mut [x, 1.0]".to_owned(),
            Kind::Unit => "()".to_owned(),
        }
    }

    fn float(&mut self) -> String {
        match self.below(30) {
            0..=3 => self.leaf(Kind::Float),
            4..=9 => {
                let operator = self.pick(&["+", "-", "*", "/", "*", "%"]);
                format!(
                    "({} {operator} {})",
                    self.typed(Kind::Float),
                    self.typed(Kind::Float)
                )
            }
            10 => format!("-{}", self.typed(Kind::Float)),
            11 | 12 => {
                let method = self.pick(&[
                    "sin",
                    "exp",
                    "sqrt",
                    "abs",
                    "ln",
                    "tanh",
                    "recip",
                    "cbrt",
                    "floor",
                    "signum",
                    "exp_m1",
                    "to_radians",
                    "gamma",
                    "is_nan",
                    "fract",
                    "asinh",
                ]);
                format!("({}).{method}()", self.typed(Kind::Float))
            }
            13 => {
                let method = self.pick(&[
                    "powf",
                    "max",
                    "min",
                    "hypot",
                    "atan2",
                    "copysign",
                    "rem_euclid",
                    "total_cmp",
                    "log",
                ]);
                format!(
                    "({}).{method}({})",
                    self.typed(Kind::Float),
                    self.typed(Kind::Float)
                )
            }
            14 => format!(
                "({}).powi({} as i32)",
                self.typed(Kind::Float),
                self.typed(Kind::Integer)
            ),
            15 => format!(
                "({}).mul_add({}, {})",
                self.typed(Kind::Float),
                self.typed(Kind::Float),
                self.typed(Kind::Float)
            ),
            16 => format!(
                "f64::{}({})",
                self.pick(&["sin", "from", "exp", "abs", "max"]),
                self.typed(Kind::Float)
            ),
            17 | 18 => {
                let sequence = self.pick_sequence();
                format!("{sequence}[{}]", self.typed(Kind::Integer))
            }
            19 => format!("({} as f64)", self.typed(Kind::Integer)),
            20 => format!(
                "(if {} {{ {} }} else {{ {} }})",
                self.typed(Kind::Bool),
                self.typed(Kind::Float),
                self.typed(Kind::Float)
            ),
            21 => self.matching(),
            22 | 23 => self.block_of(Kind::Float),
            24 => {
                let closure = self
                    .known(Kind::Closure)
                    .unwrap_or_else(|| format!("({})", self.closure()));
                format!("{closure}({})", self.typed(Kind::Float))
            }
            25..=27 => self.chain(),
            28 => format!("{}.{}", self.leaf(Kind::Pair), self.below(3)),
            _ => self.looped(),
        }
    }

    fn integer(&mut self) -> String {
        match self.below(10) {
            0..=3 => self.leaf(Kind::Integer),
            4 => format!("{}.len()", self.pick_sequence()),
            5 => format!(
                "({} {} {})",
                self.typed(Kind::Integer),
                self.pick(&["+", "-", "*", "/", "%", "<<", "&", "^"]),
                self.typed(Kind::Integer)
            ),
            6 => format!("({} as usize)", self.typed(Kind::Float)),
            7 => self.block_of(Kind::Integer),
            8 => format!("helper({})", self.typed(Kind::Integer)),
            _ => literal(self.random),
        }
    }

    fn condition(&mut self) -> String {
        match self.below(8) {
            0 | 1 => format!(
                "{} {} {}",
                self.typed(Kind::Float),
                self.pick(&["<", ">", "<=", "==", "!="]),
                self.typed(Kind::Float)
            ),
            2 => format!(
                "{} {} {}",
                self.typed(Kind::Integer),
                self.pick(&["<", ">", "=="]),
                self.typed(Kind::Integer)
            ),
            3 => format!(
                "({} {} {})",
                self.typed(Kind::Bool),
                self.pick(&["&&", "||", "^", "&"]),
                self.typed(Kind::Bool)
            ),
            4 => format!("!({})", self.typed(Kind::Bool)),
            5 => format!(
                "matches!({}, {})",
                self.typed(Kind::Integer),
                self.pattern()
            ),
            6 => format!("{}.is_empty()", self.pick_sequence()),
            _ => self.leaf(Kind::Bool),
        }
    }

    fn unit(&mut self) -> String {
        match self.below(4) {
            0 => format!("{{ {} }}", self.statements(2)),
            1 => format!(
                "assert!({}, \"{{}}\", {})",
                self.typed(Kind::Bool),
                self.typed(Kind::Float)
            ),
            2 => self.leaf(Kind::Unit),
            _ => format!("if {} {{ {} }}", self.typed(Kind::Bool), self.statements(2)),
        }
    }

    pub(super) fn pick_sequence(&mut self) -> String {
        let kinds = [Kind::Array, Kind::Slice, Kind::Vec, Kind::InOut];
        let kind = kinds[self.below(4)];
        self.leaf(kind)
    }

    fn sequence(&mut self, kind: Kind) -> String {
        let from = self.pick_sequence();
        match (kind, self.below(8)) {
            (_, 0 | 1) => self.leaf(kind),
            (Kind::Slice, 2) => format!(
                "&{from}[{}..{}]",
                self.typed(Kind::Integer),
                self.typed(Kind::Integer)
            ),
            (Kind::Slice, 3) => format!(
                "{from}.split_at({}).{}",
                self.typed(Kind::Integer),
                self.below(2)
            ),
            (Kind::Slice, 4) => format!("&{from}"),
            (Kind::Vec, 2) => format!("{from}.to_vec()"),
            (Kind::Vec, 3 | 4) => {
                let chain = self.adapters();
                format!("{chain}.collect::<Vec<f64>>()")
            }
            (Kind::Vec, 5) => format!(
                "vec![{}; {}]",
                self.typed(Kind::Float),
                self.typed(Kind::Integer)
            ),
            (Kind::Array, 2..=4) => format!(
                "[{}, {}, {}]",
                self.typed(Kind::Float),
                self.typed(Kind::Float),
                self.typed(Kind::Float)
            ),
            (Kind::Array, 5) => format!("{from}.map(|q| q * {})", self.typed(Kind::Float)),
            (Kind::InOut, _) => format!("&mut {from}[{}..]", self.typed(Kind::Integer)),
            _ => self.block_of(kind),
        }
    }

    fn block_of(&mut self, kind: Kind) -> String {
        let names = self.names.len();
        let label = self.chance(1, 8);
        if label {
            self.labels.push("'b".to_owned());
        }
        let statements = self.statements(3);
        let tail = self.typed(kind);
        self.names.truncate(names);
        if label {
            self.labels.pop();
            return format!("'b: {{ {statements} {tail} }}");
        }
        format!("{{ {statements} {tail} }}")
    }

    fn matching(&mut self) -> String {
        let of = match self.below(3) {
            0 => self.typed(Kind::Integer),
            1 => self.typed(Kind::Pair),
            _ => self.typed(Kind::Float),
        };
        let mut arms = String::new();
        for _ in 0..self.below(4) {
            let names = self.names.len();
            let pattern = self.pattern();
            let guard = if self.chance(1, 4) {
                format!(" if {}", self.typed(Kind::Bool))
            } else {
                String::new()
            };
            let body = self.typed(Kind::Float);
            self.names.truncate(names);
            arms.push_str(&format!("{pattern}{guard} => {body}, "));
        }
        format!("match {of} {{ {arms} _ => {} }}", self.typed(Kind::Float))
    }

    pub(super) fn closure(&mut self) -> String {
        let names = self.names.len();
        let name = self.fresh(Kind::Float);
        let moved = if self.chance(1, 5) { "move " } else { "" };
        let annotation = if self.chance(1, 2) { ": f64" } else { "" };
        let body = self.typed(Kind::Float);
        self.names.truncate(names);
        format!("{moved}|{name}{annotation}| {body}")
    }

    /// An iterator chain that gives a number.
    fn chain(&mut self) -> String {
        let adapters = self.adapters();
        let end = match self.below(7) {
            0 => ".sum::<f64>()".to_owned(),
            1 => ".product::<f64>()".to_owned(),
            2 => format!(
                ".fold({}, |s, q| s + q * {})",
                self.typed(Kind::Float),
                self.typed(Kind::Float)
            ),
            3 => ".fold(0.0, f64::max)".to_owned(),
            4 => ".count() as f64".to_owned(),
            5 => format!(
                ".{}().unwrap()",
                self.pick(&["next", "last", "max", "next_back"])
            ),
            _ => format!(".nth({}).unwrap_or(0.0)", self.typed(Kind::Integer)),
        };
        format!("{adapters}{end}")
    }

    pub(super) fn adapters(&mut self) -> String {
        let mut text = match self.below(6) {
            0 => format!("(0..{}).map(|i| i as f64)", self.typed(Kind::Integer)),
            1 => format!("{}.windows(2).map(|p| p[0] * p[1])", self.pick_sequence()),
            2 => format!(
                "{}.iter().zip({}.iter()).map(|(p, q)| p * q)",
                self.pick_sequence(),
                self.pick_sequence()
            ),
            3 => format!(
                "{}.chunks({}).flatten().copied()",
                self.pick_sequence(),
                self.typed(Kind::Integer)
            ),
            _ => format!("{}.iter().copied()", self.pick_sequence()),
        };
        for _ in 0..self.below(4) {
            if !self.spend() {
                break;
            }
            let adapter = match self.below(14) {
                0 => ".rev()".to_owned(),
                1 => format!(".skip({})", self.typed(Kind::Integer)),
                2 => format!(".take({})", self.typed(Kind::Integer)),
                3 => format!(".step_by({})", self.typed(Kind::Integer)),
                4..=6 => format!(".map({})", self.closure()),
                7 => format!(".filter(|q| *q > {})", self.typed(Kind::Float)),
                8 => ".enumerate().map(|(i, q)| q * i as f64)".to_owned(),
                9 => format!(".chain({}.iter().copied())", self.pick_sequence()),
                10 => format!(".map(|q| ({}).sin() + q)", self.typed(Kind::Float)),
                11 => ".cycle()".to_owned(),
                12 => ".map(f64::sin)".to_owned(),
                _ => format!(".flat_map(|q| {})", self.typed(Kind::Array)),
            };
            text.push_str(&adapter);
        }
        text
    }

    fn looped(&mut self) -> String {
        self.labels.push("'l".to_owned());
        let body = self.statements(3);
        self.labels.pop();
        format!("'l: loop {{ {body} break {} }}", self.typed(Kind::Float))
    }
}
