//! Where the boxes of a drawing go: in layers, ordered to cross few arrows, each close to what it is connected with.
//! The steps are those of Sugiyama, Tagawa and Toda, "Methods for visual understanding of hierarchical system
//! structures" (IEEE Transactions on Systems, Man, and Cybernetics 11, 1981).

use super::{Drawing, Kind};

/// Arrows over more layers go straight instead of winding between boxes, so that work stays in proportion to the graph.
const LONGEST: usize = 40;
const SWEEPS: usize = 12;
/// The space between neighbours.
const GAP: f64 = 18.0;

/// A laid out drawing.
pub(super) struct Placed {
    /// The centre of each box across the layers, and its layer.
    pub(super) centres: Vec<(f64, usize)>,
    /// The same for the points that each arrow goes through, both ends included.
    pub(super) routes: Vec<Vec<(f64, usize)>>,
    /// How far the drawing extends across the layers, from 0.
    pub(super) extent: f64,
}

/// Boxes and bends of arrows alike.
struct Points {
    widths: Vec<f64>,
    layer_of: Vec<usize>,
    above: Vec<Vec<usize>>,
    below: Vec<Vec<usize>>,
}

/// Lays out a drawing whose boxes have the given widths.
pub(super) fn place(drawing: &Drawing, widths: &[f64]) -> Placed {
    let layer_of = layers(drawing);
    let mut points = Points {
        widths: widths.to_vec(),
        above: vec![Vec::new(); layer_of.len()],
        below: vec![Vec::new(); layer_of.len()],
        layer_of,
    };
    let routes: Vec<Vec<usize>> = drawing
        .arrows
        .iter()
        .map(|&(from, to)| points.route(from, to))
        .collect();
    let mut order = points.by_layer();
    points.uncross(&mut order);
    let centres = points.across(&order);
    let extents = (0..centres.len()).map(|p| (centres[p], points.widths[p] / 2.0));
    let (left, right) = extents.fold((f64::INFINITY, 0.0_f64), |(left, right), (x, half)| {
        (left.min(x - half), right.max(x + half))
    });
    let left = if left.is_finite() { left } else { 0.0 };
    let at = |p: usize| (centres[p] - left, points.layer_of[p]);
    Placed {
        centres: (0..drawing.items.len()).map(at).collect(),
        routes: routes
            .iter()
            .map(|route| route.iter().map(|&p| at(p)).collect())
            .collect(),
        extent: (right - left).max(0.0),
    }
}

/// The layer of each box: behind those of all operands; a leaf right before its first use.
fn layers(drawing: &Drawing) -> Vec<usize> {
    let mut layers = vec![0; drawing.items.len()];
    let mut arrows = drawing.arrows.clone();
    arrows.sort_unstable_by_key(|&(_, to)| to);
    for &(from, to) in &arrows {
        layers[to] = layers[to].max(layers[from] + 1);
    }
    let mut first_use = vec![usize::MAX; layers.len()];
    for &(from, to) in &arrows {
        first_use[from] = first_use[from].min(layers[to]);
    }
    for (place, item) in drawing.items.iter().enumerate() {
        if item.kind == Kind::Leaf && first_use[place] < usize::MAX {
            layers[place] = first_use[place] - 1;
        }
    }
    layers
}

impl Points {
    /// Connects two boxes by bends in the layers between them.
    fn route(&mut self, from: usize, to: usize) -> Vec<usize> {
        let between = self.layer_of[from] + 1..self.layer_of[to];
        if between.len() > LONGEST {
            return vec![from, to];
        }
        let mut route = vec![from];
        for layer in between {
            route.push(self.widths.len());
            self.widths.push(0.0);
            self.layer_of.push(layer);
            self.above.push(Vec::new());
            self.below.push(Vec::new());
        }
        route.push(to);
        for pair in route.windows(2) {
            self.below[pair[0]].push(pair[1]);
            self.above[pair[1]].push(pair[0]);
        }
        route
    }

    fn by_layer(&self) -> Vec<Vec<usize>> {
        let count = self.layer_of.iter().max().map_or(0, |&last| last + 1);
        let mut order = vec![Vec::new(); count];
        for (point, &layer) in self.layer_of.iter().enumerate() {
            order[layer].push(point);
        }
        order
    }

    /// Orders each layer by the mean place of what its points are connected with, down and up in turns, and keeps the
    /// order with the fewest crossings.
    fn uncross(&self, order: &mut Vec<Vec<usize>>) {
        let mut trial = order.clone();
        let mut fewest = self.crossings(order);
        for sweep in 0..SWEEPS {
            if fewest == 0 {
                break;
            }
            let down = sweep % 2 == 0;
            let mut places = places(&trial, self.widths.len());
            for step in 0..trial.len() {
                let layer = if down { step } else { trial.len() - 1 - step };
                let neighbours = if down { &self.above } else { &self.below };
                let key = |&point: &usize| {
                    mean(neighbours[point].iter().map(|&n| places[n] as f64))
                        .unwrap_or(places[point] as f64)
                };
                trial[layer].sort_by(|a, b| key(a).total_cmp(&key(b)));
                for (place, &point) in trial[layer].iter().enumerate() {
                    places[point] = place;
                }
            }
            let crossings = self.crossings(&trial);
            if crossings < fewest {
                fewest = crossings;
                order.clone_from(&trial);
            }
        }
    }

    /// How many pairs of arrows cross between neighbouring layers: inversions among their lower ends, counted in a tree
    /// of partial sums.
    fn crossings(&self, order: &[Vec<usize>]) -> usize {
        let places = places(order, self.widths.len());
        let mut total = 0;
        for pair in order.windows(2) {
            let mut tree = vec![0_usize; pair[1].len() + 1];
            let mut seen = 0;
            for &upper in &pair[0] {
                let mut ends: Vec<usize> = self.below[upper].iter().map(|&p| places[p]).collect();
                ends.sort_unstable();
                for &end in &ends {
                    let (mut at, mut before) = (end + 1, 0);
                    while at > 0 {
                        before += tree[at];
                        at &= at - 1;
                    }
                    total += seen - before;
                }
                for &end in &ends {
                    let mut at = end + 1;
                    while at < tree.len() {
                        tree[at] += 1;
                        at += at & at.wrapping_neg();
                    }
                }
                seen += ends.len();
            }
        }
        total
    }

    /// Coordinates across the layers: each point as close to the mean of its neighbours as order and widths permit.
    fn across(&self, order: &[Vec<usize>]) -> Vec<f64> {
        let mut x = vec![0.0; self.widths.len()];
        for layer in order {
            let wishes = vec![0.0; layer.len()];
            self.settle(layer, &wishes, &mut x);
        }
        for sweep in 0..SWEEPS {
            let down = sweep % 2 == 0;
            for step in 0..order.len() {
                let layer = &order[if down { step } else { order.len() - 1 - step }];
                let neighbours = if down { &self.above } else { &self.below };
                let wishes: Vec<f64> = layer
                    .iter()
                    .map(|&p| mean(neighbours[p].iter().map(|&n| x[n])).unwrap_or(x[p]))
                    .collect();
                self.settle(layer, &wishes, &mut x);
            }
        }
        x
    }

    /// Gives the points of a layer the coordinates of least squared distance from `wishes` that keep their order and
    /// distances. Less the distances these only have to rise, which is a regression by pooling neighbours that fall
    /// (Ayer and others, Annals of Mathematical Statistics 26, 1955).
    fn settle(&self, layer: &[usize], wishes: &[f64], x: &mut [f64]) {
        let mut offsets = Vec::with_capacity(layer.len());
        let mut offset = 0.0;
        for (i, &point) in layer.iter().enumerate() {
            if i > 0 {
                offset += (self.widths[layer[i - 1]] + self.widths[point]) / 2.0 + GAP;
            }
            offsets.push(offset);
        }
        // Pools of neighbours: how many, and the sum of their wishes.
        let mut pools: Vec<(usize, f64)> = Vec::new();
        for (wish, offset) in wishes.iter().zip(&offsets) {
            pools.push((1, wish - offset));
            while let [.., (n, a), (m, b)] = pools[..]
                && a / n as f64 >= b / m as f64
            {
                pools.truncate(pools.len() - 2);
                pools.push((n + m, a + b));
            }
        }
        let levels = pools
            .into_iter()
            .flat_map(|(n, sum)| std::iter::repeat_n(sum / n as f64, n));
        for ((&point, offset), level) in layer.iter().zip(offsets).zip(levels) {
            x[point] = level + offset;
        }
    }
}

/// The place of each point in its layer.
fn places(order: &[Vec<usize>], count: usize) -> Vec<usize> {
    let mut places = vec![0; count];
    for layer in order {
        for (place, &point) in layer.iter().enumerate() {
            places[point] = place;
        }
    }
    places
}

fn mean(values: impl Iterator<Item = f64>) -> Option<f64> {
    let (count, sum) = values.fold((0_usize, 0.0), |(count, sum), v| (count + 1, sum + v));
    (count > 0).then(|| sum / count as f64)
}
