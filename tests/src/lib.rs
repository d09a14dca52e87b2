//! The actions that every test speaks of: each type and each rule that params can have.

#[macro_use]
mod shape;

mod choices;
mod lists;
mod maps;
pub mod mill;
mod numbers;
mod records;
mod secrets;
mod spellings;
mod texts;
mod trees;

use enact::Registry;

pub use self::shape::{Judged, Shape};

/// The actions of the shapes, without `run_plan`, which Enact itself brings.
///
/// # Panics
/// Where an action has a defect.
pub fn registry() -> Registry {
    let registry = Registry::open().expect("the actions of this crate have no defects");
    registry.filter(|entry| entry.name() != "run_plan")
}

/// Every shape, in the order of the files and of the lines in them.
pub fn shapes() -> Vec<Shape> {
    [
        numbers::SHAPES,
        texts::SHAPES,
        lists::SHAPES,
        maps::SHAPES,
        records::SHAPES,
        choices::SHAPES,
        spellings::SHAPES,
        trees::SHAPES,
        secrets::SHAPES,
    ]
    .concat()
}
