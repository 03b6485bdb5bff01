//! Functions that return `Result` or `Option`: early failures, `?`, and what the error is made of.

use std::fmt;

use super::checked;

/// What the functions below fail with.
#[derive(Clone, PartialEq, Debug)]
pub enum Fault {
    /// Out of the domain.
    Negative,
    /// An entry out of the domain.
    At { index: usize },
    /// A text that is not a number.
    Text(String),
}

/// What the twins of the samples take it for: none of its content has a derivative.
use Fault as FaultTwin;

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{self:?}")
    }
}

impl From<std::num::ParseIntError> for Fault {
    fn from(error: std::num::ParseIntError) -> Self {
        Self::Text(error.to_string())
    }
}

impl From<&str> for Fault {
    fn from(text: &str) -> Self {
        Self::Text(text.to_owned())
    }
}

fn even(n: usize) -> Result<usize, Fault> {
    if n % 2 == 0 {
        Ok(n / 2)
    } else {
        Err(Fault::At { index: n })
    }
}

#[checked(at(0.7), at(2.5), panics(-1.0))]
fn root(x: f64) -> Result<f64, Fault> {
    if x < 0.0 {
        return Err(Fault::Negative);
    }
    Ok(x.sqrt() * x.sin())
}

#[checked(at(0.7, 1.1), panics(-1.0, 1.0), panics(1.0, 0.0))]
fn branches_give_it(x: f64, y: f64) -> Result<f64, String> {
    if x < 0.0 {
        Err(format!("negative beside {}", y > 0.5))
    } else {
        match y {
            0.0 => Err("zero".to_owned()),
            _ => Ok(x.ln() / y),
        }
    }
}

#[checked(at([0.3, 0.7, 1.9]), at([1.2]), at([]), panics([0.5, -2.0, 1.0]))]
fn from_a_loop(x: &[f64]) -> Result<f64, Fault> {
    let mut sum = 0.0;
    for (index, &value) in x.iter().enumerate() {
        if value < 0.0 {
            return Err(Fault::At { index });
        }
        sum += value.sqrt() * (index as f64 + 1.0);
    }
    Ok(sum * sum)
}

#[checked(at(0.7, 2), at(-0.4, 6), panics(0.7, 5))]
fn question(x: f64, n: usize) -> Result<f64, Fault> {
    let count = even(n)?;
    let mut y = x;
    for _ in 0..count {
        y = y.cos() * x;
    }
    Ok(y)
}

#[checked(at(0.7, " 2"), panics(0.7, "two"))]
fn question_on_a_method(x: f64, text: &str) -> Result<f64, Fault> {
    let count: i32 = text.trim().parse()?;
    let shift = text.trim().parse::<u8>()?;
    Ok(x.powi(count) + shift as f64 * x)
}

#[checked(at(0.7, 0.2), panics(-0.7, 0.2))]
fn question_on_an_error(x: f64, y: f64) -> Result<f64, Fault> {
    if x < y {
        Err("too small")?;
    }
    Ok((x - y).ln() * y)
}

#[checked(at([0.3, 0.7, 1.9]), panics([]))]
fn largest(x: &[f64]) -> Result<f64, Fault> {
    let top = x.iter().copied().reduce(f64::max).ok_or(Fault::Negative)?;
    Ok(top * top + x[0])
}

#[checked(at([0.3, 0.7, 1.9], 0.5), panics([0.1, 0.2], 0.5))]
fn first_above(x: &[f64], limit: f64) -> Option<f64> {
    let found = x.iter().find(|&&v| v > limit)?;
    Some(found.exp() * limit)
}

#[checked(at(0.7), at(3.0), panics(-0.7))]
fn none(x: f64) -> Option<f64> {
    if x < 0.0 {
        return None;
    }
    if x > 1.0 {
        Some(x.ln())
    } else {
        Some(x * x * x)
    }
}

#[checked(at([0.3, 0.7], 2.0))]
fn scaled(x: &[f64], by: f64) -> Result<Vec<f64>, String> {
    if by == 0.0 {
        return Err(String::from("zero"));
    }
    Ok(x.iter().map(|v| v * v / by).collect())
}

#[checked(at([0.3, 0.7], 2.0))]
fn pair(x: [f64; 2], by: f64) -> Result<(f64, [f64; 2]), String> {
    if by == 0.0 {
        return Err(String::from("zero"));
    }
    Ok((x[0] * x[1] / by, [x[0].sin(), by * x[1]]))
}

#[checked(at([0.3, 0.7], 2.0), panics([0.3, -0.7], 2.0))]
fn in_place(x: &mut [f64], by: f64) -> Result<(), Fault> {
    for (index, value) in x.iter_mut().enumerate() {
        if *value < 0.0 {
            return Err(Fault::At { index });
        }
        *value = value.sqrt() * by;
    }
    Ok(())
}

#[checked(at(0.9, 50), panics(0.9, 2))]
fn iteration(x: f64, most: usize) -> Result<f64, Fault> {
    let mut y = x;
    let mut count = 0;
    loop {
        let next = (y + x / y) * 0.5 + 0.01 * y.sin();
        if (next - y).abs() < 1e-13 {
            break Ok(next);
        }
        if count == most {
            break Err(Fault::At { index: count });
        }
        y = next;
        count += 1;
    }
}

#[checked(at([0.3, 0.7, 1.9], 0.5), panics([0.3, -0.7], 2.0))]
fn with_tapes(x: &[f64], a: f64) -> Result<f64, Fault> {
    let mut state = a;
    for (index, &value) in x.iter().enumerate() {
        state = (state * value).tanh() + value;
        if state < 0.0 {
            return Err(Fault::At { index });
        }
        state *= a;
    }
    Ok(state)
}

#[checked(at(0.5, 1.5), panics(0.5, 0.2))]
fn block_gives_it(x: f64, y: f64) -> Result<f64, &'static str> {
    'found: {
        if x * y > 0.4 {
            break 'found Ok(x.powf(y));
        }
        Err("too small")
    }
}
