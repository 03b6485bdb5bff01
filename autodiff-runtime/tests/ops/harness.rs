//! An operation with all functions of its companion behind one interface, and what holds for them.

use autodiff_runtime::{Matrix, Workspace};
use num_dual::HyperDual64;

use super::reference::Reference;

/// The operands, or tangents of them.
pub type Operands = Vec<Vec<f64>>;

/// A function of the operands and the sizes.
type Plain<R> = fn(&Operands, &[usize]) -> R;

/// A function of the operands, the sizes and something else: a direction or a cotangent.
type With<A, R> = fn(&Operands, &[usize], &A) -> R;

/// A function that adds to adjoints.
type Into<R> = fn(&Operands, &[usize], &[f64], &mut Operands) -> R;

/// A function that adds to adjoints, with a workspace.
type IntoWith<R> = fn(&mut Workspace, &Operands, &[usize], &[f64], &mut Operands) -> R;

/// An operation.
pub struct Operation {
    pub name: &'static str,
    pub reference: Reference,
    pub value: Plain<Vec<f64>>,
    pub jvp: With<Operands, (Vec<f64>, Vec<f64>)>,
    pub vjp: With<[f64], (Vec<f64>, Operands)>,
    pub vjp_into: Into<Vec<f64>>,
    pub vjp_into_with: IntoWith<Vec<f64>>,
    /// The value, and the adjoints of two calls.
    pub pullback: With<[f64], (Vec<f64>, [Operands; 2])>,
    /// `vjp` in single precision.
    pub single: With<[f64], (Vec<f64>, Operands)>,
    pub more: More,
}

/// What companions have besides, depending on the result.
pub enum More {
    Scalar(Scalar),
    Vector(Plain<Matrix<f64>>),
}

/// What companions with a scalar result have besides.
pub struct Scalar {
    pub gradient: Plain<Operands>,
    pub gradient_into: fn(&Operands, &[usize], &mut Operands) -> f64,
    pub gradient_into_with: fn(&mut Workspace, &Operands, &[usize], &mut Operands) -> f64,
    pub value_and_gradient: Plain<(f64, Operands)>,
    pub hvp: With<Operands, (Operands, Operands)>,
    pub hessian: Plain<Matrix<f64>>,
    pub value_gradient_hessian: Plain<(f64, Operands, Matrix<f64>)>,
}

/// A result or adjoints, in the shape that all operations have.
pub trait Uniform<U> {
    fn uniform(self) -> U;
}

impl Uniform<Vec<f64>> for f64 {
    fn uniform(self) -> Vec<f64> {
        vec![self]
    }
}

impl Uniform<Vec<f64>> for Vec<f64> {
    fn uniform(self) -> Vec<f64> {
        self
    }
}

impl Uniform<Vec<f64>> for f32 {
    fn uniform(self) -> Vec<f64> {
        vec![f64::from(self)]
    }
}

impl Uniform<Vec<f64>> for Vec<f32> {
    fn uniform(self) -> Vec<f64> {
        self.into_iter().map(f64::from).collect()
    }
}

impl<A: Uniform<Vec<f64>>> Uniform<Operands> for (A,) {
    fn uniform(self) -> Operands {
        vec![self.0.uniform()]
    }
}

impl<A: Uniform<Vec<f64>>> Uniform<Operands> for (A, A) {
    fn uniform(self) -> Operands {
        vec![self.0.uniform(), self.1.uniform()]
    }
}

/// Gathers an operation and its companion: `operation!(scalar dot(a da, b db;))`.
macro_rules! operation {
    ($kind:ident $name:ident($($x:ident $dx:ident),+; $($s:ident),*)) => {
        Operation {
            name: stringify!($name),
            reference: reference::$name,
            value: |x, s| {
                operation!(@open [$($x),+] x);
                operation!(@open_sizes [$($s),*] s);
                ops::$name($($x,)+ $($s),*).uniform()
            },
            jvp: |x, s, dx| {
                operation!(@open [$($x),+] x);
                operation!(@open_sizes [$($s),*] s);
                operation!(@open [$($dx),+] dx);
                let (y, dy) = ops::$name::jvp($($x,)+ $($s,)* $($dx),+);
                (y.uniform(), dy.uniform())
            },
            vjp: |x, s, r| {
                operation!(@open [$($x),+] x);
                operation!(@open_sizes [$($s),*] s);
                let (y, bars) = ops::$name::vjp($($x,)+ $($s,)* operation!(@cotangent $kind r));
                (y.uniform(), operation!(@adjoints bars $($x)+))
            },
            vjp_into: |x, s, r, bars| {
                operation!(@open [$($x),+] x);
                operation!(@open_sizes [$($s),*] s);
                operation!(@open_mut [$($dx),+] bars);
                ops::$name::vjp_into($($x,)+ $($s,)* operation!(@cotangent $kind r), $($dx),+).uniform()
            },
            vjp_into_with: |workspace, x, s, r, bars| {
                operation!(@open [$($x),+] x);
                operation!(@open_sizes [$($s),*] s);
                operation!(@open_mut [$($dx),+] bars);
                ops::$name::vjp_into_with(
                    workspace, $($x,)+ $($s,)* operation!(@cotangent $kind r), $($dx),+
                ).uniform()
            },
            pullback: |x, s, r| {
                operation!(@open [$($x),+] x);
                operation!(@open_sizes [$($s),*] s);
                let (y, pull) = ops::$name::pullback($($x,)+ $($s),*);
                let bars = [(); 2].map(|()| {
                    let bars = pull(operation!(@cotangent $kind r));
                    operation!(@adjoints bars $($x)+)
                });
                (y.uniform(), bars)
            },
            single: |x, s, r| {
                let x: Vec<Vec<f32>> = x.iter().map(|x| narrow(x)).collect();
                let r: Vec<f32> = narrow(r);
                let r = r.as_slice();
                operation!(@open [$($x),+] x);
                operation!(@open_sizes [$($s),*] s);
                let (y, bars) = ops::$name::vjp($($x,)+ $($s,)* operation!(@cotangent $kind r));
                (y.uniform(), operation!(@adjoints bars $($x)+))
            },
            more: operation!(@more $kind $name($($x $dx),+; $($s),*)),
        }
    };
    (@more scalar $name:ident($($x:ident $dx:ident),+; $($s:ident),*)) => {
        More::Scalar(Scalar {
            gradient: |x, s| {
                operation!(@open [$($x),+] x);
                operation!(@open_sizes [$($s),*] s);
                let bars = ops::$name::gradient($($x,)+ $($s),*);
                operation!(@adjoints bars $($x)+)
            },
            gradient_into: |x, s, bars| {
                operation!(@open [$($x),+] x);
                operation!(@open_sizes [$($s),*] s);
                operation!(@open_mut [$($dx),+] bars);
                ops::$name::gradient_into($($x,)+ $($s,)* $($dx),+)
            },
            gradient_into_with: |workspace, x, s, bars| {
                operation!(@open [$($x),+] x);
                operation!(@open_sizes [$($s),*] s);
                operation!(@open_mut [$($dx),+] bars);
                ops::$name::gradient_into_with(workspace, $($x,)+ $($s,)* $($dx),+)
            },
            value_and_gradient: |x, s| {
                operation!(@open [$($x),+] x);
                operation!(@open_sizes [$($s),*] s);
                let (y, bars) = ops::$name::value_and_gradient($($x,)+ $($s),*);
                (y, operation!(@adjoints bars $($x)+))
            },
            hvp: |x, s, dx| {
                operation!(@open [$($x),+] x);
                operation!(@open_sizes [$($s),*] s);
                operation!(@open [$($dx),+] dx);
                let (bars, products) = ops::$name::hvp($($x,)+ $($s,)* $($dx),+);
                (operation!(@adjoints bars $($x)+), operation!(@adjoints products $($x)+))
            },
            hessian: |x, s| {
                operation!(@open [$($x),+] x);
                operation!(@open_sizes [$($s),*] s);
                ops::$name::hessian($($x,)+ $($s),*)
            },
            value_gradient_hessian: |x, s| {
                operation!(@open [$($x),+] x);
                operation!(@open_sizes [$($s),*] s);
                let (y, bars, hessian) = ops::$name::value_gradient_hessian($($x,)+ $($s),*);
                (y, operation!(@adjoints bars $($x)+), hessian)
            },
        })
    };
    (@more vector $name:ident($($x:ident $dx:ident),+; $($s:ident),*)) => {
        More::Vector(|x, s| {
            operation!(@open [$($x),+] x);
            operation!(@open_sizes [$($s),*] s);
            ops::$name::jacobian($($x,)+ $($s),*)
        })
    };
    (@open [$($x:ident),+] $operands:ident) => {
        let [$($x),+] = $operands.as_slice() else { panic!("as many operands as the operation has") };
    };
    (@open_mut [$($x:ident),+] $operands:ident) => {
        let [$($x),+] = $operands.as_mut_slice() else { panic!("as many operands as the operation has") };
    };
    (@open_sizes [$($s:ident),*] $sizes:ident) => {
        let [$($s),*] = *$sizes else { panic!("as many sizes as the operation has") };
    };
    (@cotangent scalar $r:ident) => { $r[0] };
    (@cotangent vector $r:ident) => { $r };
    (@adjoints $bars:ident $a:ident) => { ($bars,).uniform() };
    (@adjoints $bars:ident $a:ident $b:ident) => { $bars.uniform() };
}
pub(crate) use operation;

pub fn narrow(x: &[f64]) -> Vec<f32> {
    x.iter().map(|&x| x as f32).collect()
}

/// Numbers between -1 and 1, always the same.
pub struct Numbers(pub u64);

impl Numbers {
    fn next(&mut self) -> f64 {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 11) as f64 / (1_u64 << 52) as f64 - 1.0
    }

    pub fn vector(&mut self, len: usize) -> Vec<f64> {
        (0..len).map(|_| self.next()).collect()
    }

    fn like(&mut self, x: &Operands) -> Operands {
        x.iter().map(|x| self.vector(x.len())).collect()
    }
}

fn zeros(x: &Operands) -> Operands {
    x.iter().map(|x| vec![0.0; x.len()]).collect()
}

fn inner(a: &[f64], b: &[f64]) -> f64 {
    a.iter().zip(b).map(|(a, b)| a * b).sum()
}

/// Panics unless two lists of numbers agree to within `tolerance` of the larger of 1 and the largest of them.
#[track_caller]
fn assert_close(what: &str, found: &[f64], expected: &[f64], tolerance: f64) {
    assert_eq!(found.len(), expected.len(), "{what}: the lengths");
    let scale = expected.iter().fold(1.0_f64, |scale, x| scale.max(x.abs()));
    for (i, (a, b)) in found.iter().zip(expected).enumerate() {
        assert!(
            (a - b).abs() <= tolerance * scale,
            "{what}: entry {i} is {a}, but {b} is expected"
        );
    }
}

/// The operands as hyper-dual numbers with two directions.
fn dual(x: &Operands, first: &Operands, second: &Operands) -> Vec<Vec<HyperDual64>> {
    let part = |p: usize| {
        let numbers = 0..x[p].len();
        numbers
            .map(|i| HyperDual64::new(x[p][i], first[p][i], second[p][i], 0.0))
            .collect()
    };
    (0..x.len()).map(part).collect()
}

impl Operation {
    /// Holds all functions of the companion to the oracle, to each other, and to finite differences.
    #[track_caller]
    pub fn check(&self, x: Operands, sizes: &[usize]) {
        let mut numbers = Numbers(11);
        let what = |of: &str| format!("{}::{of} at {x:?}", self.name);
        let y = (self.value)(&x, sizes);
        let (dx, dz) = (numbers.like(&x), numbers.like(&x));
        let r = numbers.vector(y.len());

        let exact = (self.reference)(&dual(&x, &dx, &dz), sizes);
        let part = |of: fn(&HyperDual64) -> f64| -> Vec<f64> { exact.iter().map(of).collect() };
        assert_close(&what("value"), &y, &part(|y| y.re), 1e-12);

        let (value, dy) = (self.jvp)(&x, sizes, &dx);
        assert_eq!(value, y);
        assert_close(&what("jvp"), &dy, &part(|y| y.eps1), 1e-12);

        let step = 1e-6;
        let moved = |step: f64| -> Operands {
            let parts = x.iter().zip(&dx);
            parts
                .map(|(x, dx)| x.iter().zip(dx).map(|(x, dx)| x + step * dx).collect())
                .collect()
        };
        let (ahead, behind) = (
            (self.value)(&moved(step), sizes),
            (self.value)(&moved(-step), sizes),
        );
        let differences: Vec<f64> = ahead
            .iter()
            .zip(&behind)
            .map(|(ahead, behind)| (ahead - behind) / (2.0 * step))
            .collect();
        assert_close(&what("jvp by differences"), &dy, &differences, 1e-7);

        let (value, adjoints) = (self.vjp)(&x, sizes, &r);
        assert_eq!(value, y);
        let backward = inner(&adjoints.concat(), &dx.concat());
        assert_close(&what("vjp"), &[backward], &[inner(&r, &dy)], 1e-12);

        let start = numbers.like(&x);
        let mut added = start.clone();
        assert_eq!((self.vjp_into)(&x, sizes, &r, &mut added), y);
        let mut expected = start.concat();
        let flat = adjoints.concat();
        expected.iter_mut().zip(&flat).for_each(|(e, a)| *e += a);
        assert_close(&what("vjp_into"), &added.concat(), &expected, 1e-14);
        let mut workspace = Workspace::new();
        for _ in 0..2 {
            let mut again = start.clone();
            let value = (self.vjp_into_with)(&mut workspace, &x, sizes, &r, &mut again);
            assert_eq!(value, y);
            assert_eq!(again, added);
        }
        assert_eq!(
            (self.pullback)(&x, sizes, &r),
            (y.clone(), [adjoints.clone(), adjoints.clone()])
        );

        let (value, single) = (self.single)(&x, sizes, &r);
        assert_close(&what("value in f32"), &value, &y, 1e-4);
        assert_close(&what("vjp in f32"), &single.concat(), &flat, 1e-4);

        match &self.more {
            More::Vector(jacobian) => {
                let jacobian = jacobian(&x, sizes);
                assert_eq!((jacobian.rows(), jacobian.cols()), (y.len(), flat.len()));
                for row in 0..y.len() {
                    let mut unit = vec![0.0; y.len()];
                    unit[row] = 1.0;
                    let expected = (self.vjp)(&x, sizes, &unit).1.concat();
                    assert_close(&what("jacobian"), jacobian.row(row), &expected, 1e-12);
                }
            }
            More::Scalar(scalar) => {
                let along = part(|y| y.eps1eps2)[0];
                self.check_scalar(scalar, &x, sizes, &dx, &dz, along);
            }
        }
    }

    /// The functions for scalar results; `along` is the second derivative along `dx` and `dz`.
    #[track_caller]
    fn check_scalar(
        &self,
        scalar: &Scalar,
        x: &Operands,
        sizes: &[usize],
        dx: &Operands,
        dz: &Operands,
        along: f64,
    ) {
        let what = |of: &str| format!("{}::{of} at {x:?}", self.name);
        let (y, gradient) = (self.vjp)(x, sizes, &[1.0]);
        let y = y[0];
        assert_eq!((scalar.gradient)(x, sizes), gradient);
        assert_eq!((scalar.value_and_gradient)(x, sizes), (y, gradient.clone()));
        let mut workspace = Workspace::new();
        let garbage = || -> Operands { x.iter().map(|x| vec![f64::NAN; x.len()]).collect() };
        let (mut into, mut into_with) = (garbage(), garbage());
        assert_eq!((scalar.gradient_into)(x, sizes, &mut into), y);
        let value = (scalar.gradient_into_with)(&mut workspace, x, sizes, &mut into_with);
        assert_eq!((value, &into, &into_with), (y, &gradient, &gradient));

        let (first, product) = (scalar.hvp)(x, sizes, dx);
        assert_eq!(first, gradient);
        let found = inner(&product.concat(), &dz.concat());
        assert_close(&what("hvp"), &[found], &[along], 1e-11);

        let (value, first, hessian) = (scalar.value_gradient_hessian)(x, sizes);
        assert_eq!((value, first), (y, gradient));
        assert_eq!((scalar.hessian)(x, sizes), hessian);
        let flat = dx.concat();
        assert_eq!((hessian.rows(), hessian.cols()), (flat.len(), flat.len()));
        let by_rows: Vec<f64> = (0..flat.len())
            .map(|row| inner(hessian.row(row), &flat))
            .collect();
        assert_close(&what("hessian"), &by_rows, &product.concat(), 1e-11);

        let (_, zero) = (scalar.hvp)(x, sizes, &zeros(x));
        assert!(zero.concat().iter().all(|x| *x == 0.0), "{}", what("hvp"));
    }
}
