//! What the front end makes of typical functions, as text.

use autodiff_compiler::lower;

fn check(source: &str, expected: &str) {
    let item: syn::ItemFn = syn::parse_str(source).expect("the source is a function");
    let lowered = match lower::function(proc_macro2::TokenStream::new(), &item).1 {
        Ok(lowered) => lowered.function.to_string(),
        Err(errors) => panic!("{source}: {errors}"),
    };
    assert_eq!(lowered.trim(), expected.trim(), "{source}");
}

/// What follows an early return stands in the other branch, and needs no flag.
#[test]
fn early_return() {
    check(
        r#"fn early_return(x: f64) -> f64 { if x < 0.0 { return -x; } x * x }"#,
        r#"
fn(active primal 0 v0 x: f64) -> v4 {
    v1 less: bool = v0 < 0.0
    if v1 -> (v4 result: f64) {
        v2 result: f64 = neg v0
        yield v2
    } else {
        v3 result: f64 = mul v0 v0
        yield v3
    }
}
"#,
    );
}

/// `break` ends a counted loop by its flag.
#[test]
fn found() {
    check(
        r#"fn found(x: &[f64], n: usize) -> f64 { let mut s = 0.0; for i in 0..n { if x[i] < 0.0 { break; } s += x[i]; } s }"#,
        r#"
fn(active primal 0 &m0 x: [f64], primal 1 v0 n: usize) -> v2 {
    for v5 i: usize in 0..v0 stop 1 carried (v1 s: f64 = 0.0 -> v2, v3 stop: bool = false -> v4) {
        v6 x: f64 = load m0[v5]
        v7 less: bool = v6 < 0.0
        if v7 -> (v10 s: f64, v11 stop: bool) {
            yield v1 true
        } else {
            v8 x: f64 = load m0[v5]
            v9 s: f64 = add v1 v8
            yield v9 v3
        }
        yield v10 v11
    }
}
"#,
    );
}

/// An exit out of several loops sets the flag of each; the flag of the inner loop guards what follows it.
#[test]
fn nested() {
    check(
        r#"fn nested(x: f64, n: usize) -> f64 { let mut s = x; 'a: for i in 0..n { while s < 1.0 { if i == 2 { continue 'a; } s += x; } if s > 9.0 { return s; } s *= 2.0; } -s }"#,
        r#"
fn(active primal 0 v0 x: f64, primal 1 v1 n: usize) -> v31 {
    for v8 i: usize in 0..v1 stop 2 carried (v2 s: f64 = v0 -> v3, v4 result: f64 = 0.0 -> v5, v6 stop: bool = false -> v7) {
        while carried (v9 s: f64 = v2 -> v10, v11 stop: bool = false -> v12) {
            v13 not: bool = !v11
            v14 less: bool = v9 < 1.0
            v15 both: bool = v13 && v14
            yield v15
        } do {
            v16 equal: bool = v8 == 2
            if v16 -> (v18 s: f64, v19 stop: bool) {
                yield v9 true
            } else {
                v17 s: f64 = add v9 v0
                yield v17 v11
            }
            yield v18 v19
        }
        v20 not: bool = !v12
        if v20 -> (v26 result: f64, v27 s: f64, v28 stop: bool) {
            v21 greater: bool = v10 > 9.0
            if v21 -> (v23 result: f64, v24 s: f64, v25 stop: bool) {
                yield v10 v10 true
            } else {
                v22 s: f64 = mul v10 2.0
                yield v4 v22 v6
            }
            yield v23 v24 v25
        } else {
            yield v4 v10 v6
        }
        yield v27 v26 v28
    }
    v29 not: bool = !v7
    if v29 -> (v31 result: f64) {
        v30 result: f64 = neg v3
        yield v30
    } else {
        yield v5
    }
}
"#,
    );
}

/// Where both sides of a branch may go on, a flag guards what follows.
#[test]
fn both_go_on() {
    check(
        r#"fn both_go_on(x: f64, n: usize) -> f64 { let mut s = x; for i in 0..n { if i > 2 { if s > 1.0 { continue; } s += 1.0; } s *= x; } s }"#,
        r#"
fn(active primal 0 v0 x: f64, primal 1 v1 n: usize) -> v3 {
    for v4 i: usize in 0..v1 carried (v2 s: f64 = v0 -> v3) {
        v5 greater: bool = v4 > 2
        if v5 -> (v10 s: f64, v11 done: bool) {
            v6 greater: bool = v2 > 1.0
            if v6 -> (v8 s: f64, v9 done: bool) {
                yield v2 true
            } else {
                v7 s: f64 = add v2 1.0
                yield v7 false
            }
            yield v8 v9
        } else {
            yield v2 false
        }
        v12 not: bool = !v11
        if v12 -> (v14 s: f64) {
            v13 s: f64 = mul v10 v0
            yield v13
        } else {
            yield v10
        }
        yield v14
    }
}
"#,
    );
}

/// The right side of a compound assignment is read ahead of the place.
#[test]
fn compound() {
    check(
        r#"fn compound(x: &mut [f64], i: usize) { x[i] += x[i + 1] * 2.0; }"#,
        r#"
fn(active primal 0 &mut m0 x: [f64], primal 1 v0 i: usize) -> () {
    v1 add: usize = v0 + 1
    v2 x: f64 = load m0[v1]
    v3 mul: f64 = mul v2 2.0
    v4 x: f64 = load m0[v0]
    v5 add: f64 = add v4 v3
    store m0[v0] = v5
}
"#,
    );
}

/// The right side of `&&` is a branch where it could panic.
#[test]
fn lazy() {
    check(
        r#"fn lazy(x: &[f64], i: usize) -> f64 { if i < x.len() && x[i] > 0.0 { 1.0 } else { 0.0 } }"#,
        r#"
fn(active primal 0 &m0 x: [f64], primal 1 v0 i: usize) -> v6 {
    v1 len: usize = len m0
    v2 less: bool = v0 < v1
    if v2 -> (v5 value: bool) {
        v3 x: f64 = load m0[v0]
        v4 greater: bool = v3 > 0.0
        yield v4
    } else {
        yield false
    }
    if v5 -> (v6 value: f64) {
        yield 1.0
    } else {
        yield 0.0
    }
}
"#,
    );
}

/// A strided loop counts its iterations.
#[test]
fn strided() {
    check(
        r#"fn strided(x: f64, n: usize) -> f64 { let mut s = x; for i in (1..n).step_by(3) { s *= i as f64; } s }"#,
        r#"
fn(active primal 0 v0 x: f64, primal 1 v1 n: usize) -> v6 {
    v2 max: usize = method max v1 1
    v3 abs_diff: usize = method abs_diff v2 1
    v4 trips: usize = method div_ceil v3 3
    for v7 turn: usize in 0..v4 carried (v5 s: f64 = v0 -> v6) {
        v8 mul: usize = v7 * 3
        v9 i: usize = 1 + v8
        v10 cast: f64 = v9 as f64
        v11 s: f64 = mul v5 v10
        yield v11
    }
}
"#,
    );
}

/// What an assertion prints is evaluated only when it fails.
#[test]
fn asserted() {
    check(
        r#"fn asserted(x: f64, n: usize) -> f64 { assert!(n > 0, "no {n} at {}", 1 / n); x }"#,
        r#"
fn(active primal 0 v0 x: f64, primal 1 v1 n: usize) -> v0 {
    v2 checked: bool = v1 > 0
    v3 not: bool = !v2
    if v3 {
        v4 div: usize = 1 / v1
        effect `assert ! (__hole_0 , "no {n} at {}" , __hole_1 , n = __hole_2)` (v2, v4, v1)
    }
}
"#,
    );
}

/// Items of the body are carried along with the code that names them.
#[test]
fn items() {
    check(
        r#"fn items(x: f64) -> f64 { use std::f64::consts::PI; const SCALE: f64 = 0.5; { const SCALE: f64 = 3.0; x * SCALE * PI } }"#,
        r#"
fn(active primal 0 v0 x: f64) -> v2 {
    v1 mul: f64 = mul v0 { const SCALE : f64 = 0.5 ; { const SCALE : f64 = 3.0 ; SCALE } }
    v2 mul: f64 = mul v1 { use std :: f64 :: consts :: PI ; PI }
}
"#,
    );
}
