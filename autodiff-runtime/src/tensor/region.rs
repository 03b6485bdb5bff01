//! A part of a whole: reading it, putting it into zeros, and cutting it out. What views and in-place changes of them
//! need. The layouts of whole and part refer to one storage.

use super::element::Element;
use super::layout::{Layout, for_each_run};
use super::{Tensor, kernel};
use crate::autograd::{Edge, NodeRef, node_at, record};

/// Zeros for all places up to the last one of the layouts.
fn zeros<T: Element>(layouts: [&Layout; 2]) -> Vec<T> {
    let reach = |layout: &Layout| {
        let last = layout
            .shape
            .iter()
            .zip(layout.strides.iter())
            .map(|(&size, &stride)| size.saturating_sub(1) * stride)
            .sum::<usize>();
        if layout.len() == 0 {
            0
        } else {
            layout.offset + last + 1
        }
    };
    vec![T::default(); reach(layouts[0]).max(reach(layouts[1]))]
}

/// What lies at the places of `layout`.
fn gathered<T: Element>(data: &[T], layout: &Layout) -> Tensor<T> {
    let mut values = Vec::with_capacity(layout.len());
    for_each_run(&layout.shape, [layout], |n, [start], [step]| {
        values.extend((0..n).map(|k| data[start + k * step]))
    });
    Tensor::fresh(values, &layout.shape)
}

impl<T: Element> Tensor<T> {
    /// Zeros of the shape of `whole`, with this tensor at the places of `part`; added up where `part` names a place
    /// several times.
    pub(crate) fn embedded(&self, whole: &Layout, part: &Layout) -> Self {
        let mut data = zeros([whole, part]);
        let values = kernel::to_vec(self);
        let mut next = values.iter();
        for_each_run(&part.shape, [part], |n, [start], [step]| {
            for (k, &value) in next.by_ref().take(n).enumerate() {
                let place: &mut T = &mut data[start + k * step];
                *place = T::combine(*place, value);
            }
        });
        let (out, whole, part) = (gathered(&data, whole), whole.clone(), part.clone());
        record("AsStridedBackward", [self], [], out, move |cx, g| {
            cx.give(0, || g.region(&whole, &part))
        })
    }

    /// A copy of what lies at the places of `part` in this tensor, a whole of layout `whole`.
    pub(crate) fn region(&self, whole: &Layout, part: &Layout) -> Self {
        let mut data = zeros([whole, part]);
        kernel::scatter(&mut data, whole, &kernel::to_vec(self));
        let (out, whole, part) = (gathered(&data, part), whole.clone(), part.clone());
        record("AsStridedBackward", [self], [], out, move |cx, g| {
            cx.give(0, || g.embedded(&whole, &part))
        })
    }

    /// This tensor, a whole of layout `whole`, with zeros at the places of `part`.
    fn without_region(&self, whole: &Layout, part: &Layout) -> Self {
        let mut data = zeros([whole, part]);
        kernel::scatter(&mut data, whole, &kernel::to_vec(self));
        kernel::scatter(&mut data, part, &vec![T::default(); part.len()]);
        let (out, whole, part) = (gathered(&data, whole), whole.clone(), part.clone());
        record("CopySlices", [self], [], out, move |cx, g| {
            cx.give(0, || g.without_region(&whole, &part))
        })
    }
}

/// The place in the graph of a part of the whole at `edge`.
pub(crate) fn region_of<T: Element>(edge: Edge, whole: Layout, part: Layout) -> Edge {
    Edge::new(node_at::<T, _, 1>(
        "AsStridedBackward",
        [Some(edge)],
        move |cx, g| cx.give(0, || g.embedded(&whole, &part)),
    ))
}

/// The node of a whole at `edge` after its part was replaced by what stands at `inserted`.
pub(crate) fn copy_slices<T: Element>(
    edge: Option<Edge>,
    inserted: Option<Edge>,
    whole: Layout,
    part: Layout,
) -> NodeRef {
    node_at::<T, _, 2>("CopySlices", [edge, inserted], move |cx, g| {
        cx.give(0, || g.without_region(&whole, &part));
        cx.give(1, || g.region(&whole, &part));
    })
}
