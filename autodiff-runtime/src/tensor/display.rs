//! Printing, in the form that PyTorch prints.

use std::fmt::{self, Display, Write};

use super::element::{DType, Element};
use super::{Tensor, kernel};

const LINE_WIDTH: usize = 80;
/// Tensors of more elements are summarised, by the first and last few of each dimension.
const THRESHOLD: usize = 1000;
const EDGE_ITEMS: usize = 3;

/// How all elements of one tensor are written.
enum Style {
    /// Whole numbers with a point, as in `4.`.
    Whole,
    /// Four digits after the point.
    Fixed,
    /// Four digits after the point and a power of ten.
    Scientific,
    /// Integers and truth values.
    Plain,
}

struct Formatter {
    style: Style,
    width: usize,
}

impl Formatter {
    fn new<T: Element>(values: &[T], number: impl Fn(T) -> Option<f64>) -> Self {
        let mut formatter = Self {
            style: Style::Plain,
            width: 0,
        };
        let Some(floats) = values
            .iter()
            .map(|&v| number(v))
            .collect::<Option<Vec<f64>>>()
        else {
            formatter.width = values.iter().map(|v| plain(*v).len()).max().unwrap_or(0);
            return formatter;
        };
        formatter.style = Style::Whole;
        formatter.width = 1;
        let telling: Vec<f64> = floats
            .into_iter()
            .filter(|v| v.is_finite() && *v != 0.0)
            .collect();
        let largest = telling.iter().map(|v| v.abs()).fold(0.0, f64::max);
        let smallest = telling
            .iter()
            .map(|v| v.abs())
            .fold(f64::INFINITY, f64::min);
        if telling.is_empty() {
            return formatter;
        }
        let whole = telling.iter().all(|v| *v == v.ceil());
        let wide = largest / smallest > 1000.0 || largest > 1e8;
        formatter.style = if wide || (!whole && smallest < 1e-4) {
            Style::Scientific
        } else if whole {
            Style::Whole
        } else {
            Style::Fixed
        };
        formatter.width = telling
            .iter()
            .map(|&v| formatter.float(v).len())
            .max()
            .unwrap_or(1);
        formatter
    }

    fn float(&self, value: f64) -> String {
        if value.is_nan() {
            return "nan".to_owned();
        }
        if value.is_infinite() {
            return if value > 0.0 { "inf" } else { "-inf" }.to_owned();
        }
        match self.style {
            Style::Whole => format!("{value:.0}."),
            Style::Fixed => format!("{value:.4}"),
            Style::Scientific => {
                let text = format!("{value:.4e}");
                let (digits, exponent) = text
                    .split_once('e')
                    .expect("this format writes an exponent");
                let (sign, exponent) = exponent
                    .strip_prefix('-')
                    .map_or(('+', exponent), |rest| ('-', rest));
                format!("{digits}e{sign}{exponent:0>2}")
            }
            Style::Plain => value.to_string(),
        }
    }
}

/// Integers and truth values, the latter as in Python.
fn plain<T: Element>(value: T) -> String {
    let text = value.to_string();
    if T::DTYPE == DType::Bool {
        if text == "true" {
            "True".to_owned()
        } else {
            "False".to_owned()
        }
    } else {
        text
    }
}

struct Printer<'a, T> {
    shape: &'a [usize],
    values: &'a [T],
    formatter: Formatter,
    summarise: bool,
}

/// The number that an element is, for the choice of style; `None` for integers and truth values.
fn number<T: Element>(value: T) -> Option<f64> {
    match T::DTYPE {
        // The shortest decimal form of an `f32` would read back as another `f64`; going through `Any` does not.
        DType::F32 => (&value as &dyn std::any::Any)
            .downcast_ref::<f32>()
            .map(|&v| f64::from(v)),
        DType::F64 => (&value as &dyn std::any::Any)
            .downcast_ref::<f64>()
            .copied(),
        DType::I64 | DType::Bool => None,
    }
}

impl<T: Element> Printer<'_, T> {
    /// The indices of a dimension that are shown; `None` stands for those left out.
    fn shown(&self, size: usize) -> Vec<Option<usize>> {
        if self.summarise && size > 2 * EDGE_ITEMS {
            (0..EDGE_ITEMS)
                .map(Some)
                .chain([None])
                .chain((size - EDGE_ITEMS..size).map(Some))
                .collect()
        } else {
            (0..size).map(Some).collect()
        }
    }

    fn element(&self, position: usize) -> String {
        let value = self.values[position];
        let text = number(value).map_or_else(|| plain(value), |v| self.formatter.float(v));
        format!("{text:>width$}", width = self.formatter.width)
    }

    fn write(&self, out: &mut String, dim: usize, start: usize, indent: usize) {
        if dim == self.shape.len() {
            out.push_str(&self.element(start));
            return;
        }
        let stride: usize = self.shape[dim + 1..].iter().product();
        let shown = self.shown(self.shape[dim]);
        out.push('[');
        if dim + 1 == self.shape.len() {
            let per_line = (LINE_WIDTH.saturating_sub(indent) / (self.formatter.width + 2)).max(1);
            for (i, index) in shown.into_iter().enumerate() {
                if i > 0 {
                    out.push(',');
                    if i % per_line == 0 {
                        let _ = write!(out, "\n{:indent$}", "", indent = indent + 1);
                    } else {
                        out.push(' ');
                    }
                }
                out.push_str(&index.map_or_else(
                    || " ...".to_owned(),
                    |index| self.element(start + index * stride),
                ));
            }
        } else {
            for (i, index) in shown.into_iter().enumerate() {
                if i > 0 {
                    out.push(',');
                    out.push_str(&"\n".repeat(self.shape.len() - dim - 1));
                    let _ = write!(out, "{:indent$}", "", indent = indent + 1);
                }
                match index {
                    Some(index) => self.write(out, dim + 1, start + index * stride, indent + 1),
                    None => out.push_str("..."),
                }
            }
        }
        out.push(']');
    }
}

impl<T: Element> Tensor<T> {
    /// The values that decide about the style: all, or the ones that a summary shows.
    fn telling_values(&self, printer: &Printer<'_, T>) -> Vec<T> {
        let mut positions = vec![0];
        for (dim, &size) in self.shape().iter().enumerate() {
            let stride: usize = self.shape()[dim + 1..].iter().product();
            let shown = printer.shown(size);
            positions = positions
                .iter()
                .flat_map(|p| shown.iter().flatten().map(move |i| p + i * stride))
                .collect();
        }
        positions.into_iter().map(|p| printer.values[p]).collect()
    }
}

impl<T: Element> Display for Tensor<T> {
    /// As PyTorch prints; the element type is named unless it is the default `f64`, or evident.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        const PREFIX: &str = "tensor(";
        let mut text = PREFIX.to_owned();
        let mut suffixes = Vec::new();
        let evident = match T::DTYPE {
            DType::F64 => true,
            DType::I64 | DType::Bool => !self.is_empty(),
            DType::F32 => false,
        };
        if self.is_empty() {
            text.push_str("[]");
            if self.ndim() != 1 {
                suffixes.push(format!("size={}", Size(self.shape())));
            }
        } else {
            let values = kernel::to_vec(self);
            let formatter = Formatter {
                style: Style::Plain,
                width: 0,
            };
            let mut printer = Printer {
                shape: self.shape(),
                values: &values,
                formatter,
                summarise: values.len() > THRESHOLD,
            };
            printer.formatter = Formatter::new(&self.telling_values(&printer), number);
            printer.write(&mut text, 0, 0, PREFIX.len());
        }
        if !evident {
            suffixes.push(format!("dtype={}", T::DTYPE));
        }
        if let Some(function) = self.grad_fn() {
            suffixes.push(format!("grad_fn=<{}>", function.name()));
        } else if self.requires_grad() {
            suffixes.push("requires_grad=True".to_owned());
        }
        // PyTorch reckons the last line of the elements two characters longer than it is.
        let mut line = text.len() - text.rfind('\n').map_or(0, |p| p + 1) + 2;
        for suffix in suffixes {
            if line + suffix.len() + 2 > LINE_WIDTH {
                let _ = write!(text, ",\n{:indent$}{suffix}", "", indent = PREFIX.len());
                line = PREFIX.len() + suffix.len();
            } else {
                let _ = write!(text, ", {suffix}");
                line += suffix.len() + 2;
            }
        }
        write!(f, "{text})")
    }
}

/// A shape as Python writes a tuple.
struct Size<'a>(&'a [usize]);

impl Display for Size<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let sizes: Vec<String> = self.0.iter().map(usize::to_string).collect();
        write!(
            f,
            "({}{})",
            sizes.join(", "),
            if sizes.len() == 1 { "," } else { "" }
        )
    }
}

impl<T: Element> fmt::Debug for Tensor<T> {
    /// As [`Display`].
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        Display::fmt(self, f)
    }
}
