//! Arms of a parallel whose actions declare that they write the same.

use std::collections::HashMap;

use super::Checker;
use crate::graph::NodeKind;
use crate::plan::mistake::Code;
use crate::plan::place::Place;
use crate::plan::words;

impl Checker<'_, '_> {
    /// Notes each later arm that writes what an earlier one writes; all have been checked.
    pub(super) fn races(&mut self, parallel: u32, place: &Place<'_>) {
        let mut writers: HashMap<&str, (u32, String)> = HashMap::new();
        let mut found = Vec::new();
        for node in parallel + 1..self.now {
            let fact = self.fact(node);
            let arm = fact.blocks.iter().find(|(outer, _)| *outer == parallel);
            let step = self.nodes[node as usize].as_ref().map(|node| &node.kind);
            let (Some((_, arm)), Some(NodeKind::Step { action, .. })) = (arm, step) else {
                continue;
            };
            let name = words::text(fact.name.unwrap_or_default());
            for written in action.writes {
                match writers.get(written) {
                    Some((other, first)) if other != arm => {
                        found.push((
                            *arm,
                            format!("{name}, which writes {written:?} as {first} does"),
                        ));
                    }
                    Some(_) => {}
                    None => {
                        writers.insert(written, (*arm, name.clone()));
                    }
                }
            }
        }
        for (arm, found) in found {
            let allowed = "arms that write different things; put these steps one behind the other";
            self.notes
                .add(&place.index(arm as usize), Code::Race, found, allowed);
        }
    }
}
