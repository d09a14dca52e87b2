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

pub use self::shape::{Judged, Shape};

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
