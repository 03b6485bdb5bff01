//! Functions run through the front end and the interpreter do what rustc's code does: same value to the last bit,
//! same panic.

#[macro_use]
mod harness;

use harness::{ToDatum, check};

in_out! {
    fn rows(m: &mut [[f64; 3]; 2], k: usize) -> f64 {
        let row = m[k];
        m[1 - k] = row;
        m[k][0] *= 2.0;
        let r = &mut m[1];
        r[0] += row[1];
        let [a, .., c] = &mut m[0];
        *a -= *c;
        *c = *a * r_of(1.0);
        fn r_of(x: f64) -> f64 { x + 1.0 }
        row[2]
    } at ([[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]], 2)

    fn pivoting(m: &mut [[f64; 2]; 2]) -> f64 {
        let mut sign = 1.0;
        for k in 0..2 {
            let mut p = k;
            for i in k + 1..2 {
                if m[i][k].abs() > m[p][k].abs() { p = i; }
            }
            if p != k {
                let t = m[k];
                m[k] = m[p];
                m[p] = t;
                sign = -sign;
            }
            if m[k][k] == 0.0 { return 0.0; }
            for i in k + 1..2 {
                let f = m[i][k] / m[k][k];
                for j in k..2 { m[i][j] -= f * m[k][j]; }
            }
        }
        sign * m[0][0] * m[1][1]
    } at ([[1.0, 2.0], [3.0, 4.0]]) at ([[0.0, 2.0], [0.0, 4.0]]) at ([[5.0, 2.0], [1.0, 4.0]])

    fn number(x: &mut f64, n: usize) {
        if n == 0 { return; }
        let y = &mut *x;
        *y += 1.0;
        for i in 0..n {
            if i == 2 { *y = -*y; return; }
            *y *= 1.5;
        }
        *x -= 0.25;
    } at (2.0, 0) at (2.0, 1) at (2.0, 2) at (2.0, 4)

    fn swapped_pair(p: &mut (f64, [f64; 2])) -> f64 {
        (p.0, p.1[0]) = (p.1[0], p.0);
        let (a, [b, c]) = p;
        *b += *a;
        *a * *c
    } at ((1.0, [2.0, 3.0]))

    fn exchanges(x: &mut [f64; 3], i: usize, j: usize) -> f64 {
        x.swap(i, j);
        let y = std::mem::replace(&mut x[j], 7.0);
        let mut z = y * 2.0;
        std::mem::swap(&mut z, &mut x[i]);
        let mut m = [[1.0, z], [y, 2.0], [0.0; 2]];
        m.swap(0, 2);
        m[1].fill(z);
        let [a, _, c] = &mut m;
        std::mem::swap(a, c);
        c[0] = std::mem::take(&mut a[1]);
        let mut v = vec![0.5; x.len()];
        v.copy_from_slice(x);
        v[0] += y + 10.0 * a[0];
        x.clone_from_slice(&v);
        a[0] + c[1]
    } at ([1.0, 2.0, 3.0], 0, 2) at ([1.0, 2.0, 3.0], 1, 1) at ([1.0, 2.0, 3.0], 3, 4) at ([1.0, 2.0, 3.0], 1, 3)

    fn unwinding(x: &mut [f64; 3], i: usize) {
        x[0] = 7.0;
        x[i] = x[i + 1];
    } at ([1.0, 2.0, 3.0], 0) at ([1.0, 2.0, 3.0], 2) at ([1.0, 2.0, 3.0], 3)
}

cases! {
    fn early_return(x: f64, n: usize) -> f64 {
        if x < 0.0 { return -x; }
        let y = if n == 0 { return 0.5 } else { x * n as f64 };
        if y > 10.0 { return 10.0; }
        y + x
    } at (-1.0, 3) at (1.0, 0) at (2.0, 7) at (2.0, 3)

    fn return_in_loops(x: f64, n: usize) -> f64 {
        let mut s = x;
        for i in 0..n {
            for j in 0..n {
                if i * j > 3 { return s; }
                if j > i { break; }
                s += (i + 2 * j) as f64;
            }
            s *= 1.5;
        }
        -s
    } at (1.0, 0) at (1.0, 1) at (1.0, 2) at (1.0, 3) at (1.0, 5)

    fn labels(x: f64, n: usize) -> f64 {
        let mut s = x;
        'a: for i in 0..n {
            let mut j = 0;
            'b: while j < n {
                j += 1;
                if j == 2 { continue 'b; }
                if i == 2 && j == 3 { continue 'a; }
                loop {
                    s += 0.5;
                    if s > 20.0 { break 'a; }
                    if s > j as f64 { break; }
                    if s > 7.0 { continue 'b; }
                }
                s += 0.25;
            }
            s += 3.0;
        }
        s
    } at (1.0, 0) at (1.0, 1) at (1.0, 2) at (1.0, 3) at (1.0, 5) at (-9.0, 4)

    fn exits_in_expressions(x: f64, n: usize) -> f64 {
        let mut s = 0.0;
        for i in 0..n {
            let k = match i % 5 { 0 => continue, 1 if x > 3.0 => break, m => m };
            s = s * x + (if k == 3 { continue } else { k as f64 }) + if s > 50.0 { return s } else { 1.0 };
        }
        s
    } at (0.5, 0) at (0.5, 7) at (4.0, 7) at (2.0, 12)

    fn loop_values(x: f64, n: i32) -> f64 {
        let mut i = 0;
        let y = loop {
            i += 1;
            if i > n { break x; }
            if i * i > 10 { break x * i as f64; }
        };
        let z = 'found: {
            if y > 3.0 { break 'found y; }
            if y > 1.0 { break 'found y * 2.0; }
            -y
        };
        y + z
    } at (1.0, 0) at (1.0, 2) at (1.0, 9) at (0.1, 1) at (2.0, 1)

    fn exits_in_conditions(x: f64, n: usize) -> f64 {
        let mut i = 0;
        let mut s = x;
        while { i += 1; if s > 9.0 { return -1.0 } i < n } { s += i as f64; }
        while i > 3 && { i -= 1; i != 5 } { s *= 0.5; }
        if s > 1.0 && (if n == 2 { return 7.0 } else { s < 3.0 }) { s + 1.0 } else { s }
    } at (1.0, 0) at (1.0, 2) at (1.0, 4) at (1.0, 9) at (1.5, 1)

    fn panics_keep_their_order(x: &[f64], i: usize, j: usize) -> f64 {
        let a = x[i] * x[j - 1];
        assert!(a > 0.0, "negative at {}", x[j]);
        a
    } at (&[1.0, 2.0], 0, 1) at (&[1.0, 2.0], 2, 0) at (&[1.0, 2.0], 1, 0) at (&[1.0, 2.0], 0, 2)

    fn lazy_operators(x: &[f64], i: usize) -> f64 {
        if i < x.len() && x[i] > 0.0 || i == 7 && x[0] > 0.0 { 1.0 } else { x[1] }
    } at (&[1.0, -2.0], 0) at (&[1.0, -2.0], 1) at (&[1.0, -2.0], 2) at (&[1.0, -2.0], 7) at (&[], 7)

    fn steps(x: f64, n: usize, k: usize) -> usize {
        let mut s = 0;
        for i in (0..n).step_by(k) { s = s * 3 + i; }
        for i in (2..=n).rev().step_by(2) { s = s * 3 + i; }
        for i in (1..n).step_by(3).rev() { s = s * 3 + i; }
        s
    } at (0.0, 0, 1) at (0.0, 1, 1) at (0.0, 2, 3) at (0.0, 3, 2) at (0.0, 9, 4) at (0.0, 5, 0)

    fn signed_steps(x: f64, a: i8, b: i8) -> i64 {
        let mut s = 0;
        for i in (a..b).step_by(100) { s = s * 3 + i as i64; }
        for i in (a..=b).rev().step_by(60) { s = s * 3 + i as i64; }
        s
    } at (0.0, -128, 127) at (0.0, 5, 3) at (0.0, -3, 3)

    fn ranges(x: f64, n: i32) -> i32 {
        let mut s = 1;
        for i in (-2..=n).rev() { s = s * 2 + i; }
        for mut i in 0..n { i *= 2; s += i; }
        for _ in n..3 { s += 100; }
        s
    } at (0.0, -4) at (0.0, -2) at (0.0, 0) at (0.0, 1) at (0.0, 4)

    fn overflow(x: f64, n: u8) -> u8 {
        let mut s = 250;
        for i in 0..n { s += i; }
        s
    } at (0.0, 3) at (0.0, 4) at (0.0, 2)

    fn matching(k: i32, x: f64) -> f64 {
        let y = match k {
            i32::MIN..=-1 => 1.0,
            0 => x,
            n @ (1 | 2) if x > 0.0 => x * n as f64,
            1 | 3 => 4.0,
            n if n % 2 == 0 => 5.0,
            _ => 6.0,
        };
        match (k, x > 0.0) { (0, true) => y, (n, false) => y - n as f64, (1..=9, _) => y * 2.0, _ => -y }
    } at (-5, 1.0) at (0, 1.0) at (0, -1.0) at (1, 2.0) at (1, -2.0) at (2, -2.0) at (3, 1.0) at (4, 1.0) at (15, 1.0)

    fn slice_patterns(x: &[f64]) -> f64 {
        match x {
            [] => 0.0,
            [a] => *a,
            [a, b] if a > b => a - b,
            [first, .., last] => first * last,
        }
    } at (&[]) at (&[3.0]) at (&[3.0, 2.0]) at (&[2.0, 3.0]) at (&[2.0, 9.0, 3.0])

    fn let_else_and_if_let(x: &[f64], p: (f64, usize)) -> f64 {
        let [a, b, ..] = x else { return -1.0 };
        let (v, 1..=3) = p else { return a + b };
        if let [_, _, c] = x && *c > 0.0 && let (_, 2) = p { v * c } else { v }
    } at (&[1.0], (1.0, 2)) at (&[1.0, 2.0], (5.0, 7)) at (&[1.0, 2.0, 3.0], (5.0, 2)) at (&[1.0, 2.0, 3.0], (5.0, 3))

    fn destructuring(x: [f64; 3], p: (f64, (f64, f64))) -> (f64, [f64; 2]) {
        let [a, mut b, _] = x;
        let (c, (d, e)) = p;
        let (mut u, mut v) = (a, c);
        (u, v) = (v + b, u * d);
        b += e;
        let mut w = [0.0; 2];
        [w[1], w[0]] = [u, b];
        (u * v, w)
    } at ([1.0, 2.0, 3.0], (4.0, (5.0, 6.0)))

    fn references(x: &[f64], i: usize) -> f64 {
        let mut y = [x[0], 2.0, 3.0];
        let r = &mut y[i + 1];
        *r *= 2.0;
        *r += 1.0;
        let s = &y;
        let t = &s[1];
        let mut acc = 1.0;
        let a = &mut acc;
        *a += *t;
        acc + y[2] * t
    } at (&[5.0], 0) at (&[5.0], 1) at (&[5.0], 2)

    fn copies(x: [f64; 2]) -> [f64; 2] {
        let mut a = x;
        let b = a;
        a[0] = 7.0;
        let mut m = [a, b];
        m[1] = m[0];
        m[0] = [1.0, m[1][0]];
        let c = if m[1][0] > 2.0 { m[0] } else { a };
        [c[0] + b[0], m[1][0] + c[1]]
    } at ([1.0, 2.0])

    fn vectors(x: &[f64], n: usize) -> Vec<f64> {
        let mut v = vec![0.5; n];
        for i in 0..n { v[i] += x[i % x.len()]; }
        let w = if n > 2 { v } else { vec![1.0, 2.0, x[0]] };
        w
    } at (&[1.0, 2.0], 0) at (&[1.0, 2.0], 3)

    fn compound_order(x: &[f64], i: usize) -> f64 {
        let mut k = i;
        let mut y = [1.0, 2.0, 3.0];
        y[k] += { k += 1; x[k] };
        y[0] + 10.0 * y[1] + 100.0 * y[2]
    } at (&[0.5, 0.25, 0.125], 0) at (&[0.5, 0.25, 0.125], 1) at (&[0.5, 0.25, 0.125, 7.0], 2)

    fn shadowing(x: f64) -> f64 {
        let y = x;
        let x = x * 2.0;
        let z = { let x = x + y; let y = x; y * x };
        let x = if z > 1.0 { let x = 3.0; x } else { x };
        x + y + z
    } at (1.0) at (0.1)

    fn integer_methods(x: f64, a: i32, b: u32) -> i64 {
        let c = a.pow(b).rem_euclid(7) as i64;
        let d = a.abs_diff(3).wrapping_mul(b) as i64;
        c + d + i64::from(a.min(4)) + (a.max(2).signum() as i64) + (b.is_power_of_two() as i64)
    } at (0.0, 2, 3) at (0.0, -5, 2) at (0.0, 9, 1)

    fn mixed_precision(x: f32, n: u8) -> f32 {
        let y = x as f64 * 0.1;
        let z = f64::from(x).sqrt().max(f64::from(n));
        (y + z) as f32 * 1.5 + x.powi(2)
    } at (2.0, 1) at (3.0, 0)

    fn order_of_evaluation(x: [f64; 2], n: usize) -> (f64, [f64; 2], f64) {
        let mut a = x;
        let t = (a, { a[0] = 9.0; a[0] }, a);
        let mut k = n;
        let m = [k as f64, { k += 1; k as f64 }, { k *= 2; k as f64 }];
        let nested = [a, { a[1] = -1.0; a }];
        let v = { k += 1; m[k % 3] } + { k += 1; m[k % 3] };
        (v + t.0[0] * t.1 + t.2[0], nested[0], nested[1][1])
    } at ([1.0, 2.0], 0) at ([1.0, 2.0], 4)

    fn deferred(x: f64, n: usize) -> f64 {
        let (a, b);
        let c: [f64; 2];
        if n > 2 { a = x; b = n; c = [x, 2.0]; } else { (a, b) = (2.0 * x, n + 1); c = [a, a]; }
        let d;
        loop {
            d = a + c[0];
            break;
        }
        d * b as f64 + c[1]
    } at (1.5, 1) at (1.5, 3)

    fn stack(x: f64) -> f64 {
        let mut stack = [0.0; 8];
        let mut top = 0usize;
        let mut sum = 0.0;
        stack[top] = x;
        top += 1;
        while top > 0 {
            top -= 1;
            let v = stack[top];
            if v > 1.0 {
                stack[top] = v / 2.0;
                stack[top + 1] = v / 3.0;
                top += 2;
                if top > 5 { break; }
            } else if v < 0.0 {
                return v * x;
            } else {
                sum += v;
            }
        }
        sum
    } at (0.5) at (3.0) at (40.0) at (-1.0)

    fn ping_pong(x: f64, n: usize) -> (f64, Vec<f64>) {
        let mut v = vec![0.0; n];
        let mut w = vec![x; n];
        for i in 0..n {
            let t = v;
            v = w;
            w = t;
            v[i] += x;
        }
        (if n > 0 { v[0] } else { x }, w)
    } at (1.5, 0) at (1.5, 1) at (1.5, 4)

    fn uppercase_names(x: f64, N: usize) -> f64 {
        let A = [[x, 1.0], [2.0, x]];
        let (P, Q) = (A[0][0], A[1][0]);
        let mut S = P * Q;
        for K in 0..N { S += A[K % 2][1] * K as f64; }
        match N { 0 => S, Other => S * Other as f64 }
    } at (1.5, 0) at (1.5, 3)

    fn to_vectors(x: [f64; 3], y: &[f64]) -> (Vec<f64>, f64) {
        let mut v = x.to_vec();
        let w = y.to_vec();
        v[0] = w[1];
        (v, x[0])
    } at ([1.0, 2.0, 3.0], &[4.0, 5.0])

    fn labelled_blocks_in_loops(x: f64, n: usize) -> f64 {
        let mut s = x;
        'each: for i in 0..n {
            let v = 'a: {
                if i == 1 { break 'a 10.0; }
                'b: {
                    if i == 2 { continue 'each; }
                    if i == 3 { break 'b; }
                    s += 0.5;
                    if s > 30.0 { break 'a s; }
                }
                if i == 5 { return -s; }
                1.0
            };
            s += v;
        }
        s
    } at (1.0, 0) at (1.0, 1) at (1.0, 2) at (1.0, 3) at (1.0, 4) at (1.0, 5) at (1.0, 6) at (30.0, 6)

    fn returns_of_arrays(x: f64, n: usize) -> [f64; 2] {
        if n == 0 { return [x, x]; }
        let mut a = [1.0, x];
        for i in 0..n {
            if i == 3 { return a; }
            a[0] *= x;
        }
        [a[1], a[0]]
    } at (1.5, 0) at (1.5, 2) at (1.5, 3) at (1.5, 4)

    fn ranges_that_contain(x: f64, n: usize) -> f64 {
        let mut s = 0.0;
        if (0..3).contains(&n) { s += 1.0; }
        if (1..=n + 1).contains(&3) { s += 2.0; }
        if (-1.0..x).contains(&0.5) { s += 4.0; }
        if (..=n).contains(&2) && !(2..).contains(&n) { s += 8.0; }
        s
    } at (0.5, 0) at (0.6, 2) at (f64::NAN, 4)

    fn compound_bools(x: f64, n: usize) -> f64 {
        let mut any = false;
        let mut all = true;
        for i in 0..n { any |= x > i as f64; all &= x > i as f64; all ^= false; }
        match (any, all) { (true, true) => x, (true, false) => -x, _ => 0.0 }
    } at (1.5, 0) at (1.5, 1) at (1.5, 4) at (-1.5, 4)

    fn integer_overflow_in_indices(x: &[f64], i: usize, j: i32) -> f64 {
        let k = (j - 1) as usize;
        x[i - 1] + x[k]
    } at (&[1.0, 2.0], 1, 1) at (&[1.0, 2.0], 0, 1) at (&[1.0, 2.0], 1, 0) at (&[1.0, 2.0], 1, i32::MIN)

    fn nested_index_checks(x: &[[f64; 2]], i: usize, j: usize) -> f64 {
        x[i][j - 1]
    } at (&[[1.0, 2.0]], 0, 1) at (&[[1.0, 2.0]], 1, 0) at (&[[1.0, 2.0]], 0, 0) at (&[[1.0, 2.0]], 0, 3)

    fn assertions(x: &[f64], n: usize) -> f64 {
        assert_eq!(x.len(), n);
        assert!(x.len() <= 5 && x[0] != 0.5);
        assert_ne!(n, 3);
        debug_assert!(x[0] > 0.0);
        if n == 4 { panic!("four"); }
        let y = match n { 5 => unreachable!(), _ => x[0] };
        y * 2.0
    } at (&[1.0], 1) at (&[0.5], 1) at (&[1.0], 2) at (&[1.0, 2.0, 3.0], 3) at (&[-1.0], 1) at (&[1.0; 4], 4) at (&[1.0; 5], 5)
}
