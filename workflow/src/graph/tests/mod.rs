//! Tests of graphs: how they are drawn, and what their fingerprints cover.

mod changes;
mod drawing;
mod fingerprints;
pub(crate) mod sample;
