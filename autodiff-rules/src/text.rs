//! The instance of the rules that is read by people.

use alloc::{
    format,
    string::{String, ToString},
    vec::Vec,
};
use core::{
    f64::consts,
    fmt,
    ops::{Add, Div, Mul, Neg, Sub},
};

use crate::{Prim, Real};

/// A formula as text, with no more parentheses than its operators need.
///
/// ```
/// use autodiff_rules::{Prim, Text};
///
/// let slope = Prim::Tan.partial(0, &[true], &[Text::name("x")], &Text::name("y")).unwrap();
/// assert_eq!(slope.to_string(), "1 + y * y");
/// ```
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Text {
    text: String,
    binding: Binding,
}

/// How tightly the outermost operator of a text binds; the derived order is from loose to tight.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
enum Binding {
    Conditional,
    Sum,
    Negation,
    Product,
    Atom,
}

impl Text {
    /// The text of a variable.
    pub fn name(name: &str) -> Text {
        Text::new(name.to_string(), Binding::Atom)
    }

    fn new(text: String, binding: Binding) -> Text {
        Text { text, binding }
    }

    /// The text as an operand that must bind at least as tightly as `binding`.
    fn at(&self, binding: Binding) -> String {
        if self.binding < binding {
            format!("({})", self.text)
        } else {
            self.text.clone()
        }
    }

    fn infix(&self, operator: &str, rhs: &Text, left: Binding, right: Binding) -> Text {
        Text::new(
            format!("{} {operator} {}", self.at(left), rhs.at(right)),
            left,
        )
    }

    fn condition(&self, comparison: &str, rhs: &Text, then: &Text, otherwise: &Text) -> Text {
        let condition = format!(
            "{} {comparison} {}",
            self.at(Binding::Sum),
            rhs.at(Binding::Sum)
        );
        Text::conditional(&condition, then, otherwise)
    }

    fn conditional(condition: &str, then: &Text, otherwise: &Text) -> Text {
        let text = match otherwise.text.strip_prefix("if ") {
            Some(_) => format!("if {condition} {{ {} }} else {}", then.text, otherwise.text),
            None => format!(
                "if {condition} {{ {} }} else {{ {} }}",
                then.text, otherwise.text
            ),
        };
        Text::new(text, Binding::Conditional)
    }
}

impl fmt::Display for Text {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

/// The constants that a reader knows by name.
const NAMED: [(f64, &str); 7] = [
    (consts::LN_2, "ln(2)"),
    (consts::LOG2_E, "log2(e)"),
    (consts::LOG10_E, "log10(e)"),
    (180.0 / consts::PI, "(180 / π)"),
    (consts::PI / 180.0, "(π / 180)"),
    (1.0 / 3.0, "(1 / 3)"),
    (0.5, "½"),
];

impl Real for Text {
    fn lit(c: f64) -> Text {
        let text = match NAMED.iter().find(|(value, _)| *value == c) {
            Some((_, name)) => name.to_string(),
            None => c.to_string(),
        };
        let binding = if c < 0.0 {
            Binding::Negation
        } else {
            Binding::Atom
        };
        Text::new(text, binding)
    }

    fn call(prim: Prim, args: &[Text]) -> Text {
        match (prim, args) {
            (Prim::Add, [a, b]) => a.clone() + b.clone(),
            (Prim::Sub, [a, b]) => a.clone() - b.clone(),
            (Prim::Mul, [a, b]) => a.clone() * b.clone(),
            (Prim::Div, [a, b]) => a.clone() / b.clone(),
            (Prim::Rem, [a, b]) => a.infix("%", b, Binding::Product, Binding::Atom),
            (Prim::Neg, [a]) => -a.clone(),
            (Prim::Recip, [a]) => Text::lit(1.0) / a.clone(),
            (Prim::IfGreater, [a, b, then, otherwise]) => a.condition(">", b, then, otherwise),
            (Prim::IfEqual, [a, b, then, otherwise]) => a.condition("==", b, then, otherwise),
            (Prim::IfNan, [x, then, otherwise]) => {
                Text::conditional(&format!("{} is NaN", x.at(Binding::Sum)), then, otherwise)
            }
            (Prim::RealFromInteger, [n]) => n.clone(),
            (Prim::IntegerPredecessor, [n]) => n.clone() - Text::lit(1.0),
            _ => {
                let args: Vec<&str> = args.iter().map(|arg| arg.text.as_str()).collect();
                Text::new(
                    format!("{}({})", prim.name(), args.join(", ")),
                    Binding::Atom,
                )
            }
        }
    }
}

impl Neg for Text {
    type Output = Text;
    fn neg(self) -> Text {
        Text::new(format!("-{}", self.at(Binding::Product)), Binding::Negation)
    }
}

impl Add for Text {
    type Output = Text;
    fn add(self, rhs: Text) -> Text {
        self.infix("+", &rhs, Binding::Sum, Binding::Product)
    }
}

impl Sub for Text {
    type Output = Text;
    fn sub(self, rhs: Text) -> Text {
        self.infix("-", &rhs, Binding::Sum, Binding::Product)
    }
}

impl Mul for Text {
    type Output = Text;
    fn mul(self, rhs: Text) -> Text {
        self.infix("*", &rhs, Binding::Product, Binding::Atom)
    }
}

impl Div for Text {
    type Output = Text;
    fn div(self, rhs: Text) -> Text {
        self.infix("/", &rhs, Binding::Product, Binding::Atom)
    }
}
