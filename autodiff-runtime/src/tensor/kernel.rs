//! Loops over the elements of tensors of any layout. Nothing here knows about gradients.

use super::Tensor;
use super::dims::Dims;
use super::element::{Element, Number};
use super::layout::{Layout, for_each_run};
use super::pool;
use super::storage::{Buffer, read_two, write_and_read};

/// Collects the results of runs into a new tensor's buffer.
fn collect<U: Element>(len: usize, fill: impl FnOnce(&mut Vec<U>)) -> Vec<U> {
    let mut out = pool::take(len);
    fill(&mut out);
    debug_assert_eq!(out.len(), len);
    out
}

/// `f` of every element.
pub(crate) fn map<T: Element, U: Element>(x: &Tensor<T>, f: impl Fn(T) -> U) -> Tensor<U> {
    let layout = x.layout();
    let len = layout.len();
    if len == 1 {
        return Tensor::fresh(
            Buffer::filled(1, f(x.with_data(|data| data[layout.offset]))),
            x.shape(),
        );
    }
    let out = x.with_data(|data| {
        collect(len, |out| {
            for_each_run(&layout.shape, [layout], |n, [start], [step]| match step {
                0 => out.extend(std::iter::repeat_n(f(data[start]), n)),
                1 => out.extend(data[start..start + n].iter().map(|&v| f(v))),
                step => out.extend(data[start..].iter().step_by(step).take(n).map(|&v| f(v))),
            });
        })
    });
    Tensor::fresh(out, x.shape())
}

/// `f` of every element, in the memory of `x` where nobody else holds it.
pub(crate) fn map_owned<T: Element>(mut x: Tensor<T>, f: impl Fn(T) -> T) -> Tensor<T> {
    match x.unshared() {
        Some(data) => {
            data.iter_mut().for_each(|v| *v = f(*v));
            x.into_untracked()
        }
        None => map(&x, f),
    }
}

/// `f` of the elements of two tensors stretched to `shape`, to which both broadcast.
pub(crate) fn zip<T: Element, U: Element, V: Element>(
    a: &Tensor<T>,
    b: &Tensor<U>,
    shape: &[usize],
    f: impl Fn(T, U) -> V,
) -> Tensor<V> {
    let len = shape.iter().product();
    read_two(a.storage(), b.storage(), |x, y| {
        if len == 1 {
            return Tensor::fresh(
                Buffer::filled(1, f(x[a.layout().offset], y[b.layout().offset])),
                shape,
            );
        }
        let (la, lb) = (stretched(a.layout(), shape), stretched(b.layout(), shape));
        let out = collect(len, |out| {
            for_each_run(shape, [&la, &lb], |n, [i, j], steps| match steps {
                [1, 1] => out.extend(x[i..i + n].iter().zip(&y[j..j + n]).map(|(&p, &q)| f(p, q))),
                [1, 0] => {
                    let q = y[j];
                    out.extend(x[i..i + n].iter().map(|&p| f(p, q)));
                }
                [0, 1] => {
                    let p = x[i];
                    out.extend(y[j..j + n].iter().map(|&q| f(p, q)));
                }
                [di, dj] => out.extend((0..n).map(|k| f(x[i + k * di], y[j + k * dj]))),
            });
        });
        Tensor::fresh(out, shape)
    })
}

/// `f` of the elements of `a` and of `b` stretched to its shape, in the memory of `a` where nobody else holds it.
pub(crate) fn zip_owned<T: Element, U: Element>(
    mut a: Tensor<T>,
    b: &Tensor<U>,
    f: impl Fn(T, U) -> T,
) -> Tensor<T> {
    let Some((layout, data)) = a.unshared_with_layout() else {
        let shape = Dims::from(a.shape());
        return zip(&a, b, &shape, f);
    };
    let shape = &*layout.shape;
    b.with_data(|other| {
        let lb = b.layout();
        if let [only] = data {
            *only = f(*only, other[lb.offset]);
            return;
        }
        if *lb.shape == *shape && lb.is_contiguous() {
            let other = &other[lb.offset..lb.offset + data.len()];
            data.iter_mut().zip(other).for_each(|(p, &q)| *p = f(*p, q));
            return;
        }
        let (la, lb) = (Layout::contiguous(shape), stretched(lb, shape));
        for_each_run(shape, [&la, &lb], |n, [i, j], [_, dj]| {
            let run = &mut data[i..i + n];
            match dj {
                0 => run.iter_mut().for_each(|p| *p = f(*p, other[j])),
                1 => run
                    .iter_mut()
                    .zip(&other[j..j + n])
                    .for_each(|(p, &q)| *p = f(*p, q)),
                dj => run
                    .iter_mut()
                    .enumerate()
                    .for_each(|(k, p)| *p = f(*p, other[j + k * dj])),
            }
        });
    });
    a.into_untracked()
}

/// Writes `f` of the elements of `target` and of `b` stretched to its shape over those of `target`, which everybody sees
/// who shares its memory.
pub(crate) fn zip_into<T: Element>(target: &Tensor<T>, b: &Tensor<T>, f: impl Fn(T, T) -> T) {
    let (shape, lt) = (target.shape(), target.layout());
    let lb = stretched(b.layout(), shape);
    write_and_read(target.storage(), b.storage(), |data, other| {
        for_each_run(shape, [lt, &lb], |n, [i, j], steps| match steps {
            [1, 1] => data[i..i + n]
                .iter_mut()
                .zip(&other[j..j + n])
                .for_each(|(p, &q)| *p = f(*p, q)),
            [di, dj] => (0..n).for_each(|k| {
                let p = &mut data[i + k * di];
                *p = f(*p, other[j + k * dj]);
            }),
        });
    });
}

/// `a`, a tensor of its own, with every element replaced by `f` of it and those of two others of the same shape.
pub(crate) fn zip_three<T: Element, U: Element, V: Element>(
    a: Tensor<T>,
    b: &Tensor<U>,
    c: &Tensor<V>,
    f: impl Fn(T, U, V) -> T,
) -> Tensor<T> {
    let mut a = a.into_own_memory();
    let shape = Dims::from(a.shape());
    let (la, lb, lc) = (
        Layout::contiguous(&shape),
        stretched(b.layout(), &shape),
        stretched(c.layout(), &shape),
    );
    let data = a
        .unshared()
        .expect("the memory was made for this tensor alone");
    read_two(b.storage(), c.storage(), |y, z| {
        for_each_run(&shape, [&la, &lb, &lc], |n, [i, j, k], [_, dj, dk]| {
            let x = &mut data[i..i + n];
            if (dj, dk) == (1, 1) {
                x.iter_mut()
                    .zip(&y[j..j + n])
                    .zip(&z[k..k + n])
                    .for_each(|((x, &y), &z)| *x = f(*x, y, z));
            } else {
                x.iter_mut()
                    .enumerate()
                    .for_each(|(m, x)| *x = f(*x, y[j + m * dj], z[k + m * dk]));
            }
        });
    });
    a.into_untracked()
}

/// `out = f(out, x)` over the run of elements of `x` that belongs to each element of the result, whose layout `onto` has
/// the shape of `x` and strides of zero in the reduced dimensions.
pub(crate) fn fold<T: Element, U: Copy>(
    x: &Tensor<T>,
    onto: &Layout,
    out: &mut [U],
    f: impl Fn(U, T) -> U,
) {
    x.with_data(|data| {
        for_each_run(
            x.shape(),
            [x.layout(), onto],
            |n, [i, j], steps| match steps {
                [1, 0] => out[j] = data[i..i + n].iter().fold(out[j], |acc, &v| f(acc, v)),
                [di, 0] => out[j] = (0..n).fold(out[j], |acc, k| f(acc, data[i + k * di])),
                [1, 1] => out[j..j + n]
                    .iter_mut()
                    .zip(&data[i..i + n])
                    .for_each(|(acc, &v)| *acc = f(*acc, v)),
                [di, dj] => {
                    (0..n).for_each(|k| out[j + k * dj] = f(out[j + k * dj], data[i + k * di]))
                }
            },
        );
    });
}

/// As [`fold`] with addition, where long contiguous runs are added in eight lanes, which is faster and rounds less.
pub(crate) fn fold_sum<T: Number>(x: &Tensor<T>, onto: &Layout, out: &mut [T]) {
    x.with_data(|data| {
        for_each_run(
            x.shape(),
            [x.layout(), onto],
            |n, [i, j], steps| match steps {
                [1, 0] => out[j] = T::plus(out[j], sum_slice(&data[i..i + n])),
                [di, 0] => out[j] = (0..n).fold(out[j], |acc, k| T::plus(acc, data[i + k * di])),
                [1, 1] => out[j..j + n]
                    .iter_mut()
                    .zip(&data[i..i + n])
                    .for_each(|(acc, &v)| *acc = T::plus(*acc, v)),
                [di, dj] => (0..n)
                    .for_each(|k| out[j + k * dj] = T::plus(out[j + k * dj], data[i + k * di])),
            },
        );
    });
}

/// The sum of a slice: blocks of up to 1024 elements in eight lanes, the blocks added pairwise, so that the rounding
/// error grows with the logarithm of the length.
fn sum_slice<T: Number>(slice: &[T]) -> T {
    if slice.len() > 1024 {
        let half = (slice.len() / 2).next_multiple_of(8);
        let (left, right) = slice.split_at(half);
        return T::plus(sum_slice(left), sum_slice(right));
    }
    let mut lanes = [T::ZERO; 8];
    let (chunks, rest) = slice.as_chunks::<8>();
    for chunk in chunks {
        for (lane, &v) in lanes.iter_mut().zip(chunk) {
            *lane = T::plus(*lane, v);
        }
    }
    lanes
        .into_iter()
        .chain(rest.iter().copied())
        .fold(T::ZERO, T::plus)
}

/// The elements in row-major order.
pub(crate) fn to_vec<T: Element>(x: &Tensor<T>) -> Vec<T> {
    x.with_data(|data| {
        collect(x.len(), |out| {
            for_each_run(x.shape(), [x.layout()], |n, [start], [step]| match step {
                1 => out.extend_from_slice(&data[start..start + n]),
                step => out.extend((0..n).map(|k| data[start + k * step])),
            });
        })
    })
}

/// Writes `values` in row-major order to the places of `layout`.
pub(crate) fn scatter<T: Element>(data: &mut [T], layout: &Layout, values: &[T]) {
    let mut next = 0;
    for_each_run(&layout.shape, [layout], |n, [start], [step]| {
        for (k, &value) in values[next..next + n].iter().enumerate() {
            data[start + k * step] = value;
        }
        next += n;
    });
}

fn stretched(layout: &Layout, shape: &[usize]) -> Layout {
    layout
        .broadcast_to(shape)
        .expect("the caller has found the shape that all operands broadcast to")
}
