//! Constructs that disturb one another: where differentiators of programs have gone wrong before.

use super::checked;

#[checked(at(0.5, 3), at(0.5, 0), at(0.5, 1), at(0.5, 2))]
fn local_of_the_body_is_reset(x: f64, n: usize) -> f64 {
    let mut s = 0.0;
    for i in 0..n {
        let mut t = x;
        if i % 2 == 1 {
            t *= x;
        }
        let u = t * t + i as f64;
        s += u * t;
    }
    s
}

#[checked(at(0.5, 4), at(0.5, 0), at(0.5, 1), at(0.5, 2))]
fn assignment_inside_the_condition(x: f64, n: usize) -> f64 {
    let mut y = x;
    let mut i = 0;
    while {
        y = y * 0.9 + 0.1 * x * x;
        i += 1;
        i <= n
    } {
        y *= 1.0 + x;
    }
    y
}

#[checked(at(0.5, 0.3), at(2.0, 0.3))]
fn side_effect_in_the_returned_expression(x: f64, y: f64) -> f64 {
    let mut a = x;
    if x > 1.0 {
        return a * {
            a *= y;
            a
        } + a;
    }
    a * {
        a += y;
        a
    } * a
}

#[checked(at(0.5, 3), at(0.5, 0), at(0.5, 1), at(0.5, 2))]
fn parameter_reassigned_in_a_loop(mut x: f64, n: usize) -> f64 {
    let start = x;
    for _ in 0..n {
        x = x * x + start;
    }
    x * start
}

#[checked(at([0.5, 2.0], 3), at([0.5, 2.0], 0), at([0.5, 2.0], 1))]
fn array_parameter_reassigned_in_a_loop(mut x: [f64; 2], n: usize) -> f64 {
    let start = x;
    for i in 0..n {
        x = [x[1] * start[0], x[0] + start[1] * i as f64];
    }
    x[0] * start[1] + x[1]
}

#[checked(at(0.5, 5), at(0.5, 0), at(0.5, 1), at(0.5, 2), at(1.2, 5))]
fn two_exits_and_nested_loops(x: f64, n: usize) -> f64 {
    let mut y = x;
    let mut total = 0.0;
    for i in 0..n {
        for j in 0..n {
            y = 0.7 * y + 0.2 * x * x;
            if j > i {
                break;
            }
            if y > 0.9 {
                total += y;
                break;
            }
            total += 0.1 * y * y;
        }
        if total > 1.5 {
            break;
        }
    }
    total * y
}

#[checked(at(0.5, 2.0, 3), at(0.5, 2.0, 0), at(0.5, 2.0, 1), at(0.5, 2.0, 2))]
fn becomes_active_in_a_later_iteration(x: f64, y: f64, n: usize) -> f64 {
    let (mut a, mut b, mut c) = (1.0, 2.0, 3.0_f64);
    for _ in 0..n {
        a = b * b;
        b = c.sin();
        c = x * y + 0.1 * a;
    }
    a + b * c
}

#[checked(at(0.5, 2.0, 3), at(0.5, 2.0, 0), at(0.5, 2.0, 1))]
fn becomes_inactive_in_each_iteration(x: f64, y: f64, n: usize) -> f64 {
    let mut a = x;
    let mut s = 0.0;
    for i in 0..n {
        s += a * y;
        a = i as f64 + 1.0;
        s += a * a;
        a = x * a;
    }
    s * a
}

#[checked(at([0.5, 2.0, 1.0], 1.5), at([0.5], 1.5), at([], 1.5), options(wrt(y)))]
fn overwritten_inactive_array(x: &[f64], y: f64) -> f64 {
    let n = x.len();
    let mut w = vec![0.0; n];
    for i in 0..n {
        w[i] = x[i];
    }
    let mut s = y;
    for i in 0..n {
        s = s * w[i] + y;
        w[i] = 2.0 * w[i] + i as f64;
        s = s.sin() * w[i];
    }
    s
}

#[checked(at(0.5, 3), at(0.5, 0), at(0.5, 1))]
fn integer_needed_by_the_reverse_sweep(x: f64, n: usize) -> f64 {
    let mut k = 1;
    let mut a = [x, 2.0 * x, x * x, 1.0];
    for _ in 0..n {
        a[k % 4] *= a[(k + 1) % 4] + 0.5;
        k = k * 3 + 1;
        a[k % 4] += a[(k + 2) % 4] * a[k % 4];
    }
    a[0] + a[1] * a[2] + a[3]
}

#[checked(at([0.5, -2.0, 1.0, 0.2]), at([]), at([-1.0]), at([1.0]))]
fn compacted_then_consumed(x: &[f64]) -> f64 {
    let n = x.len();
    let mut stack = vec![0.0; n];
    let mut top = 0;
    for i in 0..n {
        if x[i] > 0.0 {
            stack[top] = x[i] * x[i];
            top += 1;
        } else if top > 0 {
            top -= 1;
            stack[top] *= x[i];
        }
    }
    let mut s = 1.0;
    while top > 0 {
        top -= 1;
        s += stack[top] * s;
    }
    s
}

#[checked(
    at(0.5, true, 3),
    at(0.5, false, 3),
    at(0.5, true, 0),
    at(0.5, false, 1)
)]
fn loop_invariant_branch(x: f64, squared: bool, n: usize) -> f64 {
    let mut y = x;
    for _ in 0..n {
        y = if squared { y * y + x } else { y.sin() * x };
    }
    y
}

#[checked(at(0.4, 3), at(0.4, 0), at(0.4, 1), at(0.4, 2))]
fn same_buffer_for_two_purposes(x: f64, n: usize) -> f64 {
    let mut b = vec![x; n + 2];
    for i in 0..n {
        b[i + 1] = b[i] * b[i + 1];
    }
    let s = b[n];
    for i in 0..n + 2 {
        b[i] = s * (i + 1) as f64;
    }
    for i in (0..n + 1).rev() {
        b[i] = b[i].sin() * b[i + 1];
    }
    b[0] + s
}

#[checked(at(0.3, 2.0), at(1.7, 2.0))]
fn shadowed_across_branches(x: f64, y: f64) -> f64 {
    let z = x;
    let r = if z > 1.0 {
        let z = z * y;
        let x = z + x;
        x * z
    } else {
        let y = z - y;
        let z = y * y;
        z * x
    };
    r * z + x * y
}

#[checked(at(0.5, 3), at(0.5, 0), at(0.5, 1))]
fn block_value_with_a_loop(x: f64, n: usize) -> f64 {
    let y = {
        let mut t = x;
        for i in 0..n {
            t += t * x / (i + 1) as f64;
        }
        t
    } * {
        let mut t = 1.0;
        for _ in 0..n {
            t *= x;
        }
        t + x
    };
    y * y
}

#[checked(at([[0.5, 2.0], [1.0, -1.0]], 2), at([[0.5, 2.0], [1.0, -1.0]], 0), at([[0.5, 2.0], [1.0, -1.0]], 1))]
fn rows_swapped_in_a_loop(m: [[f64; 2]; 2], n: usize) -> f64 {
    let mut a = m;
    for i in 0..n {
        let row = a[0];
        a[0] = a[1];
        a[1] = [row[0] * a[0][1], row[1] + i as f64];
        (a[0][0], a[1][1]) = (a[1][1], a[0][0] * a[0][0]);
    }
    a[0][0] * a[1][1] - a[0][1] * a[1][0]
}

#[checked(at(0.5, 0), at(0.5, 1), at(0.5, 2), at(0.5, 6))]
fn while_on_an_active_value_inside_for(x: f64, n: usize) -> f64 {
    let mut y = x;
    for i in 0..n {
        while y < 1.0 {
            y = y * 1.7 + 0.1 * x;
        }
        y = y * 0.3 + 0.05 * i as f64 * x;
    }
    y * y
}

#[checked(at(0.5, 4), at(0.5, 0), at(0.5, 1), at(0.5, 3))]
fn continue_before_and_after_updates(x: f64, n: usize) -> f64 {
    let mut y = x;
    let mut z = 1.0;
    for i in 0..n {
        y = y * y + 0.3;
        if i % 3 == 0 {
            continue;
        }
        z *= y;
        if z < 0.4 {
            z += x;
            continue;
        }
        y += z * x;
    }
    y * z
}

#[checked(at(0.5, 1.5, 0.25), at(1.5, 0.5, 0.25))]
fn value_kept_from_before_the_branch(x: f64, y: f64, z: f64) -> f64 {
    let mut a = x * z;
    let product = a * y;
    if x > y {
        a = product * a;
        a += a * x;
    } else {
        let t = a;
        a = product / (1.0 + t * t);
    }
    a * product + z
}

#[checked(at([0.5, 2.0, 1.0]), at([2.0, 0.5, 0.1]))]
fn selection_sort_with_weights(x: [f64; 3]) -> f64 {
    let mut a = x;
    for i in 0..2 {
        let mut least = i;
        for j in i + 1..3 {
            if a[j] < a[least] {
                least = j;
            }
        }
        if least != i {
            let t = a[i];
            a[i] = a[least];
            a[least] = t;
        }
    }
    a[0] + 2.0 * a[1] * a[1] + a[2] * a[0]
}

#[checked(at(1.0, 0.5, 3), at(1.0, 0.5, 0), at(1.0, 0.5, 1))]
fn in_out_read_after_the_loop(state: &mut f64, x: f64, n: usize) -> f64 {
    let before = *state;
    for i in 0..n {
        *state = *state * x + before * i as f64;
        if *state > 2.0 {
            *state *= 0.5;
        }
    }
    *state * before
}

#[checked(at([1.0, 2.0], [0.5, 0.3], 2), at([1.0, 2.0], [0.5, 0.3], 0), at([1.0, 2.0], [0.5, 0.3], 1))]
fn two_in_outs_that_feed_each_other(a: &mut [f64; 2], b: &mut [f64; 2], n: usize) {
    for _ in 0..n {
        for i in 0..2 {
            a[i] += b[1 - i] * a[1 - i];
            b[i] *= a[i].sin();
        }
        let t = *a;
        *a = *b;
        b[0] = t[0] * 0.5;
        b[1] += t[1];
    }
}

#[checked(at([0.5, 1.5], 3), at([0.5, 1.5], 0), at([0.5, 1.5], 1))]
fn whole_in_out_overwritten(x: &mut [f64; 2], n: usize) -> f64 {
    let mut s = 0.0;
    for i in 0..n {
        s += x[0] * x[1];
        *x = [x[1] * 0.5, x[0] * x[0] + i as f64];
    }
    s
}

#[checked(at(0.7, 5), at(0.7, 0), at(0.7, 1))]
fn early_return_of_a_tuple_from_a_loop(x: f64, n: usize) -> (f64, f64, usize) {
    let (mut a, mut b) = (x, 1.0);
    for i in 0..n {
        (a, b) = (a * b + 0.2, a);
        if a * b > 0.9 {
            return (a, b * b, i);
        }
    }
    (a * a, b, n)
}

#[checked(at(0.5, 3, 2), at(0.5, 0, 2), at(0.5, 2, 0), at(0.5, 1, 1))]
fn buffers_of_different_depths(x: f64, n: usize, m: usize) -> f64 {
    let mut y = x;
    for _ in 0..n {
        let before = y;
        for _ in 0..m {
            let inner = y;
            for _ in 0..2 {
                y = y * inner + 0.1;
            }
            y = y.sin() + before;
        }
        y *= before;
    }
    y
}

#[checked(at(0.9, 12), at(0.9, 0), at(0.9, 1))]
fn sum_reset_now_and_then(x: f64, n: usize) -> f64 {
    let mut s = 0.0;
    let mut product = 1.0;
    for i in 0..n {
        s += x * (i as f64).cos();
        if i % 4 == 3 {
            product *= 1.0 + s * s;
            s = 0.0;
        }
    }
    product + s
}

#[checked(at([0.3, 0.8, 0.5, 0.1], 2), at([0.3, 0.8, 0.5, 0.1], 1), at([0.3], 4))]
fn ragged_inner_loops(x: &[f64], width: usize) -> f64 {
    let n = x.len();
    let mut s = 1.0;
    let mut i = 0;
    while i < n {
        let end = (i + width).min(n);
        let mut block = 0.0;
        for j in i..end {
            block += x[j] * x[j] * s;
        }
        s *= 1.0 + block;
        i = end;
    }
    s
}

#[checked(at(0.5, 0.25), at(-0.5, 0.25))]
fn one_variable_for_many_things(x: f64, y: f64) -> f64 {
    let mut t = x * y;
    let a = t.sin();
    t = a + x;
    let b = t * t;
    if t > 0.2 {
        t = b / y;
    }
    let c = t * a;
    t = 1.0;
    t += c;
    t *= b;
    t
}

#[checked(
    at([0.5, -0.3, 0.8], 3),
    at([0.5, -0.3, 0.8], 0),
    at([0.5, -0.3, 0.8], 1),
    at([0.5, -0.3, 0.8], 2)
)]
fn table_overwritten_after_the_loop_that_reads_it(x: &[f64], n: usize) -> f64 {
    let mut table = vec![0.0; x.len()];
    for i in 0..x.len() {
        table[i] = x[i].sin();
    }
    let mut work = vec![0.0; x.len()];
    let mut total = 0.0;
    for p in 0..n {
        for i in 0..x.len() {
            work[i] = table[i] * (p as f64 + x[i]);
        }
        let mut s = 1.0;
        for i in 0..x.len() {
            s = s * work[i] + work[i].exp();
        }
        total += s;
    }
    for i in 0..x.len() {
        table[i] = table[i] * 2.0 + x[i];
    }
    for i in 0..x.len() {
        total += table[i] * table[i];
    }
    total
}

#[checked(
    at([0.5, -0.3, 0.8], 0.7, 3),
    at([0.5, -0.3, 0.8], 0.7, 0),
    at([0.5, -0.3, 0.8], 0.7, 1),
    at([0.5, -0.3, 0.8], 0.7, 2)
)]
fn scratch_of_each_iteration_and_a_carried_factor(x: &[f64], decay: f64, n: usize) -> f64 {
    let mut work = vec![0.0; x.len()];
    let mut factor = 1.0;
    let mut total = 0.0;
    for p in 0..n {
        for i in 0..x.len() {
            work[i] = factor * (x[i] + p as f64).cos();
        }
        let mut s = 1.0;
        for i in 0..x.len() {
            s = s * work[i] + work[i].exp();
        }
        total += s * s;
        factor *= decay;
    }
    total + factor
}
