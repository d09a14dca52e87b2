//! A crate that takes every lint at its word.

#![forbid(unsafe_code)]
#![deny(
    missing_docs,
    missing_debug_implementations,
    unreachable_pub,
    unused,
    warnings
)]
#![deny(
    rust_2018_idioms,
    unnameable_types,
    unused_qualifications,
    unused_results
)]
#![deny(
    trivial_casts,
    trivial_numeric_casts,
    single_use_lifetimes,
    unused_lifetimes
)]
#![deny(variant_size_differences, let_underscore_drop)]

use enact::prelude::*;

/// Greets.
#[derive(Debug, Action)]
#[action(effect = read, timeout = "1s", retry(times = 2, backoff = "1ms"))]
pub struct Greet {
    /// Whom.
    #[param(len = 1..=9, example = "Ada")]
    pub name: String,
    /// How.
    #[param(default = Tone::Warm)]
    pub tone: Tone,
    /// Where.
    pub place: Option<Place<u8>>,
    /// No longer used.
    #[deprecated = "say `name`"]
    #[param(default = 1)]
    pub old: u8,
}

/// A tone.
#[derive(Debug, Clone, Copy, Params)]
pub enum Tone {
    /// Warm.
    Warm,
    /// No longer used.
    #[deprecated]
    Cold,
    /// Of a degree.
    Of {
        /// The degree.
        #[param(max = 9)]
        degree: u8,
    },
}

/// A place.
#[derive(Debug, Params)]
pub(crate) struct Hidden {
    /// Inside.
    inside: u8,
}

/// A place.
#[derive(Debug, Params)]
pub struct Place<T> {
    /// What is there.
    pub there: T,
}

impl Run for Greet {
    type Output = String;
    async fn run(&self, _: &Context) -> Result<String, Failure> {
        Ok(format!("{} {:?}", self.name, self.tone))
    }
}

#[test]
fn it_does_what_it_says() {
    let greet = Greet::new("Ada");
    assert!(greet.validate().is_ok());
    assert_eq!(Hidden::new(1).inside, 1);
}
