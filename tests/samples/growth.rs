//! `Vec`s that change their length: stacks, lists that are filled by `push`, what is collected of unknown length.

use super::checked;

#[checked(at([0.3, 0.7, 1.9]), at([1.2]), at([]))]
fn filled(x: &[f64]) -> Vec<f64> {
    let mut out = Vec::new();
    for &v in x {
        out.push(v.sin() * v);
    }
    out
}

#[checked(at([0.3, 0.7, 1.9], 0.5), at([1.2], 0.4), at([], 0.3))]
fn prefix_products(x: &[f64], start: f64) -> f64 {
    let mut products = vec![start];
    for (i, &v) in x.iter().enumerate() {
        products.push(products[i] * v.exp());
    }
    let mut sum = 0.0;
    for k in 0..products.len() {
        sum += products[k] * products[k];
    }
    sum
}

#[checked(at([0.3, 0.7, -1.9, 2.0, -0.4]), at([-1.0]), at([]))]
fn some_of_them(x: &[f64]) -> f64 {
    let mut kept = Vec::with_capacity(x.len());
    for &v in x {
        if v > 0.0 {
            kept.push(v * v);
        }
    }
    let mut y = 1.0;
    for (i, k) in kept.iter().enumerate() {
        y *= k + i as f64;
    }
    y
}

#[checked(at([0.3, 0.7, -1.9, 2.0, -0.4]), at([-1.0]), at([]))]
fn filtered(x: &[f64]) -> f64 {
    let kept: Vec<f64> = x.iter().filter(|v| **v > 0.0).map(|v| v.ln()).collect();
    kept.iter().map(|v| v * v).sum::<f64>() * kept.len() as f64
}

#[checked(at([0.3, 0.7, -1.9, 2.0, -0.4]))]
fn filtered_out(x: &[f64]) -> Vec<f64> {
    x.iter().filter(|v| **v > 0.0).map(|v| v.ln()).collect()
}

/// A calculator: numbers are pushed, operators take two from the stack and push one.
#[checked(at([0.3, 0.7, 1.9], [0, 1, 10, 2, 11]), at([0.3, 0.7, 1.9], [2, 0, 11, 1, 12, 10]), at([0.3, 0.7, 1.9], []))]
fn calculator(x: [f64; 3], program: &[usize]) -> f64 {
    let mut stack: Vec<f64> = Vec::new();
    for &code in program {
        if code < 3 {
            stack.push(x[code]);
        } else if code == 12 {
            let a = stack[stack.len() - 1];
            stack.push(a.sin());
        } else {
            let a = stack.pop().unwrap();
            let b = stack.pop().unwrap();
            stack.push(if code == 10 { a * b } else { a + b * a });
        }
    }
    stack.last().copied().unwrap_or(x[0])
}

#[checked(at(0.7, 3), at(0.7, 0), at(0.7, 1))]
fn down_a_tree(x: f64, depth: usize) -> f64 {
    let mut open = vec![(x, depth)];
    let mut sum = 0.0;
    while let Some((value, left)) = open.pop() {
        sum += value * value;
        if left > 0 {
            open.push((value * 0.5, left - 1));
            open.push((value.sin(), left - 1));
        }
    }
    sum
}

#[checked(at([0.3, 0.7, 1.9, 0.4, 0.2]), at([0.3]))]
fn buffer_of_a_loop(x: &[f64]) -> f64 {
    let mut row = Vec::new();
    let mut y = 1.0;
    for i in 0..x.len() {
        row.clear();
        for j in 0..=i {
            row.push(x[j] * x[i]);
        }
        for r in &row {
            y *= 1.0 + r;
        }
    }
    y
}

#[checked(at([0.3, 0.7, 1.9, 0.4, 0.2]), at([0.3]), at([]))]
fn made_in_a_loop(x: &[f64]) -> f64 {
    let mut y = 1.0;
    for i in 0..x.len() {
        let mut row = Vec::new();
        for j in 0..=i {
            row.push(x[j] * x[i]);
            row[0] += x[j];
        }
        y *= row[0] + row[i] * y;
    }
    y
}

#[checked(at([0.3, 0.7, 1.9, 0.4]), at([0.3, 0.2]))]
fn rows(x: &[f64]) -> f64 {
    let mut rows: Vec<Vec<f64>> = Vec::new();
    for i in 0..x.len() {
        let mut row = Vec::new();
        for j in 0..=i {
            row.push(x[i] * x[j] + j as f64);
        }
        rows.push(row);
    }
    let mut y = 0.0;
    for row in &rows {
        for v in row {
            y += v * v * row[0];
        }
    }
    y
}

#[checked(at([0.3, 0.7, 1.9, 0.4]), at([0.3, 0.2]))]
fn buckets(x: &[f64]) -> f64 {
    let mut buckets = vec![Vec::new(), Vec::new()];
    for (i, v) in x.iter().enumerate() {
        buckets[i % 2].push(v.exp());
    }
    let mut y = 1.0;
    for bucket in &buckets {
        y *= bucket.iter().sum::<f64>();
    }
    y
}

#[checked(at([0.3, 0.7, 1.9, 0.4], 2), at([0.3, 0.2], 5))]
fn cut_and_extended(x: &[f64], n: usize) -> f64 {
    let mut v = Vec::new();
    v.extend_from_slice(x);
    let all = v.iter().map(|v| v * v).sum::<f64>();
    v.truncate(n);
    v.extend(x.iter().map(|v| v.sin()));
    let mut y = all;
    for i in 0..v.len() {
        y *= 1.0 + v[i] * v[v.len() - 1 - i];
    }
    y
}

#[checked(at([0.3, 0.7, 1.9, 0.4], 2.0), at([0.3, 0.2], 0.5))]
fn by_value(mut x: Vec<f64>, a: f64) -> Vec<f64> {
    x.push(a * x[0]);
    x[0] *= a;
    x.push(x[0] * x[0]);
    x
}

#[checked(at([0.3, 0.7, 1.9, 0.4], 2.0), at([0.3, 0.2], 0.5))]
fn popped_by_value(mut x: Vec<f64>, a: f64) -> f64 {
    let last = x.pop().unwrap_or(a);
    let y = x.iter().map(|v| v * last).sum::<f64>();
    x.push(y * a);
    x.iter().product()
}

#[checked(at([0.3, 0.7, 1.9], 1), at([0.3, 0.7, 1.9], 7), at([], 0))]
fn elements_if_any(x: &[f64], i: usize) -> f64 {
    let mut y = 1.0;
    if let Some(first) = x.first() {
        y *= first.exp();
    }
    if let Some(&v) = x.get(i) {
        y += v * v;
    }
    y * x.last().copied().unwrap_or(2.0)
}

#[checked(at(0.4, 1.3), at(-0.4, 1.3))]
fn in_branches(x: f64, y: f64) -> f64 {
    let mut v = vec![x];
    if x > 0.0 {
        v.push(x * y);
        v.push(y);
    } else {
        v.pop();
        v.push(y * y);
    }
    let mut sum = 0.0;
    for i in 0..v.len() {
        sum += v[i] * (i as f64 + 1.0);
    }
    sum.sin()
}

#[checked(at([0.3, 0.7, 1.9], 0.01), at([0.9], 0.3))]
fn until_it_converges(x: &[f64], tolerance: f64) -> f64 {
    let mut trace = vec![1.0];
    loop {
        let last = trace[trace.len() - 1];
        let next = x.iter().map(|v| (v * last).cos()).sum::<f64>() / x.len() as f64;
        trace.push(next);
        if (next - last).abs() < tolerance || trace.len() > 6 {
            break;
        }
    }
    trace.iter().map(|v| v * v).sum()
}

#[checked(at(0.4, 3), at(0.4, 0))]
fn integers_and_pairs(x: f64, n: usize) -> f64 {
    let mut order: Vec<usize> = Vec::new();
    let mut pairs = Vec::new();
    for i in 0..n {
        order.push(n - 1 - i);
        pairs.push((i, x * (i as f64 + 1.0)));
    }
    let mut y = x;
    while let Some(at) = order.pop() {
        let (k, v) = pairs[at];
        y = y * v + k as f64;
    }
    y
}

#[checked(at([0.3, 0.7, 1.9, 0.4, 0.8], 1), at([0.3, 0.2], 3))]
fn rows_that_shrink(x: &[f64], k: usize) -> f64 {
    let mut rows = vec![vec![1.5], Vec::new()];
    let mut y = 1.0;
    for (i, v) in x.iter().enumerate() {
        rows[i % 2].push(v * y);
        if i >= k {
            if let Some(last) = rows[(i + 1) % 2].pop() {
                y += last * last;
            }
        }
        y *= 1.0 + rows[0].len() as f64 * v;
    }
    y + rows[0].iter().sum::<f64>()
}

#[checked(at([0.3, 0.7, 1.9, 0.4, 0.8], 2), at([0.3, 0.2], 3), at([], 3))]
fn batches(x: &[f64], size: usize) -> f64 {
    let mut batch = Vec::new();
    let mut done: Vec<Vec<f64>> = Vec::new();
    for v in x {
        batch.push(v * v);
        if batch.len() == size {
            done.push(std::mem::take(&mut batch));
        }
    }
    let mut y = 1.0;
    for row in &done {
        y += row.iter().product::<f64>() * y;
    }
    y + batch.iter().sum::<f64>()
}

#[checked(at([0.3, 0.7, 1.9, 0.4], 3), at([0.3], 2), at([0.3, 0.2], 0))]
fn generations(x: &[f64], n: usize) -> f64 {
    let mut old = x.to_vec();
    let mut new = Vec::new();
    for _ in 0..n {
        new.clear();
        for i in 0..old.len() {
            new.push(old[i].sin() * old[old.len() - 1 - i]);
            if i == 0 {
                new.push(old[i] * 0.5);
            }
        }
        std::mem::swap(&mut old, &mut new);
    }
    old.iter().map(|v| v * v).sum()
}

/// The upper half of the convex hull of points in order of their first coordinates, and its area.
#[checked(at([0.1, 0.5, 0.9, 1.6, 2.2], [0.2, 1.0, 0.7, 1.3, -0.1]), at([0.1, 0.5, 0.9, 1.6], [0.0, 0.1, 0.5, 1.9]), at([0.1, 0.4], [1.0, 0.3]))]
fn hull(x: &[f64], y: &[f64]) -> f64 {
    let mut hull: Vec<(f64, f64)> = Vec::new();
    for (&px, &py) in x.iter().zip(y) {
        while hull.len() >= 2 {
            let (ax, ay) = hull[hull.len() - 2];
            let (bx, by) = hull[hull.len() - 1];
            if (bx - ax) * (py - ay) - (by - ay) * (px - ax) < 0.0 {
                break;
            }
            hull.pop();
        }
        hull.push((px, py));
    }
    let mut area = 0.0;
    for k in 1..hull.len() {
        area += (hull[k].0 - hull[k - 1].0) * (hull[k].1 + hull[k - 1].1) * 0.5;
    }
    area
}

#[checked(at([0.3, 0.7, 1.9, 0.4]), at([0.3]))]
fn pushed_by_a_closure(x: &[f64]) -> f64 {
    let mut out = Vec::new();
    let mut add = |v: f64| out.push(v * v);
    for v in x {
        add(v.sin());
        add(*v);
    }
    out[0] * out[out.len() - 1]
}

#[checked(at([0.3, 0.7, 1.9], 1.0), panics([0.3, -0.7, 1.9], 1.0), panics([], 1.0))]
fn failing(x: &[f64], a: f64) -> Result<f64, String> {
    let mut logs = Vec::new();
    for &v in x {
        if v < 0.0 {
            return Err(format!("entry {}", logs.len()));
        }
        logs.push(v.ln() * a);
    }
    let last = logs.pop().ok_or(format!("none"))?;
    Ok(last * logs.iter().sum::<f64>() + last)
}

#[checked(at([0.3, 0.7, 1.9], 2), at([0.3, 0.7, 1.9], 0), panics([0.3, 0.7], 2))]
fn behind_the_end(x: &[f64], i: usize) -> f64 {
    let mut v = Vec::new();
    for a in x {
        v.push(a * a);
    }
    v.truncate(7);
    let y = v[i];
    v.clear();
    y * x[0]
}

#[checked(at([0.3, 0.7, 1.9]), at([]))]
fn pairs_of_all(x: &[f64]) -> f64 {
    let pairs: Vec<f64> = x
        .iter()
        .enumerate()
        .flat_map(|(i, a)| x[i..].iter().map(move |b| a * b))
        .collect();
    pairs.iter().map(|p| p.sin()).sum()
}

#[checked(at(0.4, 9), at(1.4, 9), at(0.4, 0))]
fn restarted(x: f64, n: usize) -> f64 {
    let mut history = Vec::new();
    let mut y = x;
    for i in 0..n {
        y = (y * x).sin() + 0.1 * i as f64;
        history.push(y);
        if history.len() == 4 {
            y = history[0] * history[3];
            history = Vec::new();
            history.push(y * y);
        }
    }
    y + history.iter().sum::<f64>()
}

#[checked(at([0.3, 0.7, 1.9], 5), at([0.3, 0.7, 1.9], 2), at([], 0))]
fn changed_at_the_end(x: &[f64], n: usize) -> f64 {
    let mut v = vec![1.0];
    for a in x {
        *v.last_mut().unwrap() *= a.sin();
        if let Some(first) = v.first_mut() {
            *first += a;
        }
        v.push(*a);
    }
    v.resize(n, 0.5 * v[0]);
    if let Some(at) = v.get_mut(1) {
        *at *= 3.0;
    }
    let mut y = 1.0;
    for a in &v {
        y = y * a + a;
    }
    y
}

#[checked(at([0.3, -0.7, 1.9, 0.2]), at([-0.3]), at([]))]
fn kept_and_mapped(x: &[f64]) -> f64 {
    let logs: Vec<f64> = x
        .iter()
        .filter_map(|v| if *v > 0.0 { Some(v.ln()) } else { None })
        .collect();
    let first = x
        .iter()
        .find_map(|v| if *v > 0.5 { Some(v * v) } else { None });
    logs.iter().map(|l| l * l).sum::<f64>() * first.unwrap_or(2.0)
}

#[checked(at([0.3, 0.7, 1.9, 0.2]), at([1.3]), at([]))]
fn scanned(x: &[f64]) -> f64 {
    let powers: Vec<f64> = x
        .iter()
        .scan(1.0, |product, v| {
            *product *= v;
            if *product > 0.05 {
                Some(*product)
            } else {
                None
            }
        })
        .collect();
    powers.iter().sum::<f64>()
        + x.iter()
            .map_while(|v| if *v < 1.0 { Some(v.exp()) } else { None })
            .enumerate()
            .map(|(i, e)| e * i as f64)
            .sum::<f64>()
}
