//! The interpreter computes what a debug build of the emitted code would, and panics where that does.

mod support;

use autodiff_compiler::interpret::{Datum, Outcome, Panic, Scalar, Settings, run};
use autodiff_compiler::ir::{FloatType, verify};
use support::reader;

fn outcome(text: &str, arguments: Vec<Datum>, settings: &Settings) -> Result<Outcome, Panic> {
    let function = reader::function(text);
    assert_eq!(verify(&function), Ok(()), "{function}");
    settings.run(&function, arguments)
}

#[track_caller]
fn check(text: &str, arguments: Vec<Datum>, output: impl Into<Datum>) {
    let found = outcome(text, arguments, &Settings::default()).map(|outcome| outcome.output);
    assert_eq!(found, Ok(output.into()), "{text}");
}

fn list<const N: usize>(items: [f64; N]) -> Datum {
    items.to_vec().into()
}

fn tuple(parts: Vec<Datum>) -> Datum {
    Datum::Tuple(parts)
}

fn lanes<const N: usize>(items: [f64; N]) -> Datum {
    Datum::Lanes(items.map(Scalar::F64).to_vec())
}

/// A function of `x: f64`, `n: usize`, `k: i32` and `c: bool` that returns `v10`, defined as `op`.
fn of_scalars(ty: &str, op: &str) -> String {
    format!(
        "fn(primal 0 v0 x: f64, primal 1 v1 n: usize, primal 2 v2 k: i32, primal 3 v3 c: bool) -> v10 {{\nv10: {ty} = {op}\n}}"
    )
}

fn scalars() -> Vec<Datum> {
    vec![
        1.5.into(),
        7usize.into(),
        Datum::Scalar(Scalar::Integer(-7)),
        true.into(),
    ]
}

#[test]
fn operations() {
    let integer = Scalar::Integer;
    for (ty, op, value) in [
        ("f64", "mul v0 -2.0", Scalar::F64(-3.0)),
        ("f64", "powi v0 2_i32", Scalar::F64(2.25)),
        ("f64", "if_greater v0 1.0 3.0 4.0", Scalar::F64(3.0)),
        ("f64", "real_from_integer v2", Scalar::F64(-7.0)),
        ("i32", "integer_predecessor v2", integer(-8)),
        ("f64", "select v3 v0 0.0", Scalar::F64(1.5)),
        ("usize", "v1 / 2", integer(3)),
        ("i32", "v2 / 2_i32", integer(-3)),
        ("i32", "v2 % 4_i32", integer(-3)),
        ("i32", "v2 >> 1_i32", integer(-4)),
        ("i32", "v2 << 30_i32", integer(1 << 30)),
        ("usize", "!v1", integer(i128::from(!7u64))),
        ("i32", "-v2", integer(7)),
        ("bool", "v3 ^ true", Scalar::Bool(false)),
        ("bool", "v1 >= 7", Scalar::Bool(true)),
        ("u8", "v2 as u8", integer(249)),
        ("i32", "v0 as i32", integer(1)),
        ("usize", "-1e30 as usize", integer(0)),
        ("i32", "1e30 as i32", integer(i32::MAX.into())),
        ("f32", "0.1 as f32", Scalar::F32(0.1)),
        ("f32", "add 0.1_f32 0.2_f32", Scalar::F32(0.1 + 0.2)),
        ("f64", "v2 as f64", Scalar::F64(-7.0)),
        ("i32", "method rem_euclid v2 4_i32", integer(1)),
        ("i32", "method pow v2 3_i32", integer(-343)),
        ("usize", "method saturating_sub v1 9", integer(0)),
        ("usize", "method leading_zeros v1", integer(61)),
        ("bool", "method is_nan v0", Scalar::Bool(false)),
        ("usize", "pure `usize :: from (__hole_0)` (v3)", integer(1)),
        (
            "bool",
            "opaque `__hole_0 > 1.0 && __hole_1 . pow (2) < 50` (v0, v1)",
            Scalar::Bool(true),
        ),
        ("usize", "usize::MAX", integer(u64::MAX.into())),
    ] {
        check(&of_scalars(ty, op), scalars(), Datum::Scalar(value));
    }
}

#[test]
fn panics() {
    for (ty, op, message) in [
        ("usize", "v1 - 8", "attempt to subtract with overflow"),
        ("usize", "usize::MAX + v1", "attempt to add with overflow"),
        (
            "i32",
            "v2 * 400000000_i32",
            "attempt to multiply with overflow",
        ),
        ("usize", "v1 / 0", "attempt to divide by zero"),
        (
            "i32",
            "v2 % 0_i32",
            "attempt to calculate the remainder with a divisor of zero",
        ),
        ("i32", "v2 << 32_i32", "attempt to shift left with overflow"),
        (
            "i32",
            "method pow v2 40_i32",
            "attempt to multiply with overflow",
        ),
        (
            "f64",
            "clamp v0 2.0 1.0",
            "min > max, or either was NaN. min = 2.0, max = 1.0",
        ),
    ] {
        let found = outcome(&of_scalars(ty, op), scalars(), &Settings::default());
        assert_eq!(found, Err(Panic::Panicked(message.to_owned())), "{op}");
    }
    let index =
        "fn(primal 0 &m0 x: [[f64; 2]], primal 1 v0 i: usize) -> v1 {\nv1: f64 = load m0[0][v0]\n}";
    let rows = Datum::List(vec![list([1.0, 2.0])]);
    check(index, vec![rows.clone(), 1usize.into()], 2.0);
    let message = "index out of bounds: the len is 2 but the index is 2".to_owned();
    assert_eq!(
        run(&reader::function(index), vec![rows, 2usize.into()]),
        Err(Panic::Panicked(message))
    );
    let assertion = "fn(primal 0 v0 x: f64) -> () {\neffect `assert ! (__hole_0 > 0.0 , \"positive\") ;` (v0)\n}";
    check(assertion, vec![1.0.into()], Datum::Unit);
    assert_eq!(
        run(&reader::function(assertion), vec![(-1.0).into()]),
        Err(Panic::Panicked("positive".to_owned()))
    );
    let unknown = "fn(primal 0 v0 x: f64) -> () {\neffect `log (__hole_0)` (v0)\n}";
    assert!(matches!(
        run(&reader::function(unknown), vec![1.0.into()]),
        Err(Panic::Unsupported(_))
    ));
}

#[test]
fn loops() {
    let sum_to = |range: &str, stop: &str| {
        format!(
            "fn(primal 0 v0 n: usize) -> (v4, v6) {{
                for v1: usize in {range}{stop} carried (v2: f64 = 0.0 -> v4, v5: bool = false -> v6) {{
                    v7: f64 = v1 as f64
                    v3: f64 = mul v2 10.0
                    v8: f64 = add v3 v7
                    v9: bool = v1 == 3
                    yield v8 v9
                }}
            }}"
        )
    };
    for (range, stop, n, sum, last) in [
        ("1..v0", "", 5usize, 1234.0, false),
        ("1..=v0", "", 5, 12345.0, false),
        ("1..=v0 rev", "", 5, 54321.0, false),
        ("1..v0", " stop 1", 5, 123.0, true),
        ("1..v0 rev", " stop 1", 6, 543.0, true),
        ("1..v0", "", 1, 0.0, false),
        ("7..v0", "", 1, 0.0, false),
    ] {
        check(
            &sum_to(range, stop),
            vec![n.into()],
            tuple(vec![sum.into(), last.into()]),
        );
    }
    let doubling = "fn(primal 0 v0 x: f64) -> v2 {
        while carried (v1: f64 = v0 -> v2) {
            v3: bool = v1 < 100.0
            yield v3
        } do {
            v4: f64 = add v1 v1
            yield v4
        }
    }";
    check(doubling, vec![3.0.into()], 192.0);
    let settings = Settings {
        fuel: 1000,
        ..Settings::default()
    };
    assert_eq!(
        outcome(doubling, vec![0.0.into()], &settings),
        Err(Panic::OutOfFuel)
    );
    // What a loop carries is handed on all at once.
    let fibonacci = "fn(primal 0 v0 n: usize) -> v3 {
        for v1: usize in 0..v0 carried (v2: f64 = 0.0 -> v3, v4: f64 = 1.0 -> v5) {
            v6: f64 = add v2 v4
            yield v4 v6
        }
    }";
    check(fibonacci, vec![10usize.into()], 55.0);
}

#[test]
fn memory() {
    let text = "fn(primal 0 &m0 x: [[f64; N]], primal 1 &mut m1 y: [f64; N]) -> (m2, (m3, v0)) {
        alloc m2: Vec<[f64; N]> = [zeros like m0[0], copy of m0[1]]
        copy m2[0] = m0[1]
        store m2[0][1] = 8.0
        accumulate m2[0][1] += 1.0
        accumulate all m1 += m0[0]
        alloc m3: [f64; N] = [7.0; N]
        alloc m4: ([f64; N], bool) = (copy of m1, true)
        clear m1
        v0: f64 = load m4.0[1]
    }";
    let x = Datum::List(vec![list([1.0, 2.0]), list([3.0, 4.0])]);
    let found = outcome(
        text,
        vec![x.clone(), list([10.0, 20.0])],
        &Settings::default(),
    );
    let output = tuple(vec![
        Datum::List(vec![list([3.0, 9.0]), list([3.0, 4.0])]),
        tuple(vec![list([7.0, 7.0]), 22.0.into()]),
    ]);
    assert_eq!(
        found,
        Ok(Outcome {
            output,
            arguments: vec![x, list([0.0, 0.0])],
            effects: Vec::new(),
        })
    );
}

#[test]
fn effects() {
    let text = "fn(primal 0 v0 x: f64) -> () {
        effect `assert ! (__hole_0 > 0.0)` (v0)
        effect `println ! (\"{}\" , __hole_0)` (v0)
        v1: bool = opaque `__hole_0 > 2.0` (v0)
        v2: bool = pure `__hole_0 > 2.0` (v0)
    }";
    let found = run(&reader::function(text), vec![1.0.into()]).map(|outcome| outcome.effects.len());
    assert_eq!(found, Ok(2));
}

#[test]
fn moved_from() {
    let text = "fn(primal 0 v0 n: usize) -> m0 {
        alloc m0: Vec<f64> = [1.0]
        alloc m1: Vec<f64> = [0.5; v0]
        move m0 = m1
    }";
    check(text, vec![2usize.into()], list([0.5, 0.5]));
}

#[test]
fn shapes_are_checked() {
    let text = "fn(primal 0 &m0 x: [f64], direction 0 &m1 dx: [f64]) -> () {\ncheck shape of x: m0 is m1\n}";
    check(text, vec![list([1.0]), list([2.0])], Datum::Unit);
    let wrong = run(&reader::function(text), vec![list([1.0]), list([2.0, 3.0])]);
    assert!(
        matches!(wrong, Err(Panic::Panicked(message)) if message.contains('x') && message.contains('2'))
    );
}

#[test]
fn tapes() {
    let reversal = "fn(primal 0 &m0 x: [f64]) -> m1 {
        v0: usize = len m0
        alloc m1: Vec<f64> = [0.0; v0]
        tape t0: f64 stack
        tape t1: f64[v0][2]
        tape t2: f64 rows 2
        for v1: usize in 0..v0 {
            v2: f64 = load m0[v1]
            put t0 = v2
            put t1[v1][1] = v2
            put t2[v1][v1] = 100.0
        }
        for v3: usize in 0..v0 {
            v4: f64 = get t0
            v5: f64 = get t1[v3][1]
            v6: f64 = mul v5 10.0
            v7: f64 = add v4 v6
            v8: f64 = get t2[v3][v3]
            v9: f64 = add v7 v8
            store m1[v3] = v9
        }
    }";
    check(
        reversal,
        vec![list([1.0, 2.0, 3.0])],
        list([113.0, 122.0, 131.0]),
    );
    check(reversal, vec![list([])], list([]));
    let misused = |body: &str| {
        format!(
            "fn(primal 0 v0 n: usize) -> () {{\ntape t0: f64 stack\ntape t1: f64[v0]\ntape t2: f64 rows 2\n{body}\n}}"
        )
    };
    for (body, fault) in [
        ("put t0 = 1.0", "1 values are left on t0"),
        ("v1: f64 = get t0", "t0 is read where nothing was put"),
        ("v1: f64 = get t1[0]", "t1 is read where nothing was put"),
        ("put t1[7] = 1.0", "iteration 7 of 7 on t1"),
        ("put t1[6] = 1.0", "t1 grows to iteration [6] in 4 steps"),
        (
            "put t2[1][9] = 1.0",
            "t2 grows to iteration [1, 9] in 4 steps",
        ),
    ] {
        let found = outcome(&misused(body), vec![7usize.into()], &Settings::default());
        assert_eq!(found, Err(Panic::Defect(fault.to_owned())), "{body}");
    }
}

#[test]
fn several_lanes() {
    let text = "fn(primal 0 v0 x: f64, direction 0 v1 dx: f64xK, direction 1 &m0 dy: [(f64, usize)]xK) -> (v4, m1, v6) {
        v2: f64xK = load m0[0].0
        v3: f64xK = mul v1 v0
        v4: f64xK = add v3 v2
        scratch m1: [f64; 2]xK = [v4, 1.0]
        accumulate m1[0] += v0
        accumulate m1[1] += v1
        tape t0: f64xK stack
        put t0 = 5.0
        v5: f64xK = get t0
        scratch m2: Vec<(f64, ())>xK = zeros like m0
        store m2[0].0 = v5
        v6: f64xK = load m2[0].0
    }";
    let dy = Datum::List(vec![tuple(vec![lanes([10.0, 20.0]), 3usize.into()])]);
    let settings = Settings {
        lanes: 2,
        ..Settings::default()
    };
    let found = outcome(text, vec![3.0.into(), lanes([1.0, 2.0]), dy], &settings);
    let output = tuple(vec![
        lanes([13.0, 26.0]),
        Datum::List(vec![lanes([16.0, 29.0]), lanes([2.0, 3.0])]),
        lanes([5.0, 5.0]),
    ]);
    assert_eq!(found.map(|outcome| outcome.output), Ok(output));
}

#[test]
fn named_floats() {
    let text = "fn(primal 0 v0 x: T) -> v1 {\nv1: T = add v0 v0\n}";
    check(text, vec![0.1.into()], 0.2);
    let settings = Settings {
        named_float: FloatType::F32,
        ..Settings::default()
    };
    let found = outcome(text, vec![0.1f32.into()], &settings).map(|outcome| outcome.output);
    assert_eq!(found, Ok(0.2f32.into()));
    assert!(matches!(
        outcome(text, vec![0.1.into()], &settings),
        Err(Panic::Defect(_))
    ));
}

#[test]
fn literals() {
    for (ty, text, value) in [
        ("usize", "0xff", Scalar::Integer(255)),
        ("usize", "1_000", Scalar::Integer(1000)),
        ("f64", "1_000.5", Scalar::F64(1000.5)),
        ("f32", "0.1_f32", Scalar::F32(0.1)),
        ("f64", "-2e-3", Scalar::F64(-2e-3)),
        ("bool", "true", Scalar::Bool(true)),
    ] {
        check(&of_scalars(ty, text), scalars(), Datum::Scalar(value));
    }
}
