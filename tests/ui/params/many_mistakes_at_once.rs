use enact::prelude::*;

#[derive(Params)]
#[params(opn)]
enum Part {
    #[serde(rename = "b c")]
    First(#[param(min = 3, max = 2)] u8, #[param(pattern = "(")] String),
    Second {
        value: u8,
        #[serde(rename = "value")]
        other: u8,
        /// Text.
        #[param(items(mx = 3, min = "1"), len = "x")]
        list: Vec<u8>,
    },
    Second2(#[param(default = 3, one_of(1, 2))] u8),
}

/// Uses it.
#[derive(Params)]
struct Uses {
    /// One.
    part: Part,
    /// Many.
    #[param(len = 1..)]
    parts: Vec<Part>,
    /// Many by name.
    by_name: std::collections::BTreeMap<String, Part>,
}

async fn uses(part: Part) -> Result<(), enact::Violations> {
    part.validate()?;
    Uses::new(part, vec![], Default::default()).validate()?;
    let _ = Uses::read(serde_json::json!({}))?.parts.len();
    Ok(())
}

fn main() {}
