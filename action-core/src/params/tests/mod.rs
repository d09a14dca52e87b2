//! Derived params against what serde makes of the same JSON.

mod flattened;
mod places;
mod samples;
mod untagged;

use super::Params;

/// What is wrong with the schema of a type, in words.
fn defects<P: Params>() -> String {
    P::reader()
        .defects()
        .map(ToString::to_string)
        .unwrap_or_default()
}
