//! Values of operations, against numbers worked out by hand, tables, or plain loops; conventions at kinks; and errors.

use autodiff::{Tensor, grad, tensor};

use crate::registry::spread;
use crate::support::{close, prints, says, slope};

#[test]
fn elementwise_functions_have_the_values_of_the_standard_library() {
    let x = spread(&[3, 2], 0.1, 0.9).t();
    let same = |found: Tensor, f: fn(f64) -> f64| {
        let expected = x.to_vec().into_iter().map(f).collect();
        close(&found, &Tensor::from_vec(expected, &[2, 3]).unwrap());
    };
    same(x.sin(), f64::sin);
    same(x.ln_1p(), f64::ln_1p);
    same(x.rsqrt(), |v| 1.0 / v.sqrt());
    same(x.square(), |v| v * v);
    same(-x.exp2(), |v| -v.exp2());
    same(x.powf(1.7), |v| v.powf(1.7));
    same(x.sigmoid(), |v| 1.0 / (1.0 + (-v).exp()));
    same(x.softplus(), |v| (1.0 + v.exp()).ln());
    same(x.silu(), |v| v / (1.0 + (-v).exp()));
    same(x.mish(), |v| v * (1.0 + v.exp()).ln().tanh());
}

#[test]
fn special_functions_at_tabulated_points() {
    // Abramowitz and Stegun, table 7.1.
    close(
        &tensor([0.0, 0.5, 1.0, 2.0]).erf(),
        &tensor([
            0.0,
            0.520_499_877_813_046_5,
            0.842_700_792_949_714_9,
            0.995_322_265_018_952_7,
        ]),
    );
    close(&tensor(1.0).erfc(), &tensor(0.157_299_207_050_285_13));
    close(&tensor(1.0).gelu(), &tensor(0.841_344_746_068_542_9));
    close(
        &tensor([-2.0, 3.0]).elu(1.0),
        &tensor([(-2.0_f64).exp_m1(), 3.0]),
    );
    close(&tensor([-2.0, 0.0, 3.0]).relu(), &tensor([0.0, 0.0, 3.0]));
    close(&tensor([-2.0, 0.0, 3.0]).sign(), &tensor([-1.0, 0.0, 1.0]));
    close(&tensor([2.5, -0.5, 1.5]).round(), &tensor([2.0, -0.0, 2.0]));
}

#[test]
fn nothing_overflows_that_need_not() {
    let x = tensor([1000.0, 0.0, -1000.0]);
    close(&x.softplus(), &tensor([1000.0, 2.0_f64.ln(), 0.0]));
    close(&x.sigmoid(), &tensor([1.0, 0.5, 0.0]));
    close(&x.logsumexp(&[], false), &tensor(1000.0));
    close(&x.softmax(0), &tensor([1.0, 0.0, 0.0]));
    close(&x.log_softmax(0), &tensor([0.0, -1000.0, -2000.0]));
    close(&x.elu(1.0), &tensor([1000.0, 0.0, -1.0]));
    close(
        &Tensor::zeros(&[0, 2]).logsumexp(&[0], false),
        &tensor([f64::NEG_INFINITY; 2]),
    );
    close(
        &tensor([f64::NEG_INFINITY; 2]).logsumexp(&[], false),
        &tensor(f64::NEG_INFINITY),
    );
    close(
        &tensor([f64::NEG_INFINITY, 1000.0]).logaddexp(&tensor([f64::NEG_INFINITY, 1000.0])),
        &tensor([f64::NEG_INFINITY, 1000.0 + 2.0_f64.ln()]),
    );
    close(
        &tensor([0.0, 0.0]).xlogy(&tensor([0.0, 2.0])),
        &tensor([0.0, 0.0]),
    );
    let leaf = x.require_grad();
    let gradient = &grad(&[&leaf.elu(1.0).sum()], &[&leaf]).unwrap()[0];
    close(gradient, &tensor([1.0, 1.0, 0.0]));
}

#[test]
fn kinks_take_the_subgradient_of_least_norm() {
    close(&slope(tensor([0.0]), Tensor::abs), &tensor([0.0]));
    close(&slope(tensor([0.0]), Tensor::relu), &tensor([0.0]));
    close(
        &slope(tensor([1.0]), |x| x.maximum(&tensor(1.0))),
        &tensor([0.0]),
    );
    close(
        &slope(tensor([1.0]), |x| x.maximum(&(x * 1.0))),
        &tensor([1.0]),
    );
    close(
        &slope(tensor([1.0, 5.0]), |x| x.clamp(0.0, 1.0)),
        &tensor([0.0, 0.0]),
    );
    close(
        &slope(tensor([0.0, 0.0]), |x| x.norm(&[], false)),
        &tensor([0.0, 0.0]),
    );
    close(
        &slope(tensor([2.0, 2.0]), |x| x.std(&[], 1, false)),
        &tensor([0.0, 0.0]),
    );
    close(
        &slope(tensor([0.0]), |x| x.hypot(&tensor(0.0))),
        &tensor([0.0]),
    );
    close(
        &slope(tensor([2.5, -2.5]), Tensor::floor),
        &tensor([0.0, 0.0]),
    );
    close(
        &slope(tensor([[2.0, 2.0], [1.0, 0.0]]), |x| x.max_dim(1, false).0),
        &tensor([[1.0, 0.0], [1.0, 0.0]]),
    );
    close(
        &slope(tensor([[2.0, 2.0], [1.0, 0.0]]), |x| x.amax(&[1], false)),
        &tensor([[0.5, 0.5], [1.0, 0.0]]),
    );
    close(
        &slope(tensor([0.0]), Tensor::sqrt),
        &tensor([f64::INFINITY]),
    );
}

#[test]
fn reductions() {
    let x = tensor([[1.0, 2.0, 3.0], [4.0, 5.0, 7.0]]);
    close(&x.sum_dims(&[0], false), &tensor([5.0, 7.0, 10.0]));
    close(&x.mean_dims(&[-1], true), &tensor([[2.0], [16.0 / 3.0]]));
    close(&x.var(&[1], 1, false), &tensor([1.0, 7.0 / 3.0]));
    close(
        &x.std(&[], 0, false),
        &tensor((x.var(&[], 0, false).item()).sqrt()),
    );
    close(&x.prod_dim(0, false), &tensor([4.0, 10.0, 21.0]));
    close(&x.prod(), &tensor(840.0));
    close(
        &x.norm(&[1], false),
        &tensor([14.0_f64.sqrt(), 90.0_f64.sqrt()]),
    );
    close(&Tensor::zeros(&[0]).sum(), &tensor(0.0));
    close(&Tensor::<f64>::zeros(&[0]).prod(), &tensor(1.0));
    assert!(Tensor::<f64>::zeros(&[0]).mean().item().is_nan());
    assert_eq!(x.argmax(1, false), tensor([2, 2]));
    assert_eq!(x.argmin(0, true), tensor([[0, 0, 0]]));
    assert_eq!(
        tensor([[true, false], [true, true]]).all_dims(&[1], false),
        tensor([false, true])
    );
    assert_eq!(tensor([f64::NAN, 1.0]).max().to_string(), "tensor(nan)");
    // A million times 0.1 in single precision: naive addition would be off in the third digit.
    let sum = Tensor::full(&[1_000_000], 0.1_f32).sum().item();
    assert!((sum - 100_000.0).abs() < 0.1, "{sum}");
    assert_eq!(x.cumsum(1), tensor([[1.0, 3.0, 6.0], [4.0, 9.0, 16.0]]));
    assert_eq!(x.cumprod(1), tensor([[1.0, 2.0, 6.0], [4.0, 20.0, 140.0]]));
}

#[test]
fn sorting() {
    let x = tensor([[3.0, 1.0, 2.0], [5.0, f64::NAN, 4.0]]);
    assert_eq!(x.sort(1, false).1, tensor([[1, 2, 0], [2, 0, 1]]));
    assert_eq!(x.sort(1, true).1, tensor([[0, 2, 1], [1, 0, 2]]));
    assert_eq!(
        tensor([1.0, 0.0, 1.0, 0.0]).sort(0, false).1,
        tensor([1, 3, 0, 2])
    );
    assert_eq!(
        tensor([4.0, 1.0, 3.0]).topk(2, 0, true),
        (tensor([4.0, 3.0]), tensor([0, 2]))
    );
    assert_eq!(
        tensor([4.0, 1.0, 3.0, 2.0]).median(0, false),
        (tensor(2.0), tensor(3))
    );
}

#[test]
fn matrices() {
    let a = tensor([[4.0, 2.0], [2.0, 3.0]]);
    close(&a.det().unwrap(), &tensor(8.0));
    close(&a.inv().unwrap(), &tensor([[0.375, -0.25], [-0.25, 0.5]]));
    close(
        &a.cholesky().unwrap(),
        &tensor([[2.0, 0.0], [1.0, 2.0_f64.sqrt()]]),
    );
    let (sign, logarithm) = tensor([[0.0, 1.0], [2.0, 0.0]]).slogdet().unwrap();
    close(&sign, &tensor(-1.0));
    close(&logarithm, &tensor(2.0_f64.ln()));
    close(
        &a.triangular_solve(&tensor([2.0, 7.0]), false).unwrap(),
        &tensor([0.5, 2.0]),
    );
    close(
        &tensor([1.0, 2.0]).outer(&tensor([3.0, 4.0])),
        &tensor([[3.0, 4.0], [6.0, 8.0]]),
    );
    close(&a.trace(), &tensor(7.0));
    assert!(Tensor::<f64>::zeros(&[2, 2]).inv().is_err());
    assert!(tensor([[1.0, 2.0], [2.0, 1.0]]).cholesky().is_err());
    says(
        &Tensor::<f64>::zeros(&[2, 3]).det().unwrap_err(),
        &["det", "[2, 3]"],
    );
    // The cofactor matrix is the gradient of the determinant also where there is no inverse.
    close(
        &slope(tensor([[1.0, 2.0], [2.0, 4.0]]), |a| a.det().unwrap()),
        &tensor([[4.0, -2.0], [-2.0, 1.0]]),
    );
}

#[test]
fn batched_products_equal_single_ones() {
    let (a, b) = (
        spread(&[2, 1, 2, 3], -1.0, 1.0),
        spread(&[3, 3, 2], -1.0, 1.0),
    );
    let product = a.matmul(&b);
    assert_eq!(product.shape(), [2, 3, 2, 2]);
    for i in 0..2 {
        for j in 0..3 {
            close(&product.at(i).at(j), &a.at(i).at(0).matmul(&b.at(j)));
        }
    }
    let sum: f64 = (0..3)
        .map(|k| a.get(&[1, 0, 1, k]).unwrap() * b.get(&[2, k, 0]).unwrap())
        .sum();
    assert!((product.get(&[1, 2, 1, 0]).unwrap() - sum).abs() < 1e-12);
}

#[test]
fn convolutions_equal_plain_loops() {
    let (x, w, b) = (
        spread(&[2, 3, 5, 4], -1.0, 1.0),
        spread(&[2, 3, 3, 2], -1.0, 1.0),
        tensor([0.5, -0.5]),
    );
    let y = x.conv2d(&w, Some(&b), [2, 1], [1, 0]).unwrap();
    assert_eq!(y.shape(), [2, 2, 3, 3]);
    let at = |n: usize, c: usize, i: isize, j: usize| {
        usize::try_from(i)
            .ok()
            .and_then(|i| x.get(&[n, c, i, j]))
            .unwrap_or(0.0)
    };
    for (n, f, i, j) in (0..2).flat_map(|n| {
        (0..2).flat_map(move |f| (0..3).flat_map(move |i| (0..3).map(move |j| (n, f, i, j))))
    }) {
        let mut sum = b.get(&[f]).unwrap();
        for (c, p, q) in
            (0..3).flat_map(|c| (0..3).flat_map(move |p| (0..2).map(move |q| (c, p, q))))
        {
            sum += w.get(&[f, c, p, q]).unwrap() * at(n, c, (2 * i + p) as isize - 1, j + q);
        }
        assert!((y.get(&[n, f, i, j]).unwrap() - sum).abs() < 1e-12);
    }
    let image = tensor([[1.0, 5.0, 2.0], [4.0, 3.0, 6.0]]);
    close(
        &image.max_pool2d([2, 2], [1, 1]).unwrap(),
        &tensor([[5.0, 6.0]]),
    );
    close(
        &image.avg_pool2d([2, 2], [1, 1]).unwrap(),
        &tensor([[3.25, 4.0]]),
    );
    says(
        &x.conv2d(&spread(&[2, 2, 3, 2], 0.0, 1.0), None, [1, 1], [0, 0])
            .unwrap_err(),
        &["conv2d", "[2, 3, 5, 4]", "[2, 2, 3, 2]"],
    );
}

#[test]
fn sums_of_products() {
    let (a, b) = (spread(&[2, 3], -1.0, 1.0), spread(&[3, 4], -1.0, 1.0));
    let v = spread(&[3], -1.0, 1.0);
    close(
        &Tensor::einsum("ij,jk->ik", &[&a, &b]).unwrap(),
        &a.matmul(&b),
    );
    close(&Tensor::einsum("ij, jk", &[&a, &b]).unwrap(), &a.matmul(&b));
    close(&Tensor::einsum("ij->ji", &[&a]).unwrap(), &a.t());
    close(&Tensor::einsum("ij->", &[&a]).unwrap(), &a.sum());
    close(&Tensor::einsum("i,i->", &[&v, &v]).unwrap(), &v.dot(&v));
    close(
        &Tensor::einsum("i,j->ji", &[&v, &a.at(0)]).unwrap(),
        &v.outer(&a.at(0)).t(),
    );
    close(
        &Tensor::einsum("bi,bi->b", &[&a, &a]).unwrap(),
        &a.square().sum_dims(&[1], false),
    );
    close(
        &Tensor::einsum("ik,jk->ij", &[&a, &a]).unwrap(),
        &a.matmul(&a.t()),
    );
    for (formula, why) in [
        ("ij,jk->il", "'l'"),
        ("ij->i", "1 terms"),
        ("ik,jk->ij", "sizes"),
        ("ij,k->ij", "1 letters"),
        ("ij,jk->ii", "twice"),
        ("i.,jk", "no letter"),
    ] {
        says(
            &Tensor::einsum(formula, &[&a, &b]).unwrap_err(),
            &["einsum", why],
        );
    }
}

#[test]
fn rearranging() {
    let x = tensor([[1, 2, 3], [4, 5, 6]]);
    assert_eq!(x.flip(&[1]), tensor([[3, 2, 1], [6, 5, 4]]));
    assert_eq!(x.flip(&[]), tensor([[6, 5, 4], [3, 2, 1]]));
    assert_eq!(x.roll(1, 1), tensor([[3, 1, 2], [6, 4, 5]]));
    assert_eq!(x.roll(-1, 0), tensor([[4, 5, 6], [1, 2, 3]]));
    assert_eq!(
        x.repeat(&[1, 2]),
        tensor([[1, 2, 3, 1, 2, 3], [4, 5, 6, 4, 5, 6]])
    );
    assert_eq!(
        x.pad(&[(1, 0), (0, 1)]),
        tensor([[0, 0, 0, 0], [1, 2, 3, 0], [4, 5, 6, 0]])
    );
    assert_eq!(x.tril(0), tensor([[1, 0, 0], [4, 5, 0]]));
    assert_eq!(x.triu(1), tensor([[0, 2, 3], [0, 0, 6]]));
    assert_eq!(x.diagonal(0, 0, 1), tensor([1, 5]));
    assert_eq!(x.diagonal(-1, 0, 1), tensor([4]));
    assert_eq!(x.diagonal(2, -2, -1), tensor([3]));
    assert_eq!(x.diagonal(1, 1, 0), tensor([4]));
    assert_eq!(x.diagonal(7, 0, 1).shape(), [0]);
    assert_eq!(tensor([1, 2]).diag(0), tensor([[1, 0], [0, 2]]));
    assert_eq!(
        tensor([[1], [2]]).diag(1),
        tensor([[[0, 1], [0, 0]], [[0, 2], [0, 0]]])
    );
    let batch = Tensor::stack(&[&x, &(&x * 10)], 0);
    assert_eq!(batch.trace(), tensor([6, 60]));
    assert_eq!(batch.diagonal(0, 1, 2), tensor([[1, 5], [10, 50]]));
    assert_eq!(
        Tensor::cat(&[&x, &x.at(0).unsqueeze(0)], 0),
        tensor([[1, 2, 3], [4, 5, 6], [1, 2, 3]])
    );
    assert_eq!(Tensor::stack(&[&x.at(0), &x.at(1)], 1), x.t());
    assert_eq!(
        x.chunk(2, 1)
            .iter()
            .map(|c| c.shape()[1])
            .collect::<Vec<_>>(),
        [2, 1]
    );
    assert_eq!(x.slice(1, -2, 10, 1), tensor([[2, 3], [5, 6]]));
    assert_eq!(
        x.cast::<f64>().unfold(1, 2, 1),
        tensor([[[1.0, 2.0], [2.0, 3.0]], [[4.0, 5.0], [5.0, 6.0]]])
    );
    assert!(x.t().view_as_shape(&[6]).is_err());
    says(
        &x.try_reshape(&[4, -1]).unwrap_err(),
        &["[2, 3]", "[4, -1]"],
    );
    says(&x.try_select(1, 3).unwrap_err(), &["index 3", "size 3"]);
    says(&x.try_permute(&[0, 0]).unwrap_err(), &["twice"]);
}

#[test]
fn picking() {
    let x = tensor([[1, 2, 3], [4, 5, 6]]);
    assert_eq!(
        x.gather(1, &tensor([[0, -1], [1, 1]])),
        tensor([[1, 3], [5, 5]])
    );
    assert_eq!(x.index_select(1, &tensor([2, 0])), tensor([[3, 1], [6, 4]]));
    assert_eq!(
        x.embedding(&tensor([[1], [0]])),
        tensor([[[4, 5, 6]], [[1, 2, 3]]])
    );
    assert_eq!(x.masked_select(&x.gt(2)), tensor([3, 4, 5, 6]));
    assert_eq!(
        x.masked_fill(&tensor([true, false, false]), 0),
        tensor([[0, 2, 3], [0, 5, 6]])
    );
    assert_eq!(
        x.index(&[&tensor([0, 1]), &tensor([-1, 0])]),
        tensor([3, 4])
    );
    assert_eq!(
        x.scatter_add(1, &tensor([[0, 0], [2, 1]]), &tensor([[1, 1], [1, 1]])),
        tensor([[3, 2, 3], [4, 6, 7]])
    );
    let y = x.copy();
    y.index_put_(&[&tensor([0, 0]), &tensor([1, 1])], &tensor([8, 9]))
        .unwrap();
    assert_eq!(y, tensor([[1, 9, 3], [4, 5, 6]]));
    says(
        &x.try_index_select(0, &tensor([2])).unwrap_err(),
        &["index 2", "size 2"],
    );
}

#[test]
fn losses() {
    let (x, t) = (tensor([1.0, 3.0]), tensor([2.0, 1.0]));
    close(&x.mse_loss(&t), &tensor(2.5));
    close(&x.l1_loss(&t), &tensor(1.5));
    close(&x.huber_loss(&t, 1.0), &tensor((0.5 + 1.5) / 2.0));
    close(
        &tensor([0.0, 1000.0]).bce_with_logits_loss(&tensor([1.0, 1.0])),
        &tensor(2.0_f64.ln() / 2.0),
    );
    close(
        &tensor([[0.0, 0.0], [1000.0, 0.0]]).cross_entropy_loss(&tensor([1, 0])),
        &tensor(2.0_f64.ln() / 2.0),
    );
    close(
        &tensor([[0.5_f64.ln(), 0.5_f64.ln()]]).kl_div_loss(&tensor([[1.0, 0.0]])),
        &tensor(2.0_f64.ln()),
    );
    let normal = spread(&[2, 4], -1.0, 3.0).layer_norm(1, None, None, 0.0);
    close(&normal.mean_dims(&[1], false), &Tensor::zeros(&[2]));
    close(&normal.var(&[1], 0, false), &Tensor::ones(&[2]));
}

#[test]
fn making() {
    assert_eq!(Tensor::arange(0, 7, 3), tensor([0, 3, 6]));
    assert_eq!(Tensor::arange(1.0, 0.0, -0.5), tensor([1.0, 0.5]));
    assert_eq!(
        Tensor::linspace(0.0, 1.0, 5),
        tensor([0.0, 0.25, 0.5, 0.75, 1.0])
    );
    assert_eq!(Tensor::linspace(0.0, 1.0, 1), tensor([0.0]));
    assert_eq!(Tensor::<i64>::eye(2), tensor([[1, 0], [0, 1]]));
    assert!(Tensor::from_vec(vec![1.0], &[2]).is_err());
    assert!(Tensor::<f64>::from_vec(vec![], &[usize::MAX, 0, 2]).is_err());
    assert_eq!(
        tensor(vec![vec![1, 2], vec![3, 4]]),
        tensor([[1, 2], [3, 4]])
    );
    let ragged = std::panic::catch_unwind(|| tensor(vec![vec![1, 2], vec![3]]));
    assert!(ragged.is_err());
    assert_eq!(tensor([1.5, -2.5]).cast::<i64>(), tensor([1, -2]));
    prints(&Tensor::<f64>::zeros(&[2, 0]), "tensor([], size=(2, 0))");
    prints(&Tensor::<i64>::zeros(&[0]), "tensor([], dtype=i64)");
}

#[test]
fn long_tensors_are_summarised_and_long_rows_broken() {
    prints(
        &Tensor::arange(0, 30, 1),
        "tensor([ 0,  1,  2,  3,  4,  5,  6,  7,  8,  9, 10, 11, 12, 13, 14, 15, 16, 17,\n        18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29])",
    );
    prints(
        &Tensor::arange(0, 2000, 1),
        "tensor([   0,    1,    2,  ..., 1997, 1998, 1999])",
    );
    prints(
        &tensor([[[1, 2]], [[3, 4]]]),
        "tensor([[[1, 2]],\n\n        [[3, 4]]])",
    );
}
