//! `Option`s of numbers, pairs and arrays as values: assigned, matched, mapped, returned.

use super::checked;

#[checked(at([0.3, 1.7, 0.9]), at([0.3]), at([]))]
fn best_so_far(x: &[f64]) -> f64 {
    let mut best: Option<f64> = None;
    for &v in x {
        let value = v.sin() * v;
        best = match best {
            Some(b) if b > value => Some(b),
            _ => Some(value),
        };
    }
    best.unwrap_or(0.5)
}

#[checked(at([0.3, 1.7, 0.9], 0.5), at([0.3], 0.5), at([], 0.5))]
fn assigned_in_a_branch(x: &[f64], limit: f64) -> f64 {
    let mut found = None;
    for (i, &v) in x.iter().enumerate() {
        if v > limit && found.is_none() {
            found = Some((i, v * limit));
        }
    }
    if let Some((i, v)) = found {
        v * v + i as f64 * limit
    } else {
        limit
    }
}

#[checked(at([0.3, 1.7, 0.9]), at([0.4, 0.2]))]
fn of_an_iterator(x: &[f64]) -> f64 {
    let top = x.iter().copied().reduce(f64::max);
    let low = x.iter().copied().reduce(f64::min);
    match (top, low) {
        (Some(a), Some(b)) => a * b,
        _ => 1.0,
    }
}

#[checked(at(0.7, 1.2), at(-0.7, 1.2), at(3.0, 1.2))]
fn mapped(x: f64, y: f64) -> f64 {
    let inside = if x > 0.0 { Some(x * y) } else { None };
    let root = inside.map(|v| v.sqrt());
    let small = root.filter(|r| *r < 1.5).or(Some(y));
    let twice = small.and_then(|s| if s > 0.1 { Some(2.0 * s) } else { None });
    twice.unwrap_or(1.0) * root.map_or(y, |r| r * r) * root.unwrap_or_else(|| 3.0 * y)
}

#[checked(at([0.3, 1.7, 0.9, 0.4], 2), at([0.3, 1.7], 0))]
fn previous(x: &[f64], skipped: usize) -> f64 {
    let mut last = None;
    let mut sum = 0.0;
    for &v in x.iter().skip(skipped) {
        if let Some(previous) = last {
            let step: f64 = v - previous;
            sum += step * step;
        }
        last = Some(v);
    }
    sum
}

#[checked(at([0.3, 1.7, 0.9, 0.4]), at([0.3]))]
fn taken(x: &[f64]) -> f64 {
    let mut held = None;
    let mut y = 1.0;
    for &v in x {
        match held.take() {
            Some(h) => y *= h + v,
            None => held = Some(v * v),
        }
    }
    y + held.unwrap_or(0.25)
}

#[checked(at([0.3, 1.7, 0.9], 0.2))]
fn changed_in_place(x: &[f64], a: f64) -> f64 {
    let mut sum = Some(a);
    for &v in x {
        if let Some(s) = &mut sum {
            *s += v * *s;
        }
    }
    let Some(total) = sum else { return 0.0 };
    total * total
}

#[checked(at(0.4, 1), at(0.4, 2), at(0.4, 3))]
fn arrays_inside(x: f64, n: usize) -> f64 {
    let mut state: Option<[f64; 2]> = None;
    for i in 0..n {
        state = Some(match state {
            None => [x, x * x],
            Some([a, b]) => [a * b + i as f64, a.cos()],
        });
    }
    let [a, b] = state.expect("a state");
    a + b * b
}

#[checked(at([0.3, 1.7, 0.9]), at([0.3]), panics([]))]
fn popped(x: &[f64]) -> f64 {
    let mut v = x.to_vec();
    let last = v.pop();
    let before = v.pop();
    before.unwrap_or(2.0) * last.expect("an element")
}

#[checked(at([0.3, 1.7, 0.9], 0.5), panics([0.3], 0.5))]
fn returned(x: &[f64], limit: f64) -> Option<f64> {
    let mut found = None;
    for &v in x {
        if v > limit {
            found = Some(v * v);
        }
    }
    let square = found?;
    found.map(|v| v * limit + square)
}

#[checked(at([0.3, 1.7, 0.9], 0.5), panics([0.3], 0.5))]
fn as_an_error(x: &[f64], limit: f64) -> Result<f64, usize> {
    let above = x.iter().find(|v| **v > limit).map(|v| v.ln());
    let found = above.ok_or(x.len())?;
    let first = x.first().ok_or_else(|| x.len() + 1)?;
    Ok(found * first)
}

#[checked(at([0.3, 1.7, 0.9], 1), at([0.3, 1.7, 0.9], 9))]
fn of_elements(x: &[f64], i: usize) -> f64 {
    let at = x.get(i).copied();
    let end = x.last();
    match at {
        Some(v) => v * v,
        None => end.map_or(0.0, |e| e.exp()),
    }
}

#[checked(at(0.5, 1), at(0.5, 7))]
fn of_an_inactive_call(x: f64, n: usize) -> f64 {
    let halves: Option<usize> = n.checked_sub(3);
    let mut y = x;
    if let Some(k) = halves {
        for _ in 0..k {
            y = y.sin();
        }
    }
    match n.checked_sub(5) {
        Some(k) => y * k as f64,
        None => y * y,
    }
}

#[checked(at([0.3, 1.7, 0.9]), at([0.3, -0.2]))]
fn list_of_options(x: &[f64]) -> f64 {
    let logs: Vec<Option<f64>> = x
        .iter()
        .map(|v| if *v > 0.0 { Some(v.ln()) } else { None })
        .collect();
    let mut y = 1.0;
    for log in &logs {
        if let Some(v) = log {
            y += v * v * y;
        }
    }
    y
}

fn table(n: usize) -> Option<f64> {
    if n > 2 { None } else { Some(n as f64 + 0.5) }
}

#[checked(at(0.5, 1), at(0.5, 7))]
fn of_an_inactive_function(x: f64, n: usize) -> f64 {
    match table(n) {
        Some(scale) => scale * x * x,
        None => x.exp(),
    }
}

#[checked(at([0.3, 1.7, 0.9], 0.2), at([-0.3], 0.2))]
fn asked(x: &[f64], a: f64) -> f64 {
    let top = x.iter().copied().reduce(f64::max).filter(|t| *t > 0.0);
    let mut y = top.map_or_else(|| a.sin(), |t| t * a);
    if top.is_some_and(|t| t > a) {
        y *= y;
    }
    let pair = top.map(|t| (t, t * t));
    if let Some((u, v)) = pair {
        y += u * v;
    }
    y
}
