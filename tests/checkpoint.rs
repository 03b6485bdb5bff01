//! Loops whose iterations are run again in segments: the same derivatives, in less memory.

use autodiff::differentiable;

/// A step of a damped wave, in place.
macro_rules! wave {
    ($name:ident $(, $attribute:meta)?) => {
        #[differentiable]
        fn $name(start: &[f64], speed: f64, steps: usize) -> f64 {
            let mut u = start.to_vec();
            let mut v = vec![0.0; start.len()];
            let mut energy = 0.0;
            $(#[$attribute])?
            for step in 0..steps {
                for i in 1..u.len() - 1 {
                    v[i] += speed * (u[i - 1] - 2.0 * u[i] + u[i + 1]).sin();
                }
                for i in 0..u.len() {
                    u[i] += 0.1 * v[i] * u[i].cos();
                }
                energy += u[step % start.len()] * v[1];
            }
            energy
        }
    };
}

wave!(kept);
wave!(by_root, checkpoint);
wave!(by_ten, checkpoint(every = 10));

fn start() -> Vec<f64> {
    (0..20).map(|i| f64::from(i * i % 7) * 0.1).collect()
}

#[test]
fn derivatives_are_the_same_to_the_last_bit() {
    let x = &start();
    let direction: Vec<f64> = (0..20).map(|i| f64::from(i % 3) - 1.0).collect();
    for steps in [0, 1, 2, 3, 9, 10, 11, 47] {
        let gradient = kept::value_and_gradient(x, 0.3, steps);
        assert_eq!(by_root::value_and_gradient(x, 0.3, steps), gradient);
        assert_eq!(by_ten::value_and_gradient(x, 0.3, steps), gradient);
        assert_eq!(by_root::gradient(x, 0.3, steps), gradient.1);
        let (_, product) = kept::hvp(x, 0.3, steps, &direction, 0.5);
        for found in [
            by_root::hvp(x, 0.3, steps, &direction, 0.5).1,
            by_ten::hvp(x, 0.3, steps, &direction, 0.5).1,
        ] {
            assert_eq!(found.1, product.1);
            assert_eq!(found.0, product.0);
        }
        let tangent = kept::jvp(x, 0.3, steps, &direction, 0.5);
        assert_eq!(by_root::jvp(x, 0.3, steps, &direction, 0.5), tangent);
        let (_, pullback) = by_root::pullback(x, 0.3, steps);
        assert_eq!(pullback(1.0), gradient.1);
        assert_eq!(pullback(1.0), gradient.1);
    }
}

/// The same callers of both.
macro_rules! caller {
    ($name:ident, $callee:ident) => {
        #[differentiable]
        fn $name(x: &[f64], speed: f64) -> f64 {
            let mut total = 0.0_f64;
            for steps in 0..4_usize {
                total += $callee(x, speed * total.cos(), 3 * steps);
            }
            total
        }
    };
}

caller!(calls_kept, kept);
caller!(calls_by_root, by_root);

#[test]
fn callers_get_the_same() {
    let (x, y) = (&start(), &vec![1.0; 20]);
    let check = |found: &[f64], wanted: &[f64]| {
        for (found, wanted) in found.iter().zip(wanted) {
            approx::assert_relative_eq!(found, wanted, max_relative = 1e-13, epsilon = 1e-15);
        }
    };
    let (found, wanted) = (
        calls_by_root::gradient(x, 0.3),
        calls_kept::gradient(x, 0.3),
    );
    check(&found.0, &wanted.0);
    check(&[found.1], &[wanted.1]);
    let (_, found) = calls_by_root::hvp(x, 0.3, y, 1.0);
    let (_, wanted) = calls_kept::hvp(x, 0.3, y, 1.0);
    check(&found.0, &wanted.0);
    check(&[found.1], &[wanted.1]);
}

/// The most memory that was in use at once, in bytes.
fn peak(call: impl FnOnce()) -> u64 {
    allocation_counter::measure(call).bytes_max
}

#[test]
fn memory_is_bounded() {
    let x = &start();
    let check = |steps: usize| {
        let all = peak(|| _ = kept::gradient(x, 0.3, steps));
        let root = peak(|| _ = by_root::gradient(x, 0.3, steps));
        let second = peak(|| _ = by_root::hvp(x, 0.3, steps, x, 0.5));
        (all, root, second)
    };
    let (all, root, second) = check(1024);
    // What an iteration keeps is several times what is carried from one to the next.
    assert!(root * 12 < all, "{root} bytes in place of {all}");
    assert!(second * 5 < all, "{second} bytes in place of {all}");
    // Four times as many iterations take twice the memory.
    let (_, longer, _) = check(4096);
    assert!(longer < root * 5 / 2, "{longer} bytes after {root}");
}

/// A method with such a loop.
struct Map {
    rate: f64,
}

#[differentiable(wrt(x))]
impl Map {
    fn after(&self, x: f64, steps: usize) -> f64 {
        let mut y = x;
        #[checkpoint]
        for _ in 0..steps {
            y = self.rate * y * (1.0 - y);
        }
        y
    }
}

#[test]
fn methods_have_checkpoints() {
    let map = Map { rate: 3.0 };
    let (_, pullback) = map.after_pullback(0.3, 2);
    let after_one = 3.0 * 0.3 * 0.7;
    let slope = 3.0 * (1.0 - 2.0 * 0.3) * (3.0 * (1.0 - 2.0 * after_one));
    approx::assert_relative_eq!(pullback(1.0), slope, max_relative = 1e-14);
    approx::assert_relative_eq!(map.after_gradient(0.3, 2), slope, max_relative = 1e-14);
}
