//! Functions that return `Result` or `Option`: every derivative function fails with the very error that the function
//! returns, once, and before any adjoint is touched.

// The bodies are written as people write them, whatever clippy would have had instead.
#![allow(clippy::all)]

use std::cell::Cell;
use std::fmt::Debug;

use autodiff::{Workspace, differentiable};

/// What the functions fail with.
#[derive(Clone, PartialEq, Debug)]
pub(crate) enum Fault {
    Negative { index: usize, value: f64 },
    Text(String),
    Several(Vec<f64>),
}

impl From<std::num::ParseFloatError> for Fault {
    fn from(error: std::num::ParseFloatError) -> Self {
        Self::Text(error.to_string())
    }
}

thread_local! {
    static MADE: Cell<usize> = const { Cell::new(0) };
}

fn counted(text: &str) -> Fault {
    MADE.with(|made| made.set(made.get() + 1));
    Fault::Text(text.to_owned())
}

#[differentiable]
fn entries(x: &[f64], limit: f64) -> Result<f64, Fault> {
    let mut product = 1.0;
    for (index, &value) in x.iter().enumerate() {
        product *= value;
        if product < limit {
            return Err(Fault::Negative {
                index,
                value: product,
            });
        }
    }
    Ok(product)
}

#[differentiable]
fn elementwise(x: &[f64]) -> Result<f64, Fault> {
    let mut sum = 0.0;
    for i in 0..x.len() {
        if x[i] < 0.0 {
            return Err(Fault::Negative {
                index: i,
                value: x[i],
            });
        }
        sum += x[i] * x[i];
    }
    Ok(sum)
}

#[differentiable]
fn texts(x: f64, text: &str) -> Result<f64, Fault> {
    let scale: f64 = text.trim().parse()?;
    Ok((x * scale).sin())
}

#[differentiable]
fn message(x: f64, y: f64) -> Result<f64, String> {
    if x > y {
        return Err(format!("{x:.2} is above {}", y * 2.0));
    }
    Ok(x * y)
}

#[differentiable]
fn moved(x: &[f64]) -> Result<f64, Fault> {
    let doubled: Vec<f64> = x.iter().map(|v| 2.0 * v).collect();
    if doubled.len() > 2 {
        return Err(Fault::Several(doubled));
    }
    Ok(doubled[0] * doubled[1])
}

#[differentiable]
fn once(x: f64) -> Result<f64, Fault> {
    if x < 0.0 {
        Err(counted("below"))
    } else {
        Ok(x * x)
    }
}

#[differentiable]
fn boxed(x: f64, text: &str) -> Result<f64, Box<dyn std::error::Error>> {
    let power: i32 = text.parse()?;
    if power == 0 {
        return Err("no power".into());
    }
    Ok(x.powi(power))
}

#[differentiable]
fn named<'a>(x: f64, name: &'a str) -> Result<f64, &'a str> {
    if x < 0.0 {
        return Err(name);
    }
    Ok(x.sqrt())
}

#[differentiable]
fn mapped(x: f64, text: &str, limit: usize) -> Result<f64, String> {
    let power: usize = text
        .parse()
        .map_err(|e| format!("{text}: {e} beside {x:.1}"))?;
    let left = limit
        .checked_sub(power)
        .ok_or_else(|| format!("{power} is above {limit}",))?;
    let rest = text.trim().parse::<usize>().unwrap_or_else(|_| 1);
    Ok(x.powi(power as i32) * (left + rest) as f64)
}

mod alias {
    use autodiff::differentiable;

    pub type Result<T> = std::result::Result<T, super::Fault>;

    #[differentiable]
    pub fn through(x: f64) -> Result<f64> {
        if x < 0.0 {
            return Err(super::Fault::Text("below".to_owned()));
        }
        Ok(x.sqrt())
    }
}

/// Each of them fails with this error.
fn all<E: PartialEq + Debug>(error: &E, failures: &[(&str, Option<E>)]) {
    for (name, failure) in failures {
        assert_eq!(failure.as_ref(), Some(error), "{name}");
    }
}

macro_rules! fails {
    ($f:ident($($x:expr),*), [$($d:expr),*], [$($bar:expr),*]) => {{
        let error = $f($($x),*).err().expect("the function fails");
        let workspace = &mut Workspace::new();
        all(&error, &[
            ("jvp", $f::jvp($($x,)* $($d),*).err()),
            ("vjp", $f::vjp($($x,)* 1.0).err()),
            ("vjp_into", $f::vjp_into($($x,)* 1.0, $($bar),*).err()),
            ("vjp_into_with", $f::vjp_into_with(workspace, $($x,)* 1.0, $($bar),*).err()),
            ("pullback", $f::pullback($($x),*).err()),
            ("gradient", $f::gradient($($x),*).err()),
            ("value_and_gradient", $f::value_and_gradient($($x),*).err()),
            ("hvp", $f::hvp($($x,)* $($d),*).err()),
            ("hessian", $f::hessian($($x),*).err()),
            ("value_gradient_hessian", $f::value_gradient_hessian($($x),*).err()),
        ]);
    }};
}

#[test]
fn the_error_is_the_same() {
    let x: &[f64] = &[2.0, 0.5, 0.1, 3.0];
    let (mut x_bar, mut limit_bar) = ([7.0; 4], 7.0);
    fails!(
        entries(x, 0.3),
        [&[1.0; 4], 1.0],
        [&mut x_bar, &mut limit_bar]
    );
    assert_eq!((x_bar, limit_bar), ([7.0; 4], 7.0));
    assert_eq!(
        entries::gradient(x, 0.3),
        Err(Fault::Negative {
            index: 2,
            value: 0.1
        })
    );

    let x: &[f64] = &[2.0, 0.5, -0.1, 3.0];
    fails!(elementwise(x), [&[1.0; 4]], [&mut x_bar]);
    assert_eq!(x_bar, [7.0; 4]);

    fails!(texts(1.0, "one"), [1.0], [&mut 0.0]);
    fails!(mapped(1.0, "x", 3), [1.0], [&mut 0.0]);
    fails!(mapped(1.0, "4", 3), [1.0], [&mut 0.0]);
    assert_eq!(
        mapped::gradient(1.0, "x", 3),
        Err("x: invalid digit found in string beside 1.0".to_owned())
    );
    fails!(message(2.0, 1.5), [1.0, 1.0], [&mut 0.0, &mut 0.0]);
    assert_eq!(
        message::gradient(2.0, 1.5),
        Err("2.00 is above 3".to_owned())
    );
    fails!(moved(&[1.0, 2.0, 3.0]), [&[1.0; 3]], [&mut [0.0; 3]]);
    fails!(named(-1.0, "x"), [1.0], [&mut 0.0]);
    assert_eq!(
        alias::through::hessian(-1.0),
        Err(Fault::Text("below".to_owned()))
    );
}

#[test]
fn and_where_it_does_not_fail_there_is_a_derivative() {
    assert_eq!(
        entries::gradient(&[2.0, 3.0], 0.1),
        Ok((vec![3.0, 2.0], 0.0))
    );
    assert_eq!(elementwise::gradient(&[2.0, 3.0]), Ok(vec![4.0, 6.0]));
    assert_eq!(texts::gradient(0.0, " 2.5 "), Ok(2.5));
    assert_eq!(mapped::gradient(3.0, "2", 3), Ok(18.0));
    assert_eq!(message::hessian(1.0, 1.5), Ok([[0.0, 1.0], [1.0, 0.0]]));
    assert_eq!(moved::gradient(&[1.0, 2.0]), Ok(vec![8.0, 4.0]));
    assert_eq!(named::gradient(4.0, "x"), Ok(0.25));
    assert_eq!(alias::through::gradient(4.0), Ok(0.25));
    assert_eq!(boxed::gradient(3.0, "2").ok(), Some(6.0));
    let (value, back) = message::pullback(1.0, 1.5).expect("it is below");
    assert_eq!((value, back(2.0)), (1.5, (3.0, 2.0)));
}

#[test]
fn errors_of_any_type() {
    let text = |error: Box<dyn std::error::Error>| error.to_string();
    assert_eq!(
        boxed::gradient(3.0, "0").map_err(text),
        Err("no power".to_owned())
    );
    assert_eq!(
        boxed::jvp(3.0, "x", 1.0).map_err(text),
        boxed(3.0, "x").map(|value| (value, 0.0)).map_err(text)
    );
}

#[test]
fn the_error_is_made_once() {
    for derivative in [once::gradient, |x| once::jvp(x, 1.0).map(|(y, _)| y)] {
        MADE.with(|made| made.set(0));
        assert_eq!(derivative(-1.0), Err(Fault::Text("below".to_owned())));
        assert_eq!(MADE.with(Cell::get), 1);
    }
}
