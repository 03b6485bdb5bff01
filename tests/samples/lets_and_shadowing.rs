//! `let`, patterns, shadowing, mutation, every assignment operator, blocks as values.

use super::checked;

#[checked(at(0.5, 2.0), at(-1.0, 0.3))]
fn shadowed(x: f64, y: f64) -> f64 {
    let x = x * y;
    let x = x + x.sin();
    let y = x - y;
    x * y
}

#[checked(at(0.5, 2.0), at(-1.0, 0.3))]
fn shadowed_in_a_block(x: f64, y: f64) -> f64 {
    let z = x + y;
    let w = {
        let z = z * z;
        let x = z - x;
        x * z
    };
    w * z + x
}

#[checked(at(0.5, 2.0), at(-1.0, 0.3))]
fn every_assignment_operator(x: f64, y: f64) -> f64 {
    let mut a = x;
    a += y;
    a *= x;
    a -= y * y;
    a /= 1.0 + x * x;
    a %= 10.0;
    a = a * a;
    a
}

#[checked(at(0.5, 2.0), at(1.5, 0.3))]
fn assigned_from_itself(x: f64, y: f64) -> f64 {
    let mut a = x;
    a = a * a + y;
    a = a.sin() * a;
    a += a;
    a *= a;
    a -= 0.5 * a;
    a
}

#[checked(at(0.5), at(-0.2))]
fn declared_before_it_is_set(x: f64) -> f64 {
    let y;
    let z: f64;
    y = x * x;
    z = y + x;
    y * z
}

#[checked(at(0.5, 0.25), at(-0.2, 2.0))]
fn set_in_both_branches(x: f64, y: f64) -> f64 {
    let z;
    if x > y {
        z = x * y;
    } else {
        z = x - y;
    }
    z * z
}

#[checked(at(0.5, 2.0))]
fn overwritten_before_use(x: f64, y: f64) -> f64 {
    let mut a = x.exp();
    let b = a;
    a = y * y;
    let c = a;
    a = x;
    b * c + a
}

#[checked(at(0.5, 2.0))]
fn active_then_constant_then_active(x: f64, y: f64) -> f64 {
    let mut a = x * y;
    let first = a;
    a = 2.0;
    let second = a * x;
    a = first + second;
    a * a
}

#[checked(at(0.5, 2.0), at(3.0, -1.0))]
fn swapped_by_hand(x: f64, y: f64) -> f64 {
    let mut a = x;
    let mut b = y;
    let t = a;
    a = b;
    b = t;
    a * a * b - b.sin()
}

#[checked(at(0.5, 2.0), at(3.0, -1.0))]
fn swapped_by_a_tuple(x: f64, y: f64) -> f64 {
    let (mut a, mut b) = (x, y);
    (a, b) = (b, a + b);
    (a, b) = (b * a, a);
    a - b * b
}

#[checked(at(0.5, 2.0, 1.0))]
fn nested_patterns(x: f64, y: f64, z: f64) -> f64 {
    let ((a, b), [c, _]) = ((x * y, y), [z, x]);
    let (d, ..) = (a + c, b, 1);
    d * b - c
}

#[checked(at(0.5, 2.0, 1.0))]
fn array_patterns(x: f64, y: f64, z: f64) -> f64 {
    let [a, b, c] = [x * x, y * x, z];
    let [first, .., last] = [a, b, c, a * c];
    first * last + b
}

#[checked(at(0.5, 2.0))]
fn wildcard_patterns(x: f64, y: f64) -> f64 {
    let _ = x * y;
    let _ignored = x / y;
    let (a, _) = (x + y, x - y);
    a * a
}

#[checked(at(0.5, 2.0), at(-3.0, 1.0))]
fn blocks_inside_expressions(x: f64, y: f64) -> f64 {
    let a = {
        let t = x * y;
        t * t
    } + {
        let mut t = y;
        t += 1.0;
        t * x
    };
    a * {
        let b = a - x;
        b
    }
}

#[checked(at(0.5, 2.0), at(-3.0, 1.0))]
fn a_block_that_changes_its_surroundings(x: f64, y: f64) -> f64 {
    let mut total = x;
    let inner = {
        total *= y;
        let t = total + 1.0;
        total += t;
        t
    };
    total * inner
}

#[checked(at(0.5, 2.0))]
fn evaluation_order(x: f64, y: f64) -> f64 {
    let mut a = x;
    let b = a * {
        a += y;
        a
    } + a;
    b - a
}

#[checked(at(0.5, 2.0))]
fn annotated_types(x: f64, y: f64) -> f64 {
    let n: i32 = 3;
    let a: f64 = x.powi(n);
    let pair: (f64, usize) = (a * y, 2);
    let table: [f64; 3] = [a, y, pair.0];
    table[pair.1] + table[0]
}

#[checked(at(0.5, 2.0), at(2.0, 0.5))]
fn names_like_generated_ones(x: f64, dx: f64) -> f64 {
    let x_bar = x * dx;
    let tape = x_bar + dx;
    let dr = tape * x;
    let zero = 0.0;
    let tangent = dr.sin() + zero;
    let adjoint = tangent * tape;
    adjoint + x_bar
}

#[checked(at(0.5, 2.0))]
fn raw_identifiers(r#type: f64, r#match: f64) -> f64 {
    let r#loop = r#type * r#match;
    r#loop * r#loop + r#type
}

#[checked(at(0.5, 2.0), at(1.0, -1.0))]
fn mutable_parameters(mut x: f64, mut y: f64) -> f64 {
    x *= y;
    y += x;
    x = x.sin() + y;
    x * y
}

#[checked(at(0.25))]
fn a_long_chain(x: f64) -> f64 {
    let a = x.sin();
    let b = a * x;
    let c = b + a;
    let d = c * b;
    let e = d - c / (1.0 + a * a);
    let f = e.exp() * d;
    let g = f + e + d + c + b + a;
    g * g
}
