use enact::prelude::*;

/// As it is written.
#[derive(Debug, Clone, Params)]
struct Raw {
    /// The number.
    number: String,
}

#[derive(Debug, Clone, Params)]
#[serde(try_from = "Raw")]
struct Card {
    /// The number.
    #[param(secret, len = 16, example = "4000000000000000")]
    number: String,
}

impl TryFrom<Raw> for Card {
    type Error = String;

    fn try_from(raw: Raw) -> Result<Self, String> {
        Ok(Self { number: raw.number })
    }
}

fn main() {}
