//! Where a tensor's elements lie in its storage: shape, strides, offset; and the algebra of views and broadcasting.

use super::dims::Dims;

/// Element `[i0, i1, ..]` lies at `offset + i0 * strides[0] + i1 * strides[1] + ..`. Strides are never negative; a
/// stride of zero repeats one element along its dimension.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Layout {
    pub(crate) shape: Dims,
    pub(crate) strides: Dims,
    pub(crate) offset: usize,
}

impl Layout {
    /// The row-major layout of `shape` from the beginning of a storage.
    #[inline]
    pub(crate) fn contiguous(shape: &[usize]) -> Self {
        Self {
            shape: Dims::from(shape),
            strides: row_major(shape),
            offset: 0,
        }
    }

    /// The number of elements.
    #[inline]
    pub(crate) fn len(&self) -> usize {
        self.shape.iter().product()
    }

    #[inline]
    pub(crate) fn ndim(&self) -> usize {
        self.shape.len()
    }

    /// Whether the elements lie one after the other in row-major order.
    #[inline]
    pub(crate) fn is_contiguous(&self) -> bool {
        let mut expected = 1;
        for (&size, &stride) in self.shape.iter().zip(self.strides.iter()).rev() {
            if size != 1 && stride != expected {
                return self.len() == 0;
            }
            expected *= size;
        }
        true
    }

    /// Whether two indices can name one element.
    pub(crate) fn overlaps_itself(&self) -> bool {
        let mut dims: Vec<(usize, usize)> = self
            .strides
            .iter()
            .copied()
            .zip(self.shape.iter().copied())
            .filter(|&(_, size)| size > 1)
            .collect();
        dims.sort_unstable();
        let mut reach = 0;
        for (stride, size) in dims {
            if stride <= reach {
                return self.len() > 0;
            }
            reach += stride * (size - 1);
        }
        false
    }

    /// The position in the storage of the element at `index`, unless the index is outside.
    pub(crate) fn position(&self, index: &[usize]) -> Option<usize> {
        if index.len() != self.ndim()
            || index
                .iter()
                .zip(self.shape.iter())
                .any(|(&i, &size)| i >= size)
        {
            return None;
        }
        Some(
            self.offset
                + index
                    .iter()
                    .zip(self.strides.iter())
                    .map(|(&i, &stride)| i * stride)
                    .sum::<usize>(),
        )
    }

    /// Dimension `i` of the result is dimension `order[i]` of this layout.
    pub(crate) fn permute(&self, order: &[usize]) -> Self {
        Self {
            shape: order.iter().map(|&d| self.shape[d]).collect(),
            strides: order.iter().map(|&d| self.strides[d]).collect(),
            offset: self.offset,
        }
    }

    /// Every `step`-th index of `dim` from `start` on, `size` of them.
    pub(crate) fn slice(&self, dim: usize, start: usize, size: usize, step: usize) -> Self {
        let mut view = self.clone();
        view.shape[dim] = size;
        view.strides[dim] = self.strides[dim] * step;
        view.skip(start * self.strides[dim])
    }

    /// The layout at one index of `dim`, which disappears.
    pub(crate) fn select(&self, dim: usize, index: usize) -> Self {
        let view = Self {
            shape: self.shape.without(dim),
            strides: self.strides.without(dim),
            offset: self.offset,
        };
        view.skip(index * self.strides[dim])
    }

    /// The layout moved on by so many places. A layout without elements stays, so that its offset lies within its
    /// storage.
    pub(crate) fn skip(mut self, places: usize) -> Self {
        if self.len() > 0 {
            self.offset += places;
        }
        self
    }

    /// A new dimension of size one at `dim`.
    pub(crate) fn unsqueeze(&self, dim: usize) -> Self {
        Self {
            shape: self.shape.with(dim, 1),
            strides: self.strides.with(dim, 1),
            offset: self.offset,
        }
    }

    /// This layout stretched to `shape` by strides of zero; `None` where the shapes do not broadcast.
    pub(crate) fn broadcast_to(&self, shape: &[usize]) -> Option<Self> {
        let missing = shape.len().checked_sub(self.ndim())?;
        let mut strides = Dims::filled(shape.len(), 0);
        for (d, (&size, &stride)) in self.shape.iter().zip(self.strides.iter()).enumerate() {
            if size == shape[missing + d] {
                strides[missing + d] = stride;
            } else if size != 1 {
                return None;
            }
        }
        Some(Self {
            shape: Dims::from(shape),
            strides,
            offset: self.offset,
        })
    }

    /// The same elements in row-major order as another shape of as many elements, where strides can say so.
    pub(crate) fn reshape(&self, shape: &[usize]) -> Option<Self> {
        if self.is_contiguous() {
            return Some(Self {
                shape: Dims::from(shape),
                strides: row_major(shape),
                offset: self.offset,
            });
        }
        // Dimensions of this layout that lie evenly behind each other are merged into runs; each run is then cut into
        // the new dimensions. A new dimension that would straddle two runs needs a copy.
        let mut runs: Vec<(usize, usize)> = Vec::new();
        for (&size, &stride) in self
            .shape
            .iter()
            .zip(self.strides.iter())
            .filter(|&(&size, _)| size != 1)
        {
            match runs.last_mut() {
                Some((length, step)) if *step == stride * size => {
                    (*length, *step) = (*length * size, stride)
                }
                _ => runs.push((size, stride)),
            }
        }
        let mut strides = Dims::filled(shape.len(), 1);
        let mut dim = shape.len();
        for &(length, step) in runs.iter().rev() {
            let (mut covered, mut stride) = (1, step);
            while covered < length {
                dim = dim.checked_sub(1)?;
                strides[dim] = stride;
                stride *= shape[dim];
                covered *= shape[dim];
            }
            if covered != length {
                return None;
            }
        }
        Some(Self {
            shape: Dims::from(shape),
            strides,
            offset: self.offset,
        })
    }
}

/// The strides of a contiguous tensor of `shape`.
#[inline]
pub(crate) fn row_major(shape: &[usize]) -> Dims {
    let mut strides = Dims::filled(shape.len(), 1);
    for d in (1..shape.len()).rev() {
        strides[d - 1] = strides[d] * shape[d].max(1);
    }
    strides
}

/// The shape that both broadcast to: aligned at the last dimension, sizes equal or one of them 1. On failure, the
/// offending dimension (of the result) with both sizes.
#[inline]
pub(crate) fn broadcast_shapes(a: &[usize], b: &[usize]) -> Result<Dims, (usize, usize, usize)> {
    let ndim = a.len().max(b.len());
    let mut shape = Dims::filled(ndim, 1);
    for from_end in 1..=ndim {
        let size = |s: &[usize]| {
            if from_end <= s.len() {
                s[s.len() - from_end]
            } else {
                1
            }
        };
        let dim = ndim - from_end;
        shape[dim] = match (size(a), size(b)) {
            (x, y) if x == y => x,
            (1, y) => y,
            (x, 1) => x,
            (x, y) => return Err((dim, x, y)),
        };
    }
    Ok(shape)
}

/// Calls `body(length, starts, steps)` for each innermost run of elements of `N` operands of one shape, in row-major
/// order. Dimensions that lie evenly behind each other in every operand are walked as one, so contiguous operands make
/// a single run.
pub(crate) fn for_each_run<const N: usize>(
    shape: &[usize],
    layouts: [&Layout; N],
    mut body: impl FnMut(usize, [usize; N], [usize; N]),
) {
    let mut sizes = Dims::filled(shape.len(), 0);
    let mut strides: [Dims; N] = std::array::from_fn(|_| Dims::filled(shape.len(), 0));
    let mut ndim = 0;
    for (d, &size) in shape.iter().enumerate() {
        if size == 0 {
            return;
        }
        if size == 1 {
            continue;
        }
        let joins =
            ndim > 0 && (0..N).all(|k| strides[k][ndim - 1] == layouts[k].strides[d] * size);
        if joins {
            sizes[ndim - 1] *= size;
        } else {
            ndim += 1;
            sizes[ndim - 1] = size;
        }
        for k in 0..N {
            strides[k][ndim - 1] = layouts[k].strides[d];
        }
    }
    let mut starts: [usize; N] = std::array::from_fn(|k| layouts[k].offset);
    if ndim == 0 {
        body(1, starts, [1; N]);
        return;
    }
    let inner = ndim - 1;
    let steps: [usize; N] = std::array::from_fn(|k| strides[k][inner]);
    let mut index = Dims::filled(inner, 0);
    loop {
        body(sizes[inner], starts, steps);
        let mut d = inner;
        loop {
            if d == 0 {
                return;
            }
            d -= 1;
            index[d] += 1;
            if index[d] < sizes[d] {
                for k in 0..N {
                    starts[k] += strides[k][d];
                }
                break;
            }
            index[d] = 0;
            for k in 0..N {
                starts[k] -= strides[k][d] * (sizes[d] - 1);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn positions(layout: &Layout) -> Vec<usize> {
        let mut all = Vec::new();
        for_each_run(&layout.shape, [layout], |n, [start], [step]| {
            all.extend((0..n).map(|i| start + i * step))
        });
        all
    }

    #[test]
    fn runs_visit_row_major_order_whatever_the_strides() {
        let base = Layout::contiguous(&[2, 3, 4]);
        assert_eq!(positions(&base), (0..24).collect::<Vec<_>>());
        let permuted = base.permute(&[2, 0, 1]);
        let expected: Vec<usize> = (0..4)
            .flat_map(|k| (0..2).flat_map(move |i| (0..3).map(move |j| 12 * i + 4 * j + k)))
            .collect();
        assert_eq!(positions(&permuted), expected);
        assert_eq!(
            positions(&base.slice(2, 1, 2, 2).select(0, 1)),
            [13, 15, 17, 19, 21, 23]
        );
        assert_eq!(positions(&Layout::contiguous(&[])), [0]);
        assert_eq!(positions(&Layout::contiguous(&[3, 0])), [0; 0]);
        for nothing in [
            Layout::contiguous(&[0, 2]).select(1, 1),
            Layout::contiguous(&[0, 4]).slice(1, 2, 2, 1),
            Layout::contiguous(&[4]).slice(0, 4, 0, 1),
        ] {
            assert_eq!(nothing.offset, 0, "{nothing:?}");
        }
        assert_eq!(
            positions(
                &Layout::contiguous(&[2, 1])
                    .broadcast_to(&[2, 2, 3])
                    .unwrap()
            ),
            [0, 0, 0, 1, 1, 1, 0, 0, 0, 1, 1, 1]
        );
    }

    #[test]
    fn reshape_without_a_copy_exactly_where_strides_can_say_it() {
        let base = Layout::contiguous(&[4, 6]);
        for (layout, shape, possible) in [
            (base.clone(), &[2, 2, 3, 2][..], true),
            (base.permute(&[1, 0]), &[24][..], false),
            (base.permute(&[1, 0]), &[2, 3, 4][..], true),
            (base.slice(1, 0, 3, 1), &[12][..], false),
            (base.slice(1, 0, 3, 2), &[2, 2, 3, 1][..], true),
            (base.slice(0, 1, 2, 2), &[2, 1, 3, 2][..], true),
        ] {
            let reshaped = layout.reshape(shape);
            assert_eq!(reshaped.is_some(), possible, "{layout:?} as {shape:?}");
            if let Some(view) = reshaped {
                assert_eq!(positions(&view), positions(&layout));
            }
        }
    }

    #[test]
    fn broadcasting_follows_the_usual_rule() {
        assert_eq!(&*broadcast_shapes(&[2, 1, 3], &[4, 1]).unwrap(), &[2, 4, 3]);
        assert_eq!(&*broadcast_shapes(&[0, 1], &[1, 5]).unwrap(), &[0, 5]);
        assert_eq!(broadcast_shapes(&[2, 3], &[2, 4]), Err((1, 3, 4)));
        assert!(Layout::contiguous(&[2, 3]).broadcast_to(&[3]).is_none());
    }

    #[test]
    fn self_overlap_is_seen() {
        assert!(
            Layout::contiguous(&[1, 3])
                .broadcast_to(&[2, 3])
                .unwrap()
                .overlaps_itself()
        );
        assert!(
            !Layout::contiguous(&[2, 3])
                .permute(&[1, 0])
                .overlaps_itself()
        );
        assert!(!Layout::contiguous(&[0, 3]).overlaps_itself());
    }
}
