//! What calls cost, and where callees may stand.

use std::cell::Cell;

use autodiff::differentiable;

thread_local! {
    static TICKS: Cell<usize> = const { Cell::new(0) };
}

/// Counts how often the code around it runs.
fn tick() {
    TICKS.set(TICKS.get() + 1);
}

/// Checks how often [`tick`] runs in `call`.
#[track_caller]
fn check_ticks<R>(expected: usize, call: impl FnOnce() -> R) -> R {
    TICKS.set(0);
    let result = call();
    assert_eq!(TICKS.get(), expected);
    result
}

#[track_caller]
fn check_close(found: f64, wanted: f64) {
    let scale = wanted.abs().max(1.0);
    assert!(
        (found - wanted).abs() < 1e-12 * scale,
        "{found} is not {wanted}"
    );
}

#[differentiable]
fn fifth(x: f64) -> f64 {
    tick();
    x.exp() * x.sin()
}

#[differentiable]
fn fourth(x: f64) -> f64 {
    fifth(x) * x
}

#[differentiable]
fn third(x: f64) -> f64 {
    fourth(x) + x
}

#[differentiable]
fn second(x: f64) -> f64 {
    third(x) * 0.5
}

#[differentiable]
fn first(x: f64) -> f64 {
    second(x) * second(2.0 * x)
}

/// The primal of the innermost function runs once for each of the two calls, whatever is computed of it.
#[test]
fn a_call_nested_five_deep_costs_one_primal_each() {
    let value = check_ticks(2, || first(0.7));
    let (same, gradient) = check_ticks(2, || first::value_and_gradient(0.7));
    check_close(same, value);
    check_ticks(2, || first::jvp(0.7, 1.0));
    check_ticks(2, || first::vjp(0.7, 1.0));
    let (again, product) = check_ticks(2, || first::hvp(0.7, 1.0));
    check_close(again, gradient);
    let (_, pullback) = check_ticks(2, || first::pullback(0.7));
    let (one, two) = check_ticks(0, || (pullback(1.0), pullback(2.0)));
    check_close(one, gradient);
    check_close(two, 2.0 * gradient);
    let step = 1e-6;
    let difference = (first::gradient(0.7 + step) - first::gradient(0.7 - step)) / (2.0 * step);
    assert!((product - difference).abs() < 1e-6 * difference.abs());
}

#[differentiable]
fn descend(x: f64, depth: usize) -> f64 {
    tick();
    if depth == 0 {
        return x;
    }
    descend(x * 0.999, depth - 1) + x.sin()
}

#[test]
fn recursion_costs_as_much_as_it_is_deep() {
    let wanted: f64 = (0..1000)
        .map(|k| {
            let factor = 0.999_f64.powi(k);
            factor * (0.4 * factor).cos()
        })
        .sum::<f64>()
        + 0.999_f64.powi(1000);
    check_close(check_ticks(1001, || descend::gradient(0.4, 1000)), wanted);
    check_close(check_ticks(1001, || descend::hvp(0.4, 1000, 1.0)).0, wanted);
}

mod outside {
    use autodiff::differentiable;

    pub mod deeper {
        use autodiff::differentiable;

        #[differentiable]
        pub fn cube(x: f64) -> f64 {
            x * x * x
        }
    }

    #[differentiable]
    pub fn through_super(x: f64) -> f64 {
        deeper::cube(x) + self::deeper::cube(2.0 * x)
    }
}

use outside::deeper::cube as third_power;
use outside::through_super;

#[differentiable]
fn renamed(x: f64) -> f64 {
    third_power(x) + crate::outside::deeper::cube(x) + through_super(x)
}

#[test]
fn callees_stand_in_any_module_under_any_name() {
    check_close(renamed::gradient(2.0), 3.0 * 4.0 * (1.0 + 1.0 + 1.0 + 8.0));
    check_close(renamed::hvp(2.0, 1.0).1, 6.0 * 2.0 * 11.0);
}

#[test]
fn callees_are_declared_inside_functions() {
    #[differentiable]
    fn inner(x: f64) -> f64 {
        x * x
    }

    #[differentiable]
    fn outer(x: f64) -> f64 {
        inner(x) * inner(x + 1.0)
    }

    check_close(outer::gradient(1.0), 2.0 * 4.0 + 1.0 * 4.0);
}

#[differentiable(order = 1)]
fn once(x: &[f64], y: &mut [f64]) {
    for i in 0..x.len() {
        y[i] += x[i] * x[i];
    }
}

#[differentiable(order = 1)]
fn once_more(x: &[f64]) -> f64 {
    let mut y = vec![0.0; x.len()];
    once(x, &mut y);
    once(&[1.0, 2.0], &mut y);
    y[0] * y[1]
}

#[test]
fn first_order_is_enough_for_first_order() {
    assert_eq!(once_more::gradient(&[3.0, 4.0]), [6.0 * 20.0, 8.0 * 10.0]);
}

#[differentiable]
fn dot<const N: usize>(a: &[f64; N], b: &[f64; N]) -> f64 {
    let mut s = 0.0;
    for i in 0..N {
        s += a[i] * b[i];
    }
    s
}

#[differentiable]
fn normalised<const N: usize>(a: &[f64; N]) -> f64 {
    dot::<N>(a, a).sqrt() * dot(a, &[1.0; N])
}

#[test]
fn callees_are_generic_over_lengths() {
    let gradient = normalised::gradient(&[3.0, 4.0]);
    check_close(gradient[0], 3.0 / 5.0 * 7.0 + 5.0);
    check_close(
        normalised::hessian(&[3.0, 4.0])[0][1],
        4.0 / 5.0 + 3.0 / 5.0 - 12.0 / 125.0 * 7.0,
    );
}

fn advance(seed: &mut u32) -> u32 {
    *seed = seed.wrapping_mul(69_069).wrapping_add(1);
    *seed
}

#[differentiable]
fn noisy(x: f64, start: u32) -> f64 {
    let mut seed = start;
    let mut y = x;
    for _ in 0..3 {
        y *= 1.0 + (advance(&mut seed) % 7) as f64;
    }
    y
}

#[test]
fn inactive_functions_change_what_is_behind_a_reference() {
    let value = noisy(1.0, 5);
    check_close(noisy::gradient(2.0, 5), value);
    check_close(noisy::jvp(2.0, 5, 1.0).1, value);
}

#[differentiable(wrt(x))]
fn scaled(x: f64, factor: f64) -> f64 {
    x * factor
}

#[differentiable]
fn with_constants(x: f64) -> f64 {
    scaled(x, 3.0) + scaled(x, autodiff::stop_gradient(x * x))
}

#[test]
fn parameters_that_are_left_out_take_constants() {
    check_close(with_constants::gradient(2.0), 3.0 + 4.0);
    check_close(with_constants::hvp(2.0, 1.0).1, 0.0);
}

fn count_of(n: usize) -> u8 {
    u8::try_from(n).expect("a small number")
}

/// A bound whose type only rustc knows.
#[differentiable]
fn powers(x: f64, n: usize) -> f64 {
    let count = count_of(n);
    let mut y = x;
    for _ in 0..count {
        y = y.cos() * x;
    }
    y
}

#[test]
fn types_that_only_rustc_knows_are_left_to_it() {
    let (value, pullback) = powers::pullback(0.7, 2);
    assert_eq!(value, powers(0.7, 2));
    check_close(pullback(1.0), powers::gradient(0.7, 2));
}

#[differentiable]
fn with_a_function_inside(x: f64) -> f64 {
    #[differentiable]
    fn cube(y: f64) -> f64 {
        y * y * y
    }
    cube(x) + cube(2.0 * x)
}

#[test]
fn functions_declared_inside_are_called_at_all_orders() {
    check_close(with_a_function_inside::gradient(0.5), 27.0 * 0.25);
    check_close(with_a_function_inside::hessian(0.5)[0][0], 54.0 * 0.5);
}

#[differentiable]
fn norm<T: num_traits::Float>(x: &[T]) -> T {
    let mut sum = T::zero();
    for v in x {
        sum = sum + *v * *v;
    }
    sum.sqrt()
}

#[differentiable]
fn of_generic_functions(x: &[f64]) -> f64 {
    norm::<f64>(x) + norm(&x[1..])
}

#[differentiable]
fn generic_caller<T: num_traits::Float>(x: &[T], n: usize) -> T {
    let mut sum = T::zero();
    for _ in 0..n {
        sum = sum + norm(x);
    }
    sum
}

#[test]
fn generic_functions_call_and_are_called() {
    let gradient = of_generic_functions::gradient(&[3.0, 4.0]);
    check_close(gradient[0], 0.6);
    check_close(gradient[1], 1.8);
    check_close(generic_caller::gradient(&[3.0, 4.0], 2)[0], 1.2);
    let gradient = generic_caller::gradient(&[3.0_f32, 4.0], 2);
    assert!((gradient[0] - 1.2).abs() < 1e-6);
}

#[differentiable]
fn of_paths(x: &[f64]) -> f64 {
    x.iter().copied().map(callees::sine).sum()
}

mod callees {
    use autodiff::differentiable;

    #[differentiable]
    pub(super) fn sine(x: f64) -> f64 {
        x.sin()
    }
}

#[test]
fn paths_are_handed_to_iterators() {
    check_close(of_paths::gradient(&[0.5, 0.7])[1], 0.7_f64.cos());
}

/// The first parameter of `hvp` is wrong in length: it is said so ahead of all else.
#[test]
#[should_panic(expected = "the direction or adjoint of `x` has length 1, but `x` has length 2")]
fn directions_of_wrong_length() {
    of_generic_functions::hvp(&[3.0, 4.0], &[1.0]);
}
