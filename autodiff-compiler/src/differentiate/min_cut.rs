//! Minimum cuts by Dinic's algorithm (E. A. Dinic, "Algorithm for solution of a problem of maximum flow in networks
//! with power estimation", 1970).

use rustc_hash::FxHashSet as HashSet;

/// A node of a [`Graph`].
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub struct Node(usize);

/// A flow network with one source and one sink.
#[derive(Debug)]
pub struct Graph {
    /// The outgoing edges of each node, residual ones included.
    outgoing: Vec<Vec<usize>>,
    edges: Vec<Edge>,
}

#[derive(Debug)]
struct Edge {
    to: usize,
    capacity: u64,
}

const SOURCE: usize = 0;
const SINK: usize = 1;

impl Default for Graph {
    fn default() -> Self {
        Self {
            outgoing: vec![Vec::new(), Vec::new()],
            edges: Vec::new(),
        }
    }
}

impl Graph {
    /// The capacity of an edge that is never cut.
    pub const UNLIMITED: u64 = u64::MAX / 4;

    /// A new node.
    pub fn node(&mut self) -> Node {
        self.outgoing.push(Vec::new());
        Node(self.outgoing.len() - 1)
    }

    /// An edge.
    pub fn edge(&mut self, from: Node, to: Node, capacity: u64) {
        self.connect(from.0, to.0, capacity);
    }

    /// An edge from the source that is never cut.
    pub fn source_edge(&mut self, to: Node) {
        self.connect(SOURCE, to.0, Self::UNLIMITED);
    }

    /// An edge to the sink that is never cut.
    pub fn sink_edge(&mut self, from: Node) {
        self.connect(from.0, SINK, Self::UNLIMITED);
    }

    /// The nodes on the sink's side of the minimum cut that is nearest to the sink.
    pub fn cut_nearest_to_sink(mut self) -> HashSet<Node> {
        loop {
            let levels = self.levels();
            if levels[SINK].is_none() {
                break;
            }
            let mut next = vec![0; self.outgoing.len()];
            while self.augment(SOURCE, Self::UNLIMITED, &levels, &mut next) > 0 {}
        }
        let mut reaches = vec![false; self.outgoing.len()];
        let mut pending = vec![SINK];
        reaches[SINK] = true;
        while let Some(node) = pending.pop() {
            for &edge in &self.outgoing[node] {
                // The twin of an outgoing edge comes in; it stands beside it, at the other parity.
                let from = self.edges[edge].to;
                if self.edges[edge ^ 1].capacity > 0 && !reaches[from] {
                    reaches[from] = true;
                    pending.push(from);
                }
            }
        }
        (2..reaches.len())
            .filter(|node| reaches[*node])
            .map(Node)
            .collect()
    }

    fn connect(&mut self, from: usize, to: usize, capacity: u64) {
        self.outgoing[from].push(self.edges.len());
        self.edges.push(Edge { to, capacity });
        self.outgoing[to].push(self.edges.len());
        self.edges.push(Edge {
            to: from,
            capacity: 0,
        });
    }

    fn levels(&self) -> Vec<Option<usize>> {
        let mut levels = vec![None; self.outgoing.len()];
        levels[SOURCE] = Some(0);
        let mut pending = std::collections::VecDeque::from([SOURCE]);
        while let Some(node) = pending.pop_front() {
            for &edge in &self.outgoing[node] {
                let Edge { to, capacity } = self.edges[edge];
                if capacity > 0 && levels[to].is_none() {
                    levels[to] = levels[node].map(|level| level + 1);
                    pending.push_back(to);
                }
            }
        }
        levels
    }

    fn augment(
        &mut self,
        node: usize,
        limit: u64,
        levels: &[Option<usize>],
        next: &mut [usize],
    ) -> u64 {
        if node == SINK {
            return limit;
        }
        while next[node] < self.outgoing[node].len() {
            let edge = self.outgoing[node][next[node]];
            let Edge { to, capacity } = self.edges[edge];
            if capacity > 0 && levels[to] == levels[node].map(|level| level + 1) {
                let pushed = self.augment(to, limit.min(capacity), levels, next);
                if pushed > 0 {
                    self.edges[edge].capacity -= pushed;
                    self.edges[edge ^ 1].capacity += pushed;
                    return pushed;
                }
            }
            next[node] += 1;
        }
        0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The edges of unit cost that a cut takes in a network of values, each given by what it is computed from (`None`:
    /// it can't be) and whether it is needed.
    fn check(values: &[(Option<&[usize]>, bool)], kept: &[usize]) {
        let mut graph = Graph::default();
        let nodes: Vec<(Node, Node)> = values
            .iter()
            .map(|_| (graph.node(), graph.node()))
            .collect();
        for (k, (ingredients, needed)) in values.iter().enumerate() {
            graph.edge(nodes[k].0, nodes[k].1, 1);
            match ingredients {
                None => graph.source_edge(nodes[k].0),
                Some(ingredients) => {
                    ingredients
                        .iter()
                        .for_each(|i| graph.edge(nodes[*i].1, nodes[k].0, Graph::UNLIMITED));
                }
            }
            if *needed {
                graph.sink_edge(nodes[k].1);
            }
        }
        let near = graph.cut_nearest_to_sink();
        let cut: Vec<usize> = (0..values.len())
            .filter(|k| !near.contains(&nodes[*k].0) && near.contains(&nodes[*k].1))
            .collect();
        assert_eq!(cut, kept);
    }

    #[test]
    fn a_chain_is_cut_at_its_end() {
        check(
            &[(None, false), (Some(&[0]), false), (Some(&[1]), true)],
            &[2],
        );
    }

    #[test]
    fn one_ingredient_serves_two_uses() {
        check(
            &[(None, false), (Some(&[0]), true), (Some(&[0]), true)],
            &[0],
        );
    }

    #[test]
    fn a_sum_is_kept_rather_than_its_terms() {
        check(&[(None, false), (None, false), (Some(&[0, 1]), true)], &[2]);
    }

    #[test]
    fn what_is_needed_itself_serves_what_follows_from_it() {
        check(&[(None, true), (Some(&[0]), true)], &[0]);
    }

    #[test]
    fn nothing_is_kept_for_what_follows_from_nothing() {
        check(&[(Some(&[]), true), (Some(&[0]), true)], &[]);
    }
}
