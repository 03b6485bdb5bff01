//! The text of the representation and the promises that the verifier holds it to.

mod support;

use autodiff_compiler::ir::{Function, verify};
use support::reader;

/// Reads a function with every form once; verifies and prints it.
#[test]
fn text_round_trip() {
    for text in [SCALARS, LOOPS, MEMORY, TAPES, LANES, PANICS] {
        let function = reader::function(text);
        let printed = function.to_string();
        assert_eq!(printed.trim(), text.trim());
        assert_eq!(verify(&function), Ok(()), "{printed}");
    }
}

const SCALARS: &str = "
fn(active primal 0 v0 x: f64, primal 1 v1 n: i32, direction 0 v2 dx: f64, cotangent v3: f64) -> (v4, v9) {
    v4 y: f64 = mul v0 v0
    v5: f64 = powi v4 v1
    v6 c: bool = v4 < -1.5
    v7: i32 = v1 + 3_i32
    v8: i32 = -v7
    v9: f64 = select v6 v5 v0
    v10: usize = v8 as usize
    v11: bool = !v6
    v12: bool = method is_nan v5
    v13: usize = pure `usize :: from (__hole_0)` (v11)
    v14: bool = opaque `f (__hole_0)` (v5)
    v15: f64 = v5
    v16: f32 = v0 as f32
    v17: f32 = add v16 1.5e-3_f32
    v18: usize = v10 << N
}";

const LOOPS: &str = "
fn(active primal 0 &m0 x: [f64]) -> v3 {
    v0 n: usize = len m0
    for v1 i: usize in 0..=v0 rev stop 1 carried (v2 s: f64 = 0.0 -> v3, v4 done: bool = false -> v5) {
        v6: f64 = load m0[v1]
        v7: bool = v6 > v2
        if v7 -> (v8 s: f64) {
            v9: f64 = add v2 v6
            yield v9
        } else {
            yield v2
        }
        yield v8 v7
    }
    while carried (v10: f64 = v3 -> v11) {
        v12: bool = v10 < 1.0
        yield v12
    } do {
        v13: f64 = add v10 1.0
        yield v13
    }
    if v5 {
        check m0[0]
    }
}";

const MEMORY: &str = "
fn(primal 0 &m0 x: [[f64; 3]], adjoint 0 &mut m1 x_bar: [[f64; 3]], primal 1 m2: ([f64; N], usize)) -> (m3, (m4, ()), v0) {
    check shape of x: m0 is m1
    alloc m3 a: Vec<f64> = [0.0, 1.0]
    alloc m4: [f64; 3] = copy of m0[0]
    scratch m5: Vec<[f64; 3]> = zeros like m0
    alloc m6: (f64, [bool; 2]) = (1.0, [false; 2])
    alloc m7: Vec<[f64; 3]> = [copy of m0[1], zeros like m4]
    alloc m8: Vec<f64> = default
    move m8 = m3
    move m3 = m8
    v0: f64 = load m6.0
    store m6.1[1] = true
    accumulate m1[0][1] += v0
    accumulate all m1 += m0
    copy m7[0] = m0[0]
    clear m1
    turn
    effect `assert ! (__hole_0 > __hole_1 [0])` (v0, m4)
}";

const TAPES: &str = "
fn(primal 0 v0 n: usize) -> () {
    tape t0: f64[v0][3]
    tape t1 flags: bool stack
    for v1: usize in 0..v0 {
        for v2: usize in 0..3 {
            put t0[v1][v2] = 0.5
        }
        put t1 = true
    }
    v3: f64 = get t0[0][1]
    v4: bool = get t1
}";

const LANES: &str = "
fn(primal 0 v0 x: f64, direction 0 v1 dx: f64xK, direction 1 &m0 dy: [f64]xK) -> v3 {
    v2: f64xK = load m0[0]
    v3: f64xK = mul v1 v0
    scratch m1: [f64; 2]xK = [v3, 0.0]
    tape t0: f64xK stack
    put t0 = v2
    v4: f64xK = get t0
    for v5: usize in 0..3 carried (v6 s: f64xK = 0.0 -> v7) {
        yield v4
    }
}";

const PANICS: &str = "
fn(primal 0 v0 i: usize) -> v1 {
    v1: usize = v0 - 1
}";

fn faults(text: &str) -> Vec<String> {
    verify(&reader::function(text)).err().unwrap_or_default()
}

/// A function of `x: f64`, `n: usize`, `c: bool`, `v: &[f64]` and `w: &mut [f64]` with the body given.
fn with_body(body: &str) -> String {
    format!(
        "fn(primal 0 v0 x: f64, primal 1 v1 n: usize, primal 2 v2 c: bool, primal 3 &m0 v: [f64], \
         primal 4 &mut m1 w: [f64], cotangent v3: f64) -> () {{\n{body}\n}}"
    )
}

/// Each body breaks one promise; the fault that is found says so.
#[test]
fn each_broken_promise_is_found() {
    for (body, fault) in [
        // Scope.
        ("v10: f64 = add v0 v10", "v10 is not defined yet"),
        ("v10: f64 = v0\nv10: f64 = v0", "v10 is defined twice"),
        (
            "if v2 {\nv10: f64 = v0\n}\nv11: f64 = v10",
            "v10 is out of scope",
        ),
        (
            "for v10: usize in 0..v1 {\n}\nv11: usize = v10",
            "v10 is out of scope",
        ),
        (
            "for v10: usize in 0..v1 carried (v11: f64 = v0 -> v12) {\nyield v12\n}",
            "v12 is not defined yet",
        ),
        (
            "while {\nv10: f64 = v0\nyield v2\n} do {\nv11: f64 = v10\n}",
            "v10 is out of scope",
        ),
        ("v10: f64 = load m5[0]", "m5 is not declared yet"),
        (
            "if v2 {\nalloc m5: [f64; 2] = [0.0; 2]\n}\nclear m5",
            "m5 is out of scope",
        ),
        (
            "alloc m5: [f64; 2] = default\nalloc m5: [f64; 2] = default",
            "m5 is declared twice",
        ),
        ("put t0 = 1.0", "t0 is not made"),
        ("tape t0: f64 stack\ntape t0: f64 stack", "t0 is made twice"),
        // What blocks hand on.
        (
            "if v2 -> (v10: f64) {\nyield v0\n}",
            "yields 0 values where 1 are wanted",
        ),
        (
            "if v2 -> (v10: f64) {\nyield v0\n} else {\nyield v1\n}",
            "v1 is usize where f64 is wanted",
        ),
        ("if v0 {\n}", "v0 is f64 where bool is wanted"),
        (
            "for v10: usize in 0..v1 stop 0 carried (v11: f64 = v0 -> v12) {\nyield v11\n}",
            "no `bool` that can stop",
        ),
        (
            "for v10: usize in 0..v1 stop 0 {\n}",
            "no `bool` that can stop",
        ),
        (
            "for v10: usize in 0..v0 {\n}",
            "v0 is f64 where usize is wanted",
        ),
        ("for v10: f64 in 0.0..v0 {\n}", "the index v10 is f64"),
        (
            "while {\nyield v0\n} do {\n}",
            "v0 is f64 where bool is wanted",
        ),
        ("while {\n} do {\n}", "a condition yields 0 values"),
        // Operations.
        ("v10: f64 = add v0", "`add` takes 2 operands, not 1"),
        ("v10: f64 = add v0 v1", "operand v1 of `add` is usize"),
        (
            "v10: f64 = add v0 1.0_f32",
            "operand 1.0_f32 of `add` is f32",
        ),
        (
            "v10: f64 = powi v0 v0",
            "operand v0 of `powi` is f64, no integer",
        ),
        ("v10: usize = sin v0", "`sin` defines v10, which is usize"),
        ("v10: f64 = v0 + v0", "`+` of f64 and f64"),
        ("v10: usize = v1 + 1_i32", "`+` of usize and i32"),
        ("v10: bool = v1 && v2", "`&&` of usize and bool"),
        ("v10: bool = v0 < v1", "v0 is f64, but v1 is usize"),
        (
            "v10: f64 = v0 < v0",
            "v10 is f64, but its definition gives bool",
        ),
        (
            "v10: f64 = select v1 v0 v0",
            "v1 is usize where bool is wanted",
        ),
        ("v10: f64 = select v2 v0 v1", "v0 is f64, but v1 is usize"),
        ("v10: f64 = -v0", "the integer negation of v0"),
        ("v10: f64 = !v0", "`!` of v0"),
        (
            "v10: f64 = v0 as f32",
            "v10 is f64, but its definition gives f32",
        ),
        (
            "v10: usize = len m0[0]",
            "the length of m0[0], which has none",
        ),
        // Memory.
        ("v10: f64 = load m0[v0]", "v0 is f64 where usize is wanted"),
        ("v10: f64 = load m0", "m0 is not scalar but [f64]"),
        (
            "v10: f64 = load m0.0",
            "the path of m0.0 does not fit [f64]",
        ),
        (
            "v10: f64 = load m0[0][0]",
            "the path of m0[0][0] does not fit [f64]",
        ),
        (
            "v10: f32 = load m0[0]",
            "v10 is f32, but its definition gives f64",
        ),
        ("store m0[0] = 1.0", "m0 is behind `&` and written"),
        ("clear m0", "m0 is behind `&` and written"),
        ("accumulate all m0 += m1", "m0 is behind `&` and written"),
        ("store m1[0] = v1", "v1 is usize where f64 is wanted"),
        (
            "alloc m5: [usize; 2] = default\naccumulate m5[0] += 1",
            "1 is usize, no float",
        ),
        ("copy m1[0] = m0[0]", "m1[0] is scalar"),
        (
            "alloc m5: [usize; 2] = default\ncopy m1 = m5",
            "m1 is [f64], m5 is [usize; 2]",
        ),
        (
            "alloc m5: [f64; 2] = default\nalloc m6: [f64; 3] = copy of m5",
            "m5 has not the shape of [f64; 3]",
        ),
        (
            "alloc m5: [f64; 2] = [0.0, 1.0, 2.0]",
            "3 elements in [f64; 2]",
        ),
        ("alloc m5: [f64; 2] = [0.0; 3]", "3 elements in [f64; 2]"),
        (
            "alloc m5: (f64, f64) = [0.0, 1.0]",
            "[0.0, 1.0] is no content of (f64, f64)",
        ),
        ("alloc m5: [f64] = default", "m5 is a slice of nothing"),
        (
            "alloc m5: [f64; 2] = default\nmove m5 = m5",
            "m5 and m5 are not two `Vec`s",
        ),
        (
            "alloc m5: Vec<f64> = default\nalloc m6: Vec<f64> = default\nmove m5 = m6\nclear m6",
            "m6 was moved from",
        ),
        (
            "alloc m5: Vec<f64> = default\nalloc m6: Vec<f64> = default\nif v2 {\nmove m5 = m6\n}\nclear m6",
            "m6 was moved from",
        ),
        (
            "alloc m5: Vec<f64> = default\nalloc m6: Vec<f64> = default\nfor v10: usize in 0..v1 {\nmove m5 = m6\n}",
            "m6 is moved from in a loop",
        ),
        // Turn.
        ("turn\nturn", "a second turn"),
        ("if v2 {\nturn\n}", "a turn inside a block"),
        (
            "v10: f64 = v3\nturn",
            "the cotangent v3 is read before the turn",
        ),
        (
            "alloc m5: [f64; 2] = default\nturn\nclear m5",
            "m5 stands before the turn and is written after it",
        ),
        (
            "tape t0: f64 stack\nturn\nput t0 = 1.0",
            "t0 stands before the turn and is written after it",
        ),
        // Tapes.
        (
            "tape t0: f64[v1]\nput t0[0][0] = 1.0",
            "2 indices of t0, which has 1",
        ),
        (
            "tape t0: f64 rows 2\nput t0[0] = 1.0",
            "1 indices of t0, which has 2",
        ),
        (
            "tape t0: f64 stack\nv10: f64 = get t0[0]",
            "1 indices of t0, which has 0",
        ),
        (
            "tape t0: f64 stack\nput t0 = v2",
            "v2 is bool where f64 is wanted",
        ),
        (
            "tape t0: f64 stack\nv10: bool = get t0",
            "v10 is bool, but its definition gives f64",
        ),
        ("tape t0: f64[v0]", "v0 is f64 where usize is wanted"),
        (
            "tape t0: f64[v1]\nput t0[v0] = 1.0",
            "v0 is f64 where usize is wanted",
        ),
        // Lanes.
        (
            "v10: f64xK = v0\nv11: f64 = sin v10",
            "an operand has lanes, but v11 does not",
        ),
        (
            "v10: f64xK = v0\nstore m1[0] = v10",
            "v10 has lanes where none are wanted",
        ),
        (
            "v10: f64xK = v0\nv11: bool = v10 < v10",
            "does not work lane by lane",
        ),
        (
            "v10: f64xK = load m0[0]",
            "v10 and what it is read from differ in lanes",
        ),
        ("v10: usizexK = v1", "v10 has lanes but is no float"),
        (
            "scratch m5: [f64; 2]xK = default\nv10: f64 = load m5[0]",
            "v10 and what it is read from differ in lanes",
        ),
        (
            "scratch m5: Vec<f64>xK = default\ncopy m5 = m0",
            "m5 and m0 differ in lanes",
        ),
    ] {
        let faults = faults(&with_body(body));
        assert!(
            faults.iter().any(|found| found.contains(fault)),
            "`{fault}` is not among {faults:?} of\n{body}"
        );
    }
}

#[test]
fn the_output_is_in_scope() {
    let hidden = "fn(primal 0 v0 c: bool) -> v1 {\nif v0 {\nv1: f64 = 1.0\n}\n}";
    assert_eq!(faults(hidden), ["v1 is out of scope"]);
    let absent = "fn(primal 0 v0 c: bool) -> (m0, v0) {\n}";
    assert_eq!(faults(absent), ["m0 is not declared yet"]);
}

#[test]
fn parameters_are_no_locals() {
    let mut function: Function = reader::function("fn(primal 0 &m0 x: [f64]) -> () {\n}");
    let memory = function.memories.ids().next().expect("there is one memory");
    function.memories[memory].origin = autodiff_compiler::ir::Origin::Scratch;
    assert_eq!(verify(&function).err().map(|faults| faults.len()), Some(1));
}
