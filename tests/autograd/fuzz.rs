//! Operations on whatever the public interface lets in: shapes that do not fit, dimensions and indices outside, nothing
//! at all, NaN and infinities. A `try_` form returns an error then and never panics, and what it accepts has gradients
//! of the right shapes.

use std::panic::{AssertUnwindSafe, catch_unwind};

use autodiff::{
    AutogradError, Grad, RunningStatistics, Tensor, functional, grad_with, gradcheck, graph_to_svg,
};
use rand::rngs::StdRng;
use rand::{RngExt, SeedableRng};

type Outcome = Result<Tensor, AutogradError>;

/// What an operation is called with.
struct Input {
    x: Tensor,
    y: Tensor,
    z: Tensor,
    indices: Tensor<i64>,
    mask: Tensor<bool>,
    dims: Vec<isize>,
    /// Dimensions, offsets and indices, mostly small.
    a: isize,
    b: isize,
    /// Sizes, counts and steps.
    n: usize,
    m: usize,
    keep: bool,
}

/// Mostly a small number, now and then one at the end of its range.
fn odd(rng: &mut StdRng) -> isize {
    match rng.random_range(0..40) {
        0 => isize::MIN,
        1 => isize::MAX,
        2 => isize::MIN + 1,
        _ => rng.random_range(-4..5_i32) as isize,
    }
}

fn size(rng: &mut StdRng) -> usize {
    match rng.random_range(0..40) {
        0 => usize::MAX,
        1 => usize::MAX / 2 + 1,
        _ => rng.random_range(0..5),
    }
}

fn shape(rng: &mut StdRng) -> Vec<usize> {
    let ndim = rng.random_range(0..5);
    (0..ndim)
        .map(|_| [0, 1, 1, 2, 2, 3][rng.random_range(0..6)])
        .collect()
}

fn values(shape: &[usize], rng: &mut StdRng) -> Tensor {
    let special = [f64::NAN, f64::INFINITY, f64::NEG_INFINITY, 0.0, -0.0, 1e300];
    let data = (0..shape.iter().product::<usize>())
        .map(|_| match rng.random_range(0..12) {
            0 => special[rng.random_range(0..special.len())],
            1..4 => f64::from(rng.random_range(-2..3_i32)),
            _ => rng.random_range(-2.0..2.0),
        })
        .collect();
    Tensor::from_vec(data, shape).unwrap()
}

/// A tensor, often one whose elements do not lie in order.
fn operand(rng: &mut StdRng) -> Tensor {
    let x = values(&shape(rng), rng);
    match rng.random_range(0..5) {
        0 if x.ndim() > 1 => x.transpose(0, -1),
        1 if x.ndim() > 0 => x.slice(0, 1, 9, 2),
        2 => Tensor::stack(&[&x, &x], -1).select(-1, 1),
        _ => x,
    }
}

impl Input {
    fn new(rng: &mut StdRng) -> Self {
        let x = operand(rng);
        // Shapes that fit come up more often by starting from the first one.
        let other = |rng: &mut StdRng| {
            if rng.random_bool(0.6) {
                values(x.shape(), rng)
            } else {
                operand(rng)
            }
        };
        let (y, z) = (other(rng), other(rng));
        let like = if rng.random_bool(0.5) {
            x.shape().to_vec()
        } else {
            shape(rng)
        };
        let len = like.iter().product();
        let indices = (0..len)
            .map(|_| {
                if rng.random_bool(0.02) {
                    i64::MIN
                } else {
                    rng.random_range(-2..3)
                }
            })
            .collect();
        let dims = (0..rng.random_range(0..3)).map(|_| odd(rng)).collect();
        Self {
            indices: Tensor::from_vec(indices, &like).unwrap(),
            mask: values(&like, rng).gt(0.0),
            dims,
            a: odd(rng),
            b: odd(rng),
            n: size(rng),
            m: size(rng),
            keep: rng.random_bool(0.5),
            x: x.clone(),
            y,
            z,
        }
    }

    /// The operands as leaves.
    fn tracked(&self) -> Self {
        let leaf = |x: &Tensor| x.detach().require_grad();
        Self {
            x: leaf(&self.x),
            y: leaf(&self.y),
            z: leaf(&self.z),
            indices: self.indices.clone(),
            mask: self.mask.clone(),
            dims: self.dims.clone(),
            ..*self
        }
    }
}

/// The sum of several results, so that each of them has gradients.
fn all(parts: Vec<Tensor>) -> Tensor {
    parts
        .iter()
        .fold(Tensor::zeros(&[]), |sum, part| sum + part.sum())
}

type Operation = (&'static str, fn(&Input) -> Outcome);

/// Each with a name for the message.
#[rustfmt::skip]
fn operations() -> Vec<Operation> {
    vec![
        ("add", |i| i.x.try_add(&i.y)), ("sub", |i| i.x.try_sub(&i.y)), ("mul", |i| i.x.try_mul(&i.y)),
        ("div", |i| i.x.try_div(&i.y)), ("pow", |i| i.x.try_pow(&i.y)), ("rem", |i| i.x.try_rem(&i.y)),
        ("maximum", |i| i.x.try_maximum(&i.y)), ("minimum", |i| i.x.try_minimum(&i.y)), ("atan2", |i| i.x.try_atan2(&i.y)),
        ("hypot", |i| i.x.try_hypot(&i.y)), ("copysign", |i| i.x.try_copysign(&i.y)),
        ("xlogy", |i| i.x.try_xlogy(&i.y)), ("logaddexp", |i| i.x.try_logaddexp(&i.y)), ("lerp", |i| i.x.try_lerp(&i.y, &i.z)),
        ("clamp", |i| i.x.try_clamp(i.a as f64, i.b as f64)),
        ("where_else", |i| i.mask.try_where_else(&i.x, &i.y)),
        ("sum_dims", |i| i.x.try_sum_dims(&i.dims, i.keep)), ("mean_dims", |i| i.x.try_mean_dims(&i.dims, i.keep)),
        ("max", |i| i.x.try_max()), ("min", |i| i.x.try_min()),
        ("amax", |i| i.x.try_amax(&i.dims, i.keep)), ("amin", |i| i.x.try_amin(&i.dims, i.keep)),
        ("max_dim", |i| Ok(i.x.try_max_dim(i.a, i.keep)?.0)), ("min_dim", |i| Ok(i.x.try_min_dim(i.a, i.keep)?.0)),
        ("argmax", |i| Ok(i.x.try_argmax(i.a, i.keep)?.cast())), ("argmin", |i| Ok(i.x.try_argmin(i.a, i.keep)?.cast())),
        ("all_dims", |i| Ok(i.mask.try_all_dims(&i.dims, i.keep)?.to_number())), ("any_dims", |i| Ok(i.mask.try_any_dims(&i.dims, i.keep)?.to_number())),
        ("prod", |i| Ok(i.x.prod())), ("prod_dim", |i| i.x.try_prod_dim(i.a, i.keep)),
        ("var", |i| i.x.try_var(&i.dims, i.n, i.keep)), ("std", |i| i.x.try_std(&i.dims, i.n, i.keep)),
        ("norm", |i| i.x.try_norm(&i.dims, i.keep)), ("norm_p", |i| i.x.try_norm_p(i.a as f64 / 2.0, &i.dims, i.keep)),
        ("logsumexp", |i| i.x.try_logsumexp(&i.dims, i.keep)), ("softmax", |i| i.x.try_softmax(i.a)), ("log_softmax", |i| i.x.try_log_softmax(i.a)),
        ("cumsum", |i| i.x.try_cumsum(i.a)), ("cumprod", |i| i.x.try_cumprod(i.a)),
        ("sort", |i| Ok(i.x.try_sort(i.a, i.keep)?.0)), ("topk", |i| Ok(i.x.try_topk(i.n, i.a, i.keep)?.0)), ("median", |i| Ok(i.x.try_median(i.a, i.keep)?.0)),
        ("reshape", |i| i.x.try_reshape(&[i.a, i.b])), ("view_as_shape", |i| i.x.view_as_shape(&i.dims)),
        ("permute", |i| i.x.try_permute(&i.dims)), ("transpose", |i| i.x.try_transpose(i.a, i.b)), ("t", |i| Ok(i.x.t())),
        ("unsqueeze", |i| i.x.try_unsqueeze(i.a)), ("squeeze", |i| i.x.try_squeeze(i.a)), ("flatten", |i| i.x.try_flatten(i.a, i.b)),
        ("broadcast_to", |i| i.x.try_broadcast_to(&[&[i.n], i.x.shape()].concat())), ("expand", |i| i.x.try_expand(&[&[i.a], &i.dims[..]].concat())),
        ("select", |i| i.x.try_select(i.a, i.b)), ("at", |i| i.x.try_at(i.a)), ("slice", |i| i.x.try_slice(0, i.a, i.b, i.n)), ("slice", |i| i.x.try_slice(i.a, i.b, 9, i.n)),
        ("narrow", |i| i.x.try_narrow(i.a, i.n, i.m)), ("unbind", |i| Ok(all(i.x.try_unbind(i.a)?))),
        ("split", |i| Ok(all(i.x.try_split(i.n, i.a)?))), ("chunk", |i| Ok(all(i.x.try_chunk(i.n, i.a)?))),
        ("cat", |i| Tensor::try_cat(&[&i.x, &i.y, &i.x], i.a)), ("stack", |i| Tensor::try_stack(&[&i.x, &i.y], i.a)), ("cat of nothing", |i| Tensor::try_cat(&[], i.a)),
        ("flip", |i| i.x.try_flip(&i.dims)), ("roll", |i| i.x.try_roll(i.b, i.a)),
        ("pad", |i| i.x.try_pad(&vec![(i.n, i.m); i.x.ndim().min(2)])), ("repeat", |i| i.x.try_repeat(&vec![i.n; i.x.ndim().min(3)])),
        ("tril", |i| i.x.try_tril(i.a)), ("triu", |i| i.x.try_triu(i.a)), ("diagonal", |i| i.x.try_diagonal(i.a, i.b, -1)),
        ("diag", |i| i.x.try_diag(i.a)), ("trace", |i| i.x.try_trace()),
        ("gather", |i| i.x.try_gather(i.a, &i.indices)), ("scatter_add", |i| i.x.try_scatter_add(i.a, &i.indices, &i.y)),
        ("index_select", |i| i.x.try_index_select(i.a, &i.indices)), ("embedding", |i| i.x.try_embedding(&i.indices)),
        ("masked_fill", |i| i.x.try_masked_fill(&i.mask, 1.5)), ("masked_select", |i| i.x.try_masked_select(&i.mask)),
        ("index", |i| i.x.try_index(&[&i.indices, &i.indices])), ("index", |i| i.x.try_index(&[&i.indices])), ("index by nothing", |i| i.x.try_index(&[])),
        ("index_put_", |i| { let y = &i.x * 1.0; y.index_put_(&[&i.indices], &i.y)?; Ok(y) }),
        ("add_", |i| { let y = &i.x * 1.0; y.add_(&i.y)?; Ok(y) }), ("copy_ to a part", |i| { let y = &i.x * 1.0; y.try_at(i.a)?.copy_(&i.y)?; Ok(y) }),
        ("add_ to stretched", |i| { let y = i.x.try_broadcast_to(&[&[2], i.x.shape()].concat())?; y.add_(&i.y)?; Ok(y) }),
        ("matmul", |i| i.x.try_matmul(&i.y)), ("matmul by the transpose", |i| i.x.try_matmul(&i.y.t())), ("dot", |i| i.x.try_dot(&i.y)),
        ("outer", |i| i.x.try_outer(&i.y)), ("linear", |i| i.x.try_linear(&i.y, Some(&i.z))),
        ("einsum", |i| Tensor::einsum(["ij,jk->ik", "ij,ij", "ii,i->", "i,j->ij", "iij,jk->ik", "ab...", "", "->", "i->ii", "i,", "ij->ji,"][i.n % 11], &[&i.x, &i.y])),
        ("einsum of one", |i| Tensor::einsum(["ii->i", "ij->", "ijk->kj", "", "->", "i->j"][i.n % 6], &[&i.x])), ("einsum of none", |_| Tensor::einsum("", &[])),
        ("solve", |i| i.x.solve(&i.y)), ("triangular_solve", |i| i.x.triangular_solve(&i.y, i.keep)), ("inv", |i| i.x.inv()),
        ("det", |i| i.x.det()), ("slogdet", |i| Ok(i.x.slogdet()?.1)), ("cholesky", |i| i.x.cholesky()),
        ("cholesky of a square", |i| i.x.try_matmul(&i.x.t())?.cholesky()),
        ("unfold", |i| i.x.try_unfold(i.a, i.n, i.m)), ("conv1d", |i| i.x.conv1d(&i.y, None, i.n, i.m)), ("conv1d", |i| i.x.conv1d(&i.y, Some(&i.z), 1, 1)),
        ("conv2d", |i| i.x.conv2d(&i.y, Some(&i.z), [i.n, 1], [i.m, 1])),
        ("max_pool2d", |i| i.x.max_pool2d([i.n, 1], [1, i.m])), ("avg_pool2d", |i| i.x.avg_pool2d([1, i.n], [i.m, 1])),
        ("mse_loss", |i| i.x.try_mse_loss(&i.y)), ("l1_loss", |i| i.x.try_l1_loss(&i.y)), ("huber_loss", |i| i.x.try_huber_loss(&i.y, i.a as f64)),
        ("bce_with_logits_loss", |i| i.x.try_bce_with_logits_loss(&i.y)), ("nll_loss", |i| i.x.try_nll_loss(&i.indices)),
        ("cross_entropy_loss", |i| i.x.try_cross_entropy_loss(&i.indices)), ("kl_div_loss", |i| i.x.try_kl_div_loss(&i.y)),
        ("layer_norm", |i| i.x.try_layer_norm(i.n, Some(&i.y), Some(&i.z), 1e-3)), ("batch_norm", |i| i.x.try_batch_norm(None, Some(&i.y), 1e-3)),
        ("batch_norm_training", |i| i.x.try_batch_norm_training(&mut RunningStatistics::new(i.n.min(3)), None, None, 1e-3)),
        ("batch_norm_evaluating", |i| i.x.try_batch_norm_evaluating(&RunningStatistics::new(i.n.min(3)), None, None, 1e-3)),
        ("add_ to itself", |i| { let y = &i.x * 1.0; y.add_(&y)?; Ok(y) }), ("copy_ of its transpose", |i| { let y = &i.x * 1.0; y.copy_(&y.t())?; Ok(y) }),
        ("division of integers", |i| { i.indices.try_div(&i.indices)?; Ok(Tensor::zeros(&[])) }), ("remainder", |i| i.x.try_rem(&i.y)),
        ("elementwise", |i| Ok(i.x.sin().exp().ln_1p().tan() + i.x.lgamma() + i.x.digamma() + i.x.erf() + i.x.gelu() + i.x.elu(1.0) + i.x.sign() + i.x.powi(i.a as i32) + i.x.powf(0.5))),
        ("polygamma", |i| Ok(i.x.polygamma(i.n.min(5) as u32))),
        ("full", |i| Tensor::try_full(&[i.n.min(9), i.m], 1.0).map(|_| Tensor::zeros(&[]))),
        ("arange", |i| Tensor::try_arange(i.a as f64, i.b as f64, i.n as f64 / 4.0).map(|_| Tensor::zeros(&[]))),
        ("from_vec", |i| Tensor::from_vec(vec![1.0; 4], &[i.n, i.m])),
        ("vjp", |i| Ok(functional::vjp(|x| &x[0] * 2.0, &[&i.x], &i.y)?.0)), ("jvp", |i| Ok(functional::jvp(|x| x[0].sin(), &[&i.x], &[&i.y])?.1)),
        ("jacobian", |i| Ok(functional::jacobian(|x| x[0].sin(), &[&i.x])?.remove(0))), ("hessian", |i| Ok(functional::hessian(|x| x[0].sin().sum(), &[&i.x])?.remove(0).remove(0))),
        ("backward with a gradient", |i| { grad_with(&[&i.x.sin()], &[&i.x], Grad::new().grad_outputs(&[&i.y]).allow_unused(true))?; Ok(Tensor::zeros(&[])) }),
        ("set_grad", |i| { i.x.set_grad(&i.y)?; Ok(Tensor::zeros(&[])) }),
        ("drawn", |i| { let _ = graph_to_svg(&[&(&i.x * 2.0)], &[("x", &i.x)]); Ok(Tensor::zeros(&[])) }),
        ("gradcheck", |i| { let _ = gradcheck(|x| x[0].sin(), &[i.x.detach()]); Ok(Tensor::zeros(&[])) }),
        ("printed", |i| { let _ = format!("{} {:?} {}", i.x, i.x, i.mask); Ok(Tensor::zeros(&[])) }),
    ]
}

/// Calls one operation untracked, tracked, and differentiated once and twice.
fn check(f: fn(&Input) -> Outcome, input: &Input) {
    let Ok(plain) = f(input) else { return };
    let input = input.tracked();
    let out = match f(&input) {
        Ok(out) => out,
        Err(AutogradError::LeafModified { .. }) => return,
        Err(error) => panic!("refused as soon as gradients are tracked: {error}"),
    };
    assert_eq!(out.shape(), plain.shape());
    let leaves = [&input.x, &input.y, &input.z];
    let derive = |y: &Tensor| {
        let options = Grad::new()
            .create_graph(true)
            .allow_unused(true)
            .materialize_grads(true);
        grad_with(&[&y.sum()], &leaves, options)
    };
    match derive(&out) {
        Ok(gradients) => {
            for (gradient, leaf) in gradients.iter().zip(leaves) {
                let gradient = gradient.as_ref().expect("zeros stand for nothing");
                assert_eq!(gradient.shape(), leaf.shape());
                // A second pass may find nothing to differentiate, but nothing worse.
                if let Err(error) = derive(gradient) {
                    assert!(matches!(error, AutogradError::NoGradient { .. }), "{error}");
                }
            }
        }
        Err(AutogradError::NoGradient { .. }) => {}
        Err(error) => panic!("{error}"),
    }
}

#[test]
fn no_input_panics() {
    let rounds: u64 =
        std::env::var("AUTODIFF_ROUNDS").map_or(150, |rounds| rounds.parse().unwrap());
    let mut failures = Vec::new();
    for (name, f) in operations() {
        let fails = |&seed: &u64| {
            let input = Input::new(&mut StdRng::seed_from_u64(seed));
            catch_unwind(AssertUnwindSafe(|| check(f, &input))).is_err()
        };
        failures.extend((0..rounds).find(fails).map(|seed| {
            let i = Input::new(&mut StdRng::seed_from_u64(seed));
            let shapes = [i.x.shape(), i.y.shape(), i.z.shape(), i.indices.shape()];
            format!(
                "{name} (seed {seed}): shapes {shapes:?}, dims {:?}, a {}, b {}, n {}, m {}",
                i.dims, i.a, i.b, i.n, i.m
            )
        }));
    }
    assert!(failures.is_empty(), "{}", failures.join("\n"));
}
