//! What each loop reached when it was last analysed.

use rustc_hash::FxHashMap;

use super::{Memories, union};
use crate::ir::Block;

/// The fixpoints of loops, each known by where its body is. The next time a loop is met its entry has grown, so that it
/// starts from there and comes to the same fixpoint: otherwise each loop would run the loops inside twice, and the time
/// would double with each level.
#[derive(Clone, Debug, Default)]
pub(super) struct Reached(FxHashMap<*const Block, Memories>);

impl Reached {
    /// Adds what the loop with this body reached before.
    pub(super) fn resume(&self, body: &Block, state: &mut Memories) {
        if let Some(reached) = self.0.get(&std::ptr::from_ref(body)) {
            union(state, reached);
        }
    }

    /// Notes what the loop with this body has reached.
    pub(super) fn note(&mut self, body: &Block, state: &Memories) {
        self.0.insert(std::ptr::from_ref(body), state.clone());
    }
}
