//! Calls of functions with derivatives of their own from bodies that are differentiated: what comes out is what comes
//! out of a twin that calls functions without rules.

use autodiff::differentiable;

/// Checks two numbers, or two lists of numbers.
#[track_caller]
fn check(found: &[f64], wanted: &[f64]) {
    assert_eq!(found.len(), wanted.len());
    for (found, wanted) in found.iter().zip(wanted) {
        approx::assert_relative_eq!(found, wanted, max_relative = 1e-12, epsilon = 1e-14);
    }
}

fn pair((a, b): (f64, f64)) -> [f64; 2] {
    [a, b]
}

/// Functions with rules, and the same ones without.
mod ruled {
    use autodiff::differentiable;

    #[differentiable(partials(by_x, by_y))]
    pub fn wave(x: f64, n: usize, y: f64) -> f64 {
        (0..n).map(|k| (x * y).sin() + k as f64).sum()
    }

    #[differentiable]
    pub fn by_x(x: f64, n: usize, y: f64) -> f64 {
        (x * y).cos() * y * n as f64
    }

    #[differentiable]
    pub fn by_y(x: f64, n: usize, y: f64) -> f64 {
        (x * y).cos() * x * n as f64
    }

    #[differentiable(partials(slope))]
    pub fn bump(x: f64) -> f64 {
        (-x * x).exp()
    }

    /// A partial derivative in terms of the function itself.
    #[differentiable]
    pub fn slope(x: f64) -> f64 {
        -2.0 * x * bump(x)
    }

    #[differentiable(jvp = jvp, vjp = vjp, hvp = hvp)]
    pub fn energy(x: &[f64], k: f64) -> f64 {
        x.iter().map(|x| x * x * x * k).sum()
    }

    fn jvp(x: &[f64], k: f64, dx: &[f64], dk: f64) -> (f64, f64) {
        let along = |(x, dx): (&f64, &f64)| 3.0 * x * x * k * dx + x * x * x * dk;
        (energy(x, k), x.iter().zip(dx).map(along).sum())
    }

    fn vjp(x: &[f64], k: f64, dr: f64) -> (f64, (Vec<f64>, f64)) {
        let value = energy(x, k);
        let x_bar = x.iter().map(|x| 3.0 * x * x * k * dr).collect();
        (value, (x_bar, energy(x, 1.0) * dr))
    }

    type Both = (Vec<f64>, f64);

    fn hvp(x: &[f64], k: f64, dx: &[f64], dk: f64) -> (Both, Both) {
        let (_, gradient) = vjp(x, k, 1.0);
        let along = |(x, dx): (&f64, &f64)| 6.0 * x * k * dx + 3.0 * x * x * dk;
        let product = x.iter().zip(dx).map(along).collect();
        let by_k = x.iter().zip(dx).map(|(x, dx)| 3.0 * x * x * dx).sum();
        (gradient, (product, by_k))
    }
}

mod plain {
    use autodiff::differentiable;

    #[differentiable]
    pub fn wave(x: f64, n: usize, y: f64) -> f64 {
        let mut total = 0.0;
        for k in 0..n {
            total += (x * y).sin() + k as f64;
        }
        total
    }

    #[differentiable]
    pub fn bump(x: f64) -> f64 {
        (-x * x).exp()
    }

    #[differentiable]
    pub fn energy(x: &[f64], k: f64) -> f64 {
        x.iter().map(|x| x * x * x * k).sum()
    }
}

/// The same callers of both.
macro_rules! callers {
    ($module:ident, $callees:ident) => {
        mod $module {
            use super::$callees::{bump, energy, wave};
            use autodiff::differentiable;

            #[differentiable]
            pub fn scalars(x: f64, y: f64) -> f64 {
                let mut total = 0.0;
                for n in 0..3 {
                    total += wave(x * y, n, bump(y)) * bump(total);
                }
                if total > 0.0 {
                    total * x
                } else {
                    wave(total, 2, y)
                }
            }

            #[differentiable]
            pub fn lists(x: &[f64], a: f64) -> f64 {
                let mut y = x.to_vec();
                let mut total = 0.0;
                for i in 0..x.len() {
                    y[i] = bump(x[i] * a) * a;
                    total += energy(&y, total + a) * energy(&x[..i], 2.0);
                }
                total + energy(&y, 0.5)
            }

            #[differentiable]
            pub fn several(x: f64, y: f64) -> [f64; 2] {
                let values = [x * y, bump(x), wave(x, 1, y)];
                [energy(&values, y), energy(&values[..2], 1.0) * x]
            }
        }
    };
}

callers!(of_ruled, ruled);
callers!(of_plain, plain);

#[test]
fn scalars_at_both_orders() {
    for (x, y) in [(0.7, 0.4), (-1.2, 0.8), (0.1, -0.3)] {
        let (dx, dy) = (0.3, -1.1);
        check(
            &pair(of_ruled::scalars::jvp(x, y, dx, dy)),
            &pair(of_plain::scalars::jvp(x, y, dx, dy)),
        );
        let gradient = of_ruled::scalars::gradient(x, y);
        let wanted = of_plain::scalars::gradient(x, y);
        check(&pair(gradient), &pair(wanted));
        let (_, product) = of_ruled::scalars::hvp(x, y, dx, dy);
        let (_, wanted) = of_plain::scalars::hvp(x, y, dx, dy);
        check(&pair(product), &pair(wanted));
        let (hessian, wanted) = (
            of_ruled::scalars::hessian(x, y),
            of_plain::scalars::hessian(x, y),
        );
        check(hessian.as_flattened(), wanted.as_flattened());
        let (_, pullback) = of_ruled::scalars::pullback(x, y);
        check(&pair(pullback(1.0)), &pair(gradient));
    }
}

#[test]
fn lists_at_both_orders() {
    let (x, dx) = (&[0.5, -0.2, 0.9][..], &[1.0, 0.5, -0.25][..]);
    let (a, da) = (0.8, 0.4);
    let flat = |(mut x, a): (Vec<f64>, f64)| {
        x.push(a);
        x
    };
    let (value, tangent) = of_ruled::lists::jvp(x, a, dx, da);
    let (wanted, wanted_tangent) = of_plain::lists::jvp(x, a, dx, da);
    check(&[value, tangent], &[wanted, wanted_tangent]);
    let (gradient, product) = of_ruled::lists::hvp(x, a, dx, da);
    let (wanted, wanted_product) = of_plain::lists::hvp(x, a, dx, da);
    check(&flat(gradient), &flat(wanted));
    check(&flat(product), &flat(wanted_product));
    let (hessian, wanted) = (
        of_ruled::lists::hessian(x, a),
        of_plain::lists::hessian(x, a),
    );
    check(hessian.as_slice(), wanted.as_slice());
}

#[test]
fn jacobians() {
    let (jacobian, wanted) = (
        of_ruled::several::jacobian(0.7, 0.4),
        of_plain::several::jacobian(0.7, 0.4),
    );
    check(jacobian.as_flattened(), wanted.as_flattened());
    let (_, pullback) = of_ruled::several::pullback(0.7, 0.4);
    check(&pair(pullback([1.0, 0.0])), &wanted[0]);
}

/// A rule of first order, with parameters of all kinds, one of them changed.
mod first_order {
    use super::{check, differentiable};

    #[differentiable(jvp = jvp, vjp = vjp)]
    fn relax(x: &mut [f64], rate: &f64, offsets: Vec<f64>, label: &str) -> (f64, usize) {
        for (x, offset) in x.iter_mut().zip(&offsets) {
            *x = *x * rate + offset;
        }
        (x.iter().sum(), label.len())
    }

    fn jvp(
        x: &mut [f64],
        rate: &f64,
        offsets: Vec<f64>,
        label: &str,
        dx: &mut [f64],
        drate: &f64,
        doffsets: &[f64],
    ) -> ((f64, usize), (f64, ())) {
        for i in 0..x.len() {
            dx[i] = dx[i] * rate + x[i] * drate + doffsets[i];
        }
        (relax(x, rate, offsets, label), (dx.iter().sum(), ()))
    }

    fn vjp(
        x: &mut [f64],
        rate: &f64,
        offsets: Vec<f64>,
        label: &str,
        (dr, ()): (f64, ()),
        x_bar: &mut [f64],
    ) -> ((f64, usize), (f64, Vec<f64>)) {
        let mut rate_bar = 0.0;
        let mut offsets_bar = vec![0.0; offsets.len()];
        for i in 0..x.len() {
            let bar = x_bar[i] + dr;
            (offsets_bar[i], x_bar[i]) = (bar, bar * rate);
            rate_bar += bar * x[i];
        }
        (relax(x, rate, offsets, label), (rate_bar, offsets_bar))
    }

    #[differentiable(order = 1)]
    fn caller(start: &[f64], rate: f64) -> f64 {
        let mut x = start.to_vec();
        let mut total = 0.0;
        for i in 0..3 {
            let slower = rate * 0.5;
            let (sum, _): (f64, usize) = relax(&mut x, &slower, vec![rate, total, 1.0], "abc");
            total += sum * x[i];
        }
        total + x[0]
    }

    #[differentiable(order = 1)]
    fn twin(start: &[f64], rate: f64) -> f64 {
        let mut x = start.to_vec();
        let mut total = 0.0;
        for i in 0..3 {
            let offsets = [rate, total, 1.0];
            let mut sum = 0.0;
            for k in 0..3 {
                x[k] = x[k] * rate * 0.5 + offsets[k];
                sum += x[k];
            }
            total += sum * x[i];
        }
        total + x[0]
    }

    #[test]
    fn arguments_of_all_kinds() {
        let (start, rate) = (&[0.5, 2.0, -1.0][..], 1.5);
        let (value, tangent) = caller::jvp(start, rate, &[1.0, -0.5, 0.25], 2.0);
        let (wanted, wanted_tangent) = twin::jvp(start, rate, &[1.0, -0.5, 0.25], 2.0);
        check(&[value, tangent], &[wanted, wanted_tangent]);
        let (by_start, by_rate) = caller::gradient(start, rate);
        let (wanted_by_start, wanted_by_rate) = twin::gradient(start, rate);
        check(&by_start, &wanted_by_start);
        check(&[by_rate], &[wanted_by_rate]);
    }

    #[differentiable(order = 1, partials(plain))]
    fn cube(x: f64) -> f64 {
        x.powi(3)
    }

    fn plain(x: f64) -> f64 {
        3.0 * x * x
    }

    #[differentiable(order = 1)]
    fn sixth(x: f64) -> f64 {
        cube(x) * cube(x)
    }

    #[test]
    fn partial_derivatives_without_companions() {
        check(
            &[sixth::gradient(1.2), sixth::jvp(1.2, 1.0).1],
            &[6.0 * 1.2_f64.powi(5); 2],
        );
    }

    /// Two floating-point types at once.
    #[differentiable(jvp = widened_jvp, vjp = widened_vjp)]
    fn widened(x: f32, y: f64) -> f64 {
        f64::from(x) * y
    }

    fn widened_jvp(x: f32, y: f64, dx: f32, dy: f64) -> (f64, f64) {
        (widened(x, y), f64::from(dx) * y + f64::from(x) * dy)
    }

    fn widened_vjp(x: f32, y: f64, dr: f64) -> (f64, (f32, f64)) {
        (widened(x, y), ((y * dr) as f32, f64::from(x) * dr))
    }

    #[test]
    fn several_types() {
        assert_eq!(widened::gradient(1.5, 2.0), (2.0, 1.5));
    }
}

/// Generic rules.
mod generic {
    use super::{check, differentiable};
    use num_traits::Float;

    #[differentiable(partials(double))]
    fn square<T: Float>(x: T) -> T {
        x * x
    }

    #[differentiable]
    fn double<T: Float>(x: T) -> T {
        x + x
    }

    #[differentiable]
    fn fourth<T: Float>(x: T) -> T {
        square(square(x))
    }

    #[test]
    fn in_any_precision() {
        check(&[fourth::hessian(1.5)[0][0]], &[12.0 * 2.25]);
        assert_eq!(fourth::gradient(2.0_f32), 32.0);
    }
}
