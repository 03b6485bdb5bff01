//! A call that panics panics in every derivative function too, with the message of its first panic.

// The bodies are written as people write them, whatever clippy would have had instead.
#![allow(clippy::all)]

use std::cell::RefCell;
use std::panic::{self, AssertUnwindSafe};

use autodiff::{Workspace, differentiable};

#[differentiable]
fn index(x: &[f64], i: usize) -> f64 {
    let unused = x[i + 1];
    let used = x[i];
    let _ = unused;
    used * used
}

#[differentiable]
fn assertion(x: &[f64], i: usize) -> f64 {
    assert!(i < 3, "i is {i}");
    x[i].sqrt()
}

#[differentiable]
fn plain_assertion(x: &[f64], i: usize) -> f64 {
    assert!(i % 2 == 0);
    x[0] * x[0]
}

#[differentiable]
fn order(x: &[f64], i: usize) -> f64 {
    let first = x[i];
    let second = x[i / (i - 2)];
    second * first
}

#[differentiable]
fn overflow(x: &[f64], i: usize) -> f64 {
    let mut y = x[0];
    let mut k: u8 = 250;
    for _ in 0..i.min(20) {
        k += 1;
        y *= y;
    }
    y * k as f64
}

#[differentiable]
fn division(x: &[f64], i: usize) -> f64 {
    let k = 10 / i;
    x[0] * k as f64
}

#[differentiable]
fn store(x: &[f64], i: usize) -> f64 {
    let mut y = [0.0; 3];
    for k in 0..i {
        y[k] = x[0] * x[0];
    }
    y[0] + y[1]
}

#[differentiable]
fn explicit(x: &[f64], i: usize) -> f64 {
    match i {
        0 => x[0] * x[0],
        1 => x[0].ln(),
        _ => panic!("no kind {i}, but x is {:?}", x[0]),
    }
}

/// Two loops over one range: the mirror of the second must not run with the first.
#[differentiable]
fn two_loops(x: &[f64], i: usize) -> f64 {
    let mut first = 0.0;
    for k in 0..i {
        assert!(k < 3, "no more than three");
        first += k as f64 * 0.5;
    }
    let mut second = 0.0;
    for k in 0..i {
        second += x[k] * x[k];
    }
    first * x[0] + second
}

/// An access in an inner loop that may not run at all.
#[differentiable]
fn guarded(x: &[f64], i: usize) -> f64 {
    let mut sum = 0.0;
    for k in 0..i {
        for j in 0..k {
            sum += x[k] * x[j] * x[1];
        }
    }
    sum
}

/// A trip count that no buffer can be made for.
#[differentiable]
fn endless(x: &[f64], i: usize) -> f64 {
    let mut y = 1.5;
    for k in i..1 << 40 {
        y = y * y * x[k];
    }
    y
}

/// The same downwards: what is kept first belongs to the last index.
#[differentiable]
fn endless_downwards(x: &[f64], i: usize) -> f64 {
    let mut y = 1.5;
    for k in (0..1_usize << 40).rev() {
        y = y * y * x[(1 << 40) - 1 - k + i % 2];
    }
    y
}

/// Trip counts whose product overflows.
#[differentiable]
fn endless_squared(x: &[f64], i: usize) -> f64 {
    let mut y = 1.5;
    for k in 0..usize::MAX {
        for j in 0..=usize::MAX {
            y = (y * x[k + j]).sin() * x[k + j / 2] * (i as f64).min(2.0);
        }
    }
    y
}

/// Inner loops that run once each, under a bound that is far greater.
#[differentiable]
fn short_rows(x: &[f64], i: usize) -> f64 {
    let mut y = 1.5;
    for k in 0..1_usize << 40 {
        for j in 0..k.min(2) {
            y = (y * x[k - j]).sin() * x[k];
        }
        for _ in (0..k).rev() {
            y = y.exp() * x[k];
        }
        y *= x[i % 3];
    }
    y
}

/// Inner loops that never run, or run once, under a bound that is far greater; all that is returned.
#[differentiable]
fn loose_bounds(x: &[f64], i: usize) -> f64 {
    let mut y = x[0];
    for k in 0..x.len() {
        if k == 7 {
            for _ in 0..i {
                y = (y * x[k]).sin();
            }
        }
        for j in k..(k + 1).min(i) {
            y = (y * x[j]).cos() + y;
        }
    }
    y
}

/// The same where an iteration is run again in the reverse sweep.
#[differentiable]
fn loose_bounds_run_again(x: &[f64], i: usize) -> f64 {
    let mut sum = x[0];
    let mut work = [0.0; 4];
    for k in 0..x.len() {
        for j in 0..4 {
            work[j] = (x[k] * j as f64).sin();
        }
        for j in 0..4 {
            if j == 7 {
                for _ in 0..i {
                    work[j] = (work[j] * work[(j + 1) % 4]).sin();
                }
            }
        }
        sum += work[0] * work[1] + work[2] * work[3];
    }
    sum
}

/// A range of a signed type that is as wide as the type, and panics on its way.
#[differentiable]
fn signed_bounds(x: &[f64], i: usize) -> f64 {
    let mut y = 0.5;
    for k in i64::MIN..=i64::MAX {
        y = (y * x[0]).cos() * x[(k - i64::MIN) as usize + i % 2];
    }
    y
}

/// The same upside down.
#[differentiable]
fn signed_bounds_downwards(x: &[f64], i: usize) -> f64 {
    let mut y = 0.5;
    for k in (i64::MIN..=i64::MAX).rev() {
        y = (y * x[0]).cos() * x[(i64::MAX - k) as usize + i % 2];
    }
    y
}

/// More iterations than the greatest number of a signed type, and an end that nothing announces.
#[differentiable]
fn signed_steps(x: &[f64], i: usize) -> f64 {
    let mut y = x[0];
    for k in -128_i8..=127 {
        y = (y * x[0] + k as f64).sin() * k as f64;
        if k == 126 {
            break;
        }
    }
    for k in (-100_i8..100).rev() {
        y = (y * x[0] + k as f64).sin() * k as f64;
        if k as i64 + 100 == i.min(3) as i64 {
            break;
        }
    }
    y
}

/// More iterations than fit 64 bits.
#[differentiable]
fn wide(x: &[f64], i: usize) -> f64 {
    let mut y = 0.5;
    for k in i as u128 % 2..=u128::MAX {
        y = (y * x[k as usize]).sin();
    }
    y
}

/// The same by strides, and upside down.
#[differentiable]
fn wide_strides(x: &[f64], i: usize) -> f64 {
    let mut y = 0.5;
    for k in (0..1_u128 << 70).step_by(1 << 60) {
        y = (y * x[0]).sin() + (k >> 60) as f64;
    }
    for k in (0..=usize::MAX).step_by(1) {
        y = (y * x[k]).sin();
        if k == 1 {
            break;
        }
    }
    for k in (i128::MIN..=i128::MAX).rev().step_by(i % 2 + 1) {
        y = (y * x[(i128::MAX - k) as usize]).sin();
    }
    y
}

/// A loop that counts its iterations in one that announces far too many.
#[differentiable]
fn counting(x: &[f64], i: usize) -> f64 {
    let mut y = 0.5;
    for k in 0..usize::MAX - i / 2 {
        let mut j = 0;
        while j < k {
            y = (y * x[j]).sin();
            j += 1;
        }
        y *= x[k] * y;
    }
    y
}

thread_local! {
    static MESSAGE: RefCell<Option<String>> = const { RefCell::new(None) };
}

/// The message with which `f` panics, if it does.
fn message(f: impl FnOnce()) -> Option<String> {
    MESSAGE.set(None);
    panic::set_hook(Box::new(|info| {
        let payload = info.payload();
        let text = payload.downcast_ref::<String>().cloned();
        let text = text.or_else(|| {
            payload
                .downcast_ref::<&str>()
                .map(|text| (*text).to_owned())
        });
        MESSAGE.set(text);
    }));
    let panicked = panic::catch_unwind(AssertUnwindSafe(f)).is_err();
    let _ = panic::take_hook();
    panicked.then(|| MESSAGE.take().expect("a message"))
}

/// Checks that all derivative functions of `$f` panic as it does itself, for several arguments.
macro_rules! check {
    ($($f:ident),*) => {
        // One test, because the hook for panics is one for all threads.
        #[test]
        fn panics_are_those_of_the_primal() {
            $(
                let mut panics = 0;
                for (x, i) in [
                    (&[0.5, 2.0, 1.5, 3.0][..], 0), (&[0.5, 2.0], 1), (&[0.5, 2.0], 2), (&[0.5, 2.0], 3),
                    (&[0.5, 2.0, 1.5, 3.0], 4), (&[], 0), (&[0.5], usize::MAX), (&[0.5], 9),
                ] {
                    let expected = message(|| { $f(x, i); });
                    panics += usize::from(expected.is_some());
                    let mut workspace = Workspace::new();
                    let mut x_bar = vec![0.0; x.len()];
                    let found = [
                        ("jvp", message(|| { $f::jvp(x, i, x); })),
                        ("vjp", message(|| { $f::vjp(x, i, 1.0); })),
                        ("vjp_into", message(|| { $f::vjp_into(x, i, 1.0, &mut x_bar); })),
                        ("vjp_into_with", message(|| { $f::vjp_into_with(&mut workspace, x, i, 1.0, &mut x_bar); })),
                        ("pullback", message(|| { let _ = $f::pullback(x, i); })),
                        ("gradient", message(|| { $f::gradient(x, i); })),
                        ("gradient_into", message(|| { $f::gradient_into(x, i, &mut x_bar); })),
                        ("value_and_gradient", message(|| { $f::value_and_gradient(x, i); })),
                        ("hvp", message(|| { $f::hvp(x, i, x); })),
                        ("hessian", message(|| { $f::hessian(x, i); })),
                        ("value_gradient_hessian", message(|| { $f::value_gradient_hessian(x, i); })),
                    ];
                    for (name, found) in found {
                        assert_eq!(found, expected, "{}::{name}({x:?}, {i})", stringify!($f));
                    }
                }
                assert!(panics > 0, "{} never panicked", stringify!($f));
            )*
            lengths_that_differ();
            matrices_come_after_the_primal();
        }
    };
}

check!(
    index,
    assertion,
    plain_assertion,
    order,
    overflow,
    division,
    store,
    explicit,
    two_loops,
    guarded,
    endless,
    endless_downwards,
    endless_squared,
    short_rows,
    loose_bounds,
    loose_bounds_run_again,
    signed_bounds,
    signed_bounds_downwards,
    signed_steps,
    wide,
    wide_strides,
    counting
);

/// Directions and adjoints of a wrong length are refused ahead of the primal, by the name of the parameter.
fn lengths_that_differ() {
    let expected = "the direction or adjoint of `x` has length 1, but `x` has length 2";
    let found = [
        message(|| {
            index::jvp(&[0.5, 2.0], 7, &[1.0]);
        }),
        message(|| {
            index::vjp_into(&[0.5, 2.0], 7, 1.0, &mut [0.0]);
        }),
        message(|| {
            index::hvp(&[0.5, 2.0], 7, &[1.0]);
        }),
    ];
    for found in found {
        assert_eq!(found.as_deref(), Some(expected));
    }
}

/// A Hessian with more entries than there is memory for does not come ahead of the panic.
fn matrices_come_after_the_primal() {
    let x = vec![0.5; 1 << 20];
    let found = message(|| {
        assertion::hessian(&x, 9);
    });
    assert_eq!(found.as_deref(), Some("i is 9"));
}
