//! Every operation with its cases: data for the checks in `derivatives`.

use autodiff::{Tensor, tensor};

/// What a case calls.
pub type Operation = dyn Fn(&[Tensor]) -> Tensor;

/// A function of tensors and points to check its derivatives at.
pub struct Case {
    pub name: &'static str,
    pub f: Box<Operation>,
    pub points: Vec<Vec<Tensor>>,
    /// How many derivatives are compared with differences. Single precision is too coarse for any.
    pub order: u8,
}

/// Numbers between `low` and `high` in a fixed disorder, none on a round value.
pub fn spread(shape: &[usize], low: f64, high: f64) -> Tensor {
    let len: usize = shape.iter().product();
    let data = (0..len)
        .map(|i| low + (high - low) * ((0.137 + i as f64 * 0.618_033_988_749_895) % 1.0))
        .collect();
    Tensor::from_vec(data, shape).unwrap()
}

/// As [`spread`], for a tensor whose elements do not lie in row-major order.
pub fn turned(shape: [usize; 2], low: f64, high: f64) -> Tensor {
    spread(&[shape[1], shape[0]], low, high).t()
}

/// Points for a function of each element: a number, a vector, nothing, and a matrix that is not contiguous.
fn each(low: f64, high: f64) -> Vec<Vec<Tensor>> {
    [
        spread(&[], low, high),
        spread(&[5], low, high),
        spread(&[2, 0], low, high),
        turned([3, 2], low, high),
    ]
    .map(|x| vec![x])
    .into()
}

/// Points for a function of each two elements: equal shapes, broadcasting both ways, empty, and not contiguous.
pub fn pairs(a: [f64; 2], b: [f64; 2]) -> Vec<Vec<Tensor>> {
    let shapes: [[&[usize]; 2]; 5] = [
        [&[3], &[3]],
        [&[2, 3], &[3]],
        [&[2, 1], &[3]],
        [&[], &[2, 2]],
        [&[0, 2], &[2]],
    ];
    let mut points: Vec<Vec<Tensor>> = shapes
        .iter()
        .map(|[p, q]| vec![spread(p, a[0], a[1]), spread(q, b[0], b[1]) + 0.01])
        .collect();
    points.push(vec![
        turned([2, 3], a[0], a[1]),
        turned([2, 3], b[0], b[1]) + 0.01,
    ]);
    points
}

/// Points for a function of one tensor along dimensions.
pub fn along(low: f64, high: f64) -> Vec<Vec<Tensor>> {
    vec![
        vec![spread(&[2, 3], low, high)],
        vec![turned([2, 3], low, high)],
        vec![spread(&[1, 4], low, high)],
    ]
}

/// As [`along`], and a tensor without rows.
pub fn along_or_nothing(low: f64, high: f64) -> Vec<Vec<Tensor>> {
    let mut points = along(low, high);
    points.push(vec![spread(&[0, 3], low, high)]);
    points
}

pub fn case(
    name: &'static str,
    points: Vec<Vec<Tensor>>,
    smooth: bool,
    f: impl Fn(&[Tensor]) -> Tensor + 'static,
) -> Case {
    Case {
        name,
        f: Box::new(f),
        points,
        order: if smooth { 2 } else { 0 },
    }
}

macro_rules! cases {
    ($list:ident: $($method:ident $points:expr;)*) => {
        $($list.push(case(stringify!($method), $points, true, |x| x[0].$method()));)*
    };
    (@binary $list:ident: $($method:ident $points:expr;)*) => {
        $($list.push(case(stringify!($method), $points, true, |x| x[0].$method(&x[1])));)*
    };
}

pub fn all() -> Vec<Case> {
    let mut list = elementwise();
    list.extend(reductions());
    list.extend(shapes());
    list.extend(crate::registry_linear::products());
    list.extend(crate::registry_linear::indexing());
    list.extend(crate::registry_linear::linear_algebra());
    list.extend(crate::registry_linear::losses());
    list.extend(crate::registry_linear::windows());
    list.extend(crate::registry_linear::order());
    list.extend(crate::both_worlds::cases());
    list
}

fn elementwise() -> Vec<Case> {
    let mut list = Vec::new();
    let line = || each(-2.0, 2.0);
    let positive = || each(0.2, 3.0);
    let inside = || each(-0.9, 0.9);
    cases! { list:
        sin line(); cos line(); tan each(-1.2, 1.2); asin inside(); acos inside(); atan line();
        sinh line(); cosh line(); tanh line(); asinh line(); acosh each(1.2, 4.0); atanh inside();
        exp line(); exp2 line(); exp_m1 line(); ln positive(); ln_1p each(-0.7, 3.0); log2 positive(); log10 positive();
        sqrt positive(); cbrt positive(); recip positive(); abs line(); floor line(); ceil line(); round line(); trunc line();
        fract line(); signum line(); sign line(); square line(); rsqrt positive();
        sigmoid line(); erf line(); erfc line(); relu line(); softplus line(); log_sigmoid line(); selu line(); silu line();
        mish line(); gelu line(); copy line(); lgamma each(0.3, 4.0); digamma each(0.3, 4.0);
    }
    cases! { @binary list:
        pow pairs([0.3, 2.0], [-1.5, 2.5]);
        maximum pairs([-1.0, 1.0], [-1.0, 1.0]);
        minimum pairs([-1.0, 1.0], [-1.0, 1.0]);
        atan2 pairs([0.3, 2.0], [0.3, 2.0]);
        hypot pairs([0.3, 2.0], [0.3, 2.0]);
        rem pairs([5.1, 5.4], [2.0, 2.4]);
        copysign pairs([0.5, 2.0], [0.5, 2.0]);
    }
    list.push(case("neg", line(), true, |x| -&x[0]));
    list.push(case("+", pairs([-1.0, 1.0], [-1.0, 1.0]), true, |x| {
        &x[0] + &x[1]
    }));
    list.push(case("-", pairs([-1.0, 1.0], [-1.0, 1.0]), true, |x| {
        &x[0] - &x[1]
    }));
    list.push(case("*", pairs([-1.0, 1.0], [-1.0, 1.0]), true, |x| {
        &x[0] * &x[1]
    }));
    list.push(case("/", pairs([-1.0, 1.0], [0.4, 2.0]), true, |x| {
        &x[0] / &x[1]
    }));
    list.push(case("* with itself", line(), true, |x| &x[0] * &x[0]));
    list.push(case("numbers on either side", positive(), true, |x| {
        (2.0 - 3.0 / &x[0]) * 4 / 3.0 + 1 - 0.5
    }));
    for n in [-2, -1, 0, 1, 2, 3] {
        list.push(case("powi", each(0.4, 2.0), true, move |x| x[0].powi(n)));
    }
    list.push(case(
        "powi of zero",
        vec![vec![tensor([0.0, 1.5])]],
        true,
        |x| x[0].powi(3),
    ));
    list.push(case("powf", positive(), true, |x| x[0].powf(1.7)));
    for order in 0..3 {
        list.push(case("polygamma", each(0.5, 4.0), true, move |x| {
            x[0].polygamma(order)
        }));
    }
    list.push(case("leaky_relu", line(), true, |x| x[0].leaky_relu(0.1)));
    list.push(case("elu", line(), true, |x| x[0].elu(1.3)));
    list.push(case("clamp", line(), true, |x| x[0].clamp(-0.93, 1.01)));
    list.push(case("cast", vec![vec![tensor([0.5, -0.25])]], false, |x| {
        (x[0].cast::<f32>() * 4.0).cast::<f64>().cast()
    }));
    list.push(case(
        "where_else",
        pairs([-1.0, 1.0], [-1.0, 1.0]),
        true,
        |x| x[0].detach().gt(0.0).where_else(&x[0], &x[1]),
    ));
    list
}

fn reductions() -> Vec<Case> {
    let mut list = Vec::new();
    let shapes = || along(-2.0, 2.0);
    let any = || {
        let mut points = shapes();
        points.extend([
            vec![spread(&[], -2.0, 2.0)],
            vec![spread(&[2, 0], -2.0, 2.0)],
            vec![spread(&[2, 3, 2], -2.0, 2.0)],
        ]);
        points
    };
    cases! { list: sum any(); prod any(); max shapes(); min shapes(); }
    list.push(case("mean", along(-2.0, 2.0), true, |x| x[0].mean()));
    list.push(case(
        "prod with a zero",
        vec![
            vec![tensor([1.5, 0.0, -2.0])],
            vec![tensor([0.0, 0.0, 2.0])],
        ],
        true,
        |x| x[0].prod(),
    ));
    for (dim, keep) in [(0, false), (1, false), (-1, true)] {
        let any = || along_or_nothing(-2.0, 2.0);
        // There is no largest of no elements.
        let shapes = || {
            if dim == 0 { along(-2.0, 2.0) } else { any() }
        };
        list.push(case("sum_dims", any(), true, move |x| {
            x[0].sum_dims(&[dim], keep)
        }));
        list.push(case("mean_dims", any(), true, move |x| {
            x[0].mean_dims(&[dim], keep)
        }));
        list.push(case("amax", shapes(), true, move |x| {
            x[0].amax(&[dim], keep)
        }));
        list.push(case("amin", shapes(), true, move |x| {
            x[0].amin(&[dim], keep)
        }));
        list.push(case("max_dim", shapes(), true, move |x| {
            x[0].max_dim(dim, keep).0
        }));
        list.push(case("min_dim", shapes(), true, move |x| {
            x[0].min_dim(dim, keep).0
        }));
        list.push(case("prod_dim", any(), true, move |x| {
            x[0].prod_dim(dim, keep)
        }));
        list.push(case("logsumexp", any(), true, move |x| {
            x[0].logsumexp(&[dim], keep)
        }));
        list.push(case("norm", any(), true, move |x| x[0].norm(&[dim], keep)));
        list.push(case("cumsum", any(), true, move |x| x[0].cumsum(dim)));
        list.push(case("softmax", any(), true, move |x| x[0].softmax(dim)));
        list.push(case("log_softmax", any(), true, move |x| {
            x[0].log_softmax(dim)
        }));
    }
    list.push(case(
        "var",
        vec![vec![spread(&[2, 3], -2.0, 2.0)]],
        true,
        |x| x[0].var(&[1], 1, false),
    ));
    list.push(case(
        "std",
        vec![vec![spread(&[2, 3], -2.0, 2.0)]],
        true,
        |x| x[0].std(&[], 0, true),
    ));
    for p in [0.5, 1.0, 1.5, 2.0, 3.0, f64::INFINITY, f64::NEG_INFINITY] {
        list.push(case("norm_p", shapes(), true, move |x| {
            x[0].norm_p(p, &[1], true)
        }));
    }
    list.push(case("logsumexp of all", shapes(), true, |x| {
        x[0].logsumexp(&[], false)
    }));
    list.push(case("norm of all", shapes(), true, |x| {
        x[0].norm(&[], false)
    }));
    list
}

fn shapes() -> Vec<Case> {
    let mut list = Vec::new();
    let matrix = || {
        vec![
            vec![spread(&[2, 6], -1.0, 1.0)],
            vec![turned([2, 6], -1.0, 1.0)],
        ]
    };
    let two = || {
        vec![
            vec![spread(&[2, 3], -1.0, 1.0), spread(&[2, 3], 0.0, 2.0)],
            vec![turned([2, 3], -1.0, 1.0), spread(&[2, 3], 0.0, 2.0)],
        ]
    };
    list.push(case("reshape", matrix(), true, |x| {
        x[0].reshape(&[3, -1]).square()
    }));
    list.push(case(
        "view_as_shape",
        vec![vec![spread(&[2, 6], -1.0, 1.0)]],
        true,
        |x| x[0].view_as_shape(&[4, 3]).unwrap().square(),
    ));
    list.push(case(
        "permute",
        vec![vec![spread(&[2, 3, 2], -1.0, 1.0)]],
        true,
        |x| x[0].permute(&[2, 0, 1]).square(),
    ));
    list.push(case("transpose", matrix(), true, |x| {
        x[0].transpose(0, 1).square()
    }));
    list.push(case("unsqueeze, squeeze", matrix(), true, |x| {
        x[0].unsqueeze(1).square().squeeze(1)
    }));
    list.push(case("flatten", matrix(), true, |x| {
        x[0].flatten(0, -1).square()
    }));
    list.push(case("select", matrix(), true, |x| {
        x[0].select(1, -2).square()
    }));
    list.push(case("slice", matrix(), true, |x| {
        x[0].slice(1, 1, 6, 2).square()
    }));
    list.push(case("narrow", matrix(), true, |x| {
        x[0].narrow(1, 2, 3).square()
    }));
    list.push(case("split", matrix(), true, |x| {
        x[0].split(4, 1)
            .iter()
            .fold(tensor(0.0), |sum, part| sum + part.square().sum())
    }));
    list.push(case("chunk", matrix(), true, |x| {
        let parts = x[0].chunk(3, 1);
        &parts[0] * &parts[2]
    }));
    list.push(case("unbind", matrix(), true, |x| {
        x[0].unbind(0)
            .iter()
            .fold(tensor(1.0), |product, row| product * row)
    }));
    list.push(case(
        "broadcast_to",
        vec![
            vec![spread(&[2, 1], -1.0, 1.0)],
            vec![spread(&[], -1.0, 1.0)],
        ],
        true,
        |x| x[0].broadcast_to(&[3, 2, 2]).square(),
    ));
    list.push(case("cat", two(), true, |x| {
        Tensor::cat(&[&x[0], &x[1], &x[0]], 1).square()
    }));
    list.push(case("stack", two(), true, |x| {
        Tensor::stack(&[&x[0], &x[1]], 1).square()
    }));
    list.push(case("flip", matrix(), true, |x| {
        x[0].flip(&[0, 1]) * x[0].flip(&[1])
    }));
    list.push(case("roll", matrix(), true, |x| x[0].roll(-2, 1) * &x[0]));
    list.push(case("repeat", matrix(), true, |x| {
        x[0].repeat(&[2, 1, 2]).square()
    }));
    list.push(case("pad", matrix(), true, |x| {
        x[0].pad(&[(1, 0), (0, 2)]).square()
    }));
    list.push(case("tril, triu", matrix(), true, |x| {
        x[0].tril(1) * x[0].triu(-1)
    }));
    list.push(case("diagonal, diag", matrix(), true, |x| {
        x[0].diagonal(-1, 0, 1).square().diag(1)
    }));
    list.push(case(
        "diagonal, diag of a batch",
        vec![
            vec![spread(&[2, 3, 2], -1.0, 1.0)],
            vec![spread(&[3, 2, 2], -1.0, 1.0).transpose(0, 2)],
            vec![spread(&[0, 2, 2], -1.0, 1.0)],
        ],
        true,
        |x| x[0].diagonal(0, -1, 1).square().diag(-1),
    ));
    list.push(case(
        "expand",
        vec![
            vec![spread(&[2, 1], -1.0, 1.0)],
            vec![turned([1, 2], -1.0, 1.0).t()],
        ],
        true,
        |x| x[0].expand(&[3, -1, 2]).square(),
    ));
    list.push(case("gather", matrix(), true, |x| {
        x[0].gather(1, &tensor([[0, -1, 0], [2, 2, 3]])).square()
    }));
    list.push(case("checkpoint", two(), true, |x| {
        autodiff::checkpoint(|x| x[0].sin() * &x[1], &[&x[0], &x[1]])
    }));
    list.push(case("contiguous", matrix(), true, |x| {
        x[0].t().contiguous().square()
    }));
    list.push(case("in place on a view", two(), true, |x| {
        let y = &x[0] * 1.0;
        y.select(1, 1).mul_(&x[1].select(1, 0)).unwrap();
        y.at(0).add_(&x[1].at(1).square()).unwrap();
        let kept = y.t();
        y.slice(1, 1, 3, 1).copy_(&x[1].narrow(1, 0, 1)).unwrap();
        y.square() + kept.t()
    }));
    list
}
