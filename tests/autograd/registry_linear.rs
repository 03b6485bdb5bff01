//! The cases of products, linear algebra, indexing, windows, order and losses.

use autodiff::{RunningStatistics, Tensor, tensor};

use crate::registry::{Case, along, along_or_nothing, case, pairs, spread, turned};

pub fn products() -> Vec<Case> {
    let mut list = Vec::new();
    let shapes: [[&[usize]; 2]; 9] = [
        [&[2, 3], &[3, 2]],
        [&[3], &[3]],
        [&[2, 3], &[3]],
        [&[3], &[3, 2]],
        [&[2, 2, 3], &[3, 2]],
        [&[2, 1, 2, 3], &[2, 3, 1]],
        [&[3], &[2, 3, 2]],
        [&[2, 0], &[0, 2]],
        [&[0, 3], &[3, 2]],
    ];
    let mut points: Vec<Vec<Tensor>> = shapes
        .iter()
        .map(|[a, b]| vec![spread(a, -1.0, 1.0), spread(b, -1.0, 2.0)])
        .collect();
    points.push(vec![turned([2, 3], -1.0, 1.0), turned([3, 2], -1.0, 1.0)]);
    points.push(vec![
        spread(&[1, 3], -1.0, 1.0).broadcast_to(&[2, 3]),
        turned([3, 2], -1.0, 1.0),
    ]);
    list.push(case("matmul", points, true, |x| x[0].matmul(&x[1])));
    let vectors = || vec![vec![spread(&[3], -1.0, 1.0), spread(&[3], 0.0, 2.0)]];
    list.push(case("dot", vectors(), true, |x| x[0].dot(&x[1])));
    list.push(case("outer", vectors(), true, |x| x[0].outer(&x[1])));
    list.push(case(
        "trace",
        vec![
            vec![spread(&[3, 3], -1.0, 1.0)],
            vec![spread(&[2, 3, 3], -1.0, 1.0)],
            vec![turned([3, 3], -1.0, 1.0)],
            vec![spread(&[0, 2, 2], -1.0, 1.0)],
        ],
        true,
        |x| x[0].matmul(&x[0]).trace(),
    ));
    let layer = vec![vec![
        spread(&[4, 3], -1.0, 1.0),
        spread(&[2, 3], -1.0, 1.0),
        spread(&[2], -1.0, 1.0),
    ]];
    list.push(case("linear", layer, true, |x| {
        x[0].linear(&x[1], Some(&x[2]))
    }));
    list
}

pub fn indexing() -> Vec<Case> {
    let mut list = Vec::new();
    let matrix = || {
        vec![
            vec![spread(&[3, 4], -1.0, 1.0)],
            vec![turned([3, 4], -1.0, 1.0)],
        ]
    };
    let with_row = || vec![vec![spread(&[3, 4], -1.0, 1.0), spread(&[2, 4], 0.0, 2.0)]];
    list.push(case("index_select", matrix(), true, |x| {
        x[0].index_select(1, &tensor([3, 0, 3])).square()
    }));
    list.push(case("embedding", matrix(), true, |x| {
        x[0].embedding(&tensor([[1, -1], [1, 0]])).square()
    }));
    list.push(case("masked_fill", matrix(), true, |x| {
        x[0].masked_fill(&tensor([true, false, false, true]), 2.0)
            .square()
    }));
    list.push(case("masked_select", matrix(), true, |x| {
        x[0].masked_select(&x[0].detach().gt(0.0)).square()
    }));
    list.push(case("index", matrix(), true, |x| {
        x[0].index(&[&tensor([0, 2, 2]), &tensor([1, -1, 1])])
            .square()
    }));
    list.push(case("scatter_add", with_row(), true, |x| {
        x[0].square()
            .scatter_add(0, &tensor([[0, 1, 0, 2], [0, -1, 1, 1]]), &x[1].square())
    }));
    list.push(case("index_put_", with_row(), true, |x| {
        let y = x[0].square();
        y.index_put_(&[&tensor([2, 0])], &x[1].square()).unwrap();
        y.sin()
    }));
    list
}

pub fn linear_algebra() -> Vec<Case> {
    let mut list = Vec::new();
    let regular = |batch: &[usize]| {
        let shape = [batch, &[3, 3]].concat();
        spread(&shape, -0.5, 0.5) + Tensor::eye(3) * 1.5
    };
    let matrices = move || {
        vec![
            vec![regular(&[])],
            vec![regular(&[2])],
            vec![regular(&[]).t()],
        ]
    };
    let systems = move || {
        vec![
            vec![regular(&[]), spread(&[3], -1.0, 1.0)],
            vec![regular(&[]), spread(&[3, 2], -1.0, 1.0)],
            vec![regular(&[2]), spread(&[2, 3, 2], -1.0, 1.0)],
            vec![regular(&[2]), spread(&[3], -1.0, 1.0)],
            vec![regular(&[2, 1]), spread(&[2, 3, 1], -1.0, 1.0)],
            vec![regular(&[]).t(), spread(&[0, 3, 1], -1.0, 1.0)],
        ]
    };
    list.push(case("solve", systems(), true, |x| {
        x[0].solve(&x[1]).unwrap()
    }));
    list.push(case("triangular_solve", systems(), true, |x| {
        x[0].triangular_solve(&x[1], true).unwrap()
    }));
    list.push(case("triangular_solve, lower", systems(), true, |x| {
        x[0].triangular_solve(&x[1], false).unwrap()
    }));
    list.push(case("inv", matrices(), true, |x| x[0].inv().unwrap()));
    list.push(case("det", matrices(), true, |x| x[0].det().unwrap()));
    list.push(case(
        "det of a singular matrix",
        vec![
            vec![tensor([[1.0, 2.0], [2.0, 4.0]])],
            vec![Tensor::zeros(&[3, 3])],
        ],
        true,
        |x| x[0].det().unwrap(),
    ));
    list.push(case("slogdet", matrices(), true, |x| {
        x[0].slogdet().unwrap().1
    }));
    // Only symmetric matrices are in the domain, so the operand is made from any.
    list.push(case("cholesky", matrices(), true, |x| {
        (x[0].matmul(&x[0].t())).cholesky().unwrap()
    }));
    list
}

pub fn losses() -> Vec<Case> {
    let mut list = Vec::new();
    let both = || {
        pairs([-1.0, 1.0], [0.1, 0.9])
            .into_iter()
            .filter(|p| !p[0].is_empty())
            .collect::<Vec<_>>()
    };
    list.push(case("mse_loss", both(), true, |x| x[0].mse_loss(&x[1])));
    list.push(case("l1_loss", both(), true, |x| x[0].l1_loss(&x[1])));
    list.push(case("huber_loss", both(), true, |x| {
        x[0].huber_loss(&x[1], 0.6)
    }));
    list.push(case("bce_with_logits_loss", both(), true, |x| {
        x[0].bce_with_logits_loss(&x[1])
    }));
    list.push(case(
        "kl_div_loss",
        vec![vec![spread(&[2, 3], -2.0, -0.5), spread(&[2, 3], 0.1, 0.6)]],
        true,
        |x| x[0].kl_div_loss(&x[1]),
    ));
    let scores = || {
        vec![
            vec![spread(&[3, 4], -1.0, 1.0)],
            vec![turned([3, 4], -1.0, 1.0)],
        ]
    };
    list.push(case("nll_loss", scores(), true, |x| {
        x[0].nll_loss(&tensor([3, 0, 2]))
    }));
    list.push(case("cross_entropy_loss", scores(), true, |x| {
        x[0].cross_entropy_loss(&tensor([3, 0, 2]))
    }));
    list.push(case("xlogy", pairs([-1.0, 1.0], [0.3, 2.0]), true, |x| {
        x[0].xlogy(&x[1])
    }));
    list.push(case(
        "logaddexp",
        pairs([-1.0, 1.0], [-1.0, 1.0]),
        true,
        |x| x[0].logaddexp(&x[1]),
    ));
    list.push(case(
        "lerp",
        vec![vec![
            spread(&[3], -1.0, 1.0),
            spread(&[3], 0.0, 2.0),
            spread(&[], 0.0, 1.0),
        ]],
        true,
        |x| x[0].lerp(&x[1], &x[2]),
    ));
    let layer = || {
        vec![vec![
            spread(&[2, 3, 2], -1.0, 1.0),
            spread(&[3, 2], 0.5, 1.5),
            spread(&[3, 2], -0.5, 0.5),
        ]]
    };
    list.push(case("layer_norm", layer(), true, |x| {
        x[0].layer_norm(2, Some(&x[1]), Some(&x[2]), 1e-3)
    }));
    let channels = || {
        vec![vec![
            spread(&[2, 3, 2], -1.0, 1.0),
            spread(&[3], 0.5, 1.5),
            spread(&[3], -0.5, 0.5),
        ]]
    };
    list.push(case("batch_norm", channels(), true, |x| {
        x[0].batch_norm(Some(&x[1]), Some(&x[2]), 1e-3)
    }));
    list.push(case("batch_norm_training", channels(), true, |x| {
        let mut statistics = RunningStatistics::new(3);
        x[0].batch_norm_training(&mut statistics, Some(&x[1]), Some(&x[2]), 1e-3)
    }));
    list.push(case("batch_norm_evaluating", channels(), true, |x| {
        x[0].batch_norm_evaluating(&RunningStatistics::new(3), Some(&x[1]), Some(&x[2]), 1e-3)
    }));
    list
}

pub fn windows() -> Vec<Case> {
    let mut list = Vec::new();
    let signal = || {
        vec![vec![
            spread(&[2, 2, 5], -1.0, 1.0),
            spread(&[3, 2, 3], -1.0, 1.0),
            spread(&[3], -1.0, 1.0),
        ]]
    };
    let image = || {
        vec![vec![
            spread(&[2, 2, 4, 3], -1.0, 1.0),
            spread(&[2, 2, 2, 2], -1.0, 1.0),
            spread(&[2], -1.0, 1.0),
        ]]
    };
    let plain = || {
        vec![
            vec![spread(&[2, 5, 4], -1.0, 1.0)],
            vec![spread(&[4, 5], -1.0, 1.0).t()],
        ]
    };
    list.push(case("unfold", plain(), true, |x| {
        x[0].unfold(-1, 3, 1).square()
    }));
    list.push(case("conv1d", signal(), true, |x| {
        x[0].conv1d(&x[1], Some(&x[2]), 2, 1).unwrap()
    }));
    list.push(case("conv2d", image(), true, |x| {
        x[0].conv2d(&x[1], Some(&x[2]), [1, 2], [0, 1]).unwrap()
    }));
    list.push(case("conv2d without bias", image(), true, |x| {
        x[0].conv2d(&x[1], None, [2, 1], [0, 0]).unwrap()
    }));
    list.push(case("max_pool2d", plain(), true, |x| {
        x[0].max_pool2d([2, 2], [2, 1]).unwrap()
    }));
    list.push(case("avg_pool2d", plain(), true, |x| {
        x[0].avg_pool2d([2, 3], [1, 1]).unwrap().square()
    }));
    list
}

pub fn order() -> Vec<Case> {
    let mut list = Vec::new();
    for dim in [0, -1] {
        list.push(case("sort", along_or_nothing(-2.0, 2.0), true, move |x| {
            x[0].sort(dim, dim == 0).0.square()
        }));
        list.push(case("topk", along(-2.0, 2.0), true, move |x| {
            x[0].topk(1, dim, dim == 0).0.square()
        }));
        list.push(case("median", along(-2.0, 2.0), true, move |x| {
            x[0].median(dim, dim == 0).0.square()
        }));
        list.push(case(
            "cumprod",
            along_or_nothing(-2.0, 2.0),
            true,
            move |x| x[0].cumprod(dim),
        ));
    }
    list.push(case(
        "cumprod with zeros",
        vec![vec![tensor([1.5, 0.0, -2.0, 0.0, 3.0])]],
        true,
        |x| x[0].cumprod(0),
    ));
    let pair = || {
        vec![vec![
            spread(&[2, 3], -1.0, 1.0),
            spread(&[3, 4], -1.0, 1.0),
            spread(&[4, 2], -1.0, 1.0),
        ]]
    };
    list.push(case("einsum chain", pair(), true, |x| {
        Tensor::einsum("ij,jk,kl->li", &[&x[0], &x[1], &x[2]]).unwrap()
    }));
    list.push(case("einsum trace", pair(), true, |x| {
        Tensor::einsum("ij,jk,ki", &[&x[0], &x[1], &x[2]]).unwrap()
    }));
    let square = || {
        vec![vec![
            spread(&[3, 2, 3], -1.0, 1.0),
            spread(&[3, 2], 0.0, 2.0),
        ]]
    };
    list.push(case("einsum diagonal", square(), true, |x| {
        Tensor::einsum("iji,ij->ji", &[&x[0], &x[1]]).unwrap()
    }));
    list
}
