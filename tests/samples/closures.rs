//! Local closures, which are written out wherever one is called.

use super::checked;

#[checked(at(0.5, 2.0))]
fn called_twice(x: f64, a: f64) -> f64 {
    let f = |t: f64| t * a + t.sin();
    f(x) * f(x + a)
}

#[checked(at(0.5, 2.0))]
fn types_inferred(x: f64, a: f64) -> f64 {
    let scale = |t, n| t * a * n as f64;
    let mix = |p, q: f64| -> f64 { p * q };
    mix(scale(x, 2), scale(a, 3)) + scale(1.0, 1)
}

#[checked(at(0.5))]
fn names_as_they_were(x: f64) -> f64 {
    let a = x * 2.0;
    let f = |t: f64| t * a;
    let a = x * x;
    let t = f(a);
    t + a * f(1.0)
}

#[checked(at(0.5))]
fn moved_captures_are_copies(x: f64) -> f64 {
    let mut a = x * 2.0;
    let f = move |t: f64| t * a;
    a += 1.0;
    f(x) + a
}

#[checked(at(0.5))]
fn moved_array(x: f64) -> f64 {
    let mut w = [x, x * x];
    let f = move |k: usize| w[k] * 2.0;
    w[0] = 3.0;
    f(0) * f(1) + w[0] * x
}

#[checked(at(0.5, 3), at(0.5, 0))]
fn state_of_its_own(x: f64, n: usize) -> f64 {
    let mut y = x;
    let mut next = move || {
        y = y * y + x;
        y
    };
    let mut total = 0.0;
    for _ in 0..n {
        total += next();
    }
    total + y
}

#[checked(at(0.5, 3), at(0.5, 0))]
fn captured_and_changed(x: f64, n: usize) -> f64 {
    let mut total = x;
    let mut calls = 0;
    let mut add = |t: f64| {
        total += t * total;
        calls += 1;
    };
    for i in 0..n {
        add(x * i as f64);
    }
    add(1.0);
    total * calls as f64
}

#[checked(at([0.5, 1.5], 0.25), at([], 0.25))]
fn captured_array_changed(x: &[f64], a: f64) -> f64 {
    let mut sums = [0.0; 2];
    let mut put = |k: usize, v: f64| sums[k % 2] += v * a;
    for (i, v) in x.iter().enumerate() {
        put(i, v * v);
        put(i + 1, *v);
    }
    sums[0] * sums[1] + a
}

#[checked(at(0.5), at(-0.5), at(2.5))]
fn returns_from_the_closure(x: f64) -> f64 {
    let f = |t: f64| {
        if t < 0.0 {
            return -t;
        }
        let mut y = t;
        for i in 0..5 {
            if y > 3.0 {
                return y * i as f64;
            }
            y *= y + 1.0;
        }
        y
    };
    f(x) + f(x - 1.0) * x
}

#[checked(at(0.5), at(-0.5))]
fn early_return_around_a_call(x: f64) -> f64 {
    let f = |t: f64| if t > 0.0 { t.sqrt() } else { return 2.0 * t };
    let y = f(x);
    if y < 0.0 {
        return y * y;
    }
    y + f(y + 1.0)
}

#[checked(at(0.5, 2.0))]
fn closures_that_call_closures(x: f64, a: f64) -> f64 {
    let square = |t: f64| t * t;
    let shifted = |t: f64| square(t - a) + a;
    let twice = |t: f64| shifted(shifted(t));
    twice(x) + shifted(1.0)
}

#[checked(at(0.5))]
fn closure_in_a_closure(x: f64) -> f64 {
    let f = |t: f64| {
        let g = |s: f64| s * t;
        g(x) + g(2.0)
    };
    f(x) * f(3.0)
}

#[checked(at(0.5))]
fn called_where_it_is_written(x: f64) -> f64 {
    (|t: f64| t * t)(x) + (move |a, b: f64| a * b)(x, 2.0)
}

#[checked(at((0.5, 2.0), [1.0, 3.0]))]
fn patterns_as_parameters(p: (f64, f64), q: [f64; 2]) -> f64 {
    let cross = |(a, b): (f64, f64), [c, d]: [f64; 2]| a * d - b * c;
    let by_reference = |&(a, _): &(f64, f64), v: &[f64; 2]| a * v[0];
    cross(p, q) * by_reference(&p, &q)
}

#[checked(at([0.5, 1.5, 2.5]), panics([0.5]))]
fn slices_as_arguments(x: &[f64]) -> f64 {
    let norm = |v: &[f64]| v.iter().map(|a| a * a).sum::<f64>().sqrt();
    let at = |k: usize| &x[k];
    let second = at(1);
    norm(x) * second + norm(&[1.0, *second])
}

#[checked(at([0.5, 1.5, 2.5]), at([0.5]))]
fn mutable_references_as_arguments(x: &[f64]) -> f64 {
    let mut y = x.to_vec();
    let mut total = 0.0;
    let scale = |v: &mut [f64], a: f64| {
        for t in v.iter_mut() {
            *t *= a;
        }
    };
    let bump = |t: &mut f64| *t = *t * *t + 1.0;
    scale(&mut y, 2.0);
    bump(&mut y[0]);
    bump(&mut total);
    scale(&mut y, x[0]);
    y.iter().sum::<f64>() * total
}

#[checked(at(0.5))]
fn tuples_as_results(x: f64) -> f64 {
    let split = |t: f64| (t.sin(), t.cos());
    let (s, c) = split(x);
    let pair = split(2.0 * x);
    s * pair.1 + c * pair.0
}

#[checked(at(0.5))]
fn arrays_as_results(x: f64) -> f64 {
    let powers = |t: f64| [t, t * t, t * t * t];
    let p = powers(x);
    p[1] + powers(x + 1.0).iter().sum::<f64>() * powers(2.0 * x)[2]
}

#[checked(at(0.5, 2.0))]
fn functions_by_name(x: f64, y: f64) -> f64 {
    let f = f64::sin;
    let g = f64::max;
    let h = f64::hypot;
    f(x) * g(x, y) + h(x, y)
}

#[checked(at(0.5, 1), at(0.5, 5))]
fn in_conditions(x: f64, n: usize) -> f64 {
    let small = |t: f64| t < 1.0;
    let mut y = x;
    let mut k = 0;
    while small(y) && k < n {
        y *= 1.5;
        k += 1;
    }
    if small(y) { y * y } else { y }
}

#[checked(at(0.5, 2.0))]
fn evaluation_order_of_arguments(x: f64, y: f64) -> f64 {
    let mut a = x;
    let f = |p: f64, q: f64, r: f64| p * 100.0 + q * 10.0 + r * p;
    f(
        a,
        {
            a += y;
            a
        },
        {
            a *= 2.0;
            a
        },
    ) + a
}

#[checked(at(0.5, 2))]
fn integers_and_conditions(x: f64, n: i32) -> f64 {
    let clamp = |k: i32| if k < 0 { 0 } else { k };
    let even = |k: i32| k % 2 == 0;
    let p = clamp(n - 5) + clamp(n);
    if even(p) {
        x.powi(p)
    } else {
        x.powi(p + 1) * x
    }
}

#[checked(at(0.5, 3), at(0.5, 1))]
fn closure_that_loops(x: f64, n: usize) -> f64 {
    let iterate = |start: f64, turns: usize| {
        let mut y = start;
        for _ in 0..turns {
            y = y.cos() * x;
        }
        y
    };
    iterate(x, n) + iterate(1.0, 2)
}

#[checked(at(0.5))]
fn simpson(x: f64) -> f64 {
    let f = |t: f64| (t * x).exp();
    let n = 4;
    let h = 1.0 / n as f64;
    let inner: f64 = (1..n)
        .map(|i| {
            if i % 2 == 1 {
                4.0 * f(i as f64 * h)
            } else {
                2.0 * f(i as f64 * h)
            }
        })
        .sum();
    (f(0.0) + inner + f(1.0)) * h / 3.0
}

#[checked(at(1.5, 0.5))]
fn runge_kutta(y0: f64, k: f64) -> f64 {
    let slope = |t: f64, y: f64| -k * y + t.sin();
    let h = 0.25;
    let step = |t: f64, y: f64| {
        let k1 = slope(t, y);
        let k2 = slope(t + h / 2.0, y + h / 2.0 * k1);
        let k3 = slope(t + h / 2.0, y + h / 2.0 * k2);
        let k4 = slope(t + h, y + h * k3);
        y + h / 6.0 * (k1 + 2.0 * k2 + 2.0 * k3 + k4)
    };
    let mut y = y0;
    for i in 0..3 {
        y = step(i as f64 * h, y);
    }
    y
}

#[checked(at([0.5, 1.5, 2.5], 2), panics([0.5, 1.5], 2))]
fn panics_inside(x: &[f64], k: usize) -> f64 {
    let at = |i: usize| x[i];
    at(0) * at(k)
}

#[checked(at([0.5, 1.5, 2.5], 1.0), at([], 1.0))]
fn named_closures_for_iterators(x: &[f64], a: f64) -> f64 {
    let square = |v: &f64| v * v;
    let keep = |v: &f64| *v > 1.0;
    let add = |s: f64, v: f64| s + v * a;
    x.iter().map(square).filter(keep).fold(0.0, add) + x.iter().map(square).sum::<f64>()
}

#[checked(at(0.5, 1), at(0.5, 0))]
fn constants_where_they_were(x: f64, n: usize) -> f64 {
    const G: f64 = 9.5;
    let f = |t: f64| t * G;
    let y = {
        const G: f64 = 2.0;
        f(x) * G
    };
    if n > 0 {
        const G: f64 = 3.0;
        return f(y) + G;
    }
    y + G
}
