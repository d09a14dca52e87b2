use enact::prelude::*;

/// As it is written.
#[derive(Debug, Clone, Params)]
struct Raw {
    /// The number.
    number: String,
}

#[derive(Debug, Clone, Params)]
#[serde(into = "Raw")]
struct Card {
    /// The number.
    #[param(secret, class = "card", len = 16)]
    number: String,
}

impl From<Card> for Raw {
    fn from(card: Card) -> Self {
        Self { number: card.number }
    }
}

fn main() {}
