//! Statements that are well typed for the most part.

use super::{Kind, Writer, literal};

impl Writer<'_> {
    pub(super) fn statements(&mut self, upto: usize) -> String {
        self.list(upto, "\n", Self::statement)
    }

    pub(super) fn statement(&mut self) -> String {
        if self.is_wild() {
            return self.wild_statement();
        }
        if !self.spend() {
            return ";".to_owned();
        }
        match self.below(22) {
            0..=4 => {
                let kind = self.value_kind();
                let value = self.typed(kind);
                let name = self.fresh(kind);
                let annotation = if self.chance(1, 4) {
                    format!(": {}", kind.ty())
                } else {
                    String::new()
                };
                let mutable = if self.chance(1, 2) { "mut " } else { "" };
                format!("let {mutable}{name}{annotation} = {value};")
            }
            5..=7 => {
                let kind = self.value_kind();
                let place = self.leaf(kind);
                let operator = self.pick(&["=", "+=", "*=", "-=", "/="]);
                format!("{place} {operator} {};", self.typed(kind))
            }
            8 | 9 => {
                let operator = self.pick(&["=", "+=", "*="]);
                format!(
                    "{}[{}] {operator} {};",
                    self.pick_sequence(),
                    self.typed(Kind::Integer),
                    self.typed(Kind::Float)
                )
            }
            10 => format!(
                "if {} {{ {} }} else {{ {} }}",
                self.typed(Kind::Bool),
                self.statements(3),
                self.statements(2)
            ),
            11..=13 => self.for_loop(),
            14 => format!(
                "while {} {{ {} }}",
                self.typed(Kind::Bool),
                self.statements(3)
            ),
            15 => {
                let closure = self.closure();
                let name = self.fresh(Kind::Closure);
                format!("let {name} = {closure};")
            }
            16 => self.exit(),
            17 => format!("{};", self.typed(Kind::Unit)),
            18 => {
                let value = self.typed(Kind::Pair);
                let (one, other) = (self.fresh(Kind::Float), self.fresh(Kind::Float));
                format!("let ({one}, mut {other}) = {value};")
            }
            19 => format!(
                "{}.{};",
                self.pick_sequence(),
                self.pick(&[
                    "swap(0, 1)",
                    "fill(x)",
                    "copy_from_slice(&[x, x])",
                    "push(x)",
                    "clear()",
                    "reverse()",
                    "iter_mut().for_each(|q| *q *= x)",
                    "sort()",
                    "truncate(1)"
                ])
            ),
            20 => self.inner_item(),
            _ => {
                let value = self.typed(Kind::Slice);
                let name = self.fresh(Kind::Slice);
                format!("let {name} = {value};")
            }
        }
    }

    fn inner_item(&mut self) -> String {
        match self.below(5) {
            0 => format!(
                "const {}: f64 = {};",
                self.pick(&["A", "x", "PI"]),
                literal(self.random)
            ),
            1 => "fn helper(n: usize) -> usize { n + 1 }".to_owned(),
            2 => "use std::f64::consts::PI as pi;".to_owned(),
            3 => "#[differentiable] fn inner(x: f64) -> f64 { x * x }".to_owned(),
            _ => "static S: f64 = 1.0;".to_owned(),
        }
    }

    fn exit(&mut self) -> String {
        let label = self.labels.last().cloned().unwrap_or_default();
        match self.below(5) {
            0 => format!("return {};", self.typed(Kind::Float)),
            1 => format!("if {} {{ break {label}; }}", self.typed(Kind::Bool)),
            2 => format!("if {} {{ continue {label}; }}", self.typed(Kind::Bool)),
            3 => format!(
                "if {} {{ return {}; }}",
                self.typed(Kind::Bool),
                self.typed(Kind::Float)
            ),
            _ => format!("break {label};"),
        }
    }

    fn for_loop(&mut self) -> String {
        let names = self.names.len();
        let label = if self.chance(1, 4) {
            format!("'l{}", self.labels.len())
        } else {
            String::new()
        };
        let attribute = if self.chance(1, 30) {
            "#[checkpoint]"
        } else {
            ""
        };
        let (pattern, over) = match self.below(7) {
            0..=2 => {
                let over = format!(
                    "{}..{}",
                    self.typed(Kind::Integer),
                    self.typed(Kind::Integer)
                );
                (self.fresh(Kind::Integer), over)
            }
            3 => {
                let over = format!(
                    "({}..={}).rev()",
                    self.typed(Kind::Integer),
                    self.typed(Kind::Integer)
                );
                (self.fresh(Kind::Integer), over)
            }
            4 => {
                let over = self.adapters();
                (self.fresh(Kind::Float), over)
            }
            5 => {
                let over = format!("{}.iter_mut()", self.pick_sequence());
                (
                    format!("({}, q)", self.fresh(Kind::Integer)),
                    format!("{over}.enumerate()"),
                )
            }
            _ => (
                format!("&{}", self.fresh(Kind::Float)),
                self.typed(Kind::Slice),
            ),
        };
        let prefix = if label.is_empty() {
            String::new()
        } else {
            format!("{label}: ")
        };
        if !label.is_empty() {
            self.labels.push(label.clone());
        }
        let body = self.statements(4);
        if !label.is_empty() {
            self.labels.pop();
        }
        self.names.truncate(names);
        format!("{attribute} {prefix}for {pattern} in {over} {{ {body} }}")
    }
}
